"""What the webhook has missed, read from the history of the conversations: after an outage nobody has to write again.

Zalo sends an event again only when no connection came about, and after some hours not at all. The history knows every
message by the same id, so that what came both ways is handled once. Should the ids not be the same after all, nothing
is taken from there, the same time is read again later, and the administrators learn it: better late than twice.
"""

import json
import logging
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels.zalo_oa_client import Answer
from bot.channels.zalo_oa_event import beside_the_history, update_id
from bot.channels.zalo_oa_intake import ZaloOaIntake
from storage import arrived
from storage.base import Account
from storage.database import Database, Transaction

log = logging.getLogger(__name__)

RECENT_PATH, CONVERSATION_PATH = "/v2.0/oa/listrecentchat", "/v2.0/oa/conversation"
PAGE = 10
PAGES_MAX = 100
# A message younger than this may still be on its way by the webhook.
ON_ITS_WAY = timedelta(minutes=5)

Json = dict[str, Any]
Ask = Callable[[str, Json], Coroutine[Any, Any, Answer]]
# What was found for a writer, by their id and a mark of the newest message.
Read = dict[tuple[str, str], list[Json]]

# What the history calls a kind of message, and what the webhook calls it.
KINDS = {
    "text": "text", "photo": "image", "image": "image", "voice": "audio", "audio": "audio", "location": "location",
    "sticker": "sticker", "gif": "gif", "link": "link", "links": "link", "video": "video", "file": "file",
}  # fmt: skip


class HistoryUnread(Exception):
    """Zalo did not give the history."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaughtUp:
    """How many messages were put into the inbox, and when the oldest of them was written.

    `refused`: nothing was, because the history does not know what the webhook has brought.
    """

    added: int = 0
    refused: bool = False
    oldest_at: datetime | None = None


async def missed(ask: Ask, oa_id: str, *, since: datetime, read: Read) -> list[Json]:
    """Every message people wrote since an instant, as the webhook would have brought it, oldest first.

    What was found for a writer is kept in `read`: after a break they are not read again unless more was said there.
    Raises HistoryUnread, and what `ask` raises.
    """
    found: list[Json] = []
    for user, newest in (await _writers(ask, oa_id, since=since)).items():
        if (user, newest) not in read:
            read[user, newest] = await _of_writer(ask, oa_id, user, since=since)
        found += read[user, newest]
    return sorted(found, key=lambda event: int(event["timestamp"]))


async def _of_writer(ask: Ask, oa_id: str, user: str, *, since: datetime) -> list[Json]:
    rows = [row async for row in _rows(ask, CONVERSATION_PATH, {"user_id": user}, since=since)]
    # Newest first they come; those of one millisecond keep their order in the sorting.
    return [event for row in reversed(rows) if str(row.get("from_id")) == user and (event := as_event(row, oa_id))]


async def _writers(ask: Ask, oa_id: str, *, since: datetime) -> dict[str, str]:
    """Who has talked with the account, and a mark of the newest message with each."""
    people: dict[str, str] = {}
    async for row in _rows(ask, RECENT_PATH, {}, since=since):
        for side in ("from_id", "to_id"):
            if row.get(side) and str(row[side]) != oa_id:
                people.setdefault(str(row[side]), f"{row.get('time')}:{row.get('message_id')}")
    return people


async def _rows(ask: Ask, path: str, about: Json, *, since: datetime) -> Any:
    """The rows of a history, newest first, as far back as an instant."""
    for page in range(PAGES_MAX):
        answer = await ask(path, about | {"offset": page * PAGE, "count": PAGE})
        if answer.error or not isinstance(answer.data, list):
            raise HistoryUnread(f"Zalo says {answer.error}")
        rows = [row for row in answer.data if isinstance(row, dict)]
        for row in rows:
            if _at(row) >= since:
                yield row
        if len(answer.data) < PAGE or (rows and _at(rows[-1]) < since):
            return


def _at(row: Json) -> datetime:
    try:
        return datetime.fromtimestamp(int(row["time"]) / 1000, UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def as_event(row: Json, oa_id: str) -> Json | None:
    """A row of the history as the webhook's event; None for one without an id."""
    if not row.get("message_id"):
        return None
    kind = KINDS.get(str(row.get("type")), str(row.get("type") or "unknown"))
    message: Json = {"msg_id": str(row["message_id"]), "text": str(row.get("message") or "")}
    payload = _payload(row, kind)
    if payload:
        message["attachments"] = [{"type": kind, "payload": payload}]
    return {
        "event_name": f"user_send_{kind}", "sender": {"id": str(row["from_id"])}, "recipient": {"id": oa_id},
        "message": message, "timestamp": str(row.get("time") or 0),
    }  # fmt: skip


def _payload(row: Json, kind: str) -> Json:
    if kind == "location":
        try:
            place = row["location"] if isinstance(row.get("location"), dict) else json.loads(row["location"])
            return {"coordinates": {"latitude": str(place["latitude"]), "longitude": str(place["longitude"])}}
        except (KeyError, TypeError, ValueError):
            return {}
    if kind == "text":
        return {}
    return {"url": str(row.get("url") or ""), "description": str(row.get("description") or "")}


async def take_in(
    events: Iterable[Json],
    intake: ZaloOaIntake,
    database: Database,
    on: Account,
    *,
    heard_after: datetime,
    first: bool,
    now: datetime,
) -> CaughtUp:
    """Put what is missing into the inbox. Nothing if the history's ids are not the webhook's.

    If the webhook has brought a message to the account since `heard_after`, some of these ids must be known. After a
    start (`first`) everything is taken; later, what may still be on its way by the webhook is left to it.
    """
    every = list(events)
    before = now if first else now - ON_ITS_WAY
    settled = [event for event in every if _said_at(event) <= before]
    async with database.transaction() as tx:
        known = await arrived.known(tx, on, [update_id(event) for event in every])
        if settled and not known and await _brought(tx, on, heard_after, now):
            log.error("zalo oa: the history names messages otherwise than the webhook; nothing is taken from there")
            return CaughtUp(refused=True)
        added = [event for event in settled if await intake.put(tx, event, now=now)]
    return CaughtUp(added=len(added), oldest_at=_said_at(added[0]) if added else None)


async def _brought(tx: Transaction, on: Account, after: datetime, until: datetime) -> bool:
    """Whether the webhook has brought something that the history must know as well."""
    lanes, ids = beside_the_history(on.account)
    return await arrived.any_between(tx, on, after=after, until=until, not_lanes=lanes, not_ids=ids)


def _said_at(event: Json) -> datetime:
    return datetime.fromtimestamp(int(event["timestamp"]) / 1000, UTC)
