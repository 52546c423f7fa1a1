"""When each of our accounts was last heard of in this process: whether its line is alive, for those who watch."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from storage.base import Account

# A long poll lasts half a minute, and its back-off as long; after this nobody is there.
SILENCE_SECONDS = 120.0


@dataclass(slots=True)
class Pulse:
    """One account's signs of life, in seconds of a clock that never jumps; `trouble` is the last failure's kind."""

    asks: bool = False
    heard_at: float = field(default_factory=time.monotonic)
    trouble: str = ""
    troubled_at: float = 0.0

    def problem(self) -> str:
        """What is wrong, "" if nothing is. An account that is called instead of asking may rightly hear nothing."""
        now = time.monotonic()
        if self.trouble and now - self.troubled_at > SILENCE_SECONDS:
            return f"failing for {now - self.troubled_at:.0f} s ({self.trouble})"
        if self.asks and now - self.heard_at > SILENCE_SECONDS:
            return f"no answer for {now - self.heard_at:.0f} s"
        return ""


_pulses: dict[Account, Pulse] = {}


def of(account: Account) -> Pulse:
    """The account's pulse in this process."""
    return _pulses.setdefault(account, Pulse())


@contextmanager
def asking(account: Account) -> Iterator[None]:
    """Inside, this process asks the account's platform for updates and is to hear from it all the time."""
    _pulses[account] = Pulse(asks=True)
    try:
        yield
    finally:
        _pulses[account] = Pulse()


def heard(account: Account) -> None:
    """Its platform has just answered, or called."""
    pulse = of(account)
    pulse.heard_at, pulse.trouble = time.monotonic(), ""


def failed(account: Account, trouble: str) -> None:
    """Its platform could not be reached, or refused; `trouble` quotes nobody."""
    pulse = of(account)
    if not pulse.trouble:
        pulse.troubled_at = time.monotonic()
    pulse.trouble = trouble
