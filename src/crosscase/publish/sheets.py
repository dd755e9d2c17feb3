"""Write Excel workbooks that are the same bytes every time and that no spreadsheet program executes."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pandas as pd

from crosscase.publish.cells import neutral

FIXED = dt.datetime(2000, 1, 1)
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""What XML cannot hold."""
CARRIAGE = {"\r": "&#13;"}
LONGEST_CELL = 32767
EMPTY_HEADER = '<c r="A1" s="1" t="n"></c>'
DATE_STYLE, MOMENT_STYLE = b' s="2"', b' s="3"'
PLACE, NOTE_PLACE = "place-holder-of-crosscase-", "description-of-crosscase-"


def write_workbook(path: Path, sheets: dict[str, pd.DataFrame], title: str = "", note: str = "") -> None:
    """Write frames as sheets of one workbook: header bold and frozen, columns wide enough, formulas neutral.

    Parameters
    ----------
    path : pathlib.Path
        Where the workbook goes.
    sheets : dict of str to pandas.DataFrame
        Name of each sheet (31 characters at most are used) -> frame, written without its index.
    title, note : str
        Kept in the properties of the workbook, as its title and its description.
    """
    from openpyxl.workbook.child import avoid_duplicate_name

    names: list[str] = []
    for name in sheets:
        safe = "".join("_" if c in r"[]:*?/\'" else c for c in name)[:31] or "table"
        names.append(avoid_duplicate_name(names, safe))
    rows = [list(_rows(frame)) for frame in sheets.values()]
    dated = any(DATE_STYLE in row or MOMENT_STYLE in row for each in rows for row in each)
    parts = dict(_frame_of_workbook(len(names), dated))
    for number, (name, frame) in enumerate(zip(names, sheets.values())):
        mark = f'name="{PLACE}{number}"'.encode()
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(mark, f"name={quoteattr(name)}".encode())
        sheet = f"xl/worksheets/sheet{number + 1}.xml"
        before, _, after = parts[sheet].partition(b"<sheetData>")
        after = after.partition(b"</sheetData>")[2]
        before = before[: before.index(b"<cols>")].replace(b'ref="A1:A3"', f'ref="{_dimension(frame)}"'.encode())
        parts[sheet] = b"".join(
            [before, _columns(frame).encode(), b"<sheetData>", *rows[number], b"</sheetData>", after]
        )
    core = parts["docProps/core.xml"].replace(NOTE_PLACE.encode(), escape(note).encode())
    core = core.replace(PLACE.encode(), escape(title).encode())
    parts["docProps/core.xml"] = _replace_dates(core, FIXED.strftime("%Y-%m-%dT%H:%M:%SZ").encode())
    path.write_bytes(_zipped(parts))


@lru_cache(maxsize=8)
def _frame_of_workbook(sheets: int, dated: bool) -> dict[str, bytes]:
    """Return every part of a workbook with so many sheets as openpyxl writes it, with the styles that cells ask for.

    Names and title are place holders. What differs from table to table is written by this module: openpyxl makes an
    object of every cell, which takes many times as long.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    book.remove(book.active)
    for number in range(sheets):
        sheet = book.create_sheet(f"{PLACE}{number}")
        cell = sheet.cell(1, 1, "header")
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet["A2"], sheet["A3"] = (FIXED.date(), FIXED) if dated else ("", "")
        sheet.freeze_panes = "A2"
        sheet.column_dimensions["A"].width = 10
    book.properties.title, book.properties.description = PLACE, NOTE_PLACE
    book.properties.creator = "Crosscase"
    book.properties.created = book.properties.modified = FIXED
    buffer = io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as written:
        return {name: written.read(name) for name in written.namelist()}


def _columns(frame: pd.DataFrame) -> str:
    """Return the widths of the columns: as wide as the longest of the first 200 cells, within bounds."""
    out = []
    for number, column in enumerate(frame.columns, start=1):
        longest = max([len(str(column)), *(len(str(v)) for v in frame.iloc[:, number - 1].head(200))])
        out.append(f'<col width="{min(60, longest + 2)}" customWidth="1" min="{number}" max="{number}"/>')
    return f"<cols>{''.join(out)}</cols>" if out else ""


def _dimension(frame: pd.DataFrame) -> str:
    from openpyxl.utils import get_column_letter

    return f"A1:{get_column_letter(max(1, frame.shape[1]))}{len(frame) + 1}"


def _rows(frame: pd.DataFrame) -> Iterator[bytes]:
    """Yield the rows of a sheet: the header in its style, then the cells."""
    from openpyxl.utils import get_column_letter

    letters = [get_column_letter(number + 1) for number in range(frame.shape[1])]
    header = (_written(f"{letter}1", neutral(str(column)), ' s="1"') for letter, column in zip(letters, frame.columns))
    yield f'<row r="1">{"".join(header) or EMPTY_HEADER}</row>'.encode("ascii", "xmlcharrefreplace")
    plain = frame.astype(object).where(frame.notna(), None)
    for number, row in enumerate(plain.itertuples(index=False), start=2):
        cells = (_written(f"{letter}{number}", neutral(_cell(cell))) for letter, cell in zip(letters, row))
        yield f'<row r="{number}">{"".join(cells)}</row>'.encode("ascii", "xmlcharrefreplace")


def _written(place: str, value: object, style: str = "") -> str:
    """Return one cell: a truth value, a number, or text in place; nothing where there is none."""
    match value:
        case None:
            return ""
        case bool():
            return f'<c r="{place}"{style} t="b"><v>{value:d}</v></c>'
        case int() | float():
            shown = f"{value:.16g}" if math.isfinite(value) else ""
            return f'<c r="{place}"{style} t="n"><v>{shown}</v></c>'
        case dt.date():
            from openpyxl.utils.datetime import to_excel

            look = (MOMENT_STYLE if isinstance(value, dt.datetime) else DATE_STYLE).decode()
            return f'<c r="{place}"{look} t="n"><v>{to_excel(value):.16g}</v></c>'
    text = ILLEGAL.sub("", str(value))[:LONGEST_CELL]
    if not text:
        return f'<c r="{place}"{style} t="inlineStr"></c>'
    keep = ' xml:space="preserve"' if text != text.strip() else ""
    return f'<c r="{place}"{style} t="inlineStr"><is><t{keep}>{escape(text, CARRIAGE)}</t></is></c>'


def _cell(value: object) -> object:
    if hasattr(value, "item"):
        value = value.item()
    return value if isinstance(value, int | float | str | bool | dt.date | type(None)) else str(value)


def _zipped(parts: dict[str, bytes]) -> bytes:
    """Zip the parts in a fixed order with fixed dates, so that equal tables are equal files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parts):
            info = zipfile.ZipInfo(name, date_time=(2000, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, parts[name])
    return out.getvalue()


def _replace_dates(xml: bytes, stamp: bytes) -> bytes:
    return re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, xml)
