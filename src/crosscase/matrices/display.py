"""From the long tables of this package to the one shape in which matrices are drawn and printed."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.frames import need
from crosscase.terms import DIRECTED

COLUMNS = ["row", "column", "state", "value", "k", "n", "valence", "segments", "group_segments"]
_FIRST = sorted(DIRECTED, key=lambda valence: valence == "neutral")
"""Which direction a cell shows where it has several: neutral gives way to each other."""


def as_cells(
    frame: pd.DataFrame,
    row: str,
    column: str,
    *,
    value: str = "n_segments",
    rows: Iterable[str] | None = None,
    columns: Iterable[str] | None = None,
    used_rows: bool = False,
    used_columns: bool = False,
) -> pd.DataFrame:
    """Return a long matrix in the shape in which figures and the book show it.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per cell with the columns named by `row` and `column`, a `state` or a number in `value`, and where
        they are known `k`, `n`, `valence` (or counts `n_inhibits`, `n_promotes` ...), `segments` and `group_segments`.
    row, column : str
        Columns of the frame that become rows and columns of the matrix; cells without either are left out.
    value : str
        Column of the number that a present cell shows.
    rows, columns : iterable of str, optional
        Only these ids, in this order.
    used_rows, used_columns : bool
        Leave out rows or columns in which nothing is present or known as a count.

    Returns
    -------
    pandas.DataFrame
        `row, column, state, value, k, n, valence, segments, group_segments`. Without a `state`, a number above zero is
        present and zero is absent. `valence` is the one direction of the cell; inhibits beside promotes is ambivalent.

    Examples
    --------
    >>> frame = pd.DataFrame({"case": ["a", "b"], "code": "trust", "state": ["present", "not_stated"],
    ...     "n_segments": [2, 0], "n_inhibits": [1, 0], "n_promotes": [1, 0]})
    >>> as_cells(frame, "case", "code")[["row", "column", "state", "value", "valence"]].values.tolist()
    [['a', 'trust', 'present', 2, 'ambivalent'], ['b', 'trust', 'not_stated', 0, None]]
    """
    check_arguments(as_cells, locals())
    need(frame, [row, column], "matrix")
    out = frame.dropna(subset=[row, column]).rename(columns={row: "row", column: "column"})
    out["value"] = out.get(value, pd.NA)
    if "state" not in out:
        out["state"] = out["value"].gt(0).map({True: "present", False: "absent"})
    if "valence" not in out:
        out["valence"] = _valences(out)
    for name in COLUMNS:
        if name not in out:
            out[name] = pd.NA
    out = _chosen(_chosen(out, "row", rows), "column", columns)
    known = out["state"].isin(["present", "count"])
    if used_rows:
        out = out[out["row"].isin(out.loc[known, "row"])]
    if used_columns:
        out = out[out["column"].isin(out.loc[known, "column"])]
    return out[COLUMNS].reset_index(drop=True)


def _chosen(frame: pd.DataFrame, axis: str, ids: Iterable[str] | None) -> pd.DataFrame:
    if ids is None:
        return frame
    place = {name: number for number, name in enumerate(ids)}
    kept = frame[frame[axis].isin(place)]
    return kept.sort_values(axis, key=lambda c: c.map(place), kind="stable")


def _valences(frame: pd.DataFrame) -> pd.Series:
    """Name the one direction of each cell from its counts per valence."""
    found = {name: frame[f"n_{name}"].fillna(0).gt(0) for name in _FIRST if f"n_{name}" in frame}
    out = pd.Series([None] * len(frame), index=frame.index, dtype="object")
    for name in reversed(_FIRST):
        if name in found:
            out[found[name]] = name
    if "inhibits" in found and "promotes" in found:
        out[found["inhibits"] & found["promotes"]] = "ambivalent"
    return out


def known_only(frame: pd.DataFrame, value: str) -> pd.DataFrame:
    """Return a long matrix in which the number of a cell that is not stated is undefined instead of zero.

    Examples
    --------
    >>> frame = pd.DataFrame({"state": ["absent", "not_stated"], "n": [0, 0]})
    >>> known_only(frame, "n")["n"].tolist()
    [0.0, nan]
    """
    check_arguments(known_only, locals())
    need(frame, ["state", value], "matrix")
    return frame.assign(**{value: frame[value].where(frame["state"].ne("not_stated")).astype("float64")})
