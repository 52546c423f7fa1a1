"""Joining by an invite: the person, the group, the web room; and every way a code can be wrong."""

from datetime import timedelta

import pytest

from actions import manage_people
from domain.people import GroupKind, Role
from handlers.official.join import TRIES_PER_HOUR
from storage import audit, invites, people
from storage.database import Database
from storage.outbox import Address
from tests.handlers.driver import ACCOUNT, Talk, sample_ward

WEEK = timedelta(days=7)


@pytest.fixture
async def talk(database: Database) -> Talk:
    return await Talk.begin(database)


async def invite(talk: Talk, role: Role = Role.MEMBER, unit: str | None = "KT") -> str:
    async with talk.database.transaction() as tx:
        return await manage_people.invite_official(
            tx, talk.ward, role=role, unit_code=unit, now=talk.now, valid_for=WEEK
        )


async def group_invite(talk: Talk, kind: GroupKind = GroupKind.UNIT, unit: str | None = "KT") -> str:
    async with talk.database.transaction() as tx:
        return await manage_people.invite_group(tx, talk.ward, kind=kind, unit_code=unit, now=talk.now, valid_for=WEEK)


async def office(talk: Talk, who: str) -> tuple[str, Role, str | None] | None:
    async with talk.database.reading() as tx:
        known = await people.find(tx, channel=talk.channel, account=ACCOUNT, address=who)
    held = known.official if known else None
    return (held.name, held.role, held.unit_code) if held else None


async def bound(talk: Talk, chat: str) -> tuple[GroupKind, int | None] | None:
    async with talk.database.reading() as tx:
        group = await invites.group_at(tx, Address(channel=talk.channel, account=ACCOUNT, chat=chat))
    return (group.kind, group.unit_id) if group else None


async def test_somebody_without_a_name_is_asked_for_it_and_welcomed(talk: Talk) -> None:
    code = await invite(talk)
    (asked,) = await talk.say(f"/thamgia {code}", who="lan")
    assert asked.text.startswith("Ông/Bà tên gì")
    assert await office(talk, "lan") is None
    (welcome,) = await talk.say("Nguyễn Thị Lan", who="lan")
    assert welcome.text.startswith(
        "✅ Chào Nguyễn Thị Lan. Từ nay Ông/Bà là: cán bộ xử lý, Phòng Kinh tế, Hạ tầng và Đô thị"
    )
    assert list(welcome.choices) == ["Việc đang mở"]
    assert await office(talk, "lan") == ("Nguyễn Thị Lan", Role.MEMBER, "KT")


async def test_the_channels_name_is_taken_and_dashes_blanks_and_case_do_not_matter(talk: Talk) -> None:
    code = await invite(talk)
    typed = f" {code[:4]}-{code[4:7]} {code[7:]} ".lower()
    (welcome,) = await talk.say(f"/join {typed}", who="lan", name="Lan Nguyễn")
    assert "Chào Lan Nguyễn" in welcome.text
    assert await office(talk, "lan") == ("Lan Nguyễn", Role.MEMBER, "KT")


async def test_a_code_works_once(talk: Talk) -> None:
    code = await invite(talk)
    await talk.say(f"/thamgia {code}", who="lan", name="Lan")
    (other,) = await talk.say(f"/thamgia {code}", who="minh", name="Minh")
    assert other.text.startswith("Mã này đã được dùng")
    (same,) = await talk.say(f"/thamgia {code}", who="lan")
    assert same.text.startswith("Ông/Bà đã tham gia bằng mã này rồi")
    assert await office(talk, "minh") is None


async def test_a_code_used_while_the_name_is_typed_is_refused(talk: Talk) -> None:
    code = await invite(talk)
    await talk.say(f"/thamgia {code}", who="lan")
    await talk.say(f"/thamgia {code}", who="minh", name="Minh")
    (said,) = await talk.say("Lan", who="lan")
    assert said.text.startswith("Mã này đã được dùng")
    assert await office(talk, "lan") is None


async def test_an_expired_code_is_refused(talk: Talk) -> None:
    code = await invite(talk)
    talk.now += WEEK
    (said,) = await talk.say(f"/thamgia {code}", who="lan", name="Lan")
    assert said.text.startswith("Mã này đã hết hạn")
    assert await office(talk, "lan") is None


async def test_guessing_is_slowed_even_for_a_right_code_until_the_next_hour(talk: Talk) -> None:
    code = await invite(talk)
    for _try in range(TRIES_PER_HOUR):
        (said,) = await talk.say("/thamgia AAAAAAAAAA", who="lan", name="Lan")
        assert said.text.startswith("Mã này không đúng")
    (said,) = await talk.say(f"/thamgia {code}", who="lan")
    assert said.text.startswith("Ông/Bà đã thử quá nhiều lần")
    talk.now += timedelta(hours=1)
    await talk.say(f"/thamgia {code}", who="lan")
    assert await office(talk, "lan") is not None


async def test_a_units_group_is_bound_by_one_of_its_administrators(talk: Talk) -> None:
    code = await group_invite(talk)
    (said,) = await talk.say(f"/thamgia {code}", who="la", chat="room")
    assert said.text.startswith("Chỉ quản trị viên của nhóm")
    assert await bound(talk, "room") is None
    (said,) = await talk.say(f"/thamgia {code}", who="lan", chat="room", admin=True)
    assert "nhóm của Phòng Kinh tế, Hạ tầng và Đô thị" in said.text
    assert await bound(talk, "room") == (GroupKind.UNIT, talk.ward.unit_id("KT"))


async def test_the_wards_group_is_told_that_no_names_are_posted(talk: Talk) -> None:
    code = await group_invite(talk, GroupKind.WARD, None)
    (said,) = await talk.say(f"/thamgia {code}", who="lan", chat="ward", admin=True)
    assert "Không nêu tên ai" in said.text
    assert await bound(talk, "ward") == (GroupKind.WARD, None)


async def test_each_code_says_where_it_belongs_and_stays_good(talk: Talk) -> None:
    for_group, for_person = await group_invite(talk), await invite(talk)
    (said,) = await talk.say(f"/thamgia {for_group}", who="lan", name="Lan")
    assert said.text.startswith("Mã này dành cho nhóm")
    (said,) = await talk.say(f"/thamgia {for_person}", who="lan", chat="room", admin=True)
    assert said.text.startswith("Mã này dành cho một người")
    await talk.say(f"/thamgia {for_group}", who="lan", chat="room", admin=True)
    await talk.say(f"/thamgia {for_person}", who="lan")
    assert await bound(talk, "room") is not None
    assert await office(talk, "lan") == ("Lan", Role.MEMBER, "KT")


async def test_a_groups_code_in_a_private_web_chat_opens_a_room(talk: Talk) -> None:
    talk.channel = "web"
    code = await group_invite(talk)
    (said,) = await talk.say(f"/thamgia {code}", who="lan")
    assert f"{talk.limits.public_url}/nhom/" in said.text
    async with talk.database.reading() as tx:
        (group,) = await invites.groups_of(
            tx, ward_id=talk.ward.id, kind=GroupKind.UNIT, unit_id=talk.ward.unit_id("KT")
        )
    case = await talk.submitted()
    assert case.code in talk.last(group.address.chat).text


async def test_a_code_of_another_ward_is_refused_to_who_is_known_here(talk: Talk) -> None:
    await talk.person("lan", "Lan")
    elsewhere = await Talk.begin(talk.database, ward=sample_ward("KHAC"))
    code = await invite(elsewhere)
    (said,) = await talk.say(f"/thamgia {code}", who="lan")
    assert said.text.startswith("Mã này của phường khác")


async def test_without_a_code_an_example_is_given(talk: Talk) -> None:
    await talk.person("lan")
    (said,) = await talk.say("/thamgia", who="lan")
    assert "/thamgia ABCDE23456" in said.text


async def test_joining_is_in_the_audit_log(talk: Talk) -> None:
    code = await invite(talk, Role.EDITOR, None)
    (welcome,) = await talk.say(f"/thamgia {code}", who="lan", name="Lan")
    assert list(welcome.choices) == ["Công khai kế hoạch"]
    person = await talk.person("lan")
    async with talk.database.reading() as tx:
        (entry,) = await audit.of(tx, ward_id=talk.ward.id, subject=f"person {person.id}")
    assert (entry.act, entry.actor_id, entry.details["role"]) == ("official.join", person.id, "editor")
