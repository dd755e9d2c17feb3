"""Long lines and many pieces: what a notebook prints costs what its length costs, and reads as before."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crosscase.pipeline import load_plan, normalise, run

OLD_CELL = re.compile(r"(?:/[^\s:\"']*)?/ipykernel_\d+/\d+\.py|[A-Za-z]:\\[^\s:\"']*\\ipykernel_\d+\\\d+\.py")
OLD_RETURN = re.compile(r".*\r(?=[^\n])")
PIECES = ["/", "a", " ", ":", "C:\\", "\\", "/ipykernel_1/23.py", "\\ipykernel_1\\23.py", "'", "/ipykernel_", "\n"]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@example("/C:\\\\ipykernel_1\\23.py/ipykernel_1/23.py")
@example("/ipykernel_1/23.py:\\ipykernel_1\\23.py")
def test_the_file_of_a_cell_is_found_as_by_the_pattern_that_was_slow(text):
    assert normalise.without_cell_files(text) == OLD_CELL.sub("cell", text)


@given(st.text("ab\r\n", max_size=20))
def test_a_line_begins_again_at_its_carriage_return(text):
    assert normalise.returned(text) == OLD_RETURN.sub("", text)


@pytest.mark.parametrize("piece", ["/", "a/", "\\", "C:\\", "/ipykernel_1", "y"])
def test_a_million_letters_are_cleaned(piece):
    text = piece * (1_000_000 // len(piece))
    assert normalise.without_cell_files(text) == text
    assert normalise.returned(text + "\r" + "x") == "x"


def test_streams_of_a_cell_are_joined_where_each_began():
    def stream(name, text):
        return {"output_type": "stream", "name": name, "text": text}

    shown = {"output_type": "display_data", "data": {}, "metadata": {}}
    given = [stream("stderr", "w1"), stream("stdout", "a\rb"), shown, stream("stderr", "w2"), stream("stdout", "c")]
    assert normalise.joined(given) == [stream("stdout", "bc"), stream("stderr", "w1w2"), shown]
    assert given[1]["text"] == "a\rb"


def test_a_notebook_that_prints_a_long_line_goes_through(compendium):
    compendium.plan["notebooks"] = []
    lines = "print('y' * 1_000_000)\nprint('/' * 1_000_000)"
    compendium.notebook("90_long", "study = 'north'", lines, time_limit=60)
    report = run(load_plan(), jobs=load_plan().jobs(studies=["north"]), warm=False, progress=False)
    assert report.ok, report.summary()
    text = (compendium.results / "runs" / "90_long" / "north" / "90_long.ipynb").read_text()
    assert "y" * 1_000_000 + "\\n" + "/" * 1_000_000 in text
