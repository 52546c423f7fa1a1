"""One Telegram bot put together: who it is, how updates reach it, its menus, and the jobs that keep it going."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine, MutableMapping, Sequence
from typing import Any

from aiohttp import web
from telegram.error import InvalidToken, TelegramError

from bot import pulse
from bot.channels.base import Channel
from bot.channels.telegram import Telegram
from bot.channels.telegram_files import TelegramFiles
from bot.channels.telegram_intake import Intake, as_update
from bot.channels.telegram_menus import Menus
from bot.channels.telegram_poller import Poller
from bot.channels.telegram_webhook import Webhook
from bot.clock import Clock
from bot.duties import Duty
from bot.fetching import FetchWorker
from bot.limits import Limits, Window
from bot.links import webhook_url
from bot.received_files import file_limits
from bot.settings import Settings, TelegramMode
from bot.settings_values import BotToken
from bot.stored_files import FOLDER
from bot.web.webhooks import Door
from bot.working import unless
from handlers.context import Book
from storage import accounts
from storage.accounts import KnownAccount
from storage.base import Account
from storage.database import Database
from storage.line import Line

log = logging.getLogger(__name__)
# At DEBUG, python-telegram-bot writes every message it sends: what people say belongs in no log.
logging.getLogger("telegram").setLevel(logging.INFO)

RETRY_SECONDS = 2.0
RETRY_SECONDS_MAX = 60.0
TOKEN_SECONDS = 300.0
MENU_SECONDS = 10.0
FETCHERS = 3

Step = Callable[[], Coroutine[Any, Any, None]]
Job = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


def limits_of(settings: Settings) -> Limits:
    """Telegram's limits as the settings have them; of one chat: a small burst, and so many a second on the average."""
    burst = settings.telegram_chat_burst
    return Limits(
        account=(Window(count=settings.telegram_per_second, seconds=1),),
        chat=(Window(count=burst, seconds=burst / settings.telegram_chat_per_second),),
        group=(Window(count=settings.telegram_group_per_minute, seconds=60),),
        margin_seconds=settings.limit_margin_ms / 1000,
    )


class TelegramAccount:
    """One bot. Once Telegram has said who it is, it is put among the channels, and its updates are handled.

    Whoever takes updates in (the web duty by webhook, the inbox duty by polling) answers their taps as well. Polling,
    setting the webhook and the menus is done by one process alone (`Line.sole`), with the inbox duty.
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
        folder = settings.data_dir / FOLDER
        self._settings = settings
        self._channels = channels
        self._line = line
        self._database = database
        self._clock = clock
        self._ward_code = bot.ward_code
        self.telegram = Telegram(
            token=bot.token, api_url=settings.telegram_api_url, database=database, folder=folder,
            limits=limits_of(settings), ward_code=bot.ward_code, ephemeral=settings.telegram_ephemeral == "auto",
        )  # fmt: skip
        self.on = self.telegram.on
        self.intake = Intake(self.telegram, database, clock)
        url = webhook_url(settings.public_url, self.telegram.account)
        secret = settings.telegram_webhook_secret
        self._webhook = Webhook(self.telegram.bot, self.telegram.account, url=url, secret=secret)
        self._poller = Poller(self.telegram, self.intake)
        self._menus = Menus(self.telegram.bot, self.telegram.account, book, database)
        files = TelegramFiles(self.telegram, folder, file_limits(settings))
        self._introduced = asyncio.Event()
        self._fetching = FetchWorker(database, {self.telegram.on: files}, clock, lease_seconds=settings.lease_seconds)

    def routes(self) -> Sequence[web.RouteDef]:
        """Where Telegram calls in, in webhook mode."""
        secret = self._settings.telegram_webhook_secret
        if self._settings.telegram_mode is not TelegramMode.WEBHOOK or secret is None:
            return ()
        door = Door(account=self.telegram.account, secret=secret, is_open=self._introduced.is_set, take=self._take)
        return door.routes()

    def jobs(self, duties: frozenset[Duty]) -> Sequence[Job]:
        """What a process with these duties keeps running."""
        jobs: list[Job] = [self._introduce_itself]
        if Duty.INBOX in duties:
            jobs += [self._live, *[self._fetch] * FETCHERS]
        takes_in = Duty.INBOX if self._settings.telegram_mode is TelegramMode.POLLING else Duty.WEB
        if takes_in in duties:
            jobs.append(self._answer_taps)
        return jobs

    async def close(self) -> None:
        """Close its connections."""
        await self.telegram.request.shutdown()

    async def _take(self, body: bytes) -> bool:
        update = as_update(body)
        if update is None:
            return False
        await self.intake.store([update])
        pulse.heard(self.on)
        return True

    async def _fetch(self, stop: asyncio.Event) -> None:
        await unless(stop, self._introduced.wait)
        if not stop.is_set():
            await self._fetching.run(stop)

    async def _introduce_itself(self, stop: asyncio.Event) -> None:
        await unless(stop, lambda: self._until_done(self._introduce))

    async def _live(self, stop: asyncio.Event) -> None:
        async def alone() -> None:
            async with self._line.sole(f"telegram:{self.telegram.account}") as lost:
                await unless(lost, lambda: self._live_alone(stop))

        await unless(stop, self._introduced.wait)
        while not stop.is_set():
            await unless(stop, alone)

    async def _live_alone(self, stop: asyncio.Event) -> None:
        await self._until_done(self._set_up)
        async with asyncio.TaskGroup() as tasks:
            if self._settings.telegram_mode is TelegramMode.POLLING:
                tasks.create_task(self._poller.run(stop))
            else:
                tasks.create_task(unless(stop, self._webhook.keep))
            tasks.create_task(self._keep_menus(stop))

    async def _introduce(self) -> None:
        user = await self.telegram.bot.get_me()
        self.telegram.introduce(user.username or "")
        known = KnownAccount(on=self.on, name=user.username or "", ward_code=self._ward_code)
        try:
            async with self._database.transaction() as tx:
                await accounts.remember(tx, known, now=self._clock.now())
        except Exception as error:  # links are a comfort: a database that is away is waited for elsewhere
            log.warning("telegram: the bot's name was not kept (%s)", type(error).__name__)
        self._channels[self.telegram.on] = self.telegram
        self._introduced.set()
        log.info("telegram: this is @%s", user.username)

    async def _set_up(self) -> None:
        """Have updates come the way the settings say; nothing that waits at Telegram is ever dropped."""
        if self._settings.telegram_mode is TelegramMode.POLLING:
            await self.telegram.bot.delete_webhook(drop_pending_updates=False)
        else:
            await self._webhook.set()

    async def _keep_menus(self, stop: asyncio.Event) -> None:
        await self._until_done(self._menus.set_private)
        while not stop.is_set():
            try:
                looked_at = await self._menus.set_groups()
            except Exception as error:  # a menu is a comfort: nothing else may suffer from it
                log.warning("telegram: the menus were not set (%s)", type(error).__name__)
                looked_at = 0
            if not looked_at:
                await asyncio.sleep(MENU_SECONDS)

    async def _answer_taps(self, stop: asyncio.Event) -> None:
        await unless(stop, self._answer_every_tap)

    async def _answer_every_tap(self) -> None:
        """Take the little clock off a tapped button; a tap too old for that is fine."""
        while True:
            due, tap = await self.intake.taps.get()
            await asyncio.sleep(due - asyncio.get_running_loop().time())
            with contextlib.suppress(TelegramError):
                await self.telegram.bot.answer_callback_query(tap)

    async def _until_done(self, work: Step) -> None:
        """Try until Telegram takes part; a token that is not accepted is said plainly and tried again."""
        wait = RETRY_SECONDS
        while True:
            try:
                await work()
                pulse.heard(self.on)
                return
            except InvalidToken:
                pulse.failed(self.on, "its token is not accepted")
                log.error("telegram: the token of bot %s is not accepted; run: danban check", self.telegram.account)
                wait = TOKEN_SECONDS
            except TelegramError as error:
                pulse.failed(self.on, type(error).__name__)
                log.warning("telegram: %s; trying again in %s s", type(error).__name__, wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, RETRY_SECONDS_MAX)
