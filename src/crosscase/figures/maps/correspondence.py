"""The map of a correspondence analysis: cases with their outlines, themes beside them."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.brief import brief, named
from crosscase.figures.ink.checks import need, no_duplicates, plural
from crosscase.figures.ink.panel import Panel, free_place, ticks
from crosscase.figures.ink.sheet import Sheet, longest_word, text_width
from crosscase.figures.ink.style import ACCENT, INK, MUTED, RULE, tint


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

    Returns
    -------
    Drawing

    Raises
    ------
    CrosscaseError
        For missing columns and two rows for one name.

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
    across = min(0.66 * sheet.width - left, 4.6 * sheet.scale, sheet.width - left - key)
    tall = across * (y_high - y_low) / (x_high - x_low)
    across, tall = (across, tall) if tall <= 1.2 * across else (across * 1.2 * across / tall, 1.2 * across)
    panel = Panel(sheet, left, top, across, tall, (x_low, x_high), (y_low, y_high))
    panel.frame(
        ticks(x_low, x_high, 6), ticks(y_low, y_high, 6), grid=False, x_label="first axis", y_label="second axis"
    )
    for xs, ys in (((x_low, x_high), (0, 0)), ((0, 0), (y_low, y_high))):
        sheet.line([panel.at_x(v) for v in xs], [panel.at_y(v) for v in ys], color=RULE, line=0.8, z=0.9)
    for _, edge in [] if outlines is None else list(outlines.groupby("case", sort=False)):
        closed = pd.concat([edge, edge.iloc[:1]])
        edge_x, edge_y = [panel.at_x(v) for v in closed["axis_1"]], [panel.at_y(v) for v in closed["axis_2"]]
        sheet.line(edge_x, edge_y, color=tint(ACCENT, 0.55), line=0.8)
    key_ends = _marks(sheet, panel, table, left + across + 2 * pad)
    y = max(top + tall + 2.9 * sheet.leading(), key_ends + pad)
    said = "Circles are cases, diamonds themes."
    for line in filter(None, [said, note]):
        y = sheet.block(pad, y, sheet.width - 2 * pad, line, size=look.small, color=MUTED)
    return sheet.finish(y + pad)


def _places(places: pd.DataFrame) -> pd.DataFrame:
    table = need(places, ["name", "kind", "axis_1", "axis_2"], "correspondence_map")
    no_duplicates(table, ["name", "kind"], "correspondence_map")
    return table.dropna(subset=["axis_1", "axis_2"])


def _range(values: pd.Series) -> tuple[float, float]:
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    margin = 0.08 * (high - low or 1.0)
    return low - margin, high + margin


def _marks(sheet: Sheet, panel: Panel, table: pd.DataFrame, right: float) -> float:
    """Draw numbered marks; the key to the numbers stands beside the map, cases before themes."""
    size, r = sheet.look.small, 0.045 * sheet.scale
    table = table.sort_values("kind", kind="stable")
    points = [(panel.at_x(x), panel.at_y(y)) for x, y in zip(table["axis_1"], table["axis_2"])]
    taken = [(x, y, 2 * r, 2 * r) for x, y in points]
    key, indent = panel.y, text_width("00 ", size, "bold") + 3 * r
    for i, ((x, y), name, kind) in enumerate(zip(points, table["name"], table["kind"]), start=1):
        _mark(sheet, x, y, r, kind)
        wide, high = text_width(str(i), size, "bold"), 0.8 * sheet.leading(size)
        sheet.text(*free_place(x, y, wide, high, taken, sheet.scale), str(i), size=size, weight="bold", ha="center")
        middle = key + sheet.leading(size) / 2
        _mark(sheet, right + r, middle, r, kind)
        sheet.text(right + 3 * r, middle, str(i), size=size, weight="bold")
        key = sheet.block(right + indent, key, sheet.width - right - indent - 0.05 * sheet.scale, str(name), size=size)
        key += 0.03 * sheet.scale
    return key


def _mark(sheet: Sheet, x: float, y: float, r: float, kind: str) -> None:
    if kind == "case":
        sheet.circle(x, y, r, fill="white", edge=ACCENT, line=1.2)
    else:
        sheet.polygon([(x, y - r), (x + r, y), (x, y + r), (x - r, y)], fill=INK)
