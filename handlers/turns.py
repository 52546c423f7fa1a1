"""Opening and closing a turn: who writes, for which ward, where the chat stands; then what is owed and kept."""

from collections.abc import Sequence
from datetime import datetime

from actions.back_at_desk import welcome_back
from domain.notices import Priority
from domain.texts import shorten
from handlers import choosing_ward
from handlers.commands import parse
from handlers.context import Book, Limits, Turn
from handlers.engine.conversation import Conversation
from handlers.engine.event import Event
from handlers.engine.joining import in_one
from handlers.engine.reply import Reply
from handlers.i18n import known_language
from handlers.links import read_code, read_ward
from storage import attachments, contacts, conversations, held, invites, linking, outbox, people, wards
from storage.database import Database, Transaction
from storage.invites import GroupChat
from storage.outbox import Address
from storage.people import Known

NAME_MAX_CHARS = 80
JOIN_COMMANDS = frozenset({"thamgia", "join"})


async def open_turn(
    book: Book, database: Database, tx: Transaction, event: Event, *, now: datetime, limits: Limits
) -> Turn | None:
    """Gather what a handler needs; None when there is nothing (more) to do.

    A first contact becomes a person here, but in a group only when they speak to the bot.
    """
    address = Address(channel=event.channel, account=event.account, chat=event.chat)
    known = await people.find(tx, channel=event.channel, account=event.account, address=event.sender, chat=event.chat)
    group = await invites.group_at(tx, address) if event.in_group else None
    if known is None:
        if event.edited:
            return None
        event = await choosing_ward.as_chosen(tx, event)
    ward_id = await _ward_of(tx, event, known, group)
    if ward_id is None:
        await _ask_for_ward(tx, event, address, now=now)
        return None
    version = known.ward_version if known is not None and known.person.ward_id == ward_id else None
    ward = await wards.load(tx, ward_id, database, version=version)
    if known is None:
        if event.in_group and not speaks_to_us(event):
            return None
        known = await _welcome(tx, event, ward_id, now=now)
    elif not event.in_group and known.is_to_be_seen(now):
        await people.seen(tx, channel=event.channel, account=event.account, address=event.sender, now=now)
        await held.release(tx, address, now=now)
        await welcome_back(tx, known, address, now=now)
    conversation = Conversation.from_json(known.conversation)
    files = await attachments.gists(tx, sorted({*event.attachments, *conversation.files()}))
    return Turn(
        book=book, database=database, tx=tx, event=event, ward=ward, person=known.person, official=known.official,
        group=group, conversation=conversation, now=now, limits=limits, files=files,
    )  # fmt: skip


def speaks_to_us(event: Event) -> bool:
    """Whether a message in a group is for the bot whatever stands open there: people also talk with each other."""
    return bool(event.addressed or event.choice or event.reply_to or parse(event.text))


async def close_turn(turn: Turn, before: Conversation) -> None:
    """Keep the conversation if it moved, and owe the replies, in the event's transaction."""
    event = turn.event
    replies: Sequence[Reply] = turn.replies
    if event.one_message and len(replies) > 1:
        replies, turn.conversation = in_one(replies, turn.conversation)
    if turn.conversation != before:
        await conversations.save(
            turn.tx, channel=event.channel, account=event.account, chat=event.chat, sender=event.sender,
            state=turn.conversation.to_json(), now=turn.now,
        )  # fmt: skip
    # Where many write, what is answered is shown with the answer, if the platform can.
    quote = event.message_id if event.in_group else None
    for reply in replies:
        await _owe(
            turn.tx, turn.address, reply, language=turn.language, ward_id=turn.ward.id, now=turn.now, quote=quote
        )


async def case_replied_to(turn: Turn) -> int | None:
    """The case behind the message of ours that this event replies to."""
    if turn.event.reply_to is None:
        return None
    return await outbox.case_behind(turn.tx, turn.address, sent_as=turn.event.reply_to)


async def _owe(
    tx: Transaction,
    address: Address,
    reply: Reply,
    *,
    language: str,
    ward_id: int | None,
    now: datetime,
    quote: str | None = None,
) -> None:
    body = {"reply": reply.to_json()} | ({"card": reply.card} if reply.card else {})
    body |= {"quote": quote} if quote else {}
    await outbox.put(
        tx, address, body, language=language, priority=Priority.REPLY, now=now,
        ward_id=ward_id, case_id=reply.case_id,
    )  # fmt: skip


async def _welcome(tx: Transaction, event: Event, ward_id: int, *, now: datetime) -> Known:
    person = await people.add(
        tx, ward_id=ward_id, channel=event.channel, account=event.account, address=event.sender,
        name=shorten(event.sender_name, NAME_MAX_CHARS) if event.sender_name.strip() else "",
        language=known_language(event.language), now=now,
    )  # fmt: skip
    # Words written before the ward was known wait there (handlers.choosing_ward).
    state = await conversations.load(
        tx, channel=event.channel, account=event.account, chat=event.chat, sender=event.sender
    )
    return Known(person=person, official=None, last_seen_at=now, seen_elsewhere=False, conversation=state)


async def _ward_of(tx: Transaction, event: Event, known: Known | None, group: GroupChat | None) -> int | None:
    if group is not None:
        return group.ward_id
    if known is not None:
        return known.person.ward_id
    hinted = await _hinted_ward(tx, event)
    if hinted is not None:
        return hinted
    every = await wards.codes(tx)
    return every[0][0] if len(every) == 1 else None


async def _hinted_ward(tx: Transaction, event: Event) -> int | None:
    """The ward whose page, invite or link somebody came by."""
    if event.ward_code:
        return await wards.find(tx, event.ward_code)
    name, argument = parse(event.text) or ("", "")
    if name in JOIN_COMMANDS:
        invite = await invites.find_invite(tx, argument)
        return invite.ward_id if invite else None
    link = read_ward(argument)
    return await wards.find(tx, link.ward) if link else await _ward_of_code(tx, event)


async def _ward_of_code(tx: Transaction, event: Event) -> int | None:
    """The ward of whoever made the linking code that somebody comes with."""
    code = None if event.in_group else read_code(event.text)
    made = await linking.find(tx, code) if code else None
    return (await contacts.get(tx, made.made_by)).ward_id if made else None


async def _ask_for_ward(tx: Transaction, event: Event, address: Address, *, now: datetime) -> None:
    """With several wards and no hint, the person says which one is theirs; in a group nothing is asked."""
    if event.in_group and not parse(event.text):
        return
    language = known_language(event.language)
    reply = await choosing_ward.question(tx, event, language, now=now)
    await _owe(tx, address, reply, language=language, ward_id=None, now=now)
