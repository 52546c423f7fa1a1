"""Long texts are cut where it hurts least, and nothing of them is lost."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.splitting import split, units

TEXT_MAX = 2000


def test_a_long_text_is_cut_between_paragraphs_rather_than_within_a_sentence() -> None:
    first = "Một câu dài. " * 200
    pieces = split(f"{first.strip()}\n\n{first.strip()}", 4096)
    assert pieces == [first.strip(), first.strip()]


@given(st.text(alphabet=st.sampled_from("ab đ👍.\n"), max_size=400), st.integers(min_value=4, max_value=50))
def test_no_piece_is_too_long_and_no_letter_is_lost(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert all(0 < units(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_units_are_counted_in_utf_16() -> None:
    assert units("👍") == 2 and units("Đ") == 1
    assert all(units(piece) <= TEXT_MAX for piece in split("👍" * 5000, TEXT_MAX))


@pytest.mark.parametrize("letter", [unicodedata.normalize("NFD", "ế"), "👍🏽", "👩\u200d🌾", "❤\ufe0f"])
def test_no_letter_is_torn_from_its_marks(letter: str) -> None:
    for limit in range(50, 58):
        pieces = split(letter * 100, limit)
        assert all(piece == letter * (len(piece) // len(letter)) for piece in pieces), (letter, limit)


def test_marks_without_end_are_cut_all_the_same() -> None:
    assert "".join(split("e" + "\u0301" * 100, 20)) == "e" + "\u0301" * 100
