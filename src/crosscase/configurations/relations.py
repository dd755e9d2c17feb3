"""Necessity and sufficiency of conditions and expressions, and the search for necessary ones."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crosscase.arguments import Values, check_arguments
from crosscase.configurations.expressions import (
    Expression,
    Literal,
    check_names,
    parse_expression,
    parse_literal,
    term_membership,
    term_text,
)
from crosscase.configurations.fit import model_scores, necessity_scores, sufficiency_scores
from crosscase.configurations.inputs import (
    condition_levels,
    named_conditions,
    outcome_scores,
    plain_frame,
    usable_cases,
)
from crosscase.configurations.truth import TOLERANCE
from crosscase.errors import CrosscaseError, Problem, raise_if

MOST_CANDIDATES = 2_000_000


def necessity(
    data: Values, outcome: str, expressions: str | Sequence[str] | None = None, *, allow_half: bool = False
) -> pd.DataFrame:
    """Compute how far conditions or expressions are necessary for an outcome.

    Parameters
    ----------
    data : DataFrame
        Case x condition and outcome, calibrated, cases in the index.
    outcome : str
        Column of the outcome; `~Y` for its absence, `Y[1]` for a value.
    expressions : str or sequence of str, optional
        Such as `["A", "A + ~B", "C[1]*D"]`; every condition and its absence, or every value, if left out.
    allow_half : bool
        Let memberships of exactly .5 in a condition through; by default they are refused.

    Returns
    -------
    DataFrame
        One row per expression: `expression`, `outcome`, `consistency`, `coverage`, `ron` (relevance of necessity;
        low for a set that nearly every case belongs to), `n_cases`, `n_left_out`, `note`.

    Raises
    ------
    CrosscaseError
        Where columns are missing, expressions cannot be read, or data are not calibrated.

    References
    ----------
    Schneider, C. Q., & Wagemann, C. (2012). Set-Theoretic Methods for the Social Sciences, pp. 139-147, 233-237.
    doi:10.1017/CBO9781139004244

    Examples
    --------
    >>> frame = pd.DataFrame({"A": [0.9, 0.7, 0.2], "Y": [0.8, 0.6, 0.1]})
    >>> necessity(frame, "Y")[["expression", "consistency"]].round(2).values.tolist()
    [['A', 1.0], ['~A', 0.33]]
    """
    check_arguments(necessity, locals())
    used, y, parsed, gone = _prepare(data, outcome, expressions, allow_half)
    members = np.stack([_expression_membership(used, expression) for expression in parsed], axis=1)
    fit = necessity_scores(members, y.to_numpy())
    fit.insert(0, "outcome", str(y.name))
    fit.insert(0, "expression", [_text(expression) for expression in parsed])
    fit["n_cases"], fit["n_left_out"] = len(used), gone
    fit["note"] = _notes(fit[["consistency", "coverage", "ron"]], y, "consistency")
    return fit


def sufficiency(
    data: Values, outcome: str, expressions: str | Sequence[str] | None = None, *, allow_half: bool = False
) -> pd.DataFrame:
    """Compute how far terms, and the expressions made of them, are sufficient for an outcome.

    Parameters
    ----------
    data, outcome, allow_half
        As for `necessity`.
    expressions : str or sequence of str, optional
        Such as `"A*~B + C"`; every condition and its absence, or every value, if left out.

    Returns
    -------
    DataFrame
        For each expression one row per term and, where there are several, one for the whole: `expression`, `term`
        (`(whole)` for the whole), `outcome`, `consistency`, `pri`, `raw_coverage`, `unique_coverage`, `n_cases`,
        `n_left_out`, `note`.

    Raises
    ------
    CrosscaseError
        As `necessity`.

    References
    ----------
    Ragin, C. C. (2008). Redesigning Social Inquiry, ch. 3. doi:10.7208/chicago/9780226702797.001.0001

    Examples
    --------
    >>> frame = pd.DataFrame({"A": [1, 1, 0, 0], "B": [0, 1, 1, 0], "Y": [1, 1, 1, 0]})
    >>> sufficiency(frame, "Y", "A + B")[["term", "raw_coverage", "unique_coverage"]].round(2).values.tolist()
    [['A', 0.67, 0.33], ['B', 0.67, 0.33], ['(whole)', 1.0, nan]]
    """
    check_arguments(sufficiency, locals())
    used, y, parsed, gone = _prepare(data, outcome, expressions, allow_half)
    parts = []
    for expression in parsed:
        members = np.stack([term_membership(used, term) for term in expression], axis=1)
        fit = sufficiency_scores(members, y.to_numpy()).rename(columns={"coverage": "raw_coverage"})
        whole, unique = model_scores(members, y.to_numpy(), np.arange(len(expression))[None, :])
        fit.insert(0, "term", [term_text(term) for term in expression])
        fit["unique_coverage"] = unique[0]
        if len(expression) > 1:
            total = whole.rename(columns={"coverage": "raw_coverage"}).assign(term="(whole)", unique_coverage=np.nan)
            fit = pd.concat([fit, total], ignore_index=True)[list(fit.columns)]
        fit.insert(0, "expression", _text(expression))
        parts.append(fit)
    frame = pd.concat(parts, ignore_index=True)
    frame.insert(2, "outcome", str(y.name))
    frame["n_cases"], frame["n_left_out"] = len(used), gone
    frame["note"] = _notes(frame[["consistency", "pri", "raw_coverage"]], y, "raw_coverage")
    return frame


def necessity_search(
    data: Values,
    outcome: str,
    conditions: str | Sequence[str] | None = None,
    *,
    incl_cut: float = 0.9,
    cov_cut: float = 0.0,
    ron_cut: float = 0.0,
    depth: int | None = None,
    allow_half: bool = False,
) -> pd.DataFrame:
    """Search for all necessary conjunctions and all minimal necessary disjunctions.

    A disjunction has one value of each of its conditions. It is listed when no part of it is and its literals do not
    already pass as a conjunction; to pass is to reach `incl_cut` and `cov_cut`. Conjunctions are not thinned out:
    every one that passes is listed. Both as in R's `superSubset`, which stops looking for long disjunctions once a
    length brings nothing new; here every length up to `depth` is looked at. Relevance is asked of the result.

    Parameters
    ----------
    data, outcome, allow_half
        As for `necessity`.
    conditions : str or sequence of str, optional
        Such as `["A", "B"]` or `"A, B"`; all columns but the outcome if left out.
    incl_cut, cov_cut, ron_cut : float
        Smallest consistency, coverage and relevance of necessity, 0 to 1.
    depth : int, optional
        Most conditions in one expression; all if left out.

    Returns
    -------
    DataFrame
        `expression`, `kind` (`condition`, `conjunction`, `disjunction`), `consistency`, `coverage`, `ron`, `n_cases`.

    Raises
    ------
    CrosscaseError
        For data that are not calibrated, cut-offs outside 0 to 1, or too many expressions to look at.

    References
    ----------
    Duşa, A. (2019). QCA with R, ch. 5. doi:10.1007/978-3-319-75668-4

    Examples
    --------
    >>> frame = pd.DataFrame({"A": [1, 0, 0], "B": [0, 1, 0], "Y": [1, 1, 0]})
    >>> necessity_search(frame, "Y", incl_cut=1)["expression"].tolist()
    ['A + B', '~A + ~B']
    """
    check_arguments(necessity_search, locals())
    problems = [
        Problem(name, "a share", str(value), "0 to 1")
        for name, value in (("incl_cut", incl_cut), ("cov_cut", cov_cut), ("ron_cut", ron_cut))
        if not 0 <= value <= 1
    ]
    raise_if(problems)
    target = parse_literal(outcome, "outcome")
    frame = plain_frame(data)
    names = list(named_conditions(conditions, frame, target.name))
    used, _ = usable_cases(frame, target.name, names)
    y = outcome_scores(used[target.name], target)
    singles = _single_literals(names, condition_levels(used, names, {}, allow_half))
    members = np.stack([term_membership(used, (literal,)) for literal in singles], axis=1)
    owner = np.array([names.index(literal.name) for literal in singles])
    limit = len(names) if depth is None else min(depth, len(names))
    conjunctions = _conjunctions(members, y.to_numpy(), owner, incl_cut, cov_cut, limit)
    disjunctions = _disjunctions(members, y.to_numpy(), owner, incl_cut, cov_cut, limit, set(conjunctions))
    return _found(conjunctions, disjunctions, singles, members, y, ron_cut)


def _conjunctions(
    members: NDArray[np.float64], y: NDArray[np.float64], owner: NDArray[np.intp], incl: float, cov: float, limit: int
) -> list[tuple[int, ...]]:
    """Grow conjunctions literal by literal: a part of a necessary conjunction is at least as necessary."""
    found: list[tuple[int, ...]] = []
    last: list[int] = []
    frontier: list[tuple[int, ...]] = [(i,) for i in range(len(owner))]
    while frontier and len(frontier[0]) <= limit:
        scores = necessity_scores(np.stack([members[:, c].min(axis=1) for c in frontier], axis=1), y)
        enough = (scores["consistency"] >= incl - TOLERANCE).to_numpy()
        covers = (scores["coverage"] >= cov - TOLERANCE).to_numpy()
        necessary = [c for c, flag in zip(frontier, enough) if flag]
        found += [c for c, flag in zip(frontier, enough & covers) if flag]
        last = last or [c[0] for c in necessary]
        frontier = [(*c, i) for c in necessary for i in last if owner[i] > owner[c[-1]]]
        _check_number(len(frontier))
    return found


def _disjunctions(
    members: NDArray[np.float64],
    y: NDArray[np.float64],
    owner: NDArray[np.intp],
    incl: float,
    cov: float,
    limit: int,
    listed: set[tuple[int, ...]],
) -> list[tuple[int, ...]]:
    """Grow disjunctions out of those that do not pass yet; `listed` holds what passes as a conjunction."""
    found: list[tuple[int, ...]] = []
    listed = set(listed)
    open_literals = [i for i in range(len(owner)) if (i,) not in listed]
    frontier: list[tuple[int, ...]] = [(i,) for i in open_literals]
    while frontier and len(frontier[0]) < limit:
        frontier = [(*c, i) for c in frontier for i in open_literals if owner[i] > owner[c[-1]]]
        _check_number(len(frontier))
        frontier = [c for c in frontier if not _any_inside(c, listed)]
        passed = _passing(frontier, members, y, incl, cov)
        new = [c for c, flag in zip(frontier, passed) if flag]
        found += new
        listed.update(new)
        frontier = [c for c, flag in zip(frontier, passed) if not flag]
    return found


def _passing(
    frontier: list[tuple[int, ...]], members: NDArray[np.float64], y: NDArray[np.float64], incl: float, cov: float
) -> NDArray[np.bool_]:
    """Return which disjunctions reach both cuts, looked at in blocks that fit in memory."""
    flags = [np.zeros(0, dtype=bool)]
    for start in range(0, len(frontier), 20_000):
        scores = necessity_scores(members[:, np.array(frontier[start : start + 20_000])].max(axis=2), y)
        enough = (scores["consistency"] >= incl - TOLERANCE) & (scores["coverage"] >= cov - TOLERANCE)
        flags.append(enough.to_numpy())
    return np.concatenate(flags)


def _any_inside(combination: tuple[int, ...], listed: set[tuple[int, ...]]) -> bool:
    """Return whether a part with the last literal is listed; parts without it were looked at one literal earlier."""
    *rest, last = combination
    return any((*part, last) in listed for size in range(len(rest) + 1) for part in combinations(rest, size))


def _check_number(number: int) -> None:
    if number > MOST_CANDIDATES:
        found, allowed = f"{number} of one length", f"up to {MOST_CANDIDATES}"
        raise CrosscaseError(
            [Problem("depth", "expressions can be looked through", found, allowed, "set depth=4 or less")]
        )


def _found(
    conjunctions: list[tuple[int, ...]],
    disjunctions: list[tuple[int, ...]],
    singles: list[Literal],
    members: NDArray[np.float64],
    y: pd.Series,
    ron_cut: float,
) -> pd.DataFrame:
    columns = ["expression", "kind", "consistency", "coverage", "ron", "n_cases"]
    kinds = ["condition" if len(c) == 1 else "conjunction" for c in conjunctions] + ["disjunction"] * len(disjunctions)
    sets = [members[:, c].min(axis=1) for c in conjunctions] + [members[:, d].max(axis=1) for d in disjunctions]
    if not sets:
        return pd.DataFrame(columns=columns)
    frame = necessity_scores(np.stack(sets, axis=1), y.to_numpy())
    texts = ["*".join(str(singles[i]) for i in c) for c in conjunctions]
    frame["expression"] = texts + [" + ".join(str(singles[i]) for i in d) for d in disjunctions]
    frame["kind"], frame["n_cases"] = kinds, len(y)
    passed = frame["ron"].fillna(0) >= ron_cut - TOLERANCE
    return frame.loc[passed, columns].reset_index(drop=True)


def _prepare(
    data: Values, outcome: str, expressions: str | Sequence[str] | None, allow_half: bool
) -> tuple[pd.DataFrame, pd.Series, list[Expression], int]:
    target, frame = parse_literal(outcome, "outcome"), plain_frame(data)
    if expressions is None:
        names = [name for name in frame.columns if name != target.name]
        parsed: list[Expression] = []
    else:
        texts = [expressions] if isinstance(expressions, str) else list(expressions)
        parsed = [parse_expression(text) for text in texts]
        for expression in parsed:
            check_names(expression, list(frame.columns), "expressions")
        names = list(dict.fromkeys(literal.name for e in parsed for term in e for literal in term))
    used, left_out = usable_cases(frame, target.name, names)
    sizes = condition_levels(used, names, {}, allow_half)
    y = outcome_scores(used[target.name], target)
    if expressions is None:
        parsed = [((literal,),) for literal in _single_literals(names, sizes)]
    return used, y, parsed, len(left_out)


def _single_literals(names: Sequence[str], sizes: Sequence[int]) -> list[Literal]:
    """Return every condition and its absence; every value in brackets once some condition has many, as in solutions."""
    if max(sizes) > 2:
        return [Literal(name, (value,)) for name, size in zip(names, sizes) for value in range(size)]
    return [literal for name in names for literal in (Literal(name), Literal(name, negated=True))]


def _expression_membership(data: Values, expression: Expression) -> NDArray[np.float64]:
    return np.maximum.reduce([term_membership(data, term) for term in expression])


def _text(expression: Expression) -> str:
    return " + ".join(term_text(term) for term in expression)


def _notes(fit: pd.DataFrame, y: pd.Series, share_of_outcome: str) -> list[str]:
    empty_outcome = float(y.sum()) == 0
    notes = []
    for undefined in fit.isna().to_numpy():
        names = [str(c) for c, flag in zip(fit.columns, undefined) if flag]
        why = "no case has membership in the outcome" if empty_outcome and share_of_outcome in names else ""
        why = why or "no case has membership in the set"
        notes.append(f"{', '.join(names)} undefined: {why}" if names else "")
    return notes
