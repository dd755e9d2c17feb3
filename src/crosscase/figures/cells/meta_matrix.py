"""The case-ordered meta-matrix: cases by outcome and themes, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.cells.alike import LOUD, merged
from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.brief import brief, named, short
from crosscase.figures.ink.checks import Order, labels_of, need, plural
from crosscase.figures.ink.marks import not_stated_mark
from crosscase.figures.ink.page import below, fitted, left_out, measured, tallest
from crosscase.figures.ink.sheet import Key, Sheet, label_width, longest_word, wrap
from crosscase.figures.ink.style import PALE, RULE


def alt_meta_matrix(frame: pd.DataFrame, cases: Order = None, columns: Order = None, *, order_by: str = "") -> str:
    """Say how many cells are filled, what the first and the last case say, and where nothing is stated.

    Examples
    --------
    >>> frame = pd.DataFrame({"case": ["a", "b"], "column": ["Start"] * 2, "text": ["bottom-up", None]})
    >>> alt_meta_matrix(frame)
    '2 cases by 1 column: 1 of 2 cells filled. a: Start: bottom-up. Nothing stated: b.'
    """
    known, rows, heads = _words(frame, cases, columns)
    if not rows or not heads or not known:
        raise NothingToShow("there are no cells to show.")
    if len(rows) == 1:
        raise NothingToShow("a matrix that orders cases needs two cases or more, and there is one.")
    cells = len(rows) * len(heads)
    filled = {r: [f"{short(heads[c])}: {short(known[r, c])}" for c in heads if (r, c) in known] for r in rows}
    order = f", ordered by {short(order_by)}" if order_by else ""
    head = f"{plural(len(rows), 'case')} by {plural(len(heads), 'column')}{order}"
    ends = [rows[r] for r in rows if not filled[r]]
    full = [r for r in rows if filled[r]]
    told = (
        [f"{short(rows[r])}: {'; '.join(filled[r][:2])}." for r in dict.fromkeys([full[0], full[-1]])] if full else []
    )
    silent = f"Nothing stated: {named(ends, 3)}." if ends else ""
    return brief(f"{head}: {sum(map(len, filled.values()))} of {cells} cells filled.", *told, silent)


@drawing(alt_meta_matrix)
def meta_matrix(
    sheet: Sheet, frame: pd.DataFrame, cases: Order = None, columns: Order = None, *, order_by: str = ""
) -> Figure:
    """Draw a case-ordered meta-matrix of two cases or more: short words in every cell, in the order of an outcome.

    Cases that read alike in every column are one row; columns in which no case says anything are one column.

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

    References
    ----------
    Miles, M. B., Huberman, A. M., & Saldana, J. (2020). Qualitative data analysis (4th ed.), chapter 9. SAGE.

    Raises
    ------
    CrosscaseError
        For a frame that it cannot draw, with all problems at once.

    Examples
    --------
    >>> frame = pd.DataFrame({"case": ["a", "b"], "column": ["Start"] * 2, "text": ["bottom-up", "top-down"]})
    >>> meta_matrix(frame).draw().get_size_inches()[0].item()
    7.2
    """
    known, rows, heads = _words(frame, cases, columns)
    down = merged(rows, {r: [known.get((r, c)) for c in heads] for r in rows}, "case")
    told = {c: [LOUD if (r, c) in known else None for r in rows] for c in heads}
    across = merged(heads, told, "column")
    shown = dict(across.labels)

    def body(s: Sheet, kept: Sequence[str]) -> float:
        cases_shown = {r: label for r, label in down.labels.items() if r in set(kept)}
        y = _blocks(s, known, cases_shown, shown)
        silent: Key = [(lambda s, x, yy, m: not_stated_mark(s, x, yy, m, m), "not stated")]
        order = f"Cases ordered by {order_by}." if order_by else ""
        missing = any((r, c) not in known for r in cases_shown for c in shown)
        less = [left_out(len(across.labels) - len(shown), "column"), left_out(len(down.labels) - len(kept), "case")]
        return below(s, y, [order, *across.notes, *down.notes, *less], silent if missing else [])

    ranked = sorted(down.labels, key=lambda r: -sum((r, c) in known for c in heads))
    emptiest = sorted(shown, key=lambda c: sum((r, c) in known for r in rows))
    while len(shown) > 1 and measured(sheet, lambda s: body(s, ranked[:2])) > tallest(sheet):
        del shown[emptiest.pop(0)]  # a page that holds no two cases holds them in fewer columns
    return fitted(sheet, body, ranked, least=min(2, len(ranked)))


def _blocks(
    sheet: Sheet, known: Mapping[tuple[str, str], str], rows: Mapping[str, str], heads: Mapping[str, str]
) -> float:
    """Draw as many columns side by side as hold words, the others in blocks below."""
    look, pad, size = sheet.look, 0.07 * sheet.scale, sheet.look.small
    name = label_width(list(rows.values()), look.base, 0.5 * sheet.scale, look.width * 0.22, "bold")
    left = name + 2 * pad
    room = look.width - left - pad
    least = max(1.05 * sheet.scale, longest_word([*heads.values()], size, "bold") + 2 * pad)
    least = max(least, longest_word([text for (r, c), text in known.items() if r in rows], size) + 2 * pad)
    blocks = -(-len(heads) // max(1, int(room / least)))
    many = -(-len(heads) // blocks)
    step = room / many
    y, ids = pad, list(heads)
    for start in range(0, len(ids), many):
        part = ids[start : start + many]
        titles = [wrap(heads[c], step - 2 * pad, size, "bold") for c in part]
        y = _words_row(sheet, y, [], titles, left, step, head=True)
        for row, label in rows.items():
            texts = [known.get((row, c)) for c in part]
            cells = [[] if t is None else wrap(t, step - 2 * pad, size) for t in texts]
            y = _words_row(sheet, y, wrap(label, name, look.base, "bold"), cells, left, step)
        sheet.line([pad, left + step * len(part)], [y, y], color=RULE, line=0.5)
        y += 2 * pad
    return y - pad


def _words(
    frame: pd.DataFrame, cases: Order, columns: Order
) -> tuple[dict[tuple[str, str], str], dict[str, str], dict[str, str]]:
    table = need(frame, ["case", "column", "text"], "meta_matrix", keys=["case", "column"])
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
