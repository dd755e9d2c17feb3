"""Propositions that a study stated in advance, matched with what is stated of its cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.comparison.logic import pattern_matching
from crosscase.frames import merged, need

NEEDED = ["proposition", "case", "predicted", "replication", "written", "outcome"]


def match_propositions(propositions: Iterable[Mapping[str, str]], observations: pd.DataFrame) -> pd.DataFrame:
    """Match the propositions that a study stated in advance with what is stated of its cases.

    Parameters
    ----------
    propositions : iterable of mapping
        As in `study.yml`: `proposition, case, predicted, replication, written`, and `outcome`, the id of the outcome
        with which it is matched.
    observations : pandas.DataFrame
        `outcome, case, observed, opened`.

    Returns
    -------
    pandas.DataFrame
        As `pattern_matching`; no row where the study states no proposition.

    Examples
    --------
    >>> match_propositions([], pd.DataFrame(columns=["outcome", "case", "observed", "opened"])).empty
    True
    """
    check_arguments(match_propositions, locals())
    need(observations, ["outcome", "case", "observed", "opened"], "observations")
    said = pd.DataFrame(list(propositions))
    said = pd.DataFrame(columns=NEEDED) if said.empty else said
    need(said, NEEDED, "study.yml, propositions")
    found = merged(said[["proposition", "case", "outcome"]], observations, ["case", "outcome"], how="inner")
    return pattern_matching(said, found[["proposition", "case", "observed", "opened"]])
