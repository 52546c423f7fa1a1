"""The ground all tests stand on: databases of both kinds, fresh for each test."""

import os
import random
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext

from storage.database import Database
from tests import browser
from tests.apart import run_apart
from tests.postgres import Postgres

KINDS = ("sqlite", "postgres")


def pytest_configure() -> None:
    """Choose what is left to chance once for all processes of the run; FAULTS_SEED repeats it."""
    os.environ.setdefault("FAULTS_SEED", str(random.randrange(10**6)))  # noqa: S311  # chance, not secrecy


def pytest_report_header() -> str:
    """Say how to repeat the run."""
    return f"FAULTS_SEED={os.environ['FAULTS_SEED']}"


@pytest.fixture(scope="session")
def postgres() -> Postgres:
    """The run's PostgreSQL; started when the first test asks for it."""
    return Postgres()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of an empty SQLite file of this test's own."""
    return _sqlite_url(tmp_path / "danban.db")


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The address of an empty PostgreSQL database of this test's own."""
    name = postgres.create()
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database; a test that takes it runs twice, on SQLite and on PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest schema, to be copied and never to be opened."""
    file = tmp_path_factory.mktemp("migrated") / "template.db"
    run_apart(_migrate(_sqlite_url(file)))
    return file


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Postgres) -> str:
    """The name of a PostgreSQL database with the newest schema, to be copied and never to be connected to."""
    name = postgres.create()
    run_apart(_migrate(postgres.url(name)))
    return name


@pytest.fixture
def ready_sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """The address of a SQLite database with the newest schema and no rows."""
    file = tmp_path / "ready.db"
    shutil.copyfile(migrated_sqlite, file)
    return _sqlite_url(file)


@pytest.fixture
def ready_postgres_url(migrated_postgres: str, postgres: Postgres) -> Iterator[str]:
    """The address of a PostgreSQL database with the newest schema and no rows."""
    name = postgres.create(template=migrated_postgres)
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture(params=KINDS)
def ready_url(request: pytest.FixtureRequest) -> str:
    """The address of a database with the newest schema and no rows, on SQLite and on PostgreSQL."""
    return str(request.getfixturevalue(f"ready_{request.param}_url"))


@pytest.fixture
async def database(ready_url: str) -> AsyncIterator[Database]:
    """An open database with the newest schema and no rows; the test runs on SQLite and on PostgreSQL."""
    opened = Database.open(ready_url)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite(ready_sqlite_url: str) -> AsyncIterator[Database]:
    """An open SQLite database with the newest schema and no rows, where one kind is enough."""
    opened = Database.open(ready_sqlite_url)
    yield opened
    await opened.close()


@pytest.fixture
async def phone() -> AsyncIterator[BrowserContext]:
    """A real Chromium with a fresh profile, 390×844; mark the test `browser`."""
    async with browser.phone() as context:
        yield context


def _sqlite_url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


async def _migrate(url: str) -> None:
    database = Database.open(url)
    try:
        await database.migrate()
    finally:
        await database.close()
