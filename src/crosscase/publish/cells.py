"""Cells that no spreadsheet executes, and the CSV files that people open: marked, guarded, and read back as they were.

The tables under `data/` are read by programs and stay as they are; whatever else is written as CSV goes through here.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd  # imported where it is needed: to find that nothing has changed must stay fast

ENCODING = "utf-8-sig"
"""With the mark by which Excel knows the encoding."""
_BLANK = r"[\s\x00\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*"
_LIVE = rf"{_BLANK}[\t\r\n=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]"
_DANGER = re.compile(rf"{_LIVE}.", re.DOTALL)
_GUARDED = re.compile(rf"'+{_LIVE}")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


def neutral(cell: object) -> object:
    """Return a cell that a spreadsheet shows and never executes: text that looks like a formula gets a quote before it.

    Signs of formulas count in their wide forms as well, and after blanks, which some programs leave out.

    >>> neutral("=1+1"), neutral(" \\uff1d1"), neutral("-"), neutral(-3), neutral("plain")
    ("'=1+1", "' \\uff1d1", '-', -3, 'plain')
    """
    return f"'{cell}" if isinstance(cell, str) and _DANGER.match(cell) else cell


def guard(cell: object) -> object:
    """Return a cell that no spreadsheet executes and that `unguard` gives back as it was; a number stays one.

    >>> guard("=1"), guard("'=1"), unguard(guard("=1")), unguard(guard("'=1")), unguard("'quoted'")
    ("'=1", "''=1", '=1', "'=1", "'quoted'")
    >>> guard("-0.5"), guard("-0.5 to +1")
    ('-0.5', "'-0.5 to +1")
    """
    if isinstance(cell, str):
        if _NUMBER.fullmatch(cell):
            return cell
        if _GUARDED.match(cell):
            return f"'{cell}"
    return neutral(cell)


def unguard(cell: object) -> object:
    """Return what was guarded."""
    return cell[1:] if isinstance(cell, str) and len(cell) > 2 and _GUARDED.match(cell) else cell


def csv_text(frame: pd.DataFrame) -> str:
    """Return a frame as the text of a CSV file for people: cells and headings guarded, without its index.

    Examples
    --------
    >>> import pandas as pd
    >>> csv_text(pd.DataFrame({"=code": ["@SUM(A1)", None], "n": [-1.5, 2.0]}))
    "'=code,n\\n'@SUM(A1),-1.5\\n,2.0\\n"
    """
    import pandas as pd

    safe = frame.copy(deep=False)
    for place, kind in enumerate(frame.dtypes):
        if not (pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_datetime64_any_dtype(kind)):
            column = frame.iloc[:, place].astype(object)
            safe.isetitem(place, column.where(column.notna(), None).map(guard))
    safe.columns = pd.Index([guard(str(name)) for name in frame.columns], dtype=object)
    lines = _Lines()
    safe.to_csv(lines, index=False, lineterminator="\r\n")
    return "".join(lines.parts)


def rows_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows as the text of a CSV file for people, as `csv_text` does, with its mark.

    >>> rows_text(["id", "=set"], [["a", "@x"], ["b", None]])
    "\\ufeffid,'=set\\na,'@x\\nb,\\n"
    """
    lines = _Lines()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow([guard(name) for name in header])
    writer.writerows([guard(cell) for cell in row] for row in rows)
    return "\ufeff" + "".join(lines.parts)


class _Lines:
    """Takes rows that end with CR LF, for which the writer quotes either sign inside a cell, and ends them with LF."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def write(self, row: str) -> None:
        self.parts.append(f"{row[:-2]}\n")


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as a CSV file for people, see `csv_text`; UTF-8 with a mark, so that Excel reads it."""
    path.write_bytes(csv_text(frame).encode(ENCODING))


def read_csv(path: Path) -> pd.DataFrame:
    """Return a CSV file that `write_csv` wrote, as texts, empty cells null, nothing guarded any more."""
    import pandas as pd

    frame = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""], encoding=ENCODING)
    frame.columns = pd.Index([str(unguard(name)) for name in frame.columns])
    return frame.map(unguard)
