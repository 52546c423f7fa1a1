"""A whole copy of a SQLite database while others write to it, and what a copy holds; PostgreSQL has pg_dump."""

import asyncio
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url, select

from storage import migrations
from storage.attachments import attachment
from storage.database import Database
from storage.sqlite_connection import BUSY_TIMEOUT_MILLISECONDS

SOUND = "ok"


class CopyError(Exception):
    """The database cannot be copied or read: why, in SQLite's words, which quote no rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a database holds: its schema's revision, and the files its rows name, each with the SHA-256 of its bytes."""

    revision: str | None
    files: dict[str, str]


async def copy_sqlite(source: Path, target: Path) -> None:
    """Write one consistent state of a SQLite file to a new file, without holding anybody up. Raises CopyError.

    VACUUM INTO reads in one transaction of its own; what has been forgotten is not in the copy.
    """
    await asyncio.to_thread(_copy, source, target)


def _copy(source: Path, target: Path) -> None:
    try:
        connection = sqlite3.connect(source, timeout=BUSY_TIMEOUT_MILLISECONDS / 1000, isolation_level=None)
        try:
            connection.execute("VACUUM INTO ?", (str(target),))
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise CopyError(str(error)) from error


async def check_sqlite(file: Path) -> None:
    """Have SQLite look through a whole file. Raises CopyError when anything is wrong with it."""
    said = await asyncio.to_thread(_integrity, file)
    if said != SOUND:
        raise CopyError(said)


def _integrity(file: Path) -> str:
    try:
        connection = sqlite3.connect(file)
        try:
            return str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise CopyError(str(error)) from error


async def contents(url: str) -> Contents:
    """What the database at this address holds."""
    database = Database.open(url)
    try:
        async with database.reading() as tx:
            rows = await tx.execute(select(attachment.c.stored_as, attachment.c.sha256).distinct())
            files = {str(row.stored_as): str(row.sha256) for row in rows.all()}
            return Contents(revision=await migrations.revision(tx), files=files)
    finally:
        await database.close()


async def bring_up_to_date(url: str) -> None:
    """Bring the schema of the database at this address up to date."""
    database = Database.open(url)
    try:
        await database.migrate()
    finally:
        await database.close()


def sqlite_url(file: Path) -> str:
    """The address of a SQLite file."""
    return f"sqlite+aiosqlite:///{file.absolute()}"


def dump_command(url: str) -> str:
    """The pg_dump command for a PostgreSQL address, without its password."""
    address = make_url(url)
    where = {
        "--host": address.host or address.query.get("host"),
        "--port": address.port,
        "--username": address.username,
    }
    options = " ".join(f"{name}={value}" for name, value in where.items() if value)
    return f"pg_dump --format=custom --file=danban.dump {options} {address.database}"
