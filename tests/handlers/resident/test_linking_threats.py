"""Nobody gets at somebody else's cases by linking: each row of the table in docs/decisions/0016."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from actions.handle_case import Desk, answer
from domain.people import Official, Role
from handlers.links import read_code
from storage import cases, linking, outbox
from storage.held import hold_waiting
from storage.outbox import Address
from tests.actions.ground import known
from tests.handlers.driver import ACCOUNT, CHANNEL, Talk, sample_ward
from tests.handlers.resident.ground import agreed, said
from tests.handlers.resident.linking_ground import (
    BOTH_MINE,
    DO_NOT,
    DRAIN,
    JOIN,
    LAMP,
    NOT_ME,
    TELEGRAM,
    WEB,
    ZALO,
    acts,
    at,
    code_of,
    joined,
    on,
    sees,
    two_bas,
)


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    """Ba has a case on Telegram and another on Zalo; to the ward these are two people."""
    return await two_bas(talk)


async def test_whoever_has_stolen_a_code_gets_nothing_without_a_yes_where_it_was_made(talk: Talk) -> None:
    code = await code_of(talk)
    await on(talk, ZALO).say(code, who="thief", name="Trần Thị Ba")
    warned = said(await talk.tap(JOIN, who="thief"), "ba")
    assert "Cán bộ phường không bao giờ hỏi" in warned
    assert "“Trần Thị Ba”" in warned
    assert await sees(talk, ZALO, "thief") == set()
    refused = await on(talk, TELEGRAM).tap(NOT_ME, who="ba")
    assert "từ chối" in said(refused, "thief")
    assert await sees(talk, ZALO, "thief") == set()
    assert "link.refuse" in await acts(talk, (await at(talk, TELEGRAM, "ba")).id)
    assert "đã dùng" in said(await on(talk, ZALO).say(code, who="thief"), "thief")


async def test_whoever_has_their_code_typed_by_a_victim_gets_nothing_without_the_victims_yes(talk: Talk) -> None:
    code = await code_of(talk, "thief")
    (warning,) = await on(talk, ZALO).say(code, who="ba.z")
    assert "ĐỌC ĐƯỢC mọi điều Ông/Bà đã gửi (1 hồ sơ ở đây)" in warning.text
    assert next(iter(warning.choices)) == DO_NOT
    async with talk.database.reading() as tx:
        link = await linking.find(tx, code)
    assert link is not None
    refused = said(await on(talk, TELEGRAM).say(f"/lienket co {link.id}", who="thief"), "thief")
    assert "chưa đồng ý" in refused
    await on(talk, ZALO).tap(DO_NOT, who="ba.z")
    await on(talk, TELEGRAM).say(f"/lienket co {link.id}", who="thief")
    assert await sees(talk, TELEGRAM, "thief") == set()


@pytest.mark.parametrize("word", ["có", "đồng ý", "ok"])
async def test_a_word_said_in_passing_joins_nothing(talk: Talk, word: str) -> None:
    code = await code_of(talk)
    await on(talk, ZALO).say(code, who="ba.z")
    assert JOIN in (await talk.say(word, who="ba.z"))[-1].choices


async def test_a_victim_who_said_yes_takes_it_back_with_one_press(talk: Talk) -> None:
    code = await code_of(talk, "thief")
    await on(talk, ZALO).say(code, who="ba.z")
    await talk.tap(JOIN, who="ba.z")
    await on(talk, TELEGRAM).tap(BOTH_MINE, who="thief")
    assert await sees(talk, TELEGRAM, "thief") == {DRAIN}
    await on(talk, ZALO).tap(NOT_ME, who="ba.z")
    assert await sees(talk, TELEGRAM, "thief") == set()
    assert await sees(talk, ZALO, "ba.z") == {DRAIN}


async def test_a_thief_who_parts_first_cannot_keep_the_cases(talk: Talk) -> None:
    code = await code_of(talk, "thief")
    await on(talk, ZALO).say(code, who="ba.z")
    await talk.tap(JOIN, who="ba.z")
    await on(talk, TELEGRAM).tap(BOTH_MINE, who="thief")
    await talk.say("/lienket", who="thief")
    await talk.tap("Bỏ liên kết", who="thief")
    await talk.tap("Zalo", who="thief")
    await talk.tap("Có, tách ra", who="thief")
    assert await sees(talk, TELEGRAM, "thief") == set()
    assert await sees(talk, ZALO, "ba.z") == {DRAIN}


async def test_nobody_else_can_answer_for_the_two(talk: Talk) -> None:
    code = await code_of(talk)
    await on(talk, ZALO).say(code, who="ba.z")
    await talk.tap(JOIN, who="ba.z")
    async with talk.database.reading() as tx:
        link = await linking.find(tx, code)
    assert link is not None
    for words in (f"/lienket co {link.id}", f"/lienket khong {link.id}"):
        assert "Mã này không đúng" in said(await on(talk, ZALO).say(words, who="thief"), "thief")
    # Nor does a link that somebody is sent say yes for them: its payload has no blanks.
    assert "/lienket" in said(await on(talk, TELEGRAM).say(f"/start lienket_co-{link.id}", who="ba"), "ba")
    assert await sees(talk, TELEGRAM, "ba") == {LAMP}
    # The button from before still does.
    await talk.tap(BOTH_MINE, who="ba")
    assert await sees(talk, TELEGRAM, "ba") == {LAMP, DRAIN}


async def test_a_code_is_the_first_typers_alone(talk: Talk) -> None:
    code = await code_of(talk)
    await on(talk, ZALO).say(code, who="thief")
    assert "đã dùng" in said(await talk.say(code, who="ba.z"), "ba.z")


async def test_a_code_works_for_its_minutes_only(talk: Talk) -> None:
    code = await code_of(talk)
    talk.now += timedelta(minutes=talk.limits.link_minutes)
    assert "hết hạn" in said(await on(talk, ZALO).say(code, who="ba.z"), "ba.z")


async def test_a_new_code_ends_the_one_before(talk: Talk) -> None:
    first, second = await code_of(talk), await code_of(talk)
    assert "không đúng" in said(await on(talk, ZALO).say(f"/lienket {first}", who="ba.z"), "ba.z")
    assert JOIN in (await talk.say(second, who="ba.z"))[-1].choices


async def test_codes_cannot_be_guessed_at_will(talk: Talk) -> None:
    code = await code_of(talk)
    for number in range(talk.limits.link_tries_per_hour):
        await on(talk, ZALO).say(f"/lienket AAAA-222{number + 2}", who="thief")
    assert "quá nhiều lần" in said(await talk.say(f"/lienket {code}", who="thief"), "thief")
    # Nor as bare words: then it is a matter like any other.
    assert JOIN not in (await talk.say(code, who="thief"))[-1].choices
    talk.now += timedelta(hours=1)
    assert "hết hạn" in said(await talk.say(f"/lienket {code}", who="thief"), "thief")


async def test_what_only_looks_like_a_code_is_a_matter_for_the_ward(talk: Talk) -> None:
    assert read_code("29A-23456") is None
    assert read_code("29A23456") == "29A23456"
    await agreed(on(talk, WEB), "tu")
    assert "29A23456" in said(await talk.say("29A23456", who="tu"), "tu")


async def test_the_code_is_nowhere_in_the_database(talk: Talk) -> None:
    code = (await code_of(talk)).replace("-", "")
    async with talk.database.reading() as tx:
        rows = (await tx.execute(select(linking.channel_link))).all()
    assert rows
    assert code not in str(rows)


async def test_an_officials_account_is_never_joined_by_a_code(talk: Talk) -> None:
    await on(talk, TELEGRAM).official("lan", "KT")
    assert "mã mời riêng" in said(await talk.say("/lienket", who="lan"), "lan")
    code = await code_of(talk)
    await on(talk, ZALO).official("lan.z", "KT")
    assert "mã mời riêng" in said(await talk.say(f"/lienket {code}", who="lan.z"), "lan.z")


async def test_an_office_taken_between_the_two_answers_stops_it(talk: Talk) -> None:
    code = await code_of(talk)
    await on(talk, ZALO).say(code, who="ba.z")
    await talk.tap(JOIN, who="ba.z")
    await talk.official("ba.z", "KT", Role.MEMBER)
    assert "mã mời riêng" in said(await on(talk, TELEGRAM).tap(BOTH_MINE, who="ba"), "ba")
    assert await sees(talk, TELEGRAM, "ba") == {LAMP}


async def test_an_office_does_not_come_along_to_another_channel(talk: Talk) -> None:
    from actions.manage_people import invite_official

    await joined(talk)
    async with talk.database.transaction() as tx:
        invite = await invite_official(
            tx, talk.ward, role=Role.MEMBER, unit_code="KT", now=talk.now, valid_for=timedelta(days=1)
        )
    assert "bỏ liên kết" in said(await on(talk, TELEGRAM).say(f"/thamgia {invite}", who="ba"), "ba").lower()


async def test_another_wards_resident_is_not_joined(talk: Talk) -> None:
    code = await code_of(talk)
    other = await Talk.begin(talk.database, ward=sample_ward("XYZ"))
    other.channel, other.now = ZALO, talk.now
    await other.person("xa")
    assert "phường khác" in said(await other.say(code, who="xa"), "xa")


async def test_in_a_group_nothing_is_joined(talk: Talk) -> None:
    assert "riêng" in said(await on(talk, TELEGRAM).say("/lienket", who="ba", chat="room-kt"), "room-kt")


@pytest.mark.parametrize("held", [False, True])
async def test_what_is_still_owed_where_two_part_goes_with_its_case(talk: Talk, held: bool) -> None:
    code = await code_of(talk, "thief")
    await on(talk, ZALO).say(code, who="ba.z")
    await talk.tap(JOIN, who="ba.z")
    await on(talk, TELEGRAM).tap(BOTH_MINE, who="thief")
    await on(talk, CHANNEL).official("lan", "KT")
    official = (await known(talk, "lan")).official
    assert isinstance(official, Official)
    async with talk.database.transaction() as tx:
        (drain,) = await cases.of_resident(tx, await at(talk, ZALO, "ba.z"), limit=5)
        await answer(tx, talk.ward, Desk(official=official), drain.code, text="Đã thông cống.", now=talk.now)
        if held:
            # The thief's platform takes nothing for them now, and theirs nothing for the other.
            for one in await outbox.owed_to(tx, Address(channel=TELEGRAM, account=ACCOUNT, chat="thief")):
                await hold_waiting(tx, one, why="a test", now=talk.now)
    await on(talk, ZALO).tap(NOT_ME, who="ba.z")
    if held:
        await on(talk, TELEGRAM).say("có tin gì không?", who="thief")
    await talk.deliver()
    told = {one.chat for one in talk.messages if "Đã thông cống." in one.text and not one.chat.startswith("room")}
    assert told == {"ba.z"}
