"""The documents a plan cites: kind, number, day, issuer, as printed."""

import re

from domain.plan_document.dates import DATE, from_match
from domain.plan_document.letters import collapse, plain
from domain.plan_document.values import Reference

_KINDS = (
    r"(?:bo luat|luat|phap lenh|nghi dinh|nghi quyet(?: lien tich)?|quyet dinh|quy dinh|"
    r"chi thi|thong tu(?: lien tich)?|ket luan|"
    r"ke hoach|huong dan|cong van|chuong trinh|thong bao|cong dien|to trinh|bao cao)"
)
_NUMBER = r"\d{1,5}\s?(?:/\s?\d{4})?\s?[/-]\s?[a-zđ]{1,8}\d{0,2}(?:\s?[-/&]\s?[a-zđ]{1,12}){0,3}"
_CITED = re.compile(
    rf"\b(?P<kind>{_KINDS})\s+(?:so\s*:?\s*)?(?P<number>{_NUMBER})(?P<dated>,?\s+ngay\s+{DATE})?"
    r"(?:,?\s+cua\s+(?P<issuer>[a-z][a-z -]{2,60}))?"
)
_LAW = re.compile(
    r"\bLuật\s+((?:[A-ZĐÀ-Ỹ][\wà-ỹđ]*)(?:\s+[\wà-ỹđ]+){1,10}?)(?=[,.;:)“”\"]|\s+(?:ngày|"
    r"số|và|năm|về|được|có|theo)\b|$)"
)
_ISSUER_END = re.compile(
    r"\s+(?:ve|ban hanh|quy dinh|phe duyet|huong dan|thuc hien|thong qua|tiep tuc|trien "
    r"khai|da|va|ngay|chi tiet|nham|tren|trong|"
    r"[a-z]* ?phe chuan|giao|cong bo|sua doi|hd|bai bo|khoa|trinh|de)\b.*$"
)
_REFERENCES_MAX = 400


def find_references(text: str) -> tuple[Reference, ...]:
    """Cited documents in order of mention, each number once (the mention that says most)."""
    folded = plain(text)
    found: dict[str, Reference] = {}
    for match in _CITED.finditer(folded):
        reference = _reference(text, match)
        key = plain(reference.number or "")
        known = found.get(key)
        if known is None or _weight(reference) > _weight(known):
            found[key] = reference
        if len(found) >= _REFERENCES_MAX:
            break
    laws = {plain(name): name for match in _LAW.finditer(text) if not (name := collapse(match[1])).startswith("S")}
    named = [
        Reference(kind="Luật", number=None, issued_on=None, issuer=None, text=f"Luật {name}") for name in laws.values()
    ]
    return (*found.values(), *named[:40])


def _weight(reference: Reference) -> int:
    return (reference.issued_on is not None) * 2 + (reference.issuer is not None)


def _reference(text: str, match: re.Match[str]) -> Reference:
    dated = from_match(match) if match["dated"] else None
    kind = text[match.start("kind") : match.end("kind")]
    end = match.end("dated") if match["dated"] else match.end("number")
    return Reference(
        kind=collapse(kind),
        number=re.sub(r"\s", "", text[match.start("number") : match.end("number")]),
        issued_on=dated.written if dated and dated.year else None,
        issuer=_issuer(text, match),
        text=collapse(text[match.start() : end]),
    )


def _issuer(text: str, match: re.Match[str]) -> str | None:
    if match["issuer"] is None:
        return None
    kept = _ISSUER_END.sub("", match["issuer"])
    start = match.start("issuer")
    name = collapse(text[start : start + len(kept)])
    return name if name[:1].isupper() else None
