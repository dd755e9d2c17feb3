"""Rounds of coding: which of them are independent, and how the use of codes moves from one to the next."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import pandas as pd

from crosscase.agreement.support import drift

NO_ROUND = "(no round named)"


def independent(codings: pd.DataFrame, reconciled: Collection[str] = ()) -> pd.DataFrame:
    """Return the codings that may be compared against chance: of each coder and document the last independent round.

    Parameters
    ----------
    codings : DataFrame
        `document, coder, round`; a coding without round counts as one round of its own.
    reconciled : collection of str
        Rounds that came out of a discussion.

    Returns
    -------
    DataFrame
        The rows kept, in their order. Rounds are ordered as people count them: 2 before 10.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "coder": "x", "round": ["2", "10", "consensus"], "code": list("abc")})
    >>> independent(codings, ["consensus"])["code"].tolist()
    ['b']
    """
    rounds = _rounds(codings)
    alone = ~rounds.isin(list(reconciled))
    place = rounds.map({name: number for number, name in enumerate(_ordered(rounds))}).where(alone)
    last = place.groupby([codings["document"], codings["coder"]]).transform("max")
    return codings[alone & (place == last)].reset_index(drop=True)


def rounds_table(codings: pd.DataFrame, reconciled: Collection[str] = ()) -> pd.DataFrame:
    """Tell of each round who coded what in it, and whether coefficients may rest on it.

    Parameters
    ----------
    codings : DataFrame
        `document, coder, round`.
    reconciled : collection of str
        Rounds that came out of a discussion.

    Returns
    -------
    DataFrame
        One row per round in order: `round, kind` (independent or reconciled), `n_codings, n_documents, coders, used`
        (codings that enter the coefficients).

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "coder": "x", "round": ["1", "consensus"]})
    >>> rounds_table(codings, ["consensus"])[["round", "kind", "used"]].values.tolist()
    [['1', 'independent', 1], ['consensus', 'reconciled', 0]]
    """
    used = _rounds(independent(codings, reconciled)).value_counts()
    rounds = _rounds(codings)
    rows = [
        {"round": name, "kind": "reconciled" if name in reconciled else "independent",
         "n_codings": len(part), "n_documents": part["document"].nunique(),
         "coders": "; ".join(sorted(part["coder"].unique())), "used": int(used.get(name, 0))}
        for name, part in ((name, codings[rounds == name]) for name in _ordered(rounds))
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["round", "kind", "n_codings", "n_documents", "coders", "used"])


def drift_over_rounds(codings: pd.DataFrame, codes: Sequence[str] | None = None) -> pd.DataFrame:
    """Return how each coder uses each code from round to round; empty where no coder coded in two rounds.

    Parameters
    ----------
    codings : DataFrame
        `document, code, coder, round`.
    codes : sequence of str, optional
        Which codes.

    Returns
    -------
    DataFrame
        As `drift`, without codes that nobody used, and without coders who coded in one round only.

    Examples
    --------
    >>> one = pd.DataFrame({"document": "d", "coder": "x", "code": ["a", "b"], "round": "1"})
    >>> len(drift_over_rounds(one)), len(drift_over_rounds(one.assign(round=["1", "2"])))
    (0, 4)
    """
    named = codings.assign(round=_rounds(codings))
    several = named.groupby("coder")["round"].nunique()
    table = drift(named, sorted(several[several > 1].index), codes)
    used = table.groupby("code")["n_codings"].transform("sum") > 0
    return table[used].reset_index(drop=True)


def _rounds(codings: pd.DataFrame) -> pd.Series:
    return codings["round"].astype("object").fillna(NO_ROUND).astype(str)


def _ordered(rounds: pd.Series) -> list[str]:
    return sorted(rounds.unique(), key=_natural)


def _natural(name: str) -> list[tuple[int, int, str]]:
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", name) if part]
