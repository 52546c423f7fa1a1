"""The published plan as conversations: the list, a search, one item, an opinion."""

import pytest

from domain.plan_document import ItemPart
from storage import opinions, plan_drafts, plans
from storage.database import Database
from tests.handlers.driver import Talk
from tests.plans_ground import NOW, document, imported, item

ROOM = "room-kt"


@pytest.fixture
async def talk(database: Database) -> Talk:
    talk = await Talk.begin(database)
    talk.language = "en"
    await talk.group(ROOM, "KT")
    return talk


@pytest.fixture
async def public(talk: Talk) -> Talk:
    await imported(talk.database, talk.ward, published=True)
    return talk


async def consent(talk: Talk, who: str = "ba") -> None:
    await talk.say("/batdau", who=who)
    await talk.tap("I agree", who=who)
    await talk.tap("Skip", who=who)


async def said(talk: Talk, number: int = 1) -> list[str]:
    async with talk.database.reading() as tx:
        kept = await plans.get(tx, talk.ward.id, number)
        return [one.text for one in await opinions.of_item(tx, kept, limit=9)]


async def test_before_anything_is_published_the_list_says_so(talk: Talk) -> None:
    await imported(talk.database, talk.ward)
    (answer,) = await talk.say("/kehoach", who="ba")
    assert "has not published" in answer.text
    assert answer.choices
    (refused,) = await talk.say("/kehoach KH-1", who="ba")
    assert "KH-1" in refused.text
    assert "đèn" not in refused.text


async def test_anybody_reads_the_list_without_consent_nearest_day_first(public: Talk) -> None:
    (answer,) = await public.say("/kehoach", who="ba")
    titles = ["1. Công khai ngân sách phường", "2. Sửa đèn đường tổ 3", "3. Xây dựng quy ước"]
    places = [answer.text.index(title) for title in titles]
    assert places == sorted(places)
    # "trước ngày 15/12" is kept on the 14th at the latest; the conversation is on 24 November.
    assert "14/12/2026 (20 days left)" in answer.text
    assert "goes on all the time" in answer.text


@pytest.mark.parametrize("typed", ["2", "Sửa đèn đường tổ 3", "sua den duong to 3", "KH-1", "/kehoach 1", "/plan kh-1"])
async def test_a_number_a_title_a_code_or_a_tap_opens_the_same_item(public: Talk, typed: str) -> None:
    await public.say("/kehoach", who="ba")
    (card,) = await public.say(typed, who="ba")
    assert card.text.startswith("📌 KH-1 · Sửa đèn đường tổ 3")


async def test_an_item_tells_who_when_and_what_the_plan_does_not_say(public: Talk) -> None:
    (card,) = await public.say("/kehoach 1", who="ba")
    assert "Lead: Phòng KT" in card.text
    assert "By Monday, 14/12/2026" in card.text
    assert "12/KH-UBND of 12/10/2026" in card.text
    assert "signature" not in card.text
    await imported(
        public.database, public.ward, document(item("1", "Việc", text="Việc."), number="7/KH-UBND"), published=True
    )
    (bare,) = await public.say("/kehoach 4", who="ba")
    assert "Lead: not said in the plan" in bare.text
    assert "Time: not said in the plan" in bare.text


async def test_a_long_list_is_read_page_by_page_and_a_search_too(talk: Talk) -> None:
    many = [item(f"II.{number}", f"Sửa đèn đường ngõ {number}") for number in range(1, 13)]
    await imported(talk.database, talk.ward, document(*many), published=True)
    await talk.say("/kehoach den duong", who="ba")
    for page in (2, 3):
        (answer,) = await talk.tap("More ▶", who="ba")
        assert f"Page {page} of 3" in answer.text
        assert "den duong" in answer.text
    assert "2. Sửa đèn đường ngõ 12" in answer.text
    (first,) = await talk.tap("Back to page 1", who="ba")
    assert "Page 1 of 3" in first.text
    (beyond,) = await talk.say("/kehoach trang 99", who="ba")
    assert "Page 1 of 3" in beyond.text


async def test_what_is_not_found_is_told_with_what_to_do(public: Talk) -> None:
    (answer,) = await public.say("/kehoach sân bay", who="ba")
    assert "“sân bay”" in answer.text
    assert "See the whole plan" in answer.choices


async def test_a_bare_figure_is_an_item_or_a_word_to_look_for(public: Talk) -> None:
    await imported(
        public.database, public.ward, document(item("1", "Chào năm 2027"), number="7/KH-UBND"), published=True
    )
    (found,) = await public.say("/kehoach 2027", who="ba")
    assert "Chào năm 2027" in found.text


async def test_a_long_item_is_shortened_and_can_be_read_whole(talk: Talk) -> None:
    long = item("1", "Dài", text="Dài.\n" + "\n".join(f"- Dòng số {number} của một kế hoạch." for number in range(200)),
                parts=(ItemPart(marker="-", text="x"),))  # fmt: skip
    await imported(talk.database, talk.ward, document(long), published=True)
    (card,) = await talk.say("/kehoach 1", who="ba")
    assert "Dòng số 150" not in card.text
    whole = await talk.tap("Read the whole text", who="ba")
    assert len(whole) > 1
    assert "Dòng số 199" in whole[-1].text
    assert all(len(message.text) <= 4000 for message in whole)
    assert "💬 Give an opinion" in whole[-1].choices


async def test_an_opinion_is_thanked_and_its_unit_gets_a_card_without_the_name(public: Talk) -> None:
    await public.person("ba", "Trần Thị Ba")
    await consent(public)
    await public.say("/kehoach 1", who="ba")
    (question,) = await public.tap("💬 Give an opinion", who="ba")
    assert "Sửa đèn đường tổ 3" in question.text
    told = {message.chat: message.text for message in await public.say("Thêm đèn ở ngõ 5", who="ba")}
    assert "Thank you" in told["ba"]
    assert "Thêm đèn ở ngõ 5" in told[ROOM]
    assert "Trần Thị Ba" not in told[ROOM]
    assert await said(public) == ["Thêm đèn ở ngõ 5"]


async def test_an_opinion_on_a_bare_number_is_looked_at_before_it_is_sent(public: Talk) -> None:
    await public.say("/gopy 1 Nên làm sớm", who="ba")
    await public.tap("I agree", who="ba")
    (look,) = await public.tap("Skip", who="ba")
    assert "KH-1" in look.text and "Nên làm sớm" in look.text
    assert await said(public) == []
    await public.tap("Send", who="ba")
    assert await said(public) == ["Nên làm sớm"]


async def test_a_newcomers_opinion_waits_for_consent_and_is_not_lost(public: Talk) -> None:
    await public.say("/gopy KH-1 Nên làm sớm", who="ba")
    assert await said(public) == []
    await public.tap("I agree", who="ba")
    await public.tap("Skip", who="ba")
    assert await said(public) == ["Nên làm sớm"]


async def test_without_consent_no_opinion_is_kept(public: Talk) -> None:
    await public.say("/gopy 1 Nên làm sớm", who="ba")
    await public.tap("I do not agree", who="ba")
    assert await said(public) == []


async def test_an_opinion_can_be_given_up(public: Talk) -> None:
    await consent(public)
    await public.say("/gopy 1", who="ba")
    (answer,) = await public.say("thôi", who="ba")
    assert "Back to the item" in answer.choices
    assert await said(public) == []


async def test_a_photo_without_words_or_an_endless_text_is_answered_and_the_question_stays_open(public: Talk) -> None:
    await consent(public)
    await public.say("/gopy 1", who="ba")
    (answer,) = await public.say(who="ba", photos=1)
    assert "in words" in answer.text
    (answer,) = await public.say("a" * 5000, who="ba")
    assert "5000 characters" in answer.text
    await public.say("Nên làm", who="ba", photos=1)
    assert "photos were not sent" in public.last("ba").text
    assert await said(public) == ["Nên làm"]


async def test_of_a_denunciation_nothing_is_kept_or_passed_on(public: Talk) -> None:
    await consent(public)
    await public.say("/gopy 1", who="ba")
    words = "Tôi tố cáo ông Nguyễn Văn X cán bộ phường nhận hối lộ 50 triệu"
    messages = await public.say(words, who="ba")
    assert {message.chat for message in messages} == {"ba"}
    assert any("denunciation" in message.text for message in messages)
    assert await said(public) == []
    assert not any("hối lộ" in message.text for message in messages)


async def test_an_opinion_on_an_item_taken_back_meanwhile_ends_in_peace(public: Talk) -> None:
    await consent(public)
    await public.say("/gopy 1", who="ba")
    async with public.database.transaction() as tx:
        await plan_drafts.withdraw(tx, await plans.get(tx, public.ward.id, 1), reason="sai", now=NOW)
    (answer,) = await public.say("Nên làm", who="ba")
    assert "taken KH-1 back" in answer.text
    (after,) = await public.say("/kehoach", who="ba")
    assert "Sửa đèn đường" not in after.text


async def test_the_list_may_be_read_in_a_group_but_opinions_are_given_in_private(public: Talk) -> None:
    (answer,) = await public.say("/kehoach", who="ba", chat=ROOM)
    assert "Sửa đèn đường" in answer.text
    (refused,) = await public.say("/gopy 1 Hay", who="ba", chat=ROOM)
    assert await said(public) == []
    assert "private" in refused.text
