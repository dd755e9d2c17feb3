"""Overlap of spans of two coders: kappa on code points as commercial programs report it, and matched segments."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from crosscase.agreement.codings.clean import OVERALL, Codings, Names, Seen, as_codings, check_named, prepare_codings
from crosscase.agreement.codings.paired import overlapping_pairs
from crosscase.agreement.spans.continuum import ONE_CODE, ONE_DOCUMENT, Continuum, Lengths, read_each
from crosscase.arguments import check_arguments
from crosscase.errors import CrosscaseError, Problem

POOLED = "(all documents)"
MEAN = "(mean of documents)"
WEIGHTED = "(mean weighted by length)"
ONE_CODER = "one coder only"
SHARES = ("union", "shorter", "longer")


def character_kappa(
    codings: Codings,
    lengths: Lengths,
    coders: Names = None,
    codes: Names = None,
    *,
    judged: Seen = None,
    complete_is_one: bool = False,
    by_document: bool = True,
) -> pd.DataFrame:
    """Percent agreement and Cohen's kappa on code points, code by code, document by document and pair by pair.

    This is the coding comparison of the commercial programs. Code points of one segment depend on each other, and
    text that nobody would code raises the agreement: read it beside the coefficients on chosen units.

    Parameters
    ----------
    codings : DataFrame
        `start, end, coder`, optionally `document` and `code`.
    lengths : int, mapping, Series or DataFrame
        Code points of each document.
    coders, codes : sequence of str, optional
        Who and what to compare.
    judged : DataFrame, optional
        `document, coder`.
    complete_is_one : bool
        Report kappa 1 where both coders agree on every code point though kappa is undefined (nobody or both marked
        everything), as some programs do. The default leaves it undefined.
    by_document : bool
        Whether documents and their averages have rows, or only `(all documents)`.

    Returns
    -------
    DataFrame
        `code, coder_1, coder_2, document, n_code_points, both, first_only, second_only, neither, percent_agreement,
        kappa, reason`; for each code and pair a row per document, then `(all documents)` from the summed code points,
        `(mean of documents)` and `(mean weighted by length)`, the two averages that programs offer, over the
        documents whose kappa is defined.

    References
    ----------
    Cohen, J. (1960). doi:10.1177/001316446002000104

    Examples
    --------
    >>> spans = pd.DataFrame({"coder": ["x", "y"], "start": [0, 2], "end": [4, 6], "code": "c"})
    >>> character_kappa(spans, 10)[["document", "both", "kappa"]].round(4).values.tolist()[0]
    ['(document)', 2, 0.1667]
    """
    check_arguments(character_kappa, locals())
    codings = as_codings(codings)
    check_named(codings, ("coder", "code") if "code" in codings else ("coder",))
    seen = judged
    if seen is None and "document" in codings:
        seen = codings[["document", "coder"]].drop_duplicates()
    people = coders if coders is not None else sorted(codings["coder"].unique())
    named = codings if "code" in codings else codings.assign(code=ONE_CODE)
    names = codes if codes is not None else sorted(named["code"].unique())
    rows: list[dict[str, Any]] = []
    if len(people) < 2:
        rows.append({"document": POOLED, "n_code_points": 0, "reason": ONE_CODER})
    for code, continuum in read_each(named, lengths, people, names, seen):
        for a, b in combinations(range(len(people)), 2):
            rows += _pair_rows(continuum, code, a, b, complete_is_one, by_document)
    return pd.DataFrame(rows, columns=_COLUMNS)


_COLUMNS = ["code", "coder_1", "coder_2", "document", "n_code_points", "both", "first_only", "second_only", "neither",
            "percent_agreement", "kappa", "reason"]  # fmt: skip


def _pair_rows(
    continuum: Continuum, code: Hashable, a: int, b: int, complete_is_one: bool, by_document: bool
) -> list[dict[str, Any]]:
    spans = continuum.spans
    ones = np.ones(len(spans), dtype=np.int64)
    first, second = continuum.fill(ones, a) > 0, continuum.fill(ones, b) > 0
    known = continuum.known(a) & continuum.known(b)
    n = len(continuum.documents)
    cells = np.zeros((n, 4))
    for place, part in enumerate((first & second, first & ~second, ~first & second, ~first & ~second)):
        chosen = part & known
        cells[:, place] = np.bincount(continuum.document[chosen], continuum.widths[chosen], minlength=n)
    shared = np.flatnonzero(continuum.judged[:, a] & continuum.judged[:, b])
    head = {"code": code, "coder_1": continuum.coders[a], "coder_2": continuum.coders[b]}
    pooled = {**head, "document": POOLED, **_kappa(cells[shared].sum(axis=0), complete_is_one)}
    if not by_document:
        return [pooled]
    rows = [
        {**head, "document": continuum.documents[place], **_kappa(cells[place], complete_is_one)} for place in shared
    ]
    return [*rows, pooled, *_means(rows, pooled)]


def _kappa(cell: np.ndarray, complete_is_one: bool) -> dict[str, Any]:
    n = float(cell.sum())
    both, first, second, neither = (int(value) for value in cell)
    row = {"n_code_points": int(n), "both": both, "first_only": first, "second_only": second, "neither": neither}
    if n == 0:
        return {**row, "percent_agreement": float("nan"), "kappa": float("nan"), "reason": "no document judged by both"}
    observed = (both + neither) / n
    expected = ((both + first) * (both + second) + (second + neither) * (first + neither)) / n**2
    if 1 - expected > 1e-12:
        return {**row, "percent_agreement": observed, "kappa": (observed - expected) / (1 - expected), "reason": ""}
    reason = "one category only: no variation"
    if complete_is_one:
        return {**row, "percent_agreement": observed, "kappa": 1.0, "reason": f"{reason}; set to 1 on request"}
    return {**row, "percent_agreement": observed, "kappa": float("nan"), "reason": reason}


def _means(rows: list[dict[str, Any]], pooled: dict[str, Any]) -> list[dict[str, Any]]:
    size = np.array([row["n_code_points"] for row in rows], dtype=float)
    kappa = np.array([row["kappa"] for row in rows], dtype=float)
    percent = np.array([row["percent_agreement"] for row in rows], dtype=float)
    defined = ~np.isnan(kappa)
    lost = f"{int((~defined).sum())} of {len(rows)} documents undefined and left out" if (~defined).any() else ""
    out = []
    for name, weight in ((MEAN, np.ones(len(rows))), (WEIGHTED, size)):
        mean = float(np.average(kappa[defined], weights=weight[defined])) if defined.any() else float("nan")
        share = float(np.average(percent, weights=weight)) if len(rows) else float("nan")
        out.append({**pooled, "document": name, "percent_agreement": share, "kappa": mean, "reason": lost})
    return out


def overlap_agreement(
    codings: Codings,
    coders: Names = None,
    codes: Names = None,
    *,
    threshold: float = 0.5,
    share: str = "union",
    judged: Seen = None,
) -> pd.DataFrame:
    """Agreement on segments: two segments match where they carry the same code and overlap enough.

    Parameters
    ----------
    codings : DataFrame
        `start, end, coder`, optionally `document` and `code`; overlapping spans of one code by one coder are merged
        first.
    coders, codes : sequence of str, optional
        Who and what to compare.
    threshold : float
        Share of overlap from which two segments match; above 0, at most 1.
    share : {"union", "shorter", "longer"}
        Shared code points by those of both together, of the shorter or of the longer segment.
    judged : DataFrame, optional
        `document, coder`; without it a coder judged the documents in which he or she coded anything, and everybody
        a text without a document's name. Only documents that both judged are compared.

    Returns
    -------
    DataFrame
        One row per code and pair of coders, then per pair over all codes: `code, coder_1, coder_2, n_documents,
        n_first, n_second, n_matched, percent_agreement, specific_agreement, threshold, share, reason`. Segments are
        matched one to one, as many as possible. `percent_agreement` is matched by matched and unmatched,
        `specific_agreement` twice the matched by the segments of both. There is no chance correction: the number of
        segments nobody marked is not defined.

    Raises
    ------
    CrosscaseError
        For a threshold outside (0, 1] or an unknown share.

    References
    ----------
    Hripcsak, G. & Rothschild, A. S. (2005). Agreement, the F-measure, and reliability in information retrieval.
    Journal of the American Medical Informatics Association 12, 296-298. doi:10.1197/jamia.M1733

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "coder": ["x", "y", "y"], "start": [0, 1, 9], "end": [4, 4, 12],
    ...                         "code": "c"})
    >>> overlap_agreement(codings, threshold=0.7)[["code", "n_matched", "specific_agreement"]].round(3).values.tolist()
    [['c', 1, 0.667], ['(all codes)', 1, 0.667]]
    """
    check_arguments(overlap_agreement, locals())
    problems = []
    if not 0 < threshold <= 1:
        problems.append(Problem("threshold", "above 0 and at most 1", str(threshold), "for example 0.5 or 0.9"))
    if share not in SHARES:
        problems.append(Problem("share", "unknown share", repr(share), ", ".join(SHARES)))
    if problems:
        raise CrosscaseError(problems)
    codings = as_codings(codings, {"code": ONE_CODE})
    if single := "document" not in codings:
        codings["document"] = ONE_DOCUMENT
    ready = prepare_codings(codings, coders, codes)
    people = list(coders) if coders is not None else sorted(codings["coder"].unique())
    seen = ready.seen if judged is None else judged
    if single and judged is None:
        seen = pd.DataFrame({"document": ONE_DOCUMENT, "coder": people})
    names = list(codes) if codes is not None else sorted(ready.codings["code"].unique())
    rows = []
    if len(people) < 2:
        alone = {"code": OVERALL, "coder_1": None, "coder_2": None, "n_documents": 0, **_rates(0, 0, 0)}
        rows.append({**alone, "threshold": threshold, "share": share, "reason": ONE_CODER})
    for first, second in combinations(people, 2):
        both = set(seen.loc[seen["coder"] == first, "document"]) & set(seen.loc[seen["coder"] == second, "document"])
        part = ready.codings[ready.codings["document"].isin(both)]
        placed, of = _placed(part), part.groupby(["code", "coder"]).indices
        none = np.empty(0, dtype=np.int64)
        found = [
            _match(placed[of.get((code, first), none)], placed[of.get((code, second), none)], threshold, share)
            for code in names
        ]
        for code, counts in [*zip(names, found), (OVERALL, np.sum(found, axis=0) if found else np.zeros(3))]:
            rows.append({"code": code, "coder_1": first, "coder_2": second, "n_documents": len(both),
                         **_rates(*(int(count) for count in counts)), "threshold": threshold, "share": share,
                         "reason": _reason(int(counts[0] + counts[1]), len(both))})  # fmt: skip
    return pd.DataFrame(rows)


def _reason(segments: int, documents: int) -> str:
    if not documents:
        return "no document judged by both"
    return "" if segments else "neither coder used the code"


def _rates(first: int, second: int, matched: int) -> dict[str, Any]:
    union, total = first + second - matched, first + second
    return {
        "n_first": first, "n_second": second, "n_matched": matched,
        "percent_agreement": matched / union if union else float("nan"),
        "specific_agreement": 2 * matched / total if total else float("nan"),
    }  # fmt: skip


def _placed(part: pd.DataFrame) -> np.ndarray:
    """Return start and end of each segment as if the documents were laid end to end."""
    number = pd.factorize(part["document"])[0]
    stride = int(part["end"].max()) + 1 if len(part) else 1
    return np.column_stack([part[name].to_numpy(np.int64) + number * stride for name in ("start", "end")])


def _match(one: np.ndarray, two: np.ndarray, threshold: float, share: str) -> np.ndarray:
    """Count the segments of two coders and those that match; a segment is a row of start and end."""
    offsets = [each[:, end] for each in (one, two) for end in (0, 1)]
    a, b, shared = overlapping_pairs(*offsets)
    size_a, size_b = (offsets[1] - offsets[0])[a], (offsets[3] - offsets[2])[b]
    base = {"union": size_a + size_b - shared, "shorter": np.minimum(size_a, size_b),
            "longer": np.maximum(size_a, size_b)}[share]  # fmt: skip
    enough = shared >= threshold * base - 1e-9
    if not enough.any():
        return np.array([len(one), len(two), 0])
    graph = csr_array((np.ones(int(enough.sum())), (a[enough], b[enough])), shape=(len(one), len(two)))
    matched = maximum_bipartite_matching(graph, perm_type="column")
    return np.array([len(one), len(two), int((matched >= 0).sum())])
