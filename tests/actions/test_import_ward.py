"""Importing a ward: twice changes nothing, a change is written down, open cases keep their unit."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from actions.import_ward import import_ward
from actions.submit_case import CaseDraft, submit
from bot.ward_file import SAMPLE_WARD, read_ward
from domain.case import CaseKind
from domain.errors import DomainError
from domain.ward import Unit, Ward
from storage import audit, people, wards
from storage.database import Database
from storage.wards import StoredWard

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def sample() -> Ward:
    return read_ward(SAMPLE_WARD)


async def imported(database: Database, ward: Ward) -> list[str]:
    async with database.transaction() as tx:
        return await import_ward(tx, ward, now=NOW)


async def stored(database: Database, code: str) -> StoredWard:
    async with database.reading() as tx:
        ward_id = await wards.find(tx, code)
        assert ward_id is not None
        return await wards.load(tx, ward_id)


async def audited(database: Database, code: str) -> list[list[str]]:
    async with database.reading() as tx:
        ward_id = await wards.find(tx, code)
        assert ward_id is not None
        return [entry.details["changed"] for entry in await audit.of(tx, ward_id=ward_id, subject=f"ward {code}")]


async def test_a_ward_comes_back_as_it_was_given(database: Database, sample: Ward) -> None:
    await imported(database, sample)
    assert (await stored(database, sample.code)).ward == sample


async def test_importing_twice_changes_nothing_and_is_not_written_down(database: Database, sample: Ward) -> None:
    await imported(database, sample)
    before = await stored(database, sample.code)
    assert await imported(database, sample) == []
    assert await stored(database, sample.code) == before
    assert await audited(database, sample.code) == [["*"]]


async def test_a_change_is_applied_and_written_down(database: Database, sample: Ward) -> None:
    await imported(database, sample)
    holidays = sample.calendar.holidays | {date(2026, 12, 31)}
    changed = replace(sample, phone="0123", calendar=replace(sample.calendar, holidays=holidays))
    assert sorted(await imported(database, changed)) == ["calendar", "phone"]
    assert (await stored(database, sample.code)).ward == changed
    assert [sorted(names) for names in await audited(database, sample.code)] == [["*"], ["calendar", "phone"]]


async def test_what_is_left_out_is_retired_and_comes_back_with_its_id(database: Database, sample: Ward) -> None:
    await imported(database, sample)
    before = await stored(database, sample.code)
    await imported(database, replace(sample, groups=sample.groups[:-1]))
    assert (await stored(database, sample.code)).ward.groups == sample.groups[:-1]
    await imported(database, sample)
    assert (await stored(database, sample.code)).group_ids == before.group_ids


async def test_a_unit_with_open_cases_cannot_be_removed_and_the_codes_are_told(
    database: Database, sample: Ward
) -> None:
    await imported(database, sample)
    ward = await stored(database, sample.code)
    async with database.transaction() as tx:
        person = await people.add(
            tx, ward_id=ward.id, channel="web", account="web", address="ba", name="", language="vi", now=NOW
        )
        draft = CaseDraft(kind=CaseKind.REPORT, text="đèn hỏng", category_code=sample.categories[0].code)
        case = await submit(tx, ward, person, draft, now=NOW)
    gone = ward.unit_codes[case.unit_id]
    other = next(unit for unit in sample.units if unit.code != gone)
    without = replace(
        sample,
        units=tuple(unit for unit in sample.units if unit.code != gone),
        categories=tuple(replace(one, unit_code=other.code) for one in sample.categories),
    )
    with pytest.raises(DomainError) as refused:
        await imported(database, without)
    assert refused.value.code == "unit_has_open_cases"
    assert case.code in str(refused.value.params["codes"])
    assert (await stored(database, sample.code)).ward == sample


async def test_a_unit_without_open_cases_can_be_removed(database: Database, sample: Ward) -> None:
    spare = Unit(code="TAM", name="Tổ tạm thời")
    await imported(database, replace(sample, units=(*sample.units, spare)))
    assert await imported(database, sample) == ["units"]
    assert (await stored(database, sample.code)).ward.unit("TAM") is None


async def test_several_wards_live_side_by_side(database: Database, sample: Ward) -> None:
    await imported(database, sample)
    await imported(database, replace(sample, code="KHAC", name="phường Khác"))
    async with database.reading() as tx:
        assert [code for _id, code, _name in await wards.codes(tx)] == [sample.code, "KHAC"]
    assert (await stored(database, "KHAC")).unit_ids.keys() == (await stored(database, sample.code)).unit_ids.keys()
    assert set((await stored(database, "KHAC")).unit_ids.values()).isdisjoint(
        (await stored(database, sample.code)).unit_ids.values()
    )
