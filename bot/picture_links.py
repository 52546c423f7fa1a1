"""Addresses under which a platform can fetch one picture for a short while: signed, ending, not to be guessed."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, Signer

PATH = "/anh/"
MINUTES = 60


class PictureLinks:
    """Makes and opens these addresses. `key`: 32 secret bytes; `public_url`: where the world reaches us."""

    def __init__(self, key: bytes, public_url: str) -> None:
        derived = hmac.new(key, b"picture", hashlib.sha256).digest()
        self._signer = Signer(derived, salt="picture", digest_method=hashlib.sha256)
        self._public_url = public_url
        # A platform fetches from outside, and only over a safe line.
        self.reachable = public_url.startswith("https://")

    def url(self, attachment_id: int, now: datetime) -> str:
        """The address of one picture, good for `MINUTES`."""
        until = int((now + timedelta(minutes=MINUTES)).timestamp())
        return f"{self._public_url}{PATH}{self._signer.sign(f'{attachment_id}-{until}').decode()}"

    def opened(self, token: str, now: datetime) -> int | None:
        """The picture an address of ours stands for; None when it is not ours, or its time is over."""
        try:
            attachment_id, _, until = self._signer.unsign(token).decode().partition("-")
        except (BadSignature, UnicodeError):
            return None
        return int(attachment_id) if now < datetime.fromtimestamp(int(until), UTC) else None
