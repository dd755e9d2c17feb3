"""Groups of cases compared by exact permutation of the cases, with the smallest p that so few cases can reach."""

from __future__ import annotations

from collections.abc import Hashable
from math import comb

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.weightstats import CompareMeans

from crosscase.arguments import Seed, Values, check_arguments
from crosscase.comparison.attainable import smallest_p
from crosscase.comparison.given import Given, Grid, frame_of, numbers_of, series_of
from crosscase.comparison.permutation import SLACK
from crosscase.comparison.results import ALPHA, family_of, positive_int, result_frame
from crosscase.errors import CrosscaseError, Problem
from crosscase.frames import need

EXACT_LIMIT = 200_000
BATCH = 2_000


def case_means(values: Values, cases: pd.Series) -> pd.DataFrame:
    """Average participants (x code) to their case, the unit where groups of cases are compared: case x code.

    Examples
    --------
    >>> values = pd.DataFrame({"trust": [1.0, 0.0]}, index=["p1", "p2"])
    >>> case_means(values, pd.Series({"p1": "n", "p2": "n"})).to_dict()
    {'trust': {'n': 0.5}}
    """
    check_arguments(case_means, locals())
    values = frame_of(values, "values")
    return values.groupby(cases.reindex(values.index).rename("case")).mean()


def permute_cases(
    values: Grid, groups: Given, *, n_permutations: int = 99_999, seed: Seed = 1, what: str = "codes"
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
    seed, what
        As in `compare_groups`.

    Returns
    -------
    DataFrame
        One row per code: `subject, statistic` (absolute difference of group means), `n` (cases), `p` (two-sided),
        `p_adjusted` (single-step maxT over the standardised differences; null where cells are undefined),
        `effect` (difference of means, first group minus second in alphabetical order) with the Welch t interval on
        case means, `smallest_p` (with the ties among the values), `verdict` ("p may be read", or "pattern only, no
        verdict" where the smallest attainable p is above .05), `pattern` (the two groups' values), `exact`, `family`,
        `reason`.

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
    check_arguments(permute_cases, locals())
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
    full = [name for name in kept.columns if not kept[name].isna().any() and kept[name].nunique() > 1]
    joint = _exchanged(kept[full], first, n_permutations, seed) if full else {}
    rows = []
    for name in kept.columns:
        known = kept[name].notna().to_numpy()
        row = _pattern(kept[name], first, names, notes, n_permutations)
        if "effect" in row:
            p, adjusted, exact = (
                joint.get(name) or _exchanged(kept.loc[known, [name]], first[known], n_permutations, seed)[name]
            )
            row |= {"p": p, "exact": exact, "p_adjusted": adjusted if name in joint else np.nan}
        rows.append(row)
    out = result_frame(rows)
    out["family"] = family_of(len(full), what, "single-step maxT over the same divisions of the cases")
    return out


def _exchanged(values: Values, first: np.ndarray, n: int, seed: Seed) -> dict[Hashable, tuple[float, float, bool]]:
    """Per code p, p by the largest of the standardised differences, and whether every division was gone through."""
    x = ((values - values.mean()) / values.std(ddof=0)).to_numpy(dtype=float).T
    null, observed, exact = _divided(x, first, n, seed)
    bound, more = observed - SLACK, 0 if exact else 1
    p, joint = (
        ((each >= bound).sum(axis=0) + more) / (len(null) + more) for each in (null, null.max(axis=1, keepdims=True))
    )
    return {name: (float(p[i]), float(joint[i]), exact) for i, name in enumerate(values.columns)}


def _divided(x: np.ndarray, first: np.ndarray, n: int, seed: Seed) -> tuple[np.ndarray, np.ndarray, bool]:
    """Return the differences of means of many divisions of the cases (columns), and of the one observed."""
    size, cases = int(first.sum()), len(first)
    if min(size, cases - size) == 1:  # scipy takes no group of one; every case in turn stands against the rest
        null = np.abs(x).T  # the mean of all is 0: who lies farther from it lies farther from the rest
        return null, null[int(np.argmax(first if size == 1 else ~first))], True
    exact = comb(cases, size) <= EXACT_LIMIT
    found = stats.permutation_test(
        (x[:, first], x[:, ~first]),
        lambda a, b, axis: np.abs(a.mean(axis=axis) - b.mean(axis=axis)),
        vectorized=True,
        n_resamples=np.inf if exact else n,
        batch=BATCH,
        alternative="greater",
        axis=-1,
        rng=seed,
    )
    return found.null_distribution, found.statistic, exact


def _pattern(column: pd.Series, first: np.ndarray, names: list[str], notes: list[str], n: int) -> dict[str, object]:
    """Everything but p: the two groups' values, their difference with its interval, and whether p may be read."""
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
    least = smallest_p(sizes, values=x)
    if comb(len(x), sizes[0]) > EXACT_LIMIT:
        least = max(least, 1 / (1 + n))
    row["smallest_p"] = least
    if len(np.unique(x)) < 2:
        return row | {"reason": "; ".join(["no variation: every case has the same value", *notes])}
    a, b = x[in_first], x[~in_first]
    row["effect"] = a.mean() - b.mean()
    row["statistic"] = abs(a.mean() - b.mean())
    if min(sizes) > 1 and a.var() + b.var() > 0:
        row["effect_low"], row["effect_high"] = CompareMeans.from_data(a, b).tconfint_diff(usevar="unequal")
    else:
        notes = [*notes, "no interval: a group with one case, or no variation within the groups"]
    if least > ALPHA:
        why = "are too few" if smallest_p(sizes) > ALPHA else "with so many equal values are too few"
        notes = [f"{sizes[0]} against {sizes[1]} cases {why} to reach a p of .05 or less", *notes]
    else:
        row["verdict"] = "p may be read"
    return row | {"reason": "; ".join(notes)}


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
    check_arguments(high_low, locals())
    need(ratings, ["case", outcome], "ratings")
    rating = numbers_of(ratings.set_index("case")[outcome], "ratings")
    return pd.Series(np.where(rating >= cut, "high", "low"), index=rating.index).where(rating.notna())
