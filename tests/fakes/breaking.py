"""Deliveries that break on their way to us, as a test orders them: half a request, or an answer nobody hears."""

import asyncio
import contextlib
import random
from collections import deque
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

HALF, UNHEARD = "half", "unheard"
REMEMBERED = 500


class Breaking:
    """The breaks in store for the next deliveries, and what has been delivered so far (for repeating it)."""

    def __init__(self) -> None:
        self.ordered: list[str] = []
        self.past: deque[tuple[Any, str]] = deque(maxlen=REMEMBERED)

    def order(self, kind: str, times: int = 1) -> None:
        """The next deliveries break: `half` reaches us in part, of `unheard` the answer is lost."""
        if kind not in (HALF, UNHEARD):
            raise ValueError(kind)
        self.ordered += [kind] * times

    def take(self) -> str:
        """What happens to this delivery; "" for nothing."""
        return self.ordered.pop(0) if self.ordered else ""

    def again(self, count: int, repeat: Callable[[Any, str], None]) -> int:
        """Deliver some of what was delivered once more, in any order; how many."""
        chosen = random.sample(list(self.past), min(count, len(self.past)))
        for what, line in chosen:
            repeat(what, line)
        return len(chosen)


async def post_half(url: str, body: bytes, headers: dict[str, str]) -> None:
    """Begin a request and break off in the middle of its body. OSError if nobody listens."""
    parts = urlsplit(url)
    _reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    lines = [f"POST {parts.path} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode() + body[: len(body) // 2])
    with contextlib.suppress(ConnectionError):
        await writer.drain()
    await asyncio.sleep(0.05)
    writer.transport.abort()
