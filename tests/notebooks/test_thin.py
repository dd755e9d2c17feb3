"""Notebooks read like an argument: no bookkeeping, no drawing, no labels; measured, so that it stays so."""

import ast
import json
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))
MOST_LINES, MOST_CELLS = 400, 25
BOOKKEEPING = ("alt_", "used_labels", "as_cells", "finding_", 'kind="poster"', "keep.", "figures.")


def code(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def lines(cells):
    return [line for cell in cells for line in cell.splitlines() if line.strip()]


def test_all_notebooks_together_are_short():
    counted = {path.name: len(lines(code(path))) for path in NOTEBOOKS}
    assert sum(counted.values()) <= MOST_LINES, counted


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_thin(path):
    cells = code(path)
    assert len(cells) <= MOST_CELLS
    text = "\n".join(cells)
    assert [word for word in BOOKKEEPING if word in text] == []
    # loops over cases or studies belong to src/
    forbidden = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.Lambda)
    assert [type(node).__name__ for node in ast.walk(ast.parse(text)) if isinstance(node, forbidden)] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_says_before_each_cell_what_it_asks(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    kinds = [cell["cell_type"] for cell in cells]
    assert kinds[0] == "markdown"
    keeps = [n for n, cell in enumerate(cells) if cell["cell_type"] == "code" and "keep(" in "".join(cell["source"])]
    assert keeps
    silent = [n for n in keeps if "markdown" not in (kinds[n - 1], kinds[n - 2]) and n > 1]
    assert silent == []
