"""The smallest p that groups of so many units can reach, with the ties among their values."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from functools import cache, lru_cache
from itertools import accumulate, permutations

import numpy as np
from numpy.typing import NDArray

from crosscase.arguments import check_arguments
from crosscase.errors import CrosscaseError, Problem

MOST_GROUPS = 6  # so many groups of units in strata are put into every order
MOST_STATES = 20_000
SLACK = 1e-9


def smallest_p(sizes: Iterable[int], symmetric: bool = True, values: Iterable[float] | None = None) -> float:
    """Compute the smallest p that a permutation of labels over groups of these sizes can reach.

    Parameters
    ----------
    sizes : iterable of int
        Number of units in each group.
    symmetric : bool
        Whether groups of equal size may change places without changing the statistic (as for a two-sided test).
    values : iterable of float, optional
        The values of all units: with ties among them many arrangements give the same groups, so that less can be
        reached. Without values, or in the case of very many groups of different size, none are taken to be tied.

    Returns
    -------
    float
        1 over the number of distinct arrangements, times the arrangements that give the same statistic; NaN where
        fewer than two groups have units. With values, the share of arrangements with the largest sum of squares
        between the groups (for two groups: the largest absolute difference of means).

    References
    ----------
    Edgington, E. S., & Onghena, P. (2007). Randomization tests (4th ed.). Chapman & Hall/CRC.

    Examples
    --------
    >>> smallest_p([3, 3])
    0.1
    >>> round(smallest_p([4, 4]), 3)
    0.029
    >>> smallest_p([4, 4], values=[1, 0, 0, 0, 0, 0, 0, 0])
    1.0
    """
    check_arguments(smallest_p, locals())
    counts = tuple(sorted(int(size) for size in sizes if size > 0))
    if len(counts) < 2:
        return math.nan
    values = None if values is None else list(values)
    if values is not None and len(values) != sum(counts):
        raise CrosscaseError(
            Problem("values", "a value for each unit", f"{len(values)}", f"{sum(counts)} by the sizes")
        )
    if values is not None and math.prod(c + 1 for c in Counter(counts).values()) <= MOST_STATES:
        return _tied(counts, _scaled(values))
    same = math.prod(math.factorial(k) for k in Counter(counts).values()) if symmetric else 1
    return same / _arrangements(counts)


def smallest_p_within(labels: NDArray[np.intp], strata: NDArray[np.intp], values: NDArray[np.float64]) -> float:
    """Return the smallest p where labels are exchanged within strata only; `values` are those that are tested.

    Groups are put into every order; in each stratum the largest values go to the last group. No other arrangement can
    give the largest sum of squares between groups. With more than six groups no ties are looked for.

    Examples
    --------
    >>> smallest_p_within(np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1]), np.array([0.5, -0.5, 0.5, -0.5]))
    0.5
    """
    parts = [np.flatnonzero(strata == s) for s in np.unique(strata)]
    sizes = np.array([np.bincount(labels[part], minlength=int(labels.max()) + 1) for part in parts])
    total = math.prod(_arrangements(row) for row in sizes)
    if sizes.shape[1] > MOST_GROUPS:
        return 1 / total
    found: dict[tuple[int, ...], tuple[float, int]] = {}
    blocks = [np.unique(np.round(values[part], 12), return_inverse=True, return_counts=True) for part in parts]
    weight = sizes.sum(axis=0).clip(1)
    for order in permutations(range(sizes.shape[1])):
        tables = []
        for row, (steps, where, _) in zip(sizes, blocks):
            ranked = np.repeat(order, row[list(order)])
            table = np.zeros((sizes.shape[1], len(steps)), dtype=int)
            np.add.at(table, (ranked, np.sort(where)), 1)
            tables.append(table)
        key = tuple(int(n) for table in tables for n in table.ravel())
        if key not in found:
            sums = sum(table @ steps for table, (steps, _, _) in zip(tables, blocks))
            ways = math.prod(_arrangements(column) for table in tables for column in table.T)
            found[key] = float((np.asarray(sums) ** 2 / weight).sum()), ways
    top = max(score for score, _ in found.values())
    return sum(ways for score, ways in found.values() if score >= top * (1 - SLACK)) / total


def _scaled(values: Iterable[float]) -> tuple[float, ...]:
    """Return the values in order, of mean 0 and variance 1, so that what is equal but for rounding is equal."""
    x = np.sort(np.array(list(values), dtype=float))
    x = x - x.mean() if len(x) else x
    spread = float(x.std()) if len(x) else 0.0
    return tuple(np.round(x / spread, 12).tolist()) if spread > 0 else (0.0,) * len(x)


def _arrangements(sizes: Iterable[int]) -> int:
    counts = [int(size) for size in sizes]
    return math.factorial(sum(counts)) // math.prod(map(math.factorial, counts))


@lru_cache(maxsize=4096)
def _tied(sizes: tuple[int, ...], values: tuple[float, ...]) -> float:
    """Return the share of arrangements with the largest sum of squares between groups.

    The sum of squares is convex in the sums of the groups, so that it is largest where the groups lie side by side
    along the values. All orders of the groups are gone through, groups of one size at once; orders that differ only
    by groups within one run of equal values are one arrangement, and are counted once.
    """
    kinds = Counter(sizes)
    each = tuple(kinds)
    sums = [0.0, *accumulate(values)]
    starts = {value: values.index(value) for value in set(values)}
    start = [starts[value] for value in values]
    length = Counter(start)

    @cache
    def best(left: tuple[int, ...], run: int) -> tuple[float, Fraction]:
        """Largest rest of the sum of squares, and the number of arrangements that give it."""
        at = len(values) - sum(n * size for n, size in zip(left, each))
        if at == len(values):
            return 0.0, Fraction(1)
        found = []
        for i, size in enumerate(each):
            if not left[i]:
                continue
            stop = at + size
            flat = start[at] == start[stop - 1]
            again = run + 1 if flat and run and start[at] == start[at - 1] else int(flat)
            rest, ways = best((*left[:i], left[i] - 1, *left[i + 1 :]), again)
            ways *= Fraction(left[i], max(again, 1))
            for first in set(start[at:stop]):
                free = first + length[first] - max(first, at)
                ways *= math.comb(free, min(free, stop - max(first, at)))
            found.append(((sums[stop] - sums[at]) ** 2 / size + rest, ways))
        top = max(score for score, _ in found)
        return top, sum((ways for score, ways in found if score >= top - SLACK * max(1.0, abs(top))), Fraction(0))

    return float(best(tuple(kinds.values()), 0)[1] / _arrangements(sizes))
