"""The weekly digest: gathered in figures, and owed to each of the ward's groups once a week."""

from datetime import datetime
from typing import Any

from actions.tell_groups import tell_ward_groups
from domain.digest import (
    Digest,
    DigestIssue,
    NewItem,
    OpenDialogue,
    compose,
    issue_due,
    issue_next,
    issue_so_far,
    week_bounds,
)
from domain.notices import Notice, NoticeKind, Priority
from storage import dialogues, plans, slots, stats
from storage.database import Transaction
from storage.wards import StoredWard

JOB = "digest"
DIALOGUES_READ_MAX = 20


async def send_digest(tx: Transaction, ward: StoredWard, *, now: datetime, again: str = "") -> int:
    """Owe this week's digest if its hour has come and nobody has; to how many groups.

    The slot, the figures and the rows are one transaction: a crash leaves either nothing or everything, and a
    second process finds the slot taken. The week is over with it, also when there was nothing to say or no
    group yet: a group bound on Wednesday gets its first digest next week. With `again`, a word of the caller's
    own, the week so far is told at once, whatever the hour (the demonstration); the week's digest is not touched.
    """
    if again:
        return await _gather_and_send(tx, ward, issue_so_far(ward.ward, now), f"again:{again}", now=now)
    issue = issue_due(ward.ward, now)
    if issue is None or not await slots.claim(tx, JOB, f"{ward.id}:{issue.week}", now=now):
        return 0
    return await _gather_and_send(tx, ward, issue, issue.week, now=now)


async def _gather_and_send(tx: Transaction, ward: StoredWard, issue: DigestIssue, name: str, *, now: datetime) -> int:
    digest = await gather(tx, ward, issue, now=now)
    if digest is None:
        return 0
    notice = Notice(kind=NoticeKind.DIGEST, params=digest_params(ward, digest))
    key = f"digest:{ward.id}:{name}"
    return await tell_ward_groups(tx, ward, notice, key=key, now=now, priority=Priority.DIGEST)


async def preview(tx: Transaction, ward: StoredWard, *, now: datetime) -> dict[str, Any] | None:
    """What the digest would say if it were sent at `now`, as its words need it; None: nothing to say. Reads only."""
    digest = await gather(tx, ward, issue_next(ward.ward, now), now=now)
    return None if digest is None else digest_params(ward, digest)


async def gather(tx: Transaction, ward: StoredWard, issue: DigestIssue, *, now: datetime) -> Digest | None:
    """What an issue says at `now`, or None when there is nothing to say. Reads only."""
    timezone = ward.ward.timezone
    since, until = week_bounds(issue, timezone)
    figures = await stats.case_figures(
        tx, ward.id, since=since, until=until, today=ward.ward.calendar.local_day(now), timezone=timezone
    )
    published = await plans.published_since(tx, ward.id, since, until)
    items = tuple(NewItem(number=item.number, title=item.content.title) for item in published)
    opinions = await stats.opinion_figures(tx, ward.id, since=since, until=until)
    coming = await _open_dialogues(tx, ward, now=now)
    return compose(issue, figures, items=items, dialogues=coming, opinions=opinions)


async def _open_dialogues(tx: Transaction, ward: StoredWard, *, now: datetime) -> tuple[OpenDialogue, ...]:
    sessions = await dialogues.upcoming(tx, ward.id, now=now, limit=DIALOGUES_READ_MAX)
    counts = await dialogues.question_counts(tx, ward.id, [session.id for session in sessions])
    return tuple(
        OpenDialogue(
            id=session.id, title=session.title, held_at=session.held_at, place=session.place,
            questions=counts.get(session.id, 0),
        )
        for session in sessions
    )  # fmt: skip


def digest_params(ward: StoredWard, digest: Digest) -> dict[str, Any]:
    """A digest as the values its words need (JSON)."""
    cases = digest.cases
    return {
        "ward": ward.ward.name,
        "timezone": ward.ward.timezone,
        "first_on": digest.issue.first_on.isoformat(),
        "last_on": digest.issue.last_on.isoformat(),
        "received": cases.received,
        "answered": cases.answered,
        "open": cases.open_now,
        "overdue": cases.overdue_now,
        "on_time_percent": cases.on_time_percent,
        "items": [[item.number, item.title] for item in digest.items],
        "items_more": digest.items_more,
        "open_items": digest.opinions.open_items,
        "opinions": digest.opinions.given,
        "dialogues": [
            [one.id, one.title, one.held_at.isoformat(), one.place, one.questions] for one in digest.dialogues
        ],
    }
