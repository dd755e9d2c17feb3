"""The calibration finds a good interval good, a bad one bad, and says so in words."""

import math

import numpy as np
import pandas as pd
import pytest

from crosscase.errors import CrosscaseError
from crosscase.simulate import agreement_designs, interval_coverage, rejection_rates, trust_words, wilson


def agreed(ratings):
    return (ratings["coder_1"] == ratings["coder_2"]).to_numpy()


def good(ratings, documents, seed):
    hits = agreed(ratings)
    return hits.mean(), *wilson(int(hits.sum()), len(hits))


def narrow(ratings, documents, seed):
    share = agreed(ratings).mean()
    return share, share - 0.01, share + 0.01


def never(ratings, documents, seed):
    return math.nan, math.nan, math.nan


def test_wilson_matches_newcombe():
    """Newcombe (1998, Statistics in Medicine 17, 857-872), table I, method 3: 81/263 and 15/148."""
    assert [round(end, 4) for end in wilson(81, 263)] == [0.2553, 0.3662]
    assert [round(end, 4) for end in wilson(15, 148)] == [0.0624, 0.1605]
    assert all(math.isnan(end) for end in wilson(0, 0))


def test_good_narrow_and_undefined_intervals_are_told_apart():
    designs = agreement_designs(
        n_coders=[2], n_units=[100], n_documents=[10], prevalence=[0.3], agreement=[0.5], document_icc=[0.0]
    )
    estimators = {name: (f, "percent_agreement") for name, f in (("good", good), ("narrow", narrow), ("never", never))}
    table = interval_coverage(estimators, designs, n_simulations=200, seed=1).set_index("estimator")
    assert table.loc["good", "true_value"] == pytest.approx(0.79)
    assert table.loc["good", "coverage_low"] < 0.95 < table.loc["good", "coverage_high"]
    assert table.loc["good", "words"].startswith("as good as it says")
    assert table.loc["narrow", "coverage"] < 0.5
    assert "too narrow" in table.loc["narrow", "words"]
    assert table.loc["never", "n_undefined"] == 200
    assert math.isnan(table.loc["never", "coverage"])
    assert "never defined" in table.loc["never", "words"]
    assert table.loc["narrow", ["coverage", "missed_above", "missed_below"]].sum() == pytest.approx(1)


def test_undefined_too_often_is_no_trust_even_with_coverage():
    assert trust_words((0.93, 0.97), 0.3, 0.95).startswith("cannot be trusted: undefined in 30%")
    assert trust_words((0.96, 0.99), 0.0, 0.95) == "wider than needed"


def test_designs_leave_out_the_impossible():
    table = agreement_designs()
    assert (table["n_documents"] <= table["n_units"]).all()
    assert len(table) == 3 * (2 + 3 + 3) * 3


def test_seeds_repeat_the_calibration():
    designs = agreement_designs(n_coders=[3], n_units=[20], n_documents=[3], prevalence=[0.1])
    first, again, other = (
        interval_coverage({"good": (good, "percent_agreement")}, designs, n_simulations=10, seed=s) for s in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(first, again)
    assert first["mean_estimate"].iloc[0] != other["mean_estimate"].iloc[0]


def coin(study, seed):
    return float(np.random.default_rng(seed).random())


def greedy(study, seed):
    return 0.01


def rank_sum(study, seed):
    """Compare two groups of cases by the mean number of codings per document, exactly, over cases."""
    per_case = study.codings.groupby("case").size().reindex(study.cases["case"], fill_value=0)
    first = per_case[(study.cases["group"] == "group_1").to_numpy()]
    second = per_case[(study.cases["group"] == "group_2").to_numpy()]
    return 2 / 70 if first.max() < second.min() or second.max() < first.min() else 1.0


def test_type_1_error_and_power():
    small = {"n_cases": 8, "n_participants": 3, "n_segments": 10, "n_codes": 4, "prevalence": 0.2, "case_sd": 0.3}
    designs = [small, small | {"effect": 2.0, "n_affected": 4}]
    tests = {"coin": coin, "greedy": greedy, "rank_sum": rank_sum, "undefined": lambda study, seed: math.nan}
    table = rejection_rates(tests, designs, n_simulations=400, seed=1).set_index(["measures", "test"])
    assert table["rate_low"]["type-1 error", "coin"] < 0.05 < table["rate_high"]["type-1 error", "coin"]
    assert table["words"]["type-1 error", "greedy"].startswith("cannot be trusted")
    assert table["rate_low"]["type-1 error", "rank_sum"] < 2 / 70 < table["rate_high"]["type-1 error", "rank_sum"]
    assert table["rate"]["power", "rank_sum"] > 0.5
    assert table["n_undefined"]["power", "undefined"] == 400
    assert table["rate"]["power", "undefined"] == 0


def test_bad_options_are_named_together():
    with pytest.raises(CrosscaseError) as caught:
        interval_coverage({"x": (good, "kapa")}, pd.DataFrame({"n_units": [3]}), n_simulations=0)
    assert len(caught.value.problems) == 1 + 5 + 1
    with pytest.raises(CrosscaseError, match="alpha"):
        rejection_rates({}, [], alpha=5)
