"""Plan items: what was read of each, who may see it, and by which words and days they are found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    Table,
    Text,
    UniqueConstraint,
    case,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from domain.errors import DomainError
from domain.plan_periods import Span, Stage, next_day, stage
from domain.plans import ItemContent, PlanStatus, item_code, searchable
from storage.base import Day, Identity, Instant, Json, metadata
from storage.database import Transaction

plan_document = Table(
    "plan_document",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("ward_id", ForeignKey("ward.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("number", String(120), nullable=True),
    Column("issuer", Text, nullable=True),
    Column("title", Text, nullable=True),
    Column("year", Integer, nullable=True),
    # As printed: YYYY, YYYY-MM or YYYY-MM-DD.
    Column("issued_on", String(10), nullable=True),
    Column("source_name", String(300), nullable=False),
    # All that was read besides the items: report duties, references, recipients, what was unsure.
    Column("data", Json, nullable=False),
    Column("imported_at", Instant, nullable=False),
    Index("ix_plan_document_ward", "ward_id", "year"),
)

plan_item = Table(
    "plan_item",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("ward_id", ForeignKey("ward.id"), nullable=False),
    Column("document_id", ForeignKey("plan_document.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("title", Text, nullable=False),
    Column("content", Json, nullable=False),
    Column("lead_unit_id", ForeignKey("unit.id"), nullable=True),
    # Folded words with a blank around each: no database here folds Vietnamese by itself.
    Column("title_words", Text, nullable=False),
    Column("text_words", Text, nullable=False),
    Column("content_hash", String(64), nullable=False),
    # What a corrected document says of a published item, until a person decides: {"content": …} or {"gone": true}.
    Column("revised", Json, nullable=True),
    # The hash of a correction (or "gone") that a person has decided against, so that it is not asked again.
    Column("kept_hash", String(64), nullable=True),
    Column("published_at", Instant, nullable=True),
    Column("published_by", ForeignKey("person.id"), nullable=True),
    Column("withdrawn_reason", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("ward_id", "number"),
    Index("ix_plan_item_status", "ward_id", "status", "published_at"),
    Index("ix_plan_item_document", "document_id", "position"),
)

# The last day of each deadline and of the period, to find the nearest one from any day on.
plan_day = Table(
    "plan_day",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("plan_item_id", ForeignKey("plan_item.id"), nullable=False),
    Column("due_on", Day, nullable=False),
    Index("ix_plan_day_item", "plan_item_id", "due_on"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredItem:
    """One plan item as it stands; `revised` is the correction a person has to decide on, None if there is none.

    `is_gone` says that the corrected document no longer has a published item.
    """

    id: int
    ward_id: int
    document_id: int
    number: int
    position: int
    status: PlanStatus
    content: ItemContent
    lead_unit_id: int | None
    content_hash: str
    revised: ItemContent | None
    is_gone: bool
    kept_hash: str | None
    published_at: datetime | None
    withdrawn_reason: str
    changed_at: datetime

    @property
    def code(self) -> str:
        """`KH-12`."""
        return item_code(self.number)

    @property
    def title(self) -> str:
        """What it is called."""
        return self.content.title

    @property
    def is_published(self) -> bool:
        """Whether everybody may read it."""
        return self.status is PlanStatus.PUBLISHED

    @property
    def question(self) -> str | None:
        """What names the correction a person has to decide on: its hash, or `gone`; None if there is none."""
        if self.is_gone:
            return GONE
        return self.revised.digest() if self.revised else None

    def stage(self, today: date) -> Stage:
        """How it stands by its own dates."""
        return stage(self.content.last_days, self._span, today)

    def next_day(self, today: date) -> date | None:
        """The nearest day by which something is due."""
        return next_day(self.content.last_days, self._span, today)

    @property
    def _span(self) -> Span:
        content = self.content
        return Span(starts_on=content.starts_on, ends_on=content.ends_on, regular=content.regular)


GONE = "gone"


async def add(
    tx: Transaction, *, ward_id: int, document_id: int, number: int, position: int, content: ItemContent, now: datetime
) -> int:
    """Write a new draft; its id."""
    done = await tx.execute(
        insert(plan_item).values(
            ward_id=ward_id, document_id=document_id, number=number, status=PlanStatus.DRAFT.value,
            withdrawn_reason="", position=position, changed_at=now, **_columns(content),
        )
    )  # fmt: skip
    item_id = int(done.inserted_primary_key[0])
    await _write_days(tx, item_id, content)
    return item_id


async def set_content(tx: Transaction, item: StoredItem, content: ItemContent, *, now: datetime) -> None:
    """Put what a (corrected) document says in the place of what was kept; nothing is open about it any more."""
    await change(tx, item, revised=None, kept_hash=None, changed_at=now, **_columns(content))
    await tx.execute(delete(plan_day).where(plan_day.c.plan_item_id == item.id))
    await _write_days(tx, item.id, content)


async def change(tx: Transaction, item: StoredItem, **values: Any) -> None:
    """Change columns of an item. DomainError `plan_item_changed` when its status is no longer what was seen."""
    done = await tx.execute(
        update(plan_item).where(plan_item.c.id == item.id, plan_item.c.status == item.status.value).values(**values)
    )
    if done.rowcount != 1:
        raise DomainError("plan_item_changed", code=item.code)


async def remove(tx: Transaction, item: StoredItem) -> None:
    """Delete a draft that nobody but the desk has ever seen."""
    await tx.execute(delete(plan_day).where(plan_day.c.plan_item_id == item.id))
    await tx.execute(delete(plan_item).where(plan_item.c.id == item.id))


def _columns(content: ItemContent) -> dict[str, Any]:
    units = [unit.name for unit in (content.lead, *content.implementing) if unit]
    rest = [content.text, *(text for _marker, text in content.parts), content.period or "", *units]
    return {
        "title": content.title,
        "content": content.to_json(),
        "lead_unit_id": content.lead.unit_id if content.lead else None,
        "title_words": searchable(content.title),
        "text_words": searchable(" ".join(rest)),
        "content_hash": content.digest(),
    }


async def _write_days(tx: Transaction, item_id: int, content: ItemContent) -> None:
    ends = (content.ends_on,) if content.ends_on else ()
    days = sorted({*content.last_days, *ends})
    if days:
        await tx.execute(insert(plan_day), [{"plan_item_id": item_id, "due_on": day} for day in days])


async def get(tx: Transaction, ward_id: int, number: int, *, lock: bool = False) -> StoredItem:
    """One item of a ward by its number. DomainError `plan_item_unknown`."""
    statement = select(plan_item).where(plan_item.c.ward_id == ward_id, plan_item.c.number == number)
    row = (await tx.execute(statement.with_for_update() if lock else statement)).one_or_none()
    if row is None:
        raise DomainError("plan_item_unknown", code=item_code(number))
    return _item(row)


async def with_status(
    tx: Transaction, ward_id: int, status: PlanStatus, *, limit: int, offset: int = 0
) -> tuple[list[StoredItem], int]:
    """The items of a status in the order of their documents, and how many there are in all."""
    wanted = select(plan_item).where(plan_item.c.ward_id == ward_id, plan_item.c.status == status.value)
    return await _page(tx, wanted.order_by(plan_item.c.document_id, plan_item.c.position), limit, offset)


async def with_questions(
    tx: Transaction, ward_id: int, *, limit: int, offset: int = 0
) -> tuple[list[StoredItem], int]:
    """The published items about which a corrected document asks something, and how many there are in all."""
    wanted = select(plan_item).where(plan_item.c.ward_id == ward_id, _asks())
    return await _page(tx, wanted.order_by(plan_item.c.number), limit, offset)


def _asks() -> Any:
    return (plan_item.c.status == PlanStatus.PUBLISHED.value) & plan_item.c.revised.is_not(None)


async def published(
    tx: Transaction, ward_id: int, *, today: date, limit: int, offset: int = 0
) -> tuple[list[StoredItem], int]:
    """The published items, the nearest day first, then those without one, then those past; and how many in all."""
    return await _page(tx, _published(ward_id).order_by(*_nearest_first(today)), limit, offset)


async def search(
    tx: Transaction, ward_id: int, words: Sequence[str], *, today: date, limit: int, offset: int = 0
) -> tuple[list[StoredItem], int, bool]:
    """The published items with all of these words, those in the title first; how many in all; and whether all were met.

    `words` come from domain.plans.search_words. When no item has them all, the items with the most of them.
    """
    score = sum((_score(word) for word in words), start=_phrase(words))
    has_all = [_has(plan_item.c.title_words, word) | _has(plan_item.c.text_words, word) for word in words]
    order = (score.desc(), *_nearest_first(today))
    found, total = await _page(tx, _published(ward_id).where(*has_all).order_by(*order), limit, offset)
    if total:
        return found, total, True
    found, total = await _page(tx, _published(ward_id).where(score > 0).order_by(*order), limit, offset)
    return found, total, False


def _has(column: Any, word: str) -> Any:
    return column.contains(f" {word} ", autoescape=True)


def _score(word: str) -> Any:
    return case((_has(plan_item.c.title_words, word), 3), (_has(plan_item.c.text_words, word), 1), else_=0)


def _phrase(words: Sequence[str]) -> Any:
    """The words side by side in the title are worth more than scattered."""
    return case((_has(plan_item.c.title_words, " ".join(words)), 4), else_=0) if len(words) > 1 else literal(0)


def _published(ward_id: int) -> Select[Any]:
    return select(plan_item).where(
        plan_item.c.ward_id == ward_id, plan_item.c.status == PlanStatus.PUBLISHED.value
    )


def _nearest_first(today: date) -> tuple[Any, ...]:
    ahead = (
        select(func.min(plan_day.c.due_on))
        .where(plan_day.c.plan_item_id == plan_item.c.id, plan_day.c.due_on >= today)
        .scalar_subquery()
    )
    dated = select(plan_day.c.id).where(plan_day.c.plan_item_id == plan_item.c.id).exists()
    rank = case((ahead.is_not(None), 0), (~dated, 1), else_=2)
    return rank, ahead, plan_item.c.document_id, plan_item.c.position, plan_item.c.id


async def _page(
    tx: Transaction, statement: Select[Any], limit: int, offset: int
) -> tuple[list[StoredItem], int]:
    total = int(await tx.scalar(select(func.count()).select_from(statement.order_by(None).subquery())))
    rows = await tx.execute(statement.limit(limit).offset(offset))
    return [_item(row) for row in rows.all()], total


def _item(row: Any) -> StoredItem:
    revised = row.revised or {}
    return StoredItem(
        id=row.id, ward_id=row.ward_id, document_id=row.document_id, number=row.number, position=row.position,
        status=PlanStatus(row.status), content=ItemContent.from_json(row.content), lead_unit_id=row.lead_unit_id,
        content_hash=row.content_hash,
        revised=ItemContent.from_json(revised["content"]) if "content" in revised else None,
        is_gone=bool(revised.get(GONE)), kept_hash=row.kept_hash, published_at=row.published_at,
        withdrawn_reason=row.withdrawn_reason, changed_at=row.changed_at,
    )  # fmt: skip
