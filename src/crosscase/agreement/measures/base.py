"""A measure of agreement, said once: name, formula, source, conditions, estimator; and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from crosscase.agreement.intervals import NO_INTERVAL, Interval, limits
from crosscase.agreement.judgements.ratings import Ratings
from crosscase.agreement.measures.estimator import NO_PAIRS, NO_VARIATION, ONE_CATEGORY, Estimator
from crosscase.errors import CrosscaseError, Problem


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


@dataclass(frozen=True, eq=False, repr=False)
class Measure:
    """A coefficient of agreement: all that is said of it anywhere is said here.

    Parameters
    ----------
    name : str
        Its one spelling: of the function, in tables, in ids of values.
    label : str
        As people read it.
    formula : str
        What it is, in a sentence.
    reference : str
        Source with its DOI.
    estimator : callable
        From judgements (of spans: their continuum) to the estimator of the plain form: no weights, nominal.
    of : {"categories", "sets", "spans"}
        What judgements are.
    needs_coders : bool
        Whether it must be known which coder judged what.
    most_coders, most_categories : int, optional
        For how many it is defined; `instead` names what to use for more.
    instead : str
        Name of the measure for more coders or categories.
    in_table : bool
        Whether it stands in the agreement table of a study.
    has_interval : bool
        Whether that table, and the comparison of intervals, give it an interval.
    kept : bool
        Whether its value over all codes is kept under an id of its own.
    true_value : str
        What it estimates in simulated studies, by its name in `crosscase.simulate.true_agreement`.
    """

    name: str
    label: str
    formula: str
    reference: str
    estimator: Callable[[Any], Estimator]
    of: str = "categories"
    needs_coders: bool = False
    most_coders: int | None = None
    most_categories: int | None = None
    instead: str = ""
    in_table: bool = False
    has_interval: bool = False
    kept: bool = False
    true_value: str = ""

    #: how it is called, for the text that help shows
    _called = ""

    def __post_init__(self) -> None:
        source = f"\n\nReferences\n----------\n{self.reference}" if self.reference else ""
        object.__setattr__(self, "__doc__", f"{self.label}: {self.formula}\n\n{self._called}{source}")

    @property
    def __name__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<{self.name}: {self.label}>"

    def on(self, ratings: Ratings, interval: Interval | None = None) -> Coefficient:
        """Return the coefficient in its plain form on judgements that were read already."""
        self.check(ratings)
        return coefficient(self.name, "", ratings, self.estimator(ratings), interval)

    def check(self, ratings: Ratings) -> None:
        """Refuse judgements on which the measure is not defined."""
        if self.needs_coders:
            ratings.by_coder(self.label)
        found, rule = "", ""
        if self.most_coders is not None and ratings.n_coders > self.most_coders:
            found, rule = f"{ratings.n_coders} coders", f"at most {self.most_coders} coders"
        if self.most_categories is not None and ratings.n_categories > self.most_categories:
            found, rule = str(list(ratings.categories)), f"at most {self.most_categories} categories"
        if found:
            raise CrosscaseError(Problem(self.name, rule, found, remedy=f"use {self.instead}"))


def coefficient(
    name: str, variant: str, ratings: Ratings, estimator: Estimator, interval: Interval | None = None
) -> Coefficient:
    """Return value, parts, interval and reason of an estimator on judgements."""
    with np.errstate(all="ignore"):
        value, observed, expected = estimator.point()
    reasons = [estimator.remark] if estimator.remark else []
    if np.isnan(value):
        if ratings.n_pairs == 0:
            reasons.append(NO_PAIRS)
        else:
            reasons.append(estimator.undefined or (ONE_CATEGORY if ratings.n_used <= 1 else NO_VARIATION))
    found = limits(estimator, interval)
    reasons += [found.reason] if found.reason else []
    return Coefficient(
        name, variant, value, ratings.n_units, ratings.n_coders, ratings.n_pairs, observed, expected,
        found.standard_error, found.low, found.high, found.label, "; ".join(reasons),
    )  # fmt: skip
