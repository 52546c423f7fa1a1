"""My cases: the list, one card with its history, and what a resident may do with it."""

import re

from actions.follow_case import own, ward_of, withdraw
from domain.case import Act, Case
from handlers.commands import split_code
from handlers.context import Command, Turn
from handlers.engine.reply import Choice
from handlers.i18n import N_
from handlers.texts.cards import history_lines
from handlers.texts.formats import day, place_line, quote, status_name
from handlers.texts.menus import main_menu
from storage import attachments, case_events, cases

LINE_MAX_CHARS = 60
MORE = 1
_PAGE = re.compile(r"[0-9]{1,4}")


async def my_cases(turn: Turn, argument: str) -> None:
    """`/hoso [code | page]`: a resident's cases, newest first, or one of them."""
    if argument and not _PAGE.fullmatch(argument):
        code, _rest = split_code(argument)
        await show_case(turn, await own(turn.tx, turn.person, code))
        return
    page = max(int(argument or 1), 1)
    size = turn.limits.page_size
    found = await cases.of_resident(turn.tx, turn.person, limit=size + MORE, offset=(page - 1) * size)
    _ = turn._
    if not found and page > 1:
        await my_cases(turn, "")
        return
    if not found:
        turn.say(_("You have no cases yet. Simply write what you want to tell the ward."), main_menu(turn.language))
        return
    shown = found[:size]
    lines = [
        f"{case.code} · {status_name(case.status, turn.language)}\n{quote(case.text, LINE_MAX_CHARS)}" for case in shown
    ]
    choices = [Choice(id=f"/hoso {case.code}", label=case.code) for case in shown]
    if len(found) > size:
        choices.append(Choice(id=f"/hoso {page + 1}", label=_("Older ones"), also=("tiếp", "trang sau", "thêm")))
    turn.say("\n\n".join([_("Your cases. Press one to see it."), *lines]), choices)


async def show_case(turn: Turn, case: Case) -> None:
    """One case's card, as its resident may see it."""
    _ = turn._
    history = await case_events.history(turn.tx, case, public_only=True)
    files = await attachments.of_case(turn.tx, case, resident_only=True)
    ward = await ward_of(turn.tx, turn.ward, case)
    where = place_line(case.place, case.latitude, case.longitude, turn.language)
    lines = [
        f"📄 {case.code} · {status_name(case.status, turn.language)}",
        case.text,
        *([_("📍 Place: {place}", place=where)] if where else []),
        _("🏢 In charge: {unit}", unit=ward.unit_names[case.unit_id]),
        *([_("⏰ Answer by: {day}", day=day(case.due_on, turn.language))] if case.is_open else []),
        "",
        *history_lines(history, turn.language, ward.ward.timezone),
    ]
    turn.say("\n".join(lines), _choices(turn, case), case_id=case.id, attachments=tuple(one.id for one in files))


def _choices(turn: Turn, case: Case) -> tuple[Choice, ...]:
    _ = turn._
    offered = (
        (Act.ADD, Choice(id=f"/bosung {case.code}", label=_("Add something"), also=("bổ sung",))),
        (Act.RATE, Choice(id=f"/danhgia {case.code}", label=_("Rate the answer"), also=("đánh giá",))),
        (Act.REOPEN, Choice(id=f"/molai {case.code}", label=_("Not solved, reopen"), also=("mở lại",))),
        (Act.WITHDRAW, Choice(id=f"/rut {case.code}", label=_("Withdraw"), also=("rút", "rút đơn"))),
    )
    return tuple(choice for act, choice in offered if case.may(act))


async def withdraw_case(turn: Turn, argument: str) -> None:
    """`/rut code`: withdraw a case, after one question."""
    code, rest = split_code(argument)
    if rest.strip().lower() != "ok":
        (await own(turn.tx, turn.person, code)).after(Act.WITHDRAW)
        _ = turn._
        turn.say(
            _("Withdraw {code}? The ward will stop working on it.", code=code),
            (
                Choice(id=f"/rut {code} ok", label=_("Yes, withdraw"), also=("rút", "có", "ok", "đồng ý", "yes")),
                Choice(id=f"/hoso {code}", label=_("No, keep it"), also=("không", "thôi", "no")),
            ),
        )
        return
    case = await withdraw(turn.tx, turn.ward, turn.person, code, now=turn.now)
    turn.say(turn._("{code} is withdrawn. You may report it anew at any time.", code=case.code), case_id=case.id)


COMMANDS = (
    Command(
        names=("hoso", "cases"), about=N_("my cases"), run=my_cases,
        words=("ho so", "ho so cua toi", "my cases", "tra ho so", "xem ho so", "tra cuu", "tra cuu ho so"),
    ),
    Command(names=("rut", "withdraw"), about=N_("withdraw a case"), run=withdraw_case),
)  # fmt: skip
