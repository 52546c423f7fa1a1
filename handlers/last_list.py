"""What a number or a label means when it answers a list that came by itself: a notice, a card, an announcement.

Such a list is in no conversation: it is found among what was sent to the chat last. The last list wins, whatever asked
for it, since that is the one the person sees. In a group only a person's own questions take numbers: another card may
come between reading and typing.
"""

from domain.texts import fold
from handlers.context import Turn
from handlers.engine.menu import Menu, StaleChoice, is_number
from handlers.texts.notices import render
from storage import standing

LOOKED_AT = 8
LABEL_MAX_CHARS = 60


async def pick(turn: Turn) -> str | None:
    """The id of the choice the event means, of whatever list; None if it means none. Raises StaleChoice for a press
    on, or the number of, a choice that has been overtaken."""
    event = turn.event
    if event.choice is not None or event.in_group or event.attachments or event.place:
        return turn.pick()
    if is_number(event.text, fold):
        shown = await _last_shown(turn)
        return turn.pick() if shown is None else _still_good(shown.pick(event, fold))
    picked = turn.pick()
    if picked is not None or turn.conversation.filling is not None or len(event.text) > LABEL_MAX_CHARS:
        return picked
    shown = await _last_shown(turn) or turn.conversation.menu
    named = (shown.named(event.text, fold) or shown.spelt(event, fold)) if shown is not None else None
    return named if named is not None and named.startswith("/") else None


def _still_good(picked: str | None) -> str | None:
    if picked is not None and not picked.startswith("/"):
        raise StaleChoice
    return picked


async def _last_shown(turn: Turn) -> Menu | None:
    """The last list sent to this chat, unless it is the conversation's own."""
    own = turn.conversation.menu
    for sent in await standing.shown_last(turn.tx, turn.address, limit=LOOKED_AT):
        reply = render(sent.body, sent.language, case_id=sent.case_id)
        if not reply.choices:
            continue
        if own is not None and reply.menu == own.token:
            return None
        return Menu(token=reply.menu, choices=reply.choices)
    return None
