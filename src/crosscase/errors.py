"""What a person is told when something is wrong: place, rule, finding, allowed values, next step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


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
        text = f"{self.place}: {self.rule}"
        if self.found:
            text += f"; found {self.found}"
        if self.allowed:
            text += f"; allowed: {self.allowed}"
        if self.remedy:
            text += f". Next: {self.remedy}"
        return text


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
