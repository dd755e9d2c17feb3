"""The rows of the workbook as they are written: the same function says later what a cell held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from crosscase import tables
from crosscase.exchange.edit_cells import missing, shown, written
from crosscase.exchange.edit_layout import PARTICIPANT, VALUES, Column, Sheet, Shown

Cell = str | int | float | None
MARK = " "
"""Between case and theme in the id of a row of summaries; no id of a case has one."""


@dataclass
class Row:
    """One row as it is written: id, cells by field, cells of attributes by variable, how deep it stands in a tree."""

    id: str
    cells: dict[str, Cell]
    attributes: dict[str, Cell] = field(default_factory=dict)
    depth: int = 0


def rows_of(sheet: Sheet, frames: Mapping[str, pd.DataFrame], named: Shown) -> list[Row]:
    """Return the rows of one sheet.

    Parameters
    ----------
    sheet : Sheet
        The sheet.
    frames : mapping of str to pandas.DataFrame
        Tables of the study.
    named : Shown
        What their rows are called.
    """
    frame = frames[sheet.table]
    if sheet.table == "summaries":
        return _summaries(sheet, frame, named)
    out = []
    values = values_of(frames[VALUES], sheet.unit) if sheet.unit else {}
    for place, depth in _tree(frame, sheet.key):
        record = frame.iloc[place]
        id = str(record[sheet.key])
        cells = {column.field: _cell(record[column.field], column, named) for column in sheet.columns}
        cells[sheet.label] = written(named.of(sheet.table).get(id, id))
        mine = values.get(id, {})
        attributes = {each: attribute_cell(mine.get(each)) for each in named.attributes} if sheet.unit else {}
        out.append(Row(id, cells, attributes, depth))
    return out


def _cell(value: object, column: Column, named: Shown) -> Cell:
    return shown(value, column, named.of("participants" if column.kind == PARTICIPANT else column.of))


def attribute_cell(value: object) -> Cell:
    """Return the value of an attribute as its cell shows it: a whole number as a number, else text.

    >>> attribute_cell("34"), attribute_cell("034"), attribute_cell("nurse")
    (34, '034', 'nurse')
    """
    if missing(value):
        return None
    text = str(value)
    return (
        int(text) if text.isascii() and text.isdigit() and str(int(text)) == text and len(text) < 15 else written(text)
    )


def values_of(values: pd.DataFrame, unit: str) -> dict[str, dict[str, str]]:
    """Return case or document -> variable -> value."""
    out: dict[str, dict[str, str]] = {}
    mine = values[values["unit"].eq(unit)]
    for id, variable, value in zip(mine["id"], mine["variable"], mine["value"]):
        out.setdefault(id, {})[variable] = value
    return out


def _summaries(sheet: Sheet, frame: pd.DataFrame, named: Shown) -> list[Row]:
    """Return a row for each cell of the framework matrix, and for each summary of another."""
    told = {f"{row['case']}{MARK}{row['theme']}": row for row in frame.to_dict("records")}
    out = []
    for id in dict.fromkeys([*named.hashes, *told]):
        case, _, theme = id.partition(MARK)
        row = told.get(id, {}) | {"case": case, "theme": theme}
        cells = {column.field: _cell(row.get(column.field), column, named) for column in sheet.columns}
        out.append(Row(id, cells))
    return out


def _tree(frame: pd.DataFrame, key: str) -> Iterator[tuple[int, int]]:
    """Yield place and depth of each row, those below another one after it; a circle comes last, at the top."""
    if "parent" not in frame:
        yield from ((place, 0) for place in range(len(frame)))
        return
    below: dict[str, list[int]] = {}
    known = set(frame[key])
    for place, parent in enumerate(frame["parent"]):
        below.setdefault(parent if parent in known else "", []).append(place)
    left = dict.fromkeys(range(len(frame)))
    waiting = [(place, 0) for place in reversed(below.get("", []))]
    while waiting or left:
        place, depth = waiting.pop() if waiting else (next(iter(left)), 0)
        if place not in left:
            continue
        del left[place]
        yield place, depth
        waiting += [(each, depth + 1) for each in reversed(below.get(str(frame[key].iloc[place]), []))]


def blank(sheet: Sheet) -> dict[str, object]:
    """Return a row of the table of a sheet in which nothing is said."""
    return dict.fromkeys(tables.schema(sheet.table).columns)
