"""What the constructs of published frameworks do in several studies; studies are counted, never segments."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from crosscase import figures
from crosscase.analyses.mapped import Mapped, mapped, mappers
from crosscase.analyses.result import Result, refuse
from crosscase.analyses.sentences import count, listed, most, plural, verb
from crosscase.analyses.values import Value, each_value
from crosscase.study import stack
from crosscase.synthesis import (
    effect_directions,
    harvest_frame,
    leave_one_study_out,
    most_reported,
    reported_in,
    vote_count,
)

LIMITS = "Confidence is the mapper's own; what a study does not report may have been there all the same."
READABLE = 0.05


def maps(studies: list[str]) -> Result:
    """Return which themes were mapped to which constructs, by study and framework."""

    def themes(frame: pd.DataFrame) -> int:
        return len(frame.drop_duplicates(["study", "theme"]))

    def says(frame: pd.DataFrame) -> str:
        if frame.empty:
            return f"No theme of {_studies(len(studies))} is mapped to a framework."
        to = f"mapped to {count(frame['framework'].nunique(), 'framework')} by {mappers(frame)}"
        return f"{count(themes(frame), 'theme')} of {_studies(frame['study'].nunique())} are {to}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        return [
            Value("studies.n", len(studies), "studies in the synthesis", unit="studies"),
            Value("map.themes", themes(frame), "themes mapped", unit="themes"),
        ]

    limits = "No second mapper has checked it, so that no agreement on it is known."
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


def widespread(studies: list[str], framework: str, least: int = 3) -> Result:
    """Return what the constructs do that at least so many studies report, for a display with little room."""
    of = mapped(studies, framework)

    def says(frame: pd.DataFrame) -> str:
        names = frame["label"].drop_duplicates().tolist()
        if not names:
            return f"No construct of the {of.short} is reported in at least {least} of {of.n}."
        return of.said(f"{_constructs(names, of)} reported in at least {least} of {of.n}: {listed(names, 8)}")

    caption = f"Constructs of the {of.short} reported in at least {least} of {of.n}."
    return _directions(of, most_reported(of.cells, least), caption, says)


def reported(studies: list[str], framework: str) -> Result:
    """Return in how many studies each construct is reported, and in which direction."""
    of = mapped(studies, framework)

    def says(frame: pd.DataFrame) -> str:
        names, top = most(frame, "label", "n_studies", 4)
        if not names:
            return f"No construct of the {of.short} is reported in any of {of.n}."
        first = f"Most widely reported of the {of.short}: {names}, in {top:.0f} of {of.n}"
        several = frame[frame["n_studies"].ge(2)]
        ways = several[["barrier", "facilitator", "condition"]].eq(several["n_studies"], axis=0)
        if several.empty:
            return of.said(first)
        what = f"{plural(len(several), 'construct')} that more than one study reports"
        same = int(ways.any(axis=1).sum())
        return of.said(f"{first}; of {what}, {same or 'none'} {_has(same)} the same direction in each")

    def counts(frame: pd.DataFrame) -> list[Value]:
        about = "studies that report {label}"
        return each_value(f"{framework}.reported", frame, "construct", "n_studies", about, "studies", n="of")

    caption = f"In how many studies each construct of the {of.short} is reported, and in which direction."
    return Result(reported_in(of.cells), caption, says, counts=counts, limits=LIMITS)


def leave_one_out(studies: list[str], framework: str, least: int = 4) -> Result:
    """Return which constructs are still reported in so many studies when each study is left out in turn.

    A construct is a headline when at least so many studies report it.
    """
    of = mapped(studies, framework)
    frame, table = leave_one_study_out(of.cells, least), reported_in(of.cells)
    caption = f"Constructs of the {of.short} reported in at least {least} of {of.n}, each study left out in turn."

    def values(frame: pd.DataFrame) -> list[Value]:
        n, names = frame["construct"].nunique(), ", ".join(frame["label"].unique()) or None
        none, first = "no construct is reported that widely", "headlines, most widely reported first"
        about = f"constructs reported in at least {least} studies"
        holds = "headlines that hold whichever study is left out"
        return [
            Value(f"{framework}.headlines", n, about, unit="constructs", n=len(table)),
            Value(f"{framework}.headlines.names", names, first, reason=none),
            Value(f"{framework}.headlines.robust", len(_robust(frame)), holds, unit="constructs", n=n),
        ]

    if frame.empty:
        why = f"No construct of the {of.short} is reported in at least {least} of {of.n}, so none can be left out."
        return refuse(why, caption, values(frame))

    def says(frame: pd.DataFrame) -> str:
        names, robust = frame["label"].unique().tolist(), _robust(frame)
        still = f"{len(robust)} of them still {verb(len(robust))}: {listed(robust, 4)}"
        whichever = f"whichever study is left out, {still if robust else 'none of them still is'}"
        return of.said(f"{_constructs(names, of)} reported in at least {least} of {of.n}; {whichever}")

    def draws(frame: pd.DataFrame) -> figures.Drawing:
        return figures.leave_one_out(_headlines(frame, of.studies, table), unit="number of studies that report it")

    limits = f"This is arithmetic: only what more than {least} studies report can spare any one of them."
    return Result(frame, caption, says, draws, values, limits)


def harvest(studies: list[str], framework: str, least: int = 1) -> Result:
    """Return one bar per study and construct that at least so many studies report, sorted by direction."""
    of = mapped(studies, framework)
    shown = most_reported(of.cells, least)
    which = f"reported in at least {least} of {of.n}" if least > 1 else f"reported in any of {of.n}"

    def says(frame: pd.DataFrame) -> str:
        if frame.empty:
            return f"No construct of the {of.short} is {which}."
        votes = frame.groupby("construct", sort=False)["direction"]
        balance = votes.agg(lambda found: found.eq("promotes").sum() - found.eq("inhibits").sum())
        down, up, even = (int(part.sum()) for part in (balance.lt(0), balance.gt(0), balance.eq(0)))
        verb = "inhibit in more studies than they promote" if down > 1 else "inhibits in more studies than it promotes"
        ways = f"{down or 'none'} {verb}, {up or 'none'} the other way round, and {even or 'none'} neither way"
        return of.said(f"Of {plural(len(balance), 'construct')} of the {of.short} {which}, {ways}")

    def draws(frame: pd.DataFrame) -> figures.Drawing:
        return figures.harvest(frame, _labels(shown), of.studies)

    caption = f"Harvest plot of the constructs of the {of.short} {which}: one bar per study."
    limits = "The filling is the mapper's confidence; nobody has appraised the designs of the studies."
    return Result(harvest_frame(shown), caption, says, draws, limits=limits)


def votes(studies: list[str], framework: str) -> Result:
    """Return the votes by direction, each study one vote, and the smallest p that so few votes can reach."""
    of = mapped(studies, framework)

    def says(frame: pd.DataFrame) -> str:
        numbers = _numbers(frame)
        several, one_way, least = int(numbers["clear"]), int(numbers["unanimous"]), numbers["smallest_p"]
        if pd.isna(least):
            return f"No study gives a clear direction on any construct of the {of.short}, so there is nothing to vote."
        rest = f", and in {one_way or 'none'} of these all such studies point one way" if several else ""
        first = f"{count(several, 'construct', none='No')} of the {of.short} {_has(several)} two or more studies"
        first += f" with a clear direction{rest}"
        if numbers["readable"]:
            return of.said(f"{first}; for {numbers['readable']} the votes could reach a p of {READABLE:g} or less")
        return of.said(f"{first}; the smallest p that so few votes can reach is {least:.3g}, so there is no verdict")

    def values(frame: pd.DataFrame) -> list[Value]:
        numbers, of_all = _numbers(frame), len(frame)
        ns = {"reported": of_all, "unanimous": int(numbers["clear"]), "readable": of_all, "smallest_p": of_all}
        rows = pd.DataFrame({"what": list(ns), "n": list(ns.values()), "value": [float(numbers[what]) for what in ns]})
        about, reason = "constructs, votes by direction: {what}", "no study gives a clear direction"
        return each_value(f"{framework}.votes", rows, "what", "value", about, n="n", form=".3g", reason=reason)

    found = vote_count(of.cells).sort_values(["n_clear", "n_studies"], ascending=False, kind="stable")
    caption = f"Votes by direction on the constructs of the {of.short}, with sign test and the smallest p attainable."
    limits = "Each study has one vote; the studies were chosen by hand and describe no population."
    return Result(found, caption, says, counts=values, limits=limits)


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


def _headlines(dropped: pd.DataFrame, names: dict[str, str], reported: pd.DataFrame) -> pd.DataFrame:
    """Return headlines with all studies and with each study left out, as the drawing wants them."""
    everyone = reported[reported["construct"].isin(dropped["construct"])].assign(left_out=None, holds=True)
    every = pd.concat([each.astype({"left_out": object}) for each in (everyone, dropped)], ignore_index=True)
    left_out = [None if study is None else names.get(study, study) for study in every["left_out"]]
    return pd.DataFrame(
        {
            "headline": every["label"],
            "left_out": pd.Series(left_out, dtype=object),
            "value": every["n_studies"],
            "holds": every["holds"].astype(bool),
            "text": every["n_studies"].astype(str) + " of " + every["of"].astype(str),
        }
    )


def _robust(dropped: pd.DataFrame) -> list[str]:
    """Return the labels of the headlines that hold whichever study is left out."""
    holds = dropped.groupby("construct", sort=False)["holds"].transform("all").astype(bool)
    return dropped.loc[holds].drop_duplicates("construct")["label"].tolist()


def _numbers(votes: pd.DataFrame) -> dict[str, float]:
    """Count the constructs with votes, with two or more clear ones, with all of these one way, with a readable p."""
    clear = votes["n_clear"].ge(2)
    return {
        "reported": int(votes["n_studies"].gt(0).sum()),
        "clear": int(clear.sum()),
        "unanimous": int((clear & (votes["promotes"].eq(0) | votes["inhibits"].eq(0))).sum()),
        "readable": int(votes["smallest_p"].le(READABLE).sum()),
        "smallest_p": float(votes["smallest_p"].min()),
    }


def _labels(cells: pd.DataFrame) -> dict[str, str]:
    """Return construct -> label, in the order of the framework."""
    return dict(zip(cells["construct"], cells["label"]))


def _studies(n: int) -> str:
    return count(n, "study", "studies")


def _constructs(names: list[str], of: Mapped) -> str:
    return f"{count(len(names), 'construct')} of the {of.short} {verb(len(names))}"


def _has(n: float) -> str:
    return "have" if n > 1 else "has"
