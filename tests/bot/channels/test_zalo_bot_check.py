"""`danban check` asks Zalo, and says what to mend."""

from pathlib import Path

import pytest

from bot.channels.remarks import BAD, DOUBTFUL, GOOD
from bot.channels.zalo_bot_check import look
from tests.bot.zalo_bot_house import settings_for
from tests.fakes.zalo_bot.server import ZaloBotServer
from tests.fakes.zalo_bot.world import Fault, Webhook

URL = "sqlite+aiosqlite:///x.db"
HOME = "https://danban.example.vn"
HOOKED = {"ZALO_BOT_MODE": "webhook", "ZALO_BOT_WEBHOOK_SECRET": "a-secret-of-sixteen"}


async def test_a_good_token_is_told_with_its_name_and_plan(tmp_path: Path) -> None:
    async with ZaloBotServer() as server:
        (found,) = await look(settings_for(tmp_path, server, URL))
        assert found[0] == GOOD and server.world.name in found[1] and "BASIC" in found[1]


async def test_a_wrong_token_says_where_to_get_it_and_is_not_shown(tmp_path: Path) -> None:
    async with ZaloBotServer() as server:
        settings = settings_for(tmp_path, server, URL)
        server.world.token = "other"
        (found,) = await look(settings)
        assert found[0] == BAD and "Creator" in found[2] and "TEST-zalo" not in str(found)


async def test_no_answer_says_what_to_look_at(tmp_path: Path) -> None:
    async with ZaloBotServer() as server:
        server.world.faults.append(Fault("cut_before", "getMe"))
        (found,) = await look(settings_for(tmp_path, server, URL))
        assert found[0] == BAD and "ZALO_BOT_API_URL" in found[1]


async def test_what_came_of_trying_the_webhook_is_told(tmp_path: Path, unused_tcp_port: int) -> None:
    async with ZaloBotServer() as server:
        public = f"http://127.0.0.1:{unused_tcp_port}"  # nobody is there
        settings = settings_for(tmp_path, server, URL, PUBLIC_URL=public, **HOOKED)
        assert [how for how, _vi, _en in await look(settings)] == [GOOD, DOUBTFUL]
        server.world.webhook = Webhook(f"{public}/webhook/zalo-bot/{server.world.bot_id}", "old-secret")
        _who, (how, vi, _en) = await look(settings)
        assert how == DOUBTFUL and "webhook.http.0" in vi


@pytest.mark.parametrize(
    ("url", "said"),
    [("", "no webhook"), (f"{HOME}/webhook/zalo-bot/99", "(99)"), ("https://old.example/a-secret", "(old.example)")],
)
async def test_no_webhook_is_told_from_another_bots_and_from_one_elsewhere(tmp_path: Path, url: str, said: str) -> None:
    async with ZaloBotServer() as server:
        server.world.webhook = Webhook(url, "old-secret") if url else None
        _who, (how, _vi, en) = await look(settings_for(tmp_path, server, URL, PUBLIC_URL=HOME, **HOOKED))
        assert how == DOUBTFUL and said in en and "a-secret" not in en
        assert server.world.webhook is None or server.world.webhook.url == url, "it only looks"


async def test_a_webhook_left_over_is_told(tmp_path: Path) -> None:
    async with ZaloBotServer() as server:
        server.world.webhook = Webhook("https://old.example/hook", "old-secret")
        assert [how for how, _vi, _en in await look(settings_for(tmp_path, server, URL))] == [GOOD, DOUBTFUL]
