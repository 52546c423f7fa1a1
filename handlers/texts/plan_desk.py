"""Plan items as the editor's desk sees them: what was unsure, what a correction changes, what people said."""

from collections.abc import Iterable, Sequence
from datetime import date
from difflib import SequenceMatcher

from domain.plans import ItemContent, PlanStatus
from domain.texts import shorten
from handlers.i18n import N_, translator
from handlers.texts.formats import short_day
from handlers.texts.plans import BODY_CHARS, body_of, facts, source_line, title_of
from storage.opinions import Opinion
from storage.plans import Source, StoredItem

LINE_CHARS = 300
CHANGES_SHOWN = 12
OPINION_CHARS = 600

STATUSES = {
    PlanStatus.DRAFT: N_("draft, only the desk sees it"),
    PlanStatus.PUBLISHED: N_("published, everybody can read it"),
    PlanStatus.WITHDRAWN: N_("taken back, only the desk sees it"),
}
# What the reader of a document was unsure of; codes of domain.plan_document.
REMARKS = {
    "issuer_missing": N_("it does not say who issued it"),
    "issuer_from_place": N_("the issuer was completed from the place: {value}"),
    "issuer_incomplete": N_("the issuer's name may be incomplete: {value}"),
    "number_blank": N_("the number is left blank"),
    "date_missing": N_("the date of issue is missing"),
    "date_incomplete": N_("the date of issue is incomplete: {value}"),
    "date_impossible": N_("the date of issue is not a real day: {value}"),
    "title_missing": N_("the title is missing"),
    "signer_missing": N_("no signature was found"),
    "no_items": N_("no task was found"),
    "several_leads": N_("several units are named as the lead: {value}"),
    "field_repeated": N_("the same field stands there twice: {value}"),
    "lead_missing": N_("no unit is named as the lead"),
    "deadline_relative": N_("the deadline has no day of its own: “{value}”"),
    "deadline_without_year": N_("the deadline has no year: “{value}”"),
    "report_without_recipient": N_("a report is owed, but not to whom"),
}
OTHER_REMARK = N_("please check this ({code}) {value}")


def remark(code: str, value: str, language: str) -> str:
    """What was unsure, in words."""
    return translator(language)(
        REMARKS.get(code, OTHER_REMARK), code=code, value=shorten(value, LINE_CHARS) if value else ""
    )


def doubts(item: StoredItem, language: str) -> list[str]:
    """What an editor should look at before this item is published."""
    _ = translator(language)
    content = item.content
    said = [remark(code, value, language) for code, value in content.unsure if not _settled(code, content)]
    if content.lead is not None and content.lead.unit_id is None:
        said.append(_("“{unit}” is none of the ward's units yet", unit=content.lead.name))
    return said


def _settled(code: str, content: ItemContent) -> bool:
    return code == "lead_missing" and content.lead is not None


def desk_line(place: int, item: StoredItem, language: str) -> str:
    """One item of a desk list; ⚠️ where something should be looked at."""
    sign = " ⚠️" if doubts(item, language) else ""
    return f"{place}. {item.code} · {shorten(title_of(item.content, language), LINE_CHARS // 3)}{sign}"


def desk_card(item: StoredItem, source: Source, today: date, language: str, *, opinions: int, unit: str | None) -> str:
    """One item for the editor; `unit` is the ward's unit that leads it."""
    _ = translator(language)
    body = body_of(item.content)
    lines = [
        f"📌 {item.code} · {title_of(item.content, language)}",
        _("Status: {status}", status=_(STATUSES[item.status])),
        *([_("Reason: {reason}", reason=item.withdrawn_reason)] if item.withdrawn_reason else []),
        *([_("❗ A corrected document reads otherwise; please decide.")] if item.question else []),
        *(["", shorten(body, BODY_CHARS) if len(body) > BODY_CHARS else body] if body else []),
        "",
        *facts(item.content, today, language),
        *([_("🏢 In this ward: {unit}", unit=unit)] if unit else []),
        f"{source_line(source, language)} · {item.content.heading}",
        *([_("💬 Opinions so far: {count}", count=opinions)] if opinions else []),
    ]
    unsure = [
        *doubts(item, language),
        *(_("in the document: {remark}", remark=remark(code, value, language)) for code, value in source.unsure),
    ]
    if unsure:
        lines += ["", _("⚠️ Please check:"), *(f"– {one}" for one in unsure)]
    return "\n".join(lines)


def correction(item: StoredItem, language: str) -> str:
    """What a corrected document changes in a published item: − is public now, + is the correction."""
    _ = translator(language)
    head = f"✏️ {item.code} · {title_of(item.content, language)}"
    if item.revised is None:
        gone = _("The corrected document no longer has this item. Take it back, or keep it public?")
        return f"{head}\n\n{gone}"
    lines = list(_changes(item.content, item.revised, language))
    rest = len(lines) - CHANGES_SHOWN
    more = [_("… and {count} more changes", count=rest)] if rest > 0 else []
    ask = _("− is public now, + is the corrected document. Which one shall people read?")
    return "\n".join([head, "", *lines[:CHANGES_SHOWN], *more, "", ask])


def _changes(old: ItemContent, new: ItemContent, language: str) -> Iterable[str]:
    _ = translator(language)
    missing = _("not said in the plan")
    fields = (
        (_("Title"), old.title, new.title),
        (_("Lead"), _name(old), _name(new)),
        (_("With"), _names(old), _names(new)),
        (_("Time"), old.period, new.period),
        (_("Deadlines"), _deadlines(old), _deadlines(new)),
        (_("Result"), old.outcome, new.outcome),
        (_("Money"), old.budget, new.budget),
    )
    for label, before, after in fields:
        if before != after:
            yield f"{label}:\n− {shorten(before or missing, LINE_CHARS)}\n+ {shorten(after or missing, LINE_CHARS)}"
    if old.text != new.text:
        yield from _changed_lines(_("Text"), old.text.splitlines(), new.text.splitlines())


def _name(content: ItemContent) -> str | None:
    return content.lead.name if content.lead else None


def _names(content: ItemContent) -> str:
    return ", ".join(unit.name for unit in content.implementing)


def _deadlines(content: ItemContent) -> str:
    return "; ".join(due.text for due in content.deadlines)


def _changed_lines(label: str, before: Sequence[str], after: Sequence[str]) -> Iterable[str]:
    for act, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if act == "equal":
            continue
        gone, come = " ".join(before[start:end]), " ".join(after[new_start:new_end])
        where = _where_they_part(gone, come)
        yield "\n".join(
            [
                f"{label}:",
                *([f"− {_from(gone, where)}"] if gone else []),
                *([f"+ {_from(come, where)}"] if come else []),
            ]
        )


def _where_they_part(one: str, other: str) -> int:
    """How many characters the two begin with in common, back to the beginning of a word a little before."""
    common = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return max(0, one.rfind(" ", 0, max(0, common - LINE_CHARS // 4)) + 1) if common > LINE_CHARS // 2 else 0


def _from(text: str, start: int) -> str:
    return ("… " if start else "") + shorten(text[start:] or "…", LINE_CHARS)


def opinion_lines(said: Sequence[Opinion], day_of: Sequence[date]) -> str:
    """Opinions with their days, never with names."""
    return "\n\n".join(
        f"💬 {short_day(on)}: {shorten(one.text, OPINION_CHARS)}" for one, on in zip(said, day_of, strict=True)
    )
