"""Which case is this about? A message is never attached silently: a reply or a code decides, or the person does."""

from actions.follow_case import add, own, ward_of
from domain.case import Act, Case, Status
from domain.errors import DomainError
from handlers.commands import case_codes
from handlers.context import FormHandler, Turn
from handlers.drafts import given_by, joined, kept_within, remember
from handlers.engine.event import Event
from handlers.engine.form import CANCEL, Data, Field, Form, Question, Refused
from handlers.engine.reply import Choice
from handlers.filling import begin
from handlers.resident import not_by_chat
from handlers.resident.my_cases import show_case
from handlers.resident.report import begin_report
from handlers.texts.chats import UNREADABLE
from handlers.texts.danger import warn_of_danger
from handlers.texts.errors import SENTENCES
from handlers.texts.formats import quote
from handlers.texts.menus import main_menu
from storage import cases

WHICH = "which_case"
NEW = "new"
OPEN_CASES_SHOWN = 5
OPEN_CASES_MAX = 30
QUOTE_MAX_CHARS = 60
TOO_LONG = SENTENCES["text_too_long"]
_GIVEN = frozenset({"text", "attachments", "heard", "warned", "lat", "lon", "place", "pieces", "albums", "since"})


async def free_text(turn: Turn) -> None:
    """Something written without being asked: about an open case, or a new matter."""
    event = turn.event
    if event.unsupported or event.is_empty:
        turn.say(
            turn._(UNREADABLE),
            main_menu(turn.language),
        )
        return
    named = await _named(turn)
    if named is not None:
        await _about(turn, named)
        return
    given = given_by(event)
    open_ones = await cases.of_resident(turn.tx, turn.person, open_only=True, limit=OPEN_CASES_MAX)
    if not open_ones or not_by_chat.denounces(given["text"]):
        await begin_report(turn, given)
        return
    # Whom to call cannot wait for the answer to a question.
    warn_of_danger(turn, given["text"], given)
    shown = [[case.code, quote(case.text, QUOTE_MAX_CHARS)] for case in open_ones[:OPEN_CASES_SHOWN]]
    await begin(turn, WHICH, given | {"open": shown, "more": [case.code for case in open_ones[OPEN_CASES_SHOWN:]]})


async def reply_to_own_case(turn: Turn, case: Case) -> None:
    """A reply to a message of ours about the resident's own case."""
    if turn.event.is_empty:
        turn.say(turn._(UNREADABLE))
        return
    await _about(turn, case)


async def _named(turn: Turn) -> Case | None:
    """The resident's own case whose code stands in the message."""
    for code in case_codes(turn.event.text):
        try:
            return await own(turn.tx, turn.person, code)
        except DomainError:
            continue
    return None


async def _about(turn: Turn, case: Case) -> None:
    given = given_by(turn.event)
    only_code = not given["attachments"] and "lat" not in given and _is_only_a_code(given["text"])
    if only_code:
        await show_case(turn, case)
    elif case.is_open or not_by_chat.denounces(given["text"]):
        await add_to_case(turn, case.code, given)
    else:
        warn_of_danger(turn, given["text"], given)
        acts = {"may_add": case.may(Act.ADD), "may_reopen": case.may(Act.REOPEN)}
        await begin(turn, WHICH, given | acts | {"ended": case.code, "withdrawn": case.status is Status.WITHDRAWN})


def _is_only_a_code(text: str) -> bool:
    return bool(case_codes(text)) and len(text.strip()) <= len("PA-26-000001") + 2


async def add_to_case(turn: Turn, code: str, given: Data) -> None:
    """Put words, files or a place to a case and say so; danger in them is answered first."""
    if not_by_chat.denounces(given["text"]):
        await not_by_chat.guide_denouncer(turn, given)
        return
    warn_of_danger(turn, given["text"], given)
    files = kept_within(turn, given["attachments"])
    where = given.get("place") or (f"{given['lat']:.5f}, {given['lon']:.5f}" if "lat" in given else "")
    case = await add(
        turn.tx, turn.ward, turn.person, code, text=given["text"], files=tuple(files), place=where,
        now=turn.now,
    )  # fmt: skip
    await remember(turn, given, case.id)
    unit = (await ward_of(turn.tx, turn.ward, case)).unit_names[case.unit_id]
    turn.say(turn._("✅ Added to {code}. {unit} has it.", code=code, unit=unit), case_id=case.id)


def _ask(turn: Turn, data: Data) -> Question:
    _ = turn._
    new = Choice(id=NEW, label=_("A new matter"), also=("việc mới", "mới", "new", "khác"))
    give_up = Choice(id=CANCEL, label=_("Give up"), also=("huỷ", "hủy", "thôi"))
    if "ended" in data:
        return Question(text=_ended(turn, data), choices=(*_about_ended(turn, data), new, give_up))
    about = [
        Choice(id=code, label=_("About {code}: {words}", code=code, words=words), also=(code,))
        for code, words in data["open"]
    ]
    text = _("Is this about a case you already have, or a new matter?")
    if data["more"]:
        text += "\n" + _("For an older case, please type its code: {codes}", codes=", ".join(data["more"]))
    return Question(text=text, choices=(*about, new, give_up))


def _ended(turn: Turn, data: Data) -> str:
    if data["withdrawn"]:
        return turn._("{code} has been withdrawn. Is this a new matter?", code=data["ended"])
    return turn._("{code} has been answered. What is this message?", code=data["ended"])


def _about_ended(turn: Turn, data: Data) -> tuple[Choice, ...]:
    _, code = turn._, data["ended"]
    offered = (
        ("may_add", Choice(id=code, label=_("Add to {code}", code=code), also=("bổ sung", "thêm", code))),
        (
            "may_reopen",
            Choice(
                id=f"again {code}", label=_("Not solved yet, reopen it"),
                also=("mở lại", "chưa xong", "chưa giải quyết"),
            ),
        ),
    )  # fmt: skip
    return tuple(choice for may, choice in offered if data[may])


def _accept(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    if picked is not None:
        return data | {"picked": picked}
    own = [*(code for code, _words in data.get("open", [])), *data.get("more", [])]
    named = next((code for code in case_codes(event.text) if code in own), None)
    if named is not None:
        return data | {"picked": named}
    if event.is_empty or event.unsupported:
        raise Refused(turn._("Please press one of these buttons."))
    # People write in pieces: what follows before they press belongs to the same message.
    more = joined(data, given_by(event))
    length, limit = len(more["text"]), turn.limits.text_max_chars
    if length > limit:
        raise Refused(turn._(TOO_LONG, length=length, limit=limit))
    if not_by_chat.denounces(more["text"]):
        return not_by_chat.stopped(more)
    warn_of_danger(turn, event.text, more)
    return more


async def _picked(turn: Turn, data: Data) -> None:
    if data.get("stop"):
        await not_by_chat.guide_denouncer(turn, data)
        return
    picked = data["picked"]
    given = {key: value for key, value in data.items() if key in _GIVEN}
    if picked == NEW:
        await begin_report(turn, given)
    elif picked.startswith("again "):
        await begin(turn, "reopen", given | {"code": picked.removeprefix("again "), "reason": given["text"]})
    else:
        await add_to_case(turn, picked, given)


def _is_open(data: Data) -> bool:
    return not data.get("stop") and "picked" not in data


async def _given_up(turn: Turn, data: Data) -> None:
    turn.say(turn._("All right, I sent nothing."))


FORMS = {
    WHICH: FormHandler(
        form=Form(name=WHICH, fields=(Field(missing=_is_open, ask=_ask, accept=_accept),)),
        done=_picked,
        cancelled=_given_up,
    )
}
