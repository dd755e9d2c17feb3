"""What coders of a study are compared on, whether they may be, and what has to be said beside every number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from crosscase import agreement, documents, matrices
from crosscase.analyses.sentences import begin, count, listed, verb
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
    def quoted(self) -> list[str]:
        """Coded documents of which only the quotations are known: nobody can say what was read and left uncoded."""
        known = documents.quotations_only(self.study.documents)
        return [document for document in known if self.codings["document"].eq(document).any()]

    @cached_property
    def read(self) -> pd.DataFrame:
        """The codings in documents that are here as a whole, on which coders can be compared."""
        return self.codings[~self.codings["document"].isin(self.quoted)].reset_index(drop=True)

    @cached_property
    def seen(self) -> pd.DataFrame:
        """The codings in texts whose passages all coders of the document have surely seen.

        Of a document of quotations those are the passages that every coder of it marked.
        """
        rows = agreement.located(self.codings, self.study.documents)
        everyone = rows["document"].map(rows.groupby("document")["coder"].nunique())
        marked = rows.groupby(["document", "start", "end"])["coder"].transform("nunique").eq(everyone)
        return rows[~rows["document"].isin(self.quoted) | marked].reset_index(drop=True)

    @cached_property
    def codes(self) -> list[str]:
        """Codes that are meant for text."""
        return matrices.applied_codes(self.study.codebook, self.study.codings)

    @cached_property
    def spans(self) -> pd.DataFrame:
        """Codings that have a place in a text of known length, and that is here as a whole."""
        return agreement.located(self.read, self.study.documents)

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
        return (f"; {self.left_out}" if self.left_out else "") + self.told

    @property
    def told(self) -> str:
        """What has to stand beside a number that rests on no text left out: who coded."""
        if self.machines and len(self.machines) == self.n_coders:
            return f"; that is agreement of {self.who.removeprefix('all coders are ')}, no human reliability"
        return f"; {self.who}" if self.who else ""

    @property
    def left_out(self) -> str:
        """How many documents could not enter the comparison, as a clause; nothing where all did."""
        if not self.quoted:
            return ""
        number, of = len(self.quoted), self.codings["document"].nunique()
        holds = f"{'holds' if number == 1 else 'hold'} quotations only and {'is' if number == 1 else 'are'} left out"
        return f"{number} of {count(of, 'document')} {holds}"

    @property
    def reserved(self) -> str:
        """The same as a sentence of the limits."""
        return " ".join(filter(None, (f"{begin(self.left_out)}." if self.left_out else "", self.no_people)))

    @property
    def no_people(self) -> str:
        """That programs agree and no people, as a sentence of the limits; nothing where people coded."""
        return f"{begin(self.who)}: their agreement is no human reliability." if self.who else ""

    def limits(self, said: str, *, left: bool = True) -> str:
        """Return the limits of a number of agreement, and what has to stand beside it, also of documents left out."""
        return " ".join(filter(None, (said, self.reserved if left else self.no_people)))

    @property
    def readers(self) -> str:
        """Who read, as a sentence of the limits."""
        return f"{begin(self.who)}." if self.who else ""

    @property
    def compared(self) -> str:
        """What is laid beside each other, where that is not all, as a sentence of the limits."""
        return MARKED_BY_ALL if self.quoted else ""

    @property
    def alone(self) -> str:
        """Why there is nothing to lay beside each other, as a sentence; nothing where two coders or more have coded."""
        if self.n_coders > 1:
            shared = self.seen.groupby("document")["coder"].nunique().gt(1).any()
            return "" if shared else "No two coders are known to have read the same text: nobody can differ."
        return "One coder only: there is nobody to differ from." if self.n_coders else "Nobody has coded."

    @property
    def barred(self) -> str:
        """Why the stance, or the number of coders, lets no coefficient be asked; nothing where it does."""
        return agreement.why_not(self.study.info.stance, self.codings)

    def refusal(self, *over: pd.DataFrame) -> str:
        """Return why no coefficient may be asked, as a sentence; nothing where one may."""
        reason = self.barred
        if not reason and self.quoted and self.read["coder"].nunique() < 2:
            return QUOTATIONS
        return reason or agreement.why_not(self.study.info.stance, self.read, *over)

    @property
    def passages(self) -> str:
        """How many passages several coders marked, and how many of them alike, as a sentence."""
        marked, both, alike = agreement.passages_marked(agreement.located(self.codings, self.study.documents))
        codes = f"; {alike} of these {verb(alike, 'has', 'have')} the same codes from all of them" if both else ""
        drawn = f"{both or 'none'} of {count(marked, 'passage')} as they were drawn"
        return f"Two coders or more marked {drawn}{codes}."


NOT_KNOWN = "Only quotations are known: whether a coder left a passage uncoded or never saw it cannot be told."
QUOTATIONS = f"{NOT_KNOWN} No coefficient of agreement is computed; with the texts or the project file there is one."
MARKED_BY_ALL = (
    "Of documents that hold quotations only, passages are compared that all of their coders marked: the others may not "
    "have been seen."
)
MACHINES = {"language_model": "language models", "rule": "programs"}
"""Kinds of coders that are no people."""
