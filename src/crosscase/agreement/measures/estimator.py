"""A coefficient as a function of sums over units: one form gives the value, the resamples and the standard error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

#: value, observed agreement, expected agreement: one number per row of sums
Parts = tuple[np.ndarray, np.ndarray, np.ndarray]
Evaluate = Callable[[np.ndarray], Parts]

ONE_CATEGORY = "one category only: no variation"
NO_PAIRS = "no unit judged by two coders"
NO_VARIATION = "expected agreement is 1: no variation to explain"


@dataclass(frozen=True)
class Estimator:
    """Sums over units and the function that turns them into a coefficient."""

    contributions: np.ndarray  # patterns x sums: what one unit of the pattern adds
    multiplicity: np.ndarray  # units of each pattern
    member: np.ndarray  # pattern of each input row
    rows: np.ndarray  # units that each input row stands for
    evaluate: Evaluate  # from sums (resamples x sums) to value, observed and expected agreement
    linear: Evaluate | None = None  # the same, finite-sample constants held fixed
    counted: np.ndarray | None = None  # patterns that count as a unit in the linearised standard error
    documents: np.ndarray | None = field(default=None)  # document number of each input row
    undefined: str = ""  # why, where units were judged by two coders; by default for want of variation
    remark: str = ""  # beside the value, such as pairs of coders that were left out

    def totals(self) -> np.ndarray:
        """Sums over all units, one row."""
        return (self.multiplicity @ self.contributions)[None, :]

    def point(self) -> tuple[float, float, float]:
        """Value, observed and expected agreement on all units."""
        value, observed, expected = self.evaluate(self.totals())
        return float(value[0]), float(observed[0]), float(expected[0])

    @cached_property
    def document_sums(self) -> np.ndarray:
        """Sums per document; empty where no documents are known."""
        if self.documents is None:
            return np.empty((0, self.contributions.shape[1]))
        n, patterns = int(self.documents.max(initial=-1)) + 1, max(len(self.contributions), 1)
        key = self.documents * patterns + self.member
        if n * patterns <= max(8 * len(key), 1 << 16):
            units = np.bincount(key, weights=self.rows, minlength=n * patterns)
            cells = np.flatnonzero(units)
            units = units[cells]
        else:
            cells, place = np.unique(key, return_inverse=True)
            units = np.bincount(place.ravel(), weights=self.rows, minlength=len(cells))
        document, pattern = np.divmod(cells, patterns)
        sums = np.zeros((n, self.contributions.shape[1]))
        for column in range(sums.shape[1]):
            sums[:, column] = np.bincount(document, units * self.contributions[pattern, column], minlength=n)
        return sums

    def gradient(self) -> np.ndarray:
        """Derivative of the value by each sum, exact to rounding (complex step)."""
        size = self.contributions.shape[1]
        step = 1e-30
        points = np.repeat(self.totals().astype(complex), size, axis=0)
        points[np.arange(size), np.arange(size)] += 1j * step
        value, _, _ = (self.linear or self.evaluate)(points)
        return value.imag / step


def ratio(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Divide; NaN where the denominator is zero."""
    kind = np.result_type(numerator, denominator, float)
    out = np.full(np.broadcast(numerator, denominator).shape, np.nan, dtype=kind)
    return np.divide(numerator, denominator, out=out, where=np.abs(denominator) > 1e-12)


def corrected(observed: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Agreement beyond chance: (observed - expected) / (1 - expected), NaN where expected agreement is 1.

    Examples
    --------
    >>> corrected(np.array([0.7]), np.array([0.5])).round(6).tolist()
    [0.4]
    """
    return ratio(observed - expected, 1.0 - expected)
