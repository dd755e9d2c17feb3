"""Text as spreadsheet programs save it, in any language: encoding, separator, decimal comma, dates, true and false."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable
from typing import NamedTuple

from crosscase import tables

WESTERN = {"windows-1252": "cp1252", "MacRoman": "mac_roman", "DOS (850)": "cp850"}
LETTERS = frozenset("äöüßåæøœéèêëàâáãçîïíìôóòõùûúñÿ")
MARKS = frozenset("„“”‘’‚«»‹›–—…•·§°€£¶¡¿ºª©®™½¼¾²³×±\u00a0\u202f")
LOOK = 1 << 20
_PLACE = re.compile(r"(?s)(?<=(.))?([^\x00-\x7f])(?=(.))?")


class Decoded(NamedTuple):
    """The text of a file, its encoding, and how many of its letters no language of Western Europe would write so."""

    text: str
    encoding: str
    doubtful: int = 0


def decode(content: bytes) -> tuple[str, str]:
    """Return the text of a file and the encoding that fits, as `decoded` finds them.

    Examples
    --------
    >>> decode("é".encode()), decode(b"\\xe9"), decode("é".encode("utf-16"))
    (('é', 'utf-8'), ('é', 'windows-1252'), ('é', 'utf-16'))
    """
    return decoded(content)[:2]


def decoded(content: bytes) -> Decoded:
    """Return the text of a file, the encoding that fits, and the number of letters that are doubtful in it.

    A byte order mark decides, then zeros in every other byte (UTF-16 without its mark), then UTF-8. Of the encodings
    that one byte per letter leaves (Windows, Mac, DOS of Western Europe) that is taken in which the letters beyond
    ASCII stand as words have them: small after small, capital at the beginning. The mark of UTF-8 stays in the text, as
    positions may count it.

    Examples
    --------
    >>> decoded("déjà dit".encode("mac_roman")), decoded("a,b".encode("utf-16-le"))
    (Decoded(text='déjà dit', encoding='MacRoman', doubtful=0), Decoded(text='a,b', encoding='utf-16-le', doubtful=0))
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Decoded(content.decode("utf-16", errors="replace"), "utf-16")
    if (order := utf16_order(content)) is not None:
        return Decoded(content.decode(order, errors="replace"), order)
    try:
        return Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    doubts = {name: _doubtful(content[:LOOK].decode(codec, errors="replace")) for name, codec in WESTERN.items()}
    best = min(doubts, key=doubts.__getitem__)
    text = content.decode(WESTERN[best], errors="replace")
    return Decoded(text, best, doubts[best] if len(content) <= LOOK else _doubtful(text))


def utf16_order(content: bytes) -> str | None:
    """Return in which order a text in UTF-16 without its mark has its bytes; None where it is no such text.

    Examples
    --------
    >>> utf16_order("one".encode("utf-16-be")), utf16_order(b"one")
    ('utf-16-be', None)
    """
    head = content[:4096]
    pairs = len(head) // 2
    if pairs < 2:
        return None
    high, low = head[: 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    most, least = max(high, low), min(high, low)
    if 2 * most <= pairs or 10 * least > most:
        return None
    return "utf-16-be" if high > low else "utf-16-le"


def _doubtful(text: str) -> int:
    """Count the letters beyond ASCII that stand as no word of Western Europe has them."""
    return sum(not _fits(*found.groups(default=" ")) for found in _PLACE.finditer(text))


def _fits(before: str, letter: str, after: str) -> bool:
    if letter in MARKS:
        return letter in "’·" or not (before.isalpha() and after.isalpha())
    if all(beside > "\x7f" and beside not in MARKS for beside in (before, after)):
        return False
    if letter in LETTERS:
        return not (before.isupper() and after.isupper())
    return letter.lower() in LETTERS and not before.islower()


_PARTED = re.compile(
    r"\s*(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})"
    r"(?:[ T,]+(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?(?:\.\d+)?\s*([AaPp])?\.?(?:[Mm]\.?)?)?\s*"
)


def settled(values: Iterable[object]) -> tuple[dict[str, str], str]:
    """Return text -> ISO 8601 for dates as 31/12/2021 or 12/31/21 in a column, and which order was read.

    A part above 12 is a day and settles the order for the whole column; where none is, or the column has both orders,
    nothing is read and the order is empty. Dates with dots have the day first.

    Examples
    --------
    >>> settled(["05/01/2023", "25/01/2023 14:05"])
    ({'05/01/2023': '2023-01-05', '25/01/2023 14:05': '2023-01-25T14:05'}, 'day first')
    >>> settled(["5/1/2023", "1/25/23 2:05 PM"])[0]
    {'5/1/2023': '2023-05-01', '1/25/23 2:05 PM': '2023-01-25T14:05'}
    >>> settled(["5/1/2023"]), settled(["25/1/2023", "1/25/2023"])
    (({}, ''), ({}, ''))
    """
    texts = dict.fromkeys(value for value in values if isinstance(value, str))
    found = {text: match for text in texts if (match := _PARTED.fullmatch(text))}
    open_ = [match for match in found.values() if match[2] != "."]
    day, month = any(int(match[1]) > 12 for match in open_), any(int(match[3]) > 12 for match in open_)
    if open_ and day == month:
        found = {text: match for text, match in found.items() if match[2] == "."}
        day, order = True, ""
    else:
        order = "" if not open_ else "day first" if day else "month first"
    read = {text: iso for text, match in found.items() if (iso := _iso(match, day or match[2] == "."))}
    return read, order


def _iso(match: re.Match[str], day_first: bool) -> str | None:
    first, _, second, year, hour, minute, second_of, half = match.groups()
    day, month = (first, second) if day_first else (second, first)
    if not (0 < int(month) < 13 and 0 < int(day) < 32):
        return None
    whole = year if len(year) == 4 else ("19" if int(year) > 69 else "20") + year
    date = f"{whole}-{int(month):02}-{int(day):02}"
    if hour is None:
        return date
    at = int(hour) % 12 + (12 if half in ("P", "p") else 0) if half else int(hour)
    return f"{date}T{at:02}:{minute}" + (f":{second_of}" if second_of else "") if at < 24 else date


SEPARATORS = {";": "semicolons", "\t": "tabs", ",": "commas", "|": "bars"}
_TRUE = "true wahr vrai waar sann sant sand verdadero verdadeiro vero yes ja oui"
_FALSE = "false falsch faux onwaar usann usant falsk falskt falso no nein non nee nej nei"
WORDS = dict.fromkeys(_TRUE.split(), "true") | dict.fromkeys(_FALSE.split(), "false")
_COMMA = re.compile(r"[+-]?\d+,\d+")
_ODD = re.compile(
    r"(?i)(?:^|,)\"?(?:[+-]?\d+,\d+(?=\")|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|" + "|".join(WORDS) + r")\"?(?=,|$)",
    re.MULTILINE,
)


class Written(NamedTuple):
    """A table as the dictionary wants it, and what was assumed to read it, as parts of a sentence."""

    text: str
    assumed: list[str]


def as_written(content: bytes, of: tables.Schema) -> Written:
    """Return the text of a table of a study as the dictionary wants it, whatever spreadsheet program saved it.

    Parameters
    ----------
    content : bytes
        The file: UTF-8 with commas, or as a spreadsheet program in any language saves CSV.
    of : tables.Schema
        The table's schema; its columns of numbers, dates, and true or false are read as the program writes them.

    Returns
    -------
    Written
        The text with LF line ends, unchanged where the file is as the dictionary wants it. What cannot be read is left
        as it is, for the check to tell.

    Raises
    ------
    UnicodeDecodeError
        Where the bytes are in no encoding that could be told.
    """
    text, encoding, doubtful = decoded(content)
    if doubtful:
        content.decode("utf-8")
    assumed = [f"as {encoding}"] if encoding != "utf-8" else []
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    first = text.partition("\n")[0]
    mark = next((each for each in SEPARATORS if _is_header(first.split(each), of)), ",")
    if mark == "," and not _ODD.search(text):
        return Written(text, assumed)
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=mark, strict=True) if any(row)]
    except csv.Error:
        return Written(text, assumed)
    if not rows or any(len(row) > len(rows[0]) and any(row[len(rows[0]) :]) for row in rows):
        return Written(text, assumed)
    width = max(number for number, cell in enumerate(rows[0], start=1) if cell or number == 1)
    rows = [[cell.strip() if row is rows[0] else cell for cell in row[:width]] for row in rows]
    assumed += [f"with {SEPARATORS[mark]} between the cells"] if mark != "," else []
    changed = _read_as(rows, of)
    if mark == "," and not changed:
        return Written(text, assumed)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return Written(out.getvalue(), assumed + changed)


def _is_header(cells: list[str], of: tables.Schema) -> bool:
    named = [cell.strip().strip('"') for cell in cells]
    return len(named) > 1 and sum(name in of.columns for name in named) > 1


def _read_as(rows: list[list[str]], of: tables.Schema) -> list[str]:
    """Write numbers, dates, and true or false as the dictionary has them, in place; return what was assumed."""
    said: dict[str, None] = {}
    types = {item["name"]: item["type"] for item in of.fields}
    for at, column in enumerate(rows[0]):
        kind, cells = types.get(column), [row[at] if at < len(row) else "" for row in rows[1:]]
        new = dict.fromkeys(cells, "")
        if kind == "boolean":
            new = {cell: WORDS[cell.strip().lower()] for cell in new if cell.strip().lower() in WORDS}
            what = "words for true and false"
        elif kind in ("number", "integer"):
            new = {cell: cell.replace(",", ".") for cell in new if _COMMA.fullmatch(cell)}
            if kind == "integer":
                new = {
                    cell: number.rpartition(".")[0]
                    for cell, number in new.items()
                    if not int(number.rpartition(".")[2])
                }
            what = "decimal commas"
        elif column == "date":
            new, order = settled(new)
            what = f"dates with the {order or 'day first'}"
        else:
            continue
        if any(cell != written for cell, written in new.items()):
            said[what] = None
            for row in rows[1:]:
                if at < len(row):
                    row[at] = new.get(row[at], row[at])
    return list(said)
