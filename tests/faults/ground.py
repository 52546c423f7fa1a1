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
START_SECONDS = 40.0


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
async def telegram(scale: float = 0.02, of: str = "telegram") -> AsyncIterator[Sim]:
    """A running stand-in, of Telegram or of another platform (a package of tests.fakes)."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"tests.fakes.{of}", "--scale", str(scale), cwd=ROOT, stdout=asyncio.subprocess.PIPE
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


class Danban:
    """`danban run`, to be started, killed and started again on the same data."""

    def __init__(self, folder: Path, sim: Sim, **settings: str) -> None:
        self.log = folder / "danban.log"
        self._settings = {
            "PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT), "DATA_DIR": str(folder / "var"),
            "HTTP_PORT": "0", "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": sim.url, "MESSAGES_PER_MINUTE": "10000",
            "LEASE_SECONDS": "5", "STOP_SECONDS": "5", **settings,
        }  # fmt: skip
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it and go on at once."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=self.log.parent, env=self._settings, stdout=log, stderr=log
            )

    async def end(self, number: signal.Signals) -> int:
        """Send it a signal and wait; its exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(number)
        return await self._process.wait()
