"""Krippendorff's alpha with missing judgements: nominal, ordinal, interval, ratio, polar, circular, own metric."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from crosscase.agreement.intervals import Interval
from crosscase.agreement.judgements.ratings import Ratings
from crosscase.agreement.judgements.read import Documents, read_ratings
from crosscase.agreement.judgements.weights import places, square_table
from crosscase.agreement.measures.base import Coefficient, Measure, coefficient
from crosscase.agreement.measures.estimator import Estimator, Parts, ratio
from crosscase.arguments import check_arguments
from crosscase.errors import CrosscaseError, Problem

LEVELS = ("nominal", "ordinal", "interval", "ratio", "polar", "circular")

Level: TypeAlias = str | Callable[[Any, Any], float] | pd.DataFrame | np.ndarray | Sequence[Sequence[float]]


@dataclass(frozen=True, eq=False, repr=False)
class AlphaMeasure(Measure):
    """Alpha, which knows levels of measurement; it is called like a function.

    Examples
    --------
    >>> coder_1 = ["a", "a", "b", "b", "d", "c", "c", "c", "e", "d", "d", "a"]
    >>> coder_2 = ["b", "a", "b", "b", "b", "c", "c", "c", "e", "d", "d", "d"]
    >>> round(float(krippendorff_alpha(pd.DataFrame({"first": coder_1, "second": coder_2}))), 3)
    0.692
    """

    _called = """Parameters
    ----------
    data : DataFrame, 2-d array or list of rows
        Units x coders, missing NaN; or as `layout` says.
    level : {"nominal", "ordinal", "interval", "ratio", "polar", "circular"}, callable or table
        Metric of difference. `ordinal` is Krippendorff's metric from the frequencies of the ranks between (not
        Gwet's ordinal weights). `polar` lies between the lowest and the highest category, `circular` closes the circle
        one step after the highest: declare `categories` where some do not occur. A callable gives the distance of two
        categories; a square table holds distances.
    layout : {"ratings", "counts", "crosstab"}
        Units x coders; units x categories with numbers of coders; or first x second coder's categories.
    categories : sequence, optional
        Categories in order; required for ordinal text categories.
    documents : sequence or str, optional
        Document of each unit, or the column that names it; without it the index level `document`.
    interval : Bootstrap, Linearised or None
        Confidence interval; both draw over documents unless told otherwise. None gives no interval.

    Returns
    -------
    Coefficient
        `n_units` counts units with two judgements or more; `observed` and `expected` are agreements (1 -
        disagreement; for metrics without an upper bound they are not shares).

    Raises
    ------
    CrosscaseError
        For input that cannot be judgements, an unknown level, text under a numeric level.""".replace("\n    ", "\n")

    def __call__(
        self,
        data: Any,
        *,
        level: Level = "nominal",
        layout: str = "ratings",
        categories: Sequence[Hashable] | None = None,
        documents: Documents = None,
        interval: Interval | None = None,
    ) -> Coefficient:
        """Return alpha of judgements; what stands for what is said in the help of the measure."""
        check_arguments(AlphaMeasure.__call__, locals())
        ratings = read_ratings(data, layout, categories, documents)
        if isinstance(level, str) and level == "ordinal":
            _refuse_unordered(ratings)
        return coefficient(self.name, _name(level), ratings, alpha_estimator(ratings, level), interval)


def alpha_estimator(ratings: Ratings, level: Level = "nominal") -> Estimator:
    """Return the estimator of alpha on judgements; `level` as in `krippendorff_alpha`."""
    patterns = ratings.unordered
    judged = patterns.rows.sum(axis=1)
    paired = judged >= 2
    counts = np.where(paired[:, None], patterns.rows, 0.0)
    share = 1.0 / np.where(paired, judged - 1.0, 1.0)
    if isinstance(level, str) and level == "ordinal":
        columns, evaluate = _ordinal(counts, share)
    elif isinstance(level, str) and level == "interval":
        columns, evaluate = _interval(counts, share, numbers(ratings, level))
    else:
        columns, evaluate = _fixed(counts, share, distances(ratings, level))
    columns = np.column_stack([columns, paired, judged * paired])

    def exact(sums: np.ndarray) -> Parts:
        n, observed, expected = evaluate(sums[:, :-2])
        return _alpha(observed, expected, ratio(n - 1.0, n))

    start = (patterns.multiplicity @ columns)[None, :]
    per_unit = start[0, -1] / max(start[0, -2], 1.0)
    slack = float(np.nan_to_num((evaluate(start[:, :-2])[1] / max(start[0, -1], 1.0))[0]))

    def gwet(sums: np.ndarray) -> Parts:
        """Without the small-sample term, save where Gwet keeps it: in the number of judgements per unit."""
        _, observed, expected = evaluate(sums[:, :-2])
        shift = slack * np.log(per_unit * sums[:, -2] / sums[:, -1])
        return _alpha(observed - shift, expected, np.ones(len(sums)))

    return Estimator(
        columns, patterns.multiplicity, patterns.member, ratings.multiplicity, exact, gwet, paired, ratings.documents
    )


def distances(ratings: Ratings, level: Level) -> np.ndarray:
    """Return squared differences, categories x categories, of metrics that do not depend on frequencies."""
    names = ratings.categories
    if callable(level) and not isinstance(level, (pd.DataFrame, np.ndarray)):
        table = np.array([[float(level(a, b)) for b in names] for a in names]).reshape(len(names), len(names))
        return _check(table)
    if not isinstance(level, str):
        frame = square_table(level, "level")
        unnamed = isinstance(frame.index, pd.RangeIndex) and isinstance(frame.columns, pd.RangeIndex)
        if frame.shape == (len(names), len(names)) and unnamed and not set(names) <= set(frame.index):
            frame = frame.set_axis(list(names), axis=0).set_axis(list(names), axis=1)
        if missing := [name for name in names if name not in frame.index or name not in frame.columns]:
            raise CrosscaseError(Problem("level", "an own table names every category", f"none for {missing}"))
        return _check(frame.loc[list(names), list(names)].to_numpy(float))
    if level not in LEVELS:
        raise CrosscaseError(Problem("level", "unknown level", repr(level), ", ".join(LEVELS), "or pass a metric"))
    if level == "nominal":
        return 1.0 - np.eye(len(names))
    x = numbers(ratings, level)
    gap, total = np.subtract.outer(x, x), np.add.outer(x, x)
    if level == "interval":
        return gap**2
    if level == "ratio":
        return (gap / np.where(total == 0, 1.0, total)) ** 2
    low, high = (x.min(), x.max()) if len(x) else (0.0, 0.0)
    if level == "polar":
        span = (total - 2 * low) * (2 * high - total)
        return gap**2 / np.where(span == 0, 1.0, span)
    return np.sin(np.pi * gap / (high - low + 1.0)) ** 2


def numbers(ratings: Ratings, level: str) -> np.ndarray:
    """Return categories as numbers; refused where they are not, or negative under a ratio level."""
    if text := [name for name in ratings.categories if not isinstance(name, Real)]:
        raise CrosscaseError(
            Problem("ratings", f"level {level!r} needs numbers", str(text[:5]), "numbers", "use 'nominal' or 'ordinal'")
        )
    if level != "ratio":
        return places(ratings.categories)
    x = np.array(ratings.categories, dtype=float)
    if (x < 0).any():
        raise CrosscaseError(Problem("ratings", "level 'ratio' needs values of 0 or more", str(float(x.min()))))
    return x


def _alpha(observed: np.ndarray, expected: np.ndarray, correction: np.ndarray) -> Parts:
    value = 1.0 - ratio(observed * correction, expected)
    return value, 1.0 - observed, 1.0 - ratio(expected, correction)


def _fixed(counts: np.ndarray, share: np.ndarray, delta: np.ndarray) -> tuple[np.ndarray, Any]:
    disagreement = ((counts @ delta) * counts).sum(axis=1) * share

    def evaluate(sums: np.ndarray) -> Parts:
        each = sums[:, 1:]
        n = each.sum(axis=1)
        return n, ratio(sums[:, 0], n), ratio(((each @ delta) * each).sum(axis=1), n * n)

    return np.column_stack([disagreement, counts]), evaluate


def _interval(counts: np.ndarray, share: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, Any]:
    n = counts.sum(axis=1)
    centre = float((counts.sum(axis=0) @ x) / max(n.sum(), 1.0))
    x = x - centre
    first, second = counts @ x, counts @ x**2
    disagreement = 2.0 * (n * second - first**2) * share

    def evaluate(sums: np.ndarray) -> Parts:
        n, first, second = sums[:, 1], sums[:, 2], sums[:, 3]
        return n, ratio(sums[:, 0], n), ratio(2.0 * (n * second - first**2), n * n)

    return np.column_stack([disagreement, n, first, second]), evaluate


def _ordinal(counts: np.ndarray, share: np.ndarray) -> tuple[np.ndarray, Any]:
    used = np.flatnonzero(counts.sum(axis=0) > 0)
    counts = counts[:, used]
    q = len(used)
    above, below = np.triu_indices(q, 1)
    pairs = 2.0 * counts[:, above] * counts[:, below] * share[:, None]

    def evaluate(sums: np.ndarray) -> Parts:
        each = sums[:, :q]
        n = each.sum(axis=1)
        rank = np.cumsum(each, axis=1) - each / 2.0
        apart = (rank[:, above] - rank[:, below]) ** 2
        expected = 2.0 * (each[:, above] * each[:, below] * apart).sum(axis=1)
        scale = n * n
        observed = ratio((sums[:, q:] * apart).sum(axis=1), n)
        return n, ratio(observed, scale), ratio(ratio(expected, n * n), scale)

    return np.column_stack([counts, pairs]), evaluate


def _check(table: np.ndarray) -> np.ndarray:
    fine = np.isfinite(table).all() and np.allclose(table, table.T) and not np.diag(table).any() and (table >= 0).all()
    if not fine:
        raise CrosscaseError(
            Problem("level", "a metric is symmetric, 0 on the diagonal and nowhere negative", str(table.tolist()))
        )
    return table


def _refuse_unordered(ratings: Ratings) -> None:
    if not ratings.order_known:
        raise CrosscaseError(
            Problem("categories", "ordinal text categories need their order", str(list(ratings.categories)),
                    remedy="pass categories= from lowest to highest")
        )  # fmt: skip


def _name(level: Level) -> str:
    if isinstance(level, str):
        return "ordinal (Krippendorff's metric)" if level == "ordinal" else level
    return "own metric"


krippendorff_alpha = AlphaMeasure(
    "krippendorff_alpha", "Krippendorff's alpha",
    "1 - observed / expected disagreement, for any number of coders and missing values.",
    """Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability. University of Pennsylvania.
Hayes, A. F. & Krippendorff, K. (2007). Answering the call for a standard reliability measure for coding data.
Communication Methods and Measures 1, 77-89. doi:10.1080/19312450709336664""",
    alpha_estimator,
    in_table=True, has_interval=True, kept=True, true_value="kappa",
)  # fmt: skip
