"""What the page is shown of a study: plain lists and mappings; in blind mode nothing of other coders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from crosscase import terms
from crosscase.coding.palette import colours
from crosscase.study.coding_store import CodingStore
from crosscase.study.edits import rows_of
from crosscase.study.texts import file_of

Row = dict[str, Any]
LEFT_OUT = ("theme", "paragraph", "locator", "quotation_hmac")
"""Columns of codings that the page does not show."""


def shown(row: Row) -> Row:
    """Return what the page is told of a coding."""
    return {name: cell for name, cell in row.items() if name not in LEFT_OUT}


def codings_of(store: CodingStore, coder: str, *, blind: bool, rounds: Collection[str] = ()) -> dict[str, Row]:
    """Return the codings that a coder may see, by id."""
    rows = store.by_key("codings")
    if not blind:
        return dict(rows)
    return {id: row for id, row in rows.items() if row["coder"] == coder and row.get("round") not in rounds}


def codes_of(store: CodingStore) -> list[Row]:
    """Return the codebook in its order, each code with its colour and line."""
    book = store.table("codebook")
    seen = colours(book)
    return [
        {name: cell for name, cell in row.items() if name != "color"}
        | {"colour": seen[row["code"]][0], "line": seen[row["code"]][1]}
        for row in rows_of(book)
    ]


def progress_of(documents: list[Row], codings: Mapping[str, Row], coder: str) -> dict[str, Row]:
    """Return document -> how many codings it has, how many of them are the coder's, and what share they cover."""
    spans: dict[str, list[tuple[int, int]]] = {}
    found: dict[str, Row] = {row["document"]: {"codings": 0, "mine": 0, "covered": 0.0} for row in documents}
    for row in codings.values():
        mine = row["coder"] == coder
        if row["document"] in found:
            found[row["document"]]["codings"] += 1
            found[row["document"]]["mine"] += mine
            if mine and "start" in row and "end" in row:
                spans.setdefault(row["document"], []).append((row["start"], row["end"]))
    lengths = {row["document"]: row.get("code_points") for row in documents}
    for document, places in spans.items():
        covered, reached = 0, 0
        for start, end in sorted(places):
            covered += max(0, end - max(start, reached))
            reached = max(reached, end)
        if length := lengths[document]:
            found[document]["covered"] = covered / length
    return found


def counts_of(codings: Mapping[str, Row]) -> dict[str, int]:
    """Return code -> how many of the codings have it."""
    return dict(Counter(row["code"] for row in codings.values()))


def documents_of(store: CodingStore) -> list[Row]:
    """Return the documents, each with whether its text is here."""
    rows = rows_of(store.table("documents"))
    kept = ("document", "title", "kind", "case", "role", "participant", "language", "code_points")
    return [
        {name: row[name] for name in kept if name in row}
        | {"here": "code_points" in row and file_of(store.name, row["document"]).is_file()}
        for row in rows
    ]


def study_of(store: CodingStore, coder: str, *, blind: bool) -> Row:
    """Return what the page needs of a study before any text is open."""
    study = store.study
    names = {coder: study.coder_names().get(coder, coder)} if blind else study.coder_names() | {}
    return {
        "study": store.name,
        "title": study.info.short_title,
        "coder": coder,
        "coders": names,
        "blind": blind,
        "documents": documents_of(store),
        "codes": codes_of(store),
        "cases": _labels(study.table("cases"), "case"),
        "roles": _labels(study.table("roles"), "role"),
        "valences": list(terms.VALENCES),
        "modes": list(terms.ROLE_MODES),
    }


def _labels(frame: pd.DataFrame, key: str) -> list[Row]:
    return [{"id": id, "label": label} for id, label in zip(frame[key], frame["label"])]
