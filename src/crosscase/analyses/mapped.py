"""What several studies report on the constructs of one framework, with the words by which framework and mapper go."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from crosscase.analyses.sentences import count
from crosscase.study import load_framework, stack, study_labels
from crosscase.synthesis import construct_by_study

FRAMEWORKS = {
    "cfir2022": ("CFIR", "Consolidated Framework for Implementation Research (2022)"),
    "rmic": ("Rainbow Model", "Rainbow Model of Integrated Care"),
    "cgr2012": ("collaborative governance framework", "framework of collaborative governance regimes"),
}
"""Short and full name of the published frameworks; any other goes by its id."""
PROGRAMS = {"framework_mapper"}
"""Mappers known to be language models."""


@dataclass(frozen=True)
class Mapped:
    """Constructs of one framework by study.

    Parameters
    ----------
    framework : str
        Its id.
    cells : pandas.DataFrame
        As `construct_by_study` returns them.
    studies : dict of str to str
        Study -> short title, in order.
    by : str
        Who mapped, in words.
    """

    framework: str
    cells: pd.DataFrame
    studies: dict[str, str]
    by: str

    @property
    def short(self) -> str:
        """Its short name, as it stands after an article."""
        return FRAMEWORKS.get(self.framework, (f"framework {self.framework}", ""))[0]

    @property
    def full(self) -> str:
        """Its whole name."""
        return FRAMEWORKS.get(self.framework, ("", f"framework {self.framework}"))[1]

    @property
    def n(self) -> str:
        """How many studies, in words."""
        return count(len(self.studies), "study", "studies")

    def said(self, finding: str) -> str:
        """Return a finding as a sentence that ends with who mapped."""
        return f"{finding}; mapped by {self.by}."


def mapped(studies: list[str], framework: str) -> Mapped:
    """Return what studies, in order, report on the constructs of a framework of `data/frameworks`."""
    maps = stack("framework_map", studies)
    mine = maps[maps["framework"].eq(framework)]
    cells = construct_by_study(mine, load_framework(framework), framework, studies)
    return Mapped(framework, cells, study_labels(studies), mappers(mine))


def mappers(maps: pd.DataFrame) -> str:
    """Say in words how many mapped, and whether they are language models.

    Examples
    --------
    >>> mappers(pd.DataFrame({"mapper": ["framework_mapper"] * 2})), mappers(pd.DataFrame({"mapper": ["anna", "ben"]}))
    ('one mapper, a language model', '2 mappers')
    """
    found = set(maps["mapper"].dropna())
    if not found:
        return "nobody who is named"
    kind = (", a language model" if len(found) == 1 else ", language models") if found <= PROGRAMS else ""
    return ("one mapper" if len(found) == 1 else f"{len(found)} mappers") + kind
