"""Commands as they are typed, and case codes as people write them."""

import re
import unicodedata
from collections.abc import Collection

from domain.errors import DomainError
from domain.texts import fold

_COMMAND = re.compile(r"/(\w+)(?:@[\w.]+)?(?:\s+|$)(.*)", re.DOTALL)
_CODE = re.compile(r"(?<![a-z0-9])pa[\s.\-_/]*(\d{2})[\s.\-_/]+0*(\d{1,6})(?!\d)|(?<![a-z0-9])pa(\d{2})(\d{5})(?!\d)")


def parse(text: str) -> tuple[str, str] | None:
    """A message that is a command as (name, argument): `/nhận@bot PA-26-00012` → ("nhan", "PA-26-00012")."""
    if not text.lstrip().startswith("/"):
        return None
    found = _COMMAND.fullmatch(unicodedata.normalize("NFC", text).strip())
    return (fold(found[1]), found[2].strip()) if found else None


def command_in(words: str, names: Collection[str]) -> str | None:
    """Words that begin with the name of a command as that command: `trả lời PA-26-12 Đã sửa` → `/traloi PA-26-12 …`.

    `names` are folded. A name may be typed with diacritics and in two words. None if there is none at their head.
    """
    for pieces in (2, 1):
        head = words.split(maxsplit=pieces)
        name = fold("".join(head[:pieces]).removeprefix("/"))
        if len(head) >= pieces and name in names:
            return f"/{name} {head[pieces] if len(head) > pieces else ''}".rstrip()
    return None


def case_codes(text: str) -> list[str]:
    """The case codes in a text, however they are written (`pa 26 12`, `PA-26-00012`), as they are kept."""
    found = []
    for match in _CODE.finditer(fold(text)):
        year, number = (match[1], match[2]) if match[1] else (match[3], match[4])
        found.append(f"PA-{year}-{int(number):05d}")
    return found


def split_code(argument: str) -> tuple[str, str]:
    """The case code at the head of an argument and what follows it. DomainError `code_missing` without a code."""
    words = argument.split()
    # A code may be typed in up to four pieces: "pa 26 12", "PA - 26 - 12".
    for pieces in range(min(5, len(words)), 0, -1):
        head = " ".join(words[:pieces])
        codes = case_codes(head)
        if codes and not case_codes(" ".join(words[: pieces - 1])):
            return codes[0], argument.split(maxsplit=pieces)[pieces] if len(words) > pieces else ""
    raise DomainError("code_missing")
