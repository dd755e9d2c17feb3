"""Bytes of a text file as text, and which encoding that was."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

WESTERN = {"windows-1252": "cp1252", "MacRoman": "mac_roman", "DOS (850)": "cp850"}
LETTERS = frozenset("äöüßåæøœéèêëàâáãçîïíìôóòõùûúñÿ")
MARKS = frozenset("„“”‘’‚«»‹›–—…•·§°€£¶¡¿ºª©®™½¼¾²³×±\u00a0\u202f")
LOOK = 1 << 20
_PLACE = re.compile(r"(?s)(?<=(.))?([^\x00-\x7f])(?=(.))?")


class Decoded(NamedTuple):
    """The text of a file, its encoding, and how many of its letters no language of Western Europe would write so."""

    text: str
    encoding: str
    doubtful: int = 0


def decode(content: bytes) -> tuple[str, str]:
    """Return the text of a file and the encoding that fits, as `decoded` finds them.

    Examples
    --------
    >>> decode("é".encode()), decode(b"\\xe9"), decode("é".encode("utf-16"))
    (('é', 'utf-8'), ('é', 'windows-1252'), ('é', 'utf-16'))
    """
    return decoded(content)[:2]


def decoded(content: bytes) -> Decoded:
    """Return the text of a file, the encoding that fits, and the number of letters that are doubtful in it.

    A byte order mark decides, then zeros in every other byte (UTF-16 without its mark), then UTF-8. Of the encodings
    that one byte per letter leaves (Windows, Mac, DOS of Western Europe) that is taken in which the letters beyond
    ASCII stand as words have them: small after small, capital at the beginning. The mark of UTF-8 stays in the text, as
    positions may count it.

    Examples
    --------
    >>> decoded("déjà dit".encode("mac_roman")), decoded("a,b".encode("utf-16-le"))
    (Decoded(text='déjà dit', encoding='MacRoman', doubtful=0), Decoded(text='a,b', encoding='utf-16-le', doubtful=0))
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Decoded(content.decode("utf-16", errors="replace"), "utf-16")
    if (order := utf16_order(content)) is not None:
        return Decoded(content.decode(order, errors="replace"), order)
    try:
        return Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    doubts = {name: _doubtful(content[:LOOK].decode(codec, errors="replace")) for name, codec in WESTERN.items()}
    best = min(doubts, key=doubts.__getitem__)
    text = content.decode(WESTERN[best], errors="replace")
    return Decoded(text, best, doubts[best] if len(content) <= LOOK else _doubtful(text))


def utf16_order(content: bytes) -> str | None:
    """Return in which order a text in UTF-16 without its mark has its bytes; None where it is no such text.

    Examples
    --------
    >>> utf16_order("one".encode("utf-16-be")), utf16_order(b"one")
    ('utf-16-be', None)
    """
    head = content[:4096]
    pairs = len(head) // 2
    if pairs < 2:
        return None
    high, low = head[: 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    most, least = max(high, low), min(high, low)
    if 2 * most <= pairs or 10 * least > most:
        return None
    return "utf-16-be" if high > low else "utf-16-le"


def _doubtful(text: str) -> int:
    """Count the letters beyond ASCII that stand as no word of Western Europe has them."""
    return sum(not _fits(*found.groups(default=" ")) for found in _PLACE.finditer(text))


def _fits(before: str, letter: str, after: str) -> bool:
    if letter in MARKS:
        return letter in "’·" or not (before.isalpha() and after.isalpha())
    if all(beside > "\x7f" and beside not in MARKS for beside in (before, after)):
        return False
    if letter in LETTERS:
        return not (before.isupper() and after.isupper())
    return letter.lower() in LETTERS and not before.islower()
