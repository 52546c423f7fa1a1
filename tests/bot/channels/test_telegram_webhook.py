"""A webhook that somebody else with the token has taken away: set anew, or told where it would be a quarrel."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import pulse
from bot.channels.telegram_webhook import ELSEWHERE
from storage.base import Account
from tests.bot.telegram_house import RESIDENT, SECRET, House, house
from tests.fakes.telegram.queue import Webhook
from tests.fakes.telegram.server import TelegramServer

ON = Account("telegram", "700001")


@pytest.fixture
async def called(
    server: TelegramServer, ready_sqlite_url: str, tmp_path: Path, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    """The house, called by Telegram."""
    monkeypatch.setattr("bot.channels.telegram_webhook.LOOK_SECONDS", 0.1)
    more = {
        "TELEGRAM_MODE": "webhook", "TELEGRAM_WEBHOOK_SECRET": SECRET, "HTTP_PORT": str(unused_tcp_port),
        "PUBLIC_URL": f"http://127.0.0.1:{unused_tcp_port}",
    }  # fmt: skip
    async with house(tmp_path, server, ready_sqlite_url, **more) as opened:
        await opened.until(lambda: server.bot.queue.webhook)
        yield opened


async def test_a_webhook_that_was_taken_away_is_set_anew(called: House) -> None:
    # As a second installation does that polls with this token.
    called.server.bot.queue.set_webhook(None)
    called.people.write(RESIDENT, "/start")
    await called.hears(RESIDENT, "đồng ý không")
    assert not pulse.of(ON).trouble


async def test_a_webhook_of_somebody_elses_is_told_and_left_alone(called: House) -> None:
    theirs = Webhook("https://other.example/hook", "x", 1)
    called.server.bot.queue.set_webhook(theirs)
    await called.until(lambda: pulse.of(ON).trouble == ELSEWHERE)
    assert called.server.bot.queue.webhook is theirs
    called.server.bot.queue.set_webhook(None)
    await called.until(lambda: not pulse.of(ON).trouble)
