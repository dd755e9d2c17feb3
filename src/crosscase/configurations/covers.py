"""Covers: every smallest (or every irredundant) choice of terms that covers all positive rows.

Sets of rows and sets of terms are bits of Python integers. Terms that cover the same rows are interchangeable, so the
search runs over the distinct patterns and its results are multiplied out; a row that is covered whenever another one
is needs no attention of its own. Both steps keep every solution.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from crosscase.errors import CrosscaseError, Problem

MOST_VISITED = 500_000  # choices of patterns after which counting stops
SMALL_CHART = 40  # patterns up to which the search needs no linear program
SLACK = 1e-7  # how far rounding may put a bound above a whole number of terms


@dataclass(frozen=True)
class Covers:
    """The covers of a chart."""

    models: list[tuple[int, ...]]  # positions of the terms of each cover, ascending; at most as many as asked for
    n_models: int  # how many covers there are
    counted_all: bool  # else the search stopped and there are at least `n_models`


@dataclass(frozen=True)
class _Chart:
    patterns: list[int]  # per distinct pattern: the rows it covers
    groups: list[list[int]]  # per distinct pattern: the terms that have it
    holders: list[int]  # per row: the patterns that cover it
    rows: int  # all rows that need attention


def minimum_covers(chart: NDArray[np.bool_], max_models: int) -> Covers:
    """Find all covers with the smallest possible number of terms; arguments as in `irredundant_covers`.

    Examples
    --------
    >>> minimum_covers(np.array([[1, 1, 0], [0, 1, 1], [0, 0, 1]], bool), 10).models
    [(0, 1), (0, 2)]
    """
    small = _reduce(chart)
    size = _smallest(small)
    return _collect(_search(small, size), small, max_models)


def irredundant_covers(chart: NDArray[np.bool_], max_models: int) -> Covers:
    """Find all covers of which no term can be left out, whatever their number of terms.

    `chart` says which term covers which row; a row without any is refused. All covers are counted, `max_models` listed.

    Examples
    --------
    >>> irredundant_covers(np.array([[1, 1, 0], [0, 1, 1], [1, 0, 0], [0, 1, 0]], bool), 10).models
    [(0, 1), (1, 2)]
    """
    small = _reduce(chart)
    return _collect(_irredundant(small, small.rows, 0, (), ()), small, max_models)


def dominated(chart: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which terms cover only part of what a single other term covers.

    Examples
    --------
    >>> dominated(np.array([[1, 1], [0, 1], [1, 1]], bool)).tolist()
    [False, True, False]
    """
    counts = chart.astype(np.int64)
    shared = counts @ counts.T
    own = np.diag(shared)
    return ((shared == own[:, None]) & (own[None, :] > own[:, None])).any(axis=1)


def _reduce(chart: NDArray[np.bool_]) -> _Chart:
    if not chart.any(axis=0).all():
        found = f"rows at positions {np.flatnonzero(~chart.any(axis=0)).tolist()} without a term"
        raise CrosscaseError([Problem("chart", "every positive row is covered by a term", found)])
    distinct = np.unique(chart, axis=0)
    held = distinct.astype(np.int64).T
    shared = held @ held.T  # per pair of rows: patterns that cover both
    own = np.diag(shared)
    implied = (shared == own[None, :]) & ((own[None, :] < own[:, None]) | np.tri(len(own), k=-1, dtype=bool))
    rows = np.flatnonzero(~implied.any(axis=1))
    merged: dict[bytes, list[int]] = {}
    for term, covered in enumerate(chart[:, rows]):
        merged.setdefault(covered.tobytes(), []).append(term)
    # terms that differ only in rows without attention of their own are interchangeable too
    usable = {key: group for key, group in merged.items() if any(key)}
    flags = np.array([np.frombuffer(key, dtype=bool) for key in usable]).reshape(len(usable), len(rows))
    patterns, holders = [_number(row) for row in flags], [_number(column) for column in flags.T]
    return _Chart(patterns, list(usable.values()), holders, (1 << len(rows)) - 1)


def _number(flags: NDArray[np.bool_]) -> int:
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")


def _ones(number: int) -> Iterator[int]:
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low


def _apart(chart: _Chart, rows: int) -> int:
    """Count rows no two of which share a term: so many terms are needed at least."""
    count, used = 0, 0
    for row in sorted(_ones(rows), key=lambda r: chart.holders[r].bit_count()):
        if not chart.holders[row] & used:
            count += 1
            used |= chart.holders[row]
    return count


def _greedy(chart: _Chart) -> int:
    rest, count = chart.rows, 0
    while rest:
        rest &= ~max(chart.patterns, key=lambda pattern: (pattern & rest).bit_count())
        count += 1
    return count


def _smallest(chart: _Chart) -> int:
    most = _greedy(chart)
    if _apart(chart, chart.rows) == most:
        return most
    solved = milp(
        np.ones(len(chart.patterns)),
        integrality=np.ones(len(chart.patterns)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(_matrix(chart), lb=1),
    )
    if solved.status != 0:
        raise CrosscaseError(
            [Problem("chart", "the smallest cover can be found", solved.message, "", "fewer conditions")]
        )
    return round(solved.fun)


def _prices(chart: _Chart) -> list[float]:
    """Return a price per row such that no pattern is worth more than one term: rows left cost at least their sum.

    In a small chart a row costs its share of the widest pattern that covers it; in a large one the prices are the best
    there are, found by linear programming, which takes milliseconds but cuts off more of the search.
    """
    if len(chart.patterns) <= SMALL_CHART:
        widths = [pattern.bit_count() for pattern in chart.patterns]
        return [1.0 / max(widths[p] for p in _ones(holders)) for holders in chart.holders]
    matrix = _matrix(chart).T
    solved = linprog(
        -np.ones(matrix.shape[1]), A_ub=matrix, b_ub=np.ones(matrix.shape[0]), bounds=(0, 1), method="highs"
    )
    if solved.status != 0:
        return [0.0] * matrix.shape[1]
    prices = np.clip(solved.x, 0, None)
    return [float(price) for price in prices / max(1.0, float((matrix @ prices).max()))]


def _matrix(chart: _Chart) -> NDArray[np.float64]:
    return np.array([[holder >> p & 1 for p in range(len(chart.patterns))] for holder in chart.holders], dtype=float)


def _search(chart: _Chart, size: int) -> Iterator[tuple[int, ...]]:
    """Yield every choice of `size` patterns that covers all rows, each once."""
    price = _prices(chart) if size > 2 else [0.0] * len(chart.holders)
    worth = [sum(price[row] for row in _ones(pattern)) for pattern in chart.patterns]

    def extend(rest: int, cost: float, left: int, allowed: int, chosen: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if left == 1:
            last = allowed
            for row in _ones(rest):
                last &= chart.holders[row]
                if not last:
                    return
            for pattern in _ones(last):
                yield (*chosen, pattern)
            return
        branch, fewest = -1, len(chart.patterns) + 1
        for row in _ones(rest):
            number = (chart.holders[row] & allowed).bit_count()
            if not number:
                return
            if number < fewest:
                branch, fewest = row, number
        for pattern in _ones(chart.holders[branch] & allowed):
            allowed &= ~(1 << pattern)
            if cost - worth[pattern] > left - 1 + SLACK:
                continue
            after = rest & ~chart.patterns[pattern]
            remaining = sum(price[row] for row in _ones(after))
            if remaining <= left - 1 + SLACK:
                yield from extend(after, remaining, left - 1, allowed, (*chosen, pattern))

    everything = (1 << len(chart.patterns)) - 1
    total = sum(price)
    for pattern in range(len(chart.patterns)):
        if total - worth[pattern] > size - 1 + SLACK:
            everything &= ~(1 << pattern)
    if chart.rows == 0:
        yield ()
    else:
        yield from extend(chart.rows, total, size, everything, ())


def _irredundant(
    chart: _Chart, rest: int, banned: int, chosen: tuple[int, ...], private: tuple[int, ...]
) -> Iterator[tuple[int, ...]]:
    """Yield every irredundant choice once; `private` holds the rows that only this chosen pattern covers."""
    if not rest:
        yield chosen
        return
    branch = min(_ones(rest), key=lambda row: (chart.holders[row] & ~banned).bit_count())
    for pattern in _ones(chart.holders[branch] & ~banned):
        rows = chart.patterns[pattern]
        kept = tuple(own & ~rows for own in private)
        if all(kept):
            yield from _irredundant(chart, rest & ~rows, banned, (*chosen, pattern), (*kept, rows & rest))
        banned |= 1 << pattern


def _collect(found: Iterator[tuple[int, ...]], chart: _Chart, max_models: int) -> Covers:
    models: list[tuple[int, ...]] = []
    count = 0
    sizes = [len(group) for group in chart.groups]
    for visited, patterns in enumerate(found):
        count += prod(sizes[pattern] for pattern in patterns)
        if len(models) < max_models:
            for choice in product(*(chart.groups[pattern] for pattern in patterns)):
                models.append(tuple(sorted(choice)))
                if len(models) >= max_models:
                    break
        if visited >= MOST_VISITED:
            return Covers(sorted(models, key=lambda m: (len(m), m)), count, False)
    return Covers(sorted(models, key=lambda m: (len(m), m)), count, True)
