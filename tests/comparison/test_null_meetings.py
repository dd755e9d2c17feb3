"""Counting where codes meet: a small table is multiplied whole, a large one without its empty cells."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crosscase.comparison import marked_pairs, nulls


def test_small_and_large_tables_of_units_count_the_same_meetings(monkeypatch):
    rng = np.random.default_rng(4)
    pairs = np.unique(rng.integers(0, [40, 9], (150, 2)), axis=0)
    whole = nulls._meetings(pairs[:, 0], pairs[:, 1], 7)
    monkeypatch.setattr(nulls, "SMALL", 0)
    sparse = nulls._meetings(pairs[:, 0], pairs[:, 1], 7)
    assert whole.tolist() == sparse.tolist()
    assert whole.dtype == sparse.dtype
    assert whole.sum() > 0


def test_frequent_codes_that_can_never_meet_make_no_pair():
    rows = [{"document": f"d{n}", "paragraph": 1, "code": "ab"[n % 2]} for n in range(8)]
    met = marked_pairs(pd.DataFrame(rows), n_permutations=99)
    assert met.empty
    assert int(met["marked"].sum()) == 0


def test_codes_that_always_share_paragraphs_are_marked_and_strangers_are_not():
    rows = [(i, code) for i in range(30) for code in (["x", "y"] if i < 12 else ["u"] if i % 2 else ["v"])]
    codings = pd.DataFrame(rows, columns=["paragraph", "code"]).assign(document="d")
    out = marked_pairs(codings, n_permutations=199).set_index(["code_a", "code_b"])
    assert out.loc[("x", "y"), "n"] == 12
    assert out.loc[("x", "y"), "marked"]
    assert not out["marked"].drop(("x", "y")).any()


def test_very_many_codings_are_dealt_out_less_often_and_the_table_says_so(monkeypatch):
    rows = [("d", paragraph, code) for paragraph in range(12) for code in ("abc" if paragraph % 2 else "ab")]
    codings = pd.DataFrame(rows, columns=["document", "paragraph", "code"])
    assert marked_pairs(codings)["smallest_p"].unique().tolist() == [1 / 1000]
    monkeypatch.setattr("crosscase.comparison.nulls.EXCHANGES", 200 * len(codings))
    assert marked_pairs(codings)["smallest_p"].unique().tolist() == [1 / 201]
    monkeypatch.setattr("crosscase.comparison.nulls.EXCHANGES", 1)
    assert marked_pairs(codings)["smallest_p"].unique().tolist() == [1 / 100]


def test_a_second_coder_who_does_the_same_brings_no_second_meeting_and_no_mark():
    rows = [(i, code) for i in range(20) for code in (["x", "y"] if i in (0, 4) else ["x"] if i % 2 else ["y"])]
    alone = pd.DataFrame(rows, columns=["paragraph", "code"]).assign(document="d", coder="ann")
    both = pd.concat([alone, alone.assign(coder="ben")], ignore_index=True)
    once, twice = (marked_pairs(each, n_permutations=199, seed=3) for each in (alone, both))
    pd.testing.assert_frame_equal(once, twice)
    assert twice["n"].tolist() == [2]
