"""Code saturation by base size, run length and new-information threshold (Guest, Namey & Chen 2020)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from crosscase.arguments import check_arguments, is_count
from crosscase.errors import Problem, raise_if
from crosscase.saturation.units import is_row, presence_array, presence_frame

GUEST_FORM = (
    "Guest, Namey & Chen (2020): new codes in a run / codes in the base (fixed); runs overlap, shifted by one unit; "
    "reached before the first run at or below the threshold"
)
BASE_SIZES = (4, 5, 6)
RUN_LENGTHS = (2, 3)
THRESHOLDS = (0.05, 0.0)


def _new_codes(presence: Any) -> pd.Series:
    """Return the codes that each unit brings for the first time, units in order.

    A table of units by codes is counted; one number per unit is taken as that count, as papers print it.
    """
    if isinstance(presence, (pd.DataFrame, set, frozenset)) or not is_row(presence):
        cells = presence_array(presence)
        new = np.diff(np.logical_or.accumulate(cells, axis=0).sum(axis=1), prepend=0)
        return pd.Series(new, index=presence_frame(presence).index)
    given = pd.to_numeric(pd.Series(presence), errors="coerce")
    bad = given.isna() | (given < 0) | (given % 1 != 0)
    rule = "new codes of each unit are whole numbers"
    raise_if(
        [Problem("presence, new codes", rule, f"{int(bad.sum())} others", "0, 1, 2 and so on")] if bad.any() else []
    )
    return given.astype(np.int64)


def _check(base_size: int, run_length: int, threshold: float) -> None:
    """Raise one error with all options that make no sense."""
    problems = [
        Problem(name, "a whole number of units, at least 1", f"{value}")
        for name, value in (("base_size", base_size), ("run_length", run_length))
        if not is_count(value, 1)
    ]
    if not 0 <= threshold < 1:
        problems.append(Problem("threshold", "a share", f"{threshold}", "0 up to, not including, 1", "0.05, not 5"))
    raise_if(problems)


def guest_runs(presence: Any, *, base_size: int = 4, run_length: int = 2, threshold: float = 0.05) -> pd.DataFrame:
    """List every run of units after the base with its share of new information.

    Parameters
    ----------
    presence : DataFrame, 2-d array or list
        Units (rows, in sampling order) by codes (columns), 0 or 1; or one number per unit, its new codes.
    base_size : int
        First units whose codes form the base; the authors use 4, 5 or 6.
    run_length : int
        Units per run; the authors use 2 or 3.
    threshold : float
        Largest share of new information that counts as saturated; the authors use .05 and 0.

    Returns
    -------
    DataFrame
        One row per run: `first, last` (positions from 1), `first_unit, last_unit, new_codes, base_codes,
        new_information` (NaN where the base holds no code), `at_threshold`.

    Raises
    ------
    CrosscaseError
        For sizes below 1 or a threshold outside [0, 1).

    References
    ----------
    Guest, G., Namey, E. & Chen, M. (2020), PLOS ONE 15(5), e0232076, doi 10.1371/journal.pone.0232076.

    Examples
    --------
    >>> table = pd.DataFrame([[1, 1, 0], [1, 0, 0], [0, 1, 1], [1, 1, 1]])
    >>> guest_runs(table, base_size=2, run_length=1)["new_information"].tolist()
    [0.5, 0.0]
    """
    check_arguments(guest_runs, locals())
    _check(base_size, run_length, threshold)
    counted = _new_codes(presence)
    new = counted.to_numpy()
    starts = np.arange(base_size, max(len(new) - run_length, base_size - 1) + 1)
    base_codes = int(new[:base_size].sum())
    in_run = np.array([new[start : start + run_length].sum() for start in starts], dtype=np.int64)
    share = in_run / base_codes if base_codes else np.full(len(starts), math.nan)
    return pd.DataFrame(
        {
            "first": starts + 1,
            "last": starts + run_length,
            "first_unit": counted.index[starts],
            "last_unit": counted.index[starts + run_length - 1],
            "new_codes": in_run,
            "base_codes": base_codes,
            "new_information": share,
            "at_threshold": share <= threshold,
        }
    )


def guest_saturation(
    presence: Any, *, base_size: int = 4, run_length: int = 2, threshold: float = 0.05
) -> dict[str, Any]:
    """Say where saturation was reached, in the authors' notation, and what came after it.

    Arguments as in `guest_runs`.

    Returns
    -------
    dict
        `base_size, run_length, threshold, form, base_codes, n_units, n_codes, reached_at` (units before the
        confirming run; NaN where not reached), `notation` ("6+2": reached at 6, confirmed by 2 more),
        `codes_then` (codes seen at `reached_at`), `share_then` (of all codes seen), `new_after` (codes first seen
        after the confirming run: where not 0, the curve went on), `reason`.

    Raises
    ------
    CrosscaseError
        As `guest_runs`.

    References
    ----------
    Guest, Namey & Chen (2020), doi 10.1371/journal.pone.0232076.

    Examples
    --------
    >>> table = pd.DataFrame([[1, 1, 0], [1, 0, 0], [0, 1, 1], [1, 1, 1]])
    >>> guest_saturation(table, base_size=2, run_length=1)["notation"]
    '3+1'
    """
    check_arguments(guest_saturation, locals())
    runs = guest_runs(presence, base_size=base_size, run_length=run_length, threshold=threshold)
    new = _new_codes(presence).to_numpy()
    base_codes, total = int(new[:base_size].sum()), int(new.sum())
    reached = runs.loc[runs["at_threshold"], "first"].min() - 1 if runs["at_threshold"].any() else math.nan
    if len(new) < base_size + run_length:
        reason = f"too few units: {len(new)}, at least {base_size + run_length} needed"
    elif base_codes == 0:
        reason = "no code in the base"
    else:
        reason = "" if not math.isnan(reached) else "not reached: every run brought more than the threshold"
    then = math.nan if math.isnan(reached) else int(new[: int(reached)].sum())
    return {
        "base_size": base_size,
        "run_length": run_length,
        "threshold": threshold,
        "form": GUEST_FORM,
        "base_codes": base_codes,
        "n_units": len(new),
        "n_codes": total,
        "reached_at": float(reached),
        "notation": "" if math.isnan(reached) else f"{int(reached)}+{run_length}",
        "codes_then": then,
        "share_then": then / total if total else math.nan,
        "new_after": math.nan if math.isnan(reached) else int(new[int(reached) + run_length :].sum()),
        "reason": reason,
    }


def guest_table(
    presence: Any,
    *,
    base_sizes: Sequence[int] = BASE_SIZES,
    run_lengths: Sequence[int] = RUN_LENGTHS,
    thresholds: Sequence[float] = THRESHOLDS,
) -> pd.DataFrame:
    """Say where saturation was reached for every combination of base, run and threshold.

    Parameters
    ----------
    presence
        As in `guest_runs`.
    base_sizes, run_lengths : sequence of int
        By default the authors' 4, 5, 6 and 2, 3.
    thresholds : sequence of float
        By default the authors' .05 and 0.

    Returns
    -------
    DataFrame
        One row per combination, columns as `guest_saturation`.

    Raises
    ------
    CrosscaseError
        As `guest_runs`.

    Examples
    --------
    >>> len(guest_table(pd.DataFrame([[1, 1], [1, 0]])))
    12
    """
    check_arguments(guest_table, locals())
    rows = [
        guest_saturation(presence, base_size=base, run_length=run, threshold=threshold)
        for threshold, base, run in product(thresholds, base_sizes, run_lengths)
    ]
    return pd.DataFrame(rows)
