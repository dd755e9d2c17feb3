"""Rounds of coding: which of them are independent, and how the use of codes moves from one to the next."""

from __future__ import annotations

import re
from collections.abc import Collection

import pandas as pd

from crosscase.agreement.codings.clean import Names, check_columns
from crosscase.arguments import check_arguments
from crosscase.errors import CrosscaseError, Problem
from crosscase.frames import need

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
    check_arguments(independent, locals())
    need(codings, ["document", "coder", "round"], "codings")
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
    check_arguments(rounds_table, locals())
    need(codings, ["document", "coder", "round"], "codings")
    used = _rounds(independent(codings, reconciled)).value_counts()
    rounds = _rounds(codings)
    rows = [
        {"round": name, "kind": "reconciled" if name in reconciled else "independent",
         "n_codings": len(part), "n_documents": part["document"].nunique(),
         "coders": "; ".join(sorted(map(str, part["coder"].unique()))), "used": int(used.get(name, 0))}
        for name, part in ((name, codings[rounds == name]) for name in _ordered(rounds))
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["round", "kind", "n_codings", "n_documents", "coders", "used"])


def drift_over_rounds(codings: pd.DataFrame, codes: Names = None) -> pd.DataFrame:
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
        Every combination of `round, coder, code` of coders who coded in several rounds, without codes that nobody used:
        `n_codings, n_documents` (in which the coder coded anything in the round), `share` (of the coder's codings in
        the round), `per_document`.

    Examples
    --------
    >>> one = pd.DataFrame({"document": "d", "coder": "x", "code": ["a", "b"], "round": "1"})
    >>> len(drift_over_rounds(one)), len(drift_over_rounds(one.assign(round=["1", "2"])))
    (0, 4)
    """
    check_arguments(drift_over_rounds, locals())
    need(codings, ["document", "coder", "code", "round"], "codings")
    named = codings.assign(round=_rounds(codings))
    several = named.groupby("coder")["round"].transform("nunique") > 1
    rows = named[several]
    totals = rows.groupby(["round", "coder"]).agg(total=("code", "size"), n_documents=("document", "nunique"))
    names = list(codes) if codes is not None else sorted(rows["code"].unique())
    counts = rows.groupby(["round", "coder", "code"]).size()
    out = totals.reset_index().merge(pd.DataFrame({"code": names}), how="cross")
    index = pd.MultiIndex.from_frame(out[["round", "coder", "code"]])
    out["n_codings"] = counts.reindex(index, fill_value=0).to_numpy()
    out["share"] = out["n_codings"] / out["total"]
    out["per_document"] = out["n_codings"] / out["n_documents"]
    out = out[["round", "coder", "code", "n_codings", "n_documents", "share", "per_document"]]
    return out[out.groupby("code")["n_codings"].transform("sum") > 0].reset_index(drop=True)


def refuse_reconciled(codings: pd.DataFrame, rounds: Collection[str] | pd.DataFrame | None) -> None:
    """Refuse codings of rounds that were reconciled, which are not independent.

    `rounds` names them, or is a frame `round, reconciled`; anything else is refused too.
    """
    if rounds is None:
        return
    if isinstance(rounds, pd.DataFrame):
        check_columns(rounds, ("round", "reconciled"), "rounds")
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
    """Refuse codings in which a coder has codings of two rounds in one document."""
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


def _rounds(codings: pd.DataFrame) -> pd.Series:
    return codings["round"].astype("object").fillna(NO_ROUND).astype(str)


def _ordered(rounds: pd.Series) -> list[str]:
    return sorted(rounds.unique(), key=_natural)


def _natural(name: str) -> list[tuple[int, int, str]]:
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", name) if part]
