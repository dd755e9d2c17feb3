"""A drawing sheet measured in inches from its upper left corner, on which text is measured before it is placed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any
from unicodedata import east_asian_width

from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch, PathPatch, Polygon, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from crosscase.figures.ink.outlines import SHAPER, Marks, Words, natural_width
from crosscase.figures.ink.style import FONT, INK, MUTED, PAPER, Look, look

HINTING = 1.035
"""Text is up to 3 % wider than its outline where letters snap to pixels, as in some viewers."""

_broken: ContextVar[list[str] | None] = ContextVar("broken", default=None)
_WHOLE = re.compile(r"[^\s\-/_&][^\s\-/_&]?[^\s\-/_&]*[\-/_&]*|[\-/_&]+")

Painter = Callable[["Sheet", float, float, float], None]
"""Paints a legend's mark: sheet, x and y of its centre, size (all in inches)."""
Key = list[tuple[Painter, str]]
"""What a legend explains: marks and words."""


@contextmanager
def broken_words() -> Iterator[list[str]]:
    """Collect the words of labels that had to be broken into parts while something is drawn."""
    words: list[str] = []
    before = _broken.set(words)
    try:
        yield words
    finally:
        _broken.reset(before)


def note_broken(words: Sequence[str]) -> None:
    """Add words to those that were broken, where they are collected."""
    if (known := _broken.get()) is not None:
        known.extend(words)


@lru_cache(maxsize=65536)
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Return the width of one line of text in inches.

    Examples
    --------
    >>> text_width("ii", 9) < text_width("mm", 9)
    True
    """
    if not text:
        return 0.0
    return natural_width(text, FONT, weight) * (size / SHAPER.FONT_SCALE) * HINTING / 72


def wrap(text: str, width: float, size: float, weight: str = "normal") -> list[str]:
    """Break text into lines no wider than `width` inches; nothing is cut off.

    Words break at `-`, `/` and `_` first, between Chinese or Japanese letters, and anywhere only where nothing else
    helps.

    Examples
    --------
    >>> wrap("roles and responsibilities", 1.0, 9)
    ['roles and', 'responsibilities']
    """
    lines: list[str] = []
    for paragraph in str(text).split("\n"):
        current = ""
        for word in paragraph.split() or [""]:
            trial = f"{current} {word}" if current else word
            if text_width(trial, size, weight) <= width:
                current = trial
                continue
            if current:
                lines.append(current)
            pieces = _pieces(word, width, size, weight)
            lines.extend(pieces[:-1])
            current = pieces[-1]
        lines.append(current)
    return lines


def longest_word(texts: Sequence[str], size: float, weight: str = "normal") -> float:
    """Return the width in inches of the widest word, or part of one between the signs at which it may break."""
    parts = {part for text in texts for part in _WHOLE.findall(str(text)) if east_asian_width(part[0]) not in "WF"}
    return max((text_width(part, size, weight) for part in parts), default=0.0)


def label_width(texts: Sequence[str], size: float, least: float, most: float, weight: str = "normal") -> float:
    """Return a width for a column of labels: one line each within bounds, a little more to keep words whole."""
    full = max((text_width(str(t), size, weight) for t in texts), default=0.0)
    whole_words = min(longest_word(texts, size, weight), 1.35 * most)
    return max(least, min(full, most), whole_words)


def _pieces(word: str, width: float, size: float, weight: str) -> list[str]:
    pieces: list[str] = []
    rest = word
    while rest and text_width(rest, size, weight) > width:
        cut = max(1, next((i for i in range(len(rest), 0, -1) if text_width(rest[:i], size, weight) <= width), 1))
        soft = max(rest[:cut].rfind(sign) for sign in "-/_&") + 1
        if 2 <= soft <= cut:
            cut, tail = soft, rest[:soft]
        elif east_asian_width(rest[cut]) in "WF" and east_asian_width(rest[cut - 1]) in "WF":
            tail = rest[:cut]  # Chinese and Japanese are written without spaces and break anywhere
        else:
            if cut >= 4 and len(rest) - cut < 3:
                cut = max(3, len(rest) - 3)
            note_broken([word])
            cut = max(1, cut - 1)
            while cut > 1 and text_width(rest[:cut] + "-", size, weight) > width:
                cut -= 1  # a hyphen may be wider than the letter that it stands for
            tail = rest[:cut] + "-"
        pieces.append(tail)
        rest = rest[cut:]
    return [*pieces, rest]


class Sheet:
    """A figure that is drawn in inches; its height is settled last.

    Parameters
    ----------
    kind : str
        `book` or `poster`.
    width : float, optional
        Width in inches.
    """

    blank = False
    """Whether nothing is drawn on it."""

    def __init__(self, kind: str = "book", width: float | None = None) -> None:
        self.look: Look = look(kind, width)
        self.width = self.look.width
        self.figure = Figure(figsize=(self.width, 1.0), facecolor=PAPER)
        self._downwards = Affine2D()
        self.marks = Marks(self._downwards + self.figure.dpi_scale_trans)
        self.figure.add_artist(self.marks)
        self.scale = self.look.scale

    def finish(self, height: float) -> Figure:
        """Settle the height (inches) and return the figure."""
        height = max(height, 0.3 * self.scale)
        self.figure.set_size_inches(self.width, height)
        self._downwards.scale(1, -1).translate(0, height)
        return self.figure

    def add(self, mark: Artist) -> None:
        """Put a mark on the sheet, in inches from its upper left corner."""
        self.marks.add(mark)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float | None = None,
        weight: str = "normal",
        slant: str = "normal",
        ha: str = "left",
        color: str = INK,
        upright: bool = True,
    ) -> None:
        """Write one line, its middle at `y`; with `upright=False` it runs upwards, its middle at `x`."""
        points = size or self.look.base
        drop = 0.36 * points / 72
        words = Words(
            x if upright else x + drop,
            y + drop if upright else y,
            text,
            family=FONT,
            size=points,
            weight=weight,
            slant=slant,
            ha=ha,
            color=color,
            rotation=0 if upright else 90,
        )
        words.set_zorder(5)
        self.add(words)

    def leading(self, size: float | None = None) -> float:
        """Return the distance between two lines in inches."""
        return (size or self.look.base) * 1.28 / 72

    def lines(self, x: float, y: float, lines: Sequence[str], **options: object) -> None:
        """Write lines around the middle `y`."""
        step = self.leading(options.get("size"))  # type: ignore[arg-type]
        top = y - step * (len(lines) - 1) / 2
        for i, line in enumerate(lines):
            self.text(x, top + i * step, line, **options)  # type: ignore[arg-type]

    def block(self, x: float, y: float, width: float, text: str, **options: object) -> float:
        """Write wrapped text from the top `y` downwards and return the `y` below it."""
        size = options.get("size") or self.look.base
        lines = wrap(text, width, float(size), str(options.get("weight", "normal")))  # type: ignore[arg-type]
        step = self.leading(float(size))  # type: ignore[arg-type]
        at = {"left": x, "center": x + width / 2, "right": x + width}[str(options.get("ha", "left"))]
        for i, line in enumerate(lines):
            self.text(at, y + (i + 0.5) * step, line, **options)  # type: ignore[arg-type]
        return y + len(lines) * step

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str = "none",
        edge: str = "none",
        line: float = 0.8,
        hatch: str = "",
        dash: object = "-",
        radius: float = 0.0,
        z: float = 2,
    ) -> None:
        """Draw a rectangle from its upper left corner; `line` in points of the book."""
        options = {"facecolor": fill, "edgecolor": edge, "linewidth": line * self.scale, "linestyle": dash, "zorder": z}
        if radius:
            shape: FancyBboxPatch | Rectangle = FancyBboxPatch(
                (x + radius, y + radius),
                max(width - 2 * radius, 1e-6),
                max(height - 2 * radius, 1e-6),
                boxstyle=f"round,pad={radius},rounding_size={radius}",
                **options,  # type: ignore[arg-type]
            )
        else:
            shape = Rectangle((x, y), width, height, **options)  # type: ignore[arg-type]
        self._hatched(shape, hatch)

    def field(self, x: float, y: float, width: float, height: float, **options: Any) -> None:
        """Draw a rectangle around its centre."""
        self.rect(x - width / 2, y - height / 2, width, height, **options)

    def circle(
        self,
        x: float,
        y: float,
        r: float,
        *,
        fill: str = "none",
        edge: str = "none",
        line: float = 0.9,
        hatch: str = "",
        dash: object = "-",
        z: float = 3,
    ) -> None:
        """Draw a circle."""
        self._hatched(
            Circle((x, y), r, facecolor=fill, edgecolor=edge, linewidth=line * self.scale, linestyle=dash, zorder=z),
            hatch,
        )

    def polygon(self, points: Sequence[tuple[float, float]], *, fill: str, edge: str = "none", z: float = 3) -> None:
        """Draw a filled polygon."""
        self.add(
            Polygon(list(points), closed=True, facecolor=fill, edgecolor=edge, linewidth=0.9 * self.scale, zorder=z)
        )

    def line(
        self,
        x: Sequence[float],
        y: Sequence[float],
        *,
        color: str = MUTED,
        line: float = 0.8,
        dash: object = "-",
        z: float = 1.5,
    ) -> None:
        """Draw a line through points."""
        self.add(
            Line2D(list(x), list(y), color=color, linewidth=line * self.scale, linestyle=dash, zorder=z)  # type: ignore[arg-type]
        )

    def marker(self, x: float, y: float, shape: str, size: float, color: str) -> None:
        """Draw a marker of matplotlib, `size` in points, with a thin dark edge."""
        self.add(
            Line2D(
                [x],
                [y],
                color=color,
                marker=shape,
                markersize=size,
                markeredgecolor=INK,
                markeredgewidth=0.5 * self.scale,
                zorder=4,
            )
        )

    def curve(self, path: Path, *, color: str, line: float = 1.1, dash: object = "-", z: float = 1.6) -> None:
        """Draw a curve."""
        self.add(
            PathPatch(path, facecolor="none", edgecolor=color, linewidth=line * self.scale, linestyle=dash, zorder=z)
        )

    def _hatched(self, shape: Rectangle | FancyBboxPatch | Circle, hatch: str) -> None:
        if hatch:
            shape.set_hatch(hatch)
            shape.set_hatch_linewidth(0.6 * self.scale)
        self.add(shape)

    def legend(self, x: float, y: float, width: float, entries: Sequence[tuple[Painter, str]]) -> float:
        """Draw marks with words, flowing over as many lines as needed; return the `y` below."""
        size, step = self.look.small, self.leading(self.look.small) * 1.35
        mark = 1.05 * self.leading(size)
        at, gap = x, 0.16 * self.scale
        for painter, words in entries:
            lines = wrap(words, width - mark - gap, size)
            need = mark + 0.35 * mark + max(text_width(line, size) for line in lines)
            if at > x and at + need > x + width:
                at, y = x, y + step
            painter(self, at + mark / 2, y + step / 2, mark)
            for i, line in enumerate(lines):
                self.text(at + 1.35 * mark, y + step / 2 + i * self.leading(size), line, size=size, color=INK)
            y += (len(lines) - 1) * self.leading(size)
            at += need + gap
        return y + step if entries else y


class Measure(Sheet):
    """A sheet on which everything is measured and nothing is drawn: how tall a figure would be, which words break."""

    blank = True

    def __init__(self, kind: str = "book", width: float | None = None) -> None:
        self.look = look(kind, width)
        self.width, self.scale = self.look.width, self.look.scale

    def finish(self, height: float) -> Figure:
        """Return an empty figure of that height."""
        return Figure(figsize=(self.width, max(height, 0.3 * self.scale)))

    def text(self, *_: Any, **__: Any) -> None:
        """Write nothing."""

    rect = circle = polygon = line = marker = curve = add = text
