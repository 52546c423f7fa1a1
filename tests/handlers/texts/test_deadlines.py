"""Reminders in words: every stage in both languages, with its article and its buttons."""

from typing import Any

import pytest

from domain.notices import NoticeKind
from handlers.texts.deadlines import RENDERERS, render_reminder

PARAMS: dict[str, Any] = {
    "reminder": "near", "code": "PA-26-00012", "category_vi": "Chiếu sáng", "category_en": "Lighting",
    "unit": "Phòng Kinh tế", "quote": "Đèn hỏng", "began_on": "2026-11-10", "reopened": False, "due_on": "2026-11-25",
    "outer_on": None, "left": 2, "late": 0, "rule": "REPLY_FIRST", "period": 10,
    "skipped": [["2026-11-14", "weekend"], ["2026-11-24", "holiday"]],
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "2 working days left"),
        ({"left": 0}, "is due today"),
        ({"reminder": "past", "late": 1}, "1 working day overdue"),
        ({"reminder": "past", "late": 0}, "1 working day overdue"),  # past its day on a rest day is late all the same
        ({"reminder": "leader", "late": 3}, "For the leader: PA-26-00012 is 3 working days overdue"),
        ({"reminder": "outer", "rule": "OUTER_PETITION", "period": 45, "outer_on": "2026-12-25"}, "25/12/2026"),
    ],
)
def test_each_stage_says_how_urgent_it_is(changes: dict[str, Any], told: str) -> None:
    reply = render_reminder(PARAMS | changes, "en")
    assert told in reply.text.splitlines()[0]
    assert [choice.id for choice in reply.choices] == ["/xem PA-26-00012", "/traloi PA-26-00012"]
    assert "NĐ 154/2026" in reply.text if changes.get("reminder") == "outer" else "Luật 42/2013" in reply.text


@pytest.mark.parametrize(
    ("skipped", "told"),
    [
        ([], "not counted (Luật 42/2013/QH13 Đ28.1)."),
        ([["2026-11-14", "weekend"]], "; weekends are left out."),
        ([["2026-11-24", "holiday"]], "; days off (24/11) are left out."),
        (PARAMS["skipped"], "; weekends and days off (24/11) are left out."),
    ],
)
def test_the_days_passed_over_are_named(skipped: list[list[str]], told: str) -> None:
    assert render_reminder(PARAMS | {"skipped": skipped}, "en").text.endswith(told)


def test_both_kinds_of_reminders_have_their_words() -> None:
    reminders = {NoticeKind.CASE_DUE_SOON, NoticeKind.CASE_OVERDUE}
    assert {kind for kind, render in RENDERERS.items() if render is render_reminder} == reminders


def test_who_is_back_at_a_desk_reads_what_waits_and_what_is_late() -> None:
    back = RENDERERS[NoticeKind.BACK_AT_DESK]
    assert "1 case is open" in back({"open": 1, "overdue": 0}, "en").text
    late = back({"open": 12, "overdue": 3}, "en")
    assert "12 cases are open" in late.text and "3 of them are overdue" in late.text
    assert [one.id for one in late.choices] == ["/viec"]
