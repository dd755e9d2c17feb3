"""Parameters of fit: how far a set is sufficient or necessary for an outcome.

`x` is membership in a condition, conjunction or solution, `y` membership in the outcome. The formulas hold for crisp
sets (memberships 0 and 1) as well as for fuzzy sets; a ratio with nothing below the line is undefined (NaN).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]


def _ratio(above: Array, below: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, above / np.where(below > 0, below, 1.0), np.nan)


def _columns(x: Array, y: Array) -> tuple[Array, Array]:
    return np.asarray(x, dtype=float).reshape(len(y), -1), np.asarray(y, dtype=float)[:, None]


def sufficiency_scores(x: Array, y: Array) -> pd.DataFrame:
    """Return per set how far it is sufficient for an outcome; x (cases x sets) and y are memberships, 0 to 1.

    `consistency` = sum min(x, y) / sum x; `pri` = (sum min(x, y) - sum min(x, y, 1-y)) / (sum x - sum min(x, y, 1-y));
    `coverage` (raw) = sum min(x, y) / sum y.

    References
    ----------
    Ragin, C. C. (2008). Redesigning Social Inquiry, ch. 3. doi:10.7208/chicago/9780226702797.001.0001
    Schneider, C. Q., & Wagemann, C. (2012). Set-Theoretic Methods for the Social Sciences, pp. 123-129, 237-244.
    doi:10.1017/CBO9781139004244

    Examples
    --------
    >>> sufficiency_scores(np.array([1.0, 0.6, 0.2]), np.array([1.0, 0.4, 0.6])).round(3).to_dict("list")
    {'consistency': [0.889], 'pri': [0.833], 'coverage': [0.8]}
    """
    sets, outcome = _columns(x, y)
    inside = np.minimum(sets, outcome).sum(axis=0)
    both = np.minimum(sets, np.minimum(outcome, 1.0 - outcome)).sum(axis=0)
    total = sets.sum(axis=0)
    return pd.DataFrame(
        {
            "consistency": _ratio(inside, total),
            "pri": _ratio(inside - both, total - both),
            "coverage": _ratio(inside, np.full_like(inside, outcome.sum())),
        }
    )


def necessity_scores(x: Array, y: Array) -> pd.DataFrame:
    """Return per set how far it is necessary for an outcome; x and y as in `sufficiency_scores`.

    `consistency` = sum min(x, y) / sum y; `coverage` = sum min(x, y) / sum x; `ron`, the relevance of necessity, =
    sum(1-x) / sum(1 - min(x, y)).

    References
    ----------
    Schneider & Wagemann (2012), as in `sufficiency_scores`, pp. 139-147, 233-237. doi:10.1017/CBO9781139004244

    Examples
    --------
    >>> necessity_scores(np.array([1.0, 0.6, 0.2]), np.array([1.0, 0.4, 0.6])).round(3).to_dict("list")
    {'consistency': [0.8], 'coverage': [0.889], 'ron': [0.857]}
    """
    sets, outcome = _columns(x, y)
    shared = np.minimum(sets, outcome)
    inside = shared.sum(axis=0)
    return pd.DataFrame(
        {
            "consistency": _ratio(inside, np.full_like(inside, outcome.sum())),
            "coverage": _ratio(inside, sets.sum(axis=0)),
            "ron": _ratio((1.0 - sets).sum(axis=0), (1.0 - shared).sum(axis=0)),
        }
    )


def model_scores(terms: Array, y: Array, models: NDArray[np.intp]) -> tuple[pd.DataFrame, Array]:
    """Return the fit of whole models, and the unique coverage: what each loses without each of its terms.

    `terms` is cases x terms; each row of `models` says which terms a model consists of, all of one length.

    Examples
    --------
    >>> scores, unique = model_scores(np.eye(2), np.ones(2), np.array([[0, 1]]))
    >>> float(scores["coverage"].iloc[0]), unique.tolist()
    (1.0, [[0.5, 0.5]])
    """
    parts, uniques = [], []
    step = max(1, 4_000_000 // max(1, terms.shape[0] * max(1, models.shape[1])))
    total = float(y.sum())
    for start in range(0, len(models), step):
        members = terms[:, models[start : start + step]]
        union = members.max(axis=2)
        scores = sufficiency_scores(union, y)
        if members.shape[2] == 1:
            without = np.zeros_like(members)
        else:
            top = np.partition(members, -2, axis=2)[:, :, -2:]
            without = np.where(members == top[:, :, 1:], top[:, :, :1], top[:, :, 1:])
        lost = np.minimum(union, y[:, None]).sum(axis=0)[:, None] - np.minimum(without, y[:, None, None]).sum(axis=0)
        parts.append(scores)
        uniques.append(lost / total if total > 0 else np.full_like(lost, np.nan))
    return pd.concat(parts, ignore_index=True), np.concatenate(uniques)
