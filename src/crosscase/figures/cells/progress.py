"""Which case reached which step, with what is unknown drawn as unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.checks import labels_of, listed, need, no_duplicates, plural
from crosscase.figures.ink.grid import Grid, draw_grid
from crosscase.figures.ink.marks import (
    absent_mark,
    count_mark,
    count_text,
    not_stated_mark,
    present_mark,
)
from crosscase.figures.ink.sheet import Painter, Sheet
from crosscase.figures.ink.style import ACCENT, HALF

Order = Sequence[str] | Mapping[str, str] | None
STATUS = {
    "reached": "reached",
    "under_way": "under way",
    "not_reached": "not reached",
    "unknown": "unknown",
}


def alt_step_progress(
    frame: pd.DataFrame, cases: Order = None, steps: Order = None, *, totals: pd.DataFrame | None = None
) -> str:
    """Say how many cells are known, and the counts stated for all cases together.

    Parameters
    ----------
    frame, cases, steps, totals
        As for `step_progress`.

    Returns
    -------
    str

    Examples
    --------
    >>> frame = pd.DataFrame({"case": ["a"], "step": ["plan"], "status": ["unknown"]})
    >>> alt_step_progress(frame, totals=pd.DataFrame({"step": ["plan"], "k": [2], "n": [4]}))
    'Progress of 1 case over 1 step: 1 of 1 cells unknown. Stated for all cases together: plan 2 of 4.'
    """
    known, rows, columns, counts = _progress(frame, cases, steps, totals)
    if not rows or not columns:
        raise NothingToShow("the study names no steps.")
    states = [known.get((r, c), "unknown") for r in rows for c in columns]
    text = f"Progress of {plural(len(rows), 'case')} over {plural(len(columns), 'step')}: "
    text += f"{states.count('unknown')} of {len(states)} cells unknown."
    for row, label in rows.items():
        said = [f"{name} {STATUS[known[(row, c)]]}" for c, name in columns.items() if known.get((row, c), "unknown") != "unknown"]  # fmt: skip  # noqa: E501
        text += f" {label}: {listed(said)}." if said else ""
    if counts:
        said = [f"{columns.get(step, step)} {count_text(*counts[step])}" for step in counts]
        text += f" Stated for all cases together: {listed(said)}."
    return text


@drawing(alt_step_progress)
def step_progress(
    sheet: Sheet, frame: pd.DataFrame, cases: Order = None, steps: Order = None, *, totals: pd.DataFrame | None = None
) -> Figure:
    """Draw which case reached which step, with what is unknown drawn as unknown and counts kept as counts.

    Parameters
    ----------
    frame : DataFrame
        One row per case and step: `case`, `step`, `status` (`reached`, `under_way`, `not_reached`, `unknown`). A
        pair without a row is unknown.
    cases, steps : sequence of str or mapping of str to str, optional
        In drawing order, or id -> label.
    totals : DataFrame, optional
        What is stated for all cases together: `step`, `k`, `n`; drawn as a last row.

    Returns
    -------
    Drawing

    Raises
    ------
    CrosscaseError
        For missing columns, an unknown status and two rows for one cell.

    Examples
    --------
    >>> frame = pd.DataFrame({"case": ["a"], "step": ["plan"], "status": ["unknown"]})
    >>> step_progress(frame).draw().get_size_inches()[0].item()
    7.2
    """
    known, rows, columns, counts = _progress(frame, cases, steps, totals)
    last = "\0all"

    def cell(s: Sheet, x: float, y: float, w: float, h: float, row: str, column: str) -> None:
        if row != last:
            _status(s, x, y, w - 0.06 * s.scale, h - 0.06 * s.scale, known.get((row, column), "unknown"))
        elif column in counts:
            count_mark(s, x, y, min(w - 0.06 * s.scale, 0.56 * s.scale), 0.21 * s.scale, count_text(*counts[column]))
        else:
            _status(s, x, y, w - 0.06 * s.scale, h - 0.06 * s.scale, "unknown")

    shown = {**rows, last: "Stated for all cases together"} if counts else rows
    grid = Grid(shown, columns, cell_width=0.5, label_share=0.34, bold_rows=frozenset({last}))
    y = draw_grid(sheet, 0.06 * sheet.scale, grid, cell)
    used = {known.get((r, c), "unknown") for r in rows for c in columns}
    entries: list[tuple[Painter, str]] = [(_status_key(s), words) for s, words in STATUS.items() if s in used]
    if counts:
        entries.append((lambda s, x, yy, m: s.rect(x - m / 2, yy - m / 2, m, m, fill=HALF, edge=ACCENT, line=0.5),
                        "known only for cases together (k of n)"))  # fmt: skip
    y = sheet.legend(0.08 * sheet.scale, y + 0.1 * sheet.scale, sheet.width - 0.16 * sheet.scale, entries)
    return sheet.finish(y + 0.05 * sheet.scale)


def _progress(
    frame: pd.DataFrame, cases: Order, steps: Order, totals: pd.DataFrame | None
) -> tuple[dict[tuple[str, str], str], dict[str, str], dict[str, str], dict[str, tuple[object, object]]]:
    table = need(frame, ["case", "step", "status"], "step_progress", {"status": STATUS})
    no_duplicates(table, ["case", "step"], "step_progress")
    known = {(str(c), str(s)): str(v) for c, s, v in zip(table["case"], table["step"], table["status"]) if pd.notna(v)}
    counts: dict[str, tuple[object, object]] = {}
    if totals is not None:
        sums = need(totals, ["step", "k", "n"], "step_progress, totals")
        counts = {str(s): (k, n) for s, k, n in zip(sums["step"], sums["k"], sums["n"])}
    return known, labels_of(cases, table["case"]), labels_of(steps, [*table["step"], *counts]), counts


def _status(sheet: Sheet, x: float, y: float, width: float, height: float, status: str) -> None:
    size = min(width, height, 0.2 * sheet.scale)
    if status == "reached":
        present_mark(sheet, x, y, size)
    elif status == "under_way":
        sheet.circle(x, y, size / 2, fill=HALF, edge=ACCENT, line=1.0)
        sheet.text(x, y, "›", size=sheet.look.base, weight="bold", ha="center")
    elif status == "not_reached":
        absent_mark(sheet, x, y, size)
    else:
        not_stated_mark(sheet, x, y, width, height)


def _status_key(status: str) -> Painter:
    return lambda sheet, x, y, size: _status(sheet, x, y, size, size, status)
