"""Heat maps with their numbers printed: code co-occurrence, confusion between coders, framework matrix coverage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.brief import brief, short
from crosscase.figures.ink.checks import Order, labels_of, listed, need, no_duplicates, number, plural
from crosscase.figures.ink.grid import Grid, draw_grid, per_block, stripe
from crosscase.figures.ink.page import below, fitted, left_out
from crosscase.figures.ink.sheet import Key, Sheet, label_width
from crosscase.figures.ink.style import ACCENT, INK, PAPER, RULE, VALENCE, ink_on, tint


def alt_co_occurrence(
    frame: pd.DataFrame, codes: Order = None, *, top: int | None = None, unit: str = "segments"
) -> str:
    """Say the pairs that occur together most, and how many do so at all.

    Examples
    --------
    >>> alt_co_occurrence(pd.DataFrame({"code_a": ["trust"], "code_b": ["money"], "n": [3]}))
    '1 of 1 pair of 2 codes occurs together. Most often: money and trust (3 segments).'
    """
    counts, marked, labels, _ = _pairs(frame, codes, top or 10**6)
    place = {code: i for i, code in enumerate(labels)}
    pairs = [(n, a, b) for (a, b), n in counts.items() if a in place and b in place and place[a] < place[b] and n]
    if not pairs:
        raise NothingToShow("no two codes occur together.")
    best = sorted(pairs, key=lambda p: (-p[0], place[p[1]], place[p[2]]))[:3]
    often = [(n, a, b) for n, a, b in best if n > 1] or best[: len(pairs) == 1]
    said = [
        f"{short(labels[a], 30)} and {short(labels[b], 30)} ({f'{number(n)} {unit}' if n > 1 else 'once'})"
        for n, a, b in often
    ]
    possible = len(labels) * (len(labels) - 1) // 2
    verb = "occurs" if len(pairs) == 1 else "occur"
    framed = sum((a, b) in marked for _, a, b in pairs)
    return brief(
        f"{len(pairs)} of {plural(possible, 'pair')} of {plural(len(labels), 'code')} {verb} together.",
        f"Most often: {'; '.join(said)}." if said else "None of them more than once.",
        f"More than chance gives: {plural(framed, 'pair')}." if framed else "",
    )


@drawing(alt_co_occurrence)
def co_occurrence(
    sheet: Sheet, frame: pd.DataFrame, codes: Order = None, *, top: int | None = None, unit: str = "segments"
) -> Figure:
    """Draw how often two codes occur together, for the codes that do so most.

    Parameters
    ----------
    frame : DataFrame
        One row per pair (in either order): `code_a`, `code_b`, `n`; a pair of a code with itself gives its own
        count, printed on the diagonal. Optionally `marked` (bool: framed, for example "more than chance").
    codes : sequence of str or mapping of str to str, optional
        In drawing order, or id -> label; otherwise by total, most first.
    top : int, optional
        How many codes are drawn at most where `codes` is not given, 20 by default; fewer where the page holds fewer.
        How many were left out is printed below.
    unit : str
        What is counted.

    Returns
    -------
    Drawing
        The lower triangle; empty cells are pairs that never meet. Where no pair meets more than once, a list.

    Raises
    ------
    CrosscaseError
        For a frame that it cannot draw, with all problems at once.

    Examples
    --------
    >>> frame = pd.DataFrame({"code_a": ["trust"], "code_b": ["money"], "n": [3]})
    >>> co_occurrence(frame).draw().get_size_inches()[0].item()
    7.2
    """
    counts, marked, labels, more = _pairs(frame, codes, top or 20)
    place = {code: i for i, code in enumerate(labels)}
    met = {(a, b): n for (a, b), n in counts.items() if a != b and n and a in place and b in place}
    greatest = max(met.values(), default=1)
    total = {code: sum(met.get((code, other), 0) for other in labels) for code in labels}
    ranked = sorted(labels, key=lambda code: -total[code])
    if greatest == 1:
        return fitted(sheet, lambda s, kept: _list(s, met, labels, kept, unit, more), ranked)

    def cell(s: Sheet, x: float, y: float, w: float, h: float, row: str, column: str) -> None:
        n = counts.get((row, column), 0)
        if place[column] > place[row]:
            return
        if row == column:
            stripe(s, x, y, w, h)
            if n:
                s.text(x, y, number(n), size=s.look.small, ha="center")
        elif n:
            _tile(s, x, y, w, h, n, greatest, framed=(row, column) in marked)

    def body(s: Sheet, kept: Sequence[str]) -> float:
        shown = {code: label for code, label in labels.items() if code in set(kept)}
        grid = _triangle(shown)
        y = draw_grid(s, 0.06 * s.scale, grid, cell)
        alone = any(counts.get((code, code), 0) for code in shown)
        note = f"Number of {unit} with both codes{'; on the diagonal with the code at all' if alone else ''}."
        entries: Key = []
        if any(a in shown and b in shown for a, b in marked):
            entries = [
                (lambda s, x, y, m: _tile(s, x, y, m, m, 0, 1, framed=True), "more often together than chance gives")
            ]
        return below(s, y, [note, left_out(more + len(labels) - len(kept), "code")], entries)

    beside = per_block(sheet, _triangle(labels))
    return fitted(sheet, body, ranked[:beside] if 3 * beside >= 2 * len(ranked) else ranked)  # rather one piece


def _triangle(labels: Mapping[str, str]) -> Grid:
    return Grid(labels, labels, cell_width=0.24, cell_height=0.25, max_cell=0.55, label_share=0.4, triangle=True)


def _list(
    sheet: Sheet, met: Mapping[tuple[str, str], float], labels: Mapping[str, str], kept: Sequence[str], unit: str,
    more: int,
) -> float:  # fmt: skip
    """List the pairs, each once, where none meets more than once: a field of ones says no more."""
    pad, room = 0.08 * sheet.scale, sheet.width
    codes = [code for code in kept if any((code, other) in met for other in kept)]
    name = label_width([labels[code] for code in codes], sheet.look.base, 0.6 * sheet.scale, 0.4 * room, "bold")
    y, done = pad, set()
    for code in codes:
        others = [labels[other] for other in kept if (code, other) in met and (other, code) not in done]
        done |= {(code, other) for other in kept}
        if others:
            sheet.line([pad, room - pad], [y, y], color=RULE, line=0.4)
            under = sheet.block(pad, y + pad / 2, name, labels[code], weight="bold")
            words = sheet.block(name + 3 * pad, y + pad / 2, room - name - 4 * pad, listed(others))
            y = max(under, words) + pad / 2
    note = f"Pairs of codes that have {unit} in common, one each."
    return below(sheet, y, [note, left_out(more + len(labels) - len(kept), "code")], [])


def alt_confusion(
    frame: pd.DataFrame,
    codes: Order = None,
    *,
    first: str = "first coder",
    second: str = "second coder",
    counted: str = "pairs of codings",
) -> str:
    """Say how often the coders gave the same code and which codes they exchanged most.

    Examples
    --------
    >>> frame = pd.DataFrame({"code_a": ["trust", "trust"], "code_b": ["trust", "money"], "n": [5, 2]})
    >>> print(alt_confusion(frame).split(". ")[0])
    Codes by first coder (rows) and second coder (columns): the same code in 5 of 7 pairs of codings
    """
    counts, labels = _directed(frame, codes)
    if not labels or not any(counts.values()):
        raise NothingToShow("nothing was coded by either coder.")
    same = sum(n for (a, b), n in counts.items() if a == b)
    other = sorted(((n, a, b) for (a, b), n in counts.items() if a != b and n), key=lambda p: (-p[0], p[1], p[2]))
    said = [
        f"{short(labels.get(a, a), 30)} against {short(labels.get(b, b), 30)} ({number(n)})" for n, a, b in other[:3]
    ]
    head = f"Codes by {short(first)} (rows) and {short(second)} (columns): the same code in"
    return brief(
        f"{head} {number(same)} of {number(sum(counts.values()))} {counted}.",
        f"Most exchanged: {listed(said) or 'none'}.",
    )


@drawing(alt_confusion)
def confusion(
    sheet: Sheet,
    frame: pd.DataFrame,
    codes: Order = None,
    *,
    first: str = "first coder",
    second: str = "second coder",
    counted: str = "pairs of codings",
) -> Figure:
    """Draw which code one coder gave where the other gave another: rows the first coder, columns the second.

    Parameters
    ----------
    frame : DataFrame
        One row per pair of codes: `code_a` (first coder), `code_b` (second coder), `n`. A code such as `(not coded)`
        stands for what only one of them coded.
    codes : sequence of str or mapping of str to str, optional
        In drawing order, or id -> label.
    first, second : str
        Names of the coders, for the note.
    counted : str
        What `n` counts, in words.

    Returns
    -------
    Drawing
        Agreement on the diagonal in blue, disagreement beside it hatched in orange.

    Raises
    ------
    CrosscaseError
        For a frame that it cannot draw, with all problems at once.

    Examples
    --------
    >>> frame = pd.DataFrame({"code_a": ["trust", "trust"], "code_b": ["trust", "money"], "n": [5, 2]})
    >>> confusion(frame).draw().get_size_inches()[0].item()
    7.2
    """
    counts, labels = _directed(frame, codes)
    greatest = max([n for (a, b), n in counts.items() if a != b] or [1]) or 1
    most = max([n for (a, b), n in counts.items() if a == b] or [1]) or 1

    def cell(s: Sheet, x: float, y: float, w: float, h: float, row: str, column: str) -> None:
        n = counts.get((row, column), 0)
        if row == column:
            stripe(s, x, y, w, h)
        if n and row == column:
            _tile(s, x, y, w, h, n, most)
        elif n:
            _tile(s, x, y, w, h, n, greatest, color=VALENCE["inhibits"].color, round_=True)

    entries: Key = [
        (lambda s, x, yy, m: _tile(s, x, yy, m, m, 0, 1), "same code"),
        (lambda s, x, yy, m: _tile(s, x, yy, m, m, 0, 1, color=VALENCE["inhibits"].color, round_=True), "other code"),
    ]
    total = {code: sum(n for pair, n in counts.items() if code in pair) for code in labels}

    def body(s: Sheet, kept: Sequence[str]) -> float:
        shown = {code: label for code, label in labels.items() if code in set(kept)}
        grid = Grid(shown, shown, cell_width=0.24, cell_height=0.25, max_cell=0.6, label_share=0.36,
                    silent=lambda row, part: not any(counts.get((row, each)) for each in part),
                    noun="code", silence="none of these pairs")  # fmt: skip
        y = draw_grid(s, 0.06 * s.scale, grid, cell)
        note = f"Rows: {first}. Columns: {second}. Numbers of {counted}."
        return below(s, y, [note, left_out(len(labels) - len(kept), "code")], entries)

    return fitted(sheet, body, sorted(labels, key=lambda code: -total[code]))


def _pairs(
    frame: pd.DataFrame, codes: Order, top: int
) -> tuple[dict[tuple[str, str], float], set[tuple[str, str]], dict[str, str], int]:
    table = need(frame, ["code_a", "code_b", "n"], "co_occurrence").astype({"code_a": str, "code_b": str})
    ordered = pd.DataFrame(
        {"one": table[["code_a", "code_b"]].min(axis=1), "two": table[["code_a", "code_b"]].max(axis=1)}
    )
    no_duplicates(ordered, ["one", "two"], "co_occurrence")
    counts: dict[tuple[str, str], float] = {}
    marked: set[tuple[str, str]] = set()
    flags = table["marked"].fillna(False) if "marked" in table else pd.Series(False, index=table.index)
    for a, b, n, flag in zip(table["code_a"], table["code_b"], table["n"], flags):
        counts[(a, b)] = counts[(b, a)] = float(n)
        marked |= {(a, b), (b, a)} if flag else set()
    if codes is not None:
        return counts, marked, labels_of(codes, []), 0
    total: dict[str, float] = {}
    for (a, b), n in counts.items():
        total[a] = total.get(a, 0.0) + (n if a != b else 0.0)
    order = sorted(total, key=lambda code: (-total[code], code))
    return counts, marked, {c: c for c in order[:top]}, max(len(order) - top, 0)


def _directed(frame: pd.DataFrame, codes: Order) -> tuple[dict[tuple[str, str], float], dict[str, str]]:
    table = need(frame, ["code_a", "code_b", "n"], "confusion").astype({"code_a": str, "code_b": str})
    no_duplicates(table, ["code_a", "code_b"], "confusion")
    labels = labels_of(codes, [*table["code_a"], *table["code_b"]])
    return {(a, b): float(n) for a, b, n in zip(table["code_a"], table["code_b"], table["n"])}, labels


def _tile(
    sheet: Sheet, x: float, y: float, w: float, h: float, n: float, greatest: float, *,
    color: str = ACCENT, framed: bool = False, round_: bool = False,
) -> None:  # fmt: skip
    fill, gap = tint(color, 0.2 + 0.8 * n / greatest) if greatest else PAPER, 0.03 * sheet.scale
    tall, wide = h - gap, min(w - gap, 2.2 * h)
    radius = min(tall, wide) / 2.2 if round_ else 0.015 * sheet.scale
    sheet.field(x, y, wide, tall, fill=fill, edge=INK if framed else RULE,
               line=1.6 if framed else 0.3, radius=radius)  # fmt: skip
    if n:
        size = sheet.look.small
        sheet.text(x, y, number(n), size=size, ha="center", color=ink_on(fill), weight="bold" if framed else "normal")
