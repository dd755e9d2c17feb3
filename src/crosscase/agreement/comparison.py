"""Agreement of a study: one row per code and coefficient, and all codes together, from codings and units."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from crosscase.agreement.advice import interval_advice
from crosscase.agreement.codings.clean import OVERALL, Codebook, Codings, Names, Seen, as_codings, check_columns
from crosscase.agreement.codings.rounds import refuse_reconciled, refuse_several_rounds
from crosscase.agreement.codings.units import UnitCodings, unit_codings
from crosscase.agreement.intervals import Bootstrap, Interval, Linearised
from crosscase.agreement.judgements.ratings import Ratings
from crosscase.agreement.measures.base import Coefficient
from crosscase.agreement.measures.chance import percent_agreement
from crosscase.agreement.measures.registry import MEASURES, in_table, with_interval
from crosscase.agreement.measures.specific import pool_kappas, positive_agreement
from crosscase.arguments import Count, Seed, check_arguments
from crosscase.errors import CrosscaseError, Problem
from crosscase.frames import need


def agreement_table(
    codings: Codings,
    units: pd.DataFrame,
    coders: Names = None,
    codes: Names = None,
    resamples: Count = 1000,
    seed: Seed = 20210401,
    *,
    over: str = "documents",
    method: str = "bootstrap",
    confidence: float = 0.95,
    measures: Sequence[str] | None = None,
    codebook: Codebook = None,
    judged: Seen = None,
    rounds: str | Collection[str] | pd.DataFrame | None = None,
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
    measures : sequence of str, optional
        Names of coefficients in `MEASURES`; without it those that are in the table of a study.
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
        One row per code and coefficient, the codes in order, then `(all codes)`, where the judgements on all codes are
        put together and `pooled_kappa` has a row too: `code, coefficient, value, low, high, n_units, n_coders, n_pairs,
        n_documents, n_units_coded, rare, prevalence_<coder> ..., interval, n_duplicates, n_merged, reason`. `n_units`
        counts units judged by two coders or more (over all codes: units times codes), `n_units_coded` those to which
        any coder gave the code; `reason` says why the value or its interval is undefined.

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
    >>> table = agreement_table(codings, units, resamples=50, measures=["percent_agreement"])
    >>> table[["code", "coefficient", "value", "n_units"]].values.tolist()
    [['c', 'percent_agreement', 0.5, 4], ['(all codes)', 'percent_agreement', 0.5, 4]]
    """
    check_arguments(agreement_table, locals())
    known = [name for name, measure in MEASURES.items() if measure.of == "categories"]
    if unknown := sorted(set(() if measures is None else measures) - set(known)):
        raise CrosscaseError(Problem("measures", "coefficients of categories", ", ".join(unknown), ", ".join(known)))
    codings = as_codings(codings)
    refuse_reconciled(codings, rounds)
    refuse_several_rounds(codings)
    interval = _interval(method, over, resamples, seed, confidence)
    table = unit_codings(codings, units, coders, codes, codebook, judged)
    if OVERALL in table.codes:
        raise CrosscaseError(Problem("codes", f"no code is called {OVERALL!r}", OVERALL, remedy="rename the code"))
    if not table.codes:
        raise CrosscaseError(
            Problem("codings", "at least one code to compare", "none", remedy="check codes and coders")
        )
    chosen = in_table() if measures is None else [MEASURES[name] for name in measures]
    columns = [table.ratings(code).compressed() for code in table.codes]
    rows: list[dict[str, Any]] = []
    for code, ratings in zip(table.codes, columns):
        found = [measure.on(ratings, interval if measure.has_interval else None) for measure in chosen]
        rows += _rows(code, ratings, found, table, rare_below)
    stacked, drawn = _together(table, columns, interval)
    found = [measure.on(stacked, drawn if measure.has_interval else None) for measure in chosen]
    if drawn is not interval:
        found = [
            replace(each, interval=interval.label) if measure.has_interval else each
            for each, measure in zip(found, chosen)
        ]
    rows += _rows(OVERALL, stacked, [*found, *([pool_kappas(columns)] if measures is None else [])], table, rare_below)
    return pd.DataFrame(rows)


def negotiated_agreement(
    codings: Codings, units: pd.DataFrame, coders: Names = None, codes: Names = None, judged: Seen = None
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
    check_arguments(negotiated_agreement, locals())
    codings = as_codings(codings)
    check_columns(codings, ("round",))
    rows = []
    for name, part in codings.groupby("round", sort=True):
        table = unit_codings(part, units, coders, codes, judged=judged)
        for code in table.codes:
            ratings = table.ratings(code)
            found, positive = percent_agreement.on(ratings), positive_agreement.on(ratings)
            rows.append({"round": name, "code": code, "n_units": found.n_units, "n_coders": found.n_coders,
                         "n_pairs": found.n_pairs, "percent_agreement": found.value,
                         "positive_agreement": positive.value, "reason": found.reason})  # fmt: skip
    return pd.DataFrame(rows)


def both_intervals(
    codings: Codings, units: pd.DataFrame, *, over: str, known: pd.DataFrame | None = None, **options: Any
) -> pd.DataFrame:
    """Give each coefficient its bootstrap and its linearised interval, and say how far to trust them.

    Parameters
    ----------
    codings, units
        As in `agreement_table`.
    over : {"documents", "units"}
        What both intervals vary.
    known : DataFrame, optional
        The agreement table with its bootstrap, where it was computed already with the same options.
    **options
        Handed on to `agreement_table`.

    Returns
    -------
    DataFrame
        One row per code and coefficient: `code, coefficient, n_units, n_documents, prevalence` (mean over coders),
        `estimate, bootstrap_low, bootstrap_high, linearised_low, linearised_high, over, advice`.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "start": [0, 0, 20], "end": [4, 4, 24], "code": "c",
    ...                         "coder": ["x", "y", "x"]})
    >>> units = pd.DataFrame({"document": "d", "start": [0, 10, 20], "end": [9, 19, 29], "unit": [1, 2, 3]})
    >>> both_intervals(codings, units, over="units", resamples=20)["coefficient"].tolist()[:2]
    ['percent_agreement', 'cohen_kappa']
    """
    check_arguments(both_intervals, locals())
    options["measures"] = [measure.name for measure in with_interval()]
    first = agreement_table(codings, units, over=over, method="bootstrap", **options) if known is None else known
    need(first, ["code", "coefficient", "value", "low", "high", "n_units", "n_documents"], "known")
    first = first[first["coefficient"].isin(options["measures"])].reset_index(drop=True)
    second = agreement_table(codings, units, over=over, method="linearised", **options)
    out = first[["code", "coefficient", "n_units", "n_documents"]].copy()
    out["prevalence"] = first.filter(regex="^prevalence_").mean(axis=1)
    out["estimate"] = first["value"]
    for table, method in ((first, "bootstrap"), (second, "linearised")):
        out[f"{method}_low"], out[f"{method}_high"] = table["low"], table["high"]
    out["over"] = over
    out["advice"] = [
        interval_advice(int(n), over, float(share)) for n, share in zip(out["n_documents"], out["prevalence"])
    ]
    return out


def forest_frame(table: pd.DataFrame, coefficient: str) -> pd.DataFrame:
    """Return one coefficient of an `agreement_table` with its interval, as a forest plot wants it.

    `code, estimate, low, high, n` (units judged), `n_coded` (those to which any coder gave the code), `rare, reason,
    prevalence_<coder> ...`; codes that nobody used are left out.

    Examples
    --------
    >>> table = pd.DataFrame({"code": ["a"], "coefficient": "gwet_ac1", "value": 0.7, "low": 0.5, "high": 0.9,
    ...                       "n_units": 40, "n_units_coded": 8, "rare": False, "reason": "", "prevalence_x": 0.2})
    >>> forest_frame(table, "gwet_ac1")[["code", "estimate", "n", "n_coded"]].values.tolist()
    [['a', 0.7, 40, 8]]
    """
    check_arguments(forest_frame, locals())
    need(table, ["code", "coefficient", "value", "low", "high", "n_units", "n_units_coded", "rare", "reason"], "table")
    rows = table[table["coefficient"].eq(coefficient) & table["n_units_coded"].gt(0)].reset_index(drop=True)
    names = {"value": "estimate", "n_units": "n", "n_units_coded": "n_coded"}
    columns = ["code", "estimate", "low", "high", "n", "n_coded", "rare", "reason"]
    return rows.rename(columns=names)[[*columns, *table.filter(regex="^prevalence_").columns]]


def _interval(method: str, over: str, resamples: int, seed: Seed, confidence: float) -> Interval:
    if method == "bootstrap":
        return Bootstrap(over, resamples, seed, confidence)
    if method == "linearised":
        return Linearised(over, confidence)
    raise CrosscaseError(Problem("method", "unknown method", repr(method), "bootstrap, linearised"))


def _together(table: UnitCodings, columns: list[Ratings], interval: Interval) -> tuple[Ratings, Interval]:
    """Put all codes together; units stay whole in the interval, whether documents or units are drawn."""
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
    return stacked, drawn


def _rows(
    code: str, ratings: Ratings, found: Sequence[Coefficient], table: UnitCodings, rare_below: int
) -> Iterator[dict[str, Any]]:
    """Yield one row per coefficient, with what holds for the code beside it."""
    coded = int(ratings.multiplicity @ (ratings.by_coder("the table") == 1).any(axis=1))
    documents = len(np.unique(table.documents[table.judged.sum(axis=1) >= 2]))
    about = {"n_documents": documents, "n_units_coded": coded, "rare": coded < rare_below, **_prevalence(ratings)}
    duplicates, merged = (
        int(each.sum() if code == OVERALL else each.get(code, 0))
        for each in (table.prepared.duplicates, table.prepared.merged)
    )
    alone = "" if ratings.n_coders > 1 else "one coder only" if ratings.n_coders else "nobody coded"
    for each in found:
        yield {
            "code": code, "coefficient": each.name, "value": each.value, "low": each.low, "high": each.high,
            "n_units": each.n_units, "n_coders": each.n_coders, "n_pairs": each.n_pairs, **about,
            "interval": each.interval, "n_duplicates": duplicates, "n_merged": merged, "reason": alone or each.reason,
        }  # fmt: skip


def _prevalence(ratings: Ratings) -> dict[str, float]:
    codes = ratings.by_coder("prevalence")
    given, judged = ratings.multiplicity @ (codes == 1), ratings.multiplicity @ (codes >= 0)
    return {
        f"prevalence_{coder}": (float(given[place] / judged[place]) if judged[place] else float("nan"))
        for place, coder in enumerate(ratings.coders)
    }
