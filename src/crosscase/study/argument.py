"""Findings and what they stand on: each segment exists, carries the codes and the direction that a finding claims."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from crosscase import ids
from crosscase.errors import Problem

STANDING = "the id is that of a coding that stands"


def argument_problems(
    place: str, argument: pd.DataFrame, codings: pd.DataFrame, facts: Collection[str]
) -> list[Problem]:
    """Return what is wrong with findings: what stands for them must exist and say what they claim.

    Parameters
    ----------
    place : str
        File of the findings, for the report.
    argument : pandas.DataFrame
        Table `argument` of a study, or `argument_across`.
    codings : pandas.DataFrame
        `coding_id, code, valence`: the codings that may stand for or against a finding, other coders' included.
    facts : collection of str
        Facts that may stand against one.
    """
    problems: list[Problem] = []
    code, valence = (dict(zip(codings["coding_id"], codings[column])) for column in ("code", "valence"))
    for row, finding in argument.iterrows():

        def wrong(column: str, rule: str, found: str, remedy: str, row: object = row) -> None:
            where = f"{place}, row {int(str(row)) + 2}, column {column}"
            problems.append(Problem(where, rule, found, remedy=remedy))

        segments, codes = ids.split(finding["segments"]), ids.split(finding["codes"])
        known = [each for each in segments if each in code]
        for each in sorted(set(segments) - set(known)):
            wrong(
                "segments", "the id is that of a coding that stands", repr(each), "correct it, or name the adjudication"
            )
        for each in ids.split(finding["against"]):
            if each not in code and each not in facts:
                wrong("against", f"{STANDING}, or of a fact", repr(each), "correct it")
        if not segments:
            wrong("segments", "a finding stands on segments: silence is none", "none", "name them, or drop it")
        if not ids.split(finding["against"]) and pd.isna(finding["looked_for"]):
            wrong("looked_for", "where nothing stands against it, it is said what was looked for", "nothing", "say it")
        for each in known:
            if codes and code[each] not in codes:
                wrong("segments", f"a segment carries one of its codes ({', '.join(codes)})", f"{each}: {code[each]}",
                      "add the code, or drop the segment")  # fmt: skip
            if pd.notna(finding["direction"]) and valence[each] != finding["direction"]:
                wrong("direction", "its segments carry the direction that it claims", f"{each}: {valence[each]}",
                      "correct the direction, or the segments")  # fmt: skip
        for each in codes:
            if known and each not in {code[one] for one in known}:
                wrong("codes", "each of its codes is carried by one of its segments", repr(each), "drop it")
    return problems
