"""Cases against conditions: XY plots of set membership and the case-ordered meta-matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.checks import labels_of, listed, need, no_duplicates, number, plural
from crosscase.figures.marks import not_stated_mark
from crosscase.figures.panel import Panel, free_place
from crosscase.figures.sheet import Sheet, label_width, nothing, text_width, wrap
from crosscase.figures.style import ACCENT, INK, MUTED, PALE, RULE, drawing, tint

Order = Sequence[str] | Mapping[str, str] | None


@drawing
def xy_plot(
    frame: pd.DataFrame,
    *,
    x_label: str = "membership in the condition",
    y_label: str = "membership in the outcome",
    note: str = "",
    kind: str = "book",
    width: float | None = None,
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
    kind : str
        `book` or `poster`.
    width : float, optional
        Width in inches.

    Returns
    -------
    matplotlib.figure.Figure
        Cases are numbered; cases on one spot share a number.

    Raises
    ------
    CrosscaseError
        For missing columns and two rows for one case.

    Examples
    --------
    >>> frame = pd.DataFrame({"case": ["a", "b"], "x": [0.2, 0.8], "y": [0.4, 1.0]})
    >>> xy_plot(frame).get_size_inches()[0].item()
    7.2
    """
    table = _members(frame)
    if table.empty:
        return nothing("Nothing to draw: no case has both memberships.", kind, width)
    sheet = Sheet(kind, width)
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
        return "Empty plot: no case has both memberships."
    said = [f"{t} {number(x)}, {number(y)}" for t, x, y in zip(table["label"], table["x"], table["y"])]
    below = list(table.loc[table["y"] < table["x"], "label"])
    head = f"Plot of {plural(len(table), 'case')}, {x_label} across and {y_label} upwards."
    return f"{head} {'; '.join(said)}. Below the diagonal: {listed(below) or 'none'}."


@drawing
def meta_matrix(
    frame: pd.DataFrame,
    cases: Order = None,
    columns: Order = None,
    *,
    order_by: str = "",
    kind: str = "book",
    width: float | None = None,
) -> Figure:
    """Draw a case-ordered meta-matrix: short words in every cell, cases in the order of an outcome.

    Parameters
    ----------
    frame : DataFrame
        One row per case and column: `case`, `column`, `text` (null where not stated).
    cases : sequence of str or mapping of str to str, optional
        Cases in the order of the outcome, or id -> label.
    columns : sequence of str or mapping of str to str, optional
        In drawing order, or id -> label.
    order_by : str
        What the cases are ordered by, printed below.
    kind : str
        `book` or `poster`.
    width : float, optional
        Width in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    CrosscaseError
        For missing columns and two rows for one cell.

    References
    ----------
    Miles, M. B., Huberman, A. M., & Saldana, J. (2020). Qualitative data analysis (4th ed.), chapter 9. SAGE.

    Examples
    --------
    >>> frame = pd.DataFrame({"case": ["a"], "column": ["Start"], "text": ["bottom-up"]})
    >>> meta_matrix(frame).get_size_inches()[0].item()
    7.2
    """
    known, rows, heads = _words(frame, cases, columns)
    if not rows or not heads:
        return nothing("Nothing to draw: the matrix has no cells.", kind, width)
    sheet = Sheet(kind, width)
    look, pad, size = sheet.look, 0.07 * sheet.scale, sheet.look.small
    name = label_width(list(rows.values()), look.base, 0.5 * sheet.scale, look.width * 0.18, "bold")
    left = name + 2 * pad
    per_block = max(1, min(len(heads), int((look.width - left - pad) / (1.05 * sheet.scale))))
    step = (look.width - left - pad) / -(-len(heads) // -(-len(heads) // per_block))
    size_block = -(-len(heads) // -(-len(heads) // per_block))
    y, ids = pad, list(heads)
    for start in range(0, len(ids), size_block):
        part = ids[start : start + size_block]
        y = _words_row(
            sheet, y, [], [wrap(heads[c], step - 2 * pad, size, "bold") for c in part], left, step, head=True
        )
        for row, label in rows.items():
            texts = [known.get((row, c)) for c in part]
            cells = [[] if t is None else wrap(t, step - 2 * pad, size) for t in texts]
            y = _words_row(sheet, y, wrap(label, name, look.base, "bold"), cells, left, step)
        sheet.line([pad, left + step * len(part)], [y, y], color=RULE, line=0.5)
        y += 2 * pad
    if order_by:
        y = sheet.block(pad, y, look.width - 2 * pad, f"Cases ordered by {order_by}.", size=size, color=MUTED)
    if any(known.get((r, c)) is None for r in rows for c in heads):
        y = sheet.legend(
            pad, y, look.width - 2 * pad, [(lambda s, x, yy, m: not_stated_mark(s, x, yy, m, m), "not stated")]
        )
    return sheet.finish(y + pad)


def alt_meta_matrix(frame: pd.DataFrame, cases: Order = None, columns: Order = None, *, order_by: str = "") -> str:
    """Say the cells row by row.

    Parameters
    ----------
    frame, cases, columns, order_by
        As for `meta_matrix`.

    Returns
    -------
    str

    Examples
    --------
    >>> alt_meta_matrix(pd.DataFrame({"case": ["a"], "column": ["Start"], "text": ["bottom-up"]}))
    'Matrix of 1 case and 1 column. a: Start: bottom-up.'
    """
    known, rows, heads = _words(frame, cases, columns)
    if not rows or not heads:
        return "Empty matrix: there are no cells to show."
    text = f"Matrix of {plural(len(rows), 'case')} and {plural(len(heads), 'column')}"
    text += f", ordered by {order_by}." if order_by else "."
    for row, label in rows.items():
        said = [f"{name}: {known.get((row, c)) or 'not stated'}" for c, name in heads.items()]
        text += f" {label}: {'; '.join(said)}."
    return text


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


def _words(
    frame: pd.DataFrame, cases: Order, columns: Order
) -> tuple[dict[tuple[str, str], str], dict[str, str], dict[str, str]]:
    table = need(frame, ["case", "column", "text"], "meta_matrix")
    no_duplicates(table, ["case", "column"], "meta_matrix")
    known = {(str(c), str(k)): str(t) for c, k, t in zip(table["case"], table["column"], table["text"]) if pd.notna(t)}
    return known, labels_of(cases, table["case"]), labels_of(columns, table["column"])


def _words_row(
    sheet: Sheet, y: float, label: Sequence[str], cells: Sequence[Sequence[str]], left: float, step: float,
    *, head: bool = False,
) -> float:  # fmt: skip
    pad, size = 0.07 * sheet.scale, sheet.look.small
    tall = max([len(cell) for cell in cells] + [1]) * sheet.leading(size)
    height = max(tall, len(label) * sheet.leading()) + 1.4 * pad
    right = left + step * len(cells)
    if head:
        sheet.rect(left, y, right - left, height, fill=PALE, z=0.4)
    else:
        sheet.line([pad, right], [y, y], color=RULE, line=0.5)
    sheet.lines(pad, y + height / 2, label, weight="bold")
    for i, cell in enumerate(cells):
        x = left + i * step
        if not cell and not head:
            not_stated_mark(sheet, x + step / 2, y + height / 2, step - pad, height - pad)
            continue
        first = y + 0.7 * pad + len(cell) * sheet.leading(size) / 2
        sheet.lines(x + pad, first, cell, size=size, weight="bold" if head else "normal")
    return y + height
