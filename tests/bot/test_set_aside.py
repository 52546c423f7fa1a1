"""What nobody could handle: its sender is told, and it is listed, tried again in order, discarded or forgotten."""

import argparse
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels.base import ChatNews
from bot.channels.console import Console
from bot.commands import inbox as command
from bot.commands.failure import CommandError
from bot.inbox import InboxLimits, InboxWorker
from bot.sample import seed
from bot.settings import Settings
from bot.sweeping import Sweeping
from handlers.context import Book, Limits, Turn
from handlers.engine.event import Event
from storage import inbox, outbox, people, set_aside, wards
from storage.audit import audit
from storage.base import Account
from storage.database import Database
from tests.bot.test_inbox_worker import Clock, a_book

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
WORDS = "chuyện kín của bà Hai"
GROUP, STRANGER, KNOWN = "-1001", "4201", "4202"


class Broken:
    """A channel whose updates no program can read until it is mended; `private` ones have a chat of one person."""

    def __init__(self, channel: str = "telegram") -> None:
        self.on = Account(channel, "1")
        self.mended = False

    def parse(self, raw: dict[str, Any], received_at: datetime) -> Event | ChatNews | None:
        if raw.get("bad") and not self.mended:
            raise KeyError(raw["text"])
        group = raw["chat"].startswith("-")
        return Event(
            channel=self.on.channel, account="1", chat=raw["chat"], sender=raw.get("sender", raw["chat"]),
            at=received_at, in_group=group, sender_name="", language=raw.get("language"), text=raw["text"],
        )  # fmt: skip

    send = Console(lambda _text: None).send


class Bench:
    """A database with an inbox worker whose clock is moved by hand."""

    def __init__(self, database: Database, channel: Broken, book: Book) -> None:
        self.database, self.channel, self.clock = database, channel, Clock()
        self.clock.time = NOW
        self._number = 0
        self._worker = InboxWorker(
            database, {channel.on: channel}, book, self.clock,  # type: ignore[arg-type]  # a clock that stands still
            limits=InboxLimits(attempts_max=2, messages_per_minute=1000), conversation_limits=Limits(),
        )  # fmt: skip

    async def arrives(self, chat: str, text: str = WORDS, *, bad: bool = False, **more: Any) -> None:
        self._number += 1
        lane = f"{self.channel.on.channel}:1:{chat}"
        album = more.pop("album", None)
        async with self.database.transaction() as tx:
            await inbox.put(
                tx, channel=self.channel.on.channel, account="1", update_id=str(self._number), lane=lane, now=NOW,
                raw={"chat": chat, "text": text, "bad": bad} | more, album=album,
            )  # fmt: skip

    async def work(self) -> None:
        for _ in range(4):
            self.clock.time += timedelta(seconds=30)
            while await self._worker.work_one():
                pass

    async def owed(self) -> list[tuple[str, str]]:
        async with self.database.reading() as tx:
            rows = await tx.execute(outbox.outbox.select().order_by(outbox.outbox.c.id))
            return [
                (row.chat, row.body["reply"]["text"] if "reply" in row.body else row.body["notice"]) for row in rows
            ]

    async def states(self) -> list[str]:
        async with self.database.reading() as tx:
            return [row.state for row in await tx.execute(inbox.inbox.select().order_by(inbox.inbox.c.id))]


async def echo(turn: Turn) -> None:
    turn.say(f"echo {turn.event.text}")


async def break_down(turn: Turn) -> None:
    raise RuntimeError(turn.event.text)


async def a_bench(
    database: Database, free_text: Callable[[Turn], Awaitable[None]] = echo, channel: str = "telegram"
) -> Bench:
    async with database.transaction() as tx:
        await seed(tx, now=NOW)
        ward_id = (await wards.codes(tx))[0][0]
        await people.add(
            tx, ward_id=ward_id, channel=channel, account="1", address=KNOWN, name="", language="en", now=NOW
        )
    return Bench(database, Broken(channel), a_book(free_text))


async def test_whoever_sends_what_nobody_can_read_gets_a_sentence_in_private_and_a_group_gets_none(
    sqlite: Database,
) -> None:
    bench = await a_bench(sqlite)
    for chat in (STRANGER, KNOWN, GROUP, "unknown:77", "0"):
        await bench.arrives(chat, bad=True)
    await bench.work()
    assert await bench.owed() == [(STRANGER, "message_set_aside"), (KNOWN, "message_set_aside")]
    async with sqlite.reading() as tx:
        rows = (await tx.execute(outbox.outbox.select().order_by(outbox.outbox.c.id))).all()
    assert [row.language for row in rows] == ["vi", "en"], "in the language the person reads, if that is known"


async def test_on_another_platform_only_a_chat_known_to_be_somebodys_own_gets_the_sentence(sqlite: Database) -> None:
    bench = await a_bench(sqlite, channel="zalo_bot")
    for chat in (STRANGER, KNOWN):
        await bench.arrives(chat, bad=True)
    await bench.work()
    assert await bench.owed() == [(KNOWN, "message_set_aside")]


async def test_an_official_whose_command_fails_in_the_group_is_told_in_private_and_chatter_is_not(
    sqlite: Database,
) -> None:
    async def fail_in_groups(turn: Turn) -> None:
        raise RuntimeError

    bench = await a_bench(sqlite, fail_in_groups)
    broken: Any = bench._worker
    broken._book = a_book(fail_in_groups)

    async def broken_dispatch(*_arguments: object, **_more: object) -> None:
        raise RuntimeError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.inbox.dispatch", broken_dispatch)
        await bench.arrives(GROUP, "/nhan PA-26-00001", sender=KNOWN)
        await bench.arrives(GROUP, "trưa nay ăn gì", sender=KNOWN)
        await bench.arrives(GROUP, "/nhan PA-26-00001", sender="anonymous:-1001")
        await bench.work()
    assert await bench.owed() == [(KNOWN, "message_set_aside")]


async def test_what_is_tried_again_goes_ahead_of_what_waits_in_its_lane(database: Database) -> None:
    bench = await a_bench(database)
    await bench.arrives(KNOWN, "một", bad=True)
    await bench.work()
    await bench.arrives(KNOWN, "hai")
    bench.channel.mended = True
    async with database.transaction() as tx:
        (one,) = await set_aside.every(tx, limit=10)
        await set_aside.retry(tx, one, now=bench.clock.time)
    await bench.work()
    assert [text for _chat, text in await bench.owed()] == ["message_set_aside", "echo một", "echo hai"]
    assert await bench.states() == ["done", "done"]


async def test_an_album_comes_back_and_goes_as_a_whole(database: Database) -> None:
    bench = await a_bench(database)
    for _ in range(2):
        await bench.arrives(KNOWN, bad=True, album="a1")
    await bench.arrives(STRANGER, bad=True)
    await bench.work()
    async with database.transaction() as tx:
        first, _second, other = await set_aside.every(tx, limit=10)
        assert await set_aside.count(tx) == 3
        assert len(await set_aside.discard(tx, first, now=bench.clock.time)) == 2
        assert await set_aside.every(tx, limit=10) == [other]
        rows = (await tx.execute(inbox.inbox.select().order_by(inbox.inbox.c.id))).all()
    assert [(row.state, row.raw is None) for row in rows] == [("discarded", True)] * 2 + [("set_aside", False)]
    assert not [row.error for row in rows[:2] if WORDS in row.error]


async def test_words_set_aside_are_forgotten_when_their_time_is_over_and_not_before(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bench = await a_bench(database)
    await bench.arrives(KNOWN, bad=True)
    await bench.work()
    sweeping = Sweeping(database, tmp_path, set_aside_days=10)
    await sweeping.sweep(NOW + timedelta(days=9))
    assert await bench.states() == ["set_aside"]
    await sweeping.sweep(NOW + timedelta(days=11))
    assert await bench.states() == ["discarded"]
    assert "1 updates set aside too long ago" in caplog.text
    async with database.reading() as tx:
        (row,) = (await tx.execute(inbox.inbox.select())).all()
    assert row.raw is None and WORDS not in row.error
    await sweeping.sweep(NOW + timedelta(days=40))
    assert await bench.states() == []


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
async def settings(sqlite: Database, ready_sqlite_url: str, tmp_path: Path) -> Settings:
    bench = await a_bench(sqlite, break_down)
    for chat in (KNOWN, STRANGER):
        await bench.arrives(chat)
    await bench.work()
    return Settings.load({"DATA_DIR": str(tmp_path), "DATABASE_URL": ready_sqlite_url})


async def audited(database: Database) -> list[tuple[str, str]]:
    async with database.reading() as tx:
        rows = await tx.execute(audit.select().where(audit.c.act.startswith("inbox_")).order_by(audit.c.id))
        return [(row.act, row.subject) for row in rows]


async def test_the_list_tells_kind_and_tries_and_no_words(
    settings: Settings, capsys: pytest.CaptureFixture[str], sqlite: Database
) -> None:
    await command.show_all(argparse.Namespace(json=False), settings)
    said = capsys.readouterr().out
    assert len(said.splitlines()) == 2 and "telegram 1, 2 lần thử / tries, RuntimeError" in said
    await command.show_all(argparse.Namespace(json=True), settings)
    listed = json.loads(capsys.readouterr().out)
    assert [(one["number"], one["tries"], one["error"]) for one in listed] == [
        (1, 2, "RuntimeError"),
        (2, 2, "RuntimeError"),
    ]
    assert WORDS not in said + json.dumps(listed, ensure_ascii=False)
    assert await audited(sqlite) == []


async def test_words_are_shown_only_when_asked_for_after_a_warning_and_written_down(
    settings: Settings, capsys: pytest.CaptureFixture[str], sqlite: Database
) -> None:
    await command.show(argparse.Namespace(number=1, words=False, json=False), settings)
    plain = capsys.readouterr()
    assert WORDS not in plain.out and "--words" in plain.out
    assert await audited(sqlite) == []
    await command.show(argparse.Namespace(number=1, words=True, json=False), settings)
    shown = capsys.readouterr()
    assert shown.err == command.WARNING
    assert json.loads(shown.out)["raw"]["text"] == WORDS
    assert await audited(sqlite) == [("inbox_read", "update 1")]


async def test_retrying_and_discarding_are_written_down_and_all_or_nothing(
    settings: Settings, capsys: pytest.CaptureFixture[str], sqlite: Database
) -> None:
    with pytest.raises(CommandError, match="under 9"):
        await command.discard(argparse.Namespace(numbers=[1, 9], json=False), settings)
    assert await audited(sqlite) == []
    await command.discard(argparse.Namespace(numbers=[1], json=False), settings)
    await command.retry(argparse.Namespace(numbers=[2], json=True), settings)
    assert capsys.readouterr().out.endswith("1\n[2]\n")
    assert await audited(sqlite) == [("inbox_discarded", "update 1"), ("inbox_retried", "update 2")]
    async with sqlite.reading() as tx:
        rows = (await tx.execute(inbox.inbox.select().order_by(inbox.inbox.c.id))).all()
    assert [(row.state, row.attempts) for row in rows] == [("discarded", 2), ("new", 0)]


async def test_when_not_even_the_apology_works_the_update_is_set_aside_all_the_same(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_words(*_args: object, **_named: object) -> None:
        raise ValueError("no sentence for this")

    monkeypatch.setattr("bot.inbox.apologise", no_words)
    bench = await a_bench(database, break_down)
    await bench.arrives(KNOWN, bad=True)
    await bench.arrives(STRANGER, bad=True)
    await bench.work()
    assert await bench.states() == ["set_aside", "set_aside"]
