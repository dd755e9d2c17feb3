"""What a text shows once its dress is taken off: tags, entities, escapes, and what is packed into its letters.

A passage may stand in a page as `<b>Nobo</b>dy`, in a notebook as `"Nobody told\\nus"`, in an attribute as `&quot;`.
Each reading of a text is a view of its own; a view knows where each of its characters came from.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

DEPTH = 3
"""How many layers of dress are taken off: a page inside the output of a notebook inside a page."""
_TAG = re.compile(r"<!\[CDATA\[|\]\]>|<(?:[A-Za-z/!?][^<>]*)>")
_UNSEEN = re.compile(r"<(style|script)\b[^<>]*>(?:(?!<(?:style|script)\b).)*?</\1\s*>", re.DOTALL | re.IGNORECASE)
"""What a page does not show; a stretch ends where the next begins, so that none is looked through twice."""
_DRESS = re.compile(
    r"&(?:#[xX]?[0-9A-Fa-f]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});?"
    r"|(?<!\\)\\+0{0,4}[2-7][0-9A-Fa-f](?![0-9A-Fa-f])\s?"  # a character in a style sheet
    r"|(?:=[0-9A-F]{2}(?:=\r?\n)?){2,}|=[C-F][0-9A-F]"  # quoted-printable
    r"|(?<!\\)\\+(?:u\{[0-9A-Fa-f]{1,6}\}|u[0-9A-Fa-f]{4}(?:\\+u[dD][c-fC-F][0-9A-Fa-f]{2})?|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}|[abfnrtv])"
    r"|%[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2})*"
)
_HEX = re.compile(r"[0-9A-Fa-f]{2}")
_HEXADECIMAL = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{2}(?:\\n|[\s:])*){40,}")
_LETTER = "[A-Za-z0-9+/_-]"
_BREAK = r"(?:\\r)?(?:\\n|\r?\n)[\s\",]*"
_PACKED = re.compile(rf"{_LETTER}{{30,}}(?:{_BREAK}{_LETTER}{{30,}})*(?:{_BREAK}{_LETTER}{{2,75}}={{1,2}}|={{1,2}})?")
_SHORTEST = 48
_NOT_PACKED = re.compile(r"[^A-Za-z0-9+/_-]+")


@dataclass
class View:
    """One reading of a text: what it shows, and what (`pattern`) of the view `before` was replaced, and by what."""

    text: str
    before: View | None = None
    pattern: re.Pattern[str] = _TAG
    instead: Callable[[re.Match[str]], str] | str = ""

    def origin(self, place: int) -> int:
        """Return where in the first text the character at a place of this view stood."""
        if self.before is None:
            return place
        shift = 0
        for match in self.pattern.finditer(self.before.text):
            new = len(self.instead if isinstance(self.instead, str) else self.instead(match))
            if match.start() + shift + new > place:
                return self.before.origin(match.start() if match.start() + shift <= place else place - shift)
            shift += new - (match.end() - match.start())
        return self.before.origin(place - shift)


def views(text: str) -> list[View]:
    """Return the readings of a text, the text itself first.

    Examples
    --------
    >>> [view.text for view in views('<b>Nobo</b>dy &amp; "all\\\\u00e9"')][-1]
    'Nobody & "allé"'
    """
    first = View(text)
    out, seen = [first], {text}
    layer = [first]
    for _ in range(DEPTH):
        following = []
        for view in layer:
            bare = _without(view, _TAG, "") if "<" in view.text else None
            seen_only = _without(view, _UNSEEN, "") if bare else None
            shown = seen_only and (_without(seen_only, _TAG, "") or seen_only)
            for base in (view, bare, shown):
                if base is None:
                    continue
                plain = _without(base, _DRESS, _plain)
                chosen = plain or (base if base is not view else None)
                if chosen is not None and chosen.text not in seen:
                    seen.add(chosen.text)
                    following.append(chosen)
        out += following
        layer = following
    return out


def _without(view: View, pattern: re.Pattern[str], instead: Callable[[re.Match[str]], str] | str) -> View | None:
    if pattern is _DRESS and not any(mark in view.text for mark in "&\\%="):
        return None
    text, count = pattern.subn(instead, view.text)
    return View(text, view, pattern, instead) if count and text != view.text else None


def _plain(match: re.Match[str]) -> str:
    """Return what an entity or an escape stands for."""
    found = match.group()
    if found[0] == "&":
        return html.unescape(found)
    if found[0] == "=":
        content = bytes(int(pair, 16) for pair in _HEX.findall(found))
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            return content.decode("cp1252", errors="replace")
    if found[0] == "%":
        return bytes(int(pair, 16) for pair in _HEX.findall(found)).decode("utf-8", errors="replace")
    if found[0] == "\\" and found.lstrip("\\")[0].isdigit():
        return chr(int(found.lstrip("\\"), 16))
    kind, digits = found.lstrip("\\")[0], found.lstrip("\\")[1:]
    if kind in "uxU" and digits:
        try:
            parts = re.split(r"\\+u", digits.strip("{}"))
            units = [int(part, 16) for part in parts]
            if len(units) == 2 and 0xD800 <= units[0] < 0xDC00:
                return chr(0x10000 + ((units[0] - 0xD800) << 10) + (units[1] - 0xDC00))
            return "".join(map(chr, units))
        except (ValueError, OverflowError):
            return found
    return " "


def packed(text: str) -> Iterator[tuple[int, int, bytes]]:
    """Yield what is packed into the letters of a text (base64), with its place.

    Examples
    --------
    >>> import base64
    >>> made = base64.b64encode(b"a text that nobody sees at first sight " * 5).decode()
    >>> [(start, content[:6]) for start, end, content in packed(f"data:;base64,{made}")]
    [(13, b'a text')]
    """
    for match in _PACKED.finditer(text):
        plain = match.group()
        if len(plain) < _SHORTEST:
            continue
        if "\n" in plain or "\\" in plain:
            plain = _NOT_PACKED.sub("", plain.replace("\\n", "").replace("\\r", ""))
        plain = plain.rstrip("=")
        try:
            content = base64.b64decode(
                plain[: len(plain) - (len(plain) % 4 == 1)] + "=" * (-len(plain) % 4),
                b"-_" if "-" in plain or "_" in plain else None,
            )
        except (binascii.Error, ValueError):
            continue
        yield match.start(), match.end(), content


def hexadecimal(text: str) -> Iterator[tuple[int, int, bytes]]:
    """Yield what stands in a text as hexadecimal digits, with its place.

    Examples
    --------
    >>> made = b"a text that nobody sees at first sight, so it seems".hex()
    >>> [(start, content[:6]) for start, end, content in hexadecimal(f"It is: {made}")]
    [(7, b'a text')]
    """
    for match in _HEXADECIMAL.finditer(text):
        digits = match.group().replace("\\n", "").replace(":", "")
        yield match.start(), match.end(), bytes.fromhex(digits)
