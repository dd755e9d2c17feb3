"""Agreement only where the stance of the study allows it and there are coders to compare; else the reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from crosscase.agreement.stance import stance_allows
from crosscase.agreement.study import OVERALL, agreement_table

COEFFICIENTS = ("percent_agreement", "cohen_kappa", "fleiss_kappa", "krippendorff_alpha", "gwet_ac1")
_BOUNDS = ("percent", "kappa", "alpha", "ac1")


def agreement_for_stance(codings: pd.DataFrame, units: pd.DataFrame, stance: str, **options: Any) -> pd.DataFrame:
    """Return `agreement_table`, or one undefined row with the reason where agreement makes no sense.

    Parameters
    ----------
    codings, units : pandas.DataFrame
        As for `agreement_table`.
    stance : str
        Analytic stance of the study.
    **options
        Handed on to `agreement_table`.

    Returns
    -------
    pandas.DataFrame
        The table; or one row `(all codes)` whose coefficients are undefined and whose `reason` says why: the stance
        does not allow it, or fewer than two coders have coded.

    Examples
    --------
    >>> none = pd.DataFrame({"document": [], "start": [], "end": [], "code": [], "coder": []})
    >>> agreement_for_stance(none, pd.DataFrame(), "codebook")["reason"].tolist()
    ['Fewer than two coders have coded; agreement needs two.']
    """
    reason = why_not(stance, codings, units)
    n_coders = int(codings["coder"].nunique())
    if not reason:
        return agreement_table(codings, units, **options)
    row: dict[str, Any] = {"code": OVERALL, "n_units": 0, "n_coders": n_coders, "n_pairs": 0}
    row |= dict.fromkeys(COEFFICIENTS, float("nan"))
    row |= {f"{name}_{end}": float("nan") for name in _BOUNDS for end in ("low", "high")}
    row["reason"] = reason
    return pd.DataFrame([row])


def if_allowed(
    stance: str, codings: pd.DataFrame, compare: Callable[..., pd.DataFrame], *inputs: Any, **options: Any
) -> pd.DataFrame:
    """Return a comparison of coders, or one row that says why there is none.

    Parameters
    ----------
    stance : str
        Analytic stance of the study.
    codings : pandas.DataFrame
        Codings of all coders.
    compare : callable
        The comparison: takes the codings, the inputs and the options, and returns a frame.
    *inputs, **options
        Handed on to `compare`.

    Returns
    -------
    pandas.DataFrame
        What `compare` returns; or one row `state` ("not computed"), `reason`.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "start": 0, "end": 4, "code": "c", "coder": ["x", "y"]})
    >>> if_allowed("reflexive", codings, lambda rows: rows)["state"].tolist()
    ['not computed']
    >>> len(if_allowed("codebook", codings, lambda rows: rows))
    2
    """
    reason = why_not(stance, codings, *(each for each in inputs if isinstance(each, pd.DataFrame)))
    if reason:
        return pd.DataFrame([{"state": "not computed", "reason": reason}])
    return compare(codings, *inputs, **options)


def why_not(stance: str, codings: pd.DataFrame, *over: pd.DataFrame) -> str:
    """Return why no coefficient of agreement may be asked, as a sentence; nothing where one may.

    Parameters
    ----------
    stance : str
        Analytic stance of the study.
    codings : pandas.DataFrame
        Codings that would be compared.
    *over : pandas.DataFrame
        Units, or lengths of documents, on which they would be.

    Examples
    --------
    >>> why_not("codebook", pd.DataFrame({"coder": ["x", "x"]}))
    'Fewer than two coders have coded; agreement needs two.'
    >>> why_not("codebook", pd.DataFrame({"coder": ["x", "y"]}))
    ''
    """
    allowed, reason = stance_allows(stance)
    if not allowed:
        return reason
    if codings["coder"].nunique() < 2:
        return "Fewer than two coders have coded; agreement needs two."
    return "No text is known on which coders could be compared." if any(each.empty for each in over) else ""


def forest_frame(table: pd.DataFrame, coefficient: str, *, per_coder: bool = False) -> pd.DataFrame:
    """Return one coefficient of an agreement table with its interval, as a forest plot wants it.

    Parameters
    ----------
    table : pandas.DataFrame
        As `agreement_table` returns it.
    coefficient : {"percent_agreement", "cohen_kappa", "krippendorff_alpha", "gwet_ac1"}
        Which one.
    per_coder : bool
        Whether the prevalence stands for each coder, or as the mean over coders.

    Returns
    -------
    pandas.DataFrame
        `code, estimate, low, high, n` (units judged), `n_coded` (those to which any coder gave the code),
        `prevalence` (mean over coders) or `prevalence_<coder>`, `rare, reason`; codes that nobody used are left out.
    """
    bound = dict(zip(("percent_agreement", "cohen_kappa", "krippendorff_alpha", "gwet_ac1"), _BOUNDS))[coefficient]
    prevalence = table.filter(regex="^prevalence_")
    out = pd.DataFrame(
        {
            "code": table["code"],
            "estimate": table[coefficient],
            "low": table[f"{bound}_low"],
            "high": table[f"{bound}_high"],
            "n": table["n_units"],
            "rare": table.get("rare", False),
            "reason": table["reason"],
        }
    )
    if per_coder:
        out = out.join(prevalence)
    else:
        out.insert(5, "prevalence", prevalence.mean(axis=1) if len(prevalence.columns) else float("nan"))
    if "n_units_coded" not in table:
        return out
    used = table["n_units_coded"].gt(0)
    out.insert(5, "n_coded", table["n_units_coded"])
    return out[used].reset_index(drop=True)
