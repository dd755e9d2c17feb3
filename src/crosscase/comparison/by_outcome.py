"""Cases against their outcomes: the meta-matrix, negative cases by theme, pairs, and the contrast of high and low."""

from __future__ import annotations

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.comparison.displays import case_ordered, cell_text, contrast_table
from crosscase.comparison.exact import high_low
from crosscase.comparison.logic import similar_pairs
from crosscase.errors import CrosscaseError, Problem
from crosscase.frames import need, numbers
from crosscase.ids import join

NEITHER = {
    "unlike with different outcomes": "too much differs to tell what makes the outcomes differ",
    "alike with the same outcome": "too little differs to tell what the same outcome does without",
}
"""Designs of pairs that are neither most-similar nor most-different though all is stated, and why."""


def meta_frame(cells: pd.DataFrame, ratings: pd.DataFrame, most: int = 6) -> pd.DataFrame:
    """Return the case-ordered meta-matrix as it is drawn: short words in each cell, cases in order of their outcome.

    Parameters
    ----------
    cells : pandas.DataFrame
        Result of `theme_matrix` with cases as rows.
    ratings : pandas.DataFrame
        `case, outcome` (a number; null where not stated).
    most : int
        How many themes: those stated in most cases, then those with most segments.

    Returns
    -------
    pandas.DataFrame
        `case, column` (theme), `text` (null where not stated), `outcome, rank, order_note, segments`; first the column
        `outcome` itself.

    Examples
    --------
    >>> cells = pd.DataFrame({"case": ["a"], "kind": "case", "theme": ["t"], "state": ["present"], "n_segments": [2]})
    >>> meta_frame(cells, pd.DataFrame({"case": ["a"], "outcome": [1]}))[["column", "text"]].values.tolist()
    [['outcome', '1'], ['t', '2 segments']]
    """
    check_arguments(meta_frame, locals())
    need(cells, ["case", "theme", "state", "n_segments"], "cells")
    out = case_ordered(cells, ratings)
    said = out["state"].ne("not_stated")
    weight = out.assign(said=said).groupby("theme", sort=False)[["said", "n_segments"]].sum()
    themes = weight.sort_values(["said", "n_segments"], ascending=False, kind="stable").index[:most]
    out = out[out["theme"].isin(list(themes))]
    words = [None if row["state"] == "not_stated" else cell_text(row) for row in out.to_dict("records")]
    body = out.assign(column=out["theme"].astype(object), text=pd.Series(words, index=out.index, dtype=object))
    body["segments"] = body.get("segments", "")
    columns = ["case", "column", "text", "outcome", "rank", "order_note", "segments"]
    head = out.drop_duplicates("case").assign(column="outcome", segments="")
    stated = [None if pd.isna(value) else f"{value:g}" for value in head["outcome"]]
    head["text"] = pd.Series(stated, index=head.index, dtype=object)
    return pd.concat([head[columns], body[columns]], ignore_index=True)


def negative_summary(negatives: pd.DataFrame, theme: str = "theme") -> pd.DataFrame:
    """Count for each theme (column `theme` of `negative_cases`) the cases that confirm, contradict, or cannot be told.

    `theme, confirms, negative, irrelevant, not_known, n_cases, negative_cases` (named), `reason`.

    Examples
    --------
    >>> negatives = pd.DataFrame({"theme": ["t"], "case": ["a"], "role": ["not known"]})
    >>> negative_summary(negatives)["reason"].tolist()
    ['in no case are both the theme and the outcome stated']
    """
    check_arguments(negative_summary, locals())
    need(negatives, [theme, "case", "role"], "negatives")
    rows = []
    for name, part in negatives.groupby(theme, sort=False):
        kind = part["role"].astype("string").str.partition(":")[0]
        counts = {c: int(kind.eq(c.replace("_", " ")).sum()) for c in ("confirms", "negative", "irrelevant")}
        unknown = int(kind.eq("not known").sum())
        reason = "in no case are both the theme and the outcome stated" if unknown == len(part) else ""
        if kind.eq("no rule").all():
            reason = "the theme works both ways, or its direction is not stated: nothing is expected of it"
        named = join(part.loc[kind.eq("negative"), "case"].astype(str))
        row = {theme: name} | counts | {"not_known": unknown, "n_cases": len(part), "negative_cases": named}
        rows.append(row | {"reason": reason})
    names = [theme, "confirms", "negative", "irrelevant", "not_known", "n_cases", "negative_cases", "reason"]
    return pd.DataFrame(rows, columns=names)


def case_pairs(cells: pd.DataFrame, ratings: pd.DataFrame) -> pd.DataFrame:
    """Pair the cases of a study by the themes known for both; `cells` and `ratings` as in `meta_frame`.

    Only presence and absence stated of a single case count. The answer is as of `similar_pairs`, with `refused`: why
    a pair is no most-similar or most-different pair; no row where the study has one case only.

    Examples
    --------
    >>> cells = pd.DataFrame({"case": ["a", "b"], "kind": "case", "theme": "t", "state": "not_stated"})
    >>> case_pairs(cells, pd.DataFrame({"case": ["a", "b"], "outcome": [None, None]}))["refused"].tolist()
    ['nothing is stated of both cases: they cannot be told apart']
    """
    check_arguments(case_pairs, locals())
    need(ratings, ["case", "outcome"], "ratings")
    need(cells, ["case", "kind", "theme", "state"], "cells")
    single = cells[cells["kind"].eq("case")]
    if single.duplicated(["case", "theme"]).any() or single[["case", "theme"]].isna().any(axis=None):
        raise CrosscaseError(Problem("cells", "one cell for each case and theme", "two or more, or one without name"))
    known = single["state"].map({"present": True, "absent": False})
    wide = single.assign(known=known).pivot(index="case", columns="theme", values="known")
    wide = wide.reindex(single["case"].drop_duplicates())
    pairs = similar_pairs(wide, ratings.drop_duplicates("case").set_index("case")["outcome"])
    thin = pairs["n_known"].eq(0)
    pairs["refused"] = pairs["design"].map(NEITHER).astype(object).fillna("")
    pairs.loc[pairs["design"].eq("outcome not stated"), "refused"] = "the outcome is not stated of both cases"
    pairs.loc[thin, "refused"] = "nothing is stated of both cases: they cannot be told apart"
    return pairs


def contrast_by_outcome(cells: pd.DataFrame, ratings: pd.DataFrame, cut: float | None = None) -> pd.DataFrame:
    """Contrast cases with a high and a low outcome as `contrast_table` does; `cells` and `ratings` as in `meta_frame`.

    High is at or above `cut`, by default the highest stated outcome; no row where no two cases differ in it.

    Examples
    --------
    >>> cells = pd.DataFrame({"case": ["a"], "kind": "case", "theme": "t", "state": "present"})
    >>> contrast_by_outcome(cells, pd.DataFrame({"case": ["a"], "outcome": [None]})).empty
    True
    """
    check_arguments(contrast_by_outcome, locals())
    need(ratings, ["outcome"], "ratings")
    numbers(ratings, ["outcome"], "ratings")
    stated = pd.to_numeric(ratings["outcome"]).dropna()
    top = float(stated.max()) if cut is None and len(stated) else cut
    groups = high_low(ratings, top) if top is not None else pd.Series(dtype=object)
    if groups.dropna().nunique() < 2:
        groups = pd.Series(dtype=object)
    return contrast_table(cells, groups)
