"""Coincidence analysis: the published example, brute force on small tables, and what is refused."""

from functools import cache
from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest

from crosscase.configurations import coincidence_analysis, membership, sufficiency
from crosscase.errors import CrosscaseError


def education():
    """Baumgartner (2009), Sociological Methods & Research 38(1): unions, parties, GNP, education (d.educate)."""
    rows = [(u, d, u | d, g, u | d | g) for u, d, g in product([0, 1], repeat=3)]
    return pd.DataFrame(rows, columns=list("UDLGE"))


def terms(formula):
    return frozenset(frozenset(part.split("*")) for part in formula.split(" + "))


class TestEducation:
    def test_formulas_and_structures_as_in_r(self):
        """cna(d.educate): three atomic formulas, and a chain that the data cannot tell from common causes."""
        found = coincidence_analysis(education())
        formulas = {(row.outcome, terms(row.formula)) for row in found.formulas.itertuples()}
        assert formulas == {("L", terms("U + D")), ("E", terms("L + G")), ("E", terms("U + D + G"))}
        assert (found.formulas[["consistency", "coverage"]] == 1).all(axis=None)
        assert found.structures["structure"].tolist() == [
            "(U + D <-> L)*(L + G <-> E)", "(U + D <-> L)*(U + D + G <-> E)",
        ]  # fmt: skip

    def test_an_ordering_forbids_causes_that_come_later(self):
        found = coincidence_analysis(education(), ordering=[["U", "D", "G"], ["E"], ["L"]])
        assert {terms(f) for f in found.formulas.query("outcome == 'E'")["formula"]} == {terms("U + D + G")}
        assert set(found.conditions.query("outcome == 'U'")["condition"]) == set()

    def test_a_chosen_outcome_may_be_an_absence(self):
        found = coincidence_analysis(education(), outcomes="~L")
        assert found.formulas["formula"].tolist() == ["~U*~D"]


def slow(frame, outcome, con, cov):
    """All minimal sufficient conjunctions and minimal necessary disjunctions of them, by trying every one."""
    names = [n for n in frame if n != outcome]
    y = frame[outcome].to_numpy(dtype=float)
    literals = [(n, v) for n in names for v in (0, 1)]

    def member(term):
        parts = [frame[n].to_numpy(dtype=float) if v else 1 - frame[n].to_numpy(dtype=float) for n, v in term]
        return np.minimum.reduce(parts)

    def fit(x):
        shared = np.minimum(x, y).sum()
        return (shared / x.sum() if x.sum() else 0), shared / y.sum()

    every = [
        frozenset(c)
        for size in range(1, len(names) + 1)
        for c in combinations(literals, size)
        if len({n for n, _ in c}) == size and (member(c) > 0.5).any()
    ]
    enough = [c for c in every if fit(member(c))[0] >= con - 1e-9]
    minimal = [c for c in enough if not any(other < c for other in enough)]
    unions = [frozenset(d) for size in range(1, 5) for d in combinations(minimal, size) if sum(map(len, d)) <= 10]
    whole = {d: fit(np.maximum.reduce([member(c) for c in d])) for d in unions}
    necessary = [d for d in unions if whole[d][1] >= cov - 1e-9]
    lean = [d for d in necessary if not any(o < d for o in necessary) and whole[d][0] >= con - 1e-9]
    return set(minimal), set(lean)


def as_pairs(text):
    return frozenset(
        frozenset((literal.lstrip("~"), 0 if literal.startswith("~") else 1) for literal in term)
        for term in terms(text)
    )


@pytest.mark.parametrize("seed", range(25))
def test_conditions_and_formulas_equal_brute_force(seed):
    rng = np.random.default_rng(seed)
    fuzzy = seed % 3 == 0
    grades = np.array([0.0, 0.1, 0.2, 0.33, 0.4, 0.6, 0.67, 0.8, 0.9, 1.0])
    values = rng.choice(grades, (10, 4)) if fuzzy else rng.integers(0, 2, (9, 4))
    frame = pd.DataFrame(values, columns=list("ABCY"))
    if (frame["Y"] > 0.5).all() or not (frame["Y"] > 0.5).any():
        return
    con, cov = ((0.8, 0.7), (1.0, 1.0), (0.75, 0.9))[seed % 3]
    found = coincidence_analysis(frame, outcomes="Y", con=con, cov=cov)
    conditions, formulas = slow(frame, "Y", con, cov)
    assert {next(iter(as_pairs(c))) for c in found.conditions["condition"]} == conditions
    assert {as_pairs(f) for f in found.formulas["formula"]} == formulas


def test_multi_value_factors():
    frame = pd.DataFrame({"T": [0, 1, 2, 0, 1, 2], "A": [0, 0, 0, 1, 1, 1], "Y": [0, 0, 1, 1, 1, 1]})
    found = coincidence_analysis(frame, outcomes="Y[1]")
    assert [terms(f) for f in found.formulas["formula"]] == [terms("A[1] + T[2]")]
    assert set(coincidence_analysis(frame).conditions["outcome"]) >= {"Y[1]", "T[2]"}


def test_what_is_odd_is_said_and_what_is_wrong_is_refused():
    frame = education().astype(float)
    frame.loc[0, "U"] = np.nan
    assert "left out: 0" in coincidence_analysis(frame).note
    assert "no variation in U" in coincidence_analysis(education().assign(U=1)).note
    for options in (
        {"con": 0.4}, {"cov": 2}, {"outcomes": "Z"}, {"ordering": [["U"], ["U"]]}, {"max_step": (0, 1, 1)},
        {"factors": "U"},
    ):  # fmt: skip
        with pytest.raises(CrosscaseError):
            coincidence_analysis(education(), **options)
    with pytest.raises(CrosscaseError, match=r"exactly .5"):
        coincidence_analysis(education().assign(U=[0.5, 0, 1, 1, 0, 0, 1, 1]))


def noisy(seed, n=24, flips=4):
    """A chain A + B <-> C, C + D <-> E with some wrong values."""
    rng = np.random.default_rng(seed)
    a, b, d = rng.integers(0, 2, (3, n))
    c = a | b
    frame = pd.DataFrame({"A": a, "B": b, "C": c, "D": d, "E": c | d})
    for row, column in zip(rng.integers(0, n, flips), rng.integers(0, 5, flips)):
        frame.iloc[row, column] = 1 - frame.iloc[row, column]
    return frame


def parts(structure):
    """Outcome -> disjuncts."""
    return {part.split(" <-> ")[1]: part.split(" <-> ")[0].split(" + ") for part in structure[1:-1].split(")*(")}


def says(structure):
    """Tell in which of all possible configurations a structure holds."""
    each = [np.isclose(in_world(" + ".join(found)), in_world(outcome)) for outcome, found in structure.items()]
    return np.logical_and.reduce(each)


@cache
def in_world(expression):
    return membership(WORLD, expression).to_numpy()


WORLD = pd.DataFrame(list(product([0.0, 1.0], repeat=5)), columns=list("ABCDE"))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("cuts", [(1.0, 1.0), (0.8, 0.75), (0.75, 0.8)])
def test_nothing_in_a_solution_is_superfluous(seed, cuts):
    con, cov = cuts
    frame = noisy(seed)
    found = coincidence_analysis(frame, con=con, cov=cov)

    @cache
    def fit(outcome, formula):
        return sufficiency(frame, outcome, formula).iloc[-1]

    for row in found.formulas.itertuples():
        whole = row.formula.split(" + ")
        for term in whole:
            assert fit(row.outcome, term)["consistency"] >= con - 1e-9
            rest = " + ".join(t for t in whole if t != term)
            assert not rest or fit(row.outcome, rest)["raw_coverage"] < cov - 1e-9
    for row in found.structures.itertuples():
        structure = parts(row.structure)
        full = says(structure)
        for outcome, whole in structure.items():
            for term in whole if len(whole) > 1 else []:
                less = structure | {outcome: [t for t in whole if t != term]}
                assert (says(less) != full).any()
        fits = [fit(outcome, " + ".join(whole)) for outcome, whole in structure.items()]
        assert row.consistency == pytest.approx(min(fit["consistency"] for fit in fits))
        assert row.coverage == pytest.approx(min(fit["raw_coverage"] for fit in fits))


def test_a_multi_value_outcome_needs_its_value():
    frame = pd.DataFrame({"T": [0, 1, 2, 0, 1, 2], "A": [0, 0, 0, 1, 1, 1], "Y": [0, 0, 1, 1, 1, 1]})
    for wrong in ("T", "~T", ["Y", "T"], "T[3]", "T[0,1,2]", "Y[2]"):
        with pytest.raises(CrosscaseError, match=r"outcome [TY]"):
            coincidence_analysis(frame, outcomes=wrong)
    assert set(coincidence_analysis(frame, outcomes=["~T[1]", "Y"]).conditions["outcome"]) <= {"~T[1]", "Y"}
