"""Which font draws a letter: DejaVu Sans first, then what this machine has for other scripts; what none has is told.

A text that DejaVu Sans can draw is never touched, so its bytes are the same on every machine. For any other text the
first installed font of a fixed list lends the letters that are missing; in SVG of the book they are outlines, in PDF
the font is embedded, so a reader needs none of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.font_manager import FontProperties, findSystemFonts, fontManager, get_font, ttfFontProperty
from matplotlib.text import Text

from crosscase.errors import CrosscaseError, Problem

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LENDERS = (
    r"NotoSansCJK(sc)?-Regular",
    r"NotoSans-Regular",
    r"NotoSans(?!Mono|CJK)\w+-Regular",
    r"SourceHanSans\w*-Regular",
    r"DroidSansFallback\w*",
    r"wqy-(micro|zen)hei",
    r"msyh|malgun|YuGothR|Nirmala|seguisym",
    r"PingFang|AppleSDGothicNeo|Arial ?Unicode",
)
"""File names of fonts that lend letters, those first that are made for many scripts."""


@lru_cache(maxsize=1)
def lenders() -> tuple[str, ...]:
    """Return the families of the fonts on this machine that lend letters, in the order of `LENDERS`."""
    found = {Path(path).stem: path for path in sorted(findSystemFonts(), reverse=True)}
    families = []
    for pattern in LENDERS:
        for stem in sorted(stem for stem in found if re.fullmatch(pattern, stem)):
            fontManager.addfont(found[stem])
            families.append(ttfFontProperty(get_font(found[stem])).name)
    return tuple(dict.fromkeys(families))


@lru_cache(maxsize=64)
def letters(family: str, weight: str = "normal", slant: str = "normal") -> frozenset[int]:
    """Return the code points that a font has.

    Examples
    --------
    >>> ord("é") in letters("DejaVu Sans")
    True
    """
    file = fontManager.findfont(FontProperties(family=[family], weight=weight, style=slant))  # type: ignore[arg-type]
    return frozenset(get_font(file).get_charmap())


@lru_cache(maxsize=65536)
def families(text: str, family: str, weight: str = "normal", slant: str = "normal") -> tuple[str, ...]:
    """Return the families that draw a text: its own, and those that lend what it lacks.

    Examples
    --------
    >>> families("Trust, é −", "DejaVu Sans")
    ('DejaVu Sans',)
    """
    lacking = _drawn(text) - letters(family, weight, slant)
    chosen = [family]
    for lender in lenders() if lacking else ():
        if lacking & letters(lender):
            chosen.append(lender)
            lacking -= letters(lender)
    return tuple(chosen)


def refuse_missing(figure: Figure, place: str) -> None:
    """Refuse a figure with letters that no font has, instead of drawing boxes.

    Raises
    ------
    CrosscaseError
        Naming the letters, where they stand, and which fonts were asked.
    """
    lacking: dict[str, str] = {}
    asked: dict[str, None] = {}
    for item in figure.findobj(Text):
        text = item.get_text() if isinstance(item, Text) else ""
        if not text or (item.get_parse_math() and "$" in text):
            continue
        properties = item.get_fontproperties()
        names = [str(name) for name in properties.get_family()]
        known = frozenset().union(*(letters(n, str(properties.get_weight()), properties.get_style()) for n in names))
        if missing := _drawn(text) - known:
            lacking |= {chr(point): text for point in sorted(missing, reverse=True) if chr(point) not in lacking}
            asked |= dict.fromkeys([*map(_resolved, names), *lenders()])
    if lacking:
        where = "; ".join(dict.fromkeys(repr(text) for text in list(lacking.values())[:3]))
        rest = f" and {len(lacking) - 8} more" if len(lacking) > 8 else ""
        raise CrosscaseError(
            Problem(
                place=f"{place}, text {where}",
                rule="every letter that is drawn is in a font of this machine",
                found=", ".join(spelled(letter) for letter in sorted(lacking)[:8]) + rest,
                allowed=f"letters of {', '.join(asked)}",
                remedy="install a font that has them (Noto Sans CJK, Noto Sans), or write the label in other letters",
            )
        )


def spelled(letter: str) -> str:
    """Return a letter with its number and name.

    Examples
    --------
    >>> spelled("木")
    '木 (U+6728 CJK UNIFIED IDEOGRAPH-6728)'
    """
    shown = letter if letter.isprintable() else ""
    return f"{shown} (U+{ord(letter):04X}{(' ' + unicodedata.name(letter, '')).rstrip()})".strip()


def _resolved(family: str) -> str:
    """Return the font that a generic name such as `sans-serif` stands for."""
    return str(get_font(fontManager.findfont(FontProperties(family=[family]))).family_name)


def _drawn(text: Iterable[str]) -> set[int]:
    """Return what of a text leaves a mark; spaces, joiners and signs of direction leave none."""
    return {ord(each) for each in text if each != "\n" and unicodedata.category(each) not in ("Cf", "Zs", "Zl", "Zp")}
