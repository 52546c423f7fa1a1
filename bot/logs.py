"""The log: what happened to which update or message, and never a word, name, number or secret of anybody's.

A line says when, how grave, which part of the program, what happened, and what it was about (ids of ours). Of an error
it says the kind and the places in the program: an error's own words may quote what somebody wrote. Of what a library
has to say it gives the place in that library alone, because nobody here knows what stands in its sentences.
"""

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from types import TracebackType
from typing import Any, TextIO

OURS = ("bot", "handlers", "actions", "storage", "domain")
CAUSES_MAX = 5
FRAMES_MAX = 30

_about: ContextVar[dict[str, str | int]] = ContextVar("about", default={})  # noqa: B039  # never changed in place


class LogFormat(StrEnum):
    """How a line looks."""

    TEXT = "text"
    JSON = "json"


@contextmanager
def about(**ids: str | int) -> Iterator[None]:
    """Have every line written inside say what it is about: ids of our own rows and names of channels, no chat's id."""
    token = _about.set(_about.get() | ids)
    try:
        yield
    finally:
        _about.reset(token)


def configure(level: str, form: LogFormat, stream: TextIO | None = None, **ids: str | int) -> logging.Handler:
    """Write the log to the error stream; libraries speak up from WARNING on. `ids` stand in every line (the role)."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Formatter(form, ids))
    root = logging.getLogger()
    for old in root.handlers[:]:
        if isinstance(old.formatter, Formatter):
            root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(max(logging.WARNING, logging.getLevelName(level)))
    for package in OURS:
        logging.getLogger(package).setLevel(level)
    logging.captureWarnings(True)
    sys.excepthook = _last_words
    return handler


class Formatter(logging.Formatter):
    """A record as one line, text or JSON."""

    def __init__(self, form: LogFormat, ids: dict[str, str | int] | None = None) -> None:
        super().__init__()
        self._form = form
        self._ids = ids or {}

    def format(self, record: logging.LogRecord) -> str:
        """The line; a traceback adds lines in text, and stays in the line in JSON."""
        line = self._ids | _about.get() | _said(record) | _error(record)
        if self._form is LogFormat.JSON:
            return json.dumps(line, ensure_ascii=False)
        ids = "".join(f" {key}={value}" for key, value in line.items() if key not in _FIXED)
        text = f"{line['at']} {line['level']} {line['logger']}: {line['said']}{ids}"
        return "\n".join((text, *(f"  {step}" for step in line.get("trace", ()))))


_FIXED = frozenset({"at", "level", "logger", "said", "trace"})


def _said(record: logging.LogRecord) -> dict[str, Any]:
    ours = record.name.partition(".")[0] in OURS
    said = record.getMessage() if ours else f"{record.filename}:{record.lineno} {record.funcName}"
    return {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname, "logger": record.name, "said": " ".join(said.split()),
    }  # fmt: skip


def _error(record: logging.LogRecord) -> dict[str, Any]:
    error = record.exc_info[1] if record.exc_info else None
    return {} if error is None else {"error": type(error).__name__, "trace": list(_trace(error))}


def _trace(error: BaseException) -> Iterator[str]:
    """Kinds and places, the error first, then what it came from."""
    cause: BaseException | None = error
    for _ in range(CAUSES_MAX):
        if cause is None:
            return
        yield f"{type(cause).__module__}.{type(cause).__qualname__}"
        frames = traceback.extract_tb(cause.__traceback__)
        yield from (f"{one.filename}:{one.lineno} {one.name}" for one in frames[-FRAMES_MAX:])
        if isinstance(cause, BaseExceptionGroup):
            for part in cause.exceptions[:CAUSES_MAX]:
                yield from _trace(part)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)


def _last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What ends the process goes the same way as the rest."""
    if not issubclass(kind, KeyboardInterrupt):
        logging.getLogger("bot").critical("stopped by an error", exc_info=(kind, error, trace))
