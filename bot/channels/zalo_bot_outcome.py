"""What a refusal of Zalo's Bot API means for a message: never, later, or nobody knows."""

from bot.channels.base import InDoubt, Outcome, Refused, RetryLater
from bot.channels.zalo_bot_api import Answer

BAD_REQUEST, UNAUTHORISED, TROUBLE, NOT_FOUND, TIMEOUT, QUOTA = 400, 401, 403, 404, 408, 429
# A wrong token is mended by the installer; until then everything waits.
TOKEN_SECONDS = 300.0


def outcome_of(answer: Answer) -> Outcome:
    """The end a sending came to by an answer that is not ok; 429 is the caller's (it names the whole account)."""
    said = f"Zalo says {answer.code} {answer.said}".strip()
    match answer.code:
        case code if code == UNAUTHORISED:
            return RetryLater(reason="the token is not accepted", seconds=TOKEN_SECONDS)
        case code if code == TROUBLE:
            # Documented as “internal server error”: it did not manage to.
            return RetryLater(reason=said)
        case code if code == TIMEOUT or code >= 500:
            return InDoubt(reason=said)
        case _:
            return Refused(reason=said)
