"""Tests for few and dependent data: published values, other libraries, and properties of the null."""

from __future__ import annotations

import gc
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats import multitest
from statsmodels.stats.contingency_tables import cochrans_q

from crosscase import comparison as c
from crosscase.comparison.permutation import max_t
from crosscase.errors import CrosscaseError

# Conover (1999), Practical nonparametric statistics, p. 253: three sports fans predict twelve games; Q = 2.8, p = .247
CONOVER = [
    [1, 1, 1],
    [1, 1, 1],
    [0, 1, 0],
    [1, 1, 0],
    [0, 0, 0],
    [1, 1, 1],
    [1, 1, 1],
    [1, 1, 0],
    [0, 0, 1],
    [0, 1, 0],
    [1, 1, 1],
    [1, 1, 1],
]
# Hollander & Wolfe (1973), p. 185: canned tuna; tau = .444, two-sided exact p = .1194
TUNA = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1], [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8]


def test_cochran_q_published_value() -> None:
    out = c.cochran_q(pd.DataFrame(CONOVER)).iloc[0]
    assert out["statistic"] == pytest.approx(2.8)
    assert out["p_asymptotic"] == pytest.approx(0.246597, abs=1e-6)
    assert out["n"] == 12
    assert out["effect"] == pytest.approx(2.8 / 24)
    assert out["exact"]
    # five informative rows with 3 arrangements each: p and the smallest p are multiples of 1 / 3^5
    assert (out["p"] * 243) == pytest.approx(round(out["p"] * 243))
    assert (out["smallest_p"] * 243) == pytest.approx(round(out["smallest_p"] * 243))


@settings(max_examples=40)
@given(st.lists(st.lists(st.integers(0, 1), min_size=3, max_size=3), min_size=3, max_size=9))
def test_cochran_q_equals_statsmodels(rows: list[list[int]]) -> None:
    if all(sum(row) in (0, 3) for row in rows):
        assert c.cochran_q(pd.DataFrame(rows))["reason"][0] == "no variation within any case"
        return
    out = c.cochran_q(pd.DataFrame(rows), n_permutations=99).iloc[0]
    assert out["statistic"] == pytest.approx(cochrans_q(np.array(rows)).statistic)
    assert out["p"] >= out["smallest_p"] - 1e-12


def test_cochran_q_equals_pingouin() -> None:
    pingouin = pytest.importorskip("pingouin")
    long = pd.DataFrame(CONOVER).reset_index().melt("index")
    row = pingouin.cochran(data=long, dv="value", within="variable", subject="index").iloc[0]
    assert c.cochran_q(pd.DataFrame(CONOVER))["statistic"][0] == pytest.approx(row["Q"])


def test_kendall_published_value_with_interval() -> None:
    out = c.kendall_tau(pd.Series(TUNA[0]), pd.Series(TUNA[1])).iloc[0]
    assert out["effect"] == pytest.approx(0.4444444)
    assert out["p"] == pytest.approx(0.1194, abs=5e-5)
    # by hand: atanh(4 / 9) = ln(2.6) / 2 = .47776, standard error sqrt(.437 / 5) = .29563
    assert (out["effect_low"], out["effect_high"]) == pytest.approx((-0.10133, 0.78459), abs=5e-5)
    assert out["smallest_p"] == 2 / 362880


def test_kendall_with_ties_goes_through_all_orders() -> None:
    x, y = pd.Series([1, 1, 2, 3]), pd.Series([1, 2, 2, 3])
    out = c.kendall_tau(x, y).iloc[0]
    assert out["effect"] == pytest.approx(stats.kendalltau(x, y).statistic)
    assert out["exact"]
    # by hand: x and y each have one tied pair; the score can be 5, 4 ... ; 2 of 12 + mirror reach 4
    result = stats.permutation_test(
        (y.to_numpy(),),
        lambda z: abs(stats.kendalltau(x, z).statistic),
        permutation_type="pairings",
        alternative="greater",
        n_resamples=np.inf,
    )
    assert out["p"] == pytest.approx(result.pvalue)


@pytest.mark.parametrize(("up", "down", "p"), [(9, 0, 0.0039), (5, 1, 0.2188)])
def test_sign_test_published_values(up: int, down: int, p: float) -> None:
    # Hilton Boon & Thomson (2021), the effect direction plot revisited: p-values of the worked plot
    out = c.sign_test(pd.Series([1] * up + [-1] * down + [0])).iloc[0]
    assert out["p"] == pytest.approx(p, abs=5e-5)
    assert out["n"] == up + down
    assert "1 without a clear direction" in out["reason"]


def test_holm_by_hand_leaves_out_what_is_undefined() -> None:
    # of four defined p: 4 x .01 = .04, 3 x .02 = .06, 2 x .03 = .06 (no less than the one before), 1 x .9
    nan = float("nan")
    assert c.holm([0.02, nan, 0.01, 0.9, 0.03]) == pytest.approx([0.06, nan, 0.04, 0.9, 0.06], nan_ok=True)
    assert c.holm([0.6, 0.7]).tolist() == [1.0, 1.0]
    assert np.isnan(c.holm([nan])).all()
    assert c.holm([]).tolist() == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_is_that_of_statsmodels(monkeypatch, p):
    monkeypatch.setattr(gc, "collect", int)  # which takes long in so large a program
    assert c.holm(p).tolist() == multitest.multipletests(p, method="holm")[1].tolist()


def test_adjusted_rand_is_one_where_chance_joins_the_cases_alike() -> None:
    assert c.adjusted_rand(np.array([1]), np.array([7])) == 1.0
    assert c.adjusted_rand(np.array([1, 1]), np.array([2, 2])) == 1.0
    assert c.adjusted_rand(np.array([1, 2]), np.array([1, 1])) == 0.0


@pytest.mark.parametrize(
    ("sizes", "p"), [([3, 3], 0.1), ([4, 4], 2 / 70), ([3, 4], 1 / 35), ([2, 2, 2], 6 / 90), ([1, 1], 1.0)]
)
def test_smallest_attainable_p(sizes: list[int], p: float) -> None:
    assert c.smallest_p(sizes) == pytest.approx(p)


def test_three_against_three_shows_the_pattern_and_gives_no_verdict() -> None:
    values = pd.DataFrame(
        {"x": [9.0, 8, 7, 1, 2, 3], "same": 1.0, "gap": [1, np.nan, 1, 0, 0, 0]}, index=list("abcdef")
    )
    groups = pd.Series(["high"] * 3 + ["low"] * 3, index=values.index)
    out = c.permute_cases(values, groups).set_index("subject")
    assert out.loc["x", "p"] == out.loc["x", "smallest_p"] == pytest.approx(0.1)
    assert out.loc["x", "verdict"] == "pattern only, no verdict"
    assert out.loc["x", "pattern"] == "high: a=9.0, b=8.0, c=7.0; low: d=1.0, e=2.0, f=3.0"
    assert np.isnan(out.loc["same", "p"])
    assert "no variation" in out.loc["same", "reason"]
    assert (out.loc["gap", "n"], "not stated for case(s): b" in out.loc["gap", "reason"]) == (5, True)
    welch = stats.ttest_ind([9, 8, 7], [1, 2, 3], equal_var=False).confidence_interval()
    assert (out.loc["x", "effect_low"], out.loc["x", "effect_high"]) == pytest.approx((welch.low, welch.high))


@settings(max_examples=25)
@given(st.lists(st.integers(0, 5), min_size=8, max_size=8).filter(lambda x: len(set(x)) > 1))
def test_case_permutation_equals_scipy(values: list[int]) -> None:
    frame = pd.DataFrame({"x": [float(v) for v in values]})
    groups = pd.Series(["a"] * 4 + ["b"] * 4)
    out = c.permute_cases(frame, groups).iloc[0]
    expected = stats.permutation_test(
        (values[:4], values[4:]),
        lambda a, b, axis: abs(np.mean(a, axis=axis) - np.mean(b, axis=axis)),
        vectorized=True,
        n_resamples=np.inf,
        alternative="greater",
    )
    assert out["p"] == pytest.approx(expected.pvalue)
    assert out["p_adjusted"] == pytest.approx(out["p"])  # one code: nothing to adjust


@settings(max_examples=25)
@given(st.lists(st.integers(0, 3), min_size=3, max_size=7).filter(lambda x: len(set(x)) > 1), st.booleans())
def test_one_case_against_the_rest_takes_its_turn_with_every_other(values: list[int], turned: bool) -> None:
    groups = pd.Series(["one"] + ["rest"] * (len(values) - 1))
    if turned:
        groups = groups.map({"one": "z", "rest": "a"})
    out = c.permute_cases(pd.DataFrame({"x": [float(v) for v in values]}), groups).iloc[0]
    gaps = [abs(v - (sum(values) - v) / (len(values) - 1)) for v in values]
    assert out["p"] == pytest.approx(sum(gap >= gaps[0] - 1e-9 for gap in gaps) / len(gaps))
    assert out["statistic"] == pytest.approx(gaps[0])
    assert "no interval: a group with one case" in out["reason"]


def test_joint_p_compares_with_the_largest_of_all_standardised_differences() -> None:
    values = pd.DataFrame(
        {"x": [4.0, 3, 5, 1, 2, 1], "y": [10.0, 50, 30, 20, 10, 40], "z": [0.1, 0.1, 0.2, 0, 0.1, 0.2]}
    )
    out = c.permute_cases(values, pd.Series(list("aaabbb")))
    scaled = ((values - values.mean()) / values.std()).to_numpy()
    gaps = np.array(
        [
            abs(scaled[list(one)].mean(axis=0) - np.delete(scaled, list(one), axis=0).mean(axis=0))
            for one in combinations(range(6), 3)
        ]
    )
    for i in range(3):
        assert out["p"][i] == pytest.approx(np.mean(gaps[:, i] >= gaps[0, i] - 1e-9))
        assert out["p_adjusted"][i] == pytest.approx(np.mean(gaps.max(axis=1) >= gaps[0, i] - 1e-9))
    assert out["p_adjusted"][1] > out["p"][1]


def test_many_cases_are_divided_at_random_and_the_null_is_one_for_all_codes() -> None:
    rng = np.random.default_rng(6)
    values = pd.DataFrame(rng.random((24, 3)), columns=list("xyz"))
    values["again"] = 5 * values["x"] - 2
    groups = pd.Series(["a"] * 12 + ["b"] * 12)
    out = c.permute_cases(values, groups, n_permutations=499).set_index("subject")
    assert not out["exact"].any()
    assert out.loc["x", "p"] == out.loc["again", "p"]
    assert (out["p_adjusted"] >= out["p"]).all()
    assert (out["p"] * 500).round(9).mod(1).eq(0).all()


def test_missing_outcome_is_named() -> None:
    ratings = pd.DataFrame({"case": list("abcdefghi"), "outcome": [3, 3, 3, 3, 1, 1, 1, 1, None]})
    values = pd.DataFrame({"x": [1.0, 1, 1, 1, 0, 0, 0, 0, 1]}, index=list("abcdefghi"))
    out = c.permute_cases(values, c.high_low(ratings, 2)).iloc[0]
    assert "no group for case(s): i" in out["reason"]
    assert (out["n"], out["verdict"]) == (8, "p may be read")
    assert out["p"] == pytest.approx(2 / 70)


def small(seed: int, n_codes: int = 6) -> tuple[pd.DataFrame, pd.Series]:
    rng = np.random.default_rng(seed)
    values = pd.DataFrame((rng.random((24, n_codes)) < 0.5).astype(float))
    values.columns = [f"k{i}" for i in range(n_codes)]
    return values, pd.Series(np.repeat(["a", "b", "c"], 8))


def test_statistic_is_pearsons_chi_square_and_p_is_near_the_exact_one() -> None:
    values, groups = small(3, 2)
    out = c.compare_groups(values, groups, n_permutations=4999)
    for name, row in zip(values, out.itertuples()):
        table = pd.crosstab(groups, values[name])
        assert row.statistic == pytest.approx(stats.chi2_contingency(table, correction=False).statistic)
        exact = stats.fisher_exact(table, method=stats.MonteCarloMethod(n_resamples=4999, rng=1)).pvalue
        assert row.p == pytest.approx(exact, abs=0.12)


def test_max_t_by_hand_and_never_below_the_single_p() -> None:
    null = np.array([[5.0, 0, 0], [0, 0, 3], [0, 0, 1], [1, 1, 1]])
    p, adjusted = max_t(np.array([4.0, 2.0, 1.0]), iter([null]), 4)
    assert p.tolist() == [0.4, 0.2, 0.8]
    # maxima over all three are 5, 3, 1, 1; over the last two 0, 3, 1, 1; over the last one 0, 3, 1, 1
    assert adjusted.tolist() == [0.4, 0.4, 0.8]
    values, groups = small(5)
    out = c.compare_groups(values, groups, n_permutations=499)
    assert (out["p_adjusted"] >= out["p"]).all()


def test_relabelling_groups_and_order_of_participants_change_nothing() -> None:
    values, groups = small(7)
    first = c.compare_groups(values, groups, n_permutations=499)
    renamed = c.compare_groups(values, groups.map({"a": "n", "b": "o", "c": "p"}), n_permutations=499)
    pd.testing.assert_frame_equal(first, renamed)
    mixed = values.sample(frac=1, random_state=1)
    other = c.compare_groups(mixed, groups, n_permutations=499)
    assert other["statistic"].tolist() == pytest.approx(first["statistic"].tolist())


def test_permuted_labels_leave_the_null() -> None:
    """With labels dealt at random about one p in ten is below .1, and maxT errs in about one study in ten."""
    rng = np.random.default_rng(11)
    values, groups = small(13, 4)
    single, joint = [], []
    for i in range(150):
        dealt = pd.Series(rng.permutation(groups.to_numpy()))
        out = c.compare_groups(values, dealt, n_permutations=199, seed=i)
        single += out["p"].tolist()
        joint.append(out["p_adjusted"].min())
    assert 0.04 < np.mean(np.array(single) <= 0.1) < 0.14
    assert 0.02 < np.mean(np.array(joint) <= 0.1) < 0.18


def test_planted_difference_is_found_and_constant_codes_are_named() -> None:
    values, groups = small(2)
    values["planted"] = groups.eq("a").astype(float)
    values["never"] = 0.0
    out = c.compare_groups(values, groups, n_permutations=999).set_index("subject")
    assert out.loc["planted", "p_adjusted"] == pytest.approx(1 / 1000)
    assert np.isnan(out.loc["never", "p"])
    assert out.loc["never", "reason"].startswith("no variation")
    assert out.loc["planted", "family"] == "family of 7 tests (codes), adjusted by step-down Westfall-Young maxT"


def test_two_groups_have_a_difference_with_newcombes_interval() -> None:
    # Newcombe (1998), Table II, case (a): 56/70 - 48/80, method 10 gives (.0524, .3339)
    values = pd.DataFrame({"x": [1.0] * 56 + [0.0] * 14 + [1.0] * 48 + [0.0] * 32})
    out = c.compare_groups(values, pd.Series(["a"] * 70 + ["b"] * 80), n_permutations=99).iloc[0]
    assert out["effect"] == pytest.approx(0.2)
    assert (out["effect_low"], out["effect_high"]) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_roles_within_cases_ignore_differences_between_cases() -> None:
    """A code that depends on the case alone shows no role difference, though roles are spread unevenly."""
    cases = pd.Series(["n"] * 8 + ["s"] * 8)
    roles = pd.Series(["nurse"] * 6 + ["manager"] * 2 + ["nurse"] * 2 + ["manager"] * 6)
    values = pd.DataFrame({"case": cases.eq("n").astype(float), "role": roles.eq("nurse").astype(float)})
    within = c.compare_roles(values, roles, cases, n_permutations=999).set_index("subject")
    naive = c.compare_groups(values, roles, n_permutations=999).set_index("subject")
    assert np.isnan(within.loc["case", "p"])  # no variation within cases is left
    assert naive.loc["case", "effect"] == pytest.approx(-0.5)
    assert within.loc["role", "p"] <= 0.01


def test_a_role_in_one_case_only_is_named() -> None:
    values = pd.DataFrame({"x": [1.0, 0, 1, 0, 1]})
    out = c.compare_roles(values, pd.Series(list("nmnmv")), pd.Series(list("aabbb")), n_permutations=99)
    assert "role(s) in one case only: v" in out["reason"][0]


def test_units_with_two_cases_are_refused() -> None:
    with pytest.raises(CrosscaseError, match="'p1'"):
        c.unit_labels(pd.DataFrame({"participant": ["p1", "p1"], "case": ["a", "b"]}), "case")


def dealt(seed: int, planted: int) -> pd.DataFrame:
    """Twelve participants with eight segments of two codes each; in `planted` of them a and b stand together."""
    rng = np.random.default_rng(seed)
    rows = []
    for person in range(12):
        for segment in range(8):
            codes = ["a", "b"] if segment < planted else rng.choice(list("abcdef"), 2, replace=False).tolist()
            rows += [(f"p{person}", segment * 10, segment * 10 + 5, code) for code in codes]
    frame = pd.DataFrame(rows, columns=["participant", "start", "end", "code"])
    return frame.assign(document=frame["participant"], coding_id=range(len(frame)))


def test_co_occurrence_null_finds_the_planted_pair() -> None:
    frame = dealt(4, 2)
    out = c.co_occurrence_null(frame, n_permutations=299)
    assert out.loc[0, "subject"] == "a x b"
    assert out.loc[0, "p_adjusted"] <= 0.05
    together = frame[frame["code"].isin(["a", "b"])].groupby(["participant", "start"])["code"].nunique().eq(2).sum()
    assert (out.loc[0, "statistic"], out.loc[0, "n_participants"]) == (together, 12)
    assert out.loc[0, "null_high"] < together


def test_co_occurrence_by_chance_keeps_the_level() -> None:
    """Distinct codes dealt at random: expected counts equal the observed ones on average, and maxT rarely errs."""
    results = [c.co_occurrence_null(dealt(seed, 0), n_permutations=99, seed=seed) for seed in range(40)]
    assert np.mean([r["statistic"].sum() / r["expected"].sum() for r in results]) == pytest.approx(1, abs=0.01)
    assert np.mean(np.concatenate([r["p"] for r in results]) <= 0.1) < 0.13
    assert np.mean([r["p_adjusted"].min() <= 0.1 for r in results]) < 0.25


def test_quotation_test_power_rises_and_the_null_keeps_its_level() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"theme": np.repeat(list("wxyz"), [4, 7, 7, 3]), "role": rng.permutation(list("aabbccddeeffgghhiijkl")[:21])}
    )
    tests, power = c.quotation_test(frame, ("role",), n_permutations=1999, n_simulations=300)
    by_strength = power.set_index("strength")["power"]
    assert by_strength[0.0] < 0.12
    assert by_strength[1.0] > 0.95
    assert (by_strength.diff().dropna() > -0.06).all()  # each point has a simulation error of its own
    table = pd.crosstab(frame["theme"], frame["role"])
    assert tests["statistic"][0] == pytest.approx(stats.chi2_contingency(table, correction=False).statistic)
    assert tests["effect"][0] == pytest.approx(stats.contingency.association(table))
    assert "21 quotations" in tests["statement"][0]


def test_themes_and_subthemes_of_the_same_quotations_are_one_family() -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"theme": np.repeat(list("wx"), 10), "role": rng.choice(list("abc"), 20)})
    frame["subtheme"] = frame["theme"] + rng.choice(list("12"), 20)
    frame["sector"] = frame["role"].map({"a": "s", "b": "s", "c": "t"})
    out, _ = c.quotation_test(frame, by=("theme", "subtheme"), n_permutations=999, n_simulations=20)
    assert out["subject"].tolist() == ["theme x role", "theme x sector", "subtheme x role", "subtheme x sector"]
    assert out["family"].str.contains("4 tests").all()
    smallest = out["p"].idxmin()
    assert out["p_adjusted"][smallest] == pytest.approx(min(1.0, 4 * out["p"][smallest]))
    alone, _ = c.quotation_test(frame, n_permutations=999, n_simulations=20)
    assert out["p"].head(2).tolist() == alone["p"].tolist()


def test_quotations_of_one_role_allow_no_comparison() -> None:
    tests, power = c.quotation_test(pd.DataFrame({"theme": list("ab"), "role": "x"}), ("role",), n_simulations=10)
    assert np.isnan(tests["p"][0])
    assert tests["reason"][0] == "one role or one theme only"
    assert not len(power)


def test_too_few_quotations_say_so() -> None:
    tests, _ = c.quotation_test(
        pd.DataFrame({"theme": list("aabb"), "role": list("xxyy")}), ("role",), n_simulations=10
    )
    assert tests["statement"][0].startswith("4 quotations cannot reach p = .05")


def test_logistic_model_is_refused_below_twelve_cases_and_fits_above() -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"case": np.repeat(np.arange(14), 40), "x": np.tile([0, 1], 280)})
    frame["y"] = (rng.random(560) < 1 / (1 + np.exp(-(-0.5 + 1.0 * frame["x"])))).astype(int)
    out = c.multilevel_logistic(frame, "y", "x").iloc[0]
    assert out["n"] == 14
    assert out["effect_low"] < np.exp(1.0) < out["effect_high"]
    few = c.multilevel_logistic(frame[frame["case"] < 11], "y", "x").iloc[0]
    assert np.isnan(few["p"])
    assert "11 cases" in few["reason"]
    with pytest.raises(CrosscaseError):
        c.multilevel_logistic(frame, "y", "x", least_cases=3)


def test_lists_mappings_and_single_columns_are_taken_as_they_are() -> None:
    groups = {"a": "x", "b": "y", "c": "x", "d": "y"}
    column = pd.Series([1.0, 0, 1, 0], index=list("abcd"), name="trust")
    assert (
        c.permute_cases(column, groups)["p"].tolist()
        == c.permute_cases(column.to_frame(), pd.Series(groups))["p"].tolist()
    )
    assert c.sign_test([1, 1, -1])["n"].tolist() == [3]
    assert c.kendall_tau([1, 2, 3, 4], [1, 3, 2, 4])["effect"][0] == pytest.approx(2 / 3)
    assert c.cochran_q([[1, 0], [1, 0], [0, 0]])["statistic"].tolist() == [2]


PAIR = {"a": "x", "b": "y"}


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: c.permute_cases(pd.DataFrame({"t": ["much", 1]}, index=list("ab")), PAIR), r"'much' \(a\)"),
        (lambda: c.permute_cases(pd.Series([1, 0, 1], index=list("aab")), PAIR), "two or more for a"),
        (lambda: c.permute_cases(pd.Series([1, 0], list("ab")), pd.Series(list("xyx"), list("aba"))), "'a'"),
        (lambda: c.kendall_tau(["a", 2], [1, 2]), "x: numbers are needed"),
        (lambda: c.sign_test(["up", 1]), "'up'"),
        (lambda: c.high_low(pd.DataFrame({"case": ["a"], "outcome": ["good"]}), 2), "'good'"),
        (lambda: c.high_low(pd.DataFrame({"case": ["a", "a"], "outcome": [1, 3]}), 2), "'a'"),
        (lambda: c.compare_groups(pd.DataFrame({"t": ["no", 1]}), pd.Series(["x", "y"])), "'no'"),
    ],
)
def test_what_is_no_number_or_stands_twice_is_named(call, told) -> None:
    with pytest.raises(CrosscaseError, match=told):
        call()


def test_two_outcomes_of_one_case_are_refused_and_one_given_twice_is_not() -> None:
    cells = pd.DataFrame({"case": ["a"], "kind": "case", "code": "t", "state": "present"})
    twice = pd.DataFrame({"case": ["a", "a"], "outcome": [1, 1]})
    assert c.case_ordered(cells, twice)["outcome"].tolist() == [1]
    with pytest.raises(CrosscaseError, match="'a'"):
        c.case_ordered(cells, twice.assign(outcome=[1, 2]))
    assert "gap" in c.contrast_table(cells, pd.Series(dtype=object))
