"""Roles within cases: compared where participants are known, with a reason where they are not."""

import pandas as pd

from crosscase import comparison


def test_roles_without_participants_have_a_reason_and_a_role_in_one_case_is_named():
    codings = pd.DataFrame(
        {
            "document": list("pqrst"),
            "code": ["x", "y", "x", "y", "x"],
            "case": ["a", "a", "b", "b", "b"],
            "role": ["nurse", "manager", "nurse", "manager", "lawyer"],
        }
    )
    unknown = pd.DataFrame({"document": list("pqrst"), "participant": None})
    out = comparison.role_comparison(codings, unknown, n_permutations=99)
    assert out["p"].isna().all()
    assert "no document names its participant" in out["reason"][0]
    people = unknown.assign(participant=[f"p{i}" for i in range(5)])
    tested = comparison.role_comparison(codings, people, n_permutations=99)
    assert tested["n"].eq(5).all()
    assert tested["reason"].str.contains("in one case only: lawyer").all()
