"""What a platform allows, as data, and the arithmetic of strict sliding windows. Pure.

A window holds at most `count` messages in any stretch of `seconds`, by the time at which they reach the platform. We
know two instants of each call: it left after we let it go, and it had arrived when the answer was here. So a message
is counted at the answer, less most of the shortest way there and back (what every answer needs in any case), and the
next one is let go a window later: whatever the line does in between, no window can hold more than it may.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.notices import Priority
from storage.sending_limits import Use

# When what is in the way is still under way, nobody knows when it will be over.
UNSURE = timedelta(milliseconds=200)
# What nobody waits for is spread over the window, a little faster than the window allows: so a place for somebody's
# answer is free at any time soon, instead of all of them once a window.
PACE = 1.1
PACED_SECONDS_MAX = 60.0
PACE_CATCHES_UP = 3
# Longer windows are quotas: they are summed up by the database.
QUOTA_SECONDS = 3600.0
ROUND_TRIP_SHARE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """At most `count` messages in any stretch of `seconds`."""

    count: int
    seconds: float

    @property
    def length(self) -> timedelta:
        """Its length."""
        return timedelta(seconds=self.seconds)

    @property
    def is_quota(self) -> bool:
        """Whether it is so long that it is an allowance rather than a pace."""
        return self.seconds >= QUOTA_SECONDS


class Scope(StrEnum):
    """Whose limit keeps a message waiting."""

    ACCOUNT = "account"
    CHAT = "chat"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPlace:
    """What a platform counts for: a chat with all its topics."""

    name: str
    is_group: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a platform allows one account: in all, in each chat, and in each group besides.

    The windows are widened by `margin_seconds`, for clocks of several machines that differ. A platform that is ours has
    no limits, and never asks for a pause.
    """

    account: tuple[Window, ...] = ()
    chat: tuple[Window, ...] = ()
    group: tuple[Window, ...] = ()
    margin_seconds: float = 0.01
    is_ours: bool = False

    @property
    def has_any(self) -> bool:
        """Whether anything is limited at all."""
        return bool(self.account or self.chat or self.group)

    @property
    def longest(self) -> timedelta:
        """For how long a message counts in any window."""
        seconds = [one.seconds for one in (*self.account, *self.chat, *self.group)]
        return timedelta(seconds=max(seconds, default=0.0) + self.margin_seconds)

    def windows(self, place: SendPlace) -> tuple[Window, ...]:
        """The windows of one chat or group."""
        return self.chat + self.group if place.is_group else self.chat


NO_LIMITS = Limits(is_ours=True)


def free_at(
    windows: Iterable[Window], uses: Sequence[Use], units: int, *, now: datetime, margin: timedelta
) -> datetime:
    """When so many more messages fit into all windows; `now` if they do already.

    A single call that makes more messages than a window holds goes when the window is empty.
    """
    newest_first = sorted(uses, key=lambda use: use.counted_at, reverse=True)
    return max((_free_in(window, newest_first, units, now, margin) for window in windows), default=now)


def _free_in(window: Window, newest_first: Sequence[Use], units: int, now: datetime, margin: timedelta) -> datetime:
    room = window.count - min(units, window.count)
    taken = 0
    for use in newest_first:
        taken += use.units
        if taken > room:
            return now + UNSURE if use.counted_at > now else max(now, use.counted_at + window.length + margin)
    return now


class Budget:
    """What one account may send from `now` on; each call taken from it counts."""

    def __init__(self, limits: Limits, *, now: datetime, uses: Sequence[Use], paced_at: datetime | None) -> None:
        self.paced_at = paced_at
        self._limits = limits
        self._now = now
        self._margin = timedelta(seconds=limits.margin_seconds)
        self._paced = tuple(one for one in limits.account if not one.is_quota)
        self._account = list(uses)
        self._places: dict[str, list[Use]] = {}
        waits = [one.seconds / one.count / PACE for one in self._paced if one.seconds <= PACED_SECONDS_MAX]
        self._step = timedelta(seconds=max(waits, default=0.0))

    def know(self, places: Iterable[str], uses: Sequence[Use]) -> None:
        """Learn what counts for some places."""
        for name in places:
            self._places.setdefault(name, [use for use in uses if use.place == name])

    def knows(self, place: SendPlace) -> bool:
        """Whether a place's uses are known."""
        return place.name in self._places

    def place_at(self, place: SendPlace, units: int) -> datetime:
        """When the place itself has room."""
        uses = self._places.get(place.name, [])
        return free_at(self._limits.windows(place), uses, units, now=self._now, margin=self._margin)

    def account_at(self, units: int, urgency: int) -> datetime:
        """When the account has room for a message of this urgency."""
        at = free_at(self._paced, self._account, units, now=self._now, margin=self._margin)
        return at if urgency <= Priority.REPLY else max(at, self._next_step())

    def _next_step(self) -> datetime:
        earliest = self._now - PACE_CATCHES_UP * self._step
        return max(self.paced_at or earliest, earliest) + self._step

    def take(self, use: Use, urgency: int) -> None:
        """Count a call that is about to be made."""
        if urgency > Priority.REPLY:
            # An album is paced by its pieces.
            self.paced_at = self._next_step() + (use.units - 1) * self._step
        self._account.append(use)
        self._places.setdefault(use.place, []).append(use)


class RoundTrips:
    """How long the answers of one account take; says when a call has surely arrived.

    It says so from the `after`th answer on: more than are ever under way together, for where this process stood still
    all of those took long, and the line did not.
    """

    def __init__(self, *, after: int) -> None:
        self._after = after
        # Of all there ever were: a busy machine makes every call long for a while, and the line is none the longer.
        self._shortest = float("inf")
        self._seen = 0

    def arrived_by(self, *, started_at: datetime, ended_at: datetime) -> datetime:
        """The latest instant at which the platform can have got a call that it answered."""
        self._shortest = min(self._shortest, max((ended_at - started_at).total_seconds(), 0.0))
        self._seen += 1
        if self._seen < self._after:
            return ended_at
        return max(started_at, ended_at - timedelta(seconds=self._shortest * ROUND_TRIP_SHARE))
