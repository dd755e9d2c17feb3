"""Co-occurrence: every way of meeting against a slow and plain count."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscase.errors import CrosscaseError
from crosscase.matrices import co_occurrence
from crosscase.matrices import cooccurrence as module

SPANS = st.lists(
    st.tuples(
        st.sampled_from("de"), st.integers(0, 40), st.integers(1, 15), st.sampled_from("abc"), st.sampled_from("xy")
    ),
    min_size=2,
    max_size=30,
)


def frame_of(rows: list[tuple]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["document", "start", "size", "code", "coder"])
    frame["end"], frame["coding_id"] = frame["start"] + frame["size"], [f"c{i}" for i in range(len(frame))]
    return frame


def table(out: pd.DataFrame) -> dict:
    return {(a, b): n for a, b, n in zip(out["code_a"], out["code_b"], out["n"])}


@settings(max_examples=80)
@given(SPANS, st.integers(0, 6))
def test_overlap_and_near_equal_a_plain_double_loop(rows: list[tuple], gap: int) -> None:
    frame = frame_of(rows)
    overlap: Counter = Counter()
    near: Counter = Counter()
    for p, q in combinations(frame.to_dict("records"), 2):
        if p["document"] != q["document"] or p["coder"] != q["coder"] or p["code"] == q["code"]:
            continue
        pair = tuple(sorted((p["code"], q["code"])))
        distance = max(p["start"], q["start"]) - min(p["end"], q["end"])
        overlap[pair] += distance < 0
        near[pair] += distance <= gap
    assert table(co_occurrence(frame, "overlap")) == {k: v for k, v in overlap.items() if v}
    assert table(co_occurrence(frame, "near", gap)) == {k: v for k, v in near.items() if v}


@settings(max_examples=60)
@given(SPANS)
def test_units_equal_a_plain_count_and_segments_lead_back(rows: list[tuple]) -> None:
    frame = frame_of(rows)
    for by, keys in (("segment", ["document", "start", "end"]), ("document", ["document"])):
        plain: Counter = Counter()
        for _, group in frame.groupby([*keys, "coder"]):
            plain.update(combinations(sorted(set(group["code"])), 2))
        out = co_occurrence(frame, by)
        assert table(out) == dict(plain)
        for pair, ids in zip(zip(out["code_a"], out["code_b"]), out["segments"]):
            codes = frame.set_index("coding_id").loc[ids.split(";"), "code"]
            assert set(codes) == set(pair)


def test_small_blocks_give_the_same_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    rows = [("d", int(s), 9, c, "x") for s, c in zip(rng.integers(0, 99, 60), rng.choice(list("abc"), 60))]
    whole = co_occurrence(frame_of(rows), "overlap")
    monkeypatch.setattr(module, "CHUNK", 3)
    pd.testing.assert_frame_equal(co_occurrence(frame_of(rows), "overlap"), whole)


def test_lift_and_jaccard_by_hand() -> None:
    rows = [("d", 0, 5, "a", "x"), ("d", 0, 5, "b", "x"), ("d", 10, 5, "a", "x"), ("d", 20, 5, "b", "x")]
    out = co_occurrence(frame_of(rows), "segment").iloc[0]
    assert (out["n"], out["n_a"], out["n_b"], out["n_units"]) == (1, 2, 2, 3)
    assert (out["jaccard"], out["lift"], out["n_documents"]) == (1 / 3, 3 / 4, 1)


def test_wrong_options_are_refused() -> None:
    frame = frame_of([("d", 0, 5, "a", "x")])
    for by, within in (("sentence", None), ("near", None), ("overlap", 5), ("near", -1)):
        with pytest.raises(CrosscaseError):
            co_occurrence(frame, by, within)
    with pytest.raises(CrosscaseError, match="turn"):
        co_occurrence(frame, "turn")
