"""What files have said so far about a study: the base that tells a newer export from a person's work."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from crosscase import paths, tables
from crosscase.errors import CrosscaseError, Problem
from crosscase.tables import Schema

SAID = "imported.json"
"""The file under `restricted/<study>/`."""
MEMOS = Schema(
    "memos", "Memos", "Each memo as a row.",
    ({"name": "memo", "type": "string"}, {"name": "text", "type": "string"}), ("memo",), (), False,
)  # fmt: skip
"""Memos as a table, so that they are merged as one."""
COMPUTED = {"codings": ("quotation_hmac",), "documents": ("hmac",)}
"""Columns that we compute; no file says them."""


@dataclass
class Said:
    """Tables and memos as files have said them, the format of the first, and ids that a person has renamed since.

    `renamed` is kind -> id in the file -> id in the study; a code that a person split off or joined is among them.
    """

    format: str = ""
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    renamed: dict[str, dict[str, str]] = field(default_factory=dict)

    def text(self) -> str:
        """Return it as the text of a file."""
        rows = {}
        for name, frame in self.frames.items():
            if not frame.empty:
                schema = schema_of(name)
                rows[name] = tables.to_csv(frame.drop(columns=[*COMPUTED.get(name, ())], errors="ignore"), schema)
        content = {"format": self.format, "renamed": self.renamed, "tables": rows}
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def schema_of(name: str) -> Schema:
    """Return the schema of a table, or that of memos."""
    return MEMOS if name == MEMOS.name else tables.schema(name)


def memo_frame(memos: Mapping[str, str]) -> pd.DataFrame:
    """Return memos as a table."""
    frame = pd.DataFrame({"memo": list(memos), "text": [text.rstrip("\n") for text in memos.values()]})
    return tables.typed(frame, MEMOS)


def read_said(study: str) -> Said:
    """Return what files have said of a study; nothing where it is of no import, or of one before this was kept.

    `CrosscaseError` where the file is damaged.
    """
    path = paths.restricted() / study / SAID
    if paths.withheld(path) or not path.is_file():
        return Said()
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        frames = {name: tables.parse(text, schema_of(name)) for name, text in content["tables"].items()}
        return Said(content["format"], frames, content["renamed"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        rule = "what files have said is as an import wrote it"
        remedy = "put it back from a copy, or delete it: then all that stands counts as written by a person"
        raise CrosscaseError(Problem(f"restricted/{study}/{SAID}", rule, type(error).__name__, remedy=remedy)) from None
