"""The stand-in for the Bot API, checked with two clients that know nothing of each other, and by its own rules."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import aiohttp
import pytest
import telegram
from aiogram import Bot as AiogramBot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramMigrateToChat, TelegramRetryAfter
from aiogram.types import (
    BufferedInputFile,
    EphemeralMessageParameters,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
)
from aiohttp import web

from bot.channels.telegram_request import AiohttpRequest, MaybeSent, NotSent, TooFast
from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.server import TelegramServer

RESIDENT, GROUP = 42, -1001


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(scale=0.02) as opened:
        opened.people.group(GROUP, {"7": "creator"})
        opened.people.write(RESIDENT, "/start")
        yield opened


@pytest.fixture
async def ptb(server: TelegramServer) -> AsyncIterator[telegram.Bot]:
    made = telegram.Bot(
        server.bot.token, base_url=f"{server.url}/bot", base_file_url=f"{server.url}/file/bot",
        request=AiohttpRequest(), get_updates_request=AiohttpRequest(),
    )  # fmt: skip
    async with made:
        yield made


@pytest.fixture
async def aiogram(server: TelegramServer) -> AsyncIterator[AiogramBot]:
    made = AiogramBot(server.bot.token, session=AiohttpSession(api=TelegramAPIServer.from_base(server.url)))
    yield made
    await made.session.close()


async def test_python_telegram_bot_reads_and_sends(server: TelegramServer, ptb: telegram.Bot) -> None:
    assert (await ptb.get_me()).username == "DanBanBot"
    updates = await ptb.get_updates()
    assert updates[0].message is not None and updates[0].message.text == "/start"
    assert await ptb.get_updates(offset=updates[0].update_id + 1, timeout=0) == ()
    button = telegram.InlineKeyboardButton("Gửi", callback_data="m1:send")
    said = await ptb.send_message(RESIDENT, "Xin chào", reply_markup=telegram.InlineKeyboardMarkup([[button]]))
    assert said.message_id == server.sent(RESIDENT)[-1]["message_id"]
    assert (await ptb.edit_message_text("Đã gửi", RESIDENT, said.message_id)).text == "Đã gửi"  # type: ignore[union-attr]
    with pytest.raises(telegram.error.BadRequest, match="not modified"):
        await ptb.edit_message_text("Đã gửi", RESIDENT, said.message_id)
    photo = await ptb.send_photo(RESIDENT, BytesIO(b"a photo"), caption="Ảnh")
    file = await ptb.get_file(photo.photo[-1].file_id)
    assert bytes(await _downloaded(server, file.file_path)) == b"a photo"
    media = [telegram.InputMediaPhoto(b"one"), telegram.InputMediaPhoto(b"two")]
    album = await ptb.send_media_group(GROUP, media)
    assert len({one.media_group_id for one in album}) == 1
    assert await ptb.send_document(RESIDENT, b"<plan>", filename="plan.txt")
    assert await ptb.delete_message(RESIDENT, said.message_id)
    assert await ptb.set_my_commands(
        [("nhan", "nhận việc")], scope=telegram.BotCommandScopeChat(GROUP), language_code="vi"
    )
    assert [one.status for one in await ptb.get_chat_administrators(GROUP)] == ["creator"]
    assert (await ptb.get_chat_member(GROUP, 7)).status == "creator"


async def _downloaded(server: TelegramServer, path: str | None) -> bytes:
    async with aiohttp.ClientSession() as client, client.get(str(path)) as response:
        assert response.status == 200
        return await response.read()


async def test_aiogram_reads_and_sends(server: TelegramServer, aiogram: AiogramBot) -> None:
    assert (await aiogram.get_me()).username == "DanBanBot"
    updates = await aiogram.get_updates()
    assert updates[0].message is not None and updates[0].message.text == "/start"
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Gửi", callback_data="m1:send")]])
    said = await aiogram.send_message(RESIDENT, "Xin chào", reply_markup=keyboard)
    tap = server.people.press(RESIDENT, "gửi")
    tapped = (await aiogram.get_updates(offset=updates[0].update_id + 1))[0].callback_query
    assert tapped is not None and tapped.data == "m1:send" and tapped.message is not None
    assert tapped.message.message_id == said.message_id
    assert await aiogram.answer_callback_query(tap)
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await aiogram.answer_callback_query(tap)
    assert await aiogram.edit_message_reply_markup(chat_id=RESIDENT, message_id=said.message_id)
    photo = await aiogram.send_photo(RESIDENT, BufferedInputFile(b"a photo", "a.jpg"))
    assert photo.photo is not None
    downloaded = await aiogram.download(photo.photo[-1].file_id)
    assert downloaded is not None and downloaded.read() == b"a photo"
    media: Any = [InputMediaPhoto(media=BufferedInputFile(data, "a.jpg")) for data in (b"one", b"two")]
    assert len(await aiogram.send_media_group(GROUP, media)) == 2
    assert (await aiogram.get_webhook_info()).url == ""


async def test_both_clients_understand_its_refusals(
    server: TelegramServer, ptb: telegram.Bot, aiogram: AiogramBot
) -> None:
    server.people.bot_state(GROUP, "kicked", tell=False)
    with pytest.raises(telegram.error.Forbidden, match="kicked from the supergroup"):
        await ptb.send_message(GROUP, "x")
    with pytest.raises(TelegramForbiddenError):
        await aiogram.send_message(GROUP, "x")
    server.people.group(-5, {}, type="group")
    server.people.upgrade(-5, -1005)
    with pytest.raises(telegram.error.ChatMigrated) as moved:
        await ptb.send_message(-5, "x")
    assert moved.value.new_chat_id == -1005
    with pytest.raises(TelegramMigrateToChat):
        await aiogram.send_message(-5, "x")
    server.faults.ordered.append(Fault("429", "sendMessage", times=2, retry_after=7))
    with pytest.raises(TooFast) as wait:
        await ptb.send_message(RESIDENT, "x")
    assert wait.value.seconds == 7
    with pytest.raises(TelegramRetryAfter):
        await aiogram.send_message(RESIDENT, "x")


def buttons(data: str, count: int = 1) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "a", "callback_data": data}]] * count}


@pytest.mark.parametrize(
    ("refused", "why"),
    [
        ({"chat_id": 99, "text": "x"}, "chat not found"),
        ({"chat_id": RESIDENT, "text": " "}, "text is empty"),
        ({"chat_id": RESIDENT, "text": "x" * 4097}, "too long"),
        ({"chat_id": RESIDENT, "text": "👍" * 2049}, "too long"),
        ({"chat_id": RESIDENT, "text": "x", "message_thread_id": 3}, "thread not found"),
        ({"chat_id": RESIDENT, "text": "x", "reply_markup": buttons("x" * 65)}, "BUTTON_DATA"),
        ({"chat_id": RESIDENT, "text": "x", "reply_markup": buttons("")}, "BUTTON_DATA"),
        ({"chat_id": RESIDENT, "text": "x", "reply_markup": buttons("x", 101)}, "too long"),
    ],
)  # fmt: skip
async def test_what_the_platform_refuses_is_refused(server: TelegramServer, refused: dict[str, Any], why: str) -> None:
    status, body = await call(server, "sendMessage", **refused)
    assert status == 400 and why in body["description"]


async def call(server: TelegramServer, method: str, **params: Any) -> tuple[int, dict[str, Any]]:
    url = f"{server.url}/bot{server.bot.token}/{method}"
    async with aiohttp.ClientSession() as client, client.post(url, json=params) as response:
        return response.status, await response.json()


async def test_an_ephemeral_message_is_for_one_member_and_has_no_id_of_its_own(
    server: TelegramServer, aiogram: AiogramBot
) -> None:
    to_seven = EphemeralMessageParameters(receiver_user_id=7)
    said = await aiogram.send_message(GROUP, "x", ephemeral_message_parameters=to_seven)
    assert said.message_id == 0 and not server.sent(GROUP) and server.world.ephemeral == [(GROUP, 7, "x")]
    with pytest.raises(TelegramBadRequest, match="receiver"):
        await aiogram.send_message(
            GROUP, "x", ephemeral_message_parameters=EphemeralMessageParameters(receiver_user_id=RESIDENT)
        )


async def test_an_older_server_shows_it_to_everybody_and_knows_no_way_to_delete_it(
    server: TelegramServer, ptb: telegram.Bot
) -> None:
    with pytest.raises(telegram.error.BadRequest):
        await ptb.do_api_request("deleteEphemeralMessage")
    server.world.knows_ephemeral = False
    with pytest.raises(telegram.error.EndPointNotFound):
        await ptb.do_api_request("deleteEphemeralMessage")
    said = await ptb.send_message(GROUP, "x", api_kwargs={"ephemeral_message_parameters": {"receiver_user_id": 7}})
    assert said.message_id and server.texts(GROUP) == ["x"]


async def test_a_photos_words_are_its_caption(server: TelegramServer, ptb: telegram.Bot, aiogram: AiogramBot) -> None:
    photo = await ptb.send_photo(RESIDENT, BytesIO(b"a photo"), caption="mới")
    with pytest.raises(telegram.error.BadRequest, match="no text in the message"):
        await ptb.edit_message_text("x", RESIDENT, photo.message_id)
    changed = await aiogram.edit_message_caption(chat_id=RESIDENT, message_id=photo.message_id, caption="đã nhận")
    assert not isinstance(changed, bool) and changed.caption == "đã nhận" and changed.photo
    words = await ptb.send_message(RESIDENT, "chữ")
    with pytest.raises(TelegramBadRequest, match="no caption in the message"):
        await aiogram.edit_message_caption(chat_id=RESIDENT, message_id=words.message_id, caption="x")


async def test_a_strange_token_is_unauthorized_and_a_strange_method_not_found(server: TelegramServer) -> None:
    assert (await call(server, "danceMessage"))[0] == 404
    server.bot.token = "1:other"
    assert (await call(server, "getMe"))[0] == 401


async def test_an_update_is_repeated_until_an_offset_confirms_it(server: TelegramServer) -> None:
    first = (await call(server, "getUpdates"))[1]["result"]
    assert (await call(server, "getUpdates"))[1]["result"] == first
    beyond = first[-1]["update_id"] + 1000
    assert (await call(server, "getUpdates", offset=beyond))[1]["result"] == first
    assert (await call(server, "getUpdates", offset=first[-1]["update_id"] + 1))[1]["result"] == []


async def test_a_second_poller_ends_the_first(server: TelegramServer) -> None:
    await call(server, "getUpdates", offset=500_001)
    first = asyncio.create_task(call(server, "getUpdates", offset=500_001, timeout=50))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(call(server, "getUpdates", offset=500_001, timeout=50))
    status, body = await first
    assert status == 409 and "terminated by other" in body["description"]
    server.people.write(RESIDENT, "hai")
    assert len((await second)[1]["result"]) == 1


async def test_a_webhook_gets_a_lane_in_order_and_again_until_it_is_taken(server: TelegramServer) -> None:
    got: list[tuple[str, str]] = []
    answers = iter([500, 503, 200, 200])

    async def hook(request: web.Request) -> web.Response:
        got.append((request.headers["X-Telegram-Bot-Api-Secret-Token"], (await request.json())["message"]["text"]))
        return web.Response(status=next(answers), headers={"Retry-After": "5"})

    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    assert (await call(server, "setWebhook", url=url, secret_token="s-1"))[1]["ok"]
    assert (await call(server, "getUpdates"))[0] == 409
    server.people.write(RESIDENT, "hai")
    while server.bot.queue.alive():  # noqa: ASYNC110  # the stand-in has no event for it
        await asyncio.sleep(0.02)
    assert got == [("s-1", "/start")] * 3 + [("s-1", "hai")]
    await runner.cleanup()


async def test_what_exceeds_a_window_is_written_down(server: TelegramServer) -> None:
    for _ in range(20):
        await call(server, "sendMessage", chat_id=GROUP, text="x")
    assert not server.world.windows.excesses
    await call(server, "sendMessage", chat_id=GROUP, text="x")
    assert [one.window for one in server.world.windows.excesses] == ["group"]


async def test_a_line_cut_before_and_after_the_effect_is_in_doubt_and_no_line_is_not(
    server: TelegramServer, ptb: telegram.Bot
) -> None:
    server.faults.ordered.append(Fault("cut_before", "sendMessage"))
    with pytest.raises(MaybeSent):
        await ptb.send_message(RESIDENT, "một")
    assert server.texts(RESIDENT) == []
    server.faults.ordered.append(Fault("cut_after", "sendMessage"))
    with pytest.raises(MaybeSent):
        await ptb.send_message(RESIDENT, "hai")
    assert server.texts(RESIDENT) == ["hai"]
    line = AiohttpRequest()
    nobody = telegram.Bot(server.bot.token, base_url="http://127.0.0.1:1/bot", request=line)
    with pytest.raises(NotSent):
        await nobody.send_message(RESIDENT, "ba")
    await line.shutdown()
