"""The smallest p that groups of so many units can reach, with the ties among their values."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from crosscase.arguments import check_arguments
from crosscase.errors import CrosscaseError, Problem

MOST_STATES = 20_000
MOST_TABLES = 50_000
SLACK = 1e-9
TOO_MANY = "smallest p undefined: too many groups of different sizes to go through with the ties among the values"

Row = tuple[tuple[tuple[int, int], ...], ...]
"""What one group holds: per stratum the places of the different values and how often it has each."""
Table = tuple[tuple[Row, ...], ...]
"""What all groups hold, per kind of groups (of the same sizes in all strata) in an order of their own."""


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
        reached. Without values none are taken to be tied.

    Returns
    -------
    float
        1 over the number of distinct arrangements, times the arrangements that give the same statistic; NaN where
        fewer than two groups have units. With values, the share of arrangements with the largest sum of squares
        between the groups (for two groups: the largest absolute difference of means); NaN beyond fourteen groups of
        different sizes (groups of one size count together, so that there may be more of them).

    Raises
    ------
    CrosscaseError
        Where there is not one known value of each unit.

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
    if values is not None:
        scaled = _scaled(values)
        if len(scaled) != sum(counts) or not np.isfinite(scaled).all():
            found = f"{len(scaled)} values for {sum(counts)} units"
            raise CrosscaseError(Problem("values", "one known value of each unit", found, "finite numbers"))
        return _extreme((counts,), (scaled,))
    same = math.prod(math.factorial(k) for k in Counter(counts).values()) if symmetric else 1
    return same / _arrangements(counts)


def smallest_p_within(labels: NDArray[np.intp], strata: NDArray[np.intp], values: NDArray[np.float64]) -> float:
    """Return the smallest p where labels are exchanged within strata only; `values` are those that are tested.

    NaN where the groups are too many to be gone through: beyond fourteen with different sizes in the strata.

    Examples
    --------
    >>> smallest_p_within(np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1]), np.array([0.5, -0.5, 0.5, -0.5]))
    0.5
    """
    parts = [np.flatnonzero(strata == s) for s in np.unique(strata)]
    sizes = np.array([np.bincount(labels[part], minlength=int(labels.max()) + 1) for part in parts])
    sizes = sizes[:, sizes.sum(axis=0) > 0]
    scaled = np.array(_scaled(values, ordered=False))
    ordered = tuple(tuple(np.sort(scaled[part]).tolist()) for part in parts)
    return _extreme(tuple(tuple(int(n) for n in row) for row in sizes), ordered)


def _scaled(values: Iterable[float], ordered: bool = True) -> tuple[float, ...]:
    """Return the values (in order) with mean 0 and variance 1, so that what is equal but for rounding is equal."""
    x = np.array(list(values), dtype=float)
    if not len(x) or not np.isfinite(x).all():
        return tuple(x.tolist())
    x = np.sort(x) if ordered else x
    x = x - x.mean()
    spread = float(x.std())
    return tuple(np.round(x / spread, 12).tolist()) if spread > 0 else (0.0,) * len(x)


def _arrangements(sizes: Iterable[int]) -> int:
    counts = [int(size) for size in sizes]
    return math.factorial(sum(counts)) // math.prod(map(math.factorial, counts))


@lru_cache(maxsize=4096)
def _extreme(sizes: tuple[tuple[int, ...], ...], values: tuple[tuple[float, ...], ...]) -> float:
    """Return the share of arrangements with the largest sum of squares between groups; NaN where they are too many.

    `sizes` is strata x groups; `values` holds the values of each stratum in order. The sum of squares is convex in the
    sums of the groups, so that it is largest only where, in some order of the groups that is the same in all strata,
    each group takes the values next in order. What a group adds depends on which groups have been placed before it,
    and not on their order: the largest sum is found by going through the sets of groups (Held & Karp's way), groups
    of the same sizes in all strata at once. Orders that give the same groups the same values are one arrangement.
    """
    kinds, of_kind = np.unique(np.array(sizes), axis=1, return_counts=True)
    shape = of_kind + 1
    if math.prod(shape.tolist()) > MOST_STATES:
        return math.nan
    states = np.indices(tuple(shape.tolist())).reshape(len(of_kind), -1)
    placed = kinds @ states
    below = sum(np.concatenate([[0.0], np.cumsum(x)])[n] for x, n in zip(values, placed))
    strides = [math.prod(shape[i + 1 :].tolist()) for i in range(len(shape))]
    weight = kinds.sum(axis=0)

    def after(kind: int, found: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Of these states, those with a group of this kind placed; what the last one adds."""
        here = found[states[kind, found] > 0]
        return here, (below[here] - below[here - strides[kind]]) ** 2 / weight[kind]

    best = np.full(len(below), -np.inf)
    best[0] = 0.0
    layers = [np.flatnonzero(states.sum(axis=0) == n) for n in range(int(of_kind.sum()) + 1)]
    for layer in layers[1:]:
        for kind, stride in enumerate(strides):
            here, added = after(kind, layer)
            best[here] = np.maximum(best[here], best[here - stride] + added)
    needed = np.zeros(len(below), dtype=bool)
    needed[-1] = True
    steps: list[tuple[int, int, int]] = []
    for layer in layers[:0:-1]:
        for kind, stride in enumerate(strides):
            here, added = after(kind, layer[needed[layer]])
            here = here[best[here - stride] + added >= best[here] - SLACK * np.maximum(1.0, best[here])]
            needed[here - stride] = True
            steps += [(int(state - stride), kind, int(state)) for state in here]
    tables = _tables(steps, kinds, placed, values)
    if tables is None:
        return math.nan
    total = math.prod(_arrangements(row) for row in sizes)
    return sum(map(_ways, tables)) / total


def _tables(
    steps: list[tuple[int, int, int]],
    kinds: NDArray[np.intp],
    placed: NDArray[np.intp],
    values: tuple[tuple[float, ...], ...],
) -> set[Table] | None:
    """Return the different divisions of the values that these steps lead to; None where they are too many."""
    places = [np.unique(x, return_inverse=True)[1].tolist() for x in values]
    found: dict[int, set[Table]] = {0: {tuple(() for _ in kinds.T)}}
    for before, kind, state in reversed(steps):
        spans = zip(places, placed[:, before].tolist(), kinds[:, kind].tolist())
        row: Row = tuple(tuple(Counter(place[at : at + size]).items()) for place, at, size in spans)
        tables = found.setdefault(state, set())
        for table in found[before]:
            tables.add((*table[:kind], tuple(sorted((*table[kind], row))), *table[kind + 1 :]))
        if len(tables) > MOST_TABLES:
            return None
    return tables


def _ways(table: Table) -> int:
    """Return in how many ways units can be put into groups so that these hold such values."""
    every = [row for rows in table for row in rows]
    ways = math.prod(_arrangements(column) for column in _columns(every))
    return ways * math.prod(_arrangements(Counter(rows).values()) for rows in table)


def _columns(rows: list[Row]) -> Iterator[list[int]]:
    """Return, per stratum and different value, how often each group holds it."""
    columns: dict[tuple[int, int], list[int]] = {}
    for row in rows:
        for stratum, held in enumerate(row):
            for place, n in held:
                columns.setdefault((stratum, place), []).append(n)
    yield from columns.values()
