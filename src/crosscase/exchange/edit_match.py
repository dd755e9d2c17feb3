"""Which row of a sheet is which row of the study: by its hidden id, else by its name; the others are new."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crosscase.errors import Problem, shown
from crosscase.exchange.edit_cells import said, same
from crosscase.exchange.edit_layout import ID, Sheet
from crosscase.exchange.edit_read import Grid
from crosscase.exchange.edit_rows import Row

Key = tuple[str, ...]


@dataclass
class Line:
    """One row of a sheet: its number, its cells by heading, the row of the study that it is, None where it is new."""

    number: int
    cells: dict[str, Any]
    id: str | None = None


def matched(
    sheet: Sheet, grid: Grid, before: Mapping[str, Row], since: Mapping[str, Row]
) -> tuple[list[Line], list[Problem]]:
    """Return the rows of a sheet with the ids that are theirs.

    Parameters
    ----------
    sheet, grid : Sheet, Grid
        The sheet, as it was written and as it is.
    before : mapping of str to Row
        Id -> row, as the workbook was written.
    since : mapping of str to Row
        Rows that the study has got since then: a new row of the same name is one of these.

    Returns
    -------
    tuple of (list of Line, list of Problem)
        Lines in which anything is said, and rows that cannot be told.
    """
    lines = [
        Line(number, cells)
        for number, cells in grid.rows.items()
        if any(said(cells.get(column.heading)) for column in sheet.columns)
    ]
    problems: list[Problem] = []
    if ID in grid.headings:
        problems, lines = _by_id(sheet, grid, lines, before)
    taken = {line.id for line in lines if line.id is not None}
    free = {id: row for id, row in [*before.items(), *since.items()] if id not in taken}
    by_name: dict[Key, list[str]] = {}
    for id, row in free.items():
        by_name.setdefault(_name(sheet, row.cells), []).append(id)
    for line in (line for line in lines if line.id is None):
        ids = [id for id in by_name.get(_said_name(sheet, line), []) if id not in taken]
        exact = [id for id in ids if equal(sheet, line, free[id])]
        if not (sheet.apart or ID not in grid.headings):
            ids = exact
        if found := (exact or ids)[:1] if exact or len(ids) == 1 else []:
            line.id = found[0]
            taken.add(line.id)
        elif len(ids) > 1:
            rule = f"a row without its id (the hidden column {ID!r}) is told by its name"
            remedy = "take the id from a workbook in which the column is there still"
            problems.append(Problem(_place(grid, line), rule, f"{len(ids)} rows of this name", remedy=remedy))
    return lines, problems + _twice(sheet, grid, lines, before)


def _by_id(sheet: Sheet, grid: Grid, lines: list[Line], before: Mapping[str, Row]) -> tuple[list[Problem], list[Line]]:
    """Give lines the ids that stand in them; a copied row is a new one, an id beside another's name is refused.

    Returns the problems, and the lines that have none.
    """
    problems: list[Problem] = []
    wrong: list[Line] = []
    groups: dict[str, list[Line]] = {}
    for line in lines:
        if (id := said(line.cells.get(ID))) is None:
            continue
        if id not in before:
            remedy = "empty the cell for a new row"
            rule = "an id is one that the workbook was written with"
            problems.append(Problem(f"{_place(grid, line)}, column {ID!r}", rule, shown(id), remedy=remedy))
            wrong.append(line)
        else:
            groups.setdefault(id, []).append(line)
    owners: dict[Key, set[str]] = {}
    for id, row in before.items():
        owners.setdefault(_name(sheet, row.cells), set()).add(id)
    for id, group in groups.items():
        own = [line for line in group if _own_name(sheet, line, before[id])]
        keeps = own if len(group) > 1 else group
        if len(keeps) != 1:
            numbers = ", ".join(str(line.number) for line in group)
            remedy = f"empty the hidden cell {ID!r} of the copy and give it a name of its own"
            problems.append(Problem(f"sheet {grid.name}, rows {numbers}", "each row once", shown(id), remedy=remedy))
            wrong += group
            continue
        line = keeps[0]
        whose = owners.get(_said_name(sheet, line), {id})
        if id not in whose and not own:
            rule = "a row keeps its id: sorting or pasting moves whole rows"
            found = f"the id of {shown(_words(before[id], sheet))} beside the name of another row"
            remedy = "undo the sorting, or give the row a name that no other has"
            problems.append(Problem(_place(grid, line), rule, found, remedy=remedy))
            wrong.append(line)
            continue
        line.id = id
    return problems, [line for line in lines if line not in wrong]


def _twice(sheet: Sheet, grid: Grid, lines: Iterable[Line], before: Mapping[str, Row]) -> list[Problem]:
    """A new row has a name that no other row has, where it stands."""
    if not sheet.apart:
        return []
    problems: list[Problem] = []
    seen: dict[tuple[str | None, ...], int] = {}
    for line in sorted(lines, key=lambda line: line.id is None):
        key = (*_said_name(sheet, line), said(line.cells.get("Below")) if "Below" in grid.headings else "")
        if not all(_said_name(sheet, line)):
            continue
        if key in seen and line.id is None:
            rule, remedy = "each row has a name of its own", "rename it, or delete one of the two"
            found = f"that of row {seen[key]}"
            problems.append(Problem(_place(grid, line), rule, found, remedy=remedy))
        seen.setdefault(key, line.number)
    return problems


def equal(sheet: Sheet, line: Line, row: Row) -> bool:
    """Tell whether a line says what a row did, cell by cell."""
    return all(
        same(line.cells[column.heading], row.cells[column.field])
        for column in sheet.columns
        if column.heading in line.cells
    )


def _fields(sheet: Sheet) -> tuple[str, ...]:
    return ("case", "theme") if sheet.table == "summaries" else (sheet.label,)


def _name(sheet: Sheet, cells: Mapping[str, Any]) -> Key:
    return tuple(said(cells[field]) or "" for field in _fields(sheet))


def _said_name(sheet: Sheet, line: Line) -> Key:
    return tuple(said(line.cells.get(sheet.column(field).heading)) or "" for field in _fields(sheet))


def _own_name(sheet: Sheet, line: Line, row: Row) -> bool:
    return all(same(line.cells.get(sheet.column(f).heading), row.cells[f]) for f in _fields(sheet))


def _words(row: Row, sheet: Sheet) -> str:
    return str(row.cells[sheet.label])


def _place(grid: Grid, line: Line) -> str:
    return f"sheet {grid.name}, row {line.number}"
