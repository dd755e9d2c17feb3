"""The book of some studies alone: which written chapters still hold, and a front page made for these studies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from crosscase.publish.book_text import md_text
from crosscase.study import Study

_ROLE = re.compile(r"\{(?:value|sentence|quote|segment)\}`([^`|]+)")
_DIRECTIVE = re.compile(r"^[`:]{3,}\{(?:kept-[a-z]+|not-stated|study-[a-z]+)\}[ \t]+(\S+)", re.MULTILINE)
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
