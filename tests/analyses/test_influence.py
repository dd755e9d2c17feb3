"""What acts on what, in sentences: an influence without a sign is counted, one without direction is kept apart."""

from dataclasses import replace

import pandas as pd
import pytest

from crosscase import comparison
from crosscase.analyses import influence
from crosscase.study import load_study

LABELS = {"trust": "Trust", "pay": "Pay"}


def relations(*rows):
    frame = pd.DataFrame(rows, columns=["source", "target", "sign"])
    return frame.assign(relation=[f"r{n}" for n in range(len(frame))])


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (relations(), "No stated influence has a direction."),
        (relations(("pay", "trust", "?")), "One influence is stated, of Pay on Trust; 1 has no stated sign."),
        (
            relations(("pay", "trust", "+"), ("trust", "pay", "-")),
            "Of 2 stated influences, no factor is acted on in more than one passage.",
        ),
        (
            relations(("a", "trust", "+"), ("b", "trust", "?"), ("a", "pay", "?"), ("b", "pay", "+")),
            "Of 4 stated influences, Trust and Pay are acted on in more passages than any other factor: 2 each; 2 have "
            "no stated sign.",
        ),
    ],
)
def test_a_graph_says_where_influences_arrive(frame, said):
    assert influence.graph_words(frame, LABELS) == said


def test_a_sentence_that_names_several_causes_of_one_effect_is_one_passage():
    one = relations(*[(cause, "trouble", "+") for cause in "abcd"], ("e", "trust", "-"), ("f", "trust", "-"))
    placed = one.assign(document="d", spans=["0-9"] * 4 + ["10-19", "20-29"])
    said = "Of 6 stated influences, Trust is acted on in more passages than any other factor: 2."
    assert influence.graph_words(placed, LABELS) == said
    nodes = comparison.influence(placed).nodes.set_index("node")
    assert nodes.loc["trouble", ["in_degree", "passages_in"]].tolist() == [4, 1]
    heads = comparison.graph_headlines(comparison.influence(placed).nodes).set_index("what")
    assert heads.loc["highest in-degree", ["names", "n"]].tolist() == ["trust", 2]


def test_signs_are_counted_in_words():
    signs = pd.Series(["+", "mixed", "?", "?"])
    assert influence.sign_words(signs) == "1 gives more, 1 goes both ways and 2 have no stated sign"


def pair(n, expected=1.0, marked=False, names=("Pay", "Trust")):
    return {"code_a": names[0], "code_b": names[1], "n": n, "n_units": 24, "expected": expected, "marked": marked}


def test_meetings_say_what_chance_gives():
    none = pd.DataFrame([pair(7, 6.3), pair(2, names=("Pay", "Time"))])
    assert influence.meeting_words(none) == (
        "Not one of 2 pairs of codes shares paragraphs more often than by chance; most often Pay and Trust "
        "(7 of 24 paragraphs, 6.3 expected)."
    )
    tie = pd.DataFrame([pair(2), pair(2, names=("Pay", "Time"))])
    assert influence.meeting_words(tie).endswith("; 2 pairs share most, 2 of 24 paragraphs each.")
    assert influence.meeting_words(none.assign(marked=[True, False])).startswith("1 of 2 pairs of codes shares ")


def test_relations_without_direction_are_kept_apart():
    study = load_study("nl-family-partnerships")
    found = influence.apart(study)
    assert found.sentence == "1 of 10 stated relations has no direction."
    assert replace(found, frame=found.frame.head(0)).sentence == "Each of 10 stated relations has a direction."
    drawn = influence.graph(study).frame
    assert len(drawn) == 9  # the sentence on trust-based monitoring names one effect, not two
    assert drawn["directed"].all()


def test_a_study_without_relations_keeps_its_values():
    study = load_study("no-fact-teams")
    for name in ("graph", "factors", "edges", "apart", "effects"):
        assert getattr(influence, name)(study).refused == influence.NO_INFLUENCE
    values = {value.id: value for value in influence.factors(study).values}
    assert values["influence.isolated"].reason == "no theme stands alone"
    assert [value.value for value in influence.graph(study).values] == [0, 0]


def test_factors_that_act_on_one_other_do_not_stand_out():
    found = influence.factors(load_study("nl-work-roadmap"))
    frame = pd.DataFrame({"label": ["A", "B", "C"], "out_degree": [1, 0, 0], "isolated": [False, False, True]})
    assert replace(found, frame=frame).sentence == (
        "Of 3 factors, none acts on more than one other; without any stated influence: C."
    )
    assert (
        replace(found, frame=frame.assign(out_degree=0, isolated=False)).sentence == "No influence joins the 3 factors."
    )


def test_predictions_are_counted_by_how_they_came_out():
    found = influence.propositions(load_study("no-fact-teams"))
    assert found.refused.startswith("The study states no proposition in advance")
    assert influence.match_words(pd.DataFrame({"match": ["as predicted", "not stated", "as predicted"]}), "teams") == (
        "Of 3 predictions for single teams, 2 came out as predicted, and of 1 it is not stated how it came out."
    )


def test_events_are_dated_for_the_study_as_a_whole():
    found = influence.in_time(load_study("be-mentally-ill-offenders"))
    assert found.sentence == "3 events are dated, from 2016 to 2018, none of a single network by itself."
    one = found.frame[found.frame["n_events"].eq(1)]
    assert replace(found, frame=one).sentence == "1 event is dated, in 2018, none of a single network by itself."
