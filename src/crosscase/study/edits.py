"""Small edits of a table, each of one row: what a person saw, what they want, and a conflict where the row is another.

An edit says what its cells were when the person decided. It is put on the table as it is now, not as it was when the
person's window opened; where a cell is neither what it was nor what is wanted, somebody else has changed it, and the
person is asked (optimistic concurrency control: Kung & Robinson 1981, doi:10.1145/319566.319567).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from crosscase import tables
from crosscase.errors import CrosscaseError, Problem

Cells = Mapping[str, Any]
FIRST = ""
WORDS = {"codings": "coding", "codebook": "code"}


@dataclass(frozen=True)
class Edit:
    """One row made, changed or taken away.

    Parameters
    ----------
    table : str
        `codings` or `codebook`.
    key : str
        Id of the row.
    was : mapping or None
        Cells as the person saw them; None where the row is made.
    now : mapping or None
        Cells as they should be; None where the row is taken away.
    after : str, optional
        Id of the row behind which it comes to stand, `FIRST` for the top; None leaves it where it is.
    """

    table: str
    key: str
    was: Cells | None
    now: Cells | None
    after: str | None = None


class Conflict(CrosscaseError):
    """Somebody else has changed the row of an edit; nothing was written.

    `theirs` is the row as it is now, None where it is gone.
    """

    def __init__(self, edit: Edit, theirs: Cells | None, found: str) -> None:
        self.edit, self.theirs = edit, theirs
        rule = "the row is as it was when it was shown"
        place = f"{WORDS.get(edit.table, edit.table)} {edit.key}"
        super().__init__(Problem(place, rule, found, remedy="look at both, then choose"))


def plain(value: Any) -> Any:
    """Return a cell as JSON has it: text, number or None.

    Examples
    --------
    >>> plain(pd.NA), plain(float("nan")), plain(3), plain("a")
    (None, None, 3, 'a')
    """
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return None
    return value.item() if hasattr(value, "item") else value


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain mappings, without empty cells."""
    columns = {name: frame[name].astype("object").where(frame[name].notna(), None).tolist() for name in frame}
    return [{name: cell for name, cell in zip(columns, row) if cell is not None} for row in zip(*columns.values())]


def fits(row: Cells, schema: tables.Schema) -> bool:
    """Tell whether a row keeps the constraints of the dictionary; `tables.problems_in` tells what is wrong with it.

    Examples
    --------
    >>> book = tables.schema("codebook")
    >>> fits({"code": "time", "label": "Time"}, book), fits({"code": "time"}, book)
    (True, False)
    """
    return all(_keeps(row.get(item["name"]), item.get("constraints", {})) for item in schema.fields)


def _keeps(cell: Any, rules: Mapping[str, Any]) -> bool:
    """Tell whether a cell keeps the constraints of its column."""
    if cell is None:
        return not rules.get("required")
    known = cell in rules.get("enum", (cell,))
    formed = "pattern" not in rules or re.match(rules["pattern"], str(cell)) is not None
    return known and formed and bool(rules.get("minimum", cell) <= cell <= rules.get("maximum", cell))


def applied(frame: pd.DataFrame, edit: Edit) -> tuple[pd.DataFrame, Edit]:
    """Return a table after an edit, and the edit that takes it back.

    Raises
    ------
    Conflict
        Where the row is not as the edit says it was, and not as it should become either.

    Examples
    --------
    >>> book = tables.typed(pd.DataFrame({"code": ["time"], "label": ["Time"]}), tables.schema("codebook"))
    >>> new, back = applied(book, Edit("codebook", "time", {"label": "Time"}, {"label": "Lack of time"}))
    >>> new["label"].tolist(), applied(new, back)[0]["label"].tolist()
    (['Lack of time'], ['Time'])
    """
    schema = tables.schema(edit.table)
    key = schema.key[0]
    at = frame.index[frame[key].eq(edit.key)]
    theirs = rows_of(frame.loc[at[:1]])[0] if len(at) else None
    if edit.was is None:
        if theirs is not None:
            raise Conflict(edit, theirs, "it is there already")
        row = {name: cell for name, cell in (edit.now or {}).items() if cell is not None} | {key: edit.key}
        new = tables.typed(pd.DataFrame([row]), schema)
        frame = tables.typed(pd.concat([frame, new], ignore_index=True), schema)
        done = replace(edit, now=rows_of(new)[0])
        return _placed(frame, key, done)[0], Edit(edit.table, edit.key, done.now, None)
    if theirs is None:
        raise Conflict(edit, None, "it is gone")
    if edit.now is None:
        if other := [name for name, cell in theirs.items() if edit.was.get(name) != cell]:
            raise Conflict(edit, theirs, f"another {', '.join(other)}")
        place = _before(frame, key, edit.key)
        frame = frame.drop(index=at).reset_index(drop=True)
        return frame, Edit(edit.table, edit.key, None, theirs, place)
    wanted = {name: cell for name, cell in edit.now.items() if theirs.get(name) != cell}
    if other := [name for name in wanted if theirs.get(name) != edit.was.get(name)]:
        raise Conflict(edit, theirs, f"another {', '.join(other)}")
    back = Edit(edit.table, edit.key, {name: edit.now[name] for name in wanted}, {n: theirs.get(n) for n in wanted})
    if wanted:
        frame = frame.copy()
        for name, cell in wanted.items():
            frame[name] = frame[name].astype("object").where(frame[key].ne(edit.key), cell)
        frame = tables.typed(frame, schema)
    frame, before = _placed(frame, key, edit)
    return frame, replace(back, after=before)


def _before(frame: pd.DataFrame, key: str, id: str) -> str:
    """Return the id of the row above another one, `FIRST` where there is none."""
    ids = frame[key].tolist()
    at = ids.index(id)
    return ids[at - 1] if at else FIRST


def _placed(frame: pd.DataFrame, key: str, edit: Edit) -> tuple[pd.DataFrame, str | None]:
    """Return a table with the row of an edit where it should stand, and behind which row it stood."""
    if edit.after is None or edit.after == edit.key:
        return frame, None
    before = _before(frame, key, edit.key)
    ids = [id for id in frame[key].tolist() if id != edit.key]
    place = ids.index(edit.after) + 1 if edit.after in ids else 0 if edit.after == FIRST else len(ids)
    ids.insert(place, edit.key)
    order = pd.Series(range(len(ids)), index=ids)
    return frame.sort_values(key, key=lambda cells: cells.map(order), kind="stable", ignore_index=True), before


def round_of(codings: pd.DataFrame, coder: str, document: str, reconciled: Sequence[str] = ()) -> str | None:
    """Return the round that a new coding belongs to: the one in which its coder has coded the document last.

    Else the one in which the coder coded last, else the one of the other coders; None where no round is named.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": ["d01", "d02"], "coder": ["c1", "c1"], "round": ["1", "2"]})
    >>> round_of(codings, "c1", "d01"), round_of(codings, "c2", "d01"), round_of(codings[:0], "c1", "d01")
    ('1', '2', None)
    """
    alone = codings[~codings["round"].isin(list(reconciled))]
    mine = alone[alone["coder"].eq(coder)]
    for rows in (mine[mine["document"].eq(document)], mine, alone):
        if names := rows["round"].dropna().unique().tolist():
            return str(max(names, key=lambda name: (name.isdigit(), int(name) if name.isdigit() else 0, name)))
        if len(rows):
            return None
    return None
