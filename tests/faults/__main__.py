"""`make faults`: every fault against every way to run it, again and again, with a table of what came of it.

The seed is printed; `--seed` repeats a draw. Ends with 1 if anything was not as promised.
"""

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import asyncpg

from storage.database import Database
from tests.apart import run_apart
from tests.faults.deeds import FAULTS, Fault
from tests.faults.drawing import KILLS, SETUPS, Result, Setup, run
from tests.faults.table import publish, table
from tests.faults.verdict import Tally
from tests.postgres import Postgres

AT_ONCE = 2


class Databases:
    """A fresh database for each installation."""

    def __init__(self) -> None:
        self._postgres = Postgres()
        # Migrations are written for one at a time.
        self._turn = threading.Lock()

    def version(self) -> str:
        """PostgreSQL's version."""
        found: list[str] = []

        async def ask() -> None:
            connection = await asyncpg.connect(self._postgres.url("postgres", driver=""))
            found.append(str(await connection.fetchval("SHOW server_version")))
            await connection.close()

        run_apart(ask())
        return found[0].split()[0]

    def url(self, kind: str, folder: Path) -> str:
        """The address of an empty one with the newest schema."""
        url = f"sqlite+aiosqlite:///{folder / 'danban.db'}"
        if kind == "postgres":
            url = self._postgres.url(self._postgres.create())
        with self._turn:
            run_apart(_migrate(url))
        return url


async def _migrate(url: str) -> None:
    database = Database.open(url)
    try:
        await database.migrate()
    finally:
        await database.close()


async def main() -> int:
    """Run the draw; how the process ends."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seed", type=int, default=random.randrange(10**6))  # noqa: S311  # chance, not secrecy
    arguments.add_argument("--kills", type=int, default=0, help=f"of each installation; else by channel: {KILLS}")
    arguments.add_argument("--only", default="", help="a part of an installation's name")
    arguments.add_argument("--fault", default="", help="one fault's name")
    arguments.add_argument("--publish", action="store_true", help="write the table into the documents")
    given = arguments.parse_args()
    setups = [one for one in SETUPS if given.only in str(one)]
    faults = [one for one in FAULTS if given.fault in ("", one.name)]
    kills = {setup: given.kills or KILLS[setup.channel] for setup in setups}
    print(f"seed {given.seed}: {len(setups)} installations, at least {sum(kills.values())} kills", flush=True)
    began, databases, places = time.monotonic(), Databases(), asyncio.Semaphore(AT_ONCE)
    drawn = [_one(setup, databases, places, seed=given.seed, kills=kills[setup], faults=faults) for setup in setups]
    results = [result for found in await asyncio.gather(*drawn) for result in found]
    minutes = (time.monotonic() - began) / 60
    print(table(results, "en"), _durations(results), sep="\n")
    problems = [f"{one.setup}: {one.fault}: {text}" for one in results for text in one.tally.problems]
    print(f"seed {given.seed}, {minutes:.1f} minutes: {len(problems)} problems", *problems, sep="\n  ")
    if given.publish and not problems:
        publish(results, seed=given.seed, minutes=minutes, postgres=databases.version())
    return 1 if problems else 0


async def _one(
    setup: Setup, databases: Databases, places: asyncio.Semaphore, *, seed: int, kills: int, faults: Sequence[Fault]
) -> list[Result]:
    async with places:
        folder = Path(tempfile.mkdtemp(prefix="danban-faults-"))
        found: list[Result] = []
        try:
            url = await asyncio.to_thread(databases.url, setup.database, folder)
            found = await run(
                setup, url, folder, seed=seed, kills=kills, faults=faults, said=_say, away_seconds=setup.away_seconds
            )
        except Exception as error:
            # One installation that cannot be judged must not hide what became of the others.
            tally = Tally(problems=[f"{type(error).__name__}: {error} (kept in {folder})"])
            found = [Result(setup=setup, fault="kill", count=0, tally=tally, seconds=0.0)]
            _say(found[0])
            return found
        if not any(one.tally.problems for one in found):
            shutil.rmtree(folder)
        return found


def _durations(results: list[Result]) -> str:
    """How long each installation took, the longest first."""
    seconds: Counter[str] = Counter()
    for one in results:
        seconds[str(one.setup)] += round(one.seconds)
    return "\n".join(f"{count:5} s  {name}" for name, count in seconds.most_common())


def _say(result: Result) -> None:
    problems = "; ".join(result.tally.problems) or "ok"
    print(f"{result.setup}: {result.fault} × {result.count}, {result.seconds:.0f} s: {problems}", flush=True)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
