"""Which ward is theirs? Asked of a newcomer where there are several; what they wrote before waits for the answer."""

from dataclasses import replace
from datetime import datetime

from domain.case import CaseKind
from domain.routing_kind import guess_kind
from domain.texts import fold
from handlers.commands import parse
from handlers.drafts import FIRST_WORDS, given_by, joined
from handlers.engine.conversation import Conversation, Filling
from handlers.engine.event import Event
from handlers.engine.form import Data
from handlers.engine.menu import Menu, StaleChoice
from handlers.engine.reply import Choice, Reply
from handlers.i18n import translator
from handlers.links import WARD
from storage import conversations, forgetting, wards
from storage.database import Transaction


async def as_chosen(tx: Transaction, event: Event) -> Event:
    """The event, or the command it means when it answers the question by a number or a name."""
    if event.in_group or event.choice or event.is_empty or parse(event.text):
        return event
    menu = (await _standing(tx, event)).menu
    try:
        chosen = menu.pick(event, fold) if menu else None
    except StaleChoice:
        return event
    return replace(event, text=chosen) if chosen else event


async def question(tx: Transaction, event: Event, language: str, *, now: datetime) -> Reply:
    """The question; the answer may be pressed or typed."""
    _ = translator(language)
    known = await wards.codes(tx)
    if not known:
        return Reply(text=_("This assistant has not been set up for a ward yet. Please come back later."))
    choices = tuple(_choice(code, name) for _id, code, name in known)
    text = _("Which ward do you live in? Please press its name.")
    kept = (await _standing(tx, event)).begun(FIRST_WORDS)
    if guess_kind(event.text).kind is CaseKind.DENUNCIATION:
        await forgetting.forget_files(tx, event.attachments)
        # Nothing of it may be kept (Luật 25/2018/QH14 Đ22); which office to go to is known once the ward is.
        text = _(
            "🔒 This sounds like a denunciation (tố cáo). A chat cannot protect your name, so I have kept nothing of "
            "it. Please bring or post a signed letter to your ward's office."
        )
    elif not (event.in_group or event.choice or event.is_empty or parse(event.text)):
        kept = joined(kept, given_by(event))
    if not event.in_group:
        await _keep(tx, event, kept, Menu(token="", choices=choices), now=now)
    return Reply(text=text, choices=choices)


def _choice(code: str, name: str) -> Choice:
    """“Phường An Hoà Đông” is also “An Hoà Đông”."""
    return Choice(id=f"/batdau {WARD}{code}", label=name, also=(name.partition(" ")[2],))


async def _standing(tx: Transaction, event: Event) -> Conversation:
    state = await conversations.load(
        tx, channel=event.channel, account=event.account, chat=event.chat, sender=event.sender
    )
    return Conversation.from_json(state)


async def _keep(tx: Transaction, event: Event, words: Data, menu: Menu, *, now: datetime) -> None:
    filling = Filling(form=FIRST_WORDS, data=words) if words else None
    await conversations.save(
        tx, channel=event.channel, account=event.account, chat=event.chat, sender=event.sender,
        state=Conversation(filling=filling, menu=menu).to_json(), now=now,
    )  # fmt: skip
