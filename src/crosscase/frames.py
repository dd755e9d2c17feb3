"""What every function asks of the frames and options that it is given, refused with all problems at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from numbers import Number

import numpy as np
import pandas as pd

from crosscase.errors import CrosscaseError, Problem, raise_if

NUMBERS = {"start", "end", "code_points", "k", "n", "since", "version", "in_degree", "out_degree"}
"""Columns that hold finite numbers, in whatever table; so do those that begin with `n_`."""
TRUTHS = {"reported", "directed", "isolated", "reconciled", "filled"}
"""Columns that say yes or no."""


def need(
    frame: pd.DataFrame, columns: Iterable[str], place: str, allowed: Mapping[str, Iterable[str]] | None = None
) -> None:
    """Refuse a frame that lacks columns, or that holds unknown words in a column of a closed list.

    Parameters
    ----------
    frame : DataFrame
        What was given.
    columns : iterable of str
        Columns that must be there.
    place : str
        What the frame is called in messages, such as `codings`.
    allowed : mapping of str to iterable of str, optional
        Column -> words it may hold; null is passed over, and so is a column that is not there.

    Raises
    ------
    CrosscaseError
        With one problem per missing column and per column with unknown words.

    Examples
    --------
    >>> need(pd.DataFrame({"case": ["a"]}), ["case"], "cases")
    >>> need(pd.DataFrame({"case": ["a"]}), ["case", "kind"], "cases")
    Traceback (most recent call last):
    crosscase.errors.CrosscaseError: cases, column kind: needs the column kind; found columns case. Next: add it, or \
rename the column that holds it
    """
    if not isinstance(frame, pd.DataFrame):
        raise CrosscaseError(Problem(place, "a pandas DataFrame is needed", type(frame).__name__))
    have = f"columns {', '.join(map(str, frame.columns))}" if len(frame.columns) else "no column"
    remedy = "add it, or rename the column that holds it"
    problems = [
        Problem(f"{place}, column {name}", f"needs the column {name}", have, remedy=remedy)
        for name in columns
        if name not in frame.columns
    ]
    for name, words in (allowed or {}).items():
        known = list(words)
        if name in frame.columns and (strange := sorted({str(v) for v in frame[name].dropna()} - set(known))):
            found = ", ".join(map(repr, strange))
            problems.append(
                Problem(f"{place}, column {name}", "only known words", found, ", ".join(known), "correct them")
            )
    raise_if(problems)


def cell_problems(frame: pd.DataFrame, place: str) -> list[Problem]:
    """Return what is wrong with the columns of a frame, whoever asks: doubled ones, and cells that fit no other.

    A column stands once. Its cells are of one kind: numbers, texts, dates; empty ones are passed over. What a column
    is called says more: offsets and counts (`start`, `n_...`) are finite numbers, and some are yes or
    no (`reported`, `directed`).

    Examples
    --------
    >>> cell_problems(pd.DataFrame({"case": ["a", 1], "start": [0, None]}), "codings")[0].found
    'numbers and texts'
    """
    if not frame.columns.is_unique:
        twice = ", ".join(sorted({str(name) for name in frame.columns[frame.columns.duplicated()]}))
        return [Problem(place, "each column stands once", f"{twice} twice or more", remedy="rename one of them")]
    problems = []
    for name, cells in frame.items():
        rule, found = _cells(name, cells)
        if found:
            problems.append(Problem(f"{place}, column {name}", rule, found, remedy="correct them"))
    return problems


def _cells(name: object, cells: pd.Series) -> tuple[str, str]:
    """Return the rule of a column and what breaks it; the latter is empty where nothing does."""
    counted = isinstance(name, str) and (name in NUMBERS or name.startswith("n_"))
    kinds = _kinds(cells)
    if name in TRUTHS and not kinds <= {"yes or no"}:
        return "cells are true or false", " and ".join(sorted(kinds))
    if counted and kinds:
        if kinds != {"numbers"}:
            return "cells are numbers", " and ".join(sorted(kinds))
        if bool(np.isinf(pd.to_numeric(cells).to_numpy(dtype=float, na_value=np.nan)).any()):
            return "cells are finite numbers", "infinite ones"
    if len(kinds - {"yes or no"}) > 1 or ("yes or no" in kinds and kinds - {"yes or no", "numbers"}):
        return "cells are of one kind", " and ".join(sorted(kinds))
    return "", ""


def _kinds(cells: pd.Series) -> set[str]:
    """Return what the cells of a column are: numbers, texts, dates, yes or no, or a type by its name."""
    kind = cells.dtype
    if isinstance(kind, pd.CategoricalDtype):
        kind = kind.categories.dtype
    if pd.api.types.is_bool_dtype(kind):
        return {"yes or no"} if cells.notna().any() else set()
    if pd.api.types.is_numeric_dtype(kind):
        return {"numbers"} if cells.notna().any() else set()
    if isinstance(kind, pd.StringDtype):
        return {"texts"} if cells.notna().any() else set()
    if not pd.api.types.is_object_dtype(kind):
        return {"dates"} if cells.notna().any() else set()
    found = set(map(type, cells)) - {type(None), type(pd.NA), type(pd.NaT)}
    if float in found and all(cell != cell for cell in cells if isinstance(cell, float)):
        found.discard(float)
    return {_kind(each) for each in found}


def _kind(of: type) -> str:
    if issubclass(of, str):
        return "texts"
    if issubclass(of, (bool, np.bool_)):
        return "yes or no"
    if issubclass(of, Number):
        return "numbers"
    return "dates" if issubclass(of, (date, np.datetime64)) else of.__name__


def choice(value: object, allowed: Iterable[object], place: str) -> None:
    """Refuse an option that is not known."""
    options = list(allowed)
    if value not in options:
        raise CrosscaseError(
            Problem(place, "is not a known option", repr(value), ", ".join(map(repr, options)), "use one of these")
        )


def ordered(values: Iterable[object]) -> list[str]:
    """Return distinct non-null values as text, in order of first appearance."""
    return list(dict.fromkeys(str(value) for value in values if not pd.isna(value) and str(value) != ""))


def known(values: pd.Series, table: pd.DataFrame, column: str, place: str) -> None:
    """Refuse ids that the table of cases, roles or themes does not hold."""
    unknown = sorted(set(ordered(values)) - set(ordered(table[column])))
    raise_if(
        [
            Problem(
                f"{place}, column {column}",
                f"the {column} must stand in the table of {column}s",
                repr(item),
                remedy=f"add it to the table of {column}s or correct it",
            )
            for item in unknown
        ]
    )
