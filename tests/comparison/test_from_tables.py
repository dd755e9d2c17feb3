"""Comparisons from the tables of a study: thin or contradictory facts are named, never hidden or guessed."""

import pandas as pd
import pytest

from crosscase import comparison, outcomes
from crosscase.errors import CrosscaseError
from crosscase.matrices import theme_matrix

CASES = pd.DataFrame({"case": ["a", "b"], "label": ["A", "B"], "kind": "case", "coverage": ["complete", "partial"]})
THEMES = pd.DataFrame({"theme": ["t", "u"], "parent": [None, None]})
CODINGS = pd.DataFrame(
    {
        "coding_id": ["k1", "k2"],
        "document": "d",
        "start": [0, 5],
        "end": [4, 9],
        "code": ["x", "y"],
        "case": "a",
        "theme": ["t", "t"],
        "coder": "c",
        "valence": "na",
    }
)
OUTCOMES = pd.DataFrame(
    {
        "outcome": ["plan", "plan", "pay", "pay"],
        "label": ["Plan", "Plan", "Pay", "Pay"],
        "kind": ["step", "step", "outcome", "outcome"],
        "order": [1, 1, 2, 2],
        "case": ["a", "b", "a", "some"],
        "state": ["yes", "no", "not_stated", "count"],
        "k": [None, None, None, 1],
        "n": [None, None, None, 2],
        "stage": "paper",
        "source": "",
        "fact": None,
    }
)


def cells():
    return theme_matrix(CODINGS, THEMES, cases=CASES)


def test_a_case_without_codings_is_not_stated_unless_its_coverage_is_complete():
    states = cells().set_index(["case", "theme"])["state"]
    assert states["a", "t"] == "present"
    assert states["a", "u"] == "absent"
    assert states["b", "t"] == states["b", "u"] == "not_stated"
    drawn = comparison.meta_frame(cells(), pd.DataFrame({"case": ["a", "b"], "outcome": [1, None]}))
    words = drawn.set_index(["case", "column"])["text"]
    assert words["a", "t"] == "2 segments"
    assert pd.isna(words["b", "t"])
    assert pd.isna(words["b", "outcome"])
    assert drawn.loc[drawn["case"].eq("b"), "order_note"].eq("outcome not stated").all()


def test_ratings_count_only_what_is_stated_of_the_case_itself():
    ratings = outcomes.case_ratings(OUTCOMES, CASES).set_index("case")
    assert ratings["outcome"].tolist() == [1.0, 0.0]
    nothing = outcomes.case_ratings(OUTCOMES[OUTCOMES["state"].eq("count")], CASES)
    assert nothing["outcome"].isna().all()
    assert nothing["reason"].eq("no outcome is stated of this case by itself").all()


def test_a_count_never_fills_the_cell_of_a_case():
    status = outcomes.progress(OUTCOMES, CASES).set_index(["case", "step"])["status"]
    assert status.to_dict() == {
        ("a", "plan"): "reached",
        ("a", "pay"): "unknown",
        ("b", "plan"): "not_reached",
        ("b", "pay"): "unknown",
    }
    assert outcomes.progress_totals(OUTCOMES)[["step", "k", "n"]].values.tolist() == [["pay", 1, 2]]


def test_missing_outcomes_leave_no_contrast_and_say_how_many_are_stated():
    ratings = pd.DataFrame({"case": ["a", "b"], "outcome": [1.0, None]})
    out = comparison.contrast_or_reason(cells(), ratings)
    assert out["reason"].str.contains("1 of 2 cases").all()
    assert len(comparison.contrast_or_reason(cells(), ratings.assign(outcome=[1.0, 0.0]))) == 2


def test_cases_that_cannot_be_told_apart_are_refused_as_a_pair():
    ratings = pd.DataFrame({"case": ["a", "b"], "outcome": [1.0, 0.0]})
    assert comparison.case_pairs(cells(), ratings)["refused"].tolist() == [
        "nothing is stated of both cases: they cannot be told apart"
    ]
    told = theme_matrix(CODINGS, THEMES, cases=CASES.assign(coverage="complete"))
    pair = comparison.case_pairs(told, ratings).iloc[0]
    assert (pair["refused"], pair["design"], pair["different"]) == ("", "most-similar different-outcome", "t")
    alone = comparison.case_pairs(theme_matrix(CODINGS, THEMES, cases=CASES[:1]), ratings[:1])
    assert alone["refused"].tolist() == ["one case only: there is no pair"]


def test_negative_cases_are_counted_and_named():
    told = theme_matrix(CODINGS, THEMES, cases=CASES.assign(coverage="complete"))
    reached = pd.DataFrame({"case": ["a", "b"], "outcome": [False, None]})
    out = comparison.negative_summary(comparison.negative_cases(told, reached)).set_index("theme")
    assert out.loc["t", ["negative", "not_known", "negative_cases"]].tolist() == [1, 1, "a"]
    assert out.loc["u", ["irrelevant", "not_known"]].tolist() == [1, 1]
    assert (out[["confirms", "negative", "irrelevant", "not_known"]].sum(axis=1) == out["n_cases"]).all()


def test_roles_without_participants_have_a_reason_and_a_role_in_one_case_is_named():
    codings = pd.DataFrame(
        {
            "document": list("pqrst"),
            "code": ["x", "y", "x", "y", "x"],
            "case": ["a", "a", "b", "b", "b"],
            "role": ["nurse", "manager", "nurse", "manager", "lawyer"],
        }
    )
    unknown = pd.DataFrame({"document": list("pqrst"), "participant": None})
    out = comparison.role_comparison(codings, unknown, n_permutations=99)
    assert out["p"].isna().all()
    assert "no document names its participant" in out["reason"][0]
    people = unknown.assign(participant=[f"p{i}" for i in range(5)])
    tested = comparison.role_comparison(codings, people, n_permutations=99)
    assert tested["n"].eq(5).all()
    assert tested["reason"].str.contains("in one case only: lawyer").all()


def test_propositions_match_only_what_is_stated_of_the_case():
    said = {"proposition": "p", "predicted": "yes", "replication": "literal", "written": "2020-01-01"}
    both = [said | {"case": case, "outcome": "plan"} for case in ("a", "b")]
    out = comparison.match_propositions(both, outcomes.observations(OUTCOMES))
    assert out["match"].tolist() == ["as predicted", "not as predicted"]
    unstated = comparison.match_propositions([said | {"case": "a", "outcome": "pay"}], outcomes.observations(OUTCOMES))
    assert unstated["match"].tolist() == ["not stated"]
    with pytest.raises(CrosscaseError, match="replication"):
        comparison.match_propositions([{"proposition": "p", "case": "a"}], outcomes.observations(OUTCOMES))


def test_contradictory_statuses_of_one_case_are_refused():
    records = pd.DataFrame({"case": "a", "step": "plan", "status": ["done", "not_started"]})
    with pytest.raises(CrosscaseError, match="one status"):
        comparison.step_progress(records, ["plan"], CASES)


def test_codes_that_always_share_paragraphs_are_marked_and_strangers_are_not():
    rows = [(i, code) for i in range(30) for code in (["x", "y"] if i < 12 else ["u"] if i % 2 else ["v"])]
    codings = pd.DataFrame(rows, columns=["paragraph", "code"]).assign(document="d")
    out = comparison.marked_pairs(codings, n_permutations=199).set_index(["code_a", "code_b"])
    assert out.loc[("x", "y"), "n"] == 12
    assert out.loc[("x", "y"), "marked"]
    assert not out["marked"].drop(("x", "y")).any()


def test_dated_facts_stay_with_the_study_as_a_whole():
    facts = pd.DataFrame({"fact": ["f", "g"], "date": ["2016-02", None], "event": ["Start", "Undated"]})
    out = comparison.dated_events(facts, CASES).set_index("case")
    assert out.loc["study_as_a_whole", "events"] == "Start"
    assert out.loc[["a", "b"], "state"].eq("not_stated").all()


def test_very_many_codings_are_dealt_out_less_often_and_the_table_says_so(monkeypatch):
    rows = [("d", paragraph, code) for paragraph in range(12) for code in ("abc" if paragraph % 2 else "ab")]
    codings = pd.DataFrame(rows, columns=["document", "paragraph", "code"])
    assert comparison.marked_pairs(codings)["smallest_p"].unique().tolist() == [1 / 1000]
    monkeypatch.setattr("crosscase.comparison.from_tables.EXCHANGES", 200 * len(codings))
    assert comparison.marked_pairs(codings)["smallest_p"].unique().tolist() == [1 / 201]
    monkeypatch.setattr("crosscase.comparison.from_tables.EXCHANGES", 1)
    assert comparison.marked_pairs(codings)["smallest_p"].unique().tolist() == [1 / 100]
