"""A study as a reader found it: tables of the dictionary, texts, memos, and what there is to say about them."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from crosscase.exchange.report import Remarks
from crosscase.study.model import Coder, StudyInfo


@dataclass
class Imported:
    """What a reader returns; nothing is written yet.

    Parameters
    ----------
    format, origin : str
        Format of the file, and the program that wrote it.
    title, description : str
        Title of the study and what the file says about it.
    coders : dict of str to Coder
        Coder -> who it is.
    frames : dict of str to pandas.DataFrame
        Table of the dictionary -> rows.
    texts : dict of str to (str or bytes)
        File under `restricted/` -> content: LF-normalised texts and originals.
    memos : dict of str to str
        File name without ending -> Markdown.
    counts : dict of str to int
        What was read, in words of the field.
    left_out, warnings : Remarks
        What was not taken, and why; what looks wrong.
    positions : list of str
        How positions were read.
    mapping : dict of str to str
        For tables: what each column was taken for.
    notes : list of str
        What the reader should know next.
    info : StudyInfo or None
        The whole `study.yml`, where the file is one of ours and carries it.
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
