"""What is wrong with a ward, all of it at once."""

from dataclasses import replace
from datetime import date, time

import pytest

from bot.ward_file import SAMPLE_WARD, read_ward
from domain.ward import Category, ResidentialGroup, Unit, Ward, problems
from domain.workdays import WorkPeriod

SAMPLE = read_ward(SAMPLE_WARD)


def codes(ward: Ward) -> list[str]:
    """The codes of what is wrong."""
    return [problem.code for problem in problems(ward)]


def test_the_sample_ward_is_sound() -> None:
    assert problems(SAMPLE) == []


def test_a_ward_is_found_its_way_around_in() -> None:
    assert SAMPLE.reception.code == "VP"
    assert SAMPLE.find_unit("phòng VĂN HÓA - XÃ HỘI") == SAMPLE.unit("vhxh")
    assert SAMPLE.find_unit("Địa chính - xây dựng") == SAMPLE.unit("KTHTDT")
    assert SAMPLE.find_unit("sở tài chính") is None
    assert SAMPLE.unit_for("military").code == "QS"
    assert SAMPLE.group("8") == ResidentialGroup(code="8", name="Tổ dân phố 8")


@pytest.mark.parametrize("code", [None, "no_such_category"])
def test_reception_takes_what_has_no_category(code: str | None) -> None:
    assert SAMPLE.unit_for(code) == SAMPLE.reception


def test_codes_and_names_stand_for_one_thing_only() -> None:
    twice = Unit(code="vp", name="Phòng Văn hóa - Xã hội")
    found = codes(replace(SAMPLE, units=(*SAMPLE.units, twice)))
    assert found.count("duplicate_code") == 1
    assert "duplicate_name" in found


def test_a_unit_may_repeat_its_own_name() -> None:
    unit = Unit(code="VP", name="Văn phòng", aliases=("VĂN PHÒNG", "văn phòng"), reception=True)
    category = Category(code="other", name_vi="Khác", name_en="Other", unit_code="VP")
    assert codes(replace(SAMPLE, units=(unit,), categories=(category,))) == []


def test_there_is_exactly_one_reception() -> None:
    nobody = tuple(replace(unit, reception=False) for unit in SAMPLE.units)
    everybody = tuple(replace(unit, reception=True) for unit in SAMPLE.units)
    assert codes(replace(SAMPLE, units=nobody)) == ["reception_missing"]
    assert codes(replace(SAMPLE, units=everybody)) == ["reception_many"]
    with pytest.raises(LookupError):
        _ = replace(SAMPLE, units=nobody).reception


def test_a_category_points_at_a_unit_of_the_ward() -> None:
    lost = Category(code="lost", name_vi="Lạc", name_en="Lost", unit_code="XYZ")
    (problem,) = problems(replace(SAMPLE, categories=(*SAMPLE.categories, lost)))
    assert problem.code == "category_unit_unknown"
    assert dict(problem.params) == {"category": "lost", "unit": "XYZ"}


@pytest.mark.parametrize("name", ["Asia/Saigonn", "Asia", "", "../etc/passwd"])
def test_a_time_zone_must_exist(name: str) -> None:
    assert codes(replace(SAMPLE, calendar=replace(SAMPLE.calendar, timezone=name))) == ["timezone_unknown"]


def test_hours_run_forward_and_apart() -> None:
    periods = (
        WorkPeriod(weekday=0, opens=time(13), closes=time(7)),
        WorkPeriod(weekday=1, opens=time(7), closes=time(11)),
        WorkPeriod(weekday=1, opens=time(10), closes=time(12)),
    )
    found = codes(replace(SAMPLE, calendar=replace(SAMPLE.calendar, periods=periods)))
    assert found == ["hours_reversed", "hours_overlap"]
    assert codes(replace(SAMPLE, calendar=replace(SAMPLE.calendar, periods=()))) == ["hours_missing"]


def test_a_day_is_not_both_off_and_worked() -> None:
    calendar = replace(SAMPLE.calendar, extra_workdays=frozenset({date(2026, 9, 2), date(2026, 11, 25)}))
    assert codes(replace(SAMPLE, calendar=calendar)) == ["holiday_worked", "extra_day_needless"]


def test_everything_wrong_is_told_at_once() -> None:
    empty = replace(SAMPLE, code=" ", name="", units=(), categories=(), groups=(), digest_weekday=9)
    assert codes(empty) == [
        "ward_field_empty",
        "ward_field_empty",
        "no_units",
        "no_categories",
        "digest_weekday_unknown",
    ]
