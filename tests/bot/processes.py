"""Several real processes of one installation on PostgreSQL, with the platform's stand-in in this one."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from tests.apart import run_apart
from tests.bot.telegram_house import SECRET
from tests.bot.test_start import environment
from tests.fakes.telegram.server import TelegramServer
from tests.faults.ground import free_port

PATIENCE_SECONDS = 60.0
READY = "đang chạy"


class Processes:
    """The processes of one installation, by name."""

    def __init__(self, folder: Path, url: str, server: TelegramServer, **settings: str) -> None:
        self.folder = folder
        self.url = url
        self._settings = {
            "DATABASE_URL": url, "TELEGRAM_TOKEN": server.bot.token, "TELEGRAM_API_URL": server.url,
            "MESSAGES_PER_MINUTE": "1000", **settings,
        }  # fmt: skip
        self._running: dict[str, subprocess.Popen[str]] = {}

    def start(self, *names: str, **own: str) -> None:
        """Start processes at once, each with the duties its name begins with (`web+inbox-2`), until they say so.

        `own` are settings of theirs alone.
        """
        for name in names:
            if name in self._running:
                self.kill(name)
            duties = name.partition("-")[0].replace("+", ",")
            command = [sys.executable, "-m", "bot", "run", *(["--only", duties] if duties != "all" else [])]
            with (self.folder / f"{name}.log").open("ab") as log:
                self._running[name] = subprocess.Popen(
                    command, cwd=self.folder, env=environment(self.folder, **(self._settings | own)),
                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True,
                )  # fmt: skip
        for name in names:
            said = self._running[name].stdout
            assert said is not None
            assert any(READY in line for line in said), self.log(name)

    def log(self, name: str) -> str:
        """What a process has complained of."""
        return (self.folder / f"{name}.log").read_text()

    def kill(self, name: str) -> None:
        """End a process as a power failure would."""
        self._running[name].kill()
        self._running.pop(name).communicate()

    def ask_to_stop(self, name: str) -> None:
        """Send SIGTERM, and do not wait."""
        self._running[name].send_signal(signal.SIGTERM)

    def ended(self, name: str) -> int | None:
        """The exit code, once it has ended."""
        return self._running[name].poll()

    def pause(self, name: str, *, go_on: bool = False) -> None:
        """Freeze a process, or let it go on."""
        self._running[name].send_signal(signal.SIGCONT if go_on else signal.SIGSTOP)

    def pid(self, name: str) -> int:
        """The process's number."""
        return self._running[name].pid

    def close(self) -> None:
        """Kill whatever runs."""
        for name in list(self._running):
            self.kill(name)


@asynccontextmanager
async def processes(folder: Path, url: str, server: TelegramServer, **settings: str) -> AsyncIterator[Processes]:
    """An installation without any process yet; none is left in the end."""
    made = Processes(folder, url, server, **settings)
    try:
        yield made
    finally:
        made.close()


async def until(true: Callable[[], object]) -> None:
    """Wait for something other processes do."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not true():  # noqa: ASYNC110  # other processes have no event for us
            await asyncio.sleep(0.02)


async def answered(server: TelegramServer, user: int) -> None:
    """Somebody new writes, and is answered."""
    server.people.write(user, "/start")
    await until(lambda: any("đồng ý" in text for text in server.texts(user)))


async def started(home: Processes, *names: str, **own: str) -> None:
    """Start processes without keeping the stand-in from answering them."""
    await asyncio.to_thread(home.start, *names, **own)


def settings_of(mode: str) -> dict[str, str]:
    """Settings to be reached by Telegram in this mode."""
    if mode == "polling":
        return {"TELEGRAM_MODE": mode, "HTTP_PORT": "0"}
    port = free_port()
    return {
        "TELEGRAM_MODE": mode, "TELEGRAM_WEBHOOK_SECRET": SECRET, "HTTP_PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }  # fmt: skip


def ask(url: str, statement: str) -> int:
    """One number out of the database, on a connection of its own."""
    found: list[int] = []

    async def fetch() -> None:
        connection = await asyncpg.connect(url.replace("+asyncpg", ""))
        try:
            found.append(int(await connection.fetchval(statement) or 0))
        finally:
            await connection.close()

    run_apart(fetch())
    return found[0]
