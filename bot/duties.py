"""What a process of this installation takes on: everything, or with `danban run --only` a part of it."""

from collections.abc import Iterable
from enum import StrEnum


class Duty(StrEnum):
    """One kind of work; any number of processes may take on any mix of them."""

    WEB = "web"  # serves the pages and takes what platforms bring (webhooks)
    INBOX = "inbox"  # handles updates, fetches their files, asks the platforms for new ones (polling)
    OUTBOX = "outbox"  # sends what is owed
    SCHEDULER = "scheduler"  # does what is done by the clock


EVERYTHING = frozenset(Duty)


def duties_in(texts: Iterable[str]) -> frozenset[Duty]:
    """The duties named in words like `inbox,outbox`; everything when none is. ValueError with a wrong word.

    `outbox-2` is an outbox as well: systemd names several processes with one duty so.
    """
    words = [word.strip().lower().partition("-")[0] for text in texts for word in text.split(",")]
    wrong = [word for word in words if word not in set(Duty)]
    if wrong:
        raise ValueError(wrong[0])
    return frozenset(Duty(word) for word in words) or EVERYTHING
