"""Updates nobody could handle: looked at, tried again, discarded, and forgotten when their time is over."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update

from storage.base import literally
from storage.database import Transaction
from storage.inbox import DISCARDED, NEW, SET_ASIDE, TOPIC, Update, chat_of, inbox, update_in
from storage.invites import group_at
from storage.outbox import Address
from storage.people import find
from storage.wards import codes

_IS_SET_ASIDE = inbox.c.state == literally(SET_ASIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """One update set aside: how often it was tried, the last error (it may quote words), and when it was given up."""

    update: Update
    error: str
    set_aside_at: datetime

    @property
    def kind(self) -> str:
        """The error's kind, which quotes nothing."""
        return self.error.partition("(")[0]


async def every(tx: Transaction, *, limit: int) -> list[SetAside]:
    """The oldest of them, in order."""
    rows = await tx.execute(select(inbox).where(_IS_SET_ASIDE).order_by(inbox.c.id).limit(limit))
    return [_set_aside(row) for row in rows.all()]


async def get(tx: Transaction, ids: Collection[int]) -> list[SetAside]:
    """Those of these updates that are set aside, in order."""
    rows = await tx.execute(select(inbox).where(_IS_SET_ASIDE, inbox.c.id.in_(ids)).order_by(inbox.c.id))
    return [_set_aside(row) for row in rows.all()]


async def count(tx: Transaction) -> int:
    """How many there are."""
    return int(await tx.scalar(select(func.count()).select_from(inbox).where(_IS_SET_ASIDE)))


async def retry(tx: Transaction, one: SetAside, *, now: datetime) -> list[int]:
    """Put an update (with the album it began) back where it stood in its lane, its tries uncounted; the ids."""
    whole = await _with_album(tx, one)
    again = {"state": NEW, "attempts": 0, "error": None, "due_at": now, "done_at": None}
    await tx.execute(update(inbox).where(inbox.c.id.in_(whole)).values(**again))
    tx.wake(TOPIC)
    return whole


async def discard(tx: Transaction, one: SetAside, *, now: datetime) -> list[int]:
    """Give an update (with the album it began) up for good and forget what stood in it; the ids."""
    whole = await _with_album(tx, one)
    await _forget(tx, inbox.c.id.in_(whole), now=now, error=one.kind)
    return whole


async def forget_old(tx: Transaction, *, before: datetime, now: datetime, limit: int) -> int:
    """Discard what was set aside before an instant, as if somebody had; how many."""
    old = select(inbox.c.id).where(_IS_SET_ASIDE, inbox.c.done_at < before).order_by(inbox.c.id).limit(limit)
    ids = list((await tx.execute(old)).scalars())
    if ids:
        await _forget(tx, inbox.c.id.in_(ids), now=now, error="its time was over")
    return len(ids)


async def wards_of(tx: Transaction, one: Update) -> list[int]:
    """The ward a set-aside update belongs to; all of them when its chat tells nothing."""
    chat = chat_of(one)
    if chat is not None:
        group = await group_at(tx, Address(channel=one.channel, account=one.account, chat=chat))
        if group is not None:
            return [group.ward_id]
        known = await find(tx, channel=one.channel, account=one.account, address=chat)
        if known is not None:
            return [known.person.ward_id]
    return [ward_id for ward_id, _code, _name in await codes(tx)]


async def _forget(tx: Transaction, which: ColumnElement[bool], *, now: datetime, error: str) -> None:
    await tx.execute(update(inbox).where(which).values(state=DISCARDED, raw=None, error=error, done_at=now))
    tx.forget()


async def _with_album(tx: Transaction, one: SetAside) -> list[int]:
    of_album = (inbox.c.lane == one.update.lane) & (inbox.c.album == one.update.album)
    which = inbox.c.id == one.update.id
    statement = select(inbox.c.id).where(_IS_SET_ASIDE, or_(which, of_album) if one.update.album else which)
    found: Sequence[Any] = (await tx.execute(statement.order_by(inbox.c.id))).scalars().all()
    return [int(id_) for id_ in found]


def _set_aside(row: Any) -> SetAside:
    return SetAside(
        update=update_in(row),
        error=row.error or "",
        set_aside_at=row.done_at or row.received_at,
    )
