"""Style and types of the whole house."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "command",
    [("ruff", "check", "."), ("ruff", "format", "--check", "."), pytest.param(("mypy",), marks=pytest.mark.long)],
    ids=["ruff check", "ruff format", "mypy"],
)
def test_style_and_types(command, tmp_path):
    cache = {"ruff": "--cache-dir", "mypy": "--cache-dir"}[command[0]]
    done = subprocess.run(
        [sys.executable, "-m", *command, f"{cache}={tmp_path}"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
