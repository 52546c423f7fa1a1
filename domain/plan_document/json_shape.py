"""A read document as JSON: the shape of the expected extractions and more beside it."""

from typing import Any

from domain.plan_document.values import Deadline, ItemPart, PlanDocument, PlanItem, Reference, ReportDuty


def to_json(document: PlanDocument) -> dict[str, Any]:
    """Plain dicts and lists, ready for `json.dumps`; a missing value is null, an exclusive day says so."""
    return {
        "doc_type": document.kind.value,
        "number": document.number,
        "place": document.place,
        "issued_on": document.issued_on,
        "issuer": document.issuer,
        "title": document.title,
        "signer": document.signer,
        "signer_title": document.signer_title,
        "addressed_to": list(document.addressed_to),
        "recipients": list(document.recipients),
        "items": [_item(item) for item in document.items],
        "reports": [_report(report) for report in document.reports],
        "references": [_reference(reference) for reference in document.references],
        "facts": [{"heading": one.heading, "title": one.title, "text": one.text} for one in document.facts],
        "unsure": [{"code": one.code, "place": one.place, "value": one.value} for one in document.unsure],
        "summary": document.counts(),
    }


def _item(item: PlanItem) -> dict[str, Any]:
    return {
        "heading": item.heading,
        "title": item.title,
        "lead_unit": item.lead_unit,
        "implementing_units": list(item.implementing_units),
        "period": item.period,
        "deadlines": [_deadline(deadline) for deadline in item.deadlines],
        "text": item.text,
        "parts": [_part(part) for part in item.parts],
        "budget": item.budget,
        "outcome": item.outcome,
    }


def _deadline(deadline: Deadline) -> dict[str, Any]:
    shape: dict[str, Any] = {"date": deadline.date, "text": deadline.text, "for": deadline.subject}
    if deadline.exclusive:
        shape["exclusive"] = True
    return shape


def _part(part: ItemPart) -> dict[str, Any]:
    return {
        "marker": part.marker,
        "text": part.text,
        "units": list(part.units),
        "deadlines": [_deadline(deadline) for deadline in part.deadlines],
    }


def _report(report: ReportDuty) -> dict[str, Any]:
    shape: dict[str, Any] = {"kind": report.kind.value, "by": report.by, "to": report.to, "due": report.due}
    if report.exclusive:
        shape["exclusive"] = True
    return {**shape, "heading": report.heading, "text": report.text}


def _reference(reference: Reference) -> dict[str, Any]:
    return {
        "kind": reference.kind,
        "number": reference.number,
        "issued_on": reference.issued_on,
        "issuer": reference.issuer,
        "text": reference.text,
    }
