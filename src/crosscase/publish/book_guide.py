"""The user's guide as a part of every book: the pages of `docs/guide`, and nothing that lies beside them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from crosscase import paths

GUIDE = "guide"
"""Folder of the guide in the source of the book."""


def copy_guide(folder: Path) -> dict[str, str]:
    """Copy the pages of the guide, with pictures, into the source of a book; return page -> file as a person knows it.

    The texts and tables of the tutorial stay where they are: they are material, no pages.
    """
    pages = {}
    for path in sorted([*paths.guide().glob("*.md"), *paths.guide().glob("*.png")]):
        target = folder / GUIDE / path.name
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(path, target)
        if path.suffix == ".md":
            pages[f"{GUIDE}/{path.name}"] = paths.relative(path)
    return pages


def no_guide(entry: Mapping[str, object]) -> bool:
    """Tell whether an entry of the contents is a page of the guide where the compendium has none."""
    return str(entry.get("file", "")).startswith(f"{GUIDE}/") and not paths.guide().is_dir()
