"""Alternative text that stays short: the finding first, names cut and counted rather than dumped."""

from __future__ import annotations

from collections.abc import Sequence

from crosscase.figures.ink.checks import listed

MOST = 300
"""Characters of an alternative text."""


def brief(*sentences: str, most: int = MOST) -> str:
    """Join the sentences that fit, in their order; the first is cut at a word where it alone is too long.

    Examples
    --------
    >>> brief("Trust is named most.", "It is a very long story.", "Law is not named.", most=40)
    'Trust is named most. Law is not named.'
    >>> brief("Trust is named most.", most=12)
    'Trust is ….'
    """
    said = ""
    for sentence in filter(None, sentences):
        trial = f"{said} {sentence}" if said else sentence
        if len(trial) <= most:
            said = trial
        elif not said:
            said = f"{short(sentence, most - 1)}."
    return said


def short(text: str, most: int = 40) -> str:
    """Cut a text after a word so that it has at most `most` characters.

    Examples
    --------
    >>> short("Roles and responsibilities", 12), short("Trust")
    ('Roles and …', 'Trust')
    """
    text = " ".join(str(text).split())
    if len(text) <= most:
        return text
    head = text[: most - 1]
    return f"{head.rsplit(' ', 1)[0] + ' ' if ' ' in head else head}…"


def named(names: Sequence[str], limit: int = 3, most: int = 40) -> str:
    """Name the first few, each cut to a length, and count the rest.

    Examples
    --------
    >>> named(["a", "b", "c", "d", "e"])
    'a, b, c and 2 more'
    """
    return listed([short(name, most) for name in names], limit)
