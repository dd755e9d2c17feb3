"""Comparisons in the form in which a study shows them: two intervals beside each other, spans that have a place."""

from __future__ import annotations

from typing import Any

import pandas as pd

from crosscase.agreement.advice import interval_advice
from crosscase.agreement.boundaries import boundary_similarity
from crosscase.agreement.overlap import character_kappa
from crosscase.agreement.spans import ONE_CODE
from crosscase.agreement.study import WITH_INTERVAL, agreement_table
from crosscase.agreement.unitizing import unitizing_family
from crosscase.ids import split


def both_intervals(
    codings: pd.DataFrame, units: pd.DataFrame, *, over: str, known: pd.DataFrame | None = None, **options: Any
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
    first = agreement_table(codings, units, over=over, method="bootstrap", **options) if known is None else known
    second = agreement_table(codings, units, over=over, method="linearised", **options)
    prevalence = first.filter(regex="^prevalence_").mean(axis=1)
    parts = []
    for place, (name, bound) in enumerate(WITH_INTERVAL.items()):
        part = first[["code", "n_units", "n_documents"]].assign(coefficient=name, prevalence=prevalence, place=place)
        part["estimate"] = first[name]
        for table, method in ((first, "bootstrap"), (second, "linearised")):
            for end in ("low", "high"):
                part[f"{method}_{end}"] = table[f"{bound}_{end}"]
        parts.append(part)
    out = pd.concat(parts).rename_axis("row").sort_values(["row", "place"], kind="stable").reset_index(drop=True)
    out["over"] = over
    out["advice"] = [
        interval_advice(int(n), over, float(share)) for n, share in zip(out["n_documents"], out["prevalence"])
    ]
    order = ["code", "coefficient", "n_units", "n_documents", "prevalence", "estimate"]
    return out[[*order, *(f"{m}_{e}" for m in ("bootstrap", "linearised") for e in ("low", "high")), "over", "advice"]]


def located(codings: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Return the codings that have a place in a text of known length.

    Parameters
    ----------
    codings : DataFrame
        `document, start, end`.
    documents : DataFrame
        `document, code_points`.

    Returns
    -------
    DataFrame
        Without selections of pictures, pages and sound.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": ["d", "d"], "start": [0, None], "end": [4, None]})
    >>> len(located(codings, pd.DataFrame({"document": ["d"], "code_points": [9]})))
    1
    """
    known = documents.loc[documents["code_points"].notna() & documents["code_points"].gt(0), "document"]
    return codings[codings["start"].notna() & codings["document"].isin(known)].reset_index(drop=True)


def lengths(documents: pd.DataFrame) -> pd.DataFrame:
    """Return the length of each document that has one: `document, code_points`.

    Examples
    --------
    >>> lengths(pd.DataFrame({"document": ["d", "e"], "code_points": [9, None]}))["document"].tolist()
    ['d']
    """
    return documents.loc[documents["code_points"].gt(0).fillna(False), ["document", "code_points"]]


def marked_alike(codings: pd.DataFrame, sizes: pd.DataFrame) -> pd.DataFrame:
    """Alpha for unitizing of what the coders marked at all, whatever the code.

    Codes overlap in qualitative coding, so that the family of alphas for codes that exclude each other does not fit
    them together; it fits the bare question which parts of the text were found worth a code.

    Parameters
    ----------
    codings : DataFrame
        `document, start, end, coder`.
    sizes : DataFrame
        `document, code_points`.

    Returns
    -------
    DataFrame
        As `unitizing_family`, the rows `u_alpha` and `u_alpha_binary` only.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "coder": ["x", "y"], "start": 0, "end": 4, "code": ["a", "b"]})
    >>> marked_alike(codings, pd.DataFrame({"document": ["d"], "code_points": [10]}))["value"].tolist()
    [1.0, 1.0]
    """
    table = unitizing_family(codings.assign(code=ONE_CODE), sizes)
    return table[table["coefficient"].isin(["u_alpha", "u_alpha_binary"])].reset_index(drop=True)


def pooled_characters(codings: pd.DataFrame, sizes: pd.DataFrame, **options: Any) -> pd.DataFrame:
    """Kappa on code points of each code and pair of coders, all documents put together.

    Parameters
    ----------
    codings, sizes, **options
        As in `character_kappa`.

    Returns
    -------
    DataFrame
        The rows of `character_kappa` over all documents.

    Examples
    --------
    >>> spans = pd.DataFrame({"document": "d", "coder": ["x", "y"], "start": [0, 2], "end": [4, 6], "code": "c"})
    >>> len(pooled_characters(spans, pd.DataFrame({"document": ["d"], "code_points": [10]})))
    1
    """
    return character_kappa(codings, sizes, by_document=False, **options).drop(columns="document")


def boundaries(codings: pd.DataFrame, sizes: pd.DataFrame, near: int) -> pd.DataFrame:
    """Boundary similarity of the segments as drawn; `near` as in `boundary_similarity`.

    Examples
    --------
    >>> spans = pd.DataFrame({"document": "d", "coder": ["x", "y"], "start": [0, 0], "end": [4, 5], "code": "c"})
    >>> boundaries(spans, pd.DataFrame({"document": ["d"], "code_points": [10]}), 2)["similarity"].tolist()
    [0.5, 0.5]
    """
    return boundary_similarity(codings, sizes, near=near)


def case_links(documents: pd.DataFrame) -> pd.DataFrame | None:
    """Return which documents belong to which case, where every document names one; else None.

    Parameters
    ----------
    documents : DataFrame
        `document, case`; several cases are joined by ";".

    Returns
    -------
    DataFrame or None
        `document, case`. With None the codings' own case has to say it.

    Examples
    --------
    >>> case_links(pd.DataFrame({"document": ["d"], "case": ["north;south"]}))["case"].tolist()
    ['north', 'south']
    >>> case_links(pd.DataFrame({"document": ["d"], "case": [None]})) is None
    True
    """
    if documents["case"].isna().any() or documents.empty:
        return None
    links = documents[["document", "case"]].assign(case=documents["case"].map(split)).explode("case")
    return links.assign(case=links["case"].str.strip()).reset_index(drop=True)
