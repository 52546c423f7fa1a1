"""One Zalo Official Account put together: its webhook, its tokens, and the jobs that keep it going."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine, MutableMapping, Sequence
from datetime import timedelta
from typing import Any

from aiohttp import web

from actions import tell_trouble
from bot.channels.base import Channel
from bot.channels.zalo_apart import FilesApart
from bot.channels.zalo_files import ZaloFiles
from bot.channels.zalo_oa import Charges, ZaloOfficialAccount
from bot.channels.zalo_oa_answer import FOLDER as ZALO_FOLDER
from bot.channels.zalo_oa_calling import CallTemplate
from bot.channels.zalo_oa_client import ZaloClient
from bot.channels.zalo_oa_door import PATH, ZaloOaDoor
from bot.channels.zalo_oa_event import NAME
from bot.channels.zalo_oa_files import ZaloOaFiles
from bot.channels.zalo_oa_history import CaughtUp
from bot.channels.zalo_oa_intake import IntakeRules, ZaloOaIntake
from bot.channels.zalo_oa_login import NotAuthorised, ZaloOaLogin, page
from bot.channels.zalo_oa_pace import shares
from bot.channels.zalo_oa_tokens import Application, Tokens
from bot.channels.zalo_oa_upkeep import Upkeep, UpkeepRules
from bot.clock import Clock
from bot.duties import Duty
from bot.fetching import FetchWorker
from bot.limits import Limits, Window
from bot.received_files import file_limits
from bot.sealing import Seal
from bot.settings import Settings
from bot.stored_files import FOLDER
from bot.working import unless
from domain.contact_window import ContactWindow
from storage import zalo_accounts
from storage.base import Account
from storage.database import Database, Transaction
from storage.line import Line

log = logging.getLogger(__name__)

SETTLE_SECONDS = 1.0
FETCHERS = 3
GETOA_PATH = "/v2.0/oa/getoa"

Job = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


class ZaloOaAccount:
    """One account. It can be written to and read as soon as it is made; whose it is, Zalo says later."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        line: Line,
        channels: MutableMapping[Account, Channel],
        clock: Clock,
        *,
        key: bytes,
    ) -> None:
        self._app_id = settings.zalo_oa_app_id or ""
        self.on = Account(NAME, self._app_id)
        self._settings, self._database, self._line, self._clock = settings, database, line, clock
        self.client = ZaloClient()
        seal = Seal(key, "zalo-oa")
        self.tokens = Tokens(
            _application(settings), self.client, database, seal, clock, folder=settings.data_dir, alarm=self._alarm
        )
        self.login = ZaloOaLogin(
            key, app_id=self._app_id, oauth_url=settings.zalo_oauth_url, public_url=settings.public_url
        )
        self.intake = ZaloOaIntake(
            _rules(settings, seal), database, clock, settings.data_dir / ZALO_FOLDER / self._app_id
        )
        self.channel = channels[self.on] = ZaloOfficialAccount(
            app_id=self._app_id, api_url=settings.zalo_oa_api_url, client=self.client, tokens=self.tokens,
            database=database, folder=settings.data_dir / FOLDER, charges=_charges(settings),
            limits=_limits(settings),
            apart=FilesApart.from_settings(settings, api_url=settings.zalo_oa_api_url, setting="ZALO_OA_API_URL"),
        )  # fmt: skip
        files = file_limits(settings)
        self._files = ZaloFiles(settings.zalo_oa_file_hosts, bytes_max=files.largest)
        fetcher = ZaloOaFiles(self._app_id, self._files, settings.data_dir / FOLDER, files)
        self.upkeep = Upkeep(
            _upkeep_rules(settings), self.on, client=self.client, tokens=self.tokens, intake=self.intake,
            database=database, clock=clock, is_ours=self.is_ours, silent=self._silent,
        )  # fmt: skip
        self._fetching = FetchWorker(database, {self.on: fetcher}, clock, lease_seconds=settings.lease_seconds)

    def routes(self) -> Sequence[web.RouteDef]:
        """Where Zalo calls in, and where a manager comes back to after agreeing."""
        agreed = web.get(f"{PATH}{self._app_id}/dong-y", self._agreed)
        return (*ZaloOaDoor(self.intake, self._app_id).routes(), agreed)

    def jobs(self, duties: frozenset[Duty]) -> Sequence[Job]:
        """What a process with these duties keeps running."""
        jobs: list[Job] = []
        if Duty.WEB in duties:
            jobs.append(self._settle)
        if Duty.INBOX in duties:
            jobs += [self._live, *[self._fetching.run] * FETCHERS]
        return jobs

    async def close(self) -> None:
        """Close its connections, once what was asked of Zalo is answered."""
        await self.tokens.close()
        await self._files.close()
        await self.client.close()

    async def is_ours(self, access_token: str) -> bool:
        """Whether a token is for our Official Account; the first one says which that is. Raises NotSent, MaybeSent."""
        answer = await self.client.get(f"{self._settings.zalo_oa_api_url}{GETOA_PATH}", token=access_token)
        said = answer.data if isinstance(answer.data, dict) else {}
        # Zalo's pages say `oaid`, many who use it `oa_id`.
        oa_id, name = str(said.get("oaid") or said.get("oa_id") or ""), str(said.get("name") or "")
        if answer.error or not oa_id:
            log.warning("zalo oa: Zalo does not say whose these tokens are (%s)", answer.error)
            return False
        async with self._database.transaction() as tx:
            known = await zalo_accounts.load(tx, self._app_id)
            if known.oa_id not in (None, oa_id):
                log.error("zalo oa: these tokens are for another Official Account")
                return False
            await zalo_accounts.introduce(tx, self._app_id, oa_id=oa_id, name=name)
        self.intake.oa_id = oa_id
        return True

    async def _settle(self, stop: asyncio.Event) -> None:
        """Read back what had to go to disk, as long as there is something; cheap when there is nothing."""
        while not stop.is_set():
            try:
                if await self.intake.settle():
                    log.info("zalo oa: events read back from disk")
                await self.intake.sweep(self._clock.now())
            except Exception as error:  # whatever keeps the database away: it all stays on disk
                log.warning("zalo oa: events wait on disk (%s)", type(error).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), SETTLE_SECONDS)

    async def _live(self, stop: asyncio.Event) -> None:
        async def alone() -> None:
            async with self._line.sole(f"{NAME}:{self._app_id}") as lost:
                await unless(lost, self.upkeep.run)

        while not stop.is_set():
            await unless(stop, alone)

    async def _alarm(self, failures: int) -> None:
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await tell_trouble.zalo_login_needed(
                tx, self.on, link=self.login.link(), now=now, key=f"zalo_login:{self._app_id}:{now:%Y%m%d}"
            )

    async def _silent(self, caught: CaughtUp) -> None:
        now = self._clock.now()
        async with self._database.transaction() as tx:
            if caught.refused:
                key = f"zalo_history:{self._app_id}:{now:%Y%m%d}"
                await tell_trouble.zalo_history_differs(tx, now=now, key=key)
            else:
                key = f"zalo_silent:{self._app_id}:{now:%Y%m%d}"
                await tell_trouble.zalo_webhook_silent(tx, missed=caught.added, now=now, key=key)

    async def name(self, tx: Transaction) -> str:
        """What the Official Account is called, "" if Zalo has not said so."""
        return (await zalo_accounts.load(tx, self._app_id)).name or ""

    async def _agreed(self, request: web.Request) -> web.Response:
        """GET …/dong-y: a manager has agreed at Zalo and comes back with a code."""
        code, state = request.query.get("code", ""), request.query.get("state", "")
        try:
            await self.login.come_back(self.tokens, code=code, state=state, is_ours=self.is_ours)
        except NotAuthorised:
            return page(
                "Chưa kết nối được với Zalo OA. Vui lòng mở lại đường dẫn, hoặc chạy: danban zalo login",
                "Not connected. Open the link again, or run: danban zalo login", status=400,
            )  # fmt: skip
        return page("Đã kết nối với Zalo OA. Có thể đóng trang này.", "Connected. You may close this page.", status=200)


def _application(settings: Settings) -> Application:
    return Application(
        app_id=settings.zalo_oa_app_id or "", secret=settings.zalo_oa_app_secret or "",
        oauth_url=settings.zalo_oauth_url, seed=settings.zalo_oa_refresh_token,
    )  # fmt: skip


def _rules(settings: Settings, seal: Seal) -> IntakeRules:
    key = settings.zalo_oa_secret_key or ""
    return IntakeRules(
        app_id=settings.zalo_oa_app_id or "", key=key, key_mark=seal.mark(key), strict=settings.zalo_oa_strict,
        answer_within=timedelta(milliseconds=settings.zalo_oa_answer_ms),
        age_max=timedelta(hours=settings.zalo_oa_event_max_hours), quarantine_max=settings.zalo_oa_quarantine_max,
    )  # fmt: skip


def _limits(settings: Settings) -> Limits:
    messages, _upkeep = shares(settings.zalo_oa_per_minute)
    calls = Window(count=messages, seconds=60)
    return Limits(account=(calls,), margin_seconds=settings.limit_margin_ms / 1000)


def _upkeep_rules(settings: Settings) -> UpkeepRules:
    _messages, calls = shares(settings.zalo_oa_per_minute)
    return UpkeepRules(
        calls=calls,
        api_url=settings.zalo_oa_api_url,
        catch_up=timedelta(hours=settings.zalo_oa_catch_up_hours), quiet=timedelta(hours=settings.zalo_oa_quiet_hours),
        template=CallTemplate.from_settings(settings.zalo_oa_template_id, settings.zalo_oa_template_fields),
    )  # fmt: skip


def _charges(settings: Settings) -> Charges:
    window = ContactWindow(
        free=timedelta(hours=settings.zalo_oa_free_hours), closed=timedelta(days=settings.zalo_oa_closed_days)
    )
    return Charges(window=window, billed_ok=settings.zalo_oa_billed_ok, monthly=settings.zalo_oa_monthly_messages)
