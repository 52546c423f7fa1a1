"""The stand-in for a Zalo Official Account, asked by a client that is not ours (PyPI `zalo-sdk`)."""

import base64
import hashlib
import json
import time
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from zalo_sdk import ZaloOAAuthTokenExpiredException
from zalo_sdk.oa import ZaloAction, ZaloAttachment, ZaloMessageBody, ZaloRecipient
from zalo_sdk.zns import Client as ByTelephone

from tests.fakes.zalo_oa.server import Fault, ZaloOaServer
from tests.fakes.zalo_oa.world import DAY, HOUR
from tests.fakes.zalo_oa_client import RawWebhook, Sdk, ask, carried_to, refused

USER, OTHER = "8309000000000000001", "8309000000000000002"
GROUP = "f414c8f76fa586fbdfb4"
PDF = b"%PDF-1.4 x"
JPEG = b"\xff\xd8\xff\xe0 x"
TO = ZaloRecipient(user_id=USER)
SHOW = {"title": "Nhận", "type": "oa.query.show", "payload": "/nhan"}


@pytest.fixture
async def zalo(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ZaloOaServer]:
    async with ZaloOaServer(scale=0.001) as opened:
        monkeypatch.setattr(requests.sessions, "HTTPAdapter", carried_to(opened.url))
        opened.people.write(USER, "xin chào")
        yield opened


@pytest.fixture
async def sdk(zalo: ZaloOaServer) -> Sdk:
    """One that has got its tokens by a refresh."""
    made = Sdk(zalo.world.app_id, zalo.world.app_secret, refresh_token=zalo.world.new_pair().refresh)
    await ask(made.refresh_acccess_token)
    return made


def words(text: str, *, quote: str | None = None) -> ZaloMessageBody:
    return ZaloMessageBody(text=text, quote_message_id=quote)


def shown(kind: str, *elements: dict[str, str], text: str | None = None) -> ZaloMessageBody:
    payload = {"template_type": kind, "elements": list(elements)}
    return ZaloMessageBody(text=text, attachment=ZaloAttachment("template", payload))


def pressed(*buttons: object, text: str | None = "Ông/Bà chọn") -> ZaloMessageBody:
    return ZaloMessageBody(text=text, attachment=ZaloAttachment("template", {"buttons": list(buttons)}))


def file(token: str) -> ZaloMessageBody:
    return ZaloMessageBody(attachment=ZaloAttachment("file", {"token": token}))


async def test_a_refresh_token_is_good_once_and_the_pair_it_came_with_dies(zalo: ZaloOaServer) -> None:
    first = zalo.world.new_pair()
    sdk = Sdk(zalo.world.app_id, zalo.world.app_secret, access_token=first.access, refresh_token=first.refresh)
    assert (await ask(sdk.send_message, TO, words("chào")))["data"]["user_id"] == USER
    access, refresh, expires_at = await ask(sdk.refresh_acccess_token)
    assert access not in (first.access, "") and refresh != first.refresh
    assert abs(expires_at - time.time() - 25 * HOUR) < 60
    assert await refused(sdk.send_message, TO, words("chào")) == 0
    late = Sdk(zalo.world.app_id, zalo.world.app_secret, access_token=first.access, refresh_token=first.refresh)
    assert await refused(late.send_message, TO, words("chào")) == -216
    assert await refused(late.refresh_acccess_token) == -14020
    stranger = Sdk(zalo.world.app_id, "another secret", refresh_token=refresh)
    assert await refused(stranger.refresh_acccess_token) == -14004
    assert await refused(sdk.refresh_acccess_token) == 0  # what failed has used nothing up


async def test_a_token_that_has_run_out_is_told_from_a_wrong_one_and_renewed(zalo: ZaloOaServer, sdk: Sdk) -> None:
    zalo.world.offset += 25 * HOUR
    with pytest.raises(ZaloOAAuthTokenExpiredException):
        await ask(sdk.send_message, TO, words("chào"))
    await ask(sdk.refresh_acccess_token)
    assert await refused(sdk.send_message, TO, words("chào")) == 0


async def test_a_manager_agrees_by_the_clients_own_link_and_the_code_is_good_once(zalo: ZaloOaServer) -> None:
    sdk, verifier = Sdk(zalo.world.app_id, zalo.world.app_secret), "v" * 43
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    back = "https://danban.example.vn/dong-y"

    async def agreed() -> str:
        link = sdk.request_authoriation_code_url(back, challenge, "ours")
        answer = await ask(requests.get, link, allow_redirects=False)
        where = urlsplit(answer.headers["Location"])
        given = parse_qs(where.query)
        assert where.hostname == "danban.example.vn" and given["state"] == ["ours"]
        assert given["oa_id"] == [zalo.world.oa_id]
        return given["code"][0]

    take = sdk.get_access_token_from_authorization_code
    assert await refused(take, await agreed(), "w" * 43) == -14010
    code = await agreed()
    await ask(take, code, verifier)
    assert await refused(take, code, verifier) == -14006
    assert await refused(sdk.send_message, TO, words("chào")) == 0
    late = await agreed()
    zalo.world.offset += 601
    assert await refused(take, late, verifier) == -14006


async def test_words_buttons_pictures_and_files_are_taken_as_the_client_sends_them(
    zalo: ZaloOaServer, sdk: Sdk
) -> None:
    said = await ask(sdk.send_message, TO, words("chào"))
    assert said["data"]["message_id"] == zalo.world.sent(USER)[0].id
    image = (await ask(sdk.upload_file, JPEG, "image", "a.jpg", "image/jpeg"))["data"]["attachment_id"]
    token = (await ask(sdk.upload_file, PDF, "file", "a.pdf", "application/pdf"))["data"]["token"]
    link = {"title": "Xem", "type": "oa.open.url", "payload": {"url": "https://danban.example.vn"}}
    call = {"title": "Gọi", "type": "oa.open.phone", "payload": {"phone_code": "84900000000"}}
    who = {"title": "Phường", "subtitle": "Xin số điện thoại", "image_url": "https://example.vn/a.png"}
    good = (
        words("đã nhận", quote=said["data"]["message_id"]), words("x" * 2000), pressed(SHOW, link, call),
        shown("media", {"media_type": "image", "attachment_id": image}, text="ảnh"), file(token),
        shown("media", {"media_type": "image", "url": "https://example.vn/a.jpg"}), shown("request_user_info", who),
    )  # fmt: skip
    assert [await refused(sdk.send_message, TO, one) for one in good] == [0] * len(good)
    assert [one.body for one in zalo.world.sent(USER)[1:]] == [one.toDict() for one in good]


async def test_what_is_wrong_is_refused_with_zalos_numbers_inside_http_200(zalo: ZaloOaServer, sdk: Sdk) -> None:
    token = (await ask(sdk.upload_file, PDF, "file", "a.pdf", "application/pdf"))["data"]["token"]
    wrong = {
        words(" "): -201, words("x" * 2001): -210, words("x", quote="nobody's"): -201, file("nobody's"): -201,
        ZaloMessageBody(text="x", attachment=ZaloAttachment("file", {"token": token})): -201,
        pressed(*[SHOW] * 6): -201, pressed(): -201, pressed(SHOW, text=None): -201,
        pressed({**SHOW, "title": "x" * 101}): -201, pressed({**SHOW, "payload": {"url": "x"}}): -201,
        pressed({**SHOW, "type": "oa.open.url"}): -201, pressed("not a button"): -201,
        shown("media", {"media_type": "image", "attachment_id": "nobody's"}): -201, shown("list", {}): -201,
    }  # fmt: skip
    assert [await refused(sdk.send_message, TO, one) for one in wrong] == list(wrong.values())
    assert await refused(sdk.send_message, ZaloRecipient(user_id="nobody"), words("x")) == -201
    assert await refused(sdk.send_message, ZaloRecipient(message_id="1"), words("x")) == -201
    # Without a name a part of a form is no file; and neither of these may be carried.
    for data, name in ((PDF, ""), (b"MZ", "a.exe")):
        assert await refused(sdk.upload_file, data, "file", name) == -201
    assert await refused(sdk.upload_file, JPEG + b"x" * 1024 * 1024, "image", "a.jpg") == -210
    # Zalo has ended both in March 2026; reactions and tags are not here, as nothing of ours asks for them.
    for ended in ("transaction", "media"):
        assert await refused(sdk.send_message, TO, words("x"), category=ended) == 404
    assert await refused(sdk.send_message, TO, action=ZaloAction("/-strong", "1"), category="action") == 404
    assert await refused(sdk.get_tags_of_oa) == 404
    assert not zalo.world.sent(USER)


async def test_whom_one_may_write_to_ends_with_time_and_the_client_can_ask(zalo: ZaloOaServer, sdk: Sdk) -> None:
    async def state() -> tuple[int, int, int]:
        mine = (await ask(sdk.get_zalo_user_quotas, USER))["data"]
        (ours,) = (await ask(sdk.get_zalo_oa_quotas, "OA", "cs", "sub_quota"))["data"]
        assert int(mine["last_interaction"]) // 1000 == int(zalo.world.people[USER].last_contact or 0)
        return await refused(sdk.send_message, TO, words("chào")), mine["cs_reply"]["remain"], ours["remain"]

    assert [await state(), await state()] == [(0, 8, 2000), (0, 8, 2000)]
    zalo.world.offset += 2 * DAY
    await ask(sdk.refresh_acccess_token)
    assert [await state(), await state()] == [(0, 0, 2000), (0, 0, 1999)]  # the answer says what was left before
    zalo.world.offset += 5 * DAY
    await ask(sdk.refresh_acccess_token)
    assert await state() == (-230, 0, 1998)
    zalo.people.write(USER, "còn đây")
    assert await state() == (0, 8, 1998)
    zalo.world.people[USER].state = "declined"
    assert await refused(sdk.send_message, TO, words("chào")) == -244


async def test_who_follows_is_seen_in_the_list_and_in_the_profile(zalo: ZaloOaServer, sdk: Sdk) -> None:
    async def listed(**data: object) -> list[str]:
        found = (await ask(sdk.get_list, {"offset": 0, "count": 50} | data))["data"]
        assert found["total"] >= len(found["users"])
        return [one["user_id"] for one in found["users"]]

    zalo.people.follow(OTHER)
    assert await listed() == [USER, OTHER] and await listed(offset=1, count=1) == [OTHER]
    assert await listed(is_follower=True) == [OTHER] and await listed(is_follower=False) == [USER]
    assert (await ask(sdk.get_user_detail, OTHER))["data"]["user_is_follower"] is True
    zalo.people.unfollow(OTHER)
    assert (await ask(sdk.get_user_detail, OTHER))["data"]["user_is_follower"] is False
    assert await refused(sdk.send_message, ZaloRecipient(user_id=OTHER), words("chào")) == -213
    assert await refused(sdk.get_list, {"offset": 0, "count": 51}) == -201
    assert await refused(sdk.get_user_detail, "nobody") == -201
    for ended in (sdk.get_profile, sdk.get_followers, sdk.get_free_response_quota):  # v2
        assert await refused(ended, {}) == 404


async def test_a_template_goes_by_user_id_and_the_clients_way_by_telephone_is_another(
    zalo: ZaloOaServer, sdk: Sdk
) -> None:
    zalo.world.offset += 8 * DAY
    await ask(sdk.refresh_acccess_token)
    sent = await ask(sdk.send_template, USER, "334455", {"ma": "PA-26-00012"})
    assert sent["data"]["user_id"] == USER and len(zalo.world.templates) == 1
    by_telephone = ByTelephone(zalo.world.app_id, zalo.world.app_secret, access_token=sdk.access_token)
    assert await refused(by_telephone.send_zns_message, "84900000000", "334455", {}, "1") == 404
    assert len(zalo.world.templates) == 1


async def test_too_many_calls_broken_answers_and_http_errors_look_to_the_client_like_zalos(
    zalo: ZaloOaServer, sdk: Sdk
) -> None:
    zalo.world.per_minute = 2
    assert [await refused(sdk.send_message, TO, words("x")) for _ in range(3)] == [0, 0, -32]
    zalo.world.per_minute = 100
    zalo.faults.append(Fault("502"))
    with pytest.raises(Exception, match="HTTP Error 502"):
        await ask(sdk.send_message, TO, words("x"))
    zalo.faults.append(Fault("cut_after"))
    with pytest.raises(requests.ConnectionError):
        await ask(sdk.send_message, TO, words("x"))
    assert len(zalo.world.sent(USER)) == 3
    # What is not JSON, or of another shape, is refused like anything that is wrong.
    headers = {"access_token": sdk.access_token, "Content-Type": "application/json"}
    for body in (b"{", b"[]", b"null", b'{"recipient": 1, "message": 2}'):
        answer = await ask(requests.post, f"{sdk.endpoint_prefix}/v3.0/oa/message/cs", data=body, headers=headers)
        assert answer.json()["error"] == -201
        assert answer.raw.headers.getlist("Server") == ["ZServer", "ZServer"]


async def test_its_history_is_read_page_by_page_newest_first(zalo: ZaloOaServer, sdk: Sdk) -> None:
    for number in range(12):
        zalo.people.write(OTHER, f"tin {number}")
    zalo.people.place(USER, "10.84", "106.64", text="Chợ")
    await ask(sdk.send_message, TO, words("đã nhận"))
    recent = await ask(sdk.history, "/v2.0/oa/listrecentchat", offset=0, count=10)
    assert [(row["src"], row["message"]) for row in recent] == [(0, "đã nhận"), (1, "tin 11")]
    assert (recent[0]["from_id"], recent[0]["to_id"]) == (zalo.world.oa_id, USER)
    talk = "/v2.0/oa/conversation"
    pages = [await ask(sdk.history, talk, user_id=OTHER, offset=offset, count=10) for offset in (0, 10, 20)]
    assert [len(page) for page in pages] == [10, 2, 0]
    said = [row["message"] for page in pages for row in page]
    assert said == [f"tin {number}" for number in reversed(range(12))]
    times = [row["time"] for page in pages for row in page]
    assert times == sorted(times, reverse=True) and all(isinstance(one, int) and one > 10**12 for one in times)
    theirs = await ask(sdk.history, talk, user_id=USER, offset=0, count=2)
    assert theirs[1]["type"] == "location" and json.loads(theirs[1]["location"])["latitude"] == "10.84"
    # More at once, somebody unknown, and nobody's token are refused.
    assert await refused(sdk.history, talk, user_id=USER, offset=0, count=11) == -201
    assert await refused(sdk.history, talk, user_id="1", offset=0, count=10) == -201
    sdk.access_token = "nobody's"
    assert await refused(sdk.history, "/v2.0/oa/listrecentchat", offset=0, count=10) == -216


async def test_a_group_of_the_account_takes_words_and_pictures_but_no_buttons(zalo: ZaloOaServer, sdk: Sdk) -> None:
    zalo.people.group(GROUP, [USER])
    assert [one["group_id"] for one in (await ask(sdk.groups))["data"]["groups"]] == [GROUP]
    said = await ask(sdk.say_in_group, GROUP, words("thẻ hồ sơ"))
    assert said["data"]["group_id"] == GROUP
    assert await refused(sdk.say_in_group, GROUP, words("đã nhận", quote=said["data"]["message_id"])) == 0
    image = (await ask(sdk.upload_file, JPEG, "image", "a.jpg", "image/jpeg"))["data"]["attachment_id"]
    picture = shown("media", {"media_type": "image", "attachment_id": image})
    assert await refused(sdk.say_in_group, GROUP, picture) == 0
    assert await refused(sdk.say_in_group, GROUP, pressed(SHOW)) == -201
    assert await refused(sdk.say_in_group, "not a group", words("x")) == -201
    zalo.world.offset += 8 * DAY  # a group has no window
    await ask(sdk.refresh_acccess_token)
    assert await refused(sdk.say_in_group, GROUP, words("bản tin tuần")) == 0
    zalo.world.expired_groups.add(GROUP)
    assert await refused(sdk.say_in_group, GROUP, words("muộn rồi")) == -237


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
