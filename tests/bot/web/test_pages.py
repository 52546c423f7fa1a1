"""Pages as they are served: escaped, in the reader's language, small and well kept by browsers."""

import gzip
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.web.files import FOLDER, StaticFiles
from storage import webchat
from storage.database import Database
from tests.bot.web.ground import SMALL_WARD, TestSettings, clock, messages, nobody, post, serving, small_ward, visitor

Client = TestClient[Any, Any]
EVIL = "</script><script>alert('x')</script>\"onload=\"1"


async def text(client: Client, path: str, **headers: str) -> str:
    return await (await client.get(path, headers=headers)).text()


def config(page: str) -> dict[str, Any]:
    return dict(json.loads(re.findall(r'<script type="application/json" id="config">(.*?)</script>', page)[0]))


@pytest.mark.parametrize(
    ("path", "accepted", "language"),
    [
        ("/", "", "vi"), ("/", "fr-FR,fr;q=0.9", "vi"), ("/", "en-GB,en;q=0.8", "en"),
        ("/", "en;q=0.1, vi;q=0.9", "vi"), ("/", "en;q=0", "vi"), ("/", ";;,q=,", "vi"),
        ("/?lang=vi", "en", "vi"), ("/?lang=en", "vi", "en"), ("/?lang=xx", "en", "en"),
    ],
)  # fmt: skip
async def test_the_page_is_in_the_readers_language(client: Client, path: str, accepted: str, language: str) -> None:
    assert f'<html lang="{language}">' in await text(client, path, **{"Accept-Language": accepted})


async def test_a_chosen_language_is_remembered(client: Client) -> None:
    await client.get("/?lang=en")
    assert '<html lang="en">' in await text(client, "/", **{"Accept-Language": "vi"})


async def test_a_wards_name_is_shown_and_never_run(sqlite: Database, settings: TestSettings) -> None:
    await small_ward(sqlite, replace(SMALL_WARD, name=EVIL))
    async with serving(sqlite, settings) as server, visitor(server) as client:
        assert "<script>alert" not in await text(client, "/")


async def test_a_rooms_title_is_shown_and_never_run(client: Client, sqlite: Database, ward_id: int) -> None:
    async with sqlite.transaction() as tx:
        _chat, key = await webchat.create_room(tx, EVIL, None, clock(), ward_id=ward_id)
    assert "<script>alert" not in await text(client, f"/nhom/{key}")


async def test_what_a_link_carries_is_a_code_or_nothing(client: Client) -> None:
    assert config(await text(client, "/?thamgia=ABCD-1234&start=plan_12"))["join"] == "ABCD-1234"
    hostile = config(await text(client, "/?thamgia=%3Cscript%3E&start=" + "a" * 65))
    assert (hostile["join"], hostile["start"]) == ("", "")


async def test_several_wards_are_offered_and_each_has_a_chat_of_its_own(
    sqlite: Database, settings: TestSettings
) -> None:
    await small_ward(sqlite)
    await small_ward(sqlite, replace(SMALL_WARD, code="TB 2", name="Phường Thứ Hai"))
    async with serving(sqlite, settings) as server, visitor(server) as client:
        page = await text(client, "/")
        assert 'href="/p/AHD"' in page and 'href="/p/TB%202"' in page
        assert "Phường Thứ Hai" in await text(client, "/p/TB%202")
        await client.get("/p/AHD")
        await post(client, "cho phường một", query="?p=AHD")
        assert len(await messages(client, "?p=AHD")) == 1
        assert await messages(client, "?p=TB%202") == []
        assert (await client.get("/api/messages")).status == 404


async def test_without_a_ward_the_page_says_whom_to_ask(sqlite: Database, settings: TestSettings) -> None:
    async with serving(sqlite, settings) as server, nobody(server) as client:
        response = await client.get("/")
        assert response.status == 503 and "<h1>" in await response.text()


async def test_files_are_kept_for_good_under_a_name_that_follows_their_content(client: Client) -> None:
    static = StaticFiles()
    response = await client.get(static.url("chat.css"))
    assert "immutable" in response.headers["Cache-Control"] and response.headers["Content-Encoding"] == "gzip"
    assert await response.read() == (FOLDER / "chat.css").read_bytes()
    again = await client.get(static.url("chat.css"), headers={"If-None-Match": response.headers["ETag"]})
    assert again.status == 304
    old = await client.get("/static/0000/chat.css")
    assert old.status == 200 and old.headers["Cache-Control"] == "no-cache"


async def test_a_browser_without_gzip_gets_the_plain_file(server: TestServer) -> None:
    async with nobody(server) as client:
        response = await client.get(StaticFiles().url("chat.js"), headers={"Accept-Encoding": "identity"})
        assert "Content-Encoding" not in response.headers
        assert response.content_type == "text/javascript"


@pytest.mark.parametrize("name", ["nothing.js", "..%2Fapp.py", "../app.py", "chat.html"])
async def test_nothing_but_the_pages_files_is_served(client: Client, name: str) -> None:
    assert (await client.get(f"/static/0000/{name}")).status == 404


def test_small_files_are_what_they_say() -> None:
    for file in StaticFiles()._files.values():
        assert gzip.decompress(file.small) == file.plain


@pytest.mark.parametrize("ready", [True, False])
async def test_health_says_whether_the_process_is_alive(sqlite: Database, settings: TestSettings, ready: bool) -> None:
    async with serving(sqlite, settings, ready=ready) as server, nobody(server) as client:
        response = await client.get("/healthz")
        assert response.status == (200 if ready else 503)
        assert (await response.json())["status"] == ("ok" if ready else "starting or stopping")


async def test_a_process_whose_database_is_away_is_alive_and_must_not_be_restarted(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise OSError("gone")

    monkeypatch.setattr(Database, "reading", broken)
    assert (await client.get("/healthz")).status == 200
