"""Boundary similarity: how alike do coders cut a text, counting near misses in part."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from crosscase.agreement.codings.clean import Codings, Names, Seen
from crosscase.agreement.spans.continuum import Lengths, read_spans
from crosscase.arguments import check_arguments
from crosscase.errors import CrosscaseError, Problem


def boundary_similarity(
    spans: Codings,
    lengths: Lengths,
    *,
    near: int = 2,
    coders: Names = None,
    codes: Names = None,
    judged: Seen = None,
) -> pd.DataFrame:
    """Boundary similarity B of the starts and ends that coders drew, pair by pair and averaged over pairs.

    Parameters
    ----------
    spans : DataFrame
        `coder, start, end`, optionally `document` and `code`. A boundary lies where a span starts or ends inside its
        document; spans that touch share it.
    lengths : int, mapping, Series or DataFrame
        Code points of each document.
    near : int
        Positions that a transposition may span, at least 1: boundaries of two coders up to `near - 1` apart count as
        a near miss, worth 1 - distance / near. With 1 only equal boundaries match. (Fournier's n_t is 2, on positions
        between sentences; on code points choose more.)
    coders, codes : sequence, optional
        Who and what to compare; all chosen codes together make the boundaries.
    judged : DataFrame, optional
        `document, coder`.

    Returns
    -------
    DataFrame
        One row per pair of coders, then `(mean)`: `coder_1, coder_2, n_documents, n_first, n_second, n_matches,
        n_near, n_additions, similarity, near, reason`.

    Raises
    ------
    CrosscaseError
        For `near` below 1 and spans outside their document.

    References
    ----------
    Fournier, C. (2013). Evaluating text segmentation using boundary edit distance. Proceedings of the 51st Annual
    Meeting of the Association for Computational Linguistics, 1702-1712. https://aclanthology.org/P13-1167

    Examples
    --------
    >>> spans = pd.DataFrame({"coder": ["x", "y"], "start": [0, 0], "end": [4, 5]})
    >>> boundary_similarity(spans, 10)["similarity"].tolist()
    [0.5, 0.5]
    """
    check_arguments(boundary_similarity, locals())
    if near < 1 or int(near) != near:
        raise CrosscaseError(Problem("near", "a whole number of 1 or more", str(near), "1, 2, 3 ..."))
    continuum = read_spans(spans, lengths, coders, codes, judged)
    drawn = continuum.spans
    places = [
        np.setdiff1d(drawn.loc[drawn["coder"] == coder, ["start", "end"]].to_numpy().ravel(), continuum.ends)
        for coder in range(len(continuum.coders))
    ]
    rows = []
    for a, b in combinations(range(len(continuum.coders)), 2):
        both = continuum.judged[:, a] & continuum.judged[:, b]
        first, second = (_inside(places[coder], continuum.ends, both) for coder in (a, b))
        found = _compare(first, second, int(near), continuum.ends)
        reason = "" if both.any() else "no document judged by both"
        reason = reason or ("" if len(first) + len(second) else "neither coder drew a boundary")
        pair = {"coder_1": continuum.coders[a], "coder_2": continuum.coders[b]}
        rows.append({**pair, "n_documents": int(both.sum()), "n_first": len(first),
                     "n_second": len(second), **found, "near": near, "reason": reason})  # fmt: skip
    return pd.DataFrame([*rows, _mean(rows, near)])


def _inside(places: np.ndarray, ends: np.ndarray, both: np.ndarray) -> np.ndarray:
    document = np.searchsorted(ends, places, side="right") - 1
    return places[both[document]] if len(places) else places


def _compare(first: np.ndarray, second: np.ndarray, near: int, ends: np.ndarray) -> dict[str, Any]:
    same = len(np.intersect1d(first, second))
    only_a, only_b = np.setdiff1d(first, second), np.setdiff1d(second, first)
    distances = _near_misses(only_a, only_b, near - 1, ends)
    additions = len(only_a) + len(only_b) - 2 * len(distances)
    edits, total = additions + sum(distances) / near, additions + len(distances) + same
    return {
        "n_matches": same,
        "n_near": len(distances),
        "n_additions": additions,
        "similarity": (total - edits) / total if total else float("nan"),
    }


def _near_misses(a: np.ndarray, b: np.ndarray, reach: int, ends: np.ndarray) -> list[int]:
    """Pair unmatched boundaries of the same document, the nearest first, then from left to right."""
    low, high = np.searchsorted(b, a - reach, side="left"), np.searchsorted(b, a + reach, side="right")
    count = np.maximum(high - low, 0)
    left = np.repeat(np.arange(len(a)), count)
    right = low[left] + np.arange(len(left)) - np.repeat(np.cumsum(count) - count, count)
    together = np.searchsorted(ends, a[left], side="right") == np.searchsorted(ends, b[right], side="right")
    left, right = left[together], right[together]
    apart = np.abs(a[left] - b[right])
    order = np.lexsort([right, left, np.minimum(a[left], b[right]), apart])
    used_a: set[int] = set()
    used_b: set[int] = set()
    found = []
    for distance, place, other in zip(apart[order].tolist(), left[order].tolist(), right[order].tolist()):
        if place not in used_a and other not in used_b:
            used_a.add(place)
            used_b.add(other)
            found.append(distance)
    return found


def _mean(rows: list[dict[str, Any]], near: int) -> dict[str, Any]:
    values = [row["similarity"] for row in rows if not np.isnan(row["similarity"])]
    reason = f"{len(rows) - len(values)} of {len(rows)} pairs undefined and left out" if len(values) < len(rows) else ""
    mean: dict[str, Any] = {"coder_1": "(mean)", "coder_2": "(mean)"}
    for name in ("n_documents", "n_first", "n_second", "n_matches", "n_near", "n_additions"):
        mean[name] = sum(row[name] for row in rows)
    similarity = float(np.mean(values)) if values else float("nan")
    return {**mean, "similarity": similarity, "near": near, "reason": reason or ("" if rows else "one coder only")}
