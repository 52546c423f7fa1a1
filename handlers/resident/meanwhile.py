"""What is written while consent or the residential group is asked for: kept, and said to the matter that waits."""

from dataclasses import replace

from handlers.context import Turn
from handlers.drafts import FIRST_WORDS, given_by, joined
from handlers.engine.event import Event, Place
from handlers.engine.form import Data, Refused
from handlers.filling import advance, begin
from handlers.resident import not_by_chat
from handlers.texts.errors import SENTENCES

TOO_LONG = SENTENCES["text_too_long"]


def keep(turn: Turn, data: Data, event: Event) -> Data:
    """The answers with what was written instead of one: people write in pieces, and it belongs to their matter."""
    if event.is_empty or event.unsupported:
        raise Refused(turn._("First, please press one of these buttons."))
    more = joined(data.get("more", {}), given_by(event))
    length, limit = len(more["text"]), turn.limits.text_max_chars
    if length > limit:
        raise Refused(turn._(TOO_LONG, length=length, limit=limit))
    return (
        data
        | {"more": more, "again": True}
        | (not_by_chat.stopped(more) if not_by_chat.denounces(more["text"]) else {})
    )


def kept(turn: Turn, data: Data) -> str:
    """The sentence before the question that is asked again."""
    if not data.get("again"):
        return ""
    return turn._("I keep what you just wrote. First, please press one of these buttons.") + "\n\n"


async def go_on(turn: Turn, more: Data) -> None:
    """Say what was kept to the form that waited, as if it were written now; with none, it begins a case."""
    filling = turn.conversation.filling
    if filling is None:
        await begin(turn, FIRST_WORDS, more)
        return
    waiting = filling.data | {"heard": [*filling.data.get("heard", []), *more["heard"]]}
    try:
        data = turn.book.forms[filling.form].form.step(turn, waiting, _said(turn.event, more), None)
    except Refused as refused:
        # Both together may be too much; the person reads so, and their own words still stand in the chat.
        turn.say(str(refused))
        data = filling.data
    turn.conversation = turn.conversation.fill(data)
    await advance(turn)


def _said(event: Event, more: Data) -> Event:
    place = Place(latitude=more["lat"], longitude=more["lon"], label=more["place"]) if "lat" in more else None
    return replace(event, text=more["text"], choice=None, attachments=tuple(more["attachments"]), place=place)
