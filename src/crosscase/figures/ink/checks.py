"""Refuse frames that a figure cannot draw, with all problems at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from crosscase import frames
from crosscase.errors import CrosscaseError, Problem

Order = Sequence[str] | Mapping[str, str] | None
"""Ids in drawing order, or id -> label; in order of appearance where it is None."""


def need(
    frame: pd.DataFrame,
    columns: Sequence[str],
    where: str,
    allowed: Mapping[str, Iterable[str]] | None = None,
    *,
    keys: Sequence[str] = (),
) -> pd.DataFrame:
    """Return the frame with a fresh index where it has the columns, only known values in them, and no row twice.

    Parameters
    ----------
    frame : DataFrame
        What is to be drawn.
    columns : sequence of str
        Columns that must be there.
    where : str
        Name of the figure, for messages.
    allowed : mapping of str to iterable of str, optional
        Column -> values it may hold; null is passed over.
    keys : sequence of str
        Columns of which no two rows may hold the same.

    Raises
    ------
    CrosscaseError
        With one problem per missing column and per column with unknown values, or for two rows with the same keys.

    Examples
    --------
    >>> need(pd.DataFrame({"case": ["a"]}), ["case"], "demo")
      case
    0    a
    """
    frames.need(frame, columns, f"figure {where}", allowed)
    frame = frame.reset_index(drop=True)
    if keys:
        no_duplicates(frame, keys, where)
    return frame


def no_duplicates(frame: pd.DataFrame, keys: Sequence[str], where: str) -> None:
    """Refuse two rows for one place of the figure.

    Raises
    ------
    CrosscaseError
        Naming the first places that are taken twice.

    Examples
    --------
    >>> no_duplicates(pd.DataFrame({"row": ["a", "b"]}), ["row"], "demo")
    """
    double = frame[frame.duplicated(list(keys))]
    if len(double):
        found = "; ".join(", ".join(str(row[key]) for key in keys) for _, row in double.head(3).iterrows())
        rule, remedy = f"one row per {' and '.join(keys)}", "add the rows up or drop one before drawing"
        raise CrosscaseError(Problem(f"figure {where}", rule, f"{len(double)} more, first {found}", remedy=remedy))


def labelled(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the frame with a text in `label` in every row: its own, or what the column `name` calls it."""
    return frame.assign(label=(frame["label"] if "label" in frame else frame[name]).astype(str))


def labels_of(order: Order, present: Iterable[object]) -> dict[str, str]:
    """Return id -> label in drawing order: as given, or in order of appearance.

    Examples
    --------
    >>> labels_of(None, ["b", "a", "b"])
    {'b': 'b', 'a': 'a'}
    >>> labels_of({"a": "Region A"}, ["a"])
    {'a': 'Region A'}
    """
    if order is None:
        return {str(item): str(item) for item in dict.fromkeys(present)}
    if isinstance(order, Mapping):
        return {str(key): str(label) for key, label in order.items()}
    return {str(item): str(item) for item in order}


def listed(words: Sequence[str], limit: int = 0) -> str:
    """Join words as in a sentence; beyond `limit` (0: none) the rest is counted.

    Examples
    --------
    >>> listed(["a", "b", "c"])
    'a, b and c'
    >>> listed(["a", "b", "c"], limit=2)
    'a, b and 1 more'
    """
    shown = list(words)
    if limit and len(shown) > limit:
        shown = [*shown[:limit], f"{len(shown) - limit} more"]
    if len(shown) < 2:
        return "".join(shown)
    return ", ".join(shown[:-1]) + " and " + shown[-1]


def plural(count: int, noun: str, many: str = "") -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> plural(1, "case"), plural(2, "study"), plural(0, "stimulus", "stimuli")
    ('1 case', '2 studies', '0 stimuli')
    """
    regular = f"{noun[:-1]}ies" if re.search("[^aeiou]y$", noun) else f"{noun}s"
    return f"{count} {noun if count == 1 else (many or regular)}"


def number(value: object) -> str:
    """Return a number as printed in a figure: whole numbers without decimals, others with up to three digits.

    Examples
    --------
    >>> number(90.5), number(21.0)
    ('90.5', '21')
    """
    if value is None or (isinstance(value, float) and value != value) or value is pd.NA:
        return "?"
    real = float(value)  # type: ignore[arg-type]
    return f"{real:.0f}" if real.is_integer() else f"{real:.3g}" if abs(real) < 1000 else f"{real:.1f}"
