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
from crosscase.figures.ink.sheet import Key, Measure, Sheet, label_width, longest_word, wrap
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
        For a frame that it cannot draw, with all problems at once.

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
    found = table.groupby(["code", "case"]).indices

    def body(s: Sheet, kept: Sequence[str]) -> float:
        look, pad = s.look, 0.08 * s.scale
        name = label_width(list(code_labels.values()), look.base, 0.6 * s.scale, look.width * 0.2)
        left = name + 2 * pad
        step = (look.width - left - pad) / len(case_labels)
        beside = longest_word(list(table["label"]), look.small) <= _inner(s, step)
        beside = beside and longest_word(list(case_labels.values()), look.base, "bold") <= step - pad
        y = _heads(s, list(case_labels.values()), left, step) if beside else pad
        for code in kept:
            cells = {label: table.iloc[found.get((code, case), [])] for case, label in case_labels.items()}
            if beside:
                y = _side_by_side(s, y, wrap(code_labels[code], name, look.base), cells, left, step)
            else:
                y = _stacked(s, y, code_labels[code], cells)
        return below(s, y, [left_out(len(code_labels) - len(kept), "code")], _key(table, kept))

    spread = table.groupby("code")["case"].nunique()
    return fitted(sheet, body, sorted(code_labels, key=lambda code: -min(spread[code], 2)))


def _key(table: pd.DataFrame, kept: Sequence[str]) -> Key:
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


def _heads(sheet: Sheet, labels: Sequence[str], left: float, step: float) -> float:
    pad = 0.08 * sheet.scale
    heads = [wrap(label, step - pad, sheet.look.base, "bold") for label in labels]
    y = pad + max(map(len, heads)) * sheet.leading()
    for i, lines in enumerate(heads):
        middle = y - len(lines) * sheet.leading() / 2
        sheet.lines(left + (i + 0.5) * step, middle, lines, weight="bold", ha="center")
    return y


def _inner(sheet: Sheet, width: float) -> float:
    """Return the room for words in a chip of a column that is so wide."""
    return width - 0.46 * sheet.scale


def _chip(sheet: Sheet, x: float, y: float, width: float, words: str, valence: str) -> float:
    """Draw a theme's name with its valence and return its height."""
    pad, mark, tone = 0.07 * sheet.scale, 0.18 * sheet.scale, VALENCE[valence]
    lines = wrap(words, width - 2 * pad - mark, sheet.look.small)
    height = max(len(lines) * sheet.leading(sheet.look.small), mark) + 0.08 * sheet.scale
    fill, radius = tint(tone.color, 0.14), 0.04 * sheet.scale
    sheet.rect(x, y, width, height, fill=fill, edge=tone.color, line=0.9, radius=radius)
    valence_mark(sheet, x + pad * 0.7 + mark / 2, y + height / 2, mark, valence)
    sheet.lines(x + 1.4 * pad + mark, y + height / 2, lines, size=sheet.look.small)
    return height


def _chips(sheet: Sheet, x: float, y: float, width: float, cell: pd.DataFrame) -> float:
    """Draw the chips of a case one below another and return the height of all."""
    gap, at = 0.05 * sheet.scale, y
    for words, valence in zip(cell["label"], cell["valence"]):
        at += _chip(sheet, x, at, width, words, valence) + gap
    return max(at - gap - y, 0.0)


def _same(a: pd.DataFrame, b: pd.DataFrame) -> bool:
    return set(a["valence"]) == set(b["valence"])


def _side_by_side(
    sheet: Sheet, y: float, words: list[str], cells: dict[str, pd.DataFrame], left: float, step: float
) -> float:
    pad, measure = 0.07 * sheet.scale, Measure(sheet.look.kind, sheet.width)
    parts = list(cells.values())
    tall = [_chips(measure, 0.0, 0.0, step - 2 * pad, cell) for cell in parts]
    height = max([*tall, len(words) * sheet.leading()]) + 0.14 * sheet.scale
    middle = y + height / 2
    sheet.line([pad, sheet.width - pad], [y, y], color=RULE, line=0.4)
    sheet.lines(pad, middle, words)
    for a, b in pairwise([i for i, cell in enumerate(parts) if len(cell)]):
        ends = left + (a + 1) * step - pad, left + b * step + pad
        _link(sheet, ends, (middle, middle), _same(parts[a], parts[b]))
    for i, cell in enumerate(parts):
        _chips(sheet, left + i * step + pad, middle - tall[i] / 2, step - 2 * pad, cell)
    return y + height


def _stacked(sheet: Sheet, y: float, words: str, cells: dict[str, pd.DataFrame]) -> float:
    """Draw the cases of a code one below another, where columns are too narrow for the words."""
    pad, size = 0.07 * sheet.scale, sheet.look.small
    cases = label_width(list(cells), size, 0.3 * sheet.scale, sheet.width * 0.3, "bold")
    x = 3 * pad + cases
    sheet.line([pad, sheet.width - pad], [y, y], color=RULE, line=0.4)
    at, before = sheet.block(pad, y + pad / 2, sheet.width - 2 * pad, words) + pad / 2, None
    for label, cell in ((label, cell) for label, cell in cells.items() if len(cell)):
        if before is not None:
            at += 0.12 * sheet.scale
            _link(sheet, (x + 2 * pad, x + 2 * pad), (at - 0.12 * sheet.scale, at), _same(before, cell))
        lines = wrap(label, cases, size, "bold")
        tall = max(_chips(sheet, x, at, sheet.width - x - pad, cell), len(lines) * sheet.leading(size))
        sheet.lines(pad, at + tall / 2, lines, size=size, weight="bold", color=MUTED)
        at, before = at + tall, cell
    return at + pad


def _link(sheet: Sheet, x: tuple[float, float], y: tuple[float, float], same: bool) -> None:
    if same:
        sheet.line(x, y, color=MUTED, line=1.6)
        return
    off = 0.022 * sheet.scale
    across, down = (0.0, off) if y[0] == y[1] else (off, 0.0)
    for side in (-1, 1):
        ends = [at + side * across for at in x], [at + side * down for at in y]
        sheet.line(*ends, color=INK, line=1.1, dash=(0, (3, 1.5)))


def _same_key(sheet: Sheet, x: float, y: float, size: float) -> None:
    _link(sheet, (x - size / 2, x + size / 2), (y, y), True)


def _differ_key(sheet: Sheet, x: float, y: float, size: float) -> None:
    _link(sheet, (x - size / 2, x + size / 2), (y, y), False)
