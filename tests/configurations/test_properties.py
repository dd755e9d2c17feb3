"""What holds for every truth table, checked on random ones and against brute force."""

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscase.configurations import membership, minimize, necessity, solutions_frame, sufficiency, truth_table
from crosscase.configurations.covers import irredundant_covers, minimum_covers
from crosscase.configurations.primes import covers, implicants_avoiding, implicants_within


@st.composite
def tables(draw, values=3, cases=12, conditions=4):
    """A crisp or multi-value case x condition frame with at least one positive case."""
    sizes = draw(st.lists(st.integers(2, values), min_size=2, max_size=conditions))
    n = draw(st.integers(2, cases))
    rows = [[draw(st.integers(0, size - 1)) for size in sizes] for _ in range(n)]
    names = list("ABCDEF")[: len(sizes)]
    frame = pd.DataFrame(rows, columns=names)
    configurations = frame.groupby(names).ngroup()
    outcomes = draw(st.lists(st.integers(0, 1), min_size=n, max_size=n))
    frame["Y"] = configurations.map(dict(enumerate(outcomes)))
    frame.loc[configurations == 0, "Y"] = 1
    return frame, dict(zip(names, sizes))


def brute_terms(sizes):
    return [np.array(term, dtype=np.int8) for term in product(*[range(-1, size) for size in sizes])]


def brute_primes(positives, allowed, sizes):
    cells = np.array(list(product(*map(range, sizes))), dtype=np.int8)
    permitted = {tuple(row) for row in allowed}
    implicants = []
    for term in brute_terms(sizes):
        inside = cells[covers(term[None, :], cells)[0]]
        if all(tuple(row) in permitted for row in inside):
            implicants.append(term)
    wider = {tuple(t) for t in implicants}
    primes = []
    for term in implicants:
        bigger = [np.where(np.arange(len(term)) == i, -1, term) for i in range(len(term)) if term[i] >= 0]
        if not any(tuple(b) in wider for b in bigger) and covers(term[None, :], positives).any():
            primes.append(tuple(int(v) for v in term))
    return set(primes)


def brute_covers(chart):
    """All smallest and all irredundant covers."""
    terms = range(len(chart))
    full = [
        c for size in range(1, len(chart) + 1) for c in combinations(terms, size) if chart[list(c)].any(axis=0).all()
    ]
    smallest = [c for c in full if len(c) == len(full[0])]
    lean = [c for c in full if not any(chart[[t for t in c if t != gone]].any(axis=0).all() for gone in c)]
    return set(smallest), set(lean)


@settings(max_examples=60)
@given(tables())
def test_prime_implicants_equal_brute_force(drawn):
    frame, levels = drawn
    table = truth_table(frame, "Y", levels=levels)
    positives, sizes = table.settings(["1"]), table.levels
    found = {tuple(int(v) for v in t) for t in implicants_within(positives, positives, sizes)}
    assert found == brute_primes(positives, positives, sizes)
    negatives = table.negatives(["1"])
    cells = np.array(list(product(*map(range, sizes))), dtype=np.int8)
    forbidden = {tuple(row) for row in negatives}
    allowed = np.array([c for c in cells if tuple(c) not in forbidden], dtype=np.int8)
    found = {tuple(int(v) for v in t) for t in implicants_avoiding(positives, negatives)}
    assert found == brute_primes(positives, allowed, sizes)
    assert found == {tuple(int(v) for v in t) for t in implicants_within(positives, allowed, sizes)}


@settings(max_examples=120)
@given(st.integers(1, 9), st.integers(1, 7), st.integers(0, 2**32 - 1))
def test_covers_equal_brute_force(n_terms, n_rows, seed):
    chart = np.random.default_rng(seed).random((n_terms, n_rows)) < 0.4
    chart[0] |= ~chart.any(axis=0)
    smallest, lean = brute_covers(chart)
    few, every = minimum_covers(chart, 10_000), irredundant_covers(chart, 10_000)
    assert set(few.models) == smallest
    assert few.n_models == len(few.models) == len(smallest)
    assert set(every.models) == lean
    assert every.n_models == len(every.models) == len(lean)


@settings(max_examples=60)
@given(tables(), st.sampled_from(["conservative", "parsimonious", "intermediate"]), st.booleans())
def test_models_cover_all_positive_and_no_negative_rows_without_waste(drawn, kind, every):
    frame, levels = drawn
    table = truth_table(frame, "Y", levels=levels)
    expected = {name: [size - 1] for name, size in levels.items()}
    options = {
        "conservative": {},
        "parsimonious": {"include": "?"},
        "intermediate": {"include": "?", "dir_exp": expected},
    }[kind]
    solution = minimize(table, all_sol=every, **options)
    positives, negatives = table.settings(["1"]), table.settings(["0"])
    for model in solution.models:
        terms = solution.terms[list(model)]
        chart = covers(terms, positives)
        assert chart.any(axis=0).all()
        assert not covers(terms, negatives).any()
        if len(model) > 1:
            assert all(not np.delete(chart, i, axis=0).any(axis=0).all() for i in range(len(model)))


@settings(max_examples=40)
@given(tables(values=2))
def test_intermediate_lies_between_conservative_and_parsimonious(drawn):
    frame, levels = drawn
    table = truth_table(frame, "Y", levels=levels)
    solution = minimize(table, include="?", dir_exp=dict.fromkeys(levels, 1))
    for pair in solution.pairs.itertuples():
        inner = set(solution.conservative.covered_rows(pair.conservative - 1))
        outer = set(solution.parsimonious.covered_rows(pair.parsimonious - 1))
        for number in pair.models:
            between = set(solution.covered_rows(number - 1))
            assert between <= inner | set(pair.easy)
            assert set(pair.easy) <= outer
    nothing = minimize(table, include="?", dir_exp={})
    assert set(nothing.expressions) == set(solution.conservative.expressions)


@st.composite
def fuzzy(draw):
    n = draw(st.integers(2, 8))
    grades = st.sampled_from([0.0, 0.1, 0.2, 0.33, 0.4, 0.6, 0.67, 0.8, 0.9, 1.0])
    return pd.DataFrame({name: [draw(grades) for _ in range(n)] for name in "ABY"})


@settings(max_examples=80)
@given(fuzzy())
def test_de_morgan_and_the_two_relations_mirror_each_other(frame):
    assert np.allclose(1 - membership(frame, "A + B"), membership(frame, "~A*~B"))
    assert np.allclose(1 - membership(frame, "A*B"), membership(frame, "~A + ~B"))
    enough, needed = sufficiency(frame, "Y", ["A", "A*B"]), necessity(frame, "Y", ["A", "A*B"])
    assert np.allclose(enough["consistency"], needed["coverage"], equal_nan=True)
    assert np.allclose(enough["raw_coverage"], needed["consistency"], equal_nan=True)
    for column in ("consistency", "pri", "raw_coverage"):
        assert enough[column].dropna().between(-1e-12, 1 + 1e-12).all()
    whole = sufficiency(frame, "Y", "A*~B + B").set_index("term")
    assert whole.loc["(whole)", "raw_coverage"] >= whole.loc["B", "raw_coverage"] - 1e-12 or frame["Y"].sum() == 0


@settings(max_examples=40)
@given(fuzzy())
def test_unique_coverage_is_what_is_lost_without_the_term(frame):
    if frame["Y"].sum() == 0:
        return
    whole = sufficiency(frame, "Y", "A*~B + B").set_index("term")
    for term, rest in (("A*~B", "B"), ("B", "A*~B")):
        alone = sufficiency(frame, "Y", rest)["raw_coverage"].iloc[0]
        lost = whole.loc["(whole)", "raw_coverage"] - alone
        assert whole.loc[term, "unique_coverage"] == pytest.approx(lost)


@settings(max_examples=30)
@given(fuzzy(), st.permutations(["A", "B"]))
def test_order_of_cases_and_conditions_does_not_matter(frame, order):
    def answer(data, names):
        table = truth_table(data, "Y", names, incl_cut=0.6)
        if not (table.rows["OUT"] == "1").any():
            return set()
        return {frozenset(frozenset(t.split("*")) for t in e.split(" + ")) for e in minimize(table).expressions}

    assert answer(frame, ["A", "B"]) == answer(frame.iloc[::-1], list(order))


def test_count_of_models_does_not_depend_on_how_many_are_written_out():
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(rng.integers(0, 2, (16, 9)), columns=list("ABCDEFGHI"))
    frame["Y"] = rng.integers(0, 2, 16)
    table = truth_table(frame, "Y")
    every, few = minimize(table, include="?"), minimize(table, include="?", max_models=3)
    assert every.n_models == len(every.models) == len(set(every.models)) > 3
    assert few.n_models == every.n_models
    assert len(few.models) == 3
    assert f"{every.n_models} tied models, of which 3 are written out" in few.note
    report = solutions_frame(every)
    assert report["model"].nunique() == every.n_models
    assert (report.loc[report["term"] == "(model)", ["consistency", "raw_coverage"]] == 1).all(axis=None)
