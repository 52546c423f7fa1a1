"""The ward's published plan for everybody: the list, a search without diacritics, one item, and an opinion on it."""

import re

from actions.give_opinion import give_opinion, published_item
from domain.case import CaseKind
from domain.errors import DomainError
from domain.plans import item_code, read_item_number, search_words
from domain.routing_kind import guess_kind
from domain.texts import fold, shorten
from handlers.context import Command, FormHandler, Turn
from handlers.engine.event import Event
from handlers.engine.form import CANCEL, Data, Field, Form, Question, Refused
from handlers.engine.reply import Choice
from handlers.i18n import N_
from handlers.resident import not_by_chat
from handlers.resident.start import begin_with_consent
from handlers.texts.danger import warn_of_danger
from handlers.texts.menus import main_menu
from handlers.texts.plans import (
    in_messages,
    is_shortened,
    item_card,
    item_choice,
    listing,
    title_of,
)
from storage import plan_search, plans
from storage.plans import StoredItem

OPINION = "opinion"
COMMAND = "/kehoach"
SAID_CHARS = 60

_PAGE = re.compile(r"(?:trang|page)\s+(\d{1,4})(?:\s+(.*))?", re.DOTALL)
_WHOLE = re.compile(r"(?:toanvan|full)\s+(.+)")


async def plan(turn: Turn, argument: str) -> None:
    """`/kehoach [number | words]`: the list, one item, or what the words find; `trang 2` pages on."""
    folded = fold(argument)
    whole = _WHOLE.fullmatch(folded)
    if whole and (number := read_item_number(whole[1])):
        await _whole_text(turn, number)
        return
    number = read_item_number(folded)
    if number is not None and await _shown(turn, number, sure=not folded.isdigit()):
        return
    page = _PAGE.fullmatch(folded)
    words = search_words((page[2] or "") if page else folded)
    if words:
        await _search(turn, words, _page(page), said=" ".join(words) if page else shorten(argument, SAID_CHARS))
    else:
        await _list(turn, _page(page))


def _page(found: re.Match[str] | None) -> int:
    return max(1, int(found[1])) if found else 1


async def _list(turn: Turn, page: int) -> None:
    size = turn.limits.page_size
    items, total = await plans.published(turn.tx, turn.ward.id, today=turn.today, limit=size, offset=(page - 1) * size)
    if total == 0:
        turn.say(
            turn._("The ward has not published any plan item yet. Please come back later, or write to me."),
            main_menu(turn.language),
        )
    elif not items:
        await _list(turn, 1)
    else:
        head = turn.n_("📋 The ward's plan: {n} item", "📋 The ward's plan: {n} items", total)
        _say_page(turn, head, items, page, total, f"{COMMAND} trang {{page}}")


async def _search(turn: Turn, words: tuple[str, ...], page: int, *, said: str) -> None:
    size = turn.limits.page_size
    items, total, every_word = await plan_search.search(
        turn.tx, turn.ward.id, words, today=turn.today, limit=size, offset=(page - 1) * size
    )
    if total == 0:
        text = turn._("I found nothing about “{words}” in the plan. Please try one or two other words.", words=said)
        turn.say(text, (Choice(id=COMMAND, label=turn._("See the whole plan")), *main_menu(turn.language)[:1]))
        return
    if not items:
        await _search(turn, words, 1, said=said)
        return
    head = turn.n_("🔍 “{words}”: {n} item", "🔍 “{words}”: {n} items", total, words=said)
    if not every_word:
        head = turn._("🔍 No item has all the words “{words}”. The nearest ones:", words=said)
    _say_page(turn, head, items, page, total, f"{COMMAND} trang {{page}} {' '.join(words)}")


def _say_page(turn: Turn, head: str, items: list[StoredItem], page: int, total: int, command: str) -> None:
    """One page: the items as numbered lines and as buttons in the same order, and a button to the next page."""
    pages = -(-total // turn.limits.page_size)
    choices = [item_choice(item, COMMAND, turn.language) for item in items]
    if pages > 1:
        head += "\n" + turn._("Page {page} of {pages}", page=page, pages=pages)
        label = turn._("More ▶") if page < pages else turn._("Back to page 1")
        choices.append(Choice(id=command.format(page=page + 1 if page < pages else 1), label=label))
    hint = turn._("Press an item or type its number; to search, send for example: /kehoach street lights")
    if turn.event.in_group:  # where a number answers nothing (docs/decisions/0014)
        hint = turn._("To search, send for example: /kehoach street lights")
    turn.say(f"{head}\n\n{listing(items, turn.today, turn.language)}\n\n{hint}", choices)


async def _shown(turn: Turn, number: int, *, sure: bool) -> bool:
    """Show one item. False if there is none and a bare figure may have been a word to look for ("2026")."""
    try:
        item = await published_item(turn.tx, turn.ward, number)
    except DomainError:
        if sure:
            raise
        return False
    _ = turn._
    choices = [Choice(id=f"/gopy {number}", label=_("💬 Give an opinion"), also=("góp ý", "opinion"))]
    if is_shortened(item.content):
        choices.append(Choice(id=f"{COMMAND} toanvan {number}", label=_("Read the whole text"), also=("toàn văn",)))
    choices.append(Choice(id=COMMAND, label=_("Back to the list"), also=("danh sách", "quay lại")))
    source = await plans.source_of(turn.tx, item)
    turn.say(item_card(item, source, turn.today, turn.language), choices)
    return True


async def _whole_text(turn: Turn, number: int) -> None:
    item = await published_item(turn.tx, turn.ward, number)
    *before, last = in_messages(f"📌 {item.code} · {item.content.text}")
    for piece in before:
        turn.say(piece)
    back = Choice(id=f"{COMMAND} {number}", label=turn._("Back to the item"), also=("quay lại",))
    turn.say(last, (Choice(id=f"/gopy {number}", label=turn._("💬 Give an opinion"), also=("góp ý",)), back))


# --- an opinion -------------------------------------------------------------------------------------------------------


async def opinion(turn: Turn, argument: str) -> None:
    """`/gopy number [text]`: say what one thinks of an item; without a number, the list to choose from."""
    head, _, text = argument.strip().partition(" ")
    number = read_item_number(head)
    if number is None:
        await _list(turn, 1)
        return
    item = await published_item(turn.tx, turn.ward, number)
    data: Data = {"number": number, "title": title_of(item.content, turn.language)}
    if text.strip():
        _refuse_too_long(turn, text)
        data = _heard(turn, data, text.strip())
        # A bare number may have been meant as a place in a list: the title is shown before anything is sent.
        data["unsure"] = head.isdigit()
    if data.get("stop"):
        await not_by_chat.guide_denouncer(turn, data)
        return
    await begin_with_consent(turn, OPINION, data)


def _refuse_too_long(turn: Turn, text: str) -> None:
    if len(text) > turn.limits.text_max_chars:
        raise DomainError("text_too_long", length=len(text), limit=turn.limits.text_max_chars)


def _heard(turn: Turn, data: Data, text: str) -> Data:
    """The draft with the words; danger is answered at once, and of a denunciation nothing is kept."""
    warn_of_danger(turn, text, data)
    kind = guess_kind(text).kind
    if kind is CaseKind.DENUNCIATION:
        return {"stop": kind.value}
    return data | {"text": text, "kind": kind.value}


def _ask(turn: Turn, data: Data) -> Question:
    return Question(
        text=turn._("What do you think of “{title}”? Please write it in your own words.", title=data["title"]),
        choices=(Choice(id=CANCEL, label=turn._("Give up"), also=("huỷ", "hủy", "thôi")),),
    )


def _accept(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    text = event.text.strip()
    if not text:
        raise Refused(turn._("Please write your opinion in words; photos go with a report (/phananh)."))
    if len(text) > turn.limits.text_max_chars:
        raise Refused(
            turn._(
                "That is {length} characters; I can take {limit} at a time. Please send it in two messages.",
                length=len(text), limit=turn.limits.text_max_chars,
            )
        )  # fmt: skip
    heard = _heard(turn, data, text)
    return heard | {"photos": True} if event.attachments and "text" in heard else heard


def _is_unsure(data: Data) -> bool:
    return bool(data.get("unsure")) and not data.get("stop")


def _ask_again(turn: Turn, data: Data) -> Question:
    _ = turn._
    item = f"{item_code(data['number'])} “{data['title']}”"
    return Question(
        text=_("Shall I send this opinion on {item}?\n\n{text}", item=item, text=data["text"]),
        choices=(
            Choice(id="send", label=_("Send"), also=("gửi", "gửi đi", "ok", "có", "yes", "đúng")),
            Choice(id=CANCEL, label=_("Give up"), also=("huỷ", "hủy", "thôi", "không")),
        ),
    )


def _accept_sending(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    if picked != "send":
        raise Refused(turn._("Please press one of these two buttons."))
    return data | {"unsure": False}


async def _given(turn: Turn, data: Data) -> None:
    if data.get("stop"):
        await not_by_chat.guide_denouncer(turn, data)
        return
    try:
        item, unit = await give_opinion(
            turn.tx, turn.ward, turn.person, data["number"], text=data["text"], now=turn.now
        )
    except DomainError as error:
        if error.code != "plan_item_unknown":
            raise
        # Raising would leave the form open for ever: the item will not come back by answering again.
        _say_withdrawn(turn, item_code(data["number"]))
        return
    lines = [
        turn._("✅ Thank you. Your opinion on {item} has gone to {unit}, without your name.", item=item.code, unit=unit)
    ]
    if data.get("photos"):
        lines.append(turn._("The photos were not sent along; to send photos, make a report with /phananh."))
    if data["kind"] == CaseKind.COMPLAINT:
        lines.append(not_by_chat.complaint(turn))
    again = Choice(id=f"/gopy {item.number}", label=turn._("Add another opinion"), also=("góp ý thêm",))
    turn.say("\n\n".join(lines), (again, Choice(id=COMMAND, label=turn._("Back to the list"), also=("danh sách",))))


def _say_withdrawn(turn: Turn, item: str) -> None:
    text = turn._(
        "The ward has just taken {item} back, so your opinion was not handed in. You may send it as a report: /phananh",
        item=item,
    )
    turn.say(text, main_menu(turn.language))


async def _given_up(turn: Turn, data: Data) -> None:
    choices: list[Choice] = []
    if "number" in data:
        choices.append(Choice(id=f"{COMMAND} {data['number']}", label=turn._("Back to the item"), also=("quay lại",)))
    choices.append(Choice(id=COMMAND, label=turn._("Back to the list"), also=("danh sách",)))
    turn.say(turn._("All right, I sent nothing."), choices)


FORMS = {
    OPINION: FormHandler(
        form=Form(
            name=OPINION,
            fields=(
                Field(missing=lambda data: not data.get("stop") and "text" not in data, ask=_ask, accept=_accept),
                Field(missing=_is_unsure, ask=_ask_again, accept=_accept_sending),
            ),
        ),
        done=_given,
        cancelled=_given_up,
    )
}

COMMANDS = (
    Command(
        names=("kehoach", "plan"), about=N_("the ward's plan: read it, search it, say what you think"), run=plan,
        words=("ke hoach", "xem ke hoach", "ke hoach cua phuong", "plan", "ward plan"), in_groups=True,
    ),
    Command(names=("gopy", "opinion"), about=N_("give an opinion on an item of the plan"), run=opinion),
)  # fmt: skip
