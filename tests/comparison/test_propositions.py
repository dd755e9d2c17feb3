"""Propositions match only what is stated of the case itself."""

import pandas as pd
import pytest

from crosscase import comparison, outcomes
from crosscase.errors import CrosscaseError

OUTCOMES = pd.DataFrame(
    {
        "outcome": ["plan", "plan", "pay", "pay"],
        "label": ["Plan", "Plan", "Pay", "Pay"],
        "kind": ["step", "step", "outcome", "outcome"],
        "order": [1, 1, 2, 2],
        "case": ["a", "b", "a", "some"],
        "state": ["yes", "no", "not_stated", "count"],
        "k": [None, None, None, 1],
        "n": [None, None, None, 2],
        "stage": "paper",
        "source": "",
        "fact": None,
    }
)


def test_propositions_match_only_what_is_stated_of_the_case():
    said = {"proposition": "p", "predicted": "yes", "replication": "literal", "written": "2020-01-01"}
    both = [said | {"case": case, "outcome": "plan"} for case in ("a", "b")]
    out = comparison.match_propositions(both, outcomes.observations(OUTCOMES))
    assert out["match"].tolist() == ["as predicted", "not as predicted"]
    unstated = comparison.match_propositions([said | {"case": "a", "outcome": "pay"}], outcomes.observations(OUTCOMES))
    assert unstated["match"].tolist() == ["not stated"]
    with pytest.raises(CrosscaseError, match="replication"):
        comparison.match_propositions([{"proposition": "p", "case": "a"}], outcomes.observations(OUTCOMES))


def test_without_propositions_there_is_nothing_to_match():
    out = comparison.match_propositions([], outcomes.observations(OUTCOMES))
    assert out.empty
    assert "match" in out
