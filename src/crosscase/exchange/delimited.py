"""Delimited text as rows of cells: the separator is found out, rows that a stray mark has joined are told."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

from crosscase.errors import CrosscaseError, Problem

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
LOOK = 1 << 16
LINES = 200
END = "\x1fend of the table"
OPENED = "cells that open with a quotation mark which nothing closes, read to the end of their line"
HOLDS_ROWS = "cells that hold what looks like rows of the table: is a quotation mark not closed?"

Known = Callable[[Sequence[Any]], int]
Rows = list[Sequence[Any]]


def none_known(cells: Sequence[Any]) -> int:
    """Return 0: no heading is known."""
    return 0


def separator_of(text: str, known: Known = none_known) -> str:
    """Return what parts the cells: the mark that gives the most headings that are known, then the evenest rows.

    Examples
    --------
    >>> separator_of("A title, and more\\na;b;c\\n1;2,5;3"), separator_of("a,b\\n1,2")
    (';', ',')
    """
    lines = text[:LOOK].split("\n")[:LINES]

    def even(mark: str) -> tuple[int, float, int]:
        rows = [row for row in csv.reader(lines, delimiter=mark) if any(cell.strip() for cell in row)]
        widths = [len(row) for row in rows]
        width = max(set(widths), key=lambda n: (n > 1, widths.count(n), n), default=1)
        headings = max((known(row) for row in rows[:20]), default=0)
        return headings if headings > 1 else 0, widths.count(width) / len(widths) if width > 1 else 0.0, width

    return max(SEPARATORS, key=even) if text.strip() else ","


def rows_of(text: str, mark: str, place: str, most: Callable[[int, int, int], None]) -> tuple[Rows, list[tuple]]:
    """Return the rows of a text, and what is doubtful in it as pairs of remark and place.

    A cell that opens with a quotation mark which nothing closes would swallow all rows below it. Where every line has
    the cells of the first without such marks, they are read so, and the row is told; else the table is refused.

    Parameters
    ----------
    text : str
        The table, with LF line ends.
    mark : str
        What parts the cells.
    place : str
        Name of the file.
    most : callable
        Told rows, cells of the row and all cells so far; raises where it is too many.

    Raises
    ------
    CrosscaseError
        Where a quotation mark is not closed, or the file is no table.
    """
    rows = _read(text.rstrip("\n") + "\n" + END, mark, place, most)
    is_open = rows[-1] != [END]
    swallowed = [] if is_open else _swallowed(rows[:-1], mark)
    if not is_open:
        rows = rows[:-1]
    if not is_open and not swallowed:
        return rows, []
    plain = _read(text.rstrip("\n"), mark, place, most, quoting=csv.QUOTE_NONE)
    if len({len(row) for row in plain if any(row)}) == 1:
        opened = [number for number, row in enumerate(plain, start=1) if any(_opens(cell) for cell in row)]
        return [[_bare(cell) for cell in row] for row in plain], [(OPENED, f"row {number}") for number in opened]
    if is_open:
        where = f"{place}, row {len(rows)}"
        rule, found = "a quotation mark that opens a cell closes it", "nothing closes it up to the end of the file"
        raise CrosscaseError(Problem(where, rule, found, remedy="take the mark away, or write it twice in the cell"))
    return rows, [(HOLDS_ROWS, f"row {number}") for number in swallowed]


def _read(
    text: str, mark: str, place: str, most: Callable[[int, int, int], None], quoting: Any = csv.QUOTE_MINIMAL
) -> Rows:
    limit = csv.field_size_limit(2**27)
    rows: Rows = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text), delimiter=mark, quoting=quoting):
            rows.append(row)
            cells += len(row) + 1
            most(len(rows), len(row), cells)
    except csv.Error as error:
        raise CrosscaseError(Problem(place, "the file is a table (CSV)", str(error))) from None
    finally:
        csv.field_size_limit(limit)
    return rows


def _swallowed(rows: Rows, mark: str) -> list[int]:
    """Return the rows with a cell in which a line has as many cells as the table and begins as another row does."""
    filled = [row for row in rows if any(row)]
    width = len(filled[0]) if filled else 0
    if width < 2:
        return []
    first = {row[0] for row in filled if row[0]}
    return [
        number
        for number, row in enumerate(rows, start=1)
        if any("\n" in cell and any(_is_row(line, mark, width, first) for line in cell.split("\n")[1:]) for cell in row)
    ]


def _is_row(line: str, mark: str, width: int, first: set[str]) -> bool:
    return line.count(mark) == width - 1 and line.partition(mark)[0] in first


def _opens(cell: str) -> bool:
    return cell.startswith('"') and not (len(cell) > 1 and cell.endswith('"'))


def _bare(cell: str) -> str:
    if _opens(cell):
        return cell[1:]
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell
