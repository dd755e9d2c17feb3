"""The small notebook that shows the coding page of a study."""

from __future__ import annotations

from pathlib import Path

import nbformat

from crosscase.coding.session import Session

WORDS = "Press **Shift+Enter** to open the coding page. Every step is saved at once; `?` on the page shows all keys."


def write_notebook(folder: Path, study: str, coder: str | None = None, blind: bool = False) -> Path:
    """Write the notebook that shows the coding page of a study into a folder, and return its path.

    Parameters
    ----------
    folder : pathlib.Path
        Where it goes: a copy for one sitting, which nobody need keep.
    study, coder, blind
        As in `workbench`.

    Raises
    ------
    CrosscaseError
        Where the page could not be shown: no such study, no text that may be read, or it is not clear who codes.
    """
    Session(study, coder, blind)
    told = [repr(study), *([f"coder={coder!r}"] if coder is not None else []), *(["blind=True"] if blind else [])]
    source = f"from crosscase.coding import workbench\n\nworkbench({', '.join(told)})"
    cells = [nbformat.v4.new_markdown_cell(f"# {study}\n\n{WORDS}"), nbformat.v4.new_code_cell(source)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = folder / f"code-{study}.ipynb"
    nbformat.write(notebook, path)
    return path
