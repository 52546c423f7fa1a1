"""What a group that is lost was owed, and who learns that it is lost."""

from datetime import datetime

from actions.notify import body_of, tell_admins, tell_chats, tell_unit, unit_addresses
from domain.notices import Notice, NoticeKind
from domain.people import GroupKind
from storage import invites, standing, wards
from storage.database import Transaction
from storage.invites import GroupChat
from storage.outbox import Address, Sending
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
        await _bring(tx, ward, group.unit_id, group.address, one, now=now)


async def _bring(
    tx: Transaction, ward: StoredWard, unit_id: int, lost: Address, one: Sending, *, now: datetime
) -> None:
    """Bring the unit what one of its groups does not get, unless another has it; from none to the next, no circles."""
    # What stood in a lost group cannot be changed any more: what is said instead of that goes its way.
    body = one.body.get("instead") if one.edits else one.body
    if not body or "notice" not in body:
        return
    notice = Notice(
        kind=NoticeKind(body["notice"]), params=body["params"], attachments=tuple(body.get("attachments", ())),
        card=body.get("card", ""),
    )  # fmt: skip
    # Two groups lost at the same moment must not each believe that the other has it.
    await tx.take_turns(f"lost_group:{unit_id}")
    groups = await invites.groups_of(tx, ward_id=ward.id, kind=GroupKind.UNIT, unit_id=unit_id)
    others = [group.address for group in groups if group.address != lost]
    taken = [await standing.is_taken(tx, other, one, body_of(notice)) for other in others]
    if any(taken):
        return
    # A group that refused it as well is not asked again.
    left = [other for other, was in zip(others, taken, strict=True) if was is None]
    told = await unit_addresses(tx, ward, unit_id, [lost, *(set(others) - set(left))])
    await tell_chats(tx, told, notice, ward_id=ward.id, now=now, case_id=one.case_id, key=f"instead:{one.id}")
