"""The themes and subthemes of a study that are findings, and the codings that stand under them."""

from __future__ import annotations

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.frames import need, numbers
from crosscase.matrices.themes import BRANCHES, ancestry


def finding_themes(themes: pd.DataFrame) -> pd.DataFrame:
    """Return themes and subthemes, each subtheme after its theme; factors and the frame of the text are left out."""
    check_arguments(finding_themes, locals())
    need(themes, ["theme", "parent", "kind", "order"], "themes")
    numbers(themes, ["order"], "themes")
    found = themes[themes["kind"].isin(BRANCHES)]
    order = dict(zip(found["theme"], found["order"].astype("float64").fillna(10_000)))
    lines = ancestry(found)
    place = {theme: tuple(order[step] for step in reversed(line)) for theme, line in lines.items()}
    return found.sort_values("theme", key=lambda names: names.map(place), kind="stable").reset_index(drop=True)


def finding_labels(themes: pd.DataFrame) -> dict[str, str]:
    """Return id -> label of the themes and subthemes, in the order of the publication."""
    check_arguments(finding_labels, locals())
    need(themes, ["label"], "themes")
    found = finding_themes(themes)
    return dict(zip(found["theme"], found["label"]))


def finding_codings(codings: pd.DataFrame, themes: pd.DataFrame) -> pd.DataFrame:
    """Return the codings that stand under a theme or subtheme; those of the frame of the text are left out."""
    check_arguments(finding_codings, locals())
    need(codings, ["theme"], "codings")
    return codings[codings["theme"].isin(finding_themes(themes)["theme"])].reset_index(drop=True)
