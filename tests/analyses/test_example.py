"""What is said of the invented study, and of frames in which the answer is another or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from crosscase import comparison
from crosscase.analyses import example
from crosscase.analyses.result import Result
from crosscase.analyses.river import Teams, river
from crosscase.study.examples import load_example


@pytest.fixture(scope="module")
def study() -> Teams:
    return river(3)


def said(result: Result, frame: pd.DataFrame) -> str:
    """Return what a result says of another frame."""
    assert callable(result.says)
    return result.says(frame)


def test_teams_count_who_was_asked_and_whose_outcome_is_missing(study: Teams) -> None:
    one = example.teams(study)
    assert one.sentence == "32 people of 8 teams were asked; the outcome of Team H is not stated."
    assert one.frame[["n_manager", "n_nurse"]].eq(2).all(axis=None)
    assert said(one, one.frame.head(2)) == "8 people of 2 teams were asked."


def test_meta_matrix_is_drawn_of_its_table_alone(study: Teams) -> None:
    one = example.ordered(study)
    assert (
        one.sentence == "Leadership and money are spoken of in each of 8 teams; the fewest teams speak of training (3)."
    )
    assert one.frame["case"].drop_duplicates().tolist()[0] == "Team B"
    assert one.alt.startswith("8 cases by 7 columns, ordered by outcome")
    assert "Team B: outcome: 5; trust: 3 of 4 asked" in one.alt
    unknown = one.frame.assign(n_asked=pd.NA)
    assert one.draws is not None
    assert "trust: stated" in one.draws(unknown).alt
    some = one.frame[one.frame["code"].isin(["trust", "records"])]
    assert said(one, some) == "No subject is spoken of in each of 8 teams; the fewest teams speak of trust (5)."
    assert said(one, some.assign(state="absent")) == "No subject is spoken of in each of 8 teams."


def test_contrast_names_all_codes_of_the_widest_gap(study: Teams) -> None:
    one = example.contrast(study)
    begin = "Training (3 of 4 that got far, 0 of 3 others) has the widest gap; "
    assert one.sentence == begin + "no code separates the two wholly."
    both = one.frame.assign(gap=[1.0, -1.0, 0, 0, 0, 0], separates=[True, True, *[False] * 4])
    assert "have the widest gap; training and " in said(one, both)
    assert said(one, both).endswith(" separate the two.")
    nothing = "No code differs between teams that got far and the others."
    assert said(one, one.frame.assign(gap=0.0)) == said(one, one.frame.assign(gap=float("nan"))) == nothing


def test_permutations_say_which_codes_differ_and_that_none_is_no_likeness(study: Teams) -> None:
    one = example.within(study, 199, 1)
    assert one.sentence == (
        "Nurses and managers differ in 2 of 6 codes (adjusted p, n = 32 people): money (0.005) and workload (0.005)."
    )
    assert [v.id for v in one.values][:2] == ["within.p.trust", "within.p.money"]
    none = said(one, one.frame.assign(p_adjusted=[0.2, 0.3, 0.4, 0.5, float("nan"), 1.0]))
    assert none.startswith(
        "No difference is shown in any of 5 codes (smallest adjusted p = 0.2, n = 32 people), which proves"
    )
    assert "; not tested: training (" in none
    nothing = one.frame.assign(p_adjusted=float("nan"), reason="no variation").head(1)
    assert said(one, nothing) == "Nothing could be tested: trust (no variation)."
    assert example.between(study, 199, 1).sentence.startswith("Teams differ in ")


def test_four_against_three_allow_a_verdict_and_three_against_three_do_not(study: Teams) -> None:
    far, fewer = example.far(study), example.fewer(study, "Team D")
    assert far.sentence == (
        "Teams that got far differ from the others in 1 of 6 codes (adjusted p, n = 7 teams): trust (0.029); the "
        "least p that so few teams can reach is 0.029."
    )
    assert {v.id: v.value for v in far.values}["far.smallest"] == pytest.approx(1 / 35)
    assert fewer.sentence == "6 teams cannot reach a p below 0.1, so that no verdict is given."


def test_a_model_that_was_refused_is_named_with_its_reason(study: Teams) -> None:
    one = example.small_tests(study, 1)
    assert one.sentence.startswith("No difference is shown in any of 3 tests (smallest adjusted p = 0.094)")
    assert "trust by role (not fitted: 8 cases, and at least 12 are needed" in one.sentence


def test_pairs_name_all_that_tie(study: Teams) -> None:
    one = example.pairs(study, ["place", "shared_budget", "members"])
    assert one.sentence == (
        "Team A and Team G (0 of 3 attributes different) are most alike and differ in outcome; Team A and Team D or "
        "Team B and Team D or Team F and Team G (3 of 3 attributes different) are least alike and reached the same."
    )
    first = one.frame[one.frame["design"].eq("most-similar different-outcome")].head(1)
    assert said(one, first) == "Team A and Team G (0 of 3 attributes different) are most alike and differ in outcome."
    assert said(one, one.frame.head(0)) == "No two teams can be paired."


def test_late_and_silent_predictions_count_for_nothing() -> None:
    written = load_example("river_claims")
    one = example.claims(written)
    assert one.sentence == (
        "3 of 5 predictions made in time came true; 2 came too late to be predictions; of 1 the outcome is not stated."
    )
    assert (one.values[0].value, one.values[0].n) == (2, 8)
    alone = example.claims(written.tail(1))
    assert alone.sentence == "No prediction was made in time and could be checked; 1 came too late to be a prediction."


def test_rivals_are_told_by_where_they_stand() -> None:
    weighed = load_example("river_rivals")
    assert example.rivals(weighed).sentence == (
        "Of 3 rival explanations, 'they knew each other before' is weakened, 'they are smaller' is ruled out where "
        "examined and 'one leader stayed throughout' is not examined."
    )
    assert said(example.rivals(weighed), pd.DataFrame(columns=["standing", "rival"])) == "No rival was weighed."


def test_accounts_beside_scores_count_the_judged(study: Teams) -> None:
    judged = load_example("river_joint")
    assert example.joint(study, judged).sentence == (
        "Of 7 teams judged, in 4 the score confirms the account, in 2 the score adds to it and in 1 the two are at "
        "odds; 1 team was not judged."
    )
    assert example.joint(study, judged.assign(fit=None)).sentence == "No team was judged."


def test_map_tells_sides_and_is_refused_below_six_teams(study: Teams) -> None:
    mapped = comparison.correspondence(study.values, study.case_of, n_bootstrap=20, n_permutations=99, seed=1)
    assert example.places(study, mapped).sentence == (
        "On the first axis lie trust and training with Team A, Team B, Team C and Team D on one side, records with "
        "Team E, Team F, Team G and Team H on the other."
    )
    one = example.inertia(study, mapped)
    assert "more than chance explains" in one.sentence
    assert "no more than chance explains" in said(one, one.frame.assign(p=0.3))
    assert one.values[0].value == "refused: 5 cases, at least 6 are needed"
    few = comparison.correspondence(study.values, study.case_of.where(study.case_of < "Team D"))
    refused = "There is no map: refused: 3 cases, at least 6 are needed."
    for make in (example.places, example.inertia):
        assert make(study, few).sentence == refused
    assert example.places(study, few).empty


def test_groups_are_listed_and_their_weak_code_is_named(study: Teams) -> None:
    found = comparison.cluster_cases(study.presence, 2)
    assert example.groups(study, found).sentence == (
        "By the codes they share, 8 teams form 2 groups: Team A, Team B, Team C, Team D and Team F; Team E, "
        "Team G and Team H."
    )
    one = example.stability(found)
    assert one.sentence == (
        "Without trust the agreement with the first grouping falls to 0.17; leaving out 5 of 6 codes changes nothing."
    )
    assert said(one, one.frame.assign(adjusted_rand=1.0)) == (
        "The groups stay the same whichever of 6 codes is left out."
    )
    few = comparison.cluster_cases(study.presence.head(3), 2)
    assert example.stability(few).values[0].reason.startswith("refused: 3 cases")
    make: Callable[..., Result]
    for make, arguments in ((example.groups, (study, few)), (example.stability, (few,))):
        assert "refused: 3 cases, at least 6 are needed" in make(*arguments).sentence


def test_labels_stand_for_ids(study: Teams) -> None:
    named = replace(study, cases=study.cases.assign(label=study.cases["case"].str.replace("Team", "Crew")))
    assert "Crew B: outcome: 5" in example.ordered(named).alt
    found = comparison.cluster_cases(named.presence, 2)
    assert "Crew A" in example.groups(named, found).sentence
    assert named.scores("high", "survey_trust", "far").tolist() == [4.1, 4.4, 3.9, 3.2]
