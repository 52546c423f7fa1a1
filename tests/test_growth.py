"""Nothing people do looks through a table that grows with the years: every statement finds its rows by an index."""

from pathlib import Path
from typing import Any

from bench.growth import ASKED, built
from storage.database import Database
from storage.listening import listening

GROWING = (
    "attachment", "audit", "case_event", "cases", "contact_point", "conversation", "inbox", "opinion", "outbox",
    "outbox_part", "person", "slot", "web_message",
)  # fmt: skip
# Small whatever the size of their table: they hold what waits only.
SMALL = ("ix_cases_open", "ix_inbox_new", "ix_inbox_waiting", "ix_outbox_owed", "ix_outbox_urgent")


async def test_everything_people_do_finds_its_rows_by_an_index(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'danban.db'}"
    house = await built(url, 400)
    house.database = Database.open(url)
    said: dict[str, Any] = {}

    with listening(house.database, said.setdefault):
        for ask in ASKED.values():
            for number in range(2):
                await ask(house, number)
    found = [(plan, statement) for statement, plan in await plans(house.database, dict(said)) if looks_through(plan)]
    await house.database.close()

    assert len(said) > 30
    assert not found


async def plans(database: Database, said: dict[str, Any]) -> list[tuple[str, str]]:
    """What SQLite does for each statement, line by line."""
    found = []
    async with database.reading() as tx:
        for statement, parameters in said.items():
            if not statement.startswith("INSERT"):
                rows = await tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                found += [(statement, str(row[3])) for row in rows]
    return found


def looks_through(plan: str) -> bool:
    """Whether a line of a plan goes through all of a growing table."""
    words = plan.split()
    return words[0] == "SCAN" and words[1] in GROWING and words[-1] not in SMALL
