"""Estimators of percent agreement and the chance-corrected family, on judgements with agreement weights."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from crosscase.agreement.estimator import Estimator, Evaluate, Parts, corrected, ratio
from crosscase.agreement.ratings import Patterns, Ratings


def _estimator(
    ratings: Ratings, patterns: Patterns, columns: np.ndarray, evaluate: Evaluate, linear: Evaluate | None = None
) -> Estimator:
    rows = patterns.rows
    judged = np.asarray(rows.sum(axis=1) >= 1 if patterns is ratings.unordered else (rows >= 0).any(axis=1))
    return Estimator(
        columns,
        patterns.multiplicity,
        patterns.member,
        ratings.multiplicity,
        evaluate,
        linear,
        judged,
        ratings.documents,
    )


def _gwet_linear(evaluate: Evaluate, totals: np.ndarray) -> Evaluate:
    """Gwet's linear form: the share of units with two judgements is taken as fixed.

    Sums start with units with two judgements, their agreement, and units with one judgement.
    """
    value, _, expected = (float(part[0]) for part in evaluate(totals))
    scale = float(totals[0, 2] / totals[0, 0]) if totals[0, 0] else float("nan")

    def linear(sums: np.ndarray) -> Parts:
        paired, agreement = sums[:, 0] / sums[:, 2], sums[:, 1] / sums[:, 2]
        _, observed, chance = evaluate(sums)
        if np.isnan(expected):
            return scale * agreement, observed, chance
        spread = scale * (agreement - expected * paired) - (1.0 - value) * chance
        return spread / (1.0 - expected), observed, chance

    return linear


def unit_agreement(counts: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean weighted agreement over the pairs of judgements in each unit.

    Parameters
    ----------
    counts : ndarray
        Units x categories.
    weights : ndarray
        Categories x categories, 1 on the diagonal.

    Returns
    -------
    agreement, paired : ndarray
        Agreement per unit (0 where fewer than two judgements) and whether it has two.

    Examples
    --------
    >>> agreement, paired = unit_agreement(np.array([[2.0, 1.0], [1.0, 0.0]]), np.eye(2))
    >>> agreement.round(4).tolist(), paired.tolist()
    ([0.3333, 0.0], [True, False])
    """
    judged = counts.sum(axis=1)
    paired = judged >= 2
    matches = ((counts @ weights) * counts).sum(axis=1) - judged
    return np.where(paired, matches / np.where(paired, judged * (judged - 1), 1.0), 0.0), paired


def pooled_estimator(ratings: Ratings, weights: np.ndarray, kind: str) -> Estimator:
    """Coefficients that treat coders as exchangeable: percent, Fleiss, AC (Gwet), Brennan-Prediger.

    Parameters
    ----------
    ratings : Ratings
        The judgements.
    weights : ndarray
        Agreement weights.
    kind : {"percent", "fleiss", "gwet", "brennan_prediger"}
        How chance agreement is defined.

    Returns
    -------
    Estimator
    """
    patterns = ratings.unordered
    counts = patterns.rows
    agreement, paired = unit_agreement(counts, weights)
    judged = counts.sum(axis=1)
    shares = counts / np.maximum(judged, 1.0)[:, None]
    columns = np.column_stack([paired, agreement, judged >= 1, shares]).astype(float)
    q, total = ratings.n_categories, float(weights.sum())

    def evaluate(sums: np.ndarray) -> Parts:
        observed = ratio(sums[:, 1], sums[:, 0])
        if kind == "percent":
            return observed, observed, np.full(len(sums), np.nan)
        share = ratio(sums[:, 3:], sums[:, 2:3])
        if kind == "fleiss":
            expected = ((share @ weights) * share).sum(axis=1)
        elif kind == "gwet":
            spread = (share * (1.0 - share)).sum(axis=1)
            expected = spread * (total / (q * (q - 1)) if q > 1 else np.nan)
        else:
            expected = np.full(len(sums), total / q**2 if q else np.nan)
        return corrected(observed, expected), observed, expected

    linear = _gwet_linear(evaluate, (patterns.multiplicity @ columns)[None, :])
    return _estimator(ratings, patterns, columns, evaluate, linear)


def conger_estimator(ratings: Ratings, weights: np.ndarray) -> Estimator:
    """Conger's kappa: chance agreement from each coder's own distribution, over all pairs of coders.

    Parameters
    ----------
    ratings : Ratings
        The judgements, coders known.
    weights : ndarray
        Agreement weights.

    Returns
    -------
    Estimator
    """
    patterns = ratings.ordered
    codes = patterns.rows
    kept = np.flatnonzero((codes >= 0).any(axis=0))
    chosen = (codes[:, kept, None] == np.arange(ratings.n_categories)).astype(float)
    agreement, paired = unit_agreement(chosen.sum(axis=1), weights)
    r, q = len(kept), ratings.n_categories
    judged = chosen.any(axis=(1, 2))
    columns = np.column_stack([paired, agreement, judged, chosen.sum(axis=2), chosen.reshape(len(codes), r * q)])

    def evaluate(sums: np.ndarray) -> Parts:
        observed = ratio(sums[:, 1], sums[:, 0])
        share = ratio(sums[:, 3 + r :].reshape(len(sums), r, q), sums[:, 3 : 3 + r, None])
        together = share.sum(axis=1)
        everyone = ((together @ weights) * together).sum(axis=1)
        oneself = ((share @ weights) * share).sum(axis=(1, 2))
        expected = (everyone - oneself) / (r * (r - 1)) if r > 1 else np.full(len(sums), np.nan)
        return corrected(observed, expected), observed, expected

    linear = _gwet_linear(evaluate, (patterns.multiplicity @ columns)[None, :])
    return _estimator(ratings, patterns, columns, evaluate, linear)


def pairwise_estimator(ratings: Ratings, weights: np.ndarray, kind: str) -> Estimator:
    """Two-coder coefficients; for more coders the mean over the pairs that define them.

    Parameters
    ----------
    ratings : Ratings
        The judgements, coders known.
    weights : ndarray
        Agreement weights; may be asymmetric for `cohen`.
    kind : {"cohen", "scott", "holsti"}
        The coefficient.

    Returns
    -------
    Estimator
    """
    patterns = ratings.ordered
    codes = patterns.rows
    q = ratings.n_categories
    kept = np.flatnonzero((codes >= 0).any(axis=0))
    blocks = []
    for a, b in combinations(kept, 2):
        both = (codes[:, a] >= 0) & (codes[:, b] >= 0)
        seen = both | (kind == "holsti")
        agree = np.where(both, weights[codes[:, a], codes[:, b]], 0.0)
        first, second = ((codes[:, coder, None] == np.arange(q)) & seen[:, None] for coder in (a, b))
        blocks.append(np.column_stack([both, agree, first, second]).astype(float))
    width = 2 + 2 * q
    columns = np.concatenate(blocks, axis=1) if blocks else np.zeros((len(codes), width))

    def one(sums: np.ndarray) -> Parts:
        first, second = sums[:, 2 : 2 + q], sums[:, 2 + q :]
        if kind == "holsti":
            value = ratio(2.0 * sums[:, 1], first.sum(axis=1) + second.sum(axis=1))
            return value, value, np.full(len(sums), np.nan)
        observed = ratio(sums[:, 1], sums[:, 0])
        p, r = ratio(first, sums[:, :1]), ratio(second, sums[:, :1])
        if kind == "scott":
            p = r = (p + r) / 2.0
        expected = ((p @ weights) * r).sum(axis=1)
        return corrected(observed, expected), observed, expected

    def evaluate(sums: np.ndarray) -> Parts:
        parts = [one(sums[:, place : place + width]) for place in range(0, sums.shape[1], width)]
        value, observed, expected = (_mean_defined(np.array(column)) for column in zip(*parts))
        return value, observed, expected

    return _estimator(ratings, patterns, columns, evaluate)


def _mean_defined(values: np.ndarray) -> np.ndarray:
    defined = ~np.isnan(values)
    return ratio(np.where(defined, values, 0.0).sum(axis=0), defined.sum(axis=0))
