"""Saying once a minute what keeps going wrong: a database that is away for an hour must not fill the disk with log."""

import logging
from collections.abc import Hashable
from time import monotonic

AGAIN_SECONDS = 60.0


class Seldom:
    """Lets one complaint of a kind through each minute, with how many were left out since the last one."""

    def __init__(self) -> None:
        self._said: dict[Hashable, tuple[float, int]] = {}

    def error(self, log: logging.Logger, message: str, *values: Hashable, now: float | None = None) -> None:
        """Write a complaint to the log unless the same one was there less than a minute ago."""
        now = monotonic() if now is None else now
        kind = (log.name, message, *values)
        at, left_out = self._said.get(kind, (now - AGAIN_SECONDS, 0))
        if now - at < AGAIN_SECONDS:
            self._said[kind] = (at, left_out + 1)
            return
        self._said[kind] = (now, 0)
        log.error(f"{message}%s", *values, f" (and {left_out} times before)" if left_out else "")
