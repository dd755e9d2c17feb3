"""How many units two coders must both judge so that an interval of agreement gets as narrow as wanted."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import norm
from scipy.stats import t as student

from crosscase.agreement.judgements.ratings import Ratings
from crosscase.agreement.measures.base import Measure
from crosscase.agreement.measures.registry import MEASURES
from crosscase.errors import CrosscaseError, Problem, raise_if, shown
from crosscase.simulate.calibration import trust_words, wilson

#: units that the search goes up to
MOST_UNITS = 1 << 17
#: samples of one simulation: more would only fill the memory
MOST_SIMULATIONS = 100_000
#: share of simulated samples that may lack an interval: undefined, or of no width because the coders never differed
LOST = 0.05
#: times the units at which derivatives are taken, so that small-sample terms vanish as in the linearised interval
LARGE = 1e6
COLUMNS = ["code", "coefficient", "prevalence", "agreement", "width", "level", "units", "expected_width", "coverage",
           "coverage_low", "coverage_high", "n_simulations", "n_without", "units_large_sample", "note"]  # fmt: skip

Counts = NDArray[np.float64]
"""Samples x (neither coder, the second only, the first only, both): how many units."""


def units_for_width(
    prevalence: float | Mapping[str, float] | pd.Series,
    agreement: float | Mapping[str, float] | pd.Series,
    width: float,
    *,
    measure: str = "cohen_kappa",
    level: float = 0.95,
    n_simulations: int = 1000,
    seed: int = 20210401,
) -> pd.DataFrame:
    """Compute per code how many units two coders must both judge for an interval of a width.

    Samples of a size are drawn from coders who use the code equally often and agree as assumed. A size is enough where
    the linearised interval (`Linearised(over="units")`) has this width on average, and lacks in at most 5 % of the
    samples: it is undefined where nobody uses the code, and has no width where the coders never differ, which is no
    certainty. The search halves the same steps whatever the width, so that a narrower interval never takes fewer units.
    At the size found, new samples tell in how many the interval holds the assumed agreement.

    Units are taken as independent. Those of one document depend on each other: read the number as the least.

    Parameters
    ----------
    prevalence : float, or mapping or Series of float
        Share of the units to which a coder gives the code, 0 to 1; by code where there are several.
    agreement : float, or mapping or Series of float
        Assumed value of the measure; by code where it differs.
    width : float
        From the low to the high end of the interval; above 0 and below 2.
    measure : str
        Name of a coefficient of categories in `MEASURES`.
    level : float
        Level of the interval, between 0 and 1.
    n_simulations : int
        Samples drawn at each size, 100 or more.
    seed : int
        Seed of the random numbers, 0 or more.

    Returns
    -------
    DataFrame
        One row per code: `code, coefficient, prevalence, agreement, width, level, units` (missing where the note says
        why), `expected_width` (simulated, at this number), `coverage` (share of new samples whose interval holds the
        assumed agreement, of those that have one; an interval of no width holds it in none), `coverage_low,
        coverage_high` (its Monte Carlo error, Wilson, 95 %), `n_simulations, n_without` (new samples without an
        interval), `units_large_sample` (by the large-sample variance alone, for comparison with published tables),
        `note` (whether coverage is as promised).

    Raises
    ------
    CrosscaseError
        For an unknown measure, numbers outside their range, or codes without an assumed agreement.

    References
    ----------
    Cantor, A. B. (1996). Sample-size calculations for Cohen's kappa. Psychological Methods 1, 150-153.
    doi:10.1037/1082-989X.1.2.150
    Gwet, K. L. (2014). Handbook of Inter-Rater Reliability, 4th ed., chapters 5 and 6.
    Donner, A. & Eliasziw, M. (1992). A goodness-of-fit approach to inference procedures for the kappa statistic.
    Statistics in Medicine 11, 1511-1519. doi:10.1002/sim.4780111109

    Examples
    --------
    >>> found = units_for_width({"trust": 0.3, "never": 0.0}, 0.7, 0.3, n_simulations=200)
    >>> found[["code", "units_large_sample", "note"]].values.tolist()[1]
    ['never', <NA>, 'a code that no unit carries has no agreement to plan for']
    >>> int(found["units"][0]), int(found["units_large_sample"][0])
    (106, 105)
    """
    shares, assumed = _by_code(prevalence, agreement)
    raise_if(_problems(shares, assumed, width, measure, level, n_simulations, seed))
    plan = _Plan(MEASURES[measure], float(width), float(level), int(n_simulations), int(seed))
    found: dict[tuple[float, float], dict[str, Any]] = {}
    rows = []
    for code, share in shares.items():
        key = (math.nan if pd.isna(share) else float(share), float(assumed[code]))
        if key not in found:
            found[key] = plan.row(*key)
        rows.append({"code": code, "coefficient": measure, **found[key]})
    kinds = {"units": "Int64", "n_without": "Int64", "units_large_sample": "Int64"}
    return pd.DataFrame(rows, columns=COLUMNS).astype(kinds)


@dataclass(frozen=True)
class _Plan:
    measure: Measure
    width: float
    level: float
    n_simulations: int
    seed: int

    def row(self, prevalence: float, agreement: float) -> dict[str, Any]:
        """Return what is found for one prevalence and one assumed agreement."""
        row: dict[str, Any] = {"prevalence": prevalence, "agreement": agreement, "width": self.width}
        row |= {"level": self.level, "n_simulations": self.n_simulations}
        cells, note = _cells(self.measure, prevalence, agreement)
        if cells is None:
            return row | {"units": pd.NA, "note": note}
        form = _Form.of(self.measure)
        variance = float(form.values(cells[None, :] * LARGE)[1][0] ** 2 * LARGE)
        row["units_large_sample"] = math.ceil(variance * (2 * norm.ppf((1 + self.level) / 2) / self.width) ** 2 - 1e-9)
        sizes = {}

        def enough(n: int) -> bool:
            low, high, _ = form.limits(self._samples(cells, n, 0), self.level)
            has = high > low
            sizes[n] = float((high - low)[has].mean()) if has.any() else math.nan
            return bool(sizes[n] <= self.width and has.mean() >= 1 - LOST)

        # halving the same steps whatever the width keeps the answer monotone, though simulated widths are not quite
        low, high = 1, MOST_UNITS
        if not enough(high):
            return row | {"units": pd.NA, "note": f"more than {MOST_UNITS} units"}
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if enough(middle) else (middle, high)
        row |= {"units": high, "expected_width": sizes[high]}
        return row | self.coverage(form, cells, high, agreement)

    def coverage(self, form: _Form, cells: NDArray[np.float64], n: int, agreement: float) -> dict[str, Any]:
        """Return how often the interval holds the assumed agreement in samples that were not searched with."""
        low, high, _ = form.limits(self._samples(cells, n, 1), self.level)
        defined, spread = int((~np.isnan(low)).sum()), high > low
        hits = int(((low <= agreement) & (agreement <= high) & spread).sum())
        error = wilson(hits, defined)
        words = trust_words(error, 1 - defined / len(low), self.level)
        return {
            "coverage": hits / defined if defined else math.nan,
            "coverage_low": error[0],
            "coverage_high": error[1],
            "n_without": int((~spread).sum()),
            "note": f"the interval {'' if words.startswith('cannot') else 'is '}{words}",
        }

    def _samples(self, cells: NDArray[np.float64], n: int, stream: int) -> Counts:
        rng = np.random.default_rng([self.seed, n, stream])
        return rng.multinomial(n, cells, size=self.n_simulations).astype(float)


@dataclass(frozen=True, eq=False)
class _Form:
    """A measure of two coders and two categories as a function of the four counts, for many samples at once."""

    contributions: NDArray[np.float64]
    evaluate: Any

    @classmethod
    def of(cls, measure: Measure) -> _Form:
        codes = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
        estimator = measure.estimator(Ratings(codes, None, np.ones(4), (0, 1), ("first", "second")))
        return cls(estimator.contributions[estimator.member], estimator.evaluate)

    def value(self, counts: NDArray[Any]) -> NDArray[Any]:
        """Return the coefficient of each sample."""
        with np.errstate(all="ignore"):
            return np.asarray(self.evaluate(counts @ self.contributions)[0])

    def values(self, counts: Counts) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return coefficient and large-sample standard error (divided by n) of each sample."""
        square = np.zeros(len(counts))
        for cell in range(4):
            step = np.zeros(4, dtype=complex)
            step[cell] = 1e-20j
            slope = self.value(counts * LARGE + step).imag / 1e-20 * LARGE
            square += np.where(counts[:, cell] > 0, counts[:, cell] * slope**2, 0.0)
        return self.value(counts), np.sqrt(square)

    def limits(
        self, counts: Counts, level: float
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Return low and high ends of the linearised intervals over units, and the coefficients."""
        value, error = self.values(counts)
        n = counts.sum(axis=1)
        margin = student.ppf((1 + level) / 2, n - 1) * error * np.sqrt(n / (n - 1))
        return value - margin, np.minimum(1.0, value + margin), value


def _cells(measure: Measure, prevalence: float, agreement: float) -> tuple[NDArray[np.float64] | None, str]:
    """Return the shares of the four cells that have this prevalence and agreement, or why there are none."""
    if math.isnan(prevalence):
        return None, "the prevalence is not known"
    if prevalence in {0.0, 1.0}:
        return None, f"a code that {'no' if prevalence == 0 else 'every'} unit carries has no agreement to plan for"
    form = _Form.of(measure)

    def cells(apart: float) -> NDArray[np.float64]:
        return np.array([1 - prevalence - apart, apart, apart, prevalence - apart]).clip(0)

    def value(apart: float) -> float:
        return float(form.value(cells(apart)[None, :] * LARGE**2)[0])

    most = min(prevalence, 1 - prevalence)
    least = value(most)
    if agreement >= 1:
        return None, "coders who never differ have no interval"
    if not least < agreement:
        return None, f"with this prevalence {measure.name} lies above {least:.3g}"
    return cells(float(brentq(lambda apart: value(apart) - agreement, 0.0, most, xtol=1e-15))), ""


def _by_code(prevalence: Any, agreement: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return prevalence and assumed agreement by code; one number stands for one code, or for all."""
    shares = _mapping(prevalence, "prevalence", ["code"])
    assumed = _mapping(agreement, "agreement", list(shares))
    missing = [code for code in shares if code not in assumed]
    if not shares or missing:
        found = "none" if not shares else "none for " + ", ".join(map(str, missing[:5]))
        place = "agreement" if missing else "prevalence"
        raise CrosscaseError(Problem(place, "a number for every code", found, "one number, or one by code"))
    return shares, assumed


def _mapping(given: Any, place: str, codes: list[str]) -> dict[str, Any]:
    if isinstance(given, pd.Series):
        if given.index.has_duplicates:
            raise CrosscaseError(Problem(place, "a code has one number", "the same code twice"))
        given = given.to_dict()
    if isinstance(given, Mapping):
        return dict(given)
    return dict.fromkeys(codes, given)


def _problems(
    shares: Mapping[str, Any], assumed: Mapping[str, Any], width: Any, measure: Any, level: Any, n: Any, seed: Any
) -> list[Problem]:
    def number(value: Any, low: float, high: float) -> bool:
        return isinstance(value, Real) and not isinstance(value, (bool, np.bool_)) and low <= float(value) <= high

    known = [name for name, each in MEASURES.items() if each.of == "categories"]
    problems = []
    for code, share in shares.items():
        undefined = share is None or share is pd.NA or (isinstance(share, Real) and math.isnan(float(share)))
        if not undefined and not number(share, 0, 1):
            problems.append(Problem(f"prevalence, {code}", "a share of the units", shown(share), "0 to 1"))
        if not number(assumed[code], -1, 1):
            problems.append(Problem(f"agreement, {code}", "a value of the measure", shown(assumed[code]), "-1 to 1"))
    if not number(width, 0, 2) or not 0 < float(width) < 2:
        problems.append(Problem("width", "a width of the interval", shown(width), "above 0 and below 2"))
    if not number(level, 0, 1) or not 0 < float(level) < 1:
        problems.append(Problem("level", "a level", shown(level), "between 0 and 1"))
    if not isinstance(measure, str) or measure not in known:
        problems.append(Problem("measure", "a coefficient of categories", shown(measure), ", ".join(known)))
    for place, value, least, most in (("n_simulations", n, 100, MOST_SIMULATIONS), ("seed", seed, 0, None)):
        whole = isinstance(value, Integral) and not isinstance(value, bool)
        if not whole or int(value) < least or (most is not None and int(value) > most):
            allowed = f"{least} or more" if most is None else f"{least} to {most}"
            problems.append(Problem(place, "a whole number", shown(value), allowed))
    return problems
