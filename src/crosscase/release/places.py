"""Where in a file a text stands, as a person finds it: line, cell of a notebook, cell of a sheet, row and column."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from itertools import pairwise

from crosscase.release.pieces import Piece

_PARTS = re.compile(r'"(source|outputs|metadata|attachments|execution_count)"\s*:')
_ADDED = re.compile(r'"(?:injected-parameters|parameter-card)"')


def finder(name: str, text: str) -> Callable[[int], str]:
    """Return what says in words where a place of a text is; it works only when it is asked."""
    if name.endswith(".ipynb") or ('"nbformat"' in text[-4000:] and '"cell_type"' in text):
        return lambda at: _cell(text, at)
    if name.endswith(".csv"):
        return lambda at: _row(text, at)
    return lambda at: _line(text, at)


def _line(text: str, at: int) -> str:
    return f"line {text.count(chr(10), 0, at) + 1}" if "\n" in text.rstrip("\n") else ""


def _cell(text: str, at: int) -> str:
    """Return the cell of a notebook, from 1, and which part of it."""
    # cells that a run puts before the stored ones are not counted: its card, and the parameters it was given
    begins = [match.start() for match in re.finditer(r'"cell_type"\s*:', text[:at])]
    added = [text[begin : min(end, begin + 120)] for begin, end in pairwise([*begins, len(text)])]
    number = len(begins) - sum(_ADDED.search(each) is not None for each in added)
    found = list(_PARTS.finditer(text, 0, at))
    part = next((m[1] for m in reversed(found) if m[1] in ("source", "outputs", "attachments")), "")
    words = {"source": "text of the cell", "outputs": "output", "attachments": "attachment"}
    return f"cell {number}{f', {words[part]}' if part else ''}" if number else _line(text, at)


def _row(text: str, at: int) -> str:
    """Return the row and the column of a table, the heading being row 1."""
    try:
        before = list(csv.reader(io.StringIO(text[:at], newline="")))
        heading = next(csv.reader(io.StringIO(text, newline="")), [])
    except csv.Error:
        return _line(text, at)
    # where a line has just ended, the place is in the first cell of the next one
    row, column = max(1, len(before)), len(before[-1]) - 1 if before else 0
    if text[:at].endswith("\n"):
        row, column = len(before) + 1, 0
    named = f", column {heading[column]}" if row > 1 and column < len(heading) else ""
    return f"row {row}{named}"


class Workbook:
    """Where the texts in the parts of an Office file stand."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = set(archive.namelist())

    def placed(self, part: str, piece: Piece) -> Piece:
        """Return a piece whose place is told in the words of the program that shows it."""
        if part.startswith("docProps/"):
            return replace(piece, place=f"properties of the file ({part})")
        if not part.endswith(".xml") or piece.place != part:
            return piece
        text = piece.text
        if part.startswith("xl/worksheets/"):
            where: Callable[[int], str] = lambda at: _last(r'<c r="([A-Z]+\d+)"', text, at, "cell ")  # noqa: E731
            return replace(piece, place=self._sheet(part), where=where)
        if part == "xl/sharedStrings.xml":
            return replace(piece, place="", where=lambda at: self._shared(len(re.findall(r"<si\b", text[:at])) - 1))
        if part.startswith(("xl/comments", "xl/threadedComments")):
            return replace(piece, where=lambda at: _last(r'ref="([A-Z]+\d+)"', text, at, "note on cell "))
        if part == "word/document.xml":
            return replace(piece, place="", where=lambda at: f"paragraph {len(re.findall(r'<w:p[ >]', text[:at]))}")
        return piece

    @cached_property
    def _sheets(self) -> dict[str, str]:
        """Part -> name of the sheet, with its state where it is hidden."""
        try:
            book = self._archive.read("xl/workbook.xml").decode("utf-8", errors="replace")
            links = self._archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", errors="replace")
        except KeyError:
            return {}
        targets = {}
        for link in re.findall(r"<Relationship\b[^>]*>", links):
            found = dict(re.findall(r'(\w+)="([^"]*)"', link))
            targets[found.get("Id", "")] = found.get("Target", "").lstrip("/").removeprefix("xl/")
        out = {}
        for sheet in re.findall(r"<sheet\b[^>]*>", book):
            found = dict(re.findall(r'([\w:]+)="([^"]*)"', sheet))
            state = " (hidden)" if found.get("state", "visible") != "visible" else ""
            out[f"xl/{targets.get(found.get('r:id', ''), '')}"] = f"sheet {found.get('name', '?')}{state}"
        return out

    def _sheet(self, part: str) -> str:
        return self._sheets.get(part, part)

    def _shared(self, number: int) -> str:
        """Return the cell that shows a shared text."""
        cell = re.compile(rf'<c r="([A-Z]+\d+)"[^>]*t="s"[^>]*>\s*<v>{number}</v>')
        for part in self._sheets:
            if part in self._names and (
                found := cell.search(self._archive.read(part).decode("utf-8", errors="replace"))
            ):
                return f"{self._sheet(part)}, cell {found[1]}"
        return "xl/sharedStrings.xml"


def _last(pattern: str, text: str, at: int, words: str) -> str:
    found = re.findall(pattern, text[:at])
    return f"{words}{found[-1]}" if found else ""
