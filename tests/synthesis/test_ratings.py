"""Ratings of constructs: entered by people, laid out with their states, never touched by the computed aid."""

import math

import pandas as pd
import pytest

from crosscase import synthesis
from crosscase.errors import CrosscaseError

CONSTRUCTS = pd.DataFrame({"construct": ["A/c", "A/d"], "label": ["C", "D"], "order": [1, 2]})
CASES = ["n", "s"]


def rating(case, construct, value, rater="anna", turn="consensus", **more):
    base = {"case": case, "construct": construct, "rating": value, "rater": rater, "round": turn}
    return base | {"rationale": "said so", "segments": None} | more


def checked(*rows, **options):
    return synthesis.check_ratings(pd.DataFrame(list(rows)), CONSTRUCTS, CASES, **options)


def test_the_states_of_a_rating_are_kept_apart():
    rows = checked(
        rating("n", "A/c", "0 mixed"),
        rating("s", "A/c", "missing"),
        rating("n", "A/d", "+2", "anna", "independent"),
        rating("n", "A/d", "1", "ben", "independent"),
    )
    out = synthesis.rating_matrix(rows, CONSTRUCTS, CASES).set_index(["construct", "case"])
    assert out["state"].tolist() == ["rated", "missing", "raters differ", "not rated"]
    assert out.loc[("A/c", "n"), ["value", "mixed"]].tolist() == [0.0, True]
    assert out["value"].isna().tolist() == [False, True, True, True]
    assert "anna: 2; ben: 1" in out.loc[("A/d", "n"), "reason"]


def test_the_consensus_counts_where_there_is_one():
    rows = checked(
        rating("n", "A/c", "2", "anna", "independent"),
        rating("n", "A/c", "-1", "ben", "independent"),
        rating("n", "A/c", "1", "anna, ben"),
    )
    cell = synthesis.rating_matrix(rows, CONSTRUCTS, CASES).iloc[0]
    assert cell[["rating", "value", "round"]].tolist() == ["1", 1.0, "consensus"]


def test_everything_wrong_with_ratings_is_said_at_once():
    rows = [
        rating("west", "A/c", "3"),
        rating("n", "B", "1", "program", rationale=" "),
        rating("s", "A/c", "1", "anna"),
        rating("s", "A/c", "2", "ben"),
    ]
    with pytest.raises(CrosscaseError) as caught:
        checked(*rows, coders={"program": "language_model"})
    rules = " | ".join(str(problem) for problem in caught.value.problems)
    for words in (
        "known rating",
        "known case",
        "construct of the framework",
        "has a rationale",
        "by people",
        "one row",
    ):
        assert words in rules
    assert len(caught.value.problems) == 6


def codings(*rows):
    columns = ["coding_id", "document", "case", "theme", "valence", "role", "role_mode", "coder"]
    return pd.DataFrame(list(rows), columns=columns)


CODED = codings(
    ("k1", "d1", "n", "t", "promotes", "nurse", "voice", "model"),
    ("k2", "d1", "n", "t", "promotes", "manager", "voice", "model"),
    ("k3", "d1", "s", "t", "promotes", "nurse", "about", "model"),
    ("k4", "d1", "s", "u", "inhibits", "nurse", "voice", "model"),
    ("k5", "d1", "s", "u", "promotes", "nurse", "voice", "model"),
    ("k6", "d1", "elsewhere", "u", "promotes", "nurse", "voice", "model"),
)
MAP = pd.DataFrame({"theme": ["t", "u"], "framework": "own", "construct": ["A/c", "A/d"], "mapper": "model"})


def test_the_aid_offers_what_contradicts_no_count():
    aid = synthesis.rating_aid(CODED, MAP, CONSTRUCTS, CASES, "own").set_index(["construct", "case"])
    assert aid["compatible"].tolist() == ["1;2", "1", "missing", "0 mixed;-1;1"]
    assert aid["n_segments"].tolist() == [2, 1, 0, 2]
    assert aid.loc[("A/c", "s"), "n_voices"] == 0
    assert aid.loc[("A/c", "n"), ["coders", "mappers"]].tolist() == ["model", "model"]


def test_the_aid_never_changes_a_rating():
    rows = checked(rating("n", "A/c", "-2"), rating("s", "A/c", "1"), rating("n", "A/d", "2"), rating("s", "A/d", "-1"))
    matrix = synthesis.rating_matrix(rows, CONSTRUCTS, CASES)
    aid = synthesis.rating_aid(CODED, MAP, CONSTRUCTS, CASES, "own")
    out = synthesis.ratings_beside_aid(matrix, aid)
    pd.testing.assert_frame_equal(out[matrix.columns], matrix)
    assert out["look"].tolist() == ["the coded segments point to 1 or 2", "", "rated without a coded segment", ""]


def test_without_ratings_nothing_is_filled_in():
    matrix = synthesis.rating_matrix(pd.DataFrame(), CONSTRUCTS, CASES)
    out = synthesis.ratings_beside_aid(matrix, synthesis.rating_aid(CODED, MAP, CONSTRUCTS, CASES, "own"))
    assert out["rating"].isna().all()
    assert out["value"].isna().all()
    assert out["look"].tolist() == ["not rated by people", "not rated by people", "", "not rated by people"]
    groups = pd.Series({"n": "high", "s": "low"})
    found = synthesis.distinguishing_constructs(matrix, groups)
    assert found["finding"].unique().tolist() == ["not enough ratings"]
    assert found["reason"].unique().tolist() == ["no person has rated this"]


def contrast(high, low, **options):
    values = [*high, *low]
    names = [f"h{i}" for i in range(len(high))] + [f"l{i}" for i in range(len(low))]
    constructs = CONSTRUCTS.iloc[:1]
    rows = synthesis.check_ratings(
        pd.DataFrame([rating(name, "A/c", value) for name, value in zip(names, values)]), constructs, names
    )
    matrix = synthesis.rating_matrix(rows, constructs, names)
    groups = pd.Series({name: "high" if name.startswith("h") else "low" for name in names})
    return synthesis.distinguishing_constructs(matrix, groups, **options).iloc[0]


@pytest.mark.parametrize(
    ("high", "low", "gap", "finding"),
    [
        (["2", "1"], ["-1", "-2"], 2, "distinguishes strongly"),
        (["1", "2"], ["0", "-1"], 1, "distinguishes weakly"),
        (["1", "0"], ["0 mixed", "-1"], 0, "does not distinguish"),
        (["-2", "-1"], ["1", "0"], -3, "against expectation"),
        (["2", "missing"], ["-1", "-2"], math.nan, "not enough ratings"),
    ],
)
def test_constructs_distinguish_by_the_gap_between_the_groups(high, low, gap, finding):
    out = contrast(high, low)
    assert out["gap"] == gap or (math.isnan(gap) and math.isnan(out["gap"]))
    assert out["finding"] == finding


def test_so_few_cases_give_a_pattern_and_no_verdict():
    """Three against three cases: twenty divisions, both tails, smallest p 2/20."""
    out = contrast(["2", "2", "1"], ["-1", "-1", "-2"])
    assert out[["p", "smallest_p", "verdict"]].tolist() == [0.1, 0.1, "pattern only, no verdict"]
    assert contrast(["1", "2", "missing"], ["0", "-1"])[["n_high", "n_missing"]].tolist() == [2, 1]


def test_groups_other_than_high_and_low_are_refused():
    matrix = synthesis.rating_matrix(pd.DataFrame(), CONSTRUCTS, CASES)
    with pytest.raises(CrosscaseError, match="high, low"):
        synthesis.distinguishing_constructs(matrix, pd.Series({"n": "middle"}))
