"""Which documents and codings belong to which case, from what a file says about documents and segments."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from crosscase import tables
from crosscase.exchange.builder import Builder
from crosscase.exchange.imported import Imported

NEARLY = 0.95
NOWHERE: tuple[Any, Any, Any] = (None, None, None)
SEVERAL = "documents in several cases: their column case is empty, the table memberships has all"
PREFERRED = (
    "documents in several cases: the column case has the only one that holds other documents too, "
    "the table memberships has all"
)
NEARLY_WHOLE = "placements in a case that leave out a few characters of a document, taken as the whole document"
NOT_THERE = "placements in a case, or of a document or segment, that is not there"


@dataclass
class _Places:
    """Who lies where: whole documents, coded segments, segments that only say the case."""

    whole: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    coded: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    spans: dict[str, list[tuple[int, int, str]]] = field(default_factory=lambda: defaultdict(list))
    rows: list[dict] = field(default_factory=list)


def place_in_cases(
    found: Builder,
    codings: pd.DataFrame,
    segments: pd.DataFrame,
    cases: dict[str, str],
    documents: pd.DataFrame,
    out: Imported,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Set the case of documents and codings where it is one, and return codings and all other memberships.

    A document belongs to the case in which the file places the whole of it (or all but one part in twenty). A coding
    belongs to the case of its own segment, else of a placed segment that holds it, else of its document. Where that
    gives several cases, those above another in the tree of cases are passed over, then those with one document only; if
    several are left, the cell stays empty. The column `case` of `documents` is filled in place, `cases` takes the
    file's key to our id.
    """
    ids = {key: document.id for key, document in found.documents.items()}
    lengths = dict(zip(ids, documents["code_points"]))
    places = _places(found, set(codings["segment"]), segments, cases, lengths, out)
    of_document = _of_documents(places, found, ids, out)
    documents["case"] = [cases.get(of_document.get(key, "")) for key in ids]
    of_coding = _of_codings(codings, places, of_document, found)
    codings = codings.assign(
        coding_id=[f"c{number:06d}" for number in range(1, len(codings) + 1)],
        document=codings["document"].map(ids),
        case=pd.Series(of_coding, index=codings.index, dtype="object").map(cases),
    )
    wanted = [column for column in tables.schema("codings").columns if column in codings]
    return codings[wanted], _memberships(places, of_document, ids, cases, found)


def _places(
    found: Builder,
    coded: set[int],
    segments: pd.DataFrame,
    cases: dict[str, str],
    lengths: dict[str, int],
    out: Imported,
) -> _Places:
    places = _Places()
    for case, document, segment, coder, date in dict.fromkeys(found.members):
        start, end, locator = NOWHERE
        if segment is not None:
            document, start, end, locator, ok = segments.loc[segment, ["document", "start", "end", "locator", "ok"]]
            document = str(document) if ok else None
        if case not in cases or document is None or document not in found.documents:
            out.left_out.add(NOT_THERE)
            continue
        spanned = start is not None and pd.notna(start)
        kind = "whole" if segment is None else "coded" if segment in coded else "span"
        if kind == "span" and spanned and end - start >= NEARLY * lengths[document]:
            kind = "whole"
            if end - start < lengths[document]:
                out.warnings.add(NEARLY_WHOLE)
        if kind == "whole":
            places.whole[document].append(case)
        elif kind == "coded" and segment is not None:
            places.coded[segment].append(case)
        elif spanned:
            places.spans[document].append((int(start), int(end), case))
        places.rows.append(
            {"case": case, "document": document, "segment": segment, "kind": kind, "date": date, "coder": coder}
            | {"start": start, "end": end, "locator": locator}
        )
    return places


def _of_documents(places: _Places, found: Builder, ids: dict[str, str], out: Imported) -> dict[str, str]:
    held: dict[str, set[str]] = defaultdict(set)
    for document, members in places.whole.items():
        for case in members:
            held[case].add(document)
    chosen = {}
    for document, members in places.whole.items():
        single = _deepest(members, found)
        if len(single) > 1:
            larger = [case for case in single if len(held[case]) > 1]
            out.warnings.add(PREFERRED if len(larger) == 1 else SEVERAL, ids[document])
            single = larger
        if len(single) == 1:
            chosen[document] = single[0]
    return chosen


def _deepest(members: list[str], found: Builder) -> list[str]:
    """Return the cases of a list that lie above no other of the list."""
    above: set[str] = set()
    for case in members:
        seen, at = {case}, found.cases[case].parent
        while at is not None and at not in seen:
            above.add(at)
            seen.add(at)
            at = found.cases[at].parent if at in found.cases else None
    return [case for case in dict.fromkeys(members) if case not in above]


def _of_codings(
    codings: pd.DataFrame, places: _Places, of_document: dict[str, str], found: Builder
) -> list[str | None]:
    if not places.coded and not places.spans:
        return [of_document.get(document) for document in codings["document"].tolist()]
    result: list[str | None] = []
    for segment, document, start, end in zip(*(codings[c] for c in ("segment", "document", "start", "end"))):
        members = places.coded.get(segment)
        if members is None and document in places.spans and pd.notna(start):
            members = [case for a, b, case in places.spans[document] if a <= start and end <= b]
        single = _deepest(members, found) if members else [of_document.get(document)]
        result.append(single[0] if len(single) == 1 else None)
    return result


def _memberships(
    places: _Places, of_document: dict[str, str], ids: dict[str, str], cases: dict[str, str], found: Builder
) -> pd.DataFrame:
    """Return the placements that the columns `case` of documents and codings do not tell."""
    rows: list[dict] = []
    for place in places.rows:
        if place["kind"] == "whole" and of_document.get(place["document"]) == place["case"]:
            continue
        if place["kind"] == "coded" and len(places.coded[place["segment"]]) == 1:
            continue
        if place["kind"] == "whole":
            place |= {"start": None, "end": None, "locator": None}
        coder = found.coders[place["coder"]][0] if place["coder"] in found.coders else None
        place |= {"case": cases[place["case"]], "document": ids[place["document"]], "coder": coder}
        rows.append(place | {"membership": f"m{len(rows) + 1:05d}"})
    return pd.DataFrame(rows, columns=tables.schema("memberships").columns)
