"""Coded segments as one flat table: what every program and every colleague can open."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pandas as pd

from crosscase import ids, matrices, tables
from crosscase.exchange.outgoing import Outgoing
from crosscase.publish.cells import guard, unguard
from crosscase.publish.cells import write_csv as write_guarded
from crosscase.study import Study

__all__ = ["COLUMNS", "PATH", "as_step", "from_step", "guard", "segments_table", "unguard", "write_csv"]
COLUMNS = [
    "coding_id", "document", "document_title", "case", "case_label", "start", "end", "locator", "quotation",
    "code", "code_label", "code_path", "coder", "round", "valence", "theme", "role", "role_mode", "date", "memo",
]  # fmt: skip
PATH = " > "
_LONE = re.compile(r"(?<![^ ])(>+)(?![^ ])")


def segments_table(out: Outgoing) -> pd.DataFrame:
    """Return one row per coding with labels beside ids (`COLUMNS`); quotations only where texts go into the file."""
    study = out.study
    frame = matrices.with_documents(out.codings(), study.whole("documents"))
    documents, labels = study.documents.set_index("document"), _labels(study, "codebook")
    kinds, parents = documents["kind"].to_dict(), study.codebook.set_index("code")["parent"].to_dict()
    frame["document_title"] = frame["document"].map(documents["title"].to_dict())
    frame["case_label"] = frame["case"].map(_labels(study, "cases"))
    frame["code_label"] = frame["code"].map(labels)
    where = {code: _path(code, parents, labels) for code in labels}
    frame["code_path"] = frame["code"].map(where)
    shared = Counter(where[code] for code in frame["code"].unique() if code in where)
    for path in (path for path, n in shared.items() if n > 1):
        out.not_carried.add("codes with the same name in the same place, one code when the table is read back", path)
    names = out.coder_names()
    frame["coder"] = frame["coder"].map(lambda coder: names.get(coder, coder))
    frame["theme"] = frame["theme"].map(_labels(study, "themes"))
    roles = _labels(study, "roles")
    frame["role"] = [_role_labels(cell, roles) for cell in frame["role"]]
    if out.texts:
        texts = {document: out.text(document, str(kinds.get(document, ""))) for document in frame["document"].unique()}
        frame["quotation"] = [
            texts[document][start:end] if texts.get(document) is not None and pd.notna(start) else None  # type: ignore[index]
            for document, start, end in zip(frame["document"], frame["start"], frame["end"])
        ]
        missing = sorted(document for document, text in texts.items() if text is None)
        if missing:
            out.not_carried.add("quotations of documents whose text is not here", n=len(missing))
    out.counts["codings"] = len(frame)
    return frame[[column for column in COLUMNS if column in frame]]


def _labels(study: Study, table: str) -> dict[str, str]:
    """Return id -> label as the table has it, also where two are the same."""
    frame = study.table(table)
    return dict(zip(frame[tables.schema(table).key[0]], frame["label"]))


def _role_labels(cell: object, labels: dict[str, str]) -> str | None:
    """Return the labels of a cell of roles; a semicolon in a label would part it in two."""
    if not isinstance(cell, str):
        return None
    shown = (labels.get(role, role) for role in ids.split(cell))
    return ids.join(label.replace(ids.SEPARATOR, ",") for label in shown)


def as_step(label: str) -> str:
    """Return a label as one step of a path: a lone `>` in it gets one more, so that it does not end the step.

    Examples
    --------
    >>> as_step("less > more"), from_step("less >> more")
    ('less >> more', 'less > more')
    """
    return _LONE.sub(r"\1>", label)


def from_step(step: str) -> str:
    """Return the label of a step that `as_step` wrote."""
    return _LONE.sub(lambda found: found[1][1:] or ">", step)


def _path(code: str, parents: dict[str, object], labels: dict[str, str]) -> str:
    steps, seen, at = [], set(), code
    while isinstance(at, str) and at in labels and at not in seen:
        seen.add(at)
        steps.append(as_step(labels[at]))
        at = parents.get(at)  # type: ignore[assignment]
    return PATH.join(reversed(steps))


def write_csv(out: Outgoing, path: Path) -> None:
    """Write the coded segments as CSV: UTF-8 with byte order mark (so that Excel reads it), formulas neutral."""
    write_guarded(segments_table(out), path)
    for table in ("documents", "cases", "codebook", "themes", "relations", "facts", "variables", "links", "sets"):
        if n := len(out.study.table(table)):
            out.not_carried.add("tables, beyond what the segments name of them", f"{table} ({n:,} rows)")
    if n := len(out.study.whole_memos()):
        out.not_carried.add("memos", n=n)
    if not out.texts:
        out.warnings.add("no quotation is in the file: ask for texts to have them")
