"""The documents under `restricted/`: found by their id, verified before any slice."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from crosscase import documents, paths, trace
from crosscase.errors import CrosscaseError, Problem
from crosscase.study.keys import Key, read_key
from crosscase.study.save import safe_file

TEXT = ".txt"


def file_of(study: str, document: str) -> Path:
    """Return the file of a document under `restricted/`, with or without an ending; it need not be there.

    `CrosscaseError` where the id leads out of the folder.
    """
    folder = paths.restricted() / study
    exact = safe_file(folder, document)
    if exact.is_file() or paths.withheld(exact):
        return exact
    beside = sorted(exact.parent.glob(f"{exact.name}.*")) if exact.parent.is_dir() and "*" not in document else []
    found = [path for path in beside if path.stem == exact.name and path.is_file() and not path.name.endswith(".part")]
    return found[0] if found else exact


def digest_problem(row: Mapping[str, Any], content: bytes, key: Key | None) -> tuple[str, str] | None:
    """Tell how the content of a document differs from the one that was coded: what it is, and what it should be.

    The row of `documents` has a plain hash where the document is public, else a keyed one. None where it is the same,
    or nothing is known of it.
    """
    plain, keyed = row.get("sha256"), row.get("hmac")
    if pd.notna(plain) and plain:
        found = hashlib.sha256(content).hexdigest()
        return None if found == plain else (f"{found[:12]} ...", f"{str(plain)[:12]} ...")
    if pd.notna(keyed) and keyed:
        if key is None:
            return "no key to check it with", "hash.key of the import"
        same = key.sign(content, str(row["document"])) == keyed
        return None if same else ("another content", "the content that was imported")
    return None


def read_verified(study: str, row: Mapping[str, Any], *, any_kind: bool = False) -> str | None:
    """Return the LF-normalised text of a document, or None where it is not here or has no text.

    With `any_kind` a file that is text is read also where its row says that it has none, as those do who look for it
    where it may not be. `CrosscaseError` where the file is not the one that was coded, or a text is not UTF-8: then
    nothing is sliced.
    """
    document = str(row["document"])
    path = trace.note_read(file_of(study, document))
    if paths.withheld(path) or not path.is_file():
        return None
    if any_kind and not _is_text(path):
        return None
    content, place = path.read_bytes(), f"restricted/{study}/{path.name}"
    if pd.isna(row.get("sha256")) and pd.isna(row.get("hmac")):
        rule = "a text is verified before it is sliced"
        remedy = f"`crosscase check {study} --fix` takes it as it is"
        raise CrosscaseError(Problem(place, rule, "no hash in documents.csv", remedy=remedy))
    if different := digest_problem(row, content, read_key(study)):
        rule = "the text is the one that was coded (SHA-256)"
        remedy = f"put the original file back with `crosscase restricted add {study} FILE`"
        raise CrosscaseError(Problem(place, rule, *different, remedy))
    if any_kind:
        return documents.normalise(content.decode("utf-8", errors="replace"))
    if pd.isna(row["code_points"]):
        return None
    try:
        return documents.normalise(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        rule = "a document with a number of code points is a text in UTF-8"
        remedy = "clear code_points in documents.csv where the document is no text"
        raise CrosscaseError(Problem(place, rule, f"byte {error.start} is none", remedy=remedy)) from None


def _is_text(path: Path) -> bool:
    """Tell whether a file begins as a text in UTF-8 does; a picture or a recording does not."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4 and len(head) == 4096  # a character cut at the end of what was read
    return b"\0" not in head
