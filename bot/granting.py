"""Claims what an account may send now: the most urgent heads of its chats that fit into its platform's windows."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from actions import reroute
from bot import metrics
from bot.channels.base import Channel
from bot.limits import Budget, Scope, SendPlace
from bot.sending_ends import may_repeat
from domain.notices import Priority
from storage import sending, sending_ends, sending_limits
from storage.database import Transaction
from storage.outbox import UNITS_MAX, Sending
from storage.sending import Head
from storage.sending_limits import Standing, Use

# What may leave so soon is claimed already, so that the claim costs the window nothing.
AHEAD = timedelta(milliseconds=40)
PAGE = 20
QUOTA_LOOK = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grant:
    """A message claimed, to be sent at an instant (within AHEAD). Each claim is one of its own."""

    sending: Sending
    place: SendPlace
    start_at: datetime


@dataclass(slots=True, kw_only=True)
class Round:
    """One look at one account, which is locked: what it grants, and when to look again at the latest."""

    channel: Channel
    now: datetime
    lease_until: datetime
    standing: Standing
    # How many calls may be under way at once; some places are kept for answers somebody waits for.
    at_once: int
    in_flight: int
    # When what it grants came into our hands, by the clock that nobody sets (time.monotonic).
    claimed: float
    grants: list[Grant] = field(default_factory=list)
    # What was claimed before and is in hand still, though its lease is over.
    held_on: Sequence[Grant] = ()
    look_at: datetime | None = None
    # When the first of what was put off is due.
    due_at: datetime | None = None
    # How many were not sent, because nobody knows what became of them, or older news is held in their chat.
    set_apart: int = 0
    closed: bool = False

    @property
    def room(self) -> int:
        """How many more calls may be begun. After trouble a single one finds out whether it is over."""
        most = 1 if self.standing.troubles else self.at_once
        return 0 if self.closed else max(most - self.in_flight - len(self.grants), 0)

    def has_room_for(self, urgency: int) -> bool:
        """Whether a message of this urgency may be begun."""
        kept = 0 if urgency <= Priority.REPLY or self.standing.troubles else self.at_once // 4
        return self.room > kept

    def look_again(self, at: datetime | None) -> None:
        """Look again at an instant, if not sooner."""
        if at is not None:
            self.look_at = at if self.look_at is None else min(self.look_at, at)

    def close(self, at: datetime | None = None) -> None:
        """Nothing more leaves in this round."""
        self.closed = True
        self.look_again(at)


async def grant(tx: Transaction, this: Round) -> None:
    """Claim what may leave now."""
    standing = this.standing
    if standing.paused_until is not None and standing.paused_until > this.now:
        this.close(standing.paused_until)
    budget: Budget | None = None
    while this.room:
        most = min(PAGE, this.room)
        heads = await sending.heads(tx, this.channel.on, most=most, now=this.now)
        if not heads:
            break
        if budget is None:
            budget = await _budget(tx, this)
        await _know_places(tx, this, budget, heads)
        behind_held = {head.id for head in heads if head.behind_held}
        await _claim(tx, this, await _fitting(tx, this, heads, budget), behind_held)
        if len(heads) < most:
            break  # these were all
    if budget is not None:
        this.standing = replace(this.standing, paced_at=budget.paced_at)


async def _budget(tx: Transaction, this: Round) -> Budget:
    limits, on = this.channel.limits, this.channel.on
    uses: Sequence[Use] = ()
    paced = [window for window in limits.account if not window.is_quota]
    if paced:
        since = this.now - max(window.length for window in paced) - timedelta(seconds=limits.margin_seconds)
        least = min(window.count for window in paced)
        # Where a window is wide, the rows in it are many: they are read only if what leaves now may not fit.
        if await sending_limits.used(tx, on, since=since, lately=True) + this.room * UNITS_MAX > least:
            uses = await sending_limits.uses(tx, on, since=since)
    for quota in limits.account:
        if quota.is_quota and await sending_limits.used(tx, on, since=this.now - quota.length) >= quota.count:
            this.close(this.now + QUOTA_LOOK)
    return Budget(limits, now=this.now, uses=uses, paced_at=this.standing.paced_at)


async def _know_places(tx: Transaction, this: Round, budget: Budget, heads: Sequence[Head]) -> None:
    limits = this.channel.limits
    new = {place for head in heads if not budget.knows(place := this.channel.place(head.chat))}
    for is_group in (False, True):
        names = sorted(place.name for place in new if place.is_group == is_group)
        windows = limits.windows(SendPlace(name="", is_group=is_group))
        if names and windows:
            since = this.now - max(window.length for window in windows) - timedelta(seconds=limits.margin_seconds)
            budget.know(names, await sending_limits.uses(tx, this.channel.on, since=since, places=names))


async def _fitting(
    tx: Transaction, this: Round, heads: Sequence[Head], budget: Budget
) -> dict[int, tuple[Use, datetime]]:
    """Which heads leave, and when each starts; those whose place is full are put off."""
    channel = this.channel.on.channel
    fitting: dict[int, tuple[Use, datetime]] = {}
    for head in heads:
        if this.closed or not this.has_room_for(head.urgency):
            break
        place = this.channel.place(head.chat)
        place_at = budget.place_at(place, head.units)
        if place_at > this.now + AHEAD:
            await sending.put_off(tx, head.id, until=place_at)
            metrics.HELD_BACK.labels(channel, Scope.CHAT).inc()
            this.due_at = min(place_at, this.due_at or place_at)
            continue
        start_at = max(place_at, budget.account_at(head.units, head.urgency))
        if start_at > this.now + AHEAD:
            metrics.HELD_BACK.labels(channel, Scope.ACCOUNT).inc()
            this.close(start_at - AHEAD / 4)
            break
        use = Use(place=place.name, units=head.units, counted_at=this.lease_until)
        budget.take(use, head.urgency)
        fitting[head.id] = (use, start_at)
    else:
        return fitting
    this.closed = True
    return fitting


async def _claim(tx: Transaction, this: Round, fitting: dict[int, tuple[Use, datetime]], behind_held: Set[int]) -> None:
    if not fitting:
        return
    claimed = [
        one
        for one in await sending.claim(tx, list(fitting), until=this.lease_until)
        if not await _is_set_apart(tx, this, one, behind_held=one.id in behind_held)
    ]
    if not claimed:
        return
    if this.channel.limits.has_any:
        await sending_limits.use(tx, this.channel.on, [(one.id, fitting[one.id][0]) for one in claimed])
    for one in claimed:
        start_at = fitting[one.id][1]
        this.grants.append(Grant(sending=one, place=this.channel.place(one.address.chat), start_at=start_at))


async def _is_set_apart(tx: Transaction, this: Round, one: Sending, *, behind_held: bool) -> bool:
    if one.doubts and not may_repeat(one, one.doubts):
        await sending_ends.mark_unknown(tx, one, error="its sender stopped while sending")
    elif not behind_held or not await reroute.waits_behind_held(tx, one, now=this.now):
        return False
    this.set_apart += 1
    return True
