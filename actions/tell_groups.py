"""Owing the ward's groups a notice, each group once, in the caller's transaction."""

from datetime import datetime

from actions.notify import GROUP_LANGUAGE, body_of
from domain.notices import Notice, Priority
from domain.people import GroupKind
from storage import invites, outbox
from storage.database import Transaction
from storage.wards import StoredWard


async def tell_ward_groups(
    tx: Transaction,
    ward: StoredWard,
    notice: Notice,
    *,
    key: str,
    now: datetime,
    priority: int = Priority.CARD,
) -> int:
    """Owe every group of the ward a notice; how many groups there are. The same `key` is owed to a group once."""
    groups = await invites.groups_of(tx, ward_id=ward.id, kind=GroupKind.WARD)
    for group in groups:
        await outbox.put(
            tx, group.address, body_of(notice), language=GROUP_LANGUAGE, priority=priority, now=now, ward_id=ward.id,
            key=f"{key}:{group.id}",
        )  # fmt: skip
    return len(groups)
