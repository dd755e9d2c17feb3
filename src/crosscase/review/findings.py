"""Findings as a whole: whether anything against them was looked for, how far they reach, on how little they rest."""

from __future__ import annotations

import re

from crosscase.analyses.sentences import count, verb
from crosscase.review.check import ALL, COMPARED, TIP, Check, Found
from crosscase.review.claims import Claim, claims
from crosscase.review.material import SPAN, Material
from crosscase.review.sources import HRUSCHKA, LINCOLN, MAYS, MILES, SRQR, YIN
from crosscase.review.words import named

THIN = 4
"""Words up to which `looked_for` says nothing."""
OFTEN = 3
"""Findings behind which one segment stands before it is said."""
NO_RESULT = re.compile(r"\b(?:titles?|bibliograph\w*|record|aims?|questions?|methods?|design)\b", re.IGNORECASE)
"""Parts of the frame of a text that say what a study is, and not what it found; limits and background may say more."""


def unopposed(material: Material) -> list[Found]:
    """Findings with nothing against them, of which it is not said what was looked for."""
    found = []
    for claim in claims(material):
        if claim.against or len(claim.looked_for.split()) > THIN:
            continue
        said = "Nothing stands against it, and it is not said what was looked for."
        if claim.looked_for:
            said = f"Nothing stands against it, and what was looked for is told in a word: {claim.looked_for!r}."
        found.append(Found(claim.id, said, claim.place))
    return found


def one_reading(material: Material) -> list[Found] | str:
    """Findings on segments that no other coder read so, though others read the same documents."""
    if len(material.coders) < 2:
        return "One coder has coded."
    return [Found(claim.id, said, claim.place) for claim in claims(material) if (said := _read_alone(material, claim))]


def _read_alone(material: Material, claim: Claim) -> str:
    """Return what is said of a finding on one coder's reading; nothing where another read at least one segment so."""
    by = set(claim.stands["coder"])
    if claim.stands["coding_id"].isin(material.primary["coding_id"]).any():
        by.add(material.info.primary_coder)  # what was adjudicated is a coding of theirs
    others = material.independent[~material.independent["coder"].isin(by)]
    if not claim.whole or not set(claim.stands["document"]) & set(others["document"]):
        return ""
    pairs = claim.stands.merge(others, on=["document", "code"], suffixes=("", "_other"))
    if (pairs["start"].lt(pairs["end_other"]) & pairs["start_other"].lt(pairs["end"])).any():
        return ""
    n = len(claim.stands)
    none = "none of its segments" if n > 1 else "its one segment not"
    who = named(sorted(set(others["coder"])))
    return f"{who} read the same documents and gave {none} the code it rests on."


def reaching(material: Material) -> list[Found]:
    """Findings across cases whose segments speak of one case, or lie in one of several documents."""
    found, several = [], len(material.documents) > 1
    for claim in claims(material):
        if claim.kind != "cross_case" or not claim.whole:
            continue
        cases, documents = set(claim.stands["case"].dropna()), set(claim.stands["document"])
        if len(cases) == 1 and cases <= set(material.cases):
            said = f"It speaks across cases, and all its segments speak of {cases.pop()}."
        elif not cases and several and len(documents) == 1:
            said = f"It speaks across cases, and all its segments lie in {documents.pop()}."
        else:
            continue
        found.append(Found(claim.id, said, claim.place))
    return found


def framed(material: Material) -> list[Found] | str:
    """Findings that stand on the title, the aim or the methods of a text."""
    themes = material.table("themes")
    names = themes["theme"].str.cat(themes["label"], sep=" ", na_rep="").str.replace("_", " ")
    frame = set(themes.loc[themes["kind"].eq("frame") & names.str.contains(NO_RESULT, na=False), "theme"])
    if not frame:
        return "No part of a text is marked as its title, its aim or its methods."
    found = []
    for claim in claims(material):
        bad = claim.stands[claim.stands["theme"].isin(frame)]
        if len(bad):
            ids, where = named(bad["coding_id"], 3), named(sorted(set(bad["theme"])))
            said = f"{ids} of its {count(len(claim.stands), 'segment')} {verb(len(bad), 'lies', 'lie')} under {where}."
            found.append(Found(claim.id, said, claim.place))
    return found


def thin(material: Material) -> list[Found]:
    """Findings said to be read out of several passages that stand on one."""
    found = []
    for claim in claims(material):
        n = len(claim.stands.drop_duplicates(SPAN))
        if claim.strength == "inferred" and claim.whole and n == 1:
            said = "It is read out of the text and not stated there, and it stands on one segment."
            found.append(Found(claim.id, said, claim.place))
    return found


def crowded(material: Material) -> list[Found]:
    """Segments that stand for many findings."""
    behind: dict[str, list[str]] = {}
    for claim in claims(material):
        for segment in claim.segments:
            behind.setdefault(segment, []).append(claim.id)
    return [
        Found(segment, f"{len(ids)} findings stand on it: {named(ids, 4)}.", "argument.csv, column segments", TIP)
        for segment, ids in behind.items()
        if len(ids) >= OFTEN
    ]


def no_rival(material: Material) -> list[Found] | str:
    """Findings of influence across cases without any other explanation that is weighed."""
    every = list(claims(material))
    caused = [claim.id for claim in every if claim.kind == "cross_case" and claim.direction]
    if not caused:
        return "No finding across cases claims an influence."
    if any(claim.kind == "rival" for claim in every):
        return []
    said = f"No other explanation is named and weighed for {named(caused, 3)}."
    return [Found(ALL, said, "argument.csv, column kind", TIP)]


CHECKS = (
    Check(
        "R20",
        "finding without anything against it looked for",
        "Is there a finding against which nothing was looked for?",
        "A finding that nobody tried to refute is a first impression; what was looked for in vain makes it stronger.",
        f"{MILES} (looking for negative evidence); {MAYS}",
        unopposed,
        ("argument",),
        across=True,
    ),
    Check(
        "R21",
        "finding on one coder's reading",
        "Does a finding rest on one coder's reading alone?",
        "What one coder saw and the others read past in the same text may be right, and needs a word on why.",
        HRUSCHKA,
        one_reading,
        ("argument", "codings"),
        COMPARED,
        across=True,
    ),
    Check(
        "R22",
        "finding across cases from one case",
        "Does a finding across cases rest on one case?",
        "A pattern across cases is one that returns in another case.",
        f"{YIN} (replication)",
        reaching,
        ("argument", "codings"),
        across=True,
    ),
    Check(
        "R23",
        "finding on the frame of a text",
        "Does a finding stand on a title, an aim or a method?",
        "What a study set out to look at is no result of it.",
        f"{SRQR}, items 16 and 17",
        framed,
        ("argument", "themes", "codings"),
    ),
    Check(
        "R24",
        "reading on one segment",
        "Does a finding that is read out of the text stand on one segment?",
        "What a text does not state itself is carried by several passages, or it is a guess.",
        f"{LINCOLN} (triangulation)",
        thin,
        ("argument", "codings"),
        across=True,
    ),
    Check(
        "R25",
        "one segment behind many findings",
        "Does one segment stand behind three findings or more?",
        "Findings on the same passage are not independent; together they are no more than one.",
        f"{MILES} (weighting the evidence)",
        crowded,
        ("argument",),
        across=True,
    ),
    Check(
        "R26",
        "no rival explanation",
        "Is an influence claimed across cases without another explanation weighed?",
        "That one thing hampers another is believed when other reasons have been named and held against the cases.",
        f"{YIN} (rival explanations)",
        no_rival,
        ("argument",),
        across=True,
    ),
)
