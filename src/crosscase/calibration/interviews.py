"""Whether the intervals of saturation estimates hold the truth as often as they say."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import product
from typing import Any

import pandas as pd

from crosscase.calibration.summary import Each, design_seed, need_columns, refuse_unknown
from crosscase.saturation import richness_table, units_needed
from crosscase.simulate import saturation_coverage
from crosscase.simulate.calibration import Estimate

SATURATION_ESTIMATES = {
    "sample_coverage": "coverage",
    "units_to_coverage": "units_to_coverage",
    "chao2_classic": "codes",
    "chao2_bias_corrected": "codes",
    "jackknife1": "codes",
    "jackknife2": "codes",
}
SIZES = ("n_units", "n_codes", "shape_rare", "shape_common", "unit_sd")


def _estimate(presence: pd.DataFrame, seed: int, *, name: str, resamples: int, level: float, target: float) -> Estimate:
    """Compute one estimate with its interval from a presence table."""
    frequencies, n = presence.sum(), len(presence)
    if SATURATION_ESTIMATES[name] == "codes":
        row = richness_table(frequencies, n, estimators=[name], level=level).iloc[0]
    else:
        of = () if name == "sample_coverage" else ("coverage",)
        row = units_needed(frequencies, n, target=target, of=of, level=level, n_resamples=resamples, seed=seed).iloc[-1]
    return row["value"], row["low"], row["high"]


def saturation_designs(
    *,
    n_units: Sequence[int] = (6, 12, 24),
    n_codes: Sequence[int] = (60,),
    shape_rare: Sequence[float] = (0.6, 2.0),
    shape_common: Sequence[float] = (3.0,),
    unit_sd: Sequence[float] = (0.0, 0.5),
) -> pd.DataFrame:
    """Cross the settings of interview studies into a table of designs.

    Parameters
    ----------
    n_units, n_codes : sequence of int
        Interviews; codes there are, seen or not.
    shape_rare, shape_common : sequence of float
        Parameters of the beta distribution of the codes' chances; a small `shape_rare` makes many rare codes.
    unit_sd : sequence of float
        How much interviews differ in how much they say, standard deviation on the logit scale.

    Returns
    -------
    DataFrame
        One row per design.

    Examples
    --------
    >>> len(saturation_designs())
    12
    """
    return pd.DataFrame(list(product(n_units, n_codes, shape_rare, shape_common, unit_sd)), columns=list(SIZES))


def _one_design(
    design: dict[str, Any],
    estimates: Sequence[str],
    resamples: int,
    level: float,
    target: float,
    n_simulations: int,
    seed: int,
) -> pd.DataFrame:
    """Simulate one design with its own seed."""
    own = design_seed(seed, design)
    sizes = {name: design[name] for name in ("n_units", "n_codes", "unit_sd")}
    sizes["shape"] = (design["shape_rare"], design["shape_common"])
    estimators = {
        name: (
            partial(_estimate, name=name, resamples=resamples, level=level, target=target),
            SATURATION_ESTIMATES[name],
        )
        for name in estimates
    }
    table = saturation_coverage(
        estimators, [sizes], n_simulations=n_simulations, level=level, target=target, seed=own
    ).drop(columns=list(sizes))
    for place, name in enumerate(SIZES):
        table.insert(place, name, design[name])
    table.insert(table.columns.get_loc("seed"), "resamples", resamples)
    return table


def calibrate_saturation(
    designs: pd.DataFrame,
    *,
    estimates: Sequence[str] = tuple(SATURATION_ESTIMATES),
    n_simulations: int = 100,
    resamples: int = 200,
    level: float = 0.95,
    target: float = 0.95,
    seed: int = 20210401,
    each: Each = map,
) -> pd.DataFrame:
    """Simulate how often the intervals of saturation estimates hold the truth, design by design.

    Parameters
    ----------
    designs : DataFrame
        As `saturation_designs` returns them.
    estimates : sequence of str
        Keys of `SATURATION_ESTIMATES`.
    n_simulations, resamples : int
        Simulated studies per design; draws of the bootstrap intervals.
    level, target : float
        Coverage that the intervals promise; sample coverage to be reached.
    seed, each
        As in `calibrate_agreement`.

    Returns
    -------
    DataFrame
        One row per design and estimate: the design, `estimator, estimates, true_value, level, coverage, coverage_low,
        coverage_high` (Monte Carlo error, Wilson), `missed_above, missed_below, mean_estimate, bias, mean_width,
        n_simulations, n_undefined, words, resamples, seed`.

    Raises
    ------
    CrosscaseError
        For unknown names, missing columns and impossible sizes.

    Examples
    --------
    >>> table = calibrate_saturation(saturation_designs(n_units=[6], unit_sd=[0.0], shape_rare=[2.0]),
    ...     estimates=["chao2_classic"], n_simulations=5)
    >>> table[["n_units", "estimator", "true_value"]].values.tolist()
    [[6, 'chao2_classic', 60.0]]
    """
    need_columns(designs, SIZES)
    refuse_unknown("estimates", estimates, SATURATION_ESTIMATES)
    work = partial(
        _one_design,
        estimates=tuple(estimates),
        resamples=resamples,
        level=level,
        target=target,
        n_simulations=n_simulations,
        seed=seed,
    )
    return pd.concat(each(work, designs[list(SIZES)].to_dict("records")), ignore_index=True)
