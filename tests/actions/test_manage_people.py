"""Invites: made for an office or a group, kept as a hash, good once, even for two at once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from actions import manage_people
from actions.manage_people import CODE_ALPHABET, CODE_LENGTH, Joined
from domain.errors import DomainError
from domain.people import GroupKind, Person, Role
from storage.database import Database
from storage.invites import hashed, invite
from tests.handlers.driver import Talk

WEEK = timedelta(days=7)


@pytest.fixture
async def talk(database: Database) -> Talk:
    return await Talk.begin(database)


async def made(talk: Talk, role: Role = Role.MEMBER, unit: str | None = "KT") -> str:
    async with talk.database.transaction() as tx:
        return await manage_people.invite_official(
            tx, talk.ward, role=role, unit_code=unit, now=talk.now, valid_for=WEEK
        )


async def join(talk: Talk, code: str, person: Person) -> Joined | str:
    try:
        async with talk.database.transaction() as tx:
            found = await manage_people.look_up(tx, code, person, now=talk.now)
            return await manage_people.join(tx, found, person, name="Lan", now=talk.now)
    except DomainError as error:
        return error.code


async def test_a_code_is_told_once_and_kept_only_as_a_hash(talk: Talk) -> None:
    code = await made(talk)
    assert len(code) == CODE_LENGTH
    assert set(code) <= set(CODE_ALPHABET)
    async with talk.database.reading() as tx:
        (row,) = (await tx.execute(select(invite))).all()
    assert row.code_hash == hashed(code.lower())
    assert code not in str(tuple(row))


async def test_of_two_who_use_one_code_at_once_exactly_one_joins(talk: Talk) -> None:
    code = await made(talk)
    lan, minh = await talk.person("lan"), await talk.person("minh")
    done = await asyncio.gather(join(talk, code, lan), join(talk, code, minh))
    assert sorted(type(one).__name__ for one in done) == ["Joined", "str"]
    assert "invite_used" in done


async def test_who_handles_cases_needs_a_unit_and_reception_has_one(talk: Talk) -> None:
    with pytest.raises(DomainError) as refused:
        await made(talk, Role.MEMBER, None)
    assert refused.value.code == "unit_missing"
    joined = await join(talk, await made(talk, Role.RECEPTION, None), await talk.person("tu"))
    assert isinstance(joined, Joined)
    assert joined.unit_id == talk.ward.unit_id("VP")


@pytest.mark.parametrize("unit", ["KT", "phòng kt", "Ban Van hoa"])
async def test_a_unit_may_be_named_in_any_way(talk: Talk, unit: str) -> None:
    assert len(await made(talk, Role.MEMBER, unit)) == CODE_LENGTH


async def test_an_unknown_unit_is_refused(talk: Talk) -> None:
    with pytest.raises(DomainError) as refused:
        await made(talk, Role.MEMBER, "Phòng không có")
    assert refused.value.code == "unit_unknown"


async def test_a_units_group_needs_the_unit_and_the_wards_has_none(talk: Talk) -> None:
    person = await talk.person("lan")
    async with talk.database.transaction() as tx:
        with pytest.raises(DomainError) as refused:
            await manage_people.invite_group(
                tx, talk.ward, kind=GroupKind.UNIT, unit_code=None, now=talk.now, valid_for=WEEK
            )
        code = await manage_people.invite_group(
            tx, talk.ward, kind=GroupKind.WARD, unit_code="KT", now=talk.now, valid_for=WEEK
        )
        found = await manage_people.look_up(tx, code, person, now=talk.now)
    assert refused.value.code == "unit_missing"
    assert (found.group_kind, found.unit_id) == ("ward", None)
