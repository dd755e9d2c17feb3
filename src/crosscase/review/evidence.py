"""What stands for a finding and against it: cells that say the contrary, silence, passages nobody prints."""

from __future__ import annotations

import re

import pandas as pd

from crosscase.analyses.sentences import count, verb
from crosscase.ids import split
from crosscase.review.check import Check, Found
from crosscase.review.claims import Claim, claims, concerned
from crosscase.review.directions import OPPOSITE
from crosscase.review.material import Material
from crosscase.review.sources import ALTMAN, LINCOLN, MAYS, MILES, YIN
from crosscase.review.words import named

SILENCE = re.compile(
    r"\b(?:nobody|no one|none of (?:them|the \w+)|no \w+) (?:ever )?"
    r"(?:mentions?|mentioned|names?|named|says?|said|speaks?|spoke|raises?|raised|complains?|reports?|reported)\b"
    r"|\b(?:do|does|did) not (?:mention|name|raise|speak of)\b|\bnever (?:mention|name|raise|speak)\w*"
    r"|\b(?:is|are|was|were) (?:silent (?:on|about)|not mentioned|nowhere mentioned|absent from)\b|\bunmentioned\b",
    re.IGNORECASE,
)
"""Words that make evidence of what nobody said."""
NOT_STATED = "not_stated"


def contradicted(material: Material) -> list[Found]:
    """Findings of one direction whose codes say the contrary more often.

    A negative case goes against the rest; it is noted only where the contrary does not stand against it.
    """
    found = []
    for claim, same, other in _ways(material):
        told = claim.kind == "negative_case" and set(other["coding_id"]) <= set(claim.against)
        if len(other) > len(same) and not told:
            found.append(_found(claim, same, other, ""))
    return found


def unweighed(material: Material) -> list[Found]:
    """Findings of one direction whose codes say the contrary somewhere that nobody weighs."""
    found = []
    for claim, same, other in _ways(material):
        rest = other[~other["coding_id"].isin(claim.against)]
        if len(rest) and len(other) <= len(same):
            found.append(_found(claim, same, rest, " and does not stand against it"))
    return found


def _ways(material: Material) -> list[tuple[Claim, pd.DataFrame, pd.DataFrame]]:
    """Return each finding that inhibits or promotes, with the codings of its direction and of the opposite one.

    A negative case goes against the rest by what it is.
    """
    out = []
    for claim in claims(material):
        if claim.direction in OPPOSITE and claim.kind != "negative_case":
            ways = concerned(material, claim)
            same = ways[ways["valence"].eq(claim.direction)]
            out.append((claim, same, ways[ways["valence"].eq(OPPOSITE[claim.direction])]))
    return out


def _found(claim: Claim, same: pd.DataFrame, other: pd.DataFrame, more: str) -> Found:
    n, way = len(other), OPPOSITE[claim.direction]
    m, ids = len(same), named(other["coding_id"], 3)
    said = f"It says {claim.direction}; of the codings of its codes {m} {verb(m, 'does', 'do')}, and "
    said += f"{count(n, 'coding')} ({ids}) {verb(n, 'says', 'say')} {way}{more}."
    return Found(claim.id, said, claim.place)


def silent(material: Material) -> list[Found] | str:
    """Findings, and outcomes said not to be reached, that rest on what nobody said."""
    if not material.has("argument") and not material.has("outcomes"):
        return "Neither a finding nor an outcome is written down (argument.csv, outcomes.csv)."
    found = [
        Found(claim.id, f"Its words make evidence of silence: {met[0]!r}.", claim.place)
        for claim in claims(material)
        if (met := SILENCE.search(claim.said))
    ]
    facts = material.table("facts")
    status, known = dict(zip(facts["fact"], facts["status"])), set(facts["fact"])
    outcomes = material.table("outcomes")
    for row, outcome in outcomes[outcomes["state"].eq("no")].iterrows():
        fact, place = outcome["fact"], f"outcomes.csv, row {int(str(row)) + 2}"
        if status.get(fact) == NOT_STATED:
            said = f"It is said not to be reached, and rests on {fact}, which is not stated."
        elif fact not in known and pd.isna(outcome["spans"]):
            said = "It is said not to be reached, and neither a fact nor a passage says so."
        else:
            continue
        found.append(Found(str(outcome["outcome"]), said, place))
    return found


def unknown(material: Material) -> list[Found]:
    """Findings that rest on a value or a fact that is not stated."""
    facts = material.table("facts")
    bare = set(facts.loc[facts["status"].eq(NOT_STATED), "fact"])
    values = {name for name, record in material.kept.values.items() if record.get("value") is None}
    found, printed = [], material.printed
    for claim, cell in zip(claims(material), material.findings["values"]):
        mine = printed.loc[printed["place"].eq(f"argument.csv, finding {claim.id}"), "id"]
        cited = {*mine, *split(cell), *claim.segments, *claim.against}
        if gone := sorted(cited & (bare | values)):
            said = f"{named(gone, 3)} {verb(len(gone))} not stated, and it rests on {verb(len(gone), 'it', 'them')}."
            found.append(Found(claim.id, said, claim.place))
    return found


def both_ways(material: Material) -> list[Found]:
    """Segments that stand for and against the same finding, or for two findings of opposite direction."""
    found: list[Found] = []
    ways: dict[str, Claim] = {}
    for claim in claims(material):
        if twice := sorted(set(claim.segments) & set(claim.against)):
            said = f"{named(twice, 3)} {verb(len(twice), 'stands', 'stand')} for it and against it."
            found.append(Found(claim.id, said, claim.place))
        for segment in claim.segments if claim.direction in OPPOSITE else ():
            other = ways.setdefault(segment, claim)
            if other.direction == OPPOSITE[claim.direction]:
                said = f"{segment} stands for it ({claim.direction}) and for {other.id} ({other.direction})."
                found.append(Found(claim.id, said, claim.place))
    return found


def untold(material: Material) -> list[Found] | str:
    """Negative cases that neither chapter nor poster prints."""
    negative = [claim for claim in claims(material) if claim.kind == "negative_case"]
    if not material.prose:
        return "No chapter is written."
    if not negative:
        return "No finding is marked as a negative case."
    shown = _shown(material)
    said = "It is a negative case, and no sentence of chapter or poster tells of it."
    return [Found(claim.id, said, claim.place) for claim in negative if not {claim.id, *claim.segments} & shown]


def _shown(material: Material) -> set[str]:
    """Return the findings that chapter or poster print, and the segments that their sentences lead to."""
    printed, prefix = material.printed, f"{material.name}."
    told = printed.loc[printed["kind"].isin(["finding", "from"]), "id"]
    shown = {each.removeprefix(prefix) for each in told}
    findings = material.findings
    for options in printed.loc[printed["kind"].eq("findings") & printed["id"].eq(material.name), "options"]:
        kept = dict(line.split("=", 1) for line in options.split("\n") if "=" in line)
        mine = findings[findings["kind"].eq(kept["kind"])] if "kind" in kept else findings
        only = {each.strip() for each in kept["only"].split(",")} if "only" in kept else set(mine["finding"])
        shown |= set(mine["finding"]) & only
    return shown


CHECKS = (
    Check(
        "R27",
        "headline that its cells contradict",
        "Do the codings of a finding say the contrary of its headline?",
        "A headline is checked against all cells that it speaks of, not only against those that it was made from.",
        f"{MILES} (checking out rival explanations)",
        contradicted,
        ("argument", "codings"),
        across=True,
    ),
    Check(
        "R28",
        "contrary passages not weighed",
        "Is there a passage against a finding that it does not name?",
        "A negative case that is named can be explained; one that is left out is found by somebody else.",
        f"{LINCOLN} (negative case analysis); {MAYS}",
        unweighed,
        ("argument", "codings"),
        across=True,
    ),
    Check(
        "R29",
        "silence read as absence",
        "Is something said not to be so because nobody said that it was?",
        "A text tells what its authors had room for; that nobody spoke of a thing does not show that it was not there.",
        ALTMAN,
        silent,
        across=True,
    ),
    Check(
        "R30",
        "finding on what is not stated",
        "Does a finding rest on a value or a fact that is not stated?",
        "A gap can be named; nothing can be built on it.",
        ALTMAN,
        unknown,
        ("argument",),
        across=True,
    ),
    Check(
        "R31",
        "segment for and against",
        "Does a segment stand on both sides?",
        "A passage that speaks both ways is told as such; counted on both sides it proves anything.",
        f"{YIN} (chain of evidence)",
        both_ways,
        ("argument",),
        across=True,
    ),
    Check(
        "R32",
        "negative case that no sentence mentions",
        "Is there a negative case that nobody is told of?",
        "The case that does not fit teaches most; it belongs into the text and not only into a table.",
        f"{LINCOLN} (negative case analysis); {MAYS}",
        untold,
        ("argument",),
        across=True,
    ),
)
