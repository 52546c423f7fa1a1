"""Printed unit names against a ward's units, new names and old."""

import unicodedata

import pytest

from domain.plan_document import match_units
from domain.ward import Unit

UNITS = (
    Unit(
        code="VP",
        name="Văn phòng HĐND và UBND",
        aliases=("Văn phòng",),
        former_names=("Văn phòng - Thống kê", "Tư pháp - Hộ tịch", "Tư pháp"),
        reception=True,
    ),
    Unit(
        code="KTHTDT",
        name="Phòng Kinh tế, Hạ tầng và Đô thị",
        former_names=("Địa chính - Xây dựng", "Tài chính - Kế toán"),
    ),
    Unit(code="VHXH", name="Phòng Văn hóa - Xã hội", former_names=("Văn hóa - Thông tin",)),
    Unit(code="CA", name="Công an phường"),
    Unit(code="QS", name="Ban Chỉ huy Quân sự"),
    Unit(code="MTTQ", name="Ủy ban MTTQ"),
)


@pytest.mark.parametrize(
    ("printed", "codes"),
    [
        ("Văn phòng, Tư pháp phường", ("VP",)),
        ("Bộ phận Tư pháp phường", ("VP",)),
        ("VĂN PHÒNG HĐND&UBND PHƯỜNG AN HÒA ĐÔNG", ("VP",)),
        ("Công chức Văn hoá - Xã hội phường", ("VHXH",)),
        ("Văn hóa - Thông tin phường", ("VHXH",)),
        ("Bộ phận Tài chính – Kế toán phường", ("KTHTDT",)),
        ("Phòng Kinh tế, Hạ tầng và Đô thị phường; Công an phường", ("KTHTDT", "CA")),
        ("Ban CHQS phường", ("QS",)),
        ("Uỷ ban Mặt trận Tổ quốc Việt Nam phường", ("MTTQ",)),
        (unicodedata.normalize("NFD", "Công an phường"), ("CA",)),
        ("Ðịa chính - Xây dựng", ("KTHTDT",)),
    ],
)
def test_old_and_new_spellings_find_their_unit(printed: str, codes: tuple[str, ...]) -> None:
    found = match_units([printed], UNITS)
    assert (found.codes(printed), found.unmatched) == (codes, ())


@pytest.mark.parametrize(
    "printed",
    [
        "Các ban ngành của phường",
        "UBND phường",
        "Công an tỉnh",
        "Phòng Văn hóa và Thông tin thành phố",
        "Văn phòng Sở",
        "Phòng Kinh tế",
        "Văn phòng, Hội Nông dân",
    ],
)
def test_what_does_not_match_is_left_to_a_person(printed: str) -> None:
    found = match_units([printed], UNITS)
    assert (found.matched, found.unmatched) == ((), (printed,))


def test_a_name_two_units_share_stands_for_neither() -> None:
    units = (Unit(code="A", name="Phòng A", aliases=("Văn thư",)), Unit(code="B", name="Phòng B", aliases=("Văn thư",)))
    assert match_units(["Văn thư"], units).unmatched == ("Văn thư",)


def test_each_name_is_answered_once() -> None:
    assert len(match_units(["Công an phường", "Công an phường"], UNITS).matched) == 1
