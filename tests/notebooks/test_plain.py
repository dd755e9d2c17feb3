"""Notebooks run without our runner too: by papermill, by nbconvert, by the kernel of JupyterLab."""

import json
import os
import subprocess
import sys

import pytest

FREE = {name: value for name, value in os.environ.items() if not name.startswith("CROSSCASE_")}


@pytest.fixture(scope="module")
def bare(copied):
    """A compendium in which nothing has run."""
    return copied("plain")


def texts(executed):
    """Return what the cells of an executed notebook show, and the errors among it."""
    outputs = [output for cell in json.loads(executed.read_text())["cells"] for output in cell.get("outputs", [])]
    errors = [output["ename"] for output in outputs if output["output_type"] == "error"]
    return "".join("".join(output.get("data", {}).get("text/html", "")) for output in outputs), errors


@pytest.mark.long
@pytest.mark.parametrize(
    ("place", "notebook", "says"),
    [("notebooks", "10_documents", "<table"), (".", "10_documents", "<table"), (".", "70_poster", "run them first")],
)
def test_papermill(bare, tmp_path, place, notebook, says):
    source = os.path.relpath(bare / "notebooks" / f"{notebook}.ipynb", bare / place)
    command = [
        sys.executable,
        "-m",
        "papermill",
        "--no-progress-bar",
        "-k",
        "python3",
        source,
        str(tmp_path / "out.ipynb"),
    ]
    done = subprocess.run(command, cwd=bare / place, env=FREE, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    shown, errors = texts(tmp_path / "out.ipynb")
    assert errors == []
    assert says in shown


@pytest.mark.long
@pytest.mark.parametrize(("notebook", "says"), [("10_documents", "<table"), ("70_poster", "run them first")])
def test_nbconvert(bare, tmp_path, notebook, says):
    """It executes in the folder of the notebook, in the kernel that JupyterLab starts."""
    source = str(bare / "notebooks" / f"{notebook}.ipynb")
    command = [
        sys.executable,
        "-m",
        "nbconvert",
        "--execute",
        "--to",
        "notebook",
        "--output-dir",
        str(tmp_path),
        source,
    ]
    done = subprocess.run(command, cwd=tmp_path, env=FREE, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    shown, errors = texts(tmp_path / f"{notebook}.ipynb")
    assert errors == []
    assert says in shown
