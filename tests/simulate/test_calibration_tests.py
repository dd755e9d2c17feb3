"""Calibration of tests between cases, and of saturation: the warning example fails, the offered tests hold."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from crosscase.calibration import (
    calibrate_saturation,
    calibrate_tests,
    group_tests,
    rejection_designs,
    saturation_designs,
    segment_chi_square,
)
from crosscase.errors import CrosscaseError
from crosscase.simulate import codings


def test_segment_chi_square_is_that_of_the_plain_table():
    study = codings(n_cases=3, n_participants=4, n_segments=20, n_codes=1, prevalence=0.3, seed=4)
    case = study.documents.set_index("document")["case"]
    coded = study.codings["document"].map(case).value_counts().reindex(["case_1", "case_2", "case_3"]).to_numpy()
    table = np.vstack([coded, 80 - coded])
    assert segment_chi_square(study) == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue)


def test_two_coders_of_one_segment_count_it_once():
    one = codings(n_cases=2, n_codes=1, prevalence=0.3, seed=4)
    two = codings(n_cases=2, n_codes=1, prevalence=0.3, seed=4)
    doubled = pd.concat([two.codings, two.codings.assign(coder="coder_2")], ignore_index=True)
    object.__setattr__(two, "codings", doubled)
    assert segment_chi_square(one) == segment_chi_square(two)


def test_segments_deceive_where_participants_differ_and_exchanging_them_does_not():
    """No case differs, participants do (standard deviation 1): the published warning, and the remedy."""
    designs = rejection_designs("any_case", n_cases=[4], n_codes=[1], prevalence=[0.1])
    table = calibrate_tests(designs, n_permutations=199, n_simulations=120, seed=1).set_index("test")
    assert table.loc["chi-square on segments", "rate"] > 0.3
    assert table.loc["chi-square on segments", "words"].startswith("cannot be trusted")
    assert table.loc["participants exchanged, maxT", "rate_low"] < 0.05
    assert not table.loc["participants exchanged, maxT", "words"].startswith("cannot")


def test_six_cases_cannot_reach_a_verdict_by_exchanging_cases():
    """Three against three: twenty divisions, smallest p .1."""
    designs = rejection_designs("two_groups", n_cases=[6], n_codes=[2], effect=[3.0])
    table = calibrate_tests(designs, n_permutations=99, n_simulations=10).set_index("test")
    assert table.loc["cases exchanged, maxT", "rate"] == 0
    assert table["measures"].unique().tolist() == ["power"]


def test_rows_come_again_whatever_stood_beside_them():
    designs = rejection_designs("any_case", n_cases=[3, 4], n_codes=[2])
    options = {"n_permutations": 99, "n_simulations": 6, "seed": 7}
    both = calibrate_tests(designs, **options)
    alone = calibrate_tests(designs.iloc[[1]], **options)
    pd.testing.assert_frame_equal(both[both["n_cases"] == 4].reset_index(drop=True), alone)


def test_the_warning_tests_stand_only_where_they_answer_the_question():
    assert "cases exchanged, maxT" not in group_tests("any_case")
    assert "cases exchanged, maxT" in group_tests("two_groups")
    with pytest.raises(CrosscaseError, match="any_case, two_groups"):
        group_tests("why")
    with pytest.raises(CrosscaseError, match="column question"):
        calibrate_tests(pd.DataFrame({"n_cases": [3]}))


def test_chao2_is_a_lower_bound_where_many_codes_are_rare():
    designs = saturation_designs(n_units=[12], shape_rare=[0.6], unit_sd=[0.0])
    table = calibrate_saturation(
        designs, estimates=["chao2_classic", "sample_coverage"], n_simulations=60, resamples=60
    ).set_index("estimator")
    assert table.loc["chao2_classic", "bias"] < -3
    assert table.loc["chao2_classic", "words"].startswith("cannot be trusted")
    assert abs(table.loc["sample_coverage", "bias"]) < 0.03
    assert table[["shape_rare", "shape_common"]].iloc[0].tolist() == [0.6, 3.0]
    with pytest.raises(CrosscaseError, match="chao2_classic"):
        calibrate_saturation(designs, estimates=["chao17"])
