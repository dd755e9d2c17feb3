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
    frame = frame_of(rows).assign(coder="x")
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
        for _, group in frame.groupby(keys):
            of = [set(combinations(sorted(set(part["code"])), 2)) for _, part in group.groupby("coder")]
            plain.update(set().union(*of))
        out = co_occurrence(frame, by)
        assert table(out) == dict(plain)
        for pair, ids in zip(zip(out["code_a"], out["code_b"]), out["segments"]):
            codes = frame.set_index("coding_id").loc[ids.split(";"), "code"]
            assert set(codes) == set(pair)


TWO = [("d", 0, 40, code, coder) for code in ("time", "staff") for coder in ("ann", "ben")]
TWO += [("d", 42, 20, "trust", coder) for coder in ("ann", "ben")] + [("e", 0, 9, "rooms", coder) for coder in "xy"]


@pytest.mark.parametrize("by", ["segment", "overlap", "near", "document"])
def test_a_place_counts_once_however_many_coders_found_both_codes(by: str) -> None:
    out = co_occurrence(frame_of(TWO), by, 0 if by == "near" else None)
    row = out.set_index(["code_a", "code_b"]).loc[("staff", "time")]
    assert row[["n", "n_a", "n_b"]].tolist() == [1, 1, 1]
    assert row["n_units"] == {"segment": 3, "document": 2}.get(by, 4)
    assert row["segments"] == "c0;c1;c2;c3"


def test_coders_who_cut_one_place_differently_found_one_meeting() -> None:
    rows = [("d", 0, 20, "a", "x"), ("d", 5, 10, "b", "x"), ("d", 1, 20, "a", "y"), ("d", 4, 12, "b", "y")]
    assert co_occurrence(frame_of(rows), "overlap")[["n", "n_a", "n_b"]].values.tolist() == [[1, 1, 1]]
    apart = [*rows, ("d", 50, 9, "a", "y"), ("d", 50, 9, "b", "y")]
    assert co_occurrence(frame_of(apart), "overlap")[["n", "n_a", "n_b"]].values.tolist() == [[2, 2, 2]]
    strangers = [("d", 0, 20, "a", "x"), ("d", 0, 20, "b", "y")]
    assert co_occurrence(frame_of(strangers), "overlap").empty


@settings(max_examples=40)
@given(SPANS, st.sampled_from(["segment", "overlap", "document"]))
def test_a_second_coder_who_does_the_same_changes_no_number(rows: list[tuple], by: str) -> None:
    alone = frame_of(rows).assign(coder="x")
    both = pd.concat([alone, alone.assign(coder="y")])
    numbers = ["code_a", "code_b", "n", "n_a", "n_b", "n_units", "jaccard", "lift", "n_documents"]
    pd.testing.assert_frame_equal(co_occurrence(both, by)[numbers], co_occurrence(alone, by)[numbers])


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
