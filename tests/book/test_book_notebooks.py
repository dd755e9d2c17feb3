"""Executed notebooks as pages: headings and folded defaults."""

import json
from pathlib import Path

import pytest
import yaml

from crosscase.publish.book_notebooks import LONGEST, heading_of, notebook_page
from crosscase.publish.book_text import md_text

ROOT = Path(__file__).parents[2]


@pytest.fixture
def executed(tmp_path):
    """An executed notebook with default parameters and the ones that were given."""

    def make(*tags: str):
        cells = [{"cell_type": "markdown", "metadata": {}, "source": ["Before.\n", "# Coding\n", "after"]}]
        cells += [{"cell_type": "code", "metadata": {"tags": [tag]}, "source": ["x = 1"]} for tag in tags]
        path = tmp_path / "20_coding.ipynb"
        path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), "utf-8")
        return path

    return make


def cells(text: str) -> list[dict]:
    return json.loads(text)["cells"]


def test_the_heading_names_the_study_and_nothing_in_the_name_becomes_markup(executed):
    first = cells(notebook_page(executed(), "A <b> & *c*"))[0]
    assert "".join(first["source"]) == "Before.\n# Coding: A &#60;b&#62; &#38; &#42;c&#42;\nafter"


def test_default_parameters_are_folded_only_where_others_were_given(executed):
    folded = cells(notebook_page(executed("parameters", "injected-parameters"), "A"))
    assert [cell["metadata"]["tags"] for cell in folded[1:]] == [["hide-input", "parameters"], ["injected-parameters"]]
    assert cells(notebook_page(executed("parameters"), "A"))[1]["metadata"]["tags"] == ["parameters"]


def test_the_contents_show_the_heading_of_the_notebook_itself(executed, tmp_path):
    assert heading_of(executed()) == "Coding"
    bare = tmp_path / "bare.ipynb"
    bare.write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": ["no heading"]}]}), "utf-8")
    assert heading_of(bare) == "bare"


def write(path, outputs):
    cell = {"cell_type": "code", "id": "c", "metadata": {}, "source": [], "outputs": outputs, "execution_count": 1}
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), "utf-8")
    return path


def test_a_notebook_without_a_heading_gets_its_name(tmp_path):
    heading, _ = cells(notebook_page(write(tmp_path / "90_long.ipynb", []), "North"))
    assert "".join(heading["source"]) == f"# {md_text('90_long')}: North"


def test_a_page_shows_the_beginning_of_a_long_output_and_says_where_the_whole_is(tmp_path):
    long = "y" * (LONGEST + 5)
    data = {"text/html": [f"<p>{long}</p>"], "application/json": {"a": long}, "text/plain": "A", "image/png": long}
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": [long]},
        {"output_type": "stream", "name": "stdout", "text": "short"},
        {"output_type": "display_data", "metadata": {}, "data": data},
        {"output_type": "error", "ename": "E", "evalue": long, "traceback": [long, "a"]},
    ]
    first, second, third, error = cells(notebook_page(write(tmp_path / "90.ipynb", outputs), ""))[1]["outputs"]
    assert first["text"] == f"{'y' * LONGEST}\n[cut here: 5 more characters are in 90.ipynb]\n"
    assert second["text"] == "short"
    assert third["data"] == {"image/png": long, "text/plain": "A\n[left out here: it is long; see 90.ipynb]"}
    assert len(str(error)) < 3 * LONGEST


def test_the_renderer_joins_no_streams_again():
    """The runner has joined them; the way of myst-nb takes the square of the length of a line."""
    settings = yaml.safe_load((ROOT / "book" / "_config.yml").read_text(encoding="utf-8"))
    assert settings["sphinx"]["config"]["nb_merge_streams"] is False
