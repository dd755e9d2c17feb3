"""How a headline changes when one study is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.checks import listed, need, no_duplicates, number
from crosscase.figures.ink.grid import Grid, draw_grid
from crosscase.figures.ink.marks import (
    not_stated_mark,
)
from crosscase.figures.ink.sheet import Painter, Sheet
from crosscase.figures.ink.style import INK, MUTED, PALE, VALENCE, tint

Order = Sequence[str] | Mapping[str, str] | None


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
    if table.empty:
        raise NothingToShow("there is no headline to test.")
    for headline, part in table.groupby("headline", sort=False):
        base = part.loc[part["left_out"].isna(), "text"]
        out = part[part["left_out"].notna()]
        said = ", ".join(f"without {s} {t}" for s, t in zip(out["left_out"], out["text"]))
        falls = list(out.loc[out["holds"].eq(False), "left_out"])
        end = f"it no longer holds without {listed(falls)}" if falls else "it holds throughout"
        parts.append(f"{headline}: {base.iloc[0] if len(base) else '?'} with all; {said}; {end}.")
    return "Headlines with each study left out in turn. " + " ".join(parts)


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

    Returns
    -------
    Drawing

    Raises
    ------
    CrosscaseError
        For missing columns and two rows for one cell.

    Examples
    --------
    >>> frame = pd.DataFrame({"headline": ["Funding hinders"] * 2, "left_out": [None, "north"], "value": [3, 2]})
    >>> leave_one_out(frame).draw().get_size_inches()[0].item()
    7.2
    """
    table = _left_out(frame)
    rows = {h: h for h in dict.fromkeys(table["headline"])}
    everything = "\0all"
    columns = {everything: "all studies"} | {s: f"without {s}" for s in dict.fromkeys(table["left_out"].dropna())}
    table = table.assign(column=table["left_out"].fillna(everything))
    known = {(r["headline"], r["column"]): r for r in table.to_dict("records")}

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


def _left_out(frame: pd.DataFrame) -> pd.DataFrame:
    table = need(frame, ["headline", "left_out", "value"], "leave_one_out")
    no_duplicates(table, ["headline", "left_out"], "leave_one_out")
    table = table.assign(headline=table["headline"].astype(str))
    table["text"] = table["text"].astype(str) if "text" in table else table["value"].map(number)
    return table if "holds" in table else table.assign(holds=None)


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
