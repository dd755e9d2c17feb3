"""Spreadsheets from strangers: CSV in whatever encoding and separator, workbooks row by row, every cell as text."""

from __future__ import annotations

import csv
import io
import warnings
from pathlib import Path
from typing import Any

import pandas as pd

from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange.decode import decode
from crosscase.exchange.safe_archive import Archive

MAX_ROWS = 2_000_000
MAX_COLUMNS = 2_000
MAX_CSV = 512 * 1024**2
SEPARATORS = ",;\t|"


def check_office(path: Path) -> None:
    """Refuse an Office file whose archive is hostile or whose XML declares entities.

    Raises
    ------
    CrosscaseError
        Where it does.
    """
    with Archive(path, max_total=2 * 1024**3) as archive:
        for name in archive.names():
            if name.lower().endswith((".xml", ".rels")):
                head = archive.head(name).replace(b"\x00", b"").upper()
                if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                    raise CrosscaseError(
                        Problem(
                            f"{path.name}/{name!a}",
                            "the XML declares no document type and no entities",
                            "a DOCTYPE",
                            remedy="no Office program writes one; do not trust this file",
                        )
                    )


def _workbook(path: Path) -> Any:
    from openpyxl import load_workbook

    check_office(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(path, read_only=True, data_only=True)
    except Exception as error:
        raise CrosscaseError(_broken(path, error)) from None


def sheet_names(path: Path) -> list[str]:
    """Return the names of the sheets of a workbook."""
    book = _workbook(path)
    try:
        return [str(name) for name in book.sheetnames]
    finally:
        book.close()


def read_sheets(path: Path) -> dict[str, pd.DataFrame]:
    """Return every sheet of a workbook as a frame of texts, its first row as header; empty sheets are left out.

    Raises
    ------
    CrosscaseError
        Where the workbook is hostile or broken.
    """
    book = _workbook(path)
    sheets = {}
    try:
        for sheet in book.worksheets:
            if hasattr(sheet, "reset_dimensions"):
                sheet.reset_dimensions()
            rows = []
            for number, row in enumerate(sheet.iter_rows(values_only=True)):
                if number > MAX_ROWS or len(row) > MAX_COLUMNS:
                    raise CrosscaseError(Problem(path.name, f"at most {MAX_ROWS:,} rows and {MAX_COLUMNS:,} columns"))
                rows.append(row)
            frame = _frame([list(row) for row in rows])
            if frame is not None:
                sheets[str(sheet.title)] = frame
    except CrosscaseError:
        raise
    except Exception as error:
        raise CrosscaseError(_broken(path, error)) from None
    finally:
        book.close()
    return sheets


def read_delimited(path: Path) -> pd.DataFrame:
    """Return a CSV or TSV file as a frame of texts; encoding and separator are found out.

    Raises
    ------
    CrosscaseError
        Where it is too large, no table, or has no row.
    """
    if path.stat().st_size > MAX_CSV:
        raise CrosscaseError(Problem(path.name, f"a table has at most {MAX_CSV:,} bytes", "more"))
    text = decode(path.read_bytes())[0].removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count) if first else ","
    if first.lower().startswith("sep=") and len(first) == 5:
        separator, text = first[4], text.partition("\n")[2]
    limit = csv.field_size_limit(2**27)
    try:
        rows: list[list[Any]] = []
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            rows.append(list(row))
            if len(rows) > MAX_ROWS or len(row) > MAX_COLUMNS:
                raise CrosscaseError(Problem(path.name, f"at most {MAX_ROWS:,} rows and {MAX_COLUMNS:,} columns"))
    except csv.Error as error:
        raise CrosscaseError(Problem(path.name, "the file is a table (CSV)", str(error))) from None
    finally:
        csv.field_size_limit(limit)
    frame = _frame(rows)
    if frame is None:
        raise CrosscaseError(Problem(path.name, "a table has a header and a row", "none"))
    return frame


def _frame(rows: list[list[Any]]) -> pd.DataFrame | None:
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
