"""Which codes of a codebook are applied to text, how often, and which only group others."""

from __future__ import annotations

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.frames import need
from crosscase.matrices.themes import ancestry


def code_use(codebook: pd.DataFrame, codings: pd.DataFrame) -> pd.DataFrame:
    """Return a codebook with how often each code was used; what stands below a code adds up in a column of its own.

    Parameters
    ----------
    codebook : pandas.DataFrame
        `code, parent` and any other columns.
    codings : pandas.DataFrame
        `document, start, end, code`, optionally `locator` for what is no text.

    Returns
    -------
    pandas.DataFrame
        The codebook with `n_segments` (places that carry the code, however many coders marked them), `n_documents` and
        `n_with_below` (places that carry the code or one below it).

    Examples
    --------
    >>> codebook = pd.DataFrame({"code": ["people", "nurse"], "parent": [None, "people"]})
    >>> codings = pd.DataFrame({"document": "d", "start": [0, 9], "end": [4, 12], "code": "nurse"})
    >>> code_use(codebook, codings)[["n_segments", "n_documents", "n_with_below"]].values.tolist()
    [[0, 0, 2], [2, 1, 2]]
    """
    check_arguments(code_use, locals())
    need(codebook, ["code", "parent"], "codebook")
    need(codings, ["document", "start", "end", "code"], "codings")
    place = ["document", "start", "end", *(["locator"] if "locator" in codings else [])]
    known = codings[codings["code"].isin(codebook["code"])]
    lines = ancestry(codebook.rename(columns={"code": "theme"}))
    above = known.assign(code=known["code"].map(lines)).explode("code").drop_duplicates([*place, "code"])
    own = known.drop_duplicates([*place, "code"]).groupby("code")
    counts = {
        "n_segments": own.size(),
        "n_documents": own["document"].nunique(),
        "n_with_below": above.groupby("code").size(),
    }
    return codebook.assign(
        **{name: codebook["code"].map(number).fillna(0).astype("int64") for name, number in counts.items()}
    )


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
