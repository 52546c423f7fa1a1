"""The editor's desk as conversations: drafts, publishing, taking back, corrections, who leads."""

from dataclasses import replace

import pytest

from domain.people import Role
from storage import plans
from storage.database import Database
from tests.handlers.driver import Talk
from tests.plans_ground import BUDGET, CULTURE, LAMPS, document, imported, item


@pytest.fixture
async def talk(database: Database) -> Talk:
    talk = await Talk.begin(database)
    talk.language = "en"
    await talk.official("lan", "VP", Role.EDITOR)
    await talk.official("minh", "KT", Role.MEMBER)
    await imported(database, talk.ward)
    return talk


async def figures(talk: Talk) -> tuple[int, int, int]:
    async with talk.database.reading() as tx:
        count = await plans.counts(tx, talk.ward.id)
    return count.drafts, count.published, count.questions


async def test_residents_and_other_officials_are_told_whose_this_is(talk: Talk) -> None:
    for who, told in (("ba", "ward officials"), ("minh", "editor")):
        for command in ("/congkhai", "/congkhai ok all", "/congkhai ok 1", "/congkhai 1", "/congkhai go 1 x"):
            (answer,) = await talk.say(command, who=who)
            assert told in answer.text
            assert "đèn" not in answer.text
    assert await figures(talk) == (3, 0, 0)


async def test_drafts_are_listed_with_their_codes_and_what_needs_a_look(talk: Talk) -> None:
    (answer,) = await talk.say("/publish", who="lan")
    assert "3 drafts wait" in answer.text
    assert "1. KH-1 · Sửa đèn đường tổ 3\n" in answer.text
    assert "3. KH-3 · Xây dựng quy ước ⚠️" in answer.text


async def test_one_draft_is_read_published_and_the_next_one_offered(talk: Talk) -> None:
    await talk.say("/congkhai", who="lan")
    (card,) = await talk.say("1", who="lan")
    assert "draft, only the desk sees it" in card.text
    assert "In this ward: Phòng Kinh tế, Hạ tầng và Đô thị" in card.text
    assert "in the document: no signature was found" in card.text
    (done,) = await talk.tap("✅ Publish", who="lan")
    assert done.text == "✅ Published: KH-1\n2 drafts are left."
    (following,) = await talk.tap("Next draft ▶", who="lan")
    assert following.text.startswith("📌 KH-2")
    assert await figures(talk) == (2, 1, 0)


async def test_an_item_whose_lead_is_no_unit_of_the_ward_says_so(talk: Talk) -> None:
    (card,) = await talk.say("/congkhai KH-3", who="lan")
    assert "“Bộ phận Tư pháp” is none of the ward's units yet" in card.text


async def test_several_are_published_and_each_number_is_accounted_for(talk: Talk) -> None:
    await talk.say("/congkhai ok 1", who="lan")
    (done,) = await talk.say("/congkhai ok 1-2, 9", who="lan")
    assert done.text.splitlines() == [
        "✅ Published: KH-2",
        "Published before: KH-1",
        "Not found: KH-9",
        "1 draft is left.",
    ]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("/congkhai ok", "could not read"),
        ("/congkhai ok mười hai", "could not read"),
        ("/congkhai ok 99", "KH-99"),
        ("/congkhai 99", "KH-99"),
        ("/congkhai go", "could not read"),
        ("/congkhai go 1", "not published"),
        ("/congkhai sua 1", "no correction"),
        ("/congkhai apdung 1 abc", "no correction"),
        ("/congkhai giu x", "could not read"),
        ("/congkhai donvi 1 ???", "no unit"),
    ],
)
async def test_every_refusal_is_a_sentence(talk: Talk, command: str, told: str) -> None:
    (answer,) = await talk.say(command, who="lan")
    assert told in answer.text
    assert await figures(talk) == (3, 0, 0)


async def test_all_are_published_after_one_confirmation_only(talk: Talk) -> None:
    await talk.say("/congkhai", who="lan")
    (sure,) = await talk.tap("✅ Publish all (3)", who="lan")
    assert "all 3 drafts" in sure.text
    assert "Still to be checked: KH-3" in sure.text
    assert await figures(talk) == (3, 0, 0)
    await talk.tap("Yes, publish all", who="lan")
    assert await figures(talk) == (0, 3, 0)


async def test_a_confirmation_does_not_cover_drafts_that_came_later(talk: Talk) -> None:
    await talk.say("/congkhai ok all", who="lan")
    await imported(talk.database, talk.ward, document(item("1", "Việc mới"), number="7/KH-UBND"))
    (answer,) = await talk.tap("Yes, publish all", who="lan")
    assert "changed meanwhile" in answer.text
    assert await figures(talk) == (4, 0, 0)


async def test_a_published_item_is_taken_back_with_a_reason(talk: Talk) -> None:
    await talk.say("/congkhai ok 1", who="lan")
    await talk.say("/congkhai da", who="lan")
    await talk.say("1", who="lan")
    (question,) = await talk.tap("Take back", who="lan")
    assert "Why" in question.text
    (empty,) = await talk.say(who="lan", photos=1)
    assert "the reason" in empty.text
    await talk.say("Sai thời hạn", who="lan")
    assert await figures(talk) == (2, 0, 0)
    (card,) = await talk.tap("Back to the item", who="lan")
    assert "Reason: Sai thời hạn" in card.text
    assert "✅ Publish" in card.choices


async def test_taking_back_can_be_given_up_and_done_in_one_line(talk: Talk) -> None:
    await talk.say("/congkhai ok 1,2", who="lan")
    await talk.say("/congkhai go 1", who="lan")
    await talk.tap("Give up", who="lan")
    assert await figures(talk) == (1, 2, 0)
    await talk.say("/congkhai go 2 sai số liệu", who="lan")
    assert await figures(talk) == (1, 1, 0)
    (list_,) = await talk.say("/congkhai", who="lan")
    (back,) = await talk.tap("↩️ Taken back (1)", who="lan", on=list_)
    assert "1. KH-2" in back.text
    await talk.say("1", who="lan")
    await talk.tap("✅ Publish", who="lan")
    assert await figures(talk) == (1, 2, 0)


async def test_whoever_takes_back_second_is_told(talk: Talk) -> None:
    await talk.official("hoa", "VP", Role.LEADER)
    await talk.say("/congkhai ok 1", who="lan")
    await talk.say("/congkhai go 1", who="lan")
    await talk.say("/congkhai go 1 sai", who="hoa")
    (answer,) = await talk.say("Sai thời hạn", who="lan")
    assert "already" in answer.text


async def test_a_correction_shows_old_and_new_and_is_taken_over(talk: Talk) -> None:
    await talk.say("/congkhai ok 1-3", who="lan")
    corrected = document(replace(LAMPS, period="Quý I/2027"), BUDGET, CULTURE)
    await imported(talk.database, talk.ward, corrected)
    (answer,) = await talk.say("/congkhai", who="lan")
    await talk.tap("✏️ Corrections to decide (1)", who="lan", on=answer)
    (shown,) = await talk.say("1", who="lan")
    assert "− not said in the plan\n+ Quý I/2027" in shown.text
    await talk.tap("Publish the correction", who="lan")
    (card,) = await talk.say("/kehoach 1", who="ba")
    assert "Time: Quý I/2027" in card.text
    assert await figures(talk) == (0, 3, 0)


async def test_a_button_of_an_older_correction_does_not_publish_a_newer_one(talk: Talk) -> None:
    await talk.say("/congkhai ok 1-3", who="lan")
    await imported(talk.database, talk.ward, document(replace(LAMPS, period="Quý I/2027"), BUDGET, CULTURE))
    (seen,) = await talk.say("/congkhai sua 1", who="lan")
    await imported(talk.database, talk.ward, document(replace(LAMPS, period="Quý II/2027"), BUDGET, CULTURE))
    (answer,) = await talk.tap("Publish the correction", who="lan", on=seen)
    assert "newer correction" in answer.text
    assert await figures(talk) == (0, 3, 1)


async def test_what_is_gone_from_the_document_is_kept_or_taken_back(talk: Talk) -> None:
    await talk.say("/congkhai ok 1-3", who="lan")
    await imported(talk.database, talk.ward, document(LAMPS))
    (list_,) = await talk.say("/congkhai sua", who="lan")
    assert "KH-2" in list_.text
    await talk.say("/congkhai sua 2", who="lan")
    await talk.tap("Keep what is public", who="lan")
    await talk.say("/congkhai sua 3", who="lan")
    await talk.tap("Take back", who="lan")
    await talk.say("Không còn trong kế hoạch", who="lan")
    assert await figures(talk) == (0, 2, 0)


async def test_a_person_says_which_unit_a_strange_name_is(talk: Talk) -> None:
    (question,) = await talk.say("/congkhai donvi 3", who="lan")
    assert "“Bộ phận Tư pháp”" in question.text
    (again,) = await talk.say("không rõ", who="lan")
    assert "press a unit" in again.text
    (done,) = await talk.say("van hoa xa hoi", who="lan")
    assert "press a unit" in done.text
    (done,) = await talk.tap("Phòng Văn hoá - Xã hội", who="lan")
    assert done.text == "🏢 KH-3 is led by Phòng Văn hoá - Xã hội."
    (card,) = await talk.say("/congkhai 3", who="lan")
    assert "⚠️ Please check:\n– in the document" in card.text


async def test_opinions_are_read_at_the_desk_without_names(talk: Talk) -> None:
    await talk.say("/congkhai ok 1", who="lan")
    await talk.person("ba", "Trần Thị Ba")
    await talk.say("/batdau", who="ba")
    await talk.tap("I agree", who="ba")
    await talk.tap("Skip", who="ba")
    await talk.say("/gopy KH-1 Thêm đèn ở ngõ 5", who="ba")
    (card,) = await talk.say("/congkhai 1", who="lan")
    assert "Opinions so far: 1" in card.text
    (read,) = await talk.tap("💬 Read the opinions", who="lan", on=card)
    assert "24/11/2026: Thêm đèn ở ngõ 5" in read.text
    assert "Ba" not in read.text


async def test_the_desk_pages_through_a_long_list(talk: Talk) -> None:
    many = [item(f"II.{number}", f"Việc số {number}") for number in range(1, 13)]
    await imported(talk.database, talk.ward, document(*many, number="7/KH-UBND"))
    await talk.say("/congkhai", who="lan")
    (second,) = await talk.tap("More ▶", who="lan")
    assert "Page 2 of 3" in second.text
    (third,) = await talk.tap("More ▶", who="lan")
    assert "Việc số 12" in third.text
    (first,) = await talk.say("/congkhai trang 50", who="lan")
    assert "Page 1 of 3" in first.text
