"""The trail of a study: who made it, what was decided on the way, and what is wrong with what stands there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

import pandas as pd

from crosscase.errors import Problem


class Place(NamedTuple):
    """A place of the trail: its heading, what belongs there, where that is written, which items of checklists ask it.

    The items are those of COREQ (Tong, Sainsbury and Craig 2007, doi:10.1093/intqhc/mzm042) and of SRQR (O'Brien et al.
    2014, doi:10.1097/ACM.0000000000000388).
    """

    heading: str
    belongs: str
    written: str
    items: str


PLACES: dict[str, Place] = {
    "researchers": Place(
        "Who the researchers are",
        "who collected and analysed, with their training, position and experience, and who did what",
        "study.yml, key reflexivity.researchers",
        "COREQ items 1 to 5, SRQR item 6",
    ),
    "relation": Place(
        "Their relation to the field",
        "how they know the field and the people in it, what these knew of them, what they expected to find",
        "study.yml, key reflexivity.relation",
        "COREQ items 6 to 8, SRQR item 6",
    ),
    "instructions": Place(
        "What coders were given and told",
        "the codebook and whatever else coders were told, whether they saw each other's codings, and who drew up "
        "themes and relations and mapped them to frameworks",
        "study.yml, key reflexivity.instructions",
        "COREQ items 24 to 26, SRQR item 14",
    ),
    "unknown": Place(
        "What is not known",
        "what a reader would want to know of all this and nobody has recorded",
        "study.yml, key reflexivity.unknown",
        "SRQR items 6 and 14",
    ),
    "adjudications": Place(
        "What was adjudicated",
        "each coding that was changed, added or withdrawn after coders were compared, with who, when and why",
        "adjudications.csv",
        "COREQ item 24, SRQR item 15",
    ),
    "memo_decisions": Place(
        "What became of the memos",
        "each proposal that a memo makes, with what was decided and why",
        "memo_decisions.csv",
        "COREQ item 26, SRQR item 15",
    ),
    "codebook_changes": Place(
        "How the codebook changed",
        "each change of a code or its definition, version by version, with who, when and why",
        "codebook_changes.csv",
        "COREQ item 25, SRQR item 14",
    ),
}
"""The places in the order in which the trail shows them; the first four are keys of `reflexivity`, the rest tables."""
WRITTEN = tuple(name for name, place in PLACES.items() if place.written.startswith("study.yml"))
DECIDED = tuple(name for name in PLACES if name not in WRITTEN)


def trail_problems(
    name: str, frames: Mapping[str, pd.DataFrame], memos: Collection[str], coders: Collection[str]
) -> list[Problem]:
    """Return what is wrong with decisions and changes of a study, beyond the rules of the dictionary.

    Parameters
    ----------
    name : str
        Id of the study, for the report.
    frames : mapping of str to pandas.DataFrame
        Its tables.
    memos : collection of str
        Names of its memos, without ending.
    coders : collection of str
        Who is described under `coders` in `study.yml`; where nobody is, anybody may have decided.
    """
    problems: list[Problem] = []
    for table in (table for table in DECIDED if table in frames and coders):
        who = frames[table]["decided_by"]
        for row in frames[table].index[who.notna() & ~who.isin(coders)]:
            where, found = f"{name}/{table}.csv, row {row + 2}, column decided_by", repr(who[row])
            rule, allowed = "who decided is described in study.yml, key coders", ", ".join(coders)
            problems.append(Problem(where, rule, found, allowed, "describe them there"))
    if (decided := frames.get("memo_decisions")) is not None:
        for row in decided.index[~decided["memo"].isin(memos)]:
            where, found = f"{name}/memo_decisions.csv, row {row + 2}, column memo", repr(decided.at[row, "memo"])
            rule, allowed = "the memo is a file under memos/", ", ".join(sorted(memos)) or "there is none"
            problems.append(Problem(where, rule, found, allowed, "correct the name"))
    if (changes := frames.get("codebook_changes")) is not None and "codebook" in frames:
        problems += _change_problems(f"{name}/codebook_changes.csv", changes, frames["codebook"])
    return problems


def _change_problems(place: str, changes: pd.DataFrame, codebook: pd.DataFrame) -> list[Problem]:
    """Each change begins where the one before it ended, and the last one ends at what the codebook says now."""
    problems = []
    now = codebook.set_index("code")
    for (code, column), rows in changes.sort_values("version", kind="stable").groupby(["code", "column"], sort=False):
        if column not in codebook.columns:
            where, allowed = f"{place}, row {rows.index[0] + 2}, column column", ", ".join(codebook.columns)
            rule = "what is changed is a column of codebook.csv"
            problems.append(Problem(where, rule, repr(column), allowed, "correct it"))
            continue
        if column == "code" or code not in now.index or rows[["before", "after"]].isna().all(axis=None):
            continue  # a code that is new; one that is not there, which another rule tells; words that are not here
        rule = "a change begins where the one before it ended, and the last ends at what codebook.csv says"
        ends = [*rows["before"][1:], now.at[code, column]]
        for row, after, said in zip(rows.index, rows["after"], ends):
            if _text(after) != _text(said):
                where = f"{place}, row {row + 2}, column after"
                problems.append(Problem(where, rule, repr(_text(after)), repr(_text(said)), "add the missing change"))
    return problems


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else ""
