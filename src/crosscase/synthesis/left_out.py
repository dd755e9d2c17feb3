"""Which headlines of a synthesis rest on one study: each study is left out in turn."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from crosscase.errors import CrosscaseError, Problem
from crosscase.synthesis.constructs import reported_in

NO_HEADLINE = ("too few", "no clear direction")
Headlines = Callable[[pd.DataFrame], pd.DataFrame]


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
    table = reported_in(cells)
    headlines = table.loc[table["n_studies"] >= least, "construct"]
    rows = []
    for study in cells["study"].unique():
        rest = cells[cells["study"] != study]
        for construct in headlines:
            everyone, others = (part[part["construct"] == construct] for part in (cells, rest))
            n = int(others["reported"].sum())
            rows.append(
                {
                    "construct": construct,
                    "label": everyone["label"].iloc[0],
                    "left_out": study,
                    "n_studies": n,
                    "of": rest["study"].nunique(),
                    "holds": n >= least,
                    "direction_changes": _commonest(everyone) != _commonest(others),
                }
            )
    columns = ["construct", "label", "left_out", "n_studies", "of", "holds", "direction_changes"]
    return pd.DataFrame(rows, columns=columns)


def _commonest(cells: pd.DataFrame) -> frozenset[str]:
    counts = cells["direction"].dropna().value_counts()
    return frozenset(counts.index[counts == counts.max()]) if len(counts) else frozenset()


def without_each_study(frame: pd.DataFrame, headlines: Headlines) -> pd.DataFrame:
    """Compute headlines with all studies and with each study left out, and tell which of them still stand.

    Parameters
    ----------
    frame : pandas.DataFrame
        Anything with a column `study`: cells of `construct_by_study`, facts of `adequacy_facts`, a framework map.
    headlines : callable
        Takes such a frame and returns one row per headline: `headline`, `value` (a number), `state` (what the
        headline says, as text: a direction, "headline" or nothing), optionally `text`. `direction_headlines`,
        `reach_headlines` and `finding_headlines` are such functions.

    Returns
    -------
    pandas.DataFrame
        One row per headline of all studies and study left out (null for all studies): `headline, left_out, value,
        state, holds` (the state is that of all studies), `text`. A headline that vanishes without a study has no
        value and does not hold. What is no headline with all studies ("too few", "no clear direction") has no row.

    Raises
    ------
    CrosscaseError
        Where the frame has no column `study`, or a headline comes twice.

    Examples
    --------
    >>> cells = pd.DataFrame({"construct": ["c", "c"], "label": ["C", "C"], "study": ["a", "b"],
    ...     "reported": [True, True], "direction": ["barrier", "barrier"]})
    >>> out = without_each_study(cells, lambda part: reach_headlines(part, least=2))
    >>> out[["left_out", "value", "holds"]].values.tolist()
    [[None, 2, True], ['a', 1, False], ['b', 1, False]]
    """
    if "study" not in frame:
        raise CrosscaseError(Problem("frame", "a column study is needed", ", ".join(map(str, frame.columns))))
    whole = headlines(frame)
    whole = whole[~whole["state"].isin(NO_HEADLINE)].reset_index(drop=True)
    if whole["headline"].duplicated().any():
        twice = ", ".join(sorted(set(whole.loc[whole["headline"].duplicated(), "headline"])))
        raise CrosscaseError(Problem("headlines", "each headline once", twice, remedy="make the names differ"))
    parts = []
    for study in [None, *frame["study"].drop_duplicates()]:
        found = whole if study is None else headlines(frame[frame["study"] != study])
        rows = whole[["headline"]].merge(found, on="headline", how="left")
        rows.insert(1, "left_out", pd.Series([study] * len(rows), dtype="object"))
        rows["holds"] = rows["state"].eq(whole["state"]) & rows["value"].notna()
        if "text" not in rows:
            rows["text"] = [f"{value:g}" if pd.notna(value) else "" for value in rows["value"]]
        parts.append(rows[["headline", "left_out", "value", "state", "holds", "text"]])
    out = pd.concat(parts, ignore_index=True)
    order = {name: place for place, name in enumerate(whole["headline"])}
    return out.sort_values("headline", key=lambda c: c.map(order), kind="stable", ignore_index=True)


def reach_headlines(cells: pd.DataFrame, least: int) -> pd.DataFrame:
    """Headline: a construct is reported in at least so many studies.

    Parameters
    ----------
    cells : pandas.DataFrame
        As `construct_by_study` returns them.
    least : int
        Number of studies that makes a headline.

    Returns
    -------
    pandas.DataFrame
        `headline` (label of the construct), `value` (studies that report it), `state` ("headline" or "too few"),
        `text`; only constructs that any study reports.

    Examples
    --------
    >>> cells = pd.DataFrame({"construct": ["c"], "label": ["C"], "study": ["a"], "reported": [True]})
    >>> reach_headlines(cells, least=2).values.tolist()
    [['C', 1, 'too few', '1 of 1']]
    """
    rows = []
    for _, part in cells.groupby("construct", sort=False):
        n, of = int(part["reported"].sum()), part["study"].nunique()
        state = "headline" if n >= least else "too few"
        rows.append({"headline": part["label"].iloc[0], "value": n, "state": state, "text": f"{n} of {of}"})
    return pd.DataFrame(rows, columns=["headline", "value", "state", "text"])


def direction_headlines(cells: pd.DataFrame) -> pd.DataFrame:
    """Headline: whether a construct hinders or helps in more studies.

    Parameters
    ----------
    cells : pandas.DataFrame
        As `construct_by_study` returns them.

    Returns
    -------
    pandas.DataFrame
        `headline` (label of the construct), `value` (studies that point the commoner way), `state` (`barrier`,
        `facilitator`, `as many each way`, `no clear direction`), `text`.

    Examples
    --------
    >>> cells = pd.DataFrame({"construct": ["c"], "label": ["C"], "study": ["a"], "direction": ["barrier"]})
    >>> direction_headlines(cells).values.tolist()
    [['C', 1, 'barrier', '1 barrier, 0 facilitator']]
    """
    rows = []
    for _, part in cells.groupby("construct", sort=False):
        down, up = (int(part["direction"].eq(pole).sum()) for pole in ("barrier", "facilitator"))
        state = "barrier" if down > up else "facilitator" if up > down else "as many each way"
        state = state if up + down else "no clear direction"
        text = f"{down} barrier, {up} facilitator"
        rows.append({"headline": part["label"].iloc[0], "value": max(up, down), "state": state, "text": text})
    return pd.DataFrame(rows, columns=["headline", "value", "state", "text"])


def finding_headlines(facts: pd.DataFrame, least: int) -> pd.DataFrame:
    """Headline: a finding rests on at least so many studies.

    Parameters
    ----------
    facts : pandas.DataFrame
        As `adequacy_facts` returns them.
    least : int
        Number of studies that makes a headline.

    Returns
    -------
    pandas.DataFrame
        `headline` (finding), `value` (studies with a segment behind it), `state` ("headline" or "too few"), `text`.

    Examples
    --------
    >>> facts = pd.DataFrame({"finding": ["f", "f"], "study": ["a", "b"], "n_segments": [3, 0]})
    >>> finding_headlines(facts, least=1)[["value", "state"]].values.tolist()
    [[1, 'headline']]
    """
    rows = []
    for finding, part in facts.groupby("finding", sort=False):
        n, of = int(part["n_segments"].gt(0).sum()), part["study"].nunique()
        state = "headline" if n >= least else "too few"
        rows.append({"headline": finding, "value": n, "state": state, "text": f"{n} of {of}"})
    return pd.DataFrame(rows, columns=["headline", "value", "state", "text"])
