"""Executed notebooks as pages of the book: named by their study, with the parameters that were used in sight."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from crosscase.publish.book_text import clean, md_text

PARAMETERS, INJECTED, FOLDED = "parameters", "injected-parameters", "hide-input"


def notebook_page(executed: Path, of: str) -> str:
    """Return an executed notebook as the source of a page.

    `executed` is the notebook as papermill left it. `of` is what the page is about, for its heading; empty leaves the
    heading as it is. Returns the notebook: its heading says what it is about, and where parameters were given, the cell
    with their default values is folded, because what was used stands below it.
    """
    notebook = json.loads(executed.read_text(encoding="utf-8"))
    tags = [set(cell.get("metadata", {}).get("tags", [])) for cell in notebook["cells"]]
    given = any(INJECTED in each for each in tags)
    headed = not of
    for cell, own in zip(notebook["cells"], tags):
        if given and PARAMETERS in own:
            cell["metadata"]["tags"] = sorted(own | {FOLDED})
        if not headed and cell["cell_type"] == "markdown":
            headed = _head(cell, of)
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def heading_of(executed: Path) -> str:
    """Return the first heading of a notebook; its name where it has none."""
    notebook = json.loads(executed.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        for line in "".join(cell["source"]).splitlines() if cell["cell_type"] == "markdown" else ():
            if line.startswith("# "):
                return clean(line.removeprefix("# "))
    return executed.stem


def _head(cell: dict[str, Any], of: str) -> bool:
    """Add what the page is about to the first heading of a cell; tell whether there was one."""
    lines = "".join(cell["source"]).splitlines(keepends=True)
    for number, line in enumerate(lines):
        if line.startswith("# "):
            end = "\n" if line.endswith("\n") else ""
            lines[number] = f"{line.rstrip()}: {md_text(of)}{end}"
            cell["source"] = lines
            return True
    return False
