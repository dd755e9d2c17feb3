"""Which headlines of a synthesis rest on one study: each study is left out in turn."""

from __future__ import annotations

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.frames import need
from crosscase.synthesis.constructs import reported_in


def leave_one_study_out(cells: pd.DataFrame, least: int) -> pd.DataFrame:
    """Tell which headlines ("reported in at least so many studies") rest on one study.

    Parameters
    ----------
    cells : pandas.DataFrame
        As `construct_by_study` returns them.
    least : int
        A construct is a headline when at least so many studies report it.

    Returns
    -------
    pandas.DataFrame
        One row per headline and study left out: `construct`, `label`, `left_out`, `n_studies` (without it), `of`,
        `holds` (whether at least `least` remain), `direction_changes` (whether the commonest direction changes).
    """
    check_arguments(leave_one_study_out, locals())
    need(cells, ["construct", "label", "domain", "study", "reported", "direction"], "cells")
    table = reported_in(cells)
    headlines = table.loc[table["n_studies"] >= least, "construct"]
    rows = []
    for study in cells["study"].unique():
        rest = cells[cells["study"] != study]
        for construct in headlines:
            everyone, others = (part[part["construct"] == construct] for part in (cells, rest))
            n = int(others["reported"].sum())
            label, changes = everyone["label"].iloc[0], _commonest(everyone) != _commonest(others)
            rows.append((construct, label, study, n, rest["study"].nunique(), n >= least, changes))
    columns = ["construct", "label", "left_out", "n_studies", "of", "holds", "direction_changes"]
    return pd.DataFrame(rows, columns=columns)


def _commonest(cells: pd.DataFrame) -> frozenset[str]:
    counts = cells["direction"].dropna().value_counts()
    return frozenset(counts.index[counts == counts.max()]) if len(counts) else frozenset()
