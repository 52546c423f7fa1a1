"""Calling somebody who cannot be written to any more, by an approved template (ZBS): once, for it costs money.

The template says that there is news of a case; whoever then writes to the account gets what was held for them.
"""

import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.channels.base import RetryLater, Spent, Unreachable
from bot.channels.zalo_line import MaybeSent, NotSent
from bot.channels.zalo_oa_client import Answer
from bot.channels.zalo_oa_outcome import outcome_of
from bot.channels.zalo_oa_tokens import NoToken
from storage import cases, held, people, wards
from storage.base import Account
from storage.database import Database, Transaction
from storage.held import Held

log = logging.getLogger(__name__)

# By user id; by telephone number templates go to another host, with other fields.
TEMPLATE_PATH = "/v3.0/oa/message/template"
AGAIN_AFTER = timedelta(days=1)
BATCH = 20
KNOWN = ("code", "ward", "day")

Send = Callable[[dict[str, Any]], Coroutine[Any, Any, Answer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTemplate:
    """An approved template: its id, and what goes into each of its fields (code, ward, day)."""

    id: str
    fields: Mapping[str, str]

    @classmethod
    def from_settings(cls, template_id: str | None, fields: str) -> "CallTemplate | None":
        """The template the settings name; None if they name none. A pair that says nothing known is left out."""
        if not template_id:
            return None
        pairs = [one.split("=", 1) for one in fields.split() if "=" in one]
        return cls(id=template_id, fields={name: what for name, what in pairs if what in KNOWN})


async def call_held(send: Send, template: CallTemplate, database: Database, on: Account, *, now: datetime) -> int:
    """Call everybody for whom something is held and who has not been called; how many were.

    Written down before the call is made: should this process die in between, nobody is called twice. Whoever surely
    was not called after all, as Zalo was away, is called another time.
    """
    async with database.transaction() as tx:
        waiting = await held.uncalled(tx, on, limit=BATCH)
        calls = []
        for one in waiting:
            lately = await held.was_called_lately(tx, one.address, now=now, within=AGAIN_AFTER)
            await held.mark(tx, one.outbox_id, "called_at", now=now)
            if not lately:
                calls += [(one, data) for data in await _filled(tx, template, one, now=now)]
    begun = 0
    try:
        for one, data in calls:
            begun += 1
            if not await _call(send, template, one, data):
                begun -= 1
                break
    finally:
        if begun < len(calls):
            uncalled = {one.address for one, _data in calls[begun:]}
            async with database.transaction() as tx:
                # With what else waits there: one call is for all of it.
                await held.not_called(tx, [one.outbox_id for one in waiting if one.address in uncalled])
    return begun


async def _filled(tx: Transaction, template: CallTemplate, one: Held, *, now: datetime) -> list[dict[str, str]]:
    """The template's fields; nothing for what is not about a case of the receiver's wards."""
    at = one.address
    known = await people.find(tx, channel=at.channel, account=at.account, address=at.chat)
    case = await cases.among(tx, known.person.ward_ids, one.case_id) if known and one.case_id else None
    if case is None:
        return []
    ward = await wards.load(tx, case.ward_id)
    day = ward.ward.calendar.local_day(now)
    said = {"code": case.code, "ward": ward.ward.name, "day": f"{day:%d/%m/%Y}"}
    return [{name: said[what] for name, what in template.fields.items()}]


async def _call(send: Send, template: CallTemplate, one: Held, data: dict[str, str]) -> bool:
    """Make one call; False if it surely was not made, and none would be now."""
    body = {"user_id": one.address.chat, "template_id": template.id, "template_data": data}
    try:
        answer = await send(body)
    except (NotSent, NoToken) as error:
        log.warning("zalo oa: nobody can be called now (%s); another time", type(error).__name__)
        return False
    except MaybeSent as error:
        log.warning("zalo oa: message %s is held, and its receiver may not have been called (%s)", one.outbox_id, error)
        return True
    if not answer.error:
        return True
    log.warning("zalo oa: message %s is held, and its receiver was not called (%s)", one.outbox_id, answer.error)
    found = outcome_of(answer)
    # What is spent is their own: others may be called still.
    return isinstance(found, Spent) or not isinstance(found, RetryLater | Unreachable)
