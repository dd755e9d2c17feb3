"""The text of a Word document with the spans of its comments, from its XML: deletions left out, insertions taken."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange import safe_xml
from crosscase.exchange.safe_archive import Archive

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
SKIPPED = {"del", "moveFrom", "instrText", "delText", "rPr", "pPr", "sectPr", "tblPr", "trPr", "tcPr", "Fallback"}
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

    Parameters
    ----------
    path : pathlib.Path or binary file
        The `.docx` file.
    name : str
        Its name for the messages, where it is no file of its own.

    Raises
    ------
    CrosscaseError
        Where the archive or its XML is broken or hostile, or holds no document.
    """
    name = path.name if isinstance(path, Path) else name
    with Archive(path, max_one=MAX_PART, place=name) as archive:
        if archive.find("word/document.xml") is None:
            raise CrosscaseError(Problem(name, "a Word document holds word/document.xml", "none"))
        body = safe_xml.root(io.BytesIO(archive.read("word/document.xml")), f"{name}/word/document.xml")
        notes = None
        if archive.find("word/comments.xml"):
            notes = safe_xml.root(io.BytesIO(archive.read("word/comments.xml")), f"{name}/word/comments.xml")
    walker = _Walker()
    walker.walk(body)
    comments = []
    for note in notes if notes is not None else ():
        if _local(note) != "comment":
            continue
        inside = _Walker()
        inside.walk(note)
        identifier = _attribute(note, "id")
        start, end = walker.starts.get(identifier), walker.ends.get(identifier)
        author = _attribute(note, "author") or _attribute(note, "initials")
        comments.append(Comment(start, end, author, _attribute(note, "date"), inside.text()))
    return DocxText(walker.text(), comments)


def _local(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _attribute(element: Any, name: str) -> str:
    return element.get(f"{W}{name}") or element.get(f"{STRICT}{name}") or ""


class _Walker:
    """Adds up the text in reading order and notes where comments begin and end."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self.starts: dict[str, int] = {}
        self.ends: dict[str, int] = {}

    def text(self) -> str:
        return "".join(self._parts)

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def walk(self, element: Any) -> None:
        tag = _local(element)
        if tag in SKIPPED or not tag:
            return
        if tag == "t":
            self._add((element.text or "").replace("\r", " "))
        elif tag == "tab":
            self._add("\t")
        elif tag in ("br", "cr"):
            self._add("\n")
        elif tag == "noBreakHyphen":
            self._add("\u2011")
        elif tag == "commentRangeStart":
            self.starts[_attribute(element, "id")] = self._length
        elif tag == "commentRangeEnd":
            self.ends[_attribute(element, "id")] = self._length
        for child in element:
            self.walk(child)
        if tag == "p":
            self._add("\n")
