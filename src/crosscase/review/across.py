"""What the second reader is given of the synthesis: its findings, with the codings of all studies behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from crosscase.review.material import ARGUMENT, SINGLE, Computed, Material
from crosscase.study import Study, StudyInfo, load_shared

NAME, TITLE = "synthesis", "Across the studies"
PRIMARY = "primary"
"""Whoever the primary coder of each study is."""


def across(studies: Iterable[Study], prose: Mapping[str, str] | None = None, kept: Computed | None = None) -> Material:
    """Return what the second reader is given of the synthesis; each study is one of its cases.

    Parameters
    ----------
    studies : iterable of Study
        The studies that it compares.
    prose : mapping of str to str, optional
        File -> text of its chapter and its poster.
    kept : Computed, optional
        What the notebooks kept.
    """
    every = list(studies)
    frames = {
        ARGUMENT: load_shared("argument_across").assign(themes=None),
        "cases": pd.DataFrame({"case": [study.name for study in every], "kind": SINGLE}),
        "codings": _together([_codings(study) for study in every]),
        "facts": _together([_named(study, study.facts, "fact", "document") for study in every]),
    }
    coders = {name: coder for study in every for name, coder in study.info.coders.items()}
    info = StudyInfo(
        title=TITLE,
        short_title=TITLE,
        question="What holds across the studies?",
        stance="unspecified",
        case_noun="study",
        case_noun_plural="studies",
        coders=coders,
        primary_coder=PRIMARY,
    )
    frames = {name: frame for name, frame in frames.items() if not frame.empty}
    return Material(NAME, info, frames, prose or {}, kept or Computed())


def _together(parts: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [part for part in parts if not part.empty]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()


def _named(study: Study, frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return a table of one study whose ids carry its name."""
    return frame.assign(**{column: f"{study.name}." + frame[column] for column in columns})


def _codings(study: Study) -> pd.DataFrame:
    """Return the codings of one study as they stand; all of them speak of the case that the study is."""
    frame = study.standing_codings()
    coder = frame["coder"].where(~frame["coding_id"].isin(study.primary_codings()["coding_id"]), PRIMARY)
    return _named(study, frame, "coding_id", "document").assign(coder=coder, case=study.name, theme=None)
