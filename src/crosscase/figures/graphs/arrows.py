"""Arrows of the graph of influences: the symbol is the sign, the colour says whether the effect is good or bad."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from matplotlib.path import Path

from crosscase.figures.ink.sheet import Key, Painter, Sheet
from crosscase.figures.ink.style import INK, MUTED, PAPER, VALENCE

SYMBOLS = {"+": "+", "-": "−", "?": "?"}
SAID = {"+": "more of the one, more of the other", "-": "more of the one, less of the other", "?": "sign not stated"}
DASHES: dict[str, object] = {"+": "-", "-": (0, (4, 2)), "?": (0, (1, 1.6))}
EFFECTS = {"promotes": "good for what is sought", "inhibits": "bad for what is sought", "": "good or bad is not stated"}
FLIPPED = {"promotes": "inhibits", "inhibits": "promotes"}


def effect(sign: str, target: object, said: object = None) -> str:
    """Return whether an effect is good (`promotes`) or bad (`inhibits`) for what is sought; nothing where not stated.

    Parameters
    ----------
    sign : str
        `+`, `-` or `?`.
    target : str, optional
        Whether the target is itself a help (`promotes`) or a hindrance (`inhibits`).
    said : str, optional
        What is said of the effect itself; it goes before the sign.

    Examples
    --------
    >>> effect("+", "inhibits"), effect("-", "inhibits"), effect("+", None), effect("?", "promotes")
    ('inhibits', 'promotes', '', '')
    """
    if said in FLIPPED:
        return str(said)
    if target not in FLIPPED or sign == "?":
        return ""
    return str(target) if sign == "+" else FLIPPED[str(target)]


def tone(good: str) -> str:
    """Return the colour of an effect."""
    return VALENCE[good].color if good else MUTED


def draw_edge(sheet: Sheet, start: Any, end: Any, out: int, into: int, inner: Any, half: float, edge: Any) -> None:
    """Draw one arrow from port to port, through the lanes of the layers that it passes."""
    scale, dash, color = sheet.scale, DASHES[edge.sign], tone(edge.good)
    line = 0.9 if edge.light else 1.5
    tip = 0.1 * scale
    stop = (end[0] + into * tip, end[1])
    points, here, direction = [start], start, out
    codes = [Path.MOVETO]
    bend = 0.3 * scale if out != into else 0.42 * scale
    for px, py in inner:
        near, far = px - direction * half, px + direction * half
        points += [(here[0] + direction * bend, here[1]), (near - direction * bend, py), (near, py), (far, py)]
        codes += [Path.CURVE4] * 3 + [Path.LINETO]
        here = (far, py)
    points += [(here[0] + direction * bend, here[1]), (stop[0] + into * bend, stop[1]), stop]
    codes += [Path.CURVE4] * 3
    sheet.curve(Path(points, codes), color=color, line=line, dash=dash)
    if edge.directed:
        _head(sheet, stop, end, into, edge.sign, color, edge.light)
    else:
        sheet.line([stop[0], end[0]], [end[1], end[1]], color=color, line=line, dash=dash)
    r = 0.072 * scale
    spot = stop[0] + into * (r + 0.015 * scale)
    filled = edge.good and not edge.light
    sheet.circle(spot, end[1], r, fill=color if filled else PAPER, edge=color, line=0.8, z=4)
    ink = VALENCE[edge.good].text if filled else INK
    sheet.text(spot, end[1], SYMBOLS[edge.sign], size=sheet.look.small, weight="bold", ha="center", color=ink)


def _head(sheet: Sheet, stop: Any, end: Any, into: int, sign: str, color: str, light: bool) -> None:
    half = 0.045 * sheet.scale
    if sign == "-":
        sheet.line([stop[0], end[0]], [end[1], end[1]], color=color, line=1.4)
        bar = end[0] + into * 0.025 * sheet.scale
        sheet.line([bar, bar], [end[1] - 1.3 * half, end[1] + 1.3 * half], color=color, line=1.4 if light else 2.4, z=3)
        return
    points = [(end[0], end[1]), (stop[0], end[1] - half), (stop[0], end[1] + half)]
    sheet.polygon(points, fill=PAPER if light or sign == "?" else color, edge=color)


def key(signs: Iterable[str], effects: Iterable[str], light: bool) -> Key:
    """Return what the legend says of signs, colours and thin arrows, as far as they occur."""
    signs, effects = set(signs), set(effects)
    entries: Key = [(_sign_key(sign), words) for sign, words in SAID.items() if sign in signs]
    entries += [(_tone_key(good), words) for good, words in EFFECTS.items() if good in effects]
    return entries + (
        [(lambda s, x, y, m: _arrow(s, x, y, m, MUTED, light=True), "thin and hollow: assumed or proposed")]
        if light
        else []
    )


def _sign_key(sign: str) -> Painter:
    def paint(sheet: Sheet, x: float, y: float, size: float) -> None:
        sheet.circle(x, y, 0.48 * size, fill=PAPER, edge=INK, line=0.8, z=4)
        sheet.text(x, y, SYMBOLS[sign], size=sheet.look.small, weight="bold", ha="center", color=INK)

    return paint


def _tone_key(good: str) -> Painter:
    return lambda sheet, x, y, size: _arrow(sheet, x, y, size, tone(good), light=False)


def _arrow(sheet: Sheet, x: float, y: float, size: float, color: str, light: bool) -> None:
    end, stop = (x + size * 0.55, y), (x + size * 0.55 - 0.1 * sheet.scale, y)
    sheet.line([x - size * 0.55, stop[0]], [y, y], color=color, line=0.9 if light else 2.2)
    _head(sheet, stop, end, -1, "+", color, light)
