"""What an imported plan was found to say and what became of it, for the person at the terminal."""

from collections.abc import Sequence

from actions.import_plan import ImportReport
from domain.plan_document import PlanDocument, PlanItem, ReportDuty, ReportKind
from domain.texts import shorten
from handlers.i18n import N_, plural_translator, translator
from handlers.texts.plan_desk import remark
from handlers.texts.plans import printed_day

TITLE_CHARS = 100
LINES_SHOWN = 200
REMARKS_SHOWN = 40

REPORT_KINDS = {
    ReportKind.PLAN: N_("hands in a plan"),
    ReportKind.MONTH: N_("reports every month"),
    ReportKind.QUARTER: N_("reports every quarter"),
    ReportKind.SIX_MONTHS: N_("reports every six months"),
    ReportKind.YEAR: N_("reports every year"),
    ReportKind.OTHER: N_("reports"),
}
PLACES = {
    "number": N_("number"), "issuer": N_("issuer"), "issued_on": N_("date of issue"), "title": N_("title"),
    "signer": N_("signature"), "items": N_("tasks"),
}  # fmt: skip


def import_text(document: PlanDocument, report: ImportReport, language: str) -> str:
    """The whole report on one file: what was found, what is unsure, what a person has to decide, what was stored."""
    parts = [
        _head(document, language),
        _items(document.items, language),
        _duties(document.reports, language),
        _unsure(document, language),
        _unmatched(report.unmatched, language),
        _stored(report, language),
    ]
    return "\n\n".join(part for part in parts if part)


def _head(document: PlanDocument, language: str) -> str:
    _, n_ = translator(language), plural_translator(language)
    missing = _("not in the text")
    found = document.counts()
    figures = ", ".join(
        (
            n_("{n} task", "{n} tasks", found["items"]),
            n_("{n} deadline", "{n} deadlines", found["deadlines"]),
            n_("{n} report duty", "{n} report duties", found["reports"]),
            n_("{n} legal reference", "{n} legal references", found["references"]),
        )
    )
    number, day = document.number or missing, printed_day(document.issued_on) or missing
    issuer, signer = document.issuer or missing, document.signer or missing
    lines = (
        _("📄 {title}", title=document.title or _("without a title")),
        _("   Number: {number} · Issued: {day}", number=number, day=day),
        _("   Issuer: {issuer} · Signed by: {signer}", issuer=issuer, signer=signer),
        _("   Found: {figures}", figures=figures),
    )
    return "\n".join(lines)


def _items(items: Sequence[PlanItem], language: str) -> str:
    lines = [line for item in items for line in _item(item, language)]
    return "\n".join(lines[:LINES_SHOWN] + (["…"] if len(lines) > LINES_SHOWN else []))


def _item(item: PlanItem, language: str) -> list[str]:
    _ = translator(language)
    details = [_("lead: {unit}", unit=item.lead_unit or _("not said"))]
    if item.implementing_units:
        details.append(_("with: {units}", units=", ".join(item.implementing_units)))
    if item.period:
        details.append(_("time: {period}", period=item.period))
    details += [_("due: {day}", day=f"{deadline.text} [{deadline.date or '?'}]") for deadline in item.deadlines]
    return [
        f"  {item.heading}  {shorten(item.title, TITLE_CHARS)}",
        f"      {shorten(' · '.join(details), 3 * TITLE_CHARS)}",
    ]


def _duties(duties: Sequence[ReportDuty], language: str) -> str:
    if not duties:
        return ""
    _ = translator(language)
    lines = [_duty(duty, language) for duty in duties]
    return "\n".join([_("🗒 Reports owed:"), *lines])


def _duty(duty: ReportDuty, language: str) -> str:
    _ = translator(language)
    who = duty.by or _("not said who")
    line = f"  – {who} {_(REPORT_KINDS[duty.kind])}"
    if duty.to:
        line += " → " + duty.to
    return f"{line} [{duty.due}]" if duty.due else line


def _unsure(document: PlanDocument, language: str) -> str:
    if not document.unsure:
        return ""
    n_ = plural_translator(language)
    count = len(document.unsure)
    lines = [
        f"  – {_place(one.place, language)}: {remark(one.code, str(one.value), language)}"
        for one in document.unsure[:REMARKS_SHOWN]
    ]
    more = ["  …"] if count > REMARKS_SHOWN else []
    return "\n".join([n_("⚠️ Unsure in {n} place:", "⚠️ Unsure in {n} places:", count), *lines, *more])


def _place(place: str, language: str) -> str:
    return translator(language)(PLACES[place]) if place in PLACES else place


def _unmatched(names: Sequence[str], language: str) -> str:
    if not names:
        return ""
    _ = translator(language)
    head = _("🏢 These are none of the ward's units; an editor decides with /congkhai donvi NUMBER UNIT:")
    return "\n".join([head, *(f"  – {name}" for name in names)])


def _stored(report: ImportReport, language: str) -> str:
    _ = translator(language)
    known = _("A correction of a document known already.") if report.is_correction else _("A new document.")
    rows = (
        (_("new drafts"), report.new),
        (_("drafts updated"), report.updated),
        (_("unchanged"), report.unchanged),
        (_("drafts removed (no longer in the document)"), report.removed),
        (_("published, and reading otherwise now: to be decided"), report.questions),
        (_("published, and no longer in the document: to be decided"), report.gone),
    )
    lines = [f"  – {label}: {len(codes)} ({_codes(codes)})" for label, codes in rows if codes]
    end = _("Nothing was published. An editor reads and publishes in the chat: /congkhai")
    return "\n".join([f"💾 {known}", *lines, end])


def _codes(codes: Sequence[str]) -> str:
    return ", ".join(codes) if len(codes) <= 3 else f"{codes[0]} … {codes[-1]}"
