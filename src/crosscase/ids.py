"""Lists of ids, or of spans, in one cell: joined and parted here and nowhere else; and ids that are names of files."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

SEPARATOR = ";"
DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"]
    + [f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"]
)
"""Names that Windows gives to devices: a file of such a name cannot be made there, whatever its ending."""
LONGEST_STUDY, LONGEST_ID, LONGEST_NAME = 40, 100, 240
"""Characters of a study id, of a dotted id, and of any file name: a path has 260 on Windows."""
_SPAN = re.compile(r"\s*(\d+)\s*-\s*(\d+)\s*")
_UNFIT = re.compile(r'[\x00-\x1f<>:"/\\|?*]')


def unfit(name: str, longest: int = LONGEST_NAME) -> str:
    """Return why an id cannot be the name of a file on every system; empty where it can.

    Parameters
    ----------
    name : str
        One name, without folders.
    longest : int
        How many characters it may have.

    Examples
    --------
    >>> unfit("my-study"), unfit("aux"), unfit("Com1.txt")
    ('', "'aux' is the name of a device of Windows", "'Com1' is the name of a device of Windows")
    >>> unfit("notes."), unfit("a:b"), unfit("x" * 50, 40)
    ('it ends in a dot or a space', "it holds ':'", 'it has 50 characters, at most 40 fit')
    """
    stem = name.partition(".")[0].rstrip(" ")
    if not name or name in (".", ".."):
        return "it is empty"
    if stem.casefold() in DEVICES:
        return f"{stem!r} is the name of a device of Windows"
    if name.endswith((".", " ")):
        return "it ends in a dot or a space"
    if found := _UNFIT.search(name):
        return f"it holds {found.group()!r}"
    return f"it has {len(name)} characters, at most {longest} fit" if len(name) > longest else ""


def split(cell: object) -> list[str]:
    """Return the ids in a cell; none where it is null or empty.

    Examples
    --------
    >>> split("a;b; c"), split(""), split(None)
    (['a', 'b', 'c'], [], [])
    """
    if not isinstance(cell, str):
        return [] if cell is None or pd.isna(cell) else split(str(cell))
    return [part for each in cell.split(SEPARATOR) if (part := each.strip())]


def span(text: str) -> tuple[int, int] | None:
    """Return where a span starts and ends, in code points; None where the text is no span.

    Examples
    --------
    >>> span("5-12"), span(" 40 - 51"), span("page 5"), span("5-"), span("\u00b2-\u00b3")
    ((5, 12), (40, 51), None, None, None)
    """
    found = _SPAN.fullmatch(text)
    return (int(found[1]), int(found[2])) if found else None


def join(ids: Iterable[object]) -> str:
    """Return ids as one cell, in the order given.

    Examples
    --------
    >>> join(["b", "a"]), join([])
    ('b;a', '')
    """
    return SEPARATOR.join(map(str, ids))


def each(cells: pd.Series) -> pd.Series:
    """Return one row per id, under the label of the row that it came from; null and empty cells give none.

    Examples
    --------
    >>> each(pd.Series(["a;b", None, "c"], index=[4, 5, 6])).to_dict()
    {4: 'b', 6: 'c'}
    """
    known = cells.dropna().astype("str")
    return known.map(split).explode().dropna().astype("str")


def split_rows(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return one row per id of a column; an empty text becomes null, and a row without any id stays.

    Examples
    --------
    >>> split_rows(pd.DataFrame({"case": ["a;b", None], "n": [1, 2]}), "case")["n"].tolist()
    [1, 1, 2]
    """
    values = frame[column]
    text = values.astype("string")
    if not bool(text.str.contains(SEPARATOR, regex=False, na=False).any()):
        return frame.assign(**{column: text.where(text.str.strip() != "")})
    out = frame.assign(**{column: text.str.split(SEPARATOR)}).explode(column)
    out[column] = out[column].astype("string").str.strip()
    out[column] = out[column].where(out[column] != "")
    return out
