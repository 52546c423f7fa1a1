"""One installation while things break: its platform, its processes, its wards, and the people who write."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from storage import cases
from storage.database import Database
from storage.held import HELD
from storage.outbox import outbox
from tests.cut import Cuttable, cuttable
from tests.faults.ground import Danban, free_port
from tests.faults.people import Deeds, Somebody
from tests.faults.platform_base import Platform
from tests.faults.platforms import platform
from tests.faults.ward import OFFICIALS, UNIT_GROUP, announce, furnish, groups_of

RESIDENTS = range(1, 7)
CASES_AT_ONCE = 2
# At most so many faults meet one installation.
DIGESTS_MAX = 20
DIGEST_WITHIN_SECONDS = 3.0
# The least number of seconds for which a lease may be held.
LEASE_SECONDS = 5
AWAY_SECONDS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """One way to run it: platform, database, mode, and the duties of each process ("" for all of them).

    `away_seconds`: how long its database is away in a full run, at a time.
    """

    channel: str
    database: str
    mode: str
    processes: tuple[str, ...] = ("",)
    away_seconds: float = AWAY_SECONDS

    def __str__(self) -> str:
        many = f" × {len(self.processes)} processes" if len(self.processes) > 1 else ""
        return f"{self.channel} · {self.mode} · {self.database}{many}"


@dataclass(kw_only=True)
class Scene:
    """One installation while things break; `problems` are what a fault itself has found wrong."""

    setup: Setup
    platform: Platform
    processes: list[Danban]
    folder: Path
    database: Database
    draw: random.Random
    line: Cuttable | None = None
    deeds: Deeds = field(default_factory=Deeds)
    # The chats that have been promised a digest each, and how many times one fell due.
    promised: set[str] = field(default_factory=set)
    digests: int = 0
    # Who says nothing in this round.
    silent: set[int] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    # How long the database is away at a time.
    away_seconds: float = AWAY_SECONDS

    async def start(self, program: str = "bot") -> None:
        """Start whatever does not run, and wait until it does."""
        for process in self.processes:
            if not process.runs:
                await process.start(program)
        for process in self.processes:
            await process.ready()

    async def introduce(self) -> None:
        """Everybody writes for the first time, while nothing breaks: asked for consent, and for their neighbourhood."""
        if self.platform.has_desk and self.platform.keeps:
            for one in OFFICIALS:
                await self._say(one, "/viec")
        for one in RESIDENTS:
            for text in (f"/phananh {self.deeds.text(one)}", "đồng ý", "bỏ qua", "gửi"):
                await self._say(one, text)

    async def live(self) -> None:
        """One round of everybody, all at once: residents report and give opinions, officials do their work."""
        share = await self._share()
        async with asyncio.TaskGroup() as tasks:
            for one in RESIDENTS:
                if one not in self.silent:
                    tasks.create_task(self._somebody(one).live())
            for one, codes in share.items():
                tasks.create_task(self._somebody(one).work(codes, UNIT_GROUP))

    async def come_back(self) -> bool:
        """Whoever has news waiting, because they could not be reached, writes again; whether there was anybody."""
        async with self.database.reading() as tx:
            held = set((await tx.execute(select(outbox.c.chat).where(outbox.c.state == HELD))).scalars())
        back = [one for one in RESIDENTS if self.platform.address(one) in held]
        for one in back:
            await self._say(one, "/hoso")
        return bool(back)

    async def waiting_cases(self) -> dict[str, int]:
        """Cases nobody has handled yet, oldest first, and whose each is."""
        async with self.database.reading() as tx:
            rows = (await tx.execute(select(cases.cases.c.code, cases.cases.c.text).order_by(cases.cases.c.id))).all()
        # Where a platform may lose what people write, a case may be made of what they wrote next.
        told = [row for row in rows if "nhà số " in row.text]
        whose = {row.code: int(row.text.split("nhà số ")[1].split(",")[0]) for row in told}
        return {code: one for code, one in whose.items() if code not in self.deeds.handled}

    async def let_a_digest_fall_due(self) -> None:
        """Some ward's digest falls due at a moment of this round."""
        await asyncio.sleep(self.draw.uniform(0, DIGEST_WITHIN_SECONDS))
        async with self.database.transaction() as tx:
            self.promised |= await announce(tx, self.platform, self.digests, due_at=datetime.now(UTC))
        self.digests += 1

    async def _share(self) -> dict[int, list[str]]:
        """Cases nobody has handled, among the officials."""
        if not self.platform.has_desk:
            return {}
        waiting = list(await self.waiting_cases())[: CASES_AT_ONCE * len(OFFICIALS)]
        self.deeds.handled += waiting
        return {one: waiting[n :: len(OFFICIALS)] for n, one in enumerate(OFFICIALS)}

    def _somebody(self, number: int) -> Somebody:
        draw = random.Random(self.draw.random())  # noqa: S311  # chance, not secrecy
        return Somebody(number=number, platform=self.platform, deeds=self.deeds, draw=draw)

    async def _say(self, person: int, text: str) -> None:
        self.deeds.written += 1
        await self.platform.write(person, text)


@asynccontextmanager
async def scene(setup: Setup, url: str, folder: Path, draw: random.Random) -> AsyncIterator[Scene]:
    """An installation that is ready to be started, on an empty database with the newest schema."""
    database = Database.open(url)
    async with platform(setup.channel) as there, _line(setup, url) as line:
        async with database.transaction() as tx:
            await furnish(tx, there, datetime.now(UTC))
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        groups = [number for digest in range(DIGESTS_MAX) for number in groups_of(digest)]
        await there.open_groups([UNIT_GROUP, *groups], list(OFFICIALS))
        await there.ready(setup.mode, address)
        settings = {
            "HTTP_PORT": str(port), "PUBLIC_URL": address, "TICK_SECONDS": "1", "LEASE_SECONDS": str(LEASE_SECONDS),
            "DATABASE_URL": line.url if line else url, **there.settings(setup.mode, address),
        }  # fmt: skip
        async with _running(setup, folder, settings) as processes:
            yield Scene(
                setup=setup, platform=there, processes=processes, folder=folder, database=database, draw=draw,
                line=line,
            )  # fmt: skip
    await database.close()


@asynccontextmanager
async def _line(setup: Setup, url: str) -> AsyncIterator[Cuttable | None]:
    if setup.database != "postgres":
        yield None
        return
    async with cuttable(url) as line:
        yield line


@asynccontextmanager
async def _running(setup: Setup, folder: Path, settings: dict[str, str]) -> AsyncIterator[list[Danban]]:
    made = [
        Danban(folder, only=only, name=f"danban-{n}", **settings) for n, only in enumerate(setup.processes, start=1)
    ]
    try:
        yield made
    finally:
        for one in made:
            await one.put_away()
