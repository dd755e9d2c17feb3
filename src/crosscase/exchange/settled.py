"""Which text of a document stands when a file brings another one, with every place moved to it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from crosscase import documents, tables
from crosscase.exchange.placed import MADE
from crosscase.exchange.placing import OF_TEXT, Moving, extended, move
from crosscase.exchange.report import Remarks
from crosscase.study.merge import MAPS

Frames = dict[str, pd.DataFrame]
TEXTS = "texts"
"""How a text is named where one is asked whether it may go."""
NOT_THERE = "codings whose words are not in the text that is there"
OTHER = "rows of other tables whose words are not in the text that is there"
FIRST = "quotations that stand several times in the text, put on the nearest"


@dataclass
class Texts:
    """The three versions of the tables, with places in the texts that stand; and these texts where they are new.

    `asked` are documents whose text stays although the file has another: id -> what speaks against that one. `went`
    are rows of the study whose words are not in a new text that somebody agreed to.
    """

    earlier: Frames
    new: Frames
    base: Frames
    written: dict[str, str | bytes] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    went: list[tuple[str, pd.DataFrame]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


def settle(
    earlier: Mapping[str, pd.DataFrame],
    new: Mapping[str, pd.DataFrame],
    base: Mapping[str, pd.DataFrame],
    texts: Mapping[str, str | bytes],
    standing: Callable[[str], str | bytes | None],
    agreed: Callable[[str], bool],
    left_out: Remarks,
    warnings: Remarks,
) -> Texts:
    """Decide for each document that both sides have which text stands, and move all places to it.

    Segments of a table go onto the text that is there; a document that is nothing but segments takes in further ones,
    or gives way to the whole text. A newer text of the same document stands where it is no shorter and holds
    every place that the study names, else only where somebody agrees.

    Parameters
    ----------
    earlier, new, base : mapping of str to pandas.DataFrame
        The study, the file, and what files have said so far; ids are those of the study.
    texts : mapping of str to str or bytes
        Document -> its content in the file.
    standing : callable
        Document -> its content under `restricted/`, None where it is not here.
    agreed : callable
        Whether the text of a document may be replaced by one that holds less.
    left_out, warnings : Remarks
        Take what could not be placed, and what is doubtful.
    """
    out = Texts(dict(earlier), dict(new), dict(base))
    before = out.earlier["documents"].drop_duplicates("document").set_index("document")
    now = out.new["documents"].drop_duplicates("document").set_index("document")
    for document in (name for name in now.index if name in before.index):
        old_text, text = standing(document), texts.get(document)
        silent = pd.isna(before.at[document, "code_points"]) and not isinstance(old_text, str)
        if old_text is None and text is not None and (silent or _same(before.loc[document], now.loc[document])):
            out.written[document] = text  # the text was not here, or there was none
            if silent:
                _columns(out, document, from_file=True)
            else:
                _columns(out, document, from_file=False)
            _maps(out, document, from_file=True)
            continue
        if text is None or old_text is None or old_text == text or not isinstance(text, str):
            if old_text is not None and isinstance(text, bytes) and old_text != text:
                _other_file(out, document, text, agreed)
                continue
            if text is not None and old_text is None:
                _drop_places(out, document, left_out)
            _columns(out, document, from_file=False)
            _maps(out, document, from_file=False)
            continue
        if isinstance(old_text, bytes):
            _other_file(out, document, text, agreed)
            continue
        _settle_text(out, document, old_text, text, before, now, agreed, left_out, warnings)
    return out


def _settle_text(
    out: Texts,
    document: str,
    old: str,
    text: str,
    before: pd.DataFrame,
    now: pd.DataFrame,
    agreed: Callable[[str], bool],
    left_out: Remarks,
    warnings: Remarks,
) -> None:
    """Settle one document of which both sides have another text."""
    made = now.at[document, "extractor"] == MADE
    if made and before.at[document, "extractor"] == MADE:
        segments = _segments(out.new, document, text)
        both = extended(old, segments)
        if both != old:
            _take(out, document, both)
            out.told.append(f"{document}: the file's further segments were added to the text")
        old = both
    elif not made:
        moving = Moving(old, text)
        moved, said = (move(frames, document, moving, text) for frames in (out.earlier, out.base))
        against = _against(moved.lost, old, text)
        if not against or agreed(document):
            out.earlier, out.base = moved.frames, said.frames
            out.went += list(moved.lost.items())
            out.written[document] = text
            _columns(out, document, from_file=True)
            _maps(out, document, from_file=True)
            _unrelease(out, document)
            out.told.append(f"{document}: the text is the newer one of the file")
            return
        out.asked[document] = against
    moving = Moving(text, old)
    moved = move(out.new, document, moving, old)
    out.new = moved.frames
    for name, rows in moved.lost.items():
        left_out.add(NOT_THERE if name == "codings" else OTHER, document, len(rows))
    if moving.several:
        warnings.add(FIRST, document, moving.several)
    _columns(out, document, from_file=False)
    _maps(out, document, from_file=False)


def _same(before: pd.Series, now: pd.Series) -> bool:
    return pd.isna(before["sha256"]) or before["sha256"] == now["sha256"]


def _segments(frames: Frames, document: str, text: str) -> list[str]:
    rows = frames["codings"]
    rows = rows[rows["document"].eq(document) & rows["start"].notna()].drop_duplicates(["start", "end"])
    return [text[int(start) : int(end)] for start, end in sorted(zip(rows["start"], rows["end"]))]


def _against(lost: Mapping[str, pd.DataFrame], old: str, text: str) -> str:
    """Say what speaks against a newer text; nothing where it holds all and is no shorter."""
    said = [f"{len(rows)} of {name}" for name, rows in lost.items()]
    found = [f"words of {', '.join(said)} are not in it"] if said else []
    if len(text) < len(old):
        found.append(f"it has {len(old) - len(text):,} characters less")
    return "; ".join(found)


def _other_file(out: Texts, document: str, content: str | bytes, agreed: Callable[[str], bool]) -> None:
    """Settle a picture, a recording or another file that cannot be read as text."""
    taken = agreed(document)
    if taken:
        out.written[document] = content
        _unrelease(out, document)
    else:
        out.asked[document] = "it is another file"
    _columns(out, document, from_file=taken)
    _maps(out, document, from_file=taken)


def _take(out: Texts, document: str, text: str) -> None:
    """Give a document a text of which nobody has said anything yet."""
    out.written[document] = text
    units = documents.units({document: text})
    facts = {
        "code_points": len(text),
        "paragraphs": len(documents.paragraph_spans(text)),
        "sentences": int(units["kind"].eq("sentence").sum()),
        "sha256": hashlib.sha256(text.encode("utf-8")).hexdigest(),
    }
    for column, value in facts.items():
        _set(out.earlier, document, column, value)
    _set(out.earlier, document, "hmac", None)
    others = out.earlier["units"][out.earlier["units"]["document"].ne(document)]
    frame = tables.typed(pd.concat([others, units]), tables.schema("units"))
    out.earlier["units"] = frame.reset_index(drop=True)
    _unrelease(out, document)


def _set(frames: Frames, document: str, column: str, value: object) -> None:
    frame = frames["documents"]
    cells = frame[column].astype("object").mask(frame["document"].eq(document), value)
    frames["documents"] = tables.typed(frame.assign(**{column: cells}), tables.schema("documents"))


def _unrelease(out: Texts, document: str) -> None:
    """Take back the permission to quote a text that is another one now."""
    mine = out.earlier["documents"]["document"].eq(document)
    if out.earlier["documents"].loc[mine, "release"].iloc[0] != "none":
        was = out.earlier["documents"].loc[mine, "release"].iloc[0]
        _set(out.earlier, document, "release", "none")
        out.told.append(f"{document}: release was {was} and is none, as the text is another one")


def _columns(out: Texts, document: str, *, from_file: bool) -> None:
    """Let all versions say the same of what is computed of the text of a document."""
    source = out.new if from_file else out.earlier
    rows = source["documents"].set_index("document").loc[[document]].iloc[0]
    for frames in (out.earlier, out.new, out.base):
        if "documents" in frames and frames is not source:
            for column in OF_TEXT:
                if column != "language" or from_file is False:
                    _set(frames, document, column, None if pd.isna(rows[column]) else rows[column])


def _maps(out: Texts, document: str, *, from_file: bool) -> None:
    """Let all versions have the same sentences, paragraphs and pages of a document."""
    source = out.new if from_file else out.earlier
    for name in MAPS:
        schema = tables.schema(name)
        rows = source.get(name, tables.empty(schema))
        rows = rows[rows["document"].eq(document)]
        for key in ("earlier", "new", "base"):
            frames = getattr(out, key)
            if frames is source:
                continue
            others = frames.get(name, tables.empty(schema))
            others = others[others["document"].ne(document)]
            frames[name] = tables.typed(pd.concat([others, rows]), schema).reset_index(drop=True)


def _drop_places(out: Texts, document: str, left_out: Remarks) -> None:
    """Leave out what stands on a text of which nobody can say whether it is the one that was coded."""
    rows = out.new["codings"]
    mine = rows["document"].eq(document) & rows["start"].notna()
    if mine.any():
        left_out.add("codings on a document whose text is another one, or is not here", document, int(mine.sum()))
        out.new["codings"] = rows[~mine].reset_index(drop=True)
