"""The ground of a draw: a ward with its desk and groups, the processes of one installation, and people who write."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.sample import seed
from domain.people import GroupKind, Role
from storage import cases, invites, offices, people, wards
from storage.database import Database, Transaction
from storage.outbox import Address
from storage.wards import StoredWard
from tests.cut import Cuttable, cuttable
from tests.faults.ground import Danban, free_port
from tests.faults.platforms import Platform, platform

UNIT = "KTHTDT"
RESIDENTS = range(1, 7)
OFFICIALS = range(51, 54)
UNIT_GROUP, WARD_GROUPS = -1001, (-2001, -2002, -2003, -2004)
CASES_AT_ONCE = 2
DIGEST_IN = timedelta(seconds=25)
# The least number of seconds for which a lease may be held.
LEASE_SECONDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """One way to run it: platform, database, mode, and the duties of each process ("" for all of them)."""

    channel: str
    database: str
    mode: str
    processes: tuple[str, ...] = ("",)

    def __str__(self) -> str:
        many = f" × {len(self.processes)} processes" if len(self.processes) > 1 else ""
        return f"{self.channel} · {self.mode} · {self.database}{many}"


@dataclass(kw_only=True)
class Scene:
    """One installation while things break."""

    setup: Setup
    platform: Platform
    processes: list[Danban]
    folder: Path
    database: Database
    draw: random.Random
    line: Cuttable | None = None
    texts: list[str] = field(default_factory=list)
    handled: list[str] = field(default_factory=list)
    written: int = 0

    async def start(self, program: str = "bot") -> None:
        """Start whatever does not run, and wait until it does."""
        for process in self.processes:
            if not process.runs:
                await process.start(program)
        for process in self.processes:
            await process.ready()

    async def introduce(self) -> None:
        """Everybody writes for the first time, while nothing breaks: asked for consent, and for their neighbourhood."""
        for person in OFFICIALS if self.platform.has_desk else ():
            await self._say(person, "/viec")
        for person in RESIDENTS:
            self.texts.append(f"Đèn đường hỏng trước nhà số {person}, lần 0")
            for text in (f"/phananh {self.texts[-1]}", "đồng ý", "bỏ qua", "gửi"):
                await self._say(person, text)

    async def write(self, *, pace: float = 0.1) -> None:
        """Everybody writes, in any order among them: residents a case, officials of the desk what they do with some."""
        left = {person: self._case_of(person) for person in RESIDENTS}
        for official, codes in (await self._share()).items():
            left[official] = [text for code in codes for text in _handled(code)]
        while some := [person for person, texts in left.items() if texts]:
            person = self.draw.choice(some)
            await self._say(person, left[person].pop(0))
            await asyncio.sleep(self.draw.uniform(0, 2 * pace))

    def _case_of(self, person: int) -> list[str]:
        self.texts.append(f"Đèn đường hỏng trước nhà số {person}, lần {len(self.texts)}")
        return [f"/phananh {self.texts[-1]}", "gửi"]

    async def _share(self) -> dict[int, list[str]]:
        """Cases nobody has handled, among the officials."""
        if not self.platform.has_desk:
            return {}
        async with self.database.reading() as tx:
            codes = list((await tx.execute(select(cases.cases.c.code).order_by(cases.cases.c.id))).scalars())
        waiting = [str(code) for code in codes if code not in self.handled][: CASES_AT_ONCE * len(OFFICIALS)]
        self.handled += waiting
        return {one: waiting[n :: len(OFFICIALS)] for n, one in enumerate(OFFICIALS)}

    async def _say(self, person: int, text: str) -> None:
        self.written += 1
        await self.platform.write(person, text)


def _handled(code: str) -> tuple[str, ...]:
    return f"/nhan {code}", f"/traloi {code} Đã xử lý xong.", "gửi"


@asynccontextmanager
async def scene(setup: Setup, url: str, folder: Path, draw: random.Random) -> AsyncIterator[Scene]:
    """An installation that is ready to be started, on an empty database with the newest schema."""
    line = None
    database = Database.open(url)
    async with platform(setup.channel) as there:
        async with database.transaction() as tx:
            await furnish(tx, there, datetime.now(UTC))
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        await there.ready(setup.mode, address)
        if there.has_desk:
            for chat in (UNIT_GROUP, *WARD_GROUPS):
                members = {str(int(there.address(one))): "member" for one in OFFICIALS}
                await there.sim.do("group", chat=chat, members=members)
        settings = {
            "HTTP_PORT": str(port), "PUBLIC_URL": address, "TICK_SECONDS": "1",
            "LEASE_SECONDS": str(LEASE_SECONDS), **there.settings(setup.mode, address),
        }  # fmt: skip
        if setup.database == "postgres":
            async with cuttable(url) as line:
                settings["DATABASE_URL"] = line.url
                async with _running(setup, folder, settings) as processes:
                    yield Scene(
                        setup=setup, platform=there, processes=processes, folder=folder, database=database, draw=draw,
                        line=line,
                    )  # fmt: skip
        else:
            settings["DATABASE_URL"] = url
            async with _running(setup, folder, settings) as processes:
                yield Scene(
                    setup=setup, platform=there, processes=processes, folder=folder, database=database, draw=draw
                )
    await database.close()


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


async def furnish(tx: Transaction, there: Platform, now: datetime) -> None:
    """The sample ward as it has been for two days, with a desk, its groups, and a digest that is due in a moment."""
    then = now - timedelta(days=2)
    await seed(tx, now=then)
    ward = await wards.load(tx, (await wards.codes(tx))[0][0])
    due = (now + DIGEST_IN).astimezone(ZoneInfo(ward.ward.timezone))
    digest_at = due.time().replace(microsecond=0)
    await wards.write(tx, replace(ward.ward, digest_weekday=due.weekday(), digest_at=digest_at))
    if there.has_desk:
        await _furnish_desk(tx, there, ward, then)


async def _furnish_desk(tx: Transaction, there: Platform, ward: StoredWard, then: datetime) -> None:
    unit_id = ward.unit_id(UNIT)
    for chat in (UNIT_GROUP, *WARD_GROUPS):
        unit = chat == UNIT_GROUP
        await invites.bind_group(
            tx, Address(channel=there.name, account=there.account, chat=str(chat)), ward_id=ward.id,
            kind=GroupKind.UNIT if unit else GroupKind.WARD, unit_id=unit_id if unit else None, bound_by=None, now=then,
        )  # fmt: skip
    for one in OFFICIALS:
        person = await people.add(
            tx, ward_id=ward.id, channel=there.name, account=there.account, address=there.address(one),
            name=f"Cán bộ {one}", language="vi", now=then,
        )  # fmt: skip
        await offices.appoint(tx, person_id=person.id, ward_id=ward.id, unit_id=unit_id, role=Role.MEMBER, now=then)
