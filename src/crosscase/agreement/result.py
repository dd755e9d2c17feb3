"""What a coefficient gives back: the value with its n, its parts, its interval and its reason."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from crosscase.agreement.estimator import NO_PAIRS, ONE_CATEGORY, Estimator
from crosscase.agreement.intervals import NO_INTERVAL, Interval, limits
from crosscase.agreement.ratings import Ratings


@dataclass(frozen=True)
class Coefficient:
    """One agreement coefficient; `float()` gives its value.

    Parameters
    ----------
    name, variant : str
        Coefficient and its form (weights, level, combination over coders).
    value : float
        Unrounded; NaN where undefined.
    n_units : int
        Units with at least two judgements.
    n_coders : int
        Coders who judged at least one unit.
    n_pairs : int
        Pairs of judgements on one unit.
    observed, expected : float
        Observed and expected (weighted) agreement.
    standard_error, low, high : float
        Of the interval; NaN where none.
    interval : str
        Method of the interval.
    reason : str
        Why the value or the interval is undefined, else empty.
    """

    name: str
    variant: str
    value: float
    n_units: int
    n_coders: int
    n_pairs: int
    observed: float = float("nan")
    expected: float = float("nan")
    standard_error: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    interval: str = NO_INTERVAL
    reason: str = ""

    def __float__(self) -> float:
        return self.value

    def as_row(self) -> dict[str, Any]:
        """All fields as one row of a frame."""
        return asdict(self)


def coefficient(
    name: str,
    variant: str,
    ratings: Ratings,
    estimator: Estimator,
    interval: Interval | None = None,
    reason: str = "",
) -> Coefficient:
    """Value, parts, interval and reason of an estimator.

    Parameters
    ----------
    name, variant : str
        What it is.
    ratings : Ratings
        The judgements, for the n's.
    estimator : Estimator
        The coefficient on them.
    interval : Bootstrap, Linearised or None
        The interval asked for.
    reason : str
        A remark that stands whatever the value.

    Returns
    -------
    Coefficient
    """
    with np.errstate(all="ignore"):
        value, observed, expected = estimator.point()
    reasons = [reason] if reason else []
    if np.isnan(value):
        if ratings.n_pairs == 0:
            reasons.append(NO_PAIRS)
        else:
            reasons.append(ONE_CATEGORY if ratings.n_used <= 1 else "expected agreement is 1: no variation to explain")
    found = limits(estimator, interval)
    reasons += [found.reason] if found.reason else []
    return Coefficient(
        name, variant, value, ratings.n_units, ratings.n_coders, ratings.n_pairs, observed, expected,
        found.standard_error, found.low, found.high, found.label, "; ".join(reasons),
    )  # fmt: skip
