"""How far intervals and tests keep their promise: coverage, type-1 error and power at realistic designs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from crosscase.errors import Problem, raise_if
from crosscase.simulate.coders import check_counts, check_shares, coder_units, true_agreement
from crosscase.simulate.studies import SimulatedStudy, codings

Estimate = tuple[float, float, float]
Estimator = Callable[[pd.DataFrame, pd.Series, int], Estimate]
Test = Callable[[SimulatedStudy, int], float]
UNDEFINED_TOO_OFTEN = 0.05
DESIGN_SIZES = ("n_coders", "n_units", "n_documents", "prevalence", "agreement", "document_icc")


def agreement_designs(
    *,
    n_coders: Sequence[int] = (2, 3, 5),
    n_units: Sequence[int] = (20, 60, 200),
    n_documents: Sequence[int] = (3, 10, 30),
    prevalence: Sequence[float] = (0.02, 0.1, 0.5),
    agreement: Sequence[float] = (0.7,),
    document_icc: Sequence[float] = (0.1,),
) -> pd.DataFrame:
    """Cross the settings of agreement studies into a table of designs.

    Parameters
    ----------
    n_coders, n_units, n_documents, prevalence, agreement, document_icc : sequence
        Settings, as the arguments of `coder_units`.

    Returns
    -------
    DataFrame
        One row per possible design; a design with more documents than units is left out.

    Examples
    --------
    >>> len(agreement_designs(n_coders=[2], n_units=[20, 60], n_documents=[10, 30], prevalence=[0.1]))
    3
    """
    rows = product(n_coders, n_units, n_documents, prevalence, agreement, document_icc)
    table = pd.DataFrame(list(rows), columns=list(DESIGN_SIZES))
    return table[table["n_documents"] <= table["n_units"]].reset_index(drop=True)


def wilson(hits: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Give Wilson's interval of a share, here the Monte Carlo error of a simulated one.

    Parameters
    ----------
    hits, n : int
        Number of hits out of n.
    level : float
        Level, between 0 and 1.

    Returns
    -------
    low, high : float
        NaN where n is 0.

    References
    ----------
    Wilson, E. B. (1927), Journal of the American Statistical Association 22, 209-212,
    doi 10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> tuple(round(end, 4) for end in wilson(8, 10))
    (0.4902, 0.9433)
    """
    if n == 0:
        return math.nan, math.nan
    z, share = float(norm.ppf((1 + level) / 2)), hits / n
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    reach = z / (1 + z**2 / n) * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


def trust_words(coverage: tuple[float, float], undefined: float, level: float) -> str:
    """Say in words whether an interval can be trusted: the sentence for the methods chapter.

    `coverage` is the Monte Carlo interval of the coverage, `undefined` the share of simulations in which estimator or
    interval was undefined, `level` the coverage that the interval promises.

    Examples
    --------
    >>> trust_words((0.80, 0.86), 0.0, 0.95)
    'cannot be trusted: too narrow, it misses the true value more often than it says'
    """
    low, high = coverage
    words = []
    if math.isnan(low):
        return "cannot be trusted: never defined"
    if high < level:
        words.append("too narrow, it misses the true value more often than it says")
    if undefined > UNDEFINED_TOO_OFTEN:
        words.append(f"undefined in {undefined:.0%} of the simulations, the rest is a selection")
    if words:
        return "cannot be trusted: " + "; ".join(words)
    return "wider than needed" if low > level else "as good as it says, within the simulation's error"


def summarise_intervals(found: np.ndarray, true: np.ndarray | float, level: float) -> dict[str, Any]:
    """Summarise simulated intervals (estimate, low, high; NaN where undefined) against what they should hold.

    `true` is one value for all simulations or one for each, `level` the coverage that the intervals promise.

    Examples
    --------
    >>> summarise_intervals(np.array([[0.5, 0.4, 0.6], [0.9, 0.8, 1.0]]), 0.5, 0.95)["coverage"]
    0.5
    """
    truth = np.broadcast_to(np.asarray(true, dtype=float), len(found))
    kept = ~np.isnan(found).any(axis=1)
    estimate, low, high = found[kept].T
    true = truth[kept]
    n, n_all = int(kept.sum()), len(found)
    hits = int(((low <= true) & (true <= high)).sum())
    mc = wilson(hits, n)
    mean = (lambda values: float(values.mean())) if n else (lambda values: math.nan)
    return {
        "true_value": float(truth.mean()),
        "level": level,
        "coverage": hits / n if n else math.nan,
        "coverage_low": mc[0],
        "coverage_high": mc[1],
        "missed_above": mean(low > true),
        "missed_below": mean(high < true),
        "mean_estimate": mean(estimate),
        "bias": mean(estimate - true),
        "mean_width": mean(high - low),
        "n_simulations": n_all,
        "n_undefined": n_all - n,
        "words": trust_words(mc, (n_all - n) / n_all, level),
    }


def interval_coverage(
    estimators: Mapping[str, tuple[Estimator, str]],
    designs: pd.DataFrame,
    *,
    n_simulations: int = 200,
    level: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Simulate how often intervals of agreement coefficients hold the true value.

    All estimators see the same simulated judgements.

    Parameters
    ----------
    estimators : mapping of str to (function, str)
        Name to a pair: a function of the units x coders frame, the document of each unit and a seed that returns
        (estimate, low, high), NaN where undefined; and the name of what it estimates, a key of `true_agreement`:
        percent_agreement, kappa, brennan_prediger, gwet_ac1.
    designs : DataFrame
        Columns as `agreement_designs`; each row is one design.
    n_simulations : int
        Simulated studies per design.
    level : float
        Coverage that the intervals promise.
    seed : int
        Seed; each simulated study gets a seed of its own from it.

    Returns
    -------
    DataFrame
        One row per design and estimator: the design, `estimator, estimates, true_value, level, coverage,
        coverage_low, coverage_high` (Monte Carlo error, Wilson), `missed_above` (interval wholly above the true
        value), `missed_below, mean_estimate, bias, mean_width, n_simulations, n_undefined, words, seed`.

    Raises
    ------
    CrosscaseError
        For unknown coefficients, missing columns of designs, or no simulation.

    Examples
    --------
    >>> def share_agreed(ratings, documents, seed):
    ...     agreed = (ratings["coder_1"] == ratings["coder_2"]).mean()
    ...     return agreed, *wilson(round(agreed * len(ratings)), len(ratings))
    >>> designs = agreement_designs(n_coders=[2], n_units=[60], n_documents=[10], prevalence=[0.5])
    >>> table = interval_coverage({"wilson": (share_agreed, "percent_agreement")}, designs, n_simulations=20)
    >>> table[["estimator", "true_value"]].values.tolist()
    [['wilson', 0.85]]
    """
    known = set(true_agreement(0.5, 0.5))
    problems = [
        Problem(f"estimators, {name}", "a known coefficient", repr(what), ", ".join(sorted(known)))
        for name, (_, what) in estimators.items()
        if what not in known
    ]
    problems += [Problem("designs", f"column {c} is needed") for c in DESIGN_SIZES if c not in designs.columns]
    check_counts(problems, n_simulations=n_simulations)
    check_shares(problems, level=level)
    raise_if(problems)
    rows = []
    for number, design in enumerate(designs[list(DESIGN_SIZES)].to_dict("records")):
        true = true_agreement(design["prevalence"], design["agreement"])
        found: dict[str, list[Estimate]] = {name: [] for name in estimators}
        for child in np.random.SeedSequence([seed, number]).generate_state(n_simulations):
            judged = coder_units(**design, seed=int(child))
            ratings, documents = judged.filter(like="coder_"), judged["document"]
            for name, (estimate, _) in estimators.items():
                found[name].append(estimate(ratings, documents, int(child)))
        for name, (_, what) in estimators.items():
            summary = summarise_intervals(np.array(found[name], dtype=float), true[what], level)
            rows.append(design | {"estimator": name, "estimates": what} | summary | {"seed": seed})
    return pd.DataFrame(rows)


def rejection_rates(
    tests: Mapping[str, Test],
    designs: Iterable[Mapping[str, Any]],
    *,
    alpha: float = 0.05,
    n_simulations: int = 200,
    seed: int = 0,
) -> pd.DataFrame:
    """Simulate how often tests reject: the type-1 error where nothing differs, the power where something does.

    Parameters
    ----------
    tests : mapping of str to function
        Name to a function of a `SimulatedStudy` and a seed that returns one p-value, NaN where undefined. A test of
        many codes returns its smallest adjusted p-value; the rate is then the family-wise one.
    designs : iterable of mapping
        Arguments of `codings`, one mapping per design. Without `effect` and `n_affected` no hypothesis of difference
        between groups of cases holds; without `case_sd` no case differs from another either.
    alpha : float
        Nominal level of the tests.
    n_simulations, seed : int
        Simulated studies per design; each gets a seed of its own.

    Returns
    -------
    DataFrame
        One row per design and test: the design, `test, measures` ("type-1 error", "power"), `alpha, rate, rate_low,
        rate_high` (Monte Carlo error, Wilson), `n_simulations, n_undefined, words, seed`. Undefined p-values count as
        no rejection.

    Raises
    ------
    CrosscaseError
        For impossible options.

    Examples
    --------
    >>> table = rejection_rates({"never": lambda study, seed: 1.0}, [{"n_cases": 2}], n_simulations=10)
    >>> table[["test", "measures", "rate"]].values.tolist()
    [['never', 'type-1 error', 0.0]]
    """
    problems: list[Problem] = []
    check_counts(problems, n_simulations=n_simulations)
    check_shares(problems, alpha=alpha)
    raise_if(problems)
    rows = []
    for number, design in enumerate(designs):
        found: dict[str, list[float]] = {name: [] for name in tests}
        for child in np.random.SeedSequence([seed, number]).generate_state(n_simulations):
            study = codings(**design, seed=int(child))
            for name, test in tests.items():
                found[name].append(test(study, int(child)))
        power = bool(design.get("effect", 0.0) and design.get("n_affected", 0))
        for name, drawn in found.items():
            p = np.array(drawn, dtype=float)
            rate = int((p <= alpha).sum())
            low, high = wilson(rate, len(p))
            rows.append(
                dict(design)
                | {"test": name, "measures": "power" if power else "type-1 error", "alpha": alpha}
                | {"rate": rate / len(p), "rate_low": low, "rate_high": high}
                | {"n_simulations": len(p), "n_undefined": int(np.isnan(p).sum())}
                | {"words": _test_words(power, low, high, alpha), "seed": seed}
            )
    return pd.DataFrame(rows)


def _test_words(power: bool, low: float, high: float, alpha: float) -> str:
    """Say in words what a rejection rate means."""
    if power:
        return "finds the difference in fewer than half of the studies" if high < 0.5 else ""
    if low > alpha:
        return "cannot be trusted: finds differences that are not there more often than it says"
    return "cautious: rejects less often than it may" if high < alpha else "as good as it says"
