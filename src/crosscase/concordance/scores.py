"""How much more often a word stands in one place than in another: log-likelihood, log ratio, logDice."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import xlogy


def log_likelihood(a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike, *, cells: int = 2) -> np.ndarray:
    """Return the log-likelihood ratio G2 of a word in two sets of words.

    Parameters
    ----------
    a, b : array_like
        How often the word stands in the first and in the second set.
    c, d : array_like
        Words of the first and of the second set.
    cells : {2, 4}
        2 sums over the two frequencies of the word (Rayson and Garside), 4 over all cells of the table, the other
        words included (Dunning); the larger the sets, the less the two differ.

    Returns
    -------
    numpy.ndarray
        G2, zero where the rates are the same; undefined (NaN) where a set has no words.

    References
    ----------
    Dunning, T. (1993). Accurate methods for the statistics of surprise and coincidence. Computational Linguistics
    19(1), 61-74.
    Rayson, P., & Garside, R. (2000). Comparing corpora using frequency profiling. Proceedings of the Workshop on
    Comparing Corpora, 1-6. doi:10.3115/1117729.1117730.

    Examples
    --------
    >>> round(float(log_likelihood(348, 99, 1_000_000, 1_000_000)))
    147
    """
    a, b, c, d = (np.asarray(each, dtype=float) for each in (a, b, c, d))
    total = c + d
    with np.errstate(divide="ignore", invalid="ignore"):
        found = _cell(a, c * (a + b) / total) + _cell(b, d * (a + b) / total)
        if cells == 4:
            other = total - a - b
            found = found + _cell(c - a, c * other / total) + _cell(d - b, d * other / total)
    return np.where((c > 0) & (d > 0), np.maximum(2 * found, 0.0), np.nan)


def _cell(observed: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Return O ln(O / E), zero where nothing was observed."""
    return np.where(observed > 0, xlogy(observed, np.where(observed > 0, observed / expected, 1.0)), 0.0)


def log_ratio(a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike) -> np.ndarray:
    """Return the binary logarithm of the ratio of two rates: one more is twice as often.

    Parameters
    ----------
    a, b, c, d : array_like
        As of `log_likelihood`.

    Returns
    -------
    numpy.ndarray
        Undefined (NaN) where the word is missing in one of the sets, so that the ratio has no bound.

    References
    ----------
    Hardie, A. (2014). Log ratio: an informal introduction. ESRC Centre for Corpus Approaches to Social Science.

    Examples
    --------
    >>> float(log_ratio(8, 2, 1000, 1000))
    2.0
    """
    a, b, c, d = (np.asarray(each, dtype=float) for each in (a, b, c, d))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.log2((a / c) / (b / d))
    return np.where((a > 0) & (b > 0), found, np.nan)


def log_dice(together: ArrayLike, one: ArrayLike, other: ArrayLike) -> np.ndarray:
    """Return logDice, how typically two words stand together whatever the size of the texts.

    Parameters
    ----------
    together : array_like
        How often they stand together.
    one, other : array_like
        How often each of them stands at all.

    Returns
    -------
    numpy.ndarray
        At most 14, where neither stands without the other; one more is twice as often. Undefined (NaN) where they
        never meet.

    References
    ----------
    Rychlý, P. (2008). A lexicographer-friendly association score. Proceedings of Recent Advances in Slavonic Natural
    Language Processing, 6-9.

    Examples
    --------
    >>> float(log_dice(5, 5, 5)), float(log_dice(1, 16384, 16384))
    (14.0, 0.0)
    """
    together, one, other = (np.asarray(each, dtype=float) for each in (together, one, other))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = 14 + np.log2(2 * together / (one + other))
    return np.where(together > 0, found, np.nan)
