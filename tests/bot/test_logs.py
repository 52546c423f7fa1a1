"""The log names updates, messages and channels, and nothing that anybody wrote, is called or must keep secret."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

from bot.logs import Formatter, LogFormat, about, configure
from handlers.context import Turn
from tests.bot import telegram_house
from tests.bot.channels.conftest import server  # noqa: F401  # the stand-in as a fixture
from tests.bot.telegram_house import RESIDENT, known, picture
from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.server import TelegramServer

WORDS = "Bà Hai Rưỡi ở hẻm Chuồn Chuồn lấy tiền"
POISON = "Chuồn Chuồn Kim độc"
PHONE = "0912345678"
NAME = "Đặng Thị Marked"
SECRET_WORDS = ("Chuồn Chuồn", "Hai Rưỡi", PHONE, "912345678", NAME, "Marked", str(RESIDENT))


@pytest.fixture
def plain() -> io.StringIO:
    """What Python's own formatter would have written."""
    return io.StringIO()


@pytest.fixture
def lines(plain: io.StringIO) -> Iterator[dict[LogFormat, io.StringIO]]:
    """What both formats would have written, every library speaking at DEBUG."""
    root = logging.getLogger()
    loggers = [root, *(logging.getLogger(name) for name in sorted(logging.root.manager.loggerDict))]
    before = [(one, one.level) for one in loggers]
    written = {form: io.StringIO() for form in LogFormat}
    handlers: list[logging.Handler] = [logging.StreamHandler(plain)]
    root.addHandler(handlers[0])
    for form, stream in written.items():
        handler = logging.StreamHandler(stream)
        handler.setFormatter(Formatter(form, {"role": "all"}))
        handlers.append(handler)
        root.addHandler(handler)
    for one in loggers:
        one.setLevel(logging.DEBUG)
    yield written
    for handler in handlers:
        root.removeHandler(handler)
    for one, level in before:
        one.setLevel(level)


async def test_a_whole_conversation_leaves_no_word_name_number_or_token_in_the_log(
    server: TelegramServer,  # noqa: F811  # the fixture
    ready_sqlite_url: str,
    tmp_path: Path,
    lines: dict[LogFormat, io.StringIO],
    plain: io.StringIO,
) -> None:
    async with telegram_house.house(tmp_path, server, ready_sqlite_url, INBOX_MAX_ATTEMPTS="1") as home:
        _break_what_takes(home, POISON)
        server.world.user(RESIDENT)["last_name"] = NAME
        await known(home)
        server.faults.ordered.append(Fault(kind="500", method="sendMessage"))
        home.people.write(RESIDENT, f"{WORDS}, gọi {PHONE}")
        await home.press(RESIDENT, "xem lại trước khi gửi", ":send")
        await home.hears(RESIDENT, "✅")
        home.people.write(RESIDENT, POISON)
        await home.hears(RESIDENT, "chưa xử lý được")
        server.faults.ordered.append(Fault(kind="400", method="sendMessage", description=f"Bad Request: {WORDS}"))
        home.people.write(RESIDENT, "/cuatoi")
        await home.until(lambda: "refused for good" in lines[LogFormat.TEXT].getvalue())
        home.people.photo(RESIDENT, picture(), caption=WORDS)
        await home.hears(RESIDENT, "hay việc mới?")
        home.people.send(RESIDENT, {"contact": {"phone_number": PHONE, "first_name": NAME}})
        await home.settle()
    text, as_json = (lines[form].getvalue() for form in (LogFormat.TEXT, LogFormat.JSON))
    for written in (text, as_json):
        assert not [
            word for word in (*SECRET_WORDS, server.bot.token, server.bot.token.split(":")[1]) if word in written
        ]
    for word in ("Chuồn Chuồn", str(RESIDENT)):
        assert word in plain.getvalue(), "there was something to keep out of the log"
    assert "RuntimeError" in text, "the failing handler was logged"
    assert "sqlalchemy" in text and "aiosqlite" in text, "the libraries spoke"
    found = [json.loads(line) for line in as_json.splitlines()]
    failed = [line for line in found if line.get("error") == "RuntimeError" and line["logger"] == "bot.inbox"]
    assert failed and all(line["update"] and line["channel"] == "telegram" and line["role"] == "all" for line in failed)
    refused = next(line for line in found if "refused for good" in line["said"])
    assert refused["level"] == "WARNING"


def _break_what_takes(home: telegram_house.House, word: str) -> None:
    """Have free text with a word in it end in an error that quotes it, caused by another that does."""
    worker: Any = home.app.inbox
    book = worker._book
    real = book.free_text

    async def fragile(turn: Turn) -> None:
        if word in turn.event.text:
            try:
                raise KeyError(turn.event.text)
            except KeyError as error:
                raise RuntimeError(f"cannot read {turn.event.text!r}") from error
        await real(turn)

    worker._book = replace(book, free_text=fragile)


def caught() -> tuple[type[BaseException], BaseException, TracebackType | None]:
    try:
        try:
            raise ValueError(WORDS)
        except ValueError as error:
            raise ExceptionGroup(WORDS, [error, OSError(PHONE)]) from error
    except ExceptionGroup as error:
        return type(error), error, error.__traceback__


@pytest.mark.parametrize("form", list(LogFormat))
def test_an_error_is_told_by_kind_and_place_with_all_it_came_from(form: LogFormat) -> None:
    record = logging.LogRecord("bot.x", logging.ERROR, __file__, 1, "failed", (), caught())
    line = Formatter(form).format(record)
    assert "Rưỡi" not in line and PHONE not in line
    assert "ExceptionGroup" in line and "builtins.ValueError" in line and "builtins.OSError" in line
    assert "test_logs.py" in line and " caught" in line


@pytest.mark.parametrize("form", list(LogFormat))
def test_of_a_library_only_the_place_is_told(form: LogFormat) -> None:
    record = logging.LogRecord(
        "asyncio", logging.ERROR, "/lib/base_events.py", 77, f"never got {WORDS}", (), None, "run"
    )
    line = Formatter(form).format(record)
    assert "Rưỡi" not in line
    assert "base_events.py:77 run" in line


def test_a_line_says_what_it_is_about_and_only_inside() -> None:
    record = logging.LogRecord("bot.x", logging.INFO, __file__, 1, "two\nlines %s", (1,), None)
    with about(update=12, channel="telegram"), about(outbox=3):
        inside = json.loads(Formatter(LogFormat.JSON, {"role": "web"}).format(record))
    outside = Formatter(LogFormat.TEXT).format(record)
    assert (inside["update"], inside["outbox"], inside["channel"], inside["role"]) == (12, 3, "telegram", "web")
    assert inside["said"] == "two lines 1"
    assert "update" not in outside and "\n" not in outside


def test_the_error_that_ends_the_process_is_told_in_the_same_way(monkeypatch: pytest.MonkeyPatch) -> None:
    levels = {name: logging.getLogger(name).level for name in ("", "bot", "handlers", "actions", "storage", "domain")}
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    stream = io.StringIO()
    handler = configure("INFO", LogFormat.TEXT, stream, role="all")
    try:
        sys.excepthook(*caught())
        logging.getLogger("aiohttp.web").info("not ours")
        logging.getLogger("bot.web").info("ours")
    finally:
        logging.getLogger().removeHandler(handler)
        logging.captureWarnings(False)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
    assert "stopped by an error role=all error=ExceptionGroup" in stream.getvalue()
    assert "ours" in stream.getvalue() and "not ours" not in stream.getvalue()
    assert "Rưỡi" not in stream.getvalue()
