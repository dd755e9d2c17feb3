"""The words in which files and tables of the book say what the data say in ids and terms."""

from __future__ import annotations

import re

from crosscase import ids, terms

_TOKEN = r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*"
_TOKENS = re.compile(rf"{_TOKEN}(?:{ids.SEPARATOR}{_TOKEN})*")


def level_words(level: str) -> str:
    """Return the sentence by which a page or file says at which level it was built.

    >>> level_words("public")
    'Built at the level public.'
    """
    return f"Built at the level {level}."


def in_words(cell: str) -> str:
    """Return a cell of terms as a reader would say it: without underscores, lists with commas.

    A text that is more than terms is left as it is.

    >>> in_words("not_stated"), in_words("coherence;relevance"), in_words("BIG;OLD"), in_words("missed")
    ('not stated', 'coherence, relevance', 'BIG, OLD', 'coded by one only')
    >>> in_words("0 mixed;-1;1"), in_words("Both; later one.")
    ('0 mixed, -1, 1', 'Both; later one.')
    """
    if _TOKENS.fullmatch(cell):
        return ", ".join(map(terms.said, ids.split(cell)))
    return cell if f"{ids.SEPARATOR} " in cell else cell.replace(ids.SEPARATOR, ", ")
