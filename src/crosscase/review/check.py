"""A check of the second reader, what it found, and the states of a note."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from crosscase.review.material import Material
from crosscase.stances import STANCES

PASSED = "passed"
LOOK = "worth a look"
TIP = "tip"
APART = "does not apply"
ASIDE = "set aside"
STATES = (LOOK, TIP, ASIDE, PASSED, APART)
"""States of a note, in the order in which they are told."""

EVERY = frozenset(STANCES)
COMPARED = frozenset(name for name, stance in STANCES.items() if stance.agreement.allowed)
"""Stances under which several coders are compared."""
ALL = "all"
"""Subject of an answer that sets aside all notes of a check, and of a note about a study as a whole."""


class Found(NamedTuple):
    """One thing that a check came upon: what it is about, what is said of it, where it lies, and how much it matters.

    `place` is the table or file with the row or line; `state` is `LOOK`, or `TIP` where nothing is wrong yet.
    """

    subject: str
    said: str
    place: str
    state: str = LOOK


Finder = Callable[[Material], "list[Found] | str"]
"""Looks through the material of a study; a text says why the question cannot be asked of it."""


@dataclass(frozen=True)
class Check:
    """One question that a second reader asks of a study.

    Parameters
    ----------
    number : str
        `R01`, `R02` ...; it stays with its question for good, as answers name it.
    name : str
        A few words.
    question : str
        What is asked, as a question that `no` answers well.
    reason : str
        Why it matters, in one or two sentences.
    source : str
        Who says so: authors, year, and DOI or book.
    find : callable
        What looks.
    needs : tuple of str
        Tables without which there is nothing to ask.
    stances : frozenset of str
        Analytic stances under which the question makes sense.
    across : bool
        Whether it is asked of the synthesis too.
    """

    number: str
    name: str
    question: str
    reason: str
    source: str
    find: Finder = field(repr=False)
    needs: tuple[str, ...] = ()
    stances: frozenset[str] = EVERY
    across: bool = False


@dataclass(frozen=True)
class Note:
    """What a check says of a study, or of one thing in it.

    Parameters
    ----------
    check : Check
        Which asked.
    state : str
        One of `STATES`.
    subject : str
        Id of the theme, code, finding, case ... that it is about; `all` where it is about the whole.
    said : str
        What was found, or why nothing could be asked.
    place : str
        Where to look: table and row, or file and line.
    answer : str
        Why its author set it aside, with name and day.
    """

    check: Check
    state: str
    subject: str = ALL
    said: str = ""
    place: str = ""
    answer: str = ""
