"""The texts of a study that may be read for their words, and the words that a study leaves out of its lists."""

from __future__ import annotations

import os
from dataclasses import dataclass

from crosscase import paths, trace
from crosscase.study.files import read_text
from crosscase.study.load import SILENT, Study
from crosscase.study.texts import read_verified

STOP_WORDS = "stopwords.txt"
"""The file of a study, under `data/studies/` or `restricted/`, that holds a word a line; `#` begins a remark."""


@dataclass(frozen=True)
class Wording:
    """Texts by document, each with its language where known, and how many of them nobody has released."""

    texts: dict[str, str]
    languages: dict[str, str | None]
    unreleased: int
    left_out: int = 0


def wording(study: Study) -> Wording:
    """Return the verified texts of a study whose words may be shown here.

    A person at the prompt sees all that are at hand. A run of the build reads those only that are released word by
    word: what it makes is meant to travel, and a list of words repeats no passage by which the gate would know it.

    Raises
    ------
    CrosscaseError
        Where a text is not the one that was coded.
    """
    building = bool(os.environ.get(paths.RUN_VARIABLE))
    texts, languages, unreleased, left_out = {}, {}, 0, 0
    for row in study.whole("documents").to_dict("records"):
        if row["kind"] in SILENT:
            continue
        released = row["release"] == "verbatim"
        if building and not released:
            left_out += 1
        elif (text := read_verified(study.name, row)) is not None:
            texts[row["document"]] = text
            languages[row["document"]] = row["language"] if isinstance(row["language"], str) else None
            unreleased += not released
    return Wording(texts, languages, unreleased, left_out)


def own_stop_words(study: Study) -> list[str]:
    """Return the words that a study leaves out of lists of terms, in the order of its file; empty where it has none.

    `CrosscaseError` where the file is not UTF-8.
    """
    found: list[str] = []
    for folder in (study.folder, study.restricted):
        path = trace.note_read(folder / STOP_WORDS)
        if path.is_file() and not paths.withheld(path):
            found += [line.partition("#")[0].strip() for line in read_text(path).splitlines()]
    return list(dict.fromkeys(filter(None, found)))
