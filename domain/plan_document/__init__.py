"""A real administrative document (Nghị định 30/2020/NĐ-CP) read from text into items, deadlines, duties and units."""

from domain.plan_document.json_shape import to_json
from domain.plan_document.matching import MatchedName, UnitMatch, match_units
from domain.plan_document.reading import TEXT_LETTERS_MAX, read_plan
from domain.plan_document.values import (
    Deadline,
    DocumentKind,
    Fact,
    ItemPart,
    PlanDocument,
    PlanItem,
    PlanUnreadable,
    Reference,
    Remark,
    ReportDuty,
    ReportKind,
)

__all__ = [
    "TEXT_LETTERS_MAX",
    "Deadline",
    "DocumentKind",
    "Fact",
    "ItemPart",
    "MatchedName",
    "PlanDocument",
    "PlanItem",
    "PlanUnreadable",
    "Reference",
    "Remark",
    "ReportDuty",
    "ReportKind",
    "UnitMatch",
    "match_units",
    "read_plan",
    "to_json",
]
