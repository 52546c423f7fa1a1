"""Plan items in the database, on both kinds: order, search, figures."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.errors import DomainError
from domain.plans import PlanStatus, search_words
from storage import opinions, people, plan_drafts, plan_search, plans, wards
from storage.database import Database
from storage.wards import StoredWard
from tests.handlers.driver import sample_ward
from tests.plans_ground import NOW, document, imported, item

TODAY = date(2026, 11, 21)


@pytest.fixture
async def ward(database: Database) -> StoredWard:
    async with database.transaction() as tx:
        return await wards.load(tx, await wards.write(tx, sample_ward()))


async def found(database: Database, ward: StoredWard, query: str) -> tuple[list[str], bool]:
    async with database.reading() as tx:
        items, total, every_word = await plan_search.search(tx, ward.id, search_words(query), today=TODAY, limit=9)
    assert total == len(items)
    return [one.title for one in items], every_word


async def test_the_nearest_day_comes_first_then_what_has_none_then_what_is_past(
    database: Database, ward: StoredWard
) -> None:
    dated = document(
        item("1", "đã qua", due="2026-11-20"),
        item("2", "không hạn"),
        item("3", "xa", due="2027-05-01"),
        item("4", "trước hôm nay", due="2026-11-21", exclusive=True),
        item("5", "hôm nay", due="2026-11-21"),
        item("6", "quý IV", period="Quý IV/2026"),
    )
    await imported(database, ward, dated, published=True)
    async with database.reading() as tx:
        items, total = await plans.published(tx, ward.id, today=TODAY, limit=10)
        assert (await plans.published(tx, ward.id, today=TODAY, limit=2, offset=1))[0] == items[1:3]
        ahead = await plans.next_deadlines(tx, ward.id, today=TODAY, until=date(2026, 12, 31), limit=5)
    assert [one.title for one in items] == ["hôm nay", "quý IV", "xa", "không hạn", "đã qua", "trước hôm nay"]
    assert total == 6
    assert [(day.isoformat(), one.title) for day, one in ahead] == [("2026-11-21", "hôm nay"), ("2026-12-31", "quý IV")]


async def test_words_are_found_without_diacritics_those_in_the_title_first(
    database: Database, ward: StoredWard
) -> None:
    lit = document(
        item("1", "Họp tổ dân phố", text="Họp về đèn đường ở tổ 3."),
        item("2", "Đường ngõ và đèn tín hiệu"),
        item("3", "Sửa ĐÈN ĐƯỜNG tổ 3"),
        item("4", "Văn phòng tiếp dân"),
    )
    await imported(database, ward, lit, published=True)
    expected = ["Sửa ĐÈN ĐƯỜNG tổ 3", "Đường ngõ và đèn tín hiệu", "Họp tổ dân phố"]
    assert await found(database, ward, "den duong") == (expected, True)
    assert await found(database, ward, "Đèn đường") == (expected, True)
    assert await found(database, ward, "tiếp dân") == (["Văn phòng tiếp dân"], True)
    # "an" stands in "văn" and "dân", but not as a word.
    assert await found(database, ward, "an") == ([], False)


async def test_without_all_the_words_the_nearest_titles_are_offered(database: Database, ward: StoredWard) -> None:
    await imported(
        database, ward, document(item("1", "Sửa đèn ngõ"), item("2", "Chợ", text="đường vào chợ")), published=True
    )
    assert await found(database, ward, "đèn sân bay") == (["Sửa đèn ngõ"], False)
    assert await found(database, ward, "đường sắt") == (["Chợ"], False)


async def test_signs_of_sql_are_only_letters(database: Database, ward: StoredWard) -> None:
    await imported(database, ward, published=True)
    async with database.reading() as tx:
        for word in ("%", "_", "\\", "'"):
            assert (await plan_search.search(tx, ward.id, (word,), today=TODAY, limit=9))[1] == 0


async def test_drafts_are_neither_listed_nor_found_nor_counted_as_published(
    database: Database, ward: StoredWard
) -> None:
    await imported(database, ward)
    assert await found(database, ward, "đèn đường") == ([], False)
    async with database.reading() as tx:
        assert await plans.published(tx, ward.id, today=TODAY, limit=9) == ([], 0)
        assert await plans.counts(tx, ward.id) == plans.PlanCounts(drafts=3, published=0, questions=0, last_draft=3)
        assert [one.number for one in (await plans.with_status(tx, ward.id, PlanStatus.DRAFT, limit=2))[0]] == [1, 2]
        assert await plans.next_deadlines(tx, ward.id, today=TODAY, until=date(2027, 12, 31), limit=9) == []


async def test_a_ward_without_plans_has_none(database: Database, ward: StoredWard) -> None:
    async with database.reading() as tx:
        assert await plans.counts(tx, ward.id) == plans.PlanCounts(drafts=0, published=0, questions=0, last_draft=0)
        with pytest.raises(DomainError, match="plan_item_unknown"):
            await plans.get(tx, ward.id, 1)


async def test_each_ward_has_its_own_numbers_and_items(database: Database, ward: StoredWard) -> None:
    async with database.transaction() as tx:
        other = await wards.load(tx, await wards.write(tx, sample_ward("BM")))
    await imported(database, ward, published=True)
    report = await imported(database, other, document(item("1", "Khác")), published=True)
    assert report.new == ["KH-1"]
    async with database.reading() as tx:
        assert (await plans.get(tx, other.id, 1)).title == "Khác"
        assert (await plans.published(tx, ward.id, today=TODAY, limit=9))[1] == 3


async def test_what_became_public_in_a_week_is_told_once(database: Database, ward: StoredWard) -> None:
    await imported(database, ward, published=True)
    later = NOW + timedelta(days=8)
    await imported(database, ward, document(item("1", "Mới"), number="13/KH-UBND"), published=True, now=later)
    async with database.reading() as tx:
        assert len(await plans.published_since(tx, ward.id, NOW - timedelta(days=7), NOW)) == 3
        assert [one.title for one in await plans.published_since(tx, ward.id, NOW)] == ["Mới"]
        assert await plans.published_since(tx, ward.id, later) == []


async def test_an_item_knows_its_document_and_the_next_one_of_its_list(database: Database, ward: StoredWard) -> None:
    await imported(database, ward)
    async with database.reading() as tx:
        first, last = await plans.get(tx, ward.id, 1), await plans.get(tx, ward.id, 3)
        assert await plans.neighbour(tx, first, PlanStatus.DRAFT) == 2
        assert await plans.neighbour(tx, last, PlanStatus.DRAFT) is None
        source = await plans.source_of(tx, first)
    assert (source.number, source.issued_on, source.unsure) == ("12/KH-UBND", "2026-10-12", (("signer_missing", ""),))


async def test_a_change_of_what_has_changed_meanwhile_is_refused(database: Database, ward: StoredWard) -> None:
    await imported(database, ward)
    async with database.transaction() as tx:
        seen = await plans.get(tx, ward.id, 1)
        await plan_drafts.publish(tx, [seen], person_id=None, now=NOW)
        with pytest.raises(DomainError, match="plan_item_changed"):
            await plan_drafts.publish(tx, [seen], person_id=None, now=NOW)


async def test_numbers_are_never_given_twice_even_when_drafts_are_gone(database: Database, ward: StoredWard) -> None:
    async with database.transaction() as tx:
        assert list(await plan_drafts.take_numbers(tx, ward.id, 3)) == [1, 2, 3]
        assert list(await plan_drafts.take_numbers(tx, ward.id, 2)) == [4, 5]


async def test_opinions_are_read_newest_first_and_without_a_name(database: Database, ward: StoredWard) -> None:
    await imported(database, ward, published=True)
    async with database.transaction() as tx:
        someone = await people.add(
            tx, ward_id=ward.id, channel="web", account="web", address="a", name="Ba", language="vi", now=NOW
        )
        one = await plans.get(tx, ward.id, 1)
        for text in ("thứ nhất", "thứ hai"):
            await opinions.add(
                tx,
                ward_id=ward.id,
                plan_item_id=one.id,
                person_id=someone.id,
                text=text,
                now=datetime(2026, 11, 21, tzinfo=UTC),
            )
        assert [said.text for said in await opinions.of_item(tx, one, limit=9)] == ["thứ hai", "thứ nhất"]
        assert await opinions.count(tx, one) == 2
