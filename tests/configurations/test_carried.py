"""What a truth table can carry: bad input is named, nothing is hidden."""

import pandas as pd
import pytest

from crosscase.configurations import all_solutions, calibrate_rubric, carrying_capacity, limited_diversity, truth_table
from crosscase.errors import CrosscaseError
from crosscase.study import list_studies, load_study
from crosscase.study.examples import load_example


def demands(frame, outcome="Y"):
    return carrying_capacity(truth_table(frame, outcome)).set_index("demand")


def test_conditions_without_variation_are_named():
    frame = pd.DataFrame({"A": [1, 1, 0], "B": [1, 1, 1], "Y": [1, 1, 0]}, index=list("abc"))
    found = demands(frame).loc["conditions vary"]
    assert not found["met"]
    assert found["reason"] == "no variation: B"


def test_contradictory_rows_are_counted():
    frame = pd.DataFrame({"A": [1, 1, 0, 0], "Y": [1, 0, 0, 0]}, index=list("abcd"))
    found = demands(frame)
    assert found.loc["contradictory rows", "found"] == "1"
    assert found.loc["contradictory rows", "reason"] == "rows with both outcomes"
    agreed = demands(frame.assign(Y=[1, 1, 0, 0]))
    assert agreed.loc["contradictory rows", "met"]


def test_more_conditions_than_the_cases_carry():
    frame = pd.DataFrame({c: [1, 0, 1] for c in "ABCD"} | {"Y": [1, 0, 1]}, index=list("abc"))
    found = demands(frame).loc["configurations observed exceed conditions"]
    assert not found["met"]
    assert found["found"] == "2"
    assert "cannot be told apart" in found["reason"]


def test_cases_without_an_outcome_are_left_out_by_name():
    frame = pd.DataFrame({"A": [1, 0, 1], "Y": [1, 0, None]}, index=list("abc"))
    found = demands(frame).loc["cases left out"]
    assert found["found"] == "1"
    assert found["reason"].startswith("c: ")


def test_a_table_without_a_positive_row_has_reasons_in_the_place_of_solutions():
    frame = pd.DataFrame({"A": [1, 0], "Y": [0, 0]}, index=list("ab"))
    out = all_solutions(truth_table(frame, "Y"), "A")
    assert out["kind"].tolist() == ["complex", "parsimonious", "intermediate"]
    assert out["reason"].str.contains("2 rows '0'").all()


def test_crisp_lipset_complex_solution_as_published(crisp_lipset):
    """Rihoux & De Meur (2009), ch. 3: DEV*LIT*STB in the three forms of URB and IND."""
    out = all_solutions(truth_table(crisp_lipset, "SURV"))
    complex_terms = out.loc[out["kind"].eq("complex") & out["term"].ne("(model)"), "term"]
    assert set(complex_terms) == {"DEV*~URB*LIT*STB", "DEV*LIT*IND*STB"}
    parsimonious = out.loc[out["kind"].eq("parsimonious") & out["term"].ne("(model)"), "term"]
    assert list(parsimonious) == ["DEV*STB"]


def test_every_cell_of_the_fifteen_cases_names_a_fact_of_its_study_and_a_single_case():
    cells = load_example("configuration_cells")
    known = set(list_studies())
    for study, part in cells.groupby("study"):
        assert study in known
        loaded = load_study(study)
        single = loaded.cases.loc[loaded.cases["kind"].eq("case"), "case"]
        assert set(part["fact"]) <= set(loaded.facts["fact"])
        assert set(part["case"]) == set(single)
    assert cells["case"].nunique() == 15


SPEAKS_OF_IT = {
    "MANDATED": {"case", "policy_instrument"},
    "BELGIUM": {"country"},
    "MENTAL": {"sector", "partners", "target_population"},
    "BEYOND": {"sector", "partners", "outcome"},
    "GREW": {"outcome"},
}
"""Condition -> the fields of facts that speak of it."""


def test_no_cell_of_the_fifteen_cases_rests_on_silence():
    """A cell cites a fact that speaks of its condition; whom care is for never tells that somebody takes no part."""
    cells = load_example("configuration_cells")
    for study, part in cells.groupby("study"):
        facts = load_study(study).facts.set_index("fact")
        for cell in part.itertuples():
            cited = facts.loc[cell.fact]
            assert cited["status"] != "not_stated", cell
            assert cited["field"] in SPEAKS_OF_IT[cell.condition], cell
            assert cell.grade == "yes" or cited["field"] != "target_population", cell


def test_the_fifteen_cases_make_no_truth_table():
    members, _ = calibrate_rubric(load_example("configuration_cells"), load_example("configuration_rubric"))
    with pytest.raises(CrosscaseError, match="none complete"):
        truth_table(members, "GREW")


def test_textbook_table_is_the_published_one(fuzzy_lipset):
    ours = load_example("lipset").set_index("case")[list(fuzzy_lipset)]
    pd.testing.assert_frame_equal(ours, fuzzy_lipset)


def test_unknown_example_is_refused():
    with pytest.raises(CrosscaseError, match="lipset"):
        load_example("nothing")


@pytest.mark.parametrize("cuts", [1.0, (1.0, 0.5), (0.8, 0.2), 0.4])
def test_contradictions_are_counted_alike_wherever_they_are_counted(cuts):
    frame = pd.DataFrame({"A": [1, 1, 1, 0, 0], "B": [1, 1, 0, 0, 0], "Y": [1, 0, 1, 0, 1]}, index=list("abcde"))
    table = truth_table(frame, "Y", incl_cut=cuts)
    assert limited_diversity(table)["n_contradictory"].tolist() == [2]
    found = carrying_capacity(table).set_index("demand")
    assert found.loc["contradictory rows", "found"] == "2"
    assert limited_diversity(truth_table(frame.iloc[1:4], "Y"))["n_contradictory"].tolist() == [0]
