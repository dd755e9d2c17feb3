"""Follow an id through every table of a study that names it, and find the rows that two versions of a table share."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Collection, Mapping

import pandas as pd

from crosscase import ids, tables
from crosscase.study.merge import OWNERS, POLYMORPHIC, joined, references

NATURAL = {
    "codings": ("document", "start", "end", "locator", "code", "coder", "round"),
    "memberships": ("case", "document", "start", "end", "locator", "coder"),
    "links": ("kind", "source_kind", "source", "target_kind", "target", "label"),
    "sets": ("set", "member_kind", "member"),
    "quotations": ("document", "start", "end"),
    "facts": ("field", "value", "document", "source"),
    "relations": ("source", "target", "sign", "kind", "case", "document"),
    "outcomes": ("outcome", "case", "stage", "document"),
    "inventory": ("stage", "method", "label", "unit"),
    "adjudications": ("coding_id", "change", "document", "start", "end", "code"),
}
"""Tables whose ids are numbers that mean nothing: what tells that two rows are the same."""
_OF_SIDE = r"(?<==){}(?=@[0-9]+-[0-9]+(?:$|:))"


def columns_of(kind: str) -> dict[str, dict[str, bool]]:
    """Return table -> column -> whether it is a list, of every column that holds ids of a kind.

    The dictionary says so: by `crosscase:id`, by a foreign key to the table of that kind, or as the key of that table.

    Examples
    --------
    >>> found = columns_of("code")
    >>> found["codings"], found["argument"]
    ({'code': False}, {'codes': True})
    """
    owner = OWNERS.get(kind, "")
    found: dict[str, dict[str, bool]] = {}
    for name in tables.names():
        schema = tables.schema(name)
        here = [column for column, target in references(schema) if target == owner]
        here += [column for column, of in schema.ids.items() if of == kind]
        here += [*schema.key] if name == owner else []
        if here := list(dict.fromkeys(here)):
            found[name] = {column: schema.is_list(column) for column in here}
    return found


def renamed(frames: Mapping[str, pd.DataFrame], kind: str, changes: Mapping[str, str]) -> dict[str, pd.DataFrame]:
    """Return tables in which ids of one kind have other names, wherever one stands.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
        Tables of the dictionary.
    kind : str
        `code`, `case`, `coding`, `document` ...
    changes : mapping of str to str
        Old id -> new id; two old ids may have one new one. A list names each id once.

    Examples
    --------
    >>> argument = pd.DataFrame({"finding": ["a"], "codes": ["time;trust"]})
    >>> renamed({"argument": argument}, "code", {"time": "lack-of-time"})["argument"]["codes"].tolist()
    ['lack-of-time;trust']
    """
    out = dict(frames)
    places = columns_of(kind)
    for name, frame in frames.items() if changes else ():
        for column, several in places.get(name, {}).items():
            if column in frame:
                frame = frame.assign(**{column: _mapped(frame[column], changes, several)})
        for kind_column, column in POLYMORPHIC:
            if {kind_column, column} <= set(frame.columns):
                mine = frame[kind_column].eq(kind).fillna(False).astype(bool)
                frame = frame.assign(**{column: frame[column].mask(mine, _mapped(frame[column], changes, False))})
        if name == "names":
            mine = frame["kind"].eq(kind)
            frame = frame.assign(id=frame["id"].mask(mine, _mapped(frame["id"], changes, False)))
        if name == "consensus_decisions" and kind == "code" and "segment" in frame:
            frame = frame.assign(segment=frame["segment"].map(lambda cell: _side_renamed(cell, changes)))
        out[name] = frame
    return out


def _mapped(column: pd.Series, changes: Mapping[str, str], several: bool) -> pd.Series:
    known: dict[str, str] = {}
    for cell in column.dropna().unique():
        parts = ids.split(cell) if several else [cell]
        if any(part in changes for part in parts):
            known[cell] = ids.join(dict.fromkeys(changes.get(part, part) for part in parts))
    return column.map(lambda cell: known.get(cell, cell)) if known else column


def _side_renamed(cell: object, changes: Mapping[str, str]) -> object:
    """Return the id of a difference between coders with other codes in it: `document:coder=code@0-9:coder=-`."""
    for old, new in changes.items() if isinstance(cell, str) else ():
        cell = re.sub(_OF_SIDE.format(re.escape(old)), lambda _: new, str(cell))  # noqa: B023
    return cell


def counted(frames: Mapping[str, pd.DataFrame], kind: str, old: str) -> dict[str, int]:
    """Return table.column -> how many cells name an id."""
    found: dict[str, int] = {}
    for name, columns in columns_of(kind).items():
        for column, several in columns.items():
            if name in frames and column in frames[name]:
                cells = frames[name][column].dropna()
                n = int((ids.each(cells) if several else cells).eq(old).sum())
                found |= {f"{name}.{column}": n} if n else {}
    return found


def same_rows(name: str, new: pd.DataFrame, base: pd.DataFrame, earlier: pd.DataFrame) -> dict[str, str]:
    """Return the id that each row of `new` should have: that of the same row before, else its own.

    Only for tables of `NATURAL`. An id of its own is made of what the row says, so that two people who append in git
    never take the same one for different rows, and take the same one for the same row.

    Examples
    --------
    >>> row = {"case": ["k01"], "document": ["d01"]}
    >>> before = pd.DataFrame(row | {"membership": ["g00001"]})
    >>> now = pd.DataFrame({"case": ["k01", "k02"], "document": ["d01"] * 2, "membership": ["g00007", "g00008"]})
    >>> same_rows("memberships", now, before, before)
    {'g00007': 'g00001', 'g00008': 'g0c493f723a'}
    """
    key = tables.schema(name).key[0]
    wanted = _numbered(new, NATURAL[name])
    found: dict[str, str] = {}
    taken: set[str] = {*base.get(key, ()), *earlier.get(key, ())}
    places = _by_place(base, name, key)
    free = earlier[~earlier[key].isin(base[key])] if len(base) else earlier
    places = _by_place(free, name, key) | places
    for own, place in zip(new[key], wanted):
        if place in places:
            found[own] = places[place]
    open_ones, closed = _parted(name)
    secret = new[[column for column in closed if column in new]].notna().any(axis=1).tolist()
    for own, place, hidden in zip(new[key], _numbered(new, open_ones), secret):
        if own not in found:
            found[own] = _fresh(own, "" if hidden else place, taken)
            taken.add(found[own])
    return found


def fresh_id(name: str, row: Mapping[str, object], taken: Collection[str], letter: str = "c") -> str:
    """Return the id of a row that a person adds to a table of `NATURAL`, as `same_rows` makes it.

    It is made of what is public of the row, so that two people who add the same row in git take the same id, and
    different ones for different rows.

    Examples
    --------
    >>> fresh_id("memberships", {"case": "k02", "document": "d01"}, [], "g")
    'g0c493f723a'
    """
    open_ones, closed = _parted(name)
    frame = pd.DataFrame([row], columns=[*open_ones, *closed])
    hidden = bool(frame[closed].notna().any(axis=None)) if closed else False
    return _fresh(letter, "" if hidden else _numbered(frame, open_ones)[0], taken)


def _parted(name: str) -> tuple[list[str], list[str]]:
    """Return the columns that tell rows of a table apart: those that are public, and those that are not."""
    closed = [column for column in NATURAL[name] if column in tables.schema(name).restricted]
    return [column for column in NATURAL[name] if column not in closed], closed


def _by_place(frame: pd.DataFrame, name: str, key: str) -> dict[str, str]:
    return dict(zip(_numbered(frame, NATURAL[name]), frame[key])) if len(frame) else {}


def _numbered(frame: pd.DataFrame, columns: Collection[str]) -> list[str]:
    """Return what each row says as a text, with a number where several say the same."""
    said = pd.Series(joined(frame, columns), dtype="object")
    number = said.groupby(said).cumcount()
    return (said + "\x1f" + number.astype(str)).tolist() if len(said) else []


def _fresh(own: str, place: str, taken: Collection[str]) -> str:
    """Return an id made of a place that is public; without one, by chance: ids are public, and give nothing away."""
    letter = found[0] if (found := re.match("[a-z]+", own)) else "x"
    turn = 0
    place = place or secrets.token_hex(16)
    while (name := letter + hashlib.sha256(f"{place}{turn or ''}".encode()).hexdigest()[:10]) in taken:
        turn += 1
    return name
