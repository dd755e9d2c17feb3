"""The page of the book that shows the posters: a preview with words for it, and the file to print."""

from __future__ import annotations

import shutil
from pathlib import Path

from crosscase import paths
from crosscase.publish.book_text import clean, md_text
from crosscase.publish.poster_text import read_poster
from crosscase.publish.values import Kept
from crosscase.study import Study


def copy_posters(folder: Path, studies: list[str], alone: bool = False) -> list[str]:
    """Copy what was built to the book's files; return the names, the synthesis first.

    `folder` is `posters` of the files that travel with the book. Where the book is of some studies `alone`, no other
    poster belongs in it.
    """
    built = sorted(paths.posters().glob("*.pdf"), key=lambda path: (path.stem != "synthesis", path.stem))
    built = [path for path in built if not alone or path.stem in studies]
    folder.mkdir(parents=True, exist_ok=True)
    for path in built:
        shutil.copyfile(path, folder / path.name)
        preview = path.with_suffix(".png")
        if preview.is_file():
            shutil.copyfile(preview, folder / preview.name)
    return [path.stem for path in built]


def poster_page(names: list[str], studies: list[Study], kept: Kept) -> str:
    """Return the page as Markdown: each poster with its preview, its alternative text and its file.

    `names` are the posters that were built: study ids, or `synthesis`; `kept` is read for the values that
    a headline prints. Raises `CrosscaseError` as `read_poster`, where the words of a poster are not valid.
    """
    titles = {study.name: study.info.short_title for study in studies} | {"synthesis": "Synthesis"}
    shown = [name for name in names if name in titles]
    if not shown:
        return "No poster has been built yet.\n"
    blocks = []
    for name in shown:
        title = md_text(titles[name])
        blocks.append(
            f"## {title}\n\n"
            f"```{{image}} /extra/data/posters/{name}.png\n"
            f":alt: {_alternative(name, titles[name], kept)}\n"
            f":width: 60%\n:target: data/posters/{name}.pdf\n```\n\n"
            f'<a href="data/posters/{name}.pdf">Print file of the poster {title} (PDF)</a>\n'
        )
    return "\n".join(blocks)


def _alternative(name: str, title: str, kept: Kept) -> str:
    """Return what a person who cannot see the preview must know: the headline, and where the rest can be read."""
    path = paths.book() / "posters" / f"{name}.yml"
    headline = ""
    if path.is_file():
        headline = " Its headline: " + "".join(run.text for run in read_poster(name, path, kept).finding)
    return clean(f"Poster {title}.{headline} Its figures and numbers are those of the chapter.")
