"""The codings of each pair of coders laid beside each other, as numbers: millions of them fit into memory."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from crosscase.agreement.codings.clean import Names, Seen, prepare_codings

AGREED = "agreed"
KINDS = ("missed", "other code", "other boundary", "other valence")
_NUMBER = {kind: number for number, kind in enumerate(sorted((AGREED, *KINDS)))}


@dataclass(frozen=True)
class Laid:
    """What each pair of coders did with the same text, one entry per finding."""

    rows: pd.DataFrame  # merged: `document, start, end, code, coder, valence, locator, coding_id`
    coders: tuple[str, ...]  # in the order of the comparison
    first: np.ndarray  # coders of each finding, as places in `coders`
    second: np.ndarray
    one: np.ndarray  # their codings, as places in `rows`; -1 where a coder has none
    two: np.ndarray
    kind: np.ndarray  # place in the sorted names of all kinds
    shared: np.ndarray  # code points that both codings share
    again: np.ndarray  # whether the same two codings stand here a second time, for another kind

    @property
    def kinds(self) -> np.ndarray:
        """Names of the kinds, where `kind` points to."""
        return np.array(list(_NUMBER), dtype=object)

    def differing(self) -> np.ndarray:
        """Places of the findings that are not `agreed`."""
        return np.flatnonzero(self.kind != _NUMBER[AGREED])

    def in_order(self, chosen: np.ndarray, most: int | None = None) -> np.ndarray:
        """Order findings as one reads: by document, offsets, coders, codes and kind; the first `most` of them."""
        document, _ = pd.factorize(self.rows["document"], sort=True)
        code, names = pd.factorize(self.rows["code"], sort=True)
        rank = np.argsort(np.argsort(np.array(self.coders, dtype=object), kind="stable"), kind="stable")
        start, end = (self.rows[name].to_numpy(np.int64) for name in ("start", "end"))
        one, two = self.one[chosen], self.two[chosen]
        either = np.where(one >= 0, one, two)
        low = np.minimum(start[either], np.where(two >= 0, start[two], start[either]))
        high = np.maximum(end[either], np.where(two >= 0, end[two], end[either]))
        codes = [np.where(side >= 0, code[side], len(names)) for side in (one, two)]
        keys = [document[either], low, high, rank[self.first[chosen]], rank[self.second[chosen]], *codes]
        order = np.lexsort([self.kind[chosen], *reversed(keys)])
        return chosen[order[:most]]


def lay(
    codings: pd.DataFrame, coders: Names = None, codes: Names = None, *, judged: Seen = None, tolerance: int = 0
) -> Laid:
    """Lay the codings of each pair of coders beside each other; arguments as in `compare_segments`.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "coder": ["x", "y"], "start": 0, "end": 4, "code": ["a", "b"]})
    >>> found = lay(codings)
    >>> found.kinds[found.kind].tolist()
    ['other code']
    """
    ready = prepare_codings(codings, coders, codes)
    seen = ready.seen if judged is None else judged
    people = tuple(coders) if coders is not None else tuple(sorted(codings["coder"].unique()))
    rows = ready.codings
    rows = rows.assign(**{name: pd.NA for name in ("valence", "locator", "coding_id") if name not in rows})
    document, names = pd.factorize(rows["document"])
    columns = {
        "document": document,
        "start": rows["start"].to_numpy(np.int64),
        "end": rows["end"].to_numpy(np.int64),
        "code": pd.factorize(rows["code"])[0],
        "valence": pd.factorize(rows["valence"])[0],
    }
    who = pd.Index(people).get_indexer(rows["coder"])
    read = np.zeros((len(people), len(names)), dtype=bool)
    reader, where = pd.Index(people).get_indexer(seen["coder"]), names.get_indexer(seen["document"])
    known = (reader >= 0) & (where >= 0)
    read[reader[known], where[known]] = True
    parts = []
    for first, second in combinations(range(len(people)), 2):
        both = (read[first] & read[second])[document] if len(rows) else np.empty(0, bool)
        sides = [np.flatnonzero(both & (who == number)) for number in (first, second)]
        parts += [(first, second, *part) for part in _compare(columns, sides[0], sides[1], tolerance)]
    return _together(rows, people, parts)


def _together(rows: pd.DataFrame, people: tuple[str, ...], parts: list[tuple]) -> Laid:
    """Put the findings of all pairs of coders one after another."""
    sizes = [len(part[3]) for part in parts]
    places = [np.repeat([part[column] for part in parts], sizes).astype(np.int16) for column in (0, 1, 2)]
    found = [
        np.concatenate([part[column] for part in parts]) if parts else np.empty(0, np.int64) for column in (3, 4, 5, 6)
    ]
    return Laid(rows, people, places[0], places[1], found[0], found[1], places[2], found[2], found[3].astype(bool))


def _compare(columns: dict[str, np.ndarray], one: np.ndarray, two: np.ndarray, tolerance: int) -> list[tuple]:
    """Compare two coders; the answer holds, kind by kind, both places, shared code points, and what stands twice."""
    stride = int(columns["end"].max(initial=0)) + 1
    offsets = [columns[name][side] + columns["document"][side] * stride for side in (one, two) for name in _ENDS]
    a, b, shared = overlapping_pairs(*offsets)
    left, right = one[a], two[b]
    same = columns["code"][left] == columns["code"][right]
    met = np.zeros(len(columns["code"]), dtype=bool)
    met[left[same]] = met[right[same]] = True
    boundary = np.zeros(len(a), dtype=bool)
    for name in _ENDS:
        boundary |= np.abs(columns[name][left] - columns[name][right]) > tolerance
    known = (columns["valence"][left] >= 0) & (columns["valence"][right] >= 0)
    valence = known & (columns["valence"][left] != columns["valence"][right])
    swapped = ~same & ~met[left] & ~met[right]
    met[left[swapped]] = met[right[swapped]] = True
    out = []
    for kind, chosen, twice in (
        (AGREED, same & ~boundary & ~valence, False),
        ("other boundary", same & boundary, False),
        ("other valence", same & valence, True),
        ("other code", swapped, False),
    ):
        repeats = boundary[chosen] if twice else np.zeros(int(chosen.sum()), dtype=bool)
        out.append((_NUMBER[kind], left[chosen], right[chosen], shared[chosen], repeats))
    for side, mine in ((one, 0), (two, 1)):
        alone = side[~met[side]]
        nobody, nothing = np.full(len(alone), -1), np.zeros(len(alone), dtype=np.int64)
        both = (alone, nobody) if mine == 0 else (nobody, alone)
        out.append((_NUMBER["missed"], *both, nothing, nothing.astype(bool)))
    return out


_ENDS = ("start", "end")


def overlapping_pairs(
    start_1: np.ndarray, end_1: np.ndarray, start_2: np.ndarray, end_2: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find all pairs of spans `[start, end)`, one of each list, that share a code point; those of one list may overlap.

    Returned are the places in both lists and the number of shared code points, ordered by the first list.

    Examples
    --------
    >>> [part.tolist() for part in overlapping_pairs(*map(np.array, ([0, 8], [4, 9], [3, 4], [5, 8])))]
    [[0], [0], [1]]
    """
    order = np.lexsort((end_2, start_2))
    starts, ends = start_2[order], end_2[order]
    reach = np.maximum.accumulate(ends) if len(ends) else ends
    low, high = np.searchsorted(reach, start_1, side="right"), np.searchsorted(starts, end_1, side="left")
    count = np.maximum(high - low, 0)
    first = np.repeat(np.arange(len(start_1)), count)
    second = low[first] + np.arange(len(first)) - np.repeat(np.cumsum(count) - count, count)
    shared = np.minimum(end_1[first], ends[second]) - np.maximum(start_1[first], starts[second])
    real = shared > 0
    return first[real], order[second[real]], shared[real]
