"""The form's small pieces: lines, markers, paragraphs, head, tables, fields, foot, sentences, references."""

import pytest

from domain.plan_document.blocks import read_blocks
from domain.plan_document.dateline import find_dateline, find_number
from domain.plan_document.fields import Field, read_fields
from domain.plan_document.header import read_header
from domain.plan_document.issuer import find_issuer
from domain.plan_document.letters import compose, plain
from domain.plan_document.lines import clean_lines
from domain.plan_document.markers import Level, parse_marker
from domain.plan_document.outline import Section, build_outline, section_of
from domain.plan_document.references import find_references
from domain.plan_document.sentences import first_sentence
from domain.plan_document.signature import read_signature, split_foot
from domain.plan_document.tables import column_roles, read_rows
from domain.plan_document.values import DocumentKind


def test_folding_keeps_every_letter_in_its_place() -> None:
    text = compose("ÐƯỜNG ĐỘC LẬP, hoá – uỷ İ ß")
    assert len(plain(text)) == len(text)
    assert plain("QUYẾT ĐỊNH") == "quyet dinh"


def test_markdown_page_numbers_and_stamps_are_taken_away() -> None:
    text = (
        "## **2.1 Công tác**\n\n* gạch đầu dòng\n- 2 -\nTrang 3/7\n12\n***Nơi nhận:***\nNgười "
        "ký: UBND Email: a@b.gov.vn\n---\n1\\. Việc"
    )
    assert [line for line in clean_lines(text) if line] == ["2.1 Công tác", "- gạch đầu dòng", "Nơi nhận:", "1. Việc"]


@pytest.mark.parametrize(
    ("line", "level", "label", "rest"),
    [
        ("II. NỘI DUNG", Level.ROMAN, "II", "NỘI DUNG"),
        ("ll. NỘI DUNG", Level.ROMAN, "II", "NỘI DUNG"),
        ("Phần thứ nhất: Đặc điểm", Level.PART, "Phần thứ nhất", "Đặc điểm"),
        ("Điều 12. Trách nhiệm", Level.ARTICLE, "Điều 12", "Trách nhiệm"),
        ("3/ Công an phường", Level.ARABIC, "3", "Công an phường"),
        ("1. 100% thủ tục", Level.ARABIC, "1", "100% thủ tục"),
        ("2.1 Công tác", Level.ARABIC_2, "2.1", "Công tác"),
        ("a, Thực hiện", Level.LETTER, "a", "Thực hiện"),
        ("đ) Kinh phí", Level.LETTER, "đ", "Kinh phí"),
        ("-Theo dõi", Level.DASH, "-", "Theo dõi"),
        ("+ Theo dõi", Level.PLUS, "+", "Theo dõi"),
    ],
)
def test_a_marker_is_known(line: str, level: Level, label: str, rest: str) -> None:
    marker = parse_marker(line)
    assert marker is not None
    assert (marker.level, marker.label, marker.rest) == (level, label, rest)


@pytest.mark.parametrize(
    "line",
    [
        "22/9/2021 của UBND",
        "1.250.000 đồng",
        "V/v thực hiện",
        "v.v. và các việc khác",
        "Phân công nhiệm vụ",
        "2026 phù hợp với",
    ],
)
def test_a_date_a_sum_or_a_word_is_no_marker(line: str) -> None:
    assert parse_marker(line) is None


def test_broken_lines_are_joined_and_cited_chapters_are_no_headings() -> None:
    lines = [
        "1. Thực hiện tốt các nội dung công khai để Nhân dân biết được quy định tại",
        "Chương II Luật Thực hiện dân chủ ở cơ sở; báo cáo trước ngày",
        "15. Việc này do văn phòng làm đầu mối cùng với các đơn vị khác của phường ta",
        "2. Đối thoại.",
    ]
    blocks, _ = read_blocks(lines * 4)
    assert [block.text[:20] for block in blocks[:2]] == ["Thực hiện tốt các nộ", "Đối thoại."]
    assert "15. Việc này" in blocks[0].text


def test_footnotes_are_kept_apart() -> None:
    blocks, footnotes = read_blocks(
        ["5. Nâng cao đạo đức.", "¹ Quyết định số 23-QĐ/TW", "[^2]: Nghị quyết số 25", "6. Triển khai."]
    )
    assert ([block.text for block in blocks], len(footnotes)) == (["Nâng cao đạo đức.", "Triển khai."], 2)


@pytest.mark.parametrize(
    ("line", "number", "symbol"),
    [
        ("Số: 389/KH-UBND", "389/KH-UBND", "/KH-UBND"),
        ("Số: 35/TTr- UBND", "35/TTr-UBND", "/TTr-UBND"),
        ("Số: /KH-UBND", None, "/KH-UBND"),
        ("Sô: …… /KH - UBND", None, "/KH-UBND"),
        ("Số: 03/2026/QĐ-UBND", "03/2026/QĐ-UBND", "/QĐ-UBND"),
        ("Số: 26-KH/BCĐ", "26-KH/BCĐ", "-KH/BCĐ"),
    ],
)
def test_the_number_is_read_without_blanks_or_left_out(line: str, number: str | None, symbol: str) -> None:
    found = find_number(line)
    assert found is not None
    assert (found.number, found.symbol) == (number, symbol)


@pytest.mark.parametrize(
    ("line", "place", "issued_on"),
    [
        ("Hương Trà, ngày 05 tháng 02 năm 2024", "Hương Trà", "2024-02-05"),
        ("Chánh Lộ, ngày      tháng 3 năm 2023", "Chánh Lộ", "2023-03"),
        ("Tây Ninh, ngày tháng năm 2024", "Tây Ninh", "2024"),
        ("An Hòa, ngày … tháng … năm …", "An Hòa", None),
        ("An Hòa, ngày 31 tháng 02 năm 2026", "An Hòa", "2026-02"),
    ],
)
def test_the_dateline_gives_as_much_as_is_printed(line: str, place: str, issued_on: str | None) -> None:
    found = find_dateline(line)
    assert found is not None
    assert (found.place, found.issued_on) == (place, issued_on)


def test_the_head_is_read_in_whatever_order_its_columns_fell() -> None:
    parts = [
        "ỦY BAN NHÂN DÂN",
        "PHƯỜNG AN THẮNG",
        "Số: 5/KH-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "An Thắng, ngày 2 tháng 3 năm 2026",
    ]
    for order in (parts, [parts[3], parts[4], *parts[:3]], [parts[3], *parts[:2], parts[2], parts[4]]):
        header = read_header([*order, "KẾ HOẠCH", "Thực hiện dân chủ", "năm 2026", "Căn cứ Luật"])
        assert (header.kind, header.title) == (DocumentKind.PLAN, "Thực hiện dân chủ năm 2026")
        assert header.number is not None and header.number.number == "5/KH-UBND"
        assert header.dateline is not None and header.dateline.issued_on == "2026-03-02"
        assert header.issuer_lines == ("ỦY BAN NHÂN DÂN", "PHƯỜNG AN THẮNG")


def test_the_issuer_is_written_in_full_and_never_made_up() -> None:
    assert find_issuer(("ỦY BAN NHÂN DÂN", "PHƯỜNG AN THẮNG"), None, "").name == "Ủy ban nhân dân phường An Thắng"
    assert find_issuer(("UBND TỈNH TÂY HÀ", "SỞ NỘI VỤ"), None, "").name == "Sở Nội vụ"
    assert find_issuer(("PHÒNG VĂN HÓA VÀ THÔNG TIN",), None, "").name == "Phòng Văn hóa và Thông tin"
    assert find_issuer(("SỞ NỘI VỤ",), None, "… Sở Nội vụ xây dựng kế hoạch").name == "Sở Nội vụ"
    assert (
        find_issuer((), None, "năm 2026, UBND phường An Thắng ban hành kế hoạch").name
        == "Ủy ban nhân dân phường An Thắng"
    )
    from_place = find_issuer((), "An Thắng", "UBND phường xây dựng kế hoạch")
    assert (from_place.name, from_place.remarks[0].code) == ("Ủy ban nhân dân phường An Thắng", "issuer_from_place")
    assert find_issuer((), "An Thắng", "Kế hoạch như sau").name is None


def test_purposes_facts_and_organisation_are_told_apart() -> None:
    blocks, _ = read_blocks(
        [
            "I. MỤC ĐÍCH, YÊU CẦU",
            "1. Mục đích",
            "II. NỘI DUNG",
            "1. Thời gian: 8 giờ",
            "2. Đối thoại",
            "III. TỔ CHỨC THỰC HIỆN",
            "1. Văn phòng",
        ]
    )
    sections = {node.path: section_of(node) for node in build_outline(blocks).walk() if node.path}
    assert sections["I.1"] is Section.PURPOSE
    assert sections["II.1"] is Section.FACT
    assert sections["II.2"] is Section.CONTENT
    assert sections["III.1"] is Section.ORGANISATION


def test_a_list_restarting_inside_an_item_does_not_start_the_items_again() -> None:
    blocks, _ = read_blocks(
        ["II. NỘI DUNG", "3. Bầu tổ trưởng", "a) Các bước", "1. Lập danh sách.", "2. Họp dân.", "4. Đối thoại"]
    )
    assert [node.path for node in build_outline(blocks).walk() if node.path] == ["II", "II.3", "II.3.a", "II.4"]


def test_table_columns_are_known_by_their_headings() -> None:
    assert column_roles(["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Phối hợp", "Thời hạn", "Ghi chú"]) == [
        "number",
        "content",
        "lead",
        "implementing",
        "period",
        "note",
    ]


def test_a_table_of_money_is_no_table_of_tasks() -> None:
    assert read_rows(["| STT | Nội dung | Số tiền |", "|---|---|---|", "| 1 | Thuê âm thanh | 2.000.000 |"]) == []


def test_a_row_broken_by_a_page_is_one_row() -> None:
    rows = read_rows(["| STT | Nội dung | Chủ trì |", "| 1 | Công khai | Văn |", "| | ngân sách | phòng |"])
    assert [(row.content, row.lead) for row in rows] == [("Công khai ngân sách", "Văn phòng")]


def test_fields_are_read_from_lines_and_from_brackets() -> None:
    assert read_fields("- Cơ quan tham mưu: Bộ phận Tư pháp.") == [Field(name="lead", value="Bộ phận Tư pháp")]
    found = read_fields("Đối thoại (Chủ trì: Văn phòng; phối hợp: Công an; thời gian: Quý II)")
    assert [(one.name, one.value) for one in found] == [
        ("lead", "Văn phòng"),
        ("implementing", "Công an"),
        ("period", "Quý II"),
    ]


def test_the_foot_gives_signer_capacity_and_receivers_from_two_columns() -> None:
    lines = [
        "Nội dung.",
        "Nơi nhận:                TM. ỦY BAN NHÂN DÂN",
        "- UBND quận;              KT. CHỦ TỊCH",
        "- Lưu: VT.                PHÓ CHỦ TỊCH",
        "",
        "                         Lê Thị Hạnh",
    ]
    body, foot, more = split_foot(lines)
    found = read_signature(foot)
    assert (body, more) == (["Nội dung."], [])
    assert (found.signer, found.recipients) == ("Lê Thị Hạnh", ("UBND quận",))
    assert found.title == "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Tổ chức đối thoại. Công khai kết quả.", "Tổ chức đối thoại"),
        ("Thực hiện quy chế (theo Quyết định số 217; 218); góp ý", "Thực hiện quy chế (theo Quyết định số 217; 218)"),
        ("Kiểm tra, giám sát: Xây dựng chương trình", "Kiểm tra, giám sát"),
        ("Chi 1.250.000 đồng lúc 7:30 tại TP. Đà Nẵng. Xong", "Chi 1.250.000 đồng lúc 7:30 tại TP. Đà Nẵng"),
    ],
)
def test_a_title_is_the_first_sentence(text: str, title: str) -> None:
    assert first_sentence(text) == title


def test_cited_documents_are_listed_once_with_their_day_and_issuer() -> None:
    text = (
        "Chỉ thị số 33/CT-TTg; Chỉ thị 33/CT-TTg ngày 26/11/2021 của Thủ tướng Chính phủ "
        "về dân vận; Nghị định số 59/2023/NĐ-CP"
    )
    assert [(one.number, one.issued_on, one.issuer) for one in find_references(text)] == [
        ("33/CT-TTg", "2021-11-26", "Thủ tướng Chính phủ"),
        ("59/2023/NĐ-CP", None, None),
    ]
