"""The matrix of cell states: case x code, role x code, requirement x pilot, perspective x condition, claim x source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.cells.alike import LOUD, merged
from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.brief import brief, named
from crosscase.figures.ink.checks import Order, labels_of, listed, need, no_duplicates, number, plural
from crosscase.figures.ink.grid import Grid, draw_grid, per_block
from crosscase.figures.ink.marks import absent_mark, count_mark, count_text, not_stated_mark, present_mark, state_legend
from crosscase.figures.ink.page import below, fits, fitted, left_out
from crosscase.figures.ink.sheet import Sheet
from crosscase.figures.ink.style import STATES, VALENCE


def alt_matrix(
    cells: pd.DataFrame, rows: Order = None, columns: Order = None, *, nouns: tuple[str, str] = ("row", "column")
) -> str:
    """Say how many cells are in each state, where most is present, and where nothing is stated.

    Examples
    --------
    >>> cells = pd.DataFrame({"row": ["a", "b"], "column": ["trust"] * 2, "state": ["present", "not_stated"]})
    >>> alt_matrix(cells)
    '2 rows by 1 column: 1 of 2 cells present, 1 not stated. Most: a, present in 1 column. Nothing stated: b.'
    """
    table = _Table(cells, rows, columns)
    if not table.rows or not table.columns:
        raise NothingToShow("there are no rows to show.")
    inside = [table.cell(r, c) for r in table.rows for c in table.columns]
    states = [each["state"] for each in inside]
    size = f"{plural(len(table.rows), nouns[0])} by {plural(len(table.columns), nouns[1])}"
    if states.count("not_stated") == len(states):
        raise NothingToShow(f"nothing is stated in any cell: {size}.")
    counts = {"present": "present", "absent": "absent", "count": "known together", "not_stated": "not stated"}
    first, *more = [f"{states.count(s)} of {len(states)} cells {word}" for s, word in counts.items() if s in states]
    said = [f"{size}: {', '.join([first, *(text.replace(f' of {len(states)} cells', '') for text in more)])}."]
    full = {r: sum(table.cell(r, c)["state"] == "present" for c in table.columns) for r in table.rows}
    if most := max(full.values()):
        best = [table.rows[r] for r, n in full.items() if n == most]
        where = f"present in {plural(most, nouns[1])}{' each' * (len(best) > 1)}"
        none = f"{len(best)} of {plural(len(full), nouns[0])} are {where}, none in more."
        said.append(none if len(best) > max(3, len(full) // 2) else f"Most: {named(best, 3)}, {where}.")
    tones = Counter(str(each.get("valence")) for each in inside if each["state"] == "present")
    if told := [f"{tones[v]} {mark.label}" for v, mark in VALENCE.items() if tones[v] and v != "na"]:
        said.append(f"Of those present, {listed(told)}.")
    if silent := [label for r, label in table.rows.items() if table.silent(r, list(table.columns))]:
        said.append(f"Nothing stated: {named(silent, 3)}.")
    return brief(*said)


@drawing(alt_matrix)
def matrix(
    sheet: Sheet,
    cells: pd.DataFrame,
    rows: Order = None,
    columns: Order = None,
    *,
    row_groups: Mapping[str, str] | None = None,
    column_groups: Mapping[str, str] | None = None,
    nouns: tuple[str, str] = ("row", "column"),
) -> Figure:
    """Draw a grid of cells in four states: present, absent, known only as a count, and not stated.

    What says nothing of its own is merged: lines where nothing is stated, and lines that hold nothing but the same
    count of cases together. What is taller than a page loses the rows that say least, and says how many.

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
    nouns : tuple of str
        What a row and a column is, such as `("code", "case")`; printed where they are counted.

    Raises
    ------
    CrosscaseError
        For a frame that it cannot draw, with all problems at once.

    Examples
    --------
    >>> cells = pd.DataFrame({"row": ["a", "b"], "column": ["trust"] * 2, "state": ["present", "not_stated"]})
    >>> matrix(cells).draw().get_size_inches()[0].item()
    7.2
    """
    table = _Table(cells, rows, columns)
    down = merged(
        table.rows, {r: [table.said(r, c) for c in table.columns] for r in table.rows}, nouns[0],
        groups=row_groups, silent=False,
    )  # fmt: skip
    across = merged(
        table.columns, {c: [table.said(r, c) for r in table.rows] for c in table.columns}, nouns[1],
        groups=column_groups,
    )  # fmt: skip
    ranked = sorted(down.labels, key=lambda r: -sum(table.said(r, c) is not None for c in across.labels))
    shown = list(across.labels)
    counted = any(table.cell(r, c)["state"] == "count" for r in table.rows for c in table.columns)

    def cell(s: Sheet, x: float, y: float, w: float, h: float, row: str, column: str) -> None:
        _cell(s, x, y, w, h, table.cell(row, column))

    def grid_of(kept: Sequence[str], columns: Sequence[str]) -> Grid:
        return Grid(
            {r: label for r, label in down.labels.items() if r in set(kept)},
            {c: across.labels[c] for c in columns},
            row_groups or {},
            column_groups or {},
            cell_width=0.5 if counted else 0.32,
            silent=table.silent,
            noun=nouns[0],
        )

    def body(s: Sheet, kept: Sequence[str]) -> float:
        y = draw_grid(s, 0.06 * s.scale, grid_of(kept, shown), cell)
        less = [left_out(len(ranked) - len(kept), nouns[0]), left_out(len(across.labels) - len(shown), nouns[1])]
        quiet = {r for r in kept if table.silent(r, shown)}
        drawn = [table.cell(r, c) for r in kept for c in shown if r not in quiet or len(quiet) == 1]
        valences = [each.get("valence") for each in drawn if each["state"] == "present"]
        tones = [None if pd.isna(each) else each for each in valences]
        return below(s, y, [*across.notes, *down.notes, *less], state_legend({each["state"] for each in drawn}, tones))

    if fits(sheet, body, ranked) < len(ranked):  # fewer columns may show more
        full = sorted(shown, key=lambda c: -sum(table.said(r, c) is not None for r in ranked))
        beside = per_block(sheet, grid_of(ranked, shown))
        told: dict[tuple[str, ...], int] = {}
        for some in (full, full[: 2 * beside], full[:beside]):
            shown = [c for c in across.labels if c in set(some)]
            kept = ranked[: fits(sheet, body, ranked)]
            told[tuple(shown)] = sum(table.said(r, c) is not None for r in kept for c in shown)
        shown = list(max(told.items(), key=lambda item: item[1])[0])
    return fitted(sheet, body, ranked)


class _Table:
    """The cells of a matrix by row and column; a cell without a row is not stated."""

    def __init__(self, cells: pd.DataFrame, rows: Order, columns: Order) -> None:
        frame = need(cells, ["row", "column", "state"], "matrix", {"state": STATES, "valence": VALENCE})
        no_duplicates(frame, ["row", "column"], "matrix")
        frame = frame.astype({"row": str, "column": str})
        self.rows, self.columns = labels_of(rows, frame["row"]), labels_of(columns, frame["column"])
        self._known = {(row["row"], row["column"]): row for row in frame.to_dict("records")}

    def cell(self, row: str, column: str) -> Mapping[Any, Any]:
        """Return what is known of a cell."""
        return self._known.get((row, column), {"state": "not_stated"})

    def said(self, row: str, column: str) -> str | None:
        """Return what a cell says, as far as it matters for merging."""
        record = self.cell(row, column)
        if record["state"] == "not_stated":
            return None
        return f"in {count_text(record.get('k'), record.get('n'))}" if record["state"] == "count" else LOUD

    def silent(self, row: str, columns: Sequence[str]) -> bool:
        """Return whether nothing is stated in these columns of a row."""
        return all(self.cell(row, column)["state"] == "not_stated" for column in columns)


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
