"""What people give to a draft, message by message, as plain values that a conversation keeps."""

from collections.abc import Sequence

from domain.texts import shorten
from handlers.commands import parse
from handlers.context import Turn
from handlers.engine.event import Event
from handlers.engine.form import Data
from storage import case_messages
from storage.case_messages import Heard

# What is longer than a place is no place but a part of the story.
PLACE_MAX_CHARS = 300
# The form of what was written before the ward was known.
FIRST_WORDS = "first_words"
# Stands before the name of an album where its messages are noted.
ALBUM = "album:"


# What a draft keeps as lists that grow with every message.
LISTS = ("attachments", "heard", "warned", "pieces", "albums")


def given_by(event: Event) -> Data:
    """What an event gives to a draft: `text`, `attachments`, `lat`, `lon`, `place`, and where it was said.

    `heard` are the ids of the messages, `pieces` what each of them said, `albums` the names of albums whose parts may
    still come, `since` when the first of it was said (ISO 8601).
    """
    text = event.text.strip()
    data: Data = {"text": text, "attachments": list(event.attachments), "heard": [], "since": event.at.isoformat()}
    if event.message_id:
        data |= {"heard": [event.message_id, *event.others], "pieces": [[event.message_id, text]]}
    if event.album:
        data |= {"albums": [event.album]}
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
    lists = {name: [*data.get(name, []), *more.get(name, [])] for name in LISTS}
    since = {"since": data["since"]} if "since" in data else {}
    # A point on the map has no name of its own: the one that was typed stays.
    place = {"place": more.get("place") or data["place"]} if data.get("place") else {}
    return data | more | {"text": text} | lists | place | since


def rewritten(data: Data, message_id: str, text: str) -> Data | None:
    """A draft in which one of its messages now says something else; None if it is none of its own."""
    pieces = data.get("pieces", [])
    before = next((said for number, said in pieces if number == message_id), None)
    if before is None:
        return None
    whole, old, new = data.get("text", ""), before, text.strip()
    if old not in whole:
        # Of a command only what followed its name became part of the draft.
        old, new = ((parse(one) or ("", one))[1] for one in (old, new))
    changed = whole.replace(old, new, 1) if old else "\n".join(filter(None, (whole, new)))
    said = [[number, text.strip() if number == message_id else words] for number, words in pieces]
    return data | {"text": changed.strip() if old in whole else whole, "pieces": said}


async def remember(turn: Turn, data: Data, case_id: int) -> None:
    """Note which messages became part of a case, so that a later change or part of one finds it."""
    said = dict(data.get("pieces", []))
    heard = [Heard(message=number, text=said.get(number, "")) for number in data.get("heard", [])]
    albums = [Heard(message=f"{ALBUM}{name}") for name in data.get("albums", [])]
    await case_messages.note(turn.tx, turn.address, (*heard, *albums), case_id, now=turn.now)
