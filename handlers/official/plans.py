"""The editor's desk for plan items: what was imported, publishing it, taking it back, and deciding on corrections."""

import re
from collections.abc import Awaitable, Callable

from actions import publish_plan
from domain.errors import DomainError
from domain.plans import PlanStatus, item_code, read_item_number, read_item_numbers
from domain.texts import fold
from handlers.context import Command, For, Turn
from handlers.engine.form import Data
from handlers.engine.reply import Choice
from handlers.filling import begin
from handlers.i18n import N_
from handlers.official.desk import PUBLISHING
from handlers.official.plan_corrections import apply, corrections, keep
from handlers.official.plan_forms import FORMS, UNIT, WITHDRAW, say_lead, say_withdrawn
from handlers.official.plan_lists import COMMAND, editor, number_in, other_lists, page_in, to_drafts
from handlers.texts.plan_desk import desk_card, desk_line, doubts, opinion_lines
from handlers.texts.plans import item_choice
from storage import opinions, plans
from storage.plans import StoredItem

__all__ = ["COMMANDS", "FORMS"]

CODES_SHOWN = 20

_EVERY = re.compile(r"(?:all|het|tat ca|tatca)(?:\s+(\d{1,6})-(\d{1,6}))?")


async def publishing(turn: Turn, argument: str) -> None:
    """`/congkhai`: the imported drafts; with a number one of them; with a verb what is done about them."""
    editor(turn)
    verb, _space, rest = argument.strip().partition(" ")
    act = _VERBS.get(fold(verb))
    if act is not None:
        await act(turn, rest.strip())
    elif (number := read_item_number(argument)) is not None:
        await _card(turn, number)
    else:
        await _drafts(turn, argument)


# --- lists ------------------------------------------------------------------------------------------------------------


async def _drafts(turn: Turn, argument: str) -> None:
    page, offset = page_in(turn, argument)
    found, total = await plans.with_status(
        turn.tx, turn.ward.id, PlanStatus.DRAFT, limit=turn.limits.page_size, offset=offset
    )
    count = await plans.counts(turn.tx, turn.ward.id)
    if total and not found:
        await _drafts(turn, "")
        return
    head = turn.n_("🗂 {n} draft waits to be published", "🗂 {n} drafts wait to be published", total)
    if not total:
        head = turn._("🗂 No draft waits. New ones come with: danban plan import FILE")
    more = [*_all_button(turn, total), *other_lists(turn, count)]
    _say_list(turn, head, found, (page, total, f"{COMMAND} trang"), more)


def _all_button(turn: Turn, total: int) -> list[Choice]:
    if not total:
        return []
    label = turn.n_("✅ Publish all ({n})", "✅ Publish all ({n})", total)
    return [Choice(id=f"{COMMAND} ok all", label=label, also=("tất cả", "all"))]


async def _published(turn: Turn, argument: str) -> None:
    page, offset = page_in(turn, argument)
    found, total = await plans.with_status(
        turn.tx, turn.ward.id, PlanStatus.PUBLISHED, limit=turn.limits.page_size, offset=offset
    )
    head = turn.n_("📢 {n} item is published", "📢 {n} items are published", total)
    _say_list(turn, head, found, (page, total, f"{COMMAND} da"), [to_drafts(turn)])


async def _withdrawn(turn: Turn, argument: str) -> None:
    page, offset = page_in(turn, argument)
    found, total = await plans.with_status(
        turn.tx, turn.ward.id, PlanStatus.WITHDRAWN, limit=turn.limits.page_size, offset=offset
    )
    head = turn.n_("↩️ {n} item was taken back", "↩️ {n} items were taken back", total)
    _say_list(turn, head, found, (page, total, f"{COMMAND} dago"), [to_drafts(turn)])


def _say_list(turn: Turn, head: str, found: list[StoredItem], paging: tuple[int, int, str], more: list[Choice]) -> None:
    page, total, command = paging
    pages = -(-total // turn.limits.page_size)
    choices = [item_choice(item, COMMAND, turn.language) for item in found]
    if pages > 1:
        head += "\n" + turn._("Page {page} of {pages}", page=page, pages=pages)
        label = turn._("More ▶") if page < pages else turn._("Back to page 1")
        choices.append(Choice(id=f"{command} {page + 1 if page < pages else 1}", label=label))
    lines = "\n".join(desk_line(place, item, turn.language) for place, item in enumerate(found, 1))
    hint = turn._("To publish several at once: /congkhai ok 12,14-18") if found else ""
    turn.say("\n\n".join(part for part in (head, lines, hint) if part), (*choices, *more))


# --- one item ---------------------------------------------------------------------------------------------------------


async def _card(turn: Turn, number: int) -> None:
    item = await plans.get(turn.tx, turn.ward.id, number)
    said = await opinions.count(turn.tx, item)
    text = desk_card(
        item, await plans.source_of(turn.tx, item), turn.today, turn.language, opinions=said,
        unit=turn.ward.unit_names[item.lead_unit_id] if item.lead_unit_id else None,
    )  # fmt: skip
    turn.say(text, await _card_choices(turn, item, said))


async def _card_choices(turn: Turn, item: StoredItem, said: int) -> list[Choice]:
    _ = turn._
    choices = []
    if item.question:
        choices.append(Choice(id=f"{COMMAND} sua {item.number}", label=_("✏️ See the correction"), also=("sửa",)))
    if item.is_published:
        choices.append(Choice(id=f"{COMMAND} go {item.number}", label=_("Take back"), also=("gỡ", "gỡ xuống")))
    else:
        choices.append(
            Choice(id=f"{COMMAND} ok {item.number}", label=_("✅ Publish"), also=("ok", "công khai", "đăng"))
        )
    if said:
        choices.append(Choice(id=f"{COMMAND} gopy {item.number}", label=_("💬 Read the opinions"), also=("góp ý",)))
    choices.append(Choice(id=f"{COMMAND} donvi {item.number}", label=_("🏢 Say who leads"), also=("đơn vị",)))
    return [*choices, *await _onwards(turn, item)]


async def _onwards(turn: Turn, item: StoredItem) -> list[Choice]:
    following = await plans.neighbour(turn.tx, item, PlanStatus.DRAFT)
    if following is None:
        return [to_drafts(turn)]
    return [Choice(id=f"{COMMAND} {following}", label=turn._("Next draft ▶"), also=("tiếp", "next")), to_drafts(turn)]


async def _opinions(turn: Turn, argument: str) -> None:
    head, _space, rest = argument.partition(" ")
    item = await plans.get(turn.tx, turn.ward.id, number_in(head))
    page, offset = page_in(turn, rest)
    size = turn.limits.page_size
    said = await opinions.of_item(turn.tx, item, limit=size, offset=offset)
    total = await opinions.count(turn.tx, item)
    lines = opinion_lines(said, [turn.calendar.local_day(one.at) for one in said])
    choices = [Choice(id=f"{COMMAND} {item.number}", label=turn._("Back to the item"), also=("quay lại",))]
    if total > page * size:
        choices.insert(0, Choice(id=f"{COMMAND} gopy {item.number} {page + 1}", label=turn._("More ▶")))
    text = turn.n_("💬 {n} opinion on {item}", "💬 {n} opinions on {item}", total, item=item.code)
    turn.say(f"{text}\n\n{lines}" if lines else text, choices)


# --- what is done -----------------------------------------------------------------------------------------------------


async def _publish(turn: Turn, argument: str) -> None:
    every = _EVERY.fullmatch(fold(argument))
    if every:
        await _publish_every(turn, every)
        return
    numbers = read_item_numbers(argument)
    if numbers is None:
        raise DomainError("plan_numbers_unreadable")
    done = await publish_plan.publish(turn.tx, turn.ward, editor(turn), numbers, now=turn.now)
    if not done.items and not done.already:
        raise DomainError("plan_item_unknown", item=item_code(done.unknown[0]))
    await _say_published(turn, done)


async def _publish_every(turn: Turn, asked: re.Match[str]) -> None:
    """All drafts at once, after a confirmation that names how many they are and the last one that was shown."""
    count = await plans.counts(turn.tx, turn.ward.id)
    if not count.drafts:
        await _drafts(turn, "")
    elif asked[1]:
        done = await publish_plan.publish_every_draft(
            turn.tx, turn.ward, editor(turn), count=int(asked[1]), last=int(asked[2]), now=turn.now
        )
        await _say_published(turn, done)
    else:
        await _ask_for_all(turn, count)


async def _ask_for_all(turn: Turn, count: plans.PlanCounts) -> None:
    drafts, _total = await plans.with_status(turn.tx, turn.ward.id, PlanStatus.DRAFT, limit=publish_plan.EVERY_PLAN_MAX)
    text = turn.n_(
        "Publish {n} draft now? Everybody can read it at once, and the weekly digest names it.",
        "Publish all {n} drafts now? Everybody can read them at once, and the weekly digest names them.",
        count.drafts,
    )
    doubtful = [item.number for item in drafts if doubts(item, turn.language)]
    if doubtful:
        text += "\n\n" + turn._("⚠️ Still to be checked: {codes}", codes=_codes(doubtful))
    sure = f"{COMMAND} ok all {count.drafts}-{count.last_draft}"
    yes = Choice(id=sure, label=turn._("Yes, publish all"), also=("đồng ý", "ok", "có", "yes"))
    turn.say(text, (yes, to_drafts(turn)))


async def _say_published(turn: Turn, done: publish_plan.Published) -> None:
    lines = []
    if done.items:
        lines.append(turn._("✅ Published: {codes}", codes=_codes([item.number for item in done.items])))
    if done.already:
        lines.append(turn._("Published before: {codes}", codes=_codes([item.number for item in done.already])))
    if done.unknown:
        lines.append(turn._("Not found: {codes}", codes=_codes(list(done.unknown))))
    left = (await plans.counts(turn.tx, turn.ward.id)).drafts
    lines.append(turn.n_("{n} draft is left.", "{n} drafts are left.", left))
    last = (*done.items, *done.already)[-1]
    turn.say("\n".join(lines), await _onwards(turn, last))


def _codes(numbers: list[int]) -> str:
    shown = ", ".join(item_code(number) for number in numbers[:CODES_SHOWN])
    return shown if len(numbers) <= CODES_SHOWN else f"{shown}, … ({len(numbers)})"


async def _withdraw(turn: Turn, argument: str) -> None:
    head, _space, reason = argument.partition(" ")
    number = number_in(head)
    if not reason.strip():
        item = await plans.get(turn.tx, turn.ward.id, number)
        if not item.is_published:
            raise DomainError("plan_item_not_published", item=item.code)
        await begin(turn, WITHDRAW, {"number": number, "title": item.title})
        return
    item = await publish_plan.withdraw(turn.tx, turn.ward, editor(turn), number, reason=reason, now=turn.now)
    say_withdrawn(turn, item)


async def _unit(turn: Turn, argument: str) -> None:
    head, _space, unit = argument.partition(" ")
    number = number_in(head)
    if unit.strip():
        await say_lead(turn, number, unit.strip())
        return
    item = await plans.get(turn.tx, turn.ward.id, number)
    data: Data = {"number": number, "name": item.content.lead.name if item.content.lead else ""}
    await begin(turn, UNIT, data)


_VERBS: dict[str, Callable[[Turn, str], Awaitable[None]]] = {
    "trang": _drafts, "page": _drafts, "da": _published, "published": _published, "dago": _withdrawn,
    "withdrawn": _withdrawn, "ok": _publish, "dang": _publish, "go": _withdraw, "back": _withdraw,
    "sua": corrections, "corrections": corrections, "apdung": apply, "apply": apply, "giu": keep, "keep": keep,
    "donvi": _unit, "unit": _unit, "gopy": _opinions, "opinions": _opinions,
}  # fmt: skip

COMMANDS = (
    Command(
        names=("congkhai", "publish"), about=N_("publish plan items: see drafts, publish, take back"), run=publishing,
        audience=For.OFFICIALS, roles=PUBLISHING,
    ),
)  # fmt: skip
