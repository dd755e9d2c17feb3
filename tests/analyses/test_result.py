"""A result is its frame: all else is a view of it; what is refused says why and shows nothing."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscase import figures
from crosscase.analyses.labels import met, used
from crosscase.analyses.result import Result, answer, refuse
from crosscase.analyses.sentences import count, most
from crosscase.analyses.values import Value, each_value
from crosscase.errors import CrosscaseError

CELLS = pd.DataFrame({"row": ["trust", "money"], "column": ["north"] * 2, "state": ["present", "not_stated"]})


def found(frame=CELLS, **options):
    return Result(
        frame,
        "Codes by case.",
        says=lambda f: f"{int(f['state'].eq('present').sum())} of {len(f)} cells are present.",
        draws=figures.matrix,
        counts=lambda f: [Value("cells.n", len(f), "cells", unit="cells")],
        **options,
    )


def test_all_views_come_from_the_frame():
    one, other = found(), found(CELLS.assign(state="present"))
    assert (one.sentence, other.sentence) == ("1 of 2 cells are present.", "2 of 2 cells are present.")
    assert one.values == (Value("cells.n", 2, "cells", unit="cells"),)
    assert one.alt
    assert one.alt != other.alt
    assert one.figure("poster").get_size_inches()[0] == figures.POSTER_COLUMN
    assert one.figure(width="180mm").get_size_inches()[0] == pytest.approx(180 / 25.4)


def test_a_result_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        found().caption = "another"


def test_nothing_is_computed_before_it_is_asked_for():
    def never(frame):
        raise AssertionError

    Result(CELLS, "x", says=never, draws=never, counts=never)


def test_a_notebook_shows_sentence_picture_and_table():
    html = found(limits="A gap is no zero.", headings={"row": "Code"})._repr_html_()
    assert html.index("1 of 2 cells") < html.index("<img") < html.index("<table")
    assert "Codes by case. A gap is no zero." in html
    assert "<th>Code</th>" in html
    assert 'alt=""' not in html


def test_what_has_nothing_to_show_says_so_in_every_view():
    empty = Result(CELLS.head(0), "Codes by case.", draws=figures.matrix)
    assert empty.sentence == empty.empty == "There are no rows to show."
    assert "<img" not in empty._repr_html_()
    assert "There are no rows to show." in repr(empty)
    with pytest.raises(CrosscaseError, match="There are no rows to show"):
        empty.figure()


def test_a_refused_question_is_one_sentence_and_keeps_its_undefined_values():
    no = refuse("One coder only.", "Agreement.", [Value("alpha", None, "alpha", reason="one coder only")])
    assert no.sentence == no.refused == "One coder only."
    assert no.drawing is None
    assert no.values[0].text == "undefined"
    assert "<table" not in no._repr_html_()
    with pytest.raises(CrosscaseError, match="One coder only"):
        no.figure()


def test_html_is_text_and_never_markup():
    html = Result(
        pd.DataFrame({"code": ["<script>x</script>"]}), "<b>caption</b>", says="<img src=x onerror=alert(1)>"
    )._repr_html_()
    assert "<script>" not in html
    assert "<b>caption" not in html
    assert "<img" not in html


def test_a_value_that_is_undefined_has_a_reason():
    with pytest.raises(CrosscaseError, match="an undefined value has a reason"):
        Value("a.b", float("nan"), "x")
    assert Value("a.b", pd.NA, "x", reason="not stated").text == "not stated"
    assert Value("a.b", 4.0, "x").text == "4"
    assert Value("a.b", 2 / 3, "x", form=".2f").value == 2 / 3


def test_values_of_a_frame_take_ids_units_and_reasons_from_its_columns():
    frame = pd.DataFrame({"case": ["Team A", "Team B"], "n": [3, None], "of": [5, 5], "why": ["", "not asked"]})
    one, other = each_value(
        "themes", frame, key="case", value="n", about="themes of {case}", unit="{case}", n="of", reason="why"
    )
    assert (one.id, one.value, one.n, one.about, one.unit, one.reason) == (
        "themes.team-a", 3.0, 5, "themes of Team A", "Team A", "",
    )  # fmt: skip
    assert (other.value, other.reason, other.text) == (None, "not asked", "undefined")


@given(st.lists(st.one_of(st.none(), st.integers(0, 5)), max_size=6))
def test_the_most_are_all_that_tie_and_none_where_nothing_is_known(numbers):
    frame = pd.DataFrame({"code": [f"c{i}" for i in range(len(numbers))], "n": pd.Series(numbers, dtype="Float64")})
    names, top = most(frame, "code", "n", limit=0)
    known = [n for n in numbers if n is not None]
    if not known:
        assert names == ""
    else:
        assert top == max(known)
        assert set(names.replace(" and ", ", ").split(", ")) == {
            f"c{i}" for i, n in enumerate(numbers) if n == max(known)
        }


def test_counts_read_as_a_sentence_does():
    assert [count(n, "study", "studies") for n in (0, 1, 2, 1234)] == [
        "no studies", "1 study", "2 studies", "1,234 studies",
    ]  # fmt: skip


def test_labels_are_those_of_the_ids_that_occur():
    labels = {"b": "Bee", "a": "Ay", "c": "Cee"}
    ids = pd.Series(["a", None, "z", "b", "a"])
    assert used(labels, ids) == {"b": "Bee", "a": "Ay", "z": "z"}
    assert list(met(labels, ids)) == ["a", "z", "b"]


def test_a_table_shows_gaps_as_gaps_and_says_how_many_rows_it_leaves_out():
    frame = pd.DataFrame({"n": pd.Series([1, None] * 30, dtype="Int64")})
    html = Result(frame, "Numbers.")._repr_html_()
    assert "NA" not in html
    assert "48 rows between the first and the last are not shown here." in html
    assert "not shown" not in Result(frame.head(12), "Numbers.")._repr_html_()


def test_long_cells_are_shortened_where_a_notebook_shows_them():
    frame = pd.DataFrame(
        {"segments": ["a;b;c;d;e"], "words": ["one thing; two and three; four; five"], "long": ["x" * 500]}
    )
    html = Result(frame, "Cells.")._repr_html_()
    assert "a, b, c and 2 more" in html
    assert "one thing; two and three; four; five" in html
    assert "x" * 119 + "…" in html
    assert "x" * 120 not in html


def test_a_study_is_answered_with_names_or_refused_with_the_values_of_its_frame():
    study = SimpleNamespace(named=lambda frame: frame.replace({"row": {"trust": "Trust"}}))

    def counts(frame):
        return [Value("codes.n", len(frame), "codes")]

    made = answer(study, CELLS, "Codes.", "Two codes.", "They recur.", counts=counts, if_empty="No code is known.")
    assert (made.sentence, made.limits, made.refused) == ("Two codes.", "They recur.", "")
    assert list(made.table["row"]) == ["Trust", "money"]
    empty = answer(study, CELLS.head(0), "Codes.", "Two codes.", counts=counts, if_empty="No code is known.")
    assert (empty.sentence, empty.values[0].value) == ("No code is known.", 0)
    refused = answer(study, CELLS, "Codes.", counts=counts, refused="One coder only.", if_empty="No code is known.")
    assert refused.sentence == "One coder only."
    assert refused.frame.columns.empty, "what is refused keeps no table"
    assert refused.values[0].value == len(CELLS)
