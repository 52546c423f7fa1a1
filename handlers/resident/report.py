"""Just write: a message becomes a case in two turns; only what is missing is asked."""

from collections.abc import Callable
from dataclasses import replace

from actions.show_case import status_card
from actions.submit_case import CaseDraft, submit
from domain.case import CaseKind
from domain.routing import guess_category
from domain.routing_kind import guess_kind
from domain.routing_place import find_place
from domain.texts import shorten
from handlers.context import Command, FormHandler, Turn
from handlers.drafts import FIRST_WORDS, PLACE_MAX_CHARS, given_by, joined, kept_within, remember
from handlers.engine.event import Event
from handlers.engine.form import Data, Field, Form, Refused
from handlers.filling import begin
from handlers.i18n import N_
from handlers.resident import not_by_chat
from handlers.resident import report_questions as ask
from handlers.resident.start import begin_with_consent, consented
from handlers.texts.case_status import case_received
from handlers.texts.chats import UNREADABLE
from handlers.texts.danger import warn_of_danger
from handlers.texts.files import in_recording
from handlers.texts.menus import main_menu

REPORT = "report"


async def begin_report(turn: Turn, given: Data) -> None:
    """Begin a case with what was given so far: `text`, `attachments`, `heard`, `warned`, `place`, `lat`, `lon`.

    A draft in hand is not pushed away: what is given joins it.
    """
    data = _grown(turn, turn.conversation.begun(REPORT), given)
    if data.get("stop"):
        await begin(turn, REPORT, data)
    else:
        await begin_with_consent(turn, REPORT, data)


def _understood(turn: Turn, data: Data) -> Data:
    """The draft with what its words say: danger is answered at once, the category guessed, the law's kind found."""
    text = data.get("text", "")
    if len(text) > turn.limits.text_max_chars:
        raise Refused(
            turn._(
                "That is {length} characters; I can take {limit} at a time. Please send it in two messages.",
                length=len(text), limit=turn.limits.text_max_chars,
            )
        )  # fmt: skip
    warn_of_danger(turn, text, data)
    kind = guess_kind(text).kind
    if kind is CaseKind.DENUNCIATION:
        # Nothing of a denunciation's content may stand in an ordinary case (Luật 25/2018/QH14 Đ22, Đ56).
        return not_by_chat.stopped(data)
    found = data | {"kind": kind.value, "spoken": turn.speaks(data.get("attachments", ()))}
    if "category_chosen" not in data:
        found["category"] = guess_category(text, turn.ward.ward.categories).category_code
    if not found.get("place"):
        found["place"] = find_place(text) or ""
    return found


def _add(turn: Turn, data: Data, event: Event, *, replace_text: bool = False) -> Data:
    """The draft with one more message in it; its words may take the place of those written before."""
    given = given_by(event)
    return _grown(turn, data | ({"text": "", "pieces": []} if replace_text and given["text"] else {}), given)


def _grown(turn: Turn, draft: Data, given: Data) -> Data:
    """The draft with what was given, as far as there is room for its files."""
    data = joined(draft, given)
    return _understood(turn, data | {"attachments": kept_within(turn, data["attachments"]), "mode": None})


def _readable(turn: Turn, event: Event) -> None:
    if event.is_empty or event.unsupported:
        raise Refused(turn._(UNREADABLE))


# --- the answers, in the order in which they may be asked for --------------------------------------------------


def _accept_text(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    _readable(turn, event)
    return _add(turn, data, event, replace_text=data.get("mode") == "text")


def _accept_about(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    if picked == ask.DENOUNCES:
        return not_by_chat.stopped(data)
    if picked == ask.COMPLAINS:
        return data | {"kind": CaseKind.COMPLAINT.value}
    if picked == ask.MATTER:
        # Without a subject it goes to reception, as whatever fits nowhere does.
        return data | {"unheard": True}
    if picked is not None:
        return data | {"mode": picked}
    _readable(turn, event)
    return _add(turn, data, event)


def _accept_law(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    if picked == "as_report":
        return data | {"law_read": True}
    _readable(turn, event)
    return _add(turn, data, event)


def _accept_edit(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    if picked is not None:
        return data | {"mode": None if picked == "back" else picked}
    _readable(turn, event)
    return _add(turn, data, event)


def _accept_category(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    if picked is None:
        raise Refused(turn._("Please press a subject, or type its number."))
    return data | {"category": picked, "category_chosen": True, "mode": None}


def _accept_more(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    if picked == "back":
        return data | {"mode": None}
    _readable(turn, event)
    where = event.text.strip()
    if event.attachments or event.place or len(where) > PLACE_MAX_CHARS or not_by_chat.denounces(where):
        return _add(turn, data, event)
    warn_of_danger(turn, where, data)
    return data | {"place": shorten(where, PLACE_MAX_CHARS), "mode": None}


def _accept_sending(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    if picked == "send":
        return data | {"sent": True}
    if picked is not None:
        return data | {"mode": picked}
    _readable(turn, event)
    return _add(turn, data, event)


# --- the end ----------------------------------------------------------------------------------------------------------


async def _submitted(turn: Turn, data: Data) -> None:
    if data.get("stop"):
        await not_by_chat.guide_denouncer(turn, data)
        return
    kind = CaseKind(data["kind"])
    draft = CaseDraft(
        # A complaint its author chose to send as an ordinary report is one, by their own word.
        kind=CaseKind.PETITION if kind is CaseKind.COMPLAINT else kind,
        text=data.get("text") or in_recording(turn.language),
        category_code=data.get("category"),
        place=data.get("place", ""),
        latitude=data.get("lat"),
        longitude=data.get("lon"),
        attachments=tuple(data.get("attachments", ())),
        dialogue_id=data.get("dialogue_id"),
    )
    case = await submit(turn.tx, turn.ward, turn.person, draft, now=turn.now)
    await remember(turn, data, case.id)
    received = {"code": case.code, "unit": turn.ward.unit_names[case.unit_id], "due_on": case.due_on.isoformat()}
    turn.say(case_received(received, turn.language), case_id=case.id, card=status_card(case.id))


async def _given_up(turn: Turn, data: Data) -> None:
    turn.say(turn._("I sent nothing. Write to me whenever you want."), main_menu(turn.language))


async def report(turn: Turn, argument: str) -> None:
    """`/phananh [text]`: begin a case; a draft in hand is shown again, with what is new in it."""
    draft = turn.conversation.begun(REPORT)
    given = given_by(turn.event) | {"text": argument}
    if draft and consented(turn) and not (argument or given["attachments"] or "lat" in given):
        await begin(turn, REPORT, draft)
        return
    turn.conversation = replace(turn.conversation, menu=None)
    await begin_report(turn, given)


def _lacks_words(data: Data) -> bool:
    """Whoever cannot write is heard all the same: a recording stands for the words."""
    if data.get("stop"):
        return False
    return data.get("mode") == "text" or not (data.get("text") or data.get("spoken"))


def _is_only_spoken(data: Data) -> bool:
    """What is said in a recording nobody here can judge: its subject is asked for."""
    if data.get("stop") or data.get("text") or data.get("mode"):
        return False
    return bool(data.get("spoken")) and not (data.get("unheard") or data.get("category_chosen"))


def _is_open(mode: str) -> Callable[[Data], bool]:
    return lambda data: not data.get("stop") and data.get("mode") == mode


FORMS = {
    REPORT: FormHandler(
        form=Form(
            name=REPORT,
            fields=(
                Field(
                    missing=_lacks_words,
                    ask=ask.text,
                    accept=_accept_text,
                ),
                Field(
                    missing=lambda data: data.get("kind") == CaseKind.COMPLAINT and not data.get("law_read"),
                    ask=ask.law,
                    accept=_accept_law,
                ),
                Field(missing=_is_only_spoken, ask=ask.about, accept=_accept_about),
                Field(missing=_is_open("edit"), ask=ask.edit, accept=_accept_edit),
                Field(missing=_is_open("category"), ask=ask.category, accept=_accept_category),
                Field(missing=_is_open("more"), ask=ask.more, accept=_accept_more),
                Field(
                    missing=lambda data: not data.get("stop") and not data.get("sent"),
                    ask=ask.sending,
                    accept=_accept_sending,
                ),
            ),
        ),
        done=_submitted,
        cancelled=_given_up,
        reread=_understood,
    ),
    # What was written before the ward was known: nothing is asked, it simply begins a case.
    FIRST_WORDS: FormHandler(form=Form(name=FIRST_WORDS, fields=()), done=begin_report, cancelled=_given_up),
}

COMMANDS = (
    Command(
        names=("phananh", "report"),
        about=N_("report or propose something"),
        run=report,
        words=("phan anh", "kien nghi", "gop y", "report", "gui phan anh"),
    ),
)
