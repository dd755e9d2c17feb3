"""What stands behind a theme: voices, documents, segments, and whether it is another theme over again."""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from crosscase.analyses.sentences import count
from crosscase.review.check import LOOK, TIP, Check, Found
from crosscase.review.material import SPAN, Material
from crosscase.review.sources import BRAUN_CLARKE, COREQ, LINCOLN, MILES, SRQR

SAME = 0.8
"""Share of the segments of both together from which two themes may be one."""
SEVERAL = 3
"""Segments from which that can be told."""


def one_voice(material: Material) -> list[Found] | str:
    """Themes in which one role alone speaks."""
    voiced = material.voiced
    if voiced["role"].nunique() < 2:
        return "No two roles speak in what is coded, so no theme can have several voices."
    found = []
    for theme in material.themes["theme"]:
        mine = material.under(theme, voiced)
        if mine["role"].nunique() != 1:
            continue
        n, role = len(mine.drop_duplicates(SPAN)), mine["role"].iloc[0]
        said = f"All {n} passages in which somebody speaks come from {role}."
        if n == 1:
            said = f"Somebody speaks in one passage only ({role}), which can have no more than one voice."
        found.append(Found(theme, said, material.row("themes", "theme", theme), TIP if n == 1 else LOOK))
    return found


def one_document(material: Material) -> list[Found] | str:
    """Themes all of whose segments lie in one document although others could hold them."""
    if len(material.documents) < 2:
        return "One document is coded, so no theme can rest on several."
    themes, found = material.table("themes"), []
    bound = dict(zip(themes["theme"], themes["case"]))
    for theme in material.themes["theme"]:
        mine, case = material.under(theme), bound[theme]
        own = material.primary[material.primary["case"].eq(case)] if isinstance(case, str) else material.primary
        if mine["document"].nunique() == 1 and (others := own["document"].nunique()) > 1:
            n, where = count(len(mine.drop_duplicates(SPAN)), "segment"), mine["document"].iloc[0]
            said = f"{n}, all in {where}, which is one of {others} documents."
            found.append(Found(theme, said, material.row("themes", "theme", theme)))
    return found


def no_segment(material: Material) -> list[Found]:
    """Themes under which nobody put a segment."""
    used = set(material.table("codings")["theme"].dropna()) | set(material.primary["theme"].dropna())
    told, found = material.themes[material.themes["status"].ne("not_stated")], []
    for theme, spans in zip(told["theme"], told["spans"]):
        if material.below[theme] & used:
            continue
        said = "No segment is coded under it" + ("." if pd.isna(spans) else "; its spans alone say where it stands.")
        found.append(Found(theme, said, material.row("themes", "theme", theme), LOOK if pd.isna(spans) else TIP))
    return found


def twice(material: Material) -> list[Found]:
    """Pairs of themes that stand on the same segments."""
    held = {}
    for theme in material.themes["theme"]:
        spans = material.under(theme)[SPAN].dropna()
        if len(mine := set(spans.itertuples(index=False, name=None))) >= SEVERAL:
            held[theme] = mine
    found = []
    for one, two in combinations(held, 2):
        both, either = len(held[one] & held[two]), len(held[one] | held[two])
        if both >= SAME * either:
            said = f"{both} of {either} segments stand under {two} as well: the two may be one theme."
            found.append(Found(one, said, material.row("themes", "theme", one)))
    return found


CHECKS = (
    Check(
        "R01",
        "one voice behind a theme",
        "Does one voice alone speak in a theme?",
        "What one kind of participant says may hold for them alone; such a theme is told as theirs.",
        f"{COREQ}, item 29; {MILES} (representativeness)",
        one_voice,
        ("themes", "codings"),
    ),
    Check(
        "R02",
        "one document behind a theme",
        "Does a theme rest on one document where there are several?",
        "Several sources that say the same carry more than one that says it often.",
        f"{LINCOLN} (triangulation)",
        one_document,
        ("themes", "codings"),
    ),
    Check(
        "R03",
        "theme without a segment",
        "Does a theme stand without any segment?",
        "A reader must be able to go from each theme to what was said or written.",
        f"{SRQR}, item 17",
        no_segment,
        ("themes", "codings"),
    ),
    Check(
        "R04",
        "two themes on the same segments",
        "Do two themes rest on the same segments?",
        "Themes hold together inside and differ from each other; one passage under two of them is counted twice.",
        f"{BRAUN_CLARKE} (phase 4)",
        twice,
        ("themes", "codings"),
    ),
)
