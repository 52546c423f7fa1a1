"""What people give to a draft, message by message, as plain values that a conversation keeps."""

from collections.abc import Sequence

from domain.texts import shorten
from handlers.context import Turn
from handlers.engine.event import Event
from handlers.engine.form import Data

# What is longer than a place is no place but a part of the story.
PLACE_MAX_CHARS = 300
# The form of what was written before the ward was known.
FIRST_WORDS = "first_words"


def given_by(event: Event) -> Data:
    """What an event gives to a draft: `text`, `attachments`, `heard` (which message said it), `lat`, `lon`, `place`."""
    heard = [event.message_id] if event.message_id else []
    data: Data = {"text": event.text.strip(), "attachments": list(event.attachments), "heard": heard}
    if event.place:
        label = shorten(event.place.label, PLACE_MAX_CHARS) if event.place.label.strip() else ""
        data |= {"lat": event.place.latitude, "lon": event.place.longitude, "place": label}
    return data


def kept_within(turn: Turn, files: Sequence[int]) -> list[int]:
    """As many files as may be sent at a time; who sent more is told."""
    limit = turn.limits.files_per_case_max
    if len(files) > limit:
        turn.say(turn._("I can take {limit} photos and files at a time; I kept the first {limit}.", limit=limit))
    return list(files[:limit])


def joined(data: Data, more: Data) -> Data:
    """A draft with what was given after it: people write in pieces, and the last place counts."""
    text = "\n".join(part for part in (data.get("text", ""), more.get("text", "")) if part)
    lists = {name: [*data.get(name, []), *more.get(name, [])] for name in ("attachments", "heard", "warned")}
    # A point on the map has no name of its own: the one that was typed stays.
    place = {"place": more.get("place") or data["place"]} if data.get("place") else {}
    return data | more | {"text": text} | lists | place
