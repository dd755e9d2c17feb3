"""How far a solution and its cases withstand other, equally plausible analyses: fit-oriented and case-oriented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from crosscase.configurations.fit import sufficiency_scores
from crosscase.configurations.sensitivity import solution_membership
from crosscase.configurations.solutions import Solution
from crosscase.errors import CrosscaseError, Problem, raise_if, shown

TOGETHER = "(all together)"
UNDECIDED = "undecided"
Tests = Solution | Sequence[Solution] | Mapping[str, Solution]


def robustness_cases(initial: Solution, tests: Tests, *, model: int = 0) -> pd.DataFrame:
    """Sort the cases by whether they belong to a solution whatever test solution is taken.

    Parameters
    ----------
    initial : Solution
        The solution whose robustness is asked for, from `minimize`.
    tests : Solution, or sequence or mapping of them
        Solutions from other, equally plausible calibrations, cut-offs or cases, of the same outcome.
    model : int
        Which of tied models is taken, from 0, of the initial solution; of each test solution it is the first.

    Returns
    -------
    DataFrame
        One row per case that all solutions know: `case`, memberships `initial`, `min_test` (in all test solutions),
        `max_test` (in any of them), `outcome`, and `kind`: `robust`, `shaky` (in the initial solution, not in all test
        solutions) or `possible` (in a test solution only), each `typical` with the outcome and `deviant` without it;
        `extreme deviant coverage` (the outcome without any solution) or `irrelevant`; `undecided` where a membership
        is exactly .5.

    Raises
    ------
    CrosscaseError
        Where a test is no solution or explains another outcome, a model does not exist, or the solutions share no case.

    References
    ----------
    Oana, I.-E., & Schneider, C. Q. (2024). A robustness test protocol for applied QCA: theory and R software
    application. Sociological Methods & Research 53(1), 57-88. doi:10.1177/00491241211036158

    Examples
    --------
    >>> from crosscase.configurations.minimization import minimize
    >>> from crosscase.configurations.truth import truth_table
    >>> frame = pd.DataFrame({"A": [1, 1, 1, 0], "B": [1, 1, 0, 0], "Y": [1, 0, 1, 0]}, index=list("abcd"))
    >>> strict, lenient = (minimize(truth_table(frame, "Y", incl_cut=cut)) for cut in (0.8, 0.5))
    >>> robustness_cases(strict, lenient)[["case", "kind"]].values.tolist()
    [['a', 'possible typical'], ['b', 'possible deviant'], ['c', 'robust typical'], ['d', 'irrelevant']]
    """
    sets = _memberships(initial, _named(tests), model)
    return _kinds(sets, [name for name in sets.columns if name not in ("initial", "outcome")])


def robustness_fit(initial: Solution, tests: Tests, *, model: int = 0) -> pd.DataFrame:
    """Compute the robustness parameters of a solution against all test solutions together, and against each of them.

    The robust core is the smallest membership in the initial solution and all tests. With minTS and maxTS, the smallest
    and the largest membership in the tests, and IS, that in the initial solution:
    RF_cons = consistency(IS) / consistency(core); RF_cov = coverage(core) / coverage(IS);
    RF_SC_minTS = sum min(IS, minTS) / sum max(IS, minTS), and RF_SC_maxTS likewise;
    RCR_typ = robust typical cases / (robust + shaky + possible typical cases), and RCR_dev likewise of deviant cases;
    RCC_rank is 1 where no case is shaky or possible, 2 where some are possible, 3 where some are shaky, 4 where both
    kinds occur.

    Parameters
    ----------
    initial, tests, model
        As for `robustness_cases`.

    Returns
    -------
    DataFrame
        The first row of all tests together (`test` is `(all together)`), then one row per test, the one that differs
        most first (by rank, then by RF_SC_minTS): `test, rf_cov, rf_cons, rf_sc_min_ts, rf_sc_max_ts, rcr_typ, rcr_dev,
        rcc_rank, core_consistency, core_coverage, n_robust, n_shaky, n_possible, n_undecided, n_cases, n_tests,
        reason` (what is undefined and why; how many cases were left out).

    Raises
    ------
    CrosscaseError
        As `robustness_cases`.

    Notes
    -----
    Each parameter takes in every test solution. SetMethods 4.0 computes the last five from the first and the last
    one alone where more than two are given.

    References
    ----------
    Oana & Schneider (2024), as in `robustness_cases`. doi:10.1177/00491241211036158
    Oana, I.-E., Schneider, C. Q., & Thomann, E. (2021). Qualitative Comparative Analysis Using R, ch. 5.
    doi:10.1017/9781009006781

    Examples
    --------
    >>> from crosscase.configurations.minimization import minimize
    >>> from crosscase.configurations.truth import truth_table
    >>> frame = pd.DataFrame({"A": [1, 1, 1, 0], "B": [1, 1, 0, 0], "Y": [1, 0, 1, 0]}, index=list("abcd"))
    >>> strict, lenient = (minimize(truth_table(frame, "Y", incl_cut=cut)) for cut in (0.8, 0.5))
    >>> found = robustness_fit(strict, {"lower cut": lenient})
    >>> found[["test", "rf_cov", "rf_cons", "rcr_typ", "rcc_rank"]].values.tolist()[0]
    ['(all together)', 1.0, 1.0, 0.5, 2]
    """
    named = _named(tests)
    sets = _memberships(initial, named, model)
    left = len(initial.table.data) - len(sets)
    note = f"{left} case(s) that not all solutions know left out" if left else ""
    each = [_parameters(name, sets, [f"test {i}"], note) for i, name in enumerate(named)]
    each.sort(key=lambda row: (-row["rcc_rank"], row["rf_sc_min_ts"] if row["rf_sc_min_ts"] >= 0 else 2.0))
    together = _parameters(TOGETHER, sets, [f"test {i}" for i in range(len(named))], note)
    return pd.DataFrame([together, *each])


def _named(tests: Tests) -> dict[str, Solution]:
    """Return the test solutions by names: those given, else their number and models."""
    if isinstance(tests, Solution):
        tests = [tests]
    if isinstance(tests, Mapping):
        named = {str(name): each for name, each in tests.items()}
    elif isinstance(tests, Sequence) and not isinstance(tests, (str, bytes)):
        named = {
            f"{i + 1}: {each.expressions[0]}" if isinstance(each, Solution) and each.models else str(i + 1): each
            for i, each in enumerate(tests)
        }
    else:
        raise CrosscaseError(Problem("tests", "solutions made by minimize", shown(tests), "one, a list, or by name"))
    problems = [
        Problem(f"tests, {name}", "a solution with a model", shown(each), "made by minimize")
        for name, each in named.items()
        if not isinstance(each, Solution) or not each.models
    ]
    if not named:
        problems.append(Problem("tests", "at least one test solution", "none"))
    raise_if(problems)
    return named


def _memberships(initial: Solution, tests: Mapping[str, Solution], model: int) -> pd.DataFrame:
    """Return the memberships in the initial solution, in each test and in the outcome of the cases that all know."""
    if not isinstance(initial, Solution):
        raise CrosscaseError(Problem("initial", "a solution made by minimize", shown(initial)))
    whole = isinstance(model, (int, np.integer)) and not isinstance(model, bool)
    problems = []
    if not whole or not 0 <= model < len(initial.models):
        problems.append(
            Problem("model", "a model of the initial solution", shown(model), f"0 to {len(initial.models) - 1}")
        )
    for name, each in tests.items():
        if each.table.outcome != initial.table.outcome:
            problems.append(Problem(f"tests, {name}", "the same outcome", each.table.outcome, initial.table.outcome))
    raise_if(problems)
    sets = pd.DataFrame({"initial": solution_membership(initial, model)})
    for i, each in enumerate(tests.values()):
        sets[f"test {i}"] = solution_membership(each).reindex(sets.index)
    sets["outcome"] = initial.table.y
    known = sets.dropna()
    if known.empty:
        raise CrosscaseError(Problem("tests", "solutions of the same cases", "no case that all of them know"))
    return known


def _kinds(sets: pd.DataFrame, tests: Sequence[str]) -> pd.DataFrame:
    first, outcome = sets["initial"], sets["outcome"]
    low, high = sets[list(tests)].min(axis=1), sets[list(tests)].max(axis=1)
    inside, reached = first > 0.5, outcome > 0.5
    parts = [inside & (low > 0.5), inside & (low < 0.5), (first < 0.5) & (high > 0.5), (first < 0.5) & (high < 0.5)]
    typical = ["robust typical", "shaky typical", "possible typical", "extreme deviant coverage"]
    deviant = ["robust deviant", "shaky deviant", "possible deviant", "irrelevant"]
    choices = [part & reached for part in parts] + [part & (outcome < 0.5) for part in parts]
    columns = {"case": sets.index.astype(str), "initial": first, "min_test": low, "max_test": high, "outcome": outcome}
    columns["kind"] = np.select(choices, [*typical, *deviant], default=UNDECIDED)
    return pd.DataFrame(columns).reset_index(drop=True)


def _parameters(name: str, sets: pd.DataFrame, tests: Sequence[str], note: str) -> dict[str, Any]:
    cases = _kinds(sets, tests)
    first, low, high = (cases[column].to_numpy() for column in ("initial", "min_test", "max_test"))
    core = np.minimum(first, low)
    fit = sufficiency_scores(np.column_stack([first, core]), cases["outcome"].to_numpy())
    n = cases["kind"].value_counts()

    def number(*kinds: str) -> int:
        return int(sum(n.get(kind, 0) for kind in kinds))

    counts = {f"n_{kind}": number(f"{kind} typical", f"{kind} deviant") for kind in ("robust", "shaky", "possible")}
    found = {
        "rf_cov": _share(fit["coverage"][1], fit["coverage"][0]),
        "rf_cons": _share(fit["consistency"][0], fit["consistency"][1]),
        "rf_sc_min_ts": _share(np.minimum(first, low).sum(), np.maximum(first, low).sum()),
        "rf_sc_max_ts": _share(np.minimum(first, high).sum(), np.maximum(first, high).sum()),
    }
    for short, word in (("typ", "typical"), ("dev", "deviant")):
        parts = [number(f"{kind} {word}") for kind in ("robust", "shaky", "possible")]
        found[f"rcr_{short}"] = _share(parts[0], sum(parts))
    lacks = {
        "rf_cons": "no case is to any degree in the robust core",
        "rcr_typ": "no typical case is in any of the solutions",
        "rcr_dev": "no deviant case is in any of the solutions",
    }
    reasons = [f"{key} undefined: {why}" for key, why in lacks.items() if np.isnan(found[key])]
    rank = 1 + bool(counts["n_possible"]) + 2 * bool(counts["n_shaky"])
    return {
        "test": name,
        **found,
        "rcc_rank": rank,
        "core_consistency": fit["consistency"][1],
        "core_coverage": fit["coverage"][1],
        **counts,
        "n_undecided": number(UNDECIDED),
        "n_cases": len(cases),
        "n_tests": len(tests),
        "reason": "; ".join([*reasons, *([note] if note else [])]),
    }


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")
