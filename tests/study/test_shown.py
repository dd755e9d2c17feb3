"""A newcomer at the prompt: `crosscase.` leads to a study, a study shows its tables and completes them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import crosscase
from crosscase.study import load_study
from crosscase.study.load import table_names


@pytest.fixture
def study():
    return load_study("no-fact-teams")


def test_the_package_leads_to_a_study():
    assert "load_study" in dir(crosscase)
    assert crosscase.load_study is load_study
    assert [name for name in crosscase.__all__ if getattr(crosscase, name) is None] == []
    assert not [name for name in dir(crosscase) if name in ("Any", "annotations", "import_module")]
    with pytest.raises(AttributeError, match="load_study"):
        crosscase.load_studi  # noqa: B018


def test_importing_the_package_imports_nothing_heavy():
    code = "import sys, crosscase; print([m for m in ('pandas', 'matplotlib', 'numpy') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


def test_the_stub_names_what_the_package_has():
    lines = Path(crosscase.__path__[0], "__init__.pyi").read_text(encoding="utf-8").splitlines()
    names = {line.rpartition(" as ")[2].strip() for line in lines if " as " in line}
    assert names == {*crosscase.__all__}


def test_a_study_completes_its_tables(study):
    assert {*table_names()} <= {*dir(study)}
    assert "primary_codings" in dir(study)


def test_a_study_shows_how_many_rows_each_table_has(study):
    text, page = repr(study), study._repr_html_()
    assert study.info.question in text
    for name in table_names():
        rows = len(study.table(name))
        assert (f".{name} " in text) == bool(rows), name
        assert (f">.{name}<" in page) == bool(rows), name
    line = next(line for line in text.splitlines() if line.strip().startswith(".codings "))
    assert line.split()[1] == f"{len(study.codings):,}"


def test_what_the_last_build_found_is_at_hand_by_id(tmp_path, monkeypatch):
    run = tmp_path / "results" / "runs" / "10_x" / "mine"
    (run / "tables").mkdir(parents=True)
    about = {"caption": "Codes <b>", "limits": "Little.", "sentence": "Trust is coded most.", "refused": False}
    (run / "results.json").write_text(json.dumps([{"id": "mine.codes"} | about, {"id": "minetoo.codes"} | about]))
    (run / "values.json").write_text(json.dumps([{"id": "mine.codes.n", "value": 2.5, "text": "2.5", "n": 4}]))
    (run / "tables.json").write_text(json.dumps([{"id": "mine.codes", "columns": {"n": {"kind": "number"}}}]))
    (run / "tables" / "mine.codes.csv").write_text("code,n\n'=trust,5\n", encoding="utf-8")
    (run / "state.json").write_text('{"notebook": "10_x", "parameters": {}}')
    monkeypatch.setenv("CROSSCASE_HOME", str(tmp_path))
    found = crosscase.load_results("mine")
    assert found._ipython_key_completions_() == list(found) == ["codes"]
    assert "codes: Trust is coded most." in repr(found)
    assert found["codes"].frame.to_dict("records") == [{"code": "=trust", "n": 5}]
    assert found["mine.codes"].svg == ""
    assert found.values_table[["value", "n"]].to_numpy().tolist() == [[2.5, 4]]
    page = found["codes"]._repr_html_()
    assert "Codes &lt;b&gt;" in page
    assert "=trust" in page
    with pytest.raises(KeyError, match="codes"):
        found["themes"]
    assert "crosscase build" in repr(crosscase.load_results("other"))


def test_a_table_that_breaks_its_rules_stops_no_showing_and_no_text_is_markup(study, monkeypatch, tmp_path):
    study.info = study.info.model_copy(update={"title": "<b>bold</b>"})
    monkeypatch.setattr(study, "folder", tmp_path)
    (tmp_path / "cases.csv").write_text("nonsense\nx\n", encoding="utf-8")
    assert ".cases" in repr(study)
    assert "cannot be read" in repr(study)
    assert "<b>" not in study._repr_html_()
