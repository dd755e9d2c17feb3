"""Evidence profiles: facts counted within each study, confidence only as people entered it."""

import pandas as pd
import pytest

from crosscase import synthesis
from crosscase.errors import CrosscaseError

CODINGS = pd.DataFrame(
    [
        ("a", "k1", "d1", 0, 5, "t", "n", "nurse;manager", "voice"),
        ("a", "k2", "d1", 0, 5, "t", "n", "nurse", "voice"),
        ("a", "k3", "d2", 9, 12, "t1", "s", "patient", "about"),
        ("a", "k4", "d2", 20, 30, "other", "s", None, "author"),
        ("b", "k1", "d9", 0, 4, "t", None, None, "author"),
    ],
    columns=["study", "coding_id", "document", "start", "end", "theme", "case", "role", "role_mode"],
)
FINDINGS = pd.DataFrame({"finding": ["f"], "statement": ["Trust takes time."]})
WHOLE = ["methodological_limitations", "coherence", "adequacy", "relevance", "overall"]


def evidence(*rows):
    return pd.DataFrame(list(rows), columns=["finding", "study", "coding_id"])


def judged(values, judge="anna;ben"):
    rows = [("f", name, value, "because", judge) for name, value in zip(WHOLE, values) if value]
    return pd.DataFrame(rows, columns=["finding", "component", "judgement", "rationale", "judge"])


BEHIND = [("f", "a", "k1"), ("f", "a", "k2"), ("f", "a", "k3"), ("f", "b", "k1")]


def profile(values, **more):
    facts = synthesis.adequacy_facts(evidence(*BEHIND), CODINGS)
    checked = synthesis.check_judgements(judged(values), ["f"])
    return synthesis.evidence_profile(FINDINGS, facts, checked, of=5, **more).iloc[0]


def test_facts_are_counted_within_each_study():
    facts = synthesis.adequacy_facts(evidence(*BEHIND), CODINGS).set_index("study")
    counted = ["n_themes", "n_segments", "n_documents", "n_cases", "n_voices"]
    assert facts.loc["a", counted].tolist() == [2, 2, 2, 2, 2]
    assert facts.loc["b", counted].tolist() == [1, 1, 1, 0, 0]
    assert facts.loc["b", "reason"].startswith("nobody speaks")
    alone = synthesis.adequacy_facts(evidence(("f", "a", "k1"), ("f", "a", "k9")), CODINGS).iloc[0]
    assert alone[["n_segments", "segments", "reason"]].tolist() == [1, "k1", "no coding k9"]


def test_overall_confidence_is_only_what_people_entered():
    best = ["no or very minor"] * 4
    without = profile([*best, None])
    assert without["overall"] is None
    assert without["reason"] == "not judged by people"
    assert without["not_judged"] == "overall"
    assert profile([*best, "very low"])["overall"] == "very low"
    assert profile(["serious"] * 4 + ["high"])["overall"] == "high"


def test_the_note_asks_for_a_reason_where_components_and_confidence_part():
    assert "coherence" in profile(["minor", "serious", "minor", "minor", "high"])["note"]
    assert profile(["minor", "minor", "minor", "minor", "high"])["note"] == ""
    assert profile(["minor", "minor", "minor", "minor", "low"])["note"].startswith("low confidence")


def test_profile_shows_facts_beside_the_judgement():
    row = profile(["minor", None, None, None, None])
    assert row["segments_by_study"] == "a: 2; b: 1"
    assert row[["n_studies", "of", "n_documents", "n_voices", "judges"]].tolist() == [2, 5, 3, 2, "anna;ben"]
    assert row["not_judged"] == "coherence;adequacy;relevance;overall"
    assert row[["studies", "studies_against", "not_appraised"]].tolist() == ["a;b", "", "a;b"]


def test_a_row_names_as_many_studies_as_it_counts_and_those_against_it():
    against = pd.DataFrame({"finding": ["f", "f", "g"], "study": ["b", "b", "c"]})
    row = profile([None] * 5, against=against, appraised=["a"])
    assert len(row["studies"].split(";")) == row["n_studies"] == row["segments_by_study"].count(":")
    assert row[["studies_against", "not_appraised"]].tolist() == ["b", "b"]


def test_bad_judgements_are_named_together():
    rows = judged(["high", "minor", None, None, "serious"], judge="anna;model")
    rows = pd.concat(
        [rows, rows.iloc[[1]].assign(rationale=" "), rows.iloc[[1]].assign(component="beauty", finding="g")]
    )
    with pytest.raises(CrosscaseError) as caught:
        synthesis.check_judgements(rows, ["f"], {"model": "language_model"})
    text = " | ".join(str(problem) for problem in caught.value.problems)
    for words in ("judgement of methodological_limitations", "judgement of overall", "has a rationale", "people judge"):
        assert words in text
    for words in ("known component", "finding of argument.csv", "judged once"):
        assert words in text
