"""What links into the chat stand for: `w_AHD` a ward, `w_AHD_g_3` its residential group, `c_PA-26-00012` a case.

A payload has at most 64 letters, digits, `_` and `-` (Bot API, deep links). A command rides in one as `name_argument`.
"""

import re
from dataclasses import dataclass

from domain.errors import DomainError
from storage.accounts import KnownAccount

WARD, GROUP, CASE, INVITE, LINK = "w_", "_g_", "c_", "thamgia_", "lienket_"
TELEGRAM = "telegram"
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
# Letters and digits as actions.manage_people.CODE_ALPHABET has them, in two fours or in one piece.
_LINKING = re.compile(
    r"(?:/LIENKET\s+|/LINK\s+|/(?:START|BATDAU)\s+LIENKET_)?([A-HJKMNP-Z2-9]{4})[\s.-]?([A-HJKMNP-Z2-9]{4})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WardLink:
    """A ward, and the residential group whose poster it was; codes as they were written."""

    ward: str
    group: str | None


def to_ward(ward: str, group: str | None = None) -> str:
    """The payload of a ward's link. DomainError `no_link_for` if its codes cannot stand in one."""
    return _fit(f"{WARD}{ward}{GROUP}{group}" if group else f"{WARD}{ward}")


def to_case(code: str) -> str:
    """The payload of one case's link: it opens for whom the case concerns."""
    return _fit(f"{CASE}{code}")


def to_invite(code: str) -> str:
    """The payload of an invite's link."""
    return _fit(f"{INVITE}{code}")


def to_link(code: str) -> str:
    """The payload of a link that types a linking code."""
    return _fit(f"{LINK}{code}")


def for_person(account: KnownAccount, payload: str) -> str | None:
    """The link that opens a private chat with this account; None where its platform has none."""
    return f"https://t.me/{account.name}?start={payload}" if account.on.channel == TELEGRAM else None


def read_ward(payload: str) -> WardLink | None:
    """The ward behind a payload; None if it stands for something else."""
    if not payload.startswith(WARD):
        return None
    ward, _, group = payload.removeprefix(WARD).partition(GROUP)
    return WardLink(ward=ward, group=group or None)


def read_code(text: str) -> str | None:
    """The linking code that a message is, if it is nothing else: bare, after `/lienket`, or by a link that types it."""
    found = _LINKING.fullmatch(text.strip().upper())
    if found is None:
        return None
    code = found[1] + found[2]
    return code if 0 < sum(sign.isdigit() for sign in code) < len(code) else None


def _fit(payload: str) -> str:
    if not _PAYLOAD.fullmatch(payload):
        raise DomainError("no_link_for", payload=payload)
    return payload
