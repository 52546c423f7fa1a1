"""Every migration goes forward, back and forward again, on both databases; the models are what they make."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from storage import migrations
from storage.database import Database, run_sync
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
