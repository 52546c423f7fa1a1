"""What the ward owes somebody to be told, without words: they are found when it is sent, in the reader's language."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class NoticeKind(StrEnum):
    """What a notice tells; handlers/texts/notices.py has the words for each."""

    CASE_CARD = "case_card"
    CASE_CARD_MOVED = "case_card_moved"
    CASE_STATUS = "case_status"
    CASE_ACCEPTED = "case_accepted"
    CASE_TRANSFERRED = "case_transferred"
    CASE_ASKED = "case_asked"
    CASE_ANSWERED = "case_answered"
    CASE_CLOSED = "case_closed"
    CASE_ADDED = "case_added"
    CASE_WITHDRAWN = "case_withdrawn"
    CASE_REOPENED = "case_reopened"
    CASE_RATED = "case_rated"
    CASE_TAKEN_AWAY = "case_taken_away"
    CASE_HANDLED = "case_handled"
    CASE_DUE_SOON = "case_due_soon"
    CASE_OVERDUE = "case_overdue"
    CASE_UNTOLD = "case_untold"
    CASE_TOLD = "case_told"
    OFFICIAL_UNTOLD = "official_untold"
    BACK_AT_DESK = "back_at_desk"
    OPINION_CARD = "opinion_card"
    DIALOGUE_ANNOUNCED = "dialogue_announced"
    DIGEST = "digest"
    GROUP_GONE = "group_gone"
    ZALO_WEBHOOK_SILENT = "zalo_webhook_silent"
    ZALO_HISTORY_DIFFERS = "zalo_history_differs"
    GROUP_GREETING = "group_greeting"
    GROUP_CLOSED_TO_US = "group_closed_to_us"
    QUOTA = "quota"
    ZALO_LOGIN_NEEDED = "zalo_login_needed"
    LINK_ASKED = "link_asked"
    LINK_JOINED = "link_joined"
    LINK_REFUSED = "link_refused"
    LINK_PARTED = "link_parted"
    SLOW_DOWN = "slow_down"
    MESSAGE_SET_ASIDE = "message_set_aside"


class Priority:
    """Who goes first when the limits are tight: a person waiting, then cards, then digests."""

    REPLY = 0
    NOTICE = 1
    CARD = 2
    DIGEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to be told: its kind, the values its sentence needs (JSON) and the files that go with it (ids).

    `card` names a message that stands in the chat and is kept up to date there; "" for what is said once.
    """

    kind: NoticeKind
    params: dict[str, Any] = field(default_factory=dict)
    attachments: tuple[int, ...] = ()
    card: str = ""
