"""Simulated interviews hold codes with their chances, and saturation intervals are judged against the truth."""

import math

import numpy as np
import pytest

from crosscase.errors import CrosscaseError
from crosscase.saturation import richness_table, units_needed
from crosscase.simulate import sampling_units, saturation_coverage


@pytest.mark.parametrize("unit_sd", [0.0, 1.0])
def test_units_hold_codes_as_often_as_the_chances_say(unit_sd):
    made = sampling_units(n_units=20_000, n_codes=12, shape=(1, 2), unit_sd=unit_sd, seed=1)
    assert made.presence.mean().to_numpy() == pytest.approx(made.chances, abs=0.015)


def test_truth_by_hand():
    """Chances .5, .3, .2, the last unseen: coverage .8; unseen after t more: .2 * .8^t, at most .1 from t = 4."""
    made = sampling_units(n_units=3, n_codes=3, seed=1)
    made.chances[:] = [0.5, 0.3, 0.2]
    made.presence.iloc[:, :2] = True
    made.presence.iloc[:, 2] = False
    assert made.truth("coverage") == pytest.approx(0.8)
    assert made.truth("codes") == 3
    assert 0.2 * 0.8**4 < 0.1 < 0.2 * 0.8**3
    assert made.truth("units_to_coverage", 0.9) == 4
    assert made.truth("units_to_coverage", 0.8 - 1e-9) == 0


def coverage(presence, seed):
    row = units_needed(presence.sum(), len(presence), of=(), n_resamples=100, seed=seed).iloc[0]
    return row["value"], row["low"], row["high"]


def chao2(presence, seed):
    row = richness_table(presence.sum(), len(presence), estimators=["chao2_classic"]).iloc[0]
    return row["value"], row["low"], row["high"]


def test_coverage_can_be_trusted_and_chao2_is_a_lower_bound():
    """Twelve interviews, sixty codes, many rare: what the methods chapter says about both estimators."""
    table = saturation_coverage(
        {"coverage": (coverage, "coverage"), "chao2": (chao2, "codes")},
        [{"n_units": 12, "n_codes": 60, "shape": (0.6, 3.0)}],
        n_simulations=120,
        seed=2,
    ).set_index("estimator")
    assert table.loc["coverage", "coverage_high"] >= 0.95
    assert table.loc["coverage", "coverage"] > 0.88
    assert abs(table.loc["coverage", "bias"]) < 0.02
    assert table.loc["chao2", "bias"] < -3
    assert table.loc["chao2", "missed_below"] > table.loc["chao2", "missed_above"]


def test_undefined_estimates_are_counted():
    table = saturation_coverage({"coverage": (coverage, "coverage")}, [{"n_units": 1}], n_simulations=4)
    assert table["n_undefined"].tolist() == [4]
    assert math.isnan(table["coverage"].iloc[0])


def test_bad_options_are_named_together():
    with pytest.raises(CrosscaseError) as caught:
        sampling_units(n_units=0, shape=(0, 1), unit_sd=-1)
    assert [problem.place for problem in caught.value.problems] == ["n_units", "shape", "unit_sd"]
    with pytest.raises(CrosscaseError, match="coverage, codes"):
        saturation_coverage({"x": (coverage, "themes")}, [])


def test_seeds_repeat_the_units():
    assert sampling_units(seed=3).presence.equals(sampling_units(seed=3).presence)
    assert not np.array_equal(sampling_units(seed=3).chances, sampling_units(seed=4).chances)
