"""`run.py`, which needs nothing but Python: the right Python, the right place, room for paths."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest

from crosscase.cli import main

ROOT = Path(__file__).resolve().parents[2]
SPEC = importlib.util.spec_from_file_location("bootstrap", ROOT / "run.py")
run = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(run)


@pytest.mark.parametrize("version", [(3, 14, 0), (3, 10, 9), (4, 0, 1)])
@pytest.mark.parametrize(
    ("system", "arguments", "command"),
    [
        ("nt", ["book"], "py -3.12 run.py book"),
        ("posix", ["book"], "python3.12 run.py book"),
        (
            "nt",
            ["import", "my project.qdpx", "--study", "mine"],
            'py -3.12 run.py import "my project.qdpx" --study mine',
        ),
    ],
)
def test_another_python_is_told_the_command_that_starts_the_right_one(version, system, arguments, command):
    with pytest.raises(SystemExit) as stopped:
        run.refuse_other_pythons(arguments, version, system)
    assert f"this is {'.'.join(map(str, version))}. Next: {command}\n" in str(stopped.value)
    run.refuse_other_pythons(arguments, (3, 12, 4), system)


@pytest.fixture
def started(monkeypatch):
    """Return what `run.py` would start, where, without starting it."""
    calls = []
    monkeypatch.setattr(run, "prepare", lambda: None)
    monkeypatch.setattr(run, "refuse_other_pythons", lambda arguments: None)
    monkeypatch.setattr(run.subprocess, "call", lambda command, **how: calls.append((command, how)) or 0)
    return calls


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_goes_through_with_paths_from_where_the_person_stands(name, started):
    run.main([name, "a file.csv", "--help"])
    (((python, *command), how),) = started
    assert Path(python) == run.PYTHON
    assert command == ["-P", "-m", "crosscase", name, "a file.csv", "--help"]
    assert how["cwd"] is None
    assert how["env"]["CROSSCASE_HOME"] == str(ROOT)


def test_book_and_test_are_done_where_they_belong(started):
    run.main(["book", "--quiet"])
    run.main(["test", "tests/study"])
    assert started[0][0][1:] == ["-P", "-m", "crosscase", "build", "--quiet"]
    assert started[1][0][2] == "pytest"
    assert started[1][1]["cwd"] == ROOT


def test_a_module_beside_the_file_is_not_imported(tmp_path):
    (tmp_path / "click.py").write_text("raise SystemExit('the wrong click')\n", encoding="utf-8")
    command = [sys.executable, "-P", "-m", "crosscase", "--version"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_deep_folder_is_told_how_much_is_left_and_a_short_one_nothing():
    need = run.longest_path()
    assert run.long_path_warning("C:/" + "x" * (run.LONGEST_PATH - need - 4 - run.ROOM)) == ""
    near = run.long_path_warning("C:/" + "x" * (run.LONGEST_PATH - need - 4))
    assert f"the longest path in it {need}: 0 characters are left" in near
    deep = run.long_path_warning("C:/" + "x" * (run.LONGEST_PATH - need + 6))
    assert "10 characters are missing" in deep
    assert "Next: move the compendium to a shorter folder" in deep


def test_no_path_of_the_environment_is_longer_than_it_says():
    longest = max(len(str(file)) for each in distributions() for file in each.files or () if ".." not in file.parts)
    assert len(".venv/Lib/site-packages/") + longest <= run.LONGEST_INSTALLED


def test_no_path_of_a_build_is_longer_than_it_says(tmp_path, monkeypatch):
    for part in ("notebooks", "data"):
        shutil.copytree(ROOT / part, tmp_path / part)
    monkeypatch.setattr(run, "ROOT", tmp_path)
    assert run.longest_path() > 100
    (tmp_path / "data" / "studies" / ("x" * 60)).mkdir()
    names = re.findall(r'keep\(\\"([a-z0-9_.-]+)', (tmp_path / "notebooks" / "40_saturation.ipynb").read_text("utf-8"))
    kept = max(names, key=len)
    assert run.longest_path() >= len(f"results/runs/40_saturation/{'x' * 60}/tables/{'x' * 60}.{kept}.xlsx")
