"""Executed notebooks as pages: headings and folded defaults."""

import json

import pytest

from crosscase.publish.book_notebooks import heading_of, notebook_page


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
