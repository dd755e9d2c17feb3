"""Clustering of cases by their themes, with leave-one-theme-out stability; refused below six cases."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform
from scipy.special import comb

from crosscase.arguments import Values, check_arguments
from crosscase.comparison.given import frame_of
from crosscase.comparison.ordination import LEAST_CASES
from crosscase.comparison.results import positive_int
from crosscase.errors import CrosscaseError, Problem
from crosscase.frames import choice

METHODS = ("average", "complete", "single")


class Clustering(NamedTuple):
    """Clusters, distances, stability; see `cluster_cases`."""

    clusters: pd.DataFrame
    linkage: pd.DataFrame
    distances: pd.DataFrame
    stability: pd.DataFrame
    reason: str


def cluster_cases(presence: Values, n_clusters: int = 2, method: str = "average") -> Clustering:
    """Group cases by the themes they share, and show how much the grouping hangs on single themes.

    Parameters
    ----------
    presence : DataFrame
        Case x theme: 1 present, 0 absent, null not stated (compared only where both cases are known).
    n_clusters : int
        Number of clusters, 2 or more and below the number of cases.
    method : {"average", "complete", "single"}
        Linkage on Jaccard distances.

    Returns
    -------
    Clustering
        `clusters`: `case, cluster` (1, 2, ...), `stability` (share of the runs without one theme in which the case
        stays with at least half of its cluster), `n_themes` (known). `linkage`: `left, right, height, size` as
        scipy gives them. `distances`: `case_a, case_b, distance, n_known`. `stability`: one row per theme left out:
        `theme, adjusted_rand` (1: the same grouping), `reason`. `reason`: empty, or why nothing was computed. No p
        is given: clusters found in the data cannot be tested on the same data.

    References
    ----------
    Hubert, L., & Arabie, P. (1985). Comparing partitions. Journal of Classification 2, 193-218.
    doi:10.1007/BF01908075

    Examples
    --------
    >>> cluster_cases(pd.DataFrame({"trust": [1, 0]}, index=["a", "b"])).reason
    'refused: 2 cases, at least 6 are needed'
    """
    check_arguments(cluster_cases, locals())
    choice(method, METHODS, "method")
    positive_int(n_clusters, "n_clusters", 2)
    presence = frame_of(presence, "presence")
    values = presence.to_numpy(dtype=float, na_value=np.nan)
    if not bool(np.isin(values[~np.isnan(values)], (0.0, 1.0)).all()):
        raise CrosscaseError(Problem("presence", "1, 0 or null is needed in each cell"))
    reason = ""
    if len(values) < LEAST_CASES:
        reason = f"refused: {len(values)} cases, at least {LEAST_CASES} are needed"
    elif n_clusters >= len(values):
        reason = f"refused: {n_clusters} clusters of {len(values)} cases"
    distance, n_known = jaccard(values)
    if not reason and bool(np.isnan(distance).any()):
        a, b = np.argwhere(np.isnan(distance))[0]
        reason = f"refused: {presence.index[a]} and {presence.index[b]} share no theme that is stated for both"
    if reason:
        return Clustering(pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), reason)
    tree, label = _cut(distance, n_clusters, method)
    runs, rows = [], []
    for position, theme in enumerate(presence.columns):
        less, _ = jaccard(np.delete(values, position, axis=1))
        if np.isnan(less).any():
            rows.append((theme, np.nan, "without this theme two cases share no stated theme"))
            continue
        other = _cut(less, n_clusters, method)[1]
        runs.append(other)
        rows.append((theme, adjusted_rand(label, other), ""))
    a, b = np.triu_indices(len(values), 1)
    names = presence.index.to_numpy(dtype=object)
    return Clustering(
        pd.DataFrame(
            {
                "case": names,
                "cluster": label,
                "stability": _stability(label, runs),
                "n_themes": (~np.isnan(values)).sum(axis=1),
            }
        ),
        pd.DataFrame(tree, columns=["left", "right", "height", "size"]).astype(
            {"left": int, "right": int, "size": int}
        ),
        pd.DataFrame({"case_a": names[a], "case_b": names[b], "distance": distance[a, b], "n_known": n_known[a, b]}),
        pd.DataFrame(rows, columns=["theme", "adjusted_rand", "reason"]),
        "",
    )


def jaccard(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Jaccard distance between rows over the columns known for both; two rows without any presence are alike (0).

    Examples
    --------
    >>> jaccard(np.array([[1, 1, 0], [1, 0, np.nan]]))[0].tolist()
    [[0.0, 0.5], [0.5, 0.0]]
    """
    known = ~np.isnan(values)
    ones = np.where(known, values, 0.0)
    both = ones @ ones.T
    mine = ones @ known.T.astype(float)
    either = mine + mine.T - both
    n_known = known.astype(int) @ known.T.astype(int)
    distance = 1 - np.divide(both, either, out=np.ones_like(both), where=either > 0)
    return np.where(n_known > 0, distance, np.nan), n_known


def _cut(distance: np.ndarray, n_clusters: int, method: str) -> tuple[np.ndarray, np.ndarray]:
    tree = hierarchy.linkage(squareform(distance, checks=False), method=method)
    label = hierarchy.cut_tree(tree, n_clusters=n_clusters).ravel()
    return tree, pd.factorize(label)[0] + 1


def adjusted_rand(a: np.ndarray | Sequence[Hashable], b: np.ndarray | Sequence[Hashable]) -> float:
    """Adjusted Rand index of two groupings of the same cases; 1 where chance alone would join them alike (one case).

    Examples
    --------
    >>> adjusted_rand(np.array([1, 1, 2, 2]), np.array([2, 2, 1, 1]))
    1.0
    """
    check_arguments(adjusted_rand, locals())
    for name, labels in (("a", a), ("b", b)):
        if isinstance(labels, np.ndarray) and labels.ndim != 1:
            raise CrosscaseError(Problem(name, "one group of each case", f"an array of {labels.ndim} dimensions"))
    if len(a) != len(b):
        raise CrosscaseError(Problem("b", "as many cases as in a", f"{len(b)} for {len(a)}"))
    table = pd.crosstab(np.asarray(a), np.asarray(b)).to_numpy()
    together, rows, columns = (comb(each, 2).sum() for each in (table, table.sum(axis=1), table.sum(axis=0)))
    highest, expected = (rows + columns) / 2, rows * columns / max(comb(len(a), 2), 1)
    return 1.0 if highest == expected else float((together - expected) / (highest - expected))


def _stability(label: np.ndarray, runs: list[np.ndarray]) -> np.ndarray:
    same = label[:, None] == label[None, :]
    np.fill_diagonal(same, False)
    mates = same.sum(axis=1)
    if not runs:
        return np.full(len(label), np.nan)
    kept = []
    for other in runs:
        still = (same & (other[:, None] == other[None, :])).sum(axis=1)
        alone = (other[:, None] == other[None, :]).sum(axis=1) == 1
        kept.append(np.where(mates > 0, still * 2 >= mates, alone))
    return np.mean(kept, axis=0)
