"""Words from which a result makes its sentence: counts with their nouns, lists, and what comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sized

import pandas as pd

from crosscase.figures.ink.checks import listed, plural

__all__ = ["begin", "count", "each", "leaders", "listed", "low", "most", "plural", "share", "times", "verb"]


def count(number: int, noun: str, many: str = "", none: str = "no") -> str:
    """Return a count with its noun, zero as a word.

    Examples
    --------
    >>> count(0, "case"), count(1, "study", "studies"), count(1200, "unit")
    ('no cases', '1 study', '1,200 units')
    """
    if number == 0:
        return f"{none} {many or noun + 's'}"
    return plural(number, noun, many).replace(str(number), f"{number:,}", 1)


def times(number: int) -> str:
    """Return how often, in words where there is one.

    Examples
    --------
    >>> times(1), times(2), times(7)
    ('once', 'twice', '7 times')
    """
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")


def verb(number: int, one: str = "is", many: str = "are") -> str:
    """Return the form of a verb that goes with a number: of one, or of none and many."""
    return one if number == 1 else many


def each(names: Sized) -> str:
    """Return what follows a number that several share; nothing where one alone has it."""
    return " each" if len(names) > 1 else ""


def begin(text: str) -> str:
    """Return a text with a capital, as a sentence begins."""
    return text[:1].upper() + text[1:]


def low(text: str) -> str:
    """Return a text without its capital, as it stands within a sentence."""
    return text[:1].lower() + text[1:]


def share(part: int, whole: int, noun: str, many: str = "", does: tuple[str, str] | None = None) -> str:
    """Return a part of a whole as a subject, all, none, or so many of them, with its verb where both forms are given.

    Examples
    --------
    >>> share(2, 2, "role"), share(6, 6, "role"), share(1, 4, "role"), share(0, 4, "role"), share(1, 1, "role")
    ('Both roles', 'All 6 roles', '1 of 4 roles', 'Not one of 4 roles', 'The one role')
    >>> share(0, 4, "role", does=("speaks", "speak")), share(4, 4, "role", does=("speaks", "speak"))
    ('Not one of 4 roles speaks', 'All 4 roles speak')
    """
    verbs = f" {does[part > 1]}" if does else ""
    if part == whole and whole:
        all_of = "Both" if whole == 2 else f"All {whole:,}"
        return ("The one " + noun if whole == 1 else f"{all_of} {many or noun + 's'}") + verbs
    return f"{f'{part:,}' if part else 'Not one'} of {count(whole, noun, many)}{verbs}"


def most(
    frame: pd.DataFrame, name: str, number: str, limit: int = 3, labels: Mapping[str, str] | None = None
) -> tuple[str, float]:
    """Return who has the largest number, all of them where several tie, and that number; nothing where none is known.

    As `leaders`, told up to a limit; the rest is counted.

    Examples
    --------
    >>> most(pd.DataFrame({"code": ["trust", "money", "time"], "n": [4, 4, 1]}), "code", "n")
    ('trust and money', 4.0)
    >>> most(pd.DataFrame({"code": ["trust"], "n": [None]}), "code", "n")
    ('', nan)
    """
    names, top = leaders(frame, name, number, labels)
    return listed(names, limit), top


def leaders(
    frame: pd.DataFrame, name: str, number: str, labels: Mapping[str, str] | None = None
) -> tuple[list[str], float]:
    """Return the names of all who have the largest number, and that number; no name where none is known.

    The names stand in a column, or are the labels of what stands there; a number that is null is passed over.

    Examples
    --------
    >>> leaders(pd.DataFrame({"code": ["trust", "money", "time"], "n": [4, 4, 1]}), "code", "n")
    (['trust', 'money'], 4.0)
    >>> leaders(pd.DataFrame({"code": ["trust"], "n": [None]}), "code", "n")
    ([], nan)
    """
    known = frame.dropna(subset=[number])
    if known.empty:
        return [], float("nan")
    top = float(known[number].max())
    found = [str(who) for who in known.loc[known[number].eq(top), name]]
    return [(labels or {}).get(who, who) for who in found], top
