"""The first contact: two short messages, consent, the residential group; then language and help."""

from dataclasses import replace

from domain.errors import DomainError
from domain.people import GroupKind
from handlers.context import Command, For, FormHandler, Turn
from handlers.engine.event import Event
from handlers.engine.form import Data, Field, Form, Question, Refused
from handlers.engine.reply import Choice
from handlers.filling import begin, give_up
from handlers.i18n import LANGUAGES, N_, known_language
from handlers.links import WARD
from handlers.resident import arriving, meanwhile, not_by_chat
from handlers.texts.linking import linking_choice
from handlers.texts.menus import main_menu
from storage import audit, forgetting, people

# The wording of `_consent_question`; change this when the wording changes, and everybody is asked again.
CONSENT_VERSION = "2026-11"
WELCOME = "welcome"
SKIP = "skip"
# Of the officials' commands, those a link may stand for: they show, or they ask first.
LINKED = frozenset({"thamgia", "xem", "viec"})
# So short a text with a number in it is meant for the name of a group; anything else belongs to the matter.
GROUP_MAX_CHARS = 20


async def begin_with_consent(turn: Turn, form: str, data: Data) -> None:
    """Take up a form that will store something of the person's; a newcomer is welcomed and asked for consent first.

    The form is set aside meanwhile, with what it holds, and comes back when the answers are in.
    """
    if consented(turn):
        await begin(turn, form, data)
        return
    turn.conversation = turn.conversation.begin(form, data)
    _greet(turn)
    await begin(turn, WELCOME, turn.conversation.begun(WELCOME))


def consented(turn: Turn) -> bool:
    """Whether this person agreed to the wording now in force."""
    return turn.person.has_consented(CONSENT_VERSION)


def _consent_question(turn: Turn, data: Data) -> Question:
    _ = turn._
    text = _(
        "To follow up I keep: what you send, your account here and your residential group. Only the unit in charge "
        "reads it. You may ask the ward to show or delete it. Do you agree?"
    )
    return Question(
        text=meanwhile.kept(turn, data) + text,
        choices=(
            Choice(id="agree", label=_("I agree"), also=("đồng ý", "ok", "oke", "yes", "có", "vâng", "dạ", "ừ", "đc")),
            Choice(id="refuse", label=_("I do not agree"), also=("không", "no", "ko", "không đồng ý")),
        ),
    )


def _accept_consent(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    return meanwhile.keep(turn, data, event) if picked is None else data | {"consent": picked, "again": False}


def _group_question(turn: Turn, data: Data) -> Question:
    _ = turn._
    choices = [
        Choice(id=group.code, label=group.name, also=_short_names(group.name)) for group in turn.ward.ward.groups
    ]
    # Whoever gives up here gives up this question: they have agreed, and what they wrote waits to be sent.
    skip = Choice(id=SKIP, label=_("Skip"), also=("bỏ qua", "không", "không biết", "ko biết", "thôi", "huỷ", "hủy"))
    text = _("Which residential group do you live in? You may skip this.")
    return Question(text=meanwhile.kept(turn, data) + text, choices=(*choices, skip))


def _short_names(name: str) -> tuple[str, ...]:
    """“Tổ dân phố 3” is also “tổ 3” and “tdp 3”; the bare number is the place in the list, which is the same."""
    number = name.rsplit(maxsplit=1)[-1]
    return (f"tổ {number}", f"tdp {number}", f"khu phố {number}", f"thôn {number}") if number.isdigit() else ()


def _accept_group(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    if picked is not None:
        return data | {"group": picked, "again": False}
    if len(event.text) <= GROUP_MAX_CHARS and any(sign.isdigit() for sign in event.text):
        raise Refused(turn._("Please press your residential group, or Skip."))
    return meanwhile.keep(turn, data, event)


def _consent_is_open(data: Data) -> bool:
    return not data.get("stop") and "consent" not in data


def _group_is_open(data: Data) -> bool:
    return not data.get("stop") and data.get("consent") == "agree" and "group" not in data


async def _welcomed(turn: Turn, data: Data) -> None:
    _ = turn._
    if data.get("stop"):
        await not_by_chat.guide_denouncer(turn, data)
        await begin(turn, WELCOME, {"consent": data["consent"]} if "consent" in data else {})
        return
    if data["consent"] != "agree":
        await people.set_consent(turn.tx, turn.person, version=None, now=turn.now)
        await _audit(turn, "consent.refuse")
        await _forget(turn, data)
        turn.say(
            _(
                "Understood; I keep nothing. You can still read the ward's plan and dialogue dates. "
                "Send /batdau to change this."
            ),
            main_menu(turn.language)[2:],
        )
        return
    await people.set_consent(turn.tx, turn.person, version=CONSENT_VERSION, now=turn.now)
    await _audit(turn, "consent.give")
    group_id = turn.ward.group_ids.get(data.get("group", SKIP))
    await people.set_residential_group(turn.tx, turn.person, group_id)
    turn.person = replace(turn.person, consent_version=CONSENT_VERSION, refused=False, residential_group_id=group_id)
    if "more" in data:
        await meanwhile.go_on(turn, data["more"])
    elif turn.conversation.filling is None:
        turn.say(
            _("Thank you. Simply write what you want to tell the ward, or press one of these."),
            main_menu(turn.language),
        )


async def _audit(turn: Turn, act: str) -> None:
    await audit.write(
        turn.tx, ward_id=turn.ward.id, act=act, subject=f"person {turn.person.id}", actor_id=turn.person.id,
        now=turn.now, version=CONSENT_VERSION,
    )  # fmt: skip


async def _forget(turn: Turn, data: Data) -> None:
    """Without consent nothing is kept: no draft, no photo, and of who never agreed no word and no name either."""
    conversation, event = turn.conversation, turn.event
    held = [data.get("more", {}), *(one.data for one in (*conversation.parked, conversation.filling) if one)]
    turn.conversation = replace(conversation, filling=None, parked=(), menu=None)
    await forgetting.forget_files(turn.tx, [file for given in held for file in given.get("attachments", [])])
    heard = {message for given in held for message in given.get("heard", [])}
    await forgetting.forget_words(turn.tx, event.channel, event.chat, heard, now=turn.now)
    if turn.person.consent_version is None and turn.official is None:
        await forgetting.forget_everything_said(turn.tx, event.channel, event.chat, now=turn.now)
        await people.set_name(turn.tx, turn.person, "")


async def _not_now(turn: Turn, data: Data) -> None:
    await _forget(turn, data)
    turn.say(turn._("All right. Write to me whenever you want."), main_menu(turn.language))


async def start(turn: Turn, argument: str) -> None:
    """`/batdau`: greet, and ask a newcomer for consent; a link's payload says what they came for."""
    name, _, value = argument.partition("_")
    command = turn.book.command(name) if argument and not argument.startswith(WARD) else None
    if command is not None and _opens(command):
        # A link's payload knows letters, digits, `_` and `-` only: `hoso_PA-26-00012`, `thamgia_CODE`.
        await command.run(turn, value)
        return
    if await arriving.by_link(turn, argument):
        return
    group = arriving.group_of(turn, argument)
    if consented(turn):
        if group is not None:
            await arriving.live_in(turn, group)
        text = turn._("Hello! I am the assistant of {ward}. What can I do for you?", ward=turn.ward.ward.name)
        turn.say(text, main_menu(turn.language))
        return
    _greet(turn)
    # Whoever scanned the poster of their residential group is not asked for it.
    known = {"group": group} if group is not None else {}
    await begin(turn, WELCOME, turn.conversation.begun(WELCOME) | known)


def _opens(command: Command) -> bool:
    """Whether a link may stand for a command. One that acts on a case may not: whoever makes a link is not who presses
    Start, and an official would close a case by a single tap."""
    return command.run is not start and (command.audience is For.RESIDENTS or command.names[0] in LINKED)


def _greet(turn: Turn) -> None:
    """The first of the two messages a newcomer reads."""
    _ = turn._
    turn.say(
        _(
            "Hello! I am the assistant of {ward}. Tell me what is wrong or what you propose; I pass it to the unit in "
            "charge and tell you every step.",
            ward=turn.ward.ward.name,
        )
    )


async def choose_language(turn: Turn, argument: str) -> None:
    """`/ngonngu`: Vietnamese or English."""
    wanted = argument.strip().lower()[:2]
    if wanted not in LANGUAGES:
        turn.say(
            "Ông/Bà muốn dùng ngôn ngữ nào? / Which language?",
            (Choice(id="/ngonngu vi", label="Tiếng Việt"), Choice(id="/ngonngu en", label="English")),
        )
        return
    await people.set_language(turn.tx, turn.person, known_language(wanted))
    turn.person = replace(turn.person, language=known_language(wanted))
    turn.say(turn._("From now on I write in English."), main_menu(turn.language))


async def help_(turn: Turn, argument: str) -> None:
    """`/trogiup`: what can be typed; for an official also what their office does, in a group what is of use there."""
    _ = turn._
    shown = [one for one in turn.book.commands if _offered(turn, one)]
    lines = "\n".join(f"/{one.names[0]} – {_(one.about)}" for one in shown)
    if turn.event.in_group:
        turn.say(lines)
        return
    emergency = turn.ward.ward.emergency
    text = _(
        "Simply write what you want to tell the ward; photos help.\n\n{lines}\n\n"
        "In danger call {police} (police), {fire} (fire), {ambulance} (ambulance).",
        lines=lines, police=emergency.police, fire=emergency.fire, ambulance=emergency.ambulance,
    )  # fmt: skip
    turn.say(text, (*main_menu(turn.language)[:-1], linking_choice(turn.language)))


def _offered(turn: Turn, command: Command) -> bool:
    if turn.event.in_group:
        in_unit = turn.group is None or turn.group.kind is GroupKind.UNIT
        return command.in_groups and command.audience is (For.OFFICIALS if in_unit else For.RESIDENTS)
    if command.audience is For.RESIDENTS:
        return True
    return turn.official is not None and turn.official.role in command.roles


async def cancel(turn: Turn, argument: str) -> None:
    """`/huy`: give up the form in hand."""
    if turn.conversation.filling is None:
        raise DomainError("nothing_to_cancel")
    await give_up(turn)


FORMS = {
    WELCOME: FormHandler(
        form=Form(
            name=WELCOME,
            fields=(
                Field(missing=_consent_is_open, ask=_consent_question, accept=_accept_consent),
                Field(missing=_group_is_open, ask=_group_question, accept=_accept_group),
            ),
        ),
        done=_welcomed,
        cancelled=_not_now,
    )
}

COMMANDS = (
    Command(
        names=("batdau", "start"),
        about=N_("begin"),
        run=start,
        words=(
            "bat dau",
            "xin chao",
            "chao",
            "chao ban",
            "hello",
            "hi",
            "alo",
            "a lo",
            "chao phuong",
            "menu",
            "xin chao phuong",
            "quay lai",
            "0",
        ),
    ),
    Command(
        names=("ngonngu", "language"),
        about=N_("Vietnamese or English"),
        run=choose_language,
        words=("ngon ngu", "language", "english", "tieng anh", "tieng viet"),
    ),
    Command(
        names=("trogiup", "help"),
        about=N_("what I can do"),
        run=help_,
        words=("tro giup", "giup", "help", "huong dan", "giup toi", "giup do"),
        in_groups=True,
    ),
    Command(
        names=("huy", "cancel"),
        about=N_("give up what we are doing"),
        run=cancel,
        words=("huy", "huy bo", "cancel"),
        in_groups=True,
    ),
)
