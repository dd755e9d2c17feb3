"""Which documents and codings belong to which case, from what a file says about documents and segments."""

from __future__ import annotations

import pandas as pd

from crosscase import tables
from crosscase.exchange.builder import Builder
from crosscase.exchange.imported import Imported

SEVERAL = "documents in several cases; the table documents leaves their case empty, the table memberships has all"
NOT_THERE = "placements in a case, or of a document or segment, that is not there"


def place_in_cases(
    found: Builder,
    codings: pd.DataFrame,
    segments: pd.DataFrame,
    cases: dict[str, str],
    documents: pd.DataFrame,
    out: Imported,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Set the case of documents and codings where it is one, and return codings and all other memberships.

    A document belongs to the case in which the file places the whole of it. A coding belongs to the case of its
    segment, or of the placed segment that holds it. Where that gives several cases, the ones above another in the tree
    of cases are passed over; if several are left, the cell stays empty.

    Parameters
    ----------
    found : Builder
        What the reader collected.
    codings : pandas.DataFrame
        Codings with `segment, document` (the file's key), `start, end, code, coder, date, memo, paragraph, sha256`.
    segments : pandas.DataFrame
        Segments by number, with `document, start, end, locator, ok`.
    cases : dict of str to str
        The file's key of a case -> our id.
    documents : pandas.DataFrame
        The table `documents`; its column `case` is filled.
    out : Imported
        Takes the remarks.
    """
    placed = _placements(found, segments, cases, out)
    ids = {key: document.id for key, document in found.documents.items()}
    lengths = dict(zip(ids, documents["code_points"]))
    whole: dict[str, list[str]] = {}
    part: dict[str, list[tuple[int, int, str]]] = {}
    exact: dict[int, list[str]] = {}
    rows = []
    for case, document, segment, coder, date in placed:
        start, end, locator = (None, None, None)
        if segment is not None:
            start, end, locator = segments.loc[segment, ["start", "end", "locator"]]
        if segment is None or (pd.notna(start) and start == 0 and end == lengths[document]):
            whole.setdefault(document, []).append(case)
        elif pd.notna(start):
            part.setdefault(document, []).append((int(start), int(end), case))
        if segment is not None:
            exact.setdefault(segment, []).append(case)
        rows.append((case, document, segment, start, end, locator, coder, date))
    single = {document: _deepest(members, found) for document, members in whole.items()}
    for document, members in single.items():
        if len(members) > 1:
            out.warnings.add(SEVERAL, ids[document])
    of_document = {key: cases[members[0]] for key, members in single.items() if len(members) == 1}
    documents["case"] = [of_document.get(key) for key in ids]
    of_coding = _coding_cases(codings, exact, part, found)
    coded = set(codings["segment"])
    kept = []
    for row in rows:
        case, document, segment, start, end, *_ = row
        if whole.get(document) == [case] and (segment is None or (start == 0 and end == lengths[document])):
            continue
        if segment in coded and exact.get(segment) == [case]:
            continue
        kept.append(row)
    codings = codings.assign(
        coding_id=[f"c{number:06d}" for number in range(1, len(codings) + 1)],
        document=codings["document"].map(ids),
        case=[cases.get(case) if case is not None else None for case in of_coding],
        quotation_sha256=codings["sha256"],
        coder=codings["coder"],
    )
    wanted = [c for c in tables.schema("codings").columns if c in codings]
    return codings[wanted], _memberships(kept, ids, cases, found)


def _placements(
    found: Builder, segments: pd.DataFrame, cases: dict[str, str], out: Imported
) -> list[tuple[str, str, int | None, str | None, str | None]]:
    placed = []
    for case, document, segment, coder, date in dict.fromkeys(found.members):
        if segment is not None:
            document = str(segments.at[segment, "document"]) if segments.at[segment, "ok"] else None
        if case not in cases or document not in found.documents:
            out.left_out.add(NOT_THERE)
            continue
        placed.append((case, str(document), segment, coder, date))
    return placed


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


def _coding_cases(
    codings: pd.DataFrame,
    exact: dict[int, list[str]],
    part: dict[str, list[tuple[int, int, str]]],
    found: Builder,
) -> list[str | None]:
    if not exact and not part:
        return [None] * len(codings)
    result: list[str | None] = []
    for segment, document, start, end in codings[["segment", "document", "start", "end"]].itertuples(index=False):
        members = exact.get(segment)
        if members is None and document in part and pd.notna(start):
            members = [case for a, b, case in part[document] if a <= start and end <= b]
        single = _deepest(members or [], found)
        result.append(single[0] if len(single) == 1 else None)
    return result


def _memberships(kept: list[tuple], ids: dict[str, str], cases: dict[str, str], found: Builder) -> pd.DataFrame:
    rows = [
        {
            "membership": f"m{number:05d}",
            "case": cases[case],
            "document": ids[document],
            "start": start,
            "end": end,
            "locator": locator,
            "coder": found.coders[coder][0] if coder in found.coders else None,
            "date": date,
        }
        for number, (case, document, _, start, end, locator, coder, date) in enumerate(kept, start=1)
    ]
    return pd.DataFrame(rows, columns=tables.schema("memberships").columns)
