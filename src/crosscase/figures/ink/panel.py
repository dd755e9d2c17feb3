"""A small pair of axes on a sheet: ticks, grid, labels, in the same inches and sizes as everything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import inf

from matplotlib.ticker import MaxNLocator

from crosscase.figures.ink.sheet import Sheet, text_width
from crosscase.figures.ink.style import MUTED, RULE, tint

Box = tuple[float, float, float, float]
"""Where something stands: x and y of its centre, width, height."""


@dataclass
class Panel:
    """A field of the sheet with scales.

    Parameters
    ----------
    sheet : Sheet
        Where it is drawn.
    x, y, width, height : float
        Upper left corner and size in inches.
    x_range, y_range : tuple of float
        Values at its edges; y grows upwards.
    """

    sheet: Sheet
    x: float
    y: float
    width: float
    height: float
    x_range: tuple[float, float]
    y_range: tuple[float, float]

    def at_x(self, value: float) -> float:
        """Return where a value lies, in inches from the left."""
        low, high = self.x_range
        return self.x + self.width * (value - low) / ((high - low) or 1)

    def at_y(self, value: float) -> float:
        """Return where a value lies, in inches from the top."""
        low, high = self.y_range
        return self.y + self.height * (1 - (value - low) / ((high - low) or 1))

    def frame(
        self,
        x_ticks: Sequence[tuple[float, str]],
        y_ticks: Sequence[tuple[float, str]],
        *,
        grid: bool = True,
        x_label: str = "",
        y_label: str = "",
    ) -> list[Box]:
        """Draw the two axes with ticks and return where their words are; axis labels stand below and above left."""
        sheet, size = self.sheet, self.sheet.look.small
        tick, bottom, high = 0.035 * sheet.scale, self.y + self.height, 0.8 * sheet.leading(size)
        words: list[Box] = []
        for value, text in y_ticks:
            at = self.at_y(value)
            if grid:
                sheet.line([self.x, self.x + self.width], [at, at], color=tint(RULE, 0.5), line=0.5, z=0.8)
            sheet.line([self.x - tick, self.x], [at, at])
            sheet.text(self.x - 2 * tick, at, text, size=size, ha="right", color=MUTED)
            wide = text_width(text, size)
            words.append((self.x - 2 * tick - wide / 2, at, wide, high))
        for value, text in x_ticks:
            at = self.at_x(value)
            sheet.line([at, at], [bottom, bottom + tick])
            below = bottom + 1.5 * tick + sheet.leading(size) / 2
            sheet.text(at, below, text, size=size, ha="center", color=MUTED)
            words.append((at, below, text_width(text, size), high))
        sheet.line([self.x, self.x, self.x + self.width], [self.y, bottom, bottom])
        if x_label:
            below = bottom + 1.5 * tick + 1.6 * sheet.leading(size)
            sheet.text(self.x + self.width / 2, below, x_label, ha="center")
        if y_label:
            sheet.text(self.x - 2 * tick, self.y - 0.75 * sheet.leading(), y_label)
        return words


def ticks(low: float, high: float, count: int, *, whole: bool = False) -> list[tuple[float, str]]:
    """Return round tick values inside a range with their text.

    Examples
    --------
    >>> ticks(0, 10, 5, whole=True)[:2]
    [(0.0, '0'), (2.0, '2')]
    """
    values = MaxNLocator(nbins=count, integer=whole, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    inside = [float(v) for v in values if low - 1e-9 <= v <= high + 1e-9]
    return [(v, f"{v:g}".replace("-", "−")) for v in inside]


def free_place(x: float, y: float, width: float, height: float, taken: list[Box], scale: float) -> tuple[float, float]:
    """Return the first place near a point where a word overlaps nothing, and note it as taken."""
    turns = [(0.7, 0.7), (-0.7, -0.7), (0.7, -0.7), (-0.7, 0.7), (1, 0), (-1, 0), (0, -1), (0, 1)]
    spots = [(x + a * d * scale, y + b * d * scale) for d in (0.14, 0.2, 0.28, 0.38) for a, b in turns]
    for spot in spots:
        if all(
            abs(spot[0] - tx) > (width + tw) / 2 or abs(spot[1] - ty) > (height + th) / 2 for tx, ty, tw, th in taken
        ):
            break
    else:
        spot = spots[0]
    taken.append((*spot, width, height))
    return spot


def apart(
    wanted: Sequence[float], sizes: Sequence[float], gap: float = 0.0, low: float = -inf, high: float = inf
) -> list[float]:
    """Place boxes in order as near as possible (least squares) to where they want to be, without overlap.

    Examples
    --------
    >>> apart([1.0, 1.0], [1.0, 1.0]), apart([1.0, 1.0], [1.0, 1.0], low=1.0)
    ([0.5, 1.5], [1.5, 2.5])
    """
    begins = list(accumulate((size + gap for size in sizes), initial=0.0))
    offsets = [begin + size / 2 for begin, size in zip(begins, sizes)]
    groups: list[list[float]] = []
    for want, offset in zip(wanted, offsets):
        groups.append([want - offset, 1.0])
        while len(groups) > 1 and groups[-2][0] >= groups[-1][0]:
            (a, n), (b, m) = groups[-2], groups[-1]
            groups[-2:] = [[(a * n + b * m) / (n + m), n + m]]
    starts = [value for value, count in groups for _ in range(int(count))]
    last = max(high - (begins[-1] - gap), low)
    return [min(max(start, low), last) + offset for start, offset in zip(starts, offsets)]
