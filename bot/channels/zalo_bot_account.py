"""One Zalo Bot put together: who it is, how its events reach us, and the jobs that keep it going."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, MutableMapping, Sequence
from typing import Any

from aiohttp import web

from actions.watch_quota import watch_people
from bot import pulse
from bot.channels.base import Channel
from bot.channels.zalo_allowance import Allowance
from bot.channels.zalo_apart import FilesApart
from bot.channels.zalo_bot import ZaloBot
from bot.channels.zalo_bot_api import ZaloBotApi
from bot.channels.zalo_bot_door import ZaloBotDoor
from bot.channels.zalo_bot_files import ZaloBotFiles
from bot.channels.zalo_bot_intake import ZaloBotIntake
from bot.channels.zalo_bot_outcome import NOT_FOUND, UNAUTHORISED
from bot.channels.zalo_bot_poller import ZaloBotPoller
from bot.channels.zalo_bot_update import NAME
from bot.channels.zalo_files import ZaloFiles
from bot.channels.zalo_line import MaybeSent, NotSent
from bot.clock import Clock
from bot.duties import Duty
from bot.fetching import FetchWorker
from bot.received_files import file_limits
from bot.settings import Settings, ZaloBotMode
from bot.settings_values import BotToken
from bot.stored_files import FOLDER
from bot.working import unless
from handlers.context import Book
from storage import quotas
from storage.base import Account
from storage.database import Database
from storage.line import Line

log = logging.getLogger(__name__)

RETRY_SECONDS = 2.0
RETRY_SECONDS_MAX = 60.0
TOKEN_SECONDS = 300.0
# How often the people of the account are counted.
COUNT_SECONDS = 3600.0
FETCHERS = 2

Job = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


def files_apart(settings: Settings) -> FilesApart:
    """How Zalo fetches files from us, and people those that Zalo does not carry."""
    return FilesApart.from_settings(settings, api_url=settings.zalo_bot_api_url, setting="ZALO_BOT_API_URL")


class ZaloBotAccount:
    """One bot. It needs nothing of Zalo to take events in, so that none is turned away while Zalo is asked who it is.

    Polling and setting the webhook is done by one process alone (`Line.sole`), with the inbox duty.
    """

    def __init__(
        self,
        bot: BotToken,
        settings: Settings,
        database: Database,
        line: Line,
        channels: MutableMapping[Account, Channel],
        book: Book,
        clock: Clock,
    ) -> None:
        account = bot.account
        self.on = Account(NAME, account)
        self._settings = settings
        self._database = database
        self._line = line
        self._clock = clock
        self.api = ZaloBotApi(token=bot.token, url=settings.zalo_bot_api_url)
        self.zalo = ZaloBot(
            self.api, account=account, names=(settings.zalo_bot_name,) if settings.zalo_bot_name else (),
            commands=book.said_in_groups, ward_code=bot.ward_code, database=database, apart=files_apart(settings),
            allowance=Allowance(database, self.on, most=settings.zalo_bot_monthly_messages),
        )  # fmt: skip
        channels[self.on] = self.zalo
        self.intake = ZaloBotIntake(account, database, clock)
        self._poller = ZaloBotPoller(self.api, self.intake)
        limits = file_limits(settings)
        self._files = ZaloFiles(settings.zalo_bot_file_hosts, bytes_max=limits.largest)
        fetcher = ZaloBotFiles(self.api, account, settings.data_dir / FOLDER, self._files, limits)
        self._fetching = FetchWorker(database, {self.on: fetcher}, clock, lease_seconds=settings.lease_seconds)

    def routes(self) -> Sequence[web.RouteDef]:
        """Where Zalo calls in, in webhook mode."""
        secret = self._settings.zalo_bot_webhook_secret
        if self._settings.zalo_bot_mode is not ZaloBotMode.WEBHOOK or secret is None:
            return ()
        return ZaloBotDoor(account=self.on.account, secret=secret, take=self.intake.take).routes()

    def jobs(self, duties: frozenset[Duty]) -> Sequence[Job]:
        """What a process with these duties keeps running."""
        jobs: list[Job] = [self._introduce_itself]
        if Duty.INBOX in duties:
            jobs += [self._live, *[self._fetching.run] * FETCHERS]
        if Duty.SCHEDULER in duties:
            jobs.append(self._count_people)
        return jobs

    async def close(self) -> None:
        """Close its connections."""
        await self.api.close()
        await self._files.close()

    async def _introduce_itself(self, stop: asyncio.Event) -> None:
        await unless(stop, self._introduce)

    async def _introduce(self) -> None:
        """Learn the names people mention it by."""
        me = await self._until_ok("getMe", {})
        if str(me.get("id") or "") not in ("", self.on.account):
            log.warning("zalo bot: Zalo gives the bot another id than its token has")
        self.zalo.introduce(str(me.get("display_name") or ""))
        self.zalo.introduce(str(me.get("account_name") or ""))

    async def _live(self, stop: asyncio.Event) -> None:
        async def alone() -> None:
            async with self._line.sole(f"{NAME}:{self.on.account}") as lost:
                await unless(lost, lambda: self._live_alone(stop))

        while not stop.is_set():
            await unless(stop, alone)

    async def _live_alone(self, stop: asyncio.Event) -> None:
        await self._set_up()
        if self._settings.zalo_bot_mode is ZaloBotMode.POLLING:
            with pulse.asking(self.on):
                await self._poller.run(stop)
        else:
            await stop.wait()

    async def _set_up(self) -> None:
        """Have events come the way the settings say."""
        if self._settings.zalo_bot_mode is ZaloBotMode.POLLING:
            await self._until_ok("deleteWebhook", {}, fine=NOT_FOUND)
            return
        url = f"{self._settings.public_url}/webhook/zalo-bot/{self.on.account}"
        secret = self._settings.zalo_bot_webhook_secret or ""
        said = (await self._until_ok("setWebhook", {"url": url, "secret_token": secret})).get("verification")
        if isinstance(said, dict) and not said.get("ok", True):
            log.error("zalo bot: Zalo cannot call %s (%s); run: danban check", url, said.get("outcome"))

    async def _until_ok(self, method: str, params: dict[str, str], fine: int = 0) -> dict[str, object]:
        """Call until Zalo takes part; a token that is not accepted is said plainly and tried again."""
        wait = RETRY_SECONDS
        while True:
            try:
                answer = await self.api.call(method, params)
            except (NotSent, MaybeSent) as error:
                pulse.failed(self.on, type(error).__name__)
                log.warning("zalo bot: %s: %s; trying again in %s s", method, error, wait)
            else:
                if answer.ok or answer.code == fine:
                    pulse.heard(self.on)
                    return answer.result if isinstance(answer.result, dict) else {}
                pulse.failed(self.on, f"{method}: {answer.code}")
                log.error("zalo bot: %s: Zalo says %s; run: danban check", method, answer.code)
                wait = TOKEN_SECONDS if answer.code == UNAUTHORISED else wait
            await asyncio.sleep(wait)
            wait = min(wait * 2, max(wait, RETRY_SECONDS_MAX))

    async def _count_people(self, stop: asyncio.Event) -> None:
        await unless(stop, self._count_again_and_again)

    async def _count_again_and_again(self) -> None:
        while True:
            try:
                async with self._database.transaction() as tx:
                    count = await quotas.contacts_on(tx, self.on)
                    now, most = self._clock.now(), self._settings.zalo_bot_users
                    await watch_people(tx, self.on, count=count, most=most, now=now)
            except Exception as error:  # counted again the next time
                log.error("zalo bot: people could not be counted (%s)", type(error).__name__)
            await asyncio.sleep(COUNT_SECONDS)
