"""Plan items in words: the list, one item for everybody, and the card a unit gets of an opinion."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from domain.notices import NoticeKind
from domain.plan_periods import Stage
from domain.plans import DueDay, ItemContent, item_code
from domain.texts import fold, shorten
from handlers.engine.reply import Choice, Reply
from handlers.i18n import N_, plural_translator, translator
from handlers.texts.formats import day, short_day
from storage.plans import Source, StoredItem

LIST_TITLE_CHARS = 110
LABEL_CHARS = 40
CARD_TITLE_CHARS = 200
BODY_CHARS = 700
DEADLINES_SHOWN = 6
UNITS_SHOWN = 6
MESSAGE_CHARS = 3000  # the tightest channel takes 4,096 characters

STAGES = {
    Stage.UPCOMING: N_("coming up"),
    Stage.UNDER_WAY: N_("in its time now"),
    Stage.NOT_DUE: N_("not due yet"),
    Stage.DUE_SOON: N_("due soon"),
    Stage.PAST: N_("the plan's time for it is over"),
    Stage.REGULAR: N_("goes on all the time"),
    Stage.UNKNOWN: N_("the plan gives no time"),
}
_SIGNS = {
    Stage.UPCOMING: "🔜", Stage.UNDER_WAY: "🔨", Stage.NOT_DUE: "📅", Stage.DUE_SOON: "⏰", Stage.PAST: "🕓",
    Stage.REGULAR: "🔁", Stage.UNKNOWN: "▫️",
}  # fmt: skip
# Lines of the text that the card says by itself.
_SAID_ELSEWHERE = re.compile(
    r"^[-+*•\s]*(?:(?:co quan|don vi|bo phan)\s+(?:chu tri|phoi hop|thuc hien|tham muu)[^:]*|"
    r"(?:thoi gian|thoi han)(?:\s+(?:thuc hien|hoan thanh))?)\s*:"
)


def title_of(content: ItemContent, language: str) -> str:
    """What an item is called; one that is only headed with a unit's name is that unit's tasks."""
    _, lead = translator(language), content.lead
    title = content.title.strip(" :;.")
    if lead is not None and fold(title).endswith(fold(lead.name)) and len(title) < len(lead.name) + 20:
        return _("Tasks of {unit}", unit=lead.name)
    return title


def list_line(place: int, item: StoredItem, today: date, language: str) -> str:
    """One item of the list: its place on the page, its title, and below its number and when it is due."""
    title = shorten(title_of(item.content, language), LIST_TITLE_CHARS)
    return f"{place}. {title}\n   {item_code(item.number)} · {when_line(item, today, language)}"


def when_line(item: StoredItem, today: date, language: str) -> str:
    """How an item stands today, in one short line: "⏰ chậm nhất 14/12/2026 (còn 23 ngày)"."""
    _ = translator(language)
    stage = item.stage(today)
    ahead = item.next_day(today)
    if ahead is None or stage is Stage.REGULAR:
        return f"{_SIGNS[stage]} {_(STAGES[stage])}"
    content = item.content
    if stage is Stage.UPCOMING and content.starts_on is not None:
        return _("{sign} from {day}", sign=_SIGNS[stage], day=short_day(content.starts_on))
    return _(
        "{sign} by {day} ({left})", sign=_SIGNS[stage], day=short_day(ahead), left=days_left(ahead, today, language)
    )


def days_left(ahead: date, today: date, language: str) -> str:
    """How far a day is ahead: "hôm nay", "còn 3 ngày"."""
    _, n_ = translator(language), plural_translator(language)
    if ahead == today:
        return _("today")
    return n_("{n} day left", "{n} days left", (ahead - today).days)


def item_choice(item: StoredItem, command: str, language: str) -> Choice:
    """A button that opens an item; its code may be typed instead."""
    label = shorten(title_of(item.content, language), LABEL_CHARS)
    return Choice(id=f"{command} {item.number}", label=label, also=(item.code,))


def item_card(item: StoredItem, source: Source, today: date, language: str) -> str:
    """One published item, for everybody."""
    _ = translator(language)
    stage = item.stage(today)
    body = body_of(item.content)
    lines = [
        f"📌 {item.code} · {shorten(title_of(item.content, language), CARD_TITLE_CHARS)}",
        *(["", shorten(body, BODY_CHARS) if len(body) > BODY_CHARS else body] if body else []),
        "",
        *facts(item.content, today, language),
        _("🔎 State: {state}", state=_(STAGES[stage])),
        source_line(source, language),
    ]
    return "\n".join(lines)


def facts(content: ItemContent, today: date, language: str) -> list[str]:
    """Who leads, who helps, when and by which day; what the plan does not say is said to be missing."""
    _ = translator(language)
    missing = _("not said in the plan")
    units = ", ".join(unit.name for unit in content.implementing[:UNITS_SHOWN])
    rest = "…" if len(content.implementing) > UNITS_SHOWN else ""
    lines = [_("🏢 Lead: {unit}", unit=content.lead.name if content.lead else missing)]
    if units:
        lines.append(_("🤝 With: {units}", units=f"{units}{rest}"))
    if content.period or not content.deadlines:
        lines.append(_("📅 Time: {period}", period=content.period or missing))
    lines += [_deadline(due, content.period, today, language) for due in content.deadlines[:DEADLINES_SHOWN]]
    if content.outcome:
        lines.append(_("🎯 Result: {outcome}", outcome=shorten(content.outcome, BODY_CHARS)))
    return lines


def _deadline(due: DueDay, period: str | None, today: date, language: str) -> str:
    """A last day as it has to be kept, with the plan's own words: "trước ngày 30/6" is kept on 29 June."""
    _ = translator(language)
    if due.last_on is None:
        return f"⏰ “{due.text}”"
    left = _("past") if due.last_on < today else days_left(due.last_on, today, language)
    if fold(due.text) in fold(period or ""):
        return _("⏰ By {day} ({left})", day=day(due.last_on, language), left=left)
    return _("⏰ By {day} ({left}) – “{words}”", day=day(due.last_on, language), left=left, words=due.text)


def source_line(source: Source, language: str) -> str:
    """Which document an item stands in."""
    _ = translator(language)
    issued = printed_day(source.issued_on)
    if source.number:
        return _(
            "📄 Plan No. {number}{issued}", number=source.number, issued=_(" of {day}", day=issued) if issued else ""
        )
    return _("📄 Plan: {title}", title=shorten(source.title or _("without a title"), LIST_TITLE_CHARS))


def printed_day(written: str | None) -> str:
    """`2026-10-12` as 12/10/2026, `2026-10` as 10/2026."""
    return "/".join(reversed(written.split("-"))) if written else ""


def body_of(content: ItemContent) -> str:
    """The text below the title, without the lines the card says by itself."""
    text = content.text.strip()
    if text.startswith(content.title):
        text = text.removeprefix(content.title).lstrip(" .:;\n")
    body = "\n".join(line for line in text.splitlines() if not _SAID_ELSEWHERE.match(fold(line))).strip()
    return body[:1].upper() + body[1:]


def is_shortened(content: ItemContent) -> bool:
    """Whether the card leaves out some of the text."""
    return len(body_of(content)) > BODY_CHARS or len(content.title) > CARD_TITLE_CHARS


def in_messages(text: str, limit: int = MESSAGE_CHARS) -> list[str]:
    """A long text cut into messages, at the end of a line or a word where there is one."""
    pieces = []
    while len(text) > limit:
        cut = max(text.rfind("\n", limit // 2, limit), text.rfind(" ", limit // 2, limit))
        cut = cut if cut > 0 else limit
        pieces.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*pieces, text]


def opinion_card(params: dict[str, Any], language: str) -> Reply:
    """The card of an opinion for the unit; never who gave it."""
    _, n_ = translator(language), plural_translator(language)
    lines = [
        _("💬 Opinion on {item} for {unit}", item=params["item"], unit=params["unit"]),
        f"📌 {shorten(params['title'], LIST_TITLE_CHARS)}",
        "",
        params["text"] if len(params["text"]) <= MESSAGE_CHARS else shorten(params["text"], MESSAGE_CHARS),
        "",
        n_("{n} opinion on this item so far.", "{n} opinions on this item so far.", params["count"]),
    ]
    return Reply(text="\n".join(lines))


RENDERERS: dict[NoticeKind, Callable[[dict[str, Any], str], Reply]] = {NoticeKind.OPINION_CARD: opinion_card}


def listing(items: Sequence[StoredItem], today: date, language: str) -> str:
    """The lines of one page, numbered as the buttons below are."""
    return "\n".join(list_line(place, item, today, language) for place, item in enumerate(items, 1))
