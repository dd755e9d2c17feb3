"""Cases against conditions: XY plots of set membership."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.brief import brief, named, short
from crosscase.figures.ink.checks import labelled, need, plural
from crosscase.figures.ink.page import fitted, left_out, less_tall, measured, tallest
from crosscase.figures.ink.panel import Box, Panel
from crosscase.figures.ink.sheet import Painter, Sheet, text_width
from crosscase.figures.ink.style import ACCENT, INK, MUTED, RULE, tint
from crosscase.figures.maps.numbers import key_beside, number_at


def alt_xy_plot(
    frame: pd.DataFrame, *, x_label: str = "membership in the condition", y_label: str = "membership in the outcome"
) -> str:
    """Say how many cases lie on or above the diagonal, and which lie below."""
    table = _members(frame)
    known = table[table["x"].notna() & table["y"].notna()]
    if known.empty:
        raise NothingToShow("no case has both memberships.")
    below = list(known.loc[known["y"] < known["x"], "label"])
    above = [label for label in known["label"] if label not in below]
    missing = len(table) - len(known)
    return brief(
        f"{len(known) - len(below)} of {plural(len(known), 'case')} lie on or above the diagonal of "
        f"{short(x_label)} across and {short(y_label)} upwards.",
        f"Below it: {named(below, 6, 20)}." if below else "",
        f"On or above: {named(above, 3, 20)}." if above else "",
        f"Not drawn, a membership is not known: {missing}." if missing else "",
    )


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
        For a frame that it cannot draw, with all problems at once.

    Examples
    --------
    >>> frame = pd.DataFrame({"case": ["a", "b"], "x": [0.2, 0.8], "y": [0.4, 1.0]})
    >>> xy_plot(frame).draw().get_size_inches()[0].item()
    7.2
    """
    table = _members(frame)
    look, pad, size = sheet.look, 0.1 * sheet.scale, sheet.look.small
    narrow = look.width < 5 * sheet.scale
    known = table[table["x"].notna() & table["y"].notna()]
    spots = known.groupby(["x", "y"], sort=True)["label"].agg(list).reset_index()
    missing = list(table.loc[table["x"].isna() | table["y"].isna(), "label"])
    left, top = pad + text_width("0.5", size) + 0.2 * sheet.scale, pad + 1.6 * sheet.leading()
    wanted = min(look.width - left - pad if narrow else look.width * 0.62, 4.2 * sheet.scale)
    marks = [(0.0, "0"), (0.25, ""), (0.5, "0.5"), (0.75, ""), (1.0, "1")]

    def paint(s: Sheet, side: float, named_here: int) -> float:
        panel = Panel(s, left, top, side, side, (-0.04, 1.04), (-0.04, 1.04))
        words = panel.frame(marks, marks, x_label=x_label, y_label=y_label)
        s.line([panel.at_x(0), panel.at_x(1)], [panel.at_y(0), panel.at_y(1)], color=MUTED, line=1.0, dash=(0, (4, 3)))
        for half in (panel.at_x(0.5), panel.at_y(0.5)):
            across = half == panel.at_x(0.5)
            xs, ys = ([half] * 2, [top, top + side]) if across else ([left, left + side], [half] * 2)
            s.line(xs, ys, color=RULE, line=0.7, z=0.9)
        key, y = list(enumerate(_spots(s, panel, spots, words), start=1)), top + side + 2.9 * s.leading()
        unnamed = sum(len(labels) for _, labels in key[named_here:])
        if narrow:
            y = s.legend(
                pad, y, look.width - 2 * pad, [(_number_key(i), "; ".join(each)) for i, each in key[:named_here]]
            )
        else:
            bottom = tallest(s) - measured(s, lambda q: foot(q, 0.0, unnamed)) - pad
            entries = [(_number_left(i), "; ".join(each)) for i, each in key[:named_here]]
            indent = text_width("00 ", size, "bold")
            y = max(y, key_beside(s, left + side + 2 * pad, panel.y, bottom, indent, entries) + pad)
        return foot(s, y, unnamed)

    def foot(s: Sheet, y: float, unnamed: int) -> float:
        lines = ["Filled: on or above the diagonal.", note, left_out(unnamed, "case", "", "named")]
        lines += [f"Not drawn, a membership is not known: {named(missing, 12, 60)}."] if missing else []
        for line in filter(None, lines):
            y = s.block(pad, y, look.width - 2 * pad, line, size=size, color=MUTED)
        return y + pad

    def body(s: Sheet, kept: Sequence[str]) -> float:
        return less_tall(s, lambda q, side: paint(q, side, len(kept)), wanted, 1.8 * s.scale)

    return fitted(sheet, body, [str(i) for i in range(len(spots))])


def _members(frame: pd.DataFrame) -> pd.DataFrame:
    table = need(frame, ["case", "x", "y"], "xy_plot", keys=["case"])
    table = labelled(table, "case")
    for column in ("x", "y"):
        table[column] = pd.to_numeric(table[column]).astype(float)
    return table


def _spots(sheet: Sheet, panel: Panel, spots: pd.DataFrame, taken: list[Box]) -> list[list[str]]:
    """Draw numbered points, from the highest outcome downwards, and return the names at each."""
    r, spots = 0.05 * sheet.scale, spots.sort_values(["y", "x"], ascending=[False, False], kind="stable")
    points = [(panel.at_x(x), panel.at_y(y)) for x, y in zip(spots["x"], spots["y"])]
    taken = [*taken, *((px, py, 2 * r, 2 * r) for px, py in points)]
    for i, ((px, py), x, high) in enumerate(zip(points, spots["x"], spots["y"]), start=1):
        sheet.circle(px, py, r, fill=ACCENT if high >= x else tint(ACCENT, 0.15), edge=INK, line=0.8)
        number_at(sheet, i, px, py, taken, -1.0 if high >= x else 1.0)
    return list(spots["label"])


def _number_left(number: int) -> Callable[[Sheet, float, float], None]:
    return lambda sheet, x, y: sheet.text(x, y, str(number), size=sheet.look.small, weight="bold")


def _number_key(number: int) -> Painter:
    return lambda sheet, x, y, size: sheet.text(x, y, str(number), size=sheet.look.small, weight="bold", ha="center")
