"""Who blocked the bot: what they are owed is held, their unit knows it, and it arrives once when they are back."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from actions.tell_held import tell_held
from bot.clock import Clock
from storage import wards
from storage.outbox import outbox
from tests.bot.telegram_house import (
    GROUP,
    OFFICIAL,
    RESIDENT,
    House,
    at_rest,
    group_bound,
    house,
    known,
    office_taken,
    reported,
)
from tests.fakes.telegram.server import TelegramServer

DONE = "Đã thay bóng đèn"
ANSWERED = "câu trả lời ở tin phía dưới"


def unblocked(home: House) -> None:
    home.people.bot_state(RESIDENT, "")


def wrote_again(home: House) -> None:
    home.people.write(RESIDENT, "/hoso")


async def ticked(home: House) -> int:
    """One tick of the job that looks after what is held."""
    async with home.database.transaction() as tx:
        ward = await wards.load(tx, (await wards.codes(tx))[0][0])
        return await tell_held(tx, ward, now=Clock().now())


async def until_answer_is(home: House, state: str) -> None:
    states: list[str] = []
    for _ in range(400):
        async with home.database.reading() as tx:
            rows = (await tx.execute(select(outbox).where(outbox.c.chat == str(RESIDENT)))).all()
        states = [row.state for row in rows if row.body.get("notice") and DONE in str(row.body)]
        if states == [state]:
            return
        await asyncio.sleep(0.03)
    raise AssertionError(states)


async def answered_while_blocked(home: House, *, tell: bool) -> str:
    """The unit answers a resident who blocked the bot, with or without the platform's telling; the case's code."""
    await office_taken(home)
    await group_bound(home)
    await known(home)
    code = await reported(home)
    card = await home.hears(GROUP, code)
    await at_rest(home)
    home.people.bot_state(RESIDENT, "blocked", tell=tell)
    home.people.write(OFFICIAL, DONE, chat=GROUP, reply_to=card["message_id"])
    await home.press(OFFICIAL, DONE, ":send", chat=GROUP)
    return code


@pytest.mark.parametrize(("tell", "comes_back"), [(False, unblocked), (True, wrote_again)])
async def test_an_answer_to_who_blocked_the_bot_is_known_to_wait_and_arrives_once_they_are_back(
    server: TelegramServer, ready_url: str, tmp_path: Path, tell: bool, comes_back: Callable[[House], None]
) -> None:
    async with house(tmp_path, server, ready_url) as home:
        code = await answered_while_blocked(home, tell=tell)
        await until_answer_is(home, "held")
        await ticked(home)
        assert code in str(await home.hears(GROUP, "Chưa báo được cho người dân"))
        home.people.write(OFFICIAL, f"/xem {code}")
        assert "Chưa báo được" in str(await home.hears(OFFICIAL, DONE))
        # Nothing lets it go before they are back, though they wrote within the minute.
        await ticked(home)
        await until_answer_is(home, "held")
        comes_back(home)
        await home.hears(RESIDENT, DONE)
        await until_answer_is(home, "sent")
        await ticked(home)
        await home.until(lambda: not any("Chưa báo được" in text for text in home.server.texts(GROUP)))
        unblocked(home)
        await home.settle()
        assert sum(DONE in text for text in home.server.texts(RESIDENT)) == 1


async def test_newer_news_never_overtakes_what_is_held_whoever_tells_that_they_are_back(
    server: TelegramServer, ready_url: str, tmp_path: Path
) -> None:
    async with house(tmp_path, server, ready_url) as home:
        code = await answered_while_blocked(home, tell=False)
        await until_answer_is(home, "held")
        # They are back, and Telegram does not say so: the next news finds out, and comes second.
        home.people.bot_state(RESIDENT, "", tell=False)
        home.people.write(OFFICIAL, f"/dong {code}", chat=GROUP)
        await home.hears(RESIDENT, f"{code} đã kết thúc")
        await at_rest(home)
        said = [text for text in home.server.texts(RESIDENT) if DONE in text or "đã kết thúc" in text]
        assert [DONE in text for text in said] == [True, False]


@pytest.mark.parametrize("comes_back", [unblocked, wrote_again])
async def test_the_message_that_shows_how_the_case_stands_is_true_again_when_they_are_back(
    server: TelegramServer, ready_url: str, tmp_path: Path, comes_back: Callable[[House], None]
) -> None:
    async with house(tmp_path, server, ready_url) as home:
        code = await answered_while_blocked(home, tell=False)
        await until_answer_is(home, "held")
        await at_rest(home)
        assert any("Đã nhận. Mã hồ sơ" in text for text in home.server.texts(RESIDENT))
        comes_back(home)
        await home.hears(RESIDENT, ANSWERED)
        await at_rest(home)
        # Where it stood: it is no new message, and the answer is further down.
        texts = home.server.texts(RESIDENT)
        (place,) = [number for number, text in enumerate(texts) if ANSWERED in text]
        assert code in texts[place] and not any("Đã nhận. Mã hồ sơ" in text for text in texts)
        assert place < next(number for number, text in enumerate(texts) if DONE in text)


async def test_all_that_is_held_comes_in_its_order(server: TelegramServer, ready_url: str, tmp_path: Path) -> None:
    async with house(tmp_path, server, ready_url) as home:
        code = await answered_while_blocked(home, tell=False)
        await until_answer_is(home, "held")
        home.people.write(OFFICIAL, f"/dong {code}", chat=GROUP)
        await home.hears(GROUP, "✅")
        await at_rest(home)
        await until_answer_is(home, "held")
        assert not any("đã kết thúc" in text for text in home.server.texts(RESIDENT))
        unblocked(home)
        await home.hears(RESIDENT, f"{code} đã kết thúc")
        await at_rest(home)
        said = [text for text in home.server.texts(RESIDENT) if DONE in text or "đã kết thúc" in text]
        assert [DONE in text for text in said] == [True, False]
