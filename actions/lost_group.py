"""What a unit was owed in a chat that is lost, its group's or an official's; and who learns of a group that is lost."""

from datetime import datetime

from actions.notify import body_of, tell_admins, tell_chats, tell_unit, unit_addresses
from actions.show_case import unit_of_card
from domain.notices import Notice, NoticeKind
from domain.people import GroupKind
from storage import invites, standing, wards
from storage.database import Transaction
from storage.invites import GroupChat
from storage.outbox import Sending
from storage.wards import StoredWard


async def tell(tx: Transaction, group: GroupChat, owed: list[Sending], *, now: datetime, for_good: bool) -> None:
    """A group is gone (`for_good`: then it is unbound) or silenced: say so, and bring what a unit was owed to it.

    Of a unit's group the unit is told, of a ward's group its administrators.
    """
    ward = await wards.load(tx, group.ward_id)
    if for_good:
        await invites.unbind_group(tx, group.address)
    unit = ward.unit_names[group.unit_id] if group.unit_id is not None else ""
    notice = Notice(kind=NoticeKind.GROUP_GONE, params={"unit": unit, "ward": ward.ward.name, "gone": for_good})
    # A day at most once for a group that stays silenced.
    key = f"group_gone:{group.id}:{now:%Y%m%d}"
    if group.kind is not GroupKind.UNIT or group.unit_id is None:
        await tell_admins(tx, ward, notice, now=now, key=key)
        return
    await tell_unit(tx, ward, group.unit_id, notice, now=now, key=key, instead_of=(group.address,))
    for one in owed:
        await _bring(tx, ward, group.unit_id, one, now=now)


async def bring_card(tx: Transaction, one: Sending, *, now: datetime) -> None:
    """Bring the unit the card of a case that an official's own chat does not take: it must not be swallowed there."""
    unit_id = unit_of_card(one.card) if one.card and not one.edits else None
    if unit_id is not None and one.ward_id is not None:
        await _bring(tx, await wards.load(tx, one.ward_id), unit_id, one, now=now)


async def _bring(tx: Transaction, ward: StoredWard, unit_id: int, one: Sending, *, now: datetime) -> None:
    """Bring the unit what one of its chats does not get, unless another has it; one that refused it is left out."""
    # What stood in a lost chat cannot be changed any more: what is said instead of that goes its way.
    body = one.body.get("instead") if one.edits else one.body
    if not body or "notice" not in body:
        return
    notice = Notice(
        kind=NoticeKind(body["notice"]), params=body["params"], attachments=tuple(body.get("attachments", ())),
        card=body.get("card", ""),
    )  # fmt: skip
    # Two chats lost at the same moment must not each believe that the other has it.
    await tx.take_turns(f"lost_chat:{unit_id}")
    refused = {one.address}
    while found := await unit_addresses(tx, ward, unit_id, refused):
        taken = {at: await standing.is_taken(tx, at, one, body_of(notice)) for at, _language in found}
        told = [(at, language) for at, language in found if taken[at] is None]
        if any(taken.values()):
            return
        if told:
            await tell_chats(tx, told, notice, ward_id=ward.id, now=now, case_id=one.case_id, key=f"instead:{one.id}")
            return
        refused |= taken.keys()
