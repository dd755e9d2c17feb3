"""What the constructs of published frameworks do in several studies; studies are counted, never segments."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from crosscase import figures
from crosscase.analyses.mapped import Mapped, mapped, mappers
from crosscase.analyses.result import Result
from crosscase.analyses.sentences import count, most, plural, verb
from crosscase.analyses.values import Value, each_value
from crosscase.study import stack
from crosscase.synthesis import effect_directions, reported_in
from crosscase.synthesis.leftovers import FINDINGS

LIMITS = "Confidence is the mapper's own; what a study does not report may have been there all the same."


def maps(studies: list[str]) -> Result:
    """Return which themes were mapped to which constructs, by study and framework."""
    known = stack("themes", studies)
    every = len(known[known["kind"].isin(FINDINGS)])

    def themes(frame: pd.DataFrame) -> int:
        return len(frame.drop_duplicates(["study", "theme"]))

    def says(frame: pd.DataFrame) -> str:
        if frame.empty:
            return f"No theme of {_studies(len(studies))} is mapped to a framework."
        to = f"mapped to {count(frame['framework'].nunique(), 'framework')} by {mappers(frame)}"
        what = f"{themes(frame):,} of {count(every, 'theme, subtheme or factor', 'themes, subthemes and factors')}"
        return f"{what} of {_studies(frame['study'].nunique())} are themselves {to}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        about, unit = "themes, subthemes and factors that are mapped themselves", "themes, subthemes and factors"
        return [
            Value("studies.n", len(studies), "studies in the synthesis", unit="studies"),
            Value("map.themes", themes(frame), about, unit=unit, n=every),
        ]

    limits = "No second mapper has checked it, so that no agreement on it is known. A factor is an end of a relation."
    caption = f"Framework map of {_studies(len(studies))}."
    return Result(stack("framework_map", studies), caption, says, counts=counts, limits=limits)


def constructs(studies: list[str], framework: str) -> Result:
    """Return what each construct of a framework does in each study.

    Parameters
    ----------
    studies : list of str
        Ids of studies, in the order of the columns.
    framework : str
        Id of a framework of `data/frameworks`.
    """
    of = mapped(studies, framework)
    caption = f"The {of.full}: what each construct does in each study."
    return _directions(of, of.cells, caption, lambda frame: _reach(frame, of))


def reported(studies: list[str], framework: str) -> Result:
    """Return in how many studies each construct is reported, and in which direction."""
    of = mapped(studies, framework)

    def says(frame: pd.DataFrame) -> str:
        names, top = most(frame, "label", "n_studies", 4)
        if not names:
            return f"No construct of the {of.short} is reported in any of {of.n}."
        first = f"Most widely reported of the {of.short}: {names}, in {top:.0f} of {of.n}"
        several = frame[frame["n_studies"].ge(2)]
        beside = int(frame["n_also_condition"].sum())
        ways = several[["barrier", "facilitator", "condition"]].eq(several["n_studies"], axis=0)
        if several.empty:
            return of.said(first)
        what = f"{plural(len(several), 'construct')} that more than one study reports"
        same = int(ways.any(axis=1).sum())
        also = f"; in {count(beside, 'cell')} a condition stands beside another direction" if beside else ""
        return of.said(f"{first}; of {what}, {same or 'none'} {_has(same)} the same direction in each{also}")

    def counts(frame: pd.DataFrame) -> list[Value]:
        about, also = "studies that report {label}", "cells in which a condition stands beside another direction"
        cells, beside = int(frame["n_studies"].sum()), int(frame["n_also_condition"].sum())
        return [
            Value(f"{framework}.also_condition", beside, also, unit="cells", n=cells),
            *each_value(f"{framework}.reported", frame, "construct", "n_studies", about, "studies", n="of"),
        ]

    caption = f"In how many studies each construct of the {of.short} is reported, and in which direction."
    return Result(reported_in(of.cells), caption, says, counts=counts, limits=LIMITS)


def _directions(of: Mapped, cells: pd.DataFrame, caption: str, says: Callable[[pd.DataFrame], str]) -> Result:
    groups = dict(zip(of.cells["construct"], of.cells["domain"]))

    def draws(frame: pd.DataFrame) -> figures.Drawing:
        return figures.effect_direction(effect_directions(frame), _labels(frame), of.studies, row_groups=groups)

    return Result(cells, caption, says, draws, limits=LIMITS)


def _reach(frame: pd.DataFrame, of: Mapped) -> str:
    """Say how many constructs are reported, and how many of them by all studies or by one alone."""
    reach = frame.groupby("construct")["reported"].sum()
    if not reach.gt(0).any():
        return f"No construct of the {of.short} is reported in any of {of.n}."
    first = f"{_constructs(list(reach.index), of)} reported in at least one of {of.n}"
    everywhere, once = int(reach.eq(len(of.studies)).sum()), int(reach.eq(1).sum())
    if len(of.studies) == 1:
        return of.said(first.replace("at least one of ", ""))
    return of.said(f"{first}, {everywhere or 'none'} of them in all and {once or 'none'} in one only")


def _labels(cells: pd.DataFrame) -> dict[str, str]:
    """Return construct -> label, in the order of the framework."""
    return dict(zip(cells["construct"], cells["label"]))


def _studies(n: int) -> str:
    return count(n, "study", "studies")


def _constructs(names: list[str], of: Mapped) -> str:
    return f"{count(len(names), 'construct')} of the {of.short} {verb(len(names))}"


def _has(n: float) -> str:
    return "have" if n > 1 else "has"
