"""When a dialogue session may be announced, until when it takes questions, and how topics are read."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.dialogue import (
    TOPICS_MAX,
    DialogueSession,
    DialogueStatus,
    check_time,
    days_of_notice,
    is_short_notice,
    read_topics,
)
from domain.errors import DomainError

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
HELD_AT = datetime(2026, 12, 5, 1, tzinfo=UTC)


def session(status: DialogueStatus = DialogueStatus.ANNOUNCED) -> DialogueSession:
    return DialogueSession(
        id=1, ward_id=1, title="Đối thoại", held_at=HELD_AT, place="Hội trường", topics=(), status=status,
        announced_at=NOW, reason="",
    )  # fmt: skip


def test_seven_days_before_are_enough_and_six_are_not() -> None:
    assert not is_short_notice(date(2026, 11, 24), date(2026, 12, 1))
    assert is_short_notice(date(2026, 11, 24), date(2026, 11, 30))
    assert days_of_notice(date(2026, 11, 24), date(2026, 11, 30)) == 6


def test_a_session_takes_questions_until_it_begins() -> None:
    assert session().takes_questions(HELD_AT - timedelta(seconds=1))
    assert not session().takes_questions(HELD_AT)
    assert not session(DialogueStatus.CANCELLED).takes_questions(NOW)


@pytest.mark.parametrize(("held_at", "code"), [(NOW, "dialogue_past"), (NOW + timedelta(days=400), "dialogue_far")])
def test_what_is_over_or_a_mistyped_year_is_refused(held_at: datetime, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        check_time(held_at, NOW)
    assert refused.value.code == code


def test_topics_lose_their_dashes_and_numbers_and_come_once() -> None:
    typed = "1. Vệ sinh môi trường\n- Chiếu sáng\n\n• Chiếu sáng\n2) Đất đai\n2026 là năm gì"
    assert read_topics(typed) == ("Vệ sinh môi trường", "Chiếu sáng", "Đất đai", "2026 là năm gì")


def test_a_flood_of_topics_is_cut() -> None:
    assert len(read_topics("\n".join(f"Việc {number}" for number in range(50)))) == TOPICS_MAX
