"""Sealing small secrets (tokens) with the installation's key, so that a copied database or folder gives none away."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken


class SealBroken(Exception):
    """It was sealed with another key, or has been tampered with."""


class Seal:
    """Seals and opens for one purpose; `key` is the installation's (32 bytes, bot.preflight.seal_key)."""

    def __init__(self, key: bytes, purpose: str) -> None:
        self._key = hmac.new(key, f"danban:{purpose}".encode(), hashlib.sha256).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(self._key))

    def close(self, data: bytes) -> str:
        """Seal bytes; the text may be kept anywhere."""
        return self._fernet.encrypt(data).decode()

    def open(self, sealed: str) -> bytes:
        """What was sealed. Raises SealBroken."""
        try:
            return self._fernet.decrypt(sealed.encode())
        except InvalidToken:
            raise SealBroken from None

    def mark(self, text: str) -> str:
        """A short mark by which the same secret is known again; it gives nothing away (16 hexadecimal digits)."""
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()[:16]
