"""The map of a correspondence analysis: cases with their outlines, themes beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.brief import brief, named
from crosscase.figures.ink.checks import need, plural
from crosscase.figures.ink.page import fitted, left_out, less_tall, measured, tallest
from crosscase.figures.ink.panel import Box, Panel, ticks
from crosscase.figures.ink.sheet import Sheet, longest_word, text_width
from crosscase.figures.ink.style import ACCENT, INK, MUTED, RULE, tint
from crosscase.figures.maps.numbers import Entry, key_beside, number_at


def alt_correspondence_map(places: pd.DataFrame) -> str:
    """Say which cases and themes lie farthest to either side of the first axis."""
    table = _places(places)
    if table.empty:
        raise NothingToShow("no case has a place.")
    counts = [plural(int(table["kind"].eq(kind).sum()), kind) for kind in ("case", "theme")]

    def side(left: bool) -> str:
        part = table[table["axis_1"] < 0] if left else table[table["axis_1"] >= 0]
        ends = [part[part["kind"].eq(kind)].sort_values("axis_1", ascending=left) for kind in ("case", "theme")]
        return "; ".join(named(list(end["name"]), 3, 30) for end in ends if len(end)) or "none"

    return brief(f"Map of {' and '.join(counts)}.", f"Left of the middle, farthest first: {side(True)}.",
                 f"Right of the middle: {side(False)}.")  # fmt: skip


@drawing(alt_correspondence_map)
def correspondence_map(
    sheet: Sheet, places: pd.DataFrame, outlines: pd.DataFrame | None = None, *, note: str = ""
) -> Figure:
    """Draw cases and themes on the two axes of a correspondence analysis.

    Parameters
    ----------
    places : DataFrame
        One row per case and theme: `name`, `kind` (`case` or `theme`), `axis_1`, `axis_2`.
    outlines : DataFrame, optional
        Points of an outline around cases, in order: `case`, `axis_1`, `axis_2`.
    note : str
        Printed below, for example what share of the inertia the axes carry.

    Raises
    ------
    CrosscaseError
        For a frame that it cannot draw, with all problems at once.

    Examples
    --------
    >>> places = pd.DataFrame({"name": ["a", "trust"], "kind": ["case", "theme"], "axis_1": [0, 1], "axis_2": [1, 0]})
    >>> correspondence_map(places).draw().get_size_inches()[0].item()
    7.2
    """
    table = _places(places)
    look, pad = sheet.look, 0.1 * sheet.scale
    left, top = pad + text_width("−0.75", look.small) + 0.15 * sheet.scale, pad + 1.6 * sheet.leading()
    drawn = pd.concat([table] if outlines is None or outlines.empty else [table, outlines])
    (x_low, x_high), (y_low, y_high) = (_range(drawn[axis].astype(float)) for axis in ("axis_1", "axis_2"))
    words = longest_word(list(table["name"].astype(str)), look.small)  # beside the map the names stay whole
    key = 2.5 * pad + text_width("00 ", look.small, "bold") + 0.2 * sheet.scale + min(words, 0.5 * sheet.width)
    ratio = (y_high - y_low) / (x_high - x_low)
    across = min(0.66 * sheet.width - left, 4.6 * sheet.scale, sheet.width - left - key)
    wanted = min(across * ratio, 1.2 * across)

    def paint(s: Sheet, tall: float, named_here: int) -> float:
        panel = Panel(s, left, top, tall / ratio, tall, (x_low, x_high), (y_low, y_high))
        x_ticks, y_ticks = ticks(x_low, x_high, 6), ticks(y_low, y_high, 6)
        words = panel.frame(x_ticks, y_ticks, grid=False, x_label="first axis", y_label="second axis")
        for xs, ys in (((x_low, x_high), (0, 0)), ((0, 0), (y_low, y_high))):
            s.line([panel.at_x(v) for v in xs], [panel.at_y(v) for v in ys], color=RULE, line=0.8, z=0.9)
        for _, edge in [] if outlines is None else list(outlines.groupby("case", sort=False)):
            closed = pd.concat([edge, edge.iloc[:1]])
            edge_x, edge_y = [panel.at_x(v) for v in closed["axis_1"]], [panel.at_y(v) for v in closed["axis_2"]]
            s.line(edge_x, edge_y, color=tint(ACCENT, 0.55), line=0.8)
        entries, r = _marks(s, panel, table, words)[:named_here], 0.045 * s.scale
        indent = text_width("00 ", look.small, "bold") + 3 * r
        bottom = tallest(s) - measured(s, lambda q: foot(q, 0.0, named_here)) - pad
        ends = key_beside(s, left + panel.width + 2 * pad, panel.y, bottom, indent, entries)
        return foot(s, max(top + tall + 2.9 * s.leading(), ends + pad), named_here)

    def foot(s: Sheet, y: float, named_here: int) -> float:
        unnamed = left_out(len(table) - named_here, "mark", "", "named")
        for line in filter(None, ["Circles are cases, diamonds themes.", note, unnamed]):
            y = s.block(pad, y, s.width - 2 * pad, line, size=look.small, color=MUTED)
        return y + pad

    def body(s: Sheet, kept: Sequence[str]) -> float:
        return less_tall(s, lambda q, tall: paint(q, tall, len(kept)), wanted, min(wanted, 1.8 * s.scale))

    return fitted(sheet, body, [str(i) for i in range(len(table))])


def _places(places: pd.DataFrame) -> pd.DataFrame:
    table = need(places, ["name", "kind", "axis_1", "axis_2"], "correspondence_map", keys=["name", "kind"])
    return table.dropna(subset=["axis_1", "axis_2"])


def _range(values: pd.Series) -> tuple[float, float]:
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    margin = 0.08 * (high - low or 1.0)
    return low - margin, high + margin


def _marks(sheet: Sheet, panel: Panel, table: pd.DataFrame, taken: list[Box]) -> list[Entry]:
    """Draw numbered marks and return the key to their numbers, cases before themes."""
    r, table = 0.045 * sheet.scale, table.sort_values("kind", kind="stable")
    points = [(panel.at_x(x), panel.at_y(y)) for x, y in zip(table["axis_1"], table["axis_2"])]
    taken = [*taken, *((x, y, 2 * r, 2 * r) for x, y in points)]
    for i, ((x, y), kind) in enumerate(zip(points, table["kind"]), start=1):
        _mark(sheet, x, y, r, kind)
        number_at(sheet, i, x, y, taken)
    each = enumerate(zip(table["name"], table["kind"]), start=1)
    return [(_left_mark(i, kind), str(name)) for i, (name, kind) in each]


def _left_mark(number: int, kind: str) -> Callable[[Sheet, float, float], None]:
    def paint(sheet: Sheet, x: float, y: float) -> None:
        r = 0.045 * sheet.scale
        _mark(sheet, x + r, y, r, kind)
        sheet.text(x + 3 * r, y, str(number), size=sheet.look.small, weight="bold")

    return paint


def _mark(sheet: Sheet, x: float, y: float, r: float, kind: str) -> None:
    if kind == "case":
        sheet.circle(x, y, r, fill="white", edge=ACCENT, line=1.2)
    else:
        sheet.polygon([(x, y - r), (x + r, y), (x, y + r), (x - r, y)], fill=INK)
