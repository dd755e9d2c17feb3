"""Words and marks of a sheet, drawn fast: a string is shaped once, then measured and drawn from its outline.

Matplotlib lays out and shapes every text again in each format; a matrix has hundreds. Here the outline of a string is
found once and serves for its width, for SVG and for PNG, so that all three agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from math import cos, radians, sin
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.textpath import TextToPath
from matplotlib.transforms import Affine2D, Transform

from crosscase.figures.ink.letters import families


class Shaper(TextToPath):
    """Matplotlib's own shaping of text, remembered by string and font."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[tuple[Any, ...], tuple[list[Any], dict[str, Any]]] = {}

    def get_glyphs_with_font(
        self, font: Any, s: str, glyph_map: Any = None, return_new_glyphs_only: bool = False, **more: Any
    ) -> tuple[list[Any], Any, list[Any]]:
        """Return the glyphs of a string with their places, and the outlines that `glyph_map` does not hold yet."""
        key = (font.fname, s, *((name, str(value)) for name, value in more.items()))
        if key not in self._known:
            outlines: dict[str, Any] = {}
            glyphs, _, _ = super().get_glyphs_with_font(font, s, glyph_map=outlines, **more)
            self._known[key] = glyphs, outlines
        glyphs, outlines = self._known[key]
        if glyph_map is None or not return_new_glyphs_only:
            known = {} if glyph_map is None else glyph_map
            known.update(outlines)
            return glyphs, known, []
        return glyphs, {name: outline for name, outline in outlines.items() if name not in glyph_map}, []


SHAPER = Shaper()


@lru_cache(maxsize=256)
def font(family: tuple[str, ...], size: float, weight: str, slant: str) -> FontProperties:
    """Return one description of a font, and of those that lend it letters, for all texts that are set in it."""
    return FontProperties(family=list(family), size=size, weight=weight, style=slant)  # type: ignore[arg-type]


@lru_cache(maxsize=65536)
def natural_width(text: str, family: str, weight: str = "normal", slant: str = "normal") -> float:
    """Return the width of a line of text at the size of the shaper, in points.

    Examples
    --------
    >>> natural_width("mm", "DejaVu Sans") > natural_width("ii", "DejaVu Sans")
    True
    """
    properties = font(families(text, family, weight, slant), SHAPER.FONT_SCALE, weight, slant)
    return float(SHAPER.get_text_width_height_descent(text, properties, False)[0])


@lru_cache(maxsize=16384)
def outline(text: str, family: str, weight: str, slant: str) -> Path:
    """Return the outline of a line of text at the size of the shaper."""
    properties = font(families(text, family, weight, slant), SHAPER.FONT_SCALE, weight, slant)
    found = SHAPER._get_font(properties)  # type: ignore[attr-defined]
    glyphs, shapes, _ = SHAPER.get_glyphs_with_font(found, text, features=None, language=None)
    parts = [
        (shapes[name][0] * scale + [x, y], shapes[name][1]) for name, x, y, scale in glyphs if len(shapes[name][0])
    ]
    if not parts:
        return Path(np.empty((0, 2)))
    return Path(np.concatenate([points for points, _ in parts]), np.concatenate([codes for _, codes in parts]))


class Words(Text):
    """One line of text on its baseline, which is drawn without being laid out again.

    Parameters
    ----------
    x, y : float
        Where the baseline begins, has its middle or ends, as `ha` says.
    text : str
        The line.
    family, weight, slant : str
        Its font.
    size : float
        In points.
    ha : str
        `left`, `center` or `right`.
    color : str
        Colour.
    rotation : float
        Degrees, anticlockwise around that point.
    """

    def __init__(
        self,
        x: float,
        y: float,
        text: str,
        *,
        family: str,
        size: float,
        weight: str,
        slant: str,
        ha: str,
        color: str,
        rotation: float,
    ) -> None:
        super().__init__(
            x,
            y,
            text,
            color=color,
            verticalalignment="baseline",
            horizontalalignment=ha,  # type: ignore[arg-type]
            fontproperties=font(families(text, family, weight, slant), size, weight, slant),
            rotation=rotation,
            rotation_mode="anchor",
            parse_math=False,
        )
        self._cut = family, weight, slant

    def draw(self, renderer: Any) -> None:
        """Draw the outline into pictures of pixels; give everything else to the renderer as text."""
        text = self.get_text()
        if not text:
            return
        points = float(self.get_fontsize())
        x, y = self.get_transform().transform(self.get_position())
        angle = self.get_rotation()
        turn = radians(angle)
        share = {"left": 0.0, "center": 0.5, "right": 1.0}[self.get_horizontalalignment()]
        if share:
            back = share * natural_width(text, *self._cut) * (points / SHAPER.FONT_SCALE) * renderer.points_to_pixels(1)
            x, y = x - back * cos(turn), y - back * sin(turn)
        gc = renderer.new_gc()
        if isinstance(renderer, RendererAgg):
            size = renderer.points_to_pixels(points) / SHAPER.FONT_SCALE
            a, b = size * cos(turn), size * sin(turn)
            gc.set_linewidth(0)
            gc.set_snap(False)
            place = Affine2D.from_values(a, b, -b, a, x, y)
            renderer.draw_path(gc, outline(text, *self._cut), place, to_rgba(self.get_color()))
        else:
            inner = getattr(renderer, "_renderer", renderer)
            if isinstance(getattr(inner, "_text2path", None), TextToPath):
                inner._text2path = SHAPER
            if renderer.flipy():
                y = renderer.get_canvas_width_height()[1] - y
            gc.set_foreground(to_rgba(self.get_color()), isRGBA=True)
            renderer.open_group("text", self.get_gid())
            renderer.draw_text(gc, x, y, text, self.get_fontproperties(), angle, ismath=False, mtext=self)
            renderer.close_group("text")
        gc.restore()
        self.stale = False


class Marks(Artist):
    """Everything on a sheet, in the order of its layers; it spares the bookkeeping that axes do for each mark."""

    def __init__(self, transform: Transform) -> None:
        super().__init__()
        self.set_transform(transform)
        self._marks: list[Artist] = []

    def add(self, mark: Artist) -> None:
        """Take a mark whose coordinates are the sheet's inches."""
        if not mark.is_transform_set():
            mark.set_transform(self.get_transform())
        mark.set_figure(self.get_figure())  # type: ignore[arg-type]
        self._marks.append(mark)

    def get_children(self) -> list[Artist]:
        """Return the marks, in the order in which they came."""
        return list(self._marks)

    def draw(self, renderer: Any) -> None:
        """Draw the marks, lower layers first."""
        for mark in _in_layers(self._marks):
            mark.draw(renderer)
        self.stale = False


def _in_layers(marks: Iterable[Artist]) -> list[Artist]:
    return sorted(marks, key=lambda mark: mark.get_zorder())
