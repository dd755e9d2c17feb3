"""How tall a figure may be, and how many of its rows are drawn; the rest is told in one line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

from matplotlib.figure import Figure

from crosscase.figures.ink.checks import plural
from crosscase.figures.ink.sheet import Painter, Sheet, broken_words, note_broken
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


def fitted(sheet: Sheet, body: Callable[[Sheet, Sequence[str]], float], ranked: Sequence[str]) -> Figure:
    """Draw as many rows as a page holds, those first that say most.

    Parameters
    ----------
    sheet : Sheet
        Where it is drawn.
    body : callable
        Draws the rows it is given and says in a line how many it leaves out: sheet, ids of rows; returns the `y` below.
    ranked : sequence of str
        Ids of all rows, those first that are left out last.
    """

    def tried(count: int) -> tuple[Sheet, float, list[str]]:
        page = Sheet(sheet.look.kind, sheet.look.width)
        with broken_words() as words:
            return page, body(page, ranked[:count]), words

    page, height, words = tried(len(ranked))
    if height > (room := tallest(sheet)) and len(ranked) > 1:
        first_too_tall = bisect_right(range(len(ranked)), room, lo=1, key=lambda count: tried(count)[1])
        page, height, words = tried(max(1, first_too_tall - 1))
    note_broken(words)
    return page.finish(height)


def below(sheet: Sheet, y: float, notes: Sequence[str], entries: Sequence[tuple[Painter, str]]) -> float:
    """Write notes and a legend under a figure and return the `y` below them."""
    pad = 0.08 * sheet.scale
    width = sheet.width - 2 * pad
    if words := " ".join(filter(None, notes)):
        y = sheet.block(pad, y + pad, width, words, size=sheet.look.small, color=MUTED)
    return sheet.legend(pad, y + pad, width, entries) + pad


def left_out(count: int, noun: str) -> str:
    """Say how many rows are not drawn and where they are.

    Examples
    --------
    >>> left_out(1, "code"), left_out(0, "code")
    ('1 code with fewer entries is not drawn: the table has all.', '')
    """
    verb = "is" if count == 1 else "are"
    return f"{plural(count, noun)} with fewer entries {verb} not drawn: the table has all." if count else ""
