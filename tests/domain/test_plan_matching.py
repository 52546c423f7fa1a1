"""A corrected document is known again, and each of its items finds the one it corrects."""

from dataclasses import replace

import pytest

from domain.plan_matching import DocumentIdentity, ItemKey, pair_items, same_document

PLAN = DocumentIdentity(
    number="05/KH-UBND", issuer="Ủy ban nhân dân phường An Hòa", title="Thực hiện dân chủ ở cơ sở năm 2026", year=2026,
    source_name="ke-hoach.docx",
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"number": "5 / KH-UBND", "title": "Một tên khác hẳn"}, True),
        ({"number": "06/KH-UBND"}, False),
        ({"year": 2027}, False),
        ({"year": None}, True),
        ({"issuer": "UBND xã Bình Minh"}, False),
        ({"number": None}, True),
        ({"number": None, "title": "thực hiện dân chủ ở  cơ sơ năm 2026"}, True),
        ({"number": None, "title": "Cải cách hành chính năm 2026"}, False),
        ({"number": None, "title": None}, True),
        ({"number": None, "title": None, "source_name": "khac.docx"}, False),
        ({"number": None, "title": None, "source_name": ""}, False),
    ],
)
def test_documents_are_told_apart_by_number_then_title_then_file(changes: dict[str, object], same: bool) -> None:
    other = replace(PLAN, **changes)  # type: ignore[arg-type]
    assert same_document(PLAN, other) is same
    assert same_document(other, PLAN) is same


def key(heading: str, title: str) -> ItemKey:
    return ItemKey(heading=heading, title=title)


def test_every_item_of_an_unchanged_document_finds_itself() -> None:
    items = [key("II.1", "Công khai ngân sách"), key("II.2", "Công khai ngân sách"), key("II.3", "Đối thoại")]
    assert pair_items(items, items) == {0: 0, 1: 1, 2: 2}


def test_an_item_put_in_between_moves_the_others_and_is_new_itself() -> None:
    old = [key("II.1", "Công khai ngân sách năm 2026"), key("II.2", "Hội nghị đối thoại với Nhân dân")]
    new = [key("II.1", "Nạo vét mương thoát nước"), *(key(f"II.{at}", item.title) for at, item in enumerate(old, 2))]
    assert pair_items(old, new) == {1: 0, 2: 1}


def test_a_reworded_title_under_its_heading_is_the_same_item() -> None:
    old = [key("II.1", "Tổ chức hội nghị đối thoại với Nhân dân quý III")]
    assert pair_items(old, [key("II.1", "Tổ chức hội nghị đối thoại với Nhân dân trong quý IV năm 2026")]) == {0: 0}


def test_another_task_under_the_same_heading_is_another_item() -> None:
    assert pair_items([key("II.1", "Sửa đèn đường tổ 3")], [key("II.1", "Khám sức khỏe người cao tuổi")]) == {}


def test_an_old_item_is_given_to_one_new_item_only() -> None:
    old = [key("II.1", "Tuyên truyền pháp luật")]
    pairs = pair_items(old, [key("II.1", "Tuyên truyền pháp luật"), key("II.2", "Tuyên truyền pháp luật")])
    assert pairs == {0: 0}
