"""Joining channels: a code made on one, typed on another, and a yes on both."""

from contextlib import suppress
from datetime import timedelta

from actions import link_channels
from domain.errors import DomainError
from handlers.context import Command, FormHandler, Turn
from handlers.engine.event import Event
from handlers.engine.form import Data, Field, Form, Question, Refused, lacks
from handlers.engine.reply import Choice
from handlers.filling import begin
from handlers.i18n import N_
from handlers.links import for_person, read_code, to_link
from handlers.resident import my_channels
from handlers.texts.errors import refusal
from handlers.texts.linking import channel_name, not_me, whose
from handlers.texts.menus import main_menu
from storage import accounts, cases, linking, people, slots

LINKING, GROUP = "linking", "linking_group"
YES, NO = "yes", "no"
WEB = "web"
CASES_COUNTED_MAX = 100


async def link(turn: Turn, argument: str) -> None:
    """`/lienket`: one's channels; with a code, the question whether to be joined with whoever made it."""
    words = argument.split()
    if argument and read_code(argument):
        await _take(turn, argument)
    elif not words:
        if not await my_channels.show(turn):
            await _make(turn, [])
    elif words[0] in _STEPS and all(word.isdecimal() and len(word) < 16 for word in words[1:2]):
        await _STEPS[words[0]](turn, words[1:])
    else:
        await _count_try(turn)
        turn.say(refusal(DomainError("link_unknown"), turn.language, turn.calendar.timezone))


async def code_alone(turn: Turn) -> bool:
    """Somebody wrote a linking code and nothing else, whatever form is open: taken if there is such a code."""
    event = turn.event
    code = None if event.in_group or event.choice or event.attachments else read_code(event.text)
    if code is None:
        return False
    try:
        await _count_try(turn)
    except DomainError:
        return False
    # What only looks like one (a number plate, say) is what it was meant to be.
    if await linking.find(turn.tx, code) is None:
        return False
    await _ask_to_join(turn, code)
    return True


async def _count_try(turn: Turn) -> None:
    hour = f"{turn.person.contact_point_id}:{turn.now:%Y%m%d%H}"
    for number in range(turn.limits.link_tries_per_hour):
        if await slots.claim(turn.tx, "link.try", f"{hour}:{number}", now=turn.now):
            return
    raise DomainError("link_too_many_tries")


# --- the code ---------------------------------------------------------------------------------------------------------


async def _make(turn: Turn, words: list[str]) -> None:
    """A code, how to use it, and links that type it."""
    _ = turn._
    minutes = turn.limits.link_minutes
    code = await link_channels.offer(turn.tx, turn.person, now=turn.now, valid_for=timedelta(minutes=minutes))
    text = _(
        "🔗 To see the same cases on Zalo, Telegram and the web, open the ward's assistant there and type:\n\n"
        "{code}\n\n"
        "It works once, for {minutes} minutes. ⚠️ Give it to nobody: whoever has it may ask to read your cases. "
        "Nobody from the ward ever asks for it.",
        code=f"{code[:4]}-{code[4:]}", minutes=minutes,
    )  # fmt: skip
    turn.say("\n".join([text, *await _ways(turn, code)]))


async def _ways(turn: Turn, code: str) -> list[str]:
    """Links to the other channels that type the code."""
    payload, here = to_link(code), turn.event.channel
    serving = await accounts.serving(turn.tx, turn.ward.ward.code)
    found = [for_person(one, payload) for one in serving if one.on.channel != here]
    ways = [f"Telegram: {one}" for one in found if one is not None]
    if here != WEB:
        ways.append(f"Web: {turn.limits.public_url}/?p={turn.ward.ward.code}&start={payload}")
    return ways


# --- on the other channel ---------------------------------------------------------------------------------------------


async def _take(turn: Turn, code: str) -> None:
    await _count_try(turn)
    await _ask_to_join(turn, code)


async def _ask_to_join(turn: Turn, code: str) -> None:
    try:
        taken, other = await link_channels.take(
            turn.tx, read_code(code) or code, turn.person, now=turn.now, valid_for=_valid(turn)
        )
    except DomainError as error:
        # Said, not raised: a refusal raised would undo the count of this try too.
        turn.say(refusal(error, turn.language, turn.calendar.timezone))
        return
    brought = await cases.of_resident(turn.tx, turn.person, limit=CASES_COUNTED_MAX)
    data = {"link": taken.id, "channel": other.address.channel, "name": other.name, "cases": len(brought)}
    await begin(turn, LINKING, data)


def _valid(turn: Turn) -> timedelta:
    return timedelta(minutes=turn.limits.link_minutes)


def _question(turn: Turn, data: Data) -> Question:
    _ = turn._
    brought = turn.n_("{n} case of yours here", "{n} cases of yours here", data["cases"])
    text = _(
        "🔗 This code was made on {who}, {ward}. If you agree, this chat joins that account:\n"
        "⚠️ whoever uses it will READ all you sent ({brought}) and all you will send, and act in your name.\n"
        "Say yes only if you have just made the code YOURSELF on your own phone. Did somebody send it to you or tell "
        "you to type it? Then press No.",
        who=whose(data["name"], data["channel"], turn.language), ward=turn.ward.ward.name, brought=brought,
    )  # fmt: skip
    return Question(
        text=text,
        choices=(
            Choice(id=NO, label=_("No, do not join"), also=("không", "no", "ko", "thôi", "huỷ", "hủy")),
            Choice(id=YES, label=_("I made it myself, join"), also=("tôi tự lấy mã",)),
        ),
    )


def _accept(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    if picked is None:
        raise Refused(turn._("Please press one of the buttons."))
    return data | {"answer": picked}


async def _answered(turn: Turn, data: Data) -> None:
    if data["answer"] != YES:
        await _declined(turn, data)
        return
    try:
        other = await link_channels.agree(turn.tx, data["link"], turn.person, now=turn.now, valid_for=_valid(turn))
    except DomainError as error:
        # Said, not raised, so that the question does not stay open for a code that is gone.
        turn.say(refusal(error, turn.language, turn.calendar.timezone))
        return
    turn.say(
        turn._(
            "Good. Now open {channel}: I have asked there too. As soon as you say yes there, the two are joined.",
            channel=channel_name(other.address.channel, turn.language),
        )
    )


async def _declined(turn: Turn, data: Data) -> None:
    # A code that a newer one has replaced meanwhile needs no refusing.
    with suppress(DomainError):
        await link_channels.refuse(turn.tx, data["link"], turn.person, now=turn.now)
    turn.say(turn._("All right, nothing is joined and that code works no more."), main_menu(turn.language))


# --- back where the code was made -------------------------------------------------------------------------------------


async def _confirm(turn: Turn, words: list[str]) -> None:
    joined = await link_channels.confirm(turn.tx, _number(words), turn.person, now=turn.now)
    if joined is None:
        raise DomainError("link_already")
    _ = turn._
    text = _(
        "✅ Joined with {channel}: the same cases on both, and you are told once, where you wrote last. To choose, or "
        "to part them: /lienket.",
        channel=channel_name(joined.with_.address.channel, turn.language),
    )  # fmt: skip
    turn.say(text, (*main_menu(turn.language), not_me(_number(words), turn.language)))
    if joined.residential_groups:
        names = {turn.ward.group_ids[group.code]: group.name for group in turn.ward.ward.groups}
        found = [[one, names[one]] for one in joined.residential_groups if one in names]
        await begin(turn, GROUP, {"groups": found})


async def _not_me(turn: Turn, words: list[str]) -> None:
    _ = turn._
    if await link_channels.refuse(turn.tx, _number(words), turn.person, now=turn.now):
        turn.say(_("🔓 Parted at once. Each channel has the cases that were sent from it: /hoso."))
    else:
        turn.say(_("All right, nothing is joined and that code works no more."))


def _number(words: list[str]) -> int:
    if not words:
        raise DomainError("link_unclear")
    return int(words[0])


def _which_group(turn: Turn, data: Data) -> Question:
    text = turn._("Your two channels named different residential groups. In which one do you live?")
    return Question(text=text, choices=tuple(Choice(id=str(one), label=name) for one, name in data["groups"]))


def _accept_group(turn: Turn, data: Data, event: Event, picked: str | None) -> Data:
    if picked is None:
        raise Refused(turn._("Please press one of the buttons."))
    return data | {"group": picked}


async def _lives_in(turn: Turn, data: Data) -> None:
    await people.set_residential_group(turn.tx, turn.person, int(data["group"]))
    turn.say(turn._("Thank you, I have noted it."), main_menu(turn.language))


async def _as_it_was(turn: Turn, data: Data) -> None:
    turn.say(turn._("All right, it stays as it is here."))


_STEPS = {"ma": _make, "co": _confirm, "khong": _not_me, "tin": my_channels.told_where, "tach": my_channels.part}

FORMS = {
    LINKING: FormHandler(
        form=Form(name=LINKING, fields=(Field(missing=lacks("answer"), ask=_question, accept=_accept),)),
        done=_answered,
        cancelled=_declined,
    ),
    GROUP: FormHandler(
        form=Form(name=GROUP, fields=(Field(missing=lacks("group"), ask=_which_group, accept=_accept_group),)),
        done=_lives_in,
        cancelled=_as_it_was,
    ),
}

COMMANDS = (
    Command(
        names=("lienket", "link"),
        about=N_("my channels: join Zalo, Telegram and the web"),
        run=link,
        words=("lien ket", "lien ket zalo", "lien ket telegram", "lien ket zalo telegram", "kenh cua toi"),
    ),
)
