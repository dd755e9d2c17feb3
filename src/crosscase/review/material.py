"""What the second reader is given: the tables of a study, what it prints, and what people noted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from crosscase import matrices, tables
from crosscase.ids import split_rows
from crosscase.review.printed import printed
from crosscase.study import Study, StudyInfo
from crosscase.study.adjudication import adjudicated

ARGUMENT = "argument"
SPAN = ["document", "start", "end"]
SINGLE = "case"
"""Kind of a row of `cases.csv` that stands for one case by itself."""


@dataclass(frozen=True)
class Computed:
    """What the notebooks kept, as far as the second reader asks for it.

    Parameters
    ----------
    values : mapping of str to mapping
        Id of a value -> its record: `value, text, unit, n, reason`.
    sentences : mapping of str to str
        Id of a result -> its sentence.
    refused : frozenset of str
        Results that show neither table nor figure, as the question could not be asked.
    """

    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    sentences: Mapping[str, str] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Material:
    """A study as the second reader has it.

    Parameters
    ----------
    name : str
        Id of the study.
    info : StudyInfo
        What `study.yml` says.
    frames : mapping of str to pandas.DataFrame
        Table of the dictionary -> frame; a table that is not there comes out empty.
    prose : mapping of str to str
        File -> text of the chapter and the poster that speak of the study.
    kept : Computed
        What the notebooks kept.
    memos : mapping of str to str
        Name of a memo -> its text.

    Examples
    --------
    >>> info = StudyInfo(title="A", short_title="A", question="What helps?", stance="codebook")
    >>> made = Material("a", info, {"cases": pd.DataFrame({"case": ["north"], "kind": ["case"]})})
    >>> made.cases, made.has("themes")
    (['north'], False)
    """

    name: str
    info: StudyInfo
    frames: Mapping[str, pd.DataFrame]
    prose: Mapping[str, str] = field(default_factory=dict)
    kept: Computed = Computed()
    memos: Mapping[str, str] = field(default_factory=dict)

    def table(self, name: str) -> pd.DataFrame:
        """Return a table with the columns and types of the dictionary, empty where the study has none."""
        return self._typed[name] if name in self._typed else tables.empty(tables.schema(name))

    def has(self, name: str) -> bool:
        """Tell whether a table has any row."""
        return not self.table(name).empty

    @cached_property
    def _typed(self) -> dict[str, pd.DataFrame]:
        return {
            name: tables.typed(frame.reset_index(drop=True), tables.schema(name)) for name, frame in self.frames.items()
        }

    @cached_property
    def primary(self) -> pd.DataFrame:
        """The codings on which the claims rest: those of the primary coder after adjudication, else all."""
        codings, primary = self.table("codings"), self.info.primary_coder
        mine = codings if primary is None else codings[codings["coder"] == primary].reset_index(drop=True)
        return adjudicated(mine, self.table("adjudications"))

    @cached_property
    def standing(self) -> pd.DataFrame:
        """The codings of every coder, with those of the primary coder as they stand after adjudication."""
        codings, primary = self.table("codings"), self.info.primary_coder
        rest = codings[codings["coder"].ne(primary)] if primary is not None else codings.iloc[:0]
        return pd.concat([self.primary, rest], ignore_index=True) if len(rest) else self.primary

    @cached_property
    def independent(self) -> pd.DataFrame:
        """The codings that coders made on their own, before any meeting, on stretches of text."""
        codings = self.table("codings").dropna(subset=["start", "end"])
        return codings[~codings["round"].isin(self.info.reconciled_rounds)]

    @cached_property
    def coders(self) -> list[str]:
        """Those who coded, in alphabetical order."""
        return sorted(self.table("codings")["coder"].dropna().unique())

    @cached_property
    def cases(self) -> list[str]:
        """Cases that stand for themselves."""
        cases = self.table("cases")
        return cases.loc[cases["kind"].eq(SINGLE) | cases["kind"].isna(), "case"].tolist()

    @cached_property
    def together(self) -> set[str]:
        """Ids that stand for all cases together."""
        cases = self.table("cases")
        return set(cases.loc[cases["kind"].eq("all"), "case"])

    @cached_property
    def documents(self) -> list[str]:
        """Documents in which something is coded."""
        return sorted(self.table("codings")["document"].dropna().unique())

    @cached_property
    def themes(self) -> pd.DataFrame:
        """Themes and subthemes under which no other lies."""
        return matrices.leaf_themes(self.table("themes"))

    @cached_property
    def below(self) -> dict[str, set[str]]:
        """Theme -> itself and every theme and factor below it."""
        out: dict[str, set[str]] = {}
        for theme, line in matrices.ancestry(self.table("themes")).items():
            for above in line:
                out.setdefault(above, set()).add(theme)
        return out

    def under(self, theme: str, codings: pd.DataFrame | None = None) -> pd.DataFrame:
        """Return the codings under a theme, what lies below it included; those of the primary coder by default."""
        codings = self.primary if codings is None else codings
        return codings[codings["theme"].isin(self.below.get(theme, {theme}))]

    @cached_property
    def voiced(self) -> pd.DataFrame:
        """Passages in which somebody speaks, one row per place and role: `document, start, end, theme, case, role`.

        Codings in which a role speaks, and the quotations of the index; groups that are not split are no voice.
        """
        columns, roles = [*SPAN, "theme", "case", "role"], self.table("roles")
        spoken = self.primary.loc[self.primary["role_mode"].eq("voice"), columns]
        both = pd.concat([spoken, self.table("quotations")[columns]], ignore_index=True)
        known = split_rows(both.dropna(subset="role"), "role").dropna(subset="role").drop_duplicates()
        return known[~known["role"].isin(roles.loc[roles["kind"].eq("unspecified"), "role"])]

    @cached_property
    def printed(self) -> pd.DataFrame:
        """What chapter, poster and findings print by id: `place, paragraph, kind, id, options`."""
        return printed(self.prose, self.findings)

    @cached_property
    def findings(self) -> pd.DataFrame:
        """The argument of the study."""
        return self.table(ARGUMENT)

    def row(self, table: str, key: str, value: object) -> str:
        """Return where a row stands, as a place for a note: the table and the row, counted as a spreadsheet does."""
        found = self.table(table).index[self.table(table)[key].eq(value)]
        return f"{table}.csv" + (f", row {int(found[0]) + 2}" if len(found) else "")


def material(study: Study, prose: Mapping[str, str] | None = None, kept: Computed | None = None) -> Material:
    """Return what the second reader is given of a study.

    Parameters
    ----------
    study : Study
        The study.
    prose : mapping of str to str, optional
        File -> text of its chapter and its poster.
    kept : Computed, optional
        What the notebooks kept.
    """
    frames = {name: frame for name in READ if not (frame := study.table(name)).empty}
    return Material(study.name, study.info, frames, prose or {}, kept or Computed(), study.memos())


READ = (
    "adjudications", "argument", "cases", "codebook", "codebook_changes", "codings", "consensus_decisions", "documents",
    "facts", "framework_map", "inventory", "memo_decisions", "outcomes", "quotations", "relations", "review", "roles",
    "themes",
)  # fmt: skip
"""Tables that the checks ask for."""
