"""Findings across studies: their evidence names its study, and a study that no segment is of is silent."""

import pandas as pd
import pytest

from crosscase import synthesis
from crosscase.errors import CrosscaseError

ARGUMENT = pd.DataFrame(
    [
        ("f", "Trust carries", "a.k1;a.k2;b.k1", "b.k2;c.F001-002"),
        ("g", "Money matters", "b.k3", None),
    ],
    columns=["finding", "heading", "segments", "against"],
)


def test_evidence_is_taken_apart_by_side_and_study():
    evidence = synthesis.argued_evidence(ARGUMENT)
    assert evidence.values.tolist() == [
        ["f", "for", "a", "k1"],
        ["f", "for", "a", "k2"],
        ["f", "for", "b", "k1"],
        ["f", "against", "b", "k2"],
        ["f", "against", "c", "F001-002"],
        ["g", "for", "b", "k3"],
    ]


def test_every_id_without_its_study_is_told():
    with pytest.raises(CrosscaseError) as caught:
        synthesis.argued_evidence(ARGUMENT.assign(against=["k9", ".k1;a."]))
    assert [problem.found for problem in caught.value.problems] == ["'k9'", "'.k1'", "'a.'"]


def test_a_study_stands_for_against_both_or_is_silent():
    table = synthesis.evidence_by_study(ARGUMENT, ["a", "b", "c", "d"])
    assert table["match"].tolist() == [
        "supported", "mixed", "contradicted", "silent",
        "silent", "supported", "silent", "silent",
    ]  # fmt: skip
    assert table.loc[1, ["label", "n_for", "n_against", "segments", "against"]].tolist() == [
        "Trust carries", 1, 1, "k1", "k2",
    ]  # fmt: skip
