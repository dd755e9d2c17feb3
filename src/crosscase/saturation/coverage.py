"""Sample coverage: the share of what units say that the codes seen so far already cover, and the way to more."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln
from scipy.stats import norm

from crosscase.arguments import Seed, check_arguments
from crosscase.errors import Problem, raise_if, shown
from crosscase.saturation.assemblage import bootstrap_incidence, tail_factor
from crosscase.saturation.richness import Incidence, incidence, is_count, one_word, unseen

COVERAGE_FORM = (
    "Chao & Jost (2012), incidence: 1 - Q1/U * A, A = T Q0/(T Q0 + Q1), Q0 by Chao2 classic; "
    "beyond T units: 1 - Q1/U * A^(t*+1)"
)
RICHNESS_FORM = (
    "up to T units: Mao Tau; beyond: S + Q0 (1 - A^t*), A = T Q0/(T Q0 + Q1), Q0 by Chao2 classic "
    "(Colwell et al. 2012, eq. 18)"
)
UNITS_FORMS = {
    "coverage": "smallest t* with 1 - Q1/U * A^(t*+1) >= target (Chao & Jost 2012)",
    "codes": "smallest t* with S + Q0 (1 - A^t*) >= target * (S + Q0), Q0 by Chao2 classic (Chao et al. 2009)",
}
NO_INTERVAL = "no interval asked for"
INTERVAL_FORMS = {
    "codes": (
        "beyond T units: value +- z * sd of the further codes (at t minus at T) over draws from the estimated "
        "assemblage of Chao et al. (2014), appendix G; never below the codes seen; at 95 % it held the number then "
        "seen in .78 to .93 of simulated samples of 6 to 40 units, so it is somewhat too narrow"
    ),
    "coverage": (
        "value +- z * sd of (estimated - true coverage) over draws from the estimated assemblage, cut to 0..1; "
        "assemblage of Chao et al. (2014), appendix G"
    ),
    "units": "percentiles over draws from the estimated assemblage of Chao et al. (2014), appendix G",
}


def absent_share(n_units: int, sizes: ArrayLike, drawn: ArrayLike) -> NDArray[np.float64]:
    """Return the chance that a draw without replacement misses a set: C(n_units - size, drawn) / C(n_units, drawn).

    One row per number of units drawn (0 to `n_units`), one column per size of a set.

    Examples
    --------
    >>> absent_share(4, [1], [1, 2]).round(6).tolist()
    [[0.75], [0.5]]
    """
    size, draw = np.asarray(sizes, float)[None, :], np.asarray(drawn, float)[:, None]
    left = n_units - size - draw
    log = (
        gammaln(n_units - size + 1)
        + gammaln(n_units - draw + 1)
        - gammaln(np.maximum(left, 0) + 1)
        - gammaln(n_units + 1)
    )
    return np.where(left < 0, 0.0, np.exp(np.minimum(log, 0.0)))


def _coverage_at(data: Incidence, units: NDArray[np.int64]) -> NDArray[np.float64]:
    """Compute the estimated coverage at each number of units."""
    t, uncovered = data.n_units, data.seen_in(1) / data.total
    inside = units < t
    out = 1 - uncovered * tail_factor(data) ** np.maximum(units - t + 1, 1).astype(float)
    if inside.any():
        missed = absent_share(t - 1, data.frequencies - 1, units[inside])
        out[inside] = 1 - missed @ (data.frequencies / data.total)
    return out


def _codes_at(data: Incidence, units: NDArray[np.int64]) -> NDArray[np.float64]:
    """Compute the expected number of codes at each number of units."""
    inside = units <= data.n_units
    ahead = np.maximum(units - data.n_units, 0).astype(float)
    out = data.observed + unseen(data) * (1 - tail_factor(data) ** ahead)
    if inside.any():
        out[inside] = data.observed - absent_share(data.n_units, data.frequencies, units[inside]).sum(axis=1)
    return out


def _undefined(data: Incidence) -> str:
    """Say why coverage has no value on these data, or nothing."""
    if data.n_units < 2:
        return f"too few units: {data.n_units}, at least 2 needed"
    return "no code in any unit" if data.observed == 0 else ""


def _caveat(data: Incidence, ahead: float = 0.0) -> str:
    """Say what limits an estimate that is defined."""
    q1, q2 = data.seen_in(1), data.seen_in(2)
    notes = []
    if q1 == data.observed:
        notes.append("every code in one unit only: nothing shows an end")
    elif q1 == 1 and q2 == 0:
        notes.append("one unique code, no duplicate: the form gives full coverage although one code was seen once")
    if ahead > data.n_units:
        notes.append("beyond twice the units sampled: extrapolation not dependable (Chao & Jost 2012)")
    return "; ".join(notes)


def sample_coverage(frequencies: ArrayLike, n_units: int) -> float:
    """Estimate which share of the unit-code pairs of further units falls on codes already seen.

    Parameters
    ----------
    frequencies : array of int, shape (codes,)
        Number of units in which each code occurs.
    n_units : int
        T, the number of sampling units.

    Returns
    -------
    float
        Between 0 and 1; NaN below two units or without codes.

    References
    ----------
    Chao, A. & Jost, L. (2012), Ecology 93, 2533-2547, doi 10.1890/11-1952.1; incidence form in Chao, A. et al.
    (2014), Ecological Monographs 84, 45-67, doi 10.1890/13-0133.1.

    Examples
    --------
    >>> round(sample_coverage([4, 3, 3, 2, 1], n_units=5), 6)
    0.948718
    """
    check_arguments(sample_coverage, locals(), but=["n_units"])
    data = incidence(frequencies, n_units)
    return math.nan if _undefined(data) else float(_coverage_at(data, np.array([n_units]))[0])


LEAST_COVERAGE = 0.1
"""Coverage below which nothing is estimated of unseen codes: 1 - Q1/U (Good 1953, doi 10.1093/biomet/40.3-4.237)."""


def too_thin(frequencies: ArrayLike, n_units: int) -> str:
    """Say why nothing may be estimated of codes not yet seen, where the sample covers next to nothing; else nothing.

    Arguments as in `sample_coverage`.

    Examples
    --------
    >>> too_thin([1, 1, 1], n_units=2)
    'the units cover next to nothing (1 - Q1/U = 0.00): 3 of 3 codes stand in one unit only'
    >>> too_thin([2, 1, 2], n_units=2)
    ''
    """
    check_arguments(too_thin, locals(), but=["n_units"])
    data = incidence(frequencies, n_units)
    covered = 1 - data.seen_in(1) / data.total if data.total else 1.0
    if covered >= LEAST_COVERAGE:
        return ""
    of = f"{data.seen_in(1)} of {data.observed} codes stand in one unit only"
    return f"the units cover next to nothing (1 - Q1/U = {covered:.2f}): {of}"


def accumulation(
    frequencies: ArrayLike,
    n_units: int,
    units: Sequence[int] | None = None,
    *,
    level: float = 0.95,
    n_resamples: int = 0,
    seed: Seed = 0,
) -> pd.DataFrame:
    """Give expected codes and coverage at fewer and at more units than were sampled.

    Parameters
    ----------
    frequencies, n_units
        As in `sample_coverage`.
    units : sequence of int, optional
        Numbers of units, 1 or more; by default 1 to 2 T.
    level : float
        Level of the interval.
    n_resamples, seed : int
        Size and seed of the bootstrap behind the interval of the codes beyond T; 0 gives none. For fewer units see
        `rarefaction`.

    Returns
    -------
    DataFrame
        One row per number of units: `units, part` (interpolated, observed, extrapolated), `codes, codes_form, sd, low,
        high, interval, level, coverage, coverage_form, n_units, n_codes, n_resamples, seed, reason, note`.

    Raises
    ------
    CrosscaseError
        For numbers of units that are no whole numbers from 1, and impossible options.

    References
    ----------
    Colwell, R. K. et al. (2012), Journal of Plant Ecology 5, 3-21, doi 10.1093/jpe/rtr044; Chao & Jost (2012); for the
    draws Chao, A. et al. (2014), Ecological Monographs 84, 45-67, doi 10.1890/13-0133.1. The R package iNEXT takes the
    sd of all codes at t, seen ones too, and so draws a wider band that is open at T already.

    Examples
    --------
    >>> accumulation([2, 1], n_units=2, units=[1, 2])["codes"].tolist()
    [1.5, 2.0]
    """
    check_arguments(accumulation, locals(), but=("n_units", "units"))
    data = incidence(frequencies, n_units)
    n_units = data.n_units
    raise_if(_curve_problems(units, level, n_resamples))
    at = np.array(range(1, 2 * n_units + 1) if units is None else list(units), dtype=np.int64)
    reason = _undefined(data)
    nothing = np.full(len(at), math.nan)
    codes = nothing if reason else _codes_at(data, at)
    asked = n_resamples > 0 and not reason
    sd = _codes_sd(data, at, n_resamples, seed) if asked else nothing
    reach = float(norm.ppf((1 + level) / 2)) * sd
    return pd.DataFrame(
        {
            "units": at,
            "part": np.select([at < n_units, at == n_units], ["interpolated", "observed"], "extrapolated"),
            "codes": codes,
            "codes_form": RICHNESS_FORM,
            "sd": sd,
            "low": np.maximum(codes - reach, data.observed),
            "high": codes + reach,
            "interval": INTERVAL_FORMS["codes"] if n_resamples > 0 else NO_INTERVAL,
            "level": level if n_resamples > 0 else math.nan,
            "coverage": nothing if reason else _coverage_at(data, at),
            "coverage_form": COVERAGE_FORM,
            "n_units": data.n_units,
            "n_codes": data.observed,
            "n_resamples": n_resamples,
            "seed": seed,
            "reason": reason,
            "note": ["" if reason else _caveat(data, int(value) - n_units) for value in at],
        }
    )


def _curve_problems(units: Any, level: float, n_resamples: int) -> list[Problem]:
    """Check the options of `accumulation`."""
    rule = "whole numbers of units from 1"
    if units is None or (np.iterable(units) and all(is_count(each, least=1) for each in units)):
        problems = []
    else:
        wrong = [each for each in units if not is_count(each, least=1)] if isinstance(units, Sequence) else units
        problems = [Problem("units", rule, shown(wrong), "1, 2, 3 and so on")]
    if not 0 < level < 1:
        problems.append(Problem("level", "between 0 and 1", f"{level}", "for example 0.95"))
    if not is_count(n_resamples):
        problems.append(Problem("n_resamples", "0 for no interval, or more", f"{n_resamples}", "for example 200"))
    return problems


def _codes_sd(data: Incidence, units: NDArray[np.int64], n_resamples: int, seed: Seed) -> NDArray[np.float64]:
    """Compute how far the expected number of further codes moves over draws from the estimated assemblage."""
    draws, _ = bootstrap_incidence(data, n_resamples, seed)
    ahead = units >= data.n_units
    further = np.array([_codes_at(draw, units[ahead]) - draw.observed for draw in draws])
    out = np.full(len(units), math.nan)
    out[ahead] = further.std(axis=0, ddof=1) if n_resamples > 1 else math.nan
    return out


def _further(data: Incidence, target: float, of: str) -> float:
    """Compute how many further units reach the target; 0 where it is reached, NaN where undefined."""
    if _undefined(data):
        return math.nan
    q1, hidden, tail = data.seen_in(1), unseen(data), tail_factor(data)
    if tail == 0:
        return 0.0
    if of == "coverage":
        exact = math.log((1 - target) * data.total / q1) / math.log(tail) - 1
    else:
        exact = math.log(1 - (target * (data.observed + hidden) - data.observed) / hidden) / math.log(tail)
    return float(max(math.ceil(exact - 1e-9), 0))


def _measure(data: Incidence, measure: str, target: float) -> float:
    """Compute one row of `units_needed`."""
    if measure == "coverage":
        return math.nan if _undefined(data) else float(_coverage_at(data, np.array([data.n_units]))[0])
    return _further(data, target, measure.removeprefix("units_to_"))


def _interval(
    value: float, drawn: NDArray[np.float64], covered: NDArray[np.float64], measure: str, level: float
) -> tuple[float, float]:
    """Give the bootstrap interval of one row of `units_needed`.

    Coverage belongs to the sample itself, so its uncertainty is the error of the estimate, not its spread.
    """
    defined = ~np.isnan(drawn)
    if not defined.any():
        return math.nan, math.nan
    if measure == "coverage":
        reach = float(norm.ppf((1 + level) / 2) * np.std((drawn - covered)[defined]))
        return max(value - reach, 0.0), min(value + reach, 1.0)
    low, high = np.quantile(drawn[defined], [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _option_problems(target: float, of: Sequence[str], level: float, n_resamples: int) -> list[Problem]:
    """Check the options of `units_needed`."""
    problems = one_word(of, "of", "targets") or [
        Problem("of", "a known target", repr(name), ", ".join(UNITS_FORMS)) for name in of if name not in UNITS_FORMS
    ]
    problems += [
        Problem(name, "between 0 and 1", f"{value}", "for example 0.95")
        for name, value in (("target", target), ("level", level))
        if not 0 < value < 1
    ]
    if not is_count(n_resamples, 1):
        problems.append(Problem("n_resamples", "at least one", f"{n_resamples}", "for example 1000"))
    return problems


def units_needed(
    frequencies: ArrayLike,
    n_units: int,
    *,
    target: float = 0.95,
    of: Sequence[str] = ("coverage", "codes"),
    level: float = 0.95,
    n_resamples: int = 1000,
    seed: Seed = 0,
) -> pd.DataFrame:
    """Estimate the coverage reached and how many more units would reach a target, with bootstrap intervals.

    Parameters
    ----------
    frequencies, n_units
        As in `sample_coverage`.
    target : float
        Share to reach, between 0 and 1.
    of : sequence of {"coverage", "codes"}
        Share of what: sample coverage, or of the codes that Chao2 expects.
    level : float
        Level of the intervals.
    n_resamples, seed : int
        Size and seed of the bootstrap.

    Returns
    -------
    DataFrame
        First row `coverage` (the coverage now), then one row per `of` (`units_to_coverage`, `units_to_codes`):
        `measure, form, value, low, high, interval, level, target, n_units, n_codes, n_resamples, n_undefined,
        seed, reason, note`. Further units are whole numbers; 0 says that the estimate has reached the target.

    Raises
    ------
    CrosscaseError
        For unknown options.

    References
    ----------
    Chao & Jost (2012), doi 10.1890/11-1952.1; Chao, A., Colwell, R. K., Lin, C.-W. & Gotelli, N. J. (2009),
    Ecology 90, 1125-1133, doi 10.1890/07-2147.1.

    Examples
    --------
    >>> found = units_needed([4, 3, 3, 2, 1, 1, 1], n_units=5, n_resamples=50)
    >>> found["measure"].tolist(), found["value"].round(3).tolist()
    (['coverage', 'units_to_coverage', 'units_to_codes'], [0.829, 8.0, 13.0])
    """
    check_arguments(units_needed, locals(), but=("n_units", "of"))
    raise_if(_option_problems(target, of, level, n_resamples))
    data = incidence(frequencies, n_units)
    reason = _undefined(data)
    draws, covered = ([], np.empty(0)) if reason else bootstrap_incidence(data, n_resamples, seed)
    rows: list[dict[str, Any]] = []
    for measure in ("coverage", *(f"units_to_{name}" for name in of)):
        value = _measure(data, measure, target)
        drawn = np.array([_measure(draw, measure, target) for draw in draws])
        low, high = _interval(value, drawn, covered, measure, level)
        now = measure == "coverage"
        form = COVERAGE_FORM if now else UNITS_FORMS[measure.removeprefix("units_to_")]
        row: dict[str, Any] = {"measure": measure, "form": form, "value": value, "low": low, "high": high}
        row |= {"interval": INTERVAL_FORMS["coverage" if now else "units"], "level": level}
        row |= {"target": math.nan if now else target, "n_units": data.n_units, "n_codes": data.observed}
        row |= {"n_resamples": n_resamples, "n_undefined": int(np.isnan(drawn).sum()), "seed": seed, "reason": reason}
        rows.append(row | {"note": "" if reason else _caveat(data, 0.0 if now else value)})
    return pd.DataFrame(rows)
