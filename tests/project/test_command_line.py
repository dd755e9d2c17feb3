"""Each thing that can go wrong for a person ends in one clear message and a status other than zero."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from crosscase.cli import main

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def compendium(tmp_path):
    for part in ("data", "notebooks", "book", "compendium.yml", "requirements.lock"):
        source = ROOT / part
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, tmp_path / part)
    return tmp_path


def crosscase(folder, *arguments):
    environment = os.environ | {"CROSSCASE_HOME": str(folder), "CI": "true"}
    command = [sys.executable, "-m", "crosscase", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment)
    assert "Traceback" not in done.stdout + done.stderr
    return done


def change(path, before, after):
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_every_command_explains_itself():
    for name, command in main.commands.items():
        result = CliRunner().invoke(main, [name, "--help"])
        assert result.exit_code == 0
        assert len(command.help or "") > 30, name


def test_a_misspelt_parameter(compendium):
    done = crosscase(compendium, "run", "30_triangulation", "--study", "no-fact-teams", "-p", "unti=paragraph")
    assert done.returncode == 1
    assert "unti" in done.stderr
    assert "unit" in done.stderr


def test_a_broken_row(compendium):
    path = compendium / "data" / "studies" / "no-fact-teams" / "cases.csv"
    change(path, "team_b,Team B,case", "team_b,Team B,kase")
    done = crosscase(compendium, "build")
    assert done.returncode == 1
    assert "no-fact-teams/cases.csv, row 3, column kind" in done.stderr
    assert not (compendium / "results" / "runs").exists()


def test_a_missing_table(compendium):
    (compendium / "data" / "studies" / "no-fact-teams" / "documents.csv").unlink()
    done = crosscase(compendium, "check", "no-fact-teams")
    assert done.returncode == 1
    assert "no-fact-teams/documents.csv: the table is required" in done.stderr


def test_a_changed_document(compendium):
    rows = (compendium / "data" / "studies" / "no-fact-teams" / "documents.csv").read_text().splitlines()
    document = rows[1].split(",")[0]
    path = compendium / "restricted" / "no-fact-teams" / document
    path.parent.mkdir(parents=True)
    path.write_text("another text")
    done = crosscase(compendium, "build")
    assert done.returncode == 1
    assert f"restricted/no-fact-teams/{document}" in done.stderr
    assert "SHA-256" in done.stderr


def test_a_document_that_is_none_of_the_study(compendium):
    path = compendium / "other.txt"
    path.write_text("x")
    done = crosscase(compendium, "restricted", "add", "no-fact-teams", str(path))
    assert done.returncode == 1
    assert "other.txt" in done.stderr
    assert not (compendium / "restricted").exists()


def test_an_unknown_key_in_the_plan(compendium):
    change(compendium / "compendium.yml", "title:", "titel: x\ntitle:")
    done = crosscase(compendium, "list")
    assert done.returncode == 1
    assert "titel" in done.stderr


def test_an_unknown_study(compendium):
    done = crosscase(compendium, "run", "10_documents", "--study", "no-fact-team")
    assert done.returncode == 1
    assert "no-fact-teams" in done.stderr


def test_list_says_why_something_is_stale(compendium):
    done = crosscase(compendium, "list")
    assert done.returncode == 0
    assert "10_documents/no-fact-teams" in done.stdout
    assert "stale: never run" in done.stdout


def test_outside_of_a_compendium(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "CROSSCASE_HOME"}
    done = subprocess.run(
        [sys.executable, "-m", "crosscase", "list"], cwd=tmp_path, capture_output=True, text=True, env=environment
    )
    assert done.returncode == 1
    assert "compendium.yml" in done.stderr
