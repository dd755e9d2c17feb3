"""The text of a Word document with the spans of its comments, from its XML: deletions left out, insertions taken."""

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
EXTRACTOR = "crosscase docx 1"
MAX_PART = 512 * 1024**2


@dataclass(frozen=True)
class Comment:
    """A comment with the span it stands on."""

    start: int | None
    end: int | None
    author: str
    date: str
    text: str


@dataclass
class DocxText:
    """Text and comments of a Word document."""

    text: str
    comments: list[Comment] = field(default_factory=list)


def read_docx(path: Path | IO[bytes], name: str = "") -> DocxText:
    """Return the text of a Word document, a line per paragraph, and its comments.

    `CrosscaseError` where the archive or its XML is broken or hostile, or holds no document.
    """
    name = path.name if isinstance(path, Path) else name
    with Archive(path, max_one=MAX_PART, place=name) as archive:
        if archive.find("word/document.xml") is None:
            raise CrosscaseError(Problem(name, "a Word document holds word/document.xml", "none"))
        walker, notes = _Walker(), _Notes()
        _tell(archive, "word/document.xml", name, walker)
        if archive.find("word/comments.xml"):
            _tell(archive, "word/comments.xml", name, notes)
    comments = []
    for note, text in notes.found:
        identifier = _attribute(note, "id")
        start, end = walker.starts.get(identifier), walker.ends.get(identifier)
        author = _attribute(note, "author") or _attribute(note, "initials")
        comments.append(Comment(start, end, author, _attribute(note, "date"), text))
    return DocxText(walker.text(), comments)


def _tell(archive: Archive, part: str, name: str, target: safe_xml.Target) -> None:
    safe_xml.tell(io.BytesIO(archive.read(part)), f"{name}/{part}", target)


def _attribute(attributes: Mapping[str, str], name: str) -> str:
    return attributes.get(f"{W}{name}") or attributes.get(f"{STRICT}{name}") or ""


class _Walker(safe_xml.Target):
    """Adds up the text in reading order and notes where comments begin and end."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._skipped = 0
        self._in_text = False
        self.starts: dict[str, int] = {}
        self.ends: dict[str, int] = {}

    def text(self) -> str:
        return "".join(self._parts)

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition("}")[2]
        if self._skipped or name in SKIPPED:
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


class _Notes(safe_xml.Target):
    """Adds up the text of each comment beside its attributes."""

    def __init__(self) -> None:
        self.found: list[tuple[dict[str, str], str]] = []
        self._walker: _Walker | None = None
        self._attributes: dict[str, str] = {}

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._walker is not None:
            self._walker.start(tag, attributes)
        elif tag.rpartition("}")[2] == "comment":
            self._walker, self._attributes = _Walker(), dict(attributes)

    def end(self, tag: str) -> None:
        if self._walker is not None and tag.rpartition("}")[2] == "comment":
            self.found.append((self._attributes, self._walker.text()))
            self._walker = None
        elif self._walker is not None:
            self._walker.end(tag)

    def data(self, text: str) -> None:
        if self._walker is not None:
            self._walker.data(text)
