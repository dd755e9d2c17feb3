"""One table of saturation for a study, for each case and for each role."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from crosscase.arguments import Seed, check_arguments
from crosscase.errors import Problem, raise_if
from crosscase.frames import need
from crosscase.ids import split_rows
from crosscase.saturation.coverage import too_thin, units_needed
from crosscase.saturation.guest import GUEST_FORM, guest_saturation
from crosscase.saturation.richness import richness_table
from crosscase.saturation.units import presence_array, presence_frame, presence_table

COLUMNS = [
    *("measure", "form", "value", "se", "low", "high", "interval", "level", "notation"),
    *("n_units", "n_codes", "unique_codes", "duplicate_codes", "reason", "note"),
]
GROUPS = ("case", "role")
ESTIMATES = ("chao2", "jackknife", "coverage", "units_to")
"""How the measures begin that speak of codes not yet seen."""


def saturation_summary(
    presence: Any,
    *,
    target: float = 0.95,
    base_size: int = 4,
    run_length: int = 2,
    threshold: float = 0.05,
    level: float = 0.95,
    n_resamples: int = 1000,
    seed: Seed = 0,
) -> pd.DataFrame:
    """Put every measure of code saturation of one set of units into one table.

    Parameters
    ----------
    presence : DataFrame, 2-d array or list of rows
        Units (rows, in sampling order) by codes (columns), 0 or 1.
    target : float
        Coverage to reach, between 0 and 1.
    base_size, run_length, threshold : int, int, float
        Options of `guest_saturation`.
    level : float
        Level of the intervals.
    n_resamples, seed : int
        Size and seed of the bootstrap.

    Returns
    -------
    DataFrame
        Rows codes_observed, guest, chao2_classic, chao2_bias_corrected, jackknife1, jackknife2, coverage,
        units_to_coverage, units_to_codes. Columns `measure, form` (the exact formula), `value, se, low, high,
        interval, level, notation` ("6+2", Guest only), `n_units, n_codes, unique_codes, duplicate_codes, reason`
        (why undefined; where the coverage is near 0, nothing is estimated of codes not yet seen) and `note` (what
        limits a defined value).

    Raises
    ------
    CrosscaseError
        For impossible options or a table that is not 0 and 1.

    Examples
    --------
    >>> table = pd.DataFrame([[1, 1, 0], [1, 0, 0], [0, 1, 1]])
    >>> saturation_summary(table, n_resamples=20).set_index("measure")["reason"]["guest"]
    'too few units: 3, at least 6 needed'
    """
    check_arguments(saturation_summary, locals())
    presence = presence_frame(presence)
    cells = presence_array(presence)
    frequencies, n_units = cells.sum(axis=0), len(cells)
    n_codes = int((frequencies > 0).sum())
    guest = guest_saturation(presence, base_size=base_size, run_length=run_length, threshold=threshold)
    later = guest["new_after"]
    first: list[dict[str, Any]] = [
        {"measure": "codes_observed", "form": "codes in at least one unit", "value": float(n_codes)},
        {
            "measure": "guest",
            "form": f"{GUEST_FORM}; base {base_size}, run {run_length}, threshold {threshold:g}",
            "value": guest["reached_at"],
            "notation": guest["notation"],
            "reason": guest["reason"],
            "note": f"{later} codes first seen after the confirming run" if later and not math.isnan(later) else "",
        },
    ]
    richness = richness_table(frequencies, n_units, level=level).rename(columns={"estimator": "measure"})
    richness["interval"] = np.where(richness["measure"].str.startswith("chao2"), "log-normal (Chao 1987)", "normal")
    further = units_needed(frequencies, n_units, target=target, level=level, n_resamples=n_resamples, seed=seed)
    rows = first + richness.to_dict("records") + further.to_dict("records")
    counts = {"n_units": n_units, "n_codes": n_codes} | {
        "unique_codes": int((frequencies == 1).sum()),
        "duplicate_codes": int((frequencies == 2).sum()),
    }
    words = dict.fromkeys(("interval", "notation", "reason", "note"), "")
    if thin := too_thin(frequencies, n_units):
        nothing = dict.fromkeys(("value", "se", "low", "high"), math.nan) | {"note": ""}
        rows = [
            row | nothing | {"reason": thin} if row["measure"].startswith(ESTIMATES) and not row.get("reason") else row
            for row in rows
        ]
    table = pd.DataFrame(
        [words | {"se": math.nan, "low": math.nan, "high": math.nan, "level": math.nan} | row | counts for row in rows]
    )
    return table[COLUMNS]


def _members(order: pd.DataFrame, by: str) -> dict[str, list[Any]]:
    """List the units of each case or role; a unit with several ids joined by ';' belongs to each."""
    parts = split_rows(order[["unit", by]], by).dropna(subset=[by])
    return {str(name): rows["unit"].tolist() for name, rows in parts.groupby(by, sort=True)}


def saturation_table(
    codings: pd.DataFrame,
    order: pd.DataFrame,
    *,
    unit: str = "document",
    by: Sequence[str] = (),
    target: float = 0.95,
    base_size: int = 4,
    run_length: int = 2,
    threshold: float = 0.05,
    level: float = 0.95,
    n_resamples: int = 1000,
    seed: Seed = 0,
) -> pd.DataFrame:
    """Put every measure of code saturation into one table: all units, then within each case and each role.

    Parameters
    ----------
    codings : DataFrame
        Columns `code` and the one that `unit` names.
    order : DataFrame
        One row per sampling unit: `unit, order`, and `case`, `role` where `by` asks for them. Several ids in one
        cell are joined by ";"; the unit then counts in each.
    unit : str
        Column of `codings` that holds the sampling unit.
    by : sequence of {"case", "role"}
        Groups to look into besides the whole.
    target, base_size, run_length, threshold, level, n_resamples, seed
        As `saturation_summary`.

    Returns
    -------
    DataFrame
        `grouped_by` ("all", "case", "role"), `group`, then the columns of `saturation_summary`. Units without a
        case or role count in the whole only; their number stands in `n_without_group`.

    Raises
    ------
    CrosscaseError
        For missing columns, bad orders or unknown groups.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": ["i1", "i1", "i3"], "code": ["trust", "money", "trust"]})
    >>> order = pd.DataFrame({"unit": ["i1", "i2", "i3"], "order": [1, 2, 3], "case": ["north", "north", "south"]})
    >>> table = saturation_table(codings, order, by=["case"], n_resamples=20)
    >>> table[table["measure"] == "codes_observed"][["group", "value", "n_units"]].values.tolist()
    [['all', 2.0, 3], ['north', 2.0, 2], ['south', 1.0, 1]]
    """
    check_arguments(saturation_table, locals())
    raise_if([Problem("by", "a known group", repr(name), ", ".join(GROUPS)) for name in by if name not in GROUPS])
    need(order, ["unit", "order", *by], "order")
    presence = presence_table(codings, order, unit=unit)
    options: dict[str, Any] = {"target": target, "level": level, "n_resamples": n_resamples, "seed": seed}
    options |= {"base_size": base_size, "run_length": run_length, "threshold": threshold}
    parts = [("all", "all", presence, 0)]
    for name in by:
        groups = group_presence(presence, order, by=name)
        within = pd.Index([]).append([part.index for part in groups.values()])
        without = int((~presence.index.isin(within)).sum())
        parts += [(name, group, part, without) for group, part in groups.items()]
    tables = []
    for grouped_by, group, some, without in parts:
        table = saturation_summary(some, **options)
        table.insert(0, "group", group)
        table.insert(0, "grouped_by", grouped_by)
        tables.append(table.assign(n_without_group=without))
    return pd.concat(tables, ignore_index=True)


def group_presence(presence: pd.DataFrame, order: pd.DataFrame, *, by: str) -> dict[str, pd.DataFrame]:
    """Split a presence table by case or role, to draw curves within each.

    Parameters
    ----------
    presence : DataFrame
        Units (rows, in sampling order) by codes (columns).
    order : DataFrame
        `unit` and the column that `by` names.
    by : {"case", "role"}
        Kind of group.

    Returns
    -------
    dict of str to DataFrame
        Presence table of each group, units in sampling order, all codes kept.

    Raises
    ------
    CrosscaseError
        For an unknown group or a missing column.

    Examples
    --------
    >>> table = pd.DataFrame({"trust": [1, 0]}, index=["i1", "i2"])
    >>> order = pd.DataFrame({"unit": ["i1", "i2"], "order": [1, 2], "role": ["nurse;manager", "nurse"]})
    >>> {role: len(part) for role, part in group_presence(table, order, by="role").items()}
    {'manager': 1, 'nurse': 2}
    """
    check_arguments(group_presence, locals())
    raise_if([] if by in GROUPS else [Problem("by", "a known group", repr(by), ", ".join(GROUPS))])
    need(order, ["unit", by], "order")
    return {group: presence[presence.index.isin(units)] for group, units in _members(order, by).items()}
