"""The one way in: refusals, the five real plans, hostile text, and never a crash."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.plan_import import GOALS, PLANS, Score, compare, names
from domain.plan_document import TEXT_LETTERS_MAX, PlanUnreadable, read_plan, to_json

WORDS = (
    "Kế hoạch",
    "I. ",
    "1. ",
    "- ",
    "UBND phường",
    "trước ngày 30/6",
    "báo cáo 6 tháng về ",
    "\n",
    "Nơi nhận:",
    "| a | b |",
    "Số: /KH-UBND",
    "Điều 1. ",
    "a) ",
    "của",
    "và",
    " (",
    "”",
    "1.1. ",
    "ngày tháng năm 2026",
    "Cơ quan thực hiện: ",
    "Văn phòng, ",
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "plan_empty"),
        (" \n\t 123 ", "plan_empty"),
        ("A plan of the city council about street lights and other matters of the year.", "plan_not_vietnamese"),
        (
            "Ke hoach thuc hien dan chu o co so cua uy ban nhan dan phuong nam nay, to chuc cac ngay",
            "plan_without_diacritics",
        ),
        ("Hôm qua trời mưa, bà ngoại kể chuyện ngày xưa cho các cháu nghe rất vui.", "plan_not_a_plan"),
        ("ủy ban " * TEXT_LETTERS_MAX, "plan_too_large"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, code: str) -> None:
    with pytest.raises(PlanUnreadable) as refusal:
        read_plan(text)
    assert refusal.value.code == code


@pytest.fixture(scope="module")
def scores() -> dict[str, Score]:
    if not PLANS.is_dir():
        pytest.skip("the five real plans are not beside this repository")
    found = {name: Score() for name in names()}
    for path in sorted((PLANS / "expected").glob("*.json")):
        text = (PLANS / f"{path.stem}.txt").read_text(encoding="utf-8")
        compare(json.loads(path.read_text(encoding="utf-8")), to_json(read_plan(text)), found, [])
    return found


@pytest.mark.parametrize("name", sorted(GOALS))
def test_the_five_real_plans_reach_the_goals(scores: dict[str, Score], name: str) -> None:
    assert scores[name].f1 >= GOALS[name]


def test_a_duty_without_a_printed_lead_has_no_lead() -> None:
    text = (
        "KẾ HOẠCH\nThực hiện dân chủ năm 2026\nI. NỘI DUNG\n1. Tổ chức đối thoại.\n- Cơ "
        "quan thực hiện: Văn phòng.\n- Cơ quan thực hiện: Các tổ dân phố.\n"
    )
    document = read_plan(text)
    assert document.items[0].lead_unit is None
    assert document.items[0].implementing_units == ("Văn phòng", "Các tổ dân phố")
    assert {"lead_missing", "field_repeated"} <= {remark.code for remark in document.unsure}


def test_json_marks_an_exclusive_day_and_only_that() -> None:
    text = (
        "KẾ HOẠCH\nThực hiện dân chủ năm 2026\nI. NỘI DUNG\n1. Đối thoại trước ngày 30/6/2026 "
        "và công khai chậm nhất ngày 15/7/2026.\n"
    )
    first, second = to_json(read_plan(text))["items"][0]["deadlines"]
    assert (first["exclusive"], "exclusive" in second) == (True, False)


@given(st.one_of(st.text(max_size=400), st.lists(st.sampled_from(WORDS), max_size=60).map("".join)))
@settings(deadline=None, max_examples=150)
def test_any_text_gives_a_document_or_a_refusal(text: str) -> None:
    try:
        document = read_plan("Kế hoạch thực hiện dân chủ của phường và các đơn vị\n" + text)
    except PlanUnreadable:
        return
    json.dumps(to_json(document))


@pytest.mark.parametrize(
    "piece",
    [
        "Các cơ quan, đơn vị và UBND phường phối hợp với ",
        "1. báo cáo 6 tháng về UBND phường trước ngày 20/6, ",
        "- của phường\n",
        "(“",
        "từ ngày 1 đến của ",
        "| của | phường | các |\n",
        "Số: \n",
        "của phường và " + " " * 500,
    ],
)
def test_hostile_text_ends(piece: str) -> None:
    text = "KẾ HOẠCH\ncủa phường và các\n1. " + piece * (TEXT_LETTERS_MAX // len(piece) - 1)
    try:
        document = read_plan(text[:TEXT_LETTERS_MAX])
    except PlanUnreadable as refusal:
        assert refusal.code == "plan_too_large"
    else:
        assert document.title is not None
