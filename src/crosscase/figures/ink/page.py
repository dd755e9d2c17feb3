"""How tall a figure may be, and how many of its rows are drawn; the rest is told in one line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

from matplotlib.figure import Figure

from crosscase.figures.ink.checks import plural
from crosscase.figures.ink.sheet import Measure, Painter, Sheet, broken_words
from crosscase.figures.ink.style import MUTED

PAGE = 230 / 25.4
TALLEST = {"book": PAGE, "print": PAGE, "poster": PAGE * 28 / 9, "slide": 6.75}
"""Inches: the tallest figure of each look: a page of the book, as many lines of a poster, a slide of 16:9."""
STEPS = 20
"""Sizes that are tried for a panel that is too tall."""


def tallest(sheet: Sheet) -> float:
    """Return how tall a figure may be in inches."""
    return TALLEST[sheet.look.kind]


def measured(sheet: Sheet, paint: Callable[[Sheet], float]) -> float:
    """Return how tall something would be on a sheet, without drawing it."""
    with broken_words():
        return paint(Measure(sheet.look.kind, sheet.width))


Body = Callable[[Sheet, Sequence[str]], float]
"""Draws the rows it is given, says in a line how many it leaves out, and returns the `y` below."""


def fits(sheet: Sheet, body: Body, ranked: Sequence[str], least: int = 1) -> int:
    """Return how many of the ranked rows a page holds, `least` at least."""

    def height(count: int) -> float:
        return measured(sheet, lambda s: body(s, ranked[:count]))

    count, room = len(ranked), tallest(sheet)
    if count > least and height(count) > room:
        return max(least, bisect_right(range(count), room, lo=least, key=height) - 1)
    return count


def fitted(sheet: Sheet, body: Body, ranked: Sequence[str], least: int = 1) -> Figure:
    """Draw as many rows as a page holds: of the ranked rows the first, as they say most."""
    return sheet.finish(body(sheet, ranked[: fits(sheet, body, ranked, least)]))


def less_tall(sheet: Sheet, paint: Callable[[Sheet, float], float], wanted: float, least: float) -> float:
    """Paint panels as tall as they should be, or less tall where the page is too short; return the `y` below."""

    def height(step: int) -> float:
        return measured(sheet, lambda s: paint(s, least + (wanted - least) * step / STEPS))

    if wanted <= least or height(STEPS) <= tallest(sheet):
        return paint(sheet, wanted)
    step = bisect_right(range(STEPS), tallest(sheet), key=height) - 1
    return paint(sheet, least + (wanted - least) * max(step, 0) / STEPS)


def below(sheet: Sheet, y: float, notes: Sequence[str], entries: Sequence[tuple[Painter, str]]) -> float:
    """Write notes and a legend under a figure and return the `y` below them."""
    pad = 0.08 * sheet.scale
    width = sheet.width - 2 * pad
    if words := " ".join(filter(None, notes)):
        y = sheet.block(pad, y + pad, width, words, size=sheet.look.small, color=MUTED)
    return sheet.legend(pad, y + pad, width, entries) + pad


def left_out(count: int, noun: str, which: str = "with fewer entries", done: str = "drawn") -> str:
    """Say how many rows, columns or marks are not drawn and where they are.

    Parameters
    ----------
    count : int
        How many; nothing is said of none.
    noun : str
        What they are, in the singular.
    which : str
        What sets them apart.
    done : str
        What was not done with them.

    Examples
    --------
    >>> left_out(1, "code"), left_out(0, "code")
    ('1 code with fewer entries is not drawn: see the table.', '')
    >>> left_out(2, "more study", "")
    '2 more studies are not drawn: see the table.'
    """
    what = " ".join(filter(None, [plural(count, noun), which, "is" if count == 1 else "are"]))
    return f"{what} not {done}: see the table." if count else ""
