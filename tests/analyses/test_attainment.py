"""What was reached, in sentences: of single cases, of several together, denied, or not stated."""

from dataclasses import replace

import pandas as pd
import pytest

from crosscase import outcomes
from crosscase.analyses import attainment
from crosscase.study import load_study

TOTALS = pd.DataFrame({"step": ["plan"]})


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (["unknown"] * 3, "Not one of 3 cells of region by step or outcome has a stated status"),
        (["reached"], "The one cell of region by step or outcome is reached"),
        (["not_reached"] * 2, "Both cells of region by step or outcome are not reached"),
        (
            ["reached", "under_way", "unknown", "unknown"],
            "Of 4 cells of region by step or outcome, 1 is reached, 1 is under way and 2 are not stated",
        ),
    ],
)
def test_progress_counts_what_is_stated(status, said):
    frame = pd.DataFrame({"status": status})
    assert attainment.progress_words(frame, pd.DataFrame(), "region", "regions") == f"{said}."
    together = f"{said}; 1 step or outcome is known only as k of n regions."
    assert attainment.progress_words(frame, TOTALS, "region", "regions") == together


def outcome(state, k=None, n=None, kind="outcome", cases="Region 1"):
    return {"outcome": "pay", "label": "Pay", "kind": kind, "k": k, "n": n, "state": state, "cases": cases}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([outcome("count", 0, 4)], "1 outcome is stated: Pay (0 of 4)."),
        ([outcome("count")], "1 outcome is stated: Pay (of some)."),
        ([outcome("yes")], "1 outcome is stated: Pay (in Region 1)."),
        ([outcome("not_stated", cases=None)], "1 outcome is stated: Pay (of how many is not stated)."),
        ([outcome("count", 2, 4, "requirement")], "No outcome is stated, but 1 requirement."),
        (
            [outcome("no"), outcome("count", 2, 4, "attribute")],
            "1 outcome is stated: Pay (not so in Region 1); so is 1 attribute.",
        ),
    ],
)
def test_outcomes_are_told_as_they_are_stated(rows, said):
    assert attainment.stated_words(pd.DataFrame(rows)) == said


def test_ratings_leave_out_what_is_not_stated():
    frame = pd.DataFrame({"case": list("ab"), "outcome": [0.0, 2.0], "n_stated": [1, 3]})
    names = {"a": "Region 1", "b": "Region 2"}
    said = "Outcomes are stated of both regions: Region 2 reached 2 of 3 and Region 1 reached 0 of 1."
    assert attainment.outcome_words(frame, names, "region", "regions") == said
    silent = frame.assign(outcome=None)
    assert attainment.outcome_words(silent, names, "region", "regions") == "No outcome is stated of a single region."


def test_a_requirement_that_is_denied_is_told():
    found = attainment.requirements(load_study("be-chronic-care-pilots"))
    denied = found.frame.assign(state=["absent", *["present"] * (len(found.frame) - 1)])
    assert replace(found, frame=denied).sentence.endswith("In 1 cell it is stated that it was not so.")


def test_what_is_required_of_all_binds_each_and_what_all_reached_stays_told_of_all():
    study = load_study("be-chronic-care-pilots")
    found = attainment.requirements(study)
    assert set(found.frame["state"]) == {"present"}
    assert found.sentence == "All 5 requirements bind each of 2 pilots; whether they were met is not told here."
    reached = outcomes.outcome_matrix(study.outcomes, study.cases, "outcome")
    assert set(reached["state"]) == {"count"}
    some = study.outcomes.assign(k=1)
    assert set(outcomes.outcome_matrix(some, study.cases, "requirement")["state"]) == {"count"}


def test_a_study_without_outcomes_is_refused_with_its_values():
    study = load_study("no-fact-teams")
    for name in ("requirements", "steps", "stated", "attributes", "ratings", "progress", "totals"):
        assert getattr(attainment, name)(study).refused, name
    assert [value.value for value in attainment.progress(study).values] == [0]
