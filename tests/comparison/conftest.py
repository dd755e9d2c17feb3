"""A small table of outcomes, hand-checkable: two stated of a case, one not stated, one known of a group."""

import pandas as pd
import pytest


@pytest.fixture
def stated():
    return pd.DataFrame(
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
