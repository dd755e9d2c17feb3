"""A text as the row of its letters and digits, so that no formatting parts two texts that say the same."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import numpy as np

NONE, MANY, UNKNOWN = 0, 1, 2
"""What the table says of a code point that is no letter or digit, that stands for several, that is not known yet."""
_ASCII = bytes(ord(chr(code).lower()) if code < 128 and chr(code).isalnum() else 0 for code in range(256))
_IS_ASCII = np.frombuffer(_ASCII, dtype="uint8") > 0
_DROPPED = bytes(code for code in range(256) if not _ASCII[code])
_TABLE = np.full(0x110000, UNKNOWN, dtype="uint8")
_COUNT = np.ones(0x110000, dtype="uint8")
_IGNORED = re.compile(
    "[\u00ad\u0300-\u036f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+"
)
_SPACE = re.compile(r"\s+")
_ALIKE = {ord(c): "'" for c in '"`´‘’‚‛“”„‟′″«»‹›'} | {ord(c): "-" for c in "‐‑‒–—―−"}


@lru_cache(maxsize=65536)
def folded(character: str) -> str:
    """Return the letters and digits that a character stands for, without case, accent or form.

    Examples
    --------
    >>> folded("É"), folded("ﬁ"), folded("½"), folded("-")
    ('e', 'fi', '12', '')
    """
    if character < "\x80":
        return character.lower() if character.isalnum() else ""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(c for c in plain if c.isalnum() and not unicodedata.combining(c))


def _byte(letter: str) -> int:
    """Return the byte of a folded letter; beyond ASCII several share one, so that a match is only a first hint."""
    code = ord(letter)
    return code if code < 128 else 128 + (code * 2654435761 >> 13) % 128


def letters(text: str) -> bytes:
    """Return the row of letters and digits of a text, one byte each; equal texts give equal rows, whatever their form.

    Examples
    --------
    >>> letters("Soft\\u00adly, they s-\\nay: “No.”")
    b'softlytheysayno'
    """
    if text.isascii():
        return text.encode("ascii").translate(_ASCII, _DROPPED)
    codes, kinds = _look_up(text)
    if (kinds == MANY).any():
        kinds = _spread(text, codes, kinds)
    return kinds[kinds > NONE].tobytes()


def positions(text: str) -> np.ndarray:
    """Return for each letter of `letters(text)` the place of its character in the text."""
    if text.isascii():
        return np.flatnonzero(_IS_ASCII[np.frombuffer(text.encode("ascii"), dtype="uint8")])
    codes, kinds = _look_up(text)
    counts = np.where(kinds == NONE, 0, _COUNT[codes])
    return np.repeat(np.arange(len(codes)), counts)


def _look_up(text: str) -> tuple[np.ndarray, np.ndarray]:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    kinds = _TABLE[codes]
    if (unknown := codes[kinds == UNKNOWN]).size:
        for code in np.unique(unknown).tolist():
            plain = folded(chr(code))
            _TABLE[code] = NONE if not plain else _byte(plain) if len(plain) == 1 else MANY
            _COUNT[code] = max(1, len(plain))
        kinds = _TABLE[codes]
    return codes, kinds


def _spread(text: str, codes: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    """Put the letters of those characters that stand for several into the row."""
    counts = _COUNT[codes].astype("int64")
    out = np.repeat(kinds, counts)
    ends = np.cumsum(counts)
    for place in np.flatnonzero(kinds == MANY).tolist():
        plain = folded(text[place])
        out[ends[place] - len(plain) : ends[place]] = [_byte(c) for c in plain]
    return out


def tidy(text: str) -> str:
    """Return a text as its length is measured: white space as one blank, quotes and dashes alike, nothing invisible.

    Examples
    --------
    >>> tidy("a \\n  b\\u200b“c”—d")
    "a b'c'-d"
    """
    return _SPACE.sub(" ", _IGNORED.sub("", text)).translate(_ALIKE)
