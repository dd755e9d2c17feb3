"""The effect-direction plot of a synthesis: what constructs do in which studies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.brief import brief, named, short
from crosscase.figures.ink.checks import Order, labels_of, listed, need, number, plural
from crosscase.figures.ink.grid import Grid, draw_grid
from crosscase.figures.ink.marks import not_stated_mark
from crosscase.figures.ink.page import below, fitted, left_out
from crosscase.figures.ink.sheet import Key, Painter, Sheet
from crosscase.figures.ink.style import INK, MUTED, PAPER, VALENCE, tint

DIRECTIONS: dict[str, tuple[str, str]] = {
    "promotes": ("promotes", VALENCE["promotes"].color),
    "inhibits": ("inhibits", VALENCE["inhibits"].color),
    "mixed": ("mixed", VALENCE["ambivalent"].color),
    "condition": ("condition", VALENCE["condition"].color),
    "neutral": ("reported without direction", VALENCE["neutral"].color),
    "not_stated": ("not reported", "#ebebeb"),
}
CONFIDENCE = {"high": 1.0, "moderate": 0.4, "low": 0.0, "very low": 0.0}
"""How much colour fills a mark; one of very low confidence has a broken edge besides."""
UNSURE = "confidence not assessed"


def alt_effect_direction(frame: pd.DataFrame, constructs: Order = None, studies: Order = None) -> str:
    """Say which constructs most studies report and in which direction, and how many point both ways."""
    table = _directions(frame, "effect_direction")
    rows, columns = labels_of(constructs, table["construct"]), labels_of(studies, table["study"])
    if not rows or not columns:
        raise NothingToShow("no construct is reported.")
    here = table[table["construct"].isin(list(rows)) & table["study"].isin(list(columns))]
    by = {
        row: list(here.loc[here["construct"].eq(row) & here["direction"].ne("not_stated"), "direction"]) for row in rows
    }
    order = sorted(rows, key=lambda row: -len(by[row]))
    both = [rows[row] for row in rows if {"promotes", "inhibits"} <= set(by[row])]

    def counted(row: str) -> str:
        said = [f"{by[row].count(d)} {DIRECTIONS[d][0]}" for d in DIRECTIONS if d in by[row]]
        return f"{short(rows[row])} ({len(by[row])} of {len(columns)}: {', '.join(said)})"

    size = f"{plural(len(rows), 'construct')} in {plural(len(columns), 'study', 'studies')}"
    most = f"Most reported: {listed([counted(row) for row in order[:2]])}." if by[order[0]] else "None is reported."
    also = int(here["also_condition"].sum())
    return brief(
        f"Effect directions of {size}.",
        most,
        f"Promotes in one study and inhibits in another: {named(both)}." if both else "",
        f"In {plural(also, 'cell')} a condition stands beside another direction." if also else "",
    )


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
        `condition`, `neutral`, `not_stated`); optionally `confidence` (`high`, `moderate`, `low`, `very low`: filling
        and edge of the mark), `also_condition` (true where a condition stands beside the direction: a small lozenge),
        `n` (printed small beside it, for example the number of segments).
    constructs, studies : sequence of str or mapping of str to str, optional
        In drawing order, or id -> label.
    row_groups : mapping of str to str, optional
        Construct -> domain of the framework.

    Returns
    -------
    Drawing
        The last column says in how many of the studies the construct is reported.

    References
    ----------
    Hilton Boon, M., & Thomson, H. (2021). The effect direction plot revisited. Research Synthesis Methods, 12(1),
    29-33. https://doi.org/10.1002/jrsm.1458

    Raises
    ------
    CrosscaseError
        For a frame that it cannot draw, with all problems at once.

    Examples
    --------
    >>> frame = pd.DataFrame({"construct": ["Funding"], "study": ["north"], "direction": ["inhibits"]})
    >>> effect_direction(frame).draw().get_size_inches()[0].item()
    7.2
    """
    table = _directions(frame, "effect_direction")
    rows, columns = labels_of(constructs, table["construct"]), labels_of(studies, table["study"])
    known = {(r["construct"], r["study"]): r for r in table.to_dict("records")}
    groups = {row: group for row, group in (row_groups or {}).items() if group != rows.get(row)}
    total, assessed = "\0n", bool(table["confidence"].notna().any())

    def cell(s: Sheet, x: float, y: float, w: float, h: float, row: str, column: str) -> None:
        if column == total:
            reported = sum(_reported(known.get((row, c))) for c in columns)
            s.text(x, y, f"{reported} of {len(columns)}", weight="bold", ha="center")
            return
        record = known.get((row, column), {"direction": "not_stated"})
        if not _reported(record):
            not_stated_mark(s, x, y, w - 0.06 * s.scale, h - 0.06 * s.scale)
            return
        _mark(s, x, y, 0.19 * s.scale, record["direction"], record.get("confidence"), assessed)
        if record["also_condition"]:
            _mark(s, x + 0.17 * s.scale, y, 0.11 * s.scale, "condition")
        n = record.get("n")
        if n is not None and pd.notna(n):
            s.text(x + 0.14 * s.scale, y + 0.05 * s.scale, number(n), size=s.look.small, color=MUTED)

    def body(s: Sheet, kept: Sequence[str]) -> float:
        shown = {row: label for row, label in rows.items() if row in set(kept)}
        heads = {**columns, total: "reported in"}
        least, share = (0.38, 0.3) if s.look.width < 5 * s.scale and "n" not in table else (0.46, 0.36)
        grid = Grid(shown, heads, groups, cell_width=least, cell_height=0.24, label_share=share)
        y = draw_grid(s, 0.06 * s.scale, grid, cell)
        return below(s, y, [left_out(len(rows) - len(shown), "construct")], _key(table, rows, columns))

    return fitted(sheet, body, _ranked(table, rows, columns))


def _ranked(table: pd.DataFrame, rows: Mapping[str, str], columns: Mapping[str, str]) -> list[str]:
    """Return the constructs that most studies report first."""
    told = table[table["direction"].ne("not_stated") & table["study"].isin(list(columns))]
    counts = told["construct"].value_counts()
    return sorted(rows, key=lambda row: -counts.get(row, 0))


def _directions(frame: pd.DataFrame, where: str) -> pd.DataFrame:
    allowed = {"direction": list(DIRECTIONS), "confidence": list(CONFIDENCE)}
    table = need(frame, ["construct", "study", "direction"], where, allowed, keys=["construct", "study"])
    table = table.astype({"construct": str, "study": str})
    table["direction"] = table["direction"].fillna("not_stated")
    table["also_condition"] = table["also_condition"].fillna(False).astype(bool) if "also_condition" in table else False
    return table if "confidence" in table else table.assign(confidence=None)


def _reported(record: object) -> bool:
    return isinstance(record, dict) and record["direction"] != "not_stated"


def _fill(color: str, confidence: object, assessed: bool) -> tuple[str, object]:
    """Return filling and dash of the edge of a mark."""
    if confidence is None or pd.isna(confidence):
        return (tint(color, 0.4) if assessed else color), (0, (1, 1.2)) if assessed else "-"
    share = CONFIDENCE[str(confidence)]
    return (tint(color, share) if share else PAPER), (0, (2.5, 1.5)) if confidence == "very low" else "-"


def _block(
    sheet: Sheet, x: float, y: float, width: float, height: float, color: str, confidence: object, assessed: bool
) -> None:
    fill, dash = _fill(color, confidence, assessed)
    edge = INK if fill == color else color
    sheet.field(x, y, width, height, fill=fill, edge=edge, line=1.1, dash=dash)


def _mark(
    sheet: Sheet, x: float, y: float, size: float, direction: str, confidence: object = None, assessed: bool = False
) -> None:
    """Draw an arrowhead up, down or both ways, a lozenge for a condition, a ring without direction."""
    fill, dash = _fill(DIRECTIONS[direction][1], confidence, assessed)
    r = size / 2
    if direction == "neutral":
        sheet.circle(x, y, 0.8 * r, fill=fill, edge=INK, line=0.9, dash=dash)
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
        sheet.polygon(points, fill=fill)
        closed = [*points, points[0]]
        sheet.line([a for a, _ in closed], [b for _, b in closed], color=INK, line=0.9, dash=dash, z=3.2)


def _mark_key(direction: str) -> Painter:
    return lambda sheet, x, y, size: _mark(sheet, x, y, size, direction)


def _key(table: pd.DataFrame, rows: Mapping[str, str], columns: Mapping[str, str]) -> Key:
    seen = table[table["construct"].isin(list(rows)) & table["study"].isin(list(columns))]
    shown = set(seen["direction"])
    entries: Key = [(_mark_key(d), words) for d, (words, _) in DIRECTIONS.items() if d in shown and d != "not_stated"]
    if seen["also_condition"].any():
        entries.append((lambda s, x, y, m: _mark(s, x, y, 0.6 * m, "condition"), "a condition besides"))
    if "not_stated" in shown or len(seen) < len(rows) * len(columns):
        entries.append((lambda s, x, y, m: not_stated_mark(s, x, y, m, m), "not reported"))
    return entries + _confidences(seen)


def _confidences(table: pd.DataFrame) -> Key:
    """Return what the legend says of the filling of marks, where confidence was assessed."""
    told = table[table["direction"].ne("not_stated")]
    levels = [level for level in CONFIDENCE if told["confidence"].eq(level).any()]
    entries = [(_level_key(level), f"{level} confidence") for level in levels]
    return [*entries, (_level_key(None), UNSURE)] if levels and told["confidence"].isna().any() else entries


def _level_key(level: str | None) -> Painter:
    return lambda sheet, x, y, size: _block(sheet, x, y, 0.9 * size, 0.9 * size, MUTED, level, True)
