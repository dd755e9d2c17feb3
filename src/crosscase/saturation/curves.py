"""Cumulative code curves: over the order in which units were sampled, and over all orders they might have had."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from crosscase.arguments import Count, Seed, check_arguments
from crosscase.errors import Problem, raise_if
from crosscase.saturation.coverage import absent_share
from crosscase.saturation.richness import incidence, unseen
from crosscase.saturation.units import presence_array, presence_frame

MAO_TAU_FORM = "Mao Tau: mean over all orders, exact (Colwell, Mao & Chang 2004, eq. 5)"
UNCONDITIONAL_FORM = "unconditional: Colwell, Mao & Chang (2004), eq. 6, total codes by Chao2 classic"
CONDITIONAL_FORM = "conditional: variance over all orders of these units, exact (Ugland, Gray & Ellingsen 2003)"


def check_level(level: float) -> None:
    """Raise an error where the level of an interval is not between 0 and 1."""
    raise_if([] if 0 < level < 1 else [Problem("level", "a level between 0 and 1", f"{level}", "for example 0.95")])


def code_curve(presence: Any) -> pd.DataFrame:
    """Count new and cumulative codes over the units in the order in which they were sampled.

    Parameters
    ----------
    presence : DataFrame, 2-d array or list of rows
        Units (rows, in sampling order) by codes (columns), 0 or 1.

    Returns
    -------
    DataFrame
        One row per unit: `position` (from 1), `unit, codes, new_codes, cumulative, share` (of all codes seen),
        `n_units, n_codes`.

    Examples
    --------
    >>> table = pd.DataFrame({"trust": [1, 0, 1], "money": [0, 0, 1]}, index=["i1", "i2", "i3"])
    >>> code_curve(table)["cumulative"].tolist()
    [1, 1, 2]
    """
    check_arguments(code_curve, locals())
    presence = presence_frame(presence)
    cells = presence_array(presence)
    seen = np.logical_or.accumulate(cells, axis=0).sum(axis=1)
    total = int(cells.any(axis=0).sum())
    return pd.DataFrame(
        {
            "position": np.arange(1, len(cells) + 1),
            "unit": presence.index,
            "codes": cells.sum(axis=1),
            "new_codes": np.diff(seen, prepend=0),
            "cumulative": seen,
            "share": seen / total if total else np.full(len(cells), math.nan),
            "n_units": len(cells),
            "n_codes": total,
        }
    )


def _conditional_variance(cells: NDArray[np.bool_], drawn: NDArray[np.int64]) -> NDArray[np.float64]:
    """Compute the exact variance of the number of codes in a draw of units without replacement."""
    held = cells[:, cells.any(axis=0)].astype(np.float64)
    n_units, sizes = len(held), held.sum(axis=0)
    union = sizes[:, None] + sizes[None, :] - held.T @ held
    pairs = np.bincount(np.rint(union).astype(np.int64).ravel(), minlength=n_units + 1)
    both_missed = absent_share(n_units, np.arange(n_units + 1), drawn) @ pairs
    return np.maximum(both_missed - absent_share(n_units, sizes, drawn).sum(axis=1) ** 2, 0.0)


def _unconditional_variance(cells: NDArray[np.bool_], drawn: NDArray[np.int64]) -> NDArray[np.float64]:
    """Compute the variance of Mao Tau for further samples of the same kind."""
    data = incidence(cells.sum(axis=0), len(cells))
    found = 1 - absent_share(data.n_units, data.frequencies, drawn)
    return np.maximum((found**2).sum(axis=1) - found.sum(axis=1) ** 2 / (data.observed + unseen(data)), 0.0)


def rarefaction(presence: Any, *, level: float = 0.95) -> pd.DataFrame:
    """Compute the expected number of codes in any t of the units, with two kinds of interval.

    The conditional interval says how far the curve depends on the order of these units and closes at the last one;
    the unconditional one says how far other units of the same kind might differ. `vegan::specaccum(method = "exact")`
    gives the same codes and, with `conditioned = FALSE` and `gamma = "chao"`, the same unconditional sd; its
    conditional sd replaces the covariances of codes by correlations and is an approximation of ours.

    Parameters
    ----------
    presence : DataFrame, 2-d array or list of rows
        Units (rows) by codes (columns), 0 or 1; the order of the rows does not matter.
    level : float
        Level of the intervals (normal).

    Returns
    -------
    DataFrame
        One row per t = 1 .. T: `units, codes, form, conditional_sd, conditional_low, conditional_high,
        unconditional_sd, unconditional_low, unconditional_high, conditional_form, unconditional_form, level,
        n_units, n_codes, reason`. The unconditional interval is undefined below two units.

    Raises
    ------
    CrosscaseError
        For a table that is not 0 and 1, or a level outside (0, 1).

    References
    ----------
    Colwell, R. K., Mao, C. X. & Chang, J. (2004), Ecology 85, 2717-2727, doi 10.1890/03-0557, eq. 5 and 6.
    Ugland, K. I., Gray, J. S. & Ellingsen, K. E. (2003), Journal of Animal Ecology 72, 888-897,
    doi 10.1046/j.1365-2656.2003.00748.x.

    Examples
    --------
    >>> table = pd.DataFrame({"trust": [1, 0, 1], "money": [0, 0, 1]})
    >>> rarefaction(table)["codes"].round(6).tolist()
    [1.0, 1.666667, 2.0]
    """
    check_arguments(rarefaction, locals())
    presence = presence_frame(presence)
    check_level(level)
    cells = presence_array(presence)
    n_units, z = len(cells), float(norm.ppf((1 + level) / 2))
    drawn = np.arange(1, n_units + 1)
    frequencies = cells.sum(axis=0)
    n_codes = int((frequencies > 0).sum())
    held = frequencies[frequencies > 0]
    codes = n_codes - absent_share(n_units, held, drawn).sum(axis=1) if n_codes else np.full(n_units, math.nan)
    nothing = np.full(n_units, math.nan)
    inner = np.sqrt(_conditional_variance(cells, drawn)) if n_codes else nothing
    outer = np.sqrt(_unconditional_variance(cells, drawn)) if n_codes and n_units > 1 else nothing
    reason = "no code in any unit" if not n_codes else "one unit only: no unconditional interval" if n_units < 2 else ""
    columns: dict[str, Any] = {"units": drawn, "codes": codes, "form": MAO_TAU_FORM}
    for name, sd in (("conditional", inner), ("unconditional", outer)):
        columns |= {f"{name}_sd": sd, f"{name}_low": codes - z * sd, f"{name}_high": codes + z * sd}
    columns |= {"conditional_form": CONDITIONAL_FORM, "unconditional_form": UNCONDITIONAL_FORM, "level": level}
    return pd.DataFrame(columns | {"n_units": n_units, "n_codes": n_codes, "reason": reason})


def permuted_curves(
    presence: Any, *, n_permutations: Count = 1000, level: float = 0.95, seed: Seed = 0
) -> pd.DataFrame:
    """Summarise the cumulative code curves of random orders of the units, beside the order they really had.

    Parameters
    ----------
    presence
        As in `code_curve`.
    n_permutations, seed : int
        Number of random orders and the seed of the generator.
    level : float
        Share of the orders between `low` and `high`, position by position.

    Returns
    -------
    DataFrame
        One row per position: `units, observed` (the real order), `mean, low, high, level, n_permutations, seed,
        n_units, n_codes`. A real curve above `high` early on says that rich units came first.

    Raises
    ------
    CrosscaseError
        For a table that is not 0 and 1, no permutation, or a level outside (0, 1).

    Examples
    --------
    >>> table = pd.DataFrame({"trust": [1, 0, 1], "money": [0, 0, 1]})
    >>> permuted_curves(table, n_permutations=20)["observed"].tolist()
    [1, 1, 2]
    """
    check_arguments(permuted_curves, locals())
    presence = presence_frame(presence)
    check_level(level)
    raise_if([] if n_permutations > 0 else [Problem("n_permutations", "at least one", f"{n_permutations}")])
    cells = presence_array(presence)
    n_units, rng = len(cells), np.random.default_rng(seed)
    held = cells[:, cells.any(axis=0)]
    places = rng.permuted(np.tile(np.arange(n_units), (n_permutations, 1)), axis=1)
    drawn = np.zeros((n_permutations, n_units + 1), dtype=np.int64)
    for code in held.T:
        first = places[:, code].min(axis=1)
        drawn[np.arange(n_permutations), first] += 1
    curves = drawn[:, :n_units].cumsum(axis=1)
    low, high = np.quantile(curves, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return pd.DataFrame(
        {
            "units": np.arange(1, n_units + 1),
            "observed": np.logical_or.accumulate(cells, axis=0).sum(axis=1),
            "mean": curves.mean(axis=0),
            "low": low,
            "high": high,
            "level": level,
            "n_permutations": n_permutations,
            "seed": seed,
            "n_units": n_units,
            "n_codes": held.shape[1],
        }
    )


def code_frequencies(presence: Any) -> pd.DataFrame:
    """Tell for each code in how many units it occurs and which unit brought it first.

    Arguments as in `code_curve`.

    Returns
    -------
    DataFrame
        One row per code, most frequent first: `code, units, share, first_position, first_unit, n_units`.
        A code that occurs nowhere keeps its row; its first unit is missing.

    Examples
    --------
    >>> table = pd.DataFrame({"trust": [1, 0, 1], "money": [0, 0, 1]}, index=["i1", "i2", "i3"])
    >>> code_frequencies(table)[["code", "units", "first_unit"]].values.tolist()
    [['trust', 2, 'i1'], ['money', 1, 'i3']]
    """
    check_arguments(code_frequencies, locals())
    presence = presence_frame(presence)
    cells = presence_array(presence)
    units = cells.sum(axis=0)
    first = cells.argmax(axis=0) if len(cells) else np.zeros(cells.shape[1], dtype=int)
    table = pd.DataFrame(
        {
            "code": presence.columns,
            "units": units,
            "share": units / len(cells) if len(cells) else np.full(len(units), math.nan),
            "first_position": pd.array([int(p) + 1 if n else None for p, n in zip(first, units)], dtype="Int64"),
            "first_unit": [presence.index[p] if n else None for p, n in zip(first, units)],
            "n_units": len(cells),
        }
    )
    return table.sort_values("units", ascending=False, kind="stable", ignore_index=True)


def frequency_counts(presence: Any) -> pd.DataFrame:
    """Count the codes that occur in exactly k units (Q_k), the numbers behind every estimator.

    Arguments as in `code_curve`.

    Returns
    -------
    DataFrame
        One row per k = 1 .. T: `units` (k), `codes` (Q_k), `n_units, n_codes`.

    Examples
    --------
    >>> frequency_counts(pd.DataFrame({"trust": [1, 0, 1], "money": [0, 0, 1]}))["codes"].tolist()
    [1, 1, 0]
    """
    check_arguments(frequency_counts, locals())
    presence = presence_frame(presence)
    cells = presence_array(presence)
    counts = np.bincount(cells.sum(axis=0), minlength=len(cells) + 1)[1:]
    return pd.DataFrame(
        {"units": np.arange(1, len(cells) + 1), "codes": counts, "n_units": len(cells), "n_codes": int(counts.sum())}
    )
