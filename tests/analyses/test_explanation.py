"""An explanation in sentences: studies are counted, silence is told apart, what is against is never left out."""

import pandas as pd
import pytest

from crosscase.analyses import explanation
from crosscase.ids import join
from crosscase.study import list_studies
from crosscase.synthesis import match_of

STUDIES = ["a", "b", "c"]
WHO = "; matched by one reader, a language model."
PROPOSITIONS = pd.DataFrame(
    [
        ("trust", "proposition", "Trust", "Trust carries.", None, None, None, "trust helps", None),
        ("ties", "proposition", "Earlier ties", "Ties help.", None, None, None, "ties help", None),
        ("money", "mechanism", "Money", "Money acts on trust.", "money", "trust", "who pays feels it", None, None),
        ("phase", "rival", "Phase", "It is early.", None, None, None, "trouble at the start", "all are early"),
    ],
    columns=["proposition", "kind", "label", "statement", "cause", "effect", "mechanism", "predicts", "weighing"],
)
ARGUMENT = pd.DataFrame(
    {"finding": ["f", "g"], "heading": ["Trust carries", "Money counts"], "segments": ["a.k1;b.k1", "a.k4"],
     "against": ["b.k2", None]}
)  # fmt: skip


def matches(*rows):
    made = [(p, s, match_of(f, a), join(f) or None, join(a) or None, "why") for p, s, f, a in rows]
    return pd.DataFrame(made, columns=["proposition", "study", "match", "segments", "against", "reason"])


SOME = matches(
    ("trust", "a", ["k1"], []), ("trust", "b", ["k1"], []), ("trust", "c", [], []),
    ("ties", "a", ["k2"], []), ("ties", "b", [], ["k3"]), ("ties", "c", [], []),
    ("money", "a", ["k4"], []), ("money", "b", ["k5"], ["k6"]), ("money", "c", [], []),
    ("phase", "a", [], []), ("phase", "b", [], []), ("phase", "c", [], []),
)  # fmt: skip


@pytest.fixture
def world(monkeypatch):
    """Put tables in the place of those across studies."""

    def put(**tables):
        known = {"propositions": PROPOSITIONS, "pattern_matches": SOME, "argument_across": ARGUMENT} | tables
        monkeypatch.setattr(explanation, "load_shared", known.__getitem__)
        monkeypatch.setattr(explanation, "study_labels", lambda names: {name: f"Study {name}" for name in names})

    put()
    return put


def values(result):
    return {value.id: value.value for value in result.values}


def test_a_pattern_counts_studies_on_both_sides(world):
    result = explanation.pattern(STUDIES)
    assert result.sentence == (
        "Of 2 propositions, 1 has two or more studies for it and none against; 1 is spoken against somewhere; most "
        "studies speak of Trust and Earlier ties (2 of 3)" + WHO
    )
    found = values(result)
    assert (found["pattern.propositions"], found["pattern.cells"], found["pattern.silent"]) == (2, 6, 2)
    assert (found["pattern.uncontested"], found["pattern.uncontested.names"], found["pattern.contested"]) == (
        1, "Trust", 1,
    )  # fmt: skip
    assert (found["pattern.ties.for"], found["pattern.ties.against"], found["pattern.trust.against"]) == (1, 1, 0)
    assert "silence" not in result.alt
    assert "2 do not speak of it" in result.alt


def test_a_mechanism_told_once_is_no_pattern(world):
    result = explanation.effects(STUDIES)
    assert result.sentence == "Of 1 mechanism, 1 is told in more than one study, and against 1 something is told" + WHO
    once = matches(("money", "a", ["k4"], []))
    world(pattern_matches=once)
    alone = explanation.effects(STUDIES)
    assert alone.sentence.startswith("Of 1 mechanism, none are told in more than one study")
    assert [values(alone)[f"effects.alone{each}"] for each in ("", ".a", ".b")] == [1, 1, 0]


def test_a_rival_of_which_nobody_speaks_cannot_be_told(world):
    result = explanation.rivals(STUDIES)
    assert result.sentence == "Of 1 rival explanation, 1 cannot be told from these documents" + WHO
    assert values(result) == {"rivals.n": 1, "rivals.held": 1}


def test_negative_cases_are_sought_in_propositions_and_mechanisms(world):
    result = explanation.negative(STUDIES)
    assert result.sentence == "In 2 of 9 cells something speaks against, 1 of them against it only" + WHO
    assert result.frame[["proposition", "study"]].values.tolist() == [["ties", "b"], ["money", "b"]]
    world(pattern_matches=matches(("trust", "a", ["k1"], [])))
    assert explanation.negative(STUDIES).sentence.startswith(
        "In none of 9 cells something speaks against, looked for and not found"
    )


def test_findings_are_set_beside_studies(world):
    result = explanation.argued(STUDIES)
    assert result.sentence == "Of 2 findings, 1 rests on more than one study, and something speaks against 1."
    found = values(result)
    assert (found["argued.f.for"], found["argued.f.against"], found["argued.g.for"]) == (2, 1, 1)
    world(argument_across=ARGUMENT.head(0))
    assert explanation.argued(STUDIES).refused == "Nobody has worded a finding across these studies."


def test_without_propositions_nothing_is_claimed(world):
    world(propositions=PROPOSITIONS.head(0), pattern_matches=SOME.head(0))
    for question in (explanation.pattern, explanation.effects, explanation.rivals, explanation.negative):
        assert question(STUDIES).refused
        assert question(STUDIES).refused.endswith(".")


def test_the_embedded_studies_are_explained_in_sentences():
    studies = list_studies()
    names = ("pattern", "effects", "rivals", "negative", "argued")
    for result in (getattr(explanation, name)(studies) for name in names):
        assert result.sentence.endswith(".")
        assert "_" not in result.sentence
        assert not any(study in result.sentence for study in studies)
        assert result._repr_html_()


def test_no_finding_counts_other_studies_than_its_table():
    """The number printed in a statement is the number of studies that the table of evidence names."""
    found = values(explanation.argued(list_studies()))
    table = explanation.argued(list_studies()).frame
    for finding, part in table.groupby("finding"):
        assert found[f"argued.{finding}.for"] == part["n_for"].gt(0).sum()
        assert found[f"argued.{finding}.against"] == part["n_against"].gt(0).sum()
