"""What must hold for every table of judgements, and what is refused with a clear message."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscase.agreement import (
    Bootstrap,
    Linearised,
    agreement_weights,
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    holsti,
    jaccard_alpha,
    krippendorff_alpha,
    masi_alpha,
    mv_alpha,
    pabak,
    percent_agreement,
    pooled_kappa,
    prevalence_bias,
    scott_pi,
    specific_agreement,
    weights_from_disagreement,
)
from crosscase.agreement.judgements.read import read_ratings
from crosscase.agreement.measures.alpha import distances
from crosscase.errors import CrosscaseError

ALL = [
    percent_agreement,
    cohen_kappa,
    fleiss_kappa,
    conger_kappa,
    brennan_prediger,
    gwet_ac1,
    krippendorff_alpha,
    holsti,
]
CORRECTED = [cohen_kappa, fleiss_kappa, conger_kappa, brennan_prediger, gwet_ac1, krippendorff_alpha]

tables = (
    st.integers(2, 4)
    .flatmap(
        lambda coders: st.lists(
            st.lists(st.sampled_from([1.0, 2.0, 3.0, None]), min_size=coders, max_size=coders), min_size=3, max_size=25
        )
    )
    .map(lambda rows: pd.DataFrame(rows, dtype=float))
)


def same(first, second):
    a, b = float(first), float(second)
    return (np.isnan(a) and np.isnan(b)) or a == pytest.approx(b, abs=1e-10)


@settings(max_examples=40)
@given(tables, st.randoms())
def test_order_of_coders_and_units_and_names_of_codes_do_not_matter(frame, random):
    columns, rows = list(frame.columns), list(frame.index)
    random.shuffle(columns)
    random.shuffle(rows)
    shuffled = frame.loc[rows, columns]
    renamed = frame.replace({1.0: "zebra", 2.0: "ant", 3.0: "moth"}).astype(object)
    for function in ALL:
        assert same(function(frame), function(shuffled)), function.__name__
        if frame.notna().any(axis=None):
            assert same(function(frame), function(renamed)), function.__name__


@settings(max_examples=40)
@given(tables)
def test_columns_and_rows_without_judgement_change_nothing(frame):
    wider = frame.assign(silent=np.nan)
    longer = pd.concat([frame, pd.DataFrame([[np.nan] * frame.shape[1]], columns=frame.columns)])
    for function in ALL:
        assert same(function(frame), function(wider)), function.__name__
        assert same(function(frame), function(longer)), function.__name__
    assert same(krippendorff_alpha(frame, level="interval"), krippendorff_alpha(wider, level="interval"))


@settings(max_examples=40)
@given(tables)
def test_no_value_above_one_and_perfect_agreement_is_one(frame):
    for function in ALL:
        value = float(function(frame))
        assert np.isnan(value) or value <= 1 + 1e-12
    alike = pd.concat([frame[0].dropna().rename(name) for name in "xyz"], axis=1)
    if alike["x"].nunique() > 1:
        for function in ALL:
            assert float(function(alike)) == pytest.approx(1.0)


@settings(max_examples=30)
@given(tables)
def test_unit_by_unit_and_counts_give_the_same(frame):
    counts = pd.DataFrame({k: (frame == k).sum(axis=1) for k in (1, 2, 3)})
    for function in (percent_agreement, fleiss_kappa, brennan_prediger, gwet_ac1, krippendorff_alpha):
        assert same(function(frame, categories=(1, 2, 3)), function(counts, layout="counts")), function.__name__


def test_a_crosstab_gives_the_same_as_its_units():
    frame = pd.DataFrame({"x": list("aaabbc"), "y": list("aabbbc")})
    cross = pd.crosstab(frame["x"], frame["y"])
    for function in (*ALL, scott_pi):
        assert same(function(frame), function(cross, layout="crosstab")), function.__name__


def simulate(seed, units=400, coders=3, agree=0.0):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, units)
    own = rng.integers(0, 3, (units, coders))
    return pd.DataFrame(np.where(rng.random((units, coders)) < agree, truth[:, None], own))


def test_independent_coders_give_about_zero_and_a_copied_coder_raises():
    for function in CORRECTED:
        values = [float(function(simulate(seed))) for seed in range(10)]
        assert abs(np.mean(values)) < 0.02, function.__name__
    frame = simulate(1, agree=0.5)
    for function in CORRECTED:
        assert float(function(frame.assign(copy=frame[0]))) > float(function(frame)), function.__name__


def test_identical_coefficients_where_theory_says_so():
    frame = simulate(3, coders=2, agree=0.4)
    assert float(conger_kappa(frame)) == pytest.approx(float(cohen_kappa(frame)), abs=1e-12)
    assert float(fleiss_kappa(frame)) == pytest.approx(float(scott_pi(frame)), abs=1e-12)
    n = 2 * len(frame)
    pi = float(scott_pi(frame))
    assert float(krippendorff_alpha(frame)) == pytest.approx(1 - (1 - pi) * (n - 1) / n, abs=1e-12)
    assert float(gwet_ac2(frame, weights="identity")) == pytest.approx(float(gwet_ac1(frame)), abs=1e-12)
    binary = frame.clip(upper=1)
    assert float(pabak(binary)) == pytest.approx(float(brennan_prediger(binary)), abs=1e-12)
    sets = frame.map(lambda value: {value})
    for function in (mv_alpha, jaccard_alpha, masi_alpha):
        assert float(function(sets)) == pytest.approx(float(krippendorff_alpha(frame)), abs=1e-12)
    assert float(holsti(frame)) == pytest.approx(float(percent_agreement(frame)), abs=1e-12)


def test_quadratic_kappa_is_alpha_interval_up_to_sample_size():
    frame = simulate(4, coders=2, agree=0.6)
    n = 2 * len(frame)
    weighted = float(scott_pi(frame, weights="quadratic"))
    assert float(krippendorff_alpha(frame, level="interval")) == pytest.approx(
        1 - (1 - weighted) * (n - 1) / n, abs=1e-12
    )


def test_empty_set_is_a_judgement_and_missing_is_not():
    first = pd.DataFrame({"x": [{"a"}, set(), {"b"}], "y": [{"a"}, {"c"}, {"b"}]})
    second = pd.DataFrame({"x": [{"a"}, None, {"b"}], "y": [{"a"}, {"c"}, {"b"}]})
    assert mv_alpha(first).n_units == 3
    assert mv_alpha(second).n_units == 2
    assert float(mv_alpha(second)) == 1.0
    assert float(mv_alpha(first)) < 1.0


@pytest.mark.parametrize("function", CORRECTED)
def test_one_category_is_undefined_with_its_reason(function):
    found = function(pd.DataFrame({"x": list("aaa"), "y": list("aaa")}))
    assert np.isnan(float(found))
    assert "one category only" in found.reason
    assert found.n_units == 3


def test_alpha_stays_undefined_where_a_declared_category_never_occurs():
    frame = pd.DataFrame({"x": [0, 0, 0], "y": [0, 0, 0]})
    assert np.isnan(float(krippendorff_alpha(frame, categories=(0, 1))))
    assert float(brennan_prediger(frame, categories=(0, 1))) == 1.0
    assert float(gwet_ac1(frame, categories=(0, 1))) == 1.0


def test_nobody_judged_twice():
    found = krippendorff_alpha(pd.DataFrame({"x": [1, np.nan], "y": [np.nan, 2]}))
    assert np.isnan(float(found))
    assert found.reason == "no unit judged by two coders"


@pytest.mark.parametrize("function", ALL)
def test_no_judgement_at_all(function):
    found = function(pd.DataFrame({"x": [np.nan, np.nan], "y": [np.nan, np.nan]}))
    assert np.isnan(float(found))
    assert (found.n_units, found.n_coders, found.reason) == (0, 0, "no unit judged by two coders")


def test_light_kappa_counts_undefined_pairs():
    frame = pd.DataFrame({"x": [1, 1, 1, 1], "y": [1, 1, 1, 1], "z": [1, 2, 1, 2]})
    found = cohen_kappa(frame)
    assert float(found) == 0.0
    assert found.reason == "1 of 3 pairs of coders undefined and left out of the mean"


@pytest.mark.parametrize(
    ("data", "options", "words"),
    [
        (pd.DataFrame({"x": [1, 2], "y": ["1", "2"]}), {}, "one type"),
        (pd.DataFrame({"x": [1, "b"], "y": ["a", "b"]}), {}, "numbers in x"),
        (pd.DataFrame({"x": ["a", " "], "y": ["a", "b"]}), {}, "an empty text"),
        (pd.DataFrame({"x": [1, 2], "y": [1, np.inf]}), {}, "infinite"),
        (pd.DataFrame({"x": [1, 2], "y": [1, 5]}), {"categories": (1, 2)}, "declared categories"),
        (pd.DataFrame({"x": [1, 2], "y": [1, 2]}), {"layout": "wide"}, "unknown layout"),
        (pd.DataFrame([[0.5, 0.1], [0.2, 0.2]]), {"layout": "crosstab"}, "whole numbers"),
        (pd.DataFrame([[5, 1, 2], [2, 2, 2]]), {"layout": "crosstab"}, "as many rows as columns"),
        (pd.DataFrame([[1, -1]]), {"layout": "counts"}, "whole numbers"),
        (pd.DataFrame({"x": ["low", "high"], "y": ["low", "high"]}), {"level": "ordinal"}, "need their order"),
        (pd.DataFrame({"x": ["a", "b"], "y": ["a", "b"]}), {"level": "interval"}, "needs numbers"),
        (pd.DataFrame({"x": [1, 2], "y": [1, 2]}), {"level": "logarithmic"}, "unknown level"),
        (pd.DataFrame({"x": [-1, 2], "y": [1, 2]}), {"level": "ratio"}, "0 or more"),
        (pd.DataFrame({"x": [1, 2], "y": [1, 2]}), {"level": lambda a, b: a - b}, "symmetric"),
        (pd.DataFrame({"x": [1, 2], "y": [1, 2]}), {"documents": ["d"]}, "one document per unit"),
        (pd.DataFrame({"x": [1, 2], "y": [1, 1]}), {"interval": Bootstrap()}, "no documents"),
    ],
)
def test_bad_judgements_are_refused(data, options, words):
    with pytest.raises(CrosscaseError, match=words):
        krippendorff_alpha(data, **options)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda f: scott_pi(f), "fleiss_kappa"),
        (lambda f: pabak(f), "brennan_prediger"),
        (lambda f: prevalence_bias(f), "two coders"),
        (lambda f: fleiss_kappa(f, weights="cubic"), "unknown choice"),
        (lambda f: fleiss_kappa(f, weights=[[1, 0, 0], [0.5, 1, 0], [0, 0, 1]]), "symmetric weights"),
        (lambda f: cohen_kappa(f, weights=[[0, 1, 1], [1, 0, 1], [1, 1, 0]]), "weights_from_disagreement"),
        (lambda f: cohen_kappa(f, weights=pd.DataFrame([[1]], index=[0], columns=[0])), "none for"),
        (lambda f: conger_kappa(pd.DataFrame([[2, 1]]), layout="counts"), "which coder"),
        (lambda f: mv_alpha(pd.DataFrame({"x": ["a;b"], "y": ["a"]})), "set of codes"),
        (lambda f: mv_alpha(pd.DataFrame({"x": [["a", "a"]], "y": [["a"]]})), "each code once"),
        (lambda f: weights_from_disagreement(pd.DataFrame([[1, 0], [0, 1]])), "0 on the diagonal"),
        (lambda f: Bootstrap(over="coders"), "unknown choice"),
        (lambda f: Linearised(confidence=95), "between 0 and 1"),
        (lambda f: pooled_kappa({}), "at least one code"),
        (lambda f: gwet_ac1(f, weights="linear"), "use gwet_ac2"),
        (lambda f: holsti(f, weights="linear"), "no weights"),
    ],
)
def test_coefficients_refuse_what_they_cannot_do(call, words):
    with pytest.raises(CrosscaseError, match=words):
        call(simulate(2, units=20))


def test_mixed_types_name_the_columns():
    with pytest.raises(CrosscaseError, match="numbers in x; text in y"):
        percent_agreement(pd.DataFrame({"x": [1, 2], "y": ["1", "2"]}))


def test_documents_come_from_the_index_and_row_order_does_not_move_the_interval():
    frame = simulate(6, units=60, agree=0.5)
    frame.index = pd.MultiIndex.from_arrays([np.repeat(list("abcdef"), 10), range(60)], names=["document", "unit"])
    found = krippendorff_alpha(frame, interval=Bootstrap(resamples=200, seed=9))
    again = krippendorff_alpha(frame.sample(frac=1, random_state=1), interval=Bootstrap(resamples=200, seed=9))
    assert (found.low, found.high) == pytest.approx((again.low, again.high), abs=1e-12)
    label = "bootstrap over documents, percentile, 200 resamples, seed 9, 95 %"
    assert found.interval == f"{label}; 6 documents only: likely too narrow"
    many = krippendorff_alpha(frame, documents=np.repeat(range(20), 3), interval=Bootstrap(resamples=200, seed=9))
    assert many.interval == label
    over_units = krippendorff_alpha(frame, interval=Bootstrap(over="units", resamples=200, seed=9))
    assert (over_units.low, over_units.high) != (found.low, found.high)


def test_documents_that_agree_within_themselves_widen_the_interval():
    rng = np.random.default_rng(0)
    quality = np.repeat(rng.random(12) < 0.5, 20)
    truth = rng.integers(0, 2, 240)
    second = np.where(quality, truth, rng.integers(0, 2, 240))
    frame = pd.DataFrame({"x": truth, "y": second})
    documents = np.repeat(np.arange(12), 20)
    for kind in (Bootstrap, Linearised):
        wide = krippendorff_alpha(frame, documents=documents, interval=kind(over="documents"))
        narrow = krippendorff_alpha(frame, documents=documents, interval=kind(over="units"))
        assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)


def test_pattern_resampling_is_drawing_units():
    frame = simulate(7, units=80, agree=0.5)
    drawn = krippendorff_alpha(frame, interval=Bootstrap(over="units", resamples=3000, seed=2))
    rng = np.random.default_rng(5)
    direct = [float(krippendorff_alpha(frame.iloc[rng.integers(0, 80, 80)])) for _ in range(400)]
    assert drawn.standard_error == pytest.approx(np.std(direct, ddof=1), rel=0.12)


def test_one_document_has_no_interval():
    frame = simulate(8, units=30, agree=0.5)
    found = krippendorff_alpha(frame, documents=["d"] * 30, interval=Bootstrap())
    assert np.isnan(found.low)
    assert found.reason == "no interval: 1 document only"


def test_specific_agreement_by_hand_for_three_coders():
    frame = pd.DataFrame([[1, 1, 0], [1, 0, 0], [0, 0, 0], [1, 1, 1]])
    found = specific_agreement(frame).set_index("category")["specific_agreement"]
    # judgements for 1: 2, 1, 0, 3; shared with another coder: 2 * 1 / 2 + 0 + 3 * 2 / 2
    assert found[1] == pytest.approx((2 * 1 + 0 + 3 * 2) / 2 / 6)
    assert found[0] == pytest.approx((0 + 2 * 1 + 3 * 2) / 2 / 6)


def test_gwet_ordinal_weights_by_hand():
    table = agreement_weights(["low", "middle", "high", "top"], "gwet_ordinal")
    assert table.loc["low"].tolist() == [1.0, 1 - 1 / 6, 1 - 3 / 6, 0.0]


def test_own_metric_as_function_table_and_name_agree():
    frame = simulate(9, agree=0.5)
    named = float(krippendorff_alpha(frame, level="interval"))
    assert float(krippendorff_alpha(frame, level=lambda a, b: (a - b) ** 2)) == pytest.approx(named, abs=1e-12)
    table = pd.DataFrame([[0, 1, 4], [1, 0, 1], [4, 1, 0]])
    assert float(krippendorff_alpha(frame, level=table)) == pytest.approx(named, abs=1e-12)


def test_circular_and_polar_metrics_begin_at_the_lowest_category():
    # Krippendorff (2011): circular sin^2(pi (c - k) / U) with U the circumference, here the 12 hours of a dial;
    # polar (c - k)^2 / ((c + k - 2 min)(2 max - c - k)), here 1 to 5
    hours = distances(read_ratings([[12, 1], [6, 12]], categories=range(1, 13)), "circular")
    assert hours[11, 0] == pytest.approx(np.sin(np.pi / 12) ** 2), "from 12 to 1 is one step"
    assert hours[5, 11] == pytest.approx(1.0), "6 lies opposite 12"
    polar = distances(read_ratings([[1, 2, 3, 4, 5]] * 2), "polar")
    assert polar[0, 1] == pytest.approx(1 / 7)
    assert polar[0, 4] == pytest.approx(1.0)
    assert polar[1, 3] == pytest.approx(4 / 16)
    shifted = [[1, 1], [2, 3], [5, 4], [4, 4]]
    for level in ("circular", "polar"):
        moved = krippendorff_alpha(np.array(shifted) + 7, level=level)
        assert float(moved) == pytest.approx(float(krippendorff_alpha(shifted, level=level)))


def test_large_sample_errors_divide_by_n_and_take_the_normal():
    table = [[20, 5], [10, 15]]
    gwet = cohen_kappa(table, layout="crosstab", interval=Linearised(over="units"))
    large = cohen_kappa(table, layout="crosstab", interval=Linearised(over="units", large_sample=True))
    assert large.standard_error == pytest.approx(gwet.standard_error * np.sqrt(49 / 50))
    assert large.high - float(large) == pytest.approx(1.959964 * large.standard_error, rel=1e-6)
    assert "large sample" in large.interval
