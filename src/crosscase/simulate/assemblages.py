"""Interviews that hold codes with known chances, and how far estimates of saturation can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crosscase.errors import Problem, raise_if
from crosscase.simulate.calibration import Estimate, summarise_intervals
from crosscase.simulate.coders import check_counts, check_shares

TRUTHS = ("coverage", "codes", "units_to_coverage")


@dataclass(frozen=True)
class SimulatedUnits:
    """A presence table with the chances behind it.

    Parameters
    ----------
    presence : DataFrame
        Units (rows, in sampling order) by codes (columns), bool; codes that no unit holds keep their column.
    chances : ndarray, shape (codes,)
        Mean chance over all possible units that a unit holds the code.
    """

    presence: pd.DataFrame
    chances: NDArray[np.float64]

    def unseen_share(self, more: int = 0) -> float:
        """Give the share of further code occurrences that fall on codes expected to be unseen after `more` units."""
        hidden = self.chances[~self.presence.to_numpy().any(axis=0)]
        return float((hidden * (1 - hidden) ** more).sum() / self.chances.sum())

    def truth(self, what: str, target: float = 0.95) -> float:
        """Give the true value of `coverage`, `codes` or `units_to_coverage` (whole units, this sample given)."""
        if what == "coverage":
            return 1 - self.unseen_share()
        if what == "codes":
            return float(len(self.chances))
        low, high = -1, 0
        while self.unseen_share(high) > 1 - target:
            low, high = high, 2 * high + 1
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.unseen_share(middle) > 1 - target else (low, middle)
        return float(high)


def sampling_units(
    *,
    n_units: int = 12,
    n_codes: int = 60,
    shape: tuple[float, float] = (0.6, 3.0),
    unit_sd: float = 0.0,
    seed: int = 0,
) -> SimulatedUnits:
    """Simulate sampling units that hold codes.

    Parameters
    ----------
    n_units, n_codes : int
        Sampling units; codes there are, seen or not.
    shape : tuple of float
        The two parameters of the beta distribution of the codes' chances; a small first one makes many rare codes.
    unit_sd : float
        How much units differ in how much they say, standard deviation on the logit scale.
    seed : int
        Seed of the generator.

    Returns
    -------
    SimulatedUnits

    Raises
    ------
    CrosscaseError
        For sizes below 1, parameters not above 0 or a negative standard deviation.

    Examples
    --------
    >>> made = sampling_units(n_units=5, n_codes=8, seed=1)
    >>> made.presence.shape, 0 <= made.truth("coverage") <= 1
    ((5, 8), True)
    """
    problems: list[Problem] = []
    check_counts(problems, n_units=n_units, n_codes=n_codes)
    if min(shape) <= 0:
        problems.append(Problem("shape", "parameters of a beta distribution", f"{shape}", "both above 0"))
    if unit_sd < 0:
        problems.append(Problem("unit_sd", "a standard deviation", f"{unit_sd}", "0 or more"))
    raise_if(problems)
    rng = np.random.default_rng(seed)
    chances = np.clip(rng.beta(*shape, n_codes), 1e-9, 1 - 1e-9)
    logits = np.log(chances / (1 - chances))
    talk = rng.normal(0, unit_sd, n_units) if unit_sd else np.zeros(n_units)
    held = rng.random((n_units, n_codes)) < 1 / (1 + np.exp(-(logits[None, :] + talk[:, None])))
    if unit_sd:
        nodes, weights = np.polynomial.hermite_e.hermegauss(41)
        chances = (1 / (1 + np.exp(-(logits[:, None] + unit_sd * nodes)))) @ (weights / weights.sum())
    index = pd.Index([f"i{number + 1}" for number in range(n_units)], name="unit")
    names = pd.Index([f"code_{number + 1}" for number in range(n_codes)], name="code")
    return SimulatedUnits(pd.DataFrame(held, index=index, columns=names), chances)


def saturation_coverage(
    estimators: Mapping[str, tuple[Callable[[pd.DataFrame, int], Estimate], str]],
    designs: Iterable[Mapping[str, Any]],
    *,
    n_simulations: int = 200,
    level: float = 0.95,
    target: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Simulate how often intervals of saturation estimates hold the true value.

    Parameters
    ----------
    estimators : mapping of str to (function, str)
        Name to a pair: a function of a presence table and a seed that returns (estimate, low, high), NaN where
        undefined; and what it estimates: `coverage` (of this sample), `codes` (that there are) or
        `units_to_coverage` (further units until the expected coverage of this sample and them reaches `target`).
    designs : iterable of mapping
        Arguments of `sampling_units`, one mapping per design.
    n_simulations, seed : int
        Simulated samples per design, each with a seed of its own.
    level, target : float
        Coverage that the intervals promise; sample coverage to reach.

    Returns
    -------
    DataFrame
        One row per design and estimator: the design, `estimator, estimates, true_value` (mean over samples), `level,
        coverage, coverage_low, coverage_high, missed_above, missed_below, mean_estimate, bias, mean_width,
        n_simulations, n_undefined, words, seed`.

    Raises
    ------
    CrosscaseError
        For unknown truths or impossible options.

    Examples
    --------
    >>> def sure(presence, seed):
    ...     return 0.5, 0.0, 1.0
    >>> saturation_coverage({"sure": (sure, "coverage")}, [{"n_units": 6}], n_simulations=5)["coverage"].tolist()
    [1.0]
    """
    problems = [
        Problem(f"estimators, {name}", "a known truth", repr(what), ", ".join(TRUTHS))
        for name, (_, what) in estimators.items()
        if what not in TRUTHS
    ]
    check_counts(problems, n_simulations=n_simulations)
    check_shares(problems, level=level, target=target)
    raise_if(problems)
    rows = []
    for number, design in enumerate(designs):
        found: dict[str, list[Estimate]] = {name: [] for name in estimators}
        true: dict[str, list[float]] = {name: [] for name in estimators}
        for child in np.random.SeedSequence([seed, number]).generate_state(n_simulations):
            made = sampling_units(**design, seed=int(child))
            for name, (estimate, what) in estimators.items():
                found[name].append(estimate(made.presence, int(child)))
                true[name].append(made.truth(what, target))
        for name, (_, what) in estimators.items():
            summary = summarise_intervals(np.array(found[name], dtype=float), np.array(true[name]), level)
            rows.append(dict(design) | {"estimator": name, "estimates": what} | summary | {"seed": seed})
    return pd.DataFrame(rows)
