"""The assemblage that incidence data suggest, codes not yet seen included, and draws from it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from crosscase.saturation.richness import Incidence, unseen


def tail_factor(data: Incidence) -> float:
    """Give A, the factor by which the uncovered share shrinks with one more unit."""
    q1 = data.seen_in(1)
    hidden = data.n_units * unseen(data)
    return hidden / (hidden + q1) if q1 else 0.0


def bootstrap_incidence(data: Incidence, n_resamples: int, seed: int) -> tuple[list[Incidence], NDArray[np.float64]]:
    """Draw new sets of incidence frequencies from the assemblage that the data suggest, with the true coverage of each.

    Observed codes keep a detection chance shrunk for rare ones; codes not yet seen share the uncovered rest. The data
    hold at least two units and one code.

    References
    ----------
    Chao, A. et al. (2014), Ecological Monographs 84, 45-67, appendix G, doi 10.1890/13-0133.1.
    """
    t, share = data.n_units, data.frequencies / data.n_units
    rest = data.seen_in(1) / t * tail_factor(data)
    missed = share * (1 - share) ** t
    weight = rest / missed.sum() if rest else 0.0
    seen = share * (1 - weight * (1 - share) ** t)
    hidden = math.ceil(unseen(data))
    chances = np.clip(np.concatenate([seen, np.full(hidden, rest / hidden if hidden else 0.0)]), 0, 1)
    draws = np.random.default_rng(seed).binomial(t, chances, size=(n_resamples, len(chances)))
    covered = (draws > 0) @ chances / chances.sum()
    return [Incidence(draw[draw > 0], t) for draw in draws], covered
