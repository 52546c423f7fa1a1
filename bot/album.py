"""An album as one event: people send their photos of one matter at once, and platforms deliver them one by one."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.engine.event import Event


def join_album(events: Sequence[Event]) -> Event:
    """One event with all photos, in order, and whatever was written to any of them (at least one event)."""
    texts = [event.text.strip() for event in events if event.text.strip()]
    # A change of the caption will come under the id of the part that carries it.
    said = next((event for event in events if event.text.strip()), events[0])
    return replace(
        events[0],
        message_id=said.message_id,
        others=tuple(one.message_id for one in events if one is not said and one.message_id),
        text="\n".join(dict.fromkeys(texts)),
        attachments=tuple(dict.fromkeys(one for event in events for one in event.attachments)),
        reply_to=next((event.reply_to for event in events if event.reply_to), None),
        not_taken=next((event.not_taken for event in events if event.not_taken), None),
    )
