"""`danban check` asks Telegram, and says what to mend."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.channels.remarks import BAD, DOUBTFUL, GOOD
from bot.channels.telegram_check import look
from tests.bot.telegram_house import SECRET, settings_for
from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.queue import Webhook
from tests.fakes.telegram.server import TelegramServer

NOW = datetime.now(UTC)
HOME = "https://danban.example.vn"
BY_WEBHOOK = {"TELEGRAM_MODE": "webhook", "TELEGRAM_WEBHOOK_SECRET": SECRET, "PUBLIC_URL": HOME}


async def test_a_good_token_is_told_with_its_bots_address(tmp_path: Path) -> None:
    async with TelegramServer() as server:
        (found,) = await look(settings_for(tmp_path, server, "sqlite+aiosqlite:///x.db"), NOW)
        assert found[0] == GOOD and "https://t.me/DanBanBot" in found[1]


async def test_a_wrong_token_says_where_to_get_it_and_is_not_shown(tmp_path: Path) -> None:
    async with TelegramServer() as server:
        server.world.bots.clear()
        (found,) = await look(settings_for(tmp_path, server, "sqlite+aiosqlite:///x.db"), NOW)
        assert found[0] == BAD and "@BotFather" in found[2] and server.bot.token not in str(found)


async def test_no_answer_says_what_to_look_at(tmp_path: Path) -> None:
    async with TelegramServer() as server:
        server.faults.ordered.append(Fault("cut_before", "getMe"))
        (found,) = await look(settings_for(tmp_path, server, "sqlite+aiosqlite:///x.db"), NOW)
        assert found[0] == BAD and "TELEGRAM_API_URL" in found[1] and server.bot.token not in str(found)


async def test_a_webhook_that_fails_or_is_left_over_is_told(tmp_path: Path) -> None:
    async with TelegramServer() as server:
        server.bot.queue.webhook = Webhook(
            "https://old.example/hook", last_error="Connection refused", last_error_at=int(NOW.timestamp())
        )
        found = await look(settings_for(tmp_path, server, "sqlite+aiosqlite:///x.db"), NOW)
        assert [one[0] for one in found] == [GOOD, DOUBTFUL, DOUBTFUL]
        assert "Connection refused" in found[2][1] and "Connection refused" in found[2][2]
        found = await look(settings_for(tmp_path, server, "sqlite+aiosqlite:///x.db", **BY_WEBHOOK), NOW)
        assert found[1][0] == DOUBTFUL and "old.example" in found[1][1] and "old.example" in found[1][2]


@pytest.mark.parametrize(("url", "said"), [("", "no webhook"), (f"{HOME}/webhook/telegram/700002", "(700002)")])
async def test_no_webhook_is_told_from_another_bots(tmp_path: Path, url: str, said: str) -> None:
    async with TelegramServer() as server:
        server.bot.queue.webhook = Webhook(url)
        found = await look(settings_for(tmp_path, server, "sqlite+aiosqlite:///x.db", **BY_WEBHOOK), NOW)
        assert [one[0] for one in found] == [GOOD, DOUBTFUL] and said in found[1][2]


async def test_its_own_webhook_is_as_it_should_be(tmp_path: Path) -> None:
    async with TelegramServer() as server:
        settings = settings_for(tmp_path, server, "sqlite+aiosqlite:///x.db", **BY_WEBHOOK)
        server.bot.queue.webhook = Webhook(f"{HOME}/webhook/telegram/{settings.telegram_token[0].account}")
        assert [one[0] for one in await look(settings, NOW)] == [GOOD]


async def test_a_bot_kept_out_of_groups_and_updates_that_pile_up_are_told(tmp_path: Path) -> None:
    async with TelegramServer() as server:
        server.bot.joins_groups = False
        for _ in range(101):
            server.people.write(4201, "/start")
        found = await look(settings_for(tmp_path, server, "sqlite+aiosqlite:///x.db"), NOW)
        assert [one[0] for one in found] == [GOOD, BAD, DOUBTFUL]
        assert "/setjoingroups" in found[1][1] and "/setjoingroups" in found[1][2] and found[2][2].startswith("101 ")
