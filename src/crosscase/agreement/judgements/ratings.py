"""Judgements as the coefficients need them: category numbers, with identical rows counted once."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from crosscase.errors import CrosscaseError, Problem


@dataclass(frozen=True)
class Patterns:
    """Distinct rows of judgements, how often each occurs, and which row follows which pattern."""

    rows: np.ndarray  # category counts (coders exchangeable) or category numbers (coders told apart)
    multiplicity: np.ndarray  # units that show the pattern
    member: np.ndarray  # pattern of each input row


@dataclass(frozen=True)
class Ratings:
    """Judgements as category numbers (-1 where missing), with their categories, coders and documents."""

    codes: np.ndarray | None  # rows x coders; None where only counts per category are known
    tallies: np.ndarray | None  # rows x categories, where `codes` is None
    multiplicity: np.ndarray  # units that each row stands for
    categories: tuple[Hashable, ...]
    coders: tuple[Hashable, ...]
    documents: np.ndarray | None = None  # document number of each row
    order_known: bool = True  # whether somebody said in which order the categories stand (numbers have theirs)

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
    def judged(self) -> tuple[np.ndarray, np.ndarray]:
        """Judgements on a unit, and how many units each entry stands for."""
        if self.codes is None or "unordered" in self.__dict__:
            return self.unordered.rows.sum(axis=1), self.unordered.multiplicity
        return (self.codes >= 0).sum(axis=1), self.multiplicity

    @cached_property
    def n_units(self) -> int:
        """Units with at least two judgements."""
        judged, units = self.judged
        return int(units[judged >= 2].sum())

    @cached_property
    def n_pairs(self) -> int:
        """Pairs of judgements on one unit, over all units."""
        judged, units = self.judged
        return round(float((units * judged * (judged - 1) / 2).sum()))

    @property
    def n_coders(self) -> int:
        """Coders who judged at least one unit (for counts: the most judgements on one unit)."""
        if self.codes is None:
            return int(self.unordered.rows.sum(axis=1).max(initial=0))
        return int((self.codes >= 0).any(axis=0).sum())

    @cached_property
    def n_used(self) -> int:
        """Categories that occur."""
        if self.codes is None:
            return int((self.unordered.multiplicity @ self.unordered.rows > 0).sum())
        return len(np.unique(self.codes[self.codes >= 0]))

    def compressed(self) -> Ratings:
        """The same judgements with one row per document and pattern; all sums stay as they are."""
        patterns = self.ordered
        size = max(len(patterns.rows), 1)
        documents = np.zeros(len(patterns.member), dtype=np.int64) if self.documents is None else self.documents
        units = np.bincount(documents * size + patterns.member, weights=self.multiplicity)
        cells = np.flatnonzero(units)
        document, pattern = np.divmod(cells, size)
        known = None if self.documents is None else document
        rows, units = patterns.rows[pattern], units[cells]
        return Ratings(rows, None, units, self.categories, self.coders, known, self.order_known)

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
        if base**width <= max(8 * len(codes), 1 << 16):
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
