"""Posting and reading messages: stored before acknowledged, once, and nobody else's."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot.web import api
from storage import inbox
from storage.database import Database
from tests.bot.web.ground import OURS, TestSettings, messages, nobody, post, serving, small_ward, uploaded, visitor

Client = TestClient[Any, Any]


async def waiting(database: Database) -> list[dict[str, Any]]:
    async with database.reading() as tx:
        rows = (await tx.execute(inbox.inbox.select().order_by(inbox.inbox.c.id))).all()
    return [row.raw for row in rows]


async def test_a_message_acknowledged_is_in_the_inbox_and_on_the_page(client: Client, sqlite: Database) -> None:
    response = await post(client, "Đèn hỏng", place={"lat": 10.5, "lon": 106.5})
    assert response.status == 200
    raw = (await waiting(sqlite))[0]
    shown = (await messages(client))[0]
    assert (raw["text"], raw["place"], raw["ward"]) == ("Đèn hỏng", {"lat": 10.5, "lon": 106.5}, "AHD")
    assert raw["chat"] == raw["sender"] and not raw["in_group"] and raw["message_id"] == shown["id"]
    assert (shown["text"], shown["mine"], shown["author"]) == ("Đèn hỏng", True, "person")


async def test_a_repeat_changes_nothing_and_answers_the_same(client: Client, sqlite: Database) -> None:
    name = str(uuid.uuid4())
    first = await (await post(client, "Đèn hỏng", client_id=name)).json()
    again = await (await post(client, "Đèn hỏng", client_id=name)).json()
    assert first == again
    assert len(await waiting(sqlite)) == 1


async def test_both_databases_take_a_message_once(database: Database, tmp_path: Path) -> None:
    await small_ward(database)
    async with serving(database, TestSettings(data_dir=tmp_path)) as server, visitor(server) as client:
        name = str(uuid.uuid4())
        for _ in range(2):
            await post(client, "Đèn hỏng", client_id=name)
        assert len(await waiting(database)) == len(await messages(client)) == 1


async def test_a_repeat_is_answered_even_when_its_photo_is_in_a_case_by_now(client: Client, sqlite: Database) -> None:
    name, token = str(uuid.uuid4()), await uploaded(client)
    first = await post(client, client_id=name, attachments=[token])
    async with sqlite.transaction() as tx:
        await tx.execute(inbox.inbox.delete())
    again = await post(client, client_id=name, attachments=[token])
    assert await first.json() == await again.json()


async def test_a_pressed_button_shows_its_label_and_hands_over_its_payload(client: Client, sqlite: Database) -> None:
    await post(client, choice="m1:yes", label="Gửi")
    raw = (await waiting(sqlite))[0]
    assert (raw["choice"], raw["text"]) == ("m1:yes", "")
    assert (await messages(client))[0]["text"] == "Gửi"


async def test_one_visitor_never_sees_anothers_messages(client: Client, stranger: Client) -> None:
    await post(client, "chuyện riêng")
    mine = (await messages(client))[0]
    assert await messages(stranger) == []
    assert (await stranger.get("/api/messages?chat=" + "0" * 32)).status == 404
    assert mine["text"] == "chuyện riêng"


async def test_without_a_cookie_a_message_is_refused_with_what_to_do(server: Any) -> None:
    async with nobody(server) as browser:
        response = await post(browser, "chào")
        assert response.status == 401 and (await response.json())["error"]
        # Asking for messages is how a browser whose cookie is gone gets a new one.
        assert (await browser.get("/api/messages")).status == 200
        assert (await post(browser, "chào")).status == 200


@pytest.mark.parametrize("fields", [
    {}, {"text": "   "}, {"text": 5}, {"client_id": "x"}, {"client_id": None},
    {"text": "a", "place": {"lat": 99, "lon": 0}},
    {"text": "a", "place": {"lat": "NaN", "lon": 0}}, {"text": "a", "place": [1, 2]}, {"text": "a", "reply_to": "5"},
    {"text": "a", "attachments": "x"}, {"text": "a", "attachments": [1]}, {"text": "a", "reply_to": 2**70},
])  # fmt: skip
async def test_what_is_no_message_is_refused_with_a_sentence(
    client: Client, sqlite: Database, fields: dict[str, Any]
) -> None:
    response = await post(client, **fields)
    assert response.status == 400 and len((await response.json())["error"]) > 20
    assert await waiting(sqlite) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 5000])
async def test_what_is_no_json_is_refused_with_a_sentence(client: Client, body: bytes) -> None:
    response = await client.post("/api/messages", data=body, headers=OURS)
    assert response.status == 400 and (await response.json())["error"]


async def test_letters_no_database_takes_are_left_out(client: Client) -> None:
    body = f'{{"client_id": "{uuid.uuid4()}", "text": "a\\u0000b\\ud800c\\nd"}}'
    response = await client.post("/api/messages", data=body.encode(), headers=OURS)
    assert response.status == 200
    assert (await messages(client))[0]["text"] == "abc\nd"


async def test_a_message_too_long_is_refused_whole_and_the_limit_is_named(client: Client, settings: Any) -> None:
    assert (await post(client, "đ" * settings.text_max_chars)).status == 200
    response = await post(client, "đ" * (settings.text_max_chars + 1))
    assert response.status == 413 and str(settings.text_max_chars) in (await response.json())["error"]


async def test_a_body_beyond_the_cap_is_refused(client: Client) -> None:
    response = await post(client, "a" * 200_000)
    assert response.status == 413 and (await response.json())["error"]


async def test_photos_go_with_a_message_as_ids(client: Client, sqlite: Database) -> None:
    tokens = [await uploaded(client), await uploaded(client)]
    assert (await post(client, "ảnh đây", attachments=tokens)).status == 200
    assert len((await waiting(sqlite))[0]["attachments"]) == 2
    assert [one["token"] for one in (await messages(client))[0]["files"]] == tokens


async def test_nobody_attaches_a_photo_of_somebody_elses(client: Client, stranger: Client) -> None:
    response = await post(stranger, "của tôi", attachments=[await uploaded(client)])
    assert response.status == 400
    assert await messages(stranger) == []


async def test_more_photos_than_the_limit_are_refused(client: Client, settings: Any) -> None:
    response = await post(client, attachments=[f"t{number}" for number in range(settings.files_per_case_max + 1)])
    assert response.status == 413


async def test_a_flood_is_asked_to_wait_and_others_are_not(
    client: Client, stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "LANE_WAITING_MAX", 3)
    for _ in range(3):
        assert (await post(client, "a")).status == 200
    refused = await post(client, "a")
    assert refused.status == 429 and int(refused.headers["Retry-After"]) > 0 and (await refused.json())["error"]
    assert (await post(stranger, "a")).status == 200


async def test_earlier_messages_come_page_by_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "PAGE_SIZE", 2)
    for number in range(5):
        await post(client, str(number))
    last = await (await client.get("/api/messages")).json()
    assert ([one["text"] for one in last["messages"]], last["more"]) == (["3", "4"], True)
    earlier = await messages(client, f"?before={last['messages'][0]['id']}")
    assert [one["text"] for one in earlier] == ["1", "2"]
    assert [one["text"] for one in await messages(client, f"?after={earlier[0]['id']}")] == ["2", "3"]


@pytest.mark.parametrize("query", ["?after=x", "?before=-1", "?after=" + "9" * 40, "?after=٣"])
async def test_a_number_that_is_none_is_refused(client: Client, query: str) -> None:
    assert (await client.get("/api/messages" + query)).status == 400
