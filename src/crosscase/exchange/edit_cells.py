"""Cells of the workbook: how a value is shown, whether a cell still says it, and what a changed cell says."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping

import pandas as pd

from crosscase import ids, spreadsheets, tables, terms
from crosscase.errors import shown as cut
from crosscase.exchange import names
from crosscase.exchange.edit_layout import (
    DATE,
    INTEGER,
    LINE,
    LIST,
    NUMBER,
    PARTICIPANT,
    REFERENCE,
    TERM,
    WORDS,
    Column,
)
from crosscase.publish.cells import guard, unguard

LONGEST = 32_767
"""Characters that a cell of a spreadsheet holds."""
JOIN = "; "
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_MONTH = re.compile(r"\d{4}-\d{2}")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")


class Wrong(Exception):
    """A cell that cannot be taken over: the rule, what was found, what is allowed, what to do."""

    def __init__(self, rule: str, found: object, allowed: str = "", remedy: str = "correct the cell") -> None:
        super().__init__(rule)
        self.rule, self.found, self.allowed, self.remedy = rule, cut(found), allowed, remedy


def shown(value: object, column: Column, called: Mapping[str, str]) -> str | int | float | None:
    """Return a value as its cell shows it; `called` are the names of the rows that it may name.

    Examples
    --------
    >>> shown("not_stated", Column("state", "State", kind=TERM), {}), shown("=1", Column("note", "Note"), {})
    ('not stated', "'=1")
    """
    if missing(value):
        return None
    if column.kind in (INTEGER, NUMBER):
        number = float(str(value))
        return int(number) if number.is_integer() else number
    text = str(value)
    if column.kind == TERM:
        text = terms.said(text)
    elif column.kind in (REFERENCE, PARTICIPANT):
        text = called.get(text, text)
    elif column.kind in (LIST, WORDS):
        text = JOIN.join(called.get(part, part) for part in ids.split(text))
    return written(text)


def written(text: str) -> str | None:
    """Return a text as a cell can hold it: no sign that XML refuses, no formula, no longer than a cell."""
    clean = _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return str(guard(clean))[:LONGEST] or None


def said(cell: object) -> str | None:
    """Return what a cell says as text, None where it is empty; nothing around it, no mark against formulas.

    Examples
    --------
    >>> said(3.0), said(True), said(dt.datetime(2026, 3, 1)), said(" '=1 "), said("  ")
    ('3', 'true', '2026-03-01', '=1', None)
    """
    match cell:
        case None:
            return None
        case bool():
            return str(cell).lower()
        case int():
            return str(cell)
        case float():
            return None if math.isnan(cell) else str(int(cell)) if cell.is_integer() else f"{cell:.15g}"
        case dt.datetime():
            return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat()
        case dt.date() | dt.time():
            return cell.isoformat()
    text = _ILLEGAL.sub("", str(cell).replace("\r\n", "\n").replace("\r", "\n")).strip()
    return str(unguard(text)).strip() or None


def same(cell: object, before: object) -> bool:
    """Tell whether a cell says what was written into it, also where a program made a number or a date of a text.

    Examples
    --------
    >>> same("Trust ", "Trust"), same(7, "07"), same(dt.datetime(2026, 5, 1), "2026-05"), same("7", "07")
    (True, True, True, False)
    """
    now, then = said(cell), said(before)
    if now == then:
        return True
    if now is None or then is None:
        return False
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _NUMBER.fullmatch(then) is not None and float(then.replace(",", ".")) == float(cell)
    if isinstance(cell, dt.date) and _MONTH.fullmatch(then):
        return now == f"{then}-01"
    return False


def missing(value: object) -> bool:
    """Tell whether a cell of a table is empty."""
    return value is None or (value == "" if isinstance(value, str) else bool(pd.isna(value)))


def value(
    cell: object, column: Column, of: tables.Schema, find: Callable[[str, str], str], dates: Mapping[str, str]
) -> str | int | float | None:
    """Return what a changed cell says, as the table keeps it.

    Parameters
    ----------
    cell : object
        The cell.
    column : Column
        Its column.
    of : Schema
        The schema of the table.
    find : callable
        Table and name -> id; it raises `Wrong` where the name is nobody's, or that of several.
    dates : mapping of str to str
        Dates as the cells of the column write them -> ISO 8601.

    Raises
    ------
    Wrong
        Where the cell breaks a rule of the dictionary.
    """
    text = said(cell)
    if text is None:
        if of.constraint(column.field, "required"):
            raise Wrong("the cell is filled", "an empty cell", remedy="fill it")
        return None
    match column.kind:
        case "reference":
            return find(column.of, text)
        case "participant":
            return find("participants", text)
        case "list":
            return ids.join(dict.fromkeys(several(text, lambda part: find(column.of, part))))
        case "words":
            return ids.join(ids.split(names.label(text))) or None
        case "term":
            return _term(text, of.constraint(column.field, "enum"))
        case "integer" | "number":
            return _number(text, column, of)
    if column.kind == DATE:
        text = dates.get(text, text)
    text = _one_line(text) if column.kind in (LINE, DATE) else names.prose(text)
    pattern = of.constraint(column.field, "pattern")
    if pattern and not re.match(pattern, text):
        allowed = {"date": "2026-03-01, 2026-03 or 2026", "color": "#1f77b4", "language": "en"}
        raise Wrong("the cell has the form of its column", text, allowed.get(column.field, pattern))
    return text or None


def _one_line(text: str) -> str:
    if len(text) > names.MAX_LABEL:
        raise Wrong(f"a name has at most {names.MAX_LABEL} characters", f"{len(text):,}", remedy="say it shorter")
    return names.label(text)


def _term(text: str, allowed: list[str]) -> str:
    low = " ".join(text.casefold().split())
    found = [term for term in allowed if low in (term.casefold(), terms.said(term).casefold())]
    if not found:
        raise Wrong("the word is one of a list", text, ", ".join(map(terms.said, allowed)))
    return found[0]


def _number(text: str, column: Column, of: tables.Schema) -> int | float:
    plain = text.replace("\u00a0", "").replace(" ", "")
    if not _NUMBER.fullmatch(plain):
        raise Wrong("the cell holds a number", text)
    number = float(plain.replace(",", "."))
    if column.kind == INTEGER and not number.is_integer():
        raise Wrong("the number is a whole one", text)
    least = of.constraint(column.field, "minimum")
    if least is not None and number < least:
        raise Wrong(f"the number is at least {least}", text)
    return int(number) if column.kind == INTEGER else number


def several(text: str, find: Callable[[str], str]) -> list[str]:
    """Return the ids of names with semicolons or line ends between them; a name may hold a semicolon itself."""
    parts = [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
    out, at = [], 0
    while at < len(parts):
        for end in range(len(parts), at, -1):
            try:
                out.append(find(JOIN.join(parts[at:end])))
            except Wrong:
                if end > at + 1:
                    continue
                raise
            at = end
            break
    return out


def settled(cells: list[object]) -> dict[str, str]:
    """Return text -> ISO 8601 for dates that a column writes day or month first, where the column settles it."""
    return spreadsheets.settled([text for cell in cells if (text := said(cell))])[0]
