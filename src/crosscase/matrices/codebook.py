"""Which codes of a codebook are applied to text, and which only group others."""

from __future__ import annotations

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.frames import need


def applied_codes(codebook: pd.DataFrame, codings: pd.DataFrame) -> list[str]:
    """Return the codes that are meant for text: all but those that only group others.

    A code groups others where codes stand below it, none above it, and no coding uses it. In a flat codebook every
    code is applied.

    Parameters
    ----------
    codebook : pandas.DataFrame
        `code, parent`.
    codings : pandas.DataFrame
        `code`.

    Returns
    -------
    list of str
        Codes in the order of the codebook.

    Examples
    --------
    >>> codebook = pd.DataFrame({"code": ["people", "nurse", "money"], "parent": [None, "people", None]})
    >>> applied_codes(codebook, pd.DataFrame({"code": ["nurse"]}))
    ['nurse', 'money']
    >>> applied_codes(codebook, pd.DataFrame({"code": ["people"]}))
    ['people', 'nurse', 'money']
    """
    check_arguments(applied_codes, locals())
    need(codebook, ["code", "parent"], "codebook")
    need(codings, ["code"], "codings")
    groups = codebook["code"].isin(set(codebook["parent"].dropna())) & codebook["parent"].isna()
    return codebook.loc[~groups | codebook["code"].isin(set(codings["code"])), "code"].tolist()
