"""Diverging bars of what inhibits and what promotes: nested, sorted, with what occurs once as a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.brief import brief, named, short
from crosscase.figures.ink.checks import Order, labels_of, listed, need, number, plural
from crosscase.figures.ink.marks import valence_key, valence_legend, valence_mark
from crosscase.figures.ink.page import fits, left_out
from crosscase.figures.ink.sheet import Sheet, label_width, text_width, wrap
from crosscase.figures.ink.style import INK, MUTED, PALE, RULE, VALENCE

Counts = dict[str, dict[str, float]]
FEW = 3
"""So many items of one count each are a list instead of bars."""


@dataclass
class _Row:
    """An item's own counts, which are a bar; or the sums of an item and all below it, which are figures."""

    label: str
    counts: dict[str, float]
    depth: int = 0
    whole: bool = False
    once: list[tuple[str, str]] = field(default_factory=list)

    @property
    def total(self) -> float:
        return sum(self.counts.values())


def alt_valence_bars(
    frame: pd.DataFrame,
    rows: Order = None,
    *,
    row_groups: Mapping[str, str] | None = None,
    parents: Mapping[str, str] | None = None,
    unit: str = "segments",
) -> str:
    """Say how many count as what, and which items are named most."""
    counts, labels = _counts(frame, rows)
    totals = {v: sum(of.get(v, 0) for of in counts.values()) for v in VALENCE}
    if not sum(totals.values()):
        raise NothingToShow("no coding carries a valence.")
    said = listed([f"{number(n)} {VALENCE[v].label}" for v, n in totals.items() if n])
    items = sum(bool(of) for of in counts.values())
    head = f"{number(sum(totals.values()))} {unit} on {plural(items, 'item')} by direction: {said}."
    most = []
    for valence in ("inhibits", "promotes"):
        order = sorted(labels, key=lambda item: -counts[item].get(valence, 0))[:3]
        top = [f"{short(labels[i])} ({number(counts[i][valence])})" for i in order if counts[i].get(valence)]
        if top:
            most.append(f"Most often {valence}: {listed(top)}.")
    return brief(head, *most)


@drawing(alt_valence_bars)
def valence_bars(
    sheet: Sheet,
    frame: pd.DataFrame,
    rows: Order = None,
    *,
    row_groups: Mapping[str, str] | None = None,
    parents: Mapping[str, str] | None = None,
    unit: str = "segments",
) -> Figure:
    """Draw diverging bars: what inhibits to the left, what promotes to the right, other directions behind it.

    Parameters
    ----------
    frame : DataFrame
        One row per item and valence: `item`, `valence`, `n` (an item's own count, all in one unit).
    rows : sequence of str or mapping of str to str, optional
        Items, or id -> label (themes, subthemes or cases); an item without rows is named below.
    row_groups : mapping of str to str, optional
        Item -> heading; items are sorted below their heading.
    parents : mapping of str to str, optional
        Item -> its parent, where that is an item too: it heads what stands below it with the sums in figures, and what
        counts for the parent alone is a bar of its own.
    unit : str
        What is counted, as printed over the column of totals.

    Returns
    -------
    Drawing
        Most first on each level. Three or more items that count one each are a list; what a page does not hold is
        counted in a line.

    Raises
    ------
    CrosscaseError
        For a frame that it cannot draw, with all problems at once.

    Examples
    --------
    >>> frame = pd.DataFrame({"item": ["trust"] * 2, "valence": ["inhibits", "promotes"], "n": [1, 3]})
    >>> valence_bars(frame).draw().get_size_inches()[0].item()
    7.2
    """
    counts, labels = _counts(frame, rows)
    groups = {item: (row_groups or {}).get(item, "") for item in labels}
    blocks: list[tuple[str, list[_Row]]] = []
    for group in dict.fromkeys(groups.values()):
        mine = [item for item in labels if groups[item] == group]
        blocks.append((group, _level(mine, counts, labels, parents or {}, 0)))
    above = _above(labels, counts, parents or {})
    none = [labels[item] for item in labels if not counts[item] and item not in above]
    flat = [(group if i == 0 else "", row) for group, level in blocks for i, row in enumerate(level)]
    ids = [str(i) for i in range(len(flat))]

    def body(s: Sheet, kept: Sequence[str]) -> float:
        bars = _Bars(s, [row for _, row in flat], unit)
        y = bars.heads()
        for group, row in flat[: len(kept)]:
            if group:
                y = s.block(bars.pad, y + 0.06 * s.scale, s.width - 2 * bars.pad, group,
                            size=bars.size, weight="bold", color=MUTED)  # fmt: skip
            y = bars.draw(row, y)
        rest = [row for _, row in flat[len(kept) :] if not row.whole]
        left = sum(len(row.once) or 1 for row in rest)
        return _tail(s, bars, none, left, max((max(row.total, 1) for row in rest), default=0), unit, y)

    shown = fits(sheet, body, ids)
    while 1 < shown < len(flat) and flat[shown - 1][1].whole:
        shown -= 1  # no parent at the foot of the page without what stands below it
    return sheet.finish(body(sheet, ids[:shown]))


def _counts(frame: pd.DataFrame, rows: Order) -> tuple[Counts, dict[str, str]]:
    table = need(frame, ["item", "valence", "n"], "valence_bars", {"valence": VALENCE}, keys=["item", "valence"])
    labels = labels_of(rows, table["item"])
    counts: Counts = {item: {} for item in labels}
    for item, valence, n in zip(table["item"].astype(str), table["valence"], table["n"]):
        if item in counts and pd.notna(n) and n:
            counts[item][str(valence)] = float(n)
    return counts, labels


def _level(
    items: Sequence[str], counts: Counts, labels: Mapping[str, str], parents: Mapping[str, str], depth: int
) -> list[_Row]:
    """Return the rows of one level and of all below it: most first, single counts as a list at the end."""
    known = set(items)
    below: dict[str, list[str]] = {}
    for item in items:
        below.setdefault(top if (top := parents.get(item)) in known and top != item else "", []).append(item)

    def inside(item: str, seen: frozenset[str]) -> list[str]:
        return [item, *(d for child in below.get(item, []) if child not in seen for d in inside(child, seen | {child}))]

    def walk(level: list[str], deep: int) -> list[_Row]:
        sums = {item: _sum([counts[i] for i in inside(item, frozenset({item}))]) for item in level}
        order = sorted((i for i in level if sums[i]), key=lambda i: -sum(sums[i].values()))
        lone = [i for i in order if i not in below and sum(sums[i].values()) == 1]
        lone = lone if len(lone) >= FEW else []
        out: list[_Row] = []
        for item in order:
            if item in lone:
                continue
            if item not in below:
                out.append(_Row(labels[item], sums[item], deep))
                continue
            out.append(_Row(labels[item], sums[item], deep, whole=True))
            if counts[item]:
                out.append(_Row("itself", counts[item], deep + 1))
            out += walk(below[item], deep + 1)
        once = [(v, labels[i]) for i in lone for v in sums[i]]
        ranks = list(VALENCE)
        return out + ([_Row("once each", {}, deep, once=sorted(once, key=lambda o: ranks.index(o[0])))] if once else [])

    return walk(below.get("", []), depth)


def _above(items: Mapping[str, str], counts: Counts, parents: Mapping[str, str]) -> set[str]:
    """Return the items that stand above one that has a count."""
    out: set[str] = set()
    for item in items:
        up = parents.get(item, "") if counts[item] else ""
        while up in items and up not in out:
            out.add(up)
            up = parents.get(up, "")
    return out


def _sum(parts: Sequence[dict[str, float]]) -> dict[str, float]:
    return {v: n for v in VALENCE if (n := sum(part.get(v, 0) for part in parts))}


class _Bars:
    """Where labels, bars and numbers stand, and how a row is drawn."""

    def __init__(self, sheet: Sheet, rows: Sequence[_Row], unit: str) -> None:
        self.sheet, self.pad, self.size = sheet, 0.08 * sheet.scale, sheet.look.small
        self.step = 0.14 * sheet.scale
        self.drawn = [row for row in rows if not row.once]
        self.narrow = sheet.look.width < 5 * sheet.scale
        self.shown = [] if self.narrow else [v for v in VALENCE if any(row.counts.get(v) for row in self.drawn)]
        self.unit = "n" if self.narrow else unit
        self.seen = {v for row in rows for v in [*row.counts, *(v for v, _ in row.once)]}
        look = sheet.look
        deepest = max((row.depth for row in rows), default=0)
        share = 0.45 if self.narrow else 0.34
        self.name = label_width([r.label for r in rows], look.base, 0.6 * sheet.scale, look.width * share, "bold")
        self.name += deepest * self.step
        most = max((row.total for row in self.drawn), default=1)
        self.column = max(text_width(number(most), self.size, "bold"), 0.13 * sheet.scale) + 0.07 * sheet.scale
        self.total = max(text_width(self.unit, self.size, "bold"), text_width(number(most), self.size, "bold"))
        self.numbers = look.width - self.pad - self.total - 0.1 * sheet.scale - self.column * len(self.shown)
        barred = [row for row in self.drawn if not row.whole]
        left = max((row.counts.get("inhibits", 0) for row in barred), default=0)
        right = max((row.total - row.counts.get("inhibits", 0) for row in barred), default=0)
        room = max(self.numbers - self.name - 4 * self.pad, 0.3 * sheet.scale)
        self.per = room / max(left + right, 1)
        self.zero = self.name + 2.5 * self.pad + left * self.per

    def _lines(self, row: _Row) -> list[str]:
        weight = "bold" if row.whole else "normal"
        return wrap(row.label, self.name - row.depth * self.step, self.sheet.look.base, weight)

    def height(self, row: _Row) -> float:
        return max(0.25 * self.sheet.scale, len(self._lines(row)) * self.sheet.leading() + 0.06 * self.sheet.scale)

    def heads(self) -> float:
        sheet, middle = self.sheet, self.pad + self.sheet.leading(self.size) / 2
        if not self.drawn:
            return self.pad
        gap = 0.05 * sheet.scale
        seen = {v for row in self.drawn for v in row.counts}
        left, right = "inhibits ◂", "▸ promotes, other" if seen - {"inhibits", "promotes"} else "▸ promotes"
        if "inhibits" in seen and self.zero - gap - text_width(left, self.size, "bold") > self.pad:
            sheet.text(self.zero - gap, middle, left, size=self.size, weight="bold", ha="right", color=MUTED)
        for words in (right, "▸ promotes"):
            if self.zero + gap + text_width(words, self.size, "bold") < self.numbers:
                sheet.text(self.zero + gap, middle, words, size=self.size, weight="bold", color=MUTED)
                break
        for i, valence in enumerate(self.shown):
            valence_mark(sheet, self._column(i), middle, 0.13 * sheet.scale, valence)
        right_edge = sheet.width - self.pad
        sheet.text(right_edge, middle, self.unit, size=self.size, weight="bold", ha="right", color=MUTED)
        return self.pad + sheet.leading(self.size) * 1.35

    def _column(self, i: int) -> float:
        return self.numbers + (i + 0.5) * self.column

    def draw(self, row: _Row, y: float) -> float:
        if row.once:
            return self._once(row, y)
        sheet, height, half = self.sheet, self.height(row), 0.08 * self.sheet.scale
        middle, weight = y + height / 2, "bold" if row.whole else "normal"
        if row.whole:
            sheet.rect(self.pad / 2, y, sheet.width - self.pad, height, fill=PALE, z=0.3)
        x = self.pad + row.depth * self.step
        slant = "italic" if row.label == "itself" else "normal"
        sheet.lines(x, middle, self._lines(row), weight=weight, slant=slant)
        if row.depth:
            stem = x - 0.6 * self.step
            sheet.line([stem, stem], [y, y + height], color=RULE, line=0.7)
        ahead = self.zero
        for valence in VALENCE:
            n = 0 if row.whole else row.counts.get(valence, 0)
            if not n:
                continue
            start = self.zero - n * self.per if valence == "inhibits" else ahead
            ahead += 0.0 if valence == "inhibits" else n * self.per
            _strip(sheet, start, middle - half, n * self.per, 2 * half, valence)
        for i, valence in enumerate(self.shown):
            if n := row.counts.get(valence, 0):
                sheet.text(self._column(i), middle, number(n), size=self.size, ha="center", weight=weight)
        edge = sheet.width - self.pad
        sheet.text(edge, middle, number(row.total), size=self.size, ha="right", weight="bold", color=MUTED)
        if not row.whole:
            sheet.line([self.zero, self.zero], [y, y + height], color=INK, line=0.9, z=3)
        return y + height

    def _once(self, row: _Row, y: float) -> float:
        sheet, x = self.sheet, self.pad + row.depth * self.step
        y = sheet.block(x, y + 0.05 * sheet.scale, sheet.width - x - self.pad, "Once each", size=self.size,
                        weight="bold", color=MUTED)  # fmt: skip
        return (
            sheet.legend(x, y, sheet.width - x - self.pad, [(valence_key(v), label) for v, label in row.once])
            + 0.03 * sheet.scale
        )


def _strip(sheet: Sheet, x: float, y: float, width: float, height: float, valence: str) -> None:
    mark = VALENCE[valence]
    sheet.rect(x, y, width, height, fill=mark.color, edge=INK, line=0.4, hatch=mark.hatch)
    if width > 0.9 * height:
        r = height * 0.42
        sheet.circle(x + width / 2, y + height / 2, r, fill=mark.color, z=3.5)
        sheet.text(x + width / 2, y + height / 2, mark.symbol, size=sheet.look.small, weight="bold", ha="center",
                   color=mark.text)  # fmt: skip


def _tail(sheet: Sheet, bars: _Bars, none: Sequence[str], left: int, most: float, unit: str, y: float) -> float:
    """Write what stands below the bars: what is left out, what has none, the legend."""
    pad, size, lines = bars.pad, bars.size, []
    if left:
        lines.append(left_out(left, "more item", f"with {number(most)} at most"))
    if none:
        lines.append(f"No {unit}: {named(none, 12, 60)}.")
    for line in lines:
        y = sheet.block(pad, y + 0.4 * pad, sheet.width - 2 * pad, line, size=size, color=MUTED)
    entries = valence_legend(bars.seen)
    if any(row.whole for row in bars.drawn):
        entries.append(
            (lambda s, x, y, m: s.field(x, y, m, m / 1.5, fill=PALE, edge=RULE, line=0.5), "sums of what stands below")
        )
    return sheet.legend(pad, y + pad, sheet.width - 2 * pad, entries) + 0.05 * sheet.scale
