"""The published table names every fault, and is written between its two marks only."""

from pathlib import Path

import pytest

from tests.faults import table
from tests.faults.deeds import FAULTS
from tests.faults.drawing import SETUPS, Result
from tests.faults.verdict import Tally


def results() -> list[Result]:
    """Every fault once, one after the other on all installations."""
    tally = Tally(updates=3, effects=3, owed=7, sent=7, photos=5)
    return [
        Result(setup=SETUPS[n % len(SETUPS)], fault=one.name, count=2, tally=tally, seconds=1.0)
        for n, one in enumerate(FAULTS)
    ]


def test_a_run_is_published_in_both_languages_and_nothing_else_is_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "ROOT", tmp_path)
    for name in table.DOCUMENTS.values():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n", "utf-8")
    table.publish(results(), seed=7, minutes=12.4, postgres="18.4")
    for language, name in table.DOCUMENTS.items():
        written = (tmp_path / name).read_text("utf-8")
        assert written.startswith("before\n") and written.endswith("\nafter\n") and "old" not in written
        assert all(table.WORDS[language][one.name] in written for one in FAULTS)
        assert all(str(one) in written for one in SETUPS)
        assert f"{5 * len(FAULTS)} " in written and f"| {3 * len(FAULTS)} |" in written
