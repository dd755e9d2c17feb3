"""What a person is told when something is wrong: place, rule, finding, allowed values, next step."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from reprlib import Repr

LONGEST = 600
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_REPR = Repr()
_REPR.maxlevel, _REPR.maxdict, _REPR.maxlist, _REPR.maxtuple, _REPR.maxset = 2, 4, 6, 6, 6
_REPR.maxstring = _REPR.maxother = _REPR.maxlong = 100


def shown(value: object, most: int = 160) -> str:
    """Return what was found as Python writes it, cut where it is long, however large or deep it is.

    Examples
    --------
    >>> shown("a"), shown([[[[1]]]]), shown("x" * 1000, 20)
    ("'a'", '[[[...]]]', "'xxxxxxxxxxxxxxxxxx…")
    """
    try:
        return shortened(_REPR.repr(value), most)
    except Exception:
        return f"a value of the type {type(value).__name__}"


def shortened(text: object, most: int = 160) -> str:
    """Return a text on one line, cut where it is long.

    Examples
    --------
    >>> shortened("one\\ntwo"), shortened("x" * 1000, 5)
    ('one two', 'xxxx…')
    """
    line = " ".join(str(text)[: 4 * most].split())
    return line if len(line) <= most else line[: most - 1] + "…"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, in words that a person can act on.

    Parameters
    ----------
    place : str
        Where it is: file, row and column, or the argument of a function.
    rule : str
        The rule that is broken.
    found : str
        What was found there.
    allowed : str
        What would be right: values, a range, a pattern.
    remedy : str
        What to do next.

    Examples
    --------
    >>> print(Problem("cases.csv, row 3, column case", "each case has one row", "'north' twice", remedy="drop one"))
    cases.csv, row 3, column case: each case has one row; found 'north' twice. Next: drop one
    """

    place: str
    rule: str
    found: str = ""
    allowed: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        """Return it for people: long findings cut, nothing that steers a terminal, the home folder as `~`."""
        text = f"{_plain(self.place)}: {self.rule}"
        if self.found:
            text += f"; found {_plain(self.found)}"
        if self.allowed:
            text += f"; allowed: {self.allowed}"
        if self.remedy:
            text += f". Next: {self.remedy}"
        return text


def _plain(text: str) -> str:
    if len(text) > LONGEST:
        text = f"{text[: LONGEST - 100]} … {text[-90:]}"
    home = str(Path.home())
    if len(home) > 1 and home in text:
        text = text.replace(home, "~")
    return _UNSEEN.sub(lambda found: ascii(found.group())[1:-1], text)


class CrosscaseError(Exception):
    """Bad input, told as a list of problems; the command line prints them without a traceback.

    Parameters
    ----------
    problems : str, Problem or iterable of Problem
        Everything that is wrong with one input, collected before it is raised.
    """

    def __init__(self, problems: str | Problem | Iterable[Problem]) -> None:
        if isinstance(problems, str):
            problems = Problem(place="input", rule=problems)
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def raise_if(problems: list[Problem]) -> None:
    """Raise one `CrosscaseError` with all problems, if there are any.

    Raises
    ------
    CrosscaseError
        Where the list is not empty.

    Examples
    --------
    >>> raise_if([])
    """
    if problems:
        raise CrosscaseError(problems)
