"""What must hold after every fault, asked of the database and of the world outside."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import select

from storage import inbox, outbox
from storage.held import held_message
from storage.standing import DROPPED
from tests.faults.deeds import Fault
from tests.faults.platform_base import Arrived
from tests.faults.scene import Scene
from tests.faults.verdict_effects import Effects, judged

PATIENCE_SECONDS = 150.0
LOOK_SECONDS = 0.2


@dataclass(slots=True, kw_only=True)
class Tally:
    """How it stands, or how much of each a fault brought; `problems` is empty when all is well."""

    updates: int = 0
    effects: int = 0
    updates_lost: int = 0
    owed: int = 0
    sent: int = 0
    twice: int = 0
    doubt: int = 0
    refused: int = 0
    changes_refused: int = 0
    messages_lost: int = 0
    cases: int = 0
    acts: int = 0
    photos: int = 0
    opinions: int = 0
    presses: int = 0
    edits: int = 0
    held: int = 0
    digests: int = 0
    digests_doubtful: int = 0
    problems: list[str] = field(default_factory=list)

    def since(self, before: "Tally") -> "Tally":
        """What has been added since."""
        counts = {name: getattr(self, name) - getattr(before, name) for name in COUNTS}
        return Tally(**counts, problems=[one for one in self.problems if one not in before.problems])

    def plus(self, other: "Tally") -> "Tally":
        """Both together."""
        counts = {name: getattr(self, name) + getattr(other, name) for name in COUNTS}
        return Tally(**counts, problems=[*self.problems, *other.problems])


COUNTS = tuple(one.name for one in fields(Tally) if one.name != "problems")


DIGEST = "digest:"
_DIGESTED = select(outbox.outbox.c.chat).where(outbox.outbox.c.key.startswith(DIGEST))


class NotAtRest(AssertionError):
    """Something waits that should not."""


async def at_rest(scene: Scene) -> None:
    """Wait until nothing waits anywhere. NotAtRest says what does."""
    waiting: dict[str, Any] = {}
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                # In the order in which it goes: what has left one place is in the next, or done.
                waiting = {"platform": await scene.platform.sim.do("queue")}
                waiting["spool"] = sum(1 for _ in scene.folder.rglob("*.event"))
                async with scene.database.reading() as tx:
                    waiting |= {"inbox": await inbox.waiting(tx), "outbox": await outbox.owed(tx)}
                    owed = set((await tx.execute(_DIGESTED)).scalars())
                waiting["digests"] = len(scene.promised - owed)
                if not any(waiting.values()):
                    return
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError:
        raise NotAtRest(f"stuck after {PATIENCE_SECONDS:g} s: {waiting}") from None


async def look(scene: Scene) -> Tally:
    """Count everything so far, and judge it."""
    async with scene.database.reading() as tx:
        updates = (await tx.execute(select(inbox.inbox).order_by(inbox.inbox.c.id))).all()
        messages = (await tx.execute(select(outbox.outbox).order_by(outbox.outbox.c.id))).all()
        parts = (await tx.execute(select(outbox.outbox_part))).all()
        held = set((await tx.execute(select(held_message.c.outbox_id))).scalars())
        effects = await Effects.read(tx)
    tally = Tally(
        updates=scene.deeds.written, cases=len(effects.cases), photos=len(effects.photos),
        opinions=len(effects.opinions), acts=len(effects.acts), presses=scene.deeds.presses, edits=scene.deeds.edits,
        owed=len(messages), held=len(held), problems=list(scene.problems),
    )  # fmt: skip
    there = scene.platform
    _judge_updates(tally, scene, updates, await there.taken(), await there.beside())
    tally.problems += judged(effects, scene.deeds, keeps=there.keeps, data=scene.folder / "var")
    arrived = await there.arrived()
    _judge_messages(tally, messages, parts, arrived, held)
    _judge_digests(tally, scene, messages, arrived)
    tally.problems += [f"limit exceeded: {one}" for one in await there.excesses()]
    return tally


def _judge_updates(tally: Tally, scene: Scene, updates: Sequence[Any], taken: set[str], beside: set[str]) -> None:
    written = scene.deeds.written
    states = Counter(row.state for row in updates)
    tally.effects = states.total()
    tally.updates_lost = written - tally.effects
    # The parts of an album are handled with its first one.
    if states.keys() - {"done", "merged"}:
        tally.problems.append(f"updates not done: {dict(states)}")
    missing = taken - {row.update_id for row in updates}
    if missing:
        tally.problems.append(f"{len(missing)} updates acknowledged and lost")
    if tally.updates_lost < 0 or (tally.updates_lost and scene.platform.keeps):
        tally.problems.append(f"{written} updates written, {tally.effects} in the inbox")
    lanes: dict[str, list[int]] = defaultdict(list)
    for row in updates if scene.platform.keeps else ():
        if scene.setup.mode == "polling" or row.update_id not in beside:
            lanes[row.lane].append(int(row.update_id))
    tally.problems += [f"{lane}: taken out of order" for lane, ids in lanes.items() if ids != sorted(ids)]


def _judge_messages(
    tally: Tally, messages: Sequence[Any], parts: Iterable[Any], arrived: Iterable[Arrived], held: set[int]
) -> None:
    states = Counter(row.state for row in messages)
    tally.doubt, tally.refused = states["unknown"], states["refused"]
    tally.changes_refused = sum(row.state == "refused" and row.edits for row in messages)
    # A change of a card that something newer has overtaken is no message any more.
    tally.owed -= sum(row.state == DROPPED and row.card is not None for row in messages)
    states[DROPPED] -= len(messages) - tally.owed
    if (+states).keys() - {"sent", "unknown", "refused"}:
        tally.problems.append(f"messages in strange states: {dict(states)}")
    names = defaultdict(set)
    for row in parts:
        names[row.outbox_id].add(row.sent_as)
    chats: dict[str, list[Any]] = defaultdict(list)
    for row in messages:
        chats[row.chat].append(row)
    there: dict[str, list[Arrived]] = defaultdict(list)
    for one in arrived:
        there[one.chat].append(one)
    for chat in chats.keys() | there.keys():
        _judge_chat(tally, chat, chats[chat], names, there[chat], held)


def _judge_chat(
    tally: Tally, chat: str, rows: list[Any], parts: dict[int, set[str]], there: list[Arrived], held: set[int]
) -> None:
    """What arrived is what was owed, in order; only what is in doubt may stand there twice, or not at all."""
    sent = [row for row in rows if row.state == "sent" and row.sent_as]
    named = [{row.sent_as} | parts[row.id] for row in sent]
    places = {one.id: place for place, one in enumerate(there)}
    lost = [row for row in sent if row.sent_as not in places]
    tally.sent += len(sent) - len(lost)
    tally.messages_lost += len(lost)
    if lost:
        tally.problems.append(f"{chat}: {len(lost)} messages marked as sent never arrived")
    orders: dict[str, list[int]] = defaultdict(list)
    for row in sent:
        # What may have arrived before it was held holds up nothing.
        if row.sent_as in places and not row.edits and not (row.id in held and row.doubts):
            orders[_cause(row)].append(places[row.sent_as])
    wrong = [cause for cause, order in orders.items() if order != sorted(order)]
    tally.problems += [f"{chat}: messages arrived out of order ({cause})" for cause in wrong]
    twice = [one for one in there if not any(one.id in ids for ids in named)]
    # Of a message in pieces each may have been in doubt, and is no more once it has arrived; an album is one piece.
    doubts = sum((row.doubts + (row.state == "unknown")) * row.units + len(parts[row.id]) for row in rows)
    tally.twice += len(twice)
    if len(twice) > doubts:
        tally.problems.append(f"{chat}: {len(twice)} messages came unasked, {doubts} doubts: {twice[0].text[:60]!r}")


def _cause(row: Any) -> str:
    """What a message came of: the chat's own conversation, or a case; what comes of different ones has no order."""
    return "reply" if "reply" in row.body else f"case {row.case_id}"


def _judge_digests(tally: Tally, scene: Scene, messages: Iterable[Any], arrived: Iterable[Arrived]) -> None:
    """Each group that was promised a digest is owed one; none comes twice, in doubt or not, and all that left came."""
    owed: dict[str, list[Any]] = defaultdict(list)
    for row in messages:
        if str(row.key or "").startswith(DIGEST):
            owed[row.chat].append(row)
    # Nothing else is ever said in these groups.
    came = Counter(one.chat for one in arrived if one.chat in scene.promised)
    tally.digests = sum(len(rows) for rows in owed.values())
    tally.digests_doubtful = sum(row.state == "unknown" for rows in owed.values() for row in rows)
    for chat in sorted(scene.promised | owed.keys()):
        if len(owed[chat]) != 1:
            tally.problems.append(f"{chat}: owed {len(owed[chat])} digests")
        elif came[chat] > 1:
            tally.problems.append(f"{chat}: a digest came {came[chat]} times")
        elif owed[chat][0].state == "sent" and not came[chat]:
            tally.problems.append(f"{chat}: a digest never came")


def unexpected(tally: Tally, fault: Fault) -> list[str]:
    """What this fault is no excuse for."""
    # A message in doubt needs no fault of ours: a busy machine is late enough. Whether it was in doubt is judged above.
    problems = list(tally.problems)
    if not fault.refuses and tally.refused > (tally.changes_refused if fault.holds else 0):
        problems.append(f"{tally.refused} refused without a reason")
    if fault.holds and not tally.held:
        problems.append("nothing was held")
    if not fault.loses and tally.updates_lost > 0:
        problems.append(f"{tally.updates_lost} updates lost without a reason")
    return problems
