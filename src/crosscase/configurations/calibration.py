"""Calibration: from raw values, ratings or a rubric to membership in a set."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Annotated

import numpy as np
import pandas as pd
import statsmodels.api as sm
from numpy.typing import NDArray

from crosscase.arguments import Between, check_arguments
from crosscase.errors import CrosscaseError, Problem, raise_if
from crosscase.frames import merged, need

LOG_ODDS = math.log(19)
METHODS = ("direct", "linear", "bell", "crisp", "indirect", "tfr")
ALMOST_ZERO = 1e-5
TIMES = (date, time, timedelta, np.datetime64, np.timedelta64, pd.Period, pd.Interval)
FEWEST_VALUES = 6  # one more than the polynomial has terms


def calibrate(
    values: pd.Series | Sequence[object],
    thresholds: Sequence[float] = (),
    method: str = "direct",
    *,
    log_odds: Annotated[float, Between(0, 700)] = LOG_ODDS,
    below: float = 1.0,
    above: float = 1.0,
    memberships: Sequence[float] | None = None,
) -> pd.Series:
    """Compute membership in a set from raw values.

    Parameters
    ----------
    values : Series or sequence of float
        Raw values, cases in the index; missing values stay missing.
    thresholds : sequence of float
        `direct` and `linear`: full exclusion, crossover, full inclusion, rising; or falling, for a set that large
        values lie outside of. `bell`: exclusion, crossover, inclusion, inclusion, crossover, exclusion, rising, for a
        set that middling values belong to. `crisp`: one threshold, or several for a multi-value condition; a value
        equal to a threshold lies above it. `indirect`: the bounds between the groups of values, rising; a value equal
        to a bound lies below it. `tfr`: the lowest value of the scale; the lowest found if left out.
    method : str
        `direct` (logistic), `linear` and `bell` (straight lines between the anchors), `crisp`, `indirect`
        (quasi-binomial fit of the groups' memberships on the fractional polynomial with log x, the root of x, x and x
        squared; 0 is taken as .00001), or `tfr` (totally fuzzy and relative: the share of cases up to a value, among
        those above the lowest; for rating scales).
    log_odds : float
        Log odds of membership at full inclusion; ln 19 = 2.944 (membership .95, the default of R's QCA) or 3 (.953,
        used by fsQCA and in most of the literature). Only for `direct`.
    below, above : float
        Bend of the lines of `linear` and `bell` below and above the crossover; 1 for straight ones.
    memberships : sequence of float, optional
        `indirect` only: the membership of each group, one more than thresholds; evenly spaced from 0 to 1 (to three
        decimals, as in R's QCA) if left out.

    Returns
    -------
    Series of float
        Membership, 0 to 1 (0, 1, 2, ... for `crisp`); `attrs["calibration"]` says how it was made.

    Raises
    ------
    CrosscaseError
        For values that are no numbers (dates are none), an unknown method, thresholds that do not fit it, or an
        `indirect` calibration of values below 0.

    References
    ----------
    Ragin, C. C. (2008). Redesigning Social Inquiry, ch. 5. doi:10.7208/chicago/9780226702797.001.0001
    Thiem, A., & Duşa, A. (2013). Qualitative Comparative Analysis with R. doi:10.1007/978-1-4614-4584-5
    Cheli, B., & Lemmi, A. (1995). A "totally" fuzzy and relative approach to the multidimensional analysis of poverty.
    Economic Notes 24(1), 115-134.

    Examples
    --------
    >>> raw = pd.Series([400, 550, 900], index=["north", "east", "south"])
    >>> calibrate(raw, (400, 550, 900), log_odds=3).round(3).tolist()
    [0.047, 0.5, 0.953]
    """
    check_arguments(calibrate, locals())
    series = _numbers(values)
    _check(series, thresholds, method, log_odds, (below, above), memberships)
    raw = series.to_numpy(dtype=float)
    cuts = np.asarray(thresholds, dtype=float)
    record: dict[str, object] = {"method": method, "thresholds": tuple(float(c) for c in cuts)}
    if method == "crisp":
        scores = np.where(np.isnan(raw), np.nan, np.searchsorted(cuts, raw, side="right").astype(float))
    elif method == "indirect":
        even = np.round(np.linspace(0, 1, len(cuts) + 1), 3)
        groups = even if memberships is None else np.asarray(memberships, dtype=float)
        record["memberships"] = tuple(float(m) for m in groups)
        scores = _indirect(raw, cuts, groups)
    elif method == "tfr":
        scores = _relative(raw, float(cuts[0]) if len(cuts) else float(np.nanmin(raw)))
    elif method == "direct":
        record["log_odds"] = float(log_odds)
        scores = 1.0 / (1.0 + np.exp(-log_odds * _distance(raw, cuts)))
    else:
        record |= {"below": float(below), "above": float(above)}
        sides = [cuts] if method == "linear" else [cuts[:3], cuts[:2:-1]]
        scores = np.minimum.reduce([_bent(_distance(raw, anchors), below, above) for anchors in sides])
    result = pd.Series(scores, index=series.index, name=series.name)
    result.attrs["calibration"] = record
    return result


def calibrate_rubric(
    cells: pd.DataFrame, rubric: pd.DataFrame, *, cases: Sequence[str] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Turn graded judgements with their rationale into a case x condition frame of memberships.

    Parameters
    ----------
    cells : DataFrame
        One row per judgement: `case`, `condition`, `grade`, `rationale` (in words, why the case has this grade).
    rubric : DataFrame
        One row per grade: `condition`, `grade`, `membership` (0 to 1, never .5), `definition`.
    cases : sequence of str, optional
        Cases that must have a judgement on every condition; those in `cells` if left out.

    Returns
    -------
    memberships : DataFrame
        Cases in the index, one column per condition of the rubric; NaN where a cell was not judged.
    record : DataFrame
        `case`, `condition`, `grade`, `membership`, `definition`, `rationale`, `note` (`not judged`), one row per cell.

    Raises
    ------
    CrosscaseError
        For unknown grades, a grade or cell given twice, a missing rationale, a membership of .5 or outside 0 to 1.

    References
    ----------
    Basurto, X., & Speer, J. (2012). Structuring the calibration of qualitative data as sets for QCA. Field Methods
    24(2), 155-174. doi:10.1177/1525822X11433998

    Examples
    --------
    >>> rubric = pd.DataFrame({"condition": "trust", "grade": ["low", "high"], "membership": [0.33, 1.0],
    ...                        "definition": ["tensions prevail", "partners rely on each other"]})
    >>> cells = pd.DataFrame({"case": ["north"], "condition": "trust", "grade": "high", "rationale": "joint budget"})
    >>> calibrate_rubric(cells, rubric)[0].to_dict("index")
    {'north': {'trust': 1.0}}
    """
    check_arguments(calibrate_rubric, locals())
    need(cells, ["case", "condition", "grade", "rationale"], "cells")
    need(rubric, ["condition", "grade", "membership", "definition"], "rubric")
    raise_if([*_rubric_problems(rubric), *_cell_problems(cells, rubric)])
    wanted = list(dict.fromkeys(cells["case"])) if cases is None else list(cases)
    conditions = list(dict.fromkeys(rubric["condition"]))
    grid = pd.MultiIndex.from_product([wanted, conditions], names=["case", "condition"]).to_frame(index=False)
    if grid.empty or grid["case"].isna().any():
        raise CrosscaseError(Problem("cells", "cases that are judged, each with its name", "none", remedy="name cases"))
    own = cells[["case", "condition", "grade", "rationale"]]
    record = merged(grid, own, ["case", "condition"], how="left")
    columns = ["condition", "grade", "membership", "definition"]
    record = merged(record, rubric[columns], ["condition", "grade"], how="left")
    record["note"] = np.where(record["grade"].isna(), "not judged", "")
    wide = record.pivot(index="case", columns="condition", values="membership").loc[wanted, conditions]
    wide.columns.name = wide.index.name = None
    columns = ["case", "condition", "grade", "membership", "definition", "rationale", "note"]
    return wide.astype(float), record[columns]


def _numbers(values: pd.Series | Sequence[float]) -> pd.Series:
    """Return the values as a series of numbers, or say which are none."""
    given = pd.Series(values)
    times = [f"{value} ({case})" for case, value in given.items() if isinstance(value, TIMES)]
    if times:
        remedy = "calibrate a number made of them, such as years since the start"
        raise CrosscaseError(
            Problem("values", "raw values are numbers, not dates or times", ", ".join(times[:5]), "", remedy)
        )
    numbers = pd.to_numeric(given, errors="coerce").astype(float)
    text = given[numbers.isna() & given.notna()]
    problems = []
    if len(text):
        found = ", ".join(f"{value!r} ({case})" for case, value in text.head(5).items())
        problems.append(Problem("values", "raw values are numbers", found, "", "use a rubric for judgements in words"))
    elif numbers.notna().sum() == 0:
        problems.append(Problem("values", "at least one value is known", f"{len(given)} values, none known"))
    raise_if(problems)
    return numbers


def _check(
    values: pd.Series,
    thresholds: Sequence[float],
    method: str,
    log_odds: Annotated[float, Between(0, 700)],
    bends: tuple[float, float],
    memberships: Sequence[float] | None,
) -> None:
    if method not in METHODS:
        raise CrosscaseError([Problem("method", "a method of calibration", repr(method), ", ".join(METHODS))])
    steps = np.diff(np.asarray(thresholds, dtype=float))
    rising, falling = bool((steps > 0).all()), bool((steps < 0).all())
    problems = []
    if method in {"direct", "linear"} and (len(thresholds) != 3 or not (rising or falling)):
        allowed = "full exclusion, crossover, full inclusion; all rising or all falling"
        problems.append(
            Problem("thresholds", f"{method} calibration has three anchors", str(tuple(thresholds)), allowed)
        )
    if method == "bell" and (len(thresholds) != 6 or not ((np.delete(steps, 2) > 0).all() and steps[2] >= 0)):
        allowed = "exclusion, crossover, inclusion, inclusion, crossover, exclusion; rising"
        problems.append(Problem("thresholds", "bell calibration has six anchors", str(tuple(thresholds)), allowed))
    if not min(bends) > 0:
        problems.append(Problem("below, above", "bends are positive", str(bends), "1 for straight lines"))
    if method == "tfr" and len(thresholds) > 1:
        problems.append(Problem("thresholds", "a scale has one lowest value", str(tuple(thresholds)), "one, or none"))
    if method in {"crisp", "indirect"} and (len(thresholds) < 1 or not rising):
        problems.append(Problem("thresholds", "bounds between groups rise", str(tuple(thresholds)), "one or more"))
    if method == "direct" and not log_odds > 0:
        problems.append(
            Problem("log_odds", "log odds at full inclusion are positive", str(log_odds), "such as 3 or ln 19")
        )
    if memberships is not None and (
        method != "indirect" or len(memberships) != len(thresholds) + 1 or not all(0 <= m <= 1 for m in memberships)
    ):
        allowed = "for indirect calibration: one membership per group, 0 to 1"
        problems.append(Problem("memberships", "grades of the groups", str(tuple(memberships)), allowed))
    if method == "indirect" and (number := int(values.nunique())) < FEWEST_VALUES:
        remedy = "calibrate directly, or with a rubric"
        problems.append(
            Problem("values", "the polynomial needs values to fit", f"{number} different", f"{FEWEST_VALUES}", remedy)
        )
    if method == "indirect" and (values < 0).any():
        remedy = "add a constant to all values, and say so"
        problems.append(
            Problem("values", "the fractional polynomial needs logarithms", "values below 0", "0 or more", remedy)
        )
    raise_if(problems)


def _distance(raw: NDArray[np.float64], cuts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far values lie from the crossover, 1 at full inclusion and -1 at full exclusion."""
    low, cross, high = -cuts if cuts[0] > cuts[2] else cuts
    distance = (-raw if cuts[0] > cuts[2] else raw) - cross
    return np.where(distance >= 0, distance / (high - cross), distance / (cross - low))


def _bent(distance: NDArray[np.float64], below: float, above: float) -> NDArray[np.float64]:
    share = np.clip(distance, -1, 1)
    upper, lower = np.clip(share, 0, None), np.clip(share, None, 0)
    return np.where(share >= 0, 1 - (1 - upper) ** above / 2, (1 + lower) ** below / 2)


def _relative(raw: NDArray[np.float64], lowest: float) -> NDArray[np.float64]:
    """Return the share of cases up to each value, counted from the lowest value of the scale."""
    known = np.sort(raw[~np.isnan(raw)])
    upto = np.searchsorted(known, raw, side="right") / len(known)
    floor = np.searchsorted(known, lowest, side="right") / len(known)
    scores = np.clip((upto - floor) / (1 - floor), 0, None) if floor < 1 else np.zeros_like(raw)
    return np.where(np.isnan(raw), np.nan, scores)


def _indirect(raw: NDArray[np.float64], cuts: NDArray[np.float64], groups: NDArray[np.float64]) -> NDArray[np.float64]:
    known = ~np.isnan(raw)
    x = raw[known]
    graded = groups[np.searchsorted(cuts, x, side="left")]
    x = np.where(x == 0, ALMOST_ZERO, x)
    scaled = x / x.mean()
    design = np.column_stack([np.ones_like(x), np.log(scaled), np.sqrt(scaled), scaled, scaled**2])
    with np.errstate(over="ignore"):  # a membership of 0 or 1 has infinite log odds
        fitted = sm.GLM(graded, design, family=sm.families.Binomial()).fit().fittedvalues
    scores = np.full(len(raw), np.nan)
    scores[known] = fitted
    return scores


def _rubric_problems(rubric: pd.DataFrame) -> list[Problem]:
    problems = []
    for row in rubric[rubric.duplicated(["condition", "grade"])].itertuples():
        problems.append(Problem(f"rubric, {row.condition}", "a grade is defined once", repr(row.grade)))
    numbers = pd.to_numeric(rubric["membership"], errors="coerce")
    for row, number in zip(rubric.itertuples(), numbers):
        place = f"rubric, {row.condition}, {row.grade}"
        if not 0 <= number <= 1:
            problems.append(Problem(place, "a membership", repr(row.membership), "0 to 1"))
        elif number == 0.5:
            remedy = "decide whether such a case is more in or more out of the set: below or above .5"
            problems.append(Problem(place, "no membership is exactly .5", "0.5", "0 to 1 without .5", remedy))
    return problems


def _cell_problems(cells: pd.DataFrame, rubric: pd.DataFrame) -> list[Problem]:
    problems = []
    known = dict.fromkeys(zip(rubric["condition"], rubric["grade"]))
    empty = cells["rationale"].isna() | (cells["rationale"].astype(str).str.strip() == "")
    twice = cells.duplicated(["case", "condition"])
    for row, bare, again in zip(cells.itertuples(), empty, twice):
        place = f"cells, {row.case}, {row.condition}"
        if (row.condition, row.grade) not in known:
            allowed = ", ".join(str(g) for c, g in known if c == row.condition) or "conditions of the rubric"
            problems.append(Problem(place, "a grade of the rubric", repr(row.grade), allowed))
        if bare:
            problems.append(
                Problem(place, "each judgement has its rationale", "none", "", "say what the grade rests on")
            )
        if again:
            problems.append(Problem(place, "a cell is judged once", "twice", "", "keep one judgement"))
    return problems
