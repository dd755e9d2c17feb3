"""The presence table of a study: sampling units in the order in which they were sampled, by code."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crosscase.arguments import check_arguments
from crosscase.errors import CrosscaseError, Problem, raise_if
from crosscase.frames import need

SHOWN = 5


def _some(values: pd.Index | pd.Series | list[object]) -> str:
    """Name the first few of many values."""
    names = [str(value) for value in values]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def blank(values: pd.Series) -> pd.Series:
    """Tell which cells name nothing: missing, an empty text, or mere spaces.

    Examples
    --------
    >>> blank(pd.Series(["a", "", " ", None, 0])).tolist()
    [False, True, True, True, False]
    """
    return values.isna() | values.map(lambda value: isinstance(value, str) and not value.strip()).astype(bool)


def _order_problems(order: pd.DataFrame) -> list[Problem]:
    """Find what is wrong with the order of the sampling units."""
    problems = []
    if empty := int(blank(order["unit"]).sum()):
        problems.append(Problem("order, column unit", "each row names a unit", f"{empty} empty cells"))
    for column, rule in (("unit", "each unit has one row"), ("order", "each unit has its own place in the order")):
        twice = order.loc[order[column].duplicated() & order[column].notna(), column]
        if len(twice):
            problems.append(
                Problem(
                    f"order, column {column}", rule, f"{_some(twice)} more than once", remedy="keep one, break ties"
                )
            )
    if order["order"].isna().any():
        lost = order.loc[order["order"].isna(), "unit"]
        problems.append(Problem("order, column order", "each unit has a place", f"none for {_some(lost)}"))
    return problems


def presence_table(codings: pd.DataFrame, order: pd.DataFrame, *, unit: str = "document") -> pd.DataFrame:
    """Tell which codes each sampling unit holds, units in the order in which they were sampled.

    A unit without codings stays in the table: an interview that brought nothing new counts.

    Parameters
    ----------
    codings : DataFrame
        One row per code on a segment; columns `code` and the one that `unit` names. A code counts as present
        in a unit when any row says so: filter by coder and round first where that matters.
    order : DataFrame
        One row per sampling unit: `unit`, `order` (number or date, no ties).
    unit : str
        Column of `codings` that holds the sampling unit: `document`, or a column of participants.

    Returns
    -------
    DataFrame
        Units (rows, in sampling order) by codes (columns, in order of first appearance, then by name); bool.

    Raises
    ------
    CrosscaseError
        Where columns, codes or places are missing, units stand twice, or codings lie in a unit without a place.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": ["i1", "i1", "i3"], "code": ["trust", "money", "trust"]})
    >>> order = pd.DataFrame({"unit": ["i1", "i2", "i3"], "order": [1, 2, 3]})
    >>> presence_table(codings, order).sum(axis=1).tolist()
    [2, 0, 1]
    """
    check_arguments(presence_table, locals())
    need(codings, [unit, "code"], "codings")
    need(order, ["unit", "order"], "order")
    problems = _order_problems(order)
    for column in (unit, "code"):
        if empty := int(blank(codings[column]).sum()):
            problems.append(Problem(f"codings, column {column}", "no empty cell", f"{empty} empty cells"))
    lost = pd.Index(codings[unit].dropna().unique()).difference(pd.Index(order["unit"].dropna()))
    if len(lost):
        problems.append(
            Problem(
                place=f"codings, column {unit}",
                rule="each unit with codings has a place in the order",
                found=f"no place for {_some(lost)}",
                remedy="add these units to the order, or leave their codings out",
            )
        )
    raise_if(problems)
    units = pd.Index(order.sort_values("order", kind="stable")["unit"], name="unit")
    rows = units.get_indexer(pd.Index(codings[unit]))
    labels = pd.Index(sorted(codings["code"].unique()), name="code")
    table = np.zeros((len(units), len(labels)), dtype=bool)
    table[rows, labels.get_indexer(pd.Index(codings["code"]))] = True
    by_first = np.argsort(table.argmax(axis=0), kind="stable") if len(units) else np.arange(len(labels))
    return pd.DataFrame(table[:, by_first], index=units, columns=labels[by_first])


def is_row(presence: Any) -> bool:
    """Whether what should be a table is one row of single values.

    Examples
    --------
    >>> is_row([1, 0]), is_row([[1, 0]])
    (True, False)
    """
    if isinstance(presence, (list, tuple)):
        return not any(isinstance(row, (list, tuple, np.ndarray, pd.Series)) for row in presence)
    return getattr(presence, "ndim", 1) == 1


def presence_frame(presence: Any) -> pd.DataFrame:
    """Return a presence table as a frame (arrays and rows get numbers as names); what is no table is refused.

    Examples
    --------
    >>> presence_frame([[1, 0], [1, 1]]).shape
    (2, 2)
    """
    if isinstance(presence, pd.DataFrame):
        return presence
    frame = None
    if isinstance(presence, Iterable) and not is_row(presence):
        with suppress(TypeError, ValueError):
            frame = pd.DataFrame(np.array(presence))
    if frame is None:
        found, remedy = type(presence).__name__, "one row per unit, one column per code"
        raise CrosscaseError(Problem("presence table", "a table of units by codes", found, remedy=remedy))
    return frame


def presence_array(presence: Any) -> NDArray[np.bool_]:
    """Return the cells of a presence table as bool.

    Refused are cells that are neither 0 nor 1, and units or codes that stand twice.
    """
    presence = presence_frame(presence)
    problems = []
    for what, labels in (("unit", presence.index), ("code", presence.columns)):
        if not labels.is_unique:
            twice = _some(labels[labels.duplicated()])
            problems.append(Problem("presence table", f"each {what} stands once", f"{twice} more than once"))
    cells = presence.to_numpy()
    if cells.dtype != bool and not presence.isin([0, 1]).to_numpy().all():
        remedy = "for numbers of codings write counts > 0"
        found = "other or empty cells"
        problems.append(Problem("presence table", "each cell is 0 or 1", found, "0, 1, True, False", remedy))
    raise_if(problems)
    return cells.astype(bool)
