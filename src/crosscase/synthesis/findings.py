"""Findings across studies taken apart: which study stands for each, and which against it."""

from __future__ import annotations

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.errors import Problem, raise_if
from crosscase.frames import need, one_row
from crosscase.ids import join, split
from crosscase.synthesis.pattern_matches import match_of

SIDES = {"segments": "for", "against": "against"}


def argued_evidence(argument: pd.DataFrame) -> pd.DataFrame:
    """Return what stands for and against each finding, one row per segment or fact.

    Parameters
    ----------
    argument : pandas.DataFrame
        `finding, segments, against`: codings or facts, each as `study.id`, joined by semicolons.

    Returns
    -------
    pandas.DataFrame
        `finding, side` (`for`, `against`), `study, coding_id` (of a fact: its id).

    Raises
    ------
    CrosscaseError
        With every id that does not name its study.

    Examples
    --------
    >>> argument = pd.DataFrame({"finding": ["f"], "segments": ["a.k1;b.k2"], "against": ["b.k3"]})
    >>> argued_evidence(argument).values.tolist()
    [['f', 'for', 'a', 'k1'], ['f', 'for', 'b', 'k2'], ['f', 'against', 'b', 'k3']]
    """
    check_arguments(argued_evidence, locals())
    need(argument, ["finding", "segments", "against"], "argument")
    rows, problems = [], []
    for number, finding in enumerate(argument.to_dict("records"), start=2):
        for column, side in SIDES.items():
            for each in split(finding[column]):
                study, dot, id = each.partition(".")
                if not (study and dot and id):
                    place = f"argument, row {number}, column {column}"
                    problems.append(Problem(place, "an id names its study", repr(each), "study.id", "write it so"))
                rows.append((finding["finding"], side, study, id))
    raise_if(problems)
    return pd.DataFrame(rows, columns=["finding", "side", "study", "coding_id"])


def evidence_by_study(argument: pd.DataFrame, studies: list[str]) -> pd.DataFrame:
    """Set each finding beside each study: whether it stands for it, against it, both, or does not speak of it.

    Parameters
    ----------
    argument : pandas.DataFrame
        As in `argued_evidence`, with `heading`.
    studies : list of str
        The studies in the order of the columns.

    Returns
    -------
    pandas.DataFrame
        One row per finding and study: `finding, label` (its heading), `study, match` (as `match_of`), `n_for,
        n_against` (never compared or added up between studies), `segments, against`.

    Examples
    --------
    >>> argument = pd.DataFrame({"finding": ["f"], "heading": ["Trust carries"], "segments": ["a.k1;b.k2"],
    ...     "against": ["b.k3"]})
    >>> evidence_by_study(argument, ["a", "b", "c"])["match"].tolist()
    ['supported', 'mixed', 'silent']
    """
    check_arguments(evidence_by_study, locals())
    need(argument, ["finding", "heading"], "argument")
    one_row(argument, "finding", "argument")
    evidence, rows = argued_evidence(argument), []
    for finding, heading in argument[["finding", "heading"]].itertuples(index=False):
        mine = evidence[evidence["finding"].eq(finding)]
        for study in studies:
            here = mine[mine["study"].eq(study)]
            for_, against = (here.loc[here["side"].eq(side), "coding_id"].tolist() for side in SIDES.values())
            counts = (len(for_), len(against), join(for_), join(against))
            rows.append((finding, heading, study, match_of(for_, against), *counts))
    columns = ["finding", "label", "study", "match", "n_for", "n_against", "segments", "against"]
    return pd.DataFrame(rows, columns=columns)
