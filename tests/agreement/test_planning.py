"""Planning of units: published sizes, the interval that is promised, coverage in new samples, what always holds."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from crosscase.agreement import MEASURES, Linearised, units_for_width
from crosscase.agreement.judgements.ratings import Ratings
from crosscase.agreement.planning import LARGE, _cells, _Form
from crosscase.errors import CrosscaseError
from crosscase.simulate.calibration import wilson
from crosscase.simulate.coders import coder_units, true_agreement

CATEGORICAL = [name for name, measure in MEASURES.items() if measure.of == "categories"]
CODES = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])


def variance(kappa, prevalence, measure="cohen_kappa"):
    """Variance of a coefficient times the number of units: Q of Cantor (1996)."""
    cells, _ = _cells(MEASURES[measure], prevalence, kappa)
    return _Form.of(MEASURES[measure]).values(cells[None, :] * LARGE)[1][0] ** 2 * LARGE


class TestPublished:
    def test_sizes_for_a_half_width(self):
        """Reichenheim (2000), Stata Technical Bulletin 58, p. 44 (sskdlg, after Cantor 1996); rounded there."""
        z = norm.ppf(0.975)
        assert round(variance(0.0, 0.1) * (z / 0.1) ** 2) == 384
        assert round(variance(0.1, 0.2), 3) == 1.182
        assert round(variance(0.1, 0.2) * (z / 0.2) ** 2) == 114
        assert round(variance(0.289, 0.2) * (z / 0.2) ** 2) == 126
        assert variance(0.289, 0.2) == pytest.approx(max(variance(k / 1000, 0.2) for k in range(250, 330)), abs=1e-4)
        found = units_for_width(0.2, 0.1, 0.4, n_simulations=100)
        assert found["units_large_sample"].tolist() == [114]

    def test_size_for_a_test(self):
        """Kappa .85 against .70, both coders 50 %, one-sided 5 %, power 80 %: 96 (manual of R's irr, Cantor 1996)."""
        roots = [variance(kappa, 0.5) ** 0.5 for kappa in (0.85, 0.7)]
        assert math.ceil(((norm.ppf(0.95) * roots[0] + norm.ppf(0.8) * roots[1]) / 0.15) ** 2) == 96

    def test_variance_of_fleiss_cohen_and_everitt_in_closed_form(self):
        """Of two coders with equal margins (Donner & Eliasziw 1992, doi:10.1002/sim.4780111109, who write it out)."""
        for p in (0.1, 0.3, 0.5):
            for k in (0.2, 0.6, 0.9):
                written = (1 - k) * ((1 - k) * (1 - 2 * k) + k * (2 - k) / (2 * p * (1 - p)))
                for name in ("cohen_kappa", "scott_pi", "krippendorff_alpha"):
                    assert variance(k, p, name) == pytest.approx(written, rel=1e-4), (p, k, name)


@pytest.mark.parametrize("name", CATEGORICAL)
def test_samples_have_the_linearised_interval_over_units(name):
    form, rng = _Form.of(MEASURES[name]), np.random.default_rng(7)
    counts = rng.multinomial(40, [0.5, 0.08, 0.12, 0.3], size=6).astype(float)
    low, high, value = form.limits(counts, 0.9)
    for i, row in enumerate(counts):
        ratings = Ratings(CODES, None, row, (0, 1), ("first", "second"))
        one = MEASURES[name].on(ratings, Linearised(over="units", confidence=0.9))
        assert (value[i], low[i], high[i]) == pytest.approx((one.value, one.low, one.high), abs=1e-5)


def test_the_cells_are_those_of_simulated_coders():
    for p, k in ((0.3, 0.6), (0.05, 0.8)):
        cells, _ = _cells(MEASURES["cohen_kappa"], p, k)
        assert cells[0] + cells[3] == pytest.approx(true_agreement(p, k)["percent_agreement"])
        assert cells[2] + cells[3] == pytest.approx(p)
        assert cells[1] == cells[2]


@pytest.mark.parametrize(
    ("name", "prevalence", "agreement", "seed"),
    [("cohen_kappa", 0.5, 0.7, 1), ("krippendorff_alpha", 0.3, 0.8, 2), ("gwet_ac1", 0.4, 0.6, 3)],
)
def test_planned_intervals_have_their_width_and_hold_in_new_samples(name, prevalence, agreement, seed):
    """Coders simulated another way, with another seed: width as asked, level within the Monte Carlo error or said."""
    plan = units_for_width(prevalence, agreement, 0.25, measure=name, seed=seed).iloc[0]
    kappa = agreement
    if name == "gwet_ac1":
        chance = 2 * prevalence * (1 - prevalence)
        kappa = 1 - (1 - agreement) * (1 - chance) / chance
        assert true_agreement(prevalence, kappa)["gwet_ac1"] == pytest.approx(agreement)
    found = []
    for run in range(300):
        made = coder_units(
            n_coders=2, n_units=int(plan["units"]), n_documents=1, prevalence=prevalence, agreement=kappa,
            document_icc=0.0, seed=1000 * seed + run,
        )  # fmt: skip
        one = MEASURES[name](made.filter(like="coder_"), categories=[0, 1], interval=Linearised(over="units"))
        found.append((one.low, one.high))
    low, high = np.array(found).T
    assert (high - low).mean() == pytest.approx(0.25, rel=0.03)
    error = wilson(int(((low <= agreement) & (agreement <= high)).sum()), len(found), 0.999)
    assert error[0] <= plan["coverage"] <= error[1]
    assert ("as good as it says" in plan["note"]) == (plan["coverage_low"] <= 0.95 <= plan["coverage_high"])


def test_too_narrow_an_interval_is_said():
    row = units_for_width(0.1, 0.9, 0.2, measure="gwet_ac1").iloc[0]
    assert row["coverage_high"] < 0.95
    assert "too narrow" in row["note"]
    assert row["n_without"] <= 0.1 * row["n_simulations"]


@settings(max_examples=20, deadline=None)
@given(
    st.sampled_from([0.03, 0.1, 0.3, 0.5, 0.8]),
    st.sampled_from([0.3, 0.6, 0.8, 0.95]),
    st.sampled_from(["cohen_kappa", "krippendorff_alpha", "percent_agreement", "positive_agreement"]),
    st.lists(st.floats(0.05, 0.9), min_size=2, max_size=2),
)
def test_what_always_holds(prevalence, agreement, name, widths):
    narrow, wide = (
        units_for_width(prevalence, agreement, width, measure=name, n_simulations=100).iloc[0]
        for width in sorted(widths)
    )
    if pd.isna(narrow["units"]):
        assert narrow["note"]
        return
    assert narrow["units"] >= wide["units"]
    assert 0 < narrow["expected_width"] <= narrow["width"]
    assert 0 <= narrow["coverage_low"] <= narrow["coverage"] <= narrow["coverage_high"] <= 1
    again = units_for_width(prevalence, agreement, narrow["width"], measure=name, n_simulations=100).iloc[0]
    pd.testing.assert_series_equal(again, narrow)


def test_turned_round_the_code_needs_as_many_units():
    rare, common = units_for_width({"rare": 0.2, "common": 0.8}, 0.7, 0.3)["units"]
    assert abs(rare - common) <= 0.05 * rare


def test_codes_keep_their_order_and_their_own_agreement():
    found = units_for_width(pd.Series({"b": 0.5, "a": 0.5, "c": 0.2}), {"a": 0.9, "b": 0.5, "c": 0.5}, 0.3)
    assert found["code"].tolist() == ["b", "a", "c"]
    assert found["units"][0] > found["units"][1]
    assert found["units"][2] > found["units"][0]
    assert found["units"].dtype == "Int64"


def test_undefined_says_why():
    assert units_for_width({"a": None}, 0.7, 0.2)["note"][0] == "the prevalence is not known"
    shares = {"never": 0.0, "always": 1.0, "unknown": np.nan, "rare": 0.02}
    found = units_for_width(shares, 0.7, 0.2, measure="gwet_ac1").set_index("code")
    assert found["units"].isna().all()
    assert found["coverage"].isna().all()
    assert found["note"].to_dict() == {
        "never": "a code that no unit carries has no agreement to plan for",
        "always": "a code that every unit carries has no agreement to plan for",
        "unknown": "the prevalence is not known",
        "rare": "with this prevalence gwet_ac1 lies above 0.958",
    }
    assert units_for_width(0.5, 1.0, 0.2)["note"][0] == "coders who never differ have no interval"
    assert units_for_width(0.5, -1.0, 0.2)["note"][0] == "with this prevalence cohen_kappa lies above -1"
    assert units_for_width(0.001, 0.5, 0.01)["note"][0] == "more than 131072 units"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"prevalence": 1.2}, "prevalence, code"), ({"prevalence": "much"}, "prevalence, code"),
        ({"prevalence": {}}, "prevalence"), ({"prevalence": True}, "prevalence, code"),
        ({"prevalence": pd.Series([0.1, 0.2], index=["a", "a"])}, "prevalence"),
        ({"agreement": {"a": 0.5}}, "agreement"), ({"agreement": 1.5}, "agreement, code"),
        ({"agreement": np.nan}, "agreement, code"), ({"agreement": None}, "agreement, code"),
        ({"width": 0}, "width"), ({"width": 2}, "width"), ({"width": np.inf}, "width"), ({"width": "wide"}, "width"),
        ({"level": 1}, "level"), ({"level": np.nan}, "level"),
        ({"measure": "kappa"}, "measure"), ({"measure": "u_alpha"}, "measure"), ({"measure": ["gwet_ac1"]}, "measure"),
        ({"n_simulations": 99}, "n_simulations"), ({"n_simulations": 150.5}, "n_simulations"), ({"seed": -1}, "seed"),
    ],
)  # fmt: skip
def test_refused_by_name(change, place):
    given = {"prevalence": 0.3, "agreement": 0.7, "width": 0.2} | change
    with pytest.raises(CrosscaseError) as caught:
        units_for_width(**given)
    assert [problem.place for problem in caught.value.problems] == [place]


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(CrosscaseError) as caught:
        units_for_width({"a": 2, "b": 0.1}, {"a": 0.5, "b": 7}, -1, level=0, seed=0.5)
    assert len(caught.value.problems) == 5
