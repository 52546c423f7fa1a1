"""Starting a bot as a process of its own, on a core of its own, and measuring what it used."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.ground.machine import Used, keep_to, used

START_SECONDS = 60.0
STOP_SECONDS = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A bot that runs; it printed the port it listens on as its first line."""

    process: int
    port: int

    def used(self) -> Used:
        """What it has used so far."""
        return used(self.process)


@asynccontextmanager
async def running(
    module: str, *arguments: str, folder: Path, environment: dict[str, str] | None = None, own_core: bool = True
) -> AsyncIterator[Running]:
    """Run `python -m module` until the block ends; its log goes to a file in the folder."""
    log = (folder / f"{module}.log").open("ab")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, stdout=asyncio.subprocess.PIPE, stderr=log,
        env=os.environ | (environment or {}),
    )  # fmt: skip
    assert process.stdout is not None
    try:
        first = await asyncio.wait_for(process.stdout.readline(), START_SECONDS)
        if not first.strip().isdigit():
            log.flush()
            raise RuntimeError(f"{module} did not start: {(folder / f'{module}.log').read_text()[-2000:]}")
        if own_core:
            keep_to(process.pid, bot=True)
        yield Running(process=process.pid, port=int(first))
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), STOP_SECONDS)
            except TimeoutError:
                process.kill()
                await process.wait()
        log.close()
