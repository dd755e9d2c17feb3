"""Agreement of a study: one row per code and an overall row, from codings and units."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from crosscase.agreement.alpha import alpha_estimator
from crosscase.agreement.chance import conger_estimator, pairwise_estimator, pooled_estimator
from crosscase.agreement.cleaning import as_codings, prepare_codings
from crosscase.agreement.estimator import Estimator
from crosscase.agreement.intervals import Bootstrap, Interval, Linearised, limits
from crosscase.agreement.ratings import Ratings
from crosscase.agreement.result import coefficient
from crosscase.agreement.specific import pool_kappas, specific_values
from crosscase.agreement.units import UnitCodings, unit_codings
from crosscase.errors import CrosscaseError, Problem, raise_if

OVERALL = "(all codes)"
#: coefficients with an interval: column of the value, prefix of the limits
WITH_INTERVAL = {
    "percent_agreement": "percent",
    "cohen_kappa": "kappa",
    "krippendorff_alpha": "alpha",
    "gwet_ac1": "ac1",
}


def agreement_table(
    codings: pd.DataFrame,
    units: pd.DataFrame,
    coders: Sequence[str] | None = None,
    codes: Sequence[str] | None = None,
    resamples: int = 1000,
    seed: int = 20210401,
    *,
    over: str = "documents",
    method: str = "bootstrap",
    confidence: float = 0.95,
    codebook: pd.DataFrame | None = None,
    judged: pd.DataFrame | None = None,
    rounds: Collection[str] | pd.DataFrame | None = None,
    rare_below: int = 5,
) -> pd.DataFrame:
    """Agreement of independent coders on the presence of each code, unit by unit, and over all codes.

    Parameters
    ----------
    codings : DataFrame
        `document, start, end, code, coder`, optionally `round`, `valence`.
    units : DataFrame
        `document, start, end, unit`: sentences, paragraphs or documents.
    coders, codes : sequence of str, optional
        Who and what to compare; without it all that occur.
    resamples, seed : int
        Of the bootstrap.
    over : {"documents", "units"}
        What is drawn. Units within a document depend on each other, so documents are the default.
    method : {"bootstrap", "linearised"}
        Percentile bootstrap, or Gwet's linearised standard error with Student's t.
    confidence : float
        Between 0 and 1.
    codebook : DataFrame, optional
        With column `code`: gives the codes and leaves others out, counted.
    judged : DataFrame, optional
        `document, coder`; without it a coder judged the documents in which he or she coded anything.
    rounds : collection of str or DataFrame, optional
        The reconciled rounds: their names, or a frame `round, reconciled`. Codings of these rounds are refused.
    rare_below : int
        A code that fewer units carry is marked rare: its coefficients hang on a handful of judgements.

    Returns
    -------
    DataFrame
        One row per code in order, then `(all codes)`, where the judgements on all codes are put together:
        `code, n_units, n_coders, n_pairs, n_documents, n_units_coded, rare, prevalence_<coder> ..., percent_agreement,
        positive_agreement, negative_agreement, cohen_kappa (mean over pairs of coders), conger_kappa, fleiss_kappa,
        brennan_prediger, krippendorff_alpha, gwet_ac1, pooled_kappa (overall row only), percent_low, percent_high,
        kappa_low, kappa_high, alpha_low, alpha_high, ac1_low, ac1_high, interval, n_duplicates, n_merged, reason`.
        `n_units` counts units judged by two coders or more (in the overall row: units times codes),
        `n_units_coded` those to which any coder gave the code.

    Raises
    ------
    CrosscaseError
        For codings of reconciled rounds, several rounds of one coder, and input that cannot be compared.

    References
    ----------
    Campbell, J. L., Quincy, C., Osserman, J. & Pedersen, O. K. (2013). Coding in-depth semistructured interviews.
    Sociological Methods & Research 42, 294-320. doi:10.1177/0049124113500475

    Examples
    --------
    >>> codings = pd.DataFrame({"document": ["d", "d", "e", "e"], "start": [0, 0, 0, 8], "end": [4, 4, 4, 12],
    ...                         "code": "c", "coder": ["x", "y", "x", "y"]})
    >>> units = pd.DataFrame({"document": ["d", "d", "e", "e"], "start": [0, 6, 0, 6], "end": [5, 12, 5, 12],
    ...                       "unit": [1, 2, 1, 2]})
    >>> agreement_table(codings, units, resamples=50)[["code", "n_units", "percent_agreement"]].values.tolist()
    [['c', 4, 0.5], ['(all codes)', 4, 0.5]]
    """
    codings = as_codings(codings)
    refuse_reconciled(codings, rounds)
    refuse_several_rounds(codings)
    interval = _interval(method, over, resamples, seed, confidence)
    table = unit_codings(codings, units, coders, codes, codebook, judged)
    if OVERALL in table.codes:
        raise CrosscaseError(Problem("codes", f"no code is called {OVERALL!r}", OVERALL, remedy="rename the code"))
    columns = [table.ratings(code).compressed() for code in table.codes]
    rows = [_code_row(code, ratings, table, interval, rare_below) for code, ratings in zip(table.codes, columns)]
    rows.append(_overall_row(table, columns, interval, rare_below))
    return pd.DataFrame(rows)


def treatments(
    codings: pd.DataFrame,
    units: pd.DataFrame,
    coders: Sequence[str] | None = None,
    codes: Sequence[str] | None = None,
    codebook: pd.DataFrame | None = None,
    judged: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """What was merged, counted once or left out on the way from codings to the agreement table.

    Parameters
    ----------
    codings, units, coders, codes, codebook, judged
        As in `agreement_table`.

    Returns
    -------
    DataFrame
        `treatment, n, detail`, one row per treatment that occurred; without units what concerns the codings alone.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "start": [0, 0], "end": [4, 4], "code": "c", "coder": "x"})
    >>> units = pd.DataFrame({"document": ["d"], "start": [0], "end": [5], "unit": [1]})
    >>> treatments(codings, units)["treatment"].tolist()
    ['duplicate coding: counted once']
    """
    if units.empty:
        return prepare_codings(codings, coders, codes, codebook).treatments
    return unit_codings(codings, units, coders, codes, codebook, judged).treatments


def negotiated_agreement(
    codings: pd.DataFrame,
    units: pd.DataFrame,
    coders: Sequence[str] | None = None,
    codes: Sequence[str] | None = None,
    judged: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Percent agreement after discussion, round by round; no coefficient against chance, the codings depend.

    Parameters
    ----------
    codings : DataFrame
        `document, start, end, code, coder, round`.
    units, coders, codes, judged
        As in `agreement_table`.

    Returns
    -------
    DataFrame
        One row per round and code: `round, code, n_units, n_coders, n_pairs, percent_agreement, positive_agreement,
        reason`.

    References
    ----------
    Campbell, J. L., Quincy, C., Osserman, J. & Pedersen, O. K. (2013). doi:10.1177/0049124113500475

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "start": [0, 0], "end": [4, 4], "code": "c", "coder": ["x", "y"],
    ...                         "round": "consensus"})
    >>> units = pd.DataFrame({"document": ["d"], "start": [0], "end": [5], "unit": [1]})
    >>> negotiated_agreement(codings, units)[["round", "percent_agreement"]].values.tolist()
    [['consensus', 1.0]]
    """
    if "round" not in codings:
        raise CrosscaseError(Problem("codings, column round", "the column exists", "no such column"))
    rows = []
    for name, part in codings.groupby("round", sort=True):
        table = unit_codings(part, units, coders, codes, judged=judged)
        for code in table.codes:
            ratings = table.ratings(code)
            found = coefficient("percent_agreement", "", ratings, pooled_estimator(ratings, np.eye(2), "percent"))
            rows.append({"round": name, "code": code, "n_units": found.n_units, "n_coders": found.n_coders,
                         "n_pairs": found.n_pairs, "percent_agreement": found.value,
                         "positive_agreement": float(specific_values(ratings)[1]), "reason": found.reason})  # fmt: skip
    return pd.DataFrame(rows)


def refuse_reconciled(codings: pd.DataFrame, rounds: Collection[str] | pd.DataFrame | None) -> None:
    """Refuse codings of rounds that were reconciled: they are not independent.

    Parameters
    ----------
    codings : DataFrame
        With column `round` where rounds are named.
    rounds : collection of str, DataFrame or None
        Names of the reconciled rounds, or a frame `round, reconciled`.

    Raises
    ------
    CrosscaseError
        Where codings of such a round are present, or the frame is not one of rounds.
    """
    if rounds is None:
        return
    if isinstance(rounds, pd.DataFrame):
        lost = [name for name in ("round", "reconciled") if name not in rounds]
        raise_if([Problem(f"rounds, column {name}", "the column exists", "no such column") for name in lost])
        flags = rounds["reconciled"]
        if flags.isna().any() or not pd.api.types.is_bool_dtype(flags):
            raise CrosscaseError(Problem("rounds, column reconciled", "true or false", str(flags.tolist())))
        names = set(rounds.loc[flags, "round"])
    else:
        names = {rounds} if isinstance(rounds, str) else set(rounds)
    if "round" not in codings or not names:
        return
    found = codings["round"].isin(names)
    if found.any():
        raise CrosscaseError(
            Problem("codings, column round", "coefficients against chance need independent codings",
                    f"{int(found.sum())} codings of reconciled rounds {sorted(set(codings.loc[found, 'round']))}",
                    "rounds coded independently",
                    "leave these rounds out, or report negotiated_agreement")
        )  # fmt: skip


def refuse_several_rounds(codings: pd.DataFrame) -> None:
    """Refuse codings that mix rounds of one coder in one document.

    Parameters
    ----------
    codings : DataFrame
        With column `round` where rounds are named.

    Raises
    ------
    CrosscaseError
        Where a coder has codings of two rounds in one document.
    """
    if "round" not in codings or not {"document", "coder"} <= set(codings):
        return
    number = codings.groupby(["document", "coder"])["round"].nunique(dropna=True)
    mixed = number[number > 1]
    if len(mixed):
        document, coder = mixed.index[0]
        raise CrosscaseError(
            Problem("codings, column round", "one round of a coder per document is compared",
                    f"{len(mixed)} pairs of document and coder with several, first {document} by {coder}",
                    remedy="select one round")
        )  # fmt: skip


def _interval(method: str, over: str, resamples: int, seed: int, confidence: float) -> Interval:
    if method == "bootstrap":
        return Bootstrap(over, resamples, seed, confidence)
    if method == "linearised":
        return Linearised(over, confidence)
    raise CrosscaseError(Problem("method", "unknown method", repr(method), "bootstrap, linearised"))


def _coefficients(ratings: Ratings) -> dict[str, Estimator]:
    weights = np.eye(2)
    return {
        "percent_agreement": pooled_estimator(ratings, weights, "percent"),
        "cohen_kappa": pairwise_estimator(ratings, weights, "cohen"),
        "conger_kappa": conger_estimator(ratings, weights),
        "fleiss_kappa": pooled_estimator(ratings, weights, "fleiss"),
        "brennan_prediger": pooled_estimator(ratings, weights, "brennan_prediger"),
        "krippendorff_alpha": alpha_estimator(ratings),
        "gwet_ac1": pooled_estimator(ratings, weights, "gwet"),
    }


def _values(ratings: Ratings, interval: Interval, named: Interval, n_documents: int) -> dict[str, Any]:
    reasons: dict[str, list[str]] = {}
    values: dict[str, Any] = {}
    bounds: dict[str, float] = {}
    labels: set[str] = set()
    negative, positive = specific_values(ratings)
    for name, estimator in _coefficients(ratings).items():
        found = coefficient(name, "", ratings, estimator)
        values[name] = found.value
        spread = limits(estimator, interval) if name in WITH_INTERVAL else None
        for text in filter(None, [found.reason, spread.reason if spread else ""]):
            reasons.setdefault(text, []).append(name)
        if spread:
            labels.add(spread.label)
            bounds |= {f"{WITH_INTERVAL[name]}_low": spread.low, f"{WITH_INTERVAL[name]}_high": spread.high}
        if name == "percent_agreement":
            values |= {"positive_agreement": float(positive), "negative_agreement": float(negative)}
    if ratings.n_coders < 2:
        reasons = {f"{'one coder' if ratings.n_coders else 'no coder'} only": list(WITH_INTERVAL)}
    text = "; ".join(f"{', '.join(names)}: {reason}" for reason, names in reasons.items())
    return {
        "n_units": ratings.n_units,
        "n_coders": ratings.n_coders,
        "n_pairs": ratings.n_pairs,
        "n_documents": n_documents,
        **values,
        "pooled_kappa": float("nan"),
        **bounds,
        "interval": named.label if named.over == "units" else max(labels, key=len),
        "reason": text,
    }


def _prevalence(ratings: Ratings) -> dict[str, float]:
    codes = ratings.by_coder("prevalence")
    given, judged = ratings.multiplicity @ (codes == 1), ratings.multiplicity @ (codes >= 0)
    return {
        f"prevalence_{coder}": (float(given[place] / judged[place]) if judged[place] else float("nan"))
        for place, coder in enumerate(ratings.coders)
    }


def _row(code: str, ratings: Ratings, found: Mapping[str, Any], rare_below: int, *counts: int) -> dict[str, Any]:
    reason = found["reason"]
    head = ("n_units", "n_coders", "n_pairs", "n_documents")
    coded = int(ratings.multiplicity @ (ratings.by_coder("the table") == 1).any(axis=1))
    return {
        "code": code,
        **{name: found[name] for name in head},
        "n_units_coded": coded,
        "rare": coded < rare_below,
        **_prevalence(ratings),
        **{name: value for name, value in found.items() if name not in (*head, "reason")},
        "n_duplicates": counts[0],
        "n_merged": counts[1],
        "reason": reason,
    }


def _paired_documents(table: UnitCodings) -> int:
    return len(np.unique(table.documents[table.judged.sum(axis=1) >= 2]))


def _code_row(code: str, ratings: Ratings, table: UnitCodings, interval: Interval, rare_below: int) -> dict[str, Any]:
    found = _values(ratings, interval, interval, _paired_documents(table))
    counts = (int(each.get(code, 0)) for each in (table.prepared.duplicates, table.prepared.merged))
    return _row(code, ratings, found, rare_below, *counts)


def _overall_row(table: UnitCodings, columns: list[Ratings], interval: Interval, rare_below: int) -> dict[str, Any]:
    """All codes put together; units stay whole in the interval, whether documents or units are drawn."""
    if not columns:
        raise CrosscaseError(
            Problem("codings", "at least one code to compare", "none", remedy="check codes and coders")
        )
    drawn: Interval = interval
    if interval.over == "units":
        # a unit is judged once for each code: draw it with all its judgements
        columns = [replace(table.ratings(code), documents=np.arange(len(table.documents))) for code in table.codes]
        drawn = replace(interval, over="documents")
    stacked = Ratings(
        np.concatenate([each.by_coder("the table") for each in columns]), None,
        np.concatenate([each.multiplicity for each in columns]), (0, 1), table.coders,
        np.concatenate([each.documents for each in columns if each.documents is not None]),
    )  # fmt: skip
    found = _values(stacked, drawn, interval, _paired_documents(table))
    pooled = pool_kappas(columns)
    found["pooled_kappa"] = pooled.value
    found["reason"] = "; ".join(
        filter(None, chain([found["reason"]], [pooled.reason and f"pooled_kappa: {pooled.reason}"]))
    )
    counts = (int(each.sum()) for each in (table.prepared.duplicates, table.prepared.merged))
    return _row(OVERALL, stacked, found, rare_below, *counts)
