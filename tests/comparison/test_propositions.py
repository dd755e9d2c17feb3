"""Propositions match only what is stated of the case itself."""

import pytest

from crosscase import comparison, outcomes
from crosscase.errors import CrosscaseError


def test_propositions_match_only_what_is_stated_of_the_case(stated):
    said = {"proposition": "p", "predicted": "yes", "replication": "literal", "written": "2020-01-01"}
    both = [said | {"case": case, "outcome": "plan"} for case in ("a", "b")]
    out = comparison.match_propositions(both, outcomes.observations(stated))
    assert out["match"].tolist() == ["as predicted", "not as predicted"]
    unstated = comparison.match_propositions([said | {"case": "a", "outcome": "pay"}], outcomes.observations(stated))
    assert unstated["match"].tolist() == ["not stated"]
    with pytest.raises(CrosscaseError, match="replication"):
        comparison.match_propositions([{"proposition": "p", "case": "a"}], outcomes.observations(stated))


def test_without_propositions_there_is_nothing_to_match(stated):
    out = comparison.match_propositions([], outcomes.observations(stated))
    assert out.empty
    assert "match" in out
