"""An official looks at the weekly digest before the groups get it."""

from actions.send_digest import preview
from domain.errors import DomainError
from handlers.context import Command, For, Turn
from handlers.i18n import N_
from handlers.texts.digest import nothing_to_say, render_digest
from handlers.texts.formats import weekdays


async def show_digest(turn: Turn, argument: str) -> None:
    """`/bantin`: what the digest would say now; sends nothing. DomainError `digest_not_yours`."""
    if not turn.need_official().may_publish:
        raise DomainError("digest_not_yours")
    params = await preview(turn.tx, turn.ward, now=turn.now)
    ward = turn.ward.ward
    when = turn._(
        "👀 Only you see this. The ward's groups get their digest on {weekday} at {clock}.",
        weekday=weekdays((ward.digest_weekday,), turn.language), clock=f"{ward.digest_at:%H:%M}",
    )  # fmt: skip
    text = nothing_to_say(turn.language) if params is None else render_digest(params, turn.language).text
    turn.say(f"{when}\n\n{text}")


COMMANDS = (
    Command(
        names=("bantin", "digest"),
        about=N_("see the weekly digest before it is sent"),
        run=show_digest,
        audience=For.OFFICIALS,
    ),
)
