"""What the second reader says of a study, as lines for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace

from crosscase.analyses.sentences import count
from crosscase.review.check import ALL, APART, ASIDE, LOOK, PASSED, STATES, TIP, Check, Note
from crosscase.review.material import Material
from crosscase.review.reading import unneeded
from crosscase.review.words import named

HEADINGS = {
    LOOK: "Worth a look",
    TIP: "Tips",
    ASIDE: "Set aside by the author",
    PASSED: "Passed",
    APART: "Does not apply",
}
SHORT = frozenset({PASSED, APART})
"""States of which the name of the check is told, and what it says where it says anything."""
NAMED = 8
"""Subjects of which the same is said that are named; of more, it is said how many there are."""


def counts(notes: Sequence[Note]) -> dict[str, int]:
    """Return how many notes there are of each state, in the order of `STATES`.

    Examples
    --------
    >>> counts([])
    {'worth a look': 0, 'tip': 0, 'set aside': 0, 'passed': 0, 'does not apply': 0}
    """
    return {state: sum(note.state == state for note in notes) for state in STATES}


def in_words(number: dict[str, int]) -> str:
    """Return the counts of notes as a list.

    Examples
    --------
    >>> in_words({"worth a look": 2, "tip": 1, "passed": 0})
    '2 worth a look, 1 tip'
    """
    said = (count(n, state) if state == TIP else f"{n} {state}" for state, n in number.items() if n)
    return ", ".join(said) or "nothing was asked"


def together(notes: Sequence[Note]) -> Iterator[tuple[Check, list[tuple[list[str], Note]]]]:
    """Yield each check with its notes; of subjects of which the same is said, one note with all of them.

    The place is then that of the first.
    """
    checks = dict.fromkeys(note.check for note in notes)
    for check in checks:
        same: dict[Note, list[str]] = {}
        first: dict[Note, Note] = {}
        for note in (note for note in notes if note.check is check):
            key = replace(note, subject="", place="")
            same.setdefault(key, []).append(note.subject)
            first.setdefault(key, note)
        yield check, [(subjects, first[key]) for key, subjects in same.items()]


def report(material: Material, notes: Sequence[Note], width: int = 100) -> str:
    """Return the notes on a study as text: what is worth a look first, then the rest, each with its reason and source.

    Parameters
    ----------
    material : Material
        What the reader was given.
    notes : sequence of Note
        What `review` returned for it.
    width : int
        Columns of the terminal.
    """
    title = material.info.short_title
    lines = [title if title == material.name else f"{material.name}: {title}", in_words(counts(notes)), ""]
    for state in STATES:
        if mine := [note for note in notes if note.state == state]:
            told = _short(mine, width) if state in SHORT else _long(mine, width)
            lines += [HEADINGS[state], *told, ""]
    if left := unneeded(material, notes):
        lines += _wrapped(f"Answers in review.csv to notes that are not made: {', '.join(left)}.", width)
    return "\n".join(lines).rstrip("\n") + "\n"


def _short(notes: Sequence[Note], width: int) -> list[str]:
    said = (f"{note.check.number} {note.check.name}{f': {note.said}' if note.said else ''}" for note in notes)
    return [line for each in said for line in _wrapped(each, width, "  ", "    ")]


def _long(notes: Sequence[Note], width: int) -> list[str]:
    lines = []
    for check, mine in together(notes):
        lines += _wrapped(f"{check.number} {check.question}", width, "  ", "    ")
        for subjects, note in mine:
            about = "" if subjects == [ALL] else f"{named(subjects, NAMED)}: "
            where = f" [{note.place}]" if note.place else ""
            lines += _wrapped(f"- {about}{note.said}{where}", width, "      ", "  ")
            lines += _wrapped(f"Set aside: {note.answer}", width, "        ") if note.answer else []
        lines += _wrapped(f"Why: {check.reason} Source: {check.source}.", width, "      ")
    return lines


def _wrapped(text: str, width: int, indent: str = "", hang: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent + hang,
        break_long_words=False,
        break_on_hyphens=False,
    )
