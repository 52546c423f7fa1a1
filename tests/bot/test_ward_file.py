"""The ward's data file: what is read, and how mistakes are told."""

import unicodedata
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ward_file import SAMPLE_WARD, WARD_FILE_MAX_BYTES, WardFileError, parse_ward, read_ward

SMALL = """
code = "ABC"
name = "phường Thử"
[hours]
thu_2 = ["7h30 - 11h30", "13:30-17:00"]
[[units]]
code = "VP"
name = "Văn phòng"
reception = true
[[groups]]
code = "1"
name = "Tổ 1"
[[categories]]
code = "other"
name_vi = "Khác"
name_en = "Other"
unit = "VP"
"""


def mistakes(text: str) -> list[tuple[str, str]]:
    """Where and what is wrong with the text of a file."""
    with pytest.raises(WardFileError) as caught:
        parse_ward(text)
    return [(mistake.key, mistake.code) for mistake in caught.value.mistakes]


def test_the_sample_ward_is_complete() -> None:
    ward = read_ward(SAMPLE_WARD)
    assert (ward.code, ward.timezone) == ("AHD", "Asia/Ho_Chi_Minh")
    assert [unit.code for unit in ward.units] == ["VP", "KTHTDT", "VHXH", "PVHCC", "CA", "QS", "MTTQ", "TYT"]
    assert len(ward.categories) == 22
    assert [group.name for group in ward.groups] == [f"Tổ dân phố {number}" for number in range(1, 9)]
    assert (ward.digest_weekday, ward.digest_at) == (0, time(7, 30))
    assert date(2026, 11, 24) in ward.calendar.holidays
    assert all(len(category.words) >= 15 for category in ward.categories)


def test_a_small_ward_gets_what_is_usual() -> None:
    ward = parse_ward(SMALL)
    assert ward.emergency.fire == "114"
    assert ward.digest_at == time(7, 30)
    assert [(period.opens, period.closes) for period in ward.calendar.periods] == [
        (time(7, 30), time(11, 30)),
        (time(13, 30), time(17)),
    ]


def test_days_and_hours_may_be_written_as_people_write_them() -> None:
    ward = parse_ward(
        SMALL
        + """
[calendar]
holidays = ["2/9/2026", 2026-11-24, "2026-01-01"]
[digest]
weekday = "Chủ nhật"
at = 08:15:00
"""
    )
    assert ward.calendar.holidays == {date(2026, 9, 2), date(2026, 11, 24), date(2026, 1, 1)}
    assert (ward.digest_weekday, ward.digest_at) == (6, time(8, 15))


def test_decomposed_letters_are_composed() -> None:
    ward = parse_ward(unicodedata.normalize("NFD", SMALL))
    assert ward.name == "phường Thử"


def test_all_mistakes_are_told_at_once_each_with_its_key() -> None:
    text = SMALL.replace('code = "ABC"', 'code = "a b"\nnmae = "x"').replace('unit = "VP"', 'unit = "KT"')
    text = text.replace('"7h30 - 11h30"', '"sáng"').replace("reception = true", 'reception = "có"')
    text += '[calendar]\nholidays = ["30/2/2026"]\n[digest]\nweekday = "thứ tám"\nat = "25:00"\n'
    assert mistakes(text) == [
        ("code", "code_malformed"),
        ("digest.weekday", "weekday_malformed"),
        ("digest.at", "time_malformed"),
        ("hours.thu_2[1]", "hours_malformed"),
        ("calendar.holidays[1]", "day_malformed"),
        ("units[1].reception", "wrong_type"),
        ("nmae", "key_unknown"),
        ("units", "reception_missing"),
        ("categories.other.unit", "category_unit_unknown"),
    ]


def test_an_unknown_key_is_told_with_the_one_it_resembles() -> None:
    with pytest.raises(WardFileError) as caught:
        parse_ward(SMALL.replace('name_vi = "Khác"', 'name_vi = "Khác"\nwrods = []'))
    (mistake,) = caught.value.mistakes
    assert (mistake.key, dict(mistake.params)) == ("categories[1].wrods", {"nearest": "words"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {"code", "name", "hours", "units", "groups", "categories"}),
        ("units = 3\ngroups = [1]\ncategories = []", {"code", "name", "hours", "units", "groups"}),
    ],
)
def test_missing_and_misshapen_parts_are_named(text: str, found: set[str]) -> None:
    assert found <= {key for key, _ in mistakes(text)}


def test_a_line_that_is_no_toml_is_told_by_its_number() -> None:
    with pytest.raises(WardFileError) as caught:
        parse_ward('code = "ABC"\nname = phường\n')
    (mistake,) = caught.value.mistakes
    assert mistake.code == "toml_syntax"
    assert dict(mistake.params)["line"] == "2"


def test_a_mark_at_the_beginning_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "ward.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    assert read_ward(path) == parse_ward(SMALL)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "file_missing"),
        (b"\xff\xfe\x00\xd8", "file_not_text"),
        (b"#" * (WARD_FILE_MAX_BYTES + 1), "file_too_large"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_mistake(tmp_path: Path, content: bytes | None, code: str) -> None:
    path = tmp_path / "ward.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(WardFileError) as caught:
        read_ward(path)
    assert [mistake.code for mistake in caught.value.mistakes] == [code]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(WardFileError) as caught:
        read_ward(tmp_path)
    assert caught.value.mistakes[0].code == "file_unreadable"


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    with pytest.raises(WardFileError):
        parse_ward(text)
