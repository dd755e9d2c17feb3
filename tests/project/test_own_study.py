"""A study of one's own from a spreadsheet to a book, while it grows: nothing that a person wrote is lost on the way."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from crosscase import paths
from crosscase.cli import main
from crosscase.study import load_study
from crosscase.study.check import check_study

HERE = Path(__file__).parent


def _module(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


guide = _module("guide_pages", HERE / "guide_pages.py")
workbooks = _module("workbooks", HERE.parent / "exchange" / "workbooks.py")

TABLE = """\
Interview;Town;Words;Theme;Who coded
one;North;The bus was late again, and nobody told us.;Transport;ann
one;North;We walked home together.;Neighbours;ann
two;South;I waited an hour for the nurse.;Waiting;ann
two;South;She knew my name by then.;Neighbours;ann
"""
SECOND = """\
Interview;Town;Words;Theme;Who coded
one;North;The bus was late again, and nobody told us.;Transport;ben
two;South;I waited an hour for the nurse.;Transport;ben
"""
THIRD = "Driver: The road to the school was closed.\nDriver: So we met at the church instead.\n"
MAP = ("Interview=document", "Town=case", "Words=quotation", "Theme=code", "Who coded=coder")


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = guide.copy(tmp_path / "compendium")
    monkeypatch.setenv(paths.HOME_VARIABLE, str(folder))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(paths.source().parent), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.chdir(folder)
    return folder


def do(*line):
    done = CliRunner().invoke(main, [str(part) for part in line])
    assert done.exit_code == 0, done.output
    return done.output


def written_by_hand(study):
    """Return what the person wrote, whatever ids it has by now."""
    codes, cases = study.codebook.set_index("label"), study.cases.set_index("label")
    return {
        "definitions": codes["definition"].dropna().to_dict(),
        "cases": cases["description"].dropna().to_dict(),
        "titles": sorted(study.documents["title"].dropna()),
        "ages": sorted(study.whole("variable_values")["value"].dropna()),
        "question": study.info.question,
    }


@pytest.mark.long
def test_from_a_spreadsheet_to_a_book_while_the_study_grows(home, tmp_path):
    mapped = [part for pair in MAP for part in ("--map", pair)]
    (tmp_path / "codings.csv").write_text(TABLE, encoding="cp1252")
    do("import", tmp_path / "codings.csv", "--study", "mine", *mapped, "--quiet")
    about = home / "data" / "studies" / "mine" / "study.yml"
    about.write_text(about.read_text(encoding="utf-8").replace("question: ", "question: How do people get here? #", 1))
    do("edit", "mine", "--to", tmp_path / "mine.xlsx")
    workbooks.put(tmp_path / "mine.xlsx", ("Codebook", "Transport", "Definition", "Getting from one place to another"))
    workbooks.put(tmp_path / "mine.xlsx", ("Cases", "North", "Description", "The town by the river"))

    def ages(book):
        page = book["Documents"]
        page.cell(1, page.max_column + 1).value = "Age"
        for row, age in ((2, 41), (3, 67)):
            page.cell(row, page.max_column).value = age

    workbooks.change(tmp_path / "mine.xlsx", ages)
    do("edit", "mine", "--read", tmp_path / "mine.xlsx")
    wrote = written_by_hand(load_study("mine"))
    assert wrote["definitions"] == {"Transport": "Getting from one place to another"}
    assert wrote["cases"] == {"North": "The town by the river"}
    assert wrote["ages"] == ["41", "67"]

    (tmp_path / "three.txt").write_text(THIRD, encoding="utf-8")
    do("add", "mine", tmp_path / "three.txt")
    do("rename-code", "mine", "Transport", "moving", "--label", "Moving about")
    (tmp_path / "ben.csv").write_text(SECOND, encoding="utf-8-sig")
    do("add", "mine", tmp_path / "ben.csv", *mapped)
    do("add", "mine", tmp_path / "codings.csv", *mapped)  # the first table once more: nothing doubles

    study = load_study("mine")
    now = written_by_hand(study)
    assert now["definitions"] == {"Moving about": "Getting from one place to another"}
    assert {key: now[key] for key in ("cases", "ages", "question")} == {
        key: wrote[key] for key in ("cases", "ages", "question")
    }
    assert {*wrote["titles"]} <= {*now["titles"]}
    coders = study.named(study.codings)["coder"].value_counts().to_dict()
    assert (len(study.documents), sorted(coders.values())) == (3, [2, 4])
    assert check_study("mine") == []

    built = subprocess.run(
        [sys.executable, "-m", "crosscase", "build", "--study", "mine", "--quiet"], capture_output=True, text=True
    )
    assert built.returncode == 0, built.stdout + built.stderr
    page = (home / "results" / "book" / "studies" / "mine.html").read_text(encoding="utf-8")
    assert "How do people get here?" in page
    assert "Moving about" in page
