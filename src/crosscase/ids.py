"""Lists of ids in one cell: joined and parted here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

SEPARATOR = ";"


def split(cell: object) -> list[str]:
    """Return the ids in a cell; none where it is null or empty.

    Examples
    --------
    >>> split("a;b; c"), split(""), split(None)
    (['a', 'b', 'c'], [], [])
    """
    if not isinstance(cell, str):
        return [] if cell is None or pd.isna(cell) else split(str(cell))
    return [part for each in cell.split(SEPARATOR) if (part := each.strip())]


def join(ids: Iterable[object]) -> str:
    """Return ids as one cell, in the order given.

    Examples
    --------
    >>> join(["b", "a"]), join([])
    ('b;a', '')
    """
    return SEPARATOR.join(map(str, ids))


def each(cells: pd.Series) -> pd.Series:
    """Return one row per id, under the label of the row that it came from; null and empty cells give none.

    Examples
    --------
    >>> each(pd.Series(["a;b", None, "c"], index=[4, 5, 6])).to_dict()
    {4: 'b', 6: 'c'}
    """
    known = cells.dropna().astype("str")
    return known.map(split).explode().dropna().astype("str")


def split_rows(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return one row per id of a column; an empty text becomes null, and a row without any id stays.

    Examples
    --------
    >>> split_rows(pd.DataFrame({"case": ["a;b", None], "n": [1, 2]}), "case")["n"].tolist()
    [1, 1, 2]
    """
    values = frame[column]
    text = values.astype("string")
    if not bool(text.str.contains(SEPARATOR, regex=False, na=False).any()):
        return frame.assign(**{column: text.where(text.str.strip() != "")})
    out = frame.assign(**{column: text.str.split(SEPARATOR)}).explode(column)
    out[column] = out[column].astype("string").str.strip()
    out[column] = out[column].where(out[column] != "")
    return out
