"""Studies as units: pairs of studies and votes."""

import pandas as pd

from crosscase.synthesis import different_pair, direction_votes, vote_count


def test_conditions_on_which_the_cases_of_a_study_differ_count_as_not_stated():
    cells = pd.DataFrame({"study": ["a", "a", "b"], "condition": "M", "grade": ["yes", "no", "no"]})
    sides = {"inhibits": [True, False], "promotes": [False, True], "condition": [False, False]}
    pair = different_pair(cells, pd.DataFrame({"study": ["a", "b"]} | sides)).iloc[0]
    assert pair["n_known"] == 0
    assert pair["unknown"] == "M"
    assert pair["note"]


def test_votes_are_studies_and_few_studies_have_no_readable_p():
    cells = pd.DataFrame(
        {"construct": "c", "label": "C", "domain": "C", "study": list("abcde"), "direction": "barrier"}
        | {"confidence": "high", "themes": "x"}
    )
    out = direction_votes(vote_count(cells)).set_index("what")["n"]
    assert out.to_dict() == {"reported": 1.0, "unanimous": 1.0, "readable": 0.0, "smallest_p": 0.0625}
