"""The case-ordered meta-matrix: cases by outcome and themes, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.checks import labels_of, need, no_duplicates, plural
from crosscase.figures.ink.marks import not_stated_mark
from crosscase.figures.ink.sheet import Sheet, label_width, wrap
from crosscase.figures.ink.style import MUTED, PALE, RULE

Order = Sequence[str] | Mapping[str, str] | None


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
        raise NothingToShow("there are no cells to show.")
    text = f"Matrix of {plural(len(rows), 'case')} and {plural(len(heads), 'column')}"
    text += f", ordered by {order_by}." if order_by else "."
    for row, label in rows.items():
        said = [f"{name}: {known.get((row, c)) or 'not stated'}" for c, name in heads.items()]
        text += f" {label}: {'; '.join(said)}."
    return text


@drawing(alt_meta_matrix)
def meta_matrix(
    sheet: Sheet, frame: pd.DataFrame, cases: Order = None, columns: Order = None, *, order_by: str = ""
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

    Returns
    -------
    Drawing

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
    >>> meta_matrix(frame).draw().get_size_inches()[0].item()
    7.2
    """
    known, rows, heads = _words(frame, cases, columns)
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
