"""The faults: what each does to an installation, and what it needs of it."""

import asyncio
import resource
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.faults.platform_telegram import Telegram
from tests.faults.scene import LEASE_SECONDS, RESIDENTS, Scene
from tests.faults.stepped import FILE

STEP_SECONDS = 20.0
ORDERED = 4
# A file is asked for four times before it is given up: a fault of the line is never so long here.
ORDERED_OF_FILES = 2
BLOCKERS_MAX = 3


async def _nothing(scene: Scene) -> None:
    """Nothing has to be prepared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One kind of fault. `inflict` does it once or `times` times while people write, and says how often it was done.

    `prepare`: what has to be so before anybody writes.
    `refuses`: messages may be refused because of it. `holds`: news are held because of it until people are back, so
    that nothing is refused but changes of messages that stand in their chats.
    `loses`: what people wrote may be lost where the platform does not deliver it again.
    `ordered`: what it says it did was ordered at the platform; what nothing has met there does not count.
    """

    name: str
    inflict: Callable[[Scene, int], Awaitable[int]]
    suits: Callable[[Scene], bool] = lambda _scene: True
    prepare: Callable[[Scene], Awaitable[None]] = _nothing
    refuses: bool = False
    holds: bool = False
    loses: bool = False
    ordered: bool = False


async def _killed(scene: Scene) -> None:
    """kill -9 of one process, at any moment, mostly once it works; and it is started again."""
    process = scene.draw.choice([one for one in scene.processes if one.is_ready()] or scene.processes)
    if scene.draw.random() < 0.8:
        await process.ready()
    await asyncio.sleep(scene.draw.uniform(0.0, 1.2))
    await process.end(signal.SIGKILL)
    await process.start()


async def kill(scene: Scene, times: int) -> int:
    """kill -9 again and again."""
    for _ in range(times):
        await _killed(scene)
    return times


async def kill_and_break(scene: Scene, times: int) -> int:
    """kill -9 while the line breaks in both directions and the platform answers badly."""
    for _ in range(times):
        kind = scene.draw.choice(("cut_before", "cut_after", *scene.platform.answers))
        await scene.platform.order(kind, _any_call(scene), scene.draw.randint(1, 3))
        if scene.setup.mode == "webhook":
            await scene.platform.sim.do("breaks", kind=scene.draw.choice(("half", "unheard")), times=2)
        await _killed(scene)
    return times


async def stop_all(scene: Scene, times: int) -> int:
    """The power fails: every process at once."""
    for _ in range(times):
        await scene.start()
        await asyncio.sleep(scene.draw.uniform(0.0, 1.0))
        for process in scene.processes:
            process.tell(signal.SIGKILL)
        for process in scene.processes:
            await process.end(signal.SIGKILL)
        await scene.start()
    return times * len(scene.processes)


def _any_call(scene: Scene) -> str:
    """The call that says something half of the time, and any of the others."""
    return scene.platform.send if scene.draw.random() < 0.5 else scene.draw.choice(scene.platform.calls)


def calling(kind: str) -> Callable[[Scene, int], Awaitable[int]]:
    """The next messages meet a fault of this kind, and so do the next calls of two other ways, one for files."""

    async def order(scene: Scene, times: int) -> int:
        there, count = scene.platform, 0
        for _ in range(times):
            wanted = [(there.send, ORDERED), (scene.draw.choice(there.calls), ORDERED)]
            wanted += [(scene.draw.choice(there.files), ORDERED_OF_FILES)] if there.files else []
            for call, often in wanted:
                await there.order(kind, call, often)
                count += often
            await asyncio.sleep(0.5)
        return count

    return order


async def answers(scene: Scene, times: int) -> int:
    """The platform answers with every error that passes: messages, and calls of any other kind."""
    there = scene.platform
    for _ in range(times):
        for kind in there.answers:
            await there.order(kind, there.send)
            await there.order(kind, scene.draw.choice(there.calls))
        await asyncio.sleep(0.5)
    return times * 2 * len(there.answers)


async def refusals(scene: Scene, times: int) -> int:
    """The platform refuses for good: a message, or a change of one."""
    there = scene.platform
    for _ in range(times):
        for kind in there.refusals:
            await there.refuse(kind, scene.draw.choice(there.refused), scene.draw.choice(RESIDENTS))
        await asyncio.sleep(0.5)
    return times * len(there.refusals)


async def some_block(scene: Scene) -> None:
    """Residents whose cases are about to be handled block the bot; of some of them the platform tells."""
    assert isinstance(scene.platform, Telegram)
    waiting = list((await scene.waiting_cases()).values())[:BLOCKERS_MAX]
    for one in set(waiting):
        tell = scene.draw.random() < 0.5
        await scene.platform.block(one, tell=tell)
        scene.deeds.written += tell
        scene.silent.add(one)


def delivering(kind: str) -> Callable[[Scene, int], Awaitable[int]]:
    """The next deliveries to us break: `half` or `unheard`; in polling, the next questions do."""

    async def ordered(scene: Scene, times: int) -> int:
        for _ in range(times):
            if scene.setup.mode == "webhook":
                await scene.platform.sim.do("breaks", kind=kind, times=ORDERED)
            else:
                await scene.platform.break_asking("cut_before" if kind == "half" else "cut_after")
            await asyncio.sleep(0.5)
        return times * (ORDERED if scene.setup.mode == "webhook" else 1)

    return ordered


async def repeat(scene: Scene, times: int) -> int:
    """Updates of the past are delivered once more, in any order."""
    count = 0
    for _ in range(times):
        count += int(await scene.platform.sim.do("again", count=20))
        await asyncio.sleep(0.5)
    return count


async def database_away(scene: Scene, times: int) -> int:
    """Every connection to PostgreSQL breaks, and new ones are refused, for a while; people go on writing."""
    assert scene.line is not None
    for _ in range(times):
        await scene.line.cut()
        await asyncio.sleep(scene.away_seconds)
        await scene.line.mend()
        await asyncio.sleep(scene.draw.uniform(0.5, 1.5))
    scene.problems += [f"the webhook answered {one}" for one in await scene.platform.wrong_answers()]
    return times


async def disk_full(scene: Scene, times: int) -> int:
    """No file may grow for some seconds."""
    for _ in range(times):
        for process in scene.processes:
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
        await asyncio.sleep(2.0)
        for process in scene.processes:
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        await asyncio.sleep(1.0)
    return times


async def freeze(scene: Scene, times: int) -> int:
    """A process stands still for longer than it may hold its work, and then goes on with what it had in hand."""
    for _ in range(times):
        process = scene.draw.choice(scene.processes)
        await asyncio.sleep(scene.draw.uniform(0.0, 0.5))
        process.tell(signal.SIGSTOP)
        await asyncio.sleep(LEASE_SECONDS + 2)
        process.tell(signal.SIGCONT)
    return times


async def with_clock(scene: Scene) -> None:
    """Start everything anew, with a clock that can be put on and back."""
    for process in scene.processes:
        await process.end(signal.SIGTERM)
    await scene.start("tests.faults.stepped")


async def step_clock(scene: Scene, times: int) -> int:
    """The machine's clock is put on, and back again."""
    for _ in range(times):
        for seconds in (STEP_SECONDS, -STEP_SECONDS, 0.0):
            (scene.folder / FILE).write_text(str(seconds))
            await asyncio.sleep(1.5)
    return 3 * times


def _is(*, database: str = "", mode: str = "", channel: str = "") -> Callable[[Scene], bool]:
    def suits(scene: Scene) -> bool:
        setup = scene.setup
        return (
            database in ("", setup.database) and mode in ("", setup.mode) and channel in ("", setup.channel)
        )  # fmt: skip

    return suits


def _breaks_asking(scene: Scene) -> bool:
    # A Zalo Bot's server has forgotten what it handed out: that is counted with the kills.
    return scene.setup.mode == "webhook" or scene.platform.keeps


FAULTS = (
    Fault(name="kill", inflict=kill, loses=True),
    Fault(name="kill_and_break", inflict=kill_and_break, loses=True),
    Fault(name="power", inflict=stop_all, loses=True),
    Fault(name="cut_before", inflict=calling("cut_before"), ordered=True),
    Fault(name="cut_after", inflict=calling("cut_after"), ordered=True),
    Fault(name="answers", inflict=answers, ordered=True),
    Fault(name="refusals", inflict=refusals, refuses=True, ordered=True),
    Fault(name="blocked", inflict=kill, suits=_is(channel="telegram"), prepare=some_block, holds=True),
    Fault(name="half", inflict=delivering("half"), suits=_breaks_asking, loses=True),
    Fault(name="unheard", inflict=delivering("unheard"), suits=_breaks_asking, loses=True),
    Fault(name="repeat", inflict=repeat),
    Fault(name="database_away", inflict=database_away, suits=_is(database="postgres"), loses=True),
    Fault(name="disk_full", inflict=disk_full, suits=_is(database="sqlite"), loses=True),
    Fault(name="freeze", inflict=freeze, loses=True),
    Fault(name="step_clock", inflict=step_clock, prepare=with_clock),
)
