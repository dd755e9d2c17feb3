"""The marks that every figure shares: the four cell states and the valences, each with a symbol beside its colour."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from crosscase.figures.ink.checks import number
from crosscase.figures.ink.sheet import Key, Painter, Sheet, text_width
from crosscase.figures.ink.style import ACCENT, HALF, HATCH, INK, MUTED, PAPER, RULE, SERIES, STATES, VALENCE

TOGETHER, FAINT = "#e3f0f8", "#8c8c8c"
"""What is known for cases together, and what is not stated: both paler than what is known of a case."""


def valence_mark(sheet: Sheet, x: float, y: float, size: float, valence: str) -> None:
    """Draw a disc with the valence's symbol, `size` inches across."""
    mark = VALENCE[valence]
    sheet.circle(x, y, size / 2, fill=mark.color, edge=INK if mark.text == INK else mark.color, line=0.5)
    points = size * 72 * 0.8
    sheet.text(x, y, mark.symbol, size=points, weight="bold", ha="center", color=mark.text)


def not_stated_mark(sheet: Sheet, x: float, y: float, width: float, height: float) -> None:
    """Draw a thin dot: nobody said, which is quiet and is not zero."""
    sheet.circle(x, y, min(0.02 * sheet.scale, width / 3, height / 3), fill=FAINT)


def undefined_field(sheet: Sheet, x: float, y: float, width: float, height: float) -> None:
    """Draw a grey hatched field with a question mark where a number is undefined."""
    sheet.field(x, y, width, height, fill="#ebebeb", edge=RULE, hatch=HATCH, line=0.4)
    size = sheet.look.small
    r = 0.62 * size / 72
    if min(width, height) > 1.9 * r:
        sheet.circle(x, y, r, fill="#ebebeb", z=4)
    sheet.text(x, y, "?", size=size, weight="bold", ha="center", color=MUTED)


def count_text(k: Any, n: Any) -> str:
    """Return `k of n`; `both` or `all n` where it is said of all cases together; `some` where neither is known.

    Examples
    --------
    >>> count_text(2, 4), count_text(2, 2), count_text(4, 4), count_text(None, None)
    ('2 of 4', 'both', 'all 4', 'some')
    """
    if pd.isna(k) and pd.isna(n):
        return "some"
    if pd.isna(n):
        return number(k)
    if pd.notna(k) and k == n and n > 1:
        return "both" if n == 2 else f"all {number(n)}"
    return f"{number(k)} of {number(n)}"


def count_mark(sheet: Sheet, x: float, y: float, width: float, height: float, text: str) -> None:
    """Draw a pale field with the words, for example `2 of 4`."""
    sheet.field(x, y, width, height, fill=TOGETHER, edge=HALF, line=0.5, radius=0.02 * sheet.scale)
    size = sheet.look.small
    if text_width(text, size) > width:
        text = text.replace(" of ", "/")
    sheet.text(x, y, text, size=size, ha="center")


def present_mark(sheet: Sheet, x: float, y: float, size: float, text: str = "", valence: str | None = None) -> None:
    """Draw a filled disc, with a number in it or in the colour and with the symbol of its valence."""
    if valence is not None and valence != "na" and not text:
        valence_mark(sheet, x, y, size, valence)
        return
    mark = VALENCE[valence] if valence not in (None, "na") else None
    fill = mark.color if mark else ACCENT
    ink = mark.text if mark else PAPER
    if not text:
        sheet.circle(x, y, size / 2, fill=fill, edge=fill)
        return
    shown = f"{text} {mark.symbol}" if mark else text
    wide = max(size, text_width(shown, sheet.look.small, "bold") + 0.35 * size)
    sheet.field(x, y, wide, size, fill=fill, edge=INK if ink == INK else fill, line=0.5, radius=size * 0.42)
    sheet.text(x, y, shown, size=sheet.look.small, weight="bold", ha="center", color=ink)


def absent_mark(sheet: Sheet, x: float, y: float, size: float, text: str = "") -> None:
    """Draw an empty circle, with a `0` in it where a number is asked for."""
    sheet.circle(x, y, size / 2, fill=PAPER, edge=MUTED, line=1.0)
    if text:
        sheet.text(x, y, text, size=sheet.look.small, ha="center", color=MUTED)


def state_legend(states: Iterable[object], valences: Iterable[object] = ()) -> Key:
    """Return legend entries for the states and valences that occur, in the fixed order.

    A null or `na` among the valences stands for a present cell without valence.
    """
    given = list(valences)
    seen, tones = set(states), {v for v in given if v in VALENCE and v != "na"}
    plain = not tones or len(tones) < len(set(given))
    entries: Key = []
    if "present" in seen and plain:
        words = STATES["present"] + (", no valence" if tones else "")
        entries.append((lambda s, x, y, m: present_mark(s, x, y, m * 0.8), words))
    entries += valence_legend(tones, prefix="present: " if "present" in seen else "")
    if "count" in seen:
        entries.append((lambda s, x, y, m: _swatch(s, x, y, m), STATES["count"]))
    if "absent" in seen:
        entries.append((lambda s, x, y, m: absent_mark(s, x, y, m * 0.8), STATES["absent"]))
    if "not_stated" in seen:
        entries.append((lambda s, x, y, m: not_stated_mark(s, x, y, m, m), STATES["not_stated"]))
    return entries


def valence_legend(valences: Iterable[object], prefix: str = "") -> Key:
    """Return legend entries for valences, in the fixed order."""
    seen = set(valences)
    return [(valence_key(name), prefix + mark.label) for name, mark in VALENCE.items() if name in seen]


def valence_key(valence: str) -> Painter:
    """Return the legend's mark of a valence."""
    return lambda sheet, x, y, size: valence_mark(sheet, x, y, 0.97 * size, valence)


def _swatch(sheet: Sheet, x: float, y: float, size: float) -> None:
    sheet.field(x, y, size, size, fill=TOGETHER, edge=HALF, line=0.5, radius=0.02 * sheet.scale)


def dot(sheet: Sheet, x: float, y: float, series: int, size: float = 1.0) -> None:
    """Draw the marker of the first, second ... series of a plot."""
    color, marker, _ = SERIES[series % len(SERIES)]
    sheet.marker(x, y, marker, 5 * size * sheet.scale, color)


def dot_key(series: int) -> Painter:
    """Return the legend's mark of a series."""
    return lambda sheet, x, y, size: dot(sheet, x, y, series)
