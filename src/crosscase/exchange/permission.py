"""What an import leaves to the person: nothing is released by a file; hashes are keyed; what stays back is listed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

import pandas as pd

from crosscase import notes, tables
from crosscase.exchange.imported import Imported
from crosscase.exchange.report import Kept
from crosscase.study import StudyInfo, levels
from crosscase.study.keys import LONG, Key, sign_quotations
from crosscase.study.save import Withheld

EXAMPLES = 3
SHOWN = 36
MAIN = ("documents", "codes", "codings", "cases", "coders")
SAME_AS_CODINGS = "codings that put a code on a segment"


def take_no_release(found: Imported) -> list[str]:
    """Take every permission out of what was read, and return what the file had asked for.

    A permission to quote comes from the person who holds the texts, never from a file.
    """
    asked = []
    for name in ("documents", "quotations"):
        frame = found.frames.get(name)
        if frame is None or "release" not in frame:
            continue
        for level, n in frame.loc[frame["release"].ne("none"), "release"].value_counts().items():
            asked.append(f"release '{level}' for {n:,} {name if n > 1 else name[:-1]}: not taken")
        found.frames[name] = frame.assign(release=frame["release"].where(frame["release"].isna(), "none"))
    if isinstance(found.info, StudyInfo):
        public = found.info.public
        if public:
            shown = "all columns" if public == levels.ALL else ", ".join(public)[:200]
            asked.append(f"{shown} to be public: not taken")
    return asked


def withhold(
    frames: Mapping[str, pd.DataFrame], memos: Mapping[str, str], texts: Mapping[str, str], public: levels.Public
) -> Withheld:
    """Return what stays back of what is public, because it repeats a text that nobody has released.

    Texts of documents that are released word by word are passed over.
    """
    documents = frames["documents"]
    open_ones = set(documents.loc[documents["release"] == "verbatim", "document"])
    closed = {name: text for name, text in texts.items() if name not in open_ones}
    cells: dict[str, pd.Series] = {}
    for table, frame in frames.items() if closed else ():
        schema = tables.schema(table)
        for column in (c for c in (*schema.restricted, *schema.guarded) if c in frame and c not in schema.key):
            if column not in schema.guarded and not levels.is_released(public, table, column):
                continue
            if frame[column].dtype != "str":
                continue
            found = notes.repeating_cells(frame[column], closed.values())
            if (table, column) == ("codings", "memo"):
                found |= notes.repeating_notes(frame, closed)
            if found.any():
                cells[f"{table}.{column}"] = found
    held = notes.repeating(memos, closed.values()) if levels.is_released(public, levels.MEMOS) else set()
    return Withheld(cells, frozenset(held))


def sign(found: Imported, key: Key) -> None:
    """Set the keyed hashes of documents and quotations, under the neutral ids that the tables have by now."""
    own = {name: content for name, content in found.texts.items() if "/" not in name}
    content = {PurePosixPath(name).stem: content for name, content in own.items()}
    documents = found.frames["documents"]
    known = dict(zip(documents["document"], documents.get("hmac", pd.Series(index=documents.index))))
    signed = {name: key.sign(content[name], name) if name in content else None for name in known}
    found.frames["documents"] = documents.assign(hmac=documents["document"].map(signed))
    codings = found.frames["codings"]
    found.frames["codings"] = codings.assign(quotation_hmac=sign_quotations(codings, content, key))
    for name in ("documents", "codings"):
        found.frames[name] = tables.typed(found.frames[name], tables.schema(name))


def written_counts(found: Imported) -> dict[str, int]:
    """Count what the study holds, in words of the field; where the file held more, that too."""
    frames, read = found.frames, found.counts
    coders = frames["codings"]["coder"].nunique()
    rows = {"documents": "documents", "codes": "codebook", "codings": "codings", "cases": "cases"}
    counts = {what: len(frames[table]) for what, table in rows.items()} | {"coders": coders}
    counts |= {f"{what} in the file": read[what] for what in MAIN if read.get(what, 0) > counts[what]}
    return counts | {what: n for what, n in read.items() if what not in (*MAIN, SAME_AS_CODINGS)}


def what_stays(found: Imported, info: StudyInfo, name: str, ours: StudyInfo | None) -> list[Kept]:
    """Return every column that stays under `restricted/`, with the first cells of each."""
    kept = []
    for table, frame in found.frames.items():
        schema = tables.schema(table)
        if schema.level == "restricted":
            continue
        _, hidden = levels.split(frame, schema, info.public)
        if hidden is None:
            continue
        for column in (c for c in schema.restricted if c in hidden and c not in (*schema.key, "sha256")):
            cells = hidden[column].dropna()
            if len(cells):
                kept.append(Kept(f"{table}.{column}", len(cells), _examples(cells)))
    if found.memos and not levels.is_released(info.public, levels.MEMOS):
        kept.append(Kept(levels.MEMOS, len(found.memos), _examples(pd.Series(list(found.memos.values())))))
    _, about = levels.split_info(info, name, ours)
    for key, value in about.items():
        shown = list(value.values()) if isinstance(value, dict) else [value]
        kept.append(Kept(f"{levels.ABOUT}.{key}", len(shown), _examples(pd.Series([str(item) for item in shown]))))
    return kept


def _examples(cells: pd.Series) -> tuple[str, ...]:
    lines = (" ".join(str(cell).split()) for cell in cells.astype("str").unique()[:EXAMPLES])
    return tuple(line if len(line) <= SHOWN else line[: SHOWN - 1].rstrip() + "…" for line in lines)


def in_vivo(found: Imported) -> list[str]:
    """Return the labels of codes that repeat the words of a segment on which they stand: the codebook is public."""
    texts = {PurePosixPath(name).stem: text for name, text in found.texts.items() if isinstance(text, str)}
    codebook, codings = found.frames["codebook"], found.frames["codings"]
    labels = dict(zip(codebook["code"], codebook["label"]))
    wanted = {code: words for code, label in labels.items() if (words := notes.words(label))}
    placed = codings[codings["start"].notna() & codings["code"].isin(wanted)]
    said: dict[str, None] = {}
    for document, code, start, end in zip(*(placed[c].tolist() for c in ("document", "code", "start", "end"))):
        if code in said or document not in texts or end - start > LONG:
            continue
        quotation = texts[document][start:end]
        low = quotation.casefold()
        if all(word in low for word in wanted[code]):  # most segments end here, before they are parted into words
            segment = notes.words(quotation)
            if segment == wanted[code] or (len(wanted[code]) > 1 and notes.holds(segment, wanted[code])):
                said[code] = None
    return [str(labels[code]) for code in said]
