"""Remarks in groups on Telegram reach the one they are for: on the button, seen by them alone, or in private."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.outbox import is_owed, outbox
from tests.bot.telegram_house import (
    CHIEF,
    GROUP,
    OFFICIAL,
    PATIENCE_SECONDS,
    House,
    group_bound,
    house,
    known,
    office_taken,
    reported,
)
from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.server import TelegramServer

JOIN = "/thamgia"
PER_MINUTE = 20
TOO_OLD = Fault("400", "answerCallbackQuery", description="Bad Request: query is too old and response timeout expired")


@pytest.fixture
async def older(server: TelegramServer, ready_sqlite_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """A house whose Bot API server has no messages for one person and shows them to everybody."""
    server.world.knows_ephemeral = False
    async with house(tmp_path, server, ready_sqlite_url) as opened:
        yield opened


async def case_in_group(home: House) -> str:
    await group_bound(home)
    await known(home)
    code = await reported(home)
    await home.hears(GROUP, f"🆕 {code}")
    return code


def heard(home: House) -> list[str]:
    """The group's messages since its card."""
    texts = home.server.texts(GROUP)
    return texts[next(index for index, text in enumerate(texts) if text.startswith("🆕")) + 1 :]


def told(home: House) -> str:
    """What was said on a button or to one person; in a group that is written to much, the button's time may be over."""
    world = home.server.world
    return " ".join([*world.tap_answers, *(text for _chat, _receiver, text in world.ephemeral)])


async def test_a_usage_error_is_seen_by_its_sender_alone(home: House) -> None:
    await case_in_group(home)
    home.people.write(CHIEF, "/nhan", chat=GROUP)
    ((chat, receiver, text),) = await home.until(lambda: home.server.world.ephemeral)
    assert (chat, receiver) == (GROUP, CHIEF) and "PA-26-00012" in text
    await home.settle()
    assert not heard(home)


async def test_a_strangers_tap_is_answered_on_the_button_and_changes_nothing(home: House) -> None:
    code = await case_in_group(home)
    home.people.press(CHIEF, "Nhận", chat=GROUP)
    (said,) = await home.until(lambda: home.server.world.tap_answers)
    assert JOIN in said and not home.server.world.ephemeral and not heard(home)
    assert await home.hears(GROUP, f"🆕 {code}")


async def test_a_button_that_was_overtaken_and_one_of_a_colleagues_form_say_so(home: House) -> None:
    await office_taken(home)
    code = await case_in_group(home)
    card = await home.hears(GROUP, f"🆕 {code}")
    home.people.write(OFFICIAL, f"/traloi {code} Đã sửa xong.", chat=GROUP)
    await home.press(CHIEF, "Đã sửa xong", ":send", chat=GROUP)
    assert "đồng nghiệp" in await home.until(lambda: told(home))
    await home.press(OFFICIAL, "Đã sửa xong", ":send", chat=GROUP)
    await home.hears(GROUP, f"✅ {code} · đã trả lời")
    home.people.tap(OFFICIAL, f"/nhan {code}", message_id=card["message_id"], chat=GROUP)
    await home.until(lambda: "đã trả lời" in told(home))
    await home.press(OFFICIAL, "Đã sửa xong", ":send", chat=GROUP)
    await home.until(lambda: "không còn" in told(home) or "hết" in told(home))
    assert not any("không còn" in text or "đồng nghiệp" in text for text in home.server.texts(GROUP))


async def test_a_tap_too_old_to_be_answered_on_its_button_is_answered_to_its_sender_alone(home: House) -> None:
    await case_in_group(home)
    home.server.faults.ordered += [TOO_OLD, TOO_OLD]  # it is tried once more when it is counted as a message
    home.people.press(CHIEF, "Nhận", chat=GROUP)
    await home.until(lambda: home.server.world.ephemeral)
    assert not heard(home)


async def test_on_an_older_server_it_goes_to_the_private_chat(older: House) -> None:
    await office_taken(older)
    await case_in_group(older)
    older.people.write(OFFICIAL, "/nhan PA-26-99999", chat=GROUP)
    await older.hears(OFFICIAL, "PA-26-99999")
    assert not heard(older)


async def test_who_never_started_the_bot_gets_a_hint_in_the_group_that_tells_nothing(older: House) -> None:
    code = await case_in_group(older)
    older.people.write(CHIEF, f"/nhan {code}", chat=GROUP)
    hint = await older.hears(GROUP, "lời nhắn riêng")
    assert code not in hint["text"] and JOIN not in hint["text"]


async def test_a_server_that_showed_it_to_everybody_is_found_out_and_it_is_taken_back(home: House) -> None:
    await office_taken(home)
    await case_in_group(home)
    home.people.write(OFFICIAL, "/nhan PA-26-11111", chat=GROUP)
    await home.until(lambda: home.server.world.ephemeral)
    home.server.world.knows_ephemeral = False
    home.people.write(OFFICIAL, "/nhan PA-26-22222", chat=GROUP)
    await home.hears(OFFICIAL, "PA-26-22222")
    assert not heard(home) and home.server.calls("deleteMessage")


async def test_it_can_be_switched_off(server: TelegramServer, ready_sqlite_url: str, tmp_path: Path) -> None:
    async with house(tmp_path, server, ready_sqlite_url, TELEGRAM_EPHEMERAL="off") as home:
        await office_taken(home)
        await case_in_group(home)
        home.people.write(OFFICIAL, "/nhan PA-26-99999", chat=GROUP)
        await home.hears(OFFICIAL, "PA-26-99999")
        assert not home.server.world.ephemeral and not home.server.calls("deleteEphemeralMessage")


async def full(home: House) -> None:
    """Have the group hear remarks until its minute holds no more."""
    arrivals = home.server.world.windows.arrivals
    while (there := [chat for chat, _at in arrivals].count(GROUP)) < PER_MINUTE:
        home.people.write(CHIEF, "/nhan", chat=GROUP)
        await home.until(lambda there=there: [chat for chat, _at in arrivals].count(GROUP) > there)
    assert len(home.server.world.ephemeral) > PER_MINUTE / 2


async def waits_in_group(home: House, *units: int) -> None:
    """Wait until so many messages are owed to the group, each of which counts as so many."""
    owed = select(outbox.c.units).where(outbox.c.chat == str(GROUP), is_owed(outbox))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            async with home.database.reading() as tx:
                if tuple((await tx.execute(owed)).scalars()) == units:
                    return
            await asyncio.sleep(0.02)


async def test_remarks_count_for_the_groups_minute_but_one_said_on_a_button_is_said_at_once(
    server: TelegramServer, ready_sqlite_url: str, tmp_path: Path
) -> None:
    async with house(tmp_path, server, ready_sqlite_url, TELEGRAM_GROUP_PER_MINUTE=str(PER_MINUTE)) as home:
        await case_in_group(home)
        await full(home)
        home.people.press(CHIEF, "Nhận", chat=GROUP)
        await home.until(lambda: server.world.tap_answers)
        # The button's time is over: now it would be a message, and waits until one fits.
        server.faults.ordered.append(TOO_OLD)
        shown = len(server.world.ephemeral)
        home.people.press(CHIEF, "Nhận", chat=GROUP)
        await waits_in_group(home, 1)
        home.people.write(CHIEF, "/nhan", chat=GROUP)
        await waits_in_group(home, 1, 1)
        await home.settle()
        assert len(server.world.ephemeral) == shown and len(server.world.tap_answers) == 1
        assert not [one for one in server.world.windows.excesses if one.window == "group"]
