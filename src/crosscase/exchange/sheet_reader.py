"""Spreadsheets from strangers: CSV in whatever encoding and separator, workbooks row by row, every cell as text."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange import folder, safe_xml
from crosscase.exchange.decode import decoded
from crosscase.exchange.delimited import SEPARATORS, Known, none_known, rows_of, separator_of
from crosscase.exchange.ods_tables import is_ods, read_ods
from crosscase.exchange.safe_archive import Archive

MAX_ROWS = 2_000_000
MAX_COLUMNS = 2_000
MAX_CELLS = 60_000_000
MAX_STRINGS = 10_000_000
MAX_UNPACKED = 1024**3
MAX_CSV = 512 * 1024**2
MAX_MERGED = 100_000
SHOWN = 10
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^<>]*?\bref="([A-Z]{1,3})([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})"')


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


@dataclass
class Table:
    """One table of a file: texts under their headings, each row under its number in the sheet.

    `assumed` is what was assumed to read it, as parts of a sentence; `doubts` are pairs of remark and place.
    """

    name: str
    frame: pd.DataFrame
    assumed: list[str] = field(default_factory=list)
    doubts: list[tuple[str, str]] = field(default_factory=list)


def read_sheets(path: Path, content: bytes | None = None) -> dict[str, pd.DataFrame]:
    """Return every sheet of a workbook as a frame of texts, as `read_tables` does, its rows numbered from 0."""
    return {table.name: table.frame.reset_index(drop=True) for table in read_tables(path, content)}


def read_tables(path: Path, content: bytes | None = None, known: Known = none_known) -> list[Table]:
    """Return every sheet of a workbook (.xlsx, .ods) that is not empty; merged cells below the header are filled down.

    Parameters
    ----------
    path : pathlib.Path
        The workbook.
    content : bytes, optional
        What it holds, where it was read before.
    known : callable
        How many cells of a row are headings that are known; the header is the row with the most.

    Raises
    ------
    CrosscaseError
        Where the workbook is hostile or broken.
    """
    if is_ods(_source(path, content), path.name):
        sheets = read_ods(_source(path, content), path.name, MAX_UNPACKED, lambda *size: _check_size(path, *size))
        found = [_table(list(sheet.rows), path, known, sheet.name, sheet.merged[:MAX_MERGED]) for sheet in sheets]
        return [table for table in found if table is not None]
    book = _workbook(path, content)
    tables = []
    cells = 0
    try:
        for sheet in book.worksheets:
            if hasattr(sheet, "reset_dimensions"):
                sheet.reset_dimensions()
            rows = []
            for number, row in enumerate(sheet.iter_rows(values_only=True)):
                cells += len(row) + 1
                _check_size(path, number, len(row), cells)
                rows.append(row)
            merged = _merged(path, content, getattr(sheet, "_worksheet_path", None))
            if (table := _table(rows, path, known, str(sheet.title), merged)) is not None:
                tables.append(table)
    except CrosscaseError:
        raise
    except Exception as error:
        raise CrosscaseError(_broken(path, error)) from None
    finally:
        book.close()
    return tables


def read_delimited(path: Path, content: bytes | None = None, known: Known = none_known) -> Table:
    """Return a CSV or TSV file as a table; encoding, separator and header are found out, and told where unusual.

    `CrosscaseError` where it is too large, no table, has no row, or rows with more cells than the header.
    """
    content = folder.read(path, most=MAX_CSV) if content is None else content
    text, encoding, doubtful = decoded(content)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    first = text.partition("\n")[0]
    hint = first[4] if first.lower().startswith("sep=") and len(first) == 5 else None
    body = text.partition("\n")[2] if hint else text
    mark = hint or separator_of(body, known)
    rows, doubts = rows_of(body, mark, path.name, lambda *size: _check_size(path, *size))
    table = _table(rows, path, known, "", [], exact=True, above=1 if hint else 0)
    if table is None:
        raise CrosscaseError(Problem(path.name, "a table has a header and a row", "none"))
    table.doubts += doubts
    usual = "\t" if path.suffix.lower() in (".tsv", ".tab") else ","
    said = [f"with {SEPARATORS.get(mark, ascii(mark))} between the cells"] if mark != usual else []
    said = [f"as {encoding}", *said] if encoding != "utf-8" else said
    table.assumed = said + table.assumed
    if doubtful:
        remedy = "letters that look wrong (save the file as UTF-8 where they are)"
        table.doubts.append((f"{remedy}: read as {encoding}, {doubtful:,} are doubtful", path.name))
    return table


def _check_size(path: Path, rows: int, columns: int, cells: int) -> None:
    if rows > MAX_ROWS or columns > MAX_COLUMNS or cells > MAX_CELLS:
        raise CrosscaseError(_too_large(path, rows, columns))


def _merged(path: Path, content: bytes | None, part: str | None) -> list[tuple[int, int, int]]:
    """Return the merged ranges of a sheet as column, first and last row, all counted from 0."""
    if part is None:
        return []
    found, kept = [], b""
    archive = Archive(_source(path, content), max_total=MAX_UNPACKED, place=path.name)
    with archive, archive.open(part.lstrip("/")) as stream:
        while block := stream.read(1 << 20):
            block = kept + block
            found += _MERGED.findall(block)
            kept = block[block.rfind(b"<") :] if b"<" in block[-300:] else b""
    ranges = {(_column(column), int(top) - 1, int(end) - 1) for column, top, end in found}
    return sorted(ranges)[:MAX_MERGED]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number - 1


def _too_large(path: Path, rows: int, columns: int) -> Problem:
    rule = f"a table has at most {MAX_ROWS:,} rows, {MAX_COLUMNS:,} columns and {MAX_CELLS:,} cells"
    found, remedy = f"{columns:,} columns in row {rows:,}", "copy the cells that are filled into a new file"
    return Problem(path.name, rule, found, remedy=remedy)


def _table(
    rows: list[Any],
    path: Path,
    known: Known,
    name: str,
    merged: list[tuple[int, int, int]],
    *,
    exact: bool = False,
    above: int = 0,
) -> Table | None:
    """Return rows as a table of texts under their header.

    The header is the row with the most headings that are known, of the first twenty that are filled; else the first
    that has at least two cells filled, or the first filled. With `exact` a row may not have more cells than it; `above`
    are lines of the file above the rows.
    """
    filled = [number for number, row in enumerate(rows) if any(_cell(cell) for cell in row)]
    if not filled:
        return None
    head = next((n for n in filled[:20] if sum(bool(_cell(cell)) for cell in rows[n]) >= 2), filled[0])
    best = max(filled[:20], key=lambda n: (known(rows[n]), -n))
    head = best if known(rows[best]) > max(known(rows[head]), 1) else head
    _fill_down(rows, merged, head)
    names = [_cell(cell) for cell in rows[head]]
    width = max((len(row) for row in rows[head:]), default=0)
    if exact and width > len(names):
        names = _widened(rows, head, names, path.name, above)
    names += [None] * (width - len(names)) if not exact else []
    header: list[str] = []
    for number, cell in enumerate(names, start=1):
        heading = " ".join((cell or f"column {number}").split())
        header.append(heading if heading not in header else f"{heading} ({number})")
    width = len(header)
    if width * (len(rows) - head) > MAX_CELLS:
        raise CrosscaseError(_too_large(path, len(rows), width))
    body = {
        number + 1 + above: [_cell(cell) for cell in row[:width]] + [None] * (width - len(row))
        for number, row in enumerate(rows[head + 1 :], start=head + 1)
    }
    body = {number: row for number, row in body.items() if any(row)}
    frame = pd.DataFrame(list(body.values()), columns=header, index=list(body), dtype="object")
    return Table(name, frame, [f"with the header in row {head + 1 + above}"] if head != filled[0] else [])


def _fill_down(rows: list[Any], merged: list[tuple[int, int, int]], head: int) -> None:
    """Give each cell of a merged range below the header the value of its first cell, down its first column."""
    left = sum(map(len, rows))
    for column, top, end in merged:
        end = min(end + 1, len(rows))
        left -= max(end - top, 0)
        if top <= head or top >= len(rows) or column >= len(rows[top]) or left < 0:
            continue
        for number in range(top + 1, end):
            row = rows[number] = rows[number] if isinstance(rows[number], list) else list(rows[number])
            row += [None] * (column + 1 - len(row))
            row[column] = rows[top][column] if row[column] is None else row[column]


def _widened(rows: list[Sequence[Any]], head: int, names: list[Any], place: str, above: int) -> list[Any]:
    """Return the headings where a row has more cells than they: with one for row names, as R writes them, or refuse."""
    body = [
        (number, row) for number, row in enumerate(rows[head + 1 :], start=head + 2 + above) if any(map(_cell, row))
    ]
    long = [number for number, row in body if any(_cell(cell) for cell in row[len(names) :])]
    if not long:
        return names
    if len(long) == len(body) and {len(row) for _, row in body} == {len(names) + 1}:
        return [None, *names]
    shown = ", ".join(map(str, long[:SHOWN])) + (f" and {len(long) - SHOWN:,} more" if len(long) > SHOWN else "")
    rule, found = f"a row has at most the {len(names)} cells of the header", "more, so that words would be cut off"
    remedy = "put cells that hold the separator between quotation marks (a spreadsheet program does so)"
    raise CrosscaseError(Problem(f"{place}, row{'s' if len(long) > 1 else ''} {shown}", rule, found, remedy=remedy))


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
