"""Plan items: what was read of each, who may see it, and by which words and days they are found."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, case, func, literal, select, tuple_

from domain.errors import DomainError
from domain.plan_periods import Span, Stage, next_day, stage
from domain.plans import ItemContent, PlanStatus, item_code
from storage.database import Transaction
from storage.plan_tables import plan_day, plan_document
from storage.plan_tables import plan_item as plan_item  # storage.schema takes it from here

# What stands in `revised`, and in `kept_hash`, for an item that the corrected document no longer has.
GONE = "gone"


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


async def get(tx: Transaction, ward_id: int, number: int, *, lock: bool = False) -> StoredItem:
    """One item of a ward by its number. DomainError `plan_item_unknown`."""
    statement = select(plan_item).where(plan_item.c.ward_id == ward_id, plan_item.c.number == number)
    row = (await tx.execute(statement.with_for_update() if lock else statement)).one_or_none()
    if row is None:
        raise DomainError("plan_item_unknown", item=item_code(number))
    return item_of(row)


async def with_status(
    tx: Transaction, ward_id: int, status: PlanStatus, *, limit: int, offset: int = 0
) -> tuple[list[StoredItem], int]:
    """The items of a status in the order of their documents, and how many there are in all."""
    wanted = select(plan_item).where(plan_item.c.ward_id == ward_id, plan_item.c.status == status.value)
    return await page(tx, wanted.order_by(plan_item.c.document_id, plan_item.c.position, plan_item.c.id), limit, offset)


async def with_questions(tx: Transaction, ward_id: int, *, limit: int, offset: int = 0) -> tuple[list[StoredItem], int]:
    """The published items about which a corrected document asks something, and how many there are in all."""
    wanted = select(plan_item).where(plan_item.c.ward_id == ward_id, _asks())
    return await page(tx, wanted.order_by(plan_item.c.number), limit, offset)


async def published_since(
    tx: Transaction, ward_id: int, since: datetime, until: datetime | None = None, *, limit: int | None = None
) -> list[StoredItem]:
    """What became public after `since` (up to and with `until`) and still is, the newest first."""
    wanted = published_items(ward_id).where(plan_item.c.published_at > since)
    if until is not None:
        wanted = wanted.where(plan_item.c.published_at <= until)
    wanted = wanted.order_by(plan_item.c.published_at.desc(), plan_item.c.document_id, plan_item.c.position)
    return [item_of(row) for row in (await tx.execute(wanted.limit(limit))).all()]


async def next_deadlines(
    tx: Transaction, ward_id: int, *, today: date, until: date, limit: int
) -> list[tuple[date, StoredItem]]:
    """The nearest day of each published item that has one from today up to and with `until`, the nearest first."""
    ahead = (
        select(plan_day.c.plan_item_id, func.min(plan_day.c.due_on).label("due_on"))
        .where(plan_day.c.ward_id == ward_id, plan_day.c.due_on >= today, plan_day.c.due_on <= until)
        .group_by(plan_day.c.plan_item_id)
        .subquery()
    )
    rows = await tx.execute(
        published_items(ward_id)
        .add_columns(ahead.c.due_on.label("next_on"))
        .join(ahead, ahead.c.plan_item_id == plan_item.c.id)
        .order_by(ahead.c.due_on, plan_item.c.number)
        .limit(limit)
    )
    return [(row.next_on, item_of(row)) for row in rows.all()]


async def of_document(tx: Transaction, ward_id: int, document_id: int) -> list[StoredItem]:
    """All items of one document of a ward in its order, whatever their status."""
    wanted = select(plan_item).where(plan_item.c.ward_id == ward_id, plan_item.c.document_id == document_id)
    return [item_of(row) for row in (await tx.execute(wanted.order_by(plan_item.c.position))).all()]


DOCUMENT_FIELDS = frozenset({"number", "issuer", "issued_on", "title", "signer"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The document an item comes from, as printed; what is not printed is None.

    `unsure` are the remarks on the document itself: (code, value).
    """

    number: str | None
    title: str | None
    issued_on: str | None
    unsure: tuple[tuple[str, str], ...] = ()


async def source_of(tx: Transaction, item: StoredItem) -> Source:
    """Which document an item comes from."""
    its = (plan_document.c.ward_id == item.ward_id, plan_document.c.id == item.document_id)
    row = (await tx.execute(select(plan_document).where(*its))).one()
    unsure = tuple((one["code"], one["value"]) for one in row.data["unsure"] if one["place"] in DOCUMENT_FIELDS)
    return Source(number=row.number, title=row.title, issued_on=row.issued_on, unsure=unsure)


async def neighbour(tx: Transaction, item: StoredItem, status: PlanStatus) -> int | None:
    """The number of the next item with this status, in the order of the list; None after the last."""
    number: int | None = await tx.scalar(
        select(plan_item.c.number)
        .where(
            plan_item.c.ward_id == item.ward_id,
            plan_item.c.status == status.value,
            tuple_(plan_item.c.document_id, plan_item.c.position, plan_item.c.id)
            > tuple_(literal(item.document_id), literal(item.position), literal(item.id)),
        )
        .order_by(plan_item.c.document_id, plan_item.c.position, plan_item.c.id)
        .limit(1)
    )
    return number


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCounts:
    """How many items a ward has of each sort; `questions` are published ones a correction asks about."""

    drafts: int
    published: int
    questions: int
    last_draft: int
    withdrawn: int = 0


async def counts(tx: Transaction, ward_id: int) -> PlanCounts:
    """The figures the desk sees; `last_draft` is the highest number among the drafts, 0 without any."""
    drafted = plan_item.c.status == PlanStatus.DRAFT.value
    public = plan_item.c.status == PlanStatus.PUBLISHED.value
    row = (
        await tx.execute(
            select(
                func.sum(case((drafted, 1), else_=0)).label("drafts"),
                func.sum(case((public, 1), else_=0)).label("published"),
                func.sum(case((plan_item.c.status == PlanStatus.WITHDRAWN.value, 1), else_=0)).label("withdrawn"),
                func.sum(case((_asks(), 1), else_=0)).label("questions"),
                func.max(case((drafted, plan_item.c.number), else_=0)).label("last_draft"),
            ).where(plan_item.c.ward_id == ward_id)
        )
    ).one()
    return PlanCounts(
        drafts=int(row.drafts or 0), published=int(row.published or 0), questions=int(row.questions or 0),
        last_draft=int(row.last_draft or 0), withdrawn=int(row.withdrawn or 0),
    )  # fmt: skip


def _asks() -> Any:
    return (plan_item.c.status == PlanStatus.PUBLISHED.value) & plan_item.c.revised.is_not(None)


async def published(
    tx: Transaction, ward_id: int, *, today: date, limit: int, offset: int = 0
) -> tuple[list[StoredItem], int]:
    """The published items, the nearest day first, then those without one, then those past; and how many in all."""
    return await page(tx, published_items(ward_id).order_by(*nearest_first(ward_id, today)), limit, offset)


def published_items(ward_id: int) -> Select[Any]:
    """The query for what everybody may read; for the modules of this package."""
    return select(plan_item).where(plan_item.c.ward_id == ward_id, plan_item.c.status == PlanStatus.PUBLISHED.value)


def nearest_first(ward_id: int, today: date) -> tuple[Any, ...]:
    """An order of a ward's items: the nearest day from today on, then what has no day, then what is past."""
    of_item = (plan_day.c.ward_id == ward_id) & (plan_day.c.plan_item_id == plan_item.c.id)
    ahead = select(func.min(plan_day.c.due_on)).where(of_item, plan_day.c.due_on >= today).scalar_subquery()
    dated = select(plan_day.c.id).where(of_item).exists()
    rank = case((ahead.is_not(None), 0), (~dated, 1), else_=2)
    return rank, ahead, plan_item.c.document_id, plan_item.c.position, plan_item.c.id


async def page(tx: Transaction, statement: Select[Any], limit: int, offset: int) -> tuple[list[StoredItem], int]:
    """One page of a query over plan_item, and how many rows there are in all."""
    total = int(await tx.scalar(select(func.count()).select_from(statement.order_by(None).subquery())))
    rows = await tx.execute(statement.limit(limit).offset(offset))
    return [item_of(row) for row in rows.all()], total


def item_of(row: Any) -> StoredItem:
    """A row as a value."""
    revised = row.revised or {}
    return StoredItem(
        id=row.id, ward_id=row.ward_id, document_id=row.document_id, number=row.number, position=row.position,
        status=PlanStatus(row.status), content=ItemContent.from_json(row.content), lead_unit_id=row.lead_unit_id,
        content_hash=row.content_hash,
        revised=ItemContent.from_json(revised["content"]) if "content" in revised else None,
        is_gone=bool(revised.get(GONE)), kept_hash=row.kept_hash, published_at=row.published_at,
        withdrawn_reason=row.withdrawn_reason, changed_at=row.changed_at,
    )  # fmt: skip
