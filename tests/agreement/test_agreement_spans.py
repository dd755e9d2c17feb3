"""Coders who draw their own spans: alpha for unitizing against its definition, kappa on code points, overlaps."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from crosscase.agreement import (
    Bootstrap,
    boundary_similarity,
    character_kappa,
    cohen_kappa,
    cu_alpha,
    overlap_agreement,
    u_alpha,
    u_alpha_binary,
    unitizing_family,
    unitizing_table,
)
from crosscase.agreement.codings.paired import overlapping_pairs
from crosscase.errors import CrosscaseError


def definition(spans, length, coders):
    """Krippendorff, Mathet, Bouvry & Widloecher (2016), written out segment by segment."""
    codes = sorted(spans["code"].unique())
    segments = []
    for coder in coders:
        at = 0
        for row in spans[spans["coder"] == coder].sort_values("start").itertuples():
            if row.start > at:
                segments.append((coder, None, at, row.start))
            segments.append((coder, row.code, row.start, row.end))
            at = row.end
        if at < length:
            segments.append((coder, None, at, length))
    values = [None, *codes]
    others = len(coders) - 1

    def meet(a, b):
        return max(0, min(a[3], b[3]) - max(a[2], b[2])) if a[0] != b[0] else 0

    def expected(pairs, names, squares):
        margin = {c: sum(pairs[c, k] for k in names) for c in names}
        total = sum(margin.values())
        scale = total / (total**2 - sum(squares[c] for c in names))
        return {(c, k): scale * (margin[c] * margin[k] - (c == k) * squares[c]) for c in names for k in names}

    def alpha(pairs, chance, differ):
        keys = [key for key in pairs if differ(*key)]
        return 1 - sum(pairs[key] for key in keys) / sum(chance[key] for key in keys)

    pairs = {
        (c, k): sum(meet(a, b) for a in segments for b in segments if a[1] == c and b[1] == k) / others
        for c in values
        for k in values
    }
    squares = {c: sum((a[3] - a[2]) ** (2 if c else 1) for a in segments if a[1] == c) for c in values}
    chance = expected(pairs, values, squares)
    valued = {key: value for key, value in pairs.items() if None not in key}
    met = {
        c: sum((sum(meet(a, b) for b in segments if b[1]) / others) ** 2 for a in segments if a[1] == c) for c in codes
    }
    valued_chance = expected(valued, codes, met)
    found = {
        "u_alpha": alpha(pairs, chance, lambda c, k: c != k),
        "u_alpha_binary": alpha(pairs, chance, lambda c, k: (c is None) != (k is None)),
        "cu_alpha": alpha(valued, valued_chance, lambda c, k: c != k),
    }
    for k in codes:
        observed, by_chance = sum(valued[c, k] for c in codes), sum(valued_chance[c, k] for c in codes)
        share = by_chance / observed * (observed - valued[k, k]) / (by_chance - valued_chance[k, k])
        found[k] = 1 - share
        found[f"coverage {k}"] = observed / sum(pairs[c, k] for c in values)
    return found


def random_spans(seed, length=120, coders="xyz", codes="ck"):
    rng = np.random.default_rng(seed)
    rows = []
    for coder in coders:
        cuts = np.sort(rng.choice(np.arange(length + 1), 10, replace=False))
        rows += [(coder, int(a), int(b), str(rng.choice(list(codes)))) for a, b in pairwise(cuts) if rng.random() < 0.7]
    return pd.DataFrame(rows, columns=["coder", "start", "end", "code"])


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("coders", ["xy", "xyz", "wxyz"])
def test_family_is_its_definition(seed, coders):
    spans = random_spans(seed, coders=coders)
    expected = definition(spans, 120, list(coders))
    found = unitizing_family(spans, 120)
    for row in found.itertuples():
        name = row.code or row.coefficient
        assert row.value == pytest.approx(expected[name], abs=1e-12)
        if row.code:
            assert row.coverage == pytest.approx(expected[f"coverage {row.code}"], abs=1e-12)
    assert float(u_alpha(spans, 120)) == pytest.approx(expected["u_alpha"], abs=1e-12)
    assert float(u_alpha_binary(spans, 120)) == pytest.approx(expected["u_alpha_binary"], abs=1e-12)
    assert float(cu_alpha(spans, 120)) == pytest.approx(expected["cu_alpha"], abs=1e-12)


def test_same_spans_give_one_and_other_codes_only_lower_what_sees_codes():
    one = random_spans(1, coders="x")
    both = pd.concat([one, one.assign(coder="y")])
    assert unitizing_family(both, 120)["value"].tolist() == pytest.approx([1.0] * 5)
    swapped = pd.concat([one, one.assign(coder="y", code=one["code"].map({"c": "k", "k": "c"}))])
    found = unitizing_family(swapped, 120).set_index("coefficient")["value"]
    assert found["u_alpha_binary"] == pytest.approx(1.0)
    assert found["cu_alpha"] < 0
    assert found["u_alpha"] < 1


def test_a_named_coder_who_marked_nothing_counts_as_gaps():
    spans = random_spans(2, coders="x")
    with_silent = u_alpha(spans, 120, coders=["x", "y"])
    assert with_silent.n_coders == 2
    assert float(with_silent) < 0.2
    alone = u_alpha(spans, 120)
    assert np.isnan(float(alone))
    assert alone.reason == "no document judged by two coders"


def test_documents_are_laid_end_to_end_and_gaps_stop_at_their_ends():
    spans = random_spans(3)
    split = pd.concat([spans.assign(document="d1"), random_spans(4).assign(document="d2")])
    long = split.assign(start=split["start"] + 120 * (split["document"] == "d2"),
                        end=split["end"] + 120 * (split["document"] == "d2"))  # fmt: skip
    found = float(u_alpha(split, {"d1": 120, "d2": 120}))
    assert found == pytest.approx(float(u_alpha(long.drop(columns="document"), 240)), abs=1e-12)
    drawn = u_alpha(split, {"d1": 120, "d2": 120}, interval=Bootstrap(resamples=100))
    assert drawn.low <= found <= drawn.high
    lengths = pd.DataFrame({"document": ["d1", "d2"], "code_points": [120, 120]})
    assert float(u_alpha(split, lengths)) == found


def test_a_document_judged_by_one_coder_is_not_compared():
    spans = random_spans(5).assign(document="d1")
    more = random_spans(6, coders="x").assign(document="d2")
    found = u_alpha(pd.concat([spans, more]), {"d1": 120, "d2": 120})
    assert float(found) == pytest.approx(float(u_alpha(spans, {"d1": 120})), abs=1e-12)
    assert found.n_units == 120


def test_overlapping_spans_of_one_code_are_merged_with_a_count_and_of_two_codes_refused():
    spans = pd.DataFrame({"coder": ["x", "x", "y"], "start": [0, 3, 0], "end": [5, 9, 9], "code": "c"})
    found = unitizing_family(spans, 20)
    assert found["value"].iloc[0] == pytest.approx(1.0)
    assert (found["n_merged"] == 1).all()
    with pytest.raises(CrosscaseError, match="one code at a time"):
        u_alpha(spans.assign(code=["c", "k", "c"]), 20)
    by_code = unitizing_table(spans.assign(code=["c", "k", "c"], document="d"), {"d": 20})
    assert by_code["code"].tolist() == ["c", "k"]


def test_undefined_unitizing_keeps_its_reason():
    nothing = u_alpha(pd.DataFrame({"coder": [], "start": [], "end": []}), 20, coders=["x", "y"])
    assert nothing.reason == "nobody marked anything"
    apart = pd.DataFrame({"coder": ["x", "y"], "start": [0, 9], "end": [4, 12], "code": ["c", "k"]})
    assert cu_alpha(apart, 20).reason == "this matter is never marked by two coders"
    alike = pd.DataFrame({"coder": ["x", "y"], "start": [0, 0], "end": [4, 4], "code": "c"})
    assert cu_alpha(alike, 20).reason == "one code only: no variation"


@pytest.mark.parametrize(
    ("spans", "lengths", "words"),
    [
        ({"start": [0], "end": [30]}, 20, "ends within its document"),
        ({"start": [0], "end": [5], "document": ["d9"]}, {"d1": 20}, "none for d9"),
        ({"start": [0], "end": [5], "document": ["d1"]}, 20, "a length for each document"),
        ({"start": [5], "end": [5]}, 20, "at least one code point"),
        ({"start": [0], "end": [5]}, 0, "has code points"),
    ],
)
def test_bad_spans_are_refused(spans, lengths, words):
    with pytest.raises(CrosscaseError, match=words):
        u_alpha(pd.DataFrame({"coder": ["x"], **spans}), lengths)


def test_character_kappa_is_cohens_kappa_on_code_points():
    spans = random_spans(7, coders="xy", codes="c").assign(document="d1")
    other = random_spans(8, coders="xy", codes="c").assign(document="d2")
    found = character_kappa(pd.concat([spans, other]), {"d1": 120, "d2": 200}).set_index("document")
    points = {}
    for name, part, size in (("d1", spans, 120), ("d2", other, 200)):
        table = pd.DataFrame(0, index=range(size), columns=["x", "y"])
        for row in part.itertuples():
            table.loc[row.start : row.end - 1, row.coder] = 1
        points[name] = table
        assert found.loc[name, "kappa"] == pytest.approx(float(cohen_kappa(table)), abs=1e-12)
    pooled = float(cohen_kappa(pd.concat(points.values(), ignore_index=True)))
    assert found.loc["(all documents)", "kappa"] == pytest.approx(pooled, abs=1e-12)
    each = found.loc[["d1", "d2"], "kappa"].to_numpy()
    assert found.loc["(mean of documents)", "kappa"] == pytest.approx(each.mean())
    assert found.loc["(mean weighted by length)", "kappa"] == pytest.approx((each[0] * 120 + each[1] * 200) / 320)


def test_character_kappa_is_undefined_without_variation_unless_asked():
    codings = pd.DataFrame({"document": ["d1", "d1", "d2", "d2"], "coder": ["x", "y"] * 2, "start": 0,
                            "end": [4, 4, 5, 6], "code": ["c", "c", "k", "k"]})  # fmt: skip
    plain = character_kappa(codings, {"d1": 10, "d2": 10}, codes=["c"]).set_index("document")
    assert np.isnan(plain.loc["d2", "kappa"])
    assert "one category only" in plain.loc["d2", "reason"]
    assert plain.loc["(mean of documents)", "reason"] == "1 of 2 documents undefined and left out"
    asked = character_kappa(codings, {"d1": 10, "d2": 10}, codes=["c"], complete_is_one=True).set_index("document")
    assert asked.loc["d2", "kappa"] == 1.0
    assert "set to 1 on request" in asked.loc["d2", "reason"]


def test_overlapping_pairs_against_all_pairs():
    rng = np.random.default_rng(3)
    for _ in range(20):
        a, b = rng.integers(0, 50, (2, 12))
        ends_a, ends_b = a + rng.integers(1, 15, 12), b + rng.integers(1, 15, 12)
        first, second, shared = overlapping_pairs(a, ends_a, b, ends_b)
        expected = {
            (i, j): min(ends_a[i], ends_b[j]) - max(a[i], b[j])
            for i in range(12)
            for j in range(12)
            if min(ends_a[i], ends_b[j]) > max(a[i], b[j])
        }
        assert dict(zip(zip(first.tolist(), second.tolist()), shared.tolist())) == expected


def test_overlap_agreement_states_and_keeps_its_threshold():
    codings = pd.DataFrame(
        [("d", "x", 0, 10), ("d", "y", 5, 15), ("d", "x", 20, 30), ("d", "y", 20, 29), ("d", "y", 40, 50)],
        columns=["document", "coder", "start", "end"],
    ).assign(code="c")
    rows = {}
    for threshold in (0.3, 0.5, 0.95):
        row = overlap_agreement(codings, threshold=threshold).iloc[0]
        rows[threshold] = (row["n_matched"], row["percent_agreement"], row["specific_agreement"])
        assert row["threshold"] == threshold
    assert rows == {0.3: (2, 2 / 3, 4 / 5), 0.5: (1, 1 / 4, 2 / 5), 0.95: (0, 0.0, 0.0)}
    assert overlap_agreement(codings, threshold=0.95, share="shorter").iloc[0]["n_matched"] == 1
    for bad in ({"threshold": 0}, {"threshold": 1.2}, {"share": "half"}):
        with pytest.raises(CrosscaseError):
            overlap_agreement(codings, **bad)


def test_a_segment_matches_once():
    codings = pd.DataFrame(
        [("d", "x", 0, 20), ("d", "y", 0, 9), ("d", "y", 10, 20)], columns=["document", "coder", "start", "end"]
    ).assign(code="c")
    row = overlap_agreement(codings, threshold=0.1).iloc[0]
    assert (row["n_first"], row["n_second"], row["n_matched"]) == (1, 2, 1)


def test_boundary_similarity_by_hand():
    spans = pd.DataFrame({"coder": ["x", "x", "y", "y"], "start": [10, 40, 10, 50], "end": [20, 45, 23, 60]})
    row = boundary_similarity(spans, 100, near=5).iloc[0]
    # boundaries x 10 20 40 45, y 10 23 50 60: one match, one near miss of 3, four additions
    assert (row["n_matches"], row["n_near"], row["n_additions"]) == (1, 1, 4)
    assert row["similarity"] == pytest.approx(1 - (4 + 3 / 5) / (4 + 1 + 1))
    assert boundary_similarity(spans, 100, near=1).iloc[0]["n_near"] == 0
    nothing = boundary_similarity(spans.iloc[:0], 100, coders=["x", "y"]).iloc[0]
    assert np.isnan(nothing["similarity"])
    assert nothing["reason"] == "neither coder drew a boundary"
