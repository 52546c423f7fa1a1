"""One person on several channels: a one-time code, a yes on both sides, and the way back (docs/decisions/0016).

Nothing is joined before both sides have said yes, each in its own chat: whoever would let another read their cases has
been told so and has agreed. A code alone, stolen or sent by somebody else, gives nothing.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions import reroute
from actions.manage_people import CODE_ALPHABET
from actions.notify import body_of
from domain.errors import DomainError
from domain.notices import Notice, NoticeKind, Priority
from domain.people import Person
from storage import audit, contacts, linking, outbox, people
from storage.contacts import Contact, PersonChanged
from storage.database import Transaction
from storage.linking import Link

CODE_LENGTH = 8
DIGITS = frozenset("23456789")


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Two channels that are one person's now; `residential_groups` are those to choose from if they differed."""

    with_: Contact
    residential_groups: tuple[int, ...]


async def offer(tx: Transaction, person: Person, *, now: datetime, valid_for: timedelta) -> str:
    """Make a code for where somebody is writing from; it is shown once and kept only as a hash.

    DomainError `link_official`: an office is never handed on by a code that a resident can make.
    """
    await _no_official(tx, await contacts.get(tx, _here(person)))
    code = new_code()
    await linking.add(tx, code=code, made_by=_here(person), now=now, expires_at=now + valid_for)
    return code


def new_code() -> str:
    """Eight letters and digits, both of them in it: no word and no number is ever taken for a code."""
    while True:
        code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
        if 0 < sum(sign in DIGITS for sign in code) < CODE_LENGTH:
            return code


async def take(
    tx: Transaction, code: str, person: Person, *, now: datetime, valid_for: timedelta
) -> tuple[Link, Contact]:
    """Somebody types a code: the link, theirs alone from now on, and whom it would join them with.

    DomainErrors `link_unknown`, `link_used`, `link_expired`, `link_self`, `link_already`, `link_other_ward`,
    `link_official`.
    """
    link = await linking.find(tx, code)
    if link is None:
        raise DomainError("link_unknown")
    if link.made_by == _here(person):
        raise DomainError("link_self")
    if link.asked_by not in (None, _here(person)) or link.joined_at or link.refused_at:
        raise DomainError("link_used")
    _still_valid(link, now=now)
    other = await _may_join(tx, link.made_by, _here(person))
    await linking.mark(tx, link.id, asked_by=_here(person), expires_at=now + valid_for)
    return link, other


async def agree(tx: Transaction, link_id: int, person: Person, *, now: datetime, valid_for: timedelta) -> Contact:
    """Whoever typed the code says yes; whoever made it is asked, in the chat they made it in. Whom that is.

    DomainErrors as for `take`; done twice, nothing happens the second time.
    """
    link = await _mine(tx, link_id, _here(person), now=now)
    if link.asked_by != _here(person):
        raise DomainError("link_unknown")
    other = await _may_join(tx, link.made_by, _here(person))
    if link.agreed_at is None:
        await linking.mark(tx, link.id, agreed_at=now, expires_at=now + valid_for)
        asking = await contacts.get(tx, _here(person))
        notice = Notice(
            kind=NoticeKind.LINK_ASKED,
            params={"link": link.id, "channel": asking.address.channel, "name": asking.name},
        )
        await _tell(tx, other, notice, key=f"link_asked:{link.id}", now=now)
        await _audit(tx, person, "link.agree", now=now, channel=asking.address.channel)
    return other


async def confirm(tx: Transaction, link_id: int, person: Person, *, now: datetime) -> Joined | None:
    """Whoever made the code says yes too: the two become one person. None if they are already.

    DomainErrors as for `take`, and `link_not_asked` while nobody has agreed on the other side.
    """
    link = await _mine(tx, link_id, _here(person), now=now)
    if link.made_by != _here(person):
        raise DomainError("link_unknown")
    if link.joined_at is not None:
        return None
    if link.asked_by is None or link.agreed_at is None:
        raise DomainError("link_not_asked")
    await contacts.lock(tx, (link.made_by, link.asked_by))
    await _still_of(tx, person)
    other = await _may_join(tx, link.asked_by, link.made_by)
    groups = tuple(await linking.residential_groups(tx, person.ward_id, (person.id, other.person_id)))
    await linking.take_over_consent(tx, person_id=other.person_id, into=person)
    await linking.join(tx, person_id=other.person_id, into=person)
    await linking.mark(tx, link.id, joined_at=now)
    at = (await contacts.get(tx, _here(person))).address
    # Both are one person's from now on, and this is where they are just writing.
    await people.seen(tx, channel=at.channel, account=at.account, address=at.chat, now=now)
    if groups:
        await people.set_residential_group(tx, person, groups[0])
    await _audit(tx, person, "link.join", now=now, channel=other.address.channel, other=other.person_id)
    await _tell_others(
        tx, await contacts.of_person(tx, person.id), NoticeKind.LINK_JOINED, besides=_here(person), link=link.id,
        channel=await _channel(tx, person), now=now,
    )  # fmt: skip
    await reroute.bring(tx, person.id, to=_here(person), now=now)
    return Joined(with_=other, residential_groups=groups if len(groups) > 1 else ())


async def refuse(tx: Transaction, link_id: int, person: Person, *, now: datetime) -> bool:
    """ "That is not me": what was asked is refused, what was joined is parted at once. Whether anything was joined.

    Either side may, at any time. DomainError `link_unknown` for everybody else.
    """
    link = await linking.get(tx, link_id)
    if link is None or _here(person) not in (link.made_by, link.asked_by):
        raise DomainError("link_unknown")
    other = link.asked_by if link.made_by == _here(person) else link.made_by
    if link.refused_at is None:
        await linking.mark(tx, link.id, refused_at=now)
        await _audit(tx, person, "link.refuse", now=now, joined=link.joined_at is not None)
        if link.joined_at is None and link.agreed_at is not None and other is not None:
            notice = Notice(kind=NoticeKind.LINK_REFUSED, params={"channel": await _channel(tx, person)})
            await _tell(tx, await contacts.get(tx, other), notice, key=f"link_refused:{link.id}", now=now)
    if link.joined_at is None or other is None or (await contacts.get(tx, other)).person_id != person.id:
        return False
    await unlink(tx, person, other, now=now)
    return True


async def unlink(tx: Transaction, person: Person, contact_id: int, *, now: datetime) -> Contact:
    """A contact point becomes a person of its own again, with every case and opinion that came from it.

    DomainError `link_unknown` if it is not one of this person's, or their only one.
    """
    await contacts.lock(tx, (_here(person), contact_id))
    await _still_of(tx, person)
    mine = await contacts.of_person(tx, person.id)
    leaving = next((one for one in mine if one.id == contact_id), None)
    others = [one for one in mine if one.id != contact_id]
    if leaving is None or not others:
        raise DomainError("link_unknown")
    if leaving.home_person_id is not None:
        await linking.part(tx, [leaving.id], somebody=person, to=leaving.home_person_id)
    else:
        # Where the person itself began: it stays, and the others leave together.
        home = min(one.home_person_id for one in others if one.home_person_id is not None)
        await linking.part(tx, [one.id for one in others], somebody=person, to=home)
    await reroute.after_parting(tx, person, mine, now=now)
    await _audit(tx, person, "link.part", now=now, channel=leaving.address.channel)
    await _tell_others(
        tx, mine, NoticeKind.LINK_PARTED, besides=_here(person), link=0, channel=leaving.address.channel, now=now
    )
    return leaving


# --- who may --------------------------------------------------------------------------------------------------------


def _here(person: Person) -> int:
    if person.contact_point_id is None:
        raise DomainError("link_unknown")
    return person.contact_point_id


async def _still_of(tx: Transaction, person: Person) -> None:
    """Raises PersonChanged if somebody was faster: the turn is then played once more, as things are now."""
    if (await contacts.get(tx, _here(person))).person_id != person.id:
        raise PersonChanged


async def _mine(tx: Transaction, link_id: int, here: int, *, now: datetime) -> Link:
    """A link somebody has a part in, locked. DomainErrors `link_unknown`, `link_used`, `link_expired`."""
    link = await linking.get(tx, link_id)
    if link is None or here not in (link.made_by, link.asked_by):
        raise DomainError("link_unknown")
    if link.refused_at is not None:
        raise DomainError("link_used")
    if link.joined_at is None:
        _still_valid(link, now=now)
    return link


def _still_valid(link: Link, *, now: datetime) -> None:
    if link.expires_at <= now:
        raise DomainError("link_expired")


async def _may_join(tx: Transaction, other_id: int, here_id: int) -> Contact:
    """The other side, if the two may be one person."""
    other, here = await contacts.get(tx, other_id), await contacts.get(tx, here_id)
    if other.person_id == here.person_id:
        raise DomainError("link_already")
    if other.ward_id != here.ward_id:
        raise DomainError("link_other_ward")
    for one in (here, other):
        await _no_official(tx, one)
    return other


async def _no_official(tx: Transaction, one: Contact) -> None:
    at = one.address
    known = await people.find(tx, channel=at.channel, account=at.account, address=at.chat)
    if known is not None and known.official is not None:
        raise DomainError("link_official")


# --- who is told ----------------------------------------------------------------------------------------------------


async def _channel(tx: Transaction, person: Person) -> str:
    return (await contacts.get(tx, _here(person))).address.channel


async def _tell_others(
    tx: Transaction, those: list[Contact], kind: NoticeKind, *, besides: int, link: int, channel: str, now: datetime
) -> None:
    """Tell every other contact point, each in its own chat: a stranger among them must not be the only one told."""
    for one in those:
        if one.id != besides:
            await _tell(tx, one, Notice(kind=kind, params={"link": link, "channel": channel}), now=now)


async def _tell(tx: Transaction, one: Contact, notice: Notice, *, now: datetime, key: str | None = None) -> None:
    await outbox.put(
        tx, one.address, body_of(notice), language=one.language, priority=Priority.NOTICE, now=now,
        ward_id=one.ward_id, key=key,
    )  # fmt: skip


async def _audit(tx: Transaction, person: Person, act: str, *, now: datetime, **details: str | int | bool) -> None:
    await audit.write(
        tx, ward_id=person.ward_id, act=act, subject=f"person {person.id}", actor_id=person.id, now=now, **details
    )
