"""The lead and the implementing units of one item, from its fields, its heading, its sentences."""

import re
from dataclasses import dataclass

from domain.plan_document.actors import (
    chairing,
    cooperating,
    doer_at_start,
    is_plural,
    ordered,
    responsible_inside,
    unit_key,
)
from domain.plan_document.fields import Field
from domain.plan_document.letters import plain
from domain.plan_document.outline import Section
from domain.plan_document.sentences import first_sentence
from domain.plan_document.units import is_generic, is_unit_heading, split_units, without_order
from domain.plan_document.values import Remark

_DOING = re.compile(r"\s+(?:to chuc |trien khai )?(?:thuc hien|trien khai|phu trach)$")
_CHAIRS = re.compile(
    r"(?:,?\s+chu tri\b(?:\s+thuc hien)?)?,?\s+(?:va\s+)?phoi hop(?: chat che)?(?:\s+(?:voi|cung))*\s+|"
    r",?\s+chu tri\b(?:\s+thuc hien)?,?\s*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemUnits:
    """Lead and implementing units as printed; `by` is who owes this item's reports."""

    lead: str | None = None
    implementing: tuple[str, ...] = ()
    by: str | None = None
    remarks: tuple[Remark, ...] = ()


def from_fields(fields: list[Field], heading: str) -> ItemUnits | None:
    """Units from "Cơ quan tham mưu: …", "Cơ quan thực hiện: …"; None when no such field is printed."""
    leads, others = _chaired(fields)
    if not leads and not others:
        return None
    remarks = []
    named = [name for value in leads for name in split_units(value)]
    lead = named[0] if len(named) == 1 else None
    if len(named) > 1:
        remarks.append(Remark(code="several_leads", place=heading, value="; ".join(named)))
    if len(others) > 1:
        remarks.append(Remark(code="field_repeated", place=heading, value="; ".join(others)))
    implementing = ([] if lead else named) + [name for value in others for name in split_units(value)]
    return ItemUnits(lead=lead, implementing=_once(implementing, lead), by=lead, remarks=tuple(remarks))


def _chaired(fields: list[Field]) -> tuple[list[str], list[str]]:
    """Values of lead and of implementing fields; "A chủ trì, phối hợp với B" gives one of each."""
    leads: list[str] = []
    others: list[str] = []
    for field in fields:
        if field.name not in ("lead", "implementing"):
            continue
        match = _CHAIRS.search(plain(field.value))
        if match is None:
            (leads if field.name == "lead" else others).append(_without_doing(field.value))
            continue
        leads.append(field.value[: match.start()].strip(" ,;"))
        if partners := field.value[match.end() :].strip(" ,;."):
            others.append(partners)
    return leads, others


def _without_doing(value: str) -> str:
    """ "Phòng A thực hiện" in a field: the unit alone."""
    match = _DOING.search(plain(value))
    return value[: match.start()] if match and match.start() else value


def from_words(text: str, title: str, body: list[str], section: Section) -> ItemUnits:
    """Units from the heading and the sentences of an item without fields."""
    organising = section is Section.ORGANISATION
    lead, implementing = _from_heading(text, title, organising=organising)
    by = without_order(title) if organising and is_unit_heading(title, organising=True) else None
    own = [] if is_unit_heading(title, organising=organising) else [text]
    orders = [name for words in (*own, *body) for name in ordered(words)]
    chairs = _once([name for words in (*own, *body) for name in chairing(words)], None)
    if lead is None and not implementing and len(chairs) == 1:
        lead = chairs[0]
    if lead is None and not implementing and orders:
        distinct = _once(orders, None)
        lead = distinct[0] if len(distinct) == 1 else None
        implementing = [] if lead else list(distinct)
    for index, words in enumerate(body):
        if (organising or index == 0 or _is_labelled(words)) and (doer := doer_at_start(words)):
            implementing += split_units(doer)
    for words in (*own, *body):
        implementing += cooperating(words)
    kept = _once(implementing, lead)
    return ItemUnits(lead=lead, implementing=kept, by=by or lead or _joined(kept, text))


def _joined(units: tuple[str, ...], text: str) -> str | None:
    doer = doer_at_start(text) or responsible_inside(first_sentence(text))
    return doer if doer and units else None


def _is_labelled(words: str) -> bool:
    """ "Công an phường: …": a bullet that begins with a unit's name as its label."""
    doer = doer_at_start(words)
    return doer is not None and words[len(doer) :].lstrip().startswith(":")


def _from_heading(text: str, title: str, *, organising: bool) -> tuple[str | None, list[str]]:
    if is_unit_heading(title, organising=organising):
        names = split_units(without_order(title).strip(" :;."))
        return (names[0], []) if len(names) == 1 else (None, list(names))
    doer = doer_at_start(text) or responsible_inside(first_sentence(text))
    if doer is None:
        return None, []
    names = split_units(doer)
    if len(names) == 1 and not is_plural(names[0]):
        return names[0], []
    return None, list(names)


def _once(names: list[str], lead: str | None) -> tuple[str, ...]:
    seen = {unit_key(lead)} if lead else set()
    kept = []
    for name in names:
        key = unit_key(name)
        if key and key not in seen and not (is_generic(name) and len(key) < 9):
            seen.add(key)
            kept.append(name)
    return tuple(kept)
