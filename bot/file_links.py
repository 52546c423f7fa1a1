"""Addresses under which one file can be fetched for a while, by a platform or a reader: signed, ending, unguessable."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, Signer

PATH = "/tai/"
# A platform fetches at once.
FOR_PLATFORMS = timedelta(hours=1)


class FileLinks:
    """Makes and opens these addresses. `key`: 32 secret bytes; `public_url`: where the world reaches us."""

    def __init__(self, key: bytes, public_url: str) -> None:
        derived = hmac.new(key, b"file", hashlib.sha256).digest()
        self._signer = Signer(derived, salt="file", digest_method=hashlib.sha256)
        self._public_url = public_url
        # A platform fetches from outside, and only over a safe line.
        self.reachable = public_url.startswith("https://")

    def url(self, attachment_id: int, name: str, now: datetime, *, lasts: timedelta = FOR_PLATFORMS) -> str:
        """The address of one file, good for `lasts`; `name` (bot.file_types.file_name) only ends it."""
        until = int((now + lasts).timestamp())
        return f"{self._public_url}{PATH}{self._signer.sign(f'{attachment_id}-{until}').decode()}/{name}"

    def opened(self, token: str, now: datetime) -> int | None:
        """The file an address of ours stands for; None when it is not ours, or its time is over."""
        try:
            attachment_id, _, until = self._signer.unsign(token).decode().partition("-")
        except (BadSignature, UnicodeError):
            return None
        return int(attachment_id) if now < datetime.fromtimestamp(int(until), UTC) else None
