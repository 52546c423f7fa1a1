"""What links into the chat stand for: `w_AHD` a ward, `w_AHD_g_3` its residential group, `c_PA-26-00012` a case.

A payload has at most 64 letters, digits, `_` and `-` (Bot API, deep links). A command rides in one as `name_argument`.
"""

import re
from dataclasses import dataclass

from domain.errors import DomainError

WARD, GROUP, CASE, INVITE = "w_", "_g_", "c_", "thamgia_"
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


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


def read_ward(payload: str) -> WardLink | None:
    """The ward behind a payload; None if it stands for something else."""
    if not payload.startswith(WARD):
        return None
    ward, _, group = payload.removeprefix(WARD).partition(GROUP)
    return WardLink(ward=ward, group=group or None)


def _fit(payload: str) -> str:
    if not _PAYLOAD.fullmatch(payload):
        raise DomainError("no_link_for", payload=payload)
    return payload
