"""The disagreements themselves: kinds, confusion, valence, support of matrix cells, drift."""

import pandas as pd
import pytest

from crosscase.agreement import (
    compare_segments,
    confusion,
    disagreement_counts,
    disagreements,
    drift_over_rounds,
    presence_agreement,
    presence_support,
    valence_agreement,
)
from crosscase.errors import CrosscaseError

ROWS = pd.DataFrame(
    [
        ("d1", 0, 10, "a", "x", "promotes", "p. 1"),
        ("d1", 0, 10, "a", "y", "promotes", "p. 1"),
        ("d1", 20, 30, "a", "x", "promotes", "p. 1"),
        ("d1", 22, 30, "a", "y", "inhibits", "p. 1"),
        ("d1", 40, 50, "b", "x", "na", "p. 2"),
        ("d1", 42, 48, "c", "y", "na", "p. 2"),
        ("d2", 0, 5, "c", "x", "na", "p. 3"),
        ("d2", 60, 65, "a", "y", None, "p. 4"),
        ("d3", 0, 5, "a", "x", "na", "p. 5"),
    ],
    columns=["document", "start", "end", "code", "coder", "valence", "locator"],
)


def test_every_kind_once_and_only_where_both_judged():
    table = compare_segments(ROWS)
    assert table["kind"].value_counts().to_dict() == {
        "missed": 2, "agreed": 1, "other boundary": 1, "other valence": 1, "other code": 1,
    }  # fmt: skip
    assert "d3" not in set(table["document"])
    swapped = table[table["kind"] == "other code"].iloc[0]
    assert (swapped["code_1"], swapped["code_2"], swapped["shared"]) == ("b", "c", 6)
    missed = table[table["kind"] == "missed"].set_index("start")
    assert missed.loc[0, ["coder_1", "code_1"]].tolist() == ["x", "c"]
    assert pd.isna(missed.loc[0, "code_2"])
    assert missed.loc[60, "code_2"] == "a"
    assert missed.loc[60, "locator_2"] == "p. 4"


def test_the_meeting_gets_rows_with_room_for_a_decision_and_stable_ids():
    table = disagreements(ROWS)
    assert len(table) == 5
    assert "agreed" not in set(table["kind"])
    assert table[["decision", "decided_on", "reason"]].isna().all(axis=None)
    again = disagreements(ROWS.sample(frac=1, random_state=3))
    assert table["segment"].tolist() == again["segment"].tolist()
    assert table.loc[table["kind"] == "other code", "segment"].item() == "d1:x=b@40-50:y=c@42-48"


def test_a_shorter_list_begins_as_the_whole_one_and_all_are_counted():
    whole, counts = disagreements(ROWS), disagreement_counts(ROWS)
    for most in (0, 2, 99):
        pd.testing.assert_frame_equal(disagreements(ROWS, most=most), whole.head(most), check_dtype=False)
    assert dict(zip(counts["kind"], counts["n"])) == whole["kind"].value_counts().to_dict()
    nobody = ROWS[ROWS["coder"] == "x"]
    assert disagreement_counts(nobody).columns.tolist() == ["coder_1", "coder_2", "kind", "n"]


def test_tolerance_forgives_small_shifts_of_boundaries():
    kinds = compare_segments(ROWS, tolerance=2)["kind"].tolist()
    assert "other boundary" not in kinds
    assert kinds.count("other valence") == 1


def test_a_code_given_elsewhere_by_both_is_not_taken_for_a_swap():
    rows = pd.DataFrame(
        [("d", 0, 9, "a", "x"), ("d", 0, 9, "a", "y"), ("d", 0, 9, "b", "x")],
        columns=["document", "start", "end", "code", "coder"],
    )
    assert sorted(compare_segments(rows)["kind"]) == ["agreed", "missed"]


def test_three_coders_are_compared_pair_by_pair():
    rows = pd.concat([ROWS, ROWS[ROWS["coder"] == "x"].assign(coder="z")])
    table = compare_segments(rows)
    assert set(zip(table["coder_1"], table["coder_2"])) == {("x", "y"), ("x", "z"), ("y", "z")}
    assert set(table.loc[(table["coder_1"] == "x") & (table["coder_2"] == "z"), "kind"]) == {"agreed"}


def test_confusion_counts_each_pair_of_codings_once():
    table = confusion(ROWS).set_index(["code_1", "code_2"])
    assert table["n_pairs"].to_dict() == {
        ("a", "(not coded)"): 1,
        ("a", "a"): 2,
        ("b", "c"): 1,
        ("c", "(not coded)"): 1,
    }
    assert table.loc[("a", "a"), "shared"] == 18
    assert table.loc[("a", "a"), "share"] == pytest.approx(2 / 3)


def test_valence_is_compared_where_both_gave_the_code():
    table = valence_agreement(ROWS).set_index("code")
    assert table.loc["a", ["n_pairs", "n_without_valence"]].tolist() == [2, 0]
    assert table.loc["a", "percent_agreement"] == 0.5
    open_valence = valence_agreement(ROWS.assign(valence=ROWS["valence"].mask(ROWS["start"] == 22))).set_index("code")
    assert open_valence.loc["a", ["n_pairs", "n_without_valence"]].tolist() == [1, 1]
    apart = valence_agreement(ROWS[ROWS["code"] == "b"]).set_index("code")
    assert apart.loc["(all codes)", "reason"] == "no pair of codings with valence"


def test_a_matrix_cell_shows_on_how_many_coders_it_stands():
    table = presence_support(ROWS).set_index(["document", "code"])
    assert table.loc[("d1", "a"), ["n_judged", "n_coded", "unanimous"]].tolist() == [2, 2, True]
    assert table.loc[("d2", "c"), ["n_judged", "n_coded", "coders"]].tolist() == [2, 1, "x"]
    assert table.loc[("d3", "a"), ["n_judged", "n_coded"]].tolist() == [1, 1]
    assert table.loc[("d3", "b"), "unanimous"]


def test_presence_by_case_takes_cases_of_documents_or_of_codings():
    cases = pd.DataFrame({"document": ["d1", "d2", "d3"], "case": ["north", "south", "south"]})
    table = presence_support(ROWS, "case", cases=cases).set_index(["case", "code"])
    assert table.loc[("south", "c"), ["n_judged", "n_coded"]].tolist() == [2, 1]
    own = presence_support(ROWS.assign(case=ROWS["coder"].map({"x": "north"})), "case").set_index(["case", "code"])
    assert own.loc[("north", "a"), ["n_judged", "n_coded"]].tolist() == [1, 1]
    with pytest.raises(CrosscaseError, match="each document with codings has a case"):
        presence_support(ROWS, "case", cases=cases.iloc[:2])
    with pytest.raises(CrosscaseError, match="unknown level"):
        presence_support(ROWS, "role")


def test_agreement_on_presence_per_document():
    table = presence_agreement(ROWS).set_index("code")
    assert table.loc["a", ["n_units", "n_present", "percent_agreement"]].tolist() == [2, 3, 0.5]
    assert table.loc["c", "percent_agreement"] == 0.0
    assert table.loc["(all codes)", "n_units"] == 6


def test_drift_counts_every_round_coder_and_code():
    rows = pd.concat([ROWS.assign(round="1"), ROWS[ROWS["coder"] == "x"].assign(round="2")])
    table = drift_over_rounds(rows).set_index(["round", "coder", "code"])
    assert table.loc[("1", "x", "a"), ["n_codings", "n_documents"]].tolist() == [3, 3]
    assert table.loc[("1", "x", "a"), "share"] == pytest.approx(3 / 5)
    assert set(table.index.get_level_values("coder")) == {"x"}, "the other coded in one round only"
    assert table.loc[("2", "x", "c"), "n_codings"] == 1
    assert drift_over_rounds(rows.assign(round=None)).empty, "codings without a round are one round"


def test_of_a_code_on_which_no_coders_met_no_direction_is_counted():
    table = valence_agreement(ROWS, codes=["a", "b", "never"]).set_index("code")
    assert table.loc["never", "n_pairs"] == table.loc["never", "n_without_valence"] == 0
    assert table.loc["never", "percent_agreement":"krippendorff_alpha"].isna().all()
    assert table.loc["never", "reason"] == "no pair of codings with valence"
    assert (
        table.loc["(all codes)", "n_pairs"] == valence_agreement(ROWS).set_index("code").loc["(all codes)", "n_pairs"]
    )
