"""Joining with an invite: a person becomes an official, a group (or a new web room) is bound to its unit or ward."""

from actions import manage_people
from actions.manage_people import Joined
from domain.errors import DomainError
from domain.people import GroupKind, Role
from domain.texts import shorten
from handlers.context import Command, For, FormHandler, Turn
from handlers.engine.event import Event
from handlers.engine.form import Data, Field, Form, Question, Refused, lacks
from handlers.engine.reply import Choice
from handlers.filling import begin
from handlers.i18n import N_
from handlers.official.desk import HANDLING, PUBLISHING
from handlers.texts.errors import refusal
from handlers.texts.formats import role_name
from storage import cases, contacts, slots, wards, webchat
from storage.invites import Invite
from storage.outbox import Address
from storage.wards import StoredWard

JOIN = "join"
NAME_MAX_CHARS = 80
# Ten letters out of thirty-one are not guessed in ten tries an hour; nobody types their own code more often.
TRIES_PER_HOUR = 10
WEB = "web"


async def join(turn: Turn, argument: str) -> None:
    """`/thamgia code`: in private for a person, in a group by one of its administrators for the group.

    DomainErrors `invite_missing`, `invite_too_many_tries`, `invite_for_person`, `invite_for_group`,
    `invite_other_ward`, `invite_linked`, `group_admin_only`; what is wrong with the code itself is said and the try
    counted.
    """
    if not argument.strip():
        raise DomainError("invite_missing")
    await _count_try(turn)
    try:
        invite = await manage_people.look_up(turn.tx, argument, turn.person, now=turn.now)
    except DomainError as error:
        # Said, not raised: a refusal raised would undo the count of this try too.
        turn.remark(refusal(error, turn.language, turn.calendar.timezone))
        return
    if turn.event.in_group:
        await _join_group(turn, invite)
    elif invite.group_kind is not None:
        await _open_room(turn, invite)
    else:
        await _join_person(turn, invite)


async def _count_try(turn: Turn) -> None:
    hour = f"{turn.person.id}:{turn.now:%Y%m%d%H}"
    for number in range(TRIES_PER_HOUR):
        if await slots.claim(turn.tx, "invite.try", f"{hour}:{number}", now=turn.now):
            return
    raise DomainError("invite_too_many_tries")


# --- a person ---------------------------------------------------------------------------------------------------------


async def _join_person(turn: Turn, invite: Invite) -> None:
    if invite.ward_id != turn.ward.id:
        raise DomainError("invite_other_ward")
    if len(await contacts.of_person(turn.tx, turn.person.id)) > 1:
        # Whoever else writes as this person would hold the office too (docs/decisions/0016).
        raise DomainError("invite_linked")
    named = {"name": turn.person.name} if turn.person.name else {}
    await begin(turn, JOIN, {"invite": invite.id} | named)


def _ask_name(turn: Turn, data: Data) -> Question:
    return Question(text=turn._("What is your name, so that your colleagues know you? (for example: Nguyễn Thị Lan)"))


def _accept_name(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    if not any(letter.isalpha() for letter in event.text):
        raise Refused(turn._("Please type your name in letters."))
    return data | {"name": shorten(event.text, NAME_MAX_CHARS)}


async def _joined(turn: Turn, data: Data) -> None:
    try:
        invite = await manage_people.look_at(turn.tx, data["invite"], turn.person, now=turn.now)
    except DomainError as error:
        # Said, not raised, so that the question for the name does not stay open for a code that is gone.
        turn.say(refusal(error, turn.language, turn.calendar.timezone))
        return
    joined = await manage_people.join(turn.tx, invite, turn.person, name=data["name"], now=turn.now)
    _welcome(turn, joined, data["name"])


def _welcome(turn: Turn, joined: Joined, name: str) -> None:
    _ = turn._
    role = role_name(joined.role or Role.MEMBER, turn.language)
    office = ", ".join(part for part in (role, _unit_name(turn.ward, joined), turn.ward.ward.name) if part)
    handling, publishing = joined.role in HANDLING, joined.role in PUBLISHING
    lines = [
        _("✅ Welcome, {name}. You are now: {office}.", name=name, office=office),
        *([_("• /viec shows the open cases\n• Reply to a case's card to answer the resident")] if handling else []),
        *([_("• /congkhai publishes the ward's plan")] if publishing else []),
        _("• /trogiup lists everything"),
    ]
    queue = Choice(id="/viec", label=_("Open cases"), also=("việc", "queue"))
    publish = Choice(id="/congkhai", label=_("Publish the plan"), also=("công khai", "publish"))
    turn.say("\n".join(lines), (*((queue,) if handling else ()), *((publish,) if publishing else ())))


async def _gave_up(turn: Turn, data: Data) -> None:
    turn.say(turn._("All right. The code still works; send it again when you want to join."))


# --- a group ----------------------------------------------------------------------------------------------------------


async def _join_group(turn: Turn, invite: Invite) -> None:
    if invite.group_kind is None:
        raise DomainError("invite_for_person")
    await _check_account(turn, invite)
    if not turn.event.sender_is_admin:
        raise DomainError("group_admin_only")
    joined = await manage_people.bind_group(turn.tx, invite, turn.address, turn.person, now=turn.now)
    turn.say(await _bound(turn, joined, await wards.load(turn.tx, invite.ward_id, turn.database)))


async def _check_account(turn: Turn, invite: Invite) -> None:
    """An account that serves one ward alone takes no group of another: nobody could join there who may act in it."""
    # In the web chat it names the page somebody is on, not an account.
    own = None if turn.event.channel == WEB else turn.event.ward_code
    if own is not None and await wards.find(turn.tx, own) != invite.ward_id:
        raise DomainError("invite_other_ward")


async def _open_room(turn: Turn, invite: Invite) -> None:
    """A group's invite in a private web chat opens a web room; elsewhere the bot is added to the group first."""
    if turn.event.channel != WEB:
        raise DomainError("invite_for_group")
    ward = await wards.load(turn.tx, invite.ward_id, turn.database)
    title = ward.unit_names[invite.unit_id] if invite.unit_id else ward.ward.name
    chat, key = await webchat.create_room(
        turn.tx, title=title, created_by=turn.person.id, now=turn.now, ward_id=ward.id
    )
    address = Address(channel=turn.event.channel, account=turn.event.account, chat=chat)
    joined = await manage_people.bind_group(turn.tx, invite, address, turn.person, now=turn.now)
    link = turn._(
        "🔗 The group's room: {link}\nGive this link only to those who belong there.",
        link=f"{turn.limits.public_url}/nhom/{key}",
    )
    turn.say(f"{await _bound(turn, joined, ward)}\n\n{link}")


async def _bound(turn: Turn, joined: Joined, ward: StoredWard) -> str:
    """What will be posted in the group from now on, and how it is used."""
    if joined.group_kind is GroupKind.WARD:
        return turn._(
            "✅ This group is now the group of {ward}. Once a week I post the news here: newly published plans, "
            "dialogues, and how many cases were received and answered. Never a name, never a case's words.",
            ward=ward.ward.name,
        )
    text = turn._(
        "✅ This group is now the group of {unit}, {ward}. I post a card here for every new case, and what residents "
        "add. Reply to a card to answer the resident; /viec shows the open cases.\n"
        "Each official joins once with a code of their own: /thamgia CODE, in a private chat with me.",
        unit=_unit_name(ward, joined), ward=ward.ward.name,
    )  # fmt: skip
    # Cases that came before the group did have their cards elsewhere; they must not be forgotten here.
    _found, waiting = await cases.queue(turn.tx, ward_id=ward.id, unit_id=joined.unit_id, limit=1)
    if not waiting:
        return text
    already = turn.n_("⏳ {n} open case waits already: /viec", "⏳ {n} open cases wait already: /viec", waiting)
    return f"{text}\n{already}"


def _unit_name(ward: StoredWard, joined: Joined) -> str:
    return ward.unit_names[joined.unit_id] if joined.unit_id is not None else ""


FORMS = {
    JOIN: FormHandler(
        form=Form(name=JOIN, fields=(Field(missing=lacks("name"), ask=_ask_name, accept=_accept_name),)),
        done=_joined,
        cancelled=_gave_up,
    )
}

COMMANDS = (
    Command(
        names=("thamgia", "join"),
        about=N_("join with an invite code"),
        run=join,
        audience=For.OFFICIALS,
        in_groups=True,
    ),
)
