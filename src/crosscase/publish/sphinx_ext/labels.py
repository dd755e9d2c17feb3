"""What a reader sees instead of an id: the label in the study's tables, or the name in the imported file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from crosscase import ids
from crosscase.publish.columns import ID_OF
from crosscase.study import Study

LABELLED = {"codebook": "code", "themes": "theme", "cases": "case", "roles": "role"}
"""Table whose rows have a label -> its key."""

NAMED = {"documents": "document", "memo_index": "memo"}
"""Table with neutral ids in it -> the kind of these; the name in the imported file is shown if it is at hand."""

COMPARED = ("id of studies", "id of cases")
"""Ids for which a study may stand; a synthesis compares studies as cases."""

LONGEST_NAME = 32
"""Characters of a name that are shown: programs make titles of memos from what people said."""


class Book(Protocol):
    """What is asked of the book."""

    studies: list[str]

    def study(self, name: str) -> Study:
        """Return a study of the book."""
        ...

    def labels(self, kind: str, study: str) -> Mapping[str, str]:
        """Return what `labels_of` found before."""
        ...


def labels_of(book: Book, kind: str, study: str) -> Mapping[str, str]:
    """Return id -> label of one kind of ids in a study of the book; nothing where ids of this kind have none."""
    labels = {name: book.study(name).info.short_title for name in book.studies} if kind in COMPARED else {}
    if study not in book.studies:
        return labels
    known, table = book.study(study), kind.removeprefix(ID_OF)
    if key := LABELLED.get(table):
        part = known.table(table)
        labels |= dict(zip(part[key], part["label"].fillna(part[key])))
    elif table == "coders" or table in NAMED:
        names = known.coder_names() if table == "coders" else known.names(NAMED[table])
        labels |= {id: name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…" for id, name in names.items()}
    return labels


def label(book: Book, kind: str, cell: str, study: str) -> str:
    """Return the labels of the ids in a cell; empty where one of them has none."""
    if not kind.startswith(ID_OF):
        return ""
    known = book.labels(kind, study)
    found = ids.split(cell)
    return ", ".join(known[each] for each in found) if found and all(each in known for each in found) else ""
