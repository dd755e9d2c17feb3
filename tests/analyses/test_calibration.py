"""Calibration in sentences: shares, ties and totals come from the simulated tables alone."""

import pandas as pd
import pytest

from crosscase.analyses import calibration
from crosscase.errors import CrosscaseError
from crosscase.study.shared import load_shared


def intervals(*rows):
    frame = pd.DataFrame(rows, columns=["coefficient", "interval", "n_documents", "prevalence", "coverage"])
    bad = frame["coverage"].lt(0.9).map({True: "cannot be trusted: too narrow", False: "as good as it says"})
    return frame.assign(n_undefined=0, n_simulations=100, words=bad)


TWO = intervals(
    ("gwet_ac1", "bootstrap_units", 3, 0.1, 0.70),
    ("gwet_ac1", "bootstrap_units", 3, 0.1, 0.90),
    ("gwet_ac1", "linearised_units", 3, 0.5, 0.95),
    ("conger_kappa", "linearised_units", 3, 0.5, 0.40),
)


def test_coverage_is_the_mean_over_designs_by_how_rare_the_code_is():
    result = calibration.coverage(TWO, "gwet_ac1")
    assert result.frame[["label", "estimate", "low", "high", "n"]].round(2).values.tolist() == [
        ["Bootstrap, units: 3 documents, code on 10 %", 0.8, 0.7, 0.9, 2],
        ["Linearised, units: 3 documents, code on 50 %", 0.95, 0.95, 0.95, 1],
    ]
    assert result.sentence.startswith(
        "In simulated studies, intervals of Gwet's AC1 that promise to hold the true value in 95 % hold it in "
        "80 % for a code on 10 % and 95 % for a code on 50 % of the units"
    )
    assert {value.id: value.value for value in result.values} == {"level": 0.95, "agreement.n": 4}
    with pytest.raises(CrosscaseError, match="gwet_ac1, conger_kappa"):
        calibration.coverage(TWO, "fleiss_kappa")


def test_distrust_is_counted_over_designs_coefficients_and_intervals():
    assert calibration.agreement(TWO).sentence.startswith(
        "An interval of agreement cannot be trusted in 1 of 2 for a code on 10 % and 1 of 2 for a code on 50 % of the "
    )


def test_the_most_and_least_trusted_are_named_and_ties_too():
    assert calibration.agreement_by_coefficient(TWO).sentence == (
        "Designs in which an interval cannot be trusted: fewest with Gwet's AC1, linearised over units (0 of 1), "
        "most with Conger's kappa, linearised over units (1 of 1)."
    )
    tied = calibration.agreement_by_coefficient(TWO.iloc[[0, 3]]).sentence
    assert tied.count("Gwet's AC1, bootstrap over units and with Conger's kappa, linearised over units (1 of 1)") == 2


def test_estimates_of_saturation_are_named_in_words():
    table = pd.DataFrame({"estimator": ["jackknife1", "chao2_classic"], "n_units": 6, "coverage": [0.95, 0.5]})
    table = table.assign(n_undefined=0, n_simulations=10, words=["as good as it says", "cannot be trusted: too narrow"])
    assert calibration.saturation(table).sentence == (
        "Intervals that cannot be trusted, and in how many designs: first jackknife in 0 of 1; Chao2 in 1 of 1."
    )


def test_false_alarms_leave_power_out_and_begin_with_the_best_test():
    table = pd.DataFrame({
        "question": "any_case", "test": ["chi", "chi", "exchange", "exchange"], "n_codes": 1,
        "measures": ["type-1 error", "power", "type-1 error", "type-1 error"], "rate": [0.4, 0.9, 0.01, 0.05],
        "n_undefined": 0, "n_simulations": 100, "words": "as good as it says",
    })  # fmt: skip
    result = calibration.false_alarms(table)
    assert result.sentence == (
        "Where no case differs, tests at 5 % find a difference in 1 to 5 % of the studies (exchange) and "
        "40 % of the studies (chi)."
    )
    values = {value.id: value.value for value in result.values}
    assert values["tests.highest.any_case.chi.1"] == 0.4
    assert values["tests.lowest.any_case.exchange.1"] == 0.01
    with pytest.raises(CrosscaseError, match="n_codes"):
        calibration.false_alarms(table.drop(columns="n_codes"))


def test_every_committed_table_makes_a_sentence():
    tables = [load_shared(f"calibration_{name}") for name in ("agreement", "saturation", "tests")]
    results = [calibration.coverage(tables[0], "krippendorff_alpha"), calibration.agreement(tables[0])]
    results += [calibration.agreement_by_coefficient(tables[0]), calibration.saturation(tables[1])]
    for result in [*results, calibration.false_alarms(tables[2])]:
        assert result.sentence.endswith(".")
        assert "nan" not in result.sentence
        assert "_" not in result.sentence
