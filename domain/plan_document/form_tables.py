"""Tables made plain: the two columns of head and foot opened, tables set with blanks given their lines."""

import re

from domain.plan_document.letters import plain
from domain.plan_document.markers import Level, parse_marker
from domain.plan_document.tables import column_roles, is_plan_header

CELL_BREAK = "\u2424"
_RULE_ROW = re.compile(r"^\|?[\s:|-]+\|?$")
_GAP = re.compile(r"\S+(?:\s\S+)*")
_COLUMNS_MIN = 3
_SLACK = 3
_ROWS_MAX = 400
_NUMBERED = re.compile(r"^(?:\d{1,3}(?:\.\d{1,2})?|[IVX]{1,5})\.?$")


def open_tables(lines: list[str]) -> list[str]:
    """The lines with form tables opened and blank-set tables written as "| a | b |"."""
    opened: list[str] = []
    index = 0
    while index < len(lines):
        if lines[index].startswith("|"):
            end = index
            while end < len(lines) and lines[end].startswith("|"):
                end += 1
            opened += _opened(lines[index:end])
        elif (columns := _blank_set_header(lines[index])) is not None:
            end = _blank_set_end(lines, index + 1)
            opened += _blank_set_rows([line for line in lines[index:end] if line.strip()], columns)
        else:
            end = index + 1
            opened.append(lines[index])
        index = end
    return opened


def _opened(rows: list[str]) -> list[str]:
    """A table of one or two columns is the form's head or foot; its cells become lines."""
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows if not _RULE_ROW.match(row)]
    width = max((len(row) for row in cells), default=0)
    if width < _COLUMNS_MIN and not any(is_plan_header(column_roles(row)) for row in cells[:2]):
        return [line.strip() for row in cells for cell in row for line in (*cell.split(CELL_BREAK), "")]
    return [row.replace(CELL_BREAK, " ") for row in rows]


def _blank_set_header(line: str) -> list[int] | None:
    """Where the columns of a table set with blanks begin, when this line is its header."""
    if "  " not in line or len(line) > 400:
        return None
    cells = list(_GAP.finditer(line))
    if len(cells) < _COLUMNS_MIN:
        return None
    roles = column_roles([cell.group() for cell in cells])
    return [cell.start() for cell in cells] if is_plan_header(roles) else None


def _blank_set_end(lines: list[str], start: int) -> int:
    """The table ends at a section's heading, at the foot, or at a long line without columns."""
    for index in range(start, min(len(lines), start + _ROWS_MAX)):
        line = lines[index]
        stripped = line.strip()
        if not stripped:
            continue
        marker = parse_marker(stripped)
        is_section = marker is not None and marker.level <= Level.ROMAN and "  " not in stripped
        if is_section or plain(stripped[:9]) == "noi nhan:" or (len(stripped) > 90 and "  " not in stripped):
            return index
    return min(len(lines), start + _ROWS_MAX)


def _blank_set_rows(lines: list[str], columns: list[int]) -> list[str]:
    """Rows of a table set with blanks; a heading broken over several lines is one row again."""
    rows = [_cells(line, columns) for line in lines]
    first = next((index for index, cells in enumerate(rows) if _NUMBERED.match(cells[0])), 1)
    heading = [" ".join(cell for cell in column if cell) for column in zip(*rows[:first], strict=True)]
    return ["| " + " | ".join(cells) + " |" for cells in (heading, *rows[first:])]


def _cells(line: str, columns: list[int]) -> list[str]:
    cells = [""] * len(columns)
    for piece in _GAP.finditer(line):
        at = max((number for number, start in enumerate(columns) if start <= piece.start() + _SLACK), default=0)
        cells[at] = f"{cells[at]} {piece.group()}".strip()
    return cells
