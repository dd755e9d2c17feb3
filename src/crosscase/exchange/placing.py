"""Places in one version of a text found in another: through lines that both have, else by the words themselves."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

import pandas as pd

from crosscase import documents, ids, tables
from crosscase.exchange.placed import GAP
from crosscase.study.merge import MAPS

Span = tuple[int, int]
OF_TEXT = ("code_points", "paragraphs", "sentences", "sha256", "hmac", "extractor", "language")
"""Columns of `documents` that are computed of its text."""
_STATED = re.compile(r"positions (\d{1,15})-(\d{1,15})")
_HASH, _AT = re.compile(r"#(\d+)-(\d+)\Z"), re.compile(r"@(\d+)-(\d+)(?=\Z|:)")


@dataclass
class Moving:
    """Where spans of one text lie in another; `several` counts those whose words stand there more than once."""

    source: str
    target: str
    several: int = 0
    _starts: list[int] = field(default_factory=list)
    _blocks: list[tuple[int, int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Find the lines that both texts have, in order."""
        one, two = (text.splitlines(keepends=True) for text in (self.source, self.target))
        a, b = _offsets(one), _offsets(two)
        for i, j, n in SequenceMatcher(None, one, two).get_matching_blocks():
            if n:
                self._starts.append(a[i])
                self._blocks.append((a[i], a[i + n], b[j] - a[i]))

    def __call__(self, start: int, end: int, stated: object = None) -> Span | None:
        """Return the span in the target, None where its words are not there.

        `stated` is a locator such as `positions 8-24`, which counts where the words stand there.

        Examples
        --------
        >>> Moving("one\\ntwo\\n", "zero\\none\\ntwo\\n")(4, 7), Moving("two", "two, two")(0, 3, "positions 5-8")
        ((9, 12), (5, 8))
        >>> Moving("a day off", "It was a\\nday off.")(0, 9), Moving("a", "b")(0, 1)
        ((7, 16), None)
        """
        words = self.source[start:end]
        if (found := _STATED.fullmatch(str(stated))) and self.target[int(found[1]) : int(found[2])] == words:
            return int(found[1]), int(found[2])
        at = bisect_right(self._starts, start) - 1
        low, high, shift = self._blocks[at] if at >= 0 else (0, 0, 0)
        if low <= start and end <= high:
            return start + shift, end + shift
        places = _places(words, self.target)
        self.several += len(places) > 1
        return min(places, key=lambda span: abs(span[0] - start - shift)) if places else None


def _offsets(lines: list[str]) -> list[int]:
    found = [0]
    for line in lines:
        found.append(found[-1] + len(line))
    return found


def _places(words: str, text: str, most: int = 1000) -> list[Span]:
    """Return where some words stand in a text; white space counts as any other only where they stand nowhere so."""
    found: list[Span] = []
    at = text.find(words) if words.strip() else -1
    while at >= 0 and len(found) < most:
        found.append((at, at + len(words)))
        at = text.find(words, at + 1)
    if not found and (parts := words.split()) and len(parts) <= most:
        pattern = r"\s+".join(map(re.escape, parts))
        found = [match.span() for _, match in zip(range(most), re.finditer(pattern, text))]
    return found


def extended(text: str, segments: Iterable[str]) -> str:
    """Return a document made of segments with those that it does not hold yet.

    Examples
    --------
    >>> extended("one two", ["two", "three"])
    'one two\\n\\nthree'
    """
    for segment in segments:
        if not _places(segment, text, 1):
            text = f"{text}{GAP}{segment}" if text else segment
    return text


@dataclass
class Moved:
    """Tables after the spans of one document were moved, and the rows whose words are not in the other text."""

    frames: dict[str, pd.DataFrame]
    lost: dict[str, pd.DataFrame]

    def __len__(self) -> int:
        return sum(map(len, self.lost.values()))


def move(frames: Mapping[str, pd.DataFrame], document: str, to: Callable[..., Span | None], text: str) -> Moved:
    """Move every span of a document, in whatever table it stands; rows that have no place any more are taken out.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
        Tables of the dictionary.
    document : str
        Its id.
    to : callable
        Start, end and locator -> the new span, or None.
    text : str
        The text in which the new spans lie; paragraphs are counted in it.
    """
    out, lost = dict(frames), {}
    blocks = documents.paragraph_spans(text)[:, 0]
    places = _of_codings(frames)
    for name, frame in frames.items():
        if name in (*MAPS, "memos") or frame.empty:
            continue
        schema = tables.schema(name)
        keep = pd.Series(True, index=frame.index)
        if {"document", "start", "end"} <= set(schema.columns):
            frame, keep = _spans(frame, document, to, blocks, places)
        elif {"document", "spans"} <= set(schema.columns):
            frame, keep = _lists(frame, document, to)
        for column, head, form in (("source", "#", _HASH), ("target", "#", _HASH), ("segment", ":", _AT)):
            if name in ("links", "consensus_decisions") and column in frame:
                cells = [_inside(cell, f"{document}{head}", form, to) for cell in frame[column]]
                keep &= pd.Series([cell is not None for cell in cells], index=frame.index) | frame[column].isna()
                frame = frame.assign(**{column: pd.Series(cells, index=frame.index, dtype="object")})
        if not keep.all():
            lost[name] = frames[name][~keep]
        out[name] = tables.typed(frame[keep], schema)
    return Moved(out, lost)


def _of_codings(frames: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    codings = frames.get("codings")
    return {} if codings is None else dict(zip(codings["coding_id"], codings["document"]))


def _spans(
    frame: pd.DataFrame, document: str, to: Callable[..., Span | None], blocks: object, places: Mapping[str, str]
) -> tuple[pd.DataFrame, pd.Series]:
    where = frame["document"]
    if "coding_id" in frame and "adjudication" in frame:
        where = where.fillna(frame["coding_id"].map(places))  # a decision without a document is on that of its coding
    mine = where.eq(document).fillna(False).astype(bool) & frame["start"].notna() & frame["end"].notna()
    keep, frame = pd.Series(True, index=frame.index), frame.copy()
    located = "locator" in frame
    for row in frame.index[mine]:
        start, end = int(frame.at[row, "start"]), int(frame.at[row, "end"])
        stated = frame.at[row, "locator"] if located else None
        found = to(start, end, stated)
        if found is None:
            keep[row] = False
            continue
        frame.at[row, "start"], frame.at[row, "end"] = found
        if located and isinstance(stated, str) and _STATED.fullmatch(stated):
            frame.at[row, "locator"] = None
        if "paragraph" in frame and pd.notna(frame.at[row, "paragraph"]):
            frame.at[row, "paragraph"] = max(1, int(blocks.searchsorted(found[0], side="right")))  # type: ignore[attr-defined]
        if found != (start, end) and "quotation_hmac" in frame:
            frame.at[row, "quotation_hmac"] = None
    return frame, keep


def _lists(frame: pd.DataFrame, document: str, to: Callable[..., Span | None]) -> tuple[pd.DataFrame, pd.Series]:
    mine = frame["document"].eq(document).fillna(False).astype(bool) & frame["spans"].notna()
    keep, frame = pd.Series(True, index=frame.index), frame.copy()
    for row in frame.index[mine]:
        old = [span for part in ids.split(frame.at[row, "spans"]) if (span := ids.span(part))]
        new = [to(*span) for span in old]
        keep[row] = None not in new
        frame.at[row, "spans"] = ids.join(f"{span[0]}-{span[1]}" for span in new if span)
    return frame, keep


def _inside(cell: object, head: str, form: re.Pattern[str], to: Callable[..., Span | None]) -> object:
    """Return an id that holds spans of a document with the new ones; None where one has no place any more."""
    if not isinstance(cell, str) or not cell.startswith(head):
        return cell
    found = [to(int(match[1]), int(match[2])) for match in form.finditer(cell)]
    if None in found:
        return None
    turn = iter(found)
    mark = "#" if form is _HASH else "@"
    return form.sub(lambda _: "{}{}-{}".format(mark, *(next(turn) or ())), cell)
