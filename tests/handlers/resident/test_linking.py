"""One person on several channels: joined by a code and a yes on both sides, told once, and parted again."""

import asyncio
import re

import pytest
from sqlalchemy import update

from actions import link_channels
from domain.errors import DomainError
from domain.people import Person
from handlers.resident.start import CONSENT_VERSION
from storage import cases, contacts, linking, moving, people, wards
from storage.contacts import PersonChanged
from storage.database import Database
from tests.handlers.driver import Talk, sample_ward
from tests.handlers.resident.ground import said
from tests.handlers.resident.linking_ground import (
    BOTH_MINE,
    DRAIN,
    JOIN,
    LAMP,
    TELEGRAM,
    WEB,
    ZALO,
    acts,
    answered,
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


async def test_both_channels_show_the_same_cases_once_both_sides_have_said_yes(talk: Talk) -> None:
    code = await code_of(talk)
    question = said(await on(talk, ZALO).say(code, who="ba.z"), "ba.z")
    assert "Telegram" in question
    assert "1 hồ sơ" in question
    await talk.tap(JOIN, who="ba.z")
    assert await sees(talk, ZALO, "ba.z") == {DRAIN}
    assert await sees(talk, TELEGRAM, "ba") == {LAMP}
    told = await on(talk, TELEGRAM).tap(BOTH_MINE, who="ba")
    assert "✅" in said(told, "ba")
    assert "Không phải" in said(told, "ba.z")
    assert await sees(talk, ZALO, "ba.z") == await sees(talk, TELEGRAM, "ba") == {LAMP, DRAIN}
    assert (await acts(talk, (await at(talk, ZALO, "ba.z")).id))[-1] == "link.join"


@pytest.mark.parametrize("typed", ["/lienket {code}", "/start lienket_{bare}", "  {lower} ", "{bare}"])
async def test_the_code_may_be_typed_in_any_way(talk: Talk, typed: str) -> None:
    code = await code_of(talk)
    text = typed.format(code=code, bare=code.replace("-", ""), lower=code.lower())
    assert JOIN in (await on(talk, ZALO).say(text, who="ba.z"))[-1].choices


async def test_who_is_joined_is_told_once_where_they_wrote_last(talk: Talk) -> None:
    await joined(talk)
    assert [one.chat for one in await answered(talk, "PA-26-00002")] == ["ba"]
    await on(talk, ZALO).say("/hoso", who="ba.z")
    assert [one.chat for one in await answered(talk, "PA-26-00001")] == ["ba.z"]


async def test_where_to_be_told_can_be_chosen(talk: Talk) -> None:
    await joined(talk)
    await on(talk, TELEGRAM).say("/lienket", who="ba")
    await talk.tap("Nhận tin ở đâu", who="ba")
    await talk.tap("Zalo", who="ba")
    assert [one.chat for one in await answered(talk, "PA-26-00001")] == ["ba.z"]
    await on(talk, TELEGRAM).tap("Nơi nhắn gần nhất", who="ba")
    assert [one.chat for one in await answered(talk, "PA-26-00002")] == ["ba"]


@pytest.mark.parametrize("leaving", ["Zalo", "Telegram"])
async def test_what_is_parted_takes_what_came_from_it(talk: Talk, leaving: str) -> None:
    await joined(talk)
    await on(talk, ZALO).submitted("Việc mới trên Zalo", who="ba.z")
    await on(talk, TELEGRAM).say("/lienket", who="ba")
    await talk.tap("Bỏ liên kết", who="ba")
    assert f"gửi từ {leaving}" in said(await talk.tap(leaving, who="ba"), "ba")
    assert "đã tách" in said(await talk.tap("Có, tách ra", who="ba"), "ba.z")
    assert await sees(talk, ZALO, "ba.z") == {DRAIN}
    assert "Việc mới trên Zalo" in talk.last("ba.z").text
    assert await sees(talk, TELEGRAM, "ba") == {LAMP}
    assert [one.chat for one in await answered(talk, "PA-26-00002")] == ["ba.z"]
    assert "link.part" in await acts(talk, (await at(talk, TELEGRAM, "ba")).id)


async def test_what_was_brought_to_a_former_ward_comes_along_and_goes_back(talk: Talk) -> None:
    async with talk.database.transaction() as tx:
        elsewhere = await wards.write(tx, sample_ward("BTY"))
        await moving.move(tx, await at(talk, ZALO, "ba.z"), elsewhere)
    async with talk.database.transaction() as tx:
        there = await at(talk, ZALO, "ba.z")
        await moving.move(tx, there, talk.ward.id)
        brought = cases.cases.c.resident_id == there.id
        await tx.execute(update(cases.cases).where(brought).values(ward_id=elsewhere))
    assert await sees(talk, ZALO, "ba.z") == {DRAIN}
    await joined(talk)
    assert await sees(talk, TELEGRAM, "ba") == {LAMP, DRAIN}
    await on(talk, TELEGRAM).say("/lienket", who="ba")
    await talk.tap("Bỏ liên kết", who="ba")
    await talk.tap("Zalo", who="ba")
    await talk.tap("Có, tách ra", who="ba")
    assert await sees(talk, ZALO, "ba.z") == {DRAIN}
    assert await sees(talk, TELEGRAM, "ba") == {LAMP}


async def test_a_draft_in_hand_stays_with_its_chat(talk: Talk) -> None:
    await on(talk, ZALO).say("/phananh", who="ba.z")
    code = await code_of(talk)
    await on(talk, ZALO).say(code, who="ba.z")
    question = await talk.tap(JOIN, who="ba.z")
    assert "muốn nói gì với phường" in said(question, "ba.z")


async def test_three_channels_are_one_person_and_any_may_leave(talk: Talk) -> None:
    await joined(talk)
    code = await code_of_third(talk)
    await on(talk, WEB).say(code, who="ba.w")
    await talk.tap(JOIN, who="ba.w")
    await on(talk, TELEGRAM).tap(BOTH_MINE, who="ba")
    assert await sees(talk, WEB, "ba.w") == {LAMP, DRAIN}
    await on(talk, WEB).say("/lienket", who="ba.w")
    await talk.tap("Bỏ liên kết", who="ba.w")
    await talk.tap("Telegram", who="ba.w")
    await talk.tap("Có, tách ra", who="ba.w")
    assert await sees(talk, TELEGRAM, "ba") == {LAMP}
    assert await sees(talk, WEB, "ba.w") == await sees(talk, ZALO, "ba.z") == {DRAIN}


async def code_of_third(talk: Talk) -> str:
    await on(talk, TELEGRAM).say("/lienket", who="ba")
    found = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", said(await talk.tap("Thêm kênh", who="ba"), "ba"))
    assert found
    return found[0]


async def test_the_stricter_consent_counts(talk: Talk) -> None:
    person = await at(talk, ZALO, "ba.z")
    async with talk.database.transaction() as tx:
        await people.set_consent(tx, person, version=None, now=talk.now)
    await joined(talk)
    merged = await at(talk, TELEGRAM, "ba")
    assert merged.refused
    assert not merged.has_consented(CONSENT_VERSION)


async def test_who_was_never_asked_need_not_be_asked_again(talk: Talk) -> None:
    code = await code_of(talk)
    await on(talk, WEB).say(code, who="new")
    await talk.tap(JOIN, who="new")
    await on(talk, TELEGRAM).tap(BOTH_MINE, who="ba")
    assert (await at(talk, WEB, "new")).has_consented(CONSENT_VERSION)


async def test_different_residential_groups_are_asked_about(talk: Talk) -> None:
    for channel, who, group in ((TELEGRAM, "ba", "1"), (ZALO, "ba.z", "2")):
        person = await at(talk, channel, who)
        async with talk.database.transaction() as tx:
            await people.set_residential_group(tx, person, talk.ward.group_ids[group])
    await joined(talk)
    await on(talk, TELEGRAM).tap("Tổ dân phố 2", who="ba")
    assert (await at(talk, ZALO, "ba.z")).residential_group_id == talk.ward.group_ids["2"]


async def test_two_yeses_at_once_join_once(talk: Talk) -> None:
    code = await code_of(talk)
    await on(talk, ZALO).say(code, who="ba.z")
    await talk.tap(JOIN, who="ba.z")
    ba = await at(talk, TELEGRAM, "ba")
    async with talk.database.reading() as tx:
        link = await linking.find(tx, code)
    assert link is not None

    async def yes() -> bool:
        async with talk.database.transaction() as tx:
            return await link_channels.confirm(tx, link.id, ba, now=talk.now) is not None

    assert sorted(await asyncio.gather(yes(), yes())) == [False, True]
    assert (await acts(talk, ba.id)).count("link.join") == 1


async def test_two_links_that_cross_leave_one_person(talk: Talk) -> None:
    there, back = await code_of(talk), await code_of(talk, "ba.z", ZALO)
    await on(talk, ZALO).say(there, who="ba.z")
    await talk.tap(JOIN, who="ba.z")
    await on(talk, TELEGRAM).say(back, who="ba")
    await talk.tap(JOIN, who="ba")
    ba, ba_z = await at(talk, TELEGRAM, "ba"), await at(talk, ZALO, "ba.z")
    async with talk.database.reading() as tx:
        links = [await linking.find(tx, code) for code in (there, back)]

    async def yes(link_id: int, person: Person) -> None:
        async with talk.database.transaction() as tx:
            await link_channels.confirm(tx, link_id, person, now=talk.now)

    tries = [yes(link.id, one) for link, one in zip(links, (ba, ba_z), strict=True) if link]
    ended = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(one) for one in ended if one is not None] in ([PersonChanged], [DomainError])
    assert (await at(talk, TELEGRAM, "ba")).id == (await at(talk, ZALO, "ba.z")).id


async def test_what_is_submitted_as_two_become_one_is_not_lost(database: Database, talk: Talk) -> None:
    before = await at(talk, ZALO, "ba.z")
    await joined(talk)
    if database.engine.dialect.name == "sqlite":
        return  # one writer at a time: a turn that began before the joining cannot end after it
    async with database.transaction() as tx:
        with pytest.raises(PersonChanged):
            await contacts.stays_with(tx, before)


async def test_what_is_handed_in_twice_belongs_to_one_person(talk: Talk) -> None:
    await joined(talk)
    person = await at(talk, TELEGRAM, "ba")
    async with talk.database.reading() as tx:
        found = await cases.of_resident(tx, person, limit=10)
    assert [case.code for case in found] == ["PA-26-00002", "PA-26-00001"]


async def test_an_answer_may_be_a_number_in_one_word(talk: Talk) -> None:
    code = await code_of(talk)
    await on(talk, ZALO).say(code, who="ba.z")
    await talk.say("hai", who="ba.z")
    await on(talk, TELEGRAM).tap(BOTH_MINE, who="ba")
    assert await sees(talk, ZALO, "ba.z") == {LAMP, DRAIN}
    # Without a question in hand it is one of the last list shown.
    (shown,) = await on(talk, ZALO).say("/hoso", who="ba.z")
    command = next(iter(shown.choices.values()))
    assert command.startswith("/")
    by_number = said(await talk.say("1", who="ba.z"), "ba.z")
    await talk.say("/hoso", who="ba.z")
    assert said(await talk.say("một", who="ba.z"), "ba.z") == by_number
