"""Judgements as the coefficients need them: read from a frame, checked, and identical rows counted once."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from numbers import Number
from typing import Any, Literal

import numpy as np
import pandas as pd

from crosscase.errors import CrosscaseError, Problem, raise_if

Layout = Literal["ratings", "counts", "crosstab"]
LAYOUTS = ("ratings", "counts", "crosstab")


@dataclass(frozen=True)
class Patterns:
    """Distinct rows of judgements, how often each occurs, and which row follows which pattern.

    Parameters
    ----------
    rows : ndarray
        One row per pattern: category counts (coders exchangeable) or category numbers (coders told apart).
    multiplicity : ndarray
        Units that show the pattern.
    member : ndarray
        For each row of the input the number of its pattern.
    """

    rows: np.ndarray
    multiplicity: np.ndarray
    member: np.ndarray


@dataclass(frozen=True)
class Ratings:
    """Judgements as category numbers (-1 where missing), with their categories, coders and documents.

    Parameters
    ----------
    codes : ndarray or None
        Rows x coders; None where only counts per category are known.
    tallies : ndarray or None
        Rows x categories, where `codes` is None.
    multiplicity : ndarray
        Units that each row stands for.
    categories, coders : tuple
        Their names in order.
    documents : ndarray or None
        Document number of each row, or None where no documents are known.
    """

    codes: np.ndarray | None
    tallies: np.ndarray | None
    multiplicity: np.ndarray
    categories: tuple[Hashable, ...]
    coders: tuple[Hashable, ...]
    documents: np.ndarray | None = None

    @property
    def n_categories(self) -> int:
        """Number of declared or observed categories."""
        return len(self.categories)

    @cached_property
    def unordered(self) -> Patterns:
        """Patterns of category counts: who judged does not matter."""
        if self.codes is None:
            assert self.tallies is not None
            rows, member = np.unique(self.tallies, axis=0, return_inverse=True)
            return Patterns(rows.astype(float), self._add(member, len(rows)), member.ravel())
        patterns = self._distinct(np.sort(self.codes, axis=1))
        q = self.n_categories
        shifted = patterns.rows.astype(np.int64) + 1 + np.arange(len(patterns.rows))[:, None] * (q + 1)
        counts = np.bincount(shifted.ravel(), minlength=len(patterns.rows) * (q + 1)).reshape(-1, q + 1)[:, 1:]
        return Patterns(counts.astype(float), patterns.multiplicity, patterns.member)

    @cached_property
    def ordered(self) -> Patterns:
        """Patterns of category numbers with the coders told apart."""
        return self._distinct(self.by_coder("this coefficient"))

    @cached_property
    def n_units(self) -> int:
        """Units with at least two judgements."""
        judged = self.unordered.rows.sum(axis=1)
        return int(self.unordered.multiplicity[judged >= 2].sum())

    @cached_property
    def n_pairs(self) -> int:
        """Pairs of judgements on one unit, over all units."""
        judged = self.unordered.rows.sum(axis=1)
        return round(float((self.unordered.multiplicity * judged * (judged - 1) / 2).sum()))

    @property
    def n_coders(self) -> int:
        """Coders who judged at least one unit (for counts: the most judgements on one unit)."""
        if self.codes is None:
            return int(self.unordered.rows.sum(axis=1).max(initial=0))
        return int((self.codes >= 0).any(axis=0).sum())

    @cached_property
    def n_used(self) -> int:
        """Categories that occur."""
        return int((self.unordered.multiplicity @ self.unordered.rows > 0).sum())

    def compressed(self) -> Ratings:
        """The same judgements with one row per document and pattern; all sums stay as they are."""
        patterns = self.ordered
        size = max(len(patterns.rows), 1)
        documents = np.zeros(len(patterns.member), dtype=np.int64) if self.documents is None else self.documents
        units = np.bincount(documents * size + patterns.member, weights=self.multiplicity)
        cells = np.flatnonzero(units)
        document, pattern = np.divmod(cells, size)
        known = None if self.documents is None else document
        return Ratings(patterns.rows[pattern], None, units[cells], self.categories, self.coders, known)

    def by_coder(self, what: str) -> np.ndarray:
        """Category numbers, rows x coders; refused where only counts are known."""
        if self.codes is None:
            raise CrosscaseError(
                Problem(
                    place="layout",
                    rule=f"{what} needs to know which coder judged what",
                    found="a table of counts per category",
                    allowed="layout 'ratings' or 'crosstab'",
                    remedy="pass the units x coders frame, or use fleiss_kappa, gwet_ac1 or krippendorff_alpha",
                )
            )
        return self.codes

    def _add(self, member: np.ndarray, size: int) -> np.ndarray:
        return np.bincount(member.ravel(), weights=self.multiplicity, minlength=size)

    def _distinct(self, codes: np.ndarray) -> Patterns:
        base, width = self.n_categories + 1, codes.shape[1]
        if width * math.log2(base + 1) >= 62:
            rows, member = np.unique(codes, axis=0, return_inverse=True)
            return Patterns(rows, self._add(member, len(rows)), member.ravel())
        key = np.zeros(len(codes), dtype=np.int64)
        for column in range(width):
            key *= base
            key += codes[:, column] + 1
        if base**width <= max(4 * len(codes), 1 << 16):
            present = np.flatnonzero(np.bincount(key, minlength=1))
            lookup = np.zeros(int(present[-1]) + 1 if len(present) else 1, dtype=np.int64)
            lookup[present] = np.arange(len(present))
            member = lookup[key]
        else:
            present, member = np.unique(key, return_inverse=True)
        rows = np.empty((len(present), width), dtype=np.int64)
        rest = present.copy()
        for column in reversed(range(width)):
            rest, rows[:, column] = np.divmod(rest, base)
        return Patterns(rows - 1, self._add(member, len(present)), member)


def read_ratings(
    data: Any,
    layout: str = "ratings",
    categories: Sequence[Hashable] | None = None,
    documents: Any = None,
) -> Ratings:
    """Read judgements from a frame and check them.

    Parameters
    ----------
    data : DataFrame or 2-d array
        `ratings`: units x coders, missing NaN. `counts`: units x categories, how many coders chose each.
        `crosstab`: square, rows the first coder's category, columns the second's, cells numbers of units.
    layout : {"ratings", "counts", "crosstab"}
        What the frame holds.
    categories : sequence, optional
        All categories a coder could choose, in order; without it those that occur.
    documents : sequence, optional
        Document of each row; without it the index level `document`, if there is one.

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
    frame = data if isinstance(data, pd.DataFrame) else pd.DataFrame(data)
    if frame.shape[1] == 0 or frame.columns.has_duplicates:
        twice = ", ".join(map(str, frame.columns[frame.columns.duplicated()])) or "no column"
        raise CrosscaseError(Problem("columns", "columns are named, each once", twice, remedy="name the columns apart"))
    if layout == "crosstab":
        return _read_crosstab(frame, categories)
    groups = _documents(frame, documents)
    ones = np.ones(len(frame))
    if layout == "counts":
        tallies = _whole_numbers(frame, "counts")
        return Ratings(None, tallies, ones, tuple(categories or frame.columns), (), groups)
    codes, names = _category_numbers(frame, categories)
    return Ratings(codes, None, ones, names, tuple(frame.columns), groups)


def _documents(frame: pd.DataFrame, documents: Any) -> np.ndarray | None:
    if documents is None:
        if "document" not in frame.index.names:
            return None
        values = frame.index.get_level_values("document")
    else:
        values = documents
        if len(values) != len(frame):
            raise CrosscaseError(Problem("documents", "one document per unit", f"{len(values)} for {len(frame)} units"))
    numbers, _ = pd.factorize(pd.Index(values), sort=True)
    if (numbers < 0).any():
        raise CrosscaseError(Problem("documents", "each unit names its document", f"{(numbers < 0).sum()} missing"))
    return numbers


def _whole_numbers(frame: pd.DataFrame, what: str) -> np.ndarray:
    problems = [
        Problem(f"{what}, column {name!s}", "numbers of judgements", str(frame[name].dtype), "0, 1, 2 ...", "recount")
        for name in frame.columns
        if not pd.api.types.is_numeric_dtype(frame[name])
    ]
    raise_if(problems)
    values = frame.to_numpy(float)
    if values.size == 0 or not np.isfinite(values).all() or (values < 0).any() or (abs(values % 1.0) > 0).any():
        raise CrosscaseError(
            Problem(what, "cells are whole numbers", "empty, missing, negative or broken cells", "0, 1, 2 ...",
                    "for a table of proportions multiply by the number of units")
        )  # fmt: skip
    return values


def _read_crosstab(frame: pd.DataFrame, categories: Sequence[Hashable] | None) -> Ratings:
    if frame.shape[0] != frame.shape[1]:
        raise CrosscaseError(Problem("crosstab", "as many rows as columns", f"{frame.shape[0]} x {frame.shape[1]}"))
    if set(frame.index) != set(frame.columns):
        raise CrosscaseError(
            Problem(
                "crosstab", "rows and columns name the same categories", f"{list(frame.index)}, {list(frame.columns)}"
            )
        )
    cells = _whole_numbers(frame.reindex(columns=frame.index), "crosstab").ravel()
    q = len(frame)
    names: tuple[Hashable, ...] = tuple(categories) if categories is not None else tuple(frame.index)
    if unknown := [name for name in frame.index if name not in names]:
        raise _unknown(unknown, names)
    number = np.array([names.index(name) for name in frame.index])
    pairs = np.column_stack([np.repeat(number, q), np.tile(number, q)])[cells > 0]
    if len(pairs) == 0:
        raise CrosscaseError(Problem("crosstab", "at least one unit", "zeros only"))
    return Ratings(pairs, None, cells[cells > 0], names, ("first", "second"), None)


def _category_numbers(
    frame: pd.DataFrame, categories: Sequence[Hashable] | None
) -> tuple[np.ndarray, tuple[Hashable, ...]]:
    columns = [frame.iloc[:, place] for place in range(frame.shape[1])]
    if all(pd.api.types.is_numeric_dtype(column) for column in columns):
        values: np.ndarray = frame.to_numpy(dtype=float, na_value=np.nan)
        if np.isinf(values).any():
            raise CrosscaseError(Problem("ratings", "finite numbers", f"{np.isinf(values).sum()} infinite values"))
    else:
        _refuse_mixed(frame)
        values = frame.astype(object).to_numpy()
        if categories is None and all(isinstance(column.dtype, pd.CategoricalDtype) for column in columns):
            kinds = [tuple(column.cat.categories) for column in columns]
            categories = kinds[0] if len(set(kinds)) == 1 else None
    flat, found = pd.factorize(values.ravel(), sort=True)
    codes = flat.reshape(values.shape)
    seen = [_plain(value) for value in found]
    if categories is None:
        return codes, tuple(seen)
    names = tuple(categories)
    if len(set(names)) != len(names):
        raise CrosscaseError(Problem("categories", "each category once", str(list(names))))
    if unknown := [value for value in seen if value not in names]:
        raise _unknown(unknown, names)
    place = np.array([names.index(value) for value in seen] + [-1])
    return place[codes], names


def _plain(value: Any) -> Any:
    value = value.item() if isinstance(value, np.generic) else value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _unknown(unknown: Sequence[Hashable], names: Sequence[Hashable]) -> CrosscaseError:
    return CrosscaseError(
        Problem("categories", "judgements use the declared categories", str(unknown), str(list(names)),
                "declare them, or correct the judgements")
    )  # fmt: skip


def _refuse_mixed(frame: pd.DataFrame) -> None:
    kinds: dict[str, list[str]] = {}
    empty = []
    for place, name in enumerate(frame.columns):
        values = frame.iloc[:, place].dropna().unique()
        for value in values:
            kind = (
                "numbers" if isinstance(value, Number) else "text" if isinstance(value, str) else type(value).__name__
            )
            kinds.setdefault(kind, []).append(str(name))
        if any(isinstance(value, str) and not value.strip() for value in values):
            empty.append(Problem(f"column {name!s}", "a judgement is a category or missing", "an empty text", "NaN",
                                 "write NaN where the coder did not judge"))  # fmt: skip
    raise_if(empty)
    if len(kinds) > 1:
        found = "; ".join(f"{kind} in {', '.join(sorted(set(where)))}" for kind, where in sorted(kinds.items()))
        raise CrosscaseError(
            Problem("ratings", "categories are of one type", found, "all numbers or all text", "convert one of them")
        )
