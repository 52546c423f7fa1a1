"""The Official Account's tokens: refreshed early, by one process at a time, and never lost between Zalo and us.

Every refresh token is used once, and the old pair dies at once. So Zalo's answer goes to the disk, as it came but
sealed, before anybody reads it; only then into the database; whoever starts next after a crash finds it there.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.channels.zalo_line import MaybeSent, NotSent
from bot.channels.zalo_oa_answer import KeptAnswer
from bot.channels.zalo_oa_client import Answer, ZaloClient
from bot.channels.zalo_oa_pair import Pair, error_in, pair_in
from bot.clock import Clock
from bot.sealing import Seal, SealBroken
from storage import zalo_accounts
from storage.database import Database
from storage.zalo_accounts import ZaloAccount

log = logging.getLogger(__name__)

TOKEN_PATH = "/v4/oa/access_token"  # noqa: S105  # an address
REFRESH_BEFORE = timedelta(hours=7)
LEASE = timedelta(seconds=60)
# Well within the lease, so that nobody else asks with the same token meanwhile.
PATIENCE_SECONDS = 25.0
# A pair this young that is refused is not to blame: asking for another would only use it up.
YOUNG = timedelta(minutes=1)
FAILURES_TO_ALARM = 2
# What Zalo says of a token that is wrong or has run out.
TOKEN_BAD = frozenset({-216, -220, -124})


class NoToken(Exception):
    """There is no access token that Zalo would take; somebody must authorise (danban zalo login)."""


class BeingRenewed(NotSent):
    """Another process has asked Zalo for a new pair, or died while asking: soon there is one, or we may ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """The application at developers.zalo.me, and where Zalo answers for it."""

    app_id: str
    secret: str
    oauth_url: str
    seed: str | None = None


class Tokens:
    """The pair of one application. `alarm` is told how many refreshes in a row have failed."""

    def __init__(
        self,
        application: Application,
        client: ZaloClient,
        database: Database,
        seal: Seal,
        clock: Clock,
        *,
        folder: Path,
        alarm: Callable[[int], Awaitable[None]],
    ) -> None:
        self._app = application
        self._client = client
        self._database = database
        self._seal = seal
        self._clock = clock
        self._answer = KeptAnswer(folder, application.app_id)
        self._alarm = alarm
        self._pair: Pair | None = None
        self._one_at_a_time = asyncio.Lock()
        self._refreshing: set[asyncio.Task[Pair | None]] = set()

    async def close(self) -> None:
        """Wait for Zalo's answer if it was asked: what is not heard is lost."""
        if self._refreshing:
            await asyncio.wait(self._refreshing, timeout=PATIENCE_SECONDS)

    async def access(self) -> str:
        """An access token that has not run out. Raises NoToken, BeingRenewed."""
        pair = self._pair
        if pair is None or pair.expires_at <= self._clock.now():
            pair = await self._current()
        return pair.access

    async def after_refusal(self, refused: str) -> str:
        """The token to try instead of one that Zalo has just refused. Raises NoToken, BeingRenewed."""
        pair = self._opened(await self._load())
        if pair is None or pair.access == refused:
            young = pair is not None and abs(self._clock.now() - pair.obtained_at) < YOUNG
            pair = pair if young else await self._refreshed(pair)
        if pair is None or pair.access == refused:
            raise NoToken
        self._pair = pair
        return pair.access

    async def with_token(self, call: Callable[[str], Awaitable[Answer]]) -> Answer:
        """The answer to a call that is made with a token, renewed once if Zalo refuses it. Raises as `call` does, and
        NoToken, BeingRenewed."""
        token = await self.access()
        answer = await call(token)
        return await call(await self.after_refusal(token)) if answer.error in TOKEN_BAD else answer

    async def keep_fresh(self) -> None:
        """Look whether the pair is to be refreshed; take up what a crash has left."""
        await self._recover()
        pair = self._opened(await self._load())
        if pair is None or self._is_due(pair):
            try:
                pair = await self._refreshed(pair) or pair
            except BeingRenewed:
                if pair is None:
                    raise
        self._pair = pair

    async def exchange(self, code: str, verifier: str, is_ours: Callable[[str], Awaitable[bool]]) -> None:
        """Take the pair for an authorisation code, if `is_ours` says so of its access token (danban zalo login).

        Raises NoToken, NotSent, MaybeSent. This may be done again at any time, so nothing needs to go to disk first.
        """
        fields = {"code": code, "grant_type": "authorization_code", "code_verifier": verifier}
        answer = await self._client.form(self._url, fields | {"app_id": self._app.app_id}, secret=self._app.secret)
        said = pair_in(answer.raw)
        if said is None:
            log.warning("zalo oa: not authorised, Zalo says %s to the code", error_in(answer.raw))
            raise NoToken
        if not await is_ours(said["access_token"]):
            raise NoToken
        # The seed in the settings is overtaken by this; only another one there would be newer.
        seed = self._seal.mark(self._app.seed) if self._app.seed else None
        at, stored = self._clock.now(), None
        while stored is None:  # a refresh may have come in between: these are newer
            stored = await self._store(said, generation=(await self._load()).generation, seed=seed, at=at)

    def _is_due(self, pair: Pair) -> bool:
        """Whether a pair is to be refreshed: it ends soon, or nobody knows when, as the clock was put back since."""
        now = self._clock.now()
        return pair.expires_at - now < REFRESH_BEFORE or pair.obtained_at > now + YOUNG

    async def _current(self) -> Pair:
        pair = self._opened(await self._load())
        if pair is None or pair.expires_at <= self._clock.now():
            pair = await self._refreshed(pair)
        if pair is None or pair.expires_at <= self._clock.now():
            raise NoToken
        self._pair = pair
        return pair

    async def _load(self) -> ZaloAccount:
        async with self._database.reading() as tx:
            return await zalo_accounts.load(tx, self._app.app_id)

    def _opened(self, stored: ZaloAccount) -> Pair | None:
        """The pair in a row; None if there is none, or the settings name a newer beginning, or the seal is broken."""
        seed = self._app.seed
        if stored.tokens is None or stored.expires_at is None:
            return None
        if seed is not None and stored.seed is not None and stored.seed != self._seal.mark(seed):
            return None
        try:
            inside = self._seal.open(stored.tokens)
        except SealBroken:
            log.error("zalo oa: the stored tokens were sealed with another key; run: danban zalo login")
            return None
        return Pair.from_json(inside, generation=stored.generation, expires_at=stored.expires_at)

    async def _refreshed(self, seen: Pair | None) -> Pair | None:
        """A newer pair than the one seen, whoever fetches it; None if there is none to be had now.

        Whoever waits for it may be cancelled (at the stop, or as a message takes too long). The asking may not: what
        Zalo answers then would reach nobody, and the old pair is dead.
        """
        refreshing = asyncio.Task(self._refresh(seen))
        self._refreshing.add(refreshing)
        refreshing.add_done_callback(self._over)
        return await asyncio.shield(refreshing)

    def _over(self, refreshing: "asyncio.Task[Pair | None]") -> None:
        self._refreshing.discard(refreshing)
        if not refreshing.cancelled():
            refreshing.exception()  # perhaps nobody waits for it any more

    async def _refresh(self, seen: Pair | None) -> Pair | None:
        async with self._one_at_a_time:
            await self._recover()
            stored = await self._load()
            pair = self._opened(stored)
            if pair is not None and (seen is None or pair.generation > seen.generation):
                return pair
            token = pair.refresh if pair is not None else self._app.seed
            if token is None:
                return None
            if not await self._lease(stored.generation):
                raise BeingRenewed("the tokens are being renewed")
            if not await self._answer.has_room():
                await self._failed("the disk would not take Zalo's answer; look at DATA_DIR")
                return None
            seed = None if pair is not None else self._seal.mark(token)
            fields = {"refresh_token": token, "grant_type": "refresh_token"}
            try:
                return await self._ask(fields, stored.generation, seed=seed)
            except NotSent as error:
                log.warning("zalo oa: tokens not refreshed, no connection (%s)", error)
                async with self._database.transaction() as tx:
                    await zalo_accounts.give_back(tx, self._app.app_id)
            except MaybeSent as error:
                await self._failed(str(error))
            return None

    async def _lease(self, generation: int) -> bool:
        now = self._clock.now()
        async with self._database.transaction() as tx:
            return await zalo_accounts.lease(tx, self._app.app_id, generation=generation, now=now, until=now + LEASE)

    @property
    def _url(self) -> str:
        return f"{self._app.oauth_url}{TOKEN_PATH}"

    async def _ask(self, fields: dict[str, str], generation: int, *, seed: str | None) -> Pair | None:
        sent = fields | {"app_id": self._app.app_id}
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                answer = await self._client.form(self._url, sent, secret=self._app.secret)
        except TimeoutError:
            raise MaybeSent("no answer in time") from None
        kept = {
            "generation": generation, "seed": seed, "at": self._clock.now().timestamp(),
            "sealed": self._seal.close(answer.raw),
        }  # fmt: skip
        await self._answer.keep(kept)
        return await self._take_in(kept)

    async def _recover(self) -> None:
        """Take up an answer of Zalo's that never reached the database."""
        kept = await self._answer.found()
        if kept is not None:
            log.info("zalo oa: taking up an answer of Zalo's that the database has not taken yet")
            await self._take_in(kept)

    async def _take_in(self, kept: dict[str, Any]) -> Pair | None:
        """Put a kept answer into the database, and then away."""
        try:
            raw = self._seal.open(kept["sealed"])
        except SealBroken:
            raw = b""
        said, pair = pair_in(raw), None
        if said is not None:
            at = datetime.fromtimestamp(kept["at"], UTC)
            pair = await self._store(said, generation=kept["generation"], seed=kept["seed"], at=at)
        await self._answer.put_away()
        if said is None:
            await self._failed(f"Zalo says {error_in(raw)}")
        return pair

    async def _store(self, said: dict[str, Any], *, generation: int, seed: str | None, at: datetime) -> Pair | None:
        """Put a pair in the place of the pair `generation`; None if that is gone already."""
        pair = Pair.from_answer(said, generation=generation + 1, at=at)
        async with self._database.transaction() as tx:
            stored = await zalo_accounts.renew(
                tx, self._app.app_id, generation=generation, tokens=self._seal.close(pair.to_json()),
                expires_at=pair.expires_at, seed=seed,
            )  # fmt: skip
        if not stored:
            return None
        log.info("zalo oa: tokens renewed, good until %s", pair.expires_at.isoformat(timespec="minutes"))
        self._pair = pair
        return pair

    async def _failed(self, why: str) -> None:
        async with self._database.transaction() as tx:
            failures = await zalo_accounts.failed(tx, self._app.app_id)
        log.error("zalo oa: tokens not refreshed (%s), %s in a row; run: danban zalo status", why, failures)
        if failures >= FAILURES_TO_ALARM:
            await self._alarm(failures)
