"""Curves of how many codes are seen in how many units: in the real order, rarefied with its band, extrapolated."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.brief import brief, short
from crosscase.figures.ink.checks import need, no_duplicates, number, plural
from crosscase.figures.ink.page import below, fitted, left_out, less_tall
from crosscase.figures.ink.panel import Panel, ticks
from crosscase.figures.ink.sheet import Painter, Sheet, text_width, wrap
from crosscase.figures.ink.style import ACCENT, INK, MUTED, PAPER, SERIES, tint

PARTS = {
    "real": "in the order in which they came",
    "rarefied": "mean over all orders",
    "extrapolated": "expected with as many again",
}
NOTHING = "no unit has been coded"
#: what the band around a curve says, where it has one
BANDS = {"rarefied": "band: what the order alone changes", "extrapolated": "band: how uncertain that is"}


def alt_saturation_curve(frame: pd.DataFrame, *, unit: str = "documents", reason: str = "") -> str:
    """Say how many codes were seen after how many units, and what is expected with more."""
    table, parts = _points(frame), []
    if table.empty:
        raise NothingToShow(f"{(reason or NOTHING).rstrip('.')}.")
    for group, mine in table.groupby("group", sort=False):
        real = mine[mine["part"].ne("extrapolated")].sort_values("units")
        more = mine[mine["part"].eq("extrapolated")].sort_values("units")
        said = []
        if len(real):
            first, last = real.iloc[0], real.iloc[-1]
            said.append(f"{plural(round(first['codes']), 'code')} after {number(first['units'])}")
            said.append(f"{plural(round(last['codes']), 'code')} after all {number(last['units'])}")
        if len(more):
            end = more.iloc[-1]
            span = f" ({number(end['low'])} to {number(end['high'])})" if pd.notna(end["low"]) else ""
            said.append(f"about {number(end['codes'])}{span} expected after {number(end['units'])}")
        parts.append(f"{f'{short(_head(table, str(group)))}: ' if group else ''}{', '.join(said)}.")
    return brief(f"Curve of codes seen against {unit}.", *parts)


@drawing(alt_saturation_curve)
def saturation_curve(sheet: Sheet, frame: pd.DataFrame, *, unit: str = "documents", reason: str = "") -> Figure:
    """Draw the accumulation of codes, one panel per group.

    Parameters
    ----------
    frame : DataFrame
        One row per point: `units`, `codes`, `part` (`real`, `rarefied`, `extrapolated`); optionally `low`, `high`
        (the band), `group` (case or role: one panel each) and `n_units` (printed beside the group).
    unit : str
        What is counted across.
    reason : str
        Why there is nothing to draw, where that is so.

    Raises
    ------
    CrosscaseError
        For a frame that it cannot draw, with all problems at once.

    Examples
    --------
    >>> frame = pd.DataFrame({"units": [1, 2], "codes": [3, 5], "part": ["real"] * 2})
    >>> saturation_curve(frame).draw().get_size_inches()[0].item()
    7.2
    """
    table = _points(frame)
    groups = list(dict.fromkeys(table["group"]))

    def body(s: Sheet, kept: Sequence[str]) -> float:
        here = [group for group in groups if group in set(kept)]
        wanted = (2.9 if _across(s, here) == 1 else 1.5) * s.scale
        paint = partial(_panels, table=table[table["group"].isin(here)], groups=here, unit=unit)
        return less_tall(s, lambda q, tall: paint(q, tall, without=len(groups) - len(here)), wanted, 0.85 * s.scale)

    sizes = table.groupby("group")["units"].max()
    return fitted(sheet, body, sorted(groups, key=lambda group: -sizes[group]))


def _across(sheet: Sheet, groups: Sequence[str]) -> int:
    """Return how many panels stand side by side."""
    return min(len(groups), max(1, int(sheet.width / (2.3 * sheet.scale))))


def _panels(sheet: Sheet, tall: float, table: pd.DataFrame, groups: list[str], unit: str, without: int) -> float:
    look, pad, size = sheet.look, 0.08 * sheet.scale, sheet.look.small
    across = _across(sheet, groups)
    high = max(float(table["codes"].max()), float(table["high"].max()) if table["high"].notna().any() else 0.0)
    banded = _banded(table)
    far, first = float(table["units"].max()), float(min(table["units"].min(), 1))
    step = (look.width - pad) / across
    margin = text_width(f"{high:.0f}0", size) + 2 * pad
    y = pad
    for start in range(0, len(groups), across):
        part = groups[start : start + across]
        heads = [wrap(_head(table, g), step - 2 * pad, look.base, "bold") if g else [] for g in part]
        top = y + max(map(len, heads)) * sheet.leading() + 1.5 * sheet.leading()
        for i, (group, lines) in enumerate(zip(part, heads)):
            sheet.lines(i * step + pad, y + len(lines) * sheet.leading() / 2, lines, weight="bold")
            if sheet.blank:
                continue
            panel = Panel(
                sheet, i * step + margin, top, step - margin - pad, tall, (min(first, far - 1), far), (0, high * 1.06)
            )
            wide = max(2, int(panel.width / (text_width(f"{far:.0f}", size) + 4 * pad)))
            panel.frame(ticks(*panel.x_range, min(wide, 8), whole=True), ticks(0, high * 1.06, 5, whole=True),
                        x_label=unit, y_label="codes seen")  # fmt: skip
            _curves(panel, table[table["group"].eq(group)])
        y = top + tall + 2.6 * sheet.leading()
    entries = [(_key(name, name in banded), words) for name, words in _words(table, banded).items()]
    return below(sheet, y - pad, [left_out(without, "panel", "of fewer units")], entries)


def _head(table: pd.DataFrame, group: str) -> str:
    """The group with its number of units, where that is known."""
    known = table.loc[table["group"].eq(group), "n_units"].dropna() if "n_units" in table else pd.Series(dtype=float)
    return f"{group} (n = {number(known.iloc[0])})" if len(known) else group


def _points(frame: pd.DataFrame) -> pd.DataFrame:
    table = need(frame, ["units", "codes", "part"], "saturation_curve", {"part": PARTS})
    group = table["group"].fillna("").astype(str) if "group" in table else ""
    table = table.assign(group=group)
    no_duplicates(table, ["group", "part", "units"], "saturation_curve")
    for column in ("units", "codes", "low", "high"):
        table[column] = pd.to_numeric(table[column]).astype(float) if column in table else float("nan")
    return table.sort_values(["units"], kind="stable")


def _banded(table: pd.DataFrame) -> set[str]:
    """The curves that have a band around them: two points with limits in one panel."""
    points = table[table["low"].notna() & table["high"].notna()].groupby(["part", "group"]).size()
    return {name for name, _ in points[points > 1].index} & set(BANDS)


def _words(table: pd.DataFrame, banded: set[str]) -> dict[str, str]:
    """What the legend says of each curve that is drawn."""
    drawn = {name: words for name, words in PARTS.items() if table["part"].eq(name).any()}
    return {name: f"{words}; {BANDS[name]}" if name in banded else words for name, words in drawn.items()}


def _curves(panel: Panel, table: pd.DataFrame) -> None:
    sheet = panel.sheet
    for name, color, dash in (("rarefied", ACCENT, "-"), ("extrapolated", SERIES[1][0], (0, (4, 2)))):
        part = table[table["part"].eq(name)]
        x, y = [panel.at_x(v) for v in part["units"]], [panel.at_y(v) for v in part["codes"]]
        band = part[part["low"].notna() & part["high"].notna()]
        if len(band) > 1:
            edge = [(panel.at_x(u), panel.at_y(min(h, panel.y_range[1]))) for u, h in zip(band["units"], band["high"])]
            edge += [(panel.at_x(u), panel.at_y(max(v, 0))) for u, v in zip(band["units"], band["low"])][::-1]
            sheet.polygon(edge, fill=tint(color, 0.22), z=0.9)
        sheet.line(x, y, color=color, line=1.8, dash=dash, z=2.4)
        if len(part) == 1:
            sheet.circle(x[0], y[0], 0.04 * sheet.scale, fill=color)
    real = table[table["part"].eq("real")]
    x, y = [panel.at_x(v) for v in real["units"]], [panel.at_y(v) for v in real["codes"]]
    sheet.line(x, y, color=MUTED, line=0.9, z=2.6)
    dense = len(real) * 0.076 * sheet.scale > 0.6 * panel.width  # smaller marks where they would hide one another
    for a, b in zip(x, y):
        sheet.circle(a, b, (0.022 if dense else 0.038) * sheet.scale, fill=PAPER, edge=INK, line=0.6 if dense else 1.0)


def _key(name: str, banded: bool) -> Painter:
    def paint(sheet: Sheet, x: float, y: float, size: float) -> None:
        if name == "real":
            sheet.line([x - size / 2, x + size / 2], [y, y], color=MUTED, line=0.9)
            sheet.circle(x, y, 0.038 * sheet.scale, fill=PAPER, edge=INK, line=1.0)
            return
        color = ACCENT if name == "rarefied" else SERIES[1][0]
        if banded:
            sheet.rect(x - size / 2, y - size / 3, size, size / 1.5, fill=tint(color, 0.22), z=0.9)
        sheet.line([x - size / 2, x + size / 2], [y, y], color=color, line=1.8, dash="-" if name == "rarefied" else (0, (3, 1.5)))  # fmt: skip  # noqa: E501

    return paint
