"""Alpha for unitizing of 1995: by hand, and what must hold whatever the spans."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscase.agreement import OVERALL, u_alpha_1995, unanimous_agreement
from crosscase.errors import CrosscaseError


def marks(**coders):
    rows = [(coder, start, end) for coder, spans in coders.items() for start, end in spans]
    return pd.DataFrame(rows, columns=["coder", "start", "end"])


def test_by_hand():
    """L = 10, units 2-6 and 3-8: ends 1 and 2 apart; gaps 2, 4 and 3, 2."""
    found = u_alpha_1995(marks(x=[(2, 6)], y=[(3, 8)]), 10).iloc[0]
    assert found["observed"] == pytest.approx(2 * (1 + 4) / (2 * 1 * 100))
    among = (2 * 64 - 3 * 16 + 4) / 3 + (2 * 125 - 3 * 25 + 5) / 3
    within = 16 * (4 - 4 + 1)  # of the gaps only that of length 4 holds a unit of 4, none one of 5
    assert found["expected"] == pytest.approx(2 / 10 * (among + within) / (20 * 19 - 4 * 3 - 5 * 4))
    assert found["value"] == pytest.approx(1 - found["observed"] / found["expected"])


def test_a_unit_in_a_gap_counts_by_the_square_of_its_length():
    """A coder who marked nothing is one gap: 2 * 4 squared / (2 * 10 squared)."""
    found = u_alpha_1995(marks(x=[(2, 6)]), 10, coders=["x", "silent"]).iloc[0]
    assert found["observed"] == pytest.approx(16 / 100)
    assert found["n_coders"] == 2


SPANS = st.lists(st.integers(0, 30), min_size=2, max_size=8, unique=True).map(
    lambda cuts: list(zip(sorted(cuts)[::2], sorted(cuts)[1::2]))
)


@given(SPANS, SPANS, SPANS)
def test_it_reads_the_same_from_either_end_and_whoever_comes_first(x, y, z):
    found = u_alpha_1995(marks(x=x, y=y, z=z), 30).iloc[0]
    turned = {name: [(30 - end, 30 - start) for start, end in spans] for name, spans in (("x", z), ("y", x), ("z", y))}
    again = u_alpha_1995(marks(**turned), 30).iloc[0]
    for name in ("value", "observed", "expected"):
        assert found[name] == pytest.approx(again[name], abs=1e-12, nan_ok=True)
    same = u_alpha_1995(marks(x=x, y=x), 30).iloc[0]
    assert same["observed"] == 0
    assert same["value"] == 1 or np.isnan(same["value"])


def test_what_is_undefined_says_why():
    nothing = u_alpha_1995(marks(), 10, coders=["x", "y"])
    assert nothing["code"].tolist() == [OVERALL]
    assert nothing["reason"].tolist() == ["nobody marked anything"]
    alone = u_alpha_1995(marks(x=[(0, 4)]), 10)
    assert alone["value"].isna().all()
    assert set(alone["reason"]) == {"fewer than two coders"}


def test_one_document_is_compared_at_a_time():
    spans = marks(x=[(0, 4)], y=[(0, 4)])
    assert u_alpha_1995(spans.assign(document="d"), 10)["value"].tolist() == [1.0, 1.0]
    with pytest.raises(CrosscaseError, match="one continuum; found 2 documents"):
        u_alpha_1995(spans.assign(document=["d", "e"]), 10)


def test_unanimous_agreement_by_hand():
    """Of three units with two judgements or more all agree on two; the pairs of the third do so in one of three."""
    rows = [["a", "a", "a"], ["a", "a", "b"], ["b", "b", None], ["a", None, None]]
    found = unanimous_agreement(rows)
    assert float(found) == pytest.approx(2 / 3)
    assert found.n_units == 3
    assert unanimous_agreement([["a", None]]).reason == "no unit judged by two coders"
    with pytest.raises(CrosscaseError, match="no weights"):
        unanimous_agreement(rows, weights="linear")
