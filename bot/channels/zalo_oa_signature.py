"""Whether a webhook call comes from Zalo: `X-ZEvent-Signature`, and how old the event says it is."""

import hashlib
import json
from datetime import UTC, datetime

from bot.web.secrets import as_bytes, same

HEADER = "X-ZEvent-Signature"
PREFIX = "mac="


def signature(app_id: str, body: bytes, timestamp: str, secret: str) -> str:
    """sha256(app_id + raw body + timestamp + OA secret key), plainly concatenated, as hexadecimal digits."""
    return hashlib.sha256(app_id.encode() + body + as_bytes(timestamp) + secret.encode()).hexdigest()


def is_genuine(given: str, *, app_id: str, body: bytes, secret: str) -> bool:
    """Whether a header's signature fits a body; takes as long for a wrong one as for a right one."""
    wanted = signature(app_id, body, stamp_in(body), secret)
    return same(given.strip().removeprefix(PREFIX).strip().lower(), wanted)


def stamp_in(body: bytes) -> str:
    """The body's `timestamp` as it is written there; "" if there is none."""
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    stamp = raw.get("timestamp") if isinstance(raw, dict) else None
    return str(stamp) if isinstance(stamp, str | int) else ""


def moment(stamp: object) -> datetime | None:
    """A timestamp (milliseconds, mostly as text) as an instant; None if it is none."""
    try:
        return datetime.fromtimestamp(int(str(stamp)) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
