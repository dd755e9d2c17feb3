"""Write Excel workbooks that are the same bytes every time and that no spreadsheet program executes."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import pandas as pd

FIXED = dt.datetime(2000, 1, 1)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def neutral(cell: object) -> object:
    """Return a cell that a spreadsheet shows and never executes: text that looks like a formula gets a quote before it.

    Examples
    --------
    >>> neutral("=1+1"), neutral("-"), neutral(-3), neutral("plain")
    ("'=1+1", '-', -3, 'plain')
    """
    if isinstance(cell, str) and len(cell) > 1 and cell.startswith(FORMULA_STARTS):
        return "'" + cell
    return cell


def write_workbook(path: Path, sheets: dict[str, pd.DataFrame], title: str = "") -> None:
    """Write frames as sheets of one workbook: header bold and frozen, columns wide enough, formulas neutral.

    Parameters
    ----------
    path : pathlib.Path
        Where the workbook goes.
    sheets : dict of str to pandas.DataFrame
        Name of each sheet (31 characters at most are used) -> frame, written without its index.
    title : str
        Kept in the properties of the workbook.
    """
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.active)
    for name, frame in sheets.items():
        sheet = book.create_sheet("".join("_" if c in r"[]:*?/\'" else c for c in name)[:31] or "table")
        sheet.append([str(column) for column in frame.columns])
        for row in frame.astype(object).where(frame.notna(), None).itertuples(index=False):
            cells = (neutral(_cell(cell)) for cell in row)
            sheet.append([ILLEGAL_CHARACTERS_RE.sub("", c) if isinstance(c, str) else c for c in cells])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.freeze_panes = "A2"
        for number, column in enumerate(frame.columns, start=1):
            longest = max([len(str(column)), *(len(str(v)) for v in frame.iloc[:, number - 1].head(200))])
            sheet.column_dimensions[get_column_letter(number)].width = min(60, longest + 2)
    book.properties.title = title
    book.properties.creator = "Crosscase"
    book.properties.created = book.properties.modified = FIXED
    buffer = io.BytesIO()
    book.save(buffer)
    path.write_bytes(_same_bytes(buffer.getvalue()))


def _cell(value: object) -> object:
    if hasattr(value, "item"):
        value = value.item()
    return value if isinstance(value, int | float | str | bool | dt.date | type(None)) else str(value)


def _same_bytes(workbook: bytes) -> bytes:
    """Zip again with fixed dates, so that equal tables are equal files."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in sorted(old.namelist()):
            content = old.read(item)
            if item == "docProps/core.xml":
                stamp = FIXED.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
                content = _replace_dates(content, stamp)
            info = zipfile.ZipInfo(item, date_time=(2000, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, content)
    return out.getvalue()


def _replace_dates(xml: bytes, stamp: bytes) -> bytes:
    import re

    return re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, xml)
