"""What this process counts while it works, for Prometheus: no chat, no person, no words, channels and outcomes alone.

One process has one set of counters, in a registry of our own; what stands in the database is counted when somebody asks
(bot.web.watching).
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from bot.channels.base import Outcome

REGISTRY = CollectorRegistry()

_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)

TURN_SECONDS = Histogram(
    "danban_turn_seconds",
    "From taking up an update to the commit it may share.",
    ["channel"],
    buckets=_SECONDS,
    registry=REGISTRY,
)
LANES_BUSY = Gauge("danban_lanes_busy", "Lanes in which an update is being handled now.", registry=REGISTRY)
UPDATES_FAILED = Counter(
    "danban_updates_failed", "Tries at an update that failed; set_aside counts the last ones.", ["channel", "end"],
    registry=REGISTRY,
)  # fmt: skip
SENDS = Counter("danban_sends", "Tries at sending a message, by how they ended.", ["channel", "outcome"],
                registry=REGISTRY)  # fmt: skip
SEND_SECONDS = Histogram(
    "danban_send_seconds", "Time a platform took for one message.", ["channel"], buckets=(*_SECONDS, 10.0, 30.0),
    registry=REGISTRY,
)  # fmt: skip
SEND_WAIT_SECONDS = Histogram(
    "danban_send_wait_seconds", "From owing a message to its first call.", ["channel", "priority"],
    buckets=(*_SECONDS, 15.0, 60.0, 300.0, 1800.0), registry=REGISTRY,
)  # fmt: skip
HELD_BACK = Counter("danban_held_back", "Messages that a limit keeps waiting: the account's, or a chat's own.",
                    ["channel", "scope"], registry=REGISTRY)  # fmt: skip
WEBHOOK_CALLS = Counter("danban_webhook_calls", "Calls of a platform that signs them, by what became of each.",
                        ["channel", "end"], registry=REGISTRY)  # fmt: skip
SPOOL_BROKEN = Counter("danban_spool_broken", "Events on disk that were put aside: unreadable, or refused every time.",
                       registry=REGISTRY)  # fmt: skip
FETCHES = Counter("danban_fetches", "Tries at fetching an update's files, by how they ended.", ["channel", "outcome"],
                  registry=REGISTRY)  # fmt: skip
JOBS_FAILED = Counter("danban_jobs_failed", "Runs of a ward's timed job that failed.", ["job"], registry=REGISTRY)
TICKED_AT = Gauge("danban_last_tick_timestamp_seconds", "When the deadlines were last watched.", registry=REGISTRY)


@contextmanager
def sending(channel: str) -> Iterator[Callable[[Outcome], Outcome]]:
    """Time one try at sending; what is yielded counts how it ended, and gives it back."""
    began = time.perf_counter()

    def ended(outcome: Outcome) -> Outcome:
        SENDS.labels(channel, type(outcome).__name__.lower()).inc()
        return outcome

    try:
        yield ended
    finally:
        SEND_SECONDS.labels(channel).observe(time.perf_counter() - began)


class Turns:
    """Times turns, each from its `begin` to the end of the block: to the commit they share."""

    def __init__(self) -> None:
        self._begun: list[tuple[str, float]] = []

    def begin(self, channel: str) -> None:
        """An update is in hand."""
        self._begun.append((channel, time.perf_counter()))
        LANES_BUSY.inc()

    def __enter__(self) -> "Turns":
        return self

    def __exit__(self, *_error: object) -> None:
        ended = time.perf_counter()
        LANES_BUSY.dec(len(self._begun))
        for channel, began in self._begun:
            TURN_SECONDS.labels(channel).observe(ended - began)
