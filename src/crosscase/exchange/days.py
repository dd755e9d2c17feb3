"""Dates whose order of day and month only the column as a whole tells."""

from __future__ import annotations

import re
from collections.abc import Iterable

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
