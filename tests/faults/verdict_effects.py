"""What must hold of everything people did: each case, photo, opinion and deed of the desk is there, once."""

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.stored_files import FOLDER
from domain.case import Act
from storage import attachments, case_events, cases
from storage.database import Transaction
from storage.plan_tables import opinion
from tests.faults.people import SEND_WORD, Deeds


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """The rows that came of what people wrote."""

    cases: list[Any]
    acts: list[Any]
    photos: list[Any]
    opinions: list[Any]

    @classmethod
    async def read(cls, tx: Transaction) -> "Effects":
        """As they stand."""
        of_cases = attachments.attachment.c.case_id.is_not(None)
        return cls(
            cases=list((await tx.execute(select(cases.cases).order_by(cases.cases.c.id))).all()),
            acts=list((await tx.execute(select(case_events.case_event))).all()),
            photos=list((await tx.execute(select(attachments.attachment).where(of_cases))).all()),
            opinions=list((await tx.execute(select(opinion))).all()),
        )


def judged(effects: Effects, deeds: Deeds, *, keeps: bool, data: Path) -> list[str]:
    """What is wrong; `keeps` says that the platform delivers again what was not taken."""
    return [
        *_cases(effects, deeds, keeps=keeps),
        *_photos(effects, deeds, data / FOLDER),
        *_opinions(effects, deeds, keeps=keeps),
        *_history(effects, deeds, keeps=keeps),
    ]


def _cases(effects: Effects, deeds: Deeds, *, keeps: bool) -> list[str]:
    # Where an update was lost between, two reports may have become one: each line is one as it was written.
    found = Counter(line for row in effects.cases for line in str(row.text).splitlines())
    if not keeps:
        # The word that should have sent a report may have come before it, or without it.
        del found[SEND_WORD]
    return _once(found, set(deeds.texts), "case", all_of_them=keeps)


def _opinions(effects: Effects, deeds: Deeds, *, keeps: bool) -> list[str]:
    found = Counter(str(row.text) for row in effects.opinions)
    return _once(found, set(deeds.opinions), "opinion", all_of_them=keeps)


def _once(found: Counter[str], written: set[str], what: str, *, all_of_them: bool) -> list[str]:
    problems = [f"{what} made {count} times: {text}" for text, count in found.items() if count > 1]
    problems += [f"{what} nobody wrote: {text!r}" for text in found.keys() - written]
    missing = written - found.keys() if all_of_them else set()
    return problems + [f"{what} not made: {text}" for text in sorted(missing)]


def _photos(effects: Effects, deeds: Deeds, folder: Path) -> list[str]:
    """Every case has exactly the photos that were sent with its words, each kept as it was sent."""
    of_case: dict[int, list[str]] = defaultdict(list)
    for row in effects.photos:
        of_case[row.case_id].append(row.sha256)
    problems = []
    for row in effects.cases:
        wanted = sum(deeds.texts.get(line, 0) for line in str(row.text).splitlines())
        if len(of_case[row.id]) != wanted:
            problems.append(f"{row.code}: {len(of_case[row.id])} photos, {wanted} sent")
    twice = [sha for sha, count in Counter(row.sha256 for row in effects.photos).items() if count > 1]
    problems += [f"photo {sha[:12]} stands in two places" for sha in twice]
    spoilt = [row.sha256 for row in effects.photos if _hash(folder / row.stored_as) != row.sha256]
    return problems + [f"photo {sha[:12]} is not on the disk as it came" for sha in spoilt]


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else ""


def _history(effects: Effects, deeds: Deeds, *, keeps: bool) -> list[str]:
    """Each case is received, and taken up and answered by the desk, once; nothing else is ever done to it."""
    codes = {row.id: row.code for row in effects.cases}
    done = Counter((codes[row.case_id], Act(row.act)) for row in effects.acts)
    wanted = {(code, Act.SUBMIT) for code in codes.values()}
    handled = {(code, act) for code in deeds.handled for act in (Act.ACCEPT, Act.ANSWER)}
    problems = [f"{code}: {act} {count} times" for (code, act), count in done.items() if count > 1]
    problems += [f"{code}: {act} by nobody" for code, act in done.keys() - wanted - handled]
    missing = (wanted | handled if keeps else wanted) - done.keys()
    return problems + [f"{code}: no {act}" for code, act in sorted(missing)]
