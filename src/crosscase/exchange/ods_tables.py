"""OpenDocument spreadsheets of strangers, read row by row: what is repeated is spread, within limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange import safe_xml
from crosscase.exchange.safe_archive import Archive

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
MAX_SPACES = 10_000
Check = Callable[[int, int, int], None]


@dataclass
class Sheet:
    """One sheet: its rows in order, and its merged ranges as column, first and last row, counted from 0."""

    name: str
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    merged: list[tuple[int, int, int]] = field(default_factory=list)


def is_ods(source: Path | IO[bytes], place: str) -> bool:
    """Tell whether a zip archive is a spreadsheet of the kind OpenDocument."""
    with Archive(source, place=place) as archive:
        return archive.find("mimetype") is not None and archive.head("mimetype", 200).startswith(MIMETYPE)


def read_ods(source: Path | IO[bytes], place: str, unpacked: int, check: Check) -> list[Sheet]:
    """Return the sheets of a spreadsheet.

    Parameters
    ----------
    source : pathlib.Path or file
        The archive.
    place : str
        What it is called in messages.
    unpacked : int
        Bytes that it may unpack to.
    check : callable
        Given rows, columns and cells, it raises where these are too many.

    Raises
    ------
    CrosscaseError
        Where it is hostile, broken, encrypted or too large.
    """
    sheets: list[Sheet] = []
    spread = _Spread(check)
    with Archive(source, max_total=unpacked, place=place) as archive:
        if archive.find("META-INF/manifest.xml") and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            rule, remedy = "the spreadsheet has no password", "save it without one"
            raise CrosscaseError(Problem(place, rule, "an encrypted one", remedy=remedy))
        last = None
        with archive.open("content.xml") as stream:
            for row in safe_xml.pieces(stream, f"{place}/content.xml", [f"{TABLE}table-row"]):
                table = _table_of(row)
                if table is None:
                    continue
                if table is not last:
                    sheets.append(Sheet(table.get(f"{TABLE}name") or f"Sheet{len(sheets) + 1}"))
                    spread.begin()
                    last = table
                spread.row(row, sheets[-1])
    return sheets


def _table_of(row: Any) -> Any | None:
    """Return the sheet of a row; None for a table within a cell."""
    found = None
    for above in row.iterancestors():
        if above.tag in CELLS:
            return None
        if found is None and above.tag == f"{TABLE}table":
            found = above
    return found


class _Spread:
    """Spreads what is repeated; empty cells and rows at the end, of which programs write a million, are none."""

    def __init__(self, check: Check) -> None:
        self._check, self._cells = check, 0
        self.begin()

    def begin(self) -> None:
        """Begin a sheet."""
        self._empty = 0

    def row(self, element: Any, sheet: Sheet) -> None:
        """Add a row as often as it is repeated."""
        times = _count(element, "number-rows-repeated")
        number = len(sheet.rows) + self._empty
        cells = tuple(self._row(element, sheet, number))
        if not cells:
            self._empty += times
            return
        self._cells += self._empty + times * (len(cells) + 1)
        self._check(number + times, len(cells), self._cells)
        sheet.rows += [()] * self._empty + [cells] * times
        self._empty = 0

    def _row(self, element: Any, sheet: Sheet, number: int) -> Iterator[Any]:
        """Yield the cells of a row up to the last that holds something."""
        empty = column = 0
        for cell in element.iterchildren(*CELLS):
            times = _count(cell, "number-columns-repeated")
            value = _value(cell) if cell.tag == CELLS[0] else None
            down = _count(cell, "number-rows-spanned")
            if down > 1:
                sheet.merged.append((column, number, number + down - 1))
            column += times
            if value is None:
                empty += times
                continue
            self._check(number, column, self._cells + column)
            yield from [None] * empty
            yield from [value] * times
            empty = 0


def _count(element: Any, name: str) -> int:
    """Return how often something is repeated or how far it reaches; once where that is no sound number."""
    raw = element.get(f"{TABLE}{name}") or "1"
    return max(1, int(raw)) if raw.isdigit() and raw.isascii() and len(raw) < 10 else 1


def _value(cell: Any) -> Any:
    """Return what a cell holds: a number, a date as ISO 8601, true or false, else its text; None for nothing."""
    kind, raw = cell.get(f"{OFFICE}value-type"), cell.get(f"{OFFICE}value")
    if kind in ("float", "percentage", "currency") and raw:
        try:
            return float(raw)
        except ValueError:
            return raw
    if kind == "date" and (day := cell.get(f"{OFFICE}date-value")):
        return day.removesuffix("T00:00:00")
    if kind == "boolean" and (truth := cell.get(f"{OFFICE}boolean-value")):
        return truth
    lines = ["".join(_words(paragraph)) for paragraph in cell.iterchildren(f"{TEXT}p", f"{TEXT}h")]
    return "\n".join(lines) or cell.get(f"{OFFICE}string-value") or None


def _words(element: Any) -> Iterator[str]:
    """Yield the words of a paragraph, without remarks on the cell."""
    yield element.text or ""
    for child in element.iterchildren():
        if child.tag == f"{TEXT}s":
            raw = child.get(f"{TEXT}c") or "1"
            yield " " * (min(int(raw), MAX_SPACES) if raw.isdigit() and len(raw) < 10 else 1)
        elif child.tag == f"{TEXT}tab":
            yield "\t"
        elif child.tag == f"{TEXT}line-break":
            yield "\n"
        elif child.tag != f"{OFFICE}annotation":
            yield from _words(child)
        yield child.tail or ""
