"""What says nothing of its own is merged, and no figure is taller than its page: known frames, and any frame."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.text import Text

from crosscase import figures
from crosscase.errors import CrosscaseError
from crosscase.figures.cells.alike import LOUD, merged

_spec = importlib.util.spec_from_file_location("figure_frames", Path(__file__).with_name("frames.py"))
assert _spec is not None
assert _spec.loader is not None
frames = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(frames)


def words(drawing: figures.Drawing, look: str = "book") -> str:
    return " ".join(t.get_text() for t in drawing.draw(look).findobj(Text) if t.get_text().strip())


def cells(lines: dict[str, str], columns: str = "xyz") -> pd.DataFrame:
    """One letter per cell: p present, a absent, b both, - not stated."""
    states = {"p": "present", "a": "absent", "b": "count", "-": "not_stated"}
    return pd.DataFrame(
        [
            {"row": row, "column": column, "state": states[sign], "k": 2, "n": 2}
            for row, line in lines.items()
            for column, sign in zip(columns, line)
        ]
    )


def test_rows_and_columns_that_say_nothing_are_named_once_with_their_count():
    frame = cells({"Trust": "p--", "Law": "---", "Money": "a--", "Time": "---"})
    said = words(figures.matrix(frame, nouns=("code", "case")))
    assert "2 codes, nothing stated: Law and Time." in said
    assert "2 cases: nothing stated" in said
    assert "2 cases, nothing stated: y and z." in said
    assert said.split().count("Law") == 1


def test_a_single_silent_row_stays_a_row_of_dots():
    frame = cells({"Trust": "p--", "Law": "---"})
    assert "nothing stated" not in words(figures.matrix(frame)).replace("2 columns: nothing stated", "").replace(
        "2 columns, nothing stated", ""
    )


def test_lines_that_hold_only_the_same_count_are_one():
    frame = cells({"A": "bb-", "B": "bb-", "C": "bb-", "D": "bb-", "E": "bbp"})
    said = words(figures.matrix(frame, nouns=("code", "case")))
    assert "4 codes alike: A, B, C and D." in said
    assert "x and y" in said
    assert said.count("both") == 2
    different = frame.assign(k=[1] * 14 + [2])
    assert words(figures.matrix(different)).count("alike") == 2  # label and note: the rows still are, the counts not


@pytest.mark.parametrize(
    "drawing",
    [
        figures.matrix(cells({"A": "---", "B": "---"})),
        figures.step_progress(pd.DataFrame({"case": ["a"], "step": ["s"], "status": ["unknown"]})),
        figures.meta_matrix(pd.DataFrame({"case": ["a"], "column": ["s"], "text": ["yes"]})),
        figures.co_occurrence(pd.DataFrame({"code_a": ["a"], "code_b": ["a"], "n": [4]})),
        figures.confusion(pd.DataFrame({"code_a": ["a"], "code_b": ["b"], "n": [0]})),
        figures.quotation_matrix(pd.DataFrame({"subtheme": ["a"], "role": ["b"], "n": [0]})),
    ],
    ids=lambda drawing: drawing.name,
)
def test_what_says_nothing_at_all_is_a_sentence_and_no_picture(drawing):
    assert drawing.empty.endswith(".")
    with pytest.raises(CrosscaseError, match="something to show"):
        drawing.draw()


def test_pairs_that_meet_once_are_a_list_and_more_is_a_field():
    pairs = pd.DataFrame({"code_a": ["Trust", "Trust", "Law"], "code_b": ["Money", "Law", "Money"], "n": 1})
    said = words(figures.co_occurrence(pairs, unit="paragraphs"))
    assert "have paragraphs in common, one each" in said
    assert "Number of" not in said
    assert said.split().count("1") == 0
    assert "None of them more than once." in figures.co_occurrence(pairs).alt
    assert "Number of paragraphs" in words(figures.co_occurrence(pairs.assign(n=[1, 2, 1]), unit="paragraphs"))


def test_cases_that_read_alike_are_one_row():
    frame = pd.DataFrame({"case": list("abcd"), "column": "Start", "text": ["early", "early", "late", None]})
    silent = pd.DataFrame({"case": list("abcd") * 2, "column": ["End"] * 4 + ["Rest"] * 4, "text": None})
    said = words(figures.meta_matrix(pd.concat([frame, silent])))
    assert "a and b" in said
    assert said.split().count("early") == 1
    assert "2 columns: nothing stated" in said


def test_steps_and_cases_of_which_nothing_is_known_are_one():
    frame = pd.DataFrame({"case": ["a", "b", "c"], "step": "plan", "status": ["reached", "unknown", "unknown"]})
    said = words(figures.step_progress(frame, steps=["plan", "act", "end"]))
    assert "2 cases: unknown" in said
    assert "2 steps: unknown" in said


def test_what_stands_under_one_heading_stands_together():
    frame = cells({"A": "p", "B": "p", "C": "p"}, columns="x")
    said = words(figures.matrix(frame, row_groups={"A": "one", "B": "two", "C": "one"}))
    assert said.split().count("one") == 1


@pytest.mark.parametrize("look", ["book", "print", "slide", "poster"])
def test_what_is_taller_than_its_page_loses_the_rows_that_say_least_and_says_how_many(look):
    lines = {f"Row {i:03}": "pa-" if i % 2 else "a--" for i in range(120)}
    figure = figures.matrix(cells(lines), nouns=("code", "case")).draw(look)
    said = [t.get_text() for t in figure.findobj(Text) if t.get_text().strip()]
    drawn = [text for text in said if text.startswith("Row ")]
    most = {"book": 230 / 25.4, "print": 230 / 25.4, "slide": 6.75, "poster": 230 / 25.4 * 28 / 9}[look]
    assert figure.get_size_inches()[1] <= most + 1e-6
    assert 5 < len(drawn) < 120
    full, poor = [[name for name in drawn if lines[name] == line] for line in ("pa-", "a--")]
    assert len(full) == 60 or not poor
    assert f"{120 - len(drawn)} codes with fewer entries" in " ".join(said)


signs = st.text("pab-", min_size=3, max_size=3)


@settings(max_examples=60)
@given(st.lists(signs, min_size=1, max_size=8))
def test_merging_keeps_every_line_that_says_something_and_every_name(lines):
    labels = {f"r{i}": f"Row {i}" for i in range(len(lines))}
    said = {"p": LOUD, "a": LOUD, "b": "both", "-": None}
    out = merged(labels, {key: [said[sign] for sign in line] for key, line in zip(labels, lines)}, "row")
    text = " ".join([*out.labels.values(), *out.notes])
    assert all(label in text for label in labels.values())
    assert all(key in out.labels for key, line in zip(labels, lines) if set(line) & set("pa"))
    quiet = [line for line in lines if not set(line) & set("pa")]
    loud = len(lines) - len(quiet)
    assert len(out.labels) == loud + len(set(quiet))


LONG = " with all that somebody wrote down in full, and with what belongs to it" * 4


@pytest.mark.parametrize(
    "name", ["matrix", "step_progress", "quotation_matrix", "meta_matrix", "co_occurrence", "confusion"]
)
def test_alternative_text_stays_short_with_names_of_any_length(name):
    (frame,) = frames.every("some")[name].arguments
    names = ["row", "column", "case", "step", "text", "subtheme", "role", "theme", "code_a", "code_b"]
    longer = frame.assign(**{c: frame[c] + LONG for c in names if c in frame})
    drawing = getattr(figures, name)(longer)
    assert 40 < len(drawing.alt) <= 300
    assert drawing.alt.endswith(".")


def test_the_words_of_a_matrix_count_the_directions_of_what_is_present_and_of_nothing_else():
    frame = cells({"Trust": "pb-", "Law": "p-a"}).assign(valence=["promotes"] * 5 + ["inhibits"])
    said = figures.matrix(frame, nouns=("study", "case")).alt
    assert said.startswith("2 studies by 3 cases: 2 of 6 cells present, 1 absent, 1 known together, 2 not stated.")
    assert "Of those present, 2 promotes." in said
    many = figures.matrix(cells({f"Code {i}": "p--" for i in range(8)} | {"Last": "-a-"})).alt
    assert "8 of 9 rows are present in 1 column each, none in more." in many
    assert "Code 0" not in many
    assert "Nothing stated" not in many


def test_the_words_of_pairs_name_those_that_meet_more_than_once():
    pairs = pd.DataFrame({"code_a": ["Trust", "Trust", "Law"], "code_b": ["Money", "Law", "Money"], "n": [1, 4, 1]})
    said = figures.co_occurrence(pairs, {"Trust": "T", "Law": "L", "Money": "M"}).alt
    assert said == "3 of 3 pairs of 3 codes occur together. Most often: T and L (4 segments)."
    assert "Money and Trust (once)" in figures.co_occurrence(pairs.head(1)).alt
