"""Cases side by side, in sentences: a study of one case, cases without outcomes, ties, and what cannot be told."""

from dataclasses import replace

import pandas as pd
import pytest

from crosscase.analyses import cases
from crosscase.study import load_study

NAMES = {"a": "Team A", "b": "Team B", "c": "Team C"}


@pytest.fixture(scope="module")
def teams():
    return load_study("no-fact-teams")


@pytest.fixture(scope="module")
def one_case():
    return load_study("be-mentally-ill-offenders")


@pytest.mark.parametrize("analysis", ["bridge", "shared_codes", "meta_matrix", "pairs", "contrast"])
def test_one_case_is_compared_with_none(one_case, analysis):
    found = getattr(cases, analysis)(one_case)
    assert found.refused.startswith("The study compares one network only, so none are ")
    assert found.drawing is None
    assert all(value.reason for value in found.values if value.value is None)


@pytest.mark.parametrize("analysis", ["meta_matrix", "negative_cases", "negative_by_theme", "contrast"])
def test_without_outcomes_of_single_cases_nothing_is_held_against_them(teams, analysis):
    assert getattr(cases, analysis)(teams).refused.startswith("No outcome is stated of a single team, so ")


def test_what_cannot_be_told_keeps_its_count(teams):
    values = {value.id: (value.value, value.n) for value in cases.negative_cases(teams).values}
    assert values == {"negative_cases.n": (0, 48), "negative_cases.not_known": (48, 48)}


def test_shared_codes_that_work_both_ways_are_named(teams):
    found = cases.shared_codes(teams)
    assert found.sentence == (
        "Of 10 codes, 5 are shared by teams; Leadership and management hinders in one team and promotes in another."
    )
    outside = found.frame.set_index("code").loc["interaction_cooperation"]  # a theme name on cooperation is no
    assert (outside["hinders"], outside["promotes"]) == ("team_c", "team_c")  # communication: the code was too wide
    none = found.frame.assign(shared=False, contrast=False)
    assert replace(found, frame=none).sentence == "Of 10 codes, none are shared by teams."
    assert cases.bridge(teams).sentence == "16 theme names of 3 teams lead to 10 codes, 5 of them shared."


def negatives(*roles, case="locoregional_networks"):
    return pd.DataFrame({"theme": [f"t{n}" for n in range(len(roles))], "case": case, "role": roles})


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        (["negative: theme without the outcome", "confirms"], "1 of 2 cells goes against the rule that"),
        (["confirms", "no rule"], "1 of 2 cells confirm it."),
        (["negative: theme without the outcome", "not known"], "t0 in Locoregional networks; of 1 it cannot be told."),
    ],
)
def test_cells_against_the_rule_are_counted_and_named(roles, said):
    study = load_study("be-mentally-ill-offenders")
    assert cases.negative_cases(study).refused.startswith("No outcome is stated of a single network, so ")
    made_up = {"outcome": "joint_plan", "kind": "outcome", "case": "locoregional_networks", "state": "no"}
    study._tables["outcomes"] = study.outcomes.reindex([0]).assign(**made_up)
    assert said in replace(cases.negative_cases(study), frame=negatives(*roles)).sentence


def test_where_there_is_no_rule_the_sentence_says_so_and_counts_no_cell():
    roadmap = load_study("nl-work-roadmap")
    found = cases.negative_cases(roadmap)
    assert found.sentence == (
        "No region can be held against the rule that an outcome comes with what helps and not with what hampers: "
        "2 of 10 themes have a single direction, and there theme and outcome are never both stated of a single region."
    )
    assert (
        replace(found, frame=negatives("no rule", "no rule")).sentence
        == "No theme has a single direction, so there is no rule to hold a region against."
    )


def pairs(*rows):
    names = ["case_a", "case_b", "n_known", "n_different", "share_different", "refused"]
    return pd.DataFrame(rows, columns=names)


def test_pairs_are_told_by_what_is_known_of_both():
    said = cases.pair_words(pairs(("a", "b", 4, 1, 0.25, ""), ("a", "c", 4, 3, 0.75, "no outcome")), NAMES, "teams")
    assert said == (
        "1 of 2 pairs of teams has an outcome stated on both sides; Team A and Team C differ most, in 3 of 4 themes "
        "known of both."
    )
    same = cases.pair_words(pairs(("a", "b", 4, 0, 0.0, "no outcome")), NAMES, "teams")
    assert same == (
        "Not one of 1 pair of teams has an outcome stated on both sides; no pair differs in a theme known of both."
    )
    silent = cases.pair_words(pairs(("a", "b", 0, 0, None, "x"), ("a", "c", 0, 0, None, "x")), NAMES, "teams")
    assert silent == "The 2 pairs of teams cannot be told apart: no theme is stated of both as present or absent."


def contrast(k_high, n_high, k_low, n_low, gap):
    row = {"theme": "t", "k_high": k_high, "n_high": n_high, "k_low": k_low, "n_low": n_low, "gap": gap}
    return pd.DataFrame([row | {"separates": gap in (1, -1)}])


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (contrast(0, 2, 3, 3, -1.0), "Of 1 theme, 1 separates the teams: Trust (in 0 of 2 with a high and 3 of 3"),
        (contrast(1, 2, 0, 3, 0.5), "None of 1 theme separates the teams; the widest gap: Trust (in 1 of 2"),
        (contrast(2, 2, 3, 3, 0.0), "No theme tells teams with a high outcome from those with a low one."),
        (contrast(0, 0, 3, 3, None), "No theme is known both of teams with a high and of teams with a low outcome."),
    ],
)
def test_a_contrast_says_what_separates_and_how_widely(frame, said):
    assert cases.contrast_words(frame, {"t": "Trust"}, "teams").startswith(said)


def test_a_chart_tells_summaries_from_notes_and_stale_ones(teams):
    found = cases.chart(teams)
    frame = pd.DataFrame({"written": ["summary", "coder's notes", ""], "stale": [True, None, None]})
    assert replace(found, frame=frame).sentence == (
        "1 of 3 cells about which something is known holds paraphrases or notes of the coder; 1 holds a written "
        "summary, of which 1 is out of date."
    )


def test_a_chart_keeps_its_words_where_a_coding_was_adjudicated(teams):
    """A coding that stands after adjudication has no note of the coder; what its segment says is the paraphrase."""
    found = cases.chart(teams).frame
    assert found["written"].eq("paraphrases").all()
    told = found.set_index(["case", "theme"])["text"]
    assert told["team_c", "external_interaction"].startswith("Interaction with the outside")
