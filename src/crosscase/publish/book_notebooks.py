"""Executed notebooks as pages of the book: named by their study, with the parameters that were used in sight."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from crosscase.publish.book_text import clean, md_text

LONGEST = 200_000
"""Characters of one output that a page of the book shows: a browser has to lay them out, the search to read them."""
PARAMETERS, INJECTED, FOLDED = "parameters", "injected-parameters", "hide-input"


def notebook_page(executed: Path, of: str) -> str:
    """Return an executed notebook as the source of a page.

    `executed` is the notebook as papermill left it. `of` is what the page is about, for its heading; empty leaves the
    heading as it is. Returns the notebook: its heading says what it is about, and where parameters were given, the cell
    with their default values is folded, because what was used stands below it; a long output is cut, and it says so.
    """
    notebook = json.loads(executed.read_text(encoding="utf-8"))
    tags = [set(cell.get("metadata", {}).get("tags", [])) for cell in notebook["cells"]]
    given = any(INJECTED in each for each in tags)
    if heading_of(executed, "") == "":  # a page needs one
        text = f"# {md_text(executed.stem)}"
        notebook["cells"].insert(0, {"cell_type": "markdown", "id": "heading", "metadata": {}, "source": [text]})
        tags.insert(0, set())
    headed = not of
    for cell, own in zip(notebook["cells"], tags):
        cell |= {"outputs": [_cut(output, executed.name) for output in cell["outputs"]]} if "outputs" in cell else {}
        if given and PARAMETERS in own:
            cell["metadata"]["tags"] = sorted(own | {FOLDED})
        if not headed and cell["cell_type"] == "markdown":
            headed = _head(cell, of)
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _cut(output: dict[str, Any], name: str) -> dict[str, Any]:
    """Return an output of which no text is longer than a page can show; of HTML and data, half would be broken."""
    if output["output_type"] == "stream":
        return output | {"text": _short("".join(output["text"]), name)}
    if output["output_type"] == "error":
        lines = {"evalue": _short(output["evalue"], name), "traceback": [_short("\n".join(output["traceback"]), name)]}
        return output | (lines if len(str(output)) > LONGEST else {})
    data = output["data"]
    long = {kind for kind in data if not kind.startswith("image/") and _length(data[kind]) > LONGEST}
    if not long:
        return output
    kept = {kind: value for kind, value in data.items() if kind not in long or kind == "text/plain"}
    plain = "".join(kept["text/plain"]) if "text/plain" in kept else ""
    shown = _short(plain, name) if len(plain) > LONGEST else f"{plain}\n[left out here: it is long; see {name}]".strip()
    return output | {"data": kept | {"text/plain": shown}}


def _length(value: Any) -> int:
    return (
        sum(map(len, value))
        if isinstance(value, list) and all(isinstance(each, str) for each in value)
        else len(value if isinstance(value, str) else json.dumps(value))
    )


def _short(text: str, name: str) -> str:
    more = len(text) - LONGEST
    return text if more <= 0 else f"{text[:LONGEST]}\n[cut here: {more:,} more characters are in {name}]\n"


def heading_of(executed: Path, otherwise: str | None = None) -> str:
    """Return the first heading of a notebook; its name where it has none, or what to return `otherwise`."""
    notebook = json.loads(executed.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        for line in "".join(cell["source"]).splitlines() if cell["cell_type"] == "markdown" else ():
            if line.startswith("# "):
                return clean(line.removeprefix("# "))
    return executed.stem if otherwise is None else otherwise


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
