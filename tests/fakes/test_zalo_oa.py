"""The stand-in for a Zalo Official Account, asked by a client that shares nothing with ours."""

import json
from collections.abc import AsyncIterator

import pytest

from tests.fakes.zalo_oa.server import ZaloOaServer
from tests.fakes.zalo_oa.world import DAY
from tests.fakes.zalo_oa_client import RawClient, RawWebhook

USER, OTHER = "8309000000000000001", "8309000000000000002"
GROUP = "f414c8f76fa586fbdfb4"
PDF = b"%PDF-1.4 x"
JPEG = b"\xff\xd8\xff\xe0 x"


@pytest.fixture
async def zalo() -> AsyncIterator[ZaloOaServer]:
    async with ZaloOaServer(scale=0.001) as opened:
        opened.people.write(USER, "xin chào")
        yield opened


@pytest.fixture
async def client(zalo: ZaloOaServer) -> RawClient:
    """One that has no token yet."""
    return RawClient(zalo.url, app_id=zalo.world.app_id, app_secret=zalo.world.app_secret)


async def let_in(client: RawClient, zalo: ZaloOaServer) -> str:
    """Get it a token; the refresh token that came with it."""
    pair = await client.renew(zalo.world.new_pair().refresh)
    client.access = pair["access_token"]
    return str(pair["refresh_token"])


async def test_an_independent_client_gets_along_with_it(zalo: ZaloOaServer, client: RawClient) -> None:
    first = zalo.world.new_pair().refresh
    pair = await client.renew(first)
    assert pair["expires_in"] == "90000"
    assert (await client.renew(first))["error"] == -14020
    assert (await client.say(USER, {"text": "chào"}))["error"] == -216  # the old pair is dead, and nothing else known
    client.access = pair["access_token"]
    said = await client.say(USER, {"text": "chào"})
    assert said["error"] == 0 and said["data"]["user_id"] == USER
    assert (await client.say(USER, {"text": "x", "quote_message_id": said["data"]["message_id"]}))["error"] == 0
    assert (await client.say(USER, {"text": "x" * 2001}))["error"] == -210
    image = (await client.upload("image", JPEG))["data"]["attachment_id"]
    elements = [{"media_type": "image", "attachment_id": image}]
    shown = {"type": "template", "payload": {"template_type": "media", "elements": elements}}
    assert (await client.say(USER, {"text": "ảnh", "attachment": shown}))["error"] == 0
    token = (await client.upload("file", PDF))["data"]["token"]
    assert (await client.say(USER, {"attachment": {"type": "file", "payload": {"token": token}}}))["error"] == 0
    assert (await client.upload("file", b"MZ"))["error"] == -201
    zalo.world.offset += 8 * DAY
    client.access = (await client.renew(pair["refresh_token"]))["access_token"]
    assert (await client.say(USER, {"text": "muộn rồi"}))["error"] == -230
    assert len(zalo.world.sent(USER)) == 4


async def test_its_history_is_read_page_by_page_newest_first(zalo: ZaloOaServer, client: RawClient) -> None:
    await let_in(client, zalo)
    for number in range(12):
        zalo.people.write(OTHER, f"tin {number}")
    zalo.people.place(USER, "10.84", "106.64", text="Chợ")
    await client.say(USER, {"text": "đã nhận"})
    recent = (await client.read("/v2.0/oa/listrecentchat", {"offset": 0, "count": 10}))["data"]
    assert [(row["src"], row["message"]) for row in recent] == [(0, "đã nhận"), (1, "tin 11")]
    assert (recent[0]["from_id"], recent[0]["to_id"]) == (zalo.world.oa_id, USER)
    pages = [
        (await client.read("/v2.0/oa/conversation", {"user_id": OTHER, "offset": offset, "count": 10}))["data"]
        for offset in (0, 10, 20)
    ]
    assert [len(page) for page in pages] == [10, 2, 0]
    said = [row["message"] for page in pages for row in page]
    assert said == [f"tin {number}" for number in reversed(range(12))]
    times = [row["time"] for page in pages for row in page]
    assert times == sorted(times, reverse=True) and all(isinstance(one, int) and one > 10**12 for one in times)
    theirs = (await client.read("/v2.0/oa/conversation", {"user_id": USER, "offset": 0, "count": 2}))["data"]
    assert theirs[1]["type"] == "location" and json.loads(theirs[1]["location"])["latitude"] == "10.84"
    # More at once, somebody unknown, and nobody's token are refused.
    too_many = await client.read("/v2.0/oa/conversation", {"user_id": USER, "offset": 0, "count": 11})
    unknown = await client.read("/v2.0/oa/conversation", {"user_id": "1", "offset": 0, "count": 10})
    client.access = "nobody's"
    stranger = await client.read("/v2.0/oa/listrecentchat", {"offset": 0, "count": 10})
    assert [one["error"] for one in (too_many, unknown, stranger)] == [-201, -201, -216]


async def test_a_group_of_the_account_takes_words_and_pictures_but_no_buttons(
    zalo: ZaloOaServer, client: RawClient
) -> None:
    await let_in(client, zalo)
    zalo.people.group(GROUP, [USER])
    assert [one["group_id"] for one in (await client.groups())["data"]["groups"]] == [GROUP]
    said = await client.say_in_group(GROUP, {"text": "thẻ hồ sơ"})
    assert said["error"] == 0 and said["data"]["group_id"] == GROUP
    quote = {"text": "đã nhận", "quote_message_id": said["data"]["message_id"]}
    assert (await client.say_in_group(GROUP, quote))["error"] == 0
    button = {"title": "Nhận", "type": "oa.query.show", "payload": "/nhan"}
    pressed = {"text": "x", "attachment": {"type": "template", "payload": {"buttons": [button]}}}
    assert (await client.say_in_group(GROUP, pressed))["error"] == -201
    assert (await client.say(USER, pressed))["error"] == 0
    assert (await client.say_in_group("not a group", {"text": "x"}))["error"] == -201
    zalo.world.offset += 8 * DAY  # a group has no window
    client.access = (await client.renew(zalo.world.new_pair().refresh))["access_token"]
    assert (await client.say_in_group(GROUP, {"text": "bản tin tuần"}))["error"] == 0
    zalo.world.expired_groups.add(GROUP)
    assert (await client.say_in_group(GROUP, {"text": "muộn rồi"}))["error"] == -237


async def test_its_calls_are_signed_over_the_very_bytes_that_arrive(zalo: ZaloOaServer) -> None:
    async with RawWebhook() as hook:
        zalo.webhook.url = hook.url
        zalo.people.write(USER, 'Đèn "đường" trước nhà số 12/3 hỏng 💡\nđã 3 hôm')
        call = await hook.calls.get()
        app_id, secret = zalo.world.app_id, zalo.world.oa_secret
        assert call.headers["x-zevent-signature"].startswith("mac=") and call.is_signed(app_id, secret)
        assert json.loads(call.body)["app_id"] == app_id and "💡".encode() in call.body
        # Neither the application's secret nor the same event written down otherwise gives that signature.
        otherwise = type(call)(headers=call.headers, body=json.dumps(json.loads(call.body)).encode())
        assert not call.is_signed(app_id, zalo.world.app_secret) and not otherwise.is_signed(app_id, secret)
