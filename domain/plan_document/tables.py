"""Plans written as a table: STT | Nội dung | Đơn vị chủ trì | Đơn vị phối hợp | Thời gian."""

import re
from dataclasses import dataclass

from domain.plan_document.letters import collapse, plain

NUMBER_HEAD_MAX = 6
_RULE_CELL = re.compile(r"^:?-{2,}:?$")
_COLUMNS = (
    ("number", re.compile(r"^(?:stt|tt|so tt|so thu tu|#)\.?$")),
    ("outcome", re.compile(r"san pham|ket qua|muc tieu")),
    ("note", re.compile(r"ghi chu")),
    ("budget", re.compile(r"kinh phi|du toan|so tien|thanh tien|don gia|nguon von")),
    ("period", re.compile(r"thoi gian|thoi han|tien do|hoan thanh|thoi diem|^ngay")),
    ("implementing", re.compile(r"phoi hop")),
    ("lead", re.compile(r"chu tri|tham muu|phu trach|dau moi|chiu trach nhiem")),
    ("implementing", re.compile(r"thuc hien$|don vi|co quan|bo phan|phan cong")),
    ("content", re.compile(r"noi dung|nhiem vu|cong viec|hoat dong|ten |viec|chuyen de|hang muc")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One line of a plan table, cells by what their column is for."""

    number: str
    content: str
    lead: str
    implementing: str
    period: str
    outcome: str
    budget: str
    group: str


def split_row(line: str) -> list[str]:
    """The cells of "| a | b |"."""
    return [collapse(cell) for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def column_roles(cells: list[str]) -> list[str]:
    """What each column is for, "" where its heading says nothing known."""
    roles = []
    for cell in cells:
        folded = plain(cell).strip(" .:")[:60]
        roles.append(next((role for role, pattern in _COLUMNS if folded and pattern.search(folded)), ""))
    if len(roles) > 1 and not roles[0] and roles[1] == "content" and len(cells[0]) <= NUMBER_HEAD_MAX:
        roles[0] = "number"  # "ST" of a heading whose column was too narrow for "STT"
    return roles


def is_plan_header(roles: list[str]) -> bool:
    """Whether a table tells somebody to do something: what, and by whom or when."""
    return "content" in roles and bool({"lead", "implementing", "period"} & set(roles))


def read_rows(lines: list[str]) -> list[TableRow]:
    """The tasks of one table, or none when it is about something else (money, names)."""
    grid = [
        cells for line in lines if (cells := split_row(line)) and not all(_RULE_CELL.match(c) or not c for c in cells)
    ]
    start = next((index for index, cells in enumerate(grid[:4]) if is_plan_header(column_roles(cells))), None)
    if start is None:
        return []
    roles = column_roles(grid[start])
    rows: list[TableRow] = []
    group = ""
    for cells in grid[start + 1 :]:
        row = _row(roles, cells, group)
        if column_roles(cells) == roles:
            continue
        if _is_group(roles, cells):
            group = row.number or group
        elif row.number or not rows:
            rows.append(row)
        else:
            rows[-1] = _joined(rows[-1], row)
    return [row for row in rows if row.content]


def _row(roles: list[str], cells: list[str], group: str) -> TableRow:
    def cell(role: str) -> str:
        texts = [text for name, text in zip(roles, cells, strict=False) if name == role and text]
        return collapse("; ".join(texts))

    number = cell("number").strip(" .)")
    if "number" not in roles:
        number = ""
    return TableRow(
        number=number,
        content=cell("content"),
        lead=cell("lead"),
        implementing=cell("implementing"),
        period=cell("period"),
        outcome=cell("outcome"),
        budget=cell("budget"),
        group=group,
    )


def _is_group(roles: list[str], cells: list[str]) -> bool:
    """A row that only names a group ("I | Công tác tuyên truyền | | |")."""
    filled = [role for role, cell in zip(roles, cells, strict=False) if cell]
    number = next((cell for role, cell in zip(roles, cells, strict=False) if role == "number"), "")
    if len(set(cells)) == 1 and len(cells) > 2:
        return True
    only_named = set(filled) <= {"number", "content", "note", ""}
    return only_named and bool(re.fullmatch(r"[IVX]{1,5}|[A-H]|", number.strip(" ."))) and bool(filled)


def _joined(before: TableRow, more: TableRow) -> TableRow:
    """A row broken by a page end, put together again."""
    return TableRow(
        number=before.number,
        content=collapse(f"{before.content} {more.content}"),
        lead=collapse(f"{before.lead} {more.lead}"),
        implementing=collapse(f"{before.implementing} {more.implementing}"),
        period=collapse(f"{before.period} {more.period}"),
        outcome=collapse(f"{before.outcome} {more.outcome}"),
        budget=collapse(f"{before.budget} {more.budget}"),
        group=before.group,
    )
