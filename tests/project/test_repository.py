"""What the repository may hold: no sentence of a source, no output, no machine path, no large file."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def tracked():
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_text_files_end_in_one_newline():
    for path in tracked():
        content = path.read_bytes()
        if b"\0" in content or not content:
            continue
        content = content.replace(b"\r\n", b"\n")  # a copy may have either; what is committed has LF (test_systems)
        assert content.endswith(b"\n"), path
        assert not content.endswith(b"\n\n"), path


def test_no_mark_of_an_unfinished_merge():
    mark = re.compile(rb"^(<{7}|>{7}|={7})( .*)?$", re.MULTILINE)
    for path in tracked():
        content = path.read_bytes()
        assert b"\0" in content or not mark.search(content), path


def test_no_large_file_and_nothing_generated():
    for path in tracked():
        assert path.stat().st_size < 1_500_000, path
        assert not {"results", "restricted", "__pycache__", ".venv"} & set(path.relative_to(ROOT).parts), path
    assert not (ROOT / "uv.lock").exists()


def test_no_path_of_a_machine():
    pattern = re.compile(r"/home/\w+/|/Users/\w+/|/root/|[A-Z]:\\\\Users")
    here = Path(__file__).resolve()
    for path in tracked():
        if path == here or path.suffix in {".png", ".xlsx"}:
            continue
        found = pattern.search(path.read_bytes().decode("utf-8", errors="ignore"))
        assert not found or "tests" in path.parts, f"{path}: {found.group()}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebooks_are_thin_and_stored_without_outputs(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert cells[0]["cell_type"] == "markdown"
    assert "".join(cells[0]["source"]).startswith("# ")
    parameters = [cell for cell in cells if "parameters" in cell.get("metadata", {}).get("tags", [])]
    assert len(parameters) == 1
    source = "".join(parameters[0]["source"])
    for assignment in ast.parse(source).body:
        last = source.splitlines()[assignment.end_lineno - 1]
        assert re.search(r"  # .+", last), f"a parameter has a comment: {last}"
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        source = "".join(cell["source"])
        assert cell["outputs"] == []
        assert cell["execution_count"] is None
        assert not re.search(r"^\s*(def|class|for|while|if|with|try)\b", source, re.MULTILINE), source
        assert not re.search(r"plt\.|open\(|Path\(|read_csv|\.\./", source), source


@pytest.mark.skipif(not SHARED.exists(), reason="the source documents are not beside this checkout")
def test_no_sentence_of_a_source_document():
    """Runs of eight words that the repository shares with a source are titles, names, references or theme names."""
    done = subprocess.run(
        [sys.executable, SHARED / "checks" / "verbatim.py", "8"], cwd=ROOT, capture_output=True, text=True
    )
    known = ("documents.csv", "facts.csv", "study.yml", "themes.csv", "CITATION.cff", "cite.md")
    hits = [line for line in done.stdout.splitlines() if ": repeats" in line]
    titles = (
        *("integrated care", "roadmap", "mission impossible", "implément", "keywords", "ministry", "icic18"),
        *("organization policy", "people with mental disorders", "conceptual aspect", "analysis of a mandated"),
        *("management 23rd", "and sud the", "a qualitative evaluation"),
    )
    for line in hits:
        assert any(name in line for name in known), line
        assert any(words in line.lower() for words in titles), line
