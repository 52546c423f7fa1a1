"""How well real plans are read: precision, recall and F1 per field against ../shared/plans/expected.

Rules of comparison. Text is compared folded (no diacritics, case, punctuation). Document fields: one point each for
number, place, issued_on, issuer, title; null must be null. Items are paired by heading path; `optional_headings` count
neither way. A title agrees when one is the prefix of the other (at least 12 letters, or equal); heading and title
together make the item found. lead_unit must be equal (two nulls agree and are not counted); implementing_units are
compared as sets of names. Deadlines: date and exclusiveness ("trước" in the text) as a multiset per item. Reports:
(kind, by, to, due) as a multiset; "(qua …)" counts. Period is compared folded.

Exit status 1 below the goals: document fields 0.95, item titles and units 0.90, deadlines and reports 1.0.
"""

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.ground.options import parser
from domain.plan_document import PlanUnreadable, read_plan, to_json
from domain.plan_document.actors import unit_key

ROOT = Path(__file__).resolve().parent.parent
PLANS = ROOT.parent / "shared" / "plans"
GOALS = {"document": 0.95, "items": 0.90, "deadlines": 1.0, "reports": 1.0}
DOCUMENT_FIELDS = ("number", "place", "issued_on", "issuer", "title")
PREFIX_MIN = 12
Json = dict[str, Any]


@dataclass
class Score:
    """Right, expected and given, counted."""

    right: int = 0
    expected: int = 0
    given: int = 0

    def add(self, right: int, expected: int, given: int) -> None:
        self.right += right
        self.expected += expected
        self.given += given

    @property
    def precision(self) -> float:
        return self.right / self.given if self.given else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.expected if self.expected else 1.0

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def same_title(left: str, right: str) -> bool:
    """Whether one title is the beginning of the other."""
    a, b = sorted((unit_key(left), unit_key(right)), key=len)
    return a == b or (len(a) >= PREFIX_MIN and b.startswith(a))


def compare(expected: Json, given: Json, scores: dict[str, Score], wrong: list[str]) -> None:
    """Add one plan to the scores and its differences to `wrong`."""
    for name in DOCUMENT_FIELDS:
        _compare_field(name, expected, given, scores, wrong)
    _compare_items(expected, given, scores, wrong)
    left, right = Counter(_duty(one) for one in expected["reports"]), Counter(_duty(one) for one in given["reports"])
    scores["reports"].add((left & right).total(), left.total(), right.total())
    wrong += [f"report missing {one}" for one in (left - right)] + [f"report extra {one}" for one in (right - left)]


def _compare_field(name: str, expected: Json, given: Json, scores: dict[str, Score], wrong: list[str]) -> None:
    want, have = expected[name], given[name]
    same = want == have or (want is not None and have is not None and unit_key(want) == unit_key(have))
    counted = (int(want is not None), int(have is not None))
    scores["document"].add(int(same and want is not None), *counted)
    scores[f"document.{name}"].add(int(same and want is not None), *counted)
    if not same:
        wrong.append(f"{name}: want {want!r}, have {have!r}")


def _compare_items(expected: Json, given: Json, scores: dict[str, Score], wrong: list[str]) -> None:
    optional = set(expected.get("optional_headings", []))
    want = {item["heading"]: item for item in expected["items"]}
    have = {item["heading"]: item for item in given["items"] if item["heading"] not in optional}
    wrong += [f"item missing {one}" for one in want.keys() - have.keys()]
    wrong += [f"item extra {one}: {have[one]['title'][:50]}" for one in have.keys() - want.keys()]
    titles = {one for one in want.keys() & have.keys() if same_title(want[one]["title"], have[one]["title"])}
    wrong += [f"title {one}: {have[one]['title'][:90]!r}" for one in (want.keys() & have.keys()) - titles]
    for name in ("items", "items.title"):
        scores[name].add(len(titles), len(want), len(have))
    for heading in want.keys() | have.keys():
        _compare_item(heading, want.get(heading), have.get(heading), scores, wrong)


def _compare_item(
    heading: str, want: Json | None, have: Json | None, scores: dict[str, Score], wrong: list[str]
) -> None:
    for part, field in (
        ("items.lead_unit", lambda one: Counter([unit_key(one["lead_unit"])] if one["lead_unit"] else [])),
        ("items.implementing_units", lambda one: Counter(map(unit_key, one["implementing_units"]))),
        ("items.period", lambda one: Counter([unit_key(one["period"])] if one["period"] else [])),
        ("deadlines", lambda one: Counter(map(_deadline, one["deadlines"]))),
    ):
        left: Counter[Any] = field(want) if want else Counter()
        right: Counter[Any] = field(have) if have else Counter()
        points = ((left & right).total(), left.total(), right.total())
        scores[part].add(*points)
        if part in ("items.lead_unit", "items.implementing_units"):
            scores["items"].add(*points)
        if left != right:
            wrong.append(f"{part} {heading}: want {sorted(left, key=str)}, have {sorted(right, key=str)}")


def _deadline(one: Json) -> tuple[str | None, bool]:
    return one["date"], bool(one.get("exclusive", unit_key(one["text"]).startswith("truoc")))


def _duty(one: Json) -> tuple[str, str, str, str | None]:
    return one["kind"], unit_key(one["by"] or ""), unit_key(one["to"] or ""), one["due"]


def names() -> list[str]:
    """Every score that is kept, in the order printed."""
    parts = ("title", "lead_unit", "implementing_units", "period")
    return [
        "document", *(f"document.{name}" for name in DOCUMENT_FIELDS),
        "items", *(f"items.{name}" for name in parts), "deadlines", "reports",
    ]  # fmt: skip


def options() -> argparse.ArgumentParser:
    """What it can be asked; it takes seconds, quick or full."""
    return parser(__doc__)


def main() -> int:
    """Read every plan, print the table and the differences; 0 when all goals are reached."""
    options().parse_args()
    if not PLANS.is_dir():
        print(f"skipped: no plans at {PLANS}")
        return 0
    scores = {name: Score() for name in names()}
    for path in sorted((PLANS / "expected").glob("*.json")):
        wrong: list[str] = []
        try:
            given = to_json(read_plan((PLANS / f"{path.stem}.txt").read_text(encoding="utf-8")))
            compare(json.loads(path.read_text(encoding="utf-8")), given, scores, wrong)
        except PlanUnreadable as refusal:
            wrong.append(f"unreadable: {refusal.code}")
        print(path.stem[:3], "agrees" if not wrong else "differs:")
        for line in wrong:
            print("   ", line)
    return _print(scores)


def _print(scores: dict[str, Score]) -> int:
    print(f"{'field':28}{'precision':>10}{'recall':>8}{'F1':>8}{'right/expected/given':>24}")
    for name, score in scores.items():
        counts = f"{score.right}/{score.expected}/{score.given}"
        print(f"{name:28}{score.precision:10.3f}{score.recall:8.3f}{score.f1:8.3f}{counts:>24}")
    missed = [name for name, goal in GOALS.items() if scores[name].f1 < goal]
    print("goals reached" if not missed else f"below goal: {', '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
