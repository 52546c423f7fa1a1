"""Calls of Zalo's webhook on their way into the inbox: judged, stored, and answered in time whatever happens.

Zalo wants an answer within 2 seconds and comes again only when no connection came about: so what the database cannot
take at once goes to a file, and from there into the inbox, in the order it came.
"""

import asyncio
import hashlib
import logging
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from bot import metrics
from bot.channels.zalo_oa_event import (
    NAME,
    OURS,
    account_of,
    as_event,
    chat_of,
    file_urls,
    in_group,
    is_anonymous,
    is_taken,
    lane,
    message_of,
    quoted,
    sender_of,
    strange_lane,
    update_id,
)
from bot.channels.zalo_oa_signature import is_genuine, moment
from bot.clock import Clock
from bot.seldom import Seldom
from bot.spool import EventRefused, Spool, Spooled
from handlers.engine.conversation import Conversation
from storage import conversations, inbox, outbox, zalo_accounts
from storage.database import Database, Transaction
from storage.outbox import Address

log = logging.getLogger(__name__)

UNANSWERED = "zalo oa: somebody not logged in to Zalo wrote and cannot be answered; switch that off for the OA"
# When the last event came is written down no more often than this.
HEARD_EVERY = timedelta(minutes=1)


class Verdict(StrEnum):
    """What became of a call."""

    STORED = "stored"
    SPOOLED = "spooled"
    QUARANTINED = "quarantined"
    IGNORED = "ignored"
    FORGED = "forged"
    FOREIGN = "foreign"
    ANONYMOUS = "anonymous"
    REPLAYED = "replayed"
    BROKEN = "broken"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeRules:
    """Whose calls are taken. `key` is the webhook's secret, `key_mark` a mark of it that may be stored."""

    app_id: str
    key: str
    key_mark: str
    strict: bool
    answer_within: timedelta
    age_max: timedelta
    quarantine_max: int


class ZaloOaIntake:
    """One account's intake. `counts` says how many calls came to which end since the start."""

    def __init__(self, rules: IntakeRules, database: Database, clock: Clock, folder: Path) -> None:
        self._rules = rules
        self._database = database
        self._clock = clock
        self.spool = Spool(folder / "spool")
        self.quarantine = Spool(folder / "quarantine")
        self.counts: Counter[Verdict] = Counter()
        self._complaints = Seldom()
        self.oa_id: str | None = None
        self._verified = False
        self._settled = False
        self._heard_at: datetime | None = None
        # A task that nobody holds may be forgotten in the middle.
        self._storing: set[asyncio.Task[None]] = set()

    async def receive(self, body: bytes, signature: str) -> Verdict:
        """Judge and keep one call. Never raises but when cancelled; a good event is stored or on disk afterwards."""
        verdict = await self._receive(body, signature)
        self.count(verdict)
        return verdict

    def count(self, verdict: Verdict) -> None:
        """Count what became of a call."""
        self.counts[verdict] += 1
        metrics.WEBHOOK_CALLS.labels(NAME, verdict.value).inc()

    async def _receive(self, body: bytes, signature: str) -> Verdict:
        now = self._clock.now()
        call = Spooled(body=body.decode("utf-8", "replace"), signature=signature[:200], at=now.timestamp())
        if not self._is_genuine(body, signature):
            return await self._set_apart(call)
        found = self._judged(body, now)
        if isinstance(found, Verdict):
            return found
        if self._settled and self.spool.is_empty() and await self._stored_in_time(found, now=now):
            return Verdict.STORED
        return await self._keep(self.spool, call, Verdict.SPOOLED)

    async def _stored_in_time(self, raw: dict[str, Any], *, now: datetime) -> bool:
        """Whether the database took an event in time.

        One that is slow is left to end by itself: breaking it off would mean waiting for it too. What it stores after
        all is known when it comes back from disk.
        """
        storing = asyncio.Task(self._store(raw, now=now))
        self._storing.add(storing)
        storing.add_done_callback(self._storing.discard)
        done, _late = await asyncio.wait({storing}, timeout=self._rules.answer_within.total_seconds())
        error = storing.exception() if done else TimeoutError()
        if error is not None:
            log.warning("zalo oa: an event goes to disk first (%s)", type(error).__name__)
            storing.add_done_callback(_unheard)
        return error is None

    def _is_genuine(self, body: bytes, signature: str) -> bool:
        return is_genuine(signature, app_id=self._rules.app_id, body=body, secret=self._rules.key)

    async def _set_apart(self, call: Spooled) -> Verdict:
        """A call that does not verify: kept apart until we know that our key is the right one."""
        if self._rules.strict or self._verified or self.quarantine.count() >= self._rules.quarantine_max:
            return Verdict.FORGED
        log.warning("zalo oa: an event did not verify and is kept apart; look at ZALO_OA_SECRET_KEY")
        return await self._keep(self.quarantine, call, Verdict.QUARANTINED)

    async def _keep(self, spool: Spool, call: Spooled, verdict: Verdict) -> Verdict:
        try:
            await spool.keep(call)
        except OSError as error:
            log.error("zalo oa: an event could be kept nowhere (%s)", type(error).__name__)
            return Verdict.LOST
        return verdict

    def _judged(self, body: bytes, received_at: datetime) -> dict[str, Any] | Verdict:
        """The event in a genuine call, or why it goes no further."""
        raw = as_event(body)
        if raw is None:
            return Verdict.BROKEN
        if str(raw.get("app_id", self._rules.app_id)) != self._rules.app_id:
            return Verdict.FOREIGN
        said = moment(raw.get("timestamp"))
        if said is not None and received_at - said > self._rules.age_max:
            return Verdict.REPLAYED
        if is_anonymous(raw):
            self._complaints.error(log, UNANSWERED)
            return Verdict.ANONYMOUS
        if not is_taken(raw):
            return Verdict.IGNORED
        try:
            account = account_of(raw)
        except (KeyError, TypeError):
            account = None
        if self.oa_id is not None and account is not None and account != self.oa_id:
            return Verdict.FOREIGN
        return raw

    async def _store(self, raw: dict[str, Any], *, now: datetime) -> None:
        async with self._database.transaction() as tx:
            await self.put(tx, raw, now=now)
            if not self._verified:
                await zalo_accounts.verified(tx, self._rules.app_id, key=self._rules.key_mark)
            if self._heard_at is None or now - self._heard_at >= HEARD_EVERY:
                await zalo_accounts.heard(tx, self._rules.app_id, now=now)
                self._heard_at = now
        self._verified = True

    async def put(self, tx: Transaction, raw: dict[str, Any], *, now: datetime) -> bool:
        """Put an event into the inbox; False if it was there. One of a strange shape gets a lane of its own."""
        app_id = self._rules.app_id
        try:
            place, key, fetch = lane(app_id, raw), update_id(raw), bool(file_urls(raw))
            if in_group(raw):
                ours = await self._ours(tx, raw)
                raw, fetch = raw | {OURS: ours}, fetch and ours["for_us"]
        except (KeyError, TypeError, ValueError, AttributeError):
            log.warning("zalo oa: an event has an unknown shape")
            key, fetch = hashlib.sha256(repr(raw).encode()).hexdigest(), False
            place = strange_lane(app_id, key)
        return await inbox.put(
            tx, channel=NAME, account=app_id, update_id=key, raw=raw, now=now, lane=place, fetch=fetch
        )

    async def _ours(self, tx: Transaction, raw: dict[str, Any]) -> dict[str, bool]:
        """What of a message in a group is for us. People also talk with each other: their files stay where they are.

        A file is for us below a command, as an answer to a message of ours, or while a form of its sender's is open.
        """
        account, chat, sender = self._rules.app_id, chat_of(raw), sender_of(raw)
        quote, address = quoted(raw), Address(channel=NAME, account=account, chat=chat)
        quotes_us = quote is not None and await outbox.case_behind(tx, address, sent_as=quote) is not None
        if quotes_us or str(message_of(raw).get("text", "")).startswith("/"):
            return {"quotes_us": quotes_us, "for_us": True}
        if not file_urls(raw):
            return {"quotes_us": False, "for_us": False}
        state = await conversations.load(tx, channel=NAME, account=account, chat=chat, sender=sender)
        return {"quotes_us": False, "for_us": Conversation.from_json(state).filling is not None}

    async def settle(self) -> int:
        """Read back what is on disk; how many events. What was kept apart comes first, if it verifies now."""
        async with self._database.reading() as tx:
            known = await zalo_accounts.load(tx, self._rules.app_id)
        self.oa_id = known.oa_id or self.oa_id
        self._verified = self._verified or known.verified_key == self._rules.key_mark
        taken = 0
        if not self._settled:
            taken += await self.quarantine.read_back(self._take_back)
            self._settled = True
        return taken + await self.spool.read_back(self._take_back)

    async def _take_back(self, call: Spooled) -> bool:
        body = call.body.encode()
        if not self._is_genuine(body, call.signature):
            return False
        found = self._judged(body, call.received_at)
        if not isinstance(found, Verdict):
            await self._store_again(found, now=self._clock.now())
        return True

    async def _store_again(self, raw: dict[str, Any], *, now: datetime) -> None:
        """Store an event from disk. Raises EventRefused if the database takes what else is written, but not this."""
        refused: Exception | None = None
        async with self._database.transaction() as tx:
            try:
                async with tx.attempt():
                    await self.put(tx, raw, now=now)
            except Exception as error:
                refused = error
            await zalo_accounts.verified(tx, self._rules.app_id, key=self._rules.key_mark)
            await zalo_accounts.heard(tx, self._rules.app_id, now=now)
        self._verified = True
        if refused is not None:
            raise EventRefused(type(refused).__name__) from refused

    async def sweep(self, now: datetime) -> None:
        """Remove what has been kept apart for too long."""
        gone = await self.quarantine.sweep(before=now - self._rules.age_max)
        if gone:
            log.warning("zalo oa: %s events that never verified were removed", gone)


def _unheard(storing: "asyncio.Task[None]") -> None:
    """Nobody waits any more for what went wrong here: the event is on disk."""
    if not storing.cancelled():
        storing.exception()
