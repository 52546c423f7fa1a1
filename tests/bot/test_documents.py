"""Files of every kind an office sends, good and bad, read or refused with one code."""

import io
import unicodedata
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from bot.documents import read_document
from bot.documents_text import from_tcvn3, from_vni
from domain.plan_document import TEXT_LETTERS_MAX, PlanUnreadable, read_plan

PLANS = Path(__file__).parent / "plans"
TEXT = "KẾ HOẠCH\nThực hiện dân chủ ở cơ sở của phường và các tổ chức năm 2026\nI. NỘI DUNG\n1. Công khai ngân sách.\n"
# TCVN3 and VNI as a file of that time holds them.
TCVN3 = "KÕ ho¹ch thùc hiÖn d©n chñ ë c¬ së cña ph­êng vµ c¸c tæ chøc"
VNI = "Keá hoaïch thöïc hieän daân chuû ôû cô sôû cuûa phöôøng vaø caùc toå chöùc"
MODERN = "Kế hoạch thực hiện dân chủ ở cơ sở của phường và các tổ chức"


def write(tmp_path: Path, name: str, data: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def refusal(path: Path, **more: int) -> str:
    with pytest.raises(PlanUnreadable) as refused:
        read_document(path, **more)
    return refused.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_of_every_encoding_reads_the_same(tmp_path: Path, encoding: str) -> None:
    assert read_document(write(tmp_path, "plan.txt", TEXT.encode(encoding))) == TEXT


def test_windows_1258_is_composed(tmp_path: Path) -> None:
    data = b"".join(piece.encode("cp1258") for piece in _pieces(MODERN))
    assert read_document(write(tmp_path, "plan.txt", data)) == MODERN


def _pieces(text: str) -> list[str]:
    """Letters with their quality mark composed and the tone apart, as Windows-1258 writes them."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    pieces: list[str] = []
    for letter in text:
        decomposed = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in decomposed if mark in tones)
        rest = unicodedata.normalize("NFC", "".join(mark for mark in decomposed if mark not in tones))
        pieces += [rest, *tone]
    return pieces


def test_the_fonts_of_the_nineties_are_turned_into_letters(tmp_path: Path) -> None:
    assert from_tcvn3(TCVN3) == MODERN
    assert from_vni(VNI) == MODERN
    assert read_document(write(tmp_path, "abc.txt", TCVN3.encode("latin-1"))) == MODERN
    assert read_document(write(tmp_path, "vni.txt", VNI.encode("latin-1"))) == MODERN
    assert read_document(write(tmp_path, "pasted.md", TCVN3.encode("utf-8"))) == MODERN


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("empty.txt", b"", "plan_empty"),
        ("blank.md", b" \n\t ", "plan_empty"),
        ("photo.txt", b"\x89PNG\r\n\x1a\n123", "plan_scanned"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "plan_unknown_format"),
        ("locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "plan_encrypted"),
        ("broken.docx", b"PK\x03\x04 not really", "plan_damaged"),
        ("broken.pdf", b"%PDF-1.7 not really", "plan_damaged"),
        ("renamed.pdf", b"hello", "plan_damaged"),
        ("page.html", b"<html></html>", "plan_unknown_format"),
        ("letter.rtf", b"{\\rtf1 abc}", "plan_unknown_format"),
        ("noise.txt", bytes(range(256)) * 4, "plan_unknown_format"),
    ],
)
def test_a_bad_file_gets_one_code(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    assert refusal(write(tmp_path, name, data)) == code


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.txt") == "plan_missing"


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    assert refusal(write(tmp_path, "big.txt", TEXT.encode() * 10), limit=200) == "plan_too_large"
    assert refusal(write(tmp_path, "long.txt", b"a " * TEXT_LETTERS_MAX)) == "plan_too_large"


def test_pdf_text_keeps_letters_and_line_order() -> None:
    document = read_plan(read_document(PLANS / "with_text.pdf"))
    assert (document.number, document.issued_on, document.signer) == ("21/KH-UBND", "2026-01-08", "Ngô Thị Hồng Vân")
    assert [item.lead_unit for item in document.items] == [
        "Phòng Văn hóa - Xã hội",
        "Văn phòng HĐND và UBND",
        "Văn phòng HĐND và UBND",
    ]
    assert [(one.kind.value, one.due) for one in document.reports] == [
        ("6 months", "2026-06-10"),
        ("year", "2026-12-10"),
    ]


def test_a_table_in_a_pdf_keeps_its_columns() -> None:
    document = read_plan(read_document(PLANS / "table.pdf"))
    assert [(item.heading, item.lead_unit) for item in document.items[:2]] == [
        ("I.1", "Phòng Kinh tế, Hạ tầng và Đô thị"), ("I.2", "Phòng Văn hóa - Xã hội"),
    ]  # fmt: skip


def test_a_locked_pdf_and_a_scanned_one_are_told_apart() -> None:
    assert refusal(PLANS / "encrypted.pdf") == "plan_encrypted"
    assert refusal(PLANS / "scanned.pdf") == "plan_scanned"


def word_file(tmp_path: Path) -> Path:
    document = Document()
    head = document.add_table(rows=2, cols=2)
    head.cell(0, 0).text = "ỦY BAN NHÂN DÂN\nPHƯỜNG AN THẮNG"
    head.cell(0, 1).text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
    head.cell(1, 0).text = "Số: 9/KH-UBND"
    head.cell(1, 1).text = "An Thắng, ngày 5 tháng 2 năm 2026"
    for text in ("KẾ HOẠCH", "Thực hiện dân chủ năm 2026", "I. MỤC ĐÍCH", "Phát huy dân chủ.", "II. NHIỆM VỤ"):
        document.add_paragraph(text)
    table = document.add_table(rows=2, cols=4)
    for row, cells in enumerate(
        (("STT", "Nội dung", "Chủ trì", "Thời gian"), ("1", "Đối thoại", "Văn phòng", "Trước 30/6/2026"))
    ):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    document.add_paragraph("III. TỔ CHỨC THỰC HIỆN")
    for text in ("Văn phòng HĐND và UBND theo dõi, đôn đốc.", "Công an phường giữ trật tự."):
        document.add_paragraph(text, style="List Number")
    foot = document.add_table(rows=1, cols=2)
    foot.cell(0, 0).text = "Nơi nhận:\n- UBND quận;\n- Lưu: VT."
    foot.cell(0, 1).text = "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n\nTrần Văn Bảo"
    path = tmp_path / "plan.docx"
    document.save(str(path))
    return path


def test_word_tables_and_automatic_numbers_are_read_in_order(tmp_path: Path) -> None:
    document = read_plan(read_document(word_file(tmp_path)))
    assert (document.number, document.issuer) == ("9/KH-UBND", "Ủy ban nhân dân phường An Thắng")
    assert (document.signer, document.recipients) == ("Trần Văn Bảo", ("UBND quận",))
    assert [(item.heading, item.lead_unit) for item in document.items] == [
        ("II.1", "Văn phòng"), ("III.1", "Văn phòng HĐND và UBND"), ("III.2", "Công an phường"),
    ]  # fmt: skip


def test_deleted_words_are_left_out_and_inserted_ones_kept(tmp_path: Path) -> None:
    document = Document()
    paragraph = document.add_paragraph("Đối thoại ")
    for tag, inner, text in (("w:del", "w:delText", "cũ"), ("w:ins", "w:t", "mới")):
        change, run, words = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(inner)
        words.text = text
        run.append(words)
        change.append(run)
        paragraph._p.append(change)
    assert paragraph._p.findall(qn("w:del"))
    path = tmp_path / "changed.docx"
    document.save(str(path))
    assert read_document(path).strip() == "Đối thoại mới"


def test_a_word_file_that_would_swell_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b" " * (31 * 1024 * 1024))
    assert refusal(write(tmp_path, "bomb.docx", packed.getvalue())) == "plan_too_large"


def test_entities_of_a_document_type_are_refused(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("word/document.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    assert refusal(write(tmp_path, "entities.docx", packed.getvalue())) == "plan_damaged"


def test_another_zip_is_no_word_file(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("a.txt", "a")
    assert refusal(write(tmp_path, "plan.docx", packed.getvalue())) == "plan_unknown_format"
