"""Groups of cases compared by exact permutation of the cases, with the smallest p that so few cases can reach."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
from scipy import stats

from crosscase.comparison.given import Given, frame_of, numbers_of, series_of
from crosscase.comparison.permutation import SLACK
from crosscase.comparison.results import ALPHA, family_of, positive_int, result_frame, smallest_p
from crosscase.errors import CrosscaseError, Problem
from crosscase.frames import need

EXACT_LIMIT = 200_000


def case_means(values: pd.DataFrame, cases: pd.Series) -> pd.DataFrame:
    """Average participants to their case, because the case is the unit where groups of cases are compared.

    Parameters
    ----------
    values : DataFrame
        Participant x code.
    cases : Series
        Case of each participant.

    Returns
    -------
    DataFrame
        Case x code: mean over participants.

    Examples
    --------
    >>> values = pd.DataFrame({"trust": [1.0, 0.0]}, index=["p1", "p2"])
    >>> case_means(values, pd.Series({"p1": "n", "p2": "n"})).to_dict()
    {'trust': {'n': 0.5}}
    """
    return values.groupby(cases.reindex(values.index).rename("case")).mean()


def permute_cases(
    values: pd.DataFrame | pd.Series, groups: Given, *, n_permutations: int = 99_999, seed: int = 1, what: str = "codes"
) -> pd.DataFrame:
    """Compare two groups of cases by going through every way of dividing the cases.

    Parameters
    ----------
    values : DataFrame or Series
        Case x code, numeric (for example `case_means`); undefined cells leave the case out for that code.
    groups : Series or mapping
        Group of each case, two groups (for example high and low outcome); cases without a group are left out.
    n_permutations : int
        Random divisions, used only where there are more than 200,000 divisions.
    seed : int
        Seed of the random numbers.
    what : str
        What the columns are, for the statement of the family.

    Returns
    -------
    DataFrame
        One row per code: `subject, statistic` (absolute difference of group means), `n` (cases), `p` (two-sided),
        `p_adjusted` (single-step maxT over the standardised differences; null where cells are undefined),
        `effect` (difference of means, first group minus second in alphabetical order) with the Welch t interval on
        case means, `smallest_p`, `verdict` ("p may be read", or "pattern only, no verdict" where the smallest
        attainable p is above .05), `pattern` (the two groups' values), `exact`, `family`, `reason`.

    Raises
    ------
    CrosscaseError
        For other than two groups, values that are no numbers, two rows or groups of one case.

    References
    ----------
    Edgington, E. S., & Onghena, P. (2007). Randomization tests (4th ed.).

    Examples
    --------
    >>> values = pd.DataFrame({"trust": [1, 1, 1, 0, 0, 0]}, index=list("abcdef"), dtype=float)
    >>> groups = pd.Series(["high"] * 3 + ["low"] * 3, index=values.index)
    >>> out = permute_cases(values, groups).loc[0]
    >>> float(out["p"]), float(out["smallest_p"]), out["verdict"]
    (0.1, 0.1, 'pattern only, no verdict')
    """
    positive_int(n_permutations, "n_permutations", 99)
    values = frame_of(values, "values")
    group = series_of(groups, "groups").reindex(values.index)
    missing = [str(case) for case in values.index[group.isna()]]
    kept, group = values[group.notna()], group.dropna().astype(str)
    names = sorted(group.unique())
    if len(names) != 2:
        raise CrosscaseError(Problem("groups", "two groups of cases are needed", f"{len(names)}: {', '.join(names)}"))
    first = group.eq(names[0]).to_numpy()
    notes = [f"no group for case(s): {', '.join(missing)}"] if missing else []
    rows = [_one_code(kept[name], first, names, notes, n_permutations, seed) for name in kept.columns]
    out = result_frame(rows)
    full = [name for name in kept.columns if not kept[name].isna().any() and kept[name].nunique() > 1]
    out["p_adjusted"] = out["subject"].map(_joint(kept[full], first, n_permutations, seed))
    out["family"] = family_of(len(full), what, "single-step maxT over the same divisions of the cases")
    return out


def divisions(n: int, k: int, n_random: int, seed: int) -> tuple[np.ndarray, bool]:
    """All ways to choose k of n cases as 0/1 rows (or a random sample with the flag False).

    Examples
    --------
    >>> divisions(3, 1, 99, 1)[0].tolist()
    [[True, False, False], [False, True, False], [False, False, True]]
    """
    if comb(n, k) <= EXACT_LIMIT:
        rows = np.zeros((comb(n, k), n), dtype=bool)
        index = np.array(list(combinations(range(n), k)), dtype=np.int64).reshape(len(rows), k)
        np.put_along_axis(rows, index, True, axis=1)
        return rows, True
    rng = np.random.default_rng(seed)
    base = np.arange(n) < k
    return rng.permuted(np.broadcast_to(base, (n_random, n)), axis=1), False


def _differences(x: np.ndarray, rows: np.ndarray) -> np.ndarray:
    k = rows[0].sum()
    sums = rows.astype(float) @ x
    return np.abs(sums / k - (x.sum(axis=0) - sums) / (len(x) - k))


def _p(observed: np.ndarray, permuted: np.ndarray, exact: bool) -> np.ndarray:
    hits = (permuted >= observed * (1 - SLACK) - SLACK).sum(axis=0)
    return hits / len(permuted) if exact else (1 + hits) / (1 + len(permuted))


def _one_code(
    column: pd.Series, first: np.ndarray, names: list[str], notes: list[str], n: int, seed: int
) -> dict[str, object]:
    known = column.notna().to_numpy()
    x, in_first = column[known].to_numpy(dtype=float), first[known]
    sizes = [int(in_first.sum()), int((~in_first).sum())]
    notes = notes + ([f"not stated for case(s): {', '.join(map(str, column.index[~known]))}"] if not all(known) else [])
    row: dict[str, object] = {
        "subject": column.name,
        "n": len(x),
        "statistic_name": "absolute difference of means",
        "effect_name": f"difference of means, {names[0]} - {names[1]}",
        "exact": False,
        "verdict": "pattern only, no verdict",
    }
    row["pattern"] = "; ".join(
        f"{name}: " + ", ".join(f"{c}={v}" for c, v in column[part & known].items())
        for name, part in zip(names, (first, ~first))
    )
    if min(sizes) == 0:
        return row | {"reason": "; ".join(["a group has no case with a value", *notes])}
    row["smallest_p"] = smallest_p(sizes)
    if len(np.unique(x)) < 2:
        return row | {"reason": "; ".join(["no variation: every case has the same value", *notes])}
    rows, exact = divisions(len(x), sizes[0], n, seed)
    observed = _differences(x[:, None], in_first[None, :])[0]
    row |= {"statistic": observed[0], "exact": exact, "p": _p(observed, _differences(x[:, None], rows), exact)[0]}
    row["effect"] = x[in_first].mean() - x[~in_first].mean()
    row["effect_low"], row["effect_high"], note = _welch(x[in_first], x[~in_first])
    if row["smallest_p"] > ALPHA:  # type: ignore[operator]
        notes = [f"{sizes[0]} against {sizes[1]} cases are too few to reach a p of .05 or less", *notes]
    else:
        row["verdict"] = "p may be read"
    return row | {"reason": "; ".join(filter(None, [*notes, note]))}


def _welch(a: np.ndarray, b: np.ndarray) -> tuple[float, float, str]:
    if min(len(a), len(b)) < 2 or (a.var() == 0 and b.var() == 0):
        return float("nan"), float("nan"), "no interval: a group with one case, or no variation within the groups"
    share = np.array([a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)])
    freedom = share.sum() ** 2 / (share**2 / [len(a) - 1, len(b) - 1]).sum()
    half = float(stats.t.ppf(0.975, freedom) * np.sqrt(share.sum()))
    middle = float(a.mean() - b.mean())
    return middle - half, middle + half, ""


def _joint(values: pd.DataFrame, first: np.ndarray, n: int, seed: int) -> dict[str, float]:
    if not len(values.columns):
        return {}
    x = values.to_numpy(dtype=float)
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    rows, exact = divisions(len(x), int(first.sum()), n, seed)
    largest = _differences(x, rows).max(axis=1)
    observed = _differences(x, first[None, :])[0]
    return {name: float(_p(o, largest, exact)) for name, o in zip(values.columns, observed)}


def high_low(ratings: pd.DataFrame, cut: float, outcome: str = "outcome") -> pd.Series:
    """Divide cases into high and low by a cut on their outcome; cases without an outcome stay without a group.

    Parameters
    ----------
    ratings : DataFrame
        `case` and the outcome column.
    cut : float
        High is at or above the cut.
    outcome : str
        Column of the outcome.

    Returns
    -------
    Series
        "high", "low" or null, per case.

    Examples
    --------
    >>> high_low(pd.DataFrame({"case": ["a", "b"], "outcome": [3, 1]}), 2).to_dict()
    {'a': 'high', 'b': 'low'}
    """
    need(ratings, ["case", outcome], "ratings")
    rating = numbers_of(ratings.set_index("case")[outcome], "ratings")
    return pd.Series(np.where(rating >= cut, "high", "low"), index=rating.index).where(rating.notna())
