"""Files people sent: where each is kept, who sent it, and which case it belongs to."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from domain.case import Case
from domain.files import FileGist, FileKind
from storage.base import Identity, Instant, metadata
from storage.cases import cases
from storage.database import Transaction

attachment = Table(
    "attachment",
    metadata,
    Column("id", Identity, primary_key=True),
    # Unguessable: the address it is shown under. Having it is not enough to see the file.
    Column("token", String(64), nullable=False, unique=True),
    Column("ward_id", ForeignKey("ward.id"), nullable=True),
    Column("sha256", String(64), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("mime", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    # How long it plays, as its sender or their phone says.
    Column("seconds", Integer, nullable=False),
    # Relative to the folder of attachments; several rows may share one file.
    Column("stored_as", String(120), nullable=False),
    Column("uploaded_by_channel", String(20), nullable=False),
    Column("uploaded_by_account", String(64), nullable=False),
    Column("uploaded_by_address", String(120), nullable=False),
    Column("case_id", ForeignKey("cases.id"), nullable=True),
    Column("case_event_id", ForeignKey("case_event.id"), nullable=True),
    Column("visible_to_resident", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("ix_attachment_case", "case_id"),
    Index("ix_attachment_sha256", "sha256"),
    Index("ix_attachment_uploader", "uploaded_by_address", "created_at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Where somebody writes from, as in `contact_point`."""

    channel: str
    account: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file on this machine's disk: what it is (by content) and where (below the folder of attachments).

    `size` is in bytes, `width` and `height` in pixels (0 if it is no photo), `seconds` how long it plays (0 if
    unknown).
    """

    kind: FileKind
    sha256: str
    mime: str
    size: int
    width: int
    height: int
    seconds: int
    stored_as: str

    @property
    def gist(self) -> FileGist:
        """The file in a few words."""
        return FileGist(kind=self.kind, seconds=self.seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file somebody sent, and the case it was put to (ward, unit and resident are the case's)."""

    id: int
    token: str
    file: StoredFile
    uploaded_by: Contact
    case_id: int | None
    case_ward_id: int | None
    case_unit_id: int | None
    case_resident_id: int | None
    visible_to_resident: bool


async def add(
    tx: Transaction, file: StoredFile, *, uploaded_by: Contact, ward_id: int | None, now: datetime
) -> Attachment:
    """Note a file that has been stored; nobody but its sender may see it until it is put to a case."""
    done = await tx.execute(
        insert(attachment).values(
            token=secrets.token_urlsafe(24), ward_id=ward_id, kind=file.kind.value, sha256=file.sha256,
            mime=file.mime, size=file.size, width=file.width, height=file.height, seconds=file.seconds,
            stored_as=file.stored_as,
            uploaded_by_channel=uploaded_by.channel, uploaded_by_account=uploaded_by.account,
            uploaded_by_address=uploaded_by.address, visible_to_resident=False, created_at=now,
        ).returning(attachment.c.id)
    )  # fmt: skip
    return (await by_ids(tx, [int(done.scalar_one())]))[0]


async def get_by_token(tx: Transaction, token: str) -> Attachment | None:
    """The file shown under this address."""
    row = (await tx.execute(_with_case().where(attachment.c.token == token))).one_or_none()
    return None if row is None else _attachment(row)


async def by_ids(tx: Transaction, ids: Sequence[int]) -> list[Attachment]:
    """The files with these ids, in the order asked for; unknown ids are left out."""
    return await _in_order(tx, attachment.c.id, ids)


async def gists(tx: Transaction, ids: Sequence[int]) -> dict[int, FileGist]:
    """What these files are, in a few words, by id; unknown ids are left out."""
    return {one.id: one.file.gist for one in await by_ids(tx, ids)} if ids else {}


async def by_tokens(tx: Transaction, tokens: Sequence[str]) -> list[Attachment]:
    """The files with these addresses, in the order asked for; unknown ones are left out."""
    return await _in_order(tx, attachment.c.token, tokens)


async def of_case(tx: Transaction, case: Case, *, resident_only: bool = False) -> list[Attachment]:
    """The files of a case, oldest first; `resident_only` leaves out what the resident may not see."""
    statement = _with_case().where(attachment.c.case_id == case.id, attachment.c.ward_id == case.ward_id)
    if resident_only:
        statement = statement.where(attachment.c.visible_to_resident)
    return [_attachment(row) for row in (await tx.execute(statement.order_by(attachment.c.id))).all()]


async def owned_by(tx: Transaction, ids: Sequence[int], contact: Contact) -> list[int]:
    """Of these ids, those this contact may attach: sent by themselves and not put to a case yet."""
    found = await by_ids(tx, ids)
    return [one.id for one in found if one.uploaded_by == contact and one.case_id is None]


async def link_to_case(
    tx: Transaction,
    ids: Sequence[int],
    case: Case,
    *,
    case_event_id: int | None = None,
    visible_to_resident: bool = True,
) -> int:
    """Put files to a case, each once: what is linked already stays where it is. How many were linked."""
    if not ids:
        return 0
    values = {"case_id": case.id, "case_event_id": case_event_id, "ward_id": case.ward_id}
    done = await tx.execute(
        update(attachment)
        .where(attachment.c.id.in_(ids), attachment.c.case_id.is_(None))
        .values(visible_to_resident=visible_to_resident, **values)
    )
    return int(done.rowcount)


async def sent_since(tx: Transaction, contact: Contact, since: datetime) -> int:
    """How many files a contact sent since an instant."""
    sent = select(func.count()).select_from(attachment).where(*_by(contact), attachment.c.created_at > since)
    return int(await tx.scalar(sent))


async def unlinked(tx: Transaction, *, before: datetime, limit: int) -> dict[int, str]:
    """Files sent before an instant that were never put to a case: where each is (`stored_as`), by id."""
    old = (attachment.c.case_id.is_(None)) & (attachment.c.created_at < before)
    rows = await tx.execute(select(attachment.c.id, attachment.c.stored_as).where(old).limit(limit))
    return {row.id: str(row.stored_as) for row in rows}


async def drop_unlinked(tx: Transaction, ids: Collection[int]) -> list[str]:
    """Forget these files, but for those put to a case meanwhile.

    Gives the names (`stored_as`) of the files that no row needs any more: delete them after the commit.
    """
    dropped = await tx.execute(
        delete(attachment)
        .where(attachment.c.id.in_(ids), attachment.c.case_id.is_(None))
        .returning(attachment.c.stored_as)
    )
    names = set(dropped.scalars())
    kept = await tx.execute(select(attachment.c.stored_as).where(attachment.c.stored_as.in_(names)))
    return sorted(names - set(kept.scalars()))


async def _in_order(tx: Transaction, column: Column[Any], wanted: Sequence[Any]) -> list[Attachment]:
    rows = (await tx.execute(_with_case().where(column.in_(list(wanted))))).all()
    found = {getattr(row, column.name): _attachment(row) for row in rows}
    return [found[one] for one in dict.fromkeys(wanted) if one in found]


def _by(contact: Contact) -> tuple[Any, ...]:
    return (
        attachment.c.uploaded_by_channel == contact.channel,
        attachment.c.uploaded_by_account == contact.account,
        attachment.c.uploaded_by_address == contact.address,
    )


def _with_case() -> Select[Any]:
    return select(
        attachment,
        cases.c.ward_id.label("case_ward_id"),
        cases.c.unit_id.label("case_unit_id"),
        cases.c.resident_id.label("case_resident_id"),
    ).outerjoin(cases, (cases.c.ward_id == attachment.c.ward_id) & (cases.c.id == attachment.c.case_id))


def _attachment(row: Any) -> Attachment:
    return Attachment(
        id=row.id,
        token=row.token,
        file=StoredFile(
            kind=FileKind(row.kind), sha256=row.sha256, mime=row.mime, size=row.size, width=row.width,
            height=row.height, seconds=row.seconds, stored_as=row.stored_as,
        ),
        uploaded_by=Contact(
            channel=row.uploaded_by_channel, account=row.uploaded_by_account, address=row.uploaded_by_address
        ),
        case_id=row.case_id,
        case_ward_id=row.case_ward_id,
        case_unit_id=row.case_unit_id,
        case_resident_id=row.case_resident_id,
        visible_to_resident=row.visible_to_resident,
    )  # fmt: skip
