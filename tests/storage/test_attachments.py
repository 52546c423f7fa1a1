"""Files people sent, on both databases."""

from datetime import UTC, date, datetime, timedelta

from domain.case import Case, CaseKind, Status
from domain.files import FileKind
from domain.people import Role
from storage import attachments, cases, wards
from storage.attachments import Attachment, Contact, StoredFile
from storage.database import Database
from tests.bot.web.ground import appoint, small_ward

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
ME = Contact(channel="web", account="web", address="me")
OTHER = Contact(channel="web", account="web", address="other")


def file(digest: str = "ab" * 32) -> StoredFile:
    return StoredFile(
        kind=FileKind.PHOTO,
        seconds=0,
        sha256=digest,
        mime="image/jpeg",
        size=10,
        width=4,
        height=3,
        stored_as=f"ab/{digest}",
    )


async def sent(database: Database, by: Contact = ME, at: datetime = NOW, digest: str = "ab" * 32) -> Attachment:
    async with database.transaction() as tx:
        return await attachments.add(tx, file(digest), uploaded_by=by, ward_id=None, now=at)


async def case_of(database: Database) -> Case:
    """A case in a small ward."""
    ward_id = await small_ward(database)
    resident = await appoint(database, ward_id, "resident", Role.MEMBER, "KT")
    async with database.transaction() as tx:
        ward = await wards.load(tx, ward_id)
        return await cases.add(
            tx, ward_id=ward_id, code="PA-26-00001", kind=CaseKind.REPORT.value, status=Status.RECEIVED.value,
            category_id=ward.category_ids["road"], unit_id=ward.unit_id("KT"), resident_id=resident, text="đèn",
            place="", language="vi", received_at=NOW, due_on=date(2026, 12, 8),
        )  # fmt: skip


async def test_a_file_is_found_by_its_unguessable_token(database: Database) -> None:
    kept = await sent(database)
    async with database.reading() as tx:
        assert await attachments.get_by_token(tx, kept.token) == kept
        assert await attachments.get_by_token(tx, "x") is None
    assert len(kept.token) >= 32


async def test_files_come_in_the_order_asked_for_and_unknown_ones_are_left_out(database: Database) -> None:
    first, second = await sent(database), await sent(database)
    async with database.reading() as tx:
        assert [one.id for one in await attachments.by_ids(tx, [second.id, 999, first.id])] == [second.id, first.id]
        found = await attachments.by_tokens(tx, [second.token, "x", second.token])
    assert [one.id for one in found] == [second.id]


async def test_only_own_files_that_belong_to_no_case_may_be_attached(database: Database) -> None:
    mine, others, used = await sent(database), await sent(database, OTHER), await sent(database)
    case = await case_of(database)
    async with database.transaction() as tx:
        await attachments.link_to_case(tx, [used.id], case)
        assert await attachments.owned_by(tx, [mine.id, others.id, used.id], ME) == [mine.id]


async def test_a_file_once_put_to_a_case_stays_there(database: Database) -> None:
    mine = await sent(database)
    case = await case_of(database)
    async with database.transaction() as tx:
        first = await attachments.link_to_case(tx, [mine.id], case, visible_to_resident=False)
        again = await attachments.link_to_case(tx, [mine.id], case)
        assert (first, again) == (1, 0)
        assert await attachments.of_case(tx, case, resident_only=True) == []
        found = await attachments.of_case(tx, case)
    assert [(one.id, one.case_ward_id, one.visible_to_resident) for one in found] == [(mine.id, case.ward_id, False)]


async def test_files_sent_lately_are_counted_for_one_contact(database: Database) -> None:
    await sent(database, at=NOW - timedelta(hours=1))
    await sent(database)
    await sent(database, OTHER)
    async with database.reading() as tx:
        assert await attachments.sent_since(tx, ME, NOW - timedelta(minutes=10)) == 1


async def test_old_files_of_no_case_are_forgotten_unless_another_row_needs_the_same_bytes(database: Database) -> None:
    old = NOW - timedelta(days=40)
    await sent(database, at=old)
    await sent(database, at=old, digest="cd" * 32)
    await sent(database, digest="cd" * 32)
    async with database.transaction() as tx:
        old_ones = await attachments.unlinked(tx, before=NOW - timedelta(days=30), limit=100)
        gone = await attachments.drop_unlinked(tx, old_ones)
    assert gone == ["ab/" + "ab" * 32]
