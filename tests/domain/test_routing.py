"""The category of a message, measured on labelled messages and shown on single ones."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ward_file import SAMPLE_WARD, read_ward
from domain.routing import NO_GUESS, guess_category
from domain.routing_kind import guess_kind
from domain.ward import Category
from tests.domain.routing_examples import DEV, FRESH, OWN, UNTUNED, examples, without_marks

CATEGORIES = read_ward(SAMPLE_WARD).categories


def as_typed(text: str) -> str:
    """The text itself."""
    return text


def topic_accuracy(path: Path, typed: Callable[[str], str]) -> float:
    """The share of messages whose category is guessed."""
    rows = examples(path)
    return sum(guess_category(typed(row.text), CATEGORIES).category_code == row.topic for row in rows) / len(rows)


def kind_accuracy(path: Path, typed: Callable[[str], str]) -> float:
    """The share of messages whose kind is guessed."""
    rows = examples(path)
    return sum(guess_kind(typed(row.text)).kind == row.kind for row in rows) / len(rows)


@pytest.mark.parametrize("typed", [as_typed, without_marks])
def test_most_own_examples_find_their_category_and_kind(typed: Callable[[str], str]) -> None:
    assert topic_accuracy(OWN, typed) >= 0.95
    assert kind_accuracy(OWN, typed) >= 0.96


@pytest.mark.parametrize("path", FRESH, ids=lambda path: path.stem)
@pytest.mark.parametrize("typed", [as_typed, without_marks])
def test_later_examples_keep_what_was_reached(typed: Callable[[str], str], path: Path) -> None:
    assert topic_accuracy(path, typed) >= 0.94
    assert kind_accuracy(path, typed) >= 0.94


@pytest.mark.parametrize("typed", [as_typed, without_marks])
def test_messages_the_rules_never_saw_mostly_find_their_way(typed: Callable[[str], str]) -> None:
    assert topic_accuracy(UNTUNED, typed) >= 0.78
    assert kind_accuracy(UNTUNED, typed) >= 0.94


@pytest.mark.skipif(not DEV.exists(), reason="the shared folder with complaints_dev.tsv is not beside this one")
def test_the_goals_are_reached_on_the_shared_examples() -> None:
    topic, bare_topic = topic_accuracy(DEV, as_typed), topic_accuracy(DEV, without_marks)
    kind, bare_kind = kind_accuracy(DEV, as_typed), kind_accuracy(DEV, without_marks)
    assert topic >= 0.9
    assert kind >= 0.92
    assert topic - bare_topic <= 0.05
    assert kind - bare_kind <= 0.05


@pytest.mark.parametrize("path", [OWN, *FRESH, UNTUNED, DEV], ids=lambda path: path.stem)
@pytest.mark.parametrize("typed", [as_typed, without_marks])
def test_no_denunciation_is_missed(path: Path, typed: Callable[[str], str]) -> None:
    if not path.exists():
        pytest.skip("the shared folder with complaints_dev.tsv is not beside this one")
    missed = [
        row.number
        for row in examples(path)
        if row.kind == "denunciation" and guess_kind(typed(row.text)).kind != "denunciation"
    ]
    assert missed == []


@pytest.mark.parametrize("path", [OWN, *FRESH], ids=lambda path: path.stem)
@pytest.mark.parametrize("change", [str.upper, lambda text: unicodedata.normalize("NFD", text)], ids=["shouted", "NFD"])
def test_capitals_and_decomposed_letters_change_nothing(path: Path, change: Callable[[str], str]) -> None:
    for row in examples(path):
        assert guess_category(change(row.text), CATEGORIES) == guess_category(row.text, CATEGORIES)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("dg truoc nha bi ngap hoai, mn di k dc", "roads"),
        ("nộp hs ở 1 cua mà ko ai tiếp", "one_stop"),
        ("GPMB nhà tui chưa trả tiền", "clearance"),
        ("làm sđ mà chờ cả năm", "land"),
        ("chó nhà bên cắn con tui", "animals"),
        ("cho nha ben can con tui", "animals"),
        ("chợ họp tràn ra ngoài", "business"),
        ("Đèn đỏ ngã tư hư", "traffic"),
        ("Đèn đường ngã tư hư", "lighting_trees"),
        ("karaokeeee ồn quáááá", "noise"),
        ("rác đầy trước cổng trường mầm non", "environment"),
    ],
)
def test_short_forms_dialect_and_likely_confusions(text: str, topic: str) -> None:
    assert guess_category(text, CATEGORIES).category_code == topic


@pytest.mark.parametrize("text", ["", "   ", "ok", "12345", "😀😀", "xin chào"])
def test_nothing_is_guessed_from_nothing(text: str) -> None:
    guess = guess_category(text, CATEGORIES)
    assert guess.category_code is None or guess.confidence < 0.3


def test_a_ward_without_categories_guesses_nothing() -> None:
    assert guess_category("rác", ()) == NO_GUESS


def test_a_clear_message_is_surer_than_a_mixed_one() -> None:
    clear = guess_category("Xe rác không vô hẻm lấy rác, rác chất đống", CATEGORIES)
    mixed = guess_category("rác với đèn", CATEGORIES)
    assert clear.confidence > mixed.confidence
    assert mixed.runner_up is not None


def test_the_longer_phrase_silences_the_shorter_inside_it() -> None:
    lamps = Category(code="lamps", name_vi="Đèn", name_en="Lamps", unit_code="X", words=("đèn",))
    lights = Category(code="lights", name_vi="Tín hiệu", name_en="Signals", unit_code="X", words=("đèn đỏ",))
    assert guess_category("đèn đỏ không sáng", (lamps, lights)).category_code == "lights"
    assert guess_category("đèn không sáng", (lamps, lights)).category_code == "lamps"


def test_a_tie_keeps_the_order_of_the_ward() -> None:
    first = Category(code="first", name_vi="A", name_en="A", unit_code="X", words=("rác",))
    second = Category(code="second", name_vi="B", name_en="B", unit_code="X", words=("rác",))
    assert guess_category("rác", (first, second)).category_code == "first"
    assert guess_category("rác", (second, first)).category_code == "second"


@given(st.text(max_size=300))
def test_any_text_gets_a_guess_within_bounds(text: str) -> None:
    guess = guess_category(text, CATEGORIES)
    assert 0.0 <= guess.confidence <= 1.0
    assert guess.category_code is None or guess.category_code != guess.runner_up
