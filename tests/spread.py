"""A copy of the database spread by ward: partitions by hash(ward_id), and which of them a statement reads."""

import json
from dataclasses import dataclass
from typing import Any

import asyncpg

from storage.base import metadata

PARTS = 4
# What is asked before the ward is known: whose address this is, and what the case of a file is.
BEGINNINGS = (
    "contact_point JOIN person ON person.id = contact_point.person_id AND person.ward_id = contact_point.ward_id",
    "attachment LEFT OUTER JOIN cases ON cases.ward_id = attachment.ward_id AND cases.id = attachment.case_id",
)

# What a turn works on: partitioned.
SPREAD = frozenset(
    {
        *("person", "official", "cases", "case_event", "opinion", "plan_document", "plan_item", "plan_day"),
        *("dialogue", "audit", "counter"),
    }
)
# What leads to a ward, or describes it: one row for an address, a few for a ward; the same on every machine.
DIRECTORY = frozenset(
    {
        *(
            "ward",
            "unit",
            "category",
            "residential_group",
            "contact_point",
            "channel_link",
            "group_chat",
            "web_room",
            "slot",
            "invite",
        ),
    }
)
# What comes before a ward is known, or is sent after it has spoken: by account and chat. (A file is taken in before
# anybody knows for what.)
POST = frozenset(
    {
        *("inbox", "outbox", "outbox_part", "conversation", "web_message", "attachment", "case_message"),
        *("account", "quota", "zalo_account", "held_message", "sending_account", "sending_use"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One statement as it was sent, with its values."""

    statement: str
    values: tuple[Any, ...]

    @property
    def begins_before_the_ward(self) -> bool:
        """Whether it leads from an address or a file to what belongs to it, in the ward that stands there."""
        return any(f"\nFROM {beginning} " in self.statement for beginning in BEGINNINGS)

    @property
    def adds(self) -> bool:
        """Whether it is an INSERT: that goes where its row belongs."""
        return self.statement.startswith("INSERT")


async def spread(connection: "asyncpg.Connection[Any]") -> None:
    """Copy the public tables into partitions with the same indexes; the rest is seen as it is."""
    await connection.execute("CREATE SCHEMA spread")
    for table in sorted(SPREAD):
        await connection.execute(
            f"CREATE TABLE spread.{table} (LIKE public.{table} INCLUDING DEFAULTS, PRIMARY KEY ({_key(table)}))"
            " PARTITION BY HASH (ward_id)"
        )
        for part in range(PARTS):
            bounds = f"FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {part})"
            await connection.execute(f"CREATE TABLE spread.{table}__{part} PARTITION OF spread.{table} {bounds}")
        for index in await connection.fetch(INDEXES, table, f"pk_{table}"):
            await connection.execute(index[0].replace(" ON public.", " ON spread."))
        await connection.execute(f"INSERT INTO spread.{table} SELECT * FROM public.{table}")  # noqa: S608  # our names
    for table in sorted(SPREAD):
        for column, target in _within_the_ward(table):
            points = f"FOREIGN KEY (ward_id, {column}) REFERENCES spread.{target} (ward_id, id)"
            await connection.execute(f"ALTER TABLE spread.{table} ADD {points}")


INDEXES = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = $1 AND indexname <> $2"


def _key(table: str) -> str:
    own = [column.name for column in metadata.tables[table].primary_key]
    return ", ".join(dict.fromkeys(["ward_id", *own]))


def _within_the_ward(table: str) -> list[tuple[str, str]]:
    """The columns that point at a row of the same ward, and its table. A person may have moved: none points at them."""
    keys = metadata.tables[table].foreign_keys
    return sorted((key.parent.name, to) for key in keys if (to := key.column.table.name) in SPREAD - {"person"})


async def parts_planned(connection: "asyncpg.Connection[Any]", asked: Asked) -> set[str]:
    """Which partitions a statement would look at in the spread database, by what it says itself."""
    return _parts(await _plan(connection, asked, "FORMAT JSON"), read=False)


async def parts_read(connection: "asyncpg.Connection[Any]", asked: Asked) -> set[str]:
    """Which partitions a statement does look at."""
    return _parts(await _plan(connection, asked, "ANALYZE, TIMING OFF, FORMAT JSON"), read=True)


async def rows_read(connection: "asyncpg.Connection[Any]", asked: Asked, *, apart: bool) -> list[Any]:
    """What a statement gives in the spread database, or in the one it was sent to; order does not matter."""
    found = await _undone(connection, asked, asked.statement, apart=apart)
    return sorted(repr(tuple(row)) for row in found)


async def _plan(connection: "asyncpg.Connection[Any]", asked: Asked, how: str) -> dict[str, Any]:
    told = await _undone(connection, asked, f"EXPLAIN ({how}) {asked.statement}", apart=True)
    plan: dict[str, Any] = json.loads(told[0][0])[0]["Plan"]
    return plan


async def _undone(connection: "asyncpg.Connection[Any]", asked: Asked, statement: str, *, apart: bool) -> list[Any]:
    """Run it and take it back."""
    undone = connection.transaction()
    await undone.start()
    try:
        if apart:
            await connection.execute("SET LOCAL search_path = spread, public")
        return list(await connection.fetch(statement, *asked.values))
    finally:
        await undone.rollback()


def _parts(plan: dict[str, Any], *, read: bool) -> set[str]:
    """The partitions in a plan's scans, by number; with `read` those alone that were looked at."""
    scans = plan["Node Type"].endswith("Scan") and "Relation Name" in plan and (not read or plan["Actual Loops"])
    own = {plan["Relation Name"].partition("__")[2]} if scans else set()
    return own.union(*(_parts(one, read=read) for one in plan.get("Plans", []))) - {""}
