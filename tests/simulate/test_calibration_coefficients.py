"""Calibration of the package's own intervals: rows come again from their seed, failures are seen and said."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

from crosscase import agreement
from crosscase.calibration import (
    COEFFICIENTS,
    INTERVALS,
    agreement_estimators,
    calibrate_agreement,
    design_seed,
    where_trusted,
)
from crosscase.errors import CrosscaseError
from crosscase.simulate import agreement_designs, coder_units, interval_coverage

DESIGNS = agreement_designs(n_coders=[2], n_units=[20, 60], n_documents=[10], prevalence=[0.5], document_icc=[0.0])


def test_each_estimator_gives_what_the_coefficient_gives():
    judged = coder_units(n_coders=3, n_units=40, n_documents=8, prevalence=0.4, seed=3)
    ratings, documents = judged.filter(like="coder_"), judged["document"]
    for name, (estimate, _) in agreement_estimators(list(COEFFICIENTS), resamples=60).items():
        coefficient, interval = name.split(", ")
        method, over = interval.split("_")
        asked = agreement.Bootstrap(over, 60, 9) if method == "bootstrap" else agreement.Linearised(over)
        found = getattr(agreement, coefficient)(ratings, categories=[0, 1], documents=documents, interval=asked)
        assert estimate(ratings, documents, 9) == (found.value, found.low, found.high)


def test_a_row_comes_again_from_its_own_seed_whatever_stood_beside_it():
    options = {"coefficients": ["gwet_ac1"], "n_simulations": 15, "resamples": 40, "seed": 5}
    both = calibrate_agreement(DESIGNS, **options)
    alone = calibrate_agreement(DESIGNS.iloc[[1]], **options)
    pd.testing.assert_frame_equal(both[both["n_units"] == 60].reset_index(drop=True), alone)
    row = alone.iloc[0]
    estimators = agreement_estimators(["gwet_ac1"], [row["interval"]], resamples=40)
    again = interval_coverage(estimators, DESIGNS.iloc[[1]], n_simulations=15, seed=int(row["seed"])).iloc[0]
    assert again[["coverage", "mean_estimate", "mean_width"]].equals(row[["coverage", "mean_estimate", "mean_width"]])


def test_several_workers_give_the_same_table():
    options = {"coefficients": ["percent_agreement"], "intervals": ["linearised_units"], "n_simulations": 5}
    with ThreadPoolExecutor(2) as pool:
        parallel = calibrate_agreement(DESIGNS, each=pool.map, **options)
    pd.testing.assert_frame_equal(parallel, calibrate_agreement(DESIGNS, **options))


def test_few_documents_are_too_few_for_the_bootstrap_and_many_are_enough():
    """Units of one document alike: 200 units carry the information of 30 documents, or of 3, which is hardly any."""
    designs = agreement_designs(
        n_coders=[2], n_units=[200], n_documents=[30], prevalence=[0.5], agreement=[0.5], document_icc=[0.9]
    )
    table = calibrate_agreement(
        designs, coefficients=["krippendorff_alpha"], intervals=["linearised_documents"],
        n_simulations=120, seed=2,
    ).set_index("interval")  # fmt: skip
    assert table.loc["linearised_documents", "coverage"] > 0.9
    few = calibrate_agreement(
        designs.assign(n_documents=3), coefficients=["krippendorff_alpha"], intervals=["bootstrap_documents"],
        n_simulations=80, resamples=150, seed=2,
    ).iloc[0]  # fmt: skip
    assert few["coverage"] < 0.8
    assert few["words"].startswith("cannot be trusted")


def test_rare_codes_leave_the_coefficient_undefined_and_the_words_say_so():
    designs = agreement_designs(n_coders=[2], n_units=[20], n_documents=[3], prevalence=[0.02])
    table = calibrate_agreement(designs, coefficients=["krippendorff_alpha"], n_simulations=40, resamples=40)
    assert (table["n_undefined"] > 10).all()
    assert table["words"].str.contains("undefined in").all()


def test_seeds_depend_on_the_settings_and_nothing_else():
    one = {"n_units": np.int64(20), "prevalence": 0.1}
    assert design_seed(1, one) == design_seed(1, {"prevalence": 0.1, "n_units": 20})
    assert len({design_seed(seed, {"n_units": n}) for seed in range(5) for n in range(50)}) == 250


def test_the_summary_counts_designs_and_leaves_power_out():
    table = pd.DataFrame(
        {"test": ["a", "a", "b"], "measures": ["type-1 error", "power", "type-1 error"], "rate": [0.04, 0.9, 0.6],
         "n_undefined": 0, "n_simulations": 100, "words": ["as good as it says", "", "cannot be trusted: finds"]}
    )  # fmt: skip
    out = where_trusted(table, ["test"]).set_index("test")
    assert out["n_designs"].tolist() == [1, 1]
    assert out["n_not_trusted"].tolist() == [0, 1]
    assert out.loc["a", "highest"] == 0.04
    assert out.loc["b", "words"] == "in 1 of 1 design not to be trusted; rejects in .60 to .60 of the simulations"


def test_unknown_names_are_refused_with_the_known_ones():
    with pytest.raises(CrosscaseError, match="krippendorff_alpha"):
        calibrate_agreement(DESIGNS, coefficients=["kappa_of_somebody"])
    with pytest.raises(CrosscaseError, match=INTERVALS[0]):
        calibrate_agreement(DESIGNS, intervals=["guess"])
    with pytest.raises(CrosscaseError, match="column n_coders"):
        calibrate_agreement(DESIGNS.drop(columns="n_coders"))
    with pytest.raises(CrosscaseError, match="by: a known name"):
        where_trusted(pd.DataFrame({"coverage": [1.0]}), ["colour"])
