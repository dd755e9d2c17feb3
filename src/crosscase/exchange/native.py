"""Project files that only the program opens that wrote them: which program that is, and how its user gets on."""

from __future__ import annotations

import re

_EXPORT = "export the project as REFI-QDA project (.qdpx) and import that"
_TABLE = "export the coded segments as a table (.xlsx or .csv) and import that"
_PROGRAMS = (
    (r"nvpx?|nvb", f"in NVivo 12 Plus or later, {_EXPORT}; a project of an older version is opened there first"),
    (r"nvcx", "that is a capture of NCapture: bring it into NVivo, and export the project from there as .qdpx"),
    (r"atlproj\d*", f"in ATLAS.ti 8 or later, {_EXPORT}"),
    (
        r"hpr\d*|atlcb|acb",
        f"open it in ATLAS.ti 7 and save a copy bundle, import the bundle in ATLAS.ti 8 or later, and {_EXPORT}",
    ),
    (r"mqda|mqtc|mx(?:1[89]|[2-9]\d)", f"in MAXQDA, {_EXPORT}"),
    (r"mx\d+|mxd", f"open it in MAXQDA 2018 or later, which makes a newer copy of it, and {_EXPORT}"),
    (r"mex\d*|mxe", f"that is an exchange file: bring it into a project of MAXQDA 2018 or later, and {_EXPORT}"),
    (r"wpj|ppj|ppz", f"open it in QDA Miner 6 or later, and {_EXPORT}"),
    (r"qrk", f"in Quirkos, {_EXPORT}"),
    (r"f4[ap]", f"in f4analyse, {_EXPORT}"),
    (r"tra", f"in Transana 4 or later, {_EXPORT}"),
    (r"hs[2-9x]|hrx?", f"in HyperRESEARCH, {_TABLE}"),
)
OFFICE = dict.fromkeys(("doc", "dot", "pages", "wpd"), "open it and save it as .docx")
OFFICE |= dict.fromkeys(("xls", "xlsb", "numbers", "fods"), "open it and save it as .xlsx")
"""What to do with files of programs for writing and calculating that are none of ours to read."""


def advice(suffix: str) -> str | None:
    """Return what to do with a file of an ending (without its dot) that is the program's own; None where it is none.

    Examples
    --------
    >>> advice("mx24")
    'in MAXQDA, export the project as REFI-QDA project (.qdpx) and import that'
    >>> advice("csv") is None
    True
    """
    plain = suffix.lower().lstrip(".")
    return next((remedy for endings, remedy in _PROGRAMS if re.fullmatch(endings, plain, re.ASCII)), None)
