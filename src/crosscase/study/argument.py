"""Findings and what they stand on: each segment exists, carries the codes and the direction that a finding claims."""

from __future__ import annotations

import re
from collections.abc import Collection

import pandas as pd

from crosscase import ids
from crosscase.errors import Problem

STANDING = "the id is that of a coding that stands"
LONGEST_HEADING = 14
"""Words of a heading, which a poster prints to be read from afar."""
_COUNTS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|dozen|hundred"
_DIGITS = r"(?<![\w&#])\d+(?:[.,:/–-]\d+)*"
_TYPED = re.compile(rf"{_DIGITS}|\b(?:{_COUNTS})\b", re.IGNORECASE)
_IN_HEADLINE = re.compile(rf"{_DIGITS}|\b(?:{_COUNTS}|zero|one|half|both|none)\b", re.IGNORECASE)
ROLES = re.compile(r"\{(value|given):([^{}]*)\}")
"""In a statement: a kept value by its id, and a number that is typed on purpose."""


def typed_numbers(text: str, headline: bool = False) -> list[str]:
    """Return the numbers that somebody typed, in digits or in words; in a headline also `one`, `both`, `none`.

    Examples
    --------
    >>> typed_numbers("Two of four regions agreed in 2018"), typed_numbers("One region {given:two} sectors")
    (['Two', 'four', '2018'], [])
    >>> typed_numbers("Agreed in none", headline=True)
    ['none']
    """
    return (_IN_HEADLINE if headline else _TYPED).findall(ROLES.sub("", text))


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

        if len(words := str(finding["heading"]).split()) > LONGEST_HEADING:
            wrong("heading", f"a heading has at most {LONGEST_HEADING} words", f"{len(words)} words", "shorten it")
        for each in typed_numbers(str(finding["heading"]), headline=True):
            wrong(
                "heading", "a heading holds no number: it is printed where none can be followed", repr(each), "drop it"
            )
        for each in typed_numbers(str(finding["statement"])):
            wrong(
                "statement", "a number in a statement is a kept value", repr(each), "write {value:id}, or other words"
            )
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
