"""Names in the place of neutral ids, wherever one stands in a frame: each stands for one thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pandas as pd

MOST_ABOVE = 20


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


def told_apart(labels: Mapping[str, str], parents: Mapping[str, object] | None = None) -> dict[str, str]:
    """Return id -> label in which no label stands twice: with the labels above it, else with the id behind it.

    Parameters
    ----------
    labels : mapping of str to str
        Id -> label.
    parents : mapping of str to str, optional
        Id -> id of what stands above it.

    Examples
    --------
    >>> told_apart({"a": "Other", "b": "Other", "home": "Home", "work": "Work"}, {"a": "home", "b": "work"})
    {'a': 'Home > Other', 'b': 'Work > Other', 'home': 'Home', 'work': 'Work'}
    >>> told_apart({"a": "Other", "b": "Other"})
    {'a': 'Other (a)', 'b': 'Other (b)'}
    """
    shown, above = dict(labels), {id: (parents or {}).get(id) for id in labels}
    for _ in range(MOST_ABOVE):
        twice = _twice(shown)
        if not (higher := [id for id in twice if above[id] in labels]):
            break
        for id in higher:
            shown[id] = f"{labels[above[id]]} > {shown[id]}"  # type: ignore[index]
            above[id] = (parents or {}).get(str(above[id]))
    return shown | {id: f"{shown[id]} ({id})" for id in _twice(shown)}


def _twice(labels: Mapping[str, str]) -> list[str]:
    counted = Counter(labels.values())
    return [id for id, label in labels.items() if isinstance(label, str) and counted[label] > 1]
