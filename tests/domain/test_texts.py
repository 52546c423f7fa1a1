"""Text as people type it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.texts import fold, shorten, similarity


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("ĐƯỜNG LÊ LỢI", "duong le loi"),
        ("Ðường", "duong"),  # the Icelandic letter of old fonts
        (unicodedata.normalize("NFD", "Kiến nghị"), "kien nghi"),
        ("  hai \t khoảng\u00a0trắng\n", "hai khoang trang"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("ＡＢ１２", "ab12"),
        ("", ""),
    ],
)
def test_folding_leaves_bare_small_letters(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="aăâeêioôơuưyđáàảãạấờữỵ ĐÁ", max_size=40))
def test_composed_and_decomposed_text_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_symmetric_and_bounded(first: str, second: str) -> None:
    assert 0.0 <= similarity(first, second) <= 1.0
    assert similarity(first, second) == similarity(second, first)


def test_likeness_does_not_see_diacritics() -> None:
    assert similarity("Công khai ngân sách", "cong khai NGAN sach") == 1.0
    assert similarity("Công khai ngân sách", "đối thoại quý IV") < 0.6


@given(st.text(max_size=200), st.integers(min_value=1, max_value=60))
def test_a_shortened_text_keeps_to_its_limit(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert "\n" not in short


def test_shortening_cuts_between_words_and_says_so() -> None:
    assert shorten("Đường trước nhà tôi bị ngập nước", 20) == "Đường trước nhà tôi…"
    assert shorten("Ngắn thôi", 20) == "Ngắn thôi"


def test_no_room_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        shorten("a", 0)
