"""Read judgements from what people have: frames, arrays, lists; units x coders, counts, or a crosstab."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from numbers import Number, Real
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from crosscase.agreement.judgements.ratings import Ratings
from crosscase.errors import CrosscaseError, Problem, raise_if

LAYOUTS = ("ratings", "counts", "crosstab")
CELLS = "0, 1, 2 and so on"
#: beyond it floats run two whole numbers together
EXACT = 2**53
Documents: TypeAlias = str | Sequence[Hashable] | np.ndarray | pd.Series | pd.Index | None
"""Document of each unit, or the column that names it."""


def read_ratings(
    data: Any, layout: str = "ratings", categories: Sequence[Hashable] | None = None, documents: Documents = None
) -> Ratings:
    """Read judgements from a frame and check them.

    Parameters
    ----------
    data : DataFrame, 2-d array or list of rows
        `ratings`: units x coders, missing NaN. `counts`: units x categories, how many coders chose each.
        `crosstab`: rows the first coder's category, columns the second's, cells numbers of units; a category that
        one of them never used may be absent on that side.
    layout : {"ratings", "counts", "crosstab"}
        What the frame holds.
    categories : sequence, optional
        All categories a coder could choose, in order; without it those that occur, numbers in their own order. For a
        table without names its rows and columns in order.
    documents : sequence or str, optional
        Document of each row, or the column that names it; without it the index level `document`, if there is one.

    Returns
    -------
    Ratings

    Raises
    ------
    CrosscaseError
        For an unknown layout, mixed types, unknown categories, an empty frame.

    Examples
    --------
    >>> read_ratings([["a", "a"], ["a", "b"]]).categories
    ('a', 'b')
    """
    if layout not in LAYOUTS:
        raise CrosscaseError(
            Problem("layout", "unknown layout", repr(layout), ", ".join(LAYOUTS), "name what it holds")
        )
    frame = as_frame(data, {"counts": "units x categories", "crosstab": "square"}.get(layout, "units x coders"))
    names = _declared(categories)
    if layout == "crosstab":
        return _read_crosstab(frame, names)
    frame, documents = _split_documents(frame, documents)
    groups = document_numbers(frame, documents)
    ones = np.ones(len(frame))
    if layout == "counts":
        frame, found = _named(frame, names)
        return Ratings(None, _whole_numbers(frame, "counts"), ones, found, (), groups)
    codes, found, ordered = _category_numbers(frame, names)
    return Ratings(codes, None, ones, found, tuple(frame.columns), groups, ordered)


def as_frame(data: Any, shape: str) -> pd.DataFrame:
    """Return two-dimensional data as a frame with distinct column names; `shape` says in words what it should be.

    Refused are one column of values, text, three dimensions, and columns of one name.

    Examples
    --------
    >>> as_frame([[1, 2], [3, 4]], "units x coders").shape
    (2, 2)
    """
    frame = data
    if not isinstance(data, pd.DataFrame):
        rule = f"a table in two dimensions: {shape}"
        if _one_row(data):
            remedy = "put the coders side by side, as columns of one frame"
            raise CrosscaseError(Problem("data", rule, "one row of values", remedy=remedy))
        try:
            frame = pd.DataFrame(_same_length(data))
            if not hasattr(data, "dtype") and _beyond_exact(frame):
                # a missing cell made floats of whole numbers: take the cells as they were given
                frame = pd.DataFrame(data, dtype=object)
        except (TypeError, ValueError) as error:
            found = type(data).__name__
            raise CrosscaseError(Problem("data", rule, found, "a frame, a 2-d array, a list of rows")) from error
    if frame.shape[1] == 0 or frame.columns.has_duplicates:
        twice = ", ".join(map(str, frame.columns[frame.columns.duplicated()])) or "no column"
        raise CrosscaseError(
            Problem("data, columns", "columns are named, each once", twice, remedy="name the columns apart")
        )
    return frame


def _same_length(data: Any) -> Any:
    """Refuse rows of several lengths, which a frame would fill up."""
    if isinstance(data, (list, tuple)) and len({len(row) for row in data if isinstance(row, (list, tuple))}) > 1:
        raise ValueError("rows of several lengths")
    return data


def document_numbers(frame: pd.DataFrame, documents: Documents) -> np.ndarray | None:
    """Return the number of each row's document, by default of the index level `document`; None where none are known.

    Refused are a wrong number of documents, and rows without one.
    """
    if documents is None:
        if "document" not in frame.index.names:
            return None
        values = frame.index.get_level_values("document")
    else:
        values = documents
        if len(values) != len(frame) or getattr(values, "ndim", 1) != 1:
            raise CrosscaseError(Problem("documents", "one document per unit", f"{len(values)} for {len(frame)} units"))
    numbers, _ = pd.factorize(pd.Index(values), sort=True)
    if (numbers < 0).any():
        raise CrosscaseError(Problem("documents", "each unit names its document", f"{(numbers < 0).sum()} missing"))
    return numbers


def plain(value: Any) -> Any:
    """Return a category as Python has it: a whole number as int, whatever the column made of it."""
    value = value.item() if isinstance(value, np.generic) else value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def numbers_where_possible(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose columns of mere objects are numbers wherever all their cells are.

    Examples
    --------
    >>> numbers_where_possible(pd.DataFrame({"x": [1, None], "y": ["a", 2]}, dtype=object)).dtypes.astype(str).tolist()
    ['float64', 'object']
    """
    out = frame.copy()
    for name in frame.columns:
        if not pd.api.types.is_object_dtype(frame[name]):
            continue
        if frame[name].dropna().map(lambda value: isinstance(value, Number)).all():
            out[name] = pd.to_numeric(frame[name])
    return out


def _beyond_exact(frame: pd.DataFrame) -> bool:
    """Whether a column of numbers holds some that a float cannot tell from their neighbours."""
    columns = [frame.iloc[:, place] for place in range(frame.shape[1])]
    numbers = [each[each.notna()] for each in columns if pd.api.types.is_numeric_dtype(each)]
    return any(
        bool(((each >= EXACT) & (each != np.inf) | (each <= -EXACT) & (each != -np.inf)).any()) for each in numbers
    )


def _one_row(data: Any) -> bool:
    """Whether the data are mere values in a row: a series, a one-dimensional array, a list of values."""
    if isinstance(data, (list, tuple)):
        nested = (list, tuple, dict, np.ndarray, pd.Series)
        return len(data) > 0 and not any(isinstance(row, nested) for row in data)
    return isinstance(data, (pd.Series, np.ndarray)) and data.ndim == 1


def _declared(categories: Sequence[Hashable] | None) -> tuple[Hashable, ...] | None:
    if categories is None:
        return None
    names = tuple(plain(name) for name in categories)
    if len(set(names)) != len(names):
        raise CrosscaseError(Problem("categories", "each category once", str(list(names))))
    return names


def _split_documents(frame: pd.DataFrame, documents: Documents) -> tuple[pd.DataFrame, Any]:
    if not isinstance(documents, str):
        return frame, documents
    if documents not in frame.columns:
        found = ", ".join(map(str, frame.columns))
        raise CrosscaseError(Problem("documents", "a column of the frame, or one document per unit", documents, found))
    return frame.drop(columns=documents), frame[documents]


def _named(frame: pd.DataFrame, names: tuple[Hashable, ...] | None) -> tuple[pd.DataFrame, tuple[Hashable, ...]]:
    """Columns in the order of the declared categories, by name, or by place where the frame has no names.

    Without declared categories numbers stand in their own order, words as they came.
    """
    own = tuple(plain(name) for name in frame.columns)
    frame = frame.set_axis(list(own), axis=1)
    if names is None:
        names = tuple(sorted(own)) if all(isinstance(name, Real) for name in own) else own
    if set(own) <= set(names):
        return frame.reindex(columns=list(names), fill_value=0), names
    if own == tuple(range(len(names))):
        return frame.set_axis(list(names), axis=1), names
    raise _unknown([name for name in own if name not in names], names)


def _whole_numbers(frame: pd.DataFrame, what: str) -> np.ndarray:
    frame = numbers_where_possible(frame)
    raise_if([
        Problem(f"{what}, column {name!s}", "numbers of judgements", str(frame[name].dtype), CELLS, "recount")
        for name in frame.columns
        if not pd.api.types.is_numeric_dtype(frame[name])
    ])  # fmt: skip
    values = frame.to_numpy(float, na_value=np.nan)
    kinds = {"empty": np.isnan(values), "infinite": np.isinf(values), "negative": values < 0}
    kinds["broken"] = np.isfinite(values) & (values != np.round(values))
    found = ", ".join(f"{int(wrong.sum())} {kind}" for kind, wrong in kinds.items() if wrong.any())
    if values.size == 0 or found:
        remedy = "for a table of proportions multiply by the number of units; write 0 where nobody chose a category"
        raise CrosscaseError(Problem(what, "cells are whole numbers", found or "no cell", CELLS, remedy))
    return values


def _read_crosstab(frame: pd.DataFrame, names: tuple[Hashable, ...] | None) -> Ratings:
    frame, certain = _square(frame, names)
    frame, found = _named(frame, names)
    frame = frame.set_axis([plain(name) for name in frame.index], axis=0)
    if names is not None:
        by_place = tuple(frame.index) == tuple(range(len(names))) and not set(frame.index) <= set(names)
        rows = frame.set_axis(list(names), axis=0) if by_place else frame
        frame = rows.reindex(index=list(names), fill_value=0)
    cells = _whole_numbers(frame.reindex(index=list(found)), "crosstab")
    _refuse_margins(cells, found)
    q = len(found)
    pairs = np.column_stack([np.repeat(np.arange(q), q), np.tile(np.arange(q), q)])[cells.ravel() > 0]
    if len(pairs) == 0:
        raise CrosscaseError(Problem("crosstab", "at least one unit", "zeros only"))
    return Ratings(pairs, None, cells[cells > 0], found, ("first", "second"), None, certain or names is not None)


def _square(frame: pd.DataFrame, names: tuple[Hashable, ...] | None) -> tuple[pd.DataFrame, bool]:
    """Return a crosstab with the same categories on both sides, and whether their order is beyond doubt."""
    rows, columns = (isinstance(axis, pd.RangeIndex) for axis in (frame.index, frame.columns))
    if (rows and columns) or (frame.shape[0] == frame.shape[1] and (rows or columns)):
        if frame.shape[0] != frame.shape[1]:
            raise CrosscaseError(Problem("crosstab", "as many rows as columns", f"{frame.shape[0]} x {frame.shape[1]}"))
        if rows != columns:
            frame = frame.set_axis(frame.columns, axis=0) if rows else frame.set_axis(frame.index, axis=1)
        return frame, True
    if frame.index.has_duplicates:
        twice = ", ".join(map(str, frame.index[frame.index.duplicated()]))
        raise CrosscaseError(Problem("crosstab", "each category has one row", f"{twice} more than once"))
    if set(frame.index) == set(frame.columns):
        return frame[list(frame.index)], True
    if not set(frame.index) & set(frame.columns):
        found = f"{list(frame.index)}, {list(frame.columns)}"
        raise CrosscaseError(Problem("crosstab", "rows and columns name the same categories", found))
    every = [*frame.index, *(name for name in frame.columns if name not in set(frame.index))]
    if numeric := all(isinstance(name, Real) for name in every):
        every.sort()
    within = set(frame.columns) <= set(frame.index) or numeric
    return frame.reindex(index=every, columns=every, fill_value=0), within


def _refuse_margins(cells: np.ndarray, names: tuple[Hashable, ...]) -> None:
    inner = cells[:-1, :-1]
    if len(cells) < 3 or not inner.any():
        return
    if (cells[-1, :-1] == inner.sum(axis=0)).all() and (cells[:-1, -1] == inner.sum(axis=1)).all():
        found = f"{names[-1]!r} holds the sums of the others"
        raise CrosscaseError(Problem("crosstab", "cells without margins", found, remedy="leave out the sums"))


def _category_numbers(
    frame: pd.DataFrame, names: tuple[Hashable, ...] | None
) -> tuple[np.ndarray, tuple[Hashable, ...], bool]:
    columns = [frame.iloc[:, place] for place in range(frame.shape[1])]
    ordered = True
    if all(pd.api.types.is_numeric_dtype(column) for column in columns):
        values: np.ndarray = frame.to_numpy(dtype=float, na_value=np.nan)
        if np.isinf(values).any():
            raise CrosscaseError(Problem("ratings", "finite numbers", f"{np.isinf(values).sum()} infinite values"))
        if _beyond_exact(frame):
            values = frame.astype(object).to_numpy()
    else:
        numeric = _refuse_mixed(frame)
        values = frame.astype(object).to_numpy()
        if names is None and all(isinstance(column.dtype, pd.CategoricalDtype) for column in columns):
            kinds = [tuple(plain(name) for name in column.cat.categories) for column in columns]
            names = kinds[0] if len(set(kinds)) == 1 else None
            ordered = names is not None and all(column.cat.ordered for column in columns)
        else:
            ordered = names is not None
        ordered = ordered or numeric
    flat, found = pd.factorize(values.ravel(), sort=True)
    codes = flat.reshape(values.shape)
    seen = [plain(value) for value in found]
    if names is None:
        return codes, tuple(seen), ordered
    if unknown := [value for value in seen if value not in names]:
        raise _unknown(unknown, names)
    place = np.array([names.index(value) for value in seen] + [-1])
    return place[codes], names, ordered


def _unknown(unknown: Sequence[Hashable], names: Sequence[Hashable]) -> CrosscaseError:
    return CrosscaseError(
        Problem("categories", "judgements use the declared categories", str(unknown), str(list(names)),
                "declare them, or correct the judgements")
    )  # fmt: skip


def _refuse_mixed(frame: pd.DataFrame) -> bool:
    """Refuse columns of mixed kinds, sets and empty texts; return whether all judgements are numbers."""
    kinds: dict[str, list[str]] = {}
    wrong = []
    for place, name in enumerate(frame.columns):
        try:
            values = frame.iloc[:, place].dropna().unique()
        except TypeError as error:
            remedy = "for several codes on a unit use mv_alpha, jaccard_alpha or masi_alpha"
            raise CrosscaseError(
                Problem(f"column {name!s}", "one category per judgement", "sets or lists", remedy=remedy)
            ) from error
        for value in values:
            number = isinstance(value, (Number, np.bool_))  # a column of yes and no without a gap holds numpy's own
            kind = "numbers" if number else "text" if isinstance(value, str) else type(value).__name__
            kinds.setdefault(kind, []).append(str(name))
        if any(isinstance(value, float) and math.isinf(value) for value in values):
            wrong.append(Problem(f"column {name!s}", "finite numbers", "infinite values"))
        if any(isinstance(value, str) and not value.strip() for value in values):
            wrong.append(Problem(f"column {name!s}", "a judgement is a category or missing", "an empty text", "NaN",
                                 "write NaN where the coder did not judge"))  # fmt: skip
    raise_if(wrong)
    if len(kinds) > 1:
        found = "; ".join(f"{kind} in {', '.join(sorted(set(where)))}" for kind, where in sorted(kinds.items()))
        raise CrosscaseError(
            Problem("ratings", "categories are of one type", found, "all numbers or all text", "convert one of them")
        )
    return set(kinds) <= {"numbers"}
