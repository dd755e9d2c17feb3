"""The folders of users, of whatever machine and however a program writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TURN = r"(?:\\++/|\\++(?![/'\"`])|/++|(?:%5C)++|(?:%2F)++)"  # one step into a folder: as it is, escaped, in an address
_ESCAPED = r"\\+u(?!005c|002f)[0-9a-f]{4}|\\+x(?!5c|2f)[0-9a-f]{2}"  # a letter beyond ASCII as JSON or Python writes it
_LETTER = rf"(?:(?!%5C|%2F)[^\\/\s\"'`<>|:*?,;()\[\]{{}}]|(?<=\w)\\{{0,4}}'(?=\w)|\(\w{{1,20}}\)|{_ESCAPED})"
_WORD = rf"{_LETTER}{{1,60}}"
_MORE = rf"(?:,? {_WORD}){{0,4}}"
_CAPITAL = r"(?-i:[A-ZÀ-ÖØ-Þ])"
_WORDS = rf"(?:{_WORD}{_MORE}(?={_TURN})|(?={_CAPITAL}){_WORD}(?: (?={_CAPITAL}){_WORD}){{1,3}}|{_WORD})"
_BEGIN = r"(?:(?<![\w-])file:(?:/{0,2}localhost)?)?"
_USERS = r"(?:Users|Documents(?: |%20|\+)and(?: |%20|\+)Settings)"
_LETTER_OF_DRIVE = r"(?:(?<![A-Za-z])|(?<=%5C|%2F|%27|%22|%20))[A-Za-z](?::|%3A)"
_DRIVE = rf"(?:(?<![\\/])[\\/]{{2,8}}(?:\?|%3F)[\\/]{{1,4}})?{_LETTER_OF_DRIVE}{_TURN}{_USERS}{_TURN}"
_MOUNTED = rf"(?:{_TURN}(?:mnt|cygdrive))?{_TURN}[a-z]{_TURN}{_USERS}{_TURN}"
_LOCAL = rf"(?:/private)?{_TURN}Users{_TURN}"
_UNIX = rf"(?:/private)?{_TURN}(?:(?:export|usr){_TURN})?home{_TURN}"
_SHARE = (
    r"(?:(?<!\\)\\{2,8}|(?<![:/\\])(?://|(?:\\{1,2}/){2})|(?<=file:)/{2,5}|(?<!%5C)(?:%5C){2,4}|(?<!%2F)(?:%2F){2})"
    rf"(?:\?{_TURN}UNC{_TURN})?[\w.-]{{1,64}}{_TURN}(?:[\w.-]{{1,64}}(?:\$|%24)?{_TURN})?(?:Users|homes?|profiles?)(?:\$|%24)?{_TURN}"
)
_NOT_INSIDE = r"(?<![\w.~%/\\-])"
_FILE = r"(?<![\w-])file:(?:/{0,2}localhost)?"
_PREFIXES = {
    rf"{_BEGIN}{_SHARE}": _WORDS,
    rf"{_BEGIN}/{{0,3}}{_DRIVE}": _WORDS,
    rf"{_FILE}{_MOUNTED}": _WORDS,
    rf"{_FILE}{_LOCAL}": _WORDS,
    rf"{_FILE}{_UNIX}": _WORD,
    rf"{_NOT_INSIDE}{_MOUNTED}": _WORDS,
    rf"{_NOT_INSIDE}{_LOCAL}": _WORDS,
    rf"{_NOT_INSIDE}{_UNIX}": _WORD,  # no spaces here, but in quotes
}
_OTHER = rf"{_NOT_INSIDE}(?:(?:/private)?/var/folders/[\w+]+/[\w+]+(?:/[TC0](?=/))?|/run/user/\d+)"


def _named(prefix: str, name: str) -> str:
    """Return a pattern of a prefix and the name behind it; inside quotes the name goes to their end."""
    quoted = (rf"(?<={mark}){prefix}{_WORD}{_MORE}(?={_TURN}|\\*{mark})" for mark in "'\"`")
    return "|".join([*quoted, prefix + name])


_HOMES = re.compile("|".join([*(_named(*each) for each in _PREFIXES.items()), _OTHER]), re.IGNORECASE)
_STEP = r"(?:[\\/]|%5C|%2F)"
_HINT = re.compile(
    rf"{_STEP}(?:Users|homes?|Documents.{{1,3}}and.{{1,3}}Settings|profiles?|var/folders|run/user)(?:\$|%24)?{_STEP}",
    re.IGNORECASE,
)
_BEFORE, _AFTER = 160, 400
"""How much stands before the folder of users in a path, and how long a name may be."""


def without_homes(text: str, word: str = "~") -> str:
    """Return a text in which a word stands for each folder of a user, with all that leads to it.

    The name of a user ends where a folder, a quotation or a word does.

    >>> without_homes("'C:/Users/Ann Lee' and file:///home/ann"), without_homes("https://example.org/home/ann")
    ("'~' and ~", 'https://example.org/home/ann')
    """
    parts, at = [], 0
    for begin, end in _around(text):
        for found in _HOMES.finditer(text, max(at, begin), end):
            parts += [text[at : found.start()], word]
            at = found.end()
    return "".join([*parts, text[at:]])


def _around(text: str) -> Iterator[tuple[int, int]]:
    """Yield the parts of a text in which a path of a user may stand; most texts have none, and some are huge."""
    begin = end = 0
    for hint in _HINT.finditer(text):
        if hint.start() - _BEFORE > end:
            if end:
                yield begin, end
            begin = max(0, hint.start() - _BEFORE)
        end = hint.end() + _AFTER
    if end:
        yield begin, end
