"""Checks of calibrated data and cut-offs; everything that is wrong is named at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from numbers import Real

import numpy as np
import pandas as pd

from crosscase.configurations.expressions import OPERATORS, Literal, near_bounds
from crosscase.errors import CrosscaseError, Problem, raise_if, shown

MOST_VALUES = 30


def check_cuts(incl_cut: float | Sequence[float], n_cut: int, pri_cut: float) -> tuple[float, ...]:
    """Return the inclusion cuts as a tuple of one or two, checked together with the other cut-offs."""
    cuts = tuple(float(c) for c in np.atleast_1d(np.asarray(incl_cut, dtype=float)))
    problems = []
    if not 1 <= len(cuts) <= 2 or not all(0 <= c <= 1 for c in cuts) or (len(cuts) == 2 and cuts[1] > cuts[0]):
        problems.append(
            Problem(
                "incl_cut", "one cut, or two with the lower one second", str(incl_cut), "0 to 1", "such as (.8, .5)"
            )
        )
    if int(n_cut) != n_cut or n_cut < 1:
        problems.append(Problem("n_cut", "a row needs a whole number of cases", str(n_cut), "1 or more"))
    if not 0 <= pri_cut <= 1:
        problems.append(Problem("pri_cut", "a share", str(pri_cut), "0 to 1"))
    raise_if(problems)
    return cuts


def plain_frame(data: pd.DataFrame, case: str | None = None) -> pd.DataFrame:
    """Return a frame with column names as text and the labels of the cases in the index.

    Without `case`, a column of that name holds the labels if there is one.

    Raises
    ------
    CrosscaseError
        Where the data are no frame, the column of labels does not exist, or a case has no label.
    """
    if not isinstance(data, pd.DataFrame):
        found, remedy = type(data).__name__, "put the cases in the rows of a pandas DataFrame, conditions in columns"
        raise CrosscaseError([Problem("data", "a frame of cases by conditions", found, "a DataFrame", remedy)])
    frame = data.set_axis(data.columns.map(str), axis=1)
    if case is not None and str(case) not in frame.columns:
        raise CrosscaseError(
            [Problem("case", "a column with the labels of cases", repr(case), ", ".join(frame.columns))]
        )
    label = "case" if case is None and list(frame.columns).count("case") == 1 else case
    if label is not None:
        frame = frame.set_index(str(label))
    if frame.index.hasnans:
        number = int(frame.index.isna().sum())
        raise CrosscaseError([Problem("cases", "a case has a label", f"{number} without one", "", "name each case")])
    return frame


def named_conditions(conditions: str | Sequence[str] | None, frame: pd.DataFrame, outcome: str) -> tuple[str, ...]:
    """Return the conditions by name: all columns but the outcome if none were given; a text is read as `A, B`."""
    if conditions is None:
        return tuple(name for name in frame.columns if name != outcome)
    if isinstance(conditions, str):
        conditions = [conditions] if conditions in frame.columns else conditions.split(",")
    return tuple(str(name).strip() for name in conditions)


def usable_cases(data: pd.DataFrame, outcome: str, conditions: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the cases with all values, and a frame `case`, `reason` of those without.

    Raises
    ------
    CrosscaseError
        Where columns are missing or occur twice, hold text, or no case is left.
    """
    wanted = [*conditions, outcome]
    problems = [
        Problem(
            f"column {name}", "conditions and outcome are columns of the frame", "no such column", "", "name another"
        )
        for name in wanted
        if name not in data.columns
    ]
    if not conditions:
        problems.append(Problem("conditions", "a truth table has conditions", "none", "", "name at least one column"))
    for name in sorted({n for n in wanted if wanted.count(n) > 1 or list(data.columns).count(n) > 1}):
        problems.append(Problem(f"column {name}", "a column is one condition or the outcome", "named twice"))
    raise_if(problems)
    for name in wanted:
        if signs := sorted(set(name) & set(OPERATORS)):
            remedy = "rename the column: these are the signs of expressions"
            problems.append(Problem(f"column {name}", "a name without operators", " ".join(signs), "", remedy))
    raise_if(problems)
    frame = data[wanted].apply(pd.to_numeric, errors="coerce").astype(float).apply(near_bounds)
    problems += [
        Problem(f"column {name}", "memberships are finite numbers", "an infinite one", "", "correct it")
        for name in wanted
        if np.isinf(frame[name]).any()
    ]
    for name in wanted:
        text = data.index[frame[name].isna() & data[name].notna()]
        if len(text):
            found = ", ".join(f"{data[name][case]!r} ({case})" for case in text[:5])
            names_cases = data[name].nunique() == len(data) > 2
            remedy = "make it the index: it seems to name the cases" if names_cases else "calibrate it first"
            problems.append(Problem(f"column {name}", "memberships are numbers", found, "", remedy))
    duplicated = frame.index[frame.index.duplicated()].unique()
    if len(duplicated):
        problems.append(
            Problem("cases", "a case has one row", ", ".join(map(str, duplicated[:5])), "", "merge or rename")
        )
    raise_if(problems)
    missing = frame.isna()
    gone = missing.any(axis=1)
    reasons = [f"missing: {', '.join(map(str, missing.columns[row]))}" for row in missing.to_numpy()[gone]]
    left_out = pd.DataFrame({"case": frame.index[gone].astype(str), "reason": reasons}, columns=["case", "reason"])
    if gone.all():
        raise CrosscaseError(
            [Problem("data, cases", "at least one case has all values", f"{len(frame)} cases, none complete")]
        )
    return frame[~gone], left_out


def condition_levels(
    data: pd.DataFrame, conditions: Sequence[str], levels: Mapping[str, int], allow_half: bool = False
) -> tuple[int, ...]:
    """Return the number of values of each condition: 2 for crisp and fuzzy ones, the highest value + 1 for others.

    Raises
    ------
    CrosscaseError
        For values outside the allowed range, and for memberships of exactly .5 unless `allow_half`.
    """
    problems, sizes = unknown_levels(levels, conditions), []
    raise_if(problems)
    for name in conditions:
        column = data[name]
        size = int(levels.get(name, max(2, np.floor(column.max()) + 1)))
        sizes.append(size)
        whole = column % 1 == 0
        low = column < 0
        if low.any() or (column > size - 1).any() or (size > 2 and not whole.all()):
            bad = column[low | (column > size - 1) | ((size > 2) & ~whole)]
            found = ", ".join(f"{value:g} ({case})" for case, value in bad.head(5).items())
            allowed = "0 to 1, or whole numbers 0, 1, 2, ..."
            problems.append(Problem(f"condition {name}", "a membership or a value", found, allowed, "calibrate it"))
        elif size > MOST_VALUES:
            found, allowed = f"{column.max():g}", f"0 to {MOST_VALUES - 1}"
            problems.append(Problem(f"condition {name}", "a condition has few values", found, allowed, "calibrate it"))
        half = column.index[column == 0.5]
        if size == 2 and len(half) and not allow_half:
            found = ", ".join(map(str, half[:10]))
            remedy = (
                "decide on which side of the crossover each case lies; or give allow_half=True, as R's QCA does with a "
                "warning: such cases then count in consistencies and belong to no row"
            )
            problems.append(Problem(f"condition {name}", "no membership is exactly .5", found, "", remedy))
    raise_if(problems)
    return tuple(sizes)


def unknown_levels(levels: Mapping[str, int], conditions: Sequence[str]) -> list[Problem]:
    """Return what is wrong with given numbers of values: names that are no condition, numbers that are none."""
    if not isinstance(levels, Mapping):
        return [Problem("levels", "condition -> number of its values", shown(levels), "such as {'A': 3}")]
    problems = []
    for name, size in levels.items():
        if name not in conditions:
            problems.append(Problem("levels", "a condition of the table", repr(name), ", ".join(conditions)))
        elif isinstance(size, bool) or not isinstance(size, (int, np.integer)) or size < 2:
            problems.append(Problem(f"levels, {name}", "a whole number of values", shown(size), "2 or more"))
    return problems


def row_list(rows: object, place: str) -> list[int]:
    """Return numbers of rows as a list; a text, which would be read sign by sign, is refused."""
    if isinstance(rows, (str, bytes)) or not isinstance(rows, Iterable):
        raise CrosscaseError(Problem(place, "a list of row numbers", shown(rows), "such as [1, 2]"))
    numbers = list(rows)
    wrong = [n for n in numbers if isinstance(n, bool) or not isinstance(n, Real) or not float(n).is_integer()]
    raise_if([Problem(place, "rows are numbered", shown(n), "whole numbers") for n in wrong])
    return [int(n) for n in numbers]


def outcome_scores(column: pd.Series, target: Literal) -> pd.Series:
    """Return the membership of cases in the outcome that was asked for.

    Raises
    ------
    CrosscaseError
        For values below 0, and for a multi-value outcome without the value to be explained.
    """
    values = column.to_numpy(dtype=float)
    if values.min() < 0 or (values.max() > 1 and (values % 1 != 0).any()):
        found = f"{values.min():g} to {values.max():g}"
        raise CrosscaseError([Problem(f"outcome {target.name}", "a membership", found, "0 to 1", "calibrate it")])
    if values.max() > 1 and target.values is None:
        remedy = f"write {target.name}[1], or {target.name}[1,2] for one of several"
        raise CrosscaseError(
            [Problem(f"outcome {target.name}", "a multi-value outcome needs the value to be explained", "", "", remedy)]
        )
    return pd.Series(target.membership(values), index=column.index, name=str(target))
