"""Texts that may not travel: placed under `restricted/`, verified before any slice, shown only with permission."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from crosscase import renames
from crosscase.errors import CrosscaseError, Problem, raise_if
from crosscase.study.keys import read_key
from crosscase.study.load import Study
from crosscase.study.texts import digest_problem, file_of, read_verified

ORDER = ("none", "paraphrase", "verbatim")


@dataclass(frozen=True)
class Quotation:
    """What may be shown of a segment: where it stands, and its text if here, verified and released, or why not."""

    locator: str
    text: str | None
    reason: str


def text_of(study: Study, document: str) -> str | None:
    """Return the verified text of a document, or None where it is not here or has no text.

    A picture, a recording or a file that nobody has extracted a text from is verified all the same, and is never
    sliced. `CrosscaseError` where the study has no such document, or the file differs from the one that was coded.
    """
    return read_verified(study.name, _row(study, document))


def quote(study: Study, document: str, start: int | None, end: int | None, release: str | None = None) -> Quotation:
    """Return what may be shown of a segment: its text only where it is here and released.

    Parameters
    ----------
    study : Study
        The study.
    document : str
        The document.
    start, end : int or None
        Offsets in code points, `[start, end)`; null for a part of a picture or recording.
    release : str, optional
        Permission of this very quotation; never more than its document's.
    """
    row = _row(study, document)
    allowed = min((row["release"], release or row["release"]), key=ORDER.index)
    shown = name_of(study, document)
    locator = shown if pd.isna(start) or pd.isna(end) else f"{shown}, {start}-{end}"
    if allowed != "verbatim":
        return Quotation(locator, None, "the text has no release permission")
    text = text_of(study, document)
    if text is None:
        silent = pd.isna(row["code_points"])
        return Quotation(locator, None, "the document has no text" if silent else "the document is not here")
    if locator == shown:
        return Quotation(locator, None, "the segment has no place in the text")
    return Quotation(locator, text[start:end], "")


def add(study: Study, files: Iterable[Path]) -> list[str]:
    """Verify documents against the hashes of the study and place them under `restricted/`; return those placed.

    The files may have any name: the content decides which document each one is. `CrosscaseError` where a file is none
    of the study's documents; then nothing is placed.
    """
    rows, key = study.documents.to_dict("records"), read_key(study.name)
    chosen: dict[str, bytes] = {}
    problems = []
    for file in files:
        if not file.is_file():
            problems.append(Problem(str(file), "the file exists", "no such file", remedy="check the path"))
            continue
        content = file.read_bytes()
        known = [row for row in rows if _has_hash(row) and digest_problem(row, content, key) is None]
        if known:
            chosen[known[0]["document"]] = content
        else:
            digest = hashlib.sha256(content).hexdigest()
            allowed = "; ".join(f"{row['document']} = {_hash_of(row)[:12]} ..." for row in rows if _has_hash(row))
            rule = f"the file is a document of {study.name} (SHA-256)"
            problems.append(Problem(str(file), rule, digest[:12] + " ...", allowed, "get the very file that was coded"))
    raise_if(problems)
    for document, content in chosen.items():
        target = file_of(study.name, document)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        renames.write(target, content)
    return sorted(chosen)


def name_of(study: Study, document: str) -> str:
    """Return what a document is called on this machine: its name in the imported file where that is at hand."""
    return study.names("document").get(document, document)


def _has_hash(row: dict) -> bool:
    return bool(pd.notna(row["sha256"]) or pd.notna(row["hmac"]))


def _hash_of(row: dict) -> str:
    return str(row["sha256"] if pd.notna(row["sha256"]) else row["hmac"])


def _row(study: Study, document: str) -> dict:
    rows = study.documents
    found = rows[rows["document"] == document]
    if found.empty:
        allowed = ", ".join(rows["document"])
        raise CrosscaseError(Problem(f"document {document!r}", f"the study {study.name} has it", "no", allowed))
    return found.iloc[0].to_dict()
