"""Comparing what somebody shows with a secret, whatever bytes they show."""

import hmac


def same(given: str, secret: str) -> bool:
    """Whether they are the same; takes as long for a wrong one as for a right one.

    Bytes of a header that are no UTF-8 come as halves of surrogate pairs, which plain UTF-8 would not encode.
    """
    return hmac.compare_digest(as_bytes(given), as_bytes(secret))


def as_bytes(text: str) -> bytes:
    """Any text as bytes, also half a surrogate pair, which JSON may spell."""
    return text.encode("utf-8", "surrogatepass")
