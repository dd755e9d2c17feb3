"""Which case reached which step, with what is unknown drawn as unknown."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.cells.alike import LOUD, merged
from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.brief import brief, named, short
from crosscase.figures.ink.checks import Order, labels_of, listed, need, plural
from crosscase.figures.ink.grid import Grid, draw_grid
from crosscase.figures.ink.marks import absent_mark, count_mark, count_text, not_stated_mark, present_mark, state_legend
from crosscase.figures.ink.page import below, fitted, left_out
from crosscase.figures.ink.sheet import Key, Painter, Sheet
from crosscase.figures.ink.style import ACCENT, HALF

STATUS = {"reached": "reached", "under_way": "under way", "not_reached": "not reached", "unknown": "unknown"}


def alt_step_progress(
    frame: pd.DataFrame, cases: Order = None, steps: Order = None, *, totals: pd.DataFrame | None = None
) -> str:
    """Say how many cells are known, who came furthest, and the counts stated for all cases together.

    Examples
    --------
    >>> frame = pd.DataFrame({"case": ["a"], "step": ["plan"], "status": ["unknown"]})
    >>> alt_step_progress(frame, totals=pd.DataFrame({"step": ["plan"], "k": [2], "n": [4]}))
    '1 case over 1 step: 0 of 1 cells known. Stated for all cases together: plan 2 of 4.'
    """
    known, rows, columns, counts = _progress(frame, cases, steps, totals)
    if not rows or not columns:
        raise NothingToShow("the study names no steps.")
    states = [known.get((r, c), "unknown") for r in rows for c in columns]
    sure = len(states) - states.count("unknown")
    size = f"{plural(len(rows), 'case')} over {plural(len(columns), 'step')}"
    if not sure and not counts:
        raise NothingToShow(f"nothing is known of any cell: {size}.")
    each = listed([f"{states.count(s)} {words}" for s, words in STATUS.items() if s in states and s != "unknown"])
    said = [f"{size}: {sure} of {len(states)} cells known{f', {each}' if each else ''}."]
    reached = {r: sum(known.get((r, c)) == "reached" for c in columns) for r in rows}
    if most := max(reached.values()):
        best = named([rows[r] for r, n in reached.items() if n == most])
        said.append(f"Furthest: {best}, {plural(most, 'step')} reached.")
    if counts:
        together = [f"{short(columns.get(step, step))} {count_text(*counts[step])}" for step in counts]
        said.append(f"Stated for all cases together: {listed(together, 3)}.")
    return brief(*said)


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

    Raises
    ------
    CrosscaseError
        For a frame that it cannot draw, with all problems at once.

    Examples
    --------
    >>> frame = pd.DataFrame({"case": ["a"], "step": ["plan"], "status": ["reached"]})
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

    ids = {r: [_said(known.get((r, c))) for c in columns] for r in rows}
    down = merged(rows, ids, "case", silence="unknown")
    upright = {c: [*(_said(known.get((r, c))) for r in rows), LOUD if c in counts else None] for c in columns}
    across = merged(columns, upright, "step", silence="unknown")
    used = {known.get((r, c), "unknown") for r in down.labels for c in across.labels}

    def body(s: Sheet, kept: Sequence[str]) -> float:
        shown = {r: label for r, label in down.labels.items() if r in set(kept)}
        shown |= {last: "Stated for all cases together"} if counts else {}
        grid = Grid(shown, across.labels, cell_width=0.5, label_share=0.34, bold_rows=frozenset({last}))
        y = draw_grid(s, 0.06 * s.scale, grid, cell)
        entries: Key = [(_status_key(s), words) for s, words in STATUS.items() if s in used]
        entries += state_legend({"count"}) if counts else []
        return below(s, y, [*across.notes, *down.notes, left_out(len(down.labels) - len(kept), "case")], entries)

    return fitted(sheet, body, sorted(down.labels, key=lambda r: -sum(map(bool, ids[r]))))


def _said(status: str | None) -> str | None:
    return None if status in (None, "unknown") else LOUD


def _progress(
    frame: pd.DataFrame, cases: Order, steps: Order, totals: pd.DataFrame | None
) -> tuple[dict[tuple[str, str], str], dict[str, str], dict[str, str], dict[str, tuple[object, object]]]:
    table = need(frame, ["case", "step", "status"], "step_progress", {"status": STATUS}, keys=["case", "step"])
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
