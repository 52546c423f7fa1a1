"""A word to one person in a group: on the button they tapped, shown to them alone, in private, or a neutral line."""

import logging
from contextlib import suppress

from telegram import Bot
from telegram.constants import CallbackQueryLimit
from telegram.error import BadRequest, EndPointNotFound, Forbidden, InvalidToken, TelegramError

from bot.channels.base import Delivery, Larger, Outcome, Sent
from bot.channels.splitting import units
from bot.channels.telegram_outcome import outcome_of
from handlers.engine.reply import Reply

log = logging.getLogger(__name__)


class Asides:
    """Says remarks for one bot. `ephemeral`: try the platform's own messages for one person (Bot API 10.2)."""

    def __init__(self, bot: Bot, *, ephemeral: bool) -> None:
        self._bot = bot
        # None: not known yet whether the server has them.
        self._has_ephemeral: bool | None = None if ephemeral else False

    @staticmethod
    def can_reach(reply: Reply) -> bool:
        """Whether a remark has one person to go to: an administrator who hides behind the group is nobody."""
        return bool(reply.only_for and reply.only_for.isdigit())

    @staticmethod
    def fits_button(reply: Reply) -> bool:
        """Whether it can be said on the button they tapped, which makes no message."""
        return reply.tap is not None and units(reply.text) <= CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH

    async def say(self, chat_id: int, topic: int | None, delivery: Delivery) -> Outcome:
        """Say it in the most private way that works; in the end a neutral line in the group.

        Whatever is no answer on a button may count for the group's windows, and is said only when a message fits.
        """
        reply = delivery.reply
        try:
            # None of these is a message of the group that somebody could reply to.
            if await self._on_the_button(reply):
                return Sent(message_id="")
            if not delivery.counted:
                return Larger(units=1)
            if await self._to_one(chat_id, topic, reply) or await self._private(reply):
                return Sent(message_id="")
            said = await self._bot.send_message(chat_id, reply.aloud or reply.text, message_thread_id=topic)
        except TelegramError as error:
            return outcome_of(error)
        return Sent(message_id=str(said.message_id))

    async def _on_the_button(self, reply: Reply) -> bool:
        if reply.tap is None or not self.fits_button(reply):
            return False
        with suppress(BadRequest):  # too old, or answered already
            return await self._bot.answer_callback_query(reply.tap, text=reply.text, show_alert=True)
        return False

    async def _to_one(self, chat_id: int, topic: int | None, reply: Reply) -> bool:
        if not await self._is_possible():
            return False
        asked = {"ephemeral_message_parameters": {"receiver_user_id": int(reply.only_for or 0)}}
        try:
            said = await self._bot.send_message(chat_id, reply.text, message_thread_id=topic, api_kwargs=asked)
        except BadRequest as error:
            log.info("telegram: a message for one person was refused (%s)", type(error).__name__)
            return False
        if said.message_id == 0:
            return True
        # The server did not know the parameter and showed it to everybody: take it back, and never again.
        self._has_ephemeral = False
        with suppress(BadRequest, Forbidden):
            await self._bot.delete_message(chat_id, said.message_id)
        return False

    async def _is_possible(self) -> bool:
        """Whether the server has messages for one person: one that has not knows no method to delete them."""
        if self._has_ephemeral is None:
            try:
                await self._bot.do_api_request("deleteEphemeralMessage")
                self._has_ephemeral = True
            except (EndPointNotFound, InvalidToken):  # 404; a token that is not taken is said by the next sending
                self._has_ephemeral = False
            except BadRequest:
                self._has_ephemeral = True
        return self._has_ephemeral

    async def _private(self, reply: Reply) -> bool:
        # Refused to a bot that this person has never started, or has blocked.
        with suppress(BadRequest, Forbidden):
            await self._bot.send_message(int(reply.only_for or 0), reply.text)
            return True
        return False
