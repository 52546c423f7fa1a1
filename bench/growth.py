"""A ward with 1,000, 100,000 and (--full) 1,000,000 cases of history: nothing gets slower with the years.

All sizes stand side by side and take turns, so that whatever else the machine does slows them all alike: a whole turn
of the real workers on the real tables, a resident's list, the desk's list, one case, a search, the digest, the watch
over deadlines. Printed: milliseconds of each and how many times longer it takes in the largest than in the smallest.
"""

import argparse
import asyncio
import itertools
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from statistics import median

from actions import send_digest
from actions.watch_deadlines import remind
from bench.ground.databases import database
from bench.ground.history import NOW, OFFICIAL_CHAT, TEXT, fill
from bench.ground.machine import goal, introduce
from bench.ground.options import chosen, parser
from bot.channels.webchat import WebChat, lane
from bot.clock import Clock
from bot.inbox import InboxLimits, InboxWorker
from bot.outbox import OutboxLimits, OutboxWorker
from bot.sample import seed
from domain.people import Role
from handlers.book import BOOK
from handlers.context import Limits
from handlers.resident.start import CONSENT_VERSION
from storage import inbox, offices, people, wards
from storage.database import Database

GOAL = 1.3
ROUNDS = 30


class At(Clock):
    """Stands at the end of the history, and runs on from there."""

    def now(self):
        """An instant of the ward's last day."""
        return NOW + (super().now() - _BEGAN)


_BEGAN = Clock().now()


@dataclass(slots=True, kw_only=True)
class House:
    """One size: its database and the real workers on it."""

    cases: int
    database: Database
    ward_id: int = 0
    clock: At = field(default_factory=At)
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def workers(self) -> tuple[InboxWorker, OutboxWorker]:
        """The workers of the web chat."""
        channel = WebChat(self.database)
        channels, limits = {channel.on: channel}, InboxLimits(messages_per_minute=10_000)
        return (
            InboxWorker(self.database, channels, BOOK, self.clock, limits=limits, conversation_limits=Limits()),
            OutboxWorker(self.database, channels, self.clock, limits=OutboxLimits()),
        )

    async def turn(self, who: str, text: str) -> None:
        """Somebody writes, is understood and answered: everything but the network."""
        raw = {
            "client_id": str(next(self.numbers)), "chat": who, "sender": who, "sender_name": "", "in_group": False,
            "is_admin": False, "text": text, "choice": None, "attachments": [], "place": None, "reply_to": None,
            "message_id": None, "language": "vi", "ward": None,
        }  # fmt: skip
        took_in, sent = self.workers()
        async with self.database.transaction() as tx:
            await inbox.put(
                tx, channel="web", account="web", update_id=raw["client_id"], lane=lane(who), raw=raw,
                now=self.clock.now(),
            )  # fmt: skip
        assert await took_in.work_one()
        assert await sent.work_one()
        while await sent.work_one():
            pass


async def built(url: str, cases: int) -> House:
    """The sample ward with so many cases behind it."""
    house = House(cases=cases, database=Database.open(url))
    await house.database.migrate()
    async with house.database.transaction() as tx:
        await seed(tx, now=NOW)
        house.ward_id = (await wards.codes(tx))[0][0]
        for who, role in ((OFFICIAL_CHAT, Role.RECEPTION), *((f"new-{number}", None) for number in range(ROUNDS + 1))):
            person = await people.add(
                tx, ward_id=house.ward_id, channel="web", account="web", address=who, name="A", language="vi", now=NOW
            )
            await people.set_consent(tx, person, version=CONSENT_VERSION, now=NOW)
            await people.set_residential_group(tx, person, None)
            if role is not None:
                await offices.appoint(tx, person_id=person.id, ward_id=house.ward_id, unit_id=None, role=role, now=NOW)
    await house.database.close()
    began = time.perf_counter()
    await fill(url, cases, first_person=1000)
    print(f"   {cases:9} cases filled in {time.perf_counter() - began:.0f} s", flush=True)
    return house


Asked = Callable[[House, int], Awaitable[None]]


async def _report(house: House, number: int) -> None:
    await house.turn(f"new-{number}", TEXT)
    await house.turn(f"new-{number}", "Gửi")


async def _digest(house: House, _: int) -> None:
    async with house.database.reading() as tx:
        ward = await wards.load(tx, house.ward_id, house.database)
        assert await send_digest.preview(tx, ward, now=NOW)


async def _deadlines(house: House, _: int) -> None:
    async with house.database.transaction() as tx:
        ward = await wards.load(tx, house.ward_id, house.database)
        await remind(tx, ward, now=NOW)


async def _backlog(house: House, number: int) -> None:
    """What the web chat asks before it takes one more message."""
    async with house.database.transaction() as tx:
        await inbox.waiting(tx, lane=f"web:web:{number}")


ASKED: dict[str, Asked] = {
    "a report, two turns": _report,
    "/hoso": lambda house, number: house.turn(f"resident-{number}", "/hoso"),
    "/viec": lambda house, _: house.turn(OFFICIAL_CHAT, "/viec"),
    "/xem": lambda house, number: house.turn(OFFICIAL_CHAT, f"/xem PA-H-{number + 1}"),
    "search": lambda house, number: house.turn(f"resident-{number}", "/kehoach đèn đường"),
    "digest": _digest,
    "deadlines": _deadlines,
    "a chat's backlog": _backlog,
}


async def measure(urls: dict[int, str], *, rounds: int) -> dict[str, dict[int, float]]:
    """Milliseconds of everything asked, in every size."""
    houses = [await built(url, cases) for cases, url in urls.items()]
    for house in houses:
        house.database = Database.open(house.database.url)
    found: dict[str, dict[int, list[float]]] = {name: {house.cases: [] for house in houses} for name in ASKED}
    for number in range(rounds + 1):
        for name, ask in ASKED.items():
            for house in houses if number % 2 else reversed(houses):
                began = time.perf_counter()
                await ask(house, number)
                # The first round warms up.
                if number:
                    found[name][house.cases].append((time.perf_counter() - began) * 1000)
    for house in houses:
        await house.database.close()
    return {name: {cases: median(times) for cases, times in sizes.items()} for name, sizes in found.items()}


async def compare(kind: str, sizes: tuple[int, ...], *, rounds: int) -> None:
    """Measure one kind of database in all sizes and print."""
    async with AsyncExitStack() as stack:
        urls = {}
        if kind == "sqlite":
            for cases in sizes:
                urls[cases], _ = stack.enter_context(database(kind))
        else:
            url, _ = stack.enter_context(database(kind))
            for cases in sizes:
                urls[cases] = await _sibling(url, f"cases_{cases}")
        found = await measure(urls, rounds=rounds)
    print(f"   {kind:28}" + "".join(f"{cases:>12}" for cases in sizes) + "    times longer")
    for name, times in found.items():
        row = "".join(f"{times[cases]:9.2f} ms" for cases in sizes)
        print(f"   {name:28}{row}   {times[sizes[-1]] / times[sizes[0]]:8.2f}")
    worst = max(found, key=lambda name: found[name][sizes[-1]] / found[name][sizes[0]])
    reached = found[worst][sizes[-1]] / found[worst][sizes[0]]
    goal(f"growth, {kind}, the worst ({worst})", reached, GOAL, at_most=True, unit=" times")


async def _sibling(url: str, name: str) -> str:
    import asyncpg

    server = await asyncpg.connect(url.replace("+asyncpg", ""))
    await server.execute(f"CREATE DATABASE {name}")
    await server.close()
    return url.replace("/postgres?", f"/{name}?")


def options() -> argparse.ArgumentParser:
    """What it can be asked."""
    return parser(__doc__, databases=True)


def main() -> int:
    """Measure every database asked for."""
    given = options().parse_args()
    introduce("growth: the same work with a longer history")
    sizes = (1_000, 10_000) if given.quick else (1_000, 100_000, 1_000_000) if given.full else (1_000, 100_000)
    for kind in chosen(given.only):
        asyncio.run(compare(kind, sizes, rounds=10 if given.quick else ROUNDS))
    return 0


if __name__ == "__main__":
    sys.exit(main())
