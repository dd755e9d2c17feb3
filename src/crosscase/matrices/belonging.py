"""What codings take over where they say nothing themselves: case and role of their document, theme of their code."""

from __future__ import annotations

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.frames import need
from crosscase.ids import split
from crosscase.matrices.themes import ancestry


def with_documents(codings: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Return codings with the case and the role of their document, where they name none.

    Parameters
    ----------
    codings : pandas.DataFrame
        `document, case, role, role_mode`.
    documents : pandas.DataFrame
        `document, case, role`: the case that the whole document belongs to, the role of its one speaker. A document
        that names several cases says nothing about a coding.

    Returns
    -------
    pandas.DataFrame
        The codings; a role from the document speaks (`voice`), and is not set where the author speaks or somebody is
        spoken about.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "case": [None, "b"], "role": None, "role_mode": [None, "author"]})
    >>> documents = pd.DataFrame({"document": ["d"], "case": ["a"], "role": ["nurse"]})
    >>> with_documents(codings, documents)[["case", "role", "role_mode"]].fillna("").values.tolist()
    [['a', 'nurse', 'voice'], ['b', '', 'author']]
    """
    check_arguments(with_documents, locals())
    need(codings, ["document", "case", "role", "role_mode"], "codings")
    need(documents, ["document", "case", "role"], "documents")
    told = documents.drop_duplicates("document").set_index("document")
    one = told["case"].where(told["case"].map(lambda cell: len(split(cell)) == 1))
    if one.isna().all() and told["role"].isna().all():
        return codings
    case, role = codings["document"].map(one), codings["document"].map(told["role"])
    speaks = codings["role"].isna() & role.notna() & codings["role_mode"].fillna("voice").eq("voice")
    return codings.assign(
        case=_filled(codings["case"], codings["case"].isna(), case),
        role=_filled(codings["role"], speaks, role),
        role_mode=_filled(codings["role_mode"], speaks, pd.Series("voice", index=codings.index)),
    )


def _filled(column: pd.Series, where: pd.Series, told: pd.Series) -> pd.Series:
    """Return a column with what is told in some of its rows; names stay of the type they had."""
    out = column.astype(object).mask(where, told.astype(object))
    return out.astype(column.dtype) if isinstance(column.dtype, pd.StringDtype) else out


def themes_of_codes(codebook: pd.DataFrame) -> pd.DataFrame:
    """Return the codes under which other codes stand, as themes: `theme, label, parent, kind, order, status`.

    Parameters
    ----------
    codebook : pandas.DataFrame
        `code, label, parent`.

    Examples
    --------
    >>> codebook = pd.DataFrame({"code": ["people", "nurse", "money"], "label": ["People", "Nurse", "Money"],
    ...     "parent": [None, "people", None]})
    >>> themes_of_codes(codebook)[["theme", "kind", "status"]].values.tolist()
    [['people', 'theme', 'derived']]
    """
    check_arguments(themes_of_codes, locals())
    need(codebook, ["code", "label", "parent"], "codebook")
    groups = codebook[codebook["code"].isin(codebook["parent"].dropna())]
    below = groups["parent"].isin(groups["code"])
    return pd.DataFrame(
        {
            "theme": groups["code"],
            "label": groups["label"],
            "parent": groups["parent"].where(below),
            "kind": below.map({True: "subtheme", False: "theme"}),
            "order": range(1, len(groups) + 1),
            "status": "derived",
        }
    ).reset_index(drop=True)


def under_codes(codings: pd.DataFrame, codebook: pd.DataFrame, themes: pd.DataFrame) -> pd.DataFrame:
    """Return codings with the theme under which their code stands: the code itself, or the nearest above it.

    A theme is found by its id, or by its label where that is the label of a code. Where any coding names a theme
    itself, themes are given per coding, and nothing is changed.

    Parameters
    ----------
    codings : pandas.DataFrame
        `code, theme`.
    codebook : pandas.DataFrame
        `code, label, parent`.
    themes : pandas.DataFrame
        `theme, label`.

    Examples
    --------
    >>> codebook = pd.DataFrame({"code": ["people", "nurse"], "label": ["People", "Nurse"], "parent": [None, "people"]})
    >>> codings = pd.DataFrame({"code": ["nurse", "people"], "theme": [None, None]})
    >>> under_codes(codings, codebook, themes_of_codes(codebook))["theme"].tolist()
    ['people', 'people']
    """
    check_arguments(under_codes, locals())
    need(codings, ["code", "theme"], "codings")
    need(codebook, ["code", "label", "parent"], "codebook")
    need(themes, ["theme", "label"], "themes")
    if codings["theme"].notna().any() or themes.empty or codings.empty:
        return codings
    ids, named = set(themes["theme"]), dict(zip(themes["label"].map(_low), themes["theme"]))
    labels = dict(zip(codebook["code"], codebook["label"].map(_low)))
    is_theme = {code: code if code in ids else named.get(label) for code, label in labels.items()}
    lines = ancestry(codebook.rename(columns={"code": "theme"}))
    of_code = {code: next((is_theme[step] for step in line if is_theme[step]), None) for code, line in lines.items()}
    every = codings["theme"].isna()
    return codings.assign(theme=_filled(codings["theme"], every, codings["code"].map(of_code)))


def _low(label: object) -> str:
    return str(label).casefold()
