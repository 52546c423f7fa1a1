"""Many updates into the inbox at once: one statement for all that need no look at others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Integer, String, bindparam, column, func, literal, select, true
from sqlalchemy.dialects.postgresql import JSONB

from storage import inbox
from storage.base import Instant, Json
from storage.database import Transaction, brief, upsert


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One update as it came; the names are those of storage.inbox.put."""

    channel: str
    account: str
    update_id: str
    lane: str
    raw: dict[str, Any]
    now: datetime
    album: str | None = None
    fetch: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it can be handled as it is, on its own."""
        return self.album is None and not self.fetch

    @property
    def alike(self) -> tuple[str, str, datetime, bool]:
        """What it shares with those that are stored in the same statement."""
        return self.channel, self.account, self.now, self.is_plain


async def put_all(tx: Transaction, arrivals: Sequence[Arrival]) -> None:
    """Store updates in this order; what was here already (a redelivery) stays as it is."""
    for (channel, account, now, plain), run in groupby(arrivals, key=lambda one: one.alike):
        together = list(run)
        if plain and len(together) > 1:
            rows = [[one.update_id, one.lane, one.raw] for one in together]
            await tx.execute(
                _put_plain(tx.dialect), {"on_channel": channel, "on_account": account, "at": now, "rows": rows}
            )
            tx.wake(inbox.TOPIC)
            continue
        for one in together:
            await inbox.put(
                tx, channel=one.channel, account=one.account, update_id=one.update_id, lane=one.lane, raw=one.raw,
                now=one.now, album=one.album, fetch=one.fetch,
            )  # fmt: skip


@cache
def _put_plain(dialect: str) -> Any:
    """One parameter holds all rows, as JSON: a parameter for every value costs more than storing it does."""
    rows, (update_id, lane, raw) = _rows(dialect)
    values: dict[str, ColumnElement[Any]] = {
        "channel": bindparam("on_channel", type_=String), "account": bindparam("on_account", type_=String),
        "update_id": update_id, "lane": lane, "raw": raw, "state": literal(inbox.NEW, String),
        "attempts": literal(0, Integer), "received_at": bindparam("at", type_=Instant),
        "due_at": bindparam("at", type_=Instant),
    }  # fmt: skip
    # SQLite takes ON CONFLICT for a join's unless the SELECT has a WHERE.
    found = select(*values.values()).select_from(rows).where(true()).order_by(rows.c.number)
    return brief(
        upsert(dialect, inbox.inbox)
        .from_select(list(values), found, include_defaults=False)
        .on_conflict_do_nothing(index_elements=["channel", "account", "update_id"])
    )


def _rows(dialect: str) -> tuple[FromClause, list[ColumnElement[Any]]]:
    """The rows in the parameter `rows`, numbered, and the three values of each."""
    given = bindparam("rows", type_=Json)
    if dialect == "postgresql":
        each = func.jsonb_array_elements(given).table_valued(column("value", JSONB), with_ordinality="number")
        found = each.render_derived()
        return found, [found.c.value[0].astext, found.c.value[1].astext, found.c.value[2]]
    each = func.json_each(given).table_valued(column("key", Integer), column("value", String))
    numbered = select(each.c.key.label("number"), each.c.value).subquery()
    return numbered, [func.json_extract(numbered.c.value, f"$[{place}]") for place in range(3)]
