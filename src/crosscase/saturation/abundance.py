"""How many codes there would be, from how often each was given: estimators for numbers of segments, not of units."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import norm

from crosscase.arguments import check_arguments
from crosscase.errors import CrosscaseError, Problem, raise_if, shown
from crosscase.saturation.richness import Incidence, bootstrap_richness, chao, incidence, one_word

RARE = 10
ABUNDANCE_FORMS = {
    "chao1_classic": "Chao1: S + (n-1)/n * F1^2/(2 F2); F2 = 0: S + (n-1)/n * F1(F1-1)/2",
    "chao1_bias_corrected": "Chao1 bias-corrected: S + (n-1)/n * F1(F1-1)/(2(F2+1))",
    "chao1_plain": "Chao1 without (n-1)/n: S + F1^2/(2 F2); F2 = 0: S + F1(F1-1)/2",
    "chao1_bias_corrected_plain": "Chao1 bias-corrected, without (n-1)/n: S + F1(F1-1)/(2(F2+1))",
    "ace": (
        f"ACE: S_abund + S_rare/C + F1/C * g, rare: given at most {RARE} times, C = 1 - F1/n_rare, "
        "g = max(S_rare/C * sum i(i-1)F_i / (n_rare(n_rare-1)) - 1, 0)"
    ),
    "bootstrap": "bootstrap of Smith & van Belle (1984): S + sum of (1 - x/n)^n over codes, each given x times",
}
NOTE = "segments of one unit depend on each other: this takes each for a draw of its own; see richness_table for units"


def good_turing_coverage(counts: ArrayLike) -> float:
    """Estimate the share of further segments that falls on codes already given: 1 - F1/n.

    Parameters
    ----------
    counts : array of int, shape (codes,)
        How often each code was given. For units with several codes (in how many units each occurs) the same form is
        1 - Q1/U; `sample_coverage` is the better estimate of that share.

    Returns
    -------
    float
        NaN without any code.

    References
    ----------
    Good, I. J. (1953), Biometrika 40, 237-264, doi 10.1093/biomet/40.3-4.237, with thanks there to A. M. Turing.

    Examples
    --------
    >>> good_turing_coverage([5, 3, 1, 1])
    0.8
    """
    check_arguments(good_turing_coverage, locals())
    data = _counted(counts)
    return 1 - data.seen_in(1) / data.total if data.total else math.nan


def abundance_table(
    counts: ArrayLike, *, estimators: Sequence[str] = tuple(ABUNDANCE_FORMS), level: float = 0.95
) -> pd.DataFrame:
    """Estimate the number of codes from how often each was given.

    Parameters
    ----------
    counts : array of int, shape (codes,)
        How often each code was given, such as its number of segments.
    estimators : sequence of str
        From `ABUNDANCE_FORMS`.
    level : float
        Level of the intervals, between 0 and 1.

    Returns
    -------
    DataFrame
        One row per estimator: `estimator, form, value, se, low, high, level, n, n_codes, given_once, given_twice,
        reason, note`. Chao1 has the log-normal interval of Chao (1987), ACE and the bootstrap have none.

    Raises
    ------
    CrosscaseError
        For unknown estimators, levels outside (0, 1) or impossible counts.

    References
    ----------
    Chao, A. (1984), Scandinavian Journal of Statistics 11, 265-270. Chao, A. (1987), Biometrics 43, 783-791,
    doi 10.2307/2531532. Chao, A. & Lee, S.-M. (1992), Journal of the American Statistical Association 87, 210-217,
    doi 10.1080/01621459.1992.10475194. Chao, A., Ma, M.-C. & Yang, M. C. K. (1993), Biometrika 80, 193-201,
    doi 10.1093/biomet/80.1.193. Colwell, R. K. & Coddington, J. A. (1994), doi 10.1098/rstb.1994.0091. Smith, E. P. &
    van Belle, G. (1984), Biometrics 40, 119-129, doi 10.2307/2530750.

    Examples
    --------
    >>> abundance_table([5, 2, 1, 1], estimators=["chao1_plain", "chao1_bias_corrected_plain"])["value"].tolist()
    [6.0, 4.5]
    """
    check_arguments(abundance_table, locals(), but=["estimators"])
    problems = one_word(estimators, "estimators", "estimators") or [
        Problem("estimators", "a known estimator", repr(name), ", ".join(ABUNDANCE_FORMS))
        for name in estimators
        if name not in ABUNDANCE_FORMS
    ]
    if not 0 < level < 1:
        problems.append(Problem("level", "a level between 0 and 1", f"{level}", "for example 0.95"))
    raise_if(problems)
    data, z = _counted(counts), float(norm.ppf((1 + level) / 2))
    rows: list[dict[str, Any]] = []
    for name in estimators:
        numbers, reason = (math.nan,) * 4, "" if data.total else "no code given"
        if not reason and name.startswith("chao1"):
            numbers = chao(data, name.removeprefix("chao1_"), z)
        elif not reason:
            value = bootstrap_richness(data) if name == "bootstrap" else _ace(data)
            numbers = (value, *numbers[1:])
            reason = "every rare code was given once only: nothing is known of the rest" if math.isnan(value) else ""
        rows.append(
            {"estimator": name, "form": ABUNDANCE_FORMS[name]} | dict(zip(("value", "se", "low", "high"), numbers))
        )
        rows[-1] |= {"level": level, "n": data.total, "n_codes": data.observed, "given_once": data.seen_in(1)}
        rows[-1] |= {"given_twice": data.seen_in(2), "reason": reason, "note": "" if reason else NOTE}
    return pd.DataFrame(rows)


def _counted(counts: ArrayLike) -> Incidence:
    """Read counts as incidences in which each segment is a unit of its own that holds one code."""
    try:
        values = np.array(counts, dtype=float).ravel()
        if isinstance(counts, str):
            raise TypeError
    except (TypeError, ValueError) as error:
        raise CrosscaseError(Problem("counts", "how often each code was given", shown(counts))) from error
    if not (np.isfinite(values) & (values >= 0) & (values == np.floor(values))).all():
        raise CrosscaseError(
            Problem("counts", "whole numbers of 0 or more", shown(counts), remedy="count the segments")
        )
    return incidence(values, int(values.sum()))


def _ace(data: Incidence) -> float:
    counts = data.frequencies
    rare = counts[counts <= RARE]
    n, once = int(rare.sum()), data.seen_in(1)
    if not len(rare):
        return float(data.observed)
    covered = 1 - once / n
    if covered == 0:
        return math.nan
    pairs = float((rare * (rare - 1)).sum())
    spread = max(len(rare) / covered * pairs / (n * (n - 1)) - 1, 0.0)
    return data.observed - len(rare) + len(rare) / covered + once / covered * spread
