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
# What follows a title without being a name: kin, the house next door, counted things ("ba ngày"), plain speech.
_NO_NAMES = spelled(
    """
    ay ta nay kia do no hang xom nha ben canh ke chu bau cu noi ngoai con em anh chi co chong vo gia me ma
    xa hai dan to ngay thang nam gio lan cai nguoi ho tang tram muoi chuc trieu ngan nghin xe buoi phut
    phuong khu pho ban oi a va voi thi la ma de duoc khong da se dang cung ca cac nhung may moi nguoi toi
    tui minh dau de nao gi nam tuan m met can cay con cho chiec dua doi hom khach giao nghi trong ngoai tren
    duoi cong cuoi sui rieng yeu gai trai em tho xui xin quen cap tre bi can tram bo bon
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
    return any(title in _BARE_TITLES and name.isalpha() and name not in _NO_NAMES for title, name in pairwise(words))
