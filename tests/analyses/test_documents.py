"""What a study rests on, in sentences: right for none, one, many, and for what is not stated."""

from types import SimpleNamespace

import pandas as pd
import pytest

from crosscase.analyses import documents
from crosscase.study import list_studies, load_study


def study(**tables):
    info = SimpleNamespace(case_noun="team", case_noun_plural="teams", not_stated=[])
    made = SimpleNamespace(info=info, named=lambda frame: frame, labels=lambda table: {}, **tables)
    return made


def inventory(*rows):
    columns = ["item", "stage", "method", "label", "n", "unit", "part_of", "role"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(status="stated", source="").astype({"n": "Float64"})


TWO = (
    ("a", "abstract", "interview", "Interviews", 52, "interviews", None, None),
    ("b", "paper", "interview", "Interviews", 54, "interviews", None, None),
)


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        ([], "The study names no teams."),
        (["case"], "The study names 1 team: T0."),
        (
            ["case", "case", "group"],
            "The study names 2 teams: T0 and T1, and speaks once of several without naming them.",
        ),
    ],
)
def test_cases_are_named_and_groups_counted(kinds, said):
    cases = pd.DataFrame({"kind": kinds, "label": [f"T{i}" for i in range(len(kinds))], "k": None}, dtype="object")
    assert documents.cases(study(cases=cases)).sentence == said


def test_how_many_a_group_stands_for_is_a_value():
    values = {value.id: (value.value, value.n) for value in documents.cases(load_study("nl-work-roadmap")).values}
    assert values["cases.two_regions_with_history"] == values["cases.two_of_four_regions"] == (2, 4)
    assert "cases.region_not_stated" not in values


def test_a_number_that_is_not_stated_is_counted_as_such():
    silent = inventory(*TWO, ("c", "paper", "note", "Notes", None, "pages", None, None))
    assert documents.collected(study(inventory=silent)).sentence.startswith("2 of 3 amounts of material")
    values = {value.id: value for value in documents.collected(study(inventory=silent)).values}
    assert values["inventory.c"].value is None
    assert values["inventory.c"].text == "not stated"
    assert documents.collected(study(inventory=silent.head(0))).sentence == "What was collected is not stated."


def test_drift_says_which_amount_differs_or_that_none_does():
    moved = documents.drift(study(inventory=inventory(*TWO)))
    assert moved.sentence == (
        "The one amount that more than one publication speaks of differs between them: interview (interviews)."
    )
    same = inventory(TWO[0], (*TWO[1][:4], 52, *TWO[1][5:]))
    assert documents.drift(study(inventory=same)).sentence == (
        "Not one of 1 amount that more than one publication speaks of differs between them."
    )
    assert documents.drift(study(inventory=inventory(TWO[0]))).sentence.startswith(
        "No amount is stated in more than one"
    )


def test_sums_name_the_whole_that_is_not_its_parts():
    parts = inventory(
        ("all", "paper", "observation", "Observation", 100, "hours", None, None),
        ("one", "paper", "observation", "Pilot 1", 35, "hours", "all", None),
        ("two", "paper", "observation", "Pilot 2", 70, "hours", "all", None),
    )
    said = documents.sums(study(inventory=parts)).sentence
    assert said == "1 of 1 stated whole is not the sum of the parts (Observation: 35 + 70 = 105, not 100)."
    known = parts.assign(n=pd.Series([105, 35, 70], dtype="Float64"))
    assert documents.sums(study(inventory=known)).sentence == "All stated wholes are sums of their parts."
    unknown = parts.assign(n=pd.Series([100, None, 70], dtype="Float64"))
    assert documents.sums(study(inventory=unknown)).sentence.startswith("No publication states both")


@pytest.mark.parametrize("name", list_studies())
@pytest.mark.parametrize(
    "analysis", ["sources", "cases", "collected", "drift", "sums", "methods_by_role", "timeline", "facts", "gaps"]
)
def test_every_result_of_the_studies_says_something_and_draws_or_says_why(name, analysis):
    result = getattr(documents, analysis)(load_study(name))
    assert result.sentence.endswith(".")
    assert not {"nan", "None", "<NA>"} & set(result.sentence.replace(",", " ").split())
    assert result._repr_html_()
    if result.drawing is not None:
        assert bool(result.alt) != bool(result.empty)


def test_a_number_that_a_publication_states_is_a_value():
    values = {value.id: value for value in documents.facts(load_study("be-chronic-care-pilots")).values}
    assert (values["fact.f001-052"].text, values["fact.f001-052"].unit) == ("19", "applications")
    assert "fact.f001-053" not in values
