"""Where Telegram brings one bot's updates: set at the start, and looked after from then on.

Anybody with the token may take it away: a second installation that polls for a minute is enough.
"""

import asyncio
import logging

from telegram import Bot
from telegram.error import TelegramError

from bot import pulse
from bot.channels.telegram_poller import ALLOWED_UPDATES
from bot.channels.telegram_update import NAME
from storage.base import Account

log = logging.getLogger(__name__)

LOOK_SECONDS = 300.0
ELSEWHERE = "its webhook is set to an address that is not ours"


class Webhook:
    """One bot's webhook, at `url`."""

    def __init__(self, bot: Bot, account: str, *, url: str, secret: str | None) -> None:
        self._bot = bot
        self._on = Account(NAME, account)
        self._url = url
        self._secret = secret

    async def set(self) -> None:
        """Have updates brought here (Bot API `setWebhook`); nothing that waits at Telegram is ever dropped."""
        await self._bot.set_webhook(
            self._url, secret_token=self._secret, allowed_updates=list(ALLOWED_UPDATES), drop_pending_updates=False
        )

    async def keep(self) -> None:
        """Look now and then whether it stands. One that is gone is set anew; one of somebody else's is told, or two
        installations would take it from each other for ever."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self._look()
            except TelegramError as error:
                pulse.failed(self._on, type(error).__name__)

    async def _look(self) -> None:
        """`getWebhookInfo`."""
        stands = (await self._bot.get_webhook_info()).url
        if stands and stands != self._url:
            pulse.failed(self._on, ELSEWHERE)
            log.error("telegram: %s; run: danban check", ELSEWHERE)
            return
        if not stands:
            log.warning("telegram: the webhook was gone and is set anew; does another installation use this token?")
            await self.set()
        pulse.heard(self._on)
