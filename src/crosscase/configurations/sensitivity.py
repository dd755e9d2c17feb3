"""Sensitivity of a solution: the ranges of cut-offs and anchors within which it stands, and each case left out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise
from numbers import Integral, Real
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.configurations.calibration import calibrate
from crosscase.configurations.expressions import membership
from crosscase.configurations.fit import sufficiency_scores
from crosscase.configurations.minimization import minimize
from crosscase.configurations.solutions import Solution
from crosscase.configurations.truth import TruthTable, literals_of, truth_table
from crosscase.errors import CrosscaseError, Problem, raise_if, shown

ANCHORS = {
    "direct": ("exclusion", "crossover", "inclusion"),
    "linear": ("exclusion", "crossover", "inclusion"),
    "bell": ("lower exclusion", "lower crossover", "lower inclusion", "upper inclusion", "upper crossover",
             "upper exclusion"),
}  # fmt: skip
RANGE = ["what", "given", "lowest", "highest", "bounds", "models", "models_below", "models_above", "reason"]
NO_SOLUTION = "no solution"
HALF_OPEN, CLOSED = "above lowest, up to highest", "from lowest to highest"
Expectations = str | Mapping[str, object] | Sequence[object] | None


class _Models(NamedTuple):
    """All models of a solution: as sets of terms, to be compared, and as text, one per line."""

    sets: frozenset[frozenset[str]]
    text: str


def cut_ranges(table: TruthTable, *, include: str | Collection[str] = "", dir_exp: Expectations = None) -> pd.DataFrame:
    """Find the ranges of the inclusion, frequency and PRI cut within which all models of a solution stay the same.

    One cut is moved while the others stay. The ranges are exact and not found in steps: an output changes only where
    the cut passes the consistency (the PRI, the number of cases) of an observed row.

    Parameters
    ----------
    table : TruthTable
        From `truth_table`, with the cut-offs of the initial solution; of two inclusion cuts the first is moved.
    include, dir_exp
        As for `minimize`.

    Returns
    -------
    DataFrame
        One row per cut-off: `what` (`incl_cut`, `n_cut`, `pri_cut`), `given`, `lowest`, `highest`, `bounds` (in words:
        whether `lowest` itself still belongs to the range), `models` (of the initial solution, one per line),
        `models_below`, `models_above` (of the first other solution on either side, `no solution` where no row is
        left), `reason` (where a range ends with the scale).

    Raises
    ------
    CrosscaseError
        Where no row of the table leads to the outcome, or expectations do not fit.

    References
    ----------
    Oana, I.-E., & Schneider, C. Q. (2024). A robustness test protocol for applied QCA: theory and R software
    application. Sociological Methods & Research 53(1), 57-88. doi:10.1177/00491241211036158

    Examples
    --------
    >>> frame = pd.DataFrame({"A": [1, 1, 1, 0], "B": [1, 1, 0, 0], "Y": [1, 0, 1, 0]}, index=list("abcd"))
    >>> found = cut_ranges(truth_table(frame, "Y", incl_cut=0.8))
    >>> found[["what", "lowest", "highest", "models", "models_below"]].values.tolist()[0]
    ['incl_cut', 0.5, 1.0, 'A*~B', 'A']
    """
    check_arguments(cut_ranges, locals())
    solve = _solver(include, dir_exp)
    first = solve(table, True)
    rows = table.rows[table.rows["n"] >= table.n_cut]
    shares = {"incl_cut": (table.incl_cut[0], rows["consistency"]), "pri_cut": (table.pri_cut, rows["pri"].fillna(0.0))}
    records = []
    for what, (given, values) in shares.items():
        least = table.incl_cut[-1] if what == "incl_cut" and len(table.incl_cut) > 1 else 0.0
        points = [least, least, *sorted({float(v) for v in values if least < v < 1}), 1.0]
        spans = list(pairwise(points))
        at = next(i for i, (_, high) in enumerate(spans) if given <= high)
        records.append(_range(table, what, given, spans, at, first, solve))
    counts = [(n, n) for n in range(1, int(table.rows["n"].max()) + 2)]
    records.insert(1, _range(table, "n_cut", table.n_cut, counts, table.n_cut - 1, first, solve))
    return pd.DataFrame(records, columns=RANGE)


def anchor_ranges(
    table: TruthTable,
    column: str,
    raw: pd.Series,
    anchors: Sequence[float],
    *,
    step: float,
    most_steps: int = 20,
    method: str = "direct",
    include: str | Collection[str] = "",
    dir_exp: Expectations = None,
    **calibration: Any,
) -> pd.DataFrame:
    """Find the ranges of the anchors of a condition (or of the outcome) within which a solution stays the same.

    One anchor is moved by steps while the others stay; a step that puts a case at exactly .5 is passed over, since such
    a case belongs to no row. The initial solution is that of the column calibrated by the anchors given.

    Parameters
    ----------
    table : TruthTable
        From `truth_table`; its conditions, cut-offs and excluded rows are kept.
    column : str
        The condition, or the column of the outcome.
    raw : Series of float
        Raw values, cases in the index.
    anchors : sequence of float
        As `thresholds` of `calibrate`.
    step : float
        By how much an anchor is moved, in units of the raw values; above 0.
    most_steps : int
        How many steps are tried on each side.
    method
        `direct`, `linear`, `bell` or `crisp`, as for `calibrate`.
    include, dir_exp
        As for `minimize`.
    **calibration
        What else `calibrate` takes, such as `log_odds`.

    Returns
    -------
    DataFrame
        One row per anchor, with the columns of `cut_ranges`; `lowest` and `highest` are the last values that were
        tried and hold, and undefined, with the reason, where the solution held as far as steps were tried.

    Raises
    ------
    CrosscaseError
        For an unknown column or method, raw values of other cases, a step that is not above 0, anchors that do not
        fit, or where no row leads to the outcome.

    References
    ----------
    Oana & Schneider (2024), as in `cut_ranges`. doi:10.1177/00491241211036158

    Examples
    --------
    >>> raw = pd.Series([10, 20, 30, 40], index=list("abcd"))
    >>> frame = pd.DataFrame({"A": calibrate(raw, [25], "crisp"), "Y": [0, 0, 1, 1]})
    >>> found = anchor_ranges(truth_table(frame, "Y"), "A", raw, [25], step=2, method="crisp")
    >>> found[["given", "lowest", "highest", "models", "models_below"]].values.tolist()
    [[25.0, 21.0, 39.0, 'A', 'no solution']]
    """
    check_arguments(anchor_ranges, locals(), but=("column", "raw", "step", "most_steps", "method", "calibration"))
    raise_if(_anchor_problems(table, column, raw, step, most_steps, method))
    solve = _solver(include, dir_exp)
    given = [float(a) for a in np.asarray(anchors, dtype=float)]
    if not given:
        raise CrosscaseError(Problem("anchors", "the anchors by which the column was calibrated", "none"))

    def sets(moved: Sequence[float]) -> TruthTable | None:
        scores = calibrate(raw, moved, method, **calibration).reindex(table.source.index)
        if not table.allow_half and method != "crisp" and column in table.conditions and scores.eq(0.5).any():
            return None
        return _again(table, source=table.source.assign(**{column: scores}))

    start = sets(given)
    if start is None:
        found, remedy = "a case at exactly .5", "move the crossover, or give allow_half=True to the truth table"
        raise CrosscaseError(Problem(f"anchors of {column}", "no membership is exactly .5", found, "", remedy))
    first = solve(start, True)
    labels = ANCHORS.get(method, [f"threshold {i + 1}" for i in range(len(given))])
    records = []
    for place, label in enumerate(labels):
        ends = {}
        for side in (-1, 1):
            last, beyond, reason = given[place], "", f"no change within {most_steps} steps"
            for number in range(1, most_steps + 1):
                moved = list(given)
                moved[place] = given[place] + side * number * step
                try:
                    made = sets(moved)
                except CrosscaseError:
                    reason = f"no change up to the next anchor or the end of the scale ({last:g})"
                    break
                if made is None:
                    continue
                if (models := solve(made)).sets != first.sets:
                    beyond, reason = models.text, ""
                    break
                last = moved[place]
            ends[side] = (float("nan") if reason else last, beyond, reason)
        (low, below, why_low), (high, above, why_high) = ends[-1], ends[1]
        reasons = [f"{name}: {why}" for name, why in (("lowest", why_low), ("highest", why_high)) if why]
        what = f"{column}, {label}"
        records.append((what, given[place], low, high, CLOSED, first.text, below, above, "; ".join(reasons)))
    return pd.DataFrame(records, columns=RANGE)


def leave_one_case_out(
    table: TruthTable, *, include: str | Collection[str] = "", dir_exp: Expectations = None
) -> pd.DataFrame:
    """Minimize again without each case in turn, with the same cut-offs.

    Parameters
    ----------
    table : TruthTable
        From `truth_table`.
    include, dir_exp
        As for `minimize`.

    Returns
    -------
    DataFrame
        One row per case in use: `case`, `same` (whether all models are those of all cases), `models` (without the
        case, one per line, or `no solution`), `n_models`, `consistency`, `coverage` (of the first of them, in the other
        cases; undefined without a solution), `reason`.

    Raises
    ------
    CrosscaseError
        Where no row of the table leads to the outcome, or expectations do not fit.

    References
    ----------
    Oana & Schneider (2024), as in `cut_ranges`. doi:10.1177/00491241211036158

    Examples
    --------
    >>> frame = pd.DataFrame({"A": [1, 1, 0], "B": [1, 0, 0], "Y": [1, 1, 0]}, index=["a", "b", "c"])
    >>> leave_one_case_out(truth_table(frame, "Y"))[["case", "same", "models"]].values.tolist()
    [['a', False, 'A*~B'], ['b', False, 'A*B'], ['c', True, 'A']]
    """
    check_arguments(leave_one_case_out, locals())
    solve = _solver(include, dir_exp)
    first = solve(table, True)
    records = []
    for case in table.data.index:
        record: dict[str, object] = {"case": str(case), "same": False, "models": NO_SOLUTION, "n_models": 0}
        record |= {"consistency": np.nan, "coverage": np.nan, "reason": "no case is left"}
        if len(table.data) > 1:
            rest = _again(table, source=table.source.loc[table.data.index.drop(case)])
            found = solve(rest)
            record |= {"models": found.text, "same": found.sets == first.sets}
            record["reason"] = "" if found.sets else "no row reaches the cut-offs"
            if found.sets:
                solution = minimize(rest, include=include, dir_exp=dir_exp)
                fit = sufficiency_scores(solution_membership(solution).to_numpy(), rest.y.to_numpy()).iloc[0]
                record |= {"n_models": solution.n_models} | fit[["consistency", "coverage"]].to_dict()
        records.append(record)
    columns = ["case", "same", "models", "n_models", "consistency", "coverage", "reason"]
    return pd.DataFrame(records, columns=columns)


def solution_membership(solution: Solution, model: int = 0) -> pd.Series:
    """Return the membership of the cases in one model (from 0) of a solution."""
    terms = tuple(literals_of(solution.terms[i], solution.table) for i in solution.models[model])
    return membership(solution.table.data, terms)


def _again(table: TruthTable, **changed: Any) -> TruthTable:
    """Return the truth table with another cut-off or other data; excluded rows stay excluded."""
    cuts = (changed["incl_cut"], *table.incl_cut[1:]) if "incl_cut" in changed else table.incl_cut
    made = truth_table(
        changed.get("source", table.source),
        table.outcome,
        table.conditions,
        incl_cut=cuts,
        n_cut=changed.get("n_cut", table.n_cut),
        pri_cut=changed.get("pri_cut", table.pri_cut),
        levels={name: size for name, size in zip(table.conditions, table.levels) if size > 2},
        allow_half=table.allow_half,
    )
    return made.exclude(table.excluded) if table.excluded else made


def _solver(include: str | Collection[str], dir_exp: Expectations) -> Callable[..., _Models]:
    """Return what finds all models of a truth table; without a positive row there are none, unless there must be."""

    def solve(table: TruthTable, must: bool = False) -> _Models:
        if not must and not table.rows["OUT"].eq("1").any():
            return _Models(frozenset(), NO_SOLUTION)
        texts = minimize(table, include=include, dir_exp=dir_exp).expressions
        return _Models(frozenset(frozenset(text.split(" + ")) for text in texts), "\n".join(texts))

    return solve


def _range(
    table: TruthTable,
    what: str,
    given: float,
    spans: Sequence[tuple[float, float]],
    at: int,
    first: _Models,
    solve: Callable[..., _Models],
) -> tuple[object, ...]:
    """Walk from span to span in both directions while the models stay; a span is known by its highest cut."""
    ends, beyond = {}, {-1: "", 1: ""}
    for step in (-1, 1):
        ends[step] = at
        while not beyond[step] and 0 <= (place := ends[step] + step) < len(spans):
            if (models := solve(_again(table, **{what: spans[place][1]}))).sets != first.sets:
                beyond[step] = models.text
            else:
                ends[step] = place
    low, high = spans[ends[-1]][0], spans[ends[1]][1]
    bounds = CLOSED if what == "n_cut" or ends[-1] == 0 else HALF_OPEN
    reason = [f"holds down to {low:g}"] * (not beyond[-1]) + [f"holds up to {high:g}"] * (not beyond[1])
    return (what, given, low, high, bounds, first.text, beyond[-1], beyond[1], "; ".join(reason))


def _anchor_problems(
    table: TruthTable, column: object, raw: object, step: object, most_steps: object, method: object
) -> list[Problem]:
    problems = []
    names = (*table.conditions, table.outcome.removeprefix("~").split("[")[0])
    if not isinstance(column, str) or column not in names:
        problems.append(Problem("column", "a condition, or the outcome", shown(column), ", ".join(names)))
    if not isinstance(method, str) or method not in (*ANCHORS, "crisp"):
        problems.append(Problem("method", "a method with anchors", shown(method), ", ".join((*ANCHORS, "crisp"))))
    if isinstance(step, bool) or not isinstance(step, Real) or not 0 < float(step) < float("inf"):
        problems.append(Problem("step", "a step in units of the raw values", shown(step), "above 0"))
    if isinstance(most_steps, bool) or not isinstance(most_steps, Integral) or int(most_steps) < 1:
        problems.append(Problem("most_steps", "a number of steps", shown(most_steps), "1, 2, 3 ..."))
    if not isinstance(raw, pd.Series):
        problems.append(Problem("raw", "raw values with the cases in the index", shown(raw), "a Series"))
    elif raw.index.has_duplicates:
        twice = ", ".join(map(str, raw.index[raw.index.duplicated()].unique()[:5]))
        problems.append(Problem("raw", "a case has one raw value", twice, "", "merge or rename"))
    elif len(without := table.data.index.difference(raw.index)):
        problems.append(Problem("raw", "every case has a raw value", "none for " + ", ".join(map(str, without[:5]))))
    return problems
