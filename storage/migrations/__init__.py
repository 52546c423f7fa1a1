"""The schema's history: one dated file per idea, applied forwards and backwards on both databases."""

from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, String, text

from storage.database import Database, Transaction, brief, run_sync

# One lock for all processes that start at once; the number only has to be nobody else's.
MIGRATION_LOCK = 7_210_221
_REVISION = brief(text("SELECT version_num FROM alembic_version").columns(version_num=String))


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration: this folder, and the connection to work on."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent))
    made.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    if connection is not None:
        made.attributes["connection"] = connection
    return made


@cache
def head() -> str | None:
    """The newest revision there is."""
    return ScriptDirectory.from_config(config()).get_current_head()


async def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema up to a revision; processes that start at once wait for each other."""

    def work(connection: Connection) -> None:
        _wait_for_others(connection)
        command.upgrade(config(connection), revision)

    await run_sync(database, work)


async def downgrade(database: Database, revision: str) -> None:
    """Take the schema back to a revision (`base` for none)."""

    def work(connection: Connection) -> None:
        command.downgrade(config(connection), revision)

    await run_sync(database, work)


async def current(database: Database) -> str | None:
    """The revision the schema is at; None for an empty database."""

    def work(connection: Connection) -> Any:
        return MigrationContext.configure(connection).get_current_revision()

    found: str | None = await run_sync(database, work)
    return found


async def revision(tx: Transaction) -> str | None:
    """The revision the schema is at, in a transaction that only reads; the table must be there."""
    found: str | None = await tx.scalar(_REVISION)
    return found


def _wait_for_others(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})


def is_known(revision: str | None) -> bool:
    """Whether this program knows a schema's revision; one it does not know was made by a newer program."""
    return revision is not None and any(
        script.revision == revision for script in ScriptDirectory.from_config(config()).walk_revisions()
    )
