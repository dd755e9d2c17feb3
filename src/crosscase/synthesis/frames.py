"""Synthesis in the shapes in which figures and the book show it."""

from __future__ import annotations

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.frames import need, one_row, stated
from crosscase.ids import join

_ARROWS = {"barrier": "inhibits", "facilitator": "promotes", "condition": "condition", "mixed": "mixed"}
_CONFIDENCE = {"high": "high", "medium": "moderate", "low": "low"}
_DIRECTED = ("inhibits", "promotes", "condition", "ambivalent")


def effect_directions(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of `construct_by_study` as an effect-direction plot wants them.

    `construct, study, direction` (promotes, inhibits, condition, mixed, not_stated), `also_condition`, `confidence`
    (high, moderate, low), `themes`.

    References
    ----------
    Hilton Boon M, Thomson H (2021), as in `construct_by_study`, doi:10.1002/jrsm.1458.

    Examples
    --------
    >>> cells = pd.DataFrame({"construct": ["c", "c"], "study": ["a", "b"], "direction": ["barrier", None],
    ...     "also_condition": False, "confidence": ["medium", None], "themes": ["x", ""]})
    >>> effect_directions(cells)[["direction", "confidence"]].values.tolist()
    [['inhibits', 'moderate'], ['not_stated', None]]
    """
    check_arguments(effect_directions, locals())
    need(cells, ["construct", "study", "direction", "also_condition", "confidence", "themes"], "cells")
    stated(cells, ["also_condition"], "cells")
    out = cells[["construct", "study", "also_condition", "themes"]].copy()
    out["direction"] = [_ARROWS.get(direction, "not_stated") for direction in cells["direction"]]
    found = [_CONFIDENCE.get(confidence) for confidence in cells["confidence"]]
    out["confidence"] = pd.Series(found, index=out.index, dtype="object")
    return out[["construct", "study", "direction", "also_condition", "confidence", "themes"]]


def contrast_cells(contrast: pd.DataFrame) -> pd.DataFrame:
    """Return the directions of one code by study (`code_contrast`) as the cells of a matrix.

    `row` (study), `column` (direction), `state` (present, or not_stated), `valence, segments`.
    """
    check_arguments(contrast_cells, locals())
    need(contrast, ["study", "inhibits", "promotes", "condition", "neutral", "segments"], "contrast")
    one_row(contrast, "study", "contrast")
    long = contrast.melt(["study", "segments"], [*_DIRECTED[:3], "neutral"], "column", "found")
    long["state"] = long["found"].map({True: "present", False: "not_stated"})
    long["valence"] = long["column"]
    order = {study: place for place, study in enumerate(contrast["study"])}
    long = long.rename(columns={"study": "row"}).sort_values("row", key=lambda c: c.map(order), kind="stable")
    return long[["row", "column", "state", "valence", "segments"]].reset_index(drop=True)


def codes_by_study(codings: pd.DataFrame, codebook: pd.DataFrame, studies: list[str]) -> pd.DataFrame:
    """Count for each code in how many studies it stands with a direction, each study counted once.

    Parameters
    ----------
    codings : pandas.DataFrame
        Codings of several studies: `study, code, valence`.
    codebook : pandas.DataFrame
        Codebooks of several studies: `study, code, label, parent`.
    studies : list of str
        The studies that count.

    Returns
    -------
    pandas.DataFrame
        `code, label, n_studies, of, inhibits, promotes, condition, ambivalent` (numbers of studies), `studies`; codes
        without any direction are left out, the most widespread first.
    """
    check_arguments(codes_by_study, locals())
    need(codings, ["study", "code", "valence"], "codings")
    need(codebook, ["code", "label"], "codebook")
    directed = codings[codings["valence"].isin(_DIRECTED) & codings["study"].isin(studies)]
    names = codebook.drop_duplicates("code").set_index("code")["label"]
    rows = []
    for code, mine in directed.groupby("code", sort=True):
        per = mine.groupby("valence")["study"].nunique()
        found = [study for study in studies if study in set(mine["study"])]
        counts = (int(per.get(direction, 0)) for direction in _DIRECTED)
        rows.append((code, names.get(code, code), len(found), len(studies), *counts, join(found)))
    columns = ["code", "label", "n_studies", "of", *_DIRECTED, "studies"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values(["n_studies", "label"], ascending=[False, True], ignore_index=True)
