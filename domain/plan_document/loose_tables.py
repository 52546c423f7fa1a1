"""Tables pasted from a word processor: cells divided by tabs, or one cell on each line."""

from domain.plan_document.letters import collapse, plain
from domain.plan_document.markers import Level, parse_marker
from domain.plan_document.tables import column_roles, is_plan_header

COLUMNS_MIN = 3
COLUMNS_MAX = 9
CELL_LINES_MAX = 40


def bind_tables(lines: list[str]) -> list[str]:
    """The lines with such tables of tasks written as "| a | b |"; everything else as it was."""
    bound: list[str] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        if "\t" in line and is_plan_header(column_roles(_tabbed(line))):
            index = _bind_tabbed(lines, index, bound)
        elif len(line) < 12 and column_roles([line.strip()]) == ["number"]:
            index = _bind_stacked(lines, index, bound)
        else:
            bound.append(line)
            index += 1
    return bound


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(collapse(cell).replace("|", "/") for cell in cells) + " |"


def _tabbed(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("\n").split("\t")]


def _bind_tabbed(lines: list[str], start: int, bound: list[str]) -> int:
    """Write the rows that keep the header's tabs; returns the line after them."""
    width = len(_tabbed(lines[start]))
    index = start
    while index < len(lines) and ("\t" in lines[index] or not lines[index].strip()):
        cells = _tabbed(lines[index])
        if len(cells) > width:
            break
        if lines[index].strip():
            bound.append(_row(cells + [""] * (width - len(cells))))
        index += 1
    return index


def _bind_stacked(lines: list[str], start: int, bound: list[str]) -> int:
    """Write a table of one cell a line when its heading is whole; returns the line after it."""
    cells, index = _heading(lines, start)
    if len(cells) < COLUMNS_MIN or not is_plan_header(column_roles(cells)):
        bound.append(lines[start])
        return start + 1
    bound.append(_row(cells))
    number = 1
    while (found := _stacked_row(lines, index, number)) is not None:
        row, index = found
        bound.append(_row(_fitted(row, cells)))
        number += 1
    return index


def _heading(lines: list[str], start: int) -> tuple[list[str], int]:
    cells: list[str] = []
    index = start
    while index < len(lines) and len(cells) < COLUMNS_MAX:
        line = lines[index].strip()
        if line.rstrip(".") == "1" or (line and not any(column_roles([line]))):
            break
        if line:
            cells.append(line)
        index += 1
    return cells, index


def _stacked_row(lines: list[str], start: int, number: int) -> tuple[list[str], int] | None:
    """The lines of row `number`, which must begin at `start` with its number alone."""
    index = start
    while index < len(lines) and not lines[index].strip():
        index += 1
    if index >= len(lines) or lines[index].strip().rstrip(".") != str(number):
        return None
    cells = [str(number)]
    index += 1
    while index < len(lines) and len(cells) < CELL_LINES_MAX:
        line = lines[index].strip()
        if line.rstrip(".") == str(number + 1) or _ends(line):
            break
        if line:
            cells.append(line)
        index += 1
    return cells, index


def _ends(line: str) -> bool:
    marker = parse_marker(line) if line else None
    return plain(line[:8]) == "noi nhan" or (marker is not None and marker.level <= Level.ROMAN)


def _fitted(row: list[str], heading: list[str]) -> list[str]:
    """A row with as many lines as columns is sure; any other keeps its words as content and names nobody."""
    if len(row) == len(heading):
        return row
    roles = column_roles(heading)
    cells = [""] * len(heading)
    cells[0] = row[0]
    cells[roles.index("content")] = " ".join(row[1:])
    return cells
