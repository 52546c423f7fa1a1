"""Items out of the outline: the lowest numbered level that tells somebody to do something."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from domain.plan_document.actors import doer_at_start
from domain.plan_document.deadlines import find_deadlines, find_period
from domain.plan_document.fields import Field, is_field_block, read_fields, without_fields
from domain.plan_document.item_units import ItemUnits, from_fields, from_words
from domain.plan_document.markers import Level
from domain.plan_document.outline import Node, Section, section_of
from domain.plan_document.reports import DutyContext, find_duties
from domain.plan_document.sentences import first_sentence, sentences
from domain.plan_document.tables import TableRow, read_rows
from domain.plan_document.units import is_unit_heading, split_units
from domain.plan_document.values import Deadline, Fact, ItemPart, PlanItem, Remark, ReportDuty, ReportKind

TITLE_LETTERS_MAX = 1000


@dataclass(slots=True)
class Found:
    """What has been collected from the body so far."""

    items: list[PlanItem] = field(default_factory=list)
    reports: list[ReportDuty] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def read_body(root: Node, plan_year: int | None) -> Found:
    """Items, report duties, plain information and doubts of a whole body, in reading order."""
    found = Found()
    for node in _candidates(root):
        section = section_of(node)
        rows = _plan_rows(node)
        if section is Section.PURPOSE or (section is Section.FACT and not rows and not _orders(node)):
            found.facts.append(Fact(heading=node.path, title=_title(node), text=node_text(node)))
        elif rows:
            _add_rows(found, node, rows, plan_year)
        else:
            _add_item(found, node, section, plan_year)
    for node in root.walk():
        if _is_heading(node) and _numbered_children(node):
            _add_loose_duties(found, node, plan_year)
    return found


def _is_heading(node: Node) -> bool:
    return node.level is not None and node.level < Level.DASH


def _numbered_children(node: Node) -> list[Node]:
    return [child for child in node.children if child.level is not None and child.level <= Level.ARABIC_3]


def _candidates(root: Node) -> Iterator[Node]:
    """Lowest arabic headings; a section without any gives its letters, else itself."""
    if not any(_is_heading(child) for child in root.children):
        yield from _unnumbered(root)
        return
    if any(child.is_row for child in root.children):
        yield root
    for node in root.walk():
        if not _is_heading(node) or _numbered_children(node):
            continue
        if node.level is Level.LETTER and node.parent is not root:
            continue
        letters = [child for child in node.children if child.level is Level.LETTER]
        if letters and node.level is not None and node.level < Level.ARABIC:
            yield from letters
        else:
            yield node


def _unnumbered(root: Node) -> Iterator[Node]:
    """A plan without any number: its table, else its bullets."""
    if any(child.is_row for child in root.children):
        yield root
        return
    yield from (child for child in root.children if child.level is Level.DASH)


def _orders(node: Node) -> bool:
    """Whether a heading about money or time still tells a named unit to do something."""
    words = [node.text, *(child.text for child in node.children)]
    return any(doer_at_start(text) or text.startswith("Giao ") for text in words)


def _plan_rows(node: Node) -> list[TableRow]:
    return read_rows([child.text for child in node.children if child.is_row]) if node.children else []


def _title(node: Node) -> str:
    """The printed heading, or the first sentence of a run-on paragraph."""
    text = without_fields(node.text) or node.text
    body = [child for child in node.children if not child.is_row]
    before_colon = text.split(":", 1)[0]
    if ":" in text.rstrip(" :") and is_unit_heading(before_colon, organising=section_of(node) is Section.ORGANISATION):
        return before_colon.strip()
    run_on = not body or text.rstrip().endswith((".", ";")) or len(sentences(text.replace(";", ","))) > 1
    title = first_sentence(text) if run_on else text
    return title.strip(" :;.,")[:TITLE_LETTERS_MAX]


def node_text(node: Node) -> str:
    """The full words of a heading and everything under it, a line each."""
    lines = [node.text]
    for below in _below(node):
        sign = "" if below.level is None else f"{below.label} " if below.label in "-+" else f"{below.label}) "
        lines.append(f"{sign}{below.text}")
    return "\n".join(line for line in lines if line)


def _below(node: Node) -> Iterator[Node]:
    walk = node.walk()
    next(walk)
    return walk


def _add_item(found: Found, node: Node, section: Section, plan_year: int | None) -> None:
    title = _title(node)
    if not title:
        return
    below = [one for one in _below(node) if not one.is_row]
    texts = [node.text, *(one.text for one in below)]
    fields = [one for text in texts for one in read_fields(text)]
    body = [one.text for one in below if not is_field_block(one.text) and one.level is not Level.LETTER]
    own_words = without_fields(node.text)
    units = from_fields(fields, node.path) or from_words(own_words, title, body, section)
    item = PlanItem(
        heading=node.path,
        title=title,
        text=node_text(node),
        lead_unit=units.lead,
        implementing_units=units.implementing,
        period=_period(fields, texts),
        deadlines=_deadlines(texts, fields, plan_year),
        parts=tuple(_part(one, plan_year) for one in below if not is_field_block(one.text)),
        budget=_value(fields, "budget"),
        outcome=_value(fields, "outcome"),
    )
    found.items.append(item)
    found.remarks += [*units.remarks, *_doubts(item)]
    _add_duties(found, node, texts, units, plan_year)


def _value(fields: list[Field], name: str) -> str | None:
    return next((one.value for one in fields if one.name == name), None)


def _period(fields: list[Field], texts: list[str]) -> str | None:
    if printed := _value(fields, "period"):
        return printed
    return next((period for text in texts if (period := find_period(text))), None)


def _deadlines(texts: list[str], fields: list[Field], plan_year: int | None) -> tuple[Deadline, ...]:
    kept: dict[tuple[str | None, str], Deadline] = {}
    for text in texts:
        outside = without_fields(text)
        for one in find_deadlines(outside, plan_year):
            kept.setdefault((one.deadline.date, one.deadline.text), one.deadline)
    for one_field in fields:
        if one_field.name == "period":
            for one in find_deadlines(one_field.value, plan_year, bare=True):
                kept.setdefault((one.deadline.date, one.deadline.text), one.deadline)
    return tuple(kept.values())


def _part(node: Node, plan_year: int | None) -> ItemPart:
    doer = doer_at_start(node.text)
    return ItemPart(
        marker=node.label,
        text=node.text,
        units=split_units(doer) if doer else (),
        deadlines=tuple(one.deadline for one in find_deadlines(node.text, plan_year)),
    )


def _doubts(item: PlanItem) -> list[Remark]:
    remarks = []
    if item.lead_unit is None:
        remarks.append(Remark(code="lead_missing", place=item.heading))
    for deadline in item.deadlines:
        if deadline.date is None:
            remarks.append(Remark(code="deadline_relative", place=item.heading, value=deadline.text))
        elif len(deadline.date) == len("05-20"):
            remarks.append(Remark(code="deadline_without_year", place=item.heading, value=deadline.text))
    return remarks


def _add_duties(found: Found, node: Node, texts: list[str], units: ItemUnits, plan_year: int | None) -> None:
    for index, text in enumerate(texts):
        doer = doer_at_start(text) if index else None
        context = DutyContext(heading=node.path, by=doer or units.by, plan_year=plan_year)
        for duty in find_duties(text, context):
            _add_duty(found, duty)


def _add_duty(found: Found, duty: ReportDuty) -> None:
    found.reports.append(duty)
    if duty.to is None:
        found.remarks.append(Remark(code="report_without_recipient", place=duty.heading, value=duty.kind))


def _add_loose_duties(found: Found, node: Node, plan_year: int | None) -> None:
    """Duties in a paragraph that stands above the numbered headings of a section."""
    if section_of(node) is Section.PURPOSE:
        return
    for child in node.children:
        if child.is_paragraph:
            add_paragraph_duties(found, child.text, node.path, plan_year)


def add_paragraph_duties(found: Found, text: str, heading: str, plan_year: int | None) -> None:
    """Duties of a paragraph outside every item; a bare "báo cáo …" without kind or day is none."""
    context = DutyContext(heading=heading, by=doer_at_start(text), plan_year=plan_year)
    for duty in find_duties(text, context):
        if duty.due is not None or duty.kind is not ReportKind.OTHER:
            _add_duty(found, duty)


def _add_rows(found: Found, node: Node, rows: list[TableRow], plan_year: int | None) -> None:
    numbers = [row.number for row in rows]
    grouped = len(set(numbers)) < len(numbers)
    for index, row in enumerate(rows, start=1):
        group = row.group if grouped else ""
        heading = ".".join(part for part in (node.path, group, row.number or str(index)) if part)
        fields = [
            Field(name=name, value=value.rstrip(" .;,"))
            for name, value in (("lead", row.lead), ("implementing", row.implementing), ("period", row.period))
            if value
        ]
        units = from_fields(fields, heading) or ItemUnits()
        item = PlanItem(
            heading=heading,
            title=first_sentence(row.content)[:TITLE_LETTERS_MAX],
            text=row.content,
            lead_unit=units.lead,
            implementing_units=units.implementing,
            period=_value(fields, "period"),
            deadlines=_deadlines([row.content], fields, plan_year),
            budget=row.budget or None,
            outcome=row.outcome or None,
        )
        found.items.append(item)
        found.remarks += [*units.remarks, *_doubts(item)]
        context = DutyContext(heading=heading, by=units.lead, plan_year=plan_year)
        for duty in find_duties(row.content, context):
            _add_duty(found, duty)
