"""Studies as units: pairs of studies."""

import pandas as pd

from crosscase.synthesis import different_pair


def test_conditions_on_which_the_cases_of_a_study_differ_count_as_not_stated():
    cells = pd.DataFrame({"study": ["a", "a", "b"], "condition": "M", "grade": ["yes", "no", "no"]})
    sides = {"inhibits": [True, False], "promotes": [False, True], "condition": [False, False]}
    pair = different_pair(cells, pd.DataFrame({"study": ["a", "b"]} | sides)).iloc[0]
    assert pair["n_known"] == 0
    assert pair["unknown"] == "M"
    assert pair["note"]
