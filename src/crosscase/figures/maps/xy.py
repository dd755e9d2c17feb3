"""Cases against conditions: XY plots of set membership."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.checks import listed, need, no_duplicates, number, plural
from crosscase.figures.ink.panel import Panel, free_place
from crosscase.figures.ink.sheet import Sheet, text_width
from crosscase.figures.ink.style import ACCENT, INK, MUTED, RULE, tint

Order = Sequence[str] | Mapping[str, str] | None


def alt_xy_plot(
    frame: pd.DataFrame, *, x_label: str = "membership in the condition", y_label: str = "membership in the outcome"
) -> str:
    """Say each case's two memberships and which lie below the diagonal.

    Parameters
    ----------
    frame, x_label, y_label
        As for `xy_plot`.

    Returns
    -------
    str

    Examples
    --------
    >>> frame = pd.DataFrame({"case": ["a", "b"], "x": [0.2, 0.8], "y": [0.4, 0.6]})
    >>> print(alt_xy_plot(frame).split(". ", 1)[1])
    a 0.2, 0.4; b 0.8, 0.6. Below the diagonal: b.
    """
    table = _members(frame)
    if table.empty:
        raise NothingToShow("no case has both memberships.")
    said = [f"{t} {number(x)}, {number(y)}" for t, x, y in zip(table["label"], table["x"], table["y"])]
    below = list(table.loc[table["y"] < table["x"], "label"])
    head = f"Plot of {plural(len(table), 'case')}, {x_label} across and {y_label} upwards."
    return f"{head} {'; '.join(said)}. Below the diagonal: {listed(below) or 'none'}."


@drawing(alt_xy_plot)
def xy_plot(
    sheet: Sheet,
    frame: pd.DataFrame,
    *,
    x_label: str = "membership in the condition",
    y_label: str = "membership in the outcome",
    note: str = "",
) -> Figure:
    """Draw cases by their membership in a condition and in the outcome; above the diagonal speaks for sufficiency.

    Parameters
    ----------
    frame : DataFrame
        One row per case: `case`, `x`, `y` (0 to 1; a case with a null is named below the plot); optionally `label`.
    x_label, y_label : str
        What the axes are.
    note : str
        Printed below, for example consistency and coverage as computed elsewhere.

    Returns
    -------
    Drawing
        Cases are numbered; cases on one spot share a number.

    Raises
    ------
    CrosscaseError
        For missing columns and two rows for one case.

    Examples
    --------
    >>> frame = pd.DataFrame({"case": ["a", "b"], "x": [0.2, 0.8], "y": [0.4, 1.0]})
    >>> xy_plot(frame).draw().get_size_inches()[0].item()
    7.2
    """
    table = _members(frame)
    look, pad, size = sheet.look, 0.1 * sheet.scale, sheet.look.small
    side = min(look.width * 0.62, 4.2 * sheet.scale)
    left, top = pad + text_width("0.5", size) + 0.2 * sheet.scale, pad + 1.6 * sheet.leading()
    panel = Panel(sheet, left, top, side, side, (-0.04, 1.04), (-0.04, 1.04))
    marks = [(0.0, "0"), (0.25, ""), (0.5, "0.5"), (0.75, ""), (1.0, "1")]
    panel.frame(marks, marks, x_label=x_label, y_label=y_label)
    sheet.line([panel.at_x(0), panel.at_x(1)], [panel.at_y(0), panel.at_y(1)], color=MUTED, line=1.0, dash=(0, (4, 3)))
    for half in (panel.at_x(0.5), panel.at_y(0.5)):
        across = half == panel.at_x(0.5)
        xs, ys = ([half] * 2, [top, top + side]) if across else ([left, left + side], [half] * 2)
        sheet.line(xs, ys, color=RULE, line=0.7, z=0.9)
    known = table[table["x"].notna() & table["y"].notna()]
    spots = known.groupby(["x", "y"], sort=True)["label"].agg(list).reset_index()
    listed_down = _spots(sheet, panel, spots, left + side + 2 * pad) + pad
    y = max(top + side + 2.9 * sheet.leading(), listed_down)
    missing = list(table.loc[table["x"].isna() | table["y"].isna(), "label"])
    lines = [note] if note else []
    lines += [f"Not drawn, a membership is not known: {listed(missing)}."] if missing else []
    for line in lines:
        y = sheet.block(pad, y, look.width - 2 * pad, line, size=size, color=MUTED)
    return sheet.finish(y + pad)


def _members(frame: pd.DataFrame) -> pd.DataFrame:
    table = need(frame, ["case", "x", "y"], "xy_plot")
    no_duplicates(table, ["case"], "xy_plot")
    table = table.assign(label=(table["label"] if "label" in table else table["case"]).astype(str))
    for column in ("x", "y"):
        table[column] = pd.to_numeric(table[column]).astype(float)
    return table


def _spots(sheet: Sheet, panel: Panel, spots: pd.DataFrame, right: float) -> float:
    """Draw numbered points; the key to the numbers stands beside the plot, from the highest outcome downwards."""
    size, r = sheet.look.small, 0.05 * sheet.scale
    spots = spots.sort_values(["y", "x"], ascending=[False, False], kind="stable")
    points = [(panel.at_x(x), panel.at_y(y)) for x, y in zip(spots["x"], spots["y"])]
    taken = [(px, py, 2 * r, 2 * r) for px, py in points]
    y = panel.y
    for i, ((px, py), x, high, labels) in enumerate(zip(points, spots["x"], spots["y"], spots["label"]), start=1):
        sheet.circle(px, py, r, fill=ACCENT if high >= x else tint(ACCENT, 0.15), edge=INK, line=0.8)
        side = -1.0 if high >= x else 1.0
        wide, tall = text_width(str(i), size, "bold"), 0.8 * sheet.leading(size)
        nx, ny = free_place(px, py, wide, tall, taken, side * sheet.scale)
        sheet.text(nx, ny, str(i), size=size, weight="bold", ha="center")
        indent = text_width("00 ", size, "bold")
        sheet.text(right, y + sheet.leading(size) / 2, str(i), size=size, weight="bold")
        y = sheet.block(
            right + indent, y, sheet.width - right - indent - 0.05 * sheet.scale, "; ".join(labels), size=size
        )
        y += 0.03 * sheet.scale
    return y
