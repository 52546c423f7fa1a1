"""The first contact: consent or none, what is forgotten, several wards, the language, and help."""

from dataclasses import replace

import pytest

from domain.people import Role
from storage import conversations, people, wards
from storage.audit import audit
from tests.actions.ground import known
from tests.handlers.driver import ACCOUNT, CHANNEL, Talk, sample_ward
from tests.handlers.resident.ground import LAMP, agreed, count, rows_with, said

MARKER = "Zúynhquặc"


async def state(talk: Talk, who: str = "ba") -> dict[str, object]:
    async with talk.database.reading() as tx:
        found = await conversations.load(tx, channel=CHANNEL, account=ACCOUNT, chat=who, sender=who)
    return found or {}


# --- consent ----------------------------------------------------------------------------------------------------------


async def test_the_first_contact_is_two_short_messages(talk: Talk) -> None:
    greeting, consent = await talk.say("/batdau", who="ba")
    assert len(greeting.text) < 250 and len(consent.text) < 250
    assert list(consent.choices) == ["Đồng ý", "Không đồng ý"]


async def test_agreeing_is_kept_with_its_version_and_written_down(talk: Talk) -> None:
    await talk.say("/batdau", who="ba")
    await talk.tap("Đồng ý", who="ba")
    await talk.tap("Tổ dân phố 1", who="ba")
    person = (await known(talk, "ba")).person
    assert person.consent_version and person.residential_group_id == talk.ward.group_ids["1"]
    async with talk.database.reading() as tx:
        acts = [row.act for row in (await tx.execute(audit.select())).all()]
    assert "consent.give" in acts


@pytest.mark.parametrize("answer", ["Không đồng ý", "khong dong y", "2", "không", "thôi"])
async def test_without_consent_nothing_is_kept(talk: Talk, answer: str) -> None:
    await talk.say(f"Đèn đường hỏng {MARKER}", who="ba", photos=1, name=f"Bà {MARKER}")
    await talk.say(f"trước nhà {MARKER}", who="ba")
    told = (await talk.say(answer, who="ba"))[-1]
    assert "/kehoach" in told.choices.values()
    assert await rows_with(talk, MARKER) == []
    assert not (await state(talk))["filling"] and await count(talk) == 0


async def test_public_information_stays_open_to_who_refused(talk: Talk) -> None:
    await talk.say("/batdau", who="ba")
    await talk.tap("Không đồng ý", who="ba")
    assert said(await talk.say("/kehoach", who="ba")) and said(await talk.say("/doithoai", who="ba"))


async def test_who_refused_is_asked_again_when_they_write(talk: Talk) -> None:
    await talk.say(LAMP, who="ba")
    await talk.tap("Không đồng ý", who="ba")
    for words in (LAMP, "đồng ý", "bỏ qua", "gửi"):
        await talk.say(words, who="ba")
    assert await count(talk) == 1


async def test_who_agreed_and_gives_up_the_next_question_loses_neither_consent_nor_draft(talk: Talk) -> None:
    await talk.say(LAMP, who="ba")
    await talk.say("ok", who="ba")
    card = said(await talk.say("thôi", who="ba"))
    assert LAMP in card
    assert (await known(talk, "ba")).person.consent_version


async def test_words_written_after_a_greeting_begin_a_case(talk: Talk) -> None:
    await talk.say("xin chào", who="ba")
    await talk.say(LAMP, who="ba")
    await talk.say("dạ", who="ba")
    card = said(await talk.say("tổ 2", who="ba"))
    assert LAMP in card


async def test_another_form_begun_before_consent_loses_no_draft(talk: Talk) -> None:
    await talk.say(LAMP, who="ba")
    await talk.say("/phananh Cống cũng tắc", who="ba")
    await talk.say("ok", who="ba")
    card = said(await talk.say("bỏ qua", who="ba"))
    assert LAMP in card and "Cống cũng tắc" in card


async def test_pieces_kept_before_consent_survive_a_command(talk: Talk) -> None:
    for words in (LAMP, "gần trường học", "/phananh Cống cũng tắc", "/batdau", "ok"):
        answers = await talk.say(words, who="ba")
    assert "vẫn giữ" not in said(answers)
    card = said(await talk.say("bỏ qua", who="ba"))
    assert LAMP in card and "gần trường học" in card and "Cống cũng tắc" in card


async def test_a_group_that_does_not_exist_is_asked_again(talk: Talk) -> None:
    await talk.say(LAMP, who="ba")
    await talk.say("ok", who="ba")
    again = await talk.say("tổ 99", who="ba")
    assert "Tổ dân phố 1" in again[-1].choices


# --- a denunciation ---------------------------------------------------------------------------------------------------

DENOUNCING = f"Tôi tố cáo ông {MARKER} cán bộ địa chính nhận hối lộ 20 triệu"


async def test_of_a_newcomers_denunciation_nothing_is_kept(talk: Talk) -> None:
    told = said(await talk.say(DENOUNCING, who="ba", photos=1))
    assert "tố cáo" in told
    assert await rows_with(talk, MARKER) == [] and await count(talk) == 0


@pytest.mark.parametrize(
    "before",
    [
        (),
        ("Đèn đường hỏng",),
        ("Đèn đường hỏng", "Sửa", "Nội dung"),
        ("Đèn đường hỏng", "Thêm ảnh/vị trí"),
        ("/phananh",),
    ],
)
async def test_at_no_point_of_a_report_is_a_denunciation_kept(talk: Talk, before: tuple[str, ...]) -> None:
    await agreed(talk)
    for words in before:
        await talk.say(words, who="ba")
    assert "tố cáo" in said(await talk.say(DENOUNCING, who="ba"))
    assert await rows_with(talk, MARKER) == []
    assert await count(talk) == 0


@pytest.mark.parametrize(
    "said_by",
    [
        "{denouncing}", "{code} {denouncing}", "/bosung {code} {denouncing}", "/danhgia {code} 1 {denouncing}",
        "/molai {code} {denouncing}",
    ],
)  # fmt: skip
async def test_a_denunciation_is_not_kept_with_a_case_either(talk: Talk, said_by: str) -> None:
    await agreed(talk)
    await talk.official("lan", "KT")
    case = await talk.submitted()
    if "danhgia" in said_by or "molai" in said_by:
        await talk.say(f"/traloi {case.code} Đã sửa.", who="lan")
        await talk.say("gửi", who="lan")
    told = said(await talk.say(said_by.format(code=case.code, denouncing=DENOUNCING), who="ba"))
    assert "tố cáo" in told
    assert await rows_with(talk, MARKER) == []


async def test_a_denunciation_among_pieces_is_not_kept(talk: Talk) -> None:
    await agreed(talk)
    await talk.submitted()
    await talk.say("Vẫn tối lắm", who="ba")
    assert "tố cáo" in said(await talk.say(DENOUNCING, who="ba"))
    assert await rows_with(talk, MARKER) == []


async def test_a_denunciation_written_while_consent_is_asked_for_is_not_kept(talk: Talk) -> None:
    await talk.say("Đèn đường hỏng", who="ba")
    answers = await talk.say(DENOUNCING, who="ba")
    assert "tố cáo" in said(answers)
    assert "Đồng ý" in answers[-1].choices
    assert await rows_with(talk, MARKER) == []


# --- several wards ----------------------------------------------------------------------------------------------------


async def two_wards(talk: Talk) -> None:
    async with talk.database.transaction() as tx:
        await wards.write(tx, replace(sample_ward("BTY"), name="Phường Bình Tây"))


async def test_with_several_wards_the_first_words_wait_for_the_choice(talk: Talk) -> None:
    await two_wards(talk)
    (question,) = await talk.say(LAMP, who="ba")
    assert len(question.choices) == 2
    await talk.say("tối lắm", who="ba")
    await talk.tap("Phường Bình Tây", who="ba")
    await talk.say("ok", who="ba")
    card = said(await talk.say("bỏ qua", who="ba"))
    assert LAMP in card and "tối lắm" in card
    async with talk.database.reading() as tx:
        found = await people.find(tx, channel=CHANNEL, account=ACCOUNT, address="ba")
        assert found is not None and found.person.ward_id == await wards.find(tx, "BTY")


@pytest.mark.parametrize("typed", ["2", "binh tay", "Phường Bình Tây"])
async def test_the_ward_may_be_chosen_by_typing(talk: Talk, typed: str) -> None:
    await two_wards(talk)
    await talk.say("xin chào", who="ba")
    assert "Phường Bình Tây" in said(await talk.say(typed, who="ba"))
    async with talk.database.reading() as tx:
        assert await people.find(tx, channel=CHANNEL, account=ACCOUNT, address="ba") is not None


async def test_a_denunciation_written_before_the_ward_is_known_is_not_kept(talk: Talk) -> None:
    await two_wards(talk)
    (told,) = await talk.say(DENOUNCING, who="ba")
    assert "tố cáo" in told.text and len(told.choices) == 2
    assert await rows_with(talk, MARKER) == []


# --- language and help ------------------------------------------------------------------------------------------------


async def test_the_language_can_be_changed_and_changed_back(talk: Talk) -> None:
    await agreed(talk)
    assert "/ngonngu en" in (await talk.say("/ngonngu", who="ba"))[0].choices.values()
    (english,) = await talk.tap("English", who="ba")
    assert "Report something" in english.choices
    assert "Hello" in said(await talk.say("/start", who="ba"))
    await talk.say("/ngonngu vi", who="ba")
    assert "Kính chào" in said(await talk.say("/batdau", who="ba"))


async def test_help_tells_every_command_and_the_emergency_numbers(talk: Talk) -> None:
    text = said(await talk.say("/trogiup", who="ba"))
    for command in ("/batdau", "/phananh", "/hoso", "/kehoach", "/doithoai", "/ngonngu", "/trogiup"):
        assert command in text
    assert "113" in text and "114" in text and "115" in text
    assert "/viec" not in text


@pytest.mark.parametrize(
    ("role", "listed", "hidden"),
    [(Role.MEMBER, "/viec", "/congkhai"), (Role.EDITOR, "/congkhai", "/nhan"), (Role.LEADER, "/doithoai_moi", "/x")],
)
async def test_help_lists_what_an_office_does(talk: Talk, role: Role, listed: str, hidden: str) -> None:
    await talk.official("lan", "KT" if role is Role.MEMBER else None, role)
    lines = said(await talk.say("/trogiup", who="lan"), "lan").splitlines()
    named = {line.split()[0] for line in lines if line.startswith("/")}
    assert listed in named and hidden not in named and "/hoso" in named


async def test_an_unknown_command_is_answered(talk: Talk) -> None:
    assert "/trogiup" in said(await talk.say("/xoasach", who="ba"))


async def test_giving_up_nothing_is_answered(talk: Talk) -> None:
    assert said(await talk.say("/huy", who="ba"))


async def test_something_unreadable_as_the_first_contact_is_answered(talk: Talk) -> None:
    assert said(await talk._happen("ba", "", unsupported="sticker"))
