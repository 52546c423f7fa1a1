"""Plan items as values: their numbers as people write them, the words they are found by, and what makes two alike."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.plan_document import Deadline, ItemPart, PlanItem
from domain.plans import (
    SEARCH_MAX_CHARS,
    ItemContent,
    NamedUnit,
    content_of,
    item_code,
    read_item_number,
    read_item_numbers,
    search_words,
    searchable,
)

READ = PlanItem(
    heading="II.3",
    title="Sửa đèn đường",
    text="Sửa đèn đường; trước ngày 30/6.\n- tổ 3",
    period="Quý II",
    deadlines=(Deadline(date="06-30", text="trước ngày 30/6", exclusive=True),),
    parts=(
        ItemPart(marker="-", text="tổ 3", deadlines=(Deadline(date="2026-05-01", text="1/5/2026"),)),
        ItemPart(marker="-", text="tổ 5", deadlines=(Deadline(date="06-30", text="Trước ngày 30/6", exclusive=True),)),
    ),
)
CONTENT = content_of(
    READ, 2026, lead=NamedUnit(name="Địa chính", unit_id=4),
    implementing=(NamedUnit(name="Hội nông dân", unit_id=None),),
    unsure=(("lead_missing", ""),),
)  # fmt: skip


def test_an_items_content_survives_being_stored() -> None:
    assert ItemContent.from_json(CONTENT.to_json()) == CONTENT


def test_the_days_of_the_parts_are_the_items_days_each_once() -> None:
    assert [day.isoformat() for day in CONTENT.last_days] == ["2026-06-29", "2026-05-01"]


def test_two_readings_that_print_the_same_are_the_same_whatever_was_matched() -> None:
    matched = replace(CONTENT, lead=NamedUnit(name="Địa chính", unit_id=None), unsure=())
    assert matched.digest() == CONTENT.digest()
    assert replace(CONTENT, period="Quý III").digest() != CONTENT.digest()
    assert replace(CONTENT, lead=NamedUnit(name="Công an", unit_id=4)).digest() != CONTENT.digest()


def test_a_lead_that_a_person_put_in_is_not_what_is_printed() -> None:
    nobody = replace(CONTENT, lead=None)
    assert replace(nobody, lead=NamedUnit(name="Văn phòng", unit_id=1, decided=True)).digest() == nobody.digest()


@pytest.mark.parametrize("typed", ["12", "KH-12", "kh 12", "KH12", "#12", "số 12", " Kh – 12 ", "012"])
def test_an_item_is_named_in_many_ways(typed: str) -> None:
    assert read_item_number(typed) == 12


@pytest.mark.parametrize("typed", ["", "0", "đèn đường", "12 đèn", "PA-26-00012", "12a", "1234567"])
def test_other_words_name_no_item(typed: str) -> None:
    assert read_item_number(typed) is None


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("12", (12,)),
        ("12,14-16", (12, 14, 15, 16)),
        ("KH-12, KH-14", (12, 14)),
        ("3 và 1", (3, 1)),
        ("2-4, 3", (2, 3, 4)),
        ("5; 6", (5, 6)),
    ],
)
def test_several_items_are_named_at_once(typed: str, numbers: tuple[int, ...]) -> None:
    assert read_item_numbers(typed) == numbers


@pytest.mark.parametrize("typed", ["", ",", "4-2", "0", "1-999999", "mười", "1-200,500-700"])
def test_numbers_that_read_otherwise_or_are_too_many_are_refused(typed: str) -> None:
    assert read_item_numbers(typed) is None


def test_a_search_drops_empty_words_and_diacritics_and_keeps_what_is_asked_for() -> None:
    assert search_words("Kế hoạch của ĐÈN đường, đèn!") == ("den", "duong")
    assert search_words("kế hoạch") == ("ke", "hoach")
    assert search_words("%_'") == ()
    assert "\\" not in "".join(search_words("a\\b%c"))


@given(st.text(max_size=200))
def test_a_search_always_fits_in_a_button(query: str) -> None:
    assert len(f"/kehoach trang 999 {' '.join(search_words(query))}") <= SEARCH_MAX_CHARS + 19 <= 48


def test_words_are_looked_up_whole() -> None:
    assert " den " in searchable("Đèn đường")
    assert " an " not in searchable("Văn phòng bàn việc")
    assert searchable("Đ\u00e8n") == searchable("De\u0300n".replace("D", "Đ"))


def test_an_item_is_called_by_its_code() -> None:
    assert item_code(12) == "KH-12"
