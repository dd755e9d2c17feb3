"""What a test is given: lists, dicts, arrays and frames become numbers by case, or it is said what is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd

from crosscase.errors import CrosscaseError, Problem, raise_if, shown

Given: TypeAlias = pd.Series | Mapping[str, object] | Sequence[object]
"""A value for each case."""
Grid: TypeAlias = pd.DataFrame | pd.Series | np.ndarray | Sequence[Sequence[object]]
"""Cases by columns."""


def series_of(values: Given, place: str) -> pd.Series:
    """Return a series with one value per case; two values for one case are refused.

    Examples
    --------
    >>> series_of({"a": "high", "b": "low"}, "groups").to_dict()
    {'a': 'high', 'b': 'low'}
    """
    out = values if isinstance(values, pd.Series) else pd.Series(values, dtype=None if len(values) else object)
    twice = sorted(set(map(str, out.index[out.index.duplicated()])))
    raise_if([Problem(f"{place}, {name!r}", "one value for each", "two or more", "", "keep one") for name in twice])
    return out


def numbers_of(values: Given, place: str) -> pd.Series:
    """Return a series of numbers; what is no number is named.

    Examples
    --------
    >>> numbers_of(["1", None, True], "values").tolist()
    [1.0, nan, 1.0]
    """
    given = series_of(values, place)
    out = pd.to_numeric(given, errors="coerce").astype(float)
    _refuse_text(given, out, place)
    _refuse_infinite(out, place)
    return out


def frame_of(values: Grid, place: str) -> pd.DataFrame:
    """Return a frame of numbers, cases in the rows; a series is one column.

    Examples
    --------
    >>> frame_of(pd.Series([1, 0], index=["a", "b"], name="trust"), "values").to_dict()
    {'trust': {'a': 1.0, 'b': 0.0}}
    """
    if isinstance(values, pd.Series):
        given = values.to_frame(values.name if values.name is not None else "value")
    else:
        given = values if isinstance(values, pd.DataFrame) else _rows(values, place)
    if not given.columns.is_unique:
        raise CrosscaseError(Problem(place, "each column stands once", shown(list(given.columns)), remedy="rename"))
    if given.index.has_duplicates:
        twice = ", ".join(sorted(set(map(str, given.index[given.index.duplicated()]))))
        raise CrosscaseError(Problem(place, "one row for each case", f"two or more for {twice}", "", "merge or rename"))
    out = given.apply(pd.to_numeric, errors="coerce").astype(float)
    for position, name in enumerate(given.columns):
        _refuse_text(given.iloc[:, position], out.iloc[:, position], f"{place}, column {name}")
        _refuse_infinite(out.iloc[:, position], f"{place}, column {name}")
    return out


def _rows(values: Sequence[Sequence[object]] | np.ndarray, place: str) -> pd.DataFrame:
    lengths = {
        len(row) if isinstance(row, (Sequence, np.ndarray)) and not isinstance(row, str) else 0 for row in values
    }
    if len(lengths) > 1 or getattr(values, "ndim", 2) > 2:
        raise CrosscaseError(Problem(place, "rows of one length", shown(values)))
    return pd.DataFrame(values)


def _refuse_infinite(numbers: pd.Series, place: str) -> None:
    if np.isinf(numbers).any():
        raise CrosscaseError(Problem(place, "finite numbers are needed", f"{int(np.isinf(numbers).sum())} infinite"))


def _refuse_text(given: pd.Series, numbers: pd.Series, place: str) -> None:
    text = given[numbers.isna() & given.notna()]
    if len(text):
        found = ", ".join(f"{value!r} ({case})" for case, value in text.head(5).items())
        raise CrosscaseError(Problem(place, "numbers are needed", found, "numbers, or empty for not stated"))
