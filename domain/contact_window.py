"""How long after somebody last wrote a platform lets us write to them: free, then billed, then not at all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Contact(StrEnum):
    """What writing to somebody costs now."""

    FREE = "free"
    BILLED = "billed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactWindow:
    """`free` since the last contact, then billed until `closed` since then; with `free` = `closed` never billed.

    Source: Zalo OA, tin tư vấn: 48 hours, 7 days.
    """

    free: timedelta
    closed: timedelta

    def at(self, now: datetime, *, last_contact_at: datetime | None) -> Contact:
        """Whether writing is free, billed or closed; free for whom nothing is known of: the platform judges."""
        if last_contact_at is None or now - last_contact_at < self.free:
            return Contact.FREE
        return Contact.BILLED if now - last_contact_at < self.closed else Contact.CLOSED
