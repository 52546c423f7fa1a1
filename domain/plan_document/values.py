"""What is found in an administrative document: frozen values, empty where the text does not say."""

from dataclasses import dataclass
from enum import StrEnum

from domain.errors import DomainError


class PlanUnreadable(DomainError):
    """The file or text cannot be read as a plan; `code` says why and `params` hold the figures."""


class DocumentKind(StrEnum):
    """The kind of administrative document (Nghị định 30/2020/NĐ-CP Đ7)."""

    PLAN = "plan"
    SUBMISSION = "submission"
    PROGRAMME = "programme"
    DECISION = "decision"
    RESOLUTION = "resolution"
    REGULATION = "regulation"
    NOTICE = "notice"
    REPORT = "report"
    GUIDANCE = "guidance"
    LETTER = "letter"
    UNKNOWN = "unknown"


class ReportKind(StrEnum):
    """How often a report is owed, or that a plan has to be handed in."""

    PLAN = "plan"
    MONTH = "month"
    QUARTER = "quarter"
    SIX_MONTHS = "6 months"
    YEAR = "year"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A printed last day.

    `date` is `YYYY-MM-DD`, `MM-DD` when no year is printed, None when relative or monthly. `exclusive` when the text
    says "trước" (the day itself is too late). `subject` is the clause it stands in.
    """

    date: str | None
    text: str
    exclusive: bool = False
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDuty:
    """Somebody owes somebody a report or a plan; `due` takes the plan's year when none is printed."""

    kind: ReportKind
    by: str | None
    to: str | None
    due: str | None
    exclusive: bool = False
    text: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPart:
    """One bullet, letter or paragraph of an item, with what it names itself."""

    marker: str
    text: str
    units: tuple[str, ...] = ()
    deadlines: tuple[Deadline, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanItem:
    """The lowest numbered task: heading path ("II.5"), title, full text, units, period, deadlines, parts."""

    heading: str
    title: str
    text: str
    lead_unit: str | None = None
    implementing_units: tuple[str, ...] = ()
    period: str | None = None
    deadlines: tuple[Deadline, ...] = ()
    parts: tuple[ItemPart, ...] = ()
    budget: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A cited document: its kind as printed, number, `YYYY-MM-DD` where printed, and who issued it."""

    kind: str
    number: str | None
    issued_on: str | None
    issuer: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A heading that informs and asks nobody for anything (purpose, place, budget …)."""

    heading: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something a person should look at: a code, the place it concerns (heading path or field) and figures."""

    code: str
    place: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDocument:
    """A read document; what is not printed is None or empty, never invented."""

    kind: DocumentKind
    number: str | None = None
    issuer: str | None = None
    place: str | None = None
    issued_on: str | None = None
    title: str | None = None
    signer: str | None = None
    signer_title: str | None = None
    addressed_to: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    items: tuple[PlanItem, ...] = ()
    reports: tuple[ReportDuty, ...] = ()
    references: tuple[Reference, ...] = ()
    facts: tuple[Fact, ...] = ()
    unsure: tuple[Remark, ...] = ()

    def counts(self) -> dict[str, int]:
        """How much was found, for the summary an importer sees."""
        return {
            "items": len(self.items),
            "parts": sum(len(item.parts) for item in self.items),
            "items_with_lead": sum(item.lead_unit is not None for item in self.items),
            "deadlines": sum(len(item.deadlines) for item in self.items),
            "reports": len(self.reports),
            "references": len(self.references),
            "unsure": len(self.unsure),
        }
