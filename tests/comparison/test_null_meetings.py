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
