"""The bridge from each case's theme names to the codes that cases share."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.directions.valence import themes_of
from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.brief import brief, named
from crosscase.figures.ink.checks import Order, labels_of, plural
from crosscase.figures.ink.marks import valence_legend, valence_mark
from crosscase.figures.ink.page import below, fitted, left_out
from crosscase.figures.ink.sheet import Painter, Sheet, label_width, wrap
from crosscase.figures.ink.style import INK, MUTED, RULE, VALENCE, tint


def alt_bridge(frame: pd.DataFrame, cases: Order = None, codes: Order = None) -> str:
    """Say how many codes two or more cases share, and which of them help one and hinder another."""
    table = themes_of(frame, "bridge", "code")
    labels = _code_order(table, codes)
    table = table[table["code"].isin(list(labels))]
    if table.empty:
        raise NothingToShow("no theme is tied to a code.")
    spread = table.groupby("code", sort=False)["case"].nunique()
    if table["case"].nunique() < 2:
        raise NothingToShow("one case alone ties its themes to codes: a bridge needs two.")
    shared = [code for code in labels if spread[code] > 1]
    split = [code for code in shared if {"promotes", "inhibits"} <= set(table.loc[table["code"].eq(code), "valence"])]
    head = f"{plural(len(shared), 'code')} of {len(labels)} {'is' if len(shared) == 1 else 'are'} shared by two or more"
    widest = sorted(shared, key=lambda code: -spread[code])
    return brief(
        f"{head} of {plural(table['case'].nunique(), 'case')}"
        + (f": {named([labels[code] for code in widest])}." if shared else "."),
        f"Promotes in one theme and inhibits in another: {named([labels[code] for code in split])}." if split else "",
        "" if shared else f"Codes: {named(list(labels.values()))}.",
    )


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
        One row per code, those first that cases share, one column per case, theme names as chips; a line joins the
        cases that share a code, double and broken where their valences differ. Two cases at least.

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
    case_labels = {case: label for case, label in case_labels.items() if table["case"].eq(case).any()}
    code_labels = _code_order(table, codes)

    def body(s: Sheet, kept: Sequence[str]) -> float:
        look, pad = s.look, 0.08 * s.scale
        name = label_width(list(code_labels.values()), look.base, 0.6 * s.scale, look.width * 0.2)
        left = name + 2 * pad
        step = (look.width - left - pad) / len(case_labels)
        heads = [wrap(label, step - pad, look.base, "bold") for label in case_labels.values()]
        y = pad + max(map(len, heads)) * s.leading()
        for i, lines in enumerate(heads):
            s.lines(left + (i + 0.5) * step, y - len(lines) * s.leading() / 2, lines, weight="bold", ha="center")
        for code in kept:
            mine = table[table["code"].eq(code)]
            cells = [mine[mine["case"].eq(case)] for case in case_labels]
            y = _bridge_row(s, y, wrap(code_labels[code], name, look.base), cells, left, step)
        return below(s, y, [left_out(len(code_labels) - len(kept), "code")], _key(table, kept))

    spread = table.groupby("code")["case"].nunique()
    return fitted(sheet, body, sorted(code_labels, key=lambda code: -min(spread[code], 2)))


def _key(table: pd.DataFrame, kept: Sequence[str]) -> list[tuple[Painter, str]]:
    shown = table[table["code"].isin(list(kept))]
    entries = valence_legend(shown["valence"])
    if shown.groupby("code")["case"].nunique().gt(1).any():
        entries.append((_same_key, "shared, same valence"))
        entries.append((_differ_key, "shared, valence differs"))
    return entries


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


def _same_key(sheet: Sheet, x: float, y: float, size: float) -> None:
    _link(sheet, x - size / 2, x + size / 2, y, True)


def _differ_key(sheet: Sheet, x: float, y: float, size: float) -> None:
    _link(sheet, x - size / 2, x + size / 2, y, False)
