"""The study table: codings and units in, one row per code and an overall row out; bad input is named and counted."""

import numpy as np
import pandas as pd
import pytest

from crosscase.agreement import (
    OVERALL,
    agreement_table,
    code_sets,
    cohen_kappa,
    krippendorff_alpha,
    negotiated_agreement,
    presence,
    treatments,
)
from crosscase.errors import CrosscaseError
from crosscase.stances import STANCES, verdict


def codings(*rows, **more):
    frame = pd.DataFrame(rows, columns=["document", "start", "end", "code", "coder"])
    return frame.assign(**more)


def values(table):
    """Return the value of each code and coefficient."""
    return table.set_index(["code", "coefficient"])["value"]


UNITS = pd.DataFrame(
    [(d, s, s + 10, s // 10) for d in ("d1", "d2") for s in (0, 10, 20, 30)],
    columns=["document", "start", "end", "unit"],
)
BASIC = codings(
    ("d1", 0, 10, "a", "x"),
    ("d1", 0, 9, "a", "y"),
    ("d1", 9, 11, "b", "x"),
    ("d1", 10, 11, "b", "y"),
    ("d2", 5, 25, "a", "x"),
    ("d2", 20, 30, "a", "y"),
)


def test_a_unit_counts_as_coded_from_one_code_point_on():
    frames = presence(BASIC, UNITS)
    assert frames["a"].to_numpy().tolist() == [[1, 1], [0, 0], [0, 0], [0, 0], [1, 0], [1, 0], [1, 1], [0, 0]]
    assert frames["b"].loc["d1"].to_numpy().tolist() == [[1, 0], [1, 1], [0, 0], [0, 0]]
    assert frames["a"].index.names == ["document", "unit"]


def test_a_coder_without_codings_in_a_document_has_not_judged_it_unless_told():
    part = BASIC[(BASIC.document == "d1") | (BASIC.coder == "x")]
    assert presence(part, UNITS)["a"].loc["d2", "y"].isna().all()
    everyone = pd.DataFrame({"document": ["d1", "d1", "d2", "d2"], "coder": ["x", "y"] * 2})
    assert (presence(part, UNITS, judged=everyone)["a"].loc["d2", "y"] == 0).all()


def test_judging_is_known_from_any_code_even_one_that_is_not_compared():
    rows = pd.concat([BASIC[BASIC.coder == "x"], codings(("d1", 0, 5, "z", "y"), ("d2", 0, 5, "z", "y"))])
    frame = presence(rows, UNITS, codes=["a"])["a"]
    assert frame["y"].notna().all()


def test_judged_must_not_deny_a_coder_who_coded():
    with pytest.raises(CrosscaseError, match="y in d2 is not listed"):
        presence(BASIC, UNITS, judged=pd.DataFrame({"document": ["d1", "d1", "d2"], "coder": ["x", "y", "x"]}))


def test_code_sets_tell_judged_without_code_from_not_judged():
    part = BASIC[(BASIC.document == "d1") | (BASIC.coder == "x")]
    sets = code_sets(part, UNITS)
    assert sets.loc[("d1", 0), "x"] == frozenset({"a", "b"})
    assert sets.loc[("d1", 3), "y"] == frozenset()
    assert np.isnan(sets.loc[("d2", 3), "y"])


def test_table_equals_the_public_coefficients_on_the_presence_frames():
    value = values(agreement_table(BASIC, UNITS, resamples=20))
    for code, frame in presence(BASIC, UNITS).items():
        for measure in (krippendorff_alpha, cohen_kappa):
            assert value[code, measure.name] == pytest.approx(float(measure(frame)), abs=1e-12)
    stacked = pd.concat(presence(BASIC, UNITS).values())
    assert value[OVERALL, "krippendorff_alpha"] == pytest.approx(float(krippendorff_alpha(stacked)), abs=1e-12)


def test_table_by_hand():
    rows = agreement_table(BASIC, UNITS, resamples=20).set_index(["code", "coefficient"]).loc["a"]
    row = rows.iloc[0]
    assert (rows[["n_units", "n_documents", "n_units_coded", "prevalence_x"]].nunique() == 1).all()
    assert (row.n_units, row.n_coders, row.n_pairs, row.n_documents, row.n_units_coded) == (8, 2, 8, 2, 4)
    assert (row.prevalence_x, row.prevalence_y) == (4 / 8, 2 / 8)
    value = rows["value"]
    assert value.percent_agreement == 6 / 8
    assert value.positive_agreement == pytest.approx(2 * 2 / (2 * 2 + 2))
    assert value.negative_agreement == pytest.approx(2 * 4 / (2 * 4 + 2))
    assert value.cohen_kappa == pytest.approx((0.75 - 0.5) / 0.5)
    # coincidences: 16 values, 6 of them "given"; alpha = 1 - 15 * (4 / 2) * 2 / (2 * 6 * 10)
    assert value.krippendorff_alpha == pytest.approx(1 - 15 * 4 / (2 * 6 * 10))
    assert bool(row.rare)


@pytest.mark.parametrize("over", ["documents", "units"])
@pytest.mark.parametrize("method", ["bootstrap", "linearised"])
def test_limits_enclose_the_value_and_say_how_they_were_made(over, method):
    table = agreement_table(BASIC, UNITS, resamples=200, over=over, method=method)
    table = table[table["coefficient"] == "percent_agreement"]
    for value, low, high in table[["value", "low", "high"]].to_numpy(float):
        assert low <= value + 1e-12
        assert value <= high + 1e-12
    label = table["interval"].iloc[-1]
    assert over in label
    assert ("seed 20210401" in label) == (method == "bootstrap")
    assert table["interval"].nunique() == 1


def test_the_seed_fixes_the_interval_and_row_order_does_not_move_it():
    first = agreement_table(BASIC, UNITS, resamples=100, over="units", seed=3)
    again = agreement_table(BASIC.sample(frac=1, random_state=1), UNITS.sample(frac=1, random_state=2), resamples=100,
                            over="units", seed=3)  # fmt: skip
    pd.testing.assert_frame_equal(first, again)
    other = agreement_table(BASIC, UNITS, resamples=100, over="units", seed=4)
    assert not first["low"].equals(other["low"]) or not first["high"].equals(other["high"])


def test_undefined_keeps_its_reason():
    rows = pd.concat([BASIC, codings(("d1", 0, 40, "all", "x"), ("d1", 0, 40, "all", "y"), ("d2", 0, 40, "all", "x"),
                                     ("d2", 0, 40, "all", "y"))])  # fmt: skip
    table = agreement_table(rows, UNITS, codes=["all", "never"], resamples=20).set_index(["code", "coefficient"])
    for code in ("all", "never"):
        alpha, percent = table.loc[(code, "krippendorff_alpha")], table.loc[(code, "percent_agreement")]
        assert (np.isnan(alpha["value"]), alpha["reason"]) == (True, "one category only: no variation")
        assert (percent["value"], percent["reason"]) == (1.0, ""), "a reason speaks for its own coefficient alone"
    assert table.loc[("never", "positive_agreement"), "reason"] == "category not used on a unit with two judgements"
    assert table.loc[(OVERALL, "krippendorff_alpha"), "value"] == 1.0
    assert (table["reason"].ne("") | table["value"].notna()).all(), "what is undefined says why"


def test_one_coder_and_silent_coder_are_named():
    alone = agreement_table(BASIC, UNITS, coders=["x"], resamples=5)
    assert alone["value"].isna().all()
    assert alone["reason"].eq("one coder only").all()
    with_silent = agreement_table(BASIC, UNITS, coders=["x", "y", "zoe"], resamples=5)
    assert (with_silent["n_coders"] == 2).all()
    assert with_silent["prevalence_zoe"].isna().all()
    counted = treatments(BASIC, UNITS, coders=["x", "y", "zoe"]).set_index("treatment")
    assert counted.loc["coder coded nothing: no judgement counted", "detail"] == "zoe"


def test_every_treatment_is_counted():
    rows = pd.concat([
        BASIC, BASIC.iloc[[0]],
        codings(("d1", 5, 15, "a", "x"), ("d3", 0, 4, "a", "x"), ("d1", 90, 95, "a", "x"), ("d1", 0, 5, "odd", "y"),
                ("d2", pd.NA, pd.NA, "a", "y")),
    ]).astype({"start": "Int64", "end": "Int64"})  # fmt: skip
    units = pd.concat([UNITS, pd.DataFrame({"document": ["d9"], "start": [0], "end": [5], "unit": [0]})])
    counted = treatments(rows, units, codebook=pd.DataFrame({"code": ["a", "b"]})).set_index("treatment")["n"]
    assert counted.to_dict() == {
        "code outside the codebook: left out": 1,
        "no offsets (coding of a whole document): left out": 1,
        "duplicate coding: counted once": 1,
        "overlapping spans of one code by one coder: merged": 1,
        "document without units: codings left out": 1,
        "coding outside every unit: left out": 1,
        "unit nobody judged: left out": 1,
    }
    table = agreement_table(rows, units, codebook=pd.DataFrame({"code": ["a", "b"]}), resamples=5)
    assert table.loc[table["code"] == "a", ["n_duplicates", "n_merged"]].drop_duplicates().values.tolist() == [[1, 1]]


@pytest.mark.parametrize(
    ("rows", "units", "words"),
    [
        (BASIC.drop(columns="coder"), UNITS, "column coder"),
        (BASIC.assign(end=BASIC.start), UNITS, "at least one code point"),
        (BASIC.assign(code=[None, *"bbbbb"]), UNITS, "column code: each coding names it"),
        (BASIC, pd.concat([UNITS, UNITS.assign(unit=UNITS.unit + 9)]), "do not overlap"),
        (BASIC, UNITS.assign(unit=0), "each unit of a document once"),
        (BASIC, UNITS.drop(columns="unit"), "column unit"),
        (BASIC.assign(start=BASIC.start.astype(str)), UNITS, "offsets are whole numbers"),
    ],
)
def test_bad_codings_and_units_are_refused_with_their_place(rows, units, words):
    with pytest.raises(CrosscaseError, match=words):
        agreement_table(rows, units, resamples=5)


def test_no_coefficient_on_reconciled_rounds():
    rows = BASIC.assign(round="consensus")
    for rounds in (["consensus"], "consensus", pd.DataFrame({"round": ["first", "consensus"],
                                                             "reconciled": [False, True]})):  # fmt: skip
        with pytest.raises(CrosscaseError, match="6 codings of reconciled rounds"):
            agreement_table(rows, UNITS, resamples=5, rounds=rounds)
    assert agreement_table(rows, UNITS, resamples=5, rounds=["other"])["code"].nunique() == 3
    after = negotiated_agreement(rows, UNITS)
    assert after["percent_agreement"].tolist() == [0.75, 7 / 8]
    assert not {"cohen_kappa", "krippendorff_alpha"} & set(after)


def test_two_rounds_of_one_coder_are_not_mixed():
    rows = pd.concat([BASIC.assign(round="first"), BASIC.assign(round="second")])
    with pytest.raises(CrosscaseError, match="one round of a coder per document"):
        agreement_table(rows, UNITS, resamples=5)


def test_every_stance_has_a_sourced_reason():
    assert not verdict("reflexive", "agreement")[0]
    assert "10.1080/14780887.2020.1769238" in verdict("reflexive", "agreement")[1]
    assert verdict("coding_reliability", "agreement")[0]
    assert {"reflexive", "codebook", "coding_reliability", "constant_comparison", "framework", "content_analysis",
            "grounded_theory", "phenomenology"} <= set(STANCES)  # fmt: skip
    with pytest.raises(CrosscaseError, match="stance"):
        verdict("eclectic", "agreement")
