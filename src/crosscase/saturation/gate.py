"""Saturation only where the stance of the study allows a verdict and there are units to count over; else the reason."""

from __future__ import annotations

from typing import Any

import pandas as pd

from crosscase.saturation.curves import code_curve, rarefaction
from crosscase.saturation.stance import meaning_saturation, stance_allows
from crosscase.saturation.summary import saturation_table
from crosscase.saturation.units import presence_table

ONE = "one document only; saturation is counted over documents and needs several"
CURVE = ["units", "codes", "part", "low", "high", "n_units"]


def sampling_order(documents: pd.DataFrame) -> pd.DataFrame:
    """Return the documents in the order of collection: by date where every document has one, else as listed.

    Parameters
    ----------
    documents : pandas.DataFrame
        Table `documents`: `document, date, case, role`.

    Returns
    -------
    pandas.DataFrame
        `unit, order, case, role, ordered_by`.
    """
    dated = bool(documents["date"].notna().all()) and len(documents) > 0
    ordered = documents.sort_values("date", kind="stable") if dated else documents
    return pd.DataFrame(
        {
            "unit": ordered["document"].to_numpy(),
            "order": range(1, len(ordered) + 1),
            "case": ordered["case"].to_numpy(),
            "role": ordered["role"].to_numpy(),
            "ordered_by": "date of collection" if dated else "order of the table documents; dates are missing",
        }
    )


def saturation_for_stance(codings: pd.DataFrame, documents: pd.DataFrame, stance: str, **options: Any) -> pd.DataFrame:
    """Return `saturation_table` over documents, or one undefined row with the reason where it makes no sense.

    Parameters
    ----------
    codings : pandas.DataFrame
        Codings of one coder or one round.
    documents : pandas.DataFrame
        Table `documents`.
    stance : str
        Analytic stance of the study.
    **options
        Handed on to `saturation_table`.

    Returns
    -------
    pandas.DataFrame
        The table for all documents, by case and by role; or one row `codes_observed` whose value is undefined.
    """
    allowed, reason = stance_allows(stance)
    order = sampling_order(documents)
    if allowed and len(order) > 1:
        by = [name for name in ("case", "role") if order[name].notna().any()]
        return saturation_table(codings, order, by=by, **options)
    row = {"grouped_by": "all", "group": None, "measure": "codes_observed", "form": "", "value": float("nan")}
    row |= {"low": float("nan"), "high": float("nan"), "n_units": len(order), "n_codes": int(codings["code"].nunique())}
    return pd.DataFrame([row | {"reason": reason if not allowed else ONE}])


def curve_for_stance(codings: pd.DataFrame, documents: pd.DataFrame, stance: str) -> pd.DataFrame:
    """Return the curve of codes over documents, real order and any order; empty where it makes no sense.

    Parameters
    ----------
    codings, documents, stance
        As for `saturation_for_stance`.

    Returns
    -------
    pandas.DataFrame
        One row per number of documents and curve: `units, codes, part` (`real` order, or `rarefied`: expected in any
        order), `low, high` (conditional interval of the rarefied curve), `n_units`.
    """
    order = sampling_order(documents)
    if not stance_allows(stance)[0] or len(order) < 2:
        return pd.DataFrame(columns=CURVE)
    presence = presence_table(codings, order)
    real = code_curve(presence).rename(columns={"position": "units"})[["units", "cumulative"]]
    real = real.rename(columns={"cumulative": "codes"}).assign(part="real")
    bounds = {"conditional_low": "low", "conditional_high": "high"}
    rarefied = rarefaction(presence).rename(columns=bounds)[["units", "codes", "low", "high"]].assign(part="rarefied")
    return pd.concat([rarefied, real], ignore_index=True).assign(n_units=len(order))[CURVE]


def meaning_row() -> pd.DataFrame:
    """Return the statement on meaning saturation as a table of one row."""
    return pd.DataFrame([{"measure": "meaning saturation", "state": "not computable", "reason": meaning_saturation()}])
