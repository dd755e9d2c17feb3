"""Rounds, readings side by side and comparisons as a study shows them; nothing of it where the stance forbids."""

import numpy as np
import pandas as pd
import pytest

from crosscase import agreement


def codings(*rows):
    columns = ["document", "start", "end", "code", "coder", "round"]
    return pd.DataFrame(rows, columns=columns).assign(valence="neutral", case=None)


UNITS = pd.DataFrame(
    [("d", s, s + 10, f"1.{s // 10}") for s in (0, 10, 20)], columns=["document", "start", "end", "unit"]
)
TWO = codings(
    ("d", 0, 5, "a", "x", "1"), ("d", 0, 5, "a", "y", "1"), ("d", 10, 15, "a", "x", "1"), ("d", 10, 15, "b", "y", "1"),
    ("d", 20, 25, "b", "x", "1"),
)  # fmt: skip


def test_the_last_independent_round_of_each_coder_and_document_is_compared():
    rows = codings(
        ("d", 0, 5, "a", "x", "2"), ("d", 0, 5, "b", "x", "10"), ("d", 0, 5, "c", "x", "consensus"),
        ("d", 0, 5, "d", "y", "2"), ("e", 0, 5, "e", "x", "2"), ("e", 0, 5, "f", "z", None),
    )  # fmt: skip
    kept = agreement.independent(rows, ["consensus"])
    assert kept["code"].tolist() == ["b", "d", "e", "f"]
    table = agreement.rounds_table(rows, ["consensus"]).set_index("round")
    assert table["used"].to_dict() == {"2": 2, "10": 1, "consensus": 0, "(no round named)": 1}
    assert table.loc["consensus", "kind"] == "reconciled"
    assert table["n_codings"].sum() == len(rows), "no coding is lost from the table of rounds"


def test_drift_needs_a_coder_with_two_rounds():
    assert agreement.drift_over_rounds(TWO).empty
    moved = agreement.drift_over_rounds(pd.concat([TWO, TWO[TWO["coder"] == "x"].assign(round="2")]))
    assert set(moved["coder"]) == {"x"}
    assert moved.groupby("round")["share"].sum().round(9).tolist() == [1.0, 1.0]


def test_readings_say_what_each_coder_put_and_lose_no_unit():
    table = agreement.side_by_side(TWO, UNITS)
    assert table[["unit", "x", "y", "reading"]].values.tolist() == [
        ["1.0", "a", "a", "alike"], ["1.1", "a", "b", "differs"], ["1.2", "b", "(nothing)", "differs"],
    ]  # fmt: skip


def test_a_coder_who_never_saw_the_document_did_not_read_it_as_empty():
    more = pd.concat([TWO, codings(("e", 0, 5, "a", "z", "1"))])
    units = pd.concat([UNITS, pd.DataFrame({"document": ["e"], "start": [0], "end": [9], "unit": ["1.0"]})])
    table = agreement.side_by_side(more, units)
    assert table["z"].tolist() == ["(did not code this document)"] * 3 + ["a"]
    assert table["reading"].tolist()[-1] == "one coder"


def test_a_shorter_list_of_readings_begins_as_the_whole_one_and_all_are_counted():
    whole = agreement.side_by_side(TWO, UNITS)
    pd.testing.assert_frame_equal(agreement.side_by_side(TWO, UNITS, most=1), whole.head(1))
    counts = agreement.reading_counts(TWO, UNITS)
    assert dict(zip(counts["reading"], counts["n"])) == whole["reading"].value_counts().to_dict()
    assert agreement.reading_counts(TWO.iloc[:0], UNITS).empty


def test_kinds_count_every_difference_once():
    table = agreement.disagreements(TWO)
    kinds = agreement.disagreement_counts(TWO)
    assert kinds["n"].sum() == len(table)
    assert dict(zip(kinds["kind"], kinds["n"])) == {
        "missed": 1,
        "other code": 1,
        "other boundary": 0,
        "other valence": 0,
    }


def test_the_confusion_map_keeps_the_codes_that_differ_most():
    table = pd.DataFrame(
        [("a", "a", 9), ("a", "b", 1), ("b", "(not coded)", 5), ("c", "(not coded)", 3), ("z", "z", 20)],
        columns=["code_1", "code_2", "n_pairs"],
    )
    drawn = agreement.confusion_frame(table, most=2)
    assert set(drawn["code_a"]) == {"b", "c"}
    assert "z" not in set(agreement.confusion_frame(table)["code_a"]), "nobody differs on z"


@pytest.mark.parametrize("stance", ["reflexive", "grounded_theory", "phenomenology"])
def test_no_coefficient_is_asked_where_the_stance_forbids(stance):
    assert "doi:" in agreement.why_not(stance, TWO)


def test_without_texts_or_a_second_coder_there_is_a_reason_and_nothing_fails():
    none = UNITS.head(0)
    assert agreement.why_not("codebook", TWO, UNITS) == ""
    assert "No text is known" in agreement.why_not("codebook", TWO, UNITS, none)
    assert "Fewer than two coders" in agreement.why_not("codebook", TWO[TWO["coder"] == "x"], UNITS)
    twice = pd.concat([TWO, TWO.head(1)])
    assert agreement.treatments(twice, none)["treatment"].tolist() == ["duplicate coding: counted once"]
    columns = ["document", "unit", "start", "end", "x", "y", "reading"]
    assert agreement.side_by_side(TWO, none).columns.tolist() == columns
    assert agreement.side_by_side(TWO.head(0), UNITS).empty


def test_both_intervals_hold_the_same_estimate_as_the_table():
    both = agreement.both_intervals(TWO, UNITS, over="units", resamples=50)
    table = agreement.agreement_table(TWO, UNITS, over="units", resamples=50).set_index(["code", "coefficient"])
    assert len(both) == table.index.get_level_values("code").nunique() * 4
    for row in both.itertuples():
        np.testing.assert_equal(row.estimate, table.loc[(row.code, row.coefficient), "value"])
        np.testing.assert_equal(row.bootstrap_low, table.loc[(row.code, row.coefficient), "low"])
    known = agreement.both_intervals(TWO, UNITS, over="units", resamples=50, known=table.reset_index())
    pd.testing.assert_frame_equal(both, known)
    over = both[(both["code"] == agreement.OVERALL) & (both["coefficient"] == "gwet_ac1")].iloc[0]
    assert over["bootstrap_low"] <= over["estimate"] <= over["bootstrap_high"]


@pytest.mark.parametrize(
    ("n", "over", "prevalence", "words"),
    [
        (1, "documents", 0.5, "none can be given"), (1, "units", 0.5, "both are too narrow"),
        (30, "units", 0.5, "vary documents instead"), (10, "documents", 0.5, "read the linearised interval"),
        (30, "documents", 0.5, "read either"), (30, "documents", 0.1, "the code is rare"),
    ],
)  # fmt: skip
def test_the_advice_follows_the_design(n, over, prevalence, words):
    assert words in agreement.interval_advice(n, over, prevalence)


@pytest.mark.parametrize(
    ("n", "prevalence", "held"),
    [(2, 0.5, (3, 74, 94)), (9, 0.4, (3, 74, 94)), (12, 0.1, (10, 85, 87)), (200, 0.01, (30, 63, 66))],
)
def test_the_advice_names_what_the_calibration_found(n, prevalence, held):
    words = (
        "in simulated studies with {} documents the bootstrap held the true value in {} of 100, the linearised in {}"
    )
    assert agreement.interval_advice(n, "documents", prevalence).endswith(words.format(*held))


def test_the_advice_for_a_table_needs_somebody_who_was_compared():
    table = agreement.agreement_table(TWO, UNITS, over="units", resamples=20)
    assert agreement.reading_advice(table, "units") == agreement.interval_advice(1, "units")
    alone = agreement.agreement_table(TWO[TWO["coder"] == "x"], UNITS, over="units", resamples=20)
    assert agreement.reading_advice(alone, "documents") == "no interval is given"


def test_one_document_has_no_such_finding():
    assert "simulated" not in agreement.interval_advice(1, "documents")
    assert "simulated" not in agreement.interval_advice(12, "units")


def test_codings_without_a_place_are_left_to_the_tables_that_need_none():
    rows = pd.concat([TWO, codings(("p", None, None, "a", "x", "1"), ("q", 0, 4, "a", "x", "1"))])
    sizes = pd.DataFrame({"document": ["d", "p", "q"], "code_points": [30, 30, None]})
    assert set(agreement.located(rows, sizes)["document"]) == {"d"}
    assert agreement.lengths(sizes)["document"].tolist() == ["d", "p"]


def test_what_is_marked_at_all_does_not_depend_on_the_codes():
    sizes = pd.DataFrame({"document": ["d"], "code_points": [30]})
    first = agreement.marked_alike(TWO, sizes)
    second = agreement.marked_alike(TWO.assign(code="z"), sizes)
    pd.testing.assert_frame_equal(first, second)
    assert first["value"].iloc[0] < 1
    pooled = agreement.character_kappa(TWO, sizes, by_document=False).set_index("code")
    assert pooled.loc["a", ["both", "first_only", "second_only", "neither"]].tolist() == [5, 5, 0, 20]


def test_the_forest_shows_used_codes_of_one_coefficient_with_each_coder():
    table = agreement.agreement_table(TWO, UNITS, codes=["a", "b", "never"], over="units", resamples=20)
    forest = agreement.forest_frame(table, "krippendorff_alpha")
    assert forest["code"].tolist() == ["a", "b", agreement.OVERALL]
    assert forest[["n", "n_coded"]].values.tolist() == [[3, 2], [3, 2], [9, 4]]
    chosen = table[(table["code"] == "a") & (table["coefficient"] == "krippendorff_alpha")].iloc[0]
    assert forest.loc[0, ["estimate", "low", "high"]].tolist() == chosen[["value", "low", "high"]].tolist()
    assert forest.loc[0, ["prevalence_x", "prevalence_y"]].tolist() == [2 / 3, 1 / 3]
