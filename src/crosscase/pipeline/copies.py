"""Copies of the notebooks to play with: the tracked ones stay clean, and no change of a person is ever overwritten."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crosscase import paths
from crosscase.errors import CrosscaseError
from crosscase.pipeline.cache import notebook_hash
from crosscase.pipeline.store import write_json
from crosscase.refusals import named

NOTE = ".copies.json"
"""Copy -> hash of what the notebook meant when it was copied."""


def folder() -> Path:
    """Return the folder of the copies, which git ignores and no command empties."""
    return paths.root() / "lab"


def renew(say: Callable[[str], Any] = print) -> Path:
    """Copy the notebooks that have no copy, or an unchanged one of an earlier version; return the folder.

    A copy whose cells somebody has changed stays as it is; where its notebook has changed since, that is said. Raises
    `CrosscaseError` where the folder cannot be written.
    """
    target = folder()
    with named(target):
        target.mkdir(exist_ok=True)
        known = _known(target / NOTE)
        for notebook in sorted(paths.notebooks().glob("*.ipynb")):
            copy, now = target / notebook.name, notebook_hash(notebook)
            before = known.get(notebook.name)
            if copy.exists() and (before is None or _meaning(copy) != before):
                if before != now and _meaning(copy) != now:
                    shown = paths.relative(copy)
                    say(f"{shown} is yours and stays, though the notebook has changed: rename it to get a new copy")
                continue
            if not copy.exists() or before != now:
                shutil.copyfile(notebook, copy)
                known[notebook.name] = now
        write_json(target / NOTE, known)
    return target


def _known(note: Path) -> dict[str, str]:
    try:
        return dict(json.loads(note.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _meaning(copy: Path) -> str:
    """Return the hash of what a copy means; empty where it is no notebook, which is then a person's own."""
    try:
        return notebook_hash(copy)
    except (CrosscaseError, OSError, ValueError, KeyError, TypeError):
        return ""
