"""The platform's limits, used to the full: a digest to 3,321 groups and 10,000 notices leave together.

Real processes (`bot run`, webhook mode) against the stand-in for Telegram in a process of its own, which counts strict
windows by when requests reach it. Meanwhile residents are answered; half of them have a notice of their own waiting.
Printed: how much of the allowed rate was used, windows exceeded (0 is the goal), how long answers waited, the ends.
`--scale 10` makes both sides' limits ten times as large, and the run ten times as short. `--kill` ends a sender with
kill -9 a third of the way and starts it again. `--full` is the real thing: 13,321 messages at 30 a second.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import aiohttp
from sqlalchemy import func, insert, select

from bench.ground import databases
from bench.ground.machine import goal, introduce
from bench.ground.options import chosen, parser
from bot.clock import Clock
from bot.sample import seed
from domain.notices import Priority
from handlers.engine.reply import Reply
from storage import outbox
from storage.database import Database
from storage.outbox import Address
from tests.faults.ground import ROOT, TOKEN, Sim, free_port

ACCOUNT = TOKEN.partition(":")[0]
FIRST = 100_000
DIGEST = "Bản tin tuần của phường\n\n" + "\n".join(
    f"{n}. Việc đã làm trong tuần, có hình ảnh và kết quả." for n in range(12)
)
ANSWER_EVERY_SECONDS = 0.2
PER_SECOND, GROUP_PER_MINUTE = 30, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is measured."""

    people: int
    groups: int
    scale: int
    processes: int
    kill: bool
    line_ms: float
    jitter_ms: float


@asynccontextmanager
async def stand_in(asked: Asked) -> AsyncIterator[Sim]:
    """Telegram's stand-in, with its limits scaled."""
    limits = {
        "per-second": PER_SECOND * asked.scale, "group-per-minute": GROUP_PER_MINUTE * asked.scale,
        "chat-per-second": asked.scale, "line-ms": asked.line_ms, "jitter-ms": asked.jitter_ms,
    }  # fmt: skip
    options = [text for name, value in limits.items() for text in (f"--{name}", str(value))]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.telegram", *options, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        url = (await process.stdout.readline()).decode().strip()
        async with aiohttp.ClientSession() as client:
            yield Sim(url, client)
    finally:
        process.kill()
        await process.wait()


class Sender:
    """One `bot run`."""

    def __init__(self, folder: Path, sim: Sim, url: str, asked: Asked, port: int) -> None:
        self._folder = folder
        self.cpu_seconds = 0.0
        self._environment = {
            "PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT), "DATA_DIR": str(folder / "var"),
            "DATABASE_URL": url, "HTTP_PORT": str(port), "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": sim.url,
            "TELEGRAM_MODE": "webhook", "PUBLIC_URL": f"http://127.0.0.1:{port}", "DEMO": "0",
            "TELEGRAM_WEBHOOK_SECRET": "a-secret-of-sixteen", "TELEGRAM_PER_SECOND": str(PER_SECOND * asked.scale),
            "TELEGRAM_GROUP_PER_MINUTE": str(GROUP_PER_MINUTE * asked.scale), "SENDS_AT_ONCE": "64",
            "TELEGRAM_CHAT_PER_SECOND": str(asked.scale), "TELEGRAM_CHAT_BURST": str(3 * asked.scale),
            "LEASE_SECONDS": "15", "STOP_SECONDS": "5",
        }  # fmt: skip
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it."""
        with (self._folder / "log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=self._folder, env=self._environment, stdout=log, stderr=log
            )

    async def end(self, number: signal.Signals) -> None:
        """Send it a signal and wait."""
        assert self._process is not None
        self.cpu_seconds += _cpu_seconds(self._process.pid)
        self._process.send_signal(number)
        await self._process.wait()


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def fill(database: Database, asked: Asked) -> None:
    """Owe the digest and the notices, mixed as they would come."""
    now = Clock().now()
    everything = [(Priority.DIGEST, -number, DIGEST) for number in range(FIRST, FIRST + asked.groups)]
    everything += [
        (Priority.NOTICE, number, f"Hồ sơ {number} đã được trả lời.") for number in range(FIRST, FIRST + asked.people)
    ]
    random.shuffle(everything)
    rows = [
        {
            "channel": "telegram", "account": ACCOUNT, "chat": str(chat), "language": "vi", "priority": priority,
            "urgency": priority, "followed": False, "edits": False, "body": {"reply": Reply(text=text).to_json()},
            "state": "queued", "pieces_sent": 0, "units": 1, "attempts": 0, "doubts": 0, "send_after": now,
            "created_at": now,
            "key": f"digest:{chat}" if priority == Priority.DIGEST else None,
        }
        for priority, chat, text in everything
    ]  # fmt: skip
    async with database.transaction() as tx:
        await tx.execute(insert(outbox.outbox), rows)


async def answer(database: Database, asked: Asked, stop: asyncio.Event) -> dict[str, float]:
    """Owe somebody an answer every now and then; when each was owed, by its words."""
    owed: dict[str, float] = {}
    while not stop.is_set():
        # Half of them among those whose notice is waiting.
        chat = random.randrange(FIRST, FIRST + 2 * asked.people)  # noqa: S311  # chance, not secrecy
        text = f"Trả lời số {len(owed)}"
        async with database.transaction() as tx:
            await outbox.put(
                tx, Address(channel="telegram", account=ACCOUNT, chat=str(chat)),
                {"reply": Reply(text=text).to_json()}, language="vi", priority=Priority.REPLY, now=Clock().now(),
            )  # fmt: skip
        owed[text] = time.time()
        await asyncio.sleep(ANSWER_EVERY_SECONDS)
    return owed


async def owed_still(database: Database) -> int:
    async with database.reading() as tx:
        return await outbox.owed(tx)


async def run(url: str, asked: Asked) -> None:
    """One run on one database."""
    database = Database.open(url)
    await database.migrate()
    async with database.transaction() as tx:
        await seed(tx, now=Clock().now() - timedelta(days=1))
    await fill(database, asked)
    with tempfile.TemporaryDirectory() as folder:
        async with stand_in(asked) as sim:
            await sim.do("crowd", people=2 * asked.people, groups=asked.groups, first=FIRST)
            places = [Path(folder) / str(number) for number in range(asked.processes)]
            for place in places:
                place.mkdir()
            senders = [Sender(place, sim, url, asked, free_port()) for place in places]
            await measured(database, sim, senders, asked)
            for place in places:
                said = [line for line in (place / "log").read_text().splitlines() if "ERROR" in line or "Trace" in line]
                print("   log:", said[:5]) if said else None
    await database.close()


async def measured(database: Database, sim: Sim, senders: list[Sender], asked: Asked) -> None:
    """Let them send until nothing is owed, and print what was seen."""
    stop = asyncio.Event()
    for sender in senders:
        await sender.start()
    while not await sim.do("arrivals"):  # noqa: ASYNC110  # another process has no event for it
        await asyncio.sleep(0.1)
    answering = asyncio.create_task(answer(database, asked, stop))
    kill_at = (asked.people + asked.groups) * 2 // 3 if asked.kill else -1
    while (left := await owed_still(database)) > 3:
        if left < kill_at:
            kill_at = -1
            await senders[0].end(signal.SIGKILL)
            await senders[0].start()
        if left < 50:
            stop.set()
        await asyncio.sleep(0.3)
    stop.set()
    owed = await answering
    while await owed_still(database):  # noqa: ASYNC110  # as above
        await asyncio.sleep(0.3)
    for sender in senders:
        await sender.end(signal.SIGTERM)
    await show(database, sim, senders, asked, owed)


async def show(database: Database, sim: Sim, senders: list[Sender], asked: Asked, owed: dict[str, float]) -> None:
    arrivals = [at for _chat, at in await sim.do("arrivals")]
    # The last ones wait for nobody's limit but their own chats': the rate is that of all but the last second.
    last = [at for at in arrivals if at < arrivals[-1] - 1]
    seconds = last[-1] - last[0]
    share = len(last) / (seconds * PER_SECOND * asked.scale)
    excesses = await sim.do("excesses")
    async with database.reading() as tx:
        counted = select(outbox.outbox.c.state, func.count()).group_by(outbox.outbox.c.state)
        ends = {state: number for state, number in (await tx.execute(counted)).all()}
        doubts = await tx.scalar(select(func.sum(outbox.outbox.c.doubts)))
    texts = Counter(one["params"].get("text") for one in await sim.do("calls", method="sendMessage"))
    came: dict[str, float] = {text: at for text, at in await sim.do("said") if text in owed}
    waits = sorted(came[text] - at for text, at in owed.items() if text in came)
    digests = Counter(one["params"]["chat_id"] for one in await sim.do("calls", method="sendMessage")
                      if one["params"].get("text") == DIGEST)  # fmt: skip
    cpu = sum(sender.cpu_seconds for sender in senders)
    print(
        f"   {len(arrivals)} messages in {seconds:.1f} s: {len(last) / seconds:.2f}/s, {share:.1%} of what is allowed"
    )
    goal("share of what is allowed", share, 0.95)
    goal(f"windows exceeded {excesses[:3] or ''}", len(excesses), 0, at_most=True)
    print(f"   ends: {ends}, doubts {doubts}, digests twice: {sum(n > 1 for n in digests.values())}, "
          f"answers twice: {sum(texts[text] > 1 for text in owed)}")  # fmt: skip
    if waits:
        print(
            f"   {len(waits)} of {len(owed)} answers: p50 {waits[len(waits) // 2] * 1000:.0f} ms, "
            f"p99 {waits[int(len(waits) * 0.99)] * 1000:.0f} ms, longest {waits[-1] * 1000:.0f} ms"
        )
        goal("longest wait for an answer", waits[-1], 1, at_most=True, unit=" s")
    print(f"   CPU of the senders: {cpu / len(arrivals) * 1000:.1f} ms a message")


def options() -> argparse.ArgumentParser:
    """What it can be asked."""
    arguments = parser(__doc__, databases=True)
    arguments.add_argument("--people", type=int, default=10_000)
    arguments.add_argument("--groups", type=int, default=3_321)
    arguments.add_argument("--scale", type=int, default=5, help="`--full`: 1, ten minutes a database")
    arguments.add_argument("--processes", type=int, default=2, help="on PostgreSQL")
    arguments.add_argument("--kill", action="store_true")
    arguments.add_argument("--line-ms", type=float, default=20.0)
    arguments.add_argument("--jitter-ms", type=float, default=5.0)
    return arguments


def main() -> int:
    """Read what is asked, and measure it."""
    given = options().parse_args()
    introduce("limits: a digest, notices and answers together, at the platform's rate")
    part = 10 if given.quick else 1  # a quick look is a tenth of the messages
    for kind in chosen(given.only):
        asked = Asked(
            people=given.people // part, groups=given.groups // part, scale=1 if given.full else given.scale,
            processes=1 if kind == "sqlite" else given.processes, kill=given.kill, line_ms=given.line_ms,
            jitter_ms=given.jitter_ms,
        )  # fmt: skip
        print(f"{kind}: {json.dumps({name: getattr(asked, name) for name in Asked.__slots__})}", flush=True)
        with databases.database(kind) as (url, _folder):
            asyncio.run(run(url, asked))
    return 0


if __name__ == "__main__":
    sys.exit(main())
