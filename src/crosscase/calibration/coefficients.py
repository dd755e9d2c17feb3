"""Whether the intervals of agreement coefficients hold the true agreement as often as they say."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd

from crosscase.agreement import MEASURES, Bootstrap, Linearised
from crosscase.agreement.judgements.read import read_ratings
from crosscase.calibration.summary import Each, design_seed, need_columns, refuse_unknown
from crosscase.simulate import interval_coverage
from crosscase.simulate.calibration import DESIGN_SIZES, Estimate, Estimator

COEFFICIENTS = tuple(name for name, measure in MEASURES.items() if measure.true_value)
"""Coefficients of which it is known what they are in a simulated study."""
INTERVALS = ("bootstrap_documents", "bootstrap_units", "linearised_documents", "linearised_units")
DEFAULT = ("krippendorff_alpha", "conger_kappa", "gwet_ac1")


def _interval(name: str, resamples: int, level: float, seed: int) -> Bootstrap | Linearised:
    method, _, over = name.partition("_")
    if method == "bootstrap":
        return Bootstrap(over=over, resamples=resamples, seed=seed, confidence=level)
    return Linearised(over=over, confidence=level)


def _estimate(
    ratings: pd.DataFrame,
    documents: pd.Series,
    seed: int,
    *,
    coefficient: str,
    interval: str,
    resamples: int,
    level: float,
) -> Estimate:
    """Compute one coefficient with one interval on judgements of the categories 0 and 1."""
    judged = read_ratings(ratings, categories=[0.0, 1.0], documents=documents)
    found = MEASURES[coefficient].on(judged, _interval(interval, resamples, level, seed))
    return found.value, found.low, found.high


def agreement_estimators(
    coefficients: Sequence[str] = DEFAULT,
    intervals: Sequence[str] = INTERVALS,
    *,
    resamples: int = 400,
    level: float = 0.95,
) -> dict[str, tuple[Estimator, str]]:
    """Adapt the coefficients of `crosscase.agreement` to `crosscase.simulate.interval_coverage`.

    Parameters
    ----------
    coefficients : sequence of str
        From `COEFFICIENTS`.
    intervals : sequence of str
        From `INTERVALS`: the bootstrap or the linearised interval, over documents or over units.
    resamples : int
        Draws of the bootstrap.
    level : float
        Level of the intervals, between 0 and 1.

    Returns
    -------
    dict
        "coefficient, interval" to a pair: the function of (ratings, documents, seed), and what it estimates.

    Raises
    ------
    CrosscaseError
        For unknown coefficients and intervals.

    Examples
    --------
    >>> list(agreement_estimators(["gwet_ac1"], ["bootstrap_units"]))
    ['gwet_ac1, bootstrap_units']
    """
    refuse_unknown("coefficients", coefficients, COEFFICIENTS)
    refuse_unknown("intervals", intervals, INTERVALS)
    return {
        f"{coefficient}, {interval}": (
            partial(_estimate, coefficient=coefficient, interval=interval, resamples=resamples, level=level),
            MEASURES[coefficient].true_value,
        )
        for coefficient in coefficients
        for interval in intervals
    }


def _one_design(
    design: dict[str, Any],
    coefficients: Sequence[str],
    intervals: Sequence[str],
    resamples: int,
    level: float,
    n_simulations: int,
    seed: int,
) -> pd.DataFrame:
    """Simulate one design with its own seed."""
    estimators = agreement_estimators(coefficients, intervals, resamples=resamples, level=level)
    own = design_seed(seed, design)
    table = interval_coverage(estimators, pd.DataFrame([design]), n_simulations=n_simulations, level=level, seed=own)
    names = table["estimator"].str.split(", ", expand=True)
    table.insert(table.columns.get_loc("estimator"), "coefficient", names[0])
    table.insert(table.columns.get_loc("estimator"), "interval", names[1])
    table.insert(table.columns.get_loc("seed"), "resamples", resamples)
    return table.drop(columns="estimator")


def calibrate_agreement(
    designs: pd.DataFrame,
    *,
    coefficients: Sequence[str] = DEFAULT,
    intervals: Sequence[str] = INTERVALS,
    n_simulations: int = 100,
    resamples: int = 400,
    level: float = 0.95,
    seed: int = 20210401,
    each: Each = map,
) -> pd.DataFrame:
    """Simulate how often the intervals of agreement coefficients hold the true value, design by design.

    Parameters
    ----------
    designs : DataFrame
        As `crosscase.simulate.agreement_designs` returns them.
    coefficients, intervals : sequence of str
        From `COEFFICIENTS`; from `INTERVALS`. `conger_kappa` is Cohen's kappa where there are two coders.
    n_simulations : int
        Simulated studies per design.
    resamples : int
        Draws of the bootstrap intervals.
    level : float
        Coverage that the intervals promise.
    seed : int
        Main seed; each design gets its own (`design_seed`).
    each : callable
        `map`, or the `map` of a pool of processes.

    Returns
    -------
    DataFrame
        One row per design, coefficient and interval: the design, `coefficient, interval, estimates, true_value,
        level, coverage, coverage_low, coverage_high` (Monte Carlo error, Wilson), `missed_above, missed_below,
        mean_estimate, bias, mean_width, n_simulations, n_undefined, words, resamples, seed` (of this design: with it
        and the sizes the row can be simulated again by `interval_coverage`).

    Raises
    ------
    CrosscaseError
        For unknown names, missing columns and impossible sizes.

    Examples
    --------
    >>> from crosscase.simulate import agreement_designs
    >>> designs = agreement_designs(n_coders=[2], n_units=[20], n_documents=[3], prevalence=[0.5])
    >>> table = calibrate_agreement(designs, coefficients=["gwet_ac1"], n_simulations=5, resamples=50)
    >>> table["interval"].tolist() == list(INTERVALS), table["true_value"].round(3).unique().tolist()
    (True, [0.7])
    """
    need_columns(designs, DESIGN_SIZES)
    agreement_estimators(coefficients, intervals)
    work = partial(
        _one_design,
        coefficients=tuple(coefficients),
        intervals=tuple(intervals),
        resamples=resamples,
        level=level,
        n_simulations=n_simulations,
        seed=seed,
    )
    return pd.concat(each(work, designs[list(DESIGN_SIZES)].to_dict("records")), ignore_index=True)
