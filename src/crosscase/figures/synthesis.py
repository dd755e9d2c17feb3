"""Displays of a synthesis across studies: effect-direction plot, harvest plot, leaving one study out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.checks import labels_of, listed, need, no_duplicates, number, plural
from crosscase.figures.grid import Grid, draw_grid
from crosscase.figures.marks import not_stated_mark
from crosscase.figures.sheet import Painter, Sheet, nothing
from crosscase.figures.style import INK, MUTED, PALE, VALENCE, tint

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


def effect_direction(
    frame: pd.DataFrame,
    constructs: Order = None,
    studies: Order = None,
    *,
    row_groups: Mapping[str, str] | None = None,
    kind: str = "book",
    width: float | None = None,
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
    kind : str
        `book` or `poster`.
    width : float, optional
        Width in inches.

    Returns
    -------
    matplotlib.figure.Figure
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
    >>> effect_direction(frame).get_size_inches()[0].item()
    7.2
    """
    table = _directions(frame, "effect_direction")
    rows, columns = labels_of(constructs, table["construct"]), labels_of(studies, table["study"])
    if not rows or not columns:
        return nothing("Nothing to draw: no construct is reported.", kind, width)
    known = {(r["construct"], r["study"]): r for r in table.to_dict("records")}
    total = "\0n"
    sheet = Sheet(kind, width)

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


def harvest(
    frame: pd.DataFrame,
    constructs: Order = None,
    studies: Order = None,
    *,
    kind: str = "book",
    width: float | None = None,
) -> Figure:
    """Draw a harvest plot: one bar per study, sorted by direction; the higher the bar, the greater the confidence.

    Parameters
    ----------
    frame : DataFrame
        As for `effect_direction`; studies are numbered in the order of `studies`.
    constructs, studies : sequence of str or mapping of str to str, optional
        In drawing order, or id -> label.
    kind : str
        `book` or `poster`.
    width : float, optional
        Width in inches.

    Returns
    -------
    matplotlib.figure.Figure

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
    >>> harvest(frame).get_size_inches()[0].item()
    7.2
    """
    table = _directions(frame, "harvest")
    rows, columns = labels_of(constructs, table["construct"]), labels_of(studies, table["study"])
    shown = [d for d in ("inhibits", "mixed", "condition", "neutral", "promotes") if table["direction"].eq(d).any()]
    if not rows or not shown:
        return nothing("Nothing to draw: no construct is reported.", kind, width)
    numbers = {study: i + 1 for i, study in enumerate(columns)}
    sheet, confident = Sheet(kind, width), bool(table["confidence"].notna().any())

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


def leave_one_out(
    frame: pd.DataFrame, *, unit: str = "of the studies", kind: str = "book", width: float | None = None
) -> Figure:
    """Draw how each headline changes when one study is left out.

    Parameters
    ----------
    frame : DataFrame
        One row per headline and left-out study: `headline`, `left_out` (null for the row with all studies), `value`
        (number from 0 to 1 or a count); optionally `holds` (bool: the headline still stands) and `text` (what is
        printed instead of the value, for example "3 of 4").
    unit : str
        What the value is, printed below.
    kind : str
        `book` or `poster`.
    width : float, optional
        Width in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    CrosscaseError
        For missing columns and two rows for one cell.

    Examples
    --------
    >>> frame = pd.DataFrame({"headline": ["Funding hinders"] * 2, "left_out": [None, "north"], "value": [3, 2]})
    >>> leave_one_out(frame).get_size_inches()[0].item()
    7.2
    """
    table = _left_out(frame)
    rows = {h: h for h in dict.fromkeys(table["headline"])}
    everything = "\0all"
    columns = {everything: "all studies"} | {s: f"without {s}" for s in dict.fromkeys(table["left_out"].dropna())}
    if not rows:
        return nothing("Nothing to draw: there is no headline to test.", kind, width)
    table = table.assign(column=table["left_out"].fillna(everything))
    known = {(r["headline"], r["column"]): r for r in table.to_dict("records")}
    sheet = Sheet(kind, width)

    def cell(s: Sheet, x: float, y: float, w: float, h: float, row: str, column: str) -> None:
        record = known.get((row, column))
        if record is None or pd.isna(record["value"]):
            not_stated_mark(s, x, y, w - 0.06 * s.scale, h - 0.06 * s.scale)
            return
        falls = record["holds"] is False or record["holds"] == 0
        if column == everything:
            s.rect(x - w / 2, y - h / 2, w, h, fill=PALE, z=0.5)
        if falls:
            s.rect(
                x - w / 2 + 0.03 * s.scale,
                y - h / 2 + 0.03 * s.scale,
                w - 0.06 * s.scale,
                h - 0.06 * s.scale,
                fill=tint(VALENCE["inhibits"].color, 0.25),
                edge=INK,
                line=1.0,
                dash=(0, (3, 2)),
            )
        weight = "bold" if falls or column == everything else "normal"
        s.text(x, y, ("✗ " if falls else "") + record["text"], ha="center", weight=weight)

    y = draw_grid(sheet, 0.06 * sheet.scale, Grid(rows, columns, cell_width=0.62, label_share=0.36), cell)
    pad = 0.08 * sheet.scale
    entries: list[tuple[Painter, str]] = []
    if any(r["holds"] is False or r["holds"] == 0 for r in known.values()):
        entries = [(_falls_key, "the headline no longer holds")]
    y = sheet.block(pad, y + pad, sheet.width - 2 * pad, unit, size=sheet.look.small, color=MUTED)
    return sheet.finish(sheet.legend(pad, y, sheet.width - 2 * pad, entries) + pad)


def alt_leave_one_out(frame: pd.DataFrame, *, unit: str = "of the studies") -> str:
    """Say which headlines fall when which study is left out.

    Parameters
    ----------
    frame, unit
        As for `leave_one_out`.

    Returns
    -------
    str

    Examples
    --------
    >>> frame = pd.DataFrame({"headline": ["Funding hinders"] * 2, "left_out": [None, "north"], "value": [3, 2]})
    >>> alt_leave_one_out(frame.assign(holds=True))
    'Headlines with each study left out in turn. Funding hinders: 3 with all; without north 2; it holds throughout.'
    """
    table, parts = _left_out(frame), []
    for headline, part in table.groupby("headline", sort=False):
        base = part.loc[part["left_out"].isna(), "text"]
        out = part[part["left_out"].notna()]
        said = ", ".join(f"without {s} {t}" for s, t in zip(out["left_out"], out["text"]))
        falls = list(out.loc[out["holds"].eq(False), "left_out"])
        end = f"it no longer holds without {listed(falls)}" if falls else "it holds throughout"
        parts.append(f"{headline}: {base.iloc[0] if len(base) else '?'} with all; {said}; {end}.")
    return "Headlines with each study left out in turn. " + " ".join(parts)


def _directions(frame: pd.DataFrame, where: str) -> pd.DataFrame:
    allowed = {"direction": DIRECTIONS, "confidence": CONFIDENCE}
    table = need(frame, ["construct", "study", "direction"], where, allowed)
    no_duplicates(table, ["construct", "study"], where)
    table = table.astype({"construct": str, "study": str})
    table["direction"] = table["direction"].fillna("not_stated")
    return table if "confidence" in table else table.assign(confidence=None)


def _reported(record: object) -> bool:
    return isinstance(record, dict) and record["direction"] != "not_stated"


def _left_out(frame: pd.DataFrame) -> pd.DataFrame:
    table = need(frame, ["headline", "left_out", "value"], "leave_one_out")
    no_duplicates(table, ["headline", "left_out"], "leave_one_out")
    table = table.assign(headline=table["headline"].astype(str))
    table["text"] = table["text"].astype(str) if "text" in table else table["value"].map(number)
    return table if "holds" in table else table.assign(holds=None)


def _mark(sheet: Sheet, x: float, y: float, size: float, direction: str, confidence: object = None) -> None:
    """Draw an arrowhead up, down or both ways, a lozenge for a condition, a ring without direction."""
    sure = CONFIDENCE[str(confidence)] if confidence is not None and pd.notna(confidence) else 1.0  # type: ignore[call-overload]
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


def _key(table: pd.DataFrame, rows: Mapping[str, str], columns: Mapping[str, str]) -> list[tuple[Painter, str]]:
    seen = table[table["construct"].isin(list(rows)) & table["study"].isin(list(columns))]
    shown = set(seen["direction"])
    entries: list[tuple[Painter, str]] = [
        ((lambda s, x, y, m, d=d: _mark(s, x, y, m, d)), words)
        for d, (words, _) in DIRECTIONS.items()
        if d in shown and d != "not_stated"
    ]
    if "not_stated" in shown or len(seen) < len(rows) * len(columns):
        entries.append((lambda s, x, y, m: not_stated_mark(s, x, y, m, m), "not reported"))
    direction = next((d for d in DIRECTIONS if d in shown), "promotes")
    for level in CONFIDENCE:
        if direction != "not_stated" and seen["confidence"].eq(level).any():
            entries.append((lambda s, x, y, m, c=level: _mark(s, x, y, m, direction, c), f"{level} confidence"))
    return entries


def _falls_key(sheet: Sheet, x: float, y: float, size: float) -> None:
    sheet.rect(
        x - size / 2,
        y - size / 2,
        size,
        size,
        fill=tint(VALENCE["inhibits"].color, 0.25),
        edge=INK,
        line=1.0,
        dash=(0, (3, 2)),
    )
