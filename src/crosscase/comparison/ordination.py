"""Correspondence analysis of cases and themes, with bootstrap over participants; refused below six cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from crosscase.arguments import Count, Seed, Values, check_arguments
from crosscase.comparison.attainable import smallest_p
from crosscase.comparison.given import frame_of
from crosscase.comparison.permutation import SLACK, permuted_labels
from crosscase.comparison.results import positive_int
from crosscase.errors import CrosscaseError, Problem
from crosscase.frames import need, numbers

LEAST_CASES = 6
FLAT = 1e-12
ALONE = "p undefined: one participant in each case, and exchanging whole cases changes nothing"


class Correspondence(NamedTuple):
    """Coordinates, inertia and bootstrap; see `correspondence`."""

    cases: pd.DataFrame
    themes: pd.DataFrame
    inertia: pd.DataFrame
    bootstrap: pd.DataFrame
    reason: str


def correspondence(
    counts: Values, cases: pd.Series, *, n_bootstrap: int = 500, n_permutations: int = 999, seed: Seed = 1
) -> Correspondence:
    """Place cases and themes on two axes, and show how far the places move when other participants are drawn.

    Parameters
    ----------
    counts : DataFrame
        Participant x theme: 1/0 or counts of segments.
    cases : Series
        Case of each participant.
    n_bootstrap : int
        Draws of participants within their case; each is projected on the axes of the whole.
    n_permutations : int
        Exchanges of participants between cases, for the p of the total inertia.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    Correspondence
        `cases`: `case, axis_1, axis_2, n` (participants), `total` (counts). `themes`: `theme, axis_1, axis_2,
        total`. `inertia`: one row: `total_inertia` (chi-square / n), `axis_1, axis_2` (shares), `n` (total of the
        counts), `n_cases, n_participants, p` (by exchange of participants; the chi-square p would treat segments as
        independent; undefined where every case has one participant), `smallest_p, family, reason`. `bootstrap`:
        `draw, case, axis_1, axis_2`. `reason`: empty, or why nothing was computed (fewer than six cases, or all of
        one profile); the frames are then empty. Themes and cases without any count are left out and named.

    References
    ----------
    Greenacre, M. (2017). Correspondence analysis in practice (3rd ed.), chapters 9 and 29 (partial bootstrap).

    Examples
    --------
    >>> counts = pd.DataFrame({"trust": [1, 2], "money": [2, 0]}, index=["p1", "p2"])
    >>> correspondence(counts, pd.Series({"p1": "a", "p2": "b"})).reason
    'refused: 2 cases, at least 6 are needed'
    """
    check_arguments(correspondence, locals())
    positive_int(n_bootstrap, "n_bootstrap", 0)
    positive_int(n_permutations, "n_permutations", 99)
    counts = frame_of(counts, "counts")
    case = cases.reindex(counts.index).dropna()
    values = counts.loc[case.index]
    if bool(values.isna().any(axis=None)) or bool((values < 0).any(axis=None)):
        raise CrosscaseError(Problem("counts", "counts of 0 or more are needed for every participant and theme"))
    empty_themes = [str(theme) for theme in values.columns[values.sum() == 0]]
    totals = values.groupby(case).sum()
    empty_cases = [str(name) for name in totals.index[totals.sum(axis=1) == 0]]
    values = values.loc[~case.isin(empty_cases).to_numpy(), values.sum() > 0]
    case = case.loc[values.index]
    notes = [f"without any count, left out: {', '.join(x)}" for x in (empty_cases, empty_themes) if x]
    n_cases = int(case.nunique())
    reason = ""
    if n_cases < LEAST_CASES:
        reason = f"refused: {n_cases} cases, at least {LEAST_CASES} are needed"
    elif values.shape[1] < 3:
        reason = f"refused: {values.shape[1]} themes, at least 3 are needed for two axes"
    elif _same_profiles(values.groupby(case).sum().to_numpy(dtype=float)):
        reason = "refused: all cases have the same profile, there is nothing to place them by"
    if reason:
        return Correspondence(
            pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), "; ".join([reason, *notes])
        )
    return _fitted(values, case, n_bootstrap, n_permutations, seed, "; ".join(notes))


def _fitted(
    values: Values, case: pd.Series, n_bootstrap: int, n_permutations: int, seed: Seed, note: str
) -> Correspondence:
    table = values.groupby(case).sum()
    rows, columns, eigenvalues = _axes(table.to_numpy(dtype=float))
    standard = columns / np.sqrt(np.where(eigenvalues > FLAT, eigenvalues, np.nan))
    matrix, label = values.to_numpy(dtype=float), table.index.get_indexer(pd.Index(case))
    total = inertia_of(label[None, :], matrix, len(table))[0]
    rng = np.random.default_rng(seed)
    null = np.concatenate(
        [inertia_of(batch, matrix, len(table)) for batch in permuted_labels(label, None, n_permutations, rng)]
    )
    hits, sizes = int((null >= total * (1 - SLACK)).sum()), np.bincount(label)
    alone = bool((sizes == 1).all())
    least = max(smallest_p(sizes), 1 / (1 + n_permutations))
    inertia = pd.DataFrame(
        [
            {
                "total_inertia": total,
                "axis_1": eigenvalues[0] / total,
                "axis_2": eigenvalues[1] / total,
                "n": float(matrix.sum()),
                "n_cases": len(table),
                "n_participants": len(matrix),
                "p": np.nan if alone else (1 + hits) / (1 + n_permutations),
                "smallest_p": np.nan if alone else least,
                "family": "one test (all cases and themes jointly), nothing to adjust",
                "reason": "; ".join(filter(None, [ALONE if alone else "", note])),
            }
        ]
    )
    return Correspondence(
        pd.DataFrame(
            {
                "case": table.index,
                "axis_1": rows[:, 0],
                "axis_2": rows[:, 1],
                "n": sizes,
                "total": table.sum(axis=1).to_numpy(),
            }
        ),
        pd.DataFrame(
            {
                "theme": table.columns,
                "axis_1": columns[:, 0],
                "axis_2": columns[:, 1],
                "total": table.sum(axis=0).to_numpy(),
            }
        ),
        inertia,
        _bootstrap(matrix, label, table.index, standard, n_bootstrap, rng),
        note,
    )


def _same_profiles(table: np.ndarray) -> bool:
    """Whether the rows of a table differ in their totals only."""
    return bool(np.ptp(table / table.sum(axis=1, keepdims=True), axis=0).max() < FLAT)


def _axes(table: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Principal coordinates of rows and columns on the first two axes, and the inertia of these axes.

    The direction of an axis is arbitrary; here the column furthest from the middle lies on its positive side.
    """
    shares = table / table.sum()
    mass, weight = shares.sum(axis=1), shares.sum(axis=0)
    expected = np.outer(mass, weight)
    left, singular, right = np.linalg.svd((shares - expected) / np.sqrt(expected), full_matrices=False)
    rows = left[:, :2] * singular[:2] / np.sqrt(mass)[:, None]
    columns = right[:2].T * singular[:2] / np.sqrt(weight)[:, None]
    side = np.where(columns[np.abs(columns).argmax(axis=0), [0, 1]] < 0, -1.0, 1.0)
    return rows * side, columns * side, singular[:2] ** 2


def inertia_of(labels: np.ndarray, values: np.ndarray, n_groups: int) -> np.ndarray:
    """Total inertia (chi-square / n) of the case x theme table, for many labelings of the participants.

    Examples
    --------
    >>> inertia_of(np.array([[0, 1]]), np.array([[2.0, 0.0], [0.0, 2.0]]), 2).tolist()
    [1.0]
    """
    one_hot = labels[:, None, :] == np.arange(n_groups)[None, :, None]
    tables = one_hot.astype(float) @ values
    total = values.sum()
    expected = tables.sum(axis=2, keepdims=True) * values.sum(axis=0) / total
    weight = np.divide(1.0, expected, out=np.zeros_like(expected), where=expected > 0)
    return (tables**2 * weight).sum(axis=(1, 2)) / total - 1


def map_places(found: Correspondence, labels: Mapping[str, str]) -> pd.DataFrame:
    """Return the places of cases and themes as a map wants them: `name, kind` (case, theme), `axis_1, axis_2, total`.

    `labels` is id -> what is printed; a refused analysis gives an empty frame.

    Examples
    --------
    >>> found = correspondence(pd.DataFrame({"trust": [1]}, index=["p"]), pd.Series({"p": "a"}))
    >>> map_places(found, {}).empty
    True
    """
    check_arguments(map_places, locals())
    columns = ["name", "kind", "axis_1", "axis_2", "total"]
    if found.cases.empty:
        return pd.DataFrame(columns=columns)
    both = pd.concat(
        [found.cases.rename(columns={"case": "name"}), found.themes.rename(columns={"theme": "name"})],
        keys=["case", "theme"],
        names=["kind", "row"],
    ).reset_index()
    both["name"] = both["name"].map(lambda name: labels.get(name, name))
    return both[columns]


def outlines(bootstrap: pd.DataFrame, share: float = 0.95, n_points: Count = 40) -> pd.DataFrame:
    """Compute the ellipse that holds a share of each case's bootstrap places, if these are normally spread.

    Parameters
    ----------
    bootstrap : DataFrame
        Of `correspondence`: `draw, case, axis_1, axis_2`.
    share : float
        Share of the places inside, between 0 and 1.
    n_points : int
        Points of each outline.

    Returns
    -------
    DataFrame
        `case, axis_1, axis_2`, the points of each outline in order; none for a case whose places are not known.

    References
    ----------
    Greenacre, M. (2017). Correspondence analysis in practice (3rd ed.), chapter 29.

    Examples
    --------
    >>> draws = pd.DataFrame({"case": "a", "axis_1": [0.0, 2.0, 0.0, 2.0], "axis_2": [0.0, 0.0, 2.0, 2.0]})
    >>> edge = outlines(draws, n_points=4)[["axis_1", "axis_2"]]
    >>> edge.mean().round(6).tolist()
    [1.0, 1.0]
    """
    check_arguments(outlines, locals())
    if not bootstrap.empty:
        need(bootstrap, ["case", "axis_1", "axis_2"], "bootstrap")
        numbers(bootstrap, ["axis_1", "axis_2"], "bootstrap")
    if not 0 < share < 1:
        raise CrosscaseError(Problem("share", "a share of the places", str(share), "between 0 and 1"))
    angle = np.linspace(0, 2 * np.pi, n_points, endpoint=False)
    circle = np.sqrt(-2 * np.log(1 - share)) * np.column_stack([np.cos(angle), np.sin(angle)])
    parts = []
    for case, draws in [] if bootstrap.empty else bootstrap.groupby("case", sort=False):
        places = draws[["axis_1", "axis_2"]].dropna().to_numpy(dtype=float)
        if len(places) < 3:
            continue
        values, vectors = np.linalg.eigh(np.cov(places.T))
        edge = places.mean(axis=0) + circle * np.sqrt(values.clip(0)) @ vectors.T
        parts.append(pd.DataFrame({"case": case, "axis_1": edge[:, 0], "axis_2": edge[:, 1]}))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["case", "axis_1", "axis_2"])


def _bootstrap(
    matrix: np.ndarray, label: np.ndarray, names: pd.Index, standard: np.ndarray, n: int, rng: np.random.Generator
) -> pd.DataFrame:
    parts = []
    for position, name in enumerate(names):
        mine = matrix[label == position]
        drawn = mine[rng.integers(0, len(mine), (n, len(mine)))].sum(axis=1)
        size = drawn.sum(axis=1, keepdims=True)
        places = np.divide(drawn, size, out=np.full_like(drawn, np.nan), where=size > 0) @ standard
        parts.append(pd.DataFrame({"draw": np.arange(n), "case": name, "axis_1": places[:, 0], "axis_2": places[:, 1]}))
    return pd.concat(parts, ignore_index=True)
