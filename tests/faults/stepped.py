"""`danban` with a clock that can be put on and back while it runs: `python -m tests.faults.stepped run`."""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import bot.__main__
from bot.clock import Clock

FILE = "clock.txt"


def now(_clock: Clock) -> datetime:
    """The time as the machine's clock would show it, had somebody put it on by the seconds in a file."""
    file = Path(os.environ["DATA_DIR"]).parent / FILE
    seconds = float(file.read_text()) if file.exists() else 0.0
    return datetime.now(UTC) + timedelta(seconds=seconds)


if __name__ == "__main__":
    Clock.now = now  # type: ignore[method-assign]  # the one clock of the product
    sys.exit(bot.__main__.main())
