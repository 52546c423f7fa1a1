"""Who is told to do something in running text: doers, those ordered, those to work with."""

import re

from domain.plan_document.letters import collapse, compose, plain
from domain.plan_document.sentences import sentences
from domain.plan_document.unit_words import is_verb
from domain.plan_document.units import (
    begins_unit,
    find_unit,
    is_generic,
    is_unnamed,
    split_units,
    unit_end,
    without_order,
)

_ORDER = re.compile(r"(?:^|[.;:]\s+)(?:giao cho|giao|phan cong)\s+(?:nhiem vu cho\s+)?")
_BRACKETED = re.compile(r"\(")
_LEADS = re.compile(r"\s+(?:chu tri|phu trach|chiu trach nhiem (?:thuc hien|chinh|chu tri))\b")
_COOPERATE = re.compile(
    r"\b(?:phoi (?:ket )?hop(?: chat che| thuong xuyen)?(?:\s+(?:cung|voi|cung voi))*|"
    r"tao dieu kien (?:de|cho))\s+"
)
_FILLER = re.compile(
    r"(?:^|[,;:.]\s*|\b(?:chu dong|tich cuc|chu tri|trach nhiem|thuong xuyen|tiep tuc|"
    r"va|de nghi|dong thoi))\s*,?\s*$"
)
_ADVISE = re.compile(r"^(?:tham muu|giup|tham muu giup|tham muu cho|de nghi|giao)\s+")
_RESPONSIBLE = re.compile(r"\b(?:chiu|co) trach nhiem\b")
_FILLER_LETTERS = 60
_SUBJECT_LETTERS = 400  # a subject stands near the beginning of its sentence
_PARAGRAPH_LETTERS = 20_000  # what is longer is no paragraph of a plan
_CONNECTIVE = re.compile(r"(?:cua|ve|voi|trong|cho|hoac|neu|tren|tu|den|nhu|va|la|noi|bang|do|vi|ma|so|nam|dau|cuoi)\b")
_PLURAL = re.compile(r"^(?:cac|moi|nhung|thu truong cac)\b")


def doer_at_start(text: str) -> str | None:
    """The unit (or list of units) a sentence begins with, when a verb or a colon follows."""
    name = without_order(text) if plain(text[:12]).startswith(("de nghi", "yeu cau")) else text
    if not begins_unit(name, 0):
        return None
    end = unit_end(name, 0)
    rest = plain(name[end : end + 60]).lstrip(" ,")
    if not (is_verb(rest) or rest.startswith(":") or _goes_on_doing(name[:end], name[end : end + 60])):
        return None
    found = collapse(name[:end]).strip(" ,;.-–")
    return found if found and (found.startswith("Các ") or not is_generic(found)) else None


def _goes_on_doing(name: str, rest: str) -> bool:
    """After a whole name, a small word that no name is made of is what the unit does."""
    if len(name.split()) < 2 or not rest[:1].isspace() or not rest.lstrip()[:1].islower():
        return False
    return _CONNECTIVE.match(plain(rest.lstrip())) is None


def responsible_inside(sentence: str) -> str | None:
    """ "Trên cơ sở …, Các ban ngành của phường chịu trách nhiệm": the capitalised unit before "chịu trách nhiệm"."""
    folded = plain(sentence[:_SUBJECT_LETTERS])
    verb = _RESPONSIBLE.search(folded)
    if verb is None:
        return None
    for match in re.finditer(r",\s+", folded[: verb.start()]):
        start = match.end()
        if sentence[start].isupper() and begins_unit(sentence, start) and unit_end(sentence, start) >= verb.start() - 1:
            return collapse(sentence[start : verb.start()]).strip(" ,")
    return None


def ordered(text: str) -> list[str]:
    """Units after "Giao …", "Phân công …"."""
    found = []
    folded = plain(text[:_PARAGRAPH_LETTERS])
    for match in _BRACKETED.finditer(folded):
        if (name := find_unit(text, match.end())) and _LEADS.match(folded, match.end() + len(name)):
            found.append(name)
    for match in _ORDER.finditer(folded):
        if name := find_unit(text, match.end(), named=True):
            found.append(name)
    return found


def chairing(text: str) -> list[str]:
    """Units a sentence begins with and says to be in the lead: "Phòng Văn hóa - Xã hội chủ trì."."""
    found = []
    for _, sentence in sentences(text[:_PARAGRAPH_LETTERS]):
        words = sentence.lstrip()
        name = doer_at_start(words[:_SUBJECT_LETTERS])
        if name and _LEADS.match(plain(words), len(name)):
            found.append(name)
    return found


def cooperating(text: str) -> list[str]:
    """Named units to work with: "phối hợp với …", "tạo điều kiện để …"; "các đơn vị liên quan" names nobody."""
    found: list[str] = []
    for _, sentence in sentences(text[:_PARAGRAPH_LETTERS]):
        folded = plain(sentence)
        for match in _COOPERATE.finditer(folded):
            if not _same_actor(sentence, folded, match):
                continue
            if name := find_unit(sentence, match.end(), named=True):
                found += [one for one in split_units(name) if not is_unnamed(one)]
    return found


def _same_actor(sentence: str, folded: str, match: re.Match[str]) -> bool:
    """Whether it is the item's own unit that works with others, not somebody else named in between."""
    if _FILLER.search(folded[max(0, match.start() - _FILLER_LETTERS) : match.start()]):
        return True
    if match.start() > _SUBJECT_LETTERS:
        return False
    before = folded[: match.start()]
    stripped = before.lstrip(" -+")
    if not stripped:
        return True
    start = len(before) - len(stripped)
    if advise := _ADVISE.match(stripped):
        start += advise.end()
    return begins_unit(sentence, start) and not folded[unit_end(sentence, start) : match.start()].strip(" ,")


def is_plural(name: str) -> bool:
    """ "Các ban ngành", "Thủ trưởng các cơ quan": several, so no single lead."""
    return _PLURAL.match(plain(name)) is not None


def unit_key(name: str) -> str:
    """Folded name for telling doubles."""
    return collapse(re.sub(r"[^\w ]", " ", plain(compose(name)).replace("&", " va ")))
