"""Every refusal the desk can meet has a sentence, and every sentence finds its values."""

import ast
from pathlib import Path

import pytest

from domain.errors import DomainError
from handlers.texts.errors import SENTENCES, refusal
from handlers.texts.errors_cases import SENTENCES as OURS

ROOT = Path(__file__).parents[3]
DESK = ("desk", "answering", "case", "passing_on", "join", "queue")
ACTIONS = ("handle_case", "manage_people", "follow_case", "submit_case")
SOURCES = [
    *(ROOT / "handlers" / "official" / f"{name}.py" for name in DESK),
    *(ROOT / "actions" / f"{name}.py" for name in ACTIONS),
    ROOT / "storage" / "cases.py",
    ROOT / "domain" / "case.py",
]


def raised() -> list[tuple[str, frozenset[str]]]:
    """Every `DomainError("code", name=…)` in the sources, as (code, names)."""
    found = set()
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "DomainError":
                for code in _codes(node.args[0]):
                    found.add((code, frozenset(word.arg or "" for word in node.keywords)))
    return sorted(found, key=lambda one: (one[0], sorted(one[1])))


def _codes(node: ast.expr) -> list[str]:
    return [str(part.value) for part in ast.walk(node) if isinstance(part, ast.Constant) and part.value is not None]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("code", "names"), raised())
def test_every_refusal_of_a_case_or_an_invite_has_a_sentence(code: str, names: frozenset[str], language: str) -> None:
    samples = {"act": "accept", "status": "answered", "at": "2026-11-24T02:00:00+00:00", "who": ""}
    said = refusal(
        DomainError(code, **{name: samples.get(name, "PA-26-00012") for name in names}), language, "Asia/Ho_Chi_Minh"
    )
    assert code in SENTENCES
    assert "{" not in said


def test_no_sentence_is_left_that_nothing_raises() -> None:
    used = {code for code, _names in raised()}
    # These are worded where the text is refused, inside a form.
    assert set(OURS) - used <= {"answer_text_too_long", "not_this_kind"}


def test_the_resident_is_never_named_in_a_refusal() -> None:
    error = DomainError("case_changed_by", code="PA-26-00012", who="", act="add", at="2026-11-24T02:00:00+00:00")
    assert refusal(error, "vi", "Asia/Ho_Chi_Minh").startswith("PA-26-00012: người dân đã bổ sung lúc 09:00")
