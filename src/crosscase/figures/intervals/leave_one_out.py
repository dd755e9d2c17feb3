"""How a headline changes when one study is left out."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.brief import brief, named, short
from crosscase.figures.ink.checks import listed, need, number, plural
from crosscase.figures.ink.grid import Grid, draw_grid
from crosscase.figures.ink.marks import not_stated_mark
from crosscase.figures.ink.page import below, fitted, left_out
from crosscase.figures.ink.sheet import Key, Sheet
from crosscase.figures.ink.style import INK, PALE, VALENCE, tint


def alt_leave_one_out(frame: pd.DataFrame) -> str:
    """Say how many headlines hold whichever study is left out, and which fall."""
    table = _left_out(frame)
    if table.empty:
        raise NothingToShow("there is no headline to test.")
    headlines = list(dict.fromkeys(table["headline"]))
    out = table[table["left_out"].notna()]
    falls = {h: list(out.loc[out["headline"].eq(h) & out["holds"].eq(False), "left_out"]) for h in headlines}
    stay, gone = (
        [h for h in headlines if not falls[h]],
        sorted(filter(falls.get, headlines), key=lambda h: -len(falls[h])),
    )
    verb = "holds" if len(stay) == 1 else "hold"
    said = listed([f"{short(h)} (without {named(falls[h], 2, 30)})" for h in gone[:2]], 0)
    return brief(
        f"{len(stay)} of {plural(len(headlines), 'headline')} {verb} whichever of "
        f"{plural(out['left_out'].nunique(), 'study', 'studies')} is left out{f': {named(stay)}' if stay else ''}.",
        f"No longer holding: {said}{f' and {len(gone) - 2} more' if len(gone) > 2 else ''}." if gone else "",
    )


@drawing(alt_leave_one_out)
def leave_one_out(sheet: Sheet, frame: pd.DataFrame, *, unit: str = "of the studies") -> Figure:
    """Draw how each headline changes when one study is left out.

    Parameters
    ----------
    frame : DataFrame
        One row per headline and left-out study: `headline`, `left_out` (null for the row with all studies), `value`
        (number from 0 to 1 or a count); optionally `holds` (bool: the headline still stands) and `text` (what is
        printed instead of the value, for example "3 of 4").
    unit : str
        What the value is, printed below.

    Raises
    ------
    CrosscaseError
        For a frame that it cannot draw, with all problems at once.

    Examples
    --------
    >>> frame = pd.DataFrame({"headline": ["Funding hinders"] * 2, "left_out": [None, "north"], "value": [3, 2]})
    >>> leave_one_out(frame).draw().get_size_inches()[0].item()
    7.2
    """
    table = _left_out(frame)
    rows = {h: h for h in dict.fromkeys(table["headline"])}
    everything = "\0all"
    columns = {everything: "all studies"} | {s: str(s) for s in dict.fromkeys(table["left_out"].dropna())}
    table = table.assign(column=table["left_out"].fillna(everything))
    known = {(r["headline"], r["column"]): r for r in table.to_dict("records")}

    def cell(s: Sheet, x: float, y: float, w: float, h: float, row: str, column: str) -> None:
        record = known.get((row, column))
        if record is None or pd.isna(record["value"]):
            not_stated_mark(s, x, y, w - 0.06 * s.scale, h - 0.06 * s.scale)
            return
        falls = record["holds"] is False or record["holds"] == 0
        if column == everything:
            s.field(x, y, w, h, fill=PALE, z=0.5)
        if falls:
            _fallen(s, x, y, w - 0.06 * s.scale, h - 0.06 * s.scale)
        weight = "bold" if falls or column == everything else "normal"
        s.text(x, y, ("✗ " if falls else "") + record["text"], ha="center", weight=weight)

    entries: Key = []
    if any(r["holds"] is False or r["holds"] == 0 for r in known.values()):
        entries = [(lambda s, x, y, m: _fallen(s, x, y, m, m), "the headline no longer holds")]
    fallen = table[table["holds"].eq(False)]["headline"].value_counts()

    def body(s: Sheet, kept: Sequence[str]) -> float:
        shown = {h: label for h, label in rows.items() if h in set(kept)}
        heads = {column: "without" for column in columns if column != everything}
        grid = Grid(shown, columns, column_groups=heads, cell_width=0.62, label_share=0.36)
        y = draw_grid(s, 0.06 * s.scale, grid, cell)
        less = left_out(len(rows) - len(shown), "more headline", "")
        return below(s, y, [less, f"{unit[:1].upper()}{unit[1:]}."], entries)

    return fitted(sheet, body, sorted(rows, key=lambda h: -fallen.get(h, 0)))


def _left_out(frame: pd.DataFrame) -> pd.DataFrame:
    table = need(frame, ["headline", "left_out", "value"], "leave_one_out", keys=["headline", "left_out"])
    table = table.assign(headline=table["headline"].astype(str))
    table["text"] = table["text"].astype(str) if "text" in table else table["value"].map(number)
    return table if "holds" in table else table.assign(holds=None)


def _fallen(sheet: Sheet, x: float, y: float, width: float, height: float) -> None:
    fill = tint(VALENCE["inhibits"].color, 0.25)
    sheet.field(x, y, width, height, fill=fill, edge=INK, line=1.0, dash=(0, (3, 2)))
