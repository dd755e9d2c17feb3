"""The coding page as a widget: its code goes to the notebook, texts and codings only by messages that nothing keeps."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import anywidget

from crosscase.coding.session import Session

MODULES = (
    "dom",
    "state",
    "lines",
    "text",
    "picker",
    "details",
    "codebook",
    "memo",
    "search",
    "meeting",
    "help",
    "main",
)
"""Files of the page, each below those it uses; they become one module."""


@cache
def page() -> str:
    """Return the JavaScript of the page as one module."""
    folder = files("crosscase.coding") / "static"
    return "\n".join((folder / f"{name}.js").read_text(encoding="utf-8") for name in MODULES)


@cache
def style() -> str:
    """Return the style sheet of the page."""
    return (files("crosscase.coding") / "static" / "coding.css").read_text(encoding="utf-8")


class Workbench(anywidget.AnyWidget):
    """A window on a study in a notebook.

    What a notebook keeps of a widget is its state; here that is the code of the page and nothing of the study.
    """

    _esm = page()
    _css = style()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.on_msg(self._take)

    def _take(self, _: Any, content: Any, __: Any) -> None:
        for reply in self._session.handle(content):
            self.send(reply)

    def __repr__(self) -> str:
        return f"the coding page of {self._session.study}"
