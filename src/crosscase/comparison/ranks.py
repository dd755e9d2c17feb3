"""Small tests on cases: Cochran's Q, sign test, Kendall's tau-b; each with effect, interval and attainable p."""

from __future__ import annotations

import math
from itertools import permutations, product

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.contingency_tables import cochrans_q

from crosscase.arguments import Seed, check_arguments
from crosscase.comparison.given import Given, Grid, frame_of, numbers_of
from crosscase.comparison.permutation import SLACK
from crosscase.comparison.results import family_of, holm, positive_int, result_frame
from crosscase.errors import CrosscaseError, Problem
from crosscase.frames import need

EXACT_ROWS = 20_000
EXACT_RANKS = 8


def cochran_q(table: Grid, *, n_permutations: int = 9999, seed: Seed = 1, subject: str = "") -> pd.DataFrame:
    """Compare how often something is present under several conditions (roles, methods, times) of the same cases.

    Parameters
    ----------
    table : DataFrame
        Case x condition, 0/1 or bool; cases with an undefined cell are left out and named.
    n_permutations : int
        Random permutations within cases, used only where there are more than 20,000 distinct ones.
    seed : int
        Seed of the random numbers.
    subject : str
        What is compared (for example the theme).

    Returns
    -------
    DataFrame
        One row: `statistic` (Q), `n` (cases), `p` (permutation within cases, exact where possible),
        `p_asymptotic` (chi-square, conditions - 1 degrees of freedom), `effect` (Q / (n (k - 1)), Serlin's eta
        squared) with a bootstrap percentile interval over cases, `smallest_p`, `exact`, `family`, `reason`.

    Raises
    ------
    CrosscaseError
        For values other than 0 and 1, and fewer than two conditions.

    References
    ----------
    Cochran, W. G. (1950). The comparison of percentages in matched samples. Biometrika 37, 256-266.
    doi:10.1093/biomet/37.3-4.256. Serlin, R. C., Carr, J., & Marascuilo, L. A. (1982). A measure of association
    for selected nonparametric procedures. Psychological Bulletin 92, 786-790. doi:10.1037/0033-2909.92.3.786

    Examples
    --------
    >>> out = cochran_q(pd.DataFrame({"nurse": [1, 1, 1], "manager": [0, 0, 0]}))
    >>> float(out["statistic"][0]), float(out["p"][0])
    (3.0, 0.25)
    """
    check_arguments(cochran_q, locals())
    positive_int(n_permutations, "n_permutations", 99)
    table = frame_of(table, "table")
    known = table.dropna()
    values = known.to_numpy(dtype=float)
    if values.shape[1] < 2 or not bool(np.isin(values, (0.0, 1.0)).all()):
        raise CrosscaseError(Problem("table", "two or more columns of 0 and 1 are needed, one row per case"))
    lost = [str(case) for case in table.index.difference(known.index)]
    notes = [f"left out, not stated under every condition: {', '.join(lost)}"] if lost else []
    k, name = values.shape[1], "Q / (n (k - 1))"
    row: dict[str, object] = {
        "subject": subject,
        "statistic_name": "Cochran's Q",
        "n": len(values),
        "effect_name": name,
        "family": family_of(1, "conditions compared jointly", "none"),
        "p_asymptotic": math.nan,
        "exact": False,
    }
    informative = values[(values.sum(axis=1) > 0) & (values.sum(axis=1) < k)]
    if not len(informative):
        notes.insert(0, "no variation within any case")
        return result_frame([row | {"reason": "; ".join(notes)}])
    found = cochrans_q(values)
    q = float(found.statistic)
    null, exact = _within_case(informative, n_permutations, seed)
    hits = (null >= q * (1 - SLACK)).sum()
    row |= {
        "statistic": q,
        "exact": exact,
        "p": hits / len(null) if exact else (1 + hits) / (1 + len(null)),
        "smallest_p": float((null >= null.max() * (1 - SLACK)).mean()) if exact else 1 / (1 + len(null)),
        "p_asymptotic": float(found.pvalue),
        "effect": q / (len(values) * (k - 1)),
    }
    row["p_adjusted"] = row["p"]
    draws = np.random.default_rng(seed).integers(0, len(values), (1999, len(values)))
    spread = _q(values[draws]) / (len(values) * (k - 1))
    spread = spread[~np.isnan(spread)]
    row["effect_low"], row["effect_high"] = map(float, np.quantile(spread, [0.025, 0.975]))
    if len(informative) < len(values):
        notes.append(f"{len(values) - len(informative)} case(s) alike under every condition carry no information")
    return result_frame([row | {"reason": "; ".join(notes)}])


def _q(values: np.ndarray) -> np.ndarray:
    """Cochran's Q of many tables, shape (tables, cases, conditions); NaN where no case varies."""
    k = values.shape[2]
    columns, rows = values.sum(axis=1), values.sum(axis=2)
    above = (k - 1) * (k * (columns**2).sum(axis=1) - columns.sum(axis=1) ** 2)
    below = k * rows.sum(axis=1) - (rows**2).sum(axis=1)
    return np.divide(above, below, out=np.full(len(values), np.nan), where=below > 0)


def _within_case(values: np.ndarray, n: int, seed: Seed) -> tuple[np.ndarray, bool]:
    """Q under every rearrangement within cases, or under a random sample of them."""
    options = [sorted(set(permutations(row))) for row in values.astype(int).tolist()] if values.shape[1] <= 6 else []
    if options and math.prod(map(len, options)) <= EXACT_ROWS:
        return _q(np.array(list(product(*options)), dtype=float)), True
    rng = np.random.default_rng(seed)
    return _q(rng.permuted(np.broadcast_to(values, (n, *values.shape)), axis=2)), False


def sign_test(differences: Given, subject: str = "") -> pd.DataFrame:
    """Test whether differences (or directions) point more often one way than the other.

    Parameters
    ----------
    differences : Series, mapping or sequence
        One number per case or study: positive, negative, or 0 for no clear direction; zeros and undefined values
        are left out.
    subject : str
        What is compared.

    Returns
    -------
    DataFrame
        One row: `statistic` (number of positive ones), `n` (positive and negative), `p` (two-sided, exact
        binomial), `effect` (share positive) with the Clopper-Pearson interval, `smallest_p` (2 / 2^n), `family`,
        `reason`.

    References
    ----------
    Hilton Boon, M., & Thomson, H. (2021). The effect direction plot revisited. Research Synthesis Methods 12,
    29-33. doi:10.1002/jrsm.1458

    Examples
    --------
    >>> float(sign_test(pd.Series([1] * 9))["p"][0])
    0.00390625
    """
    check_arguments(sign_test, locals())
    differences = numbers_of(differences, "differences")
    known = differences.dropna().to_numpy(dtype=float)
    up, down = int((known > 0).sum()), int((known < 0).sum())
    n = up + down
    notes = []
    if len(known) > n:
        notes.append(f"{len(known) - n} without a clear direction left out")
    if len(differences) > len(known):
        notes.append(f"{len(differences) - len(known)} not stated left out")
    row: dict[str, object] = {
        "subject": subject,
        "statistic": up,
        "statistic_name": "number positive",
        "n": n,
        "effect_name": "share positive",
        "family": family_of(1, "direction", "none"),
    }
    if n == 0:
        return result_frame([row | {"reason": "; ".join(["no case with a clear direction", *notes])}])
    test = stats.binomtest(up, n)
    interval = test.proportion_ci(method="exact")
    row |= {
        "p": float(test.pvalue),
        "p_adjusted": float(test.pvalue),
        "effect": up / n,
        "effect_low": float(interval.low),
        "effect_high": float(interval.high),
        "smallest_p": min(1.0, 2 / 2**n),
    }
    return result_frame([row | {"reason": "; ".join(notes)}])


def kendall_tau(x: Given, y: Given, *, n_permutations: int = 9999, seed: Seed = 1, subject: str = "") -> pd.DataFrame:
    """Measure how two orderings of the same cases agree, by Kendall's tau-b.

    Parameters
    ----------
    x, y : Series, mapping or sequence
        One number per case, indexed by case; cases that lack one of them are left out and named.
    n_permutations : int
        Random permutations, used where there are ties and more than 8 cases.
    seed : int
        Seed of the random numbers.
    subject : str
        What is ordered.

    Returns
    -------
    DataFrame
        One row: `statistic` and `effect` (tau-b) with Fieller's interval (on the z scale, standard error
        sqrt(.437 / (n - 4)); NaN up to 4 cases), `n` (cases), `p` (two-sided; exact without ties or up to 8 cases,
        otherwise by permutation), `smallest_p`, `exact`, `n_tied_x, n_tied_y` (cases that share their value),
        `family`, `reason`.

    References
    ----------
    Kendall, M. G. (1938). A new measure of rank correlation. Biometrika 30, 81-93. doi:10.1093/biomet/30.1-2.81.
    Fieller, E. C., Hartley, H. O., & Pearson, E. S. (1957). Tests for rank correlation coefficients I. Biometrika
    44, 470-481.

    Examples
    --------
    >>> out = kendall_tau(pd.Series([1, 2, 3, 4, 5]), pd.Series([1, 2, 3, 5, 4]))
    >>> round(float(out["effect"][0]), 3), round(float(out["p"][0]), 3)
    (0.8, 0.083)
    """
    check_arguments(kendall_tau, locals())
    positive_int(n_permutations, "n_permutations", 99)
    pair = pd.concat([numbers_of(x, "x").rename("x"), numbers_of(y, "y").rename("y")], axis=1)
    known = pair.dropna()
    lost = [str(case) for case in pair.index[pair.isna().any(axis=1)]]
    notes = [f"left out, not stated: {', '.join(lost)}"] if lost else []
    a, b = known["x"].to_numpy(dtype=float), known["y"].to_numpy(dtype=float)
    n = len(a)
    row: dict[str, object] = {
        "subject": subject,
        "statistic_name": "tau-b",
        "n": n,
        "effect_name": "tau-b",
        "family": family_of(1, "one pair of orderings", "none"),
        "exact": False,
        "n_tied_x": int(known["x"].duplicated(keep=False).sum()),
        "n_tied_y": int(known["y"].duplicated(keep=False).sum()),
    }
    if n < 2 or len(set(a)) < 2 or len(set(b)) < 2:
        return result_frame([row | {"reason": "; ".join(["no variation in one of the orderings", *notes])}])
    tau = float(stats.kendalltau(a, b).statistic)
    row |= {"statistic": tau, "effect": tau} | _tau_p(a, b, n_permutations, seed)
    row["p_adjusted"] = row["p"]
    if n > 4 and abs(tau) < 1:
        half = stats.norm.ppf(0.975) * math.sqrt(0.437 / (n - 4))
        row["effect_low"], row["effect_high"] = math.tanh(math.atanh(tau) - half), math.tanh(math.atanh(tau) + half)
    else:
        notes.append("no interval: perfect agreement, or 4 cases or fewer")
    return result_frame([row | {"reason": "; ".join(notes)}])


def _tau_p(a: np.ndarray, b: np.ndarray, n_permutations: int, seed: Seed) -> dict[str, object]:
    n = len(a)
    if len(set(a)) == n and len(set(b)) == n:
        p = float(stats.kendalltau(a, b, method="exact").pvalue)
        return {"p": p, "exact": True, "smallest_p": min(1.0, 2 / math.factorial(n))}
    exact = n <= EXACT_RANKS
    i, j = np.triu_indices(n, 1)
    sign_a = np.sign(a[i] - a[j])
    found = stats.permutation_test(
        (b,),
        lambda moved, axis: np.abs(np.sign(moved[..., i] - moved[..., j]) @ sign_a),
        permutation_type="pairings",
        vectorized=True,
        n_resamples=np.inf if exact else n_permutations,
        batch=2_000,
        alternative="greater",
        rng=seed,
    )
    null, p = found.null_distribution, float(found.pvalue)
    return {"p": p, "exact": exact, "smallest_p": float((null == null.max()).mean()) if exact else 1 / (1 + len(null))}


def together(results: list[pd.DataFrame], what: str) -> pd.DataFrame:
    """Join the results of several small tests into one family and adjust their p-values by Holm.

    Parameters
    ----------
    results : list of DataFrame
        Results of `cochran_q`, `sign_test`, `kendall_tau`.
    what : str
        What was tested, for the statement of the family.

    Returns
    -------
    DataFrame
        The rows of all, with `p_adjusted` and `family` of the joint family.

    Examples
    --------
    >>> one = sign_test(pd.Series([1] * 9), "trust")
    >>> together([one, one], "themes")["p_adjusted"].tolist()
    [0.0078125, 0.0078125]
    """
    check_arguments(together, locals())
    if not results:
        raise CrosscaseError(Problem("results", "at least one frame of results", "none"))
    for part in results:
        need(part, ["p", "family"], "results")
    out = pd.concat(results, ignore_index=True)
    out["p_adjusted"] = holm(out["p"])
    out["family"] = family_of(int(out["p"].notna().sum()), what, "Holm")
    return out
