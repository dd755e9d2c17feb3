"""Read a study as a second reader does: every check, its notes, and the author's answers to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from crosscase.review.check import ALL, APART, ASIDE, PASSED, Check, Note
from crosscase.review.material import Material
from crosscase.review.registry import CHECKS
from crosscase.stances import STANCES


def review(material: Material, checks: Iterable[Check] | None = None) -> list[Note]:
    """Return what the second reader says of a study.

    A note that its author has answered in `review.csv`, by its subject or with `all`, is set aside with that answer.

    Parameters
    ----------
    material : Material
        What the reader is given.
    checks : iterable of Check, optional
        What is asked; everything by default.

    Returns
    -------
    list of Note
        In the order of the checks: one note per thing that was found; one note that says so where nothing was, or where
        the question could not be asked.

    Examples
    --------
    >>> from crosscase.review import material
    >>> from crosscase.study import load_study
    >>> notes = review(material(load_study("no-fact-teams")))
    >>> [note.state for note in notes if note.check.number == "R46"]
    ['passed']
    """
    answers = _answers(material.table("review"))
    return [
        note for check in (CHECKS.values() if checks is None else checks) for note in _asked(check, material, answers)
    ]


def _asked(check: Check, material: Material, answers: dict[tuple[str, str], str]) -> list[Note]:
    """Ask one question, and set aside what the author has answered."""
    if why := _apart(check, material):
        return [Note(check, APART, said=why)]
    found = check.find(material)
    if isinstance(found, str):
        return [Note(check, APART, said=found)]
    notes = []
    for each in found:
        answer = answers.get((check.number, each.subject)) or answers.get((check.number, ALL), "")
        notes.append(Note(check, ASIDE if answer else each.state, each.subject, each.said, each.place, answer))
    return notes or [Note(check, PASSED)]


def _apart(check: Check, material: Material) -> str:
    """Return why a question cannot be asked of a study; empty where it can."""
    if material.info.stance not in check.stances:
        return f"The stance of the study ({STANCES[material.info.stance].label}) does not ask this of codings."
    lacks = [table for table in check.needs if not material.has(table)]
    if lacks:
        return f"The study has nothing in {' and '.join(f'{table}.csv' for table in lacks)}."
    return ""


def _answers(frame: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Return check and subject -> why it is set aside, by whom, when."""
    return {
        (row["check"], row["subject"]): f"{row['reason']} ({row['author']}, {row['date']})"
        for row in frame.to_dict("records")
    }


def unneeded(material: Material, notes: Sequence[Note]) -> list[str]:
    """Return the answers to notes that are not made, or not made any more, as `check subject`.

    Parameters
    ----------
    material : Material
        What the reader was given.
    notes : sequence of Note
        What `review` returned for it.
    """
    made = {(note.check.number, note.subject) for note in notes if note.state == ASIDE}
    made |= {(note.check.number, ALL) for note in notes if note.state == ASIDE}
    return [" ".join(answer) for answer in _answers(material.table("review")) if answer not in made]
