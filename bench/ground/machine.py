"""What was measured on, what a process used, and the one line that says whether a goal was reached."""

import os
import platform
import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from statistics import median

import psutil

PACKAGES = ("aiohttp", "SQLAlchemy", "aiosqlite", "asyncpg", "python-telegram-bot", "aiogram")
# The bot has a core of its own, so that nothing else stands in its light; the world outside shares the others.
BOT_CORE = 0
MEGABYTE = 10**6


def introduce(what: str) -> None:
    """Print what is measured, on what."""
    print(f"\n== {what} ({datetime.now(UTC):%Y-%m-%d %H:%M} UTC)")
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    print(f"   Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {packages}")
    load = os.getloadavg()[0]
    print(f"   {_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, load {load:.1f}")


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            found = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    except OSError:
        found = ""
    return found or platform.machine()


def goal(name: str, reached: float, wanted: float, *, at_most: bool = False, unit: str = "") -> bool:
    """Print one line `goal / reached`; whether it was reached."""
    met = reached <= wanted if at_most else reached >= wanted
    sign = "≤" if at_most else "≥"
    print(f"   {'reached' if met else 'MISSED '}  {name}: goal {sign} {wanted:g}{unit}, reached {reached:.4g}{unit}")
    sys.stdout.flush()
    return met


def keep_to(process: int, *, bot: bool) -> None:
    """Put a process on the bot's core, or on all the others; nothing where that cannot be said."""
    cores = os.cpu_count() or 1
    if cores > 1 and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(process, {BOT_CORE} if bot else set(range(cores)) - {BOT_CORE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What a process had used at one moment: CPU seconds (user and system) and resident bytes."""

    cpu_seconds: float
    resident_bytes: int


def used(process: int) -> Used:
    """What a process has used so far."""
    one = psutil.Process(process)
    times = one.cpu_times()
    return Used(cpu_seconds=times.user + times.system, resident_bytes=one.memory_info().rss)


def middle(values: Sequence[float]) -> str:
    """The median of some runs and how far they lie apart."""
    return f"{median(values):8.1f} ({min(values):.1f} to {max(values):.1f})"
