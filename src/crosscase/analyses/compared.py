"""What coders of a study are compared on, whether they may be, and what has to be said beside every number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from crosscase import agreement, documents, matrices
from crosscase.analyses.sentences import begin, count, listed
from crosscase.study import Study


@dataclass(frozen=True)
class Compared:
    """The codings of a study that may be compared, made ready once.

    Examples
    --------
    >>> from crosscase.study import load_study
    >>> Compared(load_study("nl-work-roadmap")).reserved
    'All coders are language models: their agreement is no human reliability.'
    """

    study: Study

    @cached_property
    def codings(self) -> pd.DataFrame:
        """Of each coder and document the last round coded independently."""
        return agreement.independent(self.study.codings, self.study.info.reconciled_rounds)

    @cached_property
    def codes(self) -> list[str]:
        """Codes that are meant for text."""
        return matrices.applied_codes(self.study.codebook, self.study.codings)

    @cached_property
    def spans(self) -> pd.DataFrame:
        """Codings that have a place in a text of known length."""
        return agreement.located(self.codings, self.study.documents)

    @cached_property
    def sizes(self) -> pd.DataFrame:
        """Length of each document that has one."""
        return agreement.lengths(self.study.documents)

    def units(self, unit: str) -> pd.DataFrame:
        """Return sentences, paragraphs or documents."""
        return documents.choose_units(self.study.units, self.study.documents, unit)

    @property
    def n_coders(self) -> int:
        """How many coders have coded independently."""
        return int(self.codings["coder"].nunique())

    @cached_property
    def machines(self) -> list[str]:
        """The kind of each coder who is known to be no person."""
        kinds = {coder: who.kind for coder, who in self.study.info.coders.items()}
        return [kinds[coder] for coder in self.codings["coder"].unique() if kinds.get(coder) in MACHINES]

    @property
    def who(self) -> str:
        """How many of the coders are no people, as a clause; nothing where none is known to be."""
        names = listed([MACHINES[kind] for kind in MACHINES if kind in self.machines])
        if not names:
            return ""
        if len(self.machines) == self.n_coders:
            return f"all coders are {names}"
        verb = f"is a {names[:-1]}" if len(self.machines) == 1 else f"are {names}"
        return f"{len(self.machines)} of {count(self.n_coders, 'coder')} {verb}"

    @property
    def reservation(self) -> str:
        """What has to stand beside each number of agreement, as the end of its sentence."""
        if self.machines and len(self.machines) == self.n_coders:
            return f"; that is agreement of {self.who.removeprefix('all coders are ')}, no human reliability"
        return f"; {self.who}" if self.who else ""

    @property
    def reserved(self) -> str:
        """The same as a sentence of the limits."""
        return f"{self.readers[:-1]}: their agreement is no human reliability." if self.who else ""

    def limits(self, said: str) -> str:
        """Return the limits of a number of agreement, and what has to stand beside it."""
        return " ".join(filter(None, (said, self.reserved)))

    @property
    def readers(self) -> str:
        """Who read, as a sentence of the limits."""
        return f"{begin(self.who)}." if self.who else ""

    @property
    def alone(self) -> str:
        """Why there is nothing to lay beside each other, as a sentence; nothing where two coders or more have coded."""
        if self.n_coders > 1:
            return ""
        return "One coder only: there is nobody to differ from." if self.n_coders else "Nobody has coded."

    def refusal(self, *over: pd.DataFrame) -> str:
        """Return why no coefficient may be asked, as a sentence; nothing where one may."""
        return agreement.why_not(self.study.info.stance, self.codings, *over)


MACHINES = {"language_model": "language models", "rule": "programs"}
"""Kinds of coders that are no people."""
