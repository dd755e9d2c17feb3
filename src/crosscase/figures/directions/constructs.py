"""Displays of a synthesis across studies: effect-direction plot and harvest plot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.checks import labels_of, listed, need, no_duplicates, number, plural
from crosscase.figures.ink.grid import Grid, draw_grid
from crosscase.figures.ink.marks import not_stated_mark
from crosscase.figures.ink.sheet import Painter, Sheet
from crosscase.figures.ink.style import INK, MUTED, VALENCE, tint

Order = Sequence[str] | Mapping[str, str] | None

DIRECTIONS: dict[str, tuple[str, str]] = {
    "promotes": ("promotes", VALENCE["promotes"].color),
    "inhibits": ("inhibits", VALENCE["inhibits"].color),
    "mixed": ("mixed", VALENCE["ambivalent"].color),
    "condition": ("condition", VALENCE["condition"].color),
    "neutral": ("reported without direction", VALENCE["neutral"].color),
    "not_stated": ("not reported", "#ebebeb"),
}
CONFIDENCE = {"high": 1.0, "moderate": 0.78, "low": 0.58, "very low": 0.44}


def alt_effect_direction(frame: pd.DataFrame, constructs: Order = None, studies: Order = None) -> str:
    """Say for each construct in how many studies it is reported, and in which direction where.

    Parameters
    ----------
    frame, constructs, studies
        As for `effect_direction`.

    Returns
    -------
    str

    Examples
    --------
    >>> frame = pd.DataFrame({"construct": ["Funding"], "study": ["north"], "direction": ["inhibits"]})
    >>> alt_effect_direction(frame)
    'Effect directions of 1 construct in 1 study. Funding, reported in 1 of 1: inhibits (north).'
    """
    table = _directions(frame, "effect_direction")
    rows, columns = labels_of(constructs, table["construct"]), labels_of(studies, table["study"])
    if not rows or not columns:
        raise NothingToShow("no construct is reported.")
    parts = []
    for row, label in rows.items():
        mine = table[table["construct"].eq(row) & table["study"].isin(list(columns))]
        mine = mine[mine["direction"].ne("not_stated")]
        said = [
            f"{DIRECTIONS[d][0]} ({listed([columns[s] for s in part['study']])})"
            for d in DIRECTIONS
            if len(part := mine[mine["direction"].eq(d)])
        ]
        parts.append(f"{label}, reported in {len(mine)} of {len(columns)}: {'; '.join(said) or 'in none'}.")
    head = f"Effect directions of {plural(len(rows), 'construct')} in {plural(len(columns), 'study', 'studies')}."
    return " ".join([head, *parts])


@drawing(alt_effect_direction)
def effect_direction(
    sheet: Sheet,
    frame: pd.DataFrame,
    constructs: Order = None,
    studies: Order = None,
    *,
    row_groups: Mapping[str, str] | None = None,
) -> Figure:
    """Draw an effect-direction plot: construct x study, arrow up where it promotes, down where it inhibits.

    Parameters
    ----------
    frame : DataFrame
        One row per construct and study: `construct`, `study`, `direction` (`promotes`, `inhibits`, `mixed`,
        `condition`, `neutral`, `not_stated`); optionally `confidence` (`high`, `moderate`, `low`, `very low`: size
        and filling of the mark) and `n` (printed small beside it, for example the number of segments).
    constructs, studies : sequence of str or mapping of str to str, optional
        In drawing order, or id -> label.
    row_groups : mapping of str to str, optional
        Construct -> domain of the framework.

    Returns
    -------
    Drawing
        The last column says in how many of the studies the construct is reported.

    Raises
    ------
    CrosscaseError
        For missing columns, unknown directions or confidences, and two rows for one cell.

    References
    ----------
    Hilton Boon, M., & Thomson, H. (2021). The effect direction plot revisited. Research Synthesis Methods, 12(1),
    29-33. https://doi.org/10.1002/jrsm.1458

    Examples
    --------
    >>> frame = pd.DataFrame({"construct": ["Funding"], "study": ["north"], "direction": ["inhibits"]})
    >>> effect_direction(frame).draw().get_size_inches()[0].item()
    7.2
    """
    table = _directions(frame, "effect_direction")
    rows, columns = labels_of(constructs, table["construct"]), labels_of(studies, table["study"])
    known = {(r["construct"], r["study"]): r for r in table.to_dict("records")}
    total = "\0n"

    def cell(s: Sheet, x: float, y: float, w: float, h: float, row: str, column: str) -> None:
        if column == total:
            reported = sum(_reported(known.get((row, c))) for c in columns)
            s.text(x, y, f"{reported} of {len(columns)}", weight="bold", ha="center")
            return
        record = known.get((row, column), {"direction": "not_stated"})
        if not _reported(record):
            not_stated_mark(s, x, y, w - 0.06 * s.scale, h - 0.06 * s.scale)
            return
        _mark(s, x, y, 0.19 * s.scale, record["direction"], record.get("confidence"))
        n = record.get("n")
        if n is not None and pd.notna(n):
            s.text(x + 0.14 * s.scale, y + 0.05 * s.scale, number(n), size=s.look.small, color=MUTED)

    grid = Grid(rows, {**columns, total: "reported in"}, row_groups or {}, cell_width=0.46, label_share=0.36)
    y = draw_grid(sheet, 0.06 * sheet.scale, grid, cell)
    y = sheet.legend(
        0.08 * sheet.scale, y + 0.12 * sheet.scale, sheet.width - 0.16 * sheet.scale, _key(table, rows, columns)
    )
    return sheet.finish(y + 0.06 * sheet.scale)


def alt_harvest(frame: pd.DataFrame, constructs: Order = None, studies: Order = None) -> str:
    """Say what the harvest plot shows, which is what `alt_effect_direction` says.

    Parameters
    ----------
    frame, constructs, studies
        As for `harvest`.

    Returns
    -------
    str

    Examples
    --------
    >>> frame = pd.DataFrame({"construct": ["Funding"], "study": ["north"], "direction": ["inhibits"]})
    >>> alt_harvest(frame)
    'Harvest plot of 1 construct in 1 study. Funding, reported in 1 of 1: inhibits (north).'
    """
    return alt_effect_direction(frame, constructs, studies).replace("Effect directions", "Harvest plot", 1)


@drawing(alt_harvest)
def harvest(sheet: Sheet, frame: pd.DataFrame, constructs: Order = None, studies: Order = None) -> Figure:
    """Draw a harvest plot: one bar per study, sorted by direction; the higher the bar, the greater the confidence.

    Parameters
    ----------
    frame : DataFrame
        As for `effect_direction`; studies are numbered in the order of `studies`.
    constructs, studies : sequence of str or mapping of str to str, optional
        In drawing order, or id -> label.

    Returns
    -------
    Drawing

    Raises
    ------
    CrosscaseError
        For missing columns, unknown directions or confidences, and two rows for one bar.

    References
    ----------
    Ogilvie, D., et al. (2008). The harvest plot. BMC Medical Research Methodology, 8, 8.
    https://doi.org/10.1186/1471-2288-8-8

    Examples
    --------
    >>> frame = pd.DataFrame({"construct": ["Funding"], "study": ["north"], "direction": ["inhibits"]})
    >>> harvest(frame).draw().get_size_inches()[0].item()
    7.2
    """
    table = _directions(frame, "harvest")
    rows, columns = labels_of(constructs, table["construct"]), labels_of(studies, table["study"])
    shown = [d for d in ("inhibits", "mixed", "condition", "neutral", "promotes") if table["direction"].eq(d).any()]
    numbers = {study: i + 1 for i, study in enumerate(columns)}
    confident = bool(table["confidence"].notna().any())

    def cell(s: Sheet, x: float, y: float, w: float, h: float, row: str, column: str) -> None:
        part = table[table["construct"].eq(row) & table["direction"].eq(column)]
        part = part[part["study"].isin(list(columns))]
        order = part.assign(k=part["study"].map(numbers)).sort_values("k")
        bar = min(0.2 * s.scale, (w - 0.08 * s.scale) / max(len(columns), 1))
        left, base = x - len(order) * bar / 2, y + h / 2
        for i, (k, sure) in enumerate(zip(order["k"], order["confidence"])):
            tall = 0.42 * s.scale * (CONFIDENCE[sure] if pd.notna(sure) else 0.78)
            at = left + i * bar
            color = DIRECTIONS[column][1]
            s.rect(
                at + 0.1 * bar,
                base - tall,
                0.8 * bar,
                tall,
                fill=tint(color, 0.85),
                edge=INK,
                line=0.5,
                hatch=VALENCE[column].hatch if column in VALENCE else "xx",
            )
            s.text(at + bar / 2, base - tall - 0.07 * s.scale, str(k), size=s.look.small, ha="center", weight="bold")

    heads = {d: DIRECTIONS[d][0] for d in shown}
    grid = Grid(rows, heads, cell_width=0.55, cell_height=0.62, max_cell=1.6, label_share=0.3)
    y = draw_grid(sheet, 0.06 * sheet.scale, grid, cell) + 0.08 * sheet.scale
    pad = 0.08 * sheet.scale
    key = "; ".join(f"{i} {columns[s]}" for s, i in numbers.items())
    y = sheet.block(pad, y, sheet.width - 2 * pad, f"Studies: {key}.", size=sheet.look.small, color=MUTED)
    if confident:
        y = sheet.block(
            pad,
            y,
            sheet.width - 2 * pad,
            "Height: confidence (high, moderate, low, very low).",
            size=sheet.look.small,
            color=MUTED,
        )
    return sheet.finish(y + pad)


def _directions(frame: pd.DataFrame, where: str) -> pd.DataFrame:
    allowed = {"direction": list(DIRECTIONS), "confidence": list(CONFIDENCE)}
    table = need(frame, ["construct", "study", "direction"], where, allowed)
    no_duplicates(table, ["construct", "study"], where)
    table = table.astype({"construct": str, "study": str})
    table["direction"] = table["direction"].fillna("not_stated")
    return table if "confidence" in table else table.assign(confidence=None)


def _reported(record: object) -> bool:
    return isinstance(record, dict) and record["direction"] != "not_stated"


def _mark(sheet: Sheet, x: float, y: float, size: float, direction: str, confidence: object = None) -> None:
    """Draw an arrowhead up, down or both ways, a lozenge for a condition, a ring without direction."""
    sure = CONFIDENCE[str(confidence)] if confidence is not None and pd.notna(confidence) else 1.0
    color = DIRECTIONS[direction][1]
    fill, r = (color if sure >= 0.7 else tint(color, 0.25)), size / 2 * (0.45 + 0.55 * sure)
    if direction == "neutral":
        sheet.circle(x, y, 0.8 * r, fill=fill, edge=INK, line=0.9)
        return
    shapes = {
        "promotes": [[(x - r, y + 0.8 * r), (x + r, y + 0.8 * r), (x, y - r)]],
        "inhibits": [[(x - r, y - 0.8 * r), (x + r, y - 0.8 * r), (x, y + r)]],
        "mixed": [
            [(x - 0.15 * r, y - 0.8 * r), (x - 0.15 * r, y + 0.8 * r), (x - 1.3 * r, y)],
            [(x + 0.15 * r, y - 0.8 * r), (x + 0.15 * r, y + 0.8 * r), (x + 1.3 * r, y)],
        ],
        "condition": [[(x - r, y), (x, y - r), (x + r, y), (x, y + r)]],
    }
    for points in shapes[direction]:
        sheet.polygon(points, fill=fill, edge=INK)


def _mark_key(direction: str, confidence: object = None) -> Painter:
    return lambda sheet, x, y, size: _mark(sheet, x, y, size, direction, confidence)


def _key(table: pd.DataFrame, rows: Mapping[str, str], columns: Mapping[str, str]) -> list[tuple[Painter, str]]:
    seen = table[table["construct"].isin(list(rows)) & table["study"].isin(list(columns))]
    shown = set(seen["direction"])
    entries: list[tuple[Painter, str]] = [
        (_mark_key(d), words) for d, (words, _) in DIRECTIONS.items() if d in shown and d != "not_stated"
    ]
    if "not_stated" in shown or len(seen) < len(rows) * len(columns):
        entries.append((lambda s, x, y, m: not_stated_mark(s, x, y, m, m), "not reported"))
    direction = next((d for d in DIRECTIONS if d in shown), "promotes")
    for level in CONFIDENCE:
        if direction != "not_stated" and seen["confidence"].eq(level).any():
            entries.append((_mark_key(direction, level), f"{level} confidence"))
    return entries
