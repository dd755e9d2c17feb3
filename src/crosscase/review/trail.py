"""Decisions on the way: why a coding was changed and by whom, what became of memos, what a new definition meant."""

from __future__ import annotations

import re

from crosscase.analyses.sentences import count, verb
from crosscase.review.check import TIP, Check, Found
from crosscase.review.material import Material
from crosscase.review.sources import BIRKS, CAMPBELL, HRUSCHKA, LINCOLN, MACQUEEN
from crosscase.review.words import named

WHY = 3
"""Words that a reason has at least."""
PROPOSES = re.compile(
    r"\b(?:propos\w+|suggest\w*|recommend\w*|consider|should|todo|to do|to be decided|"
    r"may be better|might be better|could be (?:dropped|merged|split)|needs? (?:a|an) )",
    re.IGNORECASE,
)
"""Words by which a memo asks for a decision."""
MEANING = frozenset({"definition", "inclusion", "exclusion"})
"""Columns of the codebook that say what a code is put on."""


def unexplained(material: Material) -> list[Found]:
    """Decisions on codings without a reason, or by the coder whose coding it was."""
    found, codings = [], material.table("codings")
    coder = dict(zip(codings["coding_id"], codings["coder"]))
    for row, each in material.table("adjudications").iterrows():
        place, judge = f"adjudications.csv, row {int(str(row)) + 2}", each["decided_by"]
        own = coder.get(each["coding_id"], material.info.primary_coder)
        if _bare(each["reason"]):
            found.append(Found(str(each["adjudication"]), "It has no reason, or one that says nothing.", place))
        if isinstance(judge, str) and judge == own:
            said = f"{judge} decided on a coding of their own."
            found.append(Found(str(each["adjudication"]), said, place))
    for row, each in material.table("consensus_decisions").iterrows():
        if _bare(each["reason"]):
            place = f"consensus_decisions.csv, row {int(str(row)) + 2}"
            found.append(Found(str(each["segment"]), "The meeting gave no reason, or one that says nothing.", place))
    return found


def _bare(reason: object) -> bool:
    return not isinstance(reason, str) or len(reason.split()) < WHY


def open_memos(material: Material) -> list[Found] | str:
    """Memos that propose something, of which nothing was decided."""
    if not material.memos:
        return "There are no memos."
    decided = set(material.table("memo_decisions")["memo"])
    found = []
    for memo, text in material.memos.items():
        asks = [line for line in text.split("\n") if PROPOSES.search(line)]
        if asks and memo not in decided:
            n = len(asks)
            said = f"{count(n, 'line')} of it {verb(n, 'asks', 'ask')} for something; nothing says what was decided."
            found.append(Found(memo, said, f"memos/{memo}.md", TIP))
    return found


def not_read_again(material: Material) -> list[Found]:
    """Codes in use that got another definition after they were applied, none of whose codings was looked at again."""
    changes, codings = material.table("codebook_changes"), material.table("codings")
    adjudications = material.table("adjudications")
    code = dict(zip(codings["coding_id"], codings["code"]))
    seen = set(adjudications["code"].dropna()) | {code.get(each) for each in adjudications["coding_id"].dropna()}
    found = []
    for name, rows in changes[changes["column"].isin(MEANING)].groupby("code", sort=False):
        mine = codings[codings["code"].eq(name)]
        later = mine["date"].dropna().ge(str(rows["decided_on"].max()))
        if len(mine) and name not in seen and not later.any():
            said = f"Its {named(sorted(set(rows['column'])))} changed on {rows['decided_on'].max()}, and none of its "
            said += f"{count(len(mine), 'coding')} was looked at again."
            found.append(Found(str(name), said, material.row("codebook_changes", "code", name), TIP))
    return found


CHECKS = (
    Check(
        "R42",
        "decision without a reason, or on one's own coding",
        "Was a coding changed without a reason, or by the coder whose it was?",
        "A correction that nobody can follow is a new coding; who corrects should not be who is corrected.",
        f"{LINCOLN} (audit trail); {CAMPBELL}",
        unexplained,
        ("codings",),
    ),
    Check(
        "R43",
        "memo with an open proposal",
        "Does a memo propose something of which nothing was decided?",
        "Memos are where doubts are kept; left open, they are doubts about the result.",
        BIRKS,
        open_memos,
    ),
    Check(
        "R44",
        "new definition, old codings",
        "Was a code defined anew without its codings being looked at again?",
        "What was coded under the old words need not fit the new ones.",
        f"{MACQUEEN}; {HRUSCHKA}",
        not_read_again,
        ("codebook_changes", "codings"),
    ),
)
