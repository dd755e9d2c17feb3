"""Which texts may not leave: those at hand that nobody has released, and the strings that may stand all the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from crosscase import paths
from crosscase.release.letters import letters
from crosscase.release.runs import Key, Run, Secrets
from crosscase.study import Study, levels, list_studies, load_study

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
SHOWN = {"cases": "label", "codebook": "label", "documents": "title", "roles": "label", "themes": "label"}
"""Columns of names that a holder of the texts sees in results although they are not public."""
TERM, NAME = 20, 120
"""A published fact of no more words is a name or a term: a title, an affiliation, a design, a programme. A label is
none where it has more words, or more characters than `NAME`, unless all of its study is public: files bring labels."""


@dataclass
class Unreleased:
    """The unreleased texts of a compendium, (study, document) -> text; kept in memory and nowhere else.

    `allowed` are by study the letters of the strings that may stand although a text of this study holds them. What one
    study calls itself says nothing about the texts of another.
    """

    texts: dict[Key, str]
    allowed: Mapping[str, Sequence[bytes]] = field(default_factory=dict)
    _of: dict[str, _Names] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __bool__(self) -> bool:
        return bool(self.texts)

    @cached_property
    def secrets(self) -> Secrets:
        """The texts, ready to be looked for."""
        return Secrets(self.texts)

    def is_passage(self, run: Run) -> bool:
        """Tell whether a run is more than names and references of each study that holds the text."""
        text = self.texts[run.secret]
        found = letters(text[run.begin : run.stop])
        return any(self._names(study).uncovered(found) > STRAY for study in self._holders[text])

    @cached_property
    def _holders(self) -> dict[str, list[str]]:
        """Text -> the studies that hold it."""
        out: dict[str, list[str]] = {}
        for (study, _), text in self.texts.items():
            out.setdefault(text, []).append(study)
        return out

    def _names(self, study: str) -> _Names:
        if study not in self._of:
            self._of[study] = _Names(self.allowed.get(study, ()))
        return self._of[study]


class _Names:
    """The strings that may stand of one study, as rows of letters."""

    def __init__(self, allowed: Sequence[bytes]) -> None:
        self.allowed = [each for each in allowed if len(each) > STRAY]
        self._stretches = {each[at : at + STRETCH] for each in allowed for at in range(len(each) - STRETCH + 1)}
        self._longest = max((len(each) for each in self.allowed), default=0)
        self._counted: dict[bytes, int] = {}

    def uncovered(self, found: bytes) -> int:
        """Return how many letters of a run stand in no allowed string."""
        if found not in self._counted:
            self._counted[found] = self._count(found)
        return self._counted[found]

    def _count(self, found: bytes) -> int:
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
    def _beginnings(self) -> set[bytes]:
        return {each[:length] for each in self.allowed for length in range(1, len(each))}

    @cached_property
    def _ends(self) -> set[bytes]:
        return {each[length:] for each in self.allowed for length in range(1, len(each))}


def unreleased(studies: Sequence[str] | None = None) -> Unreleased:
    """Return the texts at hand that may not leave, of all studies by default, since a poster of one may quote another.

    `CrosscaseError` where a text is not the one that was coded.
    """
    texts: dict[Key, str] = {}
    allowed: dict[str, list[bytes]] = {}
    for name in list_studies() if studies is None else studies:
        with paths.at_level("restricted"):
            texts |= {(name, document): text for document, text in load_study(name).unreleased_texts()}
        study = load_study(name)
        strings = {*_public(study.public_view()), *(_shown(study) if study.level == "restricted" else ())}
        allowed[name] = sorted({letters(text) for text in strings})
    return Unreleased(texts, allowed)


def _public(study: Study) -> Iterator[str]:
    """Yield the names and references of a study that stand in its public data."""
    info = study.info
    yield from (info.title, info.short_title, *info.authors, "; ".join(info.authors), ", ".join(info.authors))
    if info.public == levels.ALL:
        yield from (info.question, info.design)
    yield from (publication.citation for publication in info.publications)
    for table, columns in PUBLIC.items():
        for column in columns:
            strings = study.table(table)[column].dropna().astype(str)
            yield from strings if column != "label" or info.public == levels.ALL else filter(_is_name, strings)
    yield from (value for value in study.facts["value"].dropna().astype(str) if len(value.split()) <= TERM)


def _shown(study: Study) -> Iterator[str]:
    """Yield the names of a study that only those see who hold its texts; a sentence in the place of one is none."""
    names = [study.info.title, study.info.short_title]
    for table, column in SHOWN.items():
        names.extend(study.table(table)[column].dropna().astype(str))
    yield from filter(_is_name, names)


def _is_name(text: str) -> bool:
    return len(text.split()) <= TERM and len(text) <= NAME
