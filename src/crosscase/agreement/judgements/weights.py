"""Agreement weights between categories: identity, linear, quadratic, Gwet's ordinal and others, own tables."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd

from crosscase.agreement.judgements.ratings import Ratings
from crosscase.agreement.judgements.read import EXACT
from crosscase.arguments import check_arguments
from crosscase.errors import CrosscaseError, Problem, raise_if, shown

WEIGHTS = ("identity", "linear", "quadratic", "radical", "ratio", "gwet_ordinal")


def agreement_weights(
    categories: Sequence[Hashable], weights: Any = "identity", scores: str = "values"
) -> pd.DataFrame:
    """Weight of each pair of categories: 1 for the same category, less the further apart they are.

    Parameters
    ----------
    categories : sequence
        Categories in order.
    weights : {"identity", "linear", "quadratic", "radical", "ratio", "gwet_ordinal"}, table or None
        The form; None is `identity`. `linear` is 1 - |a - b| / range, `quadratic` squares and `radical` takes the
        root of that distance. `gwet_ordinal` counts the pairs of ranks between two categories (Gwet 2014), which is
        not Krippendorff's ordinal metric. A square table holds own agreement weights, 1 on the diagonal.
    scores : {"values", "positions"}
        For numeric categories: distances between the values, or between their places in order. Text categories
        always use places.

    Returns
    -------
    DataFrame
        Categories x categories.

    Raises
    ------
    CrosscaseError
        For unknown forms and for own tables that are no agreement weights.

    References
    ----------
    Cohen, J. (1968). Weighted kappa. Psychological Bulletin 70, 213-220. doi:10.1037/h0026256
    Gwet, K. L. (2014). Handbook of Inter-Rater Reliability, 4th ed., section 3.5.

    Examples
    --------
    >>> agreement_weights([1, 2, 3], "linear").loc[1].tolist()
    [1.0, 0.5, 0.0]
    >>> agreement_weights([1, 2, 3], "gwet_ordinal").loc[1].round(4).tolist()
    [1.0, 0.6667, 0.0]
    """
    check_arguments(agreement_weights, locals())
    names = list(categories)
    weights = "identity" if weights is None else weights
    if not isinstance(weights, str):
        return _own(names, weights)
    if weights not in WEIGHTS or scores not in ("values", "positions"):
        found, allowed = (weights, ", ".join(WEIGHTS)) if weights not in WEIGHTS else (scores, "values, positions")
        raise CrosscaseError(
            Problem(
                "weights" if weights not in WEIGHTS else "scores",
                "unknown choice",
                repr(found),
                f"{allowed}, or an own table",
            )
        )
    if weights == "identity" or len(names) < 2:
        return pd.DataFrame(np.eye(len(names)), index=names, columns=names)
    position = np.arange(len(names), dtype=float)
    numeric = all(isinstance(name, Real) for name in names)
    x = places(names) if numeric and scores == "values" else position
    if weights == "gwet_ordinal":
        steps = np.abs(position[:, None] - position[None, :]) + 1
        pairs = steps * (steps - 1) / 2
        table = 1 - pairs / pairs.max()
    elif weights == "ratio":
        # the ratio needs the numbers themselves, not where they lie
        x = np.array(names, dtype=float) if numeric and scores == "values" else position
        table = 1 - _ratio_distance(x) / _ratio_distance(x).max()
    else:
        distance = np.abs(x[:, None] - x[None, :]) / (x.max() - x.min())
        table = 1 - distance ** {"linear": 1.0, "quadratic": 2.0, "radical": 0.5}[weights]
    return pd.DataFrame(table, index=names, columns=names)


def weights_from_disagreement(table: Any) -> pd.DataFrame:
    """Agreement weights from Cohen's (1968) disagreement weights: 1 - v / max(v).

    Parameters
    ----------
    table : DataFrame, 2-d array or list of rows
        Categories x categories, 0 on the diagonal, larger for graver disagreement.

    Returns
    -------
    DataFrame
        Agreement weights, 1 on the diagonal.

    Raises
    ------
    CrosscaseError
        Where a cell is below 0 or no number, the diagonal is not 0, or all cells are 0.

    References
    ----------
    Cohen, J. (1968). Weighted kappa. Psychological Bulletin 70, 213-220. doi:10.1037/h0026256, equation 7.

    Examples
    --------
    >>> weights_from_disagreement(pd.DataFrame([[0, 4], [2, 0]])).loc[1].tolist()
    [0.5, 1.0]
    """
    check_arguments(weights_from_disagreement, locals())
    place = "table, disagreement weights"
    try:
        frame = table if isinstance(table, pd.DataFrame) else pd.DataFrame(np.asarray(table, dtype=float))
        values = frame.to_numpy(float, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise CrosscaseError(Problem(place, "a square table of numbers", shown(table))) from error
    if values.size == 0 or values.shape[0] != values.shape[1]:
        raise CrosscaseError(Problem(place, "a square table of numbers", " x ".join(map(str, values.shape))))
    problems = []
    if not np.isfinite(values).all():
        problems.append(Problem(place, "each cell is a finite number", f"{(~np.isfinite(values)).sum()} others"))
    if np.diag(values).any():
        problems.append(Problem(place, "0 on the diagonal: a category does not disagree with itself",
                                ", ".join(f"{value:g}" for value in np.diag(values))))  # fmt: skip
    if (values < 0).any():
        problems.append(Problem(place, "no disagreement is below 0", ", ".join(f"{v:g}" for v in values[values < 0]),
                                "0 or more, larger for graver disagreement"))  # fmt: skip
    if not problems and not values.any():
        problems.append(Problem(place, "some categories disagree", "zeros only"))
    raise_if(problems)
    return pd.DataFrame(1 - values / values.max(), index=frame.index, columns=frame.columns)


def places(numbers: Sequence[Any]) -> np.ndarray:
    """Return numbers as floats whose differences are right: those too large for it are counted from the least.

    Examples
    --------
    >>> places([1, 2.5]).tolist(), places([2**53, 2**53 + 1]).tolist()
    ([1.0, 2.5], [0.0, 1.0])
    """
    least = min(numbers, default=0)
    if max(map(abs, numbers), default=0) >= EXACT and all(isinstance(each, Integral) for each in numbers):
        return np.array([float(each - least) for each in numbers])
    return np.array(numbers, dtype=float)


def weights_for(ratings: Ratings, weights: Any, scores: str, symmetric: bool) -> np.ndarray:
    """Return the agreement weights of judgements as an array.

    Refused are weights by distance where nobody said the order, and asymmetric ones where they must be symmetric.
    """
    if isinstance(weights, str) and weights != "identity" and not ratings.order_known:
        raise CrosscaseError(
            Problem("categories", f"weights {weights!r} need the order of text categories",
                    str(list(ratings.categories)), remedy="pass categories= from lowest to highest")
        )  # fmt: skip
    table = agreement_weights(ratings.categories, weights, scores).to_numpy(float)
    if symmetric and not np.allclose(table, table.T, rtol=0, atol=1e-12):
        raise CrosscaseError(
            Problem("weights", "this coefficient does not tell coders apart: symmetric weights", "an asymmetric table",
                    remedy="use cohen_kappa for two coders, or make the table symmetric")
        )  # fmt: skip
    return table


def form_of(weights: Any, scores: str) -> str:
    """Return weights in words, as a coefficient names its form.

    Examples
    --------
    >>> form_of("linear", "positions"), form_of([[1, 0], [0, 1]], "values")
    ('linear, by positions', 'own weights')
    """
    name = weights if isinstance(weights, str) else "own weights"
    return f"{name}, by positions" if scores == "positions" and name not in ("identity", "own weights") else name


def _ratio_distance(x: np.ndarray) -> np.ndarray:
    if (x < 0).any():
        raise CrosscaseError(Problem("weights", "ratio weights need categories of 0 or more", str(x.min())))
    total = x[:, None] + x[None, :]
    return (np.subtract.outer(x, x) / np.where(total == 0, 1.0, total)) ** 2


def square_table(table: Any, place: str) -> pd.DataFrame:
    """Return a table of numbers by category and category as a frame; anything else is refused.

    Examples
    --------
    >>> square_table([[1, 0], [0, 1]], "weights").shape
    (2, 2)
    """
    rule, allowed = "a table of numbers, categories by categories", "a frame, a 2-d array, a list of rows"
    if isinstance(table, pd.DataFrame):
        return table
    try:
        cells = np.asarray(table, dtype=float)
        if cells.ndim != 2 or isinstance(table, (str, bytes)):
            raise ValueError
    except (TypeError, ValueError) as error:
        raise CrosscaseError(Problem(place, rule, shown(table), allowed)) from error
    return pd.DataFrame(cells)


def _own(names: list[Hashable], table: Any) -> pd.DataFrame:
    frame = square_table(table, "weights")
    unnamed = isinstance(frame.index, pd.RangeIndex) and isinstance(frame.columns, pd.RangeIndex)
    if frame.shape == (len(names), len(names)) and unnamed and not set(names) <= set(frame.index):
        frame = frame.set_axis(names, axis=0).set_axis(names, axis=1)
    missing = [name for name in names if name not in frame.index or name not in frame.columns]
    if missing:
        raise CrosscaseError(
            Problem("weights", "an own table names every category in rows and columns", f"none for {missing}",
                    remedy="pass a frame with the categories as index and columns")
        )  # fmt: skip
    frame = frame.loc[names, names].astype(float)
    values = frame.to_numpy()
    if not np.isfinite(values).all() or not np.allclose(np.diag(values), 1.0) or (values > 1 + 1e-12).any():
        raise CrosscaseError(
            Problem("weights", "agreement weights: 1 on the diagonal, none larger", str(values.tolist()),
                    remedy="for disagreement weights (0 on the diagonal) use weights_from_disagreement")
        )  # fmt: skip
    return frame
