"""A draw: which faults meet which installation, in which order, and what came of each."""

import asyncio
import random
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.faults.deeds import FAULTS, Fault
from tests.faults.scene import AWAY_SECONDS, Scene, Setup, scene
from tests.faults.verdict import Tally, at_rest, look, unexpected

MANY = ("web", "inbox,scheduler", "inbox,outbox", "outbox,scheduler")
LONG_AWAY_SECONDS = 60.0
# `kill -9` at least so many times in each of a channel's installations: on Telegram alone 200 in all.
KILLS = {"telegram": 34, "zalo_oa": 15, "zalo_bot": 15}
SETUPS = (
    Setup(channel="telegram", mode="polling", database="sqlite"),
    Setup(channel="telegram", mode="webhook", database="sqlite"),
    Setup(channel="telegram", mode="polling", database="postgres", away_seconds=LONG_AWAY_SECONDS),
    Setup(channel="telegram", mode="webhook", database="postgres", away_seconds=LONG_AWAY_SECONDS),
    Setup(channel="telegram", mode="polling", database="postgres", processes=MANY),
    Setup(channel="telegram", mode="webhook", database="postgres", processes=MANY),
    Setup(channel="zalo_oa", mode="webhook", database="sqlite"),
    Setup(channel="zalo_oa", mode="webhook", database="postgres"),
    Setup(channel="zalo_oa", mode="webhook", database="postgres", processes=MANY),
    Setup(channel="zalo_bot", mode="polling", database="sqlite"),
    Setup(channel="zalo_bot", mode="webhook", database="postgres"),
    Setup(channel="zalo_bot", mode="webhook", database="postgres", processes=MANY),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one fault did to one installation: `count` times, in so many seconds."""

    setup: Setup
    fault: str
    count: int
    tally: Tally
    seconds: float


Said = Callable[[Result], None]


async def run(
    setup: Setup,
    url: str,
    folder: Path,
    *,
    seed: int,
    kills: int,
    faults: Sequence[Fault] = FAULTS,
    said: Said,
    away_seconds: float = AWAY_SECONDS,
    at_most: int | None = None,
) -> list[Result]:
    """Have each fault that suits meet this installation, `kills` kills among them; what came of each.

    A failure of the power kills every process: those are among the kills.
    `away_seconds`: how long its database is away at a time; `at_most` so many of the faults.
    """
    draw = random.Random(f"{seed} {setup}")  # noqa: S311  # chance, not secrecy
    results: list[Result] = []
    async with scene(setup, url, folder, draw) as here:
        here.away_seconds = away_seconds
        await here.start()
        await here.platform.known(setup.mode)
        await here.introduce()
        await at_rest(here)
        before = await look(here)
        for fault in _shuffled(draw, faults, here)[:at_most]:
            began = time.monotonic()
            count = await _inflict(here, fault, times=_times(fault, kills - len(setup.processes)))
            now = await look(here)
            added = now.since(before)
            added.problems = unexpected(added, fault) + _too_many_lost(setup, added, count)
            before = now
            results.append(
                Result(setup=setup, fault=fault.name, count=count, tally=added, seconds=time.monotonic() - began)
            )
            said(results[-1])
        results[-1].tally.problems += await _ended(here)
    return results


def _times(fault: Fault, kills: int) -> int:
    broken = kills // 3
    return {"kill": max(kills - broken, 1), "kill_and_break": max(broken, 1), "blocked": 2}.get(fault.name, 1)


def _too_many_lost(setup: Setup, added: Tally, count: int) -> list[str]:
    """A Zalo Bot's server hands out one update a call and forgets it: a kill may cost that one, and no more."""
    one_a_kill = setup.channel == "zalo_bot" and setup.mode == "polling"
    if not one_a_kill or added.updates_lost <= count:
        return []
    return [f"{added.updates_lost} updates lost by {count} faults"]


def _shuffled(draw: random.Random, faults: Sequence[Fault], here: Scene) -> list[Fault]:
    chosen = [one for one in faults if one.suits(here)]
    draw.shuffle(chosen)
    return chosen


async def _inflict(here: Scene, fault: Fault, *, times: int) -> int:
    """Once through: it happens while people write, and is over; then everything comes to rest."""
    await fault.prepare(here)
    living = asyncio.gather(here.live(), here.let_a_digest_fall_due())
    try:
        count = await fault.inflict(here, times)
        await living
    finally:
        living.cancel()
    unmet = await here.platform.mend()
    await here.start()
    await at_rest(here)
    here.silent.clear()
    if await here.come_back():
        await at_rest(here)
    return count - unmet if fault.ordered else count


async def _ended(here: Scene) -> list[str]:
    """Stop everything as an installer would; what was wrong with that, and with what was logged."""
    codes = [await process.end(signal.SIGTERM) for process in here.processes]
    problems = [f"ended with {codes}"] if any(codes) else []
    for process in here.processes:
        log = process.log.read_text()
        problems += ["a secret is in the log"] if "TEST-" in log or "Đèn đường" in log or "Xin làm sớm" in log else []
        problems += [f"{log.count('Traceback')} tracebacks in {process.log}"] if "Traceback" in log else []
    return problems
