"""The invented study of eight teams, on which methods are shown that published facts are too thin for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from crosscase import comparison, matrices
from crosscase.study.examples import load_example


@dataclass(frozen=True)
class Teams:
    """The invented study: its tables, and what is made of them before anything is compared.

    Parameters
    ----------
    cases : pandas.DataFrame
        One row per team: `case, label, kind, coverage, outcome`, attributes, survey.
    people : pandas.DataFrame
        Who was asked: `participant, case, role`.
    codings : pandas.DataFrame
        One row per coding, with `participant, case, role`.
    cut : float
        Outcome from which a team counts as one that got far.
    """

    cases: pd.DataFrame
    people: pd.DataFrame
    codings: pd.DataFrame
    cut: float

    @property
    def labels(self) -> dict[str, str]:
        """Case -> its label."""
        return dict(zip(self.cases["case"], self.cases["label"]))

    @property
    def groups(self) -> pd.Series:
        """High or low by outcome, per case; nothing where none is stated."""
        return comparison.high_low(self.cases, self.cut)

    @property
    def case_of(self) -> pd.Series:
        """Case of each participant."""
        return self.people.set_index("participant")["case"]

    @property
    def role_of(self) -> pd.Series:
        """Role of each participant."""
        return self.people.set_index("participant")["role"]

    @cached_property
    def values(self) -> pd.DataFrame:
        """Participant x code: who speaks of what; whoever was asked and says nothing counts."""
        return comparison.unit_values(self.codings).reindex(self.people["participant"], fill_value=0.0)

    @cached_property
    def cells(self) -> pd.DataFrame:
        """Case x code; absent only where everything was asked."""
        return matrices.coding_matrix(self.codings, cases=self.cases, asked=self.people)

    @property
    def presence(self) -> pd.DataFrame:
        """Case x code: 1 present, 0 absent."""
        return matrices.wide(self.cells, "state").eq("present").astype(float)

    @cached_property
    def means(self) -> pd.DataFrame:
        """Case x code: share of those asked who speak of it."""
        return comparison.case_means(self.values, self.case_of)

    def people_who_speak(self, code: str) -> pd.DataFrame:
        """Return who was asked, and whether each speaks of a code: `participant, case, role`, the code (1 or 0)."""
        return self.people.assign(**{code: self.values[code].astype(int).to_numpy()})

    def roles_that_speak(self, code: str) -> pd.DataFrame:
        """Return case x role: 1 where anybody of the role speaks of a code."""
        return self.people_who_speak(code).pivot_table(index="case", columns="role", values=code, aggfunc="max")

    def scores(self, group: str, column: str, called: str) -> pd.Series:
        """Return the numbers of the cases of a group, as far as they are stated, under a name for the group."""
        mine = self.cases.set_index("case")[column]
        return mine[self.groups.reindex(mine.index).eq(group)].dropna().rename(called)


def river(cut: float) -> Teams:
    """Return the invented study, its teams divided at an outcome.

    Examples
    --------
    >>> river(3).groups.value_counts().to_dict()
    {'high': 4, 'low': 3}
    """
    return Teams(load_example("river_cases"), load_example("river_people"), load_example("river_codings"), cut)
