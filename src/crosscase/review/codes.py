"""The codebook and its use: codes that nobody needs, that one coder alone uses, or that cannot be told apart."""

from __future__ import annotations

import re
from itertools import combinations

import pandas as pd

from crosscase.agreement import NOT_CODED, confusion
from crosscase.analyses.sentences import count, times
from crosscase.matrices import applied_codes
from crosscase.review.check import ALL, COMPARED, LOOK, TIP, Check, Found
from crosscase.review.material import Material
from crosscase.review.sources import BRAUN_CLARKE, CAMPBELL, HRUSCHKA, MACQUEEN
from crosscase.review.words import named

ALIKE = 0.75
"""Share of the words of both together from which two definitions are one."""
WORDS = 3
"""Words of a definition from which that can be told."""
MANY = 8
"""Codes up to which each gets a note of its own."""
EXCHANGED = 3
"""Segments on which two coders must have exchanged two codes before it is said."""
_WORD = re.compile(r"\w+")
EMPTY = frozenset({"a", "an", "and", "are", "as", "be", "by", "for", "in", "is", "of", "on", "or", "the", "to", "with"})
"""Words that tell no definition from another."""


def applied(material: Material) -> list[str]:
    """Return the codes that are meant for text."""
    return applied_codes(material.table("codebook"), material.table("codings"))


def unused(material: Material) -> list[Found]:
    """Codes that no coder ever put on a segment."""
    used, every = set(material.table("codings")["code"]) | set(material.primary["code"]), applied(material)
    bare = [code for code in every if code not in used]
    if len(bare) > MANY:
        said = f"{len(bare)} of {len(every)} codes are applied by nobody: {named(bare, MANY)}. A codebook for "
        said += "several studies has such codes; then it is said so."
        return [Found(ALL, said, "codebook.csv")]
    return [Found(code, "No coder has applied it.", material.row("codebook", "code", code)) for code in bare]


def one_coder(material: Material) -> list[Found] | str:
    """Codes that one coder alone uses, though others read the same documents."""
    codings, standing = material.table("codings"), material.standing
    if len(material.coders) < 2:
        return "One coder has coded."
    readers = codings.groupby("document")["coder"].nunique()
    decided = standing[~standing["coding_id"].isin(codings["coding_id"])].groupby("code")["coder"].nunique()
    found = []
    for code, rows in codings[codings["code"].isin(standing["code"])].groupby("code", sort=True):
        together = rows[rows["document"].map(readers).gt(1)]
        if len(together) and rows["coder"].nunique() == 1 and code not in decided:
            who, n = rows["coder"].iloc[0], count(len(rows), "coding")
            said = f"Only {who} applied it ({n}), in documents that others coded."
            found.append(Found(str(code), said, material.row("codebook", "code", code)))
    return found


def shared(material: Material) -> list[Found]:
    """Pairs of codes with the same label, or with definitions in nearly the same words."""
    book = material.table("codebook")
    rows = [(row["code"], str(row["label"]).casefold(), _words(row["definition"])) for row in book.to_dict("records")]
    found = []
    for (one, label, words), (two, other, more) in combinations(rows, 2):
        same = len(words & more) / max(1, len(words | more)) if min(len(words), len(more)) >= WORDS else 0.0
        if label == other or same >= ALIKE:
            said = f"{two} has the same label." if label == other else f"{two} is defined in nearly the same words."
            found.append(Found(one, said, material.row("codebook", "code", one)))
    return found


def _words(text: object) -> set[str]:
    return set(_WORD.findall(text.casefold())) - EMPTY if isinstance(text, str) else set()


def loose(material: Material) -> list[Found]:
    """Codes in use that lack a definition, or a rule for what is out, or an example; of many, how many there are."""
    book = material.table("codebook").drop_duplicates("code").set_index("code")
    applied_here = set(material.primary["code"])
    used = [code for code in applied(material) if code in applied_here]
    bare = [code for code in used if pd.isna(book.at[code, "definition"])]
    lacks = {code: [words for part, words in _PARTS.items() if pd.isna(book.at[code, part])] for code in used}
    thin = {code: f"It has a definition, but {named(words)}." for code, words in lacks.items() if words}
    thin = {code: said for code, said in thin.items() if code not in bare}
    found = []
    for said, state in ((dict.fromkeys(bare, "It has no definition."), LOOK), (thin, TIP)):
        if len(said) > MANY:
            what = (
                "have no definition"
                if state == LOOK
                else "have a definition, but lack a rule for what is out or an example"
            )
            all_said = f"{len(said)} of {len(used)} codes in use {what}: {named(said, MANY)}."
            found.append(Found(ALL, all_said, "codebook.csv", state))
            continue
        found += [Found(code, words, material.row("codebook", "code", code), state) for code, words in said.items()]
    return found


_PARTS = {"exclusion": "no rule for what is out", "example": "no example"}


def exchanged(material: Material) -> list[Found] | str:
    """Pairs of codes that coders put for each other more often than they put the rarer of them alike."""
    codings = material.independent
    if codings["coder"].nunique() < 2:
        return "One coder has coded on their own."
    pairs = confusion(codings).set_index(["code_1", "code_2"])["n_pairs"]
    found = []
    for (one, two), n in pairs.items():
        agreed = min(pairs.get((one, one), 0), pairs.get((two, two), 0))
        if one != two and NOT_CODED not in (one, two) and n >= EXCHANGED and n > agreed:
            said = f"Coders put it and {two} for each other {times(n)}, and the rarer of them alike {times(agreed)}."
            found.append(Found(str(one), said, material.row("codebook", "code", one)))
    return found


CHECKS = (
    Check(
        "R10",
        "code never applied",
        "Is there a code that nobody applied?",
        "An unused code is either not needed or was looked for in vain; which of the two, a reader should learn.",
        f"{BRAUN_CLARKE} (phase 4); {MACQUEEN}",
        unused,
        ("codebook", "codings"),
    ),
    Check(
        "R11",
        "code of one coder only",
        "Does one coder alone use a code?",
        "A code that others read past in the same text is understood by one of them, or defined for one of them.",
        HRUSCHKA,
        one_coder,
        ("codebook", "codings"),
        COMPARED,
    ),
    Check(
        "R12",
        "definition that two codes share",
        "Do two codes have the same label or definition?",
        "Coders cannot tell apart what the codebook does not.",
        MACQUEEN,
        shared,
        ("codebook",),
    ),
    Check(
        "R13",
        "code without its rules",
        "Does a code lack a definition, a rule for what is out, or an example?",
        "A definition says what is meant; where it ends and what it looks like, the rule and the example say.",
        MACQUEEN,
        loose,
        ("codebook", "codings"),
    ),
    Check(
        "R14",
        "codes taken for each other",
        "Are two codes exchanged more often than agreed on?",
        "Where coders exchange two codes, what is counted under either is a matter of who coded.",
        f"{CAMPBELL}; {HRUSCHKA}",
        exchanged,
        ("codebook", "codings"),
        COMPARED,
    ),
)
