"""What one process does for a Zalo Official Account all the time: tokens fresh, nothing missed, nobody uncalled."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot import pulse
from bot.channels.zalo_line import MaybeSent, NotSent
from bot.channels.zalo_oa_calling import TEMPLATE_PATH, CallTemplate, call_held
from bot.channels.zalo_oa_client import Answer, ZaloClient
from bot.channels.zalo_oa_history import CaughtUp, HistoryUnread, Read, missed, take_in
from bot.channels.zalo_oa_intake import ZaloOaIntake
from bot.channels.zalo_oa_pace import Pace
from bot.channels.zalo_oa_tokens import NoToken, Tokens
from bot.clock import Clock
from storage import zalo_accounts
from storage.base import Account
from storage.database import Database

log = logging.getLogger(__name__)

LOOK_SECONDS = 300.0
RETRY_SECONDS = 30.0
CATCH_UP_EVERY = timedelta(minutes=15)
# Clocks differ, and an event may have been on its way: so much is read twice.
OVERLAP = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpkeepRules:
    """Where Zalo answers and how often it may be called in a minute, how far back what was missed is read, and when
    silence is strange."""

    calls: int
    api_url: str
    catch_up: timedelta
    quiet: timedelta
    template: CallTemplate | None


class Upkeep:
    """Looks after one account. `is_ours` tells whose a token is; `silent` is told what the webhook did not bring."""

    def __init__(
        self,
        rules: UpkeepRules,
        on: Account,
        *,
        client: ZaloClient,
        tokens: Tokens,
        intake: ZaloOaIntake,
        database: Database,
        clock: Clock,
        is_ours: Callable[[str], Awaitable[bool]],
        silent: Callable[[CaughtUp], Awaitable[None]],
    ) -> None:
        self._rules, self._on = rules, on
        self._client, self._tokens, self._intake = client, tokens, intake
        self._database, self._clock = database, clock
        self._is_ours, self._silent = is_ours, silent
        self.pace = Pace(clock, calls=rules.calls)
        self._read: Read = {}
        self._introduced = False
        self._looked_at: datetime | None = None
        self._quiet_said_at: datetime | None = None

    async def run(self) -> None:
        """Look after it until cancelled; whatever is away is waited for."""
        while True:
            try:
                await self.once()
                pulse.heard(self._on)
                wait = LOOK_SECONDS
            except NoToken:
                pulse.failed(self._on, "not authorised; run: danban zalo login")
                log.error("zalo oa: not authorised; run: danban zalo login")
                wait = LOOK_SECONDS
            except (NotSent, MaybeSent, HistoryUnread) as error:
                pulse.failed(self._on, type(error).__name__)
                log.warning("zalo oa: Zalo did not take part (%s)", error)
                wait = RETRY_SECONDS
            except Exception as error:  # the database is away: nothing of this is lost
                log.warning("zalo oa: not looked after now (%s)", type(error).__name__)
                wait = RETRY_SECONDS
            await asyncio.sleep(wait)

    async def once(self) -> None:
        """One look. Raises NoToken, NotSent, MaybeSent, HistoryUnread, and what the database raises."""
        await self._tokens.keep_fresh()
        token = await self._tokens.access()
        if not self._introduced:
            await self.pace.wait()
            self._introduced = await self._is_ours(token)
        if self._rules.template is not None:
            await call_held(self._call, self._rules.template, self._database, self._on, now=self._clock.now())
        await self._catch_up()

    async def _call(self, body: dict[str, Any]) -> Answer:
        url = f"{self._rules.api_url}{TEMPLATE_PATH}"
        return await self._paced(lambda token: self._client.post(url, body, token=token))

    async def _ask(self, path: str, data: dict[str, Any]) -> Answer:
        return await self._paced(lambda token: self._client.get(f"{self._rules.api_url}{path}", data, token=token))

    async def _paced(self, call: Callable[[str], Awaitable[Answer]]) -> Answer:
        async def in_time(token: str) -> Answer:
            await self.pace.wait()
            return await call(token)

        return await self._tokens.with_token(in_time)

    async def _catch_up(self) -> None:
        """Read what the webhook has missed: after a start, and then every quarter of an hour."""
        now = self._clock.now()
        async with self._database.reading() as tx:
            known = await zalo_accounts.load(tx, self._on.account)
        self._watch_silence(known.last_event_at, now)
        first = self._looked_at is None
        due = self._looked_at is None or now - self._looked_at >= CATCH_UP_EVERY
        if not due or known.oa_id is None or not self._intake.spool.is_empty():
            return
        # What was said before this installation first looked is between people and whoever answered them then.
        if known.caught_up_at is None or not self._rules.catch_up:
            caught = CaughtUp()
        else:
            caught = await self._read_back(known.oa_id, known.caught_up_at, first=first, now=now)
        if not caught.refused:  # else the same time is read again, until it is known what to believe
            async with self._database.transaction() as tx:
                await zalo_accounts.caught_up(tx, self._on.account, now=now)
        self._looked_at = now
        self._read.clear()

    async def _read_back(self, oa_id: str, caught_up_at: datetime, *, first: bool, now: datetime) -> CaughtUp:
        since = max(caught_up_at - OVERLAP, now - self._rules.catch_up)
        found = await missed(self._ask, oa_id, since=since, read=self._read)
        caught = await take_in(
            found, self._intake, self._database, self._on, heard_after=since + OVERLAP, first=first, now=now
        )
        if caught.added:
            log.warning("zalo oa: %s messages that the webhook missed were read from the history", caught.added)
        if caught.refused or (caught.added and not first):
            await self._silent(caught)
        return caught

    def _watch_silence(self, last_event_at: datetime | None, now: datetime) -> None:
        """Say once in a while that nothing comes: the webhook may be switched off."""
        if last_event_at is None or now - last_event_at < self._rules.quiet:
            return
        if self._quiet_said_at is None or now - self._quiet_said_at >= self._rules.quiet:
            self._quiet_said_at = now
            log.warning("zalo oa: no event since %s; run: danban zalo status", last_event_at.isoformat("T", "minutes"))
