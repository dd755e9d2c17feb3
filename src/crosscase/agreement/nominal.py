"""Agreement coefficients for categories, with and without weights: percent, kappa, pi, AC1 and AC2, Holsti."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np

from crosscase.agreement.chance import conger_estimator, pairwise_estimator, pooled_estimator
from crosscase.agreement.intervals import Interval
from crosscase.agreement.ratings import Ratings
from crosscase.agreement.reading import read_ratings
from crosscase.agreement.result import Coefficient, coefficient
from crosscase.agreement.weights import weight_matrix
from crosscase.errors import CrosscaseError, Problem

_SHARED = """

    Parameters
    ----------
    data : DataFrame, 2-d array or list of rows
        Units x coders, missing NaN; or as `layout` says.
    layout : {"ratings", "counts", "crosstab"}
        Units x coders; units x categories with numbers of coders; or first coder's x second coder's categories.
    categories : sequence, optional
        All categories a coder could choose, in order; without it those that occur.
    weights : str or table, optional
        Agreement weights, see `agreement_weights`; those by distance need the order of text categories.
    scores : {"values", "positions"}
        Distances between numeric categories or between their places.
    documents : sequence or str, optional
        Document of each unit, or the column that names it; without it the index level `document`.
    interval : Bootstrap, Linearised or None
        Confidence interval; both draw over documents unless told otherwise. None gives no interval.

    Returns
    -------
    Coefficient
        Value, n, observed and expected agreement, interval, and the reason where undefined.

    Raises
    ------
    CrosscaseError
        For input that cannot be judgements.
"""


def percent_agreement(
    data: Any,
    *,
    layout: str = "ratings",
    categories: Sequence[Hashable] | None = None,
    weights: Any = "identity",
    scores: str = "values",
    documents: Any = None,
    interval: Interval | None = None,
) -> Coefficient:
    """Share of agreeing pairs of judgements, averaged over units with at least two.

    Examples
    --------
    >>> float(percent_agreement([["a", "a"], ["a", "b"]]))
    0.5
    """
    return _pooled("percent_agreement", "percent", data, layout, categories, weights, scores, documents, interval)


def fleiss_kappa(
    data: Any,
    *,
    layout: str = "ratings",
    categories: Sequence[Hashable] | None = None,
    weights: Any = "identity",
    scores: str = "values",
    documents: Any = None,
    interval: Interval | None = None,
) -> Coefficient:
    """Fleiss' kappa: chance agreement from the categories' shares over all coders; missing as in Gwet (2014).

    References
    ----------
    Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters. Psychological Bulletin 76, 378-382.
    doi:10.1037/h0031619

    Examples
    --------
    >>> round(float(fleiss_kappa([[2, 0], [1, 1], [0, 2]], layout="counts")), 4)
    0.3333
    """
    return _pooled("fleiss_kappa", "fleiss", data, layout, categories, weights, scores, documents, interval)


def brennan_prediger(
    data: Any,
    *,
    layout: str = "ratings",
    categories: Sequence[Hashable] | None = None,
    weights: Any = "identity",
    scores: str = "values",
    documents: Any = None,
    interval: Interval | None = None,
) -> Coefficient:
    """Brennan-Prediger coefficient: every category equally likely by chance (Bennett's S, free-marginal kappa).

    References
    ----------
    Brennan, R. L. & Prediger, D. J. (1981). Coefficient kappa: some uses, misuses, and alternatives.
    Educational and Psychological Measurement 41, 687-699. doi:10.1177/001316448104100307

    Examples
    --------
    >>> float(brennan_prediger([[40, 5], [5, 50]], layout="crosstab"))
    0.8
    """
    return _pooled(
        "brennan_prediger", "brennan_prediger", data, layout, categories, weights, scores, documents, interval
    )


def gwet_ac1(
    data: Any,
    *,
    layout: str = "ratings",
    categories: Sequence[Hashable] | None = None,
    documents: Any = None,
    interval: Interval | None = None,
) -> Coefficient:
    """Gwet's AC1: chance agreement only where coders guess; stable at high and low prevalence.

    References
    ----------
    Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of high agreement.
    British Journal of Mathematical and Statistical Psychology 61, 29-48. doi:10.1348/000711006X126600

    Examples
    --------
    >>> round(float(gwet_ac1([[118, 5], [2, 0]], layout="crosstab")), 4)
    0.9408
    """
    return _pooled("gwet_ac1", "gwet", data, layout, categories, "identity", "values", documents, interval)


def gwet_ac2(
    data: Any,
    *,
    weights: Any = "quadratic",
    layout: str = "ratings",
    categories: Sequence[Hashable] | None = None,
    scores: str = "values",
    documents: Any = None,
    interval: Interval | None = None,
) -> Coefficient:
    """Gwet's AC2: AC1 with agreement weights.

    References
    ----------
    Gwet, K. L. (2014). Handbook of Inter-Rater Reliability, 4th ed., chapter 4.

    Examples
    --------
    >>> round(float(gwet_ac2([[1, 1], [2, 3], [3, 3]], weights="linear")), 4)
    0.6604
    """
    return _pooled("gwet_ac2", "gwet", data, layout, categories, weights, scores, documents, interval)


def conger_kappa(
    data: Any,
    *,
    layout: str = "ratings",
    categories: Sequence[Hashable] | None = None,
    weights: Any = "identity",
    scores: str = "values",
    documents: Any = None,
    interval: Interval | None = None,
) -> Coefficient:
    """Conger's kappa: Cohen's kappa for many coders, chance agreement from each coder's own distribution.

    References
    ----------
    Conger, A. J. (1980). Integration and generalization of kappas for multiple raters. Psychological Bulletin 88,
    322-328. doi:10.1037/0033-2909.88.2.322

    Examples
    --------
    >>> round(float(conger_kappa([[40, 9], [6, 45]], layout="crosstab")), 4)
    0.6995
    """
    ratings = read_ratings(data, layout, categories, documents)
    ratings.by_coder("Conger's kappa")
    table = _weights(ratings, weights, scores)
    return coefficient("conger_kappa", _form(weights, scores), ratings, conger_estimator(ratings, table), interval)


def cohen_kappa(
    data: Any,
    *,
    layout: str = "ratings",
    categories: Sequence[Hashable] | None = None,
    weights: Any = "identity",
    scores: str = "values",
    documents: Any = None,
    interval: Interval | None = None,
) -> Coefficient:
    """Cohen's kappa of two coders on the units both judged; for more coders the mean over pairs (Light 1971).

    References
    ----------
    Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological Measurement 20,
    37-46. doi:10.1177/001316446002000104
    Cohen, J. (1968). Weighted kappa. Psychological Bulletin 70, 213-220. doi:10.1037/h0026256
    Light, R. J. (1971). Measures of response agreement for qualitative data. Psychological Bulletin 76, 365-377.
    doi:10.1037/h0031643

    Examples
    --------
    >>> round(float(cohen_kappa([[20, 5], [10, 15]], layout="crosstab")), 4)
    0.4
    """
    return _pairwise("cohen_kappa", "cohen", data, layout, categories, weights, scores, documents, interval)


def scott_pi(
    data: Any,
    *,
    layout: str = "ratings",
    categories: Sequence[Hashable] | None = None,
    weights: Any = "identity",
    scores: str = "values",
    documents: Any = None,
    interval: Interval | None = None,
) -> Coefficient:
    """Scott's pi of two coders on the units both judged; chance agreement from their joint distribution.

    References
    ----------
    Scott, W. A. (1955). Reliability of content analysis. Public Opinion Quarterly 19, 321-325. doi:10.1086/266577

    Examples
    --------
    >>> round(float(scott_pi([[20, 5], [10, 15]], layout="crosstab")), 4)
    0.3939
    """
    return _pairwise("scott_pi", "scott", data, layout, categories, weights, scores, documents, interval)


def holsti(
    data: Any,
    *,
    layout: str = "ratings",
    categories: Sequence[Hashable] | None = None,
    documents: Any = None,
    interval: Interval | None = None,
) -> Coefficient:
    """Holsti's index 2M / (N1 + N2): agreeing judgements by all judgements of both coders; mean over pairs.

    References
    ----------
    Holsti, O. R. (1969). Content Analysis for the Social Sciences and Humanities, p. 140.

    Examples
    --------
    >>> round(float(holsti([["a", "a"], ["a", "b"], ["b", None]])), 4)
    0.4
    """
    return _pairwise("holsti", "holsti", data, layout, categories, "identity", "values", documents, interval)


def pabak(
    data: Any,
    *,
    layout: str = "ratings",
    categories: Sequence[Hashable] | None = None,
    documents: Any = None,
    interval: Interval | None = None,
) -> Coefficient:
    """Prevalence-adjusted bias-adjusted kappa of two categories: 2 x percent agreement - 1.

    References
    ----------
    Byrt, T., Bishop, J. & Carlin, J. B. (1993). Bias, prevalence and kappa. Journal of Clinical Epidemiology 46,
    423-429. doi:10.1016/0895-4356(93)90018-V

    Examples
    --------
    >>> float(pabak([[80, 10], [5, 5]], layout="crosstab"))
    0.7
    """
    ratings = read_ratings(data, layout, categories, documents)
    if ratings.n_categories > 2:
        raise CrosscaseError(
            Problem("pabak", "two categories", str(list(ratings.categories)), remedy="use brennan_prediger")
        )
    estimator = pooled_estimator(ratings, np.eye(ratings.n_categories), "brennan_prediger")
    return coefficient("pabak", "identity", ratings, estimator, interval)


def _weights(ratings: Ratings, weights: Any, scores: str, symmetric: bool = True) -> np.ndarray:
    """Agreement weights of the categories; those by distance are refused where nobody said the order."""
    if isinstance(weights, str) and weights != "identity" and not ratings.order_known:
        raise CrosscaseError(
            Problem("categories", f"weights {weights!r} need the order of text categories",
                    str(list(ratings.categories)), remedy="pass categories= from lowest to highest")
        )  # fmt: skip
    return weight_matrix(ratings.categories, weights, scores, symmetric)


def _form(weights: Any, scores: str) -> str:
    weights = "identity" if weights is None else weights
    name = weights if isinstance(weights, str) else "own weights"
    return f"{name}, by positions" if scores == "positions" and name not in ("identity", "own weights") else name


def _pooled(
    name: str,
    kind: str,
    data: Any,
    layout: str,
    categories: Any,
    weights: Any,
    scores: str,
    documents: Any,
    interval: Any,
) -> Coefficient:
    ratings = read_ratings(data, layout, categories, documents)
    table = _weights(ratings, weights, scores)
    return coefficient(name, _form(weights, scores), ratings, pooled_estimator(ratings, table, kind), interval)


def _pairwise(
    name: str,
    kind: str,
    data: Any,
    layout: str,
    categories: Any,
    weights: Any,
    scores: str,
    documents: Any,
    interval: Any,
) -> Coefficient:
    ratings = read_ratings(data, layout, categories, documents)
    ratings.by_coder(name)
    if kind == "scott" and ratings.n_coders > 2:
        raise CrosscaseError(
            Problem("scott_pi", "two coders", f"{ratings.n_coders} coders", remedy="use fleiss_kappa, its extension")
        )
    table = _weights(ratings, weights, scores, symmetric=kind != "cohen" or ratings.n_coders > 2)
    estimator = pairwise_estimator(ratings, table, kind)
    form = _form(weights, scores) + (", mean over pairs of coders" if ratings.n_coders > 2 else "")
    return coefficient(name, form, ratings, estimator, interval, _undefined_pairs(ratings, table, kind))


def _undefined_pairs(ratings: Ratings, table: np.ndarray, kind: str) -> str:
    if ratings.n_coders <= 2 or kind == "holsti":
        return ""
    codes = ratings.by_coder(kind)
    kept = np.flatnonzero((codes >= 0).any(axis=0))
    values = []
    for place, a in enumerate(kept):
        for b in kept[place + 1 :]:
            pair = Ratings(codes[:, [a, b]], None, ratings.multiplicity, ratings.categories, (a, b))
            values.append(pairwise_estimator(pair, table, kind).point()[0])
    lost = int(np.isnan(values).sum())
    return (
        f"{lost} of {len(values)} pairs of coders undefined and left out of the mean" if 0 < lost < len(values) else ""
    )


for _function in (percent_agreement, fleiss_kappa, brennan_prediger, gwet_ac1, gwet_ac2, conger_kappa, cohen_kappa,
                  scott_pi, holsti, pabak):  # fmt: skip
    _head, _, _rest = (_function.__doc__ or "").partition("\n\n")
    _function.__doc__ = f"{_head}{_SHARED}\n{_rest}"
