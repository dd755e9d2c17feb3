"""Findings as book and posters print them: found by id, with what stands for and against each by its address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from crosscase.ids import split
from crosscase.study import Study, load_study
from crosscase.study.argument import ROLES
from crosscase.study.load import list_studies
from crosscase.study.shared import load_shared

ACROSS = "synthesis"
STRENGTHS = {
    "concluded": "as the authors conclude",
    "stated": "as the document states",
    "inferred": "our reading, from several passages",
}


@dataclass(frozen=True)
class Segment:
    """A coding that stands for or against a finding: where it is, and what it says in our words."""

    study: str
    coding: str
    paragraph: int | None
    paraphrase: str


def findings_of(owner: str) -> pd.DataFrame:
    """Return the findings of a study by its id, or those of the synthesis."""
    return load_shared("argument_across") if owner == ACROSS else load_study(owner).argument


def addresses(cell: object, owner: str = "") -> list[tuple[str, str]]:
    """Return the `(study, id)` of each coding or fact in a cell; an id without a study is one of the study before it.

    Examples
    --------
    >>> addresses("a.A1;A2; b.B1"), addresses("A1", "a")
    ([('a', 'A1'), ('a', 'A2'), ('b', 'B1')], [('a', 'A1')])
    """
    found, study = [], owner
    for part in split(cell):
        before, dot, after = part.partition(".")
        study = before if dot else study
        found.append((study, after if dot else part))
    return found


def segments(study: Study) -> dict[str, Segment]:
    """Return each coding by its id, of any coder; one that was set aside too, but as it stands where it stands."""
    said = study.paraphrases.dropna(subset=["start", "end"])
    ours = dict(zip(zip(said["document"], said["start"], said["end"]), said["paraphrase"]))
    found: dict[str, Segment] = {}
    for codings in (study.primary_codings(), study.codings):
        columns = (codings[name] for name in ("coding_id", "document", "start", "end", "memo", "paragraph"))
        for coding, document, start, end, memo, paragraph in zip(*columns):
            if coding not in found:
                words = ours.get((document, start, end), memo)
                number = int(paragraph) if pd.notna(paragraph) else None
                found[coding] = Segment(study.name, coding, number, "" if pd.isna(words) else str(words))
    return found


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield the pieces of a statement: `("text", words)`, `("value", id)` and `("given", number typed on purpose)`.

    Examples
    --------
    >>> list(pieces("In {value:s.n|unit} of them."))
    [('text', 'In '), ('value', 's.n|unit'), ('text', ' of them.')]
    """
    at = 0
    for match in ROLES.finditer(text):
        if match.start() > at:
            yield "text", text[at : match.start()]
        yield match[1], match[2].strip()
        at = match.end()
    if at < len(text):
        yield "text", text[at:]


def heading_of(address: str) -> tuple[str | None, list[str]]:
    """Return the heading of the finding `study.finding`, and the addresses that there are where there is none."""
    owner, _, finding = address.partition(".")
    known = [ACROSS, *list_studies()]
    if owner not in known:
        return None, [f"{each}." for each in known]
    frame = findings_of(owner)
    heads = dict(zip(frame["finding"], frame["heading"]))
    return heads.get(finding), [f"{owner}.{each}" for each in heads]
