"""The power fails again and again: nothing that was acknowledged is lost, and nothing is done or said twice."""

import asyncio
import os
import random
import re
from collections import Counter
from pathlib import Path

from tests.bot.house import House, Visitor

RESIDENTS, CASES_EACH, KILLS = 3, 2, 4
UP_SECONDS = (0.3, 2.5)


async def files_cases(one: Visitor, name: str) -> None:
    """Agree once, then file cases, sending again whatever is not acknowledged."""
    for said in ("/batdau", "đồng ý", "bỏ qua"):
        await one.say(said)
    for number in range(CASES_EACH):
        await one.say(f"/phananh Đèn đường hỏng trước nhà {name} số {number}")
        await one.say("gửi")


async def fails(house: House, chance: random.Random) -> None:
    """End the process at any moment, and start it again."""
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(*UP_SECONDS))
        await asyncio.to_thread(house.kill)
        await asyncio.to_thread(house.start)


def spoken(house: House, pattern: str) -> Counter[str]:
    """What the bot said in all chats, by what a pattern finds in it."""
    texts = [text for (text,) in house.rows("SELECT text FROM web_message WHERE author = 'bot'")]
    return Counter(found[0] for text in texts if (found := re.search(pattern, text)))


async def test_nothing_is_lost_and_nothing_is_done_twice(tmp_path: Path) -> None:
    house = House(folder=tmp_path)
    house.start()
    try:
        async with house.visitor() as lan, house.visitor() as a, house.visitor() as b, house.visitor() as c:
            await house.official(lan, "Nguyễn Thị Lan", "--role", "member", "--unit", "KTHTDT")
            await lan.say(f"/thamgia {await house.invite('--group', 'unit', '--unit', 'KTHTDT')}")
            filing = [files_cases(one, name) for one, name in zip((a, b, c), ("An", "Bình", "Chi"), strict=True)]
            chance = random.Random(os.environ["FAULTS_SEED"])  # noqa: S311  # a moment to fail at is no secret
            await asyncio.gather(*filing, fails(house, chance))
            await lan.say("/viec")
        check(house)
    finally:
        house.kill()


def check(house: House) -> None:
    """Every case is there once, with one receipt and one card; everything was handled, sent and left no error."""
    wanted = RESIDENTS * CASES_EACH
    codes = {f"{number:05d}" for number in range(1, wanted + 1)}
    assert {code[-5:] for (code,) in house.rows("SELECT code FROM cases")} == codes
    assert len(house.rows("SELECT DISTINCT text FROM cases")) == wanted
    assert set(spoken(house, r"Đã nhận. Mã hồ sơ: PA-\d\d-\d{5}").values()) == {1}
    assert sorted(spoken(house, r"🆕 PA-\d\d-\d{5}").values()) == [1] * wanted
    posted = house.rows("SELECT count(*) FROM web_message WHERE author = 'person'")[0][0]
    assert house.rows("SELECT state, count(*) FROM inbox GROUP BY state") == [("done", posted)]
    assert {state for (state,) in house.rows("SELECT DISTINCT state FROM outbox")} == {"sent"}
    sent, shown = house.rows("SELECT count(*) FROM outbox"), house.rows("SELECT count(outbox_id) FROM web_message")
    assert sent == shown
