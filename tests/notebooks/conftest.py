"""The real notebooks run in a compendium of their own, so that a test never touches anybody's results."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("data", "notebooks", "book", "compendium.yml", "requirements.lock")


@pytest.fixture(scope="session")
def copied(tmp_path_factory):
    """Return a function that copies the compendium, without results."""

    def copy(name):
        folder = tmp_path_factory.mktemp(name) / "étude of cases"
        folder.mkdir()
        for part in PARTS:
            source = ROOT / part
            (shutil.copytree if source.is_dir() else shutil.copyfile)(source, folder / part)
        return folder

    return copy


@pytest.fixture(scope="session")
def make(copied):
    """Return a function that copies the compendium and runs notebooks in it."""

    def run(name, *arguments, **environment):
        folder = copied(name)
        command = [sys.executable, "-m", "crosscase", "run", *arguments]
        done = subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            env=os.environ | {"CROSSCASE_HOME": str(folder), "CI": "true"} | environment,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return folder

    return run


@pytest.fixture(scope="session")
def one(make):
    """Return a compendium in which the notebooks of one study have run."""
    return make("one", "--study", "nl-work-roadmap")


@pytest.fixture(scope="session")
def first(make):
    """Return a compendium in which every notebook of the plan has run."""
    return make("first")
