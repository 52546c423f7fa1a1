"""Who holds an office is listed, and an office can be ended."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.commands import official
from bot.sample import seed
from bot.settings import Settings
from domain.errors import DomainError
from domain.people import Role
from storage import audit, offices, people, wards
from storage.database import Database

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path, ready_sqlite_url: str) -> Settings:
    return Settings.load({"DATA_DIR": str(tmp_path), "DATABASE_URL": ready_sqlite_url})


async def joined(settings: Settings) -> int:
    """Chị Lan holds an office at reception; her person's id."""
    database = Database.open(settings.database_url)
    async with database.transaction() as tx:
        await seed(tx, now=NOW)
        ward = await wards.load(tx, (await wards.codes(tx))[0][0])
        lan = await people.add(
            tx, ward_id=ward.id, channel="web", account="web", address="lan", name="Chị Lan", language="vi", now=NOW
        )
        await offices.appoint(
            tx, person_id=lan.id, ward_id=ward.id, unit_id=ward.unit_ids["VP"], role=Role.RECEPTION, now=NOW
        )
    await database.close()
    return lan.id


async def test_an_office_is_listed_ended_and_written_down(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    lan = await joined(settings)
    args = argparse.Namespace(ward=None, number=1)
    await official.show(args, settings)
    assert "1. Chị Lan – " in capsys.readouterr().out
    assert await official.end(args, settings) == 0
    await official.show(args, settings)
    assert "1. Chị Lan" not in capsys.readouterr().out.split("\n", 1)[1]
    database = Database.open(settings.database_url)
    async with database.reading() as tx:
        known = await people.find(tx, channel="web", account="web", address="lan")
        written = await audit.of(tx, ward_id=1, subject=f"person {lan}")
    await database.close()
    assert known is not None and known.official is None
    assert [entry.act for entry in written] == ["official.leave"]


async def test_a_number_nobody_has_is_refused(settings: Settings) -> None:
    await joined(settings)
    with pytest.raises(DomainError, match="official_unknown"):
        await official.end(argparse.Namespace(ward=None, number=99), settings)
