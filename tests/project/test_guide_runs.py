"""The guide does what it says: its blocks are followed in order in a copy of the compendium, and hold."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path

import pytest

from crosscase import paths

_spec = importlib.util.spec_from_file_location("guide_pages", Path(__file__).with_name("guide_pages.py"))
assert _spec is not None
assert _spec.loader is not None
guide = importlib.util.module_from_spec(_spec)
sys.modules["guide_pages"] = guide
_spec.loader.exec_module(guide)

TUTORIAL = [guide.GUIDE / name for name in ("tutorial.md", "tutorial-argue.md")]
BUILT = ("show.md",)
"""Recipes that go on from a study whose notebooks have run."""
SETUP = {
    "python3 run.py list",
    "source .venv/bin/activate",
    "py run.py list",
    r".venv\Scripts\activate",
}
"""Lines that make the environment; tests/project/test_bootstrap.py runs what they call."""


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Return what stands in a copy of the compendium, or of a folder, and follows pages there."""

    def make(origin: Path | None = None, builds: bool = True):
        home = tmp_path / "compendium"
        guide.copy(home) if origin is None else shutil.copytree(origin, home, symlinks=True)
        monkeypatch.setenv(paths.HOME_VARIABLE, str(home))
        monkeypatch.setenv(
            "PYTHONPATH", os.pathsep.join([str(paths.source().parent), os.environ.get("PYTHONPATH", "")])
        )
        for name, value in guide.PERSON.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(home)
        return guide.Walk(home, builds)

    return make


@pytest.fixture(scope="module")
def coded(tmp_path_factory):
    """The compendium after the tutorial, but for what is built and for its last step, which takes the study away."""
    home = guide.copy(tmp_path_factory.mktemp("guide") / "coded")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(paths.HOME_VARIABLE, str(home))
        patch.chdir(home)
        walk = guide.Walk(home, builds=False)
        for block in (block for path in TUTORIAL for block in guide.blocks(path)):
            if "crosscase remove" in block.text:
                break
            walk.block(block)
    return home


@pytest.mark.long
def test_the_tutorial_word_for_word(place):
    walk = place()
    for path in TUTORIAL:
        walk.page(path)
    assert (walk.home / "results" / "book" / "index.html").is_file()
    assert not (walk.home / "data" / "studies" / "shared-desk").exists()


def test_the_tutorial_without_its_builds(coded, monkeypatch):
    monkeypatch.setenv(paths.HOME_VARIABLE, str(coded))
    study = guide.study()
    assert (len(study.documents), len(study.codings), len(study.summaries), len(study.argument)) == (3, 43, 5, 1)


RECIPES = [
    pytest.param(path, marks=[pytest.mark.long] if path.name in BUILT else [], id=path.stem)
    for path in guide.PAGES
    if path not in TUTORIAL
]


@pytest.mark.parametrize("path", RECIPES)
def test_each_other_page_goes_on_from_the_tutorial(path, coded, place):
    if "\ngit " in path.read_text(encoding="utf-8") and shutil.which("git") is None:
        pytest.skip("git is not here")
    if all(block.language not in ("console", "python") for block in guide.blocks(path)):
        return
    place(coded, builds=path.name in BUILT).page(path)


def test_nothing_in_the_guide_is_left_untried():
    for path in guide.PAGES:
        for block in guide.blocks(path):
            if block.language in ("sh", "bat"):
                assert set(block.text.splitlines()) <= SETUP, block
            elif block.language == "console":
                assert all(line.split()[0] in ("crosscase", "git") for line in block.text.splitlines()), block
            elif not block.does:
                assert block.language in ("python", "text"), f"{block}: what is done with it?"
            else:
                assert block.does[0] in (*guide.VERBS, "shows", "keys"), block
                assert block.does[1].rsplit("/", 1)[-1] in block.before, f"{block}: the text names {block.does[1]}"
