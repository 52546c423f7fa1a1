"""Coming by a link: the residential group is known, a case opens, another ward is asked about and old cases stay."""

from dataclasses import replace

import pytest

from domain.errors import DomainError
from domain.people import Role
from handlers.links import read_ward, to_case, to_ward
from storage import cases, people, wards
from storage.database import Database
from storage.people import Known
from tests.handlers.driver import ACCOUNT, CHANNEL, Message, Talk, sample_ward

THERE = "Phường Bình Tây"


@pytest.fixture
async def talk(database: Database) -> Talk:
    return await Talk.begin(database)


async def two_wards(talk: Talk) -> None:
    async with talk.database.transaction() as tx:
        await wards.write(tx, replace(sample_ward("BTY"), name=THERE))


async def known(talk: Talk, who: str) -> Known:
    async with talk.database.reading() as tx:
        found = await people.find(tx, channel=CHANNEL, account=ACCOUNT, address=who)
    assert found is not None
    return found


def said(messages: list[Message]) -> str:
    return "\n".join(one.text for one in messages)


async def agreed(talk: Talk, who: str = "ba") -> None:
    await talk.say("/start w_AHD", who=who)
    await talk.say("ok", who=who)
    await talk.say("bỏ qua", who=who)


def test_a_payload_says_the_ward_and_the_group_and_fits_the_platforms() -> None:
    link = read_ward(to_ward("AHD", "TDP-3"))
    assert link is not None and (link.ward, link.group) == ("AHD", "TDP-3")
    assert read_ward(to_case("PA-26-00012")) is None
    for wrong in ("Tổ 3", "x" * 70):
        with pytest.raises(DomainError):
            to_ward("AHD", wrong)


async def test_who_scanned_a_residential_groups_poster_is_not_asked_for_it(talk: Talk) -> None:
    await talk.say("/start w_AHD_g_2", who="ba")
    thanks = await talk.say("ok", who="ba")
    assert "tổ dân phố nào" not in said(thanks)
    assert (await known(talk, "ba")).person.residential_group_id == talk.ward.group_ids["2"]


async def test_an_unknown_group_on_a_poster_is_simply_asked_for(talk: Talk) -> None:
    await talk.say("/start w_AHD_g_99", who="ba")
    assert "tổ dân phố nào" in said(await talk.say("ok", who="ba"))


async def test_a_poster_of_another_group_moves_who_has_agreed(talk: Talk) -> None:
    await agreed(talk)
    assert "Tổ dân phố 1" in said(await talk.say("/start w_AHD_g_1", who="ba"))
    assert (await known(talk, "ba")).person.residential_group_id == talk.ward.group_ids["1"]


async def test_a_cases_link_opens_it_for_its_resident_and_for_the_desk_only(talk: Talk) -> None:
    case = await talk.submitted("Đèn đường hỏng tối om")
    await talk.official("lan", "KT")
    assert "Đèn đường hỏng tối om" in said(await talk.say(f"/start c_{case.code}", who="ba"))
    desk = await talk.say(f"/start c_{case.code}", who="lan")
    assert "Đèn đường hỏng tối om" in said(desk) and "Nhận" in desk[-1].choices
    assert "tối om" not in said(await talk.say(f"/start c_{case.code}", who="la"))


async def test_a_link_of_another_ward_is_asked_about_and_may_be_declined(talk: Talk) -> None:
    await two_wards(talk)
    await agreed(talk)
    (asked,) = await talk.say("/start w_BTY", who="ba")
    assert list(asked.choices) == [f"Đổi sang {THERE}", "Vẫn ở Phường An Hoà Đông"]
    await talk.say("2", who="ba")
    assert (await known(talk, "ba")).person.ward_id == talk.ward.id


async def test_who_moves_keeps_their_cases_and_may_act_on_them(talk: Talk) -> None:
    await two_wards(talk)
    await agreed(talk)
    case = await talk.submitted("Đèn đường hỏng tối om")
    await talk.group("room-kt", "KT")
    await talk.say("/start w_BTY_g_1", who="ba")
    await talk.tap(f"Đổi sang {THERE}", who="ba")
    moved = await known(talk, "ba")
    assert moved.person.ward_id != talk.ward.id
    assert case.code in said(await talk.say("/hoso", who="ba"))
    shown = said(await talk.say(f"/hoso {case.code}", who="ba"))
    assert "tối om" in shown and "Phòng Kinh tế" in shown
    told = await talk.say(f"{case.code} Vẫn chưa sáng", who="ba")
    assert any(one.chat == "room-kt" and "Vẫn chưa sáng" in one.text for one in told)
    added = next(one for one in told if one.chat == "ba")
    more = await talk.say("Cột điện số 4", who="ba", reply_to=added)
    assert any(one.chat == "room-kt" and "Cột điện số 4" in one.text for one in more)
    await talk.say("/start w_AHD", who="ba")
    await talk.tap(f"Đổi sang {talk.ward.ward.name}", who="ba")
    assert (await known(talk, "ba")).person.former_ward_ids == (moved.person.ward_id,)


async def test_an_official_is_not_moved_by_a_link(talk: Talk) -> None:
    await two_wards(talk)
    await talk.official("lan", "KT", Role.MEMBER)
    assert "cán bộ" in said(await talk.say("/start w_BTY", who="lan"))
    assert (await known(talk, "lan")).person.ward_id == talk.ward.id


async def test_a_link_opens_and_never_acts_on_a_case(talk: Talk) -> None:
    case = await talk.submitted("Đèn đường hỏng tối om")
    await talk.official("lan", "KT")
    for name in ("nhan", "dong"):
        await talk.say(f"/start {name}_{case.code}", who="lan")
    async with talk.database.reading() as tx:
        assert (await cases.by_code(tx, talk.ward.id, case.code)).status is case.status
    assert "Đèn đường" in said(await talk.say(f"/start xem_{case.code}", who="lan"))
