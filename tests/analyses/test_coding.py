"""What codebook, matrices and meetings of codes say: right for none, one, a tie and what is known only together."""

from dataclasses import replace

import pandas as pd
import pytest

from crosscase import matrices
from crosscase.analyses import cells, coding
from crosscase.study import load_study

NOUN = ("team", "teams")
CASES = {"a": "Team A", "b": "Team B"}


@pytest.fixture(scope="module")
def study():
    return load_study("no-fact-teams")


def grid(**rows):
    made = [
        {"row": row, "column": column, "state": state}
        for row, states in rows.items()
        for column, state in zip("ab", states)
    ]
    return pd.DataFrame(made, columns=["row", "column", "state"])


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (grid(), "No code is stated of a single team, nor of several teams together."),
        (grid(pay=["not_stated", "absent"]), "No code is stated of a single team, nor of several teams together."),
        (grid(pay=["count", "count"]), "The one code is stated of several teams together, and none of a single team."),
        (grid(pay=["present", "absent"]), "The one code is stated of single teams, none of them of more than one."),
        (
            grid(pay=["present", "present"], time=["present", "absent"], trust=["count", "count"]),
            "2 of 3 codes are stated of single teams, most widely Pay: 2 of 2 teams; 1 is known only for several "
            "together.",
        ),
        (
            grid(pay=["present", "present"], time=["present", "present"]),
            "Both codes are stated of single teams, each of 2 of 2 teams.",
        ),
    ],
)
def test_a_matrix_of_cases_says_what_is_stated_of_single_ones(frame, said):
    assert cells.said_of_cases(frame, ("code", "codes"), {"pay": "Pay"}, CASES, NOUN) == said


def test_groups_and_contexts_are_no_single_cases():
    stated = [
        ("pay", "a", "present"),
        ("pay", "all", "count"),
        ("time", "plan", "present"),
        ("time", "a", "not_stated"),
    ]
    frame = pd.DataFrame(stated, columns=["row", "column", "state"])
    said = cells.said_of_cases(frame, ("code", "codes"), {"pay": "Pay"}, CASES, NOUN)
    assert said == "1 of 2 codes is stated of single teams, none of them of more than one."


def test_a_study_of_one_case_is_told_by_its_name():
    frame = pd.DataFrame({"row": ["pay", "time"], "column": "a", "state": ["present", "not_stated"]})
    said = cells.said_of_cases(frame, ("code", "codes"), {}, {"a": "Team A"}, NOUN)
    assert said == "1 of 2 codes is stated of Team A."


def test_columns_that_tie_are_all_named_and_none_is_invented():
    tie = grid(pay=["present", "present"], time=["not_stated", "not_stated"])
    said = cells.said_of_columns(tie, ("code", "codes"), ("role", "roles"), {"a": "Nurses", "b": "Managers"})
    assert said == "The roles with most codes are Nurses and Managers: 1 of 2 each."
    assert cells.said_of_columns(grid(pay=["absent", "count"]), ("code", "codes"), ("role", "roles"), {}) == ""


def codings(*rows):
    frame = pd.DataFrame(rows, columns=["start", "end", "code"])
    return frame.assign(document="d", coding_id=[f"c{n}" for n in range(len(frame))])


def meet(frame):
    pairs = matrices.co_occurrence(frame, by="overlap")
    return coding.pairs_that_meet(matrices.named_pairs(pairs, {"pay": "Pay", "time": "Time"}), pairs, frame)


def test_codes_that_meet_are_told_with_the_segments_they_rest_on():
    one = codings((0, 9, "pay"), (0, 9, "time"), (20, 29, "pay"), (40, 49, "time"), (60, 69, "trust"))
    assert meet(one) == "Pay and Time meet most often: on 1 of 3 segments coded with either."
    tie = codings((0, 9, "pay"), (0, 9, "time"), (20, 29, "pay"), (20, 29, "trust"), (40, 49, "a"), (40, 49, "trust"))
    assert meet(tie) == "No two codes stand out: all 3 pairs that meet do so once."
    two = codings(*[(n, n + 1, code) for n in (0, 5) for code in ("pay", "time")], *[(n, n + 1, code) for n in (10, 15) for code in ("u", "v")], (30, 31, "pay"), (30, 31, "u"))  # fmt: skip  # noqa: E501
    assert meet(two) == "2 of 3 pairs that meet do so most often, twice each: Pay and Time; u and v."
    assert meet(codings((0, 9, "pay"), (20, 29, "time"))) == "No two codes share text (n = 2 codings)."


def test_coders_and_themes_are_counted_and_nothing_is_nothing(study):
    found = coding.coders(study)
    assert found.sentence == "3 coders made 125 codings, from 37 to 45 each."
    assert replace(found, frame=found.frame.head(1)).sentence == "1 coder made 45 codings."
    assert replace(found, frame=found.frame.head(0)).sentence == "Nothing is coded yet."
    even = pd.DataFrame({"n_codings": [4, 4]})
    assert replace(found, frame=even).sentence == "2 coders made 8 codings, 4 each."
    themes = coding.themes(study)
    kinds = pd.DataFrame({"kind": ["theme", "subtheme", "factor", "factor"]})
    assert replace(themes, frame=kinds).sentence == (
        "The study reports 1 theme with 1 subtheme, and names 2 more factors of influence."
    )
    assert replace(themes, frame=kinds.tail(2)).sentence == "The study reports no theme."


def test_quotations_in_the_codings_are_counted_by_theme_or_refused(study):
    refused = coding.quoted(study)
    assert refused.sentence == "The primary coding marks no words of a participant, so none are counted."
    assert {value.id: value.value for value in refused.values} == {
        "codings.quotations": 0,
        "codings.quotations.roles": 0,
    }
    found = coding.quoted(load_study("nl-work-roadmap"))
    assert found.sentence.endswith("under Collaboration and Politics, finances and legislation: 7 each.")


def test_themes_by_case_keep_what_is_not_stated_apart_from_zero():
    refused = coding.case_directions(load_study("be-chronic-care-pilots"))
    assert refused.refused.startswith("No segment ties a theme to a single pilot")
    assert {value.text for value in refused.values} == {"not stated"}
    assert len(refused.values) == 6
