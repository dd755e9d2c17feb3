"""Propositions beside studies: a match follows from its segments, silence is no evidence, studies are counted."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscase import synthesis
from crosscase.errors import CrosscaseError
from crosscase.ids import join
from crosscase.synthesis.pattern_matches import NOT_MATCHED

STUDIES = ["a", "b", "c", "d"]
PROPOSITIONS = pd.DataFrame(
    [
        ("trust", "proposition", "Trust", "Trust carries.", None, None, None, None, None),
        ("ties", "proposition", "Earlier ties", "Ties help.", None, None, None, None, None),
        ("money", "mechanism", "Money", "Money acts on trust.", "money", "trust", "who pays feels it", None, None),
        ("phase", "rival", "Phase", "It is early.", None, None, None, "trouble at the start", "all are early"),
        ("choice", "rival", "Choice", "They were chosen.", None, None, None, "all tell of it", "in full"),
    ],
    columns=["proposition", "kind", "label", "statement", "cause", "effect", "mechanism", "predicts", "weighing"],
)


def matches(*rows):
    """Make matches of proposition, study, segments for and against; the match is that of the segments."""
    made = [(p, s, synthesis.match_of(f, a), join(f) or None, join(a) or None, "why") for p, s, f, a in rows]
    return pd.DataFrame(made, columns=["proposition", "study", "match", "segments", "against", "reason"])


SOME = matches(
    ("trust", "a", ["k1", "k2"], []),
    ("trust", "b", ["k1"], ["k2"]),
    ("trust", "c", [], []),
    ("ties", "a", [], ["k3"]),
    ("money", "a", ["k4"], []),
    ("money", "b", ["k5"], []),
    ("phase", "a", ["k1"], []),
    ("phase", "b", [], ["k6"]),
)


def test_each_proposition_stands_beside_each_study_and_what_nobody_matched_is_undefined():
    table = synthesis.pattern_match(PROPOSITIONS, SOME, STUDIES)
    assert table["proposition"].tolist() == ["trust"] * 4 + ["ties"] * 4
    assert table["match"].tolist() == ["supported", "mixed", "silent", None, "contradicted", None, None, None]
    assert table.loc[3, ["n_for", "n_against", "reason"]].tolist() == [0, 0, NOT_MATCHED]
    assert table.loc[1, ["segments", "against", "n_for", "n_against"]].tolist() == ["k1", "k2", 1, 1]


def test_studies_are_counted_and_silence_and_ignorance_stay_apart():
    counted = synthesis.matched_in(synthesis.pattern_match(PROPOSITIONS, SOME, STUDIES)).set_index("proposition")
    of = ["supported", "contradicted", "mixed", "silent", "not_matched", "n_studies", "of"]
    assert counted.loc["trust", of].tolist() == [1, 0, 1, 1, 1, 2, 4]
    assert counted.loc["trust", ["studies_for", "studies_against"]].tolist() == ["a;b", "b"]
    assert counted.loc["ties", of].tolist() == [0, 1, 0, 0, 3, 1, 4]
    assert counted.loc["ties", ["studies_for", "studies_against"]].tolist() == ["", "a"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("supported", None, None), "'supported' with 0 segments for it and 0 against; allowed: silent"),
        (("silent", "k1", None), "'silent' with 1 segments for it and 0 against; allowed: supported"),
        (("supported", "k1", "k2"), "allowed: mixed"),
        (("mixed", None, "k2"), "allowed: contradicted"),
        (("supported", "k9", None), "column segments: a coding of a; found 'k9'"),
        (("contradicted", None, "k9"), "column against: a coding of a; found 'k9'"),
        (("mixed", "k1", "k1"), "'k1' in both"),
    ],
)
def test_a_match_that_its_segments_do_not_make_is_told(row, words):
    table = pd.DataFrame([("trust", "a", *row)], columns=["proposition", "study", "match", "segments", "against"])
    found = synthesis.match_problems(table, {"a": ["k1", "k2"]}, "pattern_matches.csv")
    assert [words in str(problem) for problem in found] == [True]
    assert synthesis.match_problems(SOME, {"elsewhere": []}, "x") == []


def test_propositions_and_pairs_stand_once_and_are_known():
    with pytest.raises(CrosscaseError, match="each proposition has one row"):
        synthesis.pattern_match(pd.concat([PROPOSITIONS, PROPOSITIONS.head(1)]), SOME, STUDIES)
    with pytest.raises(CrosscaseError, match="one row for each proposition and study"):
        synthesis.pattern_match(PROPOSITIONS, pd.concat([SOME, SOME.head(1)]), STUDIES)
    with pytest.raises(CrosscaseError, match="a proposition that is there"):
        synthesis.pattern_match(PROPOSITIONS, matches(("luck", "a", ["k1"], [])), STUDIES)
    with pytest.raises(CrosscaseError, match="rival"):
        synthesis.pattern_match(PROPOSITIONS, SOME, STUDIES, "law")


def test_a_mechanism_is_told_with_its_studies():
    table = synthesis.explanatory_effects(PROPOSITIONS, SOME, STUDIES)
    assert table.values.tolist() == [["money", "money", "trust", "who pays feels it", "a;b", "", 2, 4]]


def test_a_rival_of_which_nobody_speaks_is_never_ruled_out():
    table = synthesis.rivals_weighed(PROPOSITIONS, SOME, STUDIES).set_index("proposition")
    assert table["standing"].to_dict() == {"phase": "not alone", "choice": "cannot be told here"}

    def standing(*rows):
        table = synthesis.rivals_weighed(PROPOSITIONS, matches(*rows), STUDIES).set_index("proposition")
        return table.loc["phase", "standing"]

    assert standing(("phase", "a", ["k1"], [])) == "open"
    assert standing(("phase", "a", [], ["k1"]), ("phase", "b", [], ["k2"])) == "spoken against"
    assert standing(("phase", "a", ["k1"], ["k2"])) == "not alone"


def test_negative_cases_are_what_is_told_against_and_nothing_else():
    found = synthesis.negative_matches(synthesis.pattern_match(PROPOSITIONS, SOME, STUDIES))
    assert found[["proposition", "study", "against"]].values.tolist() == [["ties", "a", "k3"], ["trust", "b", "k2"]]


SIDE = st.lists(st.sampled_from(["k1", "k2", "k3"]), unique=True, max_size=2)
CELLS = st.dictionaries(st.tuples(st.sampled_from(["trust", "ties"]), st.sampled_from(STUDIES)), st.tuples(SIDE, SIDE))


@given(CELLS)
def test_counts_make_the_whole_and_nothing_rests_on_silence(cells):
    table = matches(*[(*key, *sides) for key, sides in cells.items()])
    whole = synthesis.pattern_match(PROPOSITIONS, table, STUDIES)
    counted = synthesis.matched_in(whole)
    ways = ["supported", "contradicted", "mixed", "silent", "not_matched"]
    assert (counted[ways].sum(axis=1) == len(STUDIES)).all()
    assert (counted["n_studies"] == counted[ways[:3]].sum(axis=1)).all()
    quiet = whole[whole["match"].eq("silent") | whole["match"].isna()]
    assert (quiet[["n_for", "n_against"]].sum().sum()) == 0
    negative = synthesis.negative_matches(whole)
    assert len(negative) == int((whole["n_against"] > 0).sum())
    both = [key for key, (for_, against) in cells.items() if set(for_) & set(against)]
    found = synthesis.match_problems(table, {}, "x")
    assert len(found) == sum(len(set(cells[key][0]) & set(cells[key][1])) for key in both)
