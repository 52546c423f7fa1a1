"""The ground of tests about plans: small documents as they are read, and a ward to import them into."""

from datetime import UTC, datetime

from actions.import_plan import ImportReport, import_plan
from actions.publish_plan import publish_every_draft
from domain.plan_document import Deadline, DocumentKind, PlanDocument, PlanItem, Remark
from storage.database import Database
from storage.wards import StoredWard

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def item(heading: str, title: str, *, due: str | None = None, exclusive: bool = False, **values: object) -> PlanItem:
    """An item with at most one deadline; `due` is `YYYY-MM-DD`."""
    deadlines = (Deadline(date=due, text=f"ngày {due}", exclusive=exclusive),) if due else ()
    given: dict[str, object] = {"text": f"{title}. Làm cho xong.", "deadlines": deadlines} | values
    return PlanItem(heading=heading, title=title, **given)  # type: ignore[arg-type]


LAMPS = item("II.1", "Sửa đèn đường tổ 3", due="2026-12-15", exclusive=True, lead_unit="Phòng KT")
BUDGET = item("II.2", "Công khai ngân sách phường", due="2026-11-30", lead_unit="Văn phòng")
CULTURE = item(
    "II.3", "Xây dựng quy ước", period="Thường xuyên", lead_unit="Bộ phận Tư pháp", implementing_units=("Văn phòng",)
)


def document(*items: PlanItem, **values: object) -> PlanDocument:
    """A read plan of the ward with these items."""
    given: dict[str, object] = {
        "kind": DocumentKind.PLAN, "number": "12/KH-UBND", "issuer": "UBND phường An Hoà Đông",
        "issued_on": "2026-10-12", "title": "Thực hiện dân chủ ở cơ sở năm 2026",
        "items": items or (LAMPS, BUDGET, CULTURE), "unsure": (Remark(code="signer_missing", place="signer"),),
    }  # fmt: skip
    return PlanDocument(**(given | values))  # type: ignore[arg-type]


async def imported(
    database: Database, ward: StoredWard, read: PlanDocument | None = None, *, published: bool = False,
    now: datetime = NOW,
) -> ImportReport:  # fmt: skip
    """Import a document (and publish all its drafts)."""
    async with database.transaction() as tx:
        report = await import_plan(tx, ward, read or document(), "ke-hoach.docx", now)
        if published:
            await publish_every_draft(tx, ward, None, count=None, last=None, now=now)
    return report
