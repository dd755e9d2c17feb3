"""Merge what a file says now into a study that people have worked on: three versions in, one out, nothing in silence.

Of each cell there are three versions: the study as it stands, the file as it is now, and the file as it was at the last
import. What only the file changed comes in; what only a person changed stays; where both did, the person's stays and
both are told. What the file no longer has goes only where that was agreed to by name. (Three-way merge: Mens 2002,
A state-of-the-art survey on software merging, doi:10.1109/TSE.2002.1000449.)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crosscase import ids, tables
from crosscase.tables import Schema

Frames = dict[str, pd.DataFrame]
Key = tuple[str, ...]
_MARK = "\x1f"
NEW, CHANGED, BOTH, GONE, WENT, UNSAID, DELETED, BACK = (
    "new", "changed", "both changed", "gone", "went", "not in the file", "deleted by hand", "brought back",
)  # fmt: skip
"""What became of a row or a cell; `GONE` stays until somebody agrees, `WENT` is what somebody has let go."""


@dataclass(frozen=True)
class Change:
    """One thing that a merge did or left: a row, or a cell with what stood there and what the file says."""

    table: str
    key: Key
    kind: str
    column: str = ""
    before: str = ""
    after: str = ""

    @property
    def name(self) -> str:
        """How a person calls the row when it is let go: `cases/k01`."""
        return "/".join([self.table, *self.key])


@dataclass(frozen=True)
class Merged:
    """The tables after a merge, what to remember as said by the file, and every change."""

    frames: Frames
    base: Frames
    changes: list[Change]

    def of(self, *kinds: str) -> list[Change]:
        """Return the changes of some kinds."""
        return [change for change in self.changes if change.kind in kinds]


LetGo = Callable[[str, Key], bool]


def keep_all(table: str, key: Key) -> bool:
    """Let nothing go."""
    return False


def merge_tables(
    earlier: Mapping[str, pd.DataFrame],
    new: Mapping[str, pd.DataFrame],
    base: Mapping[str, pd.DataFrame],
    *,
    speaks: Mapping[str, Collection[Key] | None] | None = None,
    let_go: LetGo = keep_all,
    schemas: Mapping[str, Schema] | None = None,
) -> Merged:
    """Merge the tables of a file into those of a study.

    Parameters
    ----------
    earlier : mapping of str to pandas.DataFrame
        Table -> the study as it stands.
    new : mapping of str to pandas.DataFrame
        Table -> the file as it is now, rows under the keys that the study uses.
    base : mapping of str to pandas.DataFrame
        Table -> what files have said so far. A row or cell that is not there was written by a person.
    speaks : mapping of str to collection of keys or None, optional
        Table -> keys for which the absence of a row in `new` means that it was taken out; None means all of them, a
        table that is not named means none.
    let_go : callable, optional
        Whether a row that the file no longer has may go: table and key -> bool. By default all stay. A row that another
        one names stays all the same.
    schemas : mapping of str to Schema, optional
        Schemas of tables that the dictionary does not have.

    Returns
    -------
    Merged

    Examples
    --------
    >>> row = {"variable": ["v01"], "label": ["Age"], "type": ["text"]}
    >>> said, now = pd.DataFrame(row), pd.DataFrame(row | {"label": ["Age in years"]})
    >>> by_hand = pd.DataFrame(row | {"description": ["asked at the door"]})
    >>> merged = merge_tables({"variables": by_hand}, {"variables": now}, {"variables": said})
    >>> merged.frames["variables"].iloc[0].tolist()
    ['v01', 'Age in years', 'text', 'asked at the door']
    >>> [(change.kind, change.column, change.after) for change in merged.changes]
    [('changed', 'label', 'Age in years')]
    """
    parts: dict[str, _Table] = {}
    for name in dict.fromkeys([*earlier, *new, *base]):
        schema = (schemas or {}).get(name) or tables.schema(name)
        stands, says, said = (_keyed(versions.get(name), schema) for versions in (earlier, new, base))
        parts[name] = _Table(name, schema, stands, says, said, (speaks or {}).get(name, ()))
    for part in parts.values():
        part.merge(let_go)
    moved = True
    while moved:
        named = _named(parts)
        moved = bool(sum(part.settle(named) for part in parts.values()))
    changes = [change for part in parts.values() for change in part.told()]
    frames = {name: part.out() for name, part in parts.items()}
    known = {name: part.said() for name, part in parts.items()}
    for version in (frames, known) if "documents" in parts else ():
        there = version["documents"]["document"]
        for name in (name for name in MAPS if name in version):
            version[name] = version[name][version[name]["document"].isin(there)].reset_index(drop=True)
    return Merged(frames, known, changes)


class _Table:
    """One table in its three versions, each with the joined key of its rows as index."""

    def __init__(
        self,
        name: str,
        schema: Schema,
        earlier: pd.DataFrame,
        new: pd.DataFrame,
        base: pd.DataFrame,
        scope: Collection[Key] | None,
    ) -> None:
        self.name, self.schema, self.scope = name, schema, scope
        self.earlier, self.new, self.base = earlier, new, base
        self.frame, self.cells = earlier, [Change(name, (), "")][:0]
        self.went: pd.Index = pd.Index([], dtype="object")
        self.back: pd.Index = pd.Index([], dtype="object")

    def merge(self, let_go: LetGo) -> None:
        first = self.earlier[~self.earlier.index.duplicated()].index
        both = first[first.isin(self.new.index)]
        frame = self.earlier.copy()
        columns = [column for column in self.schema.columns if column not in self.schema.key]
        known = both.isin(self.base.index)
        rows = frame.index.get_indexer_for(both) if frame.index.is_unique else _first(frame.index, both)
        for column in columns if len(both) else ():
            stands, says, said = (_cells(version, column, both) for version in (self.earlier, self.new, self.base))
            empty, same = stands == None, stands == says  # noqa: E711
            take = ~same & np.where(known, stands == said, empty)
            take &= ~((says == None) & bool(self.schema.constraint(column, "required")))  # noqa: E711
            told = ~same & ~take & (says != said) & ~(~known & (says == None))  # noqa: E711
            if take.any():
                values = frame[column].astype("object").where(frame[column].notna(), None).to_numpy(copy=True)
                values[rows[take]] = says[take]
                frame[column] = pd.Series(values, index=frame.index, dtype="object")
            for kind, where in ((CHANGED, take), (BOTH, told)):
                for at in np.flatnonzero(where):
                    self.cells.append(self._change(both[at], kind, column, stands[at], says[at]))
        fresh = self.new.index[~self.new.index.isin(first) & ~self.new.index.isin(self.base.index)]
        self.frame = self._typed(pd.concat([frame, self.new.loc[fresh]])) if len(fresh) else self._typed(frame)
        gone = self._gone()
        self.went = gone[[let_go(self.name, _key(each)) for each in gone]] if len(gone) else gone

    def _typed(self, frame: pd.DataFrame) -> pd.DataFrame:
        return tables.typed(frame, self.schema)

    def _gone(self) -> pd.Index:
        lost = self.base.index[~self.base.index.isin(self.new.index) & self.base.index.isin(self.earlier.index)]
        return lost if self.scope is None else lost[lost.isin([_MARK.join(key) for key in self.scope])]

    def settle(self, named: Mapping[str, set[str]]) -> bool:
        """Keep what others name: a row that may go stays, one that was deleted comes back; tell whether any did."""
        wanted = named.get(self.name, set())
        stays = self.went[self.went.isin(wanted)]
        self.went = self.went[~self.went.isin(wanted)]
        missing = self.new.index[self.new.index.isin(wanted) & ~self.new.index.isin(self.frame.index)]
        if len(missing):
            self.frame = self._typed(pd.concat([self.frame, self.new.loc[missing]]))
            self.back = self.back.append(missing)
        return bool(len(stays) or len(missing))

    def out(self) -> pd.DataFrame:
        return self.frame[~self.frame.index.isin(self.went)].reset_index(drop=True)

    def said(self) -> pd.DataFrame:
        """Return what files have said by now: the new version, and of the older one what has not gone."""
        older = self.base[~self.base.index.isin(self.new.index) & ~self.base.index.isin(self.went)]
        return self._typed(pd.concat([self.new, older])).reset_index(drop=True)

    def told(self) -> list[Change]:
        first, new = self.earlier.index, self.new.index
        fresh = new[~new.isin(first) & ~new.isin(self.base.index)]
        lost, gone = self.base.index[~self.base.index.isin(new) & self.base.index.isin(first)], self._gone()
        deleted = new[new.isin(self.base.index) & ~new.isin(first) & ~new.isin(self.back)]
        kinds = {NEW: fresh, GONE: gone[~gone.isin(self.went)], WENT: self.went, UNSAID: lost[~lost.isin(gone)]}
        kinds |= {DELETED: deleted, BACK: self.back}
        rows = [self._change(each, kind) for kind, keys in kinds.items() for each in keys]
        return rows + [cell for cell in self.cells if _MARK.join(cell.key) not in set(self.went)]

    def _change(self, key: str, kind: str, column: str = "", before: object = None, after: object = None) -> Change:
        return Change(self.name, _key(key), kind, column, _text(before), _text(after))


def _keyed(frame: pd.DataFrame | None, schema: Schema) -> pd.DataFrame:
    """Return a table whose index is its key as one text; of the base and the file each key counts once."""
    if frame is None or frame.empty:
        return tables.empty(schema).set_axis(pd.Index([], dtype="object"))
    frame = tables.typed(frame, schema)
    return frame.set_axis(pd.Index(joined(frame, schema.key), dtype="object"))


def joined(frame: pd.DataFrame, columns: Collection[str]) -> list[str]:
    """Return some columns of each row as one text, empty cells as nothing."""
    parts = [
        frame[column].astype("object").where(frame[column].notna(), "").map(str).tolist()
        if column in frame
        else [""] * len(frame)
        for column in columns
    ]
    return [_MARK.join(cells) for cells in zip(*parts)]


def _key(text: str) -> Key:
    return tuple(text.split(_MARK))


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)


def _cells(frame: pd.DataFrame, column: str, keys: pd.Index) -> np.ndarray:
    """Return the cells of a column for some keys, None where there is none."""
    once = frame[column][~frame.index.duplicated()].reindex(keys).astype("object")
    return once.where(once.notna(), None).to_numpy()


def _first(index: pd.Index, keys: pd.Index) -> np.ndarray:
    places = pd.Series(np.arange(len(index)), index=index)
    return places[~index.duplicated()].reindex(keys).to_numpy(dtype=int)


def _named(parts: Mapping[str, _Table]) -> dict[str, set[str]]:
    """Return table -> keys that some row which stays names."""
    named: dict[str, set[str]] = {}
    for part in (part for part in parts.values() if part.name not in MAPS):
        rows = part.frame[~part.frame.index.isin(part.went)]
        for column, target in references(part.schema):
            if target in parts and column in rows:
                cells = rows[column].dropna()
                named.setdefault(target, set()).update(ids.each(cells) if part.schema.is_list(column) else cells)
        for kind_column, column in POLYMORPHIC:
            if {kind_column, column} <= set(rows.columns):
                for kind, cell in rows[[kind_column, column]].dropna().itertuples(index=False):
                    if kind in OWNERS:
                        named.setdefault(OWNERS[kind], set()).add(cell)
    return named


MAPS = ("units", "pages")
"""Tables that are computed of the texts: they go with their document and keep none."""
POLYMORPHIC = (("unit", "id"), ("member_kind", "member"), ("source_kind", "source"), ("target_kind", "target"))
"""Columns of which one says what kind of id the other holds."""
OWNERS = {
    "case": "cases", "code": "codebook", "document": "documents", "coding": "codings", "theme": "themes",
    "role": "roles", "variable": "variables", "fact": "facts", "memo": "memo_index",
}  # fmt: skip
"""Kind of an id -> the table whose key it is."""


def references(schema: Schema) -> list[tuple[str, str]]:
    """Return column and table of every column that names rows of another table, or of its own.

    A foreign key of the dictionary says so, or the kind of the ids in the column.

    Examples
    --------
    >>> references(tables.schema("summaries"))
    [('case', 'cases'), ('theme', 'themes')]
    """
    found = {key["fields"][0]: key["reference"]["resource"] for key in schema.foreign}
    for column, kind in schema.ids.items():
        if kind in OWNERS:
            found.setdefault(column, OWNERS[kind])
    return [
        (column, target) for column, target in found.items() if not (target == schema.name and column in schema.key)
    ]
