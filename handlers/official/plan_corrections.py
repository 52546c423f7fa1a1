"""The editor decides on corrections: what a corrected document says of an item that is public already."""

from actions import publish_plan
from domain.errors import DomainError
from domain.plans import read_item_number
from domain.texts import fold
from handlers.context import Turn
from handlers.engine.reply import Choice
from handlers.official.plan_lists import COMMAND, editor, number_in, other_lists, page_in, to_drafts
from handlers.texts.plan_desk import correction, desk_line
from handlers.texts.plans import item_choice
from storage import plans

SEEN_CHARS = 12  # of a correction's hash, enough to tell that it is the one that was shown


async def corrections(turn: Turn, argument: str) -> None:
    """`/congkhai sua [number]`: the published items a corrected document asks about, or one of them."""
    number = read_item_number(argument) if not fold(argument).startswith(("trang", "page")) else None
    if number is not None:
        await _correction(turn, number)
        return
    page, offset = page_in(turn, argument)
    found, total = await plans.with_questions(turn.tx, turn.ward.id, limit=turn.limits.page_size, offset=offset)
    head = turn.n_("✏️ {n} published item to decide on", "✏️ {n} published items to decide on", total)
    lines = "\n".join(desk_line(place, item, turn.language) for place, item in enumerate(found, 1))
    choices = [item_choice(item, f"{COMMAND} sua", turn.language) for item in found]
    if total > page * turn.limits.page_size:
        choices.append(Choice(id=f"{COMMAND} sua trang {page + 1}", label=turn._("More ▶")))
    turn.say(f"{head}\n\n{lines}".strip(), (*choices, to_drafts(turn)))


async def _correction(turn: Turn, number: int) -> None:
    item = await plans.get(turn.tx, turn.ward.id, number)
    if item.question is None:
        raise DomainError("no_correction", item=item.code)
    seen = item.question[:SEEN_CHARS]
    keep = Choice(id=f"{COMMAND} giu {number} {seen}", label=turn._("Keep what is public"), also=("giữ", "keep"))
    if item.is_gone:
        change = Choice(id=f"{COMMAND} go {number}", label=turn._("Take back"), also=("gỡ", "gỡ xuống"))
    else:
        label = turn._("Publish the correction")
        change = Choice(id=f"{COMMAND} apdung {number} {seen}", label=label, also=("áp dụng", "apply"))
    turn.say(correction(item, turn.language), (change, keep, to_drafts(turn)))


async def apply(turn: Turn, argument: str) -> None:
    """`/congkhai apdung number seen`: let people read the correction that was shown."""
    head, _space, seen = argument.partition(" ")
    item = await publish_plan.apply_correction(
        turn.tx, turn.ward, editor(turn), number_in(head), seen=seen.strip(), now=turn.now
    )
    turn.say(turn._("✅ {item} now reads as in the corrected document.", item=item.code), await _decided(turn))


async def keep(turn: Turn, argument: str) -> None:
    """`/congkhai giu number seen`: leave what is public as it is."""
    head, _space, seen = argument.partition(" ")
    item = await publish_plan.keep_published(
        turn.tx, turn.ward, editor(turn), number_in(head), seen=seen.strip(), now=turn.now
    )
    turn.say(turn._("✅ {item} stays as it is public now.", item=item.code), await _decided(turn))


async def _decided(turn: Turn) -> list[Choice]:
    return [*other_lists(turn, await plans.counts(turn.tx, turn.ward.id)), to_drafts(turn)]
