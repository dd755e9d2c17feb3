"""Constructs by study: hand-checkable cells."""

import pandas as pd
import pytest

from crosscase import synthesis
from crosscase.errors import CrosscaseError

CONSTRUCTS = pd.DataFrame(
    {
        "construct": ["Ties", "Ties/Trust", "Ties/Power", "Money"],
        "label": ["Ties", "Trust", "Power", "Money"],
        "parent": [None, "Ties", "Ties", None],
        "level": ["people", "people", "people", "means"],
        "order": [1, 2, 3, 4],
    }
)


def row(study, theme, construct, direction, confidence="high"):
    names = ["study", "theme", "framework", "construct", "direction", "confidence"]
    return dict(zip(names, [study, theme, "own", construct, direction, confidence]))


MAPS = pd.DataFrame(
    [
        row("a", "t1", "Ties/Trust", "facilitator"),
        row("a", "t2", "Ties/Trust", "facilitator", "low"),
        row("a", "t3", "Ties/Power", "barrier"),
        row("b", "t1", "Ties/Trust", "barrier"),
        row("c", "t1", "Ties/Trust", "facilitator"),
        row("c", "t2", "Ties/Power", "ambivalent"),
        row("c", "t3", "Ties", "condition"),
    ]
)
STUDIES = ["a", "b", "c", "d"]


@pytest.fixture
def cells():
    return synthesis.construct_by_study(MAPS, CONSTRUCTS, "own", STUDIES)


def test_margins_are_those_of_the_map(cells):
    assert cells["n_themes"].sum() == len(MAPS)
    table = synthesis.reported_in(cells).set_index("construct")
    assert table.loc["Ties/Trust", ["n_studies", "of", "barrier", "facilitator"]].tolist() == [3, 4, 1, 2]
    assert table.loc["Ties/Power", ["n_studies", "barrier", "mixed"]].tolist() == [2, 1, 1]


def test_domains_and_levels_count_each_study_once(cells):
    out = synthesis.framework_summary(cells, CONSTRUCTS).set_index("group")
    assert out.loc["Ties", ["n_constructs", "n_reported", "n_studies", "of"]].tolist() == [3, 3, 3, 4]
    assert out.loc["Ties", ["barrier", "facilitator", "condition", "mixed"]].tolist() == [1, 0, 0, 2]
    assert out.loc["Money", ["n_studies", "reason"]].tolist() == [0, "no theme of any study is mapped here"]
    levels = synthesis.framework_summary(cells, CONSTRUCTS, by="level")
    assert levels["group"].tolist() == ["people", "means"]
    assert levels["n_studies"].tolist() == [3, 0]


def test_summaries_refuse_what_they_do_not_know(cells):
    with pytest.raises(CrosscaseError, match="domain, level"):
        synthesis.framework_summary(cells, CONSTRUCTS, by="colour")
    with pytest.raises(CrosscaseError, match="has levels"):
        synthesis.framework_summary(cells, CONSTRUCTS.drop(columns="level"), by="level")
    with pytest.raises(CrosscaseError, match="construct of the framework"):
        synthesis.framework_summary(cells, CONSTRUCTS[CONSTRUCTS["construct"] == "Money"])


@pytest.mark.parametrize(
    ("themes", "direction", "confidence"),
    [
        ([("barrier", "low"), ("condition", "high")], "barrier", "low"),
        ([("barrier", "low"), ("barrier", "medium"), ("condition", "high")], "barrier", "medium"),
        ([("condition", "high"), ("condition", "low")], "condition", "high"),
        ([("barrier", "low"), ("facilitator", "high"), ("ambivalent", "medium")], "mixed", "high"),
        ([("barrier", "low"), ("facilitator", "medium"), ("condition", "high")], "mixed", "medium"),
        ([("ambivalent", "low"), ("condition", "high")], "mixed", "low"),
        ([("facilitator", None), ("condition", "high")], "facilitator", None),
        ([(None, "medium")], None, "medium"),
    ],
)
def test_a_direction_is_as_sure_as_the_themes_that_carry_it(themes, direction, confidence):
    maps = pd.DataFrame([row("a", f"t{i}", "Money", way, sure) for i, (way, sure) in enumerate(themes)])
    cell = synthesis.construct_by_study(maps, CONSTRUCTS, "own", ["a"]).loc[0]
    assert cell[["direction", "confidence"]].tolist() == [direction, confidence]


def test_a_condition_beside_another_direction_is_not_dropped(cells):
    maps = pd.DataFrame(
        [
            row("a", "t1", "Money", "barrier"),
            row("a", "t2", "Money", "condition"),
            row("b", "t1", "Money", "condition"),
            row("c", "t1", "Money", "facilitator"),
            row("d", "t1", "Money", "barrier"),
            row("d", "t2", "Money", "facilitator"),
            row("d", "t3", "Money", "condition"),
        ]
    )
    found = synthesis.construct_by_study(maps, CONSTRUCTS, "own", STUDIES)
    assert found["direction"].tolist() == ["barrier", "condition", "facilitator", "mixed"]
    assert found["also_condition"].tolist() == [True, False, False, True]
    assert synthesis.effect_directions(found)["also_condition"].tolist() == [True, False, False, True]
    counted = synthesis.reported_in(found).iloc[0]
    assert counted[["barrier", "facilitator", "condition", "mixed"]].sum() == counted["n_studies"] == 4
    assert counted["n_also_condition"] == 2
    whole = synthesis.framework_summary(found, CONSTRUCTS).set_index("group")
    assert whole.loc["Money", "n_also_condition"] == 2
    across = synthesis.framework_summary(cells, CONSTRUCTS).set_index("group")
    assert across.loc["Ties", "n_also_condition"] == 1  # study c: a condition on the whole beside what is mixed
