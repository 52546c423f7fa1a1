"""What a refusal of the Bot API means for a message: never, later, elsewhere, or nobody knows."""

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, TelegramError

from bot.channels.base import InDoubt, Loss, Moved, NotEdited, Outcome, Refused, RetryLater, Sent, Troubled, Unreachable
from bot.channels.telegram_request import MaybeSent, NotSent, TooFast

# Telegram's sentences (tdlib/telegram-bot-api, Client.cpp); all in lower case.
_GONE = (
    "chat not found", "message thread not found", "topic_deleted", "peer_id_invalid", "user not found",
    "chat_id is empty",
)  # fmt: skip
_MUTED = (
    "not enough rights", "have no rights to send", "chat_write_forbidden", "chat_send_", "topic_closed",
    "chat_restricted",
)  # fmt: skip
_NO_EDIT = (
    "message to edit not found", "message can't be edited", "message_id_invalid", "message identifier is not specified",
    "there is no caption in the message",
)  # fmt: skip
_DONE = "message is not modified"


def outcome_of(error: TelegramError) -> Outcome:
    """The end a sending came to by an error of python-telegram-bot or of our request class."""
    match error:
        case TooFast(seconds=seconds):
            return RetryLater(reason=str(error), seconds=seconds)
        case NotSent():
            return Unreachable(reason=str(error))
        case MaybeSent():
            return InDoubt(reason=str(error))
        case ChatMigrated(new_chat_id=new_chat_id):
            return Moved(chat=str(new_chat_id))
        case Forbidden():
            # Some of what only silences us comes as 403 too, and a group that does is not to be unbound.
            return Refused(reason=str(error), loss=Loss.MUTED if _says(error, _MUTED) else Loss.GONE)
        case BadRequest():
            return _bad_request(str(error))
        case _:
            return _not_now(error)


def outcome_of_edit(error: TelegramError, message_id: str) -> Outcome:
    """The end a change of a message came to: unlike a new message, one that is gone says nothing of its chat."""
    said = str(error).lower()
    if isinstance(error, BadRequest) and _DONE in said:
        return Sent(message_id=message_id)
    if isinstance(error, BadRequest) and any(words in said for words in _NO_EDIT):
        return NotEdited(reason=str(error))
    return outcome_of(error)


def _says(error: TelegramError, sentences: tuple[str, ...]) -> bool:
    return any(words in str(error).lower() for words in sentences)


def _not_now(error: TelegramError) -> Outcome:
    if isinstance(error, InvalidToken):
        # The installer mends it; until then everything waits.
        return Unreachable(reason="the token is not accepted")
    # 5xx: Telegram, or a gateway before it, did not manage to. How far it came nobody knows.
    return Troubled(reason="Telegram has trouble") if isinstance(error, NetworkError) else _unknown(error)


def _unknown(error: TelegramError) -> Outcome:
    return RetryLater(reason=type(error).__name__)


def _bad_request(reason: str) -> Outcome:
    said = reason.lower()
    if _DONE in said:
        return Sent(message_id="")
    if any(words in said for words in _GONE):
        return Refused(reason=reason, loss=Loss.GONE)
    if any(words in said for words in _MUTED):
        return Refused(reason=reason, loss=Loss.MUTED)
    return Refused(reason=reason)
