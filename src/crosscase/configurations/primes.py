"""Prime implicants: the shortest conjunctions that hold where they must and nowhere they must not.

A term is a row of small integers, the value of each condition or -1 where the condition does not matter. For one
positive row a term that covers it is fixed by *which* conditions it keeps, a set written as the bits of a number. All
such sets of one row (2^k for k conditions) are judged at once in an array, so nothing is merged pair by pair.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Terms = NDArray[np.int8]


def implicants_avoiding(positives: Terms, negatives: Terms) -> Terms:
    """Return the prime implicants that cover a positive row and no negative one; all else is free.

    A set of conditions keeps a positive row apart from all negative ones when it meets every set of conditions in
    which the two differ: the prime implicants are the minimal sets that do. A set `h` fails when some difference lies
    wholly outside it, which the closure of the differences under supersets tells for all `h` together.

    References
    ----------
    Quine, W. V. (1952). The problem of simplifying truth functions. American Mathematical Monthly 59(8), 521-531.
    doi:10.2307/2308219

    Examples
    --------
    >>> implicants_avoiding(np.array([[1, 1]], np.int8), np.array([[0, 1]], np.int8)).tolist()
    [[1, -1]]
    """
    k = positives.shape[1]
    found = []
    for row in positives:
        failing = np.zeros(2**k, dtype=bool)
        failing[_bits(negatives != row)] = True
        _spread_up(failing, np.logical_or)
        found.append(_terms(row, ~failing[::-1]))
    return _distinct(found, k)


def implicants_within(positives: Terms, allowed: Terms, levels: Sequence[int]) -> Terms:
    """Return the prime implicants that cover a positive row and only allowed rows, the positives among them.

    A term is an implicant when as many allowed rows as it has cells agree with it on the conditions it keeps; `levels`
    holds the number of values of each condition.

    Examples
    --------
    >>> rows = np.array([[1, 0], [1, 1]], np.int8)
    >>> implicants_within(rows, rows, [2, 2]).tolist()
    [[1, -1]]
    """
    k = positives.shape[1]
    volume = np.ones(2**k, dtype=np.int64)
    for position, size in enumerate(levels):
        volume.reshape(-1, 2, 2**position)[:, 0, :] *= size
    found = []
    for row in positives:
        agreeing = np.bincount(_bits(allowed == row), minlength=2**k)
        _spread_down(agreeing)
        found.append(_terms(row, agreeing == volume))
    return _distinct(found, k)


def covers(terms: Terms, rows: Terms) -> NDArray[np.bool_]:
    """Return which terms cover which rows, shape (terms, rows).

    Examples
    --------
    >>> covers(np.array([[1, -1]], np.int8), np.array([[1, 0], [0, 0]], np.int8)).tolist()
    [[True, False]]
    """
    covered = np.ones((len(terms), len(rows)), dtype=bool)
    for position in range(terms.shape[1]):
        term = terms[:, position, None]
        covered &= (term == rows[None, :, position]) | (term < 0)
    return covered


def _bits(flags: NDArray[np.bool_]) -> NDArray[np.int64]:
    return flags.astype(np.int64) @ (1 << np.arange(flags.shape[1], dtype=np.int64))


def _spread_up(table: NDArray[np.bool_], join: np.ufunc) -> None:
    for position in range(len(table).bit_length() - 1):
        view = table.reshape(-1, 2, 2**position)
        join(view[:, 1, :], view[:, 0, :], out=view[:, 1, :])


def _spread_down(table: NDArray[np.int64]) -> None:
    for position in range(len(table).bit_length() - 1):
        view = table.reshape(-1, 2, 2**position)
        view[:, 0, :] += view[:, 1, :]


def _terms(row: NDArray[np.int8], holds: NDArray[np.bool_]) -> Terms:
    minimal = holds.copy()
    for position in range(len(row)):
        minimal.reshape(-1, 2, 2**position)[:, 1, :] &= ~holds.reshape(-1, 2, 2**position)[:, 0, :]
    kept = (np.flatnonzero(minimal)[:, None] >> np.arange(len(row))) & 1
    return np.where(kept == 1, row, -1).astype(np.int8)


def _distinct(parts: list[Terms], k: int) -> Terms:
    if not parts:
        return np.zeros((0, k), dtype=np.int8)
    terms = np.unique(np.concatenate(parts), axis=0)
    order = np.lexsort((*(-terms.T[::-1]), (terms >= 0).sum(axis=1)))
    return np.ascontiguousarray(terms[order])
