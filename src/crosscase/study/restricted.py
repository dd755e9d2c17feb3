"""Texts that may not travel: placed under `restricted/`, verified before any slice, shown only with permission."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from crosscase import documents, paths, trace
from crosscase.errors import CrosscaseError, Problem, raise_if
from crosscase.study.load import Study
from crosscase.study.save import safe_file

ORDER = ("none", "paraphrase", "verbatim")


@dataclass(frozen=True)
class Quotation:
    """What may be shown of a segment.

    Parameters
    ----------
    locator : str
        Where it stands: document, paragraph, offsets.
    text : str or None
        The text, only where it is here, verified and released.
    reason : str
        Why there is no text.
    """

    locator: str
    text: str | None
    reason: str


def text_of(study: Study, document: str) -> str | None:
    """Return the verified text of a document, or None where it is not here or has no text.

    A picture, a recording or a file that nobody has extracted a text from is verified all the same, and is never
    sliced.

    Raises
    ------
    CrosscaseError
        Where the study has no such document, or the file differs from the one that was coded: then nothing is sliced.
    """
    row = _row(study, document)
    path = trace.note_read(safe_file(paths.restricted() / study.name, document))
    if not path.is_file():
        return None
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if row["sha256"] != found:
        raise CrosscaseError(
            Problem(
                f"restricted/{study.name}/{document}",
                "the text is the one that was coded (SHA-256)",
                found[:12] + " ...",
                str(row["sha256"])[:12] + " ...",
                f"put the original file back with `crosscase restricted add {study.name} FILE`",
            )
        )
    if pd.isna(row["code_points"]):
        return None
    try:
        return documents.normalise(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise CrosscaseError(
            Problem(
                f"restricted/{study.name}/{document}",
                "a document with a number of code points is a text in UTF-8",
                f"byte {error.start} is none",
                remedy="clear code_points in documents.csv where the document is no text",
            )
        ) from None


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
    locator = document if pd.isna(start) or pd.isna(end) else f"{document}, {start}-{end}"
    if allowed != "verbatim":
        return Quotation(locator, None, "the text has no release permission")
    text = text_of(study, document)
    if text is None:
        silent = pd.isna(row["code_points"])
        return Quotation(locator, None, "the document has no text" if silent else "the document is not here")
    if locator == document:
        return Quotation(locator, None, "the segment has no place in the text")
    return Quotation(locator, text[start:end], "")


def add(study: Study, files: Iterable[Path]) -> list[str]:
    """Verify documents against the hashes of the study and place them under `restricted/`.

    Parameters
    ----------
    study : Study
        The study.
    files : iterable of pathlib.Path
        Files in any place, under any name: the content decides which document each one is.

    Returns
    -------
    list of str
        The documents placed.

    Raises
    ------
    CrosscaseError
        Where a file is none of the study's documents; then nothing is placed.
    """
    known = dict(zip(study.documents["sha256"], study.documents["document"]))
    chosen, problems = {}, []
    for file in files:
        if not file.is_file():
            problems.append(Problem(str(file), "the file exists", "no such file", remedy="check the path"))
            continue
        content = file.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if digest in known:
            chosen[known[digest]] = content
        else:
            allowed = "; ".join(f"{name} = {str(value)[:12]} ..." for value, name in known.items())
            rule = f"the file is a document of {study.name} (SHA-256)"
            problems.append(Problem(str(file), rule, digest[:12] + " ...", allowed, "get the very file that was coded"))
    raise_if(problems)
    for document, content in chosen.items():
        target = safe_file(paths.restricted() / study.name, document)
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}.part")
        temporary.write_bytes(content)
        temporary.replace(target)
    return sorted(chosen)


def _row(study: Study, document: str) -> dict:
    rows = study.documents
    found = rows[rows["document"] == document]
    if found.empty:
        allowed = ", ".join(rows["document"])
        raise CrosscaseError(Problem(f"document {document!r}", f"the study {study.name} has it", "no", allowed))
    return found.iloc[0].to_dict()
