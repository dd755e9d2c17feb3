"""Spreadsheets from strangers: CSV in whatever encoding and separator, workbooks row by row, every cell as text."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange import folder, safe_xml
from crosscase.exchange.decode import decode
from crosscase.exchange.safe_archive import Archive

MAX_ROWS = 2_000_000
MAX_COLUMNS = 2_000
MAX_CELLS = 60_000_000
MAX_STRINGS = 10_000_000
MAX_UNPACKED = 1024**3
MAX_CSV = 512 * 1024**2
SEPARATORS = ",;\t|"


def check_office(path: Path, content: bytes | None = None) -> None:
    """Refuse an Office file whose archive is hostile, or whose XML declares entities or would take minutes to read."""
    with Archive(_source(path, content), max_total=MAX_UNPACKED, place=path.name) as archive:
        left = safe_xml.MAX_MARKS
        for name in archive.names():
            if name.lower().endswith((".xml", ".rels", ".vml")):
                most = left if "worksheets/" in name.lower() else min(left, MAX_STRINGS)
                with archive.open(name) as stream:
                    left -= safe_xml.look_over(stream, f"{path.name}/{name!a}", archive.size(name), most)


def _source(path: Path, content: bytes | None) -> Path | io.BytesIO:
    return path if content is None else io.BytesIO(content)


def _workbook(path: Path, content: bytes | None = None) -> Any:
    from openpyxl import load_workbook

    check_office(path, content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(_source(path, content), read_only=True, data_only=True, keep_links=False)
    except Exception as error:
        raise CrosscaseError(_broken(path, error)) from None


def sheet_names(path: Path) -> list[str]:
    """Return the names of the sheets of a workbook, without reading the sheets; `CrosscaseError` as `read_sheets`."""
    check_office(path)
    with Archive(path, max_total=MAX_UNPACKED) as archive:
        content = io.BytesIO(archive.read("xl/workbook.xml"))
    root = safe_xml.root(content, f"{path.name}/xl/workbook.xml")
    return [sheet.get("name") or "" for sheet in root.iterfind("{*}sheets/{*}sheet")]


def read_sheets(path: Path, content: bytes | None = None) -> dict[str, pd.DataFrame]:
    """Return every sheet of a workbook as a frame of texts, its first row as header; empty sheets are left out.

    `CrosscaseError` where the workbook is hostile or broken.
    """
    book = _workbook(path, content)
    sheets = {}
    cells = 0
    try:
        for sheet in book.worksheets:
            if hasattr(sheet, "reset_dimensions"):
                sheet.reset_dimensions()
            rows = []
            for number, row in enumerate(sheet.iter_rows(values_only=True)):
                cells += len(row) + 1
                if number > MAX_ROWS or len(row) > MAX_COLUMNS or cells > MAX_CELLS:
                    raise CrosscaseError(_too_large(path, number, len(row)))
                rows.append(row)
            frame = _frame(rows, path)
            if frame is not None:
                sheets[str(sheet.title)] = frame
    except CrosscaseError:
        raise
    except Exception as error:
        raise CrosscaseError(_broken(path, error)) from None
    finally:
        book.close()
    return sheets


def read_delimited(path: Path, content: bytes | None = None) -> pd.DataFrame:
    """Return a CSV or TSV file as a frame of texts; encoding and separator are found out.

    `CrosscaseError` where it is too large, no table, or has no row.
    """
    content = folder.read(path, most=MAX_CSV) if content is None else content
    text = decode(content)[0].removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count) if first else ","
    if first.lower().startswith("sep=") and len(first) == 5:
        separator, text = first[4], text.partition("\n")[2]
    limit = csv.field_size_limit(2**27)
    try:
        rows: list[Sequence[Any]] = []
        cells = 0
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            rows.append(row)
            cells += len(row) + 1
            if len(rows) > MAX_ROWS or len(row) > MAX_COLUMNS or cells > MAX_CELLS:
                raise CrosscaseError(_too_large(path, len(rows), len(row)))
    except csv.Error as error:
        raise CrosscaseError(Problem(path.name, "the file is a table (CSV)", str(error))) from None
    finally:
        csv.field_size_limit(limit)
    frame = _frame(rows, path)
    if frame is None:
        raise CrosscaseError(Problem(path.name, "a table has a header and a row", "none"))
    return frame


def _too_large(path: Path, rows: int, columns: int) -> Problem:
    rule = f"a table has at most {MAX_ROWS:,} rows, {MAX_COLUMNS:,} columns and {MAX_CELLS:,} cells"
    found, remedy = f"{columns:,} columns in row {rows:,}", "copy the cells that are filled into a new file"
    return Problem(path.name, rule, found, remedy=remedy)


def _frame(rows: list[Sequence[Any]], path: Path) -> pd.DataFrame | None:
    """Return rows as a frame of texts under the first row that has at least two cells filled, or the first filled."""
    filled = [number for number, row in enumerate(rows) if any(_cell(cell) for cell in row)]
    if not filled:
        return None
    head = next((n for n in filled[:20] if sum(bool(_cell(cell)) for cell in rows[n]) >= 2), filled[0])
    header: list[str] = []
    for number, cell in enumerate(rows[head], start=1):
        name = " ".join((_cell(cell) or f"column {number}").split())
        header.append(name if name not in header else f"{name} ({number})")
    width = len(header)
    if width * (len(rows) - head) > MAX_CELLS:
        raise CrosscaseError(_too_large(path, len(rows), width))
    body = [[_cell(cell) for cell in row[:width]] + [None] * (width - len(row)) for row in rows[head + 1 :]]
    body = [row for row in body if any(row)]
    return pd.DataFrame(body, columns=header, dtype="object")


def _cell(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    text = str(value)
    return text if text.strip() else None


def _broken(path: Path, error: Exception) -> Problem:
    found = f"{type(error).__name__}: {error}"[:160]
    return Problem(path.name, "the file is a sound workbook", found, remedy="open it and save it again as .xlsx")
