"""What every answer carries, and where a request may come from."""

import re
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from storage.database import Database
from tests.bot.web.ground import OURS, TestSettings, messages, nobody, post, serving, small_ward

Client = TestClient[Any, Any]


@pytest.mark.parametrize("path", ["/", "/healthz", "/nowhere", "/api/messages", "/api/nowhere", "/tep/x", "/nhom/x"])
async def test_every_answer_carries_the_headers(client: Client, path: str) -> None:
    headers = (await client.get(path)).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "geolocation=(self)" in headers["Permissions-Policy"]
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "*" not in policy and "http" not in policy


async def test_the_stream_carries_them_too(client: Client) -> None:
    async with client.get("/api/events") as stream:
        assert "default-src 'none'" in stream.headers["Content-Security-Policy"]


async def test_no_page_has_anything_inline(client: Client) -> None:
    page = await (await client.get("/?lang=vi")).text()
    for tag in re.findall(r"<script[^>]*>", page):
        assert "src=" in tag or 'type="application/json"' in tag
    assert not re.search(r"\son\w+=|style=|<style|javascript:", page)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        OURS | {"Sec-Fetch-Site": "cross-site"},
        OURS | {"Sec-Fetch-Site": "same-site"},
        OURS | {"Origin": "https://evil.example"},
        OURS | {"Origin": "null"},
        {"Sec-Fetch-Site": "same-origin"},
    ],
)
async def test_another_sites_page_changes_nothing(client: Client, headers: dict[str, str]) -> None:
    body = {"client_id": "12345678", "text": "giả"}
    response = await client.post("/api/messages", json=body, headers=headers)
    assert response.status == 403 and (await response.json())["error"]
    assert await messages(client) == []


async def test_our_own_page_is_let_in_behind_a_proxy_too(client: Client, server: TestServer) -> None:
    # The proxy speaks https to the browser and plain http to us; PUBLIC_URL is what the browser knows.
    for origin in (f"https://{server.host}:{server.port}", "https://127.0.0.1:8080"):
        body = {"client_id": f"id-{abs(hash(origin))}", "text": "thật"}
        headers = OURS | {"Origin": origin, "Sec-Fetch-Site": "same-origin"}
        assert (await client.post("/api/messages", json=body, headers=headers)).status == 200


async def test_the_cookie_is_signed_and_no_script_can_read_it(server: TestServer) -> None:
    async with nobody(server) as client:
        response = await client.get("/")
        cookie = response.cookies["danban-AHD"]
        assert cookie["httponly"] and cookie["samesite"] == "Lax" and int(cookie["max-age"]) == 400 * 24 * 3600
        assert not cookie["secure"]
        name, _, signature = cookie.value.rpartition(".")
        assert len(name) == 32 and len(signature) > 20


async def test_by_https_the_cookie_is_for_this_host_and_https_alone(sqlite: Database, settings: TestSettings) -> None:
    await small_ward(sqlite)
    secure = TestSettings(data_dir=settings.data_dir, public_url="https://danban.example.vn")
    async with serving(sqlite, secure) as server, nobody(server) as client:
        response = await client.get("/")
        assert response.cookies["__Host-danban-AHD"]["secure"]
        assert "max-age" in response.headers["Strict-Transport-Security"]


async def test_a_forged_cookie_is_nobodys(client: Client, server: TestServer) -> None:
    await post(client, "chuyện riêng")
    mine = next(cookie.value for cookie in client.session.cookie_jar)
    victim, _, signature = mine.rpartition(".")
    turned = ("a" if signature[0] != "a" else "b") + signature[1:]
    for forged in (victim, victim + ".", f"{'0' * 32}.{signature}", f"{victim}.{turned}", "..."):
        async with nobody(server, **{"danban-AHD": forged}) as thief:
            assert await messages(thief) == []


async def test_one_visitor_keeps_one_identity_through_reloads(client: Client) -> None:
    await post(client, "một")
    await client.get("/")
    assert [one["text"] for one in await messages(client)] == ["một"]


@pytest.mark.parametrize("path", ["/nowhere", "/demo", "/demo/phone/unit", "/p/XYZ"])
async def test_what_is_not_there_is_told_on_a_page_in_vietnamese(client: Client, path: str) -> None:
    response = await client.get(path, headers={"Accept-Language": "vi"})
    assert response.status == 404
    assert '<html lang="vi">' in await response.text()


async def test_a_wrong_method_is_told_and_not_done(client: Client) -> None:
    response = await client.delete("/api/messages", headers=OURS)
    assert response.status == 405 and (await response.json())["error"]


async def test_a_failure_of_ours_is_a_sentence_and_no_traceback(
    client: Client, server: TestServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr(Database, "reading", broken)
    page, answer = await client.get("/"), await client.get("/api/messages")
    assert (page.status, answer.status) == (500, 500)
    assert "secret" not in await page.text() and "Traceback" not in await page.text()
    assert (await answer.json())["error"]
