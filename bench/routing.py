"""How often category and kind are guessed: `python -m bench.routing` prints accuracy on every labelled file.

Shared examples lie beside the repository; without them only the project's own are measured. Exit 1 below the goals
(topic 0.90, kind 0.92, every denunciation found, at most 0.05 lost when diacritics are stripped) on the shared ones.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.ground.options import parser
from bot.ward_file import SAMPLE_WARD, read_ward
from domain.routing import guess_category
from domain.routing_kind import guess_kind
from tests.domain.routing_examples import DEV, FRESH, OWN, UNTUNED, Example, examples, without_marks

TOPIC_GOAL = 0.90
KIND_GOAL = 0.92
STRIPPED_LOSS_MAX = 0.05

CATEGORIES = read_ward(SAMPLE_WARD).categories
Typed = Callable[[str], str]


def measure(rows: list[Example], typed: Typed) -> tuple[float, float, float]:
    """Accuracy on topic, accuracy on kind, recall of denunciations."""
    topics = sum(guess_category(typed(row.text), CATEGORIES).category_code == row.topic for row in rows)
    kinds = sum(guess_kind(typed(row.text)).kind == row.kind for row in rows)
    accusing = [row for row in rows if row.kind == "denunciation"]
    found = sum(guess_kind(typed(row.text)).kind == "denunciation" for row in accusing)
    return topics / len(rows), kinds / len(rows), found / max(1, len(accusing))


def show_misses(rows: list[Example], typed: Typed) -> None:
    """Every message guessed wrongly, with what was guessed."""
    for row in rows:
        guess, kind = guess_category(typed(row.text), CATEGORIES), guess_kind(typed(row.text))
        if guess.category_code != row.topic or kind.kind != row.kind:
            print(f"    {row.number} {row.topic}/{row.kind} → {guess.category_code}/{kind.kind}: {row.text[:90]}")


def report(path: Path, *, with_misses: bool) -> list[tuple[float, float, float]]:
    """Print one file's figures, as typed and stripped."""
    rows, figures = examples(path), []
    variants: tuple[tuple[str, Typed], ...] = (("as typed", str), ("stripped", without_marks))
    for name, typed in variants:
        figures.append(measure(rows, typed))
        topic, kind, recall = figures[-1]
        print(
            f"{path.stem:<20} {name:<9} n={len(rows):<4} topic {topic:.3f}  kind {kind:.3f}  denunciations {recall:.3f}"
        )
        if with_misses:
            show_misses(rows, typed)
    return figures


def options() -> argparse.ArgumentParser:
    """What it can be asked; it takes seconds, quick or full."""
    arguments = parser(__doc__)
    arguments.add_argument("--misses", action="store_true", help="every message guessed wrongly")
    return arguments


def main() -> int:
    """Print all figures; 1 when the shared examples fall below the goals."""
    with_misses = options().parse_args().misses
    started = time.perf_counter()
    for path in (OWN, *FRESH, UNTUNED):
        report(path, with_misses=with_misses)
    if not DEV.exists():
        print("complaints_dev.tsv is not beside the repository: goals not checked")
        return 0
    typed, stripped = report(DEV, with_misses=with_misses)
    print(f"{time.perf_counter() - started:.1f} s in all")
    reached = typed[0] >= TOPIC_GOAL and typed[1] >= KIND_GOAL and typed[2] == 1.0
    kept = all(full - bare <= STRIPPED_LOSS_MAX for full, bare in zip(typed, stripped, strict=True))
    return 0 if reached and kept else 1


if __name__ == "__main__":
    sys.exit(main())
