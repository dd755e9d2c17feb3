"""Studies as the units: what the codings offer raters study by study, and two studies as a most-different pair."""

from __future__ import annotations

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.comparison.logic import similar_pairs
from crosscase.errors import CrosscaseError, Problem
from crosscase.frames import need, one_row, stated
from crosscase.synthesis.rating_aid import rating_aid


def aid_by_study(
    codings: pd.DataFrame,
    maps: pd.DataFrame,
    constructs: pd.DataFrame,
    framework: str,
    themes: pd.DataFrame,
    studies: list[str],
) -> pd.DataFrame:
    """Compute the aid to raters with each study taken as one case; frames as in `rating_aid`, with the column `study`.

    Examples
    --------
    >>> codings = pd.DataFrame({"study": ["a"], "coding_id": ["k1"], "document": ["d"], "case": [None],
    ...     "theme": ["t"], "valence": ["inhibits"], "role": ["nurse"], "role_mode": ["voice"], "coder": ["anna"]})
    >>> maps = pd.DataFrame({"study": ["a"], "theme": ["t"], "framework": ["f"], "construct": ["c"]})
    >>> constructs = pd.DataFrame({"construct": ["c"], "label": ["C"], "order": [1]})
    >>> themes = pd.DataFrame({"study": ["a"], "theme": ["t"], "parent": [None]})
    >>> aid_by_study(codings, maps, constructs, "f", themes, ["a"])[["case", "compatible"]].values.tolist()
    [['a', '-1']]
    """
    check_arguments(aid_by_study, locals())
    need(codings, ["study", "coding_id", "document", "theme", "valence", "role", "role_mode"], "codings")
    need(maps, ["study", "theme", "framework", "construct"], "maps")
    need(constructs, ["construct", "label", "order"], "constructs")
    need(themes, ["study", "theme", "parent"], "themes")
    parts = []
    for study in studies:
        mine = codings[codings["study"].eq(study)].assign(case=study)
        own, tree = maps[maps["study"].eq(study)], themes[themes["study"].eq(study)]
        parts.append(rating_aid(mine, own, constructs, [study], framework, tree))
    if not parts:
        raise CrosscaseError(Problem("studies", "at least one study", "none"))
    return pd.concat(parts, ignore_index=True)


def different_pair(cells: pd.DataFrame, contrast: pd.DataFrame) -> pd.DataFrame:
    """Pair studies by their stated conditions and by the direction that one code takes in them.

    Parameters
    ----------
    cells : pandas.DataFrame
        `study, condition, grade`: stated conditions of the cases of each study; a condition on which the cases of a
        study differ counts as not stated.
    contrast : pandas.DataFrame
        As `code_contrast` returns it: `study, inhibits, promotes, condition`.

    Returns
    -------
    pandas.DataFrame
        As `similar_pairs`, with studies in the place of cases; the outcome is what the code does (`inhibits`,
        `promotes or condition`, `both`), null where it takes no direction.

    Examples
    --------
    >>> cells = pd.DataFrame({"study": ["a", "b"], "condition": "MANDATED", "grade": ["yes", "no"]})
    >>> contrast = pd.DataFrame({"study": ["a", "b"], "inhibits": [True, False], "promotes": [False, True],
    ...     "condition": [False, False]})
    >>> different_pair(cells, contrast)[["outcome_a", "outcome_b", "different"]].values.tolist()
    [['inhibits', 'promotes or condition', 'MANDATED']]
    """
    check_arguments(different_pair, locals())
    need(cells, ["study", "condition", "grade"], "cells")
    need(contrast, ["study", "inhibits", "promotes", "condition"], "contrast")
    one_row(contrast, "study", "contrast")
    stated(contrast, ["inhibits", "promotes", "condition"], "contrast")
    grades = cells.groupby(["study", "condition"])["grade"].agg(lambda g: g.iloc[0] if g.nunique() == 1 else None)
    wide = grades.unstack("condition").reindex(contrast["study"])
    for_, against = contrast["promotes"] | contrast["condition"], contrast["inhibits"]
    words = [
        "both" if f and a else "promotes or condition" if f else "inhibits" if a else None
        for f, a in zip(for_, against)
    ]
    return similar_pairs(wide, pd.Series(words, index=contrast["study"], dtype=object))
