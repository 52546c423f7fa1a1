"""PostgreSQL on a disk that is full: nothing counts as taken, nothing is lost, and it heals by itself."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from tests.bot.processes import answered, ask, processes, settings_of, started, until
from tests.fakes.telegram.server import TelegramServer
from tests.postgres import Postgres

MOUNT_OPTIONS = "size=32m,mode=0700"
RESIDENT, OTHERS = 4201, range(4301, 4341)
UNAVAILABLE = 503


@pytest.fixture
def small_disk(postgres: Postgres) -> Iterator[Path]:
    """A disk of its own for one database, of some megabytes; only a machine that lets us mount one has it."""
    folder = postgres.folder / "small"
    folder.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if mount is None or umount is None or os.geteuid() != 0:
        pytest.skip("a disk of some megabytes can be mounted by root alone")
    done = subprocess.run([mount, "-t", "tmpfs", "-o", MOUNT_OPTIONS, "tmpfs", str(folder)], capture_output=True)
    if done.returncode:
        pytest.skip("this machine lets nobody mount a disk of some megabytes")
    try:
        owner = (postgres.folder / "data").stat()
        place = folder / "data"
        place.mkdir()
        os.chown(folder, owner.st_uid, owner.st_gid)
        os.chown(place, owner.st_uid, owner.st_gid)
        yield place
    finally:
        subprocess.run([umount, "--lazy", str(folder)], check=True)


@pytest.fixture
def url(postgres: Postgres, small_disk: Path) -> Iterator[str]:
    """An empty database on the small disk."""
    with postgres.on_disk(small_disk) as name:
        yield postgres.url(name)


async def test_a_full_disk_of_postgresql_takes_nothing_in_and_loses_nothing(
    url: str, small_disk: Path, tmp_path: Path
) -> None:
    async with (
        TelegramServer(scale=0.02) as server,
        processes(tmp_path, url, server, **settings_of("webhook")) as home,
    ):
        await started(home, "all")
        await answered(server, RESIDENT)
        hook = server.bot.queue.webhook
        assert hook is not None
        ballast = _fill(small_disk.parent / "ballast")
        with pytest.raises(asyncpg.DiskFullError):
            ask(url, "CREATE TABLE more AS SELECT generate_series(1, 1000000)")
        # What fits into the pages that are there is taken still; then no file can grow any more.
        for user in OTHERS:
            server.people.write(user, "/start " + "x" * 3000)
        await until(lambda: any(status == UNAVAILABLE for _id, status in hook.posted))
        assert not all(server.texts(user) for user in OTHERS)
        ballast.unlink()
        await until(lambda: all(server.texts(user) for user in OTHERS))
        await answered(server, RESIDENT + 1)
        assert home.ended("all") is None
        assert all(len(server.texts(user)) == len(set(server.texts(user))) for user in OTHERS)


def _fill(ballast: Path) -> Path:
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"\0" * 4096):
            pass
    return ballast
