"""How tall a figure may be, and how many of its rows are drawn; the rest is told in one line."""

from __future__ import annotations

from collections.abc import Sequence

from crosscase.figures.ink.sheet import Sheet

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
