"""Words from which a result makes its sentence: counts with their nouns, lists, and what comes first."""

from __future__ import annotations

import pandas as pd

from crosscase.figures.ink.checks import listed, plural

__all__ = ["count", "leaders", "listed", "most", "plural", "share", "times"]


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


def share(part: int, whole: int, noun: str, many: str = "") -> str:
    """Return a part of a whole as a subject: all, none, or so many of them.

    Examples
    --------
    >>> share(2, 2, "role"), share(6, 6, "role"), share(1, 4, "role"), share(0, 4, "role"), share(1, 1, "role")
    ('Both roles', 'All 6 roles', '1 of 4 roles', 'Not one of 4 roles', 'The one role')
    """
    if part == whole and whole:
        return "The one " + noun if whole == 1 else f"{'Both' if whole == 2 else f'All {whole:,}'} {many or noun + 's'}"
    return f"{f'{part:,}' if part else 'Not one'} of {count(whole, noun, many)}"


def most(frame: pd.DataFrame, name: str, number: str, limit: int = 3) -> tuple[str, float]:
    """Return who has the largest number, all of them where several tie, and that number; nothing where none is known.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per candidate.
    name, number : str
        Columns: what it is called, and the number; null is passed over.
    limit : int
        Names that are told; the rest is counted.

    Examples
    --------
    >>> most(pd.DataFrame({"code": ["trust", "money", "time"], "n": [4, 4, 1]}), "code", "n")
    ('trust and money', 4.0)
    >>> most(pd.DataFrame({"code": ["trust"], "n": [None]}), "code", "n")
    ('', nan)
    """
    names, top = leaders(frame, name, number)
    return listed(names, limit), top


def leaders(frame: pd.DataFrame, name: str, number: str) -> tuple[list[str], float]:
    """Return the names of all who have the largest number, and that number; no name where none is known.

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
    return [str(each) for each in known.loc[known[number].eq(top), name]], top
