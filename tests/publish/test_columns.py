"""What a kept table says of its columns: content first, then the result, the computed ones, the dictionary."""

import json

import pandas as pd
import pytest

from crosscase import paths
from crosscase.analyses.result import Result
from crosscase.publish import columns
from crosscase.publish.columns import COMPUTED, ID_OF, NUMBER, SEGMENTS, TERM, TEXT, TRUTH, columns_of, heading
from crosscase.publish.keep import keeper


def kinds(frame, **said):
    return {name: each["kind"] for name, each in columns_of(frame, **said).items()}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("code", "id of codebook"), ("case", "id of cases"), ("document", "id of documents"),
        ("roles_quoted", "id of roles"), ("coder", "id of coders"), ("fact", "id of facts"),
        ("item", "id of inventory"),
        ("segments", SEGMENTS), ("coding_id_1", SEGMENTS), ("valence", TERM), ("state", TERM), ("stage", TERM),
        ("subtheme", "id of themes"), ("coder_2", "id of coders"), ("study", "id of studies"), ("parent", TEXT),
        ("source", TEXT), ("anything", TEXT),
    ],
)  # fmt: skip
def test_a_name_means_what_the_dictionary_or_the_table_of_computed_columns_says(name, kind):
    assert kinds(pd.DataFrame({name: ["x"]})) == {name: kind}


def test_the_ends_of_a_relation_are_themes_only_beside_each_other():
    frame = pd.DataFrame({"source": ["a"], "target": ["b"]})
    assert set(kinds(frame).values()) == {"id of themes"}


def test_content_wins_over_the_name_and_the_result_over_both():
    frame = pd.DataFrame(
        {
            "promotes": [1, 2],
            "kind": [True, None],
            "state": [None, None],
            "code": ["1", "2"],
            "theme": pd.Series([1, None], dtype="Int64"),
        }
    )
    assert kinds(frame) == {
        "promotes": NUMBER,
        "kind": TRUTH,
        "state": TERM,
        "code": "id of codebook",
        "theme": NUMBER,
    }
    assert kinds(frame, kinds={"promotes": TERM})["promotes"] == TERM


def test_no_computed_column_repeats_what_the_dictionary_says():
    told = columns._dictionary(str(paths.dictionary()))
    assert [name for name, each in COMPUTED.items() if told.get(name) == {each}] == []


def test_every_kind_is_one_of_those_that_are_known():
    for name, each in COMPUTED.items():
        assert each in (TERM, SEGMENTS) or each.startswith(ID_OF), name


def test_headings_are_those_of_the_result_then_of_the_table_then_the_name():
    said = columns_of(pd.DataFrame({"k": [1], "n_x": [1], "p": [1]}), headings={"p": "chance"})
    assert [each["heading"] for each in said.values()] == ["cases (k)", "n x", "chance"]
    assert heading("k") == "cases (k)"


def test_a_kept_table_carries_kinds_and_headings(tmp_path, monkeypatch):
    monkeypatch.setenv(paths.RUN_VARIABLE, str(tmp_path))
    frame = pd.DataFrame({"theme": ["a"], "share": [0.5], "x": ["b;c"]})
    result = Result(frame, "Shares.", headings={"share": "part"}, kinds={"x": "id of cases"})
    keeper("demo")("shares", result)
    [record] = json.loads((tmp_path / "tables.json").read_text())
    assert record["columns"] == {
        "theme": {"kind": "id of themes", "heading": "theme"},
        "share": {"kind": "number", "heading": "part"},
        "x": {"kind": "id of cases", "heading": "x"},
    }
