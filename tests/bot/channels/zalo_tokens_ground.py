"""Tokens as several processes would have them, on one database, one disk and a stand-in for Zalo."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.channels.zalo_oa_client import ZaloClient
from bot.channels.zalo_oa_tokens import Application, Tokens
from bot.clock import Clock
from bot.sealing import Seal
from storage.database import Database
from tests.fakes.zalo_oa.server import ZaloOaServer
from tests.fakes.zalo_oa.world import World

KEY = bytes(range(32))


class WorldClock(Clock):
    """Tells the stand-in's time, or that plus `ahead`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        """The stand-in's now."""
        return datetime.fromtimestamp(self._world.now(), UTC) + self.ahead


class Ground:
    """Makes Tokens as several processes would have them, on one database and one disk."""

    def __init__(self, zalo: ZaloOaServer, database: Database, folder: Path) -> None:
        self.zalo, self.database, self.folder = zalo, database, folder
        self.alarms: list[int] = []
        self.client = ZaloClient(answer_seconds=2)
        self.clock = WorldClock(zalo.world)
        self.seed = zalo.world.new_pair().refresh

    def process(self, *, key: bytes = KEY, seed: str | None = None) -> Tokens:
        async def alarm(failures: int) -> None:
            self.alarms.append(failures)

        world = self.zalo.world
        application = Application(
            app_id=world.app_id, secret=world.app_secret, oauth_url=self.zalo.url, seed=seed or self.seed
        )
        return Tokens(
            application, self.client, self.database, Seal(key, "zalo-oa"), self.clock, folder=self.folder,
            alarm=alarm,
        )  # fmt: skip

    async def good(self, token: str) -> bool:
        answer = await self.client.get(f"{self.zalo.url}/v2.0/oa/getoa", token=token)
        return answer.error == 0


@pytest.fixture
async def zalo() -> AsyncIterator[ZaloOaServer]:
    async with ZaloOaServer(scale=0.001) as opened:
        yield opened


@pytest.fixture
async def ground(zalo: ZaloOaServer, sqlite: Database, tmp_path: Path) -> AsyncIterator[Ground]:
    made = Ground(zalo, sqlite, tmp_path)
    yield made
    await made.client.close()


@pytest.fixture
async def shared(zalo: ZaloOaServer, database: Database, tmp_path: Path) -> AsyncIterator[Ground]:
    """The same on both kinds of database."""
    made = Ground(zalo, database, tmp_path)
    yield made
    await made.client.close()
