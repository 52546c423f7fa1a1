"""What a refusal of Zalo's Bot API means for a message: never, later, or nobody knows."""

from bot.channels.base import InDoubt, Outcome, Refused, RetryLater, Troubled
from bot.channels.zalo_allowance import QuotaRefused
from bot.channels.zalo_bot_api import Answer
from bot.channels.zalo_line import SERVER_TROUBLE

BAD_REQUEST, UNAUTHORISED, TROUBLE, NOT_FOUND, TIMEOUT, QUOTA = 400, 401, 403, 404, 408, 429
# A wrong token is mended by the installer; until then everything waits.
TOKEN_SECONDS = 300.0


def outcome_of(answer: Answer) -> Outcome:
    """The end a sending came to by an answer that is not ok."""
    said = f"Zalo says {answer.code} {answer.said}".strip()
    match answer.code:
        case code if code == UNAUTHORISED:
            return RetryLater(reason="the token is not accepted", seconds=TOKEN_SECONDS)
        case code if code == TROUBLE or code >= SERVER_TROUBLE:
            # 403 is documented as “internal server error”: no message is to blame for it.
            return Troubled(reason=said)
        case code if code == QUOTA:
            # The whole account is meant: too fast, or the month is used up.
            return QuotaRefused(reason=said, for_certain=False)
        case code if code == TIMEOUT:
            return InDoubt(reason=said)
        case _:
            return Refused(reason=said)
