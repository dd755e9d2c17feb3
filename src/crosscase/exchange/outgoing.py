"""A study on its way out: the study, the options, and where remarks go; what every writer needs."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from crosscase import tables
from crosscase.exchange.report import Remarks
from crosscase.study import Study
from crosscase.study.load import table_names
from crosscase.study.restricted import text_of


def coder_columns(table: str) -> list[str]:
    """Return the columns of a table that hold the id of a coder; raters of constructs are numbered by themselves."""
    return [column for column, kind in tables.schema(table).ids.items() if kind == "coder" and column != "rater"]


@dataclass
class Outgoing:
    """What the writers need: the study, the options, and where remarks go."""

    study: Study
    texts: bool = False
    anonymous: bool = False
    profile: str = "standard"
    counts: dict[str, int] = field(default_factory=dict)
    not_carried: Remarks = field(default_factory=Remarks)
    warnings: Remarks = field(default_factory=Remarks)

    @property
    def level(self) -> str:
        """Level of the file: `restricted` where names, notes or texts that are not released go into it."""
        if self.texts and (self.study.whole("documents")["release"] != "verbatim").any():
            return "restricted"
        named = not self.study.public_only and self.study.info.public != "all"
        return self.study.level if named else "public"

    def text(self, document: str, kind: str) -> str | None:
        """Return the text of a document where it is here and is text."""
        if kind in ("picture", "audio", "video"):
            return None
        try:
            return text_of(self.study, document)
        except UnicodeDecodeError:
            return None

    def coder_names(self) -> dict[str, str]:
        """Return the name of each coder as the file shows it."""
        coders = dict.fromkeys([*self.study.info.coders, *self.study.coders()])
        for table in table_names():
            for column in coder_columns(table):
                coders |= dict.fromkeys(self.study.table(table)[column].dropna())
        if self.anonymous:
            return {coder: f"coder {number}" for number, coder in enumerate(coders, start=1)}
        names = self.study.coder_names()
        return {coder: names.get(coder, coder) for coder in coders}

    def codings(self) -> pd.DataFrame:
        """Return the codings; notes that repeat their segment only where texts go out as well."""
        n = int(self.study.repeating_notes().sum())
        if self.texts or not n:
            return self.study.whole("codings")
        self.not_carried.add("notes that repeat the words of their segment, and no text goes out", n=n)
        return self.study.released_codings()

    def memos(self) -> dict[str, str]:
        """Return the memos; those that repeat words of a document only where texts go out as well."""
        whole = self.study.whole_memos()
        if self.texts or not whole:
            return whole
        shown = self.study.memos()
        kept = {name: text for name, text in shown.items() if text == whole[name]}
        if len(kept) < len(whole):
            lost = len(whole) - len(kept)
            self.not_carried.add("memos that repeat words of a document, and no text goes out", n=lost)
        return kept
