"""The text of a Word document with its notes and the spans of its comments: deletions left out, insertions taken."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange import safe_xml
from crosscase.exchange.safe_archive import Archive

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
SKIPPED = {"del", "moveFrom", "instrText", "delText", "rPr", "pPr", "sectPr", "tblPr", "trPr", "tcPr", "Fallback"}
MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
EXTRACTOR = "crosscase docx 2"
NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
PARTS = {"footnote": "word/footnotes.xml", "endnote": "word/endnotes.xml"}
NO_NOTES = {"separator", "continuationSeparator", "continuationNotice"}
MAX_PART = 512 * 1024**2


@dataclass(frozen=True)
class Comment:
    """A comment with the span it stands on; `answers` is whether it answers another comment."""

    start: int | None
    end: int | None
    author: str
    date: str
    text: str
    answers: bool = False


@dataclass
class DocxText:
    """Text and comments of a Word document."""

    text: str
    comments: list[Comment] = field(default_factory=list)


def read_docx(path: Path | IO[bytes], name: str = "", *, notes: bool = True) -> DocxText:
    """Return the text of a Word document, a line per paragraph, and its comments.

    Footnotes and endnotes follow the text under their numbers, which stand in brackets where the text refers to them;
    without `notes` neither is there, as programs count a text. `CrosscaseError` where the archive or its XML is broken
    or hostile, or holds no document.
    """
    name = path.name if isinstance(path, Path) else name
    with Archive(path, max_one=MAX_PART, place=name) as archive:
        if archive.find("word/document.xml") is None:
            raise CrosscaseError(Problem(name, "a Word document holds word/document.xml", "none"))
        walker, found, threads = _Walker(notes), _Comments(), _Threads()
        _tell(archive, "word/document.xml", name, walker)
        for part in (part for kind, part in PARTS.items() if walker.refers_to(kind) and archive.find(part)):
            _tell(archive, part, name, walker)
        for part, target in (("word/comments.xml", found), ("word/commentsExtended.xml", threads)):
            if archive.find(part):
                _tell(archive, part, name, target)
    comments = []
    for attributes, text, paragraph in found.found:
        identifier = _attribute(attributes, "id")
        start, end = walker.starts.get(identifier), walker.ends.get(identifier)
        author = _attribute(attributes, "author") or _attribute(attributes, "initials")
        answers = paragraph in threads.answers
        comments.append(Comment(start, end, author, _attribute(attributes, "date"), text, answers))
    return DocxText(walker.text(), comments)


def _tell(archive: Archive, part: str, name: str, target: safe_xml.Target) -> None:
    safe_xml.tell(io.BytesIO(archive.read(part)), f"{name}/{part}", target)


def _attribute(attributes: Mapping[str, str], name: str) -> str:
    return attributes.get(f"{W}{name}") or attributes.get(f"{STRICT}{name}") or ""


def _local(attributes: Mapping[str, str], name: str) -> str:
    """Return an attribute in whatever namespace: those of later versions of Word have others."""
    return next((value for key, value in attributes.items() if key.rpartition("}")[2] == name), "").lower()


class _Walker(safe_xml.Target):
    """Adds up the text in reading order and notes where comments begin and end."""

    def __init__(self, notes: bool = False) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._skipped = 0
        self._in_text = False
        self._notes = notes
        self._numbers: dict[tuple[str, str], int] = {}
        self.starts: dict[str, int] = {}
        self.ends: dict[str, int] = {}

    def text(self) -> str:
        return "".join(self._parts)

    def refers_to(self, kind: str) -> bool:
        """Tell whether the text refers to a note of a kind."""
        return any(known == kind for known, _ in self._numbers)

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _note(self, name: str, attributes: Mapping[str, str]) -> bool:
        """Put in the number of a note; tell whether what follows is to be read."""
        if name in NOTES:
            if self._notes:
                key = NOTES[name], _attribute(attributes, "id")
                self._add(f"[{self._numbers.setdefault(key, len(self._numbers) + 1)}]")
            return True
        number = self._numbers.get((name, _attribute(attributes, "id")))
        if number is None or _attribute(attributes, "type") in NO_NOTES:
            return False
        self._add(f"[{number}] ")
        return True

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition("}")[2]
        if self._skipped or name in SKIPPED:
            self._skipped += 1
            return
        if (name in NOTES or name in PARTS) and not self._note(name, attributes):
            self._skipped += 1
            return
        self._in_text = name == "t"
        if name in MARKS:
            self._add(MARKS[name])
        elif name == "commentRangeStart":
            self.starts[_attribute(attributes, "id")] = self._length
        elif name == "commentRangeEnd":
            self.ends[_attribute(attributes, "id")] = self._length

    def end(self, tag: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        self._in_text = False
        if tag.rpartition("}")[2] == "p":
            self._add("\n")

    def data(self, text: str) -> None:
        if self._in_text and not self._skipped:
            self._add(text.replace("\r", " "))


class _Comments(safe_xml.Target):
    """Adds up the text of each comment beside its attributes and the id of its last paragraph."""

    def __init__(self) -> None:
        self.found: list[tuple[dict[str, str], str, str]] = []
        self._walker: _Walker | None = None
        self._attributes: dict[str, str] = {}
        self._paragraph = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition("}")[2]
        if self._walker is not None:
            self._walker.start(tag, attributes)
            if name == "p":
                self._paragraph = _local(attributes, "paraId")
        elif name == "comment":
            self._walker, self._attributes, self._paragraph = _Walker(), dict(attributes), ""

    def end(self, tag: str) -> None:
        if self._walker is not None and tag.rpartition("}")[2] == "comment":
            self.found.append((self._attributes, self._walker.text(), self._paragraph))
            self._walker = None
        elif self._walker is not None:
            self._walker.end(tag)

    def data(self, text: str) -> None:
        if self._walker is not None:
            self._walker.data(text)


class _Threads(safe_xml.Target):
    """Notes which comments answer others, by the ids of their last paragraphs."""

    def __init__(self) -> None:
        self.answers: set[str] = set()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag.rpartition("}")[2] == "commentEx" and _local(attributes, "paraIdParent"):
            self.answers.add(_local(attributes, "paraId"))
