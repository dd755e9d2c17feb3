"""The workbook in which a person edits a study: which sheets, which columns, and what each is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import pandas as pd

from crosscase import tables
from crosscase.study.merge import references
from crosscase.study.names import told_apart

TEXT, LINE, TERM, INTEGER, NUMBER, DATE, REFERENCE, LIST, WORDS, PARTICIPANT = (
    "text", "line", "term", "integer", "number", "date", "reference", "list", "words", "participant",
)  # fmt: skip
"""What a column holds: prose, one line, a closed word, numbers, a date, names of rows (one or several), words."""
ID = "id (leave it as it is)"
HOW_TO, LISTS, MEMORY = "How to", "lists", "crosscase"
READ_ONLY = {"state": "State", "n_segments": "Segments", "quotations": "Quotations", "notes": "Notes"}
STALE = "To be read again"


@dataclass(frozen=True)
class Column:
    """One column that is read back: its field in the table, its heading, its width in characters."""

    field: str
    heading: str
    width: int = 16
    kind: str = TEXT
    of: str = ""
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """One sheet, for one table: the column that names a row comes first; `unit` has attributes as further columns."""

    name: str
    table: str
    key: str
    label: str
    columns: tuple[Column, ...]
    unit: str = ""
    note: str = ""
    apart: bool = True

    def column(self, field: str) -> Column:
        """Return the column of a field."""
        return next(column for column in self.columns if column.field == field)


_FIELDS = {
    "Codebook": ("codebook", "label", {
        "label": ("Code", 36), "parent": ("Below", 28), "definition": ("Definition", 50),
        "inclusion": ("When to use it", 44), "exclusion": ("When not to use it", 44), "example": ("Example", 44),
        "color": ("Colour", 11),
    }, "", "The tree of codes. A code stands below the one that the column Below names; empty is the top."),
    "Cases": ("cases", "label", {
        "label": ("Case", 30), "kind": ("Kind", 14), "k": ("k", 7), "n": ("n", 7), "coverage": ("Coverage", 13),
        "country": ("Country", 16), "description": ("Description", 50),
    }, "case", "What is compared. A new column is a new attribute of cases."),
    "Documents": ("documents", "title", {
        "title": ("Document", 44), "kind": ("Kind", 20), "case": ("Case", 24), "role": ("Role", 24),
        "participant": ("Participant", 18), "language": ("Language", 11), "date": ("Date", 12),
        "stage": ("Stage", 14), "release": ("May be quoted", 15), "release_reason": ("Why", 30),
        "citation": ("How to cite", 44),
    }, "document", "Each text with its participant. A new column is a new attribute (age, profession, site)."),
    "Attributes": ("variables", "label", {
        "label": ("Attribute", 30), "type": ("Type", 12), "description": ("Description", 60),
    }, "", "The attributes that are columns of Cases and Documents."),
    "Themes": ("themes", "label", {
        "label": ("Theme", 40), "parent": ("Below", 30), "kind": ("Kind", 13), "order": ("Order", 8),
        "case": ("Case", 24), "valence": ("Direction", 13), "valence_note": ("Direction in words", 40),
        "voice": ("Voice", 24), "roles_quoted": ("Roles quoted", 36), "document": ("Document", 36),
        "status": ("Status", 13),
    }, "", "As long as this sheet is empty, the groups of the codebook are the themes."),
    "Roles": ("roles", "label", {
        "label": ("Role", 36), "raw_labels": ("In the documents called", 44), "sector": ("Sector", 24),
        "kind": ("Kind", 16), "orientation": ("Orientation", 44),
    }, "", "Who speaks or is spoken about."),
    "Summaries": ("summaries", "case", {
        "case": ("Case", 26), "theme": ("Theme", 34), "summary": ("Summary", 60), "by": ("By", 16),
        "date": ("Date", 12),
    }, "", "A row for each case and theme: write the summary of what stands beside it. Grey columns are not read."),
    "Outcomes": ("outcomes", "label", {
        "label": ("Outcome, step or requirement", 44), "kind": ("Kind", 14), "order": ("Order", 8),
        "case": ("Case", 26), "state": ("State", 13), "k": ("k", 7), "n": ("n", 7), "maps_to": ("Concept", 26),
        "stage": ("Stage", 14), "source": ("Source", 44),
    }, "", "What was reached: for a case, or as k of n cases."),
    "Inventory": ("inventory", "label", {
        "label": ("Collected", 44), "stage": ("Stage", 14), "method": ("Method", 24), "n": ("n", 8),
        "unit": ("Unit", 16), "status": ("Status", 13), "part_of": ("Part of", 30), "roles": ("Roles", 36),
        "source": ("Source", 44), "note": ("Note", 40),
    }, "", "What the study collected, as its publications state it."),
}  # fmt: skip
TABLES = tuple(table for table, *_ in _FIELDS.values())
"""Tables with a sheet; attributes are columns of two of them, so their values belong to the workbook as well."""
VALUES = "variable_values"
KEY = {"case": "cases", "document": "documents"}


@cache
def _sheets(_dictionary: str) -> tuple[Sheet, ...]:
    return tuple(
        Sheet(
            name,
            table,
            tables.schema(table).key[0],
            label,
            tuple(_column(tables.schema(table), field, *shown) for field, shown in fields.items()),
            unit,
            note,
            table != "outcomes",
        )
        for name, (table, label, fields, unit, note) in _FIELDS.items()
    )


def sheets() -> tuple[Sheet, ...]:
    """Return the sheets in their order, with what the dictionary says of each column.

    Examples
    --------
    >>> [sheet.name for sheet in sheets()][:3]
    ['Codebook', 'Cases', 'Documents']
    """
    return _sheets(str(tables.paths.dictionary()))


def _column(schema: tables.Schema, field: str, heading: str, width: int) -> Column:
    item = next(item for item in schema.fields if item["name"] == field)
    above = dict(references(schema))
    several = schema.is_list(field)
    kind, of = TEXT, ""
    if field in above:
        kind, of = (LIST if several else REFERENCE), above[field]
    elif several:
        kind = WORDS
    elif schema.constraint(field, "enum"):
        kind = TERM
    elif item["type"] in (INTEGER, NUMBER):
        kind = item["type"]
    elif field == "participant":
        kind = PARTICIPANT
    elif field == "date":
        kind = DATE
    elif field in ("label", "title", "color", "language"):
        kind = LINE
    return Column(field, heading, width, kind, of, item["description"])


@dataclass(frozen=True)
class Shown:
    """What the rows of a study are called in a workbook: table -> id -> name, and the headings of its attributes.

    `hashes` are the fingerprints of the segments behind each cell of the framework matrix, by `case theme`.
    """

    names: dict[str, dict[str, str]]
    attributes: dict[str, str]
    hashes: dict[str, str] = field(default_factory=dict)

    def of(self, table: str) -> dict[str, str]:
        """Return id -> name of one table."""
        return self.names.get(table, {})


def shown_names(frames: Mapping[str, pd.DataFrame], themes: Mapping[str, str], hashes: Mapping[str, str]) -> Shown:
    """Return what each row is called: its label, told apart from others of the same label.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
        The tables of the study, and `names`.
    themes : mapping of str to str
        Theme -> label, also where the groups of the codebook are themes.
    hashes : mapping of str to str
        Fingerprints, as `Shown` has them.
    """
    names: dict[str, dict[str, str]] = {}
    for sheet in sheets():
        frame = frames[sheet.table]
        if sheet.label not in frame or sheet.table == "summaries":
            continue
        labels = dict(zip(frame[sheet.key], frame[sheet.label].map(_line)))
        above = next((column for column in ("parent", "part_of") if column in frame), "")
        parents = dict(zip(frame[sheet.key], frame[above])) if above else {}
        names[sheet.table] = told_apart(labels, parents) if sheet.apart else labels
    names["themes"] = {id: _line(label) for id, label in themes.items()} | names["themes"]
    called = frames["names"]
    mine = called[called["kind"].eq("participant")]
    names["participants"] = told_apart(dict(zip(mine["id"], mine["name"].map(_line))))
    return Shown(names, _headings(names["variables"]), dict(hashes))


def _line(label: object) -> str:
    """Return a label on one line, as a cell shows it and a person types it."""
    return " ".join(str(label).split())


def _headings(variables: Mapping[str, str]) -> dict[str, str]:
    """Return attribute -> heading of its column, which is that of no other column."""
    taken = {column.heading.casefold() for sheet in sheets() if sheet.unit for column in sheet.columns}
    taken |= {ID.casefold(), ""}
    low = [name.casefold() for name in variables.values()]
    return {
        id: f"{name} ({id})" if name.casefold() in taken or low.count(name.casefold()) > 1 else name
        for id, name in variables.items()
    }
