"""How tall a figure may be, and how many of its rows are drawn; the rest is told in one line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

from matplotlib.figure import Figure

from crosscase.figures.ink.checks import plural
from crosscase.figures.ink.sheet import Measure, Painter, Sheet, broken_words
from crosscase.figures.ink.style import MUTED

PAGE = 230 / 25.4
"""Inches: the tallest figure of the book."""


def tallest(sheet: Sheet) -> float:
    """Return how tall a figure may be in inches: a page of the book, as many lines of a poster, or a slide."""
    if sheet.look.kind == "slide":
        return 9 / 16 * sheet.look.width
    return PAGE if sheet.look.kind in ("book", "print") else PAGE * sheet.scale


def fitting(heights: Sequence[float], room: float) -> int:
    """Return how many of the rows fit, one at least.

    Examples
    --------
    >>> fitting([1.0, 1.0, 1.0], 2.5), fitting([9.0], 1.0), fitting([], 1.0)
    (2, 1, 0)
    """
    used = 0.0
    for count, height in enumerate(heights):
        used += height
        if used > room + 1e-9:
            return max(count, 1)
    return len(heights)


Body = Callable[[Sheet, Sequence[str]], float]
"""Draws the rows it is given, says in a line how many it leaves out, and returns the `y` below."""


def fits(sheet: Sheet, body: Body, ranked: Sequence[str], least: int = 1) -> int:
    """Return how many of the ranked rows a page holds, `least` at least."""

    def height(count: int) -> float:
        with broken_words():
            return body(Measure(sheet.look.kind, sheet.look.width), ranked[:count])

    count, room = len(ranked), tallest(sheet)
    if count > least and height(count) > room:
        return max(least, bisect_right(range(count), room, lo=least, key=height) - 1)
    return count


def fitted(sheet: Sheet, body: Body, ranked: Sequence[str], least: int = 1) -> Figure:
    """Draw as many rows as a page holds: of the ranked rows the first, as they say most."""
    return sheet.finish(body(sheet, ranked[: fits(sheet, body, ranked, least)]))


def below(sheet: Sheet, y: float, notes: Sequence[str], entries: Sequence[tuple[Painter, str]]) -> float:
    """Write notes and a legend under a figure and return the `y` below them."""
    pad = 0.08 * sheet.scale
    width = sheet.width - 2 * pad
    if words := " ".join(filter(None, notes)):
        y = sheet.block(pad, y + pad, width, words, size=sheet.look.small, color=MUTED)
    return sheet.legend(pad, y + pad, width, entries) + pad


def left_out(count: int, noun: str) -> str:
    """Say how many rows or columns are not drawn and where they are.

    Examples
    --------
    >>> left_out(1, "code"), left_out(0, "code")
    ('1 code with fewer entries is not drawn: the table has all.', '')
    """
    verb = "is" if count == 1 else "are"
    return f"{plural(count, noun)} with fewer entries {verb} not drawn: the table has all." if count else ""
