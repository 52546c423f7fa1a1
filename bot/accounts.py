"""The accounts of this installation, each kept alive on its platform: one Telegram bot, one Zalo account."""

import asyncio
from collections.abc import Callable, Coroutine, MutableMapping, Sequence
from typing import Any, Protocol

from aiohttp import web

from bot.channels.base import Channel
from bot.channels.telegram_account import TelegramAccount
from bot.channels.zalo_bot_account import ZaloBotAccount
from bot.channels.zalo_oa_account import ZaloOaAccount
from bot.clock import Clock
from bot.duties import Duty
from bot.preflight import seal_key
from bot.settings import Settings
from handlers.book import BOOK
from storage.base import Account
from storage.database import Database
from storage.line import Line

# Runs until `stop` is set and then returns as soon as it can; whatever takes too long is cancelled.
Job = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


class LiveAccount(Protocol):
    """One account of ours. It puts its channel among the channels once it can read and send (and not before)."""

    @property
    def on(self) -> Account:
        """Which account it is."""

    def routes(self) -> Sequence[web.RouteDef]:
        """Where its platform calls in, below /webhook/; none when it does not."""

    def jobs(self, duties: frozenset[Duty]) -> Sequence[Job]:
        """What a process with these duties has to keep running for it. A wrong token or a platform that is away is
        waited for in there: it must not end the process, nor hold up the other accounts."""

    async def close(self) -> None:
        """Close its connections."""


def live_accounts(
    settings: Settings, database: Database, line: Line, channels: MutableMapping[Account, Channel], clock: Clock
) -> list[LiveAccount]:
    """Every account the settings name. A new platform is one line here."""
    accounts: list[LiveAccount] = [
        *(TelegramAccount(bot, settings, database, line, channels, BOOK, clock) for bot in settings.telegram_token),
        *(ZaloBotAccount(bot, settings, database, line, channels, BOOK, clock) for bot in settings.zalo_bot_token),
    ]
    if settings.zalo_oa_app_id:
        accounts.append(ZaloOaAccount(settings, database, line, channels, clock, key=seal_key(settings)))
    return accounts
