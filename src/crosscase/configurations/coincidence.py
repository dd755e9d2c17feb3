"""Coincidence analysis (CNA): which factors make a difference to which, each factor in turn as the outcome.

Unlike QCA, no outcome is singled out and no truth table is built. For every outcome the minimally sufficient
conjunctions are searched bottom-up, then the minimal disjunctions of them that are also necessary; several outcomes
together give chains and common causes. Nothing is assumed of configurations that were not observed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import combinations, product
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crosscase.arguments import Values, check_arguments
from crosscase.configurations.expressions import Literal, membership, parse_literal, term_membership, term_text
from crosscase.configurations.fit import sufficiency_scores
from crosscase.configurations.inputs import condition_levels, named_conditions, plain_frame, usable_cases
from crosscase.configurations.truth import TOLERANCE
from crosscase.errors import CrosscaseError, Problem, raise_if, shown

MOST_CANDIDATES = 200_000
MOST_STRUCTURES = 1_000
Combination = tuple[int, ...]
Part = tuple[str, tuple[str, ...]]  # an outcome and the disjuncts of its formula


class Coincidence(NamedTuple):
    """Conditions, formulas and structures; see `coincidence_analysis`."""

    conditions: pd.DataFrame
    formulas: pd.DataFrame
    structures: pd.DataFrame
    note: str


def coincidence_analysis(
    data: Values,
    factors: str | Sequence[str] | None = None,
    *,
    outcomes: str | Sequence[str] | None = None,
    ordering: Sequence[Sequence[str]] = (),
    con: float = 1.0,
    cov: float = 1.0,
    max_step: tuple[int, int, int] = (3, 4, 10),
    allow_half: bool = False,
) -> Coincidence:
    """Search for all minimal formulas that make each factor sufficient and necessary conditions of the others.

    Parameters
    ----------
    data : DataFrame
        Case x factor, calibrated: crisp, fuzzy or multi-value; cases in the index or in a column `case`.
    factors : str or sequence of str, optional
        Columns in use; all if left out.
    outcomes : str or sequence of str, optional
        What may be an outcome, such as `["E", "~L", "T[2]"]`; every factor (its presence, or each of its values) if
        left out.
    ordering : sequence of sequences of str
        Factors from the earliest to the latest; a factor may be caused by those of its own group and of earlier ones.
        Factors that are not named stand in the last group.
    con, cov : float
        Smallest consistency and coverage of conditions and formulas, above .5.
    max_step : tuple of three int
        Most literals in a conjunction, conjunctions in a formula, and literals in a formula.
    allow_half : bool
        Let memberships of exactly .5 through; by default they are refused.

    Returns
    -------
    Coincidence
        `conditions`: `outcome, condition, consistency, coverage, n_literals`: minimally sufficient conjunctions, no
        part of which is sufficient. `formulas`: `outcome, formula, consistency, coverage, n_literals`: disjunctions
        of them that are sufficient and necessary, and no part of which is necessary; the simplest first. `structures`:
        `structure, outcomes, consistency, coverage` (the lowest of their formulas), `n_literals`: one formula for each
        outcome that has one, joined, without formulas that the others entail and without disjuncts that the others
        make superfluous; what is left of a formula may cover less than `cov`, as its row then shows. `note`: what was
        left out or is odd.

    Raises
    ------
    CrosscaseError
        For data that are not calibrated, unknown names, cut-offs outside .5 to 1, or a multi-value outcome without
        the value to be explained.

    References
    ----------
    Baumgartner, M., & Ambühl, M. (2020). Causal modeling with multi-value and fuzzy-set Coincidence Analysis. Political
    Science Research and Methods 8(3), 526-542. doi:10.1017/psrm.2018.45

    Examples
    --------
    >>> frame = pd.DataFrame({"A": [1, 1, 0, 0], "B": [1, 0, 1, 0], "Y": [1, 1, 1, 0]})
    >>> coincidence_analysis(frame, outcomes="Y").formulas["formula"].tolist()
    ['A + B']
    """
    check_arguments(coincidence_analysis, locals())
    frame = plain_frame(data)
    names = named_conditions(factors, frame, "")
    _check(con, cov, max_step, names, ordering)
    used, left_out = usable_cases(frame, names[0], names[1:]) if len(names) > 1 else (frame, pd.DataFrame())
    sizes = dict(zip(names, condition_levels(used, names, {}, allow_half)))
    used = used[list(names)]
    notes = [f"left out: {', '.join(left_out['case'])}"] if len(left_out) else []
    rank = {name: position for position, group in enumerate(ordering) for name in group}
    parts, formulas = [], []
    for target in _targets(outcomes, names, sizes):
        y = target.membership(used[target.name].to_numpy(dtype=float))
        if (y > 0.5).all() or not (y > 0.5).any():
            notes.append(f"no variation in {target}: it can be no outcome")
            continue
        last = len(ordering)
        causes = [n for n in names if n != target.name and rank.get(n, last) <= rank.get(target.name, last)]
        literals = [literal for name in causes for literal in _literals(name, sizes)]
        found = _sufficient(used, literals, y, con, max_step[0])
        parts.append(_frame(str(target), "condition", [(c,) for c in found], used, literals, y))
        solved = _formulas(used, literals, found, y, con, cov, max_step)
        formulas.append(_frame(str(target), "formula", solved, used, literals, y))
    conditions, atomic = (_stacked(rows, kind) for rows, kind in ((parts, "condition"), (formulas, "formula")))
    structures, more = _structures(atomic, used, sizes)
    return Coincidence(conditions, atomic, structures, "; ".join([*notes, *more]))


def _check(
    con: float, cov: float, max_step: tuple[int, int, int], names: Sequence[str], ordering: Sequence[Sequence[str]]
) -> None:
    if isinstance(ordering, str) or any(isinstance(group, str) for group in ordering):
        remedy = "put each group in a list of its own"
        raise CrosscaseError(
            Problem("ordering", "groups of factors", shown(ordering), "such as [['A', 'B'], ['C']]", remedy)
        )
    problems = [
        Problem(place, "more than chance", str(value), "above .5, up to 1")
        for place, value in (("con", con), ("cov", cov))
        if not 0.5 < value <= 1
    ]
    if len(max_step) != 3 or min(max_step) < 1:
        problems.append(Problem("max_step", "three whole numbers", str(max_step), "such as (3, 4, 10)"))
    if len(names) < 2:
        problems.append(Problem("factors", "two or more factors", ", ".join(names) or "none"))
    ordered = [name for group in ordering for name in group]
    problems += [
        Problem("ordering", "each factor of the data once", repr(name), ", ".join(names))
        for name in dict.fromkeys(ordered)
        if name not in names or ordered.count(name) > 1
    ]
    raise_if(problems)


def _targets(outcomes: str | Sequence[str] | None, names: Sequence[str], sizes: dict[str, int]) -> list[Literal]:
    if outcomes is None:
        return [literal for name in names for literal in _literals(name, sizes) if not literal.negated]
    texts = [outcomes] if isinstance(outcomes, str) else list(outcomes)
    found = [parse_literal(text, "outcomes") for text in texts]
    unknown = [t.name for t in found if t.name not in names]
    raise_if([Problem("outcomes", "an outcome is a factor", repr(n), ", ".join(names)) for n in unknown])
    problems = []
    for target in found:
        size, place = sizes[target.name], f"outcome {target.name}"
        if target.values is None and size > 2:
            rule, remedy = "a multi-value outcome needs the value to be explained", f"such as {target.name}[1]"
            problems.append(Problem(place, rule, str(target), f"values 0 to {size - 1}", remedy))
        elif target.values is not None and not set(target.values) < set(range(size)):
            rule, allowed = "an outcome has some of the values of its factor, not all", f"values 0 to {size - 1}"
            problems.append(Problem(place, rule, str(target), allowed))
    raise_if(problems)
    return found


def _literals(name: str, sizes: dict[str, int]) -> list[Literal]:
    if max(sizes.values()) > 2:  # brackets for all once some factor has many values
        return [Literal(name, (value,)) for value in range(sizes[name])]
    return [Literal(name), Literal(name, negated=True)]


def _scores(members: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    fit = sufficiency_scores(members, y)
    return fit["consistency"].fillna(0).to_numpy(), fit["coverage"].fillna(0).to_numpy()


def _sufficient(
    data: Values, literals: list[Literal], y: NDArray[np.float64], con: float, longest: int
) -> list[Combination]:
    """Grow conjunctions that are not yet sufficient, so that what is found is minimal."""
    single = np.stack([term_membership(data, (literal,)) for literal in literals], axis=1)
    found: list[Combination] = []
    frontier: list[Combination] = [(i,) for i in range(len(literals))]
    for length in range(1, longest + 1):
        if not frontier:
            break
        consistency, _ = _scores(np.stack([single[:, c].min(axis=1) for c in frontier], axis=1), y)
        passed = [c for c, score in zip(frontier, consistency) if score >= con - TOLERANCE]
        found += passed
        open_ = [c for c, score in zip(frontier, consistency) if score < con - TOLERANCE]
        known = set(found)
        frontier = [
            longer
            for c in open_
            for i in range(c[-1] + 1, len(literals))
            if literals[i].name not in {literals[j].name for j in c}
            for longer in [(*c, i)]
            if not any(part in known for size in range(1, length + 1) for part in combinations(longer, size))
            and (single[:, longer].min(axis=1) > 0.5).any()
        ]
        _limit(len(frontier), "max_step", "fewer literals in a conjunction")
    return found


def _formulas(
    data: Values,
    literals: list[Literal],
    conditions: list[Combination],
    y: NDArray[np.float64],
    con: float,
    cov: float,
    max_step: tuple[int, int, int],
) -> list[tuple[Combination, ...]]:
    """Grow disjunctions of sufficient conjunctions that are not yet necessary, so that what is found is minimal."""
    if not conditions:
        return []
    single = np.stack([term_membership(data, tuple(literals[i] for i in c)) for c in conditions], axis=1)
    sizes = [len(c) for c in conditions]
    found: list[Combination] = []
    listed: set[Combination] = set()
    frontier: list[Combination] = [(i,) for i in range(len(conditions)) if sizes[i] <= max_step[2]]
    for length in range(1, max_step[1] + 1):
        if not frontier:
            break
        consistency, coverage = _scores(np.stack([single[:, c].max(axis=1) for c in frontier], axis=1), y)
        necessary = coverage >= cov - TOLERANCE
        found += [c for c, enough, k in zip(frontier, necessary, consistency) if enough and k >= con - TOLERANCE]
        listed |= {c for c, enough in zip(frontier, necessary) if enough}
        frontier = [
            longer
            for c, enough in zip(frontier, necessary)
            if not enough
            for i in range(c[-1] + 1, len(conditions))
            for longer in [(*c, i)]
            if sum(sizes[j] for j in longer) <= max_step[2]
            and not any(part in listed for size in range(1, length + 1) for part in combinations(longer, size))
        ]
        _limit(len(frontier), "max_step", "fewer conjunctions in a formula")
    return [tuple(conditions[i] for i in c) for c in found]


def _limit(number: int, place: str, remedy: str) -> None:
    if number > MOST_CANDIDATES:
        raise CrosscaseError(
            [Problem(place, "candidates can be looked through", str(number), f"{MOST_CANDIDATES}", remedy)]
        )


def _frame(
    outcome: str,
    kind: str,
    found: Sequence[tuple[Combination, ...]],
    data: Values,
    literals: list[Literal],
    y: NDArray[np.float64],
) -> pd.DataFrame:
    rows = []
    for formula in found:
        terms = [tuple(literals[i] for i in c) for c in formula]
        member = np.maximum.reduce([term_membership(data, term) for term in terms])
        consistency, coverage = _scores(member[:, None], y)
        text = " + ".join(term_text(term) for term in terms)
        rows.append((outcome, text, consistency[0], coverage[0], sum(map(len, terms))))
    frame = pd.DataFrame(rows, columns=["outcome", kind, "consistency", "coverage", "n_literals"])
    return frame.sort_values(["n_literals", kind], kind="stable", ignore_index=True)


def _stacked(frames: list[pd.DataFrame], kind: str) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    columns = ["outcome", kind, "consistency", "coverage", "n_literals"]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=columns)


def _structures(formulas: pd.DataFrame, data: Values, sizes: dict[str, int]) -> tuple[pd.DataFrame, list[str]]:
    """Join one formula for each outcome, without formulas and disjuncts that the others make superfluous."""
    columns = ["structure", "outcomes", "consistency", "coverage", "n_literals"]
    groups = [list(group.itertuples(index=False)) for _, group in formulas.groupby("outcome", sort=False)]
    number = int(np.prod([len(group) for group in groups], dtype=object)) if groups else 0
    if number > MOST_STRUCTURES:
        return pd.DataFrame(columns=columns), [f"{number} structures, more than {MOST_STRUCTURES}: none written out"]
    names = list(sizes)
    values = np.stack(np.meshgrid(*(np.arange(sizes[name]) for name in names), indexing="ij"), axis=-1)
    world = pd.DataFrame(values.reshape(-1, len(names)).astype(float), columns=names)

    @cache
    def holds(outcome: str, formula: str) -> NDArray[np.bool_]:
        """Return in which of all possible configurations a formula and its outcome are both there or both not."""
        return membership(world, formula).to_numpy() == membership(world, outcome).to_numpy()

    @cache
    def fit(outcome: str, formula: str) -> tuple[float, float]:
        return _fit(data, outcome, formula)

    rows: dict[str, tuple[object, ...]] = {}
    for chosen in product(*groups) if groups else []:
        kept = list(chosen)
        for row in sorted(chosen, key=lambda r: -r.n_literals):
            others = [holds(r.outcome, r.formula) for r in kept if r is not row]
            if others and holds(row.outcome, row.formula)[np.logical_and.reduce(others)].all():
                kept.remove(row)
        whole = np.logical_and.reduce([holds(r.outcome, r.formula) for r in kept])
        for structure in _lean([(r.outcome, tuple(r.formula.split(" + "))) for r in kept], whole, holds):
            fits = [fit(outcome, " + ".join(terms)) for outcome, terms in structure]
            text = "*".join(f"({' + '.join(terms)} <-> {outcome})" for outcome, terms in structure)
            rows[text] = (
                text,
                ", ".join(outcome for outcome, _ in structure),
                min(consistency for consistency, _ in fits),
                min(coverage for _, coverage in fits),
                sum(term.count("*") + 1 for _, terms in structure for term in terms),
            )
    frame = pd.DataFrame(list(rows.values()), columns=columns)
    return frame.sort_values(["n_literals", "structure"], kind="stable", ignore_index=True), []


def _lean(
    structure: list[Part], whole: NDArray[np.bool_], holds: Callable[[str, str], NDArray[np.bool_]]
) -> list[tuple[Part, ...]]:
    """Return what is left of a structure when no disjunct can go without changing what it says of all configurations.

    Where it depends on the order which disjuncts can go, each result is returned.
    """
    found, seen, open_ = [], set(), [tuple(structure)]
    while open_:
        now = open_.pop()
        if now in seen:
            continue
        seen.add(now)
        _limit(len(seen), "cov", "a higher coverage")
        shorter = [
            (*now[:i], (outcome, terms[:j] + terms[j + 1 :]), *now[i + 1 :])
            for i, (outcome, terms) in enumerate(now)
            for j in range(len(terms))
            if len(terms) > 1
        ]
        same = [
            less
            for less in shorter
            if (np.logical_and.reduce([holds(outcome, " + ".join(terms)) for outcome, terms in less]) == whole).all()
        ]
        open_ += same
        found += [] if same else [now]
    return found


def _fit(data: Values, outcome: str, formula: str) -> tuple[float, float]:
    """Return consistency and coverage of a formula for its outcome."""
    y = membership(data, outcome).to_numpy()
    consistency, coverage = _scores(membership(data, formula).to_numpy()[:, None], y)
    return float(consistency[0]), float(coverage[0])
