"""The bridge from each case's theme names to the codes that cases share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.directions.valence import themes_of
from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.checks import labels_of, listed, plural
from crosscase.figures.ink.marks import (
    valence_legend,
    valence_mark,
)
from crosscase.figures.ink.sheet import Sheet, label_width, wrap
from crosscase.figures.ink.style import INK, MUTED, RULE, VALENCE, tint

Order = Sequence[str] | Mapping[str, str] | None


def alt_bridge(frame: pd.DataFrame, cases: Order = None, codes: Order = None) -> str:
    """Say which codes are shared by which cases with which valence.

    Parameters
    ----------
    frame, cases, codes
        As for `bridge`.

    Returns
    -------
    str

    Examples
    --------
    >>> frame = pd.DataFrame({"case": ["a", "b"], "theme": ["Good chiefs", "Bad chiefs"], "code": ["management"] * 2})
    >>> alt_bridge(frame.assign(valence=["promotes", "inhibits"])).split(". ")[-1]
    'management: promotes in a, inhibits in b.'
    """
    table = themes_of(frame, "bridge", "code")
    if table.empty:
        raise NothingToShow("no theme is tied to a code.")
    case_labels, parts, shared = labels_of(cases, table["case"]), [], 0
    for code, label in _code_order(table, codes).items():
        mine = table[table["code"].eq(code)]
        shared += mine["case"].nunique() > 1
        said = [
            f"{VALENCE[v].label} in {listed([case_labels.get(c, c) for c in dict.fromkeys(part['case'])])}"
            for v in dict.fromkeys(mine["valence"])
            if len(part := mine[mine["valence"].eq(v)])
        ]
        parts.append(f"{label}: {', '.join(said)}.")
    verb = "is" if shared == 1 else "are"
    head = f"Theme names and shared codes by case. {plural(shared, 'code')} {verb} shared by two or more cases."
    return " ".join([head, *parts])


@drawing(alt_bridge)
def bridge(sheet: Sheet, frame: pd.DataFrame, cases: Order = None, codes: Order = None) -> Figure:
    """Draw how the theme names of each case meet in shared codes, and where a code helps one and hinders another.

    Parameters
    ----------
    frame : DataFrame
        One row per theme and code: `case`, `theme`, `valence`, `code`; optionally `label` (of the theme).
    cases, codes : sequence of str or mapping of str to str, optional
        In drawing order, or id -> label. Without `codes`, those that occur in most cases come first.

    Returns
    -------
    Drawing
        One row per code, one column per case, theme names as chips; a line joins the cases that share a code, double
        and marked where their valences differ.

    Raises
    ------
    CrosscaseError
        For missing columns and unknown valences.

    Examples
    --------
    >>> frame = pd.DataFrame({"case": ["a", "b"], "theme": ["Good chiefs", "Bad chiefs"], "code": ["management"] * 2})
    >>> bridge(frame.assign(valence=["promotes", "inhibits"])).draw().get_size_inches()[0].item()
    7.2
    """
    table = themes_of(frame, "bridge", "code")
    case_labels = labels_of(cases, table["case"])
    code_labels = _code_order(table, codes)
    look, pad = sheet.look, 0.08 * sheet.scale
    name = label_width(list(code_labels.values()), look.base, 0.6 * sheet.scale, look.width * 0.2)
    left = name + 2 * pad
    step = (look.width - left - pad) / len(case_labels)
    y = pad + sheet.leading()
    for i, label in enumerate(case_labels.values()):
        sheet.text(left + (i + 0.5) * step, pad + sheet.leading() / 2, label, weight="bold", ha="center")
    for code, label in code_labels.items():
        mine = table[table["code"].eq(code)]
        cells = [mine[mine["case"].eq(case)] for case in case_labels]
        y = _bridge_row(sheet, y, wrap(label, name, look.base), cells, left, step)
    y = sheet.legend(pad, y + pad, look.width - 2 * pad, [
        *valence_legend(table["valence"]),
        (lambda s, x, yy, m: s.line([x - m / 2, x + m / 2], [yy, yy], color=MUTED, line=1.6), "shared, same valence"),
        (_differ_key, "shared, valence differs"),
    ])  # fmt: skip
    return sheet.finish(y + 0.04 * sheet.scale)


def _code_order(table: pd.DataFrame, codes: Order) -> dict[str, str]:
    if codes is not None:
        wanted = labels_of(codes, [])
        return {code: label for code, label in wanted.items() if table["code"].eq(code).any()}
    spread = table.groupby("code", sort=False)["case"].nunique().sort_values(ascending=False, kind="stable")
    return {str(code): str(code) for code in spread.index}


def _bridge_row(sheet, y, label, cells, left, step) -> float:
    look, pad, mark = sheet.look, 0.07 * sheet.scale, 0.18 * sheet.scale
    inner = step - 4 * pad - mark
    wrapped = [[(wrap(t, inner, look.small), v) for t, v in zip(c["label"], c["valence"])] for c in cells]
    line = sheet.leading(look.small)
    chips = [[max(len(lines) * line, mark) + 0.08 * sheet.scale for lines, _ in cell] for cell in wrapped]
    gap = 0.05 * sheet.scale
    tall = [sum(cell) + gap * max(len(cell) - 1, 0) for cell in chips]
    height = max([*tall, len(label) * sheet.leading()]) + 0.14 * sheet.scale
    middle = y + height / 2
    sheet.line([pad, sheet.width - pad], [y, y], color=RULE, line=0.4)
    sheet.lines(pad, middle, label)
    used = [i for i, cell in enumerate(wrapped) if cell]
    for a, b in pairwise(used):
        same = {v for _, v in wrapped[a]} == {v for _, v in wrapped[b]}
        _link(sheet, left + (a + 1) * step - pad, left + b * step + pad, middle, same)
    for i, cell in enumerate(wrapped):
        at = middle - tall[i] / 2
        for (lines, valence), chip in zip(cell, chips[i]):
            x, tone = left + i * step + pad, VALENCE[valence]
            sheet.rect(
                x,
                at,
                step - 2 * pad,
                chip,
                fill=tint(tone.color, 0.14),
                edge=tone.color,
                line=0.9,
                radius=0.04 * sheet.scale,
            )
            valence_mark(sheet, x + pad * 0.7 + mark / 2, at + chip / 2, mark, valence)
            sheet.lines(x + 1.4 * pad + mark, at + chip / 2, lines, size=look.small)
            at += chip + gap
    return y + height


def _link(sheet: Sheet, x0: float, x1: float, y: float, same: bool) -> None:
    if same:
        sheet.line([x0, x1], [y, y], color=MUTED, line=1.6)
        return
    off = 0.022 * sheet.scale
    for shift in (-off, off):
        sheet.line([x0, x1], [y + shift, y + shift], color=INK, line=1.1, dash=(0, (3, 1.5)))


def _differ_key(sheet: Sheet, x: float, y: float, size: float) -> None:
    _link(sheet, x - size / 2, x + size / 2, y, False)
