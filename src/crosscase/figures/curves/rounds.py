"""How agreement on each code moves over the rounds of coding."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.brief import brief, short
from crosscase.figures.ink.checks import Order, labels_of, listed, need, no_duplicates, plural
from crosscase.figures.ink.marks import dot, dot_key, undefined_field
from crosscase.figures.ink.page import below, fitted, left_out
from crosscase.figures.ink.panel import Panel
from crosscase.figures.ink.sheet import Key, Sheet, text_width, wrap
from crosscase.figures.ink.style import SERIES


def alt_drift_rounds(
    frame: pd.DataFrame, codes: Order = None, *, measure: str = "value", label: str = "agreement"
) -> str:
    """Say which codes rise and fall most between the first and the last round."""
    table, labels, rounds, coders = _rounds(frame, codes, measure)
    if not labels or not rounds:
        raise NothingToShow("there is no round of coding to show.")
    moves = []
    for code, name in labels.items():
        for coder in coders:
            mine = table[table["code"].eq(code) & table["coder"].eq(coder)].sort_values("round")[measure].dropna()
            if len(mine):
                who = f"{short(name)}{f' ({short(coder, 20)})' if coder else ''}"
                moves.append((mine.iloc[-1] - mine.iloc[0], f"{who} {mine.iloc[0]:.2f} to {mine.iloc[-1]:.2f}"))
    up = [said for by, said in sorted(moves, key=lambda m: -m[0]) if by > 0][:2]
    down = [said for by, said in sorted(moves, key=lambda m: m[0]) if by < 0][:2]
    still = [said for by, said in moves if not by][:2]
    what = f"{label[:1].upper()}{label[1:]}"
    return brief(
        f"{what} on {plural(len(labels), 'code')} over {plural(len(rounds), 'round')}.",
        f"Rises most: {listed(up)}." if up else "",
        f"Falls most: {listed(down)}." if down else "",
        f"Unchanged: {listed(still)}." if still and not up and not down else "",
    )


@drawing(alt_drift_rounds)
def drift_rounds(
    sheet: Sheet, frame: pd.DataFrame, codes: Order = None, *, measure: str = "value", label: str = "agreement"
) -> Figure:
    """Draw how agreement on each code moves over the rounds of coding: one small panel per code, one scale for all.

    Parameters
    ----------
    frame : DataFrame
        One row per round and code: `round`, `code` and the column named by `measure` (0 to 1, null where
        undefined); optionally `coder` (one line each).
    codes : sequence of str or mapping of str to str, optional
        In drawing order, or id -> label.
    measure : str
        Column that is drawn, such as `positive_agreement`.
    label : str
        What it is, in words.

    Raises
    ------
    CrosscaseError
        For a frame that it cannot draw, with all problems at once.

    Examples
    --------
    >>> frame = pd.DataFrame({"round": [1, 2], "code": ["trust"] * 2, "value": [0.5, 0.7]})
    >>> drift_rounds(frame).draw().get_size_inches()[0].item()
    7.2
    """
    table, labels, rounds, coders = _rounds(frame, codes, measure)

    def body(s: Sheet, kept: Sequence[str]) -> float:
        here = {code: name for code, name in labels.items() if code in set(kept)}
        return _panels(s, table, here, rounds, coders, measure, label, len(labels) - len(here))

    known = table[table[measure].notna()]["code"].value_counts()
    return fitted(sheet, body, sorted(labels, key=lambda code: -known.get(code, 0)))


def _panels(
    sheet: Sheet,
    table: pd.DataFrame,
    labels: dict[str, str],
    rounds: list[object],
    coders: list[str],
    measure: str,
    label: str,
    without: int,
) -> float:
    look, pad, size = sheet.look, 0.08 * sheet.scale, sheet.look.small
    across = min(len(labels), max(1, int(look.width / (1.75 * sheet.scale))))
    step = (look.width - pad) / across
    inner = step - text_width("0.0", size) - 3.5 * pad
    lowest = min(0.0, float(table[measure].min(skipna=True) or 0.0))
    y, ids = pad, list(labels)
    for start in range(0, len(ids), across):
        part = ids[start : start + across]
        heads = [wrap(labels[c], step - 2 * pad, look.base, "bold") for c in part]
        head = max(map(len, heads)) * sheet.leading() + 0.5 * pad
        for i, (code, lines) in enumerate(zip(part, heads)):
            x = i * step + pad + text_width("0.0", size) + 1.5 * pad
            sheet.lines(i * step + pad, y + len(lines) * sheet.leading() / 2, lines, weight="bold")
            if sheet.blank:
                continue
            ends = (-0.3, len(rounds) - 0.7)
            panel = Panel(sheet, x, y + head + pad, inner, 0.85 * sheet.scale, ends, (lowest, 1.0))
            panel.frame([(k, str(r)) for k, r in enumerate(rounds)], [(0.0, "0"), (0.5, "0.5"), (1.0, "1")])
            _moves(panel, table[table["code"].eq(code)], rounds, coders, measure)
        y += head + 0.85 * sheet.scale + 3 * pad + sheet.leading(size)
    entries: Key = [(dot_key(i + 1), str(coder)) for i, coder in enumerate(coders) if coder]
    if table[measure].isna().any():
        entries.append((lambda s, x, yy, m: undefined_field(s, x, yy, m, m), "undefined in this round"))
    return below(sheet, y - pad, [left_out(without, "code"), f"Upwards: {label}. Across: round."], entries)


def _rounds(
    frame: pd.DataFrame, codes: Order, measure: str
) -> tuple[pd.DataFrame, dict[str, str], list[object], list[str]]:
    table = need(frame, ["round", "code", measure], "drift_rounds")
    table = table.assign(coder=table["coder"].astype(str) if "coder" in table else "").astype({"code": str})
    no_duplicates(table, ["round", "code", "coder"], "drift_rounds")
    labels = labels_of(codes, table["code"])
    return table, labels, sorted(table["round"].unique()), list(dict.fromkeys(table["coder"]))


def _moves(panel: Panel, table: pd.DataFrame, rounds: list[object], coders: list[str], measure: str) -> None:
    sheet = panel.sheet
    for i, coder in enumerate(coders):
        mine = table[table["coder"].eq(coder)].set_index("round")[measure]
        points = [(panel.at_x(k), mine.get(r)) for k, r in enumerate(rounds)]
        for (x0, a), (x1, b) in pairwise(points):
            if pd.notna(a) and pd.notna(b):
                color, _, dash = SERIES[(i + 1) % len(SERIES)]
                sheet.line([x0, x1], [panel.at_y(a), panel.at_y(b)], color=color, line=1.4, dash=dash, z=2.5)
        for x, value in points:
            if pd.notna(value):
                dot(sheet, x, panel.at_y(value), i + 1)
            elif len(coders) == 1:
                undefined_field(sheet, x, panel.y + panel.height / 2, 0.16 * sheet.scale, panel.height)
