"""Spans read once for all codes are what reading them code by code gives."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscase.agreement.spans.continuum import read_each, read_spans
from crosscase.agreement.spans.overlap import overlap_agreement
from crosscase.errors import CrosscaseError

LENGTHS = {"d": 30, "e": 20, "f": 5}
SPAN = st.tuples(
    st.sampled_from("de"), st.integers(0, 19), st.integers(1, 9), st.sampled_from("abc"), st.sampled_from("xyz")
)


def frame(rows) -> pd.DataFrame:
    found = [(d, s, min(s + n, LENGTHS[d]), c, who) for d, s, n, c, who in rows]
    return pd.DataFrame(found, columns=["document", "start", "end", "code", "coder"]).astype({"start": int, "end": int})


@settings(max_examples=25)
@given(st.lists(SPAN, min_size=1, max_size=14))
def test_each_code_is_read_as_if_it_were_alone(rows):
    spans = frame(rows)
    seen = spans[["document", "coder"]].drop_duplicates()
    people, codes = ["x", "y", "z"], ["b", "a", "none", "c"]
    together = dict(read_each(spans, LENGTHS, people, codes, seen))
    assert list(together) == codes
    for code, found in together.items():
        alone = read_spans(spans[spans["code"] == code], LENGTHS, people, [code], seen)
        pd.testing.assert_frame_equal(found.spans, alone.spans)
        assert (found.codes, found.merged, found.documents) == (alone.codes, alone.merged, alone.documents)
        assert np.array_equal(found.judged, alone.judged)
        assert np.array_equal(found.breaks, alone.breaks)


def test_codes_that_nobody_asked_for_are_not_read():
    spans = frame([("d", 0, 4, "a", "x")])
    outside = pd.concat([spans, spans.assign(code="b", end=99)])
    assert len(next(iter(read_each(outside, LENGTHS, ["x"], ["a"])))[1].spans) == 1
    with pytest.raises(CrosscaseError, match="ends within its document"):
        list(read_each(outside, LENGTHS, ["x"], ["a", "b"]))


@settings(max_examples=20)
@given(st.lists(SPAN, min_size=1, max_size=12))
def test_matching_two_coders_at_a_time_agrees_with_all_at_once_and_counts_by_hand(rows):
    spans = frame(rows)
    table = overlap_agreement(spans, ["x", "y", "z"], ["a", "b", "c"], threshold=0.01)
    for row in table[table["code"] != "(all codes)"].to_dict("records"):
        pair = spans[(spans["code"] == row["code"]) & spans["coder"].isin([row["coder_1"], row["coder_2"]])]
        judged = [set(spans.loc[spans["coder"] == row[name], "document"]) for name in ("coder_1", "coder_2")]
        pair = pair[pair["document"].isin(judged[0] & judged[1])]
        alone = overlap_agreement(
            pair, [row["coder_1"], row["coder_2"]], [row["code"]], threshold=0.01,
            judged=spans[["document", "coder"]].drop_duplicates(),
        ).iloc[0]  # fmt: skip
        assert [row[name] for name in ("n_first", "n_second", "n_matched")] == alone[
            ["n_first", "n_second", "n_matched"]
        ].tolist()
        assert row["n_matched"] <= min(row["n_first"], row["n_second"])
        touch = any(
            a.document == b.document and max(a.start, b.start) < min(a.end, b.end)
            for a in pair[pair["coder"] == row["coder_1"]].itertuples()
            for b in pair[pair["coder"] == row["coder_2"]].itertuples()
        )
        assert touch or row["n_matched"] == 0
