"""What a workbook changes in a study, in words: sheet by sheet what is new, changed, gone, and what was left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from crosscase import ids, tables, terms
from crosscase.exchange import names
from crosscase.exchange.edit_layout import KEY, LIST, PARTICIPANT, REFERENCE, TERM, VALUES, WORDS, Shown, sheets
from crosscase.study.merge import BACK, BOTH, CHANGED, DELETED, GONE, NEW, WENT, Change

SAID = {
    NEW: "new", CHANGED: "changed", BOTH: "changed here and in the files: that of the files stays",
    WENT: "gone", GONE: "not in the workbook: stays, as nobody has let it go",
    DELETED: "deleted in the files meanwhile: stays deleted", BACK: "deleted in the files meanwhile, named here: back",
}  # fmt: skip
MOST, LONGEST = 200, 60


@dataclass
class EditReport:
    """What a workbook changed: lines by sheet, what was passed over, whether it was written.

    `changed` is the number of rows and cells that are written.
    """

    study: str
    file: str
    sheets: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)
    changed: int = 0
    written: bool = False

    def lines(self, kind: str) -> list[str]:
        """Return the lines that tell of one kind of change, such as `gone`."""
        return [line for told in self.sheets.values() for line in told if f" {SAID[kind]}: " in line]

    def text(self) -> str:
        """Return it as lines for people."""
        lines = []
        for sheet, told in self.sheets.items():
            lines += [sheet, *(f"  {line}" for line in told)]
        lines = lines or [f"{self.file} says what the study says: nothing is changed"]
        if self.notes:
            lines += ["", "Passed over", *(f"  {note}" for note in self.notes)]
        return "\n".join([*lines, *([""] if self.advice else []), *self.advice])


def told(changes: Sequence[Change], named: Shown, values: pd.DataFrame, let_go: bool) -> dict[str, list[str]]:
    """Return sheet -> lines of what a merge did.

    Parameters
    ----------
    changes : sequence of Change
        What the merge did, of the tables of the workbook.
    named : Shown
        What rows are called now.
    values : pandas.DataFrame
        The values of attributes as they stand after the merge.
    let_go : bool
        Whether somebody has let something go: what stays all the same is named by others.
    """
    out: dict[str, list[str]] = {}
    order = {sheet.table: sheet.name for sheet in sheets()}
    for table, sheet in order.items():
        for kind, words in SAID.items():
            mine = [change for change in changes if change.kind == kind and _sheet(change) == table]
            if not mine:
                continue
            shown = [_one(change, named) for change in mine[:MOST]]
            more = f" and {len(mine) - MOST:,} more" if len(mine) > MOST else ""
            if kind == GONE and let_go:
                words = "not in the workbook: stays, as nobody has let it go, or others name it"
            out.setdefault(sheet, []).append(f"{len(mine):,} {words}: {'; '.join(shown)}{more}")
    return out


def _sheet(change: Change) -> str:
    return KEY[change.key[0]] if change.table == VALUES else change.table


def row_words(table: str, key: Sequence[str], named: Shown) -> str:
    """Return what a row is called.

    >>> row_words("cases", ("k1",), Shown({"cases": {"k1": "North"}}, {}))
    'North'
    """
    parts = [named.of(table).get(key[0], key[0])]
    if table == VALUES:
        unit, id, variable = key
        parts = [named.of(KEY[unit]).get(id, id), named.attributes.get(variable, variable)]
    elif table == "summaries":
        parts = [named.of(each).get(id, id) for each, id in zip(("cases", "themes"), key)]
    return ", ".join(map(names.label, parts))


def _one(change: Change, named: Shown) -> str:
    row = row_words(change.table, change.key, named)
    if not change.column:
        return row if change.kind != GONE else f"{row} ({change.name})"
    before, after = (_value(change, cell, named) for cell in (change.before, change.after))
    heading = _heading(change)
    where = f"{row}, {heading}" if heading else row
    if change.kind == BOTH:
        return f"{where}: {before} stays, the workbook has {after}"
    return f"{where}: {before} is {after} now"


def _heading(change: Change) -> str:
    if change.table == VALUES:
        return ""
    sheet = next(sheet for sheet in sheets() if sheet.table == change.table)
    return next((column.heading for column in sheet.columns if column.field == change.column), change.column)


def _value(change: Change, cell: str, named: Shown) -> str:
    """Return a cell as the workbook shows it."""
    if not cell:
        return "(empty)"
    sheet = next((sheet for sheet in sheets() if sheet.table == change.table), None)
    column = next((column for column in sheet.columns if column.field == change.column), None) if sheet else None
    if column is not None and column.kind in (REFERENCE, LIST, PARTICIPANT, WORDS):
        called = named.of("participants" if column.kind == PARTICIPANT else column.of)
        cell = "; ".join(called.get(part, part) for part in ids.split(cell))
    elif column is not None and column.kind == TERM:
        cell = terms.said(cell)
    line = " ".join(cell.split())
    return repr(line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…")


def described(change: Change, frames: Mapping[str, pd.DataFrame], named: Shown) -> str:
    """Return what would go in words that a person knows it by."""
    words = row_words(change.table, change.key, named)
    if change.table == "summaries":
        frame, of = frames[change.table], tables.schema(change.table)
        mine = frame[[tuple(row) == tuple(change.key) for row in frame[list(of.key)].itertuples(index=False)]]
        words += f": {' '.join(str(mine['summary'].iloc[0]).split())[:LONGEST]}" if len(mine) else ""
    return words
