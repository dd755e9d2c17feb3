"""A study as a reader found it: tables of the dictionary, texts, memos, and what there is to say about them."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from crosscase.exchange.report import Remarks
from crosscase.study.model import Coder, StudyInfo


@dataclass
class Imported:
    """What a reader returns; nothing is written yet.

    `texts` are files under `restricted/` (LF-normalised texts and originals), `memos` Markdown by file name, `counts`
    what was read in words of the field; `info` is the whole `study.yml`, where the file is one of ours and carries it;
    `reconciled` are rounds in which coders agreed on a code together.
    """

    format: str
    origin: str = ""
    title: str = ""
    description: str = ""
    coders: dict[str, Coder] = field(default_factory=dict)
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    texts: dict[str, str | bytes] = field(default_factory=dict)
    memos: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    left_out: Remarks = field(default_factory=Remarks)
    warnings: Remarks = field(default_factory=Remarks)
    positions: list[str] = field(default_factory=list)
    mapping: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    info: StudyInfo | None = None
    reconciled: list[str] = field(default_factory=list)
