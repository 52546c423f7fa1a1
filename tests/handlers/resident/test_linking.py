"""One person on several channels: joined by a code and a yes on both sides, and never against anybody's will."""

import asyncio
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from actions import link_channels
from actions.handle_case import Desk, answer
from domain.errors import DomainError
from domain.people import Official, Person, Role
from handlers.links import read_code
from handlers.resident.start import CONSENT_VERSION
from storage import audit, cases, contacts, linking, people
from storage.contacts import PersonChanged
from storage.database import Database
from tests.actions.ground import known
from tests.handlers.driver import ACCOUNT, CHANNEL, Message, Talk, sample_ward
from tests.handlers.resident.ground import agreed, said

TELEGRAM, ZALO, WEB = "telegram", "zalo_oa", "web"
NOT_ME, BOTH_MINE = "Không phải tôi", "Đúng, cả hai là của tôi"
JOIN, DO_NOT = "Tôi tự lấy mã, liên kết", "Không liên kết"
LAMP, DRAIN = "Đèn đường hỏng", "Cống tắc ở hẻm 5"


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    """Ba has a case on Telegram and another on Zalo; to the ward these are two people."""
    await on(talk, TELEGRAM).submitted(LAMP, who="ba")
    await agreed(talk)
    await on(talk, ZALO).submitted(DRAIN, who="ba.z")
    await agreed(talk, "ba.z")
    return talk


def on(talk: Talk, channel: str) -> Talk:
    """The same talk, on another channel."""
    talk.channel = channel
    return talk


async def code_of(talk: Talk, who: str = "ba", channel: str = TELEGRAM) -> str:
    found = re.search(r"^[A-Z2-9]{4}-[A-Z2-9]{4}$", said(await on(talk, channel).say("/lienket", who=who), who), re.M)
    assert found
    return found[0]


async def joined(talk: Talk) -> None:
    code = await code_of(talk)
    await on(talk, ZALO).say(code, who="ba.z")
    await talk.tap(JOIN, who="ba.z")
    await on(talk, TELEGRAM).tap(BOTH_MINE, who="ba")


async def sees(talk: Talk, channel: str, who: str) -> set[str]:
    """What somebody's list of cases shows."""
    text = said(await on(talk, channel).say("/hoso", who=who), who)
    return {words for words in (LAMP, DRAIN) if words in text}


async def at(talk: Talk, channel: str, who: str) -> Person:
    async with talk.database.reading() as tx:
        found = await people.find(tx, channel=channel, account=ACCOUNT, address=who)
        assert found is not None
        return found.person


async def answered(talk: Talk, code: str) -> list[Message]:
    """The unit answers a case; what is told because of it, to anybody but the unit's room."""
    await on(talk, CHANNEL).official("lan", "KT")
    official = (await known(talk, "lan")).official
    assert isinstance(official, Official)
    async with talk.database.transaction() as tx:
        await answer(tx, talk.ward, Desk(official=official), code, text="Đã thay bóng.", now=talk.now)
    return [one for one in await talk.deliver() if "Đã thay bóng." in one.text and not one.chat.startswith("room")]


async def acts(talk: Talk, person_id: int) -> list[str]:
    async with talk.database.reading() as tx:
        return [row.act for row in await audit.of(tx, ward_id=talk.ward.id, subject=f"person {person_id}")]


# --- joining, being told, parting ------------------------------------------------------------


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


async def test_a_draft_in_hand_stays_with_its_chat(talk: Talk) -> None:
    await on(talk, ZALO).say("/phananh", who="ba.z")
    code = await code_of(talk)
    await on(talk, ZALO).say(code, who="ba.z")
    question = await talk.tap(JOIN, who="ba.z")
    assert "phản ánh" in said(question, "ba.z").lower()


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


# --- threats ------------------------------------------------------------


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


# --- what becomes of two persons ------------------------------------------------------------


async def test_the_stricter_consent_counts(talk: Talk) -> None:
    person = await at(talk, ZALO, "ba.z")
    async with talk.database.transaction() as tx:
        await people.set_consent(tx, person.id, version=None, now=talk.now)
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
            await people.set_residential_group(tx, person.id, talk.ward.group_ids[group])
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
        found = await cases.of_resident(tx, person.id, limit=10)
    assert [case.code for case in found] == ["PA-26-00002", "PA-26-00001"]
