"""What is said of configurations: known cases, contradictions, ties, no solution, cases that are left out."""

from __future__ import annotations

import pandas as pd
import pytest

from crosscase import configurations as qca
from crosscase.analyses import configurations as found
from crosscase.study.examples import load_example


def table(columns: dict[str, list[float | None]], **options: object) -> qca.TruthTable:
    frame = pd.DataFrame(columns)
    frame.index = pd.Index(list("abcdefgh")[: len(frame)], name="case")
    return qca.truth_table(frame, "Y", **options)


PLAIN = {"A": [1, 1, 0, 0], "B": [1, 0, 1, 0], "Y": [1, 1, 0, 0]}
TORN = {"A": [1, 1, 0, 0], "B": [1, 1, 0, 1], "Y": [1, 0, 0, 0]}
HOLES = {"A": [1, 1, 0, None, None], "B": [1, 0, 1, 1, None], "Y": [1, 1, 0, 0, 1]}


def test_cells_and_record_of_the_fifteen_cases() -> None:
    cells, rubric = load_example("configuration_cells"), load_example("configuration_rubric")
    facts = cells[["study", "fact"]].drop_duplicates()
    said = f"{len(cells)} cells rest on {len(facts)} published facts of {cells['study'].nunique()} studies."
    assert found.cells(cells).sentence == said
    assert found.cells(cells.head(1)).sentence == "1 cell rests on 1 published fact of 1 study."
    assert found.cells(cells.head(0)).sentence == "No fact fills a cell."
    one = found.record(cells, rubric, "GREW")
    judged = one.frame[one.frame["condition"].eq("GREW")]["membership"].notna().sum()
    assert one.sentence == (
        f"Published facts carry {len(cells)} of 75 cells of case by condition; the outcome (GREW) is known of "
        f"{judged} of 15 cases."
    )
    assert {v.id: v.value for v in one.values} == {
        "cases.n": 15,
        "cases.cells_known": len(cells),
        "cases.outcome_known": judged,
    }


def test_cases_are_told_by_what_is_not_stated_of_them() -> None:
    rubric = pd.DataFrame({"condition": ["A", "A", "Y"], "grade": ["yes", "no", "yes"], "membership": [1, 0, 1]})
    rubric["definition"] = "told"
    judged = pd.DataFrame({"case": ["a", "a", "b"], "condition": ["A", "Y", "A"], "grade": ["yes", "yes", "no"]})
    judged["rationale"] = "told"
    one = found.usable(judged, rubric)
    assert one.sentence == "All conditions are stated of 1 of 2 cases; most often missing: Y (1 case)."
    assert [(v.id, v.value, v.n) for v in one.values] == [("cases.used", 1, 2)]
    assert found.usable(judged.head(2), rubric).sentence == "All conditions are stated of each of 1 case."
    none = found.usable(judged.tail(1).assign(condition="Y", grade="yes"), rubric)
    assert none.sentence.endswith("of none of 1 case; most often missing: A (1 case), so there is no truth table.")


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (PLAIN, "4 of 4 cases can be used and make 4 observed rows: 2 with Y and 2 without."),
        (HOLES, "3 of 5 cases can be used and make 3 observed rows: 2 with Y and 1 without."),
    ],
)
def test_rows_of_the_truth_table_are_counted(columns: dict, said: str) -> None:
    assert found.truth(table(columns), "cases").sentence == said


def test_contradictory_and_thin_rows_are_named() -> None:
    torn = found.truth(table(TORN, incl_cut=(0.8, 0.2)), "cases").sentence
    assert torn.endswith("3 observed rows: 0 with Y, 2 without and 1 contradictory.")
    assert "with too few cases" in found.truth(table(PLAIN, n_cut=2), "cases").sentence


def test_cases_left_out_name_what_is_missing_most() -> None:
    assert found.left_out(table(PLAIN), "cases").sentence == "All of 4 cases can be used."
    said = "2 of 5 cases cannot be used; most often missing: A (2 cases)."
    assert found.left_out(table(HOLES), "cases").sentence == said


def test_spread_tells_what_does_not_vary_from_what_is_skewed() -> None:
    frame = {"A": [1, 1, 1, 1, 1, 1], "B": [1, 0, 0, 0, 0, 0], "C": [1, 1, 1, 0, 0, 0], "Y": [1, 0, 1, 0, 1, 0]}
    assert found.spread(table(frame), "cases").sentence == "Of 4 sets in 6 cases, A does not vary; B is skewed."
    assert found.spread(table(PLAIN), "cases").sentence == "None of 3 sets in 4 cases is skewed."


def test_diversity_and_capacity_count() -> None:
    seen = found.diversity(table(HOLES), "x")
    assert seen.sentence.startswith("3 of 4 possible configurations were observed; ")
    assert [(v.id, v.value) for v in seen.values] == [("x.possible", 4), ("x.observed", 3)]
    met = found.capacity(table(PLAIN), "x")
    assert met.sentence == "The cases meet 6 of 7 demands; not met: cases in use."
    assert (met.values[0].value, met.values[0].n) == (6, 7)


def test_calibration_names_the_memberships_that_differ() -> None:
    published = pd.DataFrame(
        {"label": ["North", "East"], "raw": [400, 550], "in": [0.05, 0.5]}, index=pd.Index(["n", "e"], name="case")
    )
    options = {"raw": "raw", "member": "in", "anchors": (400, 550, 900), "log_odds": 3}
    assert "All 2 memberships" in found.calibration(published, **options).sentence
    wrong = found.calibration(published.assign(**{"in": [0.05, 0.6]}), **options)
    assert wrong.sentence == "1 of 2 memberships in in differs: East."
    assert wrong.values[0].value == 1


def test_necessity_gives_relevance_with_consistency() -> None:
    said = found.necessity(table(PLAIN), "x").sentence
    assert said == "1 of 4 sets reaches a consistency of 0.90 as necessary for Y: A (1.00, relevance 1.00)."
    never = {"A": [1, 0, 1, 0], "B": [1, 1, 0, 0], "Y": [1, 1, 1, 0]}
    assert (
        found.necessity(table(never), "x").sentence == "None of 4 sets reach a consistency of 0.90 as necessary for Y."
    )


def test_solutions_print_formula_and_fit() -> None:
    one = found.solutions(table(PLAIN), "A, B", "x")
    fit = "A (consistency 1.00, coverage 1.00)"
    assert one.sentence == f"Solutions of Y: complex {fit}; parsimonious {fit}; intermediate {fit}."
    assert {v.id: v.value for v in one.values}["x.models.complex"] == 1
    other = found.solutions(table(PLAIN), "A, B", "x", "absence")
    assert {v.id for v in other.values} == {v.id.replace("x.", "x.absence.", 1) for v in one.values}


def test_without_a_solution_the_sentence_says_why_and_no_value_is_made_up() -> None:
    none = found.solutions(table(TORN), "A", "x")
    assert none.sentence.startswith("Y has no solution: 3 rows '0'; row 4 is contradictory")
    assert all(v.value is None and "contradictory" in v.reason for v in none.values)


def test_tied_models_are_counted_not_chosen() -> None:
    tied = {"A": [1, 0, 1, 0], "B": [1, 0, 0, 1], "C": [1, 0, 0, 1], "Y": [1, 0, 0, 0]}
    said = found.solutions(table(tied), "A", "x").sentence
    assert "parsimonious 2 tied models, which the cases cannot tell apart" in said


def test_sweep_tells_each_formula_with_its_cut_offs() -> None:
    swept = found.sweep(table(TORN), [0.4, 0.5, 1.0], "x")
    assert swept.sentence == (
        "Over 3 cut-offs the parsimonious solution changes once: A (0.40 to 0.50) and no solution (at 1.00)."
    )
    assert (swept.values[0].value, swept.values[0].n) == (1, 3)
    assert "does not change: A (at 1.00)" in found.sweep(table(PLAIN), [1.0], "x").sentence


def test_cases_that_contradict_an_expression_are_named() -> None:
    spots = found.memberships(table(TORN), "A*B", {"b": "Bee"}, "textbook")
    assert spots.sentence == "Of 2 cases in A*B, 1 has Y (n = 4); Bee without the outcome."
    assert spots.caption.startswith("Textbook example: ")
    assert "Bee" in spots.alt
    reversed_ = found.memberships(table(PLAIN), "A*B", {}, "cases").sentence
    assert reversed_ == "Of 1 case in A*B, 1 has Y (n = 4); b not covered by it."


def test_ranges_say_where_the_solution_stays_and_which_case_it_hangs_on() -> None:
    plain = found.ranges(table(PLAIN), "cases")
    assert plain.sentence == (
        "The parsimonious solution stays the same with cut-offs of consistency above 0.000 up to 1.000, and where "
        "a row needs 1 case; no case left out changes it."
    )
    assert [(v.id, v.value, v.n) for v in plain.values] == [("cases.ranges.cases", 0, 4)]
    held = table({"A": [1, 1, 1, 1, 0, 0], "B": [1, 1, 0, 0, 0, 1], "Y": [1, 1, 1, 1, 0, 0]})
    assert "where a row needs 1 case;" in found.ranges(held, "cases").sentence
    none = found.ranges(table(PLAIN | {"Y": [0, 0, 0, 0]}), "cases")
    assert none.refused == "Y has no solution: no row reaches the cut-offs."
    assert none.values[0].reason
