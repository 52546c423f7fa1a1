"""Labelled messages for the tests of routing: where they lie, and how marks are taken from them."""

import csv
import unicodedata
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
# Written before there was a rule; written after each round of rules, measured unseen once.
OWN = HERE / "complaints_own.tsv"
FRESH = tuple(HERE / f"complaints_{name}.tsv" for name in ("fresh", "fresh2", "fresh3"))
# Written last; no word of the rules was added for it, so it tells best how new messages fare. Keep it so.
UNTUNED = HERE / "complaints_untuned.tsv"
# Beside the repository, when the project's shared folder is there.
DEV = HERE.parents[2] / "shared" / "complaints_dev.tsv"

_BARE_D = str.maketrans("đĐ", "dD")


class Example(NamedTuple):
    """One message with what it is about and what it is."""

    number: str
    topic: str
    kind: str
    text: str


def examples(path: Path) -> list[Example]:
    """The labelled messages of one file."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Example(row["id"], row["topic"], row["kind"], row["text"]) for row in rows]


def without_marks(text: str) -> str:
    """The text as somebody types it who has no Vietnamese keyboard."""
    letters = unicodedata.normalize("NFD", text.translate(_BARE_D))
    return "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")
