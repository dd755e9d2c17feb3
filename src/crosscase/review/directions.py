"""Whether the direction of a theme agrees with its segments, its note, its relations and its place in frameworks."""

from __future__ import annotations

import re

import pandas as pd

from crosscase.analyses.sentences import count, verb
from crosscase.ids import split
from crosscase.matrices import ancestry, finding_themes
from crosscase.review.check import Check, Found
from crosscase.review.material import Material
from crosscase.review.sources import LINCOLN, MAYS, MILES, SANDELOWSKI, YIN
from crosscase.review.words import named

OPPOSITE = {"inhibits": "promotes", "promotes": "inhibits"}
IN_FRAMEWORK = {"inhibits": "barrier", "promotes": "facilitator", "condition": "condition", "ambivalent": "ambivalent"}
NAMED = {
    "inhibits": re.compile(r"\b(inhibit|hamper|hinder|barrier|obstruct)\w*", re.IGNORECASE),
    "promotes": re.compile(r"\b(promot|facilitat|help|support)\w*", re.IGNORECASE),
    "condition": re.compile(r"\bcondition\w*", re.IGNORECASE),
    "ambivalent": re.compile(r"\bambivalen\w*", re.IGNORECASE),
}
"""Words by which a note tells a direction."""
OPEN = re.compile(r"\b(?:not (?:said|stated|told)|unclear|whether|open)\b", re.IGNORECASE)
"""Words by which a note leaves a direction open."""


def directed(material: Material) -> pd.DataFrame:
    """Return the themes and subthemes that have one direction, `inhibits` or `promotes`."""
    themes = finding_themes(material.table("themes"))
    return themes[themes["valence"].isin(list(OPPOSITE))]


def _counts(material: Material, theme: str, valence: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the segments under a theme that carry its direction, and those that carry the opposite one."""
    mine = material.under(theme)
    return mine[mine["valence"].eq(valence)], mine[mine["valence"].eq(OPPOSITE[valence])]


def contrary(material: Material) -> list[Found]:
    """Themes most of whose segments carry the opposite direction."""
    found = []
    for theme, valence in directed(material)[["theme", "valence"]].itertuples(index=False):
        same, other = _counts(material, theme, valence)
        if len(other) > len(same):
            n, m = len(same), len(other)
            said = f"Its direction is {valence}; {n} of its codings {verb(n, 'has', 'have')} it, and {m} "
            said += f"{verb(m, 'has', 'have')} the direction {OPPOSITE[valence]}."
            found.append(Found(theme, said, material.row("themes", "theme", theme)))
    return found


def untold(material: Material) -> list[Found]:
    """Themes of one direction with segments of the other of which neither their note nor a finding tells."""
    findings = material.findings
    told = {each for column in ("segments", "against") for cell in findings[column] for each in split(cell)}
    found = []
    for theme, valence, note in directed(material)[["theme", "valence", "valence_note"]].itertuples(index=False):
        same, other = _counts(material, theme, valence)
        noted = isinstance(note, str) and NAMED[OPPOSITE[valence]].search(note)
        if len(other) and len(other) <= len(same) and not noted and not set(other["coding_id"]) & told:
            n, ids = len(other), named(other["coding_id"], 3)
            said = f"{n} of {len(same) + n} codings under it {verb(n, 'has', 'have')} the direction "
            said += f"{OPPOSITE[valence]} ({ids}), and neither its note nor a finding tells of that."
            found.append(Found(theme, said, material.row("themes", "theme", theme)))
    return found


def noted(material: Material) -> list[Found] | str:
    """Themes whose note in words gives another direction than their one word."""
    themes = material.table("themes").dropna(subset=["valence", "valence_note"])
    if themes.empty:
        return "No theme has both a direction and a note on it."
    found = []
    for theme, valence, note in themes[["theme", "valence", "valence_note"]].itertuples(index=False):
        told = {each for each, pattern in NAMED.items() if pattern.search(note)} if not OPEN.search(note) else set()
        if (valence in OPPOSITE and told - {valence}) or (
            valence in ("condition", "neutral") and valence not in told and len(told & set(OPPOSITE)) == 1
        ):
            said = f"Its direction is {valence}, and its note says {note!r}."
        else:
            continue
        found.append(Found(theme, said, material.row("themes", "theme", theme)))
    return found


def mapped(material: Material) -> list[Found] | str:
    """Themes that frameworks show in another direction than the study."""
    themes, places = material.table("themes"), material.table("framework_map")
    known = dict(zip(themes["theme"], themes["valence"].map(IN_FRAMEWORK)))
    places = places.assign(own=places["theme"].map(known)).dropna(subset=["own", "direction"])
    if places.empty:
        return "No theme has a direction both in the study and in a framework."
    apart = places[places["own"].ne(places["direction"]) & places["own"].ne("ambivalent")]
    found = []
    for theme, rows in apart.groupby("theme", sort=False):
        there = named(sorted(set(rows["direction"])))
        said = f"The study tells it as {rows['own'].iloc[0]}, the framework map as {there} "
        said += f"({count(len(rows), 'construct')})."
        found.append(Found(str(theme), said, material.row("framework_map", "theme", theme)))
    return found


def unsigned(material: Material) -> list[Found]:
    """Themes with a direction of whose relations, those of the factors below them included, none has a stated sign."""
    relations, themes = material.table("relations"), material.table("themes")
    places = material.table("framework_map").dropna(subset="direction")
    told: dict[str, list[str]] = {}
    for theme, way in zip(themes["theme"], themes["valence"]):
        mapped = sorted(set(places.loc[places["theme"].eq(theme), "direction"]) & {"barrier", "facilitator"})
        if ways := [way] * (way in OPPOSITE) + mapped:
            told[theme] = ways
    lines = ancestry(themes)
    owner = relations["source"].map(lambda each: next((up for up in lines.get(each, []) if up in told), None))
    found = []
    for theme, signs in relations.groupby(owner, sort=False)["sign"]:
        if signs.eq("?").all():
            n = len(signs)
            said = f"{count(n, 'relation')} from it {verb(n, 'has', 'have')} no stated sign; it is told as "
            said += f"{named(told[str(theme)])}."
            found.append(Found(str(theme), said, material.row("themes", "theme", theme)))
    return found


CHECKS = (
    Check(
        "R05",
        "a direction against its own segments",
        "Do the segments of a theme say the contrary of it?",
        "A theme says what its segments say.",
        f"{MILES} (checking the meaning of outliers)",
        contrary,
        ("themes", "codings"),
    ),
    Check(
        "R06",
        "segments of the opposite direction untold",
        "Does a theme of one direction hide segments of the other?",
        "What does not fit is told and explained; left out, it makes a theme look surer than it is.",
        f"{MAYS} (attention to negative cases); {LINCOLN} (negative case analysis)",
        untold,
        ("themes", "codings"),
    ),
    Check(
        "R07",
        "a direction against its own note",
        "Does the note on a theme give another direction than its one word?",
        "The word is counted and the note is read; where they differ, readers of the count are misled.",
        f"{SANDELOWSKI} (misleading counting)",
        noted,
        ("themes",),
    ),
    Check(
        "R08",
        "a direction changed in a framework",
        "Does the framework map show a theme in another direction than the study?",
        "A map to a framework carries a reading over; what it turns round, the study did not say.",
        f"{YIN} (chain of evidence)",
        mapped,
        ("themes", "framework_map"),
    ),
    Check(
        "R09",
        "a direction without a stated sign",
        "Does a theme have a direction although its relations have none?",
        "A text that says that something matters has not said in which way.",
        f"{YIN} (chain of evidence)",
        unsigned,
        ("relations", "themes"),
    ),
)
