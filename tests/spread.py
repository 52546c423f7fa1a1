"""A copy of the database spread by ward: partitions by hash(ward_id), and a policy for a turn's ward."""

import json
from dataclasses import dataclass
from typing import Any

import asyncpg

from storage.base import metadata

PARTS = 4
TURN = "danban_turn"

# What a turn works on: partitioned. A turn sees the rows of its ward alone, by a policy.
SPREAD = frozenset(
    {
        *("person", "official", "cases", "case_event", "opinion", "plan_document", "plan_item", "plan_day"),
        *("dialogue", "audit", "counter", "invite"),
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
    def finds_the_ward(self) -> bool:
        """Whether it is the one that leads from an address to a person, before the ward is known."""
        return "contact_point.address = $" in self.statement


async def spread(connection: "asyncpg.Connection[Any]") -> None:
    """Copy the public tables into partitions; the rest is seen as it is."""
    await connection.execute("CREATE SCHEMA spread")
    for table in SPREAD:
        await connection.execute(
            f"CREATE TABLE spread.{table} (LIKE public.{table} INCLUDING DEFAULTS) PARTITION BY HASH (ward_id)"
        )
        for part in range(PARTS):
            bounds = f"FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {part})"
            await connection.execute(f"CREATE TABLE spread.{table}__{part} PARTITION OF spread.{table} {bounds}")
        await connection.execute(f"CREATE UNIQUE INDEX ON spread.{table} ({_key(table)})")
        await connection.execute(f"INSERT INTO spread.{table} SELECT * FROM public.{table}")  # noqa: S608  # our names
        await connection.execute(f"ALTER TABLE spread.{table} ENABLE ROW LEVEL SECURITY")
        await connection.execute(
            f"CREATE POLICY turn ON spread.{table} USING (ward_id = current_setting('danban.ward')::bigint)"
        )
    await connection.execute(f"DROP ROLE IF EXISTS {TURN}")
    await connection.execute(f"CREATE ROLE {TURN}; GRANT USAGE ON SCHEMA spread TO {TURN}")
    await connection.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public, spread TO {TURN}")


def _key(table: str) -> str:
    own = [column.name for column in metadata.tables[table].primary_key]
    return ", ".join(dict.fromkeys(["ward_id", *own]))


async def parts_read(connection: "asyncpg.Connection[Any]", asked: Asked, ward_id: int) -> set[str]:
    """Which partitions a statement reads in the spread database, by number."""
    plan = await _apart(connection, asked, ward_id, f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {asked.statement}")
    return {name.partition("__")[2] for name in _scanned(json.loads(plan[0][0])[0]["Plan"])} - {""}


async def rows_read(connection: "asyncpg.Connection[Any]", asked: Asked, ward_id: int | None) -> list[Any]:
    """What a statement gives in the spread database, or (None) in the one it was sent to; order does not matter."""
    found = await _apart(connection, asked, ward_id, asked.statement)
    return sorted(repr(tuple(row)) for row in found)


async def _apart(connection: "asyncpg.Connection[Any]", asked: Asked, ward_id: int | None, statement: str) -> list[Any]:
    """Run as a turn of the ward would, and undo it."""
    undone = connection.transaction()
    await undone.start()
    try:
        if ward_id is not None:
            await connection.execute("SET LOCAL search_path = spread, public")
            if not asked.finds_the_ward:
                await connection.execute(f"SET LOCAL danban.ward = {ward_id}; SET LOCAL ROLE {TURN}")
        return list(await connection.fetch(statement, *asked.values))
    finally:
        await undone.rollback()


def _scanned(plan: dict[str, Any]) -> set[str]:
    """The tables that a plan's scans did read (and not merely might have)."""
    own = {plan["Relation Name"]} if plan["Node Type"].endswith("Scan") and "Relation Name" in plan else set()
    read = own if plan["Actual Loops"] else set()
    return read.union(*(_scanned(one) for one in plan.get("Plans", [])))
