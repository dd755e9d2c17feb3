"""Statements of influence: one sentence counted as several, and two that say the contrary."""

from __future__ import annotations

import pandas as pd

from crosscase.analyses.sentences import count, verb
from crosscase.review.check import Check, Found
from crosscase.review.material import Material
from crosscase.review.sources import MILES, SANDELOWSKI
from crosscase.review.words import named

ENDS = {"target": "arrows arrive at it", "source": "arrows leave it"}
SENTENCE = ["document", "spans"]


def counted_twice(material: Material) -> list[Found]:
    """Relations of one sentence that stand twice, and factors that lead only as long as one sentence counts as many."""
    relations = material.table("relations")
    placed = relations.dropna(subset=["spans"])
    found = []
    for (source, target), rows in placed.groupby(["source", "target"], sort=False):
        again = rows[rows.duplicated(SENTENCE, keep=False)]
        if len(again):
            said = f"{named(again['relation'])} lead from {source} to {target} and rest on one sentence."
            found.append(Found(str(again["relation"].iloc[0]), said, "relations.csv"))
    for end, words in ENDS.items():
        arrows = placed.groupby(end, sort=False).size()
        sentences = placed.drop_duplicates([end, *SENTENCE]).groupby(end, sort=False).size()
        if arrows.empty or arrows.max() < 2:
            continue
        first, still = set(arrows.index[arrows.eq(arrows.max())]), set(sentences.index[sentences.eq(sentences.max())])
        for factor in sorted(first if first != still else ()):
            n = int(sentences[factor])
            if n < arrows[factor]:
                said = f"{arrows[factor]} {words}, more than at any other, and rest on {count(n, 'sentence')}; "
                said += f"counted by sentence, {named(sorted(still), 3)} {verb(len(still), 'leads', 'lead')}."
                found.append(Found(str(factor), said, f"relations.csv, column {end}"))
    return found


def contrary(material: Material) -> list[Found]:
    """Pairs of factors that one relation ties with more and another with less."""
    known = material.table("relations")
    known = known[known["sign"].isin(["+", "-"])]
    found = []
    for (source, target), rows in known.groupby(["source", "target"], sort=False):
        if rows["sign"].nunique() > 1 and rows["note"].isna().all() and not _cases_apart(rows):
            said = f"{named(rows['relation'])} lead from {source} to {target} with opposite signs."
            found.append(Found(str(rows["relation"].iloc[0]), said, "relations.csv, column sign"))
    return found


def _cases_apart(rows: pd.DataFrame) -> bool:
    """Tell whether opposite signs belong to different cases."""
    signs = rows.dropna(subset="case").groupby("case")["sign"].nunique()
    return bool(rows["case"].notna().all() and signs.eq(1).all())


CHECKS = (
    Check(
        "R40",
        "one sentence counted several times",
        "Does a sentence count as several relations?",
        "A sentence that names four causes is one observation; drawn as four arrows it makes its target the most "
        "influenced of all.",
        f"{SANDELOWSKI} (overcounting)",
        counted_twice,
        ("relations",),
    ),
    Check(
        "R41",
        "relations of opposite sign",
        "Do two relations say the contrary of each other without a word on it?",
        "Both may be true, of different cases or times; a reader must learn of which.",
        f"{MILES} (following up surprises)",
        contrary,
        ("relations",),
    ),
)
