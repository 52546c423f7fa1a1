"""A plan's printed unit names matched to the ward's units; what does not match is left for a person to decide."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.plan_document.letters import collapse, compose, plain
from domain.plan_document.units import split_units
from domain.ward import Unit

_ABBREVIATIONS = (
    (re.compile(r"\b(?:ubmttqvn|ubmttq|ubmt|uy ban mttqvn|uy ban mttq|uy ban mat tran to quoc viet "
r"nam|uy ban mat tran to quoc|uy ban mat tran|"
                r"mat tran to quoc viet nam|mat tran to quoc|mttqvn|mttq)\b(?: viet nam)?"), "mat tran"),
    (re.compile(r"\b(?:uy ban nhan dan)\b"), "ubnd"),
    (re.compile(r"\b(?:hoi dong nhan dan)\b"), "hdnd"),
    (re.compile(r"\b(?:ban chqs|bch quan su|bo phan quan su|ban chi huy quan su|chi huy truong quan "
r"su)\b"), "quan su"),
    (re.compile(r"\b(?:pvhcc|hcc)\b"), "phuc vu hanh chinh cong"),
    (re.compile(r"\btt\b(?= (?:phuc vu|hanh chinh|y te|van hoa))"), "trung tam"),
    (re.compile(r"\bvhxh\b|\bvh xh\b|\bvan hoa va xa hoi\b"), "van hoa xa hoi"),
    (re.compile(r"\bvp\b"), "van phong"),
    (re.compile(r"\btckt\b|\btai chinh va ke toan\b"), "tai chinh ke toan"),
)  # fmt: skip
_PREFIX = re.compile(
    r"^(?:giao|de nghi|cac)?\s*(?:(?:bo phan|cong chuc|can bo|phong|ban|co quan|khoi|"
    r"to chuyen mon|chuyen mon)\s+)+(?=\S)"
)
_AREA = re.compile(r"\s+(?:(?:cua|thuoc)\s+)?(?:phuong|xa|thi tran|dac khu)(?:\s+(?P<name>[a-z ]{2,40}))?$")
_HIGHER = re.compile(r"\b(?:tinh|thanh pho|thi xa|quan(?! su)|huyen|trung uong|so)\b")
_PIECE = re.compile(r"\s*[,;/]\s*|\s+va\s+|\s+&\s+|\s+cung\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedName:
    """One printed name and the codes it stands for (several for an elliptic list), each once, in order."""

    printed: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitMatch:
    """What matched, and what a person has to decide; a name in `unmatched` was not guessed at."""

    matched: tuple[MatchedName, ...]
    unmatched: tuple[str, ...]

    def codes(self, printed: str) -> tuple[str, ...]:
        """The codes of one printed name, empty when it did not match."""
        return next((one.codes for one in self.matched if one.printed == printed), ())


def match_units(names: Iterable[str], units: Sequence[Unit]) -> UnitMatch:
    """Match printed names exactly after folding; each name appears once in the answer, in order of mention."""
    table = _table(units)
    matched: list[MatchedName] = []
    unmatched: list[str] = []
    for printed in dict.fromkeys(names):
        codes = _codes(printed, table)
        if codes:
            matched.append(MatchedName(printed=printed, codes=codes))
        else:
            unmatched.append(printed)
    return UnitMatch(matched=tuple(matched), unmatched=tuple(unmatched))


def fold_unit(name: str) -> str:
    """A unit's name without diacritics, punctuation, "bộ phận/công chức/phòng/ban" before and "phường …" behind it."""
    return _short(_spelled(name))


def _spelled(name: str) -> str:
    folded = collapse(re.sub(r"[^\w ]", " ", plain(compose(name)).replace("&", " va ")))
    for pattern, full in _ABBREVIATIONS:
        folded = pattern.sub(full, folded)
    return collapse(folded)


def _short(spelled: str) -> str:
    if _HIGHER.search(_AREA.sub("", spelled)):
        return spelled
    without_area = _AREA.sub("", spelled)
    return _PREFIX.sub("", without_area) or without_area or spelled


def _table(units: Sequence[Unit]) -> dict[str, str]:
    """Folded name → code; a key two units share stands for neither."""
    table: dict[str, str] = {}
    doubtful: set[str] = set()
    for unit in units:
        for name in (unit.code, unit.name, *unit.aliases, *unit.former_names):
            for key in {_spelled(name), fold_unit(name)}:
                if table.setdefault(key, unit.code) != unit.code:
                    doubtful.add(key)
    full = {_spelled(unit.name): unit.code for unit in units}
    return {key: full.get(key, code) for key, code in table.items() if key not in doubtful or key in full}


def _codes(printed: str, table: dict[str, str]) -> tuple[str, ...]:
    whole = split_units(printed)
    if len(whole) == 1 and (code := _one(printed, table)):
        return (code,)
    for pieces in (whole, _pieces(printed)):
        codes = [_one(piece, table) for piece in pieces]
        found = [code for code in codes if code is not None]
        if len(pieces) > 1 and len(found) == len(codes):
            return tuple(dict.fromkeys(found))
    return ()


def _pieces(printed: str) -> list[str]:
    text = compose(printed)
    cuts = [match.span() for match in _PIECE.finditer(plain(text))]
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True) if text[start:end].strip()]


def _one(name: str, table: dict[str, str]) -> str | None:
    spelled = _spelled(name)
    found = table.get(spelled) or table.get(_short(spelled))
    if found is None and "van phong" in spelled and not _HIGHER.search(spelled):
        found = table.get(_AREA.sub("", spelled.replace(" ubnd", "").replace(" hdnd va", "").replace(" hdnd", "")))
    return found
