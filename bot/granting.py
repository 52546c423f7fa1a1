"""Claims what an account may send now: the most urgent heads of its chats that fit into its platform's windows."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.channels.base import Channel
from bot.limits import Budget, Place, Scope
from bot.sending_watch import SendingWatch
from domain.notices import Priority
from storage import sending, sending_limits
from storage.database import Transaction
from storage.outbox import Sending
from storage.sending import Head
from storage.sending_limits import Standing, Use

# What may leave so soon is claimed already, so that the claim costs the window nothing.
AHEAD = timedelta(milliseconds=40)
PAGE = 20
QUOTA_LOOK = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A message claimed, to be sent at an instant (within AHEAD)."""

    sending: Sending
    place: Place
    start_at: datetime


@dataclass(slots=True, kw_only=True)
class Round:
    """What one look at one account comes to: the grants, and when to look again at the latest."""

    channel: Channel
    now: datetime
    lease_until: datetime
    room: int
    # Some places are kept for answers somebody waits for.
    patient_room: int
    grants: list[Grant] = field(default_factory=list)
    look_at: datetime | None = None
    closed: bool = False

    def look_again(self, at: datetime | None) -> None:
        """Look again at an instant, if not sooner."""
        if at is not None:
            self.look_at = at if self.look_at is None else min(self.look_at, at)

    def close(self, at: datetime | None = None) -> None:
        """Nothing more leaves in this round."""
        self.closed = True
        self.look_again(at)


async def grant(tx: Transaction, this: Round, standing: Standing, watch: SendingWatch) -> Standing:
    """Claim what may leave now, for an account that is locked; how the account stands then."""
    if standing.paused_until is not None and standing.paused_until > this.now:
        this.close(standing.paused_until)
    if standing.troubles:
        # One message finds out whether the trouble is over.
        this.room = min(this.room, 1 - (PAGE - this.room and 0))
    budget: Budget | None = None
    while not this.closed and this.room > len(this.grants):
        heads = await sending.heads(tx, this.channel.on, most=min(PAGE, this.room - len(this.grants)), now=this.now)
        if not heads:
            break
        if budget is None:
            budget = await _budget(tx, this, standing)
        await _decide(tx, this, heads, budget, watch)
    if budget is not None and budget.paced_at != standing.paced_at:
        return replace(standing, paced_at=budget.paced_at)
    return standing
