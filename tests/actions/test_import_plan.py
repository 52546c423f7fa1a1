"""Importing a plan: drafts only, a corrected document known again, and people asked about what is public."""

from dataclasses import replace
from datetime import date

import pytest

from actions.import_plan import import_plan
from actions.publish_plan import apply_correction, keep_published, name_lead, withdraw
from domain.errors import DomainError
from domain.people import Official, Role
from domain.plans import PlanStatus
from storage import audit, plans, wards
from storage.database import Database
from storage.plans import StoredItem
from storage.wards import StoredWard
from tests.handlers.driver import Talk, sample_ward
from tests.plans_ground import BUDGET, CULTURE, LAMPS, NOW, document, imported, item


@pytest.fixture
async def ward(database: Database) -> StoredWard:
    async with database.transaction() as tx:
        return await wards.load(tx, await wards.write(tx, sample_ward()))


@pytest.fixture
async def editor(database: Database, ward: StoredWard) -> Official:
    talk = Talk(database=database, ward=ward, book=None)  # type: ignore[arg-type]  # nothing is said here
    person = await talk.official("lan", "VP", Role.EDITOR)
    return Official(
        id=1, person_id=person.id, ward_id=ward.id, unit_id=None, unit_code=None, role=Role.EDITOR, name="Lan"
    )


async def stored(database: Database, ward: StoredWard, number: int) -> StoredItem:
    async with database.reading() as tx:
        return await plans.get(tx, ward.id, number)


async def test_an_import_makes_drafts_and_publishes_nothing(database: Database, ward: StoredWard) -> None:
    report = await imported(database, ward)
    assert (report.new, report.is_correction) == (["KH-1", "KH-2", "KH-3"], False)
    kept = [await stored(database, ward, number) for number in (1, 2, 3)]
    assert {one.status for one in kept} == {PlanStatus.DRAFT}
    assert [one.content.last_days for one in kept[:1]] == [(date(2026, 12, 14),)]
    assert kept[0].content.unsure == ()


async def test_units_are_matched_and_what_does_not_match_is_listed(database: Database, ward: StoredWard) -> None:
    report = await imported(database, ward)
    assert report.unmatched == ("Bộ phận Tư pháp",)
    assert (await stored(database, ward, 1)).lead_unit_id == ward.unit_id("KT")
    assert (await stored(database, ward, 2)).lead_unit_id == ward.unit_id("VP")
    assert (await stored(database, ward, 3)).lead_unit_id is None


async def test_a_document_without_a_task_changes_nothing(database: Database, ward: StoredWard) -> None:
    await imported(database, ward)
    with pytest.raises(DomainError, match="plan_without_items"):
        await imported(database, ward, replace(document(), items=()))
    async with database.reading() as tx:
        assert (await plans.counts(tx, ward.id)).drafts == 3


async def test_importing_the_same_document_twice_changes_nothing(database: Database, ward: StoredWard) -> None:
    first = await imported(database, ward)
    again = await imported(database, ward)
    assert (again.unchanged, again.new, again.updated, again.removed) == (first.new, [], [], [])
    assert (again.document_id, again.is_correction) == (first.document_id, True)


async def test_a_corrected_document_updates_its_drafts(database: Database, ward: StoredWard) -> None:
    await imported(database, ward)
    later = replace(LAMPS, title="Sửa đèn đường tổ 3, tổ 5", text="Sửa đèn.", deadlines=BUDGET.deadlines)
    drains = item("II.4", "Nạo vét mương", lead_unit="đô thị")
    report = await imported(database, ward, document(drains, later, replace(CULTURE, heading="II.9")))
    assert (report.new, report.updated, report.removed) == (["KH-4"], ["KH-1", "KH-3"], ["KH-2"])
    assert (await stored(database, ward, 1)).title == "Sửa đèn đường tổ 3, tổ 5"
    async with database.reading() as tx:
        order = [one.number for one in (await plans.with_status(tx, ward.id, PlanStatus.DRAFT, limit=9))[0]]
        with pytest.raises(DomainError):
            await plans.get(tx, ward.id, 2)
    assert order == [4, 1, 3]


async def test_a_published_item_that_reads_otherwise_stays_until_a_person_decides(
    database: Database, ward: StoredWard, editor: Official
) -> None:
    await imported(database, ward, published=True)
    changed = replace(LAMPS, period="Quý I/2027")
    report = await imported(database, ward, document(changed, BUDGET))
    assert (report.questions, report.gone, report.unchanged) == (["KH-1"], ["KH-3"], ["KH-2"])
    public = await stored(database, ward, 1)
    assert (public.content.period, public.is_published) == (None, True)
    assert public.revised is not None
    assert (await stored(database, ward, 3)).is_gone
    async with database.transaction() as tx:
        assert (await plans.counts(tx, ward.id)).questions == 2
        with pytest.raises(DomainError, match="correction_changed"):
            await apply_correction(tx, ward, editor, 1, seen="0000", now=NOW)
        done = await apply_correction(tx, ward, editor, 1, seen=(public.question or "")[:12], now=NOW)
    assert (done.content.period, done.question, done.published_at) == ("Quý I/2027", None, public.published_at)


async def test_what_a_person_decided_to_keep_is_not_asked_again(
    database: Database, ward: StoredWard, editor: Official
) -> None:
    await imported(database, ward, published=True)
    corrected = document(replace(LAMPS, period="Quý I/2027"), BUDGET)
    await imported(database, ward, corrected)
    async with database.transaction() as tx:
        for number in (1, 3):
            seen = (await plans.get(tx, ward.id, number)).question or ""
            await keep_published(tx, ward, editor, number, seen=seen, now=NOW)
    again = await imported(database, ward, corrected)
    assert (again.questions, again.gone) == ([], [])
    other = await imported(database, ward, document(replace(LAMPS, period="Quý II/2027"), BUDGET, CULTURE))
    assert other.questions == ["KH-1"]


async def test_a_question_falls_away_when_the_document_reads_as_published_again(
    database: Database, ward: StoredWard
) -> None:
    await imported(database, ward, published=True)
    await imported(database, ward, document(replace(LAMPS, period="Quý I/2027"), BUDGET))
    await imported(database, ward)
    assert (await stored(database, ward, 1)).question is None
    assert (await stored(database, ward, 3)).question is None


async def test_a_withdrawn_item_becomes_a_draft_again_only_when_its_text_is_corrected(
    database: Database, ward: StoredWard, editor: Official
) -> None:
    await imported(database, ward, published=True)
    async with database.transaction() as tx:
        await withdraw(tx, ward, editor, 1, reason="sai hạn", now=NOW)
    await imported(database, ward)
    assert (await stored(database, ward, 1)).status is PlanStatus.WITHDRAWN
    await imported(database, ward, document(replace(LAMPS, period="Quý I/2027"), BUDGET, CULTURE))
    assert (await stored(database, ward, 1)).status is PlanStatus.DRAFT


async def test_a_unit_a_person_named_is_known_in_the_next_import(
    database: Database, ward: StoredWard, editor: Official
) -> None:
    twin = item("II.8", "Tuyên truyền pháp luật", lead_unit="Tư pháp")
    nobody = item("II.9", "Khen thưởng")
    await imported(database, ward, document(LAMPS, CULTURE, twin, nobody))
    async with database.transaction() as tx:
        named, unit, others = await name_lead(tx, ward, editor, 2, unit_code="vx", now=NOW)
        assert (named.content.lead and named.content.lead.name, unit, others) == (
            "Bộ phận Tư pháp",
            "Phòng Văn hoá - Xã hội",
            1,
        )
        await name_lead(tx, ward, editor, 4, unit_code="VP", now=NOW)
        with pytest.raises(DomainError, match="plan_unit_unknown"):
            await name_lead(tx, ward, editor, 4, unit_code="??", now=NOW)
    again = await imported(database, ward, document(LAMPS, CULTURE, twin, nobody))
    assert (again.updated, again.unmatched) == ([], ())
    assert (await stored(database, ward, 4)).lead_unit_id == ward.unit_id("VP")
    new = await imported(database, ward, document(item("1", "Khác", lead_unit="Công chức Tư pháp"), number="9/KH-UBND"))
    assert new.unmatched == ()


async def test_two_plans_of_one_year_and_one_plan_of_two_years_are_kept_apart(
    database: Database, ward: StoredWard
) -> None:
    first = await imported(database, ward)
    other = await imported(database, ward, document(number="13/KH-UBND"))
    next_year = await imported(
        database, ward, document(title="Thực hiện dân chủ ở cơ sở năm 2027", issued_on="2027-01-05")
    )
    assert len({first.document_id, other.document_id, next_year.document_id}) == 3


async def test_every_import_is_in_the_audit_log(database: Database, ward: StoredWard) -> None:
    report = await imported(database, ward)
    async with database.reading() as tx:
        (entry,) = await audit.of(tx, ward_id=ward.id, subject=f"plan document {report.document_id}")
    assert (entry.act, entry.details["new"], entry.details["source"]) == ("plan.import", 3, "ke-hoach.docx")


async def test_overlong_values_of_a_strange_document_are_cut_to_fit(database: Database, ward: StoredWard) -> None:
    async with database.transaction() as tx:
        strange = document(item("1", "x" * 5000), number="9" * 500)
        assert (await import_plan(tx, ward, strange, "y" * 900, NOW)).new == ["KH-1"]
