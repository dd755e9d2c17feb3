"""Synthesis in the shapes in which figures and the book show it."""

from __future__ import annotations

import pandas as pd

from crosscase.ids import join

_ARROWS = {"barrier": "inhibits", "facilitator": "promotes", "condition": "condition", "mixed": "mixed"}
_CONFIDENCE = {"high": "high", "medium": "moderate", "low": "low"}
_DIRECTED = ("inhibits", "promotes", "condition", "ambivalent")


def construct_labels(cells: pd.DataFrame) -> dict[str, str]:
    """Return construct -> label, in the order of the framework."""
    once = cells.drop_duplicates("construct")
    return dict(zip(once["construct"], once["label"]))


def effect_directions(cells: pd.DataFrame) -> pd.DataFrame:
    """Return construct by study as an effect-direction plot wants it.

    Parameters
    ----------
    cells : pandas.DataFrame
        As `construct_by_study` returns them.

    Returns
    -------
    pandas.DataFrame
        `construct, study, direction` (promotes, inhibits, condition, mixed, not_stated), `confidence` (high, moderate,
        low), `themes`.

    References
    ----------
    Hilton Boon M, Thomson H (2021). The effect direction plot revisited. Research Synthesis Methods 12(1):29-33,
    doi:10.1002/jrsm.1458.

    Examples
    --------
    >>> cells = pd.DataFrame({"construct": ["c", "c"], "study": ["a", "b"], "direction": ["barrier", None],
    ...     "confidence": ["medium", None], "themes": ["x", ""]})
    >>> effect_directions(cells)[["direction", "confidence"]].values.tolist()
    [['inhibits', 'moderate'], ['not_stated', None]]
    """
    out = cells[["construct", "study", "themes"]].copy()
    out["direction"] = [_ARROWS.get(direction, "not_stated") for direction in cells["direction"]]
    found = [_CONFIDENCE.get(confidence) for confidence in cells["confidence"]]
    out["confidence"] = pd.Series(found, index=out.index, dtype="object")
    return out[["construct", "study", "direction", "confidence", "themes"]]


def mapper_confidence(confidence: pd.Series) -> pd.Series:
    """Return the mapper's confidence in the words of the figures: high, moderate, low, or null.

    Examples
    --------
    >>> mapper_confidence(pd.Series(["medium", None])).tolist()
    ['moderate', None]
    """
    return pd.Series([_CONFIDENCE.get(word) for word in confidence], index=confidence.index, dtype="object")


def most_reported(cells: pd.DataFrame, least: int) -> pd.DataFrame:
    """Return only the constructs that at least so many studies report, for a display with little room.

    Parameters
    ----------
    cells : pandas.DataFrame
        As `construct_by_study` returns them.
    least : int
        Number of studies.
    """
    reported = cells.groupby("construct")["reported"].transform("sum")
    return cells[reported >= least].reset_index(drop=True)


def headline_frame(dropped: pd.DataFrame, names: dict[str, str], reported: pd.DataFrame) -> pd.DataFrame:
    """Return headlines with all studies and with each study left out, as a drawing wants them.

    Parameters
    ----------
    dropped : pandas.DataFrame
        As `leave_one_study_out` returns them.
    names : dict of str to str
        Study -> short title.
    reported : pandas.DataFrame
        As `reported_in` returns it, for the column with all studies.

    Returns
    -------
    pandas.DataFrame
        `headline, left_out` (null with all studies), `value` (studies that still report it), `holds, text`
        ("3 of 4").

    Examples
    --------
    >>> dropped = pd.DataFrame({"construct": ["c"], "label": ["C"], "left_out": ["a"], "n_studies": [1], "of": [1],
    ...     "holds": [False]})
    >>> reported = pd.DataFrame({"construct": ["c"], "label": ["C"], "n_studies": [2], "of": [2]})
    >>> headline_frame(dropped, {"a": "A"}, reported)[["left_out", "text", "holds"]].values.tolist()
    [[None, '2 of 2', True], ['A', '1 of 1', False]]
    """
    everyone = reported[reported["construct"].isin(dropped["construct"])].assign(left_out=None, holds=True)
    every = pd.concat([everyone.astype({"left_out": object}), dropped.astype({"left_out": object})], ignore_index=True)
    left_out = [None if study is None else names.get(study, study) for study in every["left_out"]]
    return pd.DataFrame(
        {
            "headline": every["label"],
            "left_out": pd.Series(left_out, dtype=object),
            "value": every["n_studies"],
            "holds": every["holds"].astype(bool),
            "text": every["n_studies"].astype(str) + " of " + every["of"].astype(str),
        }
    )


def contrast_cells(contrast: pd.DataFrame) -> pd.DataFrame:
    """Return the directions of one code by study as the cells of a matrix.

    Parameters
    ----------
    contrast : pandas.DataFrame
        As `code_contrast` returns it.

    Returns
    -------
    pandas.DataFrame
        `row` (study), `column` (direction), `state` (present, or not_stated), `valence, segments`.
    """
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
    directed = codings[codings["valence"].isin(_DIRECTED) & codings["study"].isin(studies)]
    names = codebook.drop_duplicates("code").set_index("code")["label"]
    rows = []
    for code, mine in directed.groupby("code", sort=True):
        per = mine.groupby("valence")["study"].nunique()
        found = [study for study in studies if study in set(mine["study"])]
        rows.append(
            {
                "code": code,
                "label": names.get(code, code),
                "n_studies": len(found),
                "of": len(studies),
                **{direction: int(per.get(direction, 0)) for direction in _DIRECTED},
                "studies": join(found),
            }
        )
    columns = ["code", "label", "n_studies", "of", *_DIRECTED, "studies"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values(["n_studies", "label"], ascending=[False, True], ignore_index=True)
