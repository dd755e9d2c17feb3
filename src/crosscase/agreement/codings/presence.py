"""Agreement on whether a code is present in a document or case, on which matrices rest."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crosscase.agreement.codings.clean import OVERALL, Codings, Names, Seen, as_codings, check_columns, check_named
from crosscase.agreement.judgements.read import read_ratings
from crosscase.agreement.measures.registry import with_interval
from crosscase.arguments import check_arguments
from crosscase.errors import CrosscaseError, Problem
from crosscase.frames import need
from crosscase.ids import split_rows

LEVELS = ("document", "case")


def presence_support(
    codings: Codings,
    by: str = "document",
    coders: Names = None,
    codes: Names = None,
    *,
    cases: pd.DataFrame | None = None,
    judged: Seen = None,
) -> pd.DataFrame:
    """On how many coders each cell of a coding matrix stands.

    Parameters
    ----------
    codings : DataFrame
        `document, code, coder`, optionally `case`; offsets are not needed.
    by : {"document", "case"}
        Rows of the matrix.
    coders, codes : sequence of str, optional
        Who and what to compare.
    cases : DataFrame, optional
        `document, case`; several rows for a document that belongs to several cases. Without it the codings' own
        `case`; a coder who names no case has then not judged any.
    judged : DataFrame, optional
        `document, coder`; without it a coder judged the documents in which he or she coded anything.

    Returns
    -------
    DataFrame
        One row per document or case and code: `document` or `case`, `code, n_judged, n_coded, share, unanimous,
        coders` (who coded it, joined by "; "), over all codes that anyone gave anywhere.

    Raises
    ------
    CrosscaseError
        For an unknown level and missing columns.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "coder": ["x", "y", "y"], "code": ["a", "a", "b"]})
    >>> presence_support(codings)[["code", "n_judged", "n_coded", "coders"]].values.tolist()
    [['a', 2, 2, 'x; y'], ['b', 2, 1, 'y']]
    """
    check_arguments(presence_support, locals())
    rows, seen, people, names = _prepare(codings, by, coders, codes, cases, judged)
    places = sorted(seen[by].unique())
    grid = pd.MultiIndex.from_product([places, names], names=[by, "code"])
    given = rows[[by, "code", "coder"]].drop_duplicates().sort_values("coder")
    who = given.groupby([by, "code"])["coder"].agg(["size", _joined]).reindex(grid)
    judges = seen[seen["coder"].isin(people)].groupby(by)["coder"].nunique()
    out = grid.to_frame(index=False)
    out["n_judged"] = out[by].map(judges).fillna(0).astype(int)
    out["n_coded"] = who["size"].fillna(0).astype(int).to_numpy()
    out["share"] = (out["n_coded"] / out["n_judged"]).where(out["n_judged"] > 0)
    out["unanimous"] = (out["n_coded"] == 0) | (out["n_coded"] == out["n_judged"])
    out["coders"] = who["_joined"].fillna("").to_numpy()
    return out


def presence_agreement(
    codings: Codings,
    by: str = "document",
    coders: Names = None,
    codes: Names = None,
    *,
    cases: pd.DataFrame | None = None,
    judged: Seen = None,
) -> pd.DataFrame:
    """Agreement on the presence of each code per document or case.

    Arguments as in `presence_support`. Coders are compared on what they share: of a case, on the documents that two of
    them judged, and whoever has not judged all of these has not judged the case.

    Returns
    -------
    DataFrame
        One row per code and `(all codes)`: `code, n_units, n_coders, n_pairs, n_present, percent_agreement,
        cohen_kappa, krippendorff_alpha, gwet_ac1, reason`. `n_present` counts documents or cases where anyone coded it.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": ["d", "d", "e", "e"], "coder": ["x", "y", "x", "y"],
    ...                         "code": ["a", "a", "b", "a"]})
    >>> presence_agreement(codings)[["code", "n_units", "percent_agreement"]].values.tolist()
    [['a', 2, 0.5], ['b', 2, 0.5], ['(all codes)', 4, 0.5]]
    """
    check_arguments(presence_agreement, locals())
    rows, seen, people, names = _prepare(codings, by, coders, codes, cases, judged)
    if by == "case":
        rows, seen = _on_shared(rows, seen[seen["coder"].isin(people)])
    places = sorted(seen[by].unique())
    base = pd.DataFrame(np.nan, index=pd.Index(places), columns=list(people))
    where, who = base.index.get_indexer(seen[by]), base.columns.get_indexer(seen["coder"])
    cells = base.to_numpy(copy=True)
    cells[where[who >= 0], who[who >= 0]] = 0.0
    base[:] = cells
    given = dict(iter(rows.groupby("code")[[by, "coder"]]))
    frames = {}
    for code in names:
        table = cells.copy()
        if code in given:
            table[base.index.get_indexer(given[code][by]), base.columns.get_indexer(given[code]["coder"])] = 1.0
        frames[code] = pd.DataFrame(table, index=base.index, columns=base.columns)
    out = []
    for code, table in [*frames.items(), (OVERALL, pd.concat(frames.values()) if frames else base)]:
        ratings = read_ratings(table, categories=(0, 1))
        found = [measure.on(ratings) for measure in with_interval()]
        reason = "; ".join(dict.fromkeys(f"{each.name}: {each.reason}" for each in found if each.reason))
        out.append({"code": code, **{name: getattr(found[0], name) for name in ("n_units", "n_coders", "n_pairs")},
                    "n_present": int((table == 1).any(axis=1).sum()), **{each.name: each.value for each in found},
                    "reason": reason})  # fmt: skip
    return pd.DataFrame(out)


def case_links(documents: pd.DataFrame) -> pd.DataFrame | None:
    """Return `document, case`, which documents belong to which cases, where every document names one.

    Else None: the codings' own case has to say it.

    Examples
    --------
    >>> case_links(pd.DataFrame({"document": ["d"], "case": ["north;south"]}))["case"].tolist()
    ['north', 'south']
    >>> case_links(pd.DataFrame({"document": ["d"], "case": [None]})) is None
    True
    """
    check_arguments(case_links, locals())
    need(documents, ["document", "case"], "documents")
    if documents["case"].isna().any() or documents.empty:
        return None
    return split_rows(documents[["document", "case"]], "case").reset_index(drop=True)


def _on_shared(rows: pd.DataFrame, seen: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Keep of each case that several coders judged the documents that two share, and the coders who judged them all."""
    seen = seen.drop_duplicates(["case", "document", "coder"])
    alone = seen.groupby("case")["coder"].transform("nunique").eq(1)
    shared = seen.groupby(["case", "document"])["coder"].transform("size").gt(1)
    kept = seen[alone | shared]
    all_of = kept.groupby("case")["document"].transform("nunique")
    kept = kept[kept.groupby(["case", "coder"])["document"].transform("nunique").eq(all_of)]
    return rows.merge(kept[["case", "document", "coder"]], on=["case", "document", "coder"]), kept


def _joined(names: pd.Series) -> str:
    return "; ".join(map(str, names))


def _prepare(
    codings: pd.DataFrame, by: str, coders: Names, codes: Names, cases: pd.DataFrame | None, judged: Seen
) -> tuple[pd.DataFrame, pd.DataFrame, list[str], list[str]]:
    if by not in LEVELS:
        raise CrosscaseError(Problem("by", "unknown level", repr(by), ", ".join(LEVELS)))
    codings = as_codings(codings)
    check_named(codings, ("document", "code", "coder"))
    seen = codings[["document", "coder"]].drop_duplicates() if judged is None else judged[["document", "coder"]]
    rows = codings
    if by == "case" and cases is not None:
        check_columns(cases, ("document", "case"), "cases")
        link = cases[["document", "case"]].dropna().drop_duplicates()
        if unknown := sorted(set(codings["document"]) - set(link["document"])):
            raise CrosscaseError(
                Problem("cases", "each document with codings has a case", ", ".join(map(str, unknown)))
            )
        rows = rows.drop(columns="case", errors="ignore").merge(link, on="document")
        seen = seen.merge(link, on="document")
    elif by == "case":
        check_columns(codings, ("case",))
        rows = rows[rows["case"].notna()]
        seen = rows[["case", "document", "coder"]].drop_duplicates()
    people = list(coders) if coders is not None else sorted(codings["coder"].unique())
    rows = rows[rows["coder"].isin(people)]
    names = list(codes) if codes is not None else sorted(rows["code"].unique())
    return rows[rows["code"].isin(names)], seen, people, names
