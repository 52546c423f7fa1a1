"""What stands on a card and in a notice about a case, and what never does."""

from datetime import UTC, datetime

import pytest

from domain.case import MOVES, Act, Status
from domain.notices import NoticeKind
from handlers.texts.cards import (
    CARD_TEXT_MAX_CHARS,
    HISTORY_LINES_MAX,
    case_card,
    desk_choices,
    history_lines,
    moved_card,
)
from handlers.texts.case_notices import RENDERERS, answered, handled
from storage.case_events import CaseEvent

CODE = "PA-26-00012"
CARD = {
    "code": CODE, "kind": "report", "status": "received", "category_vi": "Chiếu sáng", "category_en": "Lighting",
    "unit": "Phòng KT", "text": "Đèn hỏng.\nTối lắm.", "place": "12 Lê Lợi", "latitude": 10.5, "longitude": 106.25,
    "due_on": "2026-12-08", "received_at": "2026-11-24T02:00:00+00:00", "reopened": False, "reason": "",
    "files": [["photo", 0], ["voice", 32], ["photo", 0]],
}  # fmt: skip
TOLD = {
    "code": CODE, "unit": "Phòng KT", "due_on": "2026-12-08", "text": "chữ {lạ} %s", "reason": "lý do", "place": "",
    "files": [["photo", 0]], "stars": 4, "who": "Lan", "act": "answer",
} | {key: CARD[key] for key in ("kind", "status", "category_vi", "category_en", "latitude", "longitude")}  # fmt: skip


def done(act: Act, *, text: str = "", public: bool = True, name: str = "", **details: object) -> CaseEvent:
    at = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    return CaseEvent(
        id=1, at=at, act=act, actor_id=1, actor_name=name, public=public, version=1, text=text, details=details
    )


def test_a_card_reads_top_down_on_a_phone() -> None:
    assert case_card(CARD, "vi").text.splitlines()[:5] == [
        f"🆕 {CODE} · hồ sơ mới",
        "🏢 Phòng KT",
        "📂 Chiếu sáng · phản ánh",
        "📍 Địa điểm: 12 Lê Lợi https://www.openstreetmap.org/?mlat=10.50000&mlon=106.25000#map=18/10.50000/106.25000",
        "📷 2 ảnh · 🎤 1 bản ghi âm (0:32)",
    ]
    assert "Đèn hỏng.\nTối lắm." in case_card(CARD, "vi").text


@pytest.mark.parametrize(
    ("more", "head"),
    [({"reason": "của KT"}, f"📥 {CODE} · chuyển đến"), ({"reopened": True}, f"🔁 {CODE} · người dân mở lại")],
)
def test_a_card_says_why_it_comes_again(more: dict[str, object], head: str) -> None:
    assert case_card(CARD | more, "vi").text.startswith(head)


def test_a_card_shows_how_its_case_stands() -> None:
    taken = case_card(CARD | {"status": "accepted", "handled_by": "Lan", "overdue": True}, "vi")
    assert taken.text.splitlines()[:2] == [f"📌 {CODE} · đang xử lý", "👤 Người xử lý: Lan"]
    assert "🔴 Đã quá hạn trả lời: thứ Ba, 08/12/2026" in taken.text and "⏰" not in taken.text
    closed = case_card(CARD | {"status": "closed"}, "vi")
    assert closed.text.startswith(f"📁 {CODE} · đã kết thúc") and "💬" not in closed.text


def test_what_is_left_of_a_card_passed_on_shows_nothing_of_the_case() -> None:
    left = moved_card(CARD | {"who": "Lan"}, "vi")
    assert left.text == f"↪️ {CODE} · Lan đã chuyển đến Phòng KT" and not left.choices


def test_an_enormous_text_is_cut_on_the_card() -> None:
    card = case_card(CARD | {"text": "chữ " * 1000}, "vi")
    assert CARD_TEXT_MAX_CHARS < len(card.text) < CARD_TEXT_MAX_CHARS + 500


@pytest.mark.parametrize("status", list(Status))
def test_the_buttons_are_the_acts_that_are_legal_now(status: Status) -> None:
    commands = {choice.id.split()[0] for choice in desk_choices(CODE, status, "vi", seen=True)}
    acts = {
        "/nhan": Act.ACCEPT, "/traloi": Act.ANSWER, "/hoithem": Act.ASK, "/chuyen": Act.TRANSFER, "/dong": Act.CLOSE,
        "/ghichu": Act.NOTE,
    }  # fmt: skip
    assert commands == {command for command, act in acts.items() if (status, act) in MOVES}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kind", list(RENDERERS), ids=lambda kind: kind.value)
def test_every_notice_has_words_that_name_the_case(kind: NoticeKind, language: str) -> None:
    reply = RENDERERS[kind](TOLD, language)
    assert CODE in reply.text
    assert "{" not in reply.text.replace("{lạ}", "")


def test_what_people_type_is_shown_as_they_typed_it() -> None:
    assert "chữ {lạ} %s" in answered(TOLD, "vi").text


@pytest.mark.parametrize("act", [Act.ACCEPT, Act.ASK, Act.ANSWER, Act.CLOSE, Act.NOTE])
def test_a_colleagues_act_is_one_line(act: Act) -> None:
    assert "\n" not in handled({"code": CODE, "who": "Lan", "act": act.value}, "vi").text


def test_a_resident_reads_the_answer_whole_but_no_names_no_units_codes_and_no_notes() -> None:
    long = "Câu trả lời dài. " * 60
    history = [
        done(Act.SUBMIT),
        done(Act.NOTE, text="bí mật", public=False, name="Lan"),
        done(Act.TRANSFER, text="của VX", name="Lan", **{"from": "KT", "to": "VX"}),
        done(Act.ANSWER, text=long, name="Lan"),
        done(Act.RATE, stars=4),
    ]
    shown = "\n".join(history_lines(history, "vi", "Asia/Ho_Chi_Minh"))
    assert long.strip() in shown
    assert "⭐⭐⭐⭐" in shown
    for hidden in ("bí mật", "Lan", "KT → VX"):
        assert hidden not in shown
    desk = "\n".join(history_lines(history, "vi", "Asia/Ho_Chi_Minh", desk=True))
    for seen in ("🔒", "bí mật", "– Lan", "(KT → VX)"):
        assert seen in desk


def test_a_long_history_shows_its_end() -> None:
    history = [done(Act.ADD, text=f"lần {number}") for number in range(HISTORY_LINES_MAX + 5)]
    lines = history_lines(history, "vi", "Asia/Ho_Chi_Minh")
    assert lines[0] == "…"
    assert len(lines) == HISTORY_LINES_MAX + 1
    assert "lần 19" in lines[-1]
