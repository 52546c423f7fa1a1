"""The stream of messages: as they come, on from where it broke, and closed when it must be."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.base import Delivery
from bot.channels.webchat import WebChat
from bot.web import events, newest
from domain.people import GroupKind, Role
from handlers.engine.reply import Reply
from storage import people, webchat, webreading
from storage.database import Database
from tests.bot.web.ground import (
    TestSettings,
    appoint,
    clock,
    messages,
    nobody,
    serving,
    small_ward,
    visitor,
    visitor_id,
)
from tests.bot.web.test_seats import room

Client = TestClient[Any, Any]


async def read(stream: ClientResponse, count: int, kind: str = "message") -> list[tuple[str, Any]]:
    """The next `count` events of a kind: (id, data)."""
    found: list[tuple[str, Any]] = []
    fields: dict[str, str] = {}
    while len(found) < count:
        line = (await asyncio.wait_for(stream.content.readline(), 10)).decode().rstrip("\n")
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif fields.get("event") == kind:
            found.append((fields.get("id", ""), json.loads(fields["data"])))
            fields = {}
        else:
            fields = {}
    return found


async def say(database: Database, chat: str, text: str, number: int) -> None:
    await WebChat(database).send(Delivery(id=number, chat=chat, reply=Reply(text=text), now=clock()))


async def test_what_the_bot_says_arrives_at_once(client: Client, sqlite: Database) -> None:
    me = await visitor_id(sqlite, client)
    async with client.get("/api/events") as stream:
        await read(stream, 1)
        await say(sqlite, me, "Đã nhận", 1)
        (number, message) = (await read(stream, 1))[0]
    assert message["text"] == "Đã nhận" and number == str(message["id"])


async def test_a_broken_line_goes_on_after_the_last_message_seen(client: Client, sqlite: Database) -> None:
    me = await visitor_id(sqlite, client)
    for number in range(3):
        await say(sqlite, me, f"tin {number}", number + 1)
    seen = (await messages(client))[1]["id"]
    async with client.get("/api/events?after=0", headers={"Last-Event-ID": str(seen)}) as stream:
        assert [one["text"] for _, one in await read(stream, 2)] == ["tin 1", "tin 2"]
    async with client.get(f"/api/events?after={seen}") as stream:
        assert [one["text"] for _, one in await read(stream, 2)] == ["tin 1", "tin 2"]


async def test_nothing_of_another_chat_is_in_the_stream(client: Client, stranger: Client, sqlite: Database) -> None:
    me, other = await visitor_id(sqlite, client), await visitor_id(sqlite, stranger)
    async with client.get("/api/events") as stream:
        await say(sqlite, other, "của người khác", 1)
        await say(sqlite, me, "của tôi", 2)
        assert [one["text"] for _, one in await read(stream, 2)][1] == "của tôi"


async def test_a_message_written_by_another_process_is_found_by_looking(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(newest, "EVERY", timedelta())
    await small_ward(database)
    other_process = Database.open(database.url)
    async with serving(database, TestSettings(data_dir=tmp_path)) as server, visitor(server) as client:
        me = await visitor_id(database, client)
        async with client.get("/api/events") as stream:
            await read(stream, 1)
            for number in (1, 2):
                await say(other_process, me, f"tin {number} từ tiến trình khác", number)
                assert (await read(stream, 1))[0][1]["text"].startswith(f"tin {number}")
    await other_process.close()


async def test_what_is_committed_late_with_a_lower_number_is_found_too(database: Database) -> None:
    now = [clock()]
    looking = newest.Newest(database, lambda: now[0])
    assert not await looking.is_after("a", 0)
    await say(database, "b", "số cao hơn", 1)
    now[0] += newest.EVERY
    assert not await looking.is_after("a", 0)
    # As if a slow transaction had taken its number before "b" had.
    async with database.transaction() as tx:
        row = {"chat": "a", "author": "bot", "sender": "", "sender_name": "", "text": "số thấp hơn", "choices": []}
        rest = {"id": -1, "attachments": [], "menu": "", "about_case": False, "at": now[0]}
        await tx.execute(webchat.web_message.insert().values(**row, **rest))
        await tx.execute(webchat.web_message.update().values(id=webchat.web_message.c.id + 1000))
    now[0] += newest.EVERY
    assert await looking.is_after("a", 0)


async def test_many_lines_look_once_a_second_together(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = 0
    look = webreading.newest

    async def counted(*arguments: Any) -> dict[str, int]:
        nonlocal looks
        looks += 1
        return await look(*arguments)

    monkeypatch.setattr(webreading, "newest", counted)
    now = [clock()]
    looking = newest.Newest(sqlite, lambda: now[0])
    for _ in range(50):
        await looking.is_after("a", 0)
    now[0] += newest.EVERY
    await looking.is_after("a", 0)
    assert looks == 2


async def test_removed_words_disappear_from_open_pages(client: Client, sqlite: Database) -> None:
    me = await visitor_id(sqlite, client)
    number = (await messages(client))[0]["id"]
    async with client.get(f"/api/events?after={number}") as stream:
        async with sqlite.transaction() as tx:
            await webchat.remove_text(tx, me, message_id=number, now=clock())
        assert (await read(stream, 1, "removed"))[0][1] == [number]


async def test_a_changed_card_is_told_to_open_pages_and_to_those_that_come_back(
    client: Client, sqlite: Database
) -> None:
    me = await visitor_id(sqlite, client)
    async with sqlite.transaction() as tx:
        card = await webchat.add_from_bot(
            tx, chat=me, outbox_id=99, text="mới", choices=[("/nhan 1", "Nhận")], attachments=(), menu="",
            about_case=True, now=clock(),
        )  # fmt: skip
    async with client.get(f"/api/events?after={card}") as stream:
        async with sqlite.transaction() as tx:
            assert await webchat.edit_from_bot(tx, me, card, text="đã nhận", choices=[], now=clock())
        told = (await read(stream, 1, "edited"))[0][1]
    assert [(one["id"], one["text"], one["choices"]) for one in told] == [(card, "đã nhận", [])]
    heard_at = int((clock() - timedelta(minutes=5)).timestamp() * 1000)
    async with client.get(f"/api/events?after={card}&since={heard_at}") as stream:
        assert (await read(stream, 1, "edited"))[0][1][0]["text"] == "đã nhận"


async def test_a_silent_line_beats(client: Client, sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(events, "BEAT_SECONDS", 0.05)
    async with client.get("/api/events") as stream:
        assert len(await read(stream, 2, "beat")) == 2


async def test_the_line_of_an_official_who_has_left_is_closed(
    client: Client, sqlite: Database, ward_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(events, "BEAT_SECONDS", 0.05)
    chat, _key = await room(sqlite, ward_id, GroupKind.UNIT)
    await appoint(sqlite, ward_id, await visitor_id(sqlite, client), Role.MEMBER, "KT")
    async with client.get(f"/api/events?chat={chat}") as stream:
        await read(stream, 1, "beat")
        async with sqlite.transaction() as tx:
            await tx.execute(people.official.update().values(left_at=clock()))
        await asyncio.wait_for(stream.content.read(), 5)
        assert stream.content.at_eof()


async def test_too_many_windows_are_refused_and_closed_ones_are_counted_out(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "STREAMS_PER_VISITOR_MAX", 1)
    monkeypatch.setattr(events, "LOOK_SECONDS", 0.02)
    async with client.get("/api/events") as stream:
        assert stream.status == 200
        assert (await client.get("/api/events")).status == 429
    for _ in range(100):
        async with client.get("/api/events") as again:
            if again.status == 200:
                return
        await asyncio.sleep(0.05)
    pytest.fail("a closed window is still counted")


async def test_the_server_stops_without_waiting_for_open_lines(client: Client, server: TestServer) -> None:
    async with client.get("/api/events") as stream:
        assert stream.status == 200
        await asyncio.wait_for(server.close(), 5)


async def test_a_stranger_without_a_cookie_gets_no_stream(server: TestServer) -> None:
    async with nobody(server) as browser:
        assert (await browser.get("/api/events")).status == 401
