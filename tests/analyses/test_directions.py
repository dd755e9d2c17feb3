"""What hampers and what facilitates, in sentences; silence about a direction is no direction."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscase.analyses import directions
from crosscase.study import load_study

THEME = ("theme", "themes")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([], "No theme has a direction."),
        (["not stated"], "The only theme has no stated direction."),
        (["both", "both"], "All 2 themes work both ways."),
        (
            ["hampers", "facilitates", "not stated"],
            "Of 3 themes, 1 hampers, 1 facilitates and 1 has no stated direction.",
        ),
    ],
)
def test_directions_are_counted_in_words(found, said):
    assert directions.direction_words(found, THEME) == said


@given(st.lists(st.sampled_from(sorted(directions.VERBS)), min_size=2, max_size=30))
def test_the_counts_of_a_sentence_add_up_to_its_n(found):
    numbers = [
        int(word) for word in directions.direction_words(found, THEME).replace(",", "").split() if word.isdigit()
    ]
    assert sum(numbers[1:]) in (numbers[0], 0)
    assert numbers[0] == len(found)


def test_codes_without_a_direction_are_told_apart():
    found = directions.code_segments(load_study("no-fact-teams"))
    silent = pd.DataFrame({"code": ["a", "b"], "direction": "not stated", "n_codings": [2, 3], "n_inhibits": 0})
    assert replace(found, frame=silent).sentence == "No segment says in which direction its code works (n = 5)."
    assert replace(found, frame=silent).empty
    one = pd.DataFrame(
        {"code": ["a", "b"], "direction": ["hampers", "not stated"], "n_codings": 1, "n_inhibits": [1, 0]}
    )
    assert replace(found, frame=one).sentence == "The only code with a direction hampers; 1 code has none."


def test_themes_of_cases_are_told_case_by_case_and_drawn_from_the_same_table():
    found = directions.case_themes(load_study("no-fact-teams"))
    assert found.sentence.startswith("Team A: 3 themes inhibit and 3 promote; Team B: 2 themes inhibit and 2 promote;")
    drawn = found.drawing.arguments[0]
    assert len(drawn) == found.frame["n_themes"].sum() == 16
    assert drawn.loc[drawn["theme"].eq("lack_of_resources"), ["case", "valence"]].values.tolist() == [
        ["team_b", "inhibits"]
    ]
    assert directions.case_themes(load_study("nl-work-roadmap")).sentence == (
        "The study binds no theme to a single region."
    )


def test_many_cases_are_told_together_and_silence_is_no_zero():
    many = pd.DataFrame({"case": list("abcde"), "valence": "promotes", "n_themes": [1.0, 2.0, 1.0, 1.0, 1.0]})
    assert directions.themes_by_case(many, {}, "teams") == "5 teams have themes of their own: 6 themes promote."
    silent = many.assign(n_themes=None)
    assert directions.themes_by_case(silent, {}, "teams") == "No theme is tied to any of the teams."
