"""Whether a message points at one person: a title and a name, as Vietnamese people write them."""

import re
import unicodedata
from itertools import pairwise

from domain.routing_words import read, spelled

_TITLES = "ông|bà|anh|chị|cô|chú|bác|thầy|dì|cậu|mụ|thằng|lão|đồng chí"
_NAMED = re.compile(rf"\b(?:{_TITLES})\s+(?P<name>[^\W\d_]+)", re.IGNORECASE)
_BARE_TITLES = spelled(
    """
    ong ba anh chi chu thay bac thang lao mu
    """
)
_ROLE_THEN_NAME = re.compile(r"\b(?:tên|tên là)\s+[^\W\d_]+", re.IGNORECASE)
# What follows a title without being a name: kin, the house next door, plain speech.
_NO_NAMES = spelled(
    """
    ay ta nay kia do no hang xom nha ben canh ke chu bau cu noi ngoai con em anh chi co chong vo gia me ma xa dan
    to phuong khu pho ban oi a va voi thi la de duoc khong da se dang cung ca cac nhung may moi toi tui minh dau nao
    gi khach giao nghi trong tren duoi cong cuoi sui rieng yeu gai trai tho xui xin quen cap tre bi tram bo bon
    """
)
# "ba ngày", "ba lần": the number three, not a lady of that name.
_COUNTED = spelled(
    """
    ngay thang nam gio lan cai nguoi ho tang muoi chuc trieu ngan nghin xe buoi phut tuan m met can cay chiec dua
    doi hom hai cho dong
    """
)


def names_person(text: str) -> bool:
    """Whether somebody is called by name: "ông Ba Lùn", "tên Hùng", "anh tuan"; not "ông hàng xóm"."""
    normal = unicodedata.normalize("NFC", text)
    if _ROLE_THEN_NAME.search(normal):
        return True
    if normal != normal.lower() and normal != normal.upper() and read(text).accented:
        return any(found["name"][0].isupper() for found in _NAMED.finditer(normal))
    words = [word.bare for word in read(text).words]
    return any(_is_call(title, name) for title, name in pairwise(words))


def _is_call(title: str, name: str) -> bool:
    if title not in _BARE_TITLES or not name.isalpha() or name in _NO_NAMES:
        return False
    return title != "ba" or name not in _COUNTED
