"""Codes by attributes of cases or participants (profession, age, site), in the four states of a cell."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.frames import need
from crosscase.ids import join

MOST_VALUES = 12
BANDS = 3


def attribute_groups(values: pd.DataFrame, variables: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return which documents or cases share a value of a variable, and the variables that make no groups.

    Numbers with more than `MOST_VALUES` values are put into three bands of about the same size. Any other variable with
    so many values, or with one only, makes no groups.

    Parameters
    ----------
    values : pandas.DataFrame
        `unit` (`document` or `case`), `id, variable, value`.
    variables : pandas.DataFrame
        `variable, label`.

    Returns
    -------
    tuple of (pandas.DataFrame, list of str)
        `unit, id, group, label`, and the labels of the variables left out.

    Examples
    --------
    >>> values = pd.DataFrame({"unit": "document", "id": ["d", "e"], "variable": "job", "value": ["nurse", "boss"]})
    >>> attribute_groups(values, pd.DataFrame({"variable": ["job"], "label": ["Job"]}))[0]["label"].tolist()
    ['Job: nurse', 'Job: boss']
    """
    check_arguments(attribute_groups, locals())
    need(values, ["unit", "id", "variable", "value"], "values")
    need(variables, ["variable", "label"], "variables")
    labels = dict(zip(variables["variable"], variables["label"]))
    made, left = [], []
    for variable, part in values.dropna(subset=["value"]).groupby("variable", sort=False):
        label, value = labels.get(variable, variable), part["value"].astype(object)
        if value.nunique() > MOST_VALUES:
            value = _bands(value)
        if value.nunique() < 2 or value.nunique() > MOST_VALUES:
            left.append(str(label))
            continue
        group = [f"{variable}={each}" for each in value]
        made.append(part[["unit", "id"]].assign(group=group, label=[f"{label}: {each}" for each in value]))
    columns = ["unit", "id", "group", "label"]
    return pd.concat(made, ignore_index=True) if made else pd.DataFrame(columns=columns, dtype=object), left


def _bands(value: pd.Series) -> pd.Series:
    """Return numbers as bands of about the same size; anything else as it is."""
    number = pd.to_numeric(value, errors="coerce")
    if number.isna().any():
        return value
    band = pd.qcut(number, BANDS, duplicates="drop", labels=False)
    ends = number.groupby(band).agg(["min", "max"])
    return band.map({key: f"{low:g} to {high:g}" for key, low, high in ends.itertuples()})


def attribute_matrix(cells: Sequence[pd.DataFrame], groups: pd.DataFrame) -> pd.DataFrame:
    """Put the cells of documents or cases together by the attribute that these share.

    Present where the code stands in one of them; known as a count where it is known only for several cases together;
    absent where it is absent in all of them, so that somebody has looked at each; else not stated.

    Parameters
    ----------
    cells : sequence of pandas.DataFrame
        Coding matrices by document and by case: `document` or `case`, `code, state, n_segments, segments`.
    groups : pandas.DataFrame
        `unit, id, group, label`, as of `attribute_groups`.

    Returns
    -------
    pandas.DataFrame
        `code, group, column_label, state, n_segments, k` (documents or cases with the code), `n` (with the value),
        `segments`, `group_segments`.

    Examples
    --------
    >>> cells = pd.DataFrame({"document": ["d", "e"], "code": "trust", "state": ["present", "absent"],
    ...     "n_segments": [2, 0], "segments": ["c1;c2", ""]})
    >>> groups = pd.DataFrame({"unit": "document", "id": ["d", "e", "f"], "group": ["j=a", "j=b", "j=c"], "label": "x"})
    >>> attribute_matrix([cells], groups)["state"].tolist()
    ['present', 'absent', 'not_stated']
    """
    check_arguments(attribute_matrix, locals())
    need(groups, ["unit", "id", "group", "label"], "groups")
    rows = []
    for table in cells:
        unit = "case" if "case" in table else "document"
        need(table, [unit, "code", "state", "n_segments", "segments"], "cells")
        mine = groups[groups["unit"].eq(unit)]
        by_code = {code: part.set_index(unit) for code, part in table.dropna(subset=[unit]).groupby("code", sort=False)}
        for (group, label), members in mine.groupby(["group", "label"], sort=False):
            for code, part in by_code.items():
                here = part.reindex(members["id"])
                state, found = _state(here["state"]), here[here["state"].eq("present")]
                rows.append(
                    {"code": code, "group": group, "column_label": label, "state": state, "k": len(found),
                     "n": len(members), "n_segments": int(found["n_segments"].sum()),
                     "segments": join(each for each in found["segments"] if each), "group_segments": ""}
                )  # fmt: skip
    columns = ["code", "group", "column_label", "state", "k", "n", "n_segments", "segments", "group_segments"]
    out = pd.DataFrame(rows, columns=columns)
    alone = out["state"].eq("count")
    return out.assign(k=out["k"].astype("Int64").mask(alone), n=out["n"].astype("Int64"))


def _state(states: pd.Series) -> str:
    """Return the state of several cells together."""
    for state in ("present", "count"):
        if states.eq(state).any():
            return state
    return "absent" if len(states) and states.eq("absent").all() else "not_stated"
