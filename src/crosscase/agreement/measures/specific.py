"""What stands beside kappa: prevalence and bias index, agreement specific to a category, kappa pooled over codes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from crosscase.agreement.judgements.ratings import Ratings
from crosscase.agreement.judgements.read import read_ratings
from crosscase.agreement.measures.base import Coefficient, Measure
from crosscase.agreement.measures.chance import cohen_kappa
from crosscase.agreement.measures.estimator import Estimator, Parts, ratio
from crosscase.arguments import check_arguments
from crosscase.errors import CrosscaseError, Problem, shown

UNUSED = "category not used on a unit with two judgements"


def prevalence_bias(
    data: Any,
    *,
    layout: str = "ratings",
    categories: Sequence[Hashable] | None = None,
    positive: Hashable | None = None,
) -> pd.DataFrame:
    """Prevalence and bias index of two coders and two categories, with PABAK and its parts.

    Parameters
    ----------
    data : DataFrame or 2-d array
        Units x two coders, or a 2 x 2 crosstab.
    layout : {"ratings", "crosstab"}
        What `data` holds.
    categories : sequence, optional
        The two categories.
    positive : optional
        The positive category; without it the last of a frame of judgements, the first of a crosstab.

    Returns
    -------
    DataFrame
        One row: `n_units, both, first_only, second_only, neither, prevalence_index, bias_index, pabak`. The indices
        keep their sign: prevalence (both - neither) / n, bias (first only - second only) / n.

    Raises
    ------
    CrosscaseError
        For more than two coders or categories.

    References
    ----------
    Byrt, T., Bishop, J. & Carlin, J. B. (1993). Bias, prevalence and kappa. Journal of Clinical Epidemiology 46,
    423-429. doi:10.1016/0895-4356(93)90018-V

    Examples
    --------
    >>> prevalence_bias([[40, 9], [6, 45]], layout="crosstab")[["prevalence_index", "bias_index"]].values.tolist()
    [[-0.05, 0.03]]
    """
    check_arguments(prevalence_bias, locals())
    ratings = read_ratings(data, layout, categories)
    codes = ratings.by_coder("the prevalence and bias index")
    if codes.shape[1] != 2 or ratings.n_categories > 2:
        raise CrosscaseError(
            Problem("ratings", "two coders and two categories", f"{codes.shape[1]} and {ratings.n_categories}",
                    remedy="compare two coders on one code at a time")
        )  # fmt: skip
    names = ratings.categories
    chosen = positive if positive is not None else (names[0] if layout == "crosstab" else names[-1])
    if chosen not in names:
        raise CrosscaseError(Problem("positive", "one of the categories", repr(chosen), str(list(names))))
    yes = codes == names.index(chosen)
    paired = (codes >= 0).all(axis=1)
    unit = ratings.multiplicity * paired
    both, first, second, neither = (
        float(unit[a & b].sum())
        for a, b in ((yes[:, 0], yes[:, 1]), (yes[:, 0], ~yes[:, 1]), (~yes[:, 0], yes[:, 1]), (~yes[:, 0], ~yes[:, 1]))
    )
    n = both + first + second + neither
    share = float("nan") if n == 0 else 1.0 / n
    row = {"n_units": int(n), "both": int(both), "first_only": int(first), "second_only": int(second),
           "neither": int(neither), "prevalence_index": (both - neither) * share,
           "bias_index": (first - second) * share, "pabak": 2 * (both + neither) * share - 1}  # fmt: skip
    return pd.DataFrame([row])


def specific_agreement(
    data: Any, *, layout: str = "ratings", categories: Sequence[Hashable] | None = None
) -> pd.DataFrame:
    """Agreement specific to each category: of all judgements for it, how many does another coder share.

    For two coders and two categories these are positive and negative agreement, 2a / (2a + b + c) and
    2d / (2d + b + c).

    Parameters
    ----------
    data : DataFrame or 2-d array
        Units x coders, counts or crosstab.
    layout : {"ratings", "counts", "crosstab"}
        What `data` holds.
    categories : sequence, optional
        All categories.

    Returns
    -------
    DataFrame
        One row per category: `category, n_units, n_judgements, specific_agreement, reason`.

    References
    ----------
    Cicchetti, D. V. & Feinstein, A. R. (1990). High agreement but low kappa: II. Resolving the paradoxes. Journal of
    Clinical Epidemiology 43, 551-558. doi:10.1016/0895-4356(90)90159-M
    Fleiss, J. L., Levin, B. & Paik, M. C. (2003). Statistical Methods for Rates and Proportions, 3rd ed., chapter 18.

    Examples
    --------
    >>> specific_agreement([[40, 9], [6, 45]], layout="crosstab")["specific_agreement"].round(4).tolist()
    [0.8421, 0.8571]
    """
    check_arguments(specific_agreement, locals())
    ratings = read_ratings(data, layout, categories)
    shared, given = _specific_sums(ratings)
    value = ratio(shared, given)
    reason = np.where(given > 0, "", UNUSED)
    return pd.DataFrame(
        {"category": list(ratings.categories), "n_units": ratings.n_units, "n_judgements": given.astype(int),
         "specific_agreement": value, "reason": reason}
    )  # fmt: skip


def pooled_kappa(tables: Mapping[str, Any] | Sequence[Any], *, layout: str = "ratings") -> Coefficient:
    """Kappa pooled over codes: observed and expected agreement are averaged over the codes first.

    Parameters
    ----------
    tables : mapping or sequence
        Judgements of two coders on each code, by code or in a list (for more coders: parts averaged over pairs).
    layout : {"ratings", "crosstab"}
        What each table holds.

    Returns
    -------
    Coefficient
        A code without variation counts with its expected agreement of 1.

    Raises
    ------
    CrosscaseError
        Where no table is given.

    References
    ----------
    De Vries, H., Elliott, M. N., Kanouse, D. E. & Teleki, S. S. (2008). Using pooled kappa to summarize interrater
    agreement across many items. Field Methods 20, 272-282. doi:10.1177/1525822X08317166

    Examples
    --------
    >>> round(float(pooled_kappa({"a": [[40, 9], [6, 45]], "b": [[20, 5], [10, 15]]}, layout="crosstab")), 4)
    0.5496
    """
    check_arguments(pooled_kappa, locals(), but=["tables"])
    if not isinstance(tables, (Mapping, Sequence)) or isinstance(tables, (str, bytes)) or len(tables) == 0:
        found = "one frame" if isinstance(tables, pd.DataFrame) else shown(tables)
        raise CrosscaseError(Problem("tables", "at least one code, each with its own table", found))
    each = tables.values() if isinstance(tables, Mapping) else tables
    return pool_kappas([_one_code(table, layout) for table in each])


def _one_code(table: Any, layout: str) -> Ratings:
    try:
        return read_ratings(table, layout)
    except CrosscaseError as error:
        raise CrosscaseError([replace(each, place=f"tables, {each.place}") for each in error.problems]) from error


def pool_kappas(ratings: Sequence[Ratings]) -> Coefficient:
    """Return pooled kappa from judgements already read, one per code."""
    parts = [cohen_kappa.estimator(each).point() for each in ratings]
    known = [part for part in parts if not np.isnan(part[1])]
    observed = float(np.mean([part[1] for part in known])) if known else float("nan")
    expected = float(np.mean([part[2] for part in known])) if known else float("nan")
    value = float(ratio(np.array([observed - expected]), np.array([1 - expected]))[0])
    reason = f"{len(parts) - len(known)} of {len(parts)} codes without pairs" if len(known) < len(parts) else ""
    if np.isnan(value):
        reason = "; ".join(
            filter(None, [reason, "no code with variation" if known else "no unit judged by two coders"])
        )
    return Coefficient(
        "pooled_kappa", f"{len(known)} codes", value, sum(each.n_units for each in ratings),
        max((each.n_coders for each in ratings), default=0), sum(each.n_pairs for each in ratings), observed, expected,
        reason=reason,
    )  # fmt: skip


def specific_estimator(ratings: Ratings, category: int) -> Estimator:
    """Return the estimator of the agreement specific to one category, given by its number."""
    patterns = ratings.unordered
    judged = patterns.rows.sum(axis=1)
    share = np.where(judged >= 2, 1.0 / np.maximum(judged - 1.0, 1.0), 0.0)
    count = patterns.rows[:, category]
    columns = np.column_stack([count * (count - 1) * share, count * (judged >= 2)])

    def evaluate(sums: np.ndarray) -> Parts:
        value = ratio(sums[:, 0], sums[:, 1])
        return value, value, np.full(len(sums), np.nan)

    return Estimator(
        columns, patterns.multiplicity, patterns.member, ratings.multiplicity, evaluate, None, judged >= 1,
        ratings.documents, UNUSED,
    )  # fmt: skip


def _specific_sums(ratings: Ratings) -> tuple[np.ndarray, np.ndarray]:
    sums = np.array([specific_estimator(ratings, k).totals()[0] for k in range(ratings.n_categories)])
    return sums.reshape(-1, 2)[:, 0], sums.reshape(-1, 2)[:, 1]


FLEISS_BOOK = "Fleiss, J. L., Levin, B. & Paik, M. C. (2003). Statistical Methods for Rates and Proportions, 3rd ed."
positive_agreement = Measure(
    "positive_agreement", "Positive agreement",
    "of all judgements that give the code, the share that another coder shares.", FLEISS_BOOK,
    partial(specific_estimator, category=1), in_table=True,
)  # fmt: skip
negative_agreement = Measure(
    "negative_agreement", "Negative agreement",
    "of all judgements that do not give the code, the share that another coder shares.", FLEISS_BOOK,
    partial(specific_estimator, category=0), in_table=True,
)  # fmt: skip
