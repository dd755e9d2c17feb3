"""The book of some studies alone: which written chapters still hold, and a front page made for these studies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from crosscase.publish.book_text import clean, md_text
from crosscase.study import Study

_ROLE = re.compile(r"\{(?:value|sentence|quote|segment)\}`([^`|]+)")
_DIRECTIVE = re.compile(r"^[`:]{3,}\{(?:kept-[a-z]+|not-stated|study-[a-z]+)\}[ \t]+(\S+)", re.MULTILINE)
_NOT_PLAIN = re.compile(r"[^\w\s.,:;()/–-]")
_LINK = re.compile(r"\]\(([^)#\s]+\.md)")


def chapters_that_hold(texts: Mapping[str, str], studies: Iterable[str]) -> set[str]:
    """Return the chapters that speak of nothing but these studies, and link to no chapter that is left out.

    `texts`: chapter (file name) -> its Markdown.

    >>> pages = {"a.md": "{value}`one.n`", "b.md": "{value}`two.n`", "c.md": "[see](b.md)", "d.md": "plain"}
    >>> sorted(chapters_that_hold(pages, ["one"]))
    ['a.md', 'd.md']
    """
    names = set(studies)
    held = {name for name, text in texts.items() if {n.split(".")[0].strip() for n in _named(text)} <= names}
    while True:
        gone = {name for name in held if any(link in texts and link not in held for link in _LINK.findall(texts[name]))}
        if not gone:
            return held
        held -= gone


def _named(text: str) -> list[str]:
    """Return the ids that a chapter prints."""
    return [*_ROLE.findall(text), *_DIRECTIVE.findall(text)]


def cite_page(studies: list[Study]) -> str:
    """Return the page that says how to cite the studies of a book; nothing that a study does not state is added."""
    lines = []
    for study in studies:
        info = study.info
        year = f" ({info.year})" if info.year else ""
        by = f"{', '.join(info.authors)}{year}. " if info.authors else ""
        told = [
            f"{by}*{md_text(info.title)}*{'' if by else year}." if not by else f"{md_text(by)}*{md_text(info.title)}*."
        ]
        told += [md_text(each.citation) for each in info.publications]
        lines.append(f"## {md_text(info.short_title)}\n\n" + "\n".join(f"- {line}" for line in told) + "\n")
        lacking = [what for what, there in (("authors", info.authors), ("year", info.year)) if not there]
        if lacking:
            lines.append(f"Not stated in `study.yml`: {' and '.join(lacking)}.\n")
        if info.licence:
            lines.append(f"Licence: {md_text(info.licence)}\n")
    made = "Made with Crosscase, whose file `CITATION.cff` says how the software is cited.\n"
    return "# How to cite\n\n" + "\n".join([*lines, made])


def settings_of(config: dict[str, Any], studies: list[Study]) -> dict[str, Any]:
    """Return the settings of the book with title, authors and year of its own studies in the place of ours.

    Themes print them as they are, so that only letters, digits and plain punctuation stay.
    """
    authors = list(dict.fromkeys(name for study in studies for name in study.info.authors))
    years = sorted({str(study.info.year) for study in studies if study.info.year})
    title = studies[0].info.title if len(studies) == 1 else "Studies of this book"
    said = {"title": title, "author": ", ".join(authors), "copyright": ", ".join(years)}
    return config | {key: clean(_NOT_PLAIN.sub(" ", text)) for key, text in said.items()}


def front_page(studies: list[Study]) -> str:
    """Return the first page of a book of some studies."""
    title = studies[0].info.title if len(studies) == 1 else "Studies of this book"
    return (
        f"# {md_text(title)}\n\n"
        "This book shows "
        + ("one study" if len(studies) == 1 else "some studies of the compendium")
        + " worked through from coded text to figures: what was collected, what was coded, how the cases compare, and "
        "how sure one can be.\n\n"
        "```{study-cards}\n```\n\n"
        "Every number was computed by a notebook of this book: hover over it for its id, its unrounded value and its "
        "n, click it for the notebook. Each figure links to its data as CSV and Excel, and each cell of a matrix to "
        "the segments behind it. Where the material is silent, nothing is drawn as zero.\n\n"
        "[All figures and tables](results.md) lists what there is to take away, [Posters](posters.md) what there is to "
        "print.\n"
    )
