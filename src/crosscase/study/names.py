"""Names in the place of neutral ids, wherever one stands in a frame: each stands for one thing."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd


def with_names(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return a frame with names for ids in its cells, in lists in cells, and in headings.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any table.
    names : mapping of str to str
        Neutral id -> what a reader should see; without any, the frame stays as it is.

    Examples
    --------
    >>> with_names(pd.DataFrame({"coders": ["c1; c2"], "share_c1": [0.5]}), {"c1": "ann"}).to_dict("list")
    {'coders': ['ann; c2'], 'share_ann': [0.5]}
    """
    if not names:
        return frame
    out = frame.copy()
    out.columns = pd.Index([_heading(each, names) if isinstance(each, str) else each for each in frame.columns])
    for number in range(out.shape[1]):
        cells = out.iloc[:, number]
        if cells.dtype == "str" or cells.dtype == "object":
            known = {cell: _cell(cell, names) for cell in cells if isinstance(cell, str)}
            out.isetitem(number, [known.get(cell, cell) if isinstance(cell, str) else cell for cell in cells])
    return out


def _heading(column: str, names: Mapping[str, str]) -> str:
    stem, mark, last = column.rpartition("_")
    return f"{stem}{mark}{names[last]}" if last in names else column


def _cell(cell: str, names: Mapping[str, str]) -> str:
    """Return a cell with names for ids: one, or several joined."""
    if cell in names:
        return names[cell]
    for join in ("; ", ";"):
        if join in cell:
            return join.join(names.get(part, part) for part in cell.split(join))
    return cell
