"""The matrix of cell states: case x code, role x code, requirement x pilot, perspective x condition, claim x source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.checks import labels_of, listed, need, no_duplicates, number, plural
from crosscase.figures.ink.grid import Grid, draw_grid
from crosscase.figures.ink.marks import (
    absent_mark,
    count_mark,
    count_text,
    not_stated_mark,
    present_mark,
    state_legend,
)
from crosscase.figures.ink.sheet import Sheet
from crosscase.figures.ink.style import STATES, VALENCE

Order = Sequence[str] | Mapping[str, str] | None


def alt_matrix(cells: pd.DataFrame, rows: Order = None, columns: Order = None) -> str:
    """Say in words what the matrix shows: its size, how many cells are in each state, and row by row what is present.

    Parameters
    ----------
    cells, rows, columns
        As for `matrix`.

    Returns
    -------
    str

    Examples
    --------
    >>> cells = pd.DataFrame({"row": ["a", "b"], "column": ["trust"] * 2, "state": ["present", "not_stated"]})
    >>> alt_matrix(cells)
    'Matrix of 2 rows and 1 column: 1 cell present, 1 cell not stated. a: trust present. b: nothing stated.'
    """
    frame = _checked(cells)
    row_labels, column_labels = labels_of(rows, frame["row"]), labels_of(columns, frame["column"])
    if not row_labels or not column_labels:
        raise NothingToShow("there are no rows to show.")
    known = {(row["row"], row["column"]): row for row in frame.to_dict("records")}
    states = [known.get((r, c), {"state": "not_stated"})["state"] for r in row_labels for c in column_labels]
    totals = [
        f"{plural(states.count(s), 'cell')} {words.split(' (')[0]}" for s, words in STATES.items() if states.count(s)
    ]
    head = (
        f"Matrix of {plural(len(row_labels), 'row')} and {plural(len(column_labels), 'column')}: {', '.join(totals)}."
    )
    parts = [head]
    for row, label in row_labels.items():
        said = [
            f"{name} {_words(known[(row, column)])}"
            for column, name in column_labels.items()
            if (row, column) in known and known[(row, column)]["state"] in ("present", "count")
        ]
        silent = all(known.get((row, c), {"state": "not_stated"})["state"] == "not_stated" for c in column_labels)
        if said:
            parts.append(f"{label}: {listed(said, limit=12)}.")
        elif silent:
            parts.append(f"{label}: nothing stated.")
    return " ".join(parts)


@drawing(alt_matrix)
def matrix(
    sheet: Sheet,
    cells: pd.DataFrame,
    rows: Order = None,
    columns: Order = None,
    *,
    row_groups: Mapping[str, str] | None = None,
    column_groups: Mapping[str, str] | None = None,
) -> Figure:
    """Draw the four states of every cell: present, absent, known only as a count, not stated.

    Parameters
    ----------
    cells : DataFrame
        One row per cell: `row`, `column`, `state` (`present`, `absent`, `count`, `not_stated`); optionally `value`
        (a number printed in a present cell), `k` and `n` (printed in a count cell as "2 of 4"), `valence`
        (colour and symbol of a present cell). A cell without a row is drawn as not stated.
    rows, columns : sequence of str or mapping of str to str, optional
        Ids in drawing order, or id -> label; otherwise in order of appearance.
    row_groups, column_groups : mapping of str to str, optional
        Id -> heading under which it stands; ids of one group should follow each other.

    Returns
    -------
    Drawing

    Raises
    ------
    CrosscaseError
        For missing columns, unknown states or valences, and two rows for one cell.

    Examples
    --------
    >>> cells = pd.DataFrame({"row": ["a", "b"], "column": ["trust"] * 2, "state": ["present", "not_stated"]})
    >>> matrix(cells).draw().get_size_inches()[0].item()
    7.2
    """
    frame = _checked(cells)
    row_labels, column_labels = labels_of(rows, frame["row"]), labels_of(columns, frame["column"])
    known = {(row["row"], row["column"]): row for row in frame.to_dict("records")}

    def cell(s: Sheet, x: float, y: float, w: float, h: float, row: str, column: str) -> None:
        _cell(s, x, y, w, h, known.get((row, column), {"state": "not_stated"}))

    counted = frame["state"].eq("count").any()
    grid = Grid(
        row_labels,
        column_labels,
        row_groups or {},
        column_groups or {},
        cell_width=0.5 if counted else 0.32,
    )
    y = draw_grid(sheet, 0.06 * sheet.scale, grid, cell)
    states, valences = _shown(frame, row_labels, column_labels)
    y = sheet.legend(
        0.08 * sheet.scale, y + 0.12 * sheet.scale, sheet.width - 0.16 * sheet.scale, state_legend(states, valences)
    )
    return sheet.finish(y + 0.06 * sheet.scale)


def _checked(cells: pd.DataFrame) -> pd.DataFrame:
    frame = need(cells, ["row", "column", "state"], "matrix", {"state": STATES, "valence": VALENCE})
    no_duplicates(frame, ["row", "column"], "matrix")
    return frame.astype({"row": str, "column": str})


def _shown(
    frame: pd.DataFrame, rows: Mapping[str, str], columns: Mapping[str, str]
) -> tuple[set[str], set[str | None]]:
    inside = frame[frame["row"].isin(list(rows)) & frame["column"].isin(list(columns))]
    states = set(inside["state"])
    if len(inside) < len(rows) * len(columns):
        states.add("not_stated")
    valences = inside.loc[inside["state"].eq("present"), "valence"] if "valence" in inside else pd.Series(dtype=str)
    return states, {None if pd.isna(v) else str(v) for v in valences}


def _cell(sheet: Sheet, x: float, y: float, width: float, height: float, record: Mapping[str, object]) -> None:
    state, gap = record["state"], 0.03 * sheet.scale
    size = min(width - 2 * gap, height - 2 * gap, 0.2 * sheet.scale)
    value = record.get("value")
    text = "" if value is None or pd.isna(value) else number(value)
    valence = record.get("valence")
    if state == "present":
        present_mark(sheet, x, y, size, text, None if valence is None or pd.isna(valence) else str(valence))
    elif state == "absent":
        absent_mark(sheet, x, y, size, text)
    elif state == "count":
        words = count_text(record.get("k"), record.get("n"))
        count_mark(
            sheet, x, y, min(width - 2 * gap, 0.56 * sheet.scale), min(height - 2 * gap, 0.21 * sheet.scale), words
        )
    else:
        not_stated_mark(sheet, x, y, width - 2 * gap, height - 2 * gap)


def _words(record: Mapping[str, object]) -> str:
    if record["state"] == "count":
        return f"in {count_text(record.get('k'), record.get('n'))}"
    value, valence = record.get("value"), record.get("valence")
    words = "present"
    if valence is not None and not pd.isna(valence) and valence != "na":
        words = VALENCE[str(valence)].label
    if value is not None and not pd.isna(value):
        words += f" ({number(value)})"
    return words
