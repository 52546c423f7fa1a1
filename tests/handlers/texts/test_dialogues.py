"""Sessions in words: the announcement and the cancellation, for a group and for whoever asked."""

from typing import Any

from handlers.texts.dialogues import render_dialogue

PARAMS: dict[str, Any] = {
    "ward": "phường An Hoà Đông", "timezone": "Asia/Ho_Chi_Minh", "status": "announced", "title": "Đối thoại",
    "held_at": "2026-12-05T01:30:00+00:00", "place": "Hội trường", "topics": ["Rác", "Đất đai"], "reason": "",
    "codes": [],
}  # fmt: skip


def test_an_announcement_says_when_in_the_wards_own_time_where_and_what_about() -> None:
    text = render_dialogue(PARAMS, "en").text
    assert text.startswith("📣 Phường An Hoà Đông invites everybody")
    assert "08:30, Saturday, 05/12/2026\n📍 Hội trường\n📝 Topics:\n• Rác\n• Đất đai" in text


def test_a_session_without_topics_has_no_empty_list() -> None:
    assert "Topics" not in render_dialogue(PARAMS | {"topics": []}, "en").text


def test_a_cancellation_says_why_and_to_whoever_asked_what_becomes_of_the_question() -> None:
    cancelled = PARAMS | {"status": "cancelled", "reason": "Bão số 9"}
    group = render_dialogue(cancelled, "en")
    assert "Why: Bão số 9" in group.text
    assert group.choices == ()
    asker = render_dialogue(cancelled | {"codes": ["PA-26-00001"]}, "en")
    assert "PA-26-00001" in asker.text
    assert [choice.id for choice in asker.choices] == ["/hoso"]
