"""Names from strangers: ids made of them are plain, labels keep what a person wrote and nothing that misleads."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

MAX_LABEL = 500
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MAX_TEXT = 100_000
_OVERRIDES = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


def whole(text: str) -> str:
    """Return a text in which each half of a letter (a lone surrogate) is the replacement character.

    Examples
    --------
    >>> whole("a\\ud800b") == "a\\ufffdb"
    True
    """
    return _SURROGATE.sub("\ufffd", text)


def label(raw: object) -> str:
    """Return a name as one line: control characters and overrides of the writing direction gone, white space single.

    Examples
    --------
    >>> label("two\\nlines \\u202e<b>=1")
    'two lines <b>=1'
    """
    if raw is None:
        return ""
    text = _SURROGATE.sub("\ufffd", str(raw))
    text = "".join(" " if c.isspace() else c for c in text if c not in _OVERRIDES)
    return re.sub(" +", " ", _CONTROL.sub("", text)).strip()[:MAX_LABEL].rstrip()


def prose(raw: object) -> str:
    """Return a longer text (definition, memo) with LF line ends, no control characters, no white space around it.

    Examples
    --------
    >>> prose(" one\\r\\ntwo\\x00 ")
    'one\\ntwo'
    """
    if raw is None:
        return ""
    text = _SURROGATE.sub("\ufffd", str(raw)).replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c for c in text if c not in _OVERRIDES) if any(c in text for c in _OVERRIDES) else text
    return _CONTROL.sub("", text).strip()[:MAX_TEXT].rstrip()


def slug(raw: object, fallback: str = "x", length: int = 48) -> str:
    """Return a name as a plain id: a-z, 0-9 and hyphens.

    Examples
    --------
    >>> slug("../Café <script> 2"), slug("=\\u202e"), slug("CON")
    ('cafe-script-2', 'x', 'x-con')
    """
    plain = unicodedata.normalize("NFKD", label(raw)).encode("ascii", "ignore").decode("ascii").lower()
    plain = re.sub("[^a-z0-9]+", "-", plain).strip("-")[:length].strip("-")
    if not plain:
        return fallback
    return f"{fallback}-{plain}" if plain in _RESERVED else plain


def unique(wanted: str, taken: Container[str]) -> str:
    """Return an id that is not taken yet: the wanted one, or with the first free number.

    The number is sought in steps that double, as a file may give one name to a hundred thousand things; where numbers
    were left out, a later one may be found.

    Examples
    --------
    >>> unique("a", {"a", "a-2"})
    'a-3'
    """
    if wanted not in taken:
        return wanted
    low, high = 1, 2
    while f"{wanted}-{high}" in taken:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if f"{wanted}-{middle}" in taken:
            low = middle
        else:
            high = middle
    return f"{wanted}-{high}"


def date(raw: object) -> str | None:
    """Return a date or time in ISO 8601 as far as it is one, else None.

    Examples
    --------
    >>> date("2021-10-11T14:35:33Z"), date("2021-10-11 14:35:33.25"), date("yesterday")
    ('2021-10-11T14:35:33Z', '2021-10-11T14:35:33', None)

    Days that are told from months are read too: with dots, as in German tables, and as R writes a moment. A date such
    as 5/1/2023 is not, as it may be in January or in May.

    >>> date("01.05.2023 10:00"), date("Mon Jun  1 12:30:00 2015"), date("5/1/2023")
    ('2023-05-01T10:00', '2015-06-01T12:30:00', None)
    """
    text = _other_ways(str(raw or "").strip()).replace(" ", "T", 1)
    found = re.match(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?)?", text)
    if not found:
        return None
    rest = re.match(r"(?:\.\d+)?(Z|[+-]\d\d:\d\d)?$", text[found.end() :])
    return found.group() + (rest.group(1) or "" if rest and "T" in found.group() else "")


def _other_ways(text: str) -> str:
    """Return a date with dots, or as R writes a moment, as year, month, day; other texts as they are."""
    if found := re.match(r"(\d\d?)\.(\d\d?)\.(\d{4})(?= |$)", text):
        day_, month, year = found.groups()
        return f"{year}-{int(month):02}-{int(day_):02}{text[found.end() :]}" if 0 < int(month) < 13 else text
    if found := re.fullmatch(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d\d?) (\d\d:\d\d:\d\d) (\d{4})", text):
        month, day_, time, year = found.groups()
        return f"{year}-{MONTHS.index(month) + 1:02}-{int(day_):02}T{time}" if month in MONTHS else text
    return text


def day(moment: str | None) -> str | None:
    """Return a date for a moment that we made of one: midnight without a time zone.

    Examples
    --------
    >>> day("2020-01-01T00:00:00"), day("2020-01-01T00:00:00Z"), day(None)
    ('2020-01-01', '2020-01-01T00:00:00Z', None)
    """
    return moment.removesuffix("T00:00:00") if moment else moment
