"""A short draw out of `make faults`: one installation by chance meets two faults by chance, and is judged after each.

One of several processes takes longer to start and to come to rest, and meets one fault.
The run says its FAULTS_SEED at the top; given, it repeats a draw.
"""

import os
import random
from pathlib import Path

import pytest

from tests.faults.deeds import FAULTS
from tests.faults.drawing import SETUPS, Result, run

# Long ones are left to `make faults`.
BRIEF = [fault for fault in FAULTS if fault.name not in ("step_clock", "power")]


async def test_whatever_breaks_nothing_is_lost_and_nothing_done_twice(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    seed = int(os.environ["FAULTS_SEED"])
    draw = random.Random(seed)  # noqa: S311  # chance, not secrecy
    setup = draw.choice(SETUPS)
    url = str(request.getfixturevalue(f"ready_{setup.database}_url"))
    said: list[Result] = []
    met = 1 if len(setup.processes) > 1 else 2
    results = await run(setup, url, tmp_path, seed=seed, kills=2, faults=BRIEF, said=said.append, at_most=met)
    assert len(said) == met
    assert not [f"{one.fault}: {text}" for one in results for text in one.tally.problems], results
