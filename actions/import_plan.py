"""Importing a read plan: new drafts, corrected drafts, and questions about what is published; nothing is published."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.errors import DomainError
from domain.plan_document import PlanDocument, PlanItem
from domain.plan_document.matching import UnitMatch, fold_unit, match_units
from domain.plan_matching import DocumentIdentity, ItemKey, pair_items, same_document
from domain.plan_periods import plan_year
from domain.plans import ItemContent, NamedUnit, PlanStatus, content_of, item_code
from storage import audit, plan_drafts, plans
from storage.database import Transaction
from storage.plans import GONE, StoredItem
from storage.wards import StoredWard

NUMBER_MAX_CHARS = 120
SOURCE_NAME_MAX_CHARS = 300


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """What an import did, as item codes (`KH-12`); `unmatched` are unit names a person has to decide on.

    `questions` are published items that now read otherwise, `gone` published ones the document no longer has;
    both stay as they are until a person decides. `removed` are drafts the document no longer has.
    """

    document_id: int
    is_correction: bool
    new: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unmatched: tuple[str, ...] = ()


async def import_plan(
    tx: Transaction,
    ward: StoredWard,
    document: PlanDocument,
    source_name: str,
    now: datetime,
    *,
    actor_id: int | None = None,
) -> ImportReport:
    """Store a read plan as drafts; a corrected document is known again and updates what it corrects.

    DomainError `plan_without_items` when there is nothing to store, and then nothing has changed.
    """
    if not document.items:
        raise DomainError("plan_without_items")
    await plan_drafts.lock_plans(tx, ward.id)
    identity = _identity(document, source_name)
    known = await _known_document(tx, ward.id, identity)
    document_id = await plan_drafts.write_document(tx, ward.id, document, identity, now=now, document_id=known)
    old = await plans.of_document(tx, ward.id, document_id)
    units = await _Units.of(tx, ward, document)
    contents = [_content(document, item, identity.year, units) for item in document.items]
    report = ImportReport(document_id=document_id, is_correction=known is not None, unmatched=units.unknown())
    importing = _Importing(tx=tx, ward_id=ward.id, report=report, now=now)
    await importing.run(old, contents)
    await audit.write(
        tx, ward_id=ward.id, act="plan.import", subject=f"plan document {document_id}", actor_id=actor_id, now=now,
        source=identity.source_name, new=len(report.new), updated=len(report.updated),
        unchanged=len(report.unchanged), questions=report.questions, gone=report.gone, removed=report.removed,
    )  # fmt: skip
    return report


def _identity(document: PlanDocument, source_name: str) -> DocumentIdentity:
    return DocumentIdentity(
        number=document.number[:NUMBER_MAX_CHARS] if document.number else None,
        issuer=document.issuer,
        title=document.title,
        year=plan_year(document.title, document.issued_on),
        source_name=source_name[:SOURCE_NAME_MAX_CHARS],
    )


async def _known_document(tx: Transaction, ward_id: int, identity: DocumentIdentity) -> int | None:
    every = await plan_drafts.documents(tx, ward_id)
    return next((document_id for document_id, known in every if same_document(known, identity)), None)


def _content(document: PlanDocument, item: PlanItem, year: int | None, units: "_Units") -> ItemContent:
    unsure = tuple((one.code, str(one.value)) for one in document.unsure if one.place == item.heading)
    return content_of(
        item, year, lead=units.named(item.lead_unit) if item.lead_unit else None,
        implementing=tuple(units.named(name) for name in item.implementing_units), unsure=unsure,
    )  # fmt: skip


class _Units:
    """Who the printed unit names are: by the ward's data, else as a person decided before."""

    def __init__(self, ward: StoredWard, match: UnitMatch, decided: dict[str, int]) -> None:
        self._ward = ward
        self._match = match
        self._decided = decided

    @classmethod
    async def of(cls, tx: Transaction, ward: StoredWard, document: PlanDocument) -> "_Units":
        names = [name for item in document.items for name in _names(item)]
        decided: dict[str, int] = {}
        for name, unit_id in await plan_drafts.decided_units(tx, ward.id):
            decided.setdefault(fold_unit(name), unit_id)
        return cls(ward, match_units(names, ward.ward.units), decided)

    def named(self, name: str) -> NamedUnit:
        """A name with its unit; a name that stands for several units is left to a person."""
        codes = self._match.codes(name)
        if len(codes) == 1:
            return NamedUnit(name=name, unit_id=self._ward.unit_id(codes[0]))
        return NamedUnit(name=name, unit_id=None if codes else self._decided.get(fold_unit(name)))

    def unknown(self) -> tuple[str, ...]:
        """The names nobody has decided on, in order of mention."""
        return tuple(name for name in self._match.unmatched if fold_unit(name) not in self._decided)


def _names(item: PlanItem) -> Iterable[str]:
    return (*((item.lead_unit,) if item.lead_unit else ()), *item.implementing_units)


@dataclass(slots=True, kw_only=True)
class _Importing:
    """One import at work; `report` fills up."""

    tx: Transaction
    ward_id: int
    report: ImportReport
    now: datetime

    async def run(self, old: Sequence[StoredItem], contents: Sequence[ItemContent]) -> None:
        pairs = pair_items([_key(item.content) for item in old], [_key(content) for content in contents])
        numbers = iter(await self._numbers(len(contents) - len(pairs)))
        for position, content in enumerate(contents):
            if position in pairs:
                await self._again(old[pairs[position]], content, position)
            else:
                await self._add(content, next(numbers), position)
        met = set(pairs.values())
        for at, item in enumerate(old):
            if at not in met:
                await self._no_longer(item)

    async def _numbers(self, count: int) -> range:
        return await plan_drafts.take_numbers(self.tx, self.ward_id, count) if count else range(0)

    async def _add(self, content: ItemContent, number: int, position: int) -> None:
        await plan_drafts.add(
            self.tx, ward_id=self.ward_id, document_id=self.report.document_id, number=number, position=position,
            content=content, now=self.now,
        )  # fmt: skip
        self.report.new.append(item_code(number))

    async def _again(self, item: StoredItem, content: ItemContent, position: int) -> None:
        """An item that was there before, perhaps reading otherwise now; a lead a person put in is kept."""
        before = item.content.lead
        if content.lead is None and before is not None and before.decided:
            content = replace(content, lead=before)
        await plan_drafts.place(self.tx, item, position)
        if content.digest() == item.content_hash:
            await self._same(item, content)
        elif item.is_published:
            await self._ask(item, content)
        else:
            await plan_drafts.set_content(self.tx, item, content, now=self.now)
            if item.status is PlanStatus.WITHDRAWN:
                await plan_drafts.redraft(self.tx, item)
            self.report.updated.append(item.code)

    async def _same(self, item: StoredItem, content: ItemContent) -> None:
        """What is printed is the same; a unit the ward has learned meanwhile is put in, an open question falls away."""
        if content != item.content:
            await plan_drafts.refresh(self.tx, item, content)
        if item.question is not None:
            await plan_drafts.ask(self.tx, item, None)
        self.report.unchanged.append(item.code)

    async def _ask(self, item: StoredItem, content: ItemContent) -> None:
        if content.digest() == item.kept_hash:
            self.report.unchanged.append(item.code)
            return
        await plan_drafts.ask(self.tx, item, {"content": content.to_json()})
        self.report.questions.append(item.code)

    async def _no_longer(self, item: StoredItem) -> None:
        """An item the document no longer has: drafts go, what is published is asked about, what is withdrawn stays."""
        if item.status is PlanStatus.DRAFT:
            await plan_drafts.remove(self.tx, item)
            self.report.removed.append(item.code)
        elif item.is_published and item.kept_hash != GONE:
            await plan_drafts.ask(self.tx, item, {GONE: True})
            self.report.gone.append(item.code)


def _key(content: ItemContent) -> ItemKey:
    return ItemKey(heading=content.heading, title=content.title)
