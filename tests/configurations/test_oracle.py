"""The whole way against a second, slow implementation in plain loops, on random tables of every kind.

The slow one follows the definitions: rows by comparing every case, implicants by merging rows pair by pair or by
trying every term, models by choosing a term for the first row that is left, counterfactuals as in R's `minimize`.
"""

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest

from crosscase.configurations import minimize, necessity_search, solutions_frame, truth_table
from crosscase.configurations.covers import minimum_covers

GRADES = np.array([0.0, 0.1, 0.2, 0.33, 0.4, 0.6, 0.67, 0.8, 0.9, 1.0])


def random_case(seed):
    """A crisp, multi-value or fuzzy frame, its levels, and cut-offs."""
    rng = np.random.default_rng(seed)
    kind = ("crisp", "multi", "fuzzy")[seed % 3]
    k = int(rng.integers(2, 5))
    n = int(rng.integers(3, 13))
    sizes = [int(rng.integers(2, 4)) if kind == "multi" else 2 for _ in range(k)]
    names = list("ABCD")[:k]
    draw = [rng.choice(GRADES, n) if kind == "fuzzy" else rng.integers(0, size, n) for size in sizes]
    frame = pd.DataFrame(dict(zip(names, draw)), index=[f"c{i}" for i in range(n)])
    frame["Y"] = rng.choice(GRADES, n) if kind == "fuzzy" else rng.integers(0, 2, n)
    cuts = {
        "incl_cut": [(1.0,), (0.7,), (0.9, 0.4)][int(rng.integers(3))],
        "n_cut": int(rng.choice([1, 1, 1, 2])),
        "pri_cut": float(rng.choice([0.0, 0.0, 0.5])),
    }
    return frame, dict(zip(names, sizes)), cuts


def literal(value, wanted, size):
    if size > 2:
        return float(value == wanted)
    return value if wanted == 1 else 1 - value


def slow_term(case, term, sizes):
    return min((literal(v, t, s) for v, t, s in zip(case, term, sizes) if t is not None), default=1.0)


def slow_fit(x, y):
    both = [min(a, b) for a, b in zip(x, y)]
    overlap = [min(a, b, 1 - b) for a, b in zip(x, y)]
    total = sum(x)
    incl = sum(both) / total if total else np.nan
    pri = (sum(both) - sum(overlap)) / (total - sum(overlap)) if total - sum(overlap) > 1e-12 else np.nan
    return incl, pri, sum(both) / sum(y) if sum(y) else np.nan


def slow_table(frame, levels, cuts):
    sizes, cases, y = list(levels.values()), frame[list(levels)].to_numpy().tolist(), frame["Y"].tolist()
    out = {}
    for row in product(*map(range, sizes)):
        x = [slow_term(case, row, sizes) for case in cases]
        n = sum(member > 0.5 for member in x)
        if n < cuts["n_cut"]:
            continue
        incl, pri, _ = slow_fit(x, y)
        high, low = cuts["incl_cut"][0], cuts["incl_cut"][-1]
        if incl >= high - 1e-9 and (0 if np.isnan(pri) else pri) >= cuts["pri_cut"] - 1e-9:
            out[row] = "1"
        else:
            out[row] = "C" if low - 1e-9 <= incl < high - 1e-9 else "0"
    return out


def cells(term, sizes):
    return set(product(*[range(s) if t is None else [t] for t, s in zip(term, sizes)]))


def merged(rows, sizes):
    """Quine and McCluskey: merge rows that differ in one condition until nothing merges."""
    current, primes = set(rows), set()
    while current:
        used, longer = set(), set()
        for term in current:
            for i, value in enumerate(term):
                family = {(*term[:i], v, *term[i + 1 :]) for v in range(sizes[i])}
                if value is not None and family <= current:
                    longer.add((*term[:i], None, *term[i + 1 :]))
                    used |= family
        primes |= current - used
        current = longer
    return primes


def tried(negatives, sizes):
    """Every term that covers no negative row and of which no shorter one does so too."""
    free = [t for t in product(*[[None, *range(s)] for s in sizes]) if not cells(t, sizes) & negatives]
    known = set(free)
    return {t for t in free if not any((*t[:i], None, *t[i + 1 :]) in known for i, v in enumerate(t) if v is not None)}


def slow_models(primes, positives, sizes, smallest=True):
    holds = {row: [t for t in primes if row in cells(t, sizes)] for row in positives}
    found = set()

    def choose(rest, chosen, limit):
        if not rest:
            found.add(frozenset(chosen))
        elif len(chosen) < limit:
            row = min(rest)
            for term in holds[row]:
                choose(rest - cells(term, sizes), [*chosen, term], limit)

    for limit in range(1, len(positives) + 1):
        choose(set(positives), [], limit)
        if found and smallest:
            return found
    lean = {m for m in found if not any(set(positives) <= set().union(*(cells(t, sizes) for t in m - {g})) for g in m)}
    return lean if not smallest else found


def slow_easy(conservative, parsimonious, expected, sizes):
    """Rows inside conservative terms after literals that were not expected have gone (C_getEC of R's package)."""
    rows = set()
    for c in conservative:
        for p in parsimonious:
            if all(b is None or a == b for a, b in zip(c, p)):
                kept = [None if b is None and a is not None and a != e else a for a, b, e in zip(c, p, expected)]
                rows |= cells(kept, sizes)
    return rows


def as_sets(solution):
    terms = [tuple(None if v < 0 else int(v) for v in term) for term in solution.terms]
    return {frozenset(terms[i] for i in model) for model in solution.models}


@pytest.mark.long
@pytest.mark.parametrize("block", range(6))
def test_all_solutions_equal_the_slow_ones(block):
    solved = 0
    for seed in range(block * 40, block * 40 + 40):
        frame, levels, cuts = random_case(seed)
        sizes = list(levels.values())
        out = slow_table(frame, levels, cuts)
        table = truth_table(frame, "Y", levels=levels, **cuts)
        rows = table.rows[table.rows["OUT"] != "?"]
        assert {tuple(r): o for *r, o in rows[[*levels, "OUT"]].itertuples(index=False)} == out
        positives = {r for r, o in out.items() if o == "1"}
        negatives = {r for r, o in out.items() if o != "1"}
        if not positives or not negatives:
            continue
        solved += 1
        primes, short = merged(positives, sizes), tried(negatives, sizes)
        assert as_sets(minimize(table)) == slow_models(primes, positives, sizes)
        assert as_sets(minimize(table, include="?")) == slow_models(short, positives, sizes)
        assert as_sets(minimize(table, all_sol=True)) == slow_models(primes, positives, sizes, smallest=False)
        contradictions = {r for r, o in out.items() if o == "C"}
        if contradictions and negatives - contradictions:
            wide = tried(negatives - contradictions, sizes)
            assert as_sets(minimize(table, include="?, C")) == slow_models(wide, positives, sizes)
        expected = [size - 1 for size in sizes]
        between = set()
        for c, p in product(slow_models(primes, positives, sizes), slow_models(short, positives, sizes)):
            easy = slow_easy(c, p, expected, sizes)
            between |= slow_models(merged(positives | easy, sizes), positives, sizes)
        found = minimize(table, include="?", dir_exp=dict(zip(levels, expected)))
        assert as_sets(found) == between
    assert solved > 15


@pytest.mark.parametrize("seed", range(8))
def test_fit_of_every_term_and_model_equals_the_formulas(seed):
    frame, levels, _ = random_case(3 * seed + 2)
    table = truth_table(frame, "Y", levels=levels, incl_cut=0.6)
    solution = minimize(table, include="?")
    y, report = frame["Y"].tolist(), solutions_frame(solution)
    cases = frame[list(levels)].to_numpy().tolist()
    for number, model in enumerate(solution.models, start=1):
        terms = [tuple(None if v < 0 else int(v) for v in solution.terms[i]) for i in model]
        members = [[slow_term(case, t, [2] * len(levels)) for case in cases] for t in terms]
        part = report[report["model"] == f"M{number}"].reset_index(drop=True)
        for i, x in enumerate(members):
            assert part.loc[i, ["consistency", "pri", "raw_coverage"]].astype(float).tolist() == pytest.approx(
                list(slow_fit(x, y)), nan_ok=True
            )
            rest = [max((m[j] for k, m in enumerate(members) if k != i), default=0.0) for j in range(len(y))]
            whole = [max(a, b) for a, b in zip(x, rest)]
            lost = sum(min(a, b) for a, b in zip(whole, y)) - sum(min(a, b) for a, b in zip(rest, y))
            assert part.loc[i, "unique_coverage"] == pytest.approx(lost / sum(y))
        union = [max(column) for column in zip(*members)]
        assert part.iloc[-1][["consistency", "pri", "raw_coverage"]].astype(float).tolist() == pytest.approx(
            list(slow_fit(union, y)), nan_ok=True
        )


@pytest.mark.parametrize(("seed", "cut"), [(3, 0.0), (5, 0.0), (15, 0.55), (20, 0.6), (83, 0.6), (181, 0.6)])
def test_necessary_expressions_equal_a_search_through_all(seed, cut):
    """What R's superSubset lists: all conjunctions that pass, disjunctions that hold nothing already listed."""
    frame, levels, _ = random_case(seed)
    if frame["Y"].sum() == 0:
        frame.loc["c0", "Y"] = 1
    sizes, names, y = list(levels.values()), list(levels), frame["Y"].tolist()
    cases = frame[names].to_numpy().tolist()

    def passes(x):
        shared = sum(min(a, b) for a, b in zip(x, y))
        return sum(x) > 0 and shared / sum(y) >= 0.8 - 1e-9 and shared / sum(x) >= cut - 1e-9

    listed, expected = [], set()
    multi = max(sizes) > 2

    def text(part, sign):
        if multi:
            return sign.join(f"{names[i]}[{v}]" for i, v in part)
        return sign.join(names[i] if v else f"~{names[i]}" for i, v in part)

    for length in range(1, len(names) + 1):
        new = []
        for chosen in combinations(range(len(names)), length):
            for values in product(*[range(sizes[i]) for i in chosen]):
                part = tuple(zip(chosen, values))
                member = [[literal(case[i], v, sizes[i]) for i, v in part] for case in cases]
                if passes([min(m) for m in member]):
                    new.append(part)
                    expected.add(text(part, "*"))
                elif passes([max(m) for m in member]) and not any(set(old) <= set(part) for old in listed):
                    new.append(part)
                    expected.add(text(part, " + "))
        listed += new
    found = necessity_search(frame, "Y", incl_cut=0.8, cov_cut=cut)
    assert set(found["expression"]) == expected
    assert len(expected) > 0


def test_a_thousand_tied_models_are_all_found():
    """Ten rows, each covered by two terms of its own kind: 2^10 models, and no other choice is as short."""
    chart = np.kron(np.eye(10, dtype=bool), np.array([[True], [True]]))
    found = minimum_covers(chart, 5000)
    assert found.n_models == len(set(found.models)) == 2**10
    assert {tuple(2 * i + b for i, b in enumerate(bits)) for bits in product([0, 1], repeat=10)} == set(found.models)


@pytest.mark.parametrize("seed", [8, 50])
def test_hundreds_of_tied_models_equal_the_slow_search(seed):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.integers(0, 2, (14, 7)), columns=list("ABCDEFG"))
    frame["Y"] = frame.groupby(list("ABCDEFG")).ngroup().map(dict(enumerate(rng.integers(0, 2, 14))))
    table = truth_table(frame, "Y")
    solution = minimize(table, include="?")
    positives = {tuple(int(v) for v in row) for row in table.settings(["1"])}
    negatives = {tuple(int(v) for v in row) for row in table.settings(["0"])}
    expected = slow_models(tried(negatives, [2] * 7), positives, [2] * 7)
    assert as_sets(solution) == expected
    assert len(expected) > 150


class TestHalfMemberships:
    """A case at .5 in a condition: in R it belongs to no row, gives a warning, and counts in every consistency."""

    frame = pd.DataFrame(
        {"A": [0.9, 0.5, 0.2, 0.8], "B": [0.8, 0.9, 0.1, 0.3], "Y": [0.9, 0.2, 0.1, 0.7]}, index=list("abcd")
    )

    def test_counts_in_consistency_and_in_no_row(self):
        table = truth_table(self.frame, "Y", incl_cut=0.7, allow_half=True)
        assert dict(zip(table.rows.index, table.rows["cases"])) == {1: "c", 3: "d", 4: "a"}
        x = [0.8, 0.5, 0.1, 0.3]
        assert table.rows.loc[4, "consistency"] == pytest.approx(slow_fit(x, self.frame["Y"])[0])
        assert "at exactly .5" in minimize(table, include="?").note
        assert table.negate().allow_half

    def test_a_row_that_only_such_a_case_could_fill_is_a_remainder(self):
        table = truth_table(self.frame.iloc[1:], "Y", incl_cut=0.7, allow_half=True)
        assert table.rows.index.tolist() == [1, 3]
