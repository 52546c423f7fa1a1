"""What a refusal of Zalo's OpenAPI means for a message: never, later, when they write again, or nobody knows."""

from bot.channels.base import Held, Loss, Outcome, Refused, RetryLater, Spent, Unreachable
from bot.channels.zalo_allowance import QuotaRefused
from bot.channels.zalo_oa_client import RATE, Answer
from bot.channels.zalo_oa_tokens import TOKEN_BAD

RATE_SECONDS = 5.0

# The account itself must be mended (its package, its rights): everything waits.
ACCOUNT_BAD = frozenset({-204, -205, -221, -223, -224, -242})
QUOTA_USED_UP = frozenset({-211})
# Not a follower, refused us, banned or long away, the group has ended.
GONE = frozenset({-213, -217, -227, -237, -244})
# Their window is closed: only their own word opens it.
NOT_NOW = frozenset({-230, -232})
# Their own quota is used up, it is night for such a message: that passes by itself.
NOT_TODAY = frozenset({-218, -234})
TODAY_SECONDS = 3600.0


def outcome_of(answer: Answer) -> Outcome:
    """The end a sending came to by what Zalo answered (an `error` other than 0)."""
    code = answer.error
    said = f"Zalo says {code}"
    if code == RATE:
        return RetryLater(reason=said, seconds=RATE_SECONDS)
    if code in TOKEN_BAD or code in ACCOUNT_BAD:
        return Unreachable(reason=said)
    if code in QUOTA_USED_UP:
        return QuotaRefused(reason=said, for_certain=True)
    if code in NOT_NOW:
        return Held(reason=said)
    if code in NOT_TODAY:
        return Spent(reason=said, seconds=TODAY_SECONDS)
    # Everything else was wrong with the message itself, and would be again.
    return Refused(reason=said, loss=Loss.GONE if code in GONE else None)
