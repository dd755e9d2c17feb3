"""A statement without direction covers what it speaks of: an unnamed link is not stated, which is not none."""

import pandas as pd

from crosscase import figures
from crosscase.analyses import influence as analyses
from crosscase.comparison import graph_headlines, graph_themes, influence
from crosscase.study import load_study

THEMES = pd.DataFrame({
    "theme": ["money", "roles", "vision", "place"], "label": ["Money", "Roles", "Vision", "Place"],
    "kind": "theme", "parent": None,
})  # fmt: skip
RELATIONS = pd.DataFrame({
    "relation": ["r1", "r2", "r3"], "source": ["money", "all", "vision"], "target": ["trust", "all", "vision"],
    "sign": "?", "directed": [True, False, True], "covers": ["", "money;roles", ""],
})  # fmt: skip


def _nodes(relations=RELATIONS):
    return influence(relations, graph_themes(THEMES, relations)).nodes


def test_what_an_undirected_statement_covers_does_not_stand_alone():
    nodes = _nodes().set_index("node")
    assert nodes["undirected"].to_dict() == {"money": "r2", "roles": "r2", "vision": "", "place": "", "trust": ""}
    assert sorted(nodes.index[nodes["isolated"]]) == ["place", "vision"]
    heads = graph_headlines(nodes.reset_index()).set_index("what")["names"]
    assert heads["isolated"] == "Vision, Place"
    assert heads["undirected only"] == "Roles"


def test_both_ends_of_an_undirected_relation_are_covered():
    relations = RELATIONS.drop(columns="covers").assign(source=["money", "roles", "vision"], target="place")
    assert _nodes(relations.assign(directed=[True, False, False])).set_index("node")["isolated"].sum() == 0


def test_the_figure_keeps_both_apart_in_picture_and_words():
    nodes = _nodes().rename(columns={"node": "factor"})
    edges = RELATIONS.iloc[:1]
    drawn = figures.influence_graph(nodes, edges)
    assert "Part of a statement without direction, its links not named: Roles. " in drawn.alt
    assert "Without any stated relation: Vision and Place." in drawn.alt
    texts = " ".join(text.get_text() for text in drawn.draw().findobj(match=lambda a: hasattr(a, "get_text")))
    assert "Part of a statement without direction" in texts
    assert "No relation stated" in texts


def test_no_condition_that_hangs_together_with_the_others_is_said_to_stand_alone():
    found = analyses.factors(load_study("nl-family-partnerships"))
    values = {value.id: value for value in found.values}
    assert values["influence.undirected-only"].value == "Roles and responsibilities"
    assert "Roles and responsibilities" not in str(values["influence.isolated"].value)
    assert "known only from a statement without direction: Roles and responsibilities" in found.sentence
