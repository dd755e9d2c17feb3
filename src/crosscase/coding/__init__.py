"""The coding page: read a study's texts and put codes on them, in JupyterLab, Notebook or VS Code."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crosscase.coding.widget import Workbench

__all__ = ["workbench"]


def workbench(study: str, *, coder: str | None = None, blind: bool = False) -> Workbench:
    """Show the texts of a study in a notebook, to be coded there; every step is saved at once.

    Parameters
    ----------
    study : str
        Id of the study.
    coder : str, optional
        Who codes, by name or id; a new name is a new coder. Without it the primary coder of the study, or its only one.
    blind : bool
        Whether nothing of what other coders did is shown, for a second coder whose codings are to be compared.

    Returns
    -------
    Workbench
        The page; the last line of a cell shows it.

    Raises
    ------
    CrosscaseError
        Where there is no such study, its texts may not be read here, or it is not clear who codes.

    Examples
    --------
    `workbench("my-study", coder="anna", blind=True)` in a cell of a notebook.
    """
    from crosscase.coding.session import Session
    from crosscase.coding.widget import Workbench

    return Workbench(Session(study, coder, blind))
