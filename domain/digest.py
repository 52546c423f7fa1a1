"""The ward's weekly digest: when it is due, which days it tells of, and what it says in figures."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.ward import Ward

WEEK = timedelta(days=7)
ITEMS_MAX = 8
DIALOGUES_MAX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestTiming:
    """How punctual a digest must be.

    One missed because the machine was off is still sent up to `late` after its hour, then left out: last
    week's figures on a Thursday are no news. Later than `punctual` it waits for the morning instead of
    waking the ward at night. On a holiday it goes out all the same (people have time to read); with
    `on_holidays` off it waits for the next day that is none.
    """

    late: timedelta = timedelta(days=3)
    punctual: timedelta = timedelta(hours=1)
    night_from: time = time(21)
    night_until: time = time(6)
    on_holidays: bool = True


TIMING = DigestTiming()


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestIssue:
    """One week's digest: its ISO week ("2026-W47") and the seven whole days it tells of, both ends included."""

    week: str
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """A plan item published in the week, by its number in the ward."""

    number: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDialogue:
    """A dialogue session that still takes questions."""

    id: int
    title: str
    held_at: datetime
    place: str
    questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionFigures:
    """What stands open to everybody's opinion: how many published items, and the opinions of the week on them."""

    open_items: int = 0
    given: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFigures:
    """Cases as numbers: three of the week, two of this moment. `on_time` of `answered` were answered in time."""

    received: int = 0
    answered: int = 0
    on_time: int = 0
    open_now: int = 0
    overdue_now: int = 0

    @property
    def on_time_percent(self) -> int | None:
        """Answered in time, of all that were answered or should have been; None when there were none.

        What is overdue and still open counts: leaving a case lie must not make the rate look better.
        """
        owed = self.answered + self.overdue_now
        return None if owed == 0 else self.on_time * 100 // owed


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What the ward's groups are told; no name and no text of a case has a place in it."""

    issue: DigestIssue
    cases: CaseFigures
    items: tuple[NewItem, ...]
    items_more: int
    dialogues: tuple[OpenDialogue, ...]
    opinions: OpinionFigures


NO_OPINIONS = OpinionFigures()


def issue_due(ward: Ward, now: datetime, timing: DigestTiming = TIMING) -> DigestIssue | None:
    """The digest to be sent at `now` unless it has been; None when none is."""
    planned = _planned_before(ward, now)
    lateness = now - planned
    if lateness > timing.late:
        return None
    local = now.astimezone(ZoneInfo(ward.timezone))
    at_night = local.time() >= timing.night_from or local.time() < timing.night_until
    if lateness > timing.punctual and at_night:
        return None
    if not timing.on_holidays and local.date() in ward.calendar.holidays:
        return None
    return _issue(planned.astimezone(ZoneInfo(ward.timezone)).date())


def issue_next(ward: Ward, now: datetime) -> DigestIssue:
    """The digest as it would read if it were sent at `now`: the seven days before today."""
    return _issue(ward.calendar.local_day(now))


def issue_so_far(ward: Ward, now: datetime) -> DigestIssue:
    """The seven days that end with today, for whoever does not want to wait for the week's digest."""
    return _issue(ward.calendar.local_day(now) + timedelta(days=1))


def week_bounds(issue: DigestIssue, timezone: str) -> tuple[datetime, datetime]:
    """The instants at which the issue's days begin and end (the end itself is outside)."""
    zone = ZoneInfo(timezone)
    end_on = issue.last_on + timedelta(days=1)
    return datetime.combine(issue.first_on, time(), zone), datetime.combine(end_on, time(), zone)


def compose(
    issue: DigestIssue,
    cases: CaseFigures,
    *,
    items: tuple[NewItem, ...] = (),
    dialogues: tuple[OpenDialogue, ...] = (),
    opinions: OpinionFigures = NO_OPINIONS,
) -> Digest | None:
    """The week's digest, or None when there is nothing to say: items that merely stay open are no news."""
    if cases == CaseFigures() and not items and not dialogues and not opinions.given:
        return None
    return Digest(
        issue=issue, cases=cases, items=items[:ITEMS_MAX], items_more=max(0, len(items) - ITEMS_MAX),
        dialogues=dialogues[:DIALOGUES_MAX], opinions=opinions,
    )  # fmt: skip


def _planned_before(ward: Ward, now: datetime) -> datetime:
    """The newest hour of the digest that is not after `now`."""
    local = now.astimezone(ZoneInfo(ward.timezone))
    day = local.date() - timedelta(days=(local.weekday() - ward.digest_weekday) % 7)
    planned = datetime.combine(day, ward.digest_at, ZoneInfo(ward.timezone))
    if planned > now:
        planned = datetime.combine(day - WEEK, ward.digest_at, ZoneInfo(ward.timezone))
    return planned


def _issue(sent_on: date) -> DigestIssue:
    year, week, _weekday = sent_on.isocalendar()
    return DigestIssue(week=f"{year}-W{week:02d}", first_on=sent_on - WEEK, last_on=sent_on - timedelta(days=1))
