"""A conversation turn end to end: webhook in, effects committed, reply at the Bot API; beside how others do it.

The same three steps (a command and two answers), the same load, the same light Bot API, one bot at a time on a core of
its own, the order turned round from run to run. python-telegram-bot writes its pickle once a minute, aiogram keeps its
states in memory: neither survives a kill. Ours commits every turn (SQLite: synchronous=FULL) before it answers. Then
the product's own conversation, from a resident's words to the case: `--profile` says where its time goes.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.bots import steps
from bench.ground.databases import DATABASES, database
from bench.ground.machine import MEGABYTE, goal, introduce, keep_to, middle
from bench.ground.options import parser
from bench.ground.running import Running, running
from bench.ground.settings import environment
from bench.ground.world import FIRST_CHAT, World

AT_ONCE = 16
PEOPLE = 400
SETTLE_SECONDS = 0.4
# The goals, on either database.
BESIDE_PTB, BESIDE_AIOGRAM = 1.0, 0.5
TURNS_PER_SECOND, REPORT_TURNS_PER_SECOND = 600, 300
RESIDENT_MB = 100
REPORT = ("Đèn đường trước nhà số 12 đường Lê Lợi hỏng ba hôm nay, tối om, bà con đi lại rất nguy hiểm", "Gửi")


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """One run: turns a second, CPU milliseconds of the bot's process a turn, its resident bytes at the end."""

    per_second: float
    cpu_milliseconds: float
    resident_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """Who is measured: a module of bench.bots with its arguments, on a database or on none."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    database: str = ""
    texts: Sequence[str] = steps.TEXTS


OURS = {
    kind: Contestant(name=f"ours, {kind}", module="bench.bots.ours", arguments=("--book", "steps"), database=kind)
    for kind in DATABASES
}
REPORTS = {
    kind: Contestant(name=f"ours, {kind}: a report", module="bench.bots.ours", database=kind, texts=REPORT)
    for kind in DATABASES
}
PTB = Contestant(name="python-telegram-bot, pickle", module="bench.bots.ptb")
AIOGRAM = Contestant(name="aiogram, memory", module="bench.bots.aiogram_memory")


@asynccontextmanager
async def started(world: World, one: Contestant, *more: str) -> AsyncIterator[Running]:
    """The contestant, running, with its people known to it."""
    with ExitStack() as stack:
        url, folder = stack.enter_context(database(one.database or "sqlite"))
        arguments, variables = (*one.arguments, *more), environment(folder, url, world.url)
        if one.module != "bench.bots.ours":
            arguments = ("--api", world.url, *(("--folder", str(folder)) if one is PTB else ()))
        async with running(one.module, *arguments, folder=folder, environment=variables) as bot:
            path = "/webhook/telegram/700001" if one.module == "bench.bots.ours" else "/webhook"
            world.webhook = f"http://127.0.0.1:{bot.port}{path}"
            await world.until_taken()
            yield bot
        log = folder / f"{one.module}.log"
        if "--count-statements" in more:
            print(log.read_text(), file=sys.stderr)


async def measure(world: World, one: Contestant, *, turns: int, more: tuple[str, ...] = ()) -> Speed:
    """Start it, get to know everybody, and run so many turns."""
    rounds = max(1, turns // (AT_ONCE * len(one.texts)))
    anew = one.texts is REPORT
    if anew:
        more = (*more, "--residents", str(AT_ONCE * (rounds + 1)))
    async with started(world, one, *more) as bot:
        if not anew:
            await steps.rehearse(world, FIRST_CHAT - 1)
        # Everybody is known before; of a report each resident brings one.
        known = AT_ONCE if anew else PEOPLE
        await world.talk(AT_ONCE, one.texts, known // AT_ONCE, people=known)
        await asyncio.sleep(SETTLE_SECONDS)
        before, began = bot.used(), time.perf_counter()
        people = AT_ONCE * rounds if anew else PEOPLE
        await world.talk(AT_ONCE, one.texts, rounds, people=people, first=AT_ONCE if anew else 0)
        seconds = time.perf_counter() - began
        # What is done after the answer has left (marking it sent, say) belongs to the turn.
        await asyncio.sleep(SETTLE_SECONDS)
        after = bot.used()
    made = rounds * AT_ONCE * len(one.texts)
    return Speed(
        per_second=made / seconds, cpu_milliseconds=(after.cpu_seconds - before.cpu_seconds) / made * 1000,
        resident_bytes=after.resident_bytes,
    )  # fmt: skip


async def compare(contestants: Sequence[Contestant], *, turns: int, runs: int) -> dict[Contestant, list[Speed]]:
    """All of them, so many times, the order turned round each time; printed as it goes."""
    found: dict[Contestant, list[Speed]] = {one: [] for one in contestants}
    async with World() as world:
        for number in range(runs):
            for one in contestants if number % 2 == 0 else reversed(contestants):
                found[one].append(await measure(world, one, turns=turns))
    for one, speeds in found.items():
        print(
            f"   {one.name:30} {middle([speed.per_second for speed in speeds])} turns/s  "
            f"{median(speed.cpu_milliseconds for speed in speeds):6.2f} ms CPU a turn  "
            f"{max(speed.resident_bytes for speed in speeds) / MEGABYTE:5.0f} MB"
        )
    return found


def per_second(speeds: Sequence[Speed]) -> float:
    """The median of some runs."""
    return median(speed.per_second for speed in speeds)


def options() -> argparse.ArgumentParser:
    """What it can be asked."""
    arguments = parser(__doc__)
    arguments.add_argument("--only", default="", help="contestants whose name contains this, without goals")
    arguments.add_argument("--turns", type=int, default=0)
    arguments.add_argument("--runs", type=int, default=0)
    arguments.add_argument("--count-statements", action="store_true")
    arguments.add_argument("--profile", type=Path, help="where to write a cProfile of the bot")
    return arguments


def main() -> int:
    """Measure, print, and say which goals were reached."""
    given = options().parse_args()
    introduce("turns: a conversation turn end to end")
    keep_to(0, bot=False)
    turns, runs = given.turns or (600 if given.quick else 3000), given.runs or _runs(given)
    everybody = (PTB, AIOGRAM, *OURS.values(), *REPORTS.values())
    asked = [one for one in everybody if given.only in one.name]
    if given.count_statements or given.profile:
        more = ("--count-statements",) if given.count_statements else ("--profile", str(given.profile))
        asyncio.run(_inspect(asked, turns, more))
        return 0
    found = asyncio.run(compare(asked, turns=turns, runs=runs))
    if not given.only:
        for kind in DATABASES:
            _judge(kind, found)
    return 0


def _runs(given: argparse.Namespace) -> int:
    return 1 if given.quick else 5 if given.full else 3


def _judge(kind: str, found: dict[Contestant, list[Speed]]) -> None:
    """The goals of one kind of database, a line each."""
    ours, ptb, aiogram = (per_second(found[one]) for one in (OURS[kind], PTB, AIOGRAM))
    goal(f"{kind} beside python-telegram-bot", ours / ptb, BESIDE_PTB, unit=" times")
    goal(f"{kind} beside aiogram", ours / aiogram, BESIDE_AIOGRAM, unit=" times")
    goal(f"{kind}, turns a second", ours, TURNS_PER_SECOND)
    goal(f"{kind}, a report's turns a second", per_second(found[REPORTS[kind]]), REPORT_TURNS_PER_SECOND)
    most = max(speed.resident_bytes for speed in found[OURS[kind]])
    goal(f"{kind}, resident", most / MEGABYTE, RESIDENT_MB, at_most=True, unit=" MB")


async def _inspect(contestants: Sequence[Contestant], turns: int, more: tuple[str, ...]) -> None:
    async with World() as world:
        for one in contestants:
            speed = await measure(world, one, turns=turns, more=more)
            print(f"   {one.name:30} {speed.per_second:8.1f} turns/s {speed.cpu_milliseconds:6.2f} ms CPU a turn")


if __name__ == "__main__":
    sys.exit(main())
