"""The chapter of a study for which nobody has written one: `book/study.md`, filled in; and what did not run for it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from crosscase import paths, trace
from crosscase.errors import CrosscaseError, Problem
from crosscase.publish.book_text import md_text
from crosscase.publish.values import KINDS, Kept
from crosscase.study import Study

TEMPLATE = "study.md"
"""File of the folder `book`; no page of its own."""

_KEPT = re.compile(r"""\bkeep\(\s*(?:"([^"]+)"|'([^']+)')""")
_OF_A_STUDY = re.compile(r"^study\b", re.MULTILINE)


def template() -> Path:
    """Return the file that is the default chapter."""
    return paths.book() / TEMPLATE


def study_chapter(study: Study) -> str:
    """Return the chapter of a study as MyST, line by line that of `book/study.md`.

    `{study}` in the file becomes its id, `{title}` its short title. Raises `CrosscaseError` where
    the book has no such file, or it is no text in UTF-8.
    """
    try:
        text = template().read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        rule = "the chapter of a study that has none of its own is a file of the book"
        found, remedy = getattr(error, "strerror", None) or str(error), "take it from a fresh copy of the compendium"
        raise CrosscaseError(Problem(f"book/{TEMPLATE}", rule, found, remedy=remedy)) from None
    return text.replace("{study}", study.name).replace("{title}", md_text(study.info.short_title))


def not_run(study: Study, kept: Kept) -> dict[str, str]:
    """Return what notebooks that have not run for a study would keep of it: name of the result or value -> notebook.

    Of other studies one learns which notebook keeps a value.
    """
    done = {job["notebook"] for job in map(_job, paths.runs().glob("*/*/state.json")) if job.get("study") == study.name}
    found: dict[str, str] = {}
    for path in sorted(paths.notebooks().glob("*.ipynb")):
        if path.stem not in done:
            found |= dict.fromkeys(_names(path), path.stem)
    for records in (getattr(kept, kind) for kind in KINDS):
        for record in records.values():
            if record["study"] and record["notebook"] not in done:
                found.setdefault(record["id"].partition(".")[2], record["notebook"])
    return found


def _job(state: Path) -> dict[str, str]:
    return dict(json.loads(state.read_text(encoding="utf-8")))


def _names(path: Path) -> list[str]:
    """Return the names under which a notebook for one study keeps results; none where it is for the whole."""
    cells = json.loads(trace.note_read(path).read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    if not any(_OF_A_STUDY.search(source) for source in code):
        return []
    return [first or second for source in code for first, second in _KEPT.findall(source)]
