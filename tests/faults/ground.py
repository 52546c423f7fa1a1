"""The real process under test and the stand-in for Telegram, each a process of its own."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

ROOT = Path(__file__).parents[2]
TOKEN = "700001:TEST-token-abcdefghijklmnopqrstuvwx"
START_SECONDS = 240.0  # of a machine that is as busy as can be
READY = "đang chạy".encode()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@dataclass
class Sim:
    """The stand-in, spoken to by /sim."""

    url: str
    client: aiohttp.ClientSession

    async def do(self, what: str, **given: Any) -> Any:
        """Have something happen, or look."""
        async with self.client.post(f"{self.url}/sim/{what}", json=given) as response:
            assert response.status == 200, (what, await response.text())
            return (await response.json())["done"]


@asynccontextmanager
async def stand_in(name: str, *options: str) -> AsyncIterator[Sim]:
    """A running stand-in for a platform, of tests/fakes."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"tests.fakes.{name}", *options, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(START_SECONDS):
            url = (await process.stdout.readline()).decode().strip()
        async with aiohttp.ClientSession() as client:
            yield Sim(url, client)
    finally:
        process.kill()
        await process.wait()
        process._transport.close()  # type: ignore[attr-defined]  # else its pipe is closed too late, with a warning


@asynccontextmanager
async def telegram(scale: float = 0.02, of: str = "telegram") -> AsyncIterator[Sim]:
    """A running stand-in for Telegram, or for another platform."""
    async with stand_in(of, "--scale", str(scale)) as sim:
        yield sim


class Danban:
    """`danban run`, to be started, killed and started again on the same data."""

    def __init__(self, folder: Path, *, only: str = "", name: str = "danban", **settings: str) -> None:
        self.log = folder / f"{name}.log"
        self._only = ["--only", only] if only else []
        self._settings = {
            "PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT), "DATA_DIR": str(folder / "var"),
            "HTTP_PORT": "0", "MESSAGES_PER_MINUTE": "10000", "LEASE_SECONDS": "5", "STOP_SECONDS": "5",
            **settings,
        }  # fmt: skip
        self._process: asyncio.subprocess.Process | None = None
        self._said = 0

    async def start(self, program: str = "bot") -> None:
        """Start it and go on at once."""
        self._said = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", program, "run", *self._only,
                cwd=self.log.parent, env=self._settings, stdout=log, stderr=log,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        """The process's number."""
        assert self._process is not None
        return self._process.pid

    @property
    def runs(self) -> bool:
        """Whether it has been started and has not ended."""
        return self._process is not None and self._process.returncode is None

    def is_ready(self) -> bool:
        """Whether it has said that it runs, since it was last started."""
        with self.log.open("rb") as log:
            log.seek(self._said)
            return READY in log.read()

    async def ready(self) -> None:
        """Wait until it says that it runs."""
        async with asyncio.timeout(START_SECONDS):
            while not self.is_ready():  # another process has no event for us
                if not self.runs:
                    raise AssertionError(f"it did not start: {self.log.read_text()[-2000:]}")
                await asyncio.sleep(0.02)

    def tell(self, number: signal.Signals) -> None:
        """Send it a signal, and do not wait."""
        assert self._process is not None
        self._process.send_signal(number)

    async def end(self, number: signal.Signals) -> int:
        """Send it a signal and wait; its exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(number)
        return await self._process.wait()

    async def put_away(self) -> None:
        """Kill it, if it runs."""
        if self.runs:
            self.tell(signal.SIGCONT)
            await self.end(signal.SIGKILL)
