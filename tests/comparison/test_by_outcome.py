"""Cases against their outcomes: thin facts are named, never hidden or guessed; a count is no case."""

import pandas as pd

from crosscase import comparison, outcomes
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


def test_ratings_count_only_what_is_stated_of_the_case_itself(stated):
    ratings = outcomes.case_ratings(stated, CASES).set_index("case")
    assert ratings["outcome"].tolist() == [1.0, 0.0]
    nothing = outcomes.case_ratings(stated[stated["state"].eq("count")], CASES)
    assert nothing["outcome"].isna().all()
    assert nothing["reason"].eq("no outcome is stated of this case by itself").all()


def test_a_count_never_fills_the_cell_of_a_case(stated):
    status = outcomes.progress(stated, CASES).set_index(["case", "step"])["status"]
    assert status.to_dict() == {
        ("a", "plan"): "reached",
        ("a", "pay"): "unknown",
        ("b", "plan"): "not_reached",
        ("b", "pay"): "unknown",
    }
    assert outcomes.progress_totals(stated)[["step", "k", "n"]].values.tolist() == [["pay", 1, 2]]


def test_none_of_all_cases_is_known_of_each(stated):
    kinds = [*CASES["kind"], "all"]
    cases = pd.DataFrame({"case": [*CASES["case"], "every"], "label": "L", "kind": kinds})
    pay = stated["state"].eq("count")
    said = stated.assign(case=stated["case"].mask(pay, "every"), k=stated["k"].mask(pay, 0), n=stated["n"].mask(pay, 2))
    status = outcomes.progress(said, cases).set_index(["case", "step"])["status"]
    assert status["a", "pay"] == status["b", "pay"] == "not_reached"
    assert outcomes.case_ratings(said, cases)["n_stated"].tolist() == [2, 2]
    assert outcomes.progress_totals(outcomes.of_each(said, cases)).empty
    of_all = said.assign(k=said["k"].mask(pay, 2))
    assert outcomes.progress(of_all, cases)["status"].eq("unknown").sum() == 2
    assert outcomes.of_each(said.assign(case=said["case"].mask(pay, "some")), cases)["k"].eq(0).any()


def test_missing_outcomes_leave_no_contrast():
    ratings = pd.DataFrame({"case": ["a", "b"], "outcome": [1.0, None]})
    assert comparison.contrast_by_outcome(cells(), ratings).empty
    assert comparison.contrast_by_outcome(cells(), ratings.assign(outcome=[1.0, 1.0])).empty
    assert len(comparison.contrast_by_outcome(cells(), ratings.assign(outcome=[1.0, 0.0]))) == 2


def test_cases_that_cannot_be_told_apart_are_refused_as_a_pair():
    ratings = pd.DataFrame({"case": ["a", "b"], "outcome": [1.0, 0.0]})
    assert comparison.case_pairs(cells(), ratings)["refused"].tolist() == [
        "nothing is stated of both cases: they cannot be told apart"
    ]
    told = theme_matrix(CODINGS, THEMES, cases=CASES.assign(coverage="complete"))
    pair = comparison.case_pairs(told, ratings).iloc[0]
    assert (pair["refused"], pair["design"], pair["different"]) == ("", "most-similar different-outcome", "t")
    same = comparison.case_pairs(told, ratings.assign(outcome=1.0)).iloc[0]
    assert (same["refused"], same["design"]) == ("", "most-different same-outcome")
    alone = comparison.case_pairs(theme_matrix(CODINGS, THEMES, cases=CASES[:1]), ratings[:1])
    assert alone.empty
    assert "refused" in alone


def test_negative_cases_are_counted_and_named():
    told = theme_matrix(CODINGS, THEMES, cases=CASES.assign(coverage="complete"))
    reached = pd.DataFrame({"case": ["a", "b"], "outcome": [False, None]})
    out = comparison.negative_summary(comparison.negative_cases(told, reached)).set_index("theme")
    assert out.loc["t", ["negative", "not_known", "negative_cases"]].tolist() == [1, 1, "a"]
    assert out.loc["u", ["irrelevant", "not_known"]].tolist() == [1, 1]
    assert (out[["confirms", "negative", "irrelevant", "not_known"]].sum(axis=1) == out["n_cases"]).all()


def test_a_pair_that_is_neither_alike_nor_unlike_enough_says_why():
    grid = pd.DataFrame({"case": list("aabb"), "kind": "case", "theme": ["t", "u"] * 2, "state": "present"})
    ratings = pd.DataFrame({"case": ["a", "b"], "outcome": [1.0, 1.0]})
    assert comparison.case_pairs(grid, ratings)["refused"].tolist() == [
        "too little differs to tell what the same outcome does without"
    ]
    other = grid.assign(state=["present", "present", "absent", "absent"])
    assert comparison.case_pairs(other, ratings.assign(outcome=[1.0, 0.0]))["refused"].tolist() == [
        "too much differs to tell what makes the outcomes differ"
    ]
