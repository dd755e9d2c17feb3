"""How every figure looks: sizes for book and poster, colours, symbols and hatches that say the same thing everywhere.

Colours are Okabe and Ito's (2008), which stay apart under the common forms of colour blindness; a symbol or a hatch
always goes with a colour. Text in SVG is drawn as outlines (`svg.fonttype: path`): the picture is then the same on
every machine and in every viewer, whether or not it has the font; the words are carried by the alternative text and
the table kept beside each figure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from crosscase.errors import CrosscaseError, Problem

FONT = "DejaVu Sans"
INK = "#1a1a1a"
MUTED = "#595959"
RULE = "#b3b3b3"
PALE = "#f2f2f2"
PAPER = "#ffffff"
ACCENT = "#0072B2"
HALF = "#a9cfe6"
HATCH = "////"

POSTER_COLUMN = 14.6
"""Inches: one of two columns on an A0 page."""
POSTER_WIDE = 30.3
"""Inches: both columns of an A0 page."""


@dataclass(frozen=True)
class Look:
    """Sizes of one kind of figure.

    Parameters
    ----------
    kind : str
        `book` or `poster`.
    width : float
        Width in inches.
    base, small, head : float
        Text sizes in points.
    scale : float
        Factor for lines, gaps and marks, 1 in the book.
    """

    kind: str
    width: float
    base: float
    small: float
    head: float
    scale: float


@dataclass(frozen=True)
class Mark:
    """What stands for one meaning: words, fill, symbol and hatch."""

    label: str
    color: str
    symbol: str
    hatch: str = ""
    text: str = PAPER


VALENCE: dict[str, Mark] = {
    "inhibits": Mark("inhibits", "#D55E00", "−", "\\\\\\", INK),
    "promotes": Mark("promotes", "#0072B2", "+", ""),
    "condition": Mark("condition", "#009E73", "◆", "...", INK),
    "ambivalent": Mark("ambivalent", "#F0E442", "±", "xx", INK),
    "neutral": Mark("neutral", "#adadad", "○", "--", INK),
    "na": Mark("no valence", "#dedede", "·", "", INK),
}

STATES: dict[str, str] = {
    "present": "present",
    "absent": "absent",
    "count": "known only for cases together (k of n)",
    "not_stated": "not stated",
}

SERIES: tuple[tuple[str, str, object], ...] = (
    ("#0072B2", "o", "-"),
    ("#D55E00", "s", "--"),
    ("#009E73", "^", "-."),
    ("#CC79A7", "D", ":"),
    ("#E69F00", "v", (0, (5, 1, 1, 1, 1, 1))),
    ("#56B4E9", "P", (0, (8, 2))),
    ("#1a1a1a", "X", (0, (3, 1, 1, 1))),
)
"""Colour, marker and dash of the first, second ... line of a plot."""


LOOKS = {
    "book": (7.2, 9.0, 8.0, 10.0, 3.0),
    "poster": (POSTER_COLUMN, 28.0, 24.0, 32.0, 9.0),
    "slide": (12.0, 18.0, 16.0, 20.0, 6.0),
    "print": (180 / 25.4, 8.0, 7.0, 9.0, 3.0),
}
"""Kind of figure -> width in inches, text in points (base, small, head), least width in inches."""


_WIDTH = re.compile(r"(\d+(?:\.\d+)?) ?(mm|cm|in)")
_INCHES = {"mm": 25.4, "cm": 2.54, "in": 1.0}


def inches(width: str) -> float:
    """Return a width such as `85mm`, `8.5 cm` or `3in` in inches.

    Raises
    ------
    CrosscaseError
        Where it is no width.

    Examples
    --------
    >>> round(inches("180mm"), 3), inches("3 in")
    (7.087, 3.0)
    """
    found = _WIDTH.fullmatch(width.strip())
    if not found:
        rule = "a width is a number with its unit"
        raise CrosscaseError(Problem("width", rule, repr(width), "such as 85mm, 18cm or 7in", "say the unit"))
    return float(found[1]) / _INCHES[found[2]]


def look(kind: str = "book", width: float | None = None) -> Look:
    """Return the sizes of a kind of figure.

    Parameters
    ----------
    kind : str
        `book` (7.2 in wide, text 9 pt), `poster` (one column of an A0 page, text 28 pt, never below 24 pt), `slide`
        (12 in of a 16:9 slide, text 18 pt) or `print` (two columns of a journal, 180 mm, text 8 pt).
    width : float, optional
        Another width in inches, for example `POSTER_WIDE`.

    Raises
    ------
    CrosscaseError
        For an unknown kind, or a width below 3 in (book, print), 6 in (slide) or 9 in (poster).

    Examples
    --------
    >>> look("poster").small
    24.0
    """
    if kind not in LOOKS:
        raise CrosscaseError(
            Problem(
                place="figure option kind",
                rule="the kind of figure is known",
                found=repr(kind),
                allowed=", ".join(LOOKS),
                remedy="use kind='book' or another of these",
            )
        )
    default, base, small, head, least = LOOKS[kind]
    chosen = default if width is None else float(width)
    if chosen < least:
        raise CrosscaseError(
            Problem(
                place="figure option width",
                rule=f"a {kind} figure is wide enough for its text",
                found=f"{chosen:g} in",
                allowed=f"{least:g} in or more",
                remedy=f"leave width out to get {default:g} in",
            )
        )
    return Look(kind, chosen, base, small, head, base / 9.0)


def ink_on(color: str) -> str:
    """Return black or white, whichever reads better on a colour (WCAG contrast).

    Examples
    --------
    >>> ink_on("#F0E442"), ink_on("#004060")
    ('#1a1a1a', '#ffffff')
    """
    from matplotlib.colors import to_rgb

    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return INK if luminance > 0.2 else PAPER


def tint(color: str, share: float) -> str:
    """Mix a colour with white; `share` 1 is the colour itself, 0 is white.

    Examples
    --------
    >>> tint("#000000", 0.5)
    '#808080'
    """
    from matplotlib.colors import to_hex, to_rgb

    red, green, blue = (min(max(1 - share * (1 - c), 0.0), 1.0) for c in to_rgb(color))
    return to_hex((red, green, blue))
