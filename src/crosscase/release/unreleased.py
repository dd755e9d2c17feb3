"""Which texts may not leave: those at hand that nobody has released, and the strings that may stand all the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from crosscase import paths
from crosscase.release.letters import letters
from crosscase.release.runs import Key, Run, Secrets
from crosscase.study import Study, list_studies, load_study

STRAY = 8
"""A run is a passage where more of its letters than this stand in no allowed string."""
STRETCH = 16
"""Letters of an allowed string that are taken for a part of it where they stand without the rest."""
PUBLIC = {
    "cases": ("label",),
    "codebook": ("label",),
    "documents": ("title", "citation"),
    "facts": ("source",),
    "roles": ("label",),
    "themes": ("label",),
}
"""Columns of names and references, which stand in publications word for word. Columns of sentences (notes, memos,
summaries, definitions, rationales) are none."""
TERM = 20
"""A published fact of no more words is a name or a term: a title, an affiliation, a design, a programme."""


@dataclass
class Unreleased:
    """The unreleased texts of a compendium.

    Parameters
    ----------
    texts : dict of (str, str) to str
        (study, document) -> text; kept in memory and nowhere else.
    allowed : list of bytes
        Letters of the strings that may stand although a text holds them.
    """

    texts: dict[Key, str]
    allowed: list[bytes]

    def __bool__(self) -> bool:
        return bool(self.texts)

    @cached_property
    def secrets(self) -> Secrets:
        """The texts, ready to be looked for."""
        return Secrets(self.texts)

    def is_passage(self, run: Run) -> bool:
        """Tell whether a run is more than names and references."""
        found = letters(self.texts[run.secret][run.begin : run.stop])
        if found not in self._judged:
            self._judged[found] = self._uncovered(found) > STRAY
        return self._judged[found]

    @cached_property
    def _judged(self) -> dict[bytes, bool]:
        return {}

    @cached_property
    def _stretches(self) -> set[bytes]:
        return {each[at : at + STRETCH] for each in self.allowed for at in range(len(each) - STRETCH + 1)}

    def _uncovered(self, found: bytes) -> int:
        """Return how many letters of a run stand in no allowed string."""
        covered = bytearray(len(found))
        for at in range(len(found) - STRETCH + 1):
            if found[at : at + STRETCH] in self._stretches:
                covered[at : at + STRETCH] = b"\1" * STRETCH
        for each in self.allowed:
            at = found.find(each)
            while at >= 0:
                covered[at : at + len(each)] = b"\1" * len(each)
                at = found.find(each, at + 1)
        for length in range(min(len(found), self._longest), 0, -1):  # a run may begin or end inside of a name
            if not covered[length - 1] and found[:length] in self._ends:
                covered[:length] = b"\1" * length
            if not covered[-length] and found[-length:] in self._beginnings:
                covered[-length:] = b"\1" * length
        return len(covered) - sum(covered)

    @cached_property
    def _longest(self) -> int:
        return max((len(each) for each in self.allowed), default=0)

    @cached_property
    def _beginnings(self) -> set[bytes]:
        return {each[:length] for each in self.allowed for length in range(1, len(each))}

    @cached_property
    def _ends(self) -> set[bytes]:
        return {each[length:] for each in self.allowed for length in range(1, len(each))}


def unreleased(studies: Sequence[str] | None = None) -> Unreleased:
    """Return the texts at hand that may not leave.

    Parameters
    ----------
    studies : sequence of str, optional
        Only those of these studies; of all by default, since a poster of one may quote another.

    Raises
    ------
    CrosscaseError
        Where a text is not the one that was coded.
    """
    texts: dict[Key, str] = {}
    allowed: set[bytes] = set()
    for name in list_studies() if studies is None else studies:
        with paths.at_level("restricted"):
            texts |= {(name, document): text for document, text in load_study(name).unreleased_texts()}
        allowed |= {letters(text) for text in _public(load_study(name))}
    return Unreleased(texts, [each for each in allowed if len(each) > STRAY])


def _public(study: Study) -> Iterator[str]:
    """Yield the names and references of a study that stand in its public data."""
    info = study.info
    yield from (
        info.title,
        info.short_title,
        info.question,
        info.design,
        *info.authors,
        "; ".join(info.authors),
        ", ".join(info.authors),
    )
    yield from (publication.citation for publication in info.publications)
    for table, columns in PUBLIC.items():
        for column in columns:
            yield from study.table(table)[column].dropna().astype(str)
    yield from (value for value in study.facts["value"].dropna().astype(str) if len(value.split()) <= TERM)
