"""`crosscase code`: a notebook for one sitting, checked before JupyterLab opens."""

from __future__ import annotations

import nbformat
import pytest
from click.testing import CliRunner

from crosscase.cli import main
from crosscase.pipeline.lab import check_arguments
from crosscase.study.coding_store import CodingStore
from crosscase.study.locked import locked


@pytest.fixture
def opened(monkeypatch):
    """Take the place of JupyterLab and return what was opened."""
    found = {}

    def open_lab(place, arguments, say):
        found["folder"] = place.parent
        found["notebook"] = nbformat.read(place, 4)
        check_arguments(arguments)
        return 0

    monkeypatch.setattr("crosscase.pipeline.lab.open_lab", open_lab)
    return found


def test_the_notebook_shows_the_page_and_is_gone_afterwards(home, opened):
    done = CliRunner().invoke(main, ["code", "talks", "--coder", "anna", "--blind"])
    assert done.exit_code == 0, done.output
    prose, cell = opened["notebook"].cells
    assert cell.source.endswith("workbench('talks', coder='anna', blind=True)")
    assert "Shift+Enter" in prose.source
    assert not opened["folder"].exists()
    assert not list((home / "notebooks").iterdir())


def test_what_is_wrong_is_told_before_jupyterlab_opens(home, opened):
    done = CliRunner().invoke(main, ["code", "talks"])
    assert done.exit_code == 1
    assert "several coders" in done.output
    assert opened == {}


def test_a_command_that_rewrites_the_study_waits_for_who_is_writing(home, monkeypatch):
    store = CodingStore("talks")
    edit = store.coding("d01", 0, 5, "time", "c1")
    seen = []

    def at_once(*args, **kwargs):
        seen.append(bool(list((home / "data/studies").glob(".talks.lock"))))
        return {}

    monkeypatch.setattr("crosscase.exchange.changing.counted", at_once)
    with locked("talks"):
        store.apply([edit])
    done = CliRunner().invoke(main, ["rename-code", "talks", "time", "hours"])
    assert done.exit_code == 0, done.output
    assert seen == [True]
    assert not list((home / "data/studies").glob(".talks.lock"))
    assert CodingStore("talks").rows("codings")[0]["code"] == "hours"
