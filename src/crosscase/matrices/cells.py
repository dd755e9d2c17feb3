"""Counting: codings into cells, by integer keys, with the segments behind every cell."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crosscase.arguments import Whole, check_arguments
from crosscase.errors import CrosscaseError, Problem
from crosscase.frames import EXACT
from crosscase.ids import join
from crosscase.matrices.encoded import factorized
from crosscase.terms import VALENCES

MAX_SPAN = 4_096  # of integers used as they are: rows x columns must fit in memory


def count_matrix(
    rows: pd.Series, columns: pd.Series, row_labels: list[str] | None = None, column_labels: list[str] | None = None
) -> pd.DataFrame:
    """Count pairs of labels, row label x column label: the fast way to a bare matrix of counts.

    One `bincount` over integer keys; categorical and integer columns are used as they are, so that millions of
    codings take milliseconds. Pairs with a null label are left out.

    Parameters
    ----------
    rows, columns : Series
        One label per coding (for example its case and its code), of equal length.
    row_labels, column_labels : list of str, optional
        Which labels in which order; otherwise those that occur, sorted (for categories: all, in their order).

    Returns
    -------
    DataFrame
        Row label x column label, integer number of codings; 0 means no coding (not "absent": see
        `coding_matrix` for the states).

    Examples
    --------
    >>> count_matrix(pd.Series(["a", "a", "b"]), pd.Series(["trust", "money", "trust"]))
       money  trust
    a      1      1
    b      0      1
    """
    check_arguments(count_matrix, locals())
    if len(rows) != len(columns):
        found = f"{len(rows)} rows, {len(columns)} columns"
        raise CrosscaseError(Problem("rows, columns", "a row and a column for each coding", found))
    row_codes, row_index = _coded(rows, row_labels)
    column_codes, column_index = _coded(columns, column_labels)
    width = len(column_index)
    key = np.multiply(row_codes, width, dtype=np.int64)
    key += column_codes
    if min(int(row_codes.min(initial=0)), int(column_codes.min(initial=0))) < 0:
        key = key[(row_codes >= 0) & (column_codes >= 0)]
    counts = np.bincount(key, minlength=len(row_index) * width).reshape(len(row_index), width)
    keep_rows = np.full(len(row_index), True) if _fixed(rows, row_labels) else counts.any(axis=1)
    keep_columns = np.full(width, True) if _fixed(columns, column_labels) else counts.any(axis=0)
    table = pd.DataFrame(counts, index=row_index, columns=column_index).loc[keep_rows, keep_columns]
    table = table if _fixed(rows, row_labels) else table.sort_index(axis=0)
    return table if _fixed(columns, column_labels) else table.sort_index(axis=1)


def _fixed(values: pd.Series, labels: list[str] | None) -> bool:
    """Whether labels that never occur keep their row or column."""
    return labels is not None or isinstance(values.dtype, pd.CategoricalDtype)


def _near_integers(values: pd.Series) -> tuple[np.ndarray, pd.Index] | None:
    """Integers that lie close together, as they are or less the least; None for anything else."""
    if not isinstance(values.dtype, np.dtype) or values.dtype.kind not in "iu" or not len(values):
        return None
    numbers = values.to_numpy()
    least, most = int(numbers.min()), int(numbers.max())
    if most - least >= MAX_SPAN or most > EXACT:
        return None
    if 0 <= least < MAX_SPAN:  # as they are: labels that do not occur are dropped in the end
        return numbers.astype(np.int64, copy=False), pd.RangeIndex(most + 1)
    return numbers.astype(np.int64, copy=False) - least, pd.RangeIndex(least, most + 1)


def _coded(values: pd.Series, labels: list[str] | None) -> tuple[np.ndarray, pd.Index]:
    """Integer code per value and the labels, in any order where none is given."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        codes, index = values.cat.codes.to_numpy(), pd.Index(values.cat.categories)
    elif labels is None and (near := _near_integers(values)) is not None:
        return near
    else:
        codes, index = factorized(values)
    if labels is None:
        return codes, index
    wanted = pd.Index(labels)
    return np.append(wanted.get_indexer(index), -1)[codes], wanted


def merged_length(group: np.ndarray, start: np.ndarray, end: np.ndarray, n_groups: Whole) -> np.ndarray:
    """Return the code points in the union of the spans `[start, end)` within each group, numbered 0 to `n_groups` - 1.

    Two documents of one cell are two groups.

    Examples
    --------
    >>> merged_length(np.array([0, 0, 1]), np.array([0, 5, 3]), np.array([10, 12, 4]), 2)
    array([12,  1])
    """
    check_arguments(merged_length, locals())
    if not all(each.ndim == 1 and len(each) == len(group) and each.dtype.kind in "iuf" for each in (group, start, end)):
        raise CrosscaseError(Problem("group, start, end", "numbers in one row each, as many of each", "others"))
    order = np.lexsort((start, group))
    group, start, end = group[order], start[order].astype(np.int64), end[order].astype(np.int64)
    shift = group * (int(end.max(initial=0)) + 1)
    start, end = start + shift, end + shift
    reached = np.concatenate(([0], np.maximum.accumulate(end)[:-1])) if len(end) else end
    fresh = np.clip(end - np.maximum(start, reached), 0, None)
    return np.bincount(group, weights=fresh, minlength=n_groups).astype(np.int64)


def count_cells(codings: pd.DataFrame, key: np.ndarray, n_cells: int, participant: str) -> pd.DataFrame:
    """Return everything that is counted per cell; `key` is the cell of each row, 0 to `n_cells` - 1.

    `n_codings`, `n_segments` (distinct spans), `n_characters` (code points in the union of the spans; null where a
    coding has no span), `n_coders`, `n_participants` (null where the codings lack the column `participant`),
    `n_inhibits` ... one per valence, `segments` (ids of the codings, joined by ";").
    """
    out = pd.DataFrame({"n_codings": np.bincount(key, minlength=n_cells)})
    document = factorized(codings["document"])[0]
    start = pd.to_numeric(codings["start"]).to_numpy(dtype=float, na_value=np.nan)
    end = pd.to_numeric(codings["end"]).to_numpy(dtype=float, na_value=np.nan)
    out["n_segments"] = _distinct(key, n_cells, document, start, end)
    out["n_characters"] = _characters(key, n_cells, document, start, end)
    out["n_coders"] = _distinct_labels(codings, "coder", key, n_cells)
    out["n_participants"] = _distinct_labels(codings, participant, key, n_cells)
    valence = _valence_counts(codings, key, n_cells)
    for position, name in enumerate(VALENCES):
        out[f"n_{name}"] = valence[:, position]
    out["segments"] = joined_ids(codings["coding_id"], key, n_cells)
    return out


def _distinct(key: np.ndarray, n_cells: int, *parts: np.ndarray) -> np.ndarray:
    frame = pd.DataFrame({"key": key, **{f"part{i}": part for i, part in enumerate(parts)}}).drop_duplicates()
    return np.bincount(frame["key"].to_numpy(), minlength=n_cells)


def _distinct_labels(codings: pd.DataFrame, column: str, key: np.ndarray, n_cells: int) -> pd.array:
    if column not in codings or bool(codings[column].isna().all()):
        return pd.array([pd.NA] * n_cells, dtype="Int64")
    label = factorized(codings[column])[0]
    return pd.array(_distinct(key[label >= 0], n_cells, label[label >= 0]), dtype="Int64")


def _characters(key: np.ndarray, n_cells: int, document: np.ndarray, start: np.ndarray, end: np.ndarray) -> pd.array:
    placed = ~(np.isnan(start) | np.isnan(end))
    n_documents = int(document.max(initial=-1)) + 2
    group, groups = pd.factorize(key[placed] * n_documents + document[placed] + 1)
    lengths = merged_length(group, start[placed].astype(np.int64), end[placed].astype(np.int64), len(groups))
    total = np.zeros(n_cells, dtype=np.int64)
    np.add.at(total, np.asarray(groups, dtype=np.int64) // n_documents, lengths)
    out = pd.array(total, dtype="Int64")
    out[np.bincount(key[~placed], minlength=n_cells) > 0] = pd.NA
    return out


def _valence_counts(codings: pd.DataFrame, key: np.ndarray, n_cells: int) -> np.ndarray:
    if "valence" not in codings:
        return np.zeros((n_cells, len(VALENCES)), dtype=np.int64)
    codes, uniques = factorized(codings["valence"])
    lookup = np.append(pd.Index(VALENCES).get_indexer(pd.Index(uniques)), -1)
    code = lookup[codes]
    flat = np.bincount(key[code >= 0] * len(VALENCES) + code[code >= 0], minlength=n_cells * len(VALENCES))
    return flat.reshape(n_cells, len(VALENCES))


def joined_ids(ids: pd.Series, key: np.ndarray, n_cells: int) -> list[str]:
    """The ids that fall into each cell, in the order of the rows, joined by ";"."""
    out = [""] * n_cells
    if not len(key):
        return out
    order = np.argsort(key, kind="stable")
    names = ids.astype(str).to_numpy(dtype=object)[order]
    cells, first = np.unique(key[order], return_index=True)
    for cell, chunk in zip(cells, np.split(names, first[1:])):
        out[cell] = join(chunk)
    return out
