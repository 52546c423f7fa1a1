"""Every migration goes forward, back and forward again, on both databases; the models are what they make."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, select

from storage import migrations
from storage.database import Database, run_sync
from storage.people import person
from storage.schema import metadata


def revisions() -> list[str]:
    """All revisions, oldest first."""
    scripts = ScriptDirectory.from_config(migrations.config())
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]


@pytest.fixture
async def empty(database_url: str) -> AsyncIterator[Database]:
    opened = Database.open(database_url)
    yield opened
    await opened.close()


def schema(connection: Connection) -> dict[str, set[str]]:
    """Tables with their columns and indexes."""
    look = inspect(connection)
    tables = sorted(look.get_table_names())
    return {
        table: {column["name"] for column in look.get_columns(table)}
        | {str(index["name"]) for index in look.get_indexes(table)}
        for table in tables
        if table != "alembic_version"
    }


async def test_every_migration_goes_forward_back_and_forward_again(empty: Database) -> None:
    before = "base"
    assert revisions()
    for revision in revisions():
        await migrations.upgrade(empty, revision)
        made = await run_sync(empty, schema)
        await migrations.downgrade(empty, before)
        await migrations.upgrade(empty, revision)
        assert await run_sync(empty, schema) == made
        assert await migrations.current(empty) == revision
        before = revision


async def test_going_all_the_way_back_leaves_nothing_behind(empty: Database) -> None:
    await migrations.upgrade(empty)
    await migrations.downgrade(empty, "base")
    assert await run_sync(empty, schema) == {}


async def test_the_models_are_what_the_migrations_make(empty: Database) -> None:
    await migrations.upgrade(empty)

    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    assert await run_sync(empty, differences) == []


async def test_migrating_again_changes_nothing(empty: Database) -> None:
    await empty.migrate()
    made = await run_sync(empty, schema)
    await empty.migrate()
    assert await run_sync(empty, schema) == made
    assert await migrations.current(empty) == migrations.head()


def test_there_is_one_newest_migration_and_files_sort_by_their_day() -> None:
    scripts = ScriptDirectory.from_config(migrations.config())
    assert len(scripts.get_heads()) == 1
    days = [Path(script.path).name[:8] for script in reversed(list(scripts.walk_revisions()))]
    assert days == sorted(days)
    assert all(day.isdigit() for day in days)


async def test_who_moved_before_wards_were_named_still_finds_their_cases(empty: Database) -> None:
    await migrations.upgrade(empty, "20261121_billed")
    async with empty.transaction() as tx:
        for words in MOVED.split(";"):
            await tx.connection.exec_driver_sql(words)
    await migrations.upgrade(empty)
    async with empty.reading() as tx:
        kept = (await tx.execute(select(person.c.id, person.c.former_wards).order_by(person.c.id))).all()
    assert [tuple(one) for one in kept] == [(1, [1]), (2, []), (3, [1])]


# Person 1 moved from ward 1 to 2 and holds what came from person 3, who was joined to them; person 2 stayed.
MOVED = """
INSERT INTO ward (id, code, name, data, version) VALUES (1, 'A', 'A', '{}', 1), (2, 'B', 'B', '{}', 1);
INSERT INTO unit (id, ward_id, code, name, reception, aliases, former_names, position, active)
VALUES (1, 1, 'VP', 'VP', true, '[]', '[]', 1, true);
INSERT INTO category (id, ward_id, code, name_vi, name_en, unit_id, words, hints, position, active)
VALUES (1, 1, 'x', 'x', 'x', 1, '[]', '[]', 1, true);
INSERT INTO person (id, ward_id, name, language, residential_group_asked, created_at)
VALUES (1, 2, '', 'vi', true, '2026-11-01'), (2, 1, '', 'vi', true, '2026-11-01'), (3, 2, '', 'vi', true, '2026-11-01');
INSERT INTO contact_point (channel, account, address, person_id, ward_id, last_seen_at, home_person_id)
VALUES ('web', 'web', 'c', 1, 2, '2026-11-01', 3);
INSERT INTO cases (ward_id, code, kind, status, category_id, unit_id, resident_id, text, place, language, received_at,
                   due_on, reopenings, version)
VALUES (1, 'PA-26-00001', 'report', 'received', 1, 1, 1, '', '', 'vi', '2026-11-01', '2026-11-15', 0, 1),
       (1, 'PA-26-00002', 'report', 'received', 1, 1, 2, '', '', 'vi', '2026-11-01', '2026-11-15', 0, 1)
"""
