"""Colours that people tell apart who see colours in different ways."""

from __future__ import annotations

import pandas as pd

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
"""Six colours that also colour-blind people tell apart (Okabe & Ito 2008, Color universal design); further codes have
the same ones with another line. No code is known by its colour alone: its label stands beside it."""
LINES = ("solid", "dashed", "dotted")


def colours(codebook: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """Return code -> number of its colour and of its line.

    Parameters
    ----------
    codebook : pandas.DataFrame
        `code, color`; a colour of ours stays, also when codes are moved, the others are given out in turn.

    Examples
    --------
    >>> book = pd.DataFrame({"code": ["time", "trust", "money"], "color": [None, "#0072B2", None]})
    >>> colours(book)
    {'trust': (0, 0), 'time': (1, 0), 'money': (2, 0)}
    """
    found: dict[str, tuple[int, int]] = {}
    used = [0] * len(COLOURS)
    cells = dict(zip(codebook["code"], codebook["color"]))
    ours = {colour.lower(): number for number, colour in enumerate(COLOURS)}
    mine = {code: ours[cell.lower()] for code, cell in cells.items() if isinstance(cell, str) and cell.lower() in ours}
    for code in [*mine, *(code for code in cells if code not in mine)]:
        number = mine.get(code, min(range(len(COLOURS)), key=used.__getitem__))
        found[code] = number, min(used[number], len(LINES) - 1)
        used[number] += 1
    return found


def next_colour(codebook: pd.DataFrame) -> str:
    """Return the colour that is used least; it is written with a new code, so that it stays."""
    used = [number for number, _ in colours(codebook).values()]
    return COLOURS[min(range(len(COLOURS)), key=used.count)]
