"""Publishing plan items and taking them back; who may, what is refused, what the audit log says."""

import pytest

from actions.give_opinion import give_opinion
from actions.publish_plan import publish, publish_every_draft, withdraw
from domain.errors import DomainError
from domain.people import Official, Person, Role
from domain.plans import PlanStatus
from handlers.context import Book
from storage import audit, opinions, plans
from storage.database import Database
from tests.handlers.driver import Talk
from tests.plans_ground import NOW, imported


@pytest.fixture
async def talk(database: Database) -> Talk:
    nothing_is_said = Book(commands=(), forms={}, free_text=None, reply_to_case=None, linking_code=None)  # type: ignore[arg-type]
    talk = await Talk.begin(database, book=nothing_is_said)
    await imported(database, talk.ward)
    return talk


async def official(talk: Talk, role: Role) -> Official:
    person = await talk.official(role.value, "VP", role)
    return Official(
        id=1, person_id=person.id, ward_id=talk.ward.id, unit_id=None, unit_code=None, role=role, name=role.value
    )


async def resident(talk: Talk) -> Person:
    return await talk.person("ba", "Trần Thị Ba")


async def test_several_items_are_published_at_once_and_what_is_not_there_is_named(talk: Talk) -> None:
    editor = await official(talk, Role.EDITOR)
    async with talk.database.transaction() as tx:
        await publish(tx, talk.ward, editor, [1], now=NOW)
        done = await publish(tx, talk.ward, editor, [1, 3, 99], now=NOW)
        entries = await audit.of(tx, ward_id=talk.ward.id, subject="plan KH-3")
        assert (await plans.counts(tx, talk.ward.id)).drafts == 1
    assert [one.number for one in done.items] == [3]
    assert [one.number for one in done.already] == [1]
    assert done.unknown == (99,)
    assert [(entry.act, entry.actor_id) for entry in entries] == [("plan.publish", editor.person_id)]


@pytest.mark.parametrize("role", [Role.MEMBER, Role.RECEPTION])
async def test_only_those_appointed_to_may_publish_or_take_back(talk: Talk, role: Role) -> None:
    clerk = await official(talk, role)
    async with talk.database.transaction() as tx:
        with pytest.raises(DomainError, match="may_not_publish"):
            await publish(tx, talk.ward, clerk, [1], now=NOW)
        with pytest.raises(DomainError, match="may_not_publish"):
            await withdraw(tx, talk.ward, clerk, 1, reason="x", now=NOW)
        with pytest.raises(DomainError, match="may_not_publish"):
            await publish_every_draft(tx, talk.ward, clerk, count=3, last=3, now=NOW)
        assert (await plans.counts(tx, talk.ward.id)).published == 0


async def test_all_drafts_are_published_only_as_they_were_shown(talk: Talk) -> None:
    leader = await official(talk, Role.LEADER)
    async with talk.database.transaction() as tx:
        with pytest.raises(DomainError, match="drafts_changed"):
            await publish_every_draft(tx, talk.ward, leader, count=2, last=3, now=NOW)
        assert (await plans.counts(tx, talk.ward.id)).published == 0
        await publish_every_draft(tx, talk.ward, leader, count=3, last=3, now=NOW)
        assert (await plans.counts(tx, talk.ward.id)).published == 3


async def test_an_item_is_taken_back_with_a_reason_and_may_be_published_again(talk: Talk) -> None:
    editor = await official(talk, Role.ADMIN)
    async with talk.database.transaction() as tx:
        with pytest.raises(DomainError, match="plan_item_not_published"):
            await withdraw(tx, talk.ward, editor, 1, reason="sai", now=NOW)
        await publish(tx, talk.ward, editor, [1], now=NOW)
        with pytest.raises(DomainError, match="withdraw_reason_missing"):
            await withdraw(tx, talk.ward, editor, 1, reason=" ", now=NOW)
        await withdraw(tx, talk.ward, editor, 1, reason="sai hạn", now=NOW)
        back = await plans.get(tx, talk.ward.id, 1)
        assert (back.status, back.withdrawn_reason) == (PlanStatus.WITHDRAWN, "sai hạn")
        await publish(tx, talk.ward, editor, [1], now=NOW)
        assert (await plans.get(tx, talk.ward.id, 1)).withdrawn_reason == ""
        acts = [one.act for one in await audit.of(tx, ward_id=talk.ward.id, subject="plan KH-1")]
    assert acts == ["plan.publish", "plan.withdraw", "plan.publish"]


async def test_an_opinion_goes_to_the_unit_that_leads_without_a_name(talk: Talk) -> None:
    await talk.group("room-kt", "KT")
    editor, ba = await official(talk, Role.EDITOR), await resident(talk)
    async with talk.database.transaction() as tx:
        await publish(tx, talk.ward, editor, [1], now=NOW)
        item, unit = await give_opinion(tx, talk.ward, ba, 1, text=" Thêm đèn ", now=NOW)
        assert [said.text for said in await opinions.of_item(tx, item, limit=5)] == ["Thêm đèn"]
        *_before, entry = await audit.of(tx, ward_id=talk.ward.id, subject="plan KH-1")
    assert entry.act == "opinion.give"
    assert "Thêm đèn" not in str(entry.details)
    (card,) = await talk.deliver()
    assert (card.chat, unit) == ("room-kt", "Phòng Kinh tế, Hạ tầng và Đô thị")
    assert "Thêm đèn" in card.text
    assert "Ba" not in card.text


async def test_an_opinion_on_an_item_nobody_leads_goes_to_reception(talk: Talk) -> None:
    await talk.group("room-vp", "VP")
    await imported(talk.database, talk.ward, published=True)
    ba = await resident(talk)
    async with talk.database.transaction() as tx:
        await give_opinion(tx, talk.ward, ba, 3, text="Hay", now=NOW)
    assert [card.chat for card in await talk.deliver()] == ["room-vp"]


async def test_of_what_is_not_public_nothing_is_told(talk: Talk) -> None:
    ba = await resident(talk)
    async with talk.database.transaction() as tx:
        for number in (1, 99):
            with pytest.raises(DomainError, match="plan_item_unknown"):
                await give_opinion(tx, talk.ward, ba, number, text="Hay", now=NOW)
        assert await opinions.count(tx, await plans.get(tx, talk.ward.id, 1)) == 0
