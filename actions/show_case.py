"""Cases where they are seen: the unit's card and the resident's status message, posted once and kept up to date."""

from collections.abc import Sequence
from datetime import datetime

from actions.notify import body_of, tell_chats, tell_unit
from domain.case import Case
from domain.notices import Notice, NoticeKind, Priority
from domain.people import GroupKind
from storage import attachments, held, invites, people, standing
from storage.database import Transaction
from storage.outbox import Address
from storage.wards import StoredWard

Params = dict[str, str | int | float | bool | list[list[str | int]] | None]


def desk_card(case_id: int, unit_id: int) -> str:
    """Names the card of a case at a unit: what the next unit does with the case is not shown to the last one."""
    return f"case:{case_id}:{unit_id}"


def unit_of_card(card: str) -> int | None:
    """The unit at which a case is shown by a card of this name; None for what its resident sees."""
    case, _, unit = card.removeprefix("case:").partition(":")
    return int(unit) if card.startswith("case:") and case.isdigit() and unit.isdigit() else None


def status_card(case_id: int) -> str:
    """Names the message that shows a resident how their case stands."""
    return f"status:{case_id}"


async def files_as_told(tx: Transaction, files: Sequence[int]) -> list[list[str | int]]:
    """What a notice says of the files that go with it."""
    known = await attachments.gists(tx, files)
    return [known[one].to_json() for one in files if one in known]


async def post_card(
    tx: Transaction, ward: StoredWard, case: Case, files: tuple[int, ...], *, now: datetime, reason: str = ""
) -> None:
    """Owe the responsible unit the card of a case, as a new message: it wants attention."""
    params = await _card_params(tx, ward, case, now=now) | {
        "reason": reason,
        "files": await files_as_told(tx, files),
        "news": True,
    }
    card = desk_card(case.id, case.unit_id)
    notice = Notice(kind=NoticeKind.CASE_CARD, params=params, attachments=files, card=card)
    await tell_unit(tx, ward, case.unit_id, notice, now=now, case_id=case.id)


async def post_new_card(
    tx: Transaction,
    ward: StoredWard,
    case: Case,
    files: tuple[int, ...],
    told: Sequence[tuple[Address, str]],
    *,
    now: datetime,
) -> None:
    """Owe these chats of the unit the card of a case submitted just now: nothing of it waits for anybody yet."""
    params = _seen(ward, case, now=now) | {
        "reason": "",
        "files": await files_as_told(tx, files),
        "news": True,
        "untold": False,
        "in_doubt": False,
        "handled_by": "",
    }
    card = desk_card(case.id, case.unit_id)
    notice = Notice(kind=NoticeKind.CASE_CARD, params=params, attachments=files, card=card)
    await tell_chats(tx, told, notice, ward_id=ward.id, now=now, case_id=case.id)


async def bring_up_to_date(
    tx: Transaction,
    ward: StoredWard,
    case: Case,
    *,
    now: datetime,
    instead: Notice | None = None,
    told: Address | None = None,
) -> None:
    """Owe the change of everything that shows this case: it has changed, in whatever way.

    The unit's chats where no card can be changed are told `instead` (None: the news reaches them in another way); the
    chat `told` knows already.
    """
    files = await files_as_told(tx, [one.id for one in await attachments.of_case(tx, case)])
    params = await _card_params(tx, ward, case, now=now) | {"reason": "", "files": files, "news": False}
    card = Notice(kind=NoticeKind.CASE_CARD, params=params, card=desk_card(case.id, case.unit_id))
    await _change(tx, ward, case, case.unit_id, card, now=now, instead=instead, told=told)
    await show_status(tx, ward, case, now=now)


async def moved_away(
    tx: Transaction, ward: StoredWard, case: Case, *, from_unit: int, now: datetime, taken: Notice, told: Address | None
) -> None:
    """Owe the unit that passed a case on its last change: a card with no words of the case and nothing to press."""
    card = Notice(kind=NoticeKind.CASE_CARD_MOVED, params=taken.params, card=desk_card(case.id, from_unit))
    await _change(tx, ward, case, from_unit, card, now=now, instead=taken, told=told)


async def _change(
    tx: Transaction,
    ward: StoredWard,
    case: Case,
    unit_id: int,
    card: Notice,
    *,
    now: datetime,
    instead: Notice | None,
    told: Address | None,
) -> None:
    said = body_of(instead) if instead else None
    found = await standing.chats_of(tx, card.card)
    shown = {one: language for one, language in found.items() if await _is_desk(tx, ward, one)}
    for address, language in shown.items():
        # What is said in this chat stands in line behind it: nobody who waits for a reply is to wait for a card.
        await standing.owe_change(
            tx, address, body_of(card) | {"instead": said if address != told else None}, language=language,
            priority=Priority.REPLY if address == told else Priority.CARD, now=now, ward_id=ward.id, case_id=case.id,
        )  # fmt: skip
    if instead is not None:
        known = [*shown, *([told] if told else [])]
        await tell_unit(tx, ward, unit_id, instead, now=now, case_id=case.id, besides=known)


async def _is_desk(tx: Transaction, ward: StoredWard, address: Address) -> bool:
    """Whether a chat still is the desk's: a bound group of a unit, or an official's own chat."""
    group = await invites.group_at(tx, address)
    if group is not None:
        return group.ward_id == ward.id and group.kind is GroupKind.UNIT
    known = await people.find(tx, channel=address.channel, account=address.account, address=address.chat)
    return known is not None and known.official is not None and known.official.ward_id == ward.id


async def show_status(tx: Transaction, ward: StoredWard, case: Case, *, now: datetime) -> None:
    """Owe the change of the message that shows the resident how their case stands."""
    params = {
        "code": case.code, "unit": ward.unit_names[case.unit_id], "status": case.status.value,
        "due_on": case.due_on.isoformat(),
    }  # fmt: skip
    shown = Notice(kind=NoticeKind.CASE_STATUS, params=params, card=status_card(case.id))
    for address, language in (await standing.chats_of(tx, shown.card)).items():
        await standing.owe_change(
            tx, address, body_of(shown) | {"instead": None}, language=language, priority=Priority.NOTICE, now=now,
            ward_id=ward.id, case_id=case.id,
        )  # fmt: skip


async def _card_params(tx: Transaction, ward: StoredWard, case: Case, *, now: datetime) -> Params:
    waiting = await held.untold(tx, [case.id])
    return _seen(ward, case, now=now) | {
        # Something of it waits for the resident to write again (storage.held); it may have reached them all the same.
        "untold": case.id in waiting,
        "in_doubt": waiting.get(case.id, False),
        "handled_by": await people.name_of(tx, case.ward_id, case.assignee_id) if case.assignee_id else "",
    }


def _seen(ward: StoredWard, case: Case, *, now: datetime) -> Params:
    """What a card shows of a case; never who wrote it."""
    vietnamese, english = ward.category_names[case.category_id]
    return {
        "code": case.code,
        "kind": case.kind.value,
        "status": case.status.value,
        "category_vi": vietnamese,
        "category_en": english,
        "unit": ward.unit_names[case.unit_id],
        "text": case.text,
        "place": case.place,
        "latitude": case.latitude,
        "longitude": case.longitude,
        "reopened": case.reopenings > 0,
        "due_on": case.due_on.isoformat(),
        "overdue": case.is_open and case.due_on < ward.ward.calendar.local_day(now),
    }
