"""The report of an import as a page of the book."""

from __future__ import annotations

from pathlib import Path

from crosscase import documents, paths
from crosscase.publish.book_text import md_text
from crosscase.study import Study

IMPORT_REPORT, NAMES = "import.md", "Names behind the ids"


def has_report(study: Study) -> bool:
    """Tell whether a study came in by an import that left its report."""
    return _report(study).is_file()


def quotations_words(study: Study) -> str:
    """Return what an import of quotations alone lets nobody say, as a sentence; nothing where the texts are whole."""
    n, of = len(documents.quotations_only(study.documents)), len(study.documents)
    hold = f"{n} of {of} documents {'holds' if n == 1 else 'hold'}"
    hold = f"All {of} documents hold" if n == of > 1 else "The document holds" if of == 1 else hold
    return f"{hold} quotations only, not the text between: it is not known what was read and left uncoded." if n else ""


def _report(study: Study) -> Path:
    """Return the whole report where it is at hand, else the public one, which holds numbers only."""
    whole = study.restricted / IMPORT_REPORT
    return whole if whole.is_file() and not paths.withheld(whole) else study.folder / IMPORT_REPORT


def import_page(study: Study) -> str:
    """Return the report of an import as a page of the book, its file names as text and never as markup.

    What the neutral ids stand for is told in the file alone: programs make titles of memos from what people said.
    """
    text = _report(study).read_text(encoding="utf-8").partition(f"\n## {NAMES}\n")[0].rstrip()
    return "\n".join(_shown(line) for line in text.splitlines()) + "\n"


def _shown(line: str) -> str:
    for mark in ("# ", "## ", "- "):
        if line.startswith(mark):
            return mark + md_text(_undone(line.removeprefix(mark)))
    return md_text(_undone(line))


def _undone(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">")
