"""Several bots in one installation: each has its ward, and what is wrong with one harms no other."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.telegram_check import BAD, GOOD, look
from bot.clock import Clock
from bot.settings import Settings, SettingsError
from bot.settings_values import BotToken
from storage import people, wards
from storage.database import Transaction
from tests.bot.telegram_house import SECRET, house, settings_for
from tests.bot.web.ground import SMALL_WARD
from tests.fakes.telegram.people import People
from tests.fakes.telegram.server import TelegramServer
from tests.faults.ground import free_port

SECOND = "700002:TEST-token-of-the-second-bot-0000000"
WRONG = "700003:TEST-token-nobody-knows-00000000000"
HERE, THERE = 4201, 4301
TML = replace(SMALL_WARD, code="TML", name="Phường Tân Mai")


def tokens(server: TelegramServer) -> str:
    return f"AHD={server.bot.token}, {WRONG}, tml = {SECOND}"


@pytest.mark.parametrize(
    ("text", "bots"),
    [
        ("111:AAA", [("111", None)]),
        ("AHD=111:AAA,TML=222:BBB", [("111", "AHD"), ("222", "TML")]),
        (" ahd = 111:AAA ,\t222:BBB, ", [("111", "AHD"), ("222", None)]),
    ],
)
def test_one_or_several_tokens_are_read_each_with_its_ward(text: str, bots: list[tuple[str, str | None]]) -> None:
    found = Settings.load({"TELEGRAM_TOKEN": text}).telegram_token
    assert [(one.account, one.ward_code) for one in found] == bots
    assert found[0] == BotToken(account="111", token="111:AAA", ward_code=bots[0][1])


@pytest.mark.parametrize(
    ("text", "code"),
    [("111:AAA 222:BBB", "not_a_token"), ("AHD=", "not_a_token"), ("AHD=111:AAA, TML=111:AAA", "bot_twice")],
)
def test_tokens_that_cannot_be_meant_so_are_refused(text: str, code: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.load({"TELEGRAM_TOKEN": text})
    assert [one.code for one in caught.value.problems] == [code] and "AAA" not in str(caught.value)


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_who_comes_to_a_wards_own_bot_comes_to_that_ward(
    mode: str, server: TelegramServer, ready_sqlite_url: str, tmp_path: Path
) -> None:
    second = People(server.world, server.world.add_bot(SECOND, "TanMaiBot"))
    more = {"TELEGRAM_TOKEN": tokens(server), "TELEGRAM_MODE": mode}
    if mode == "webhook":
        port = str(free_port())
        more |= {
            "TELEGRAM_WEBHOOK_SECRET": SECRET, "HTTP_PORT": port, "PUBLIC_URL": f"http://127.0.0.1:{port}",
        }  # fmt: skip
    async with house(tmp_path, server, ready_sqlite_url, **more) as home:
        async with home.database.transaction() as tx:
            await wards.write(tx, TML)
        server.people.write(HERE, "/start")
        second.write(THERE, "/start")
        await home.until(lambda: second_said(server, THERE))
        await home.hears(HERE, "đồng ý không")
        async with home.database.reading() as tx:
            assert await ward_of(tx, "700001", HERE) == await wards.find(tx, "AHD")
            assert await ward_of(tx, "700002", THERE) == await wards.find(tx, "TML")


async def test_the_check_asks_each_bot_and_says_which_one_is_wrong(tmp_path: Path) -> None:
    async with TelegramServer() as server:
        server.world.add_bot(SECOND, "TanMaiBot")
        settings = settings_for(tmp_path, server, "sqlite+aiosqlite:///x.db", TELEGRAM_TOKEN=tokens(server))
        found = await look(settings, Clock().now())
    assert [(how, vi.split()[0]) for how, vi, _en in found] == [
        (GOOD, "[700001]"), (BAD, "[700003]"), (GOOD, "[700002]"),
    ]  # fmt: skip


def second_said(server: TelegramServer, chat: int) -> bool:
    """Whether the second bot has written in a chat."""
    return any(one["from"]["id"] == 700002 for one in server.world.messages[chat].values())


async def ward_of(tx: Transaction, account: str, user: int) -> int | None:
    known = await people.find(tx, channel="telegram", account=account, address=str(user))
    return None if known is None else known.person.ward_id
