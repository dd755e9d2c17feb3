"""What every function asks of the frames and options that it is given, refused with all problems at once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from numbers import Number
from typing import Any

import numpy as np
import pandas as pd

from crosscase.errors import CrosscaseError, Problem, raise_if, shown

NUMBERS = {"start", "end", "code_points", "k", "n", "since", "version", "in_degree", "out_degree"}
TEXTS = {"label", "memo", "spans", "sector", "confidence", "direction", "sign", "role_mode", "kind", "state", "status"}
"""Columns that hold words."""
"""Columns that hold finite numbers, in whatever table; so do those that begin with `n_`."""
TRUTHS = {"reported", "directed", "isolated", "covered", "reconciled", "filled"}
"""Columns that say yes or no."""
EXACT = 2**53
"""Beyond it a number no longer tells whole numbers apart."""


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
    problems = missing_columns(frame, columns, place)
    for name, words in (allowed or {}).items():
        known = list(words)
        if name in frame.columns and (strange := sorted({str(v) for v in frame[name].dropna()} - set(known))):
            found = ", ".join(map(repr, strange))
            problems.append(
                Problem(f"{place}, column {name}", "only known words", found, ", ".join(known), "correct them")
            )
    raise_if(problems)


def missing_columns(frame: pd.DataFrame, columns: Iterable[str], place: str) -> list[Problem]:
    """Return one problem for each column that a frame lacks.

    Examples
    --------
    >>> [problem.place for problem in missing_columns(pd.DataFrame({"case": ["a"]}), ["case", "kind"], "cases")]
    ['cases, column kind']
    """
    have = f"columns {', '.join(map(str, frame.columns))}" if len(frame.columns) else "no column"
    remedy = "add it, or rename the column that holds it"
    return [
        Problem(f"{place}, column {name}", f"needs the column {name}", have, remedy=remedy)
        for name in columns
        if name not in frame.columns
    ]


def series_problems(values: pd.Series, place: str) -> list[Problem]:
    """Return what is wrong with values by name: a name that stands twice, values of several kinds.

    Examples
    --------
    >>> series_problems(pd.Series(["high", "low"], index=["a", "a"]), "groups")[0].found
    "'a'"
    """
    if not values.index.is_unique:
        twice = ", ".join(sorted({repr(name) for name in values.index[values.index.duplicated()]}))
        return [Problem(place, "one value for each", twice, remedy="keep one of them")]
    rule, found = _cells(None, values)
    return [Problem(place, rule, found, remedy="correct them")] if found else []


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
    if isinstance(frame.columns, pd.MultiIndex):
        found = f"names on {frame.columns.nlevels} levels"
        return [Problem(place, "each column has one name", found, remedy="flatten the columns")]
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
        largest = np.abs(pd.to_numeric(cells).to_numpy(dtype=float, na_value=np.nan))
        if bool((largest > EXACT).any()):
            return "cells are finite numbers", f"{np.nanmax(largest):g}"
    if name in TEXTS and not kinds <= {"texts"}:
        return "cells are texts", " and ".join(sorted(kinds))
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
    if not isinstance(value, Hashable) or value not in options:
        raise CrosscaseError(
            Problem(place, "is not a known option", repr(value), ", ".join(map(repr, options)), "use one of these")
        )


def one_row(frame: pd.DataFrame, column: str, place: str) -> None:
    """Refuse a table in which a name that others look up has two rows, or none that could be looked up.

    Examples
    --------
    >>> one_row(pd.DataFrame({"role": ["nurse", "manager"]}), "role", "roles")
    """
    names = frame[column]
    rule, remedy = f"each {column} has one row", "keep one"
    twice = ordered(names[names.duplicated() & names.notna()])
    problems = [Problem(f"{place}, {column} {name!r}", rule, "two or more", remedy=remedy) for name in twice]
    if names.isna().sum() > 1:
        problems.append(Problem(f"{place}, column {column}", rule, "two or more without a name", remedy="name them"))
    raise_if(problems)


def one_cell(frame: pd.DataFrame, names: list[str], place: str) -> None:
    """Refuse a long table in which a cell of the matrix that it stands for has two rows.

    Examples
    --------
    >>> one_cell(pd.DataFrame({"case": ["a", "a"], "theme": ["t", "u"]}), ["case", "theme"], "cells")
    """
    twice = frame[frame.duplicated(names)]
    if len(twice):
        found = f"two or more for {', '.join(map(str, twice[names].iloc[0]))}"
        raise CrosscaseError(Problem(place, f"one row for each {' and '.join(names)}", found, remedy="keep one"))


def whole_numbers(frame: pd.DataFrame, column: str, place: str) -> None:
    """Refuse a column of counts that holds fractions.

    Examples
    --------
    >>> whole_numbers(pd.DataFrame({"k": [1, None]}), "k", "cases")
    """
    numbers(frame, [column], place)
    parts = pd.to_numeric(frame[column]).to_numpy(dtype=float, na_value=0.0) % 1 != 0
    if parts.any():
        found = shown(frame.loc[parts, column].tolist())
        raise CrosscaseError(Problem(f"{place}, column {column}", "cells are whole numbers", found, remedy="recount"))


def stated(frame: pd.DataFrame, columns: Iterable[str], place: str) -> None:
    """Refuse columns of yes and no in which a cell is empty, or says something else.

    Examples
    --------
    >>> stated(pd.DataFrame({"reported": [True, False]}), ["reported"], "cells")
    """
    raise_if([
        Problem(f"{place}, column {name}", "each cell is true or false", shown(frame[name].tolist()), remedy="fill it")
        for name in columns
        if frame[name].isna().any() or not _kinds(frame[name]) <= {"yes or no"}
    ])  # fmt: skip


def numbers(frame: pd.DataFrame, columns: Iterable[str], place: str) -> None:
    """Refuse columns that hold something else than finite numbers and empty cells.

    Examples
    --------
    >>> numbers(pd.DataFrame({"order": [1, None]}), ["order"], "themes")
    """
    problems = []
    for name in columns:
        found = _kinds(frame[name])
        if found - {"numbers"}:
            problems.append(Problem(f"{place}, column {name}", "cells are numbers", " and ".join(sorted(found))))
        elif found and np.isinf(pd.to_numeric(frame[name]).to_numpy(dtype=float, na_value=np.nan)).any():
            problems.append(Problem(f"{place}, column {name}", "cells are finite numbers", "infinite ones"))
    raise_if(problems)


def merged(left: pd.DataFrame, right: pd.DataFrame, on: list[str], **how: Any) -> pd.DataFrame:
    """Merge two frames by names, whatever type each of them keeps its names in: "1" and 1 stay two.

    Examples
    --------
    >>> merged(pd.DataFrame({"case": [1]}), pd.DataFrame({"case": ["1"]}), ["case"], how="outer")["case"].tolist()
    [1, '1']
    """
    if all(left[name].dtype == right[name].dtype for name in on):
        return left.merge(right, on=on, **how)
    return left.astype(dict.fromkeys(on, object)).merge(right.astype(dict.fromkeys(on, object)), on=on, **how)


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
