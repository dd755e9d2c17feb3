"""How many characters that a program counts otherwise stand before a place of a text, for many places of one text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right


class Counts:
    """Looks a text through once, so that a file with ten thousand places does not look through it ten thousand times.

    Examples
    --------
    >>> counts = Counts("a\\r\\nb\\U0001f600c")
    >>> counts.pairs(2), counts.pairs(3), counts.wide(4), counts.wide(5)
    (0, 1, 0, 1)
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._pairs = [found.start() for found in re.finditer("\r\n", text)] if "\r" in text else []
        self._wide = [] if text.isascii() else [found.start() for found in re.finditer("[\U00010000-\U0010ffff]", text)]

    def pairs(self, at: int) -> int:
        """Return how many line ends of two characters lie before a place."""
        return bisect_right(self._pairs, at - 2)

    def normalised(self, at: int) -> int:
        """Return a place after line ends of two characters became one, and the byte order mark none.

        Examples
        --------
        >>> [Counts("\\ufeffa\\r\\nb").normalised(at) for at in (0, 1, 2, 4)]
        [0, 0, 1, 2]
        """
        return at - self.pairs(max(at, 0)) - (1 if self.text.startswith("\ufeff") and at > 0 else 0)

    def wide(self, at: int) -> int:
        """Return how many characters that UTF-16 counts twice lie before a place."""
        return bisect_left(self._wide, at)

    def holds(self, quoted: str, start: int, end: int) -> bool:
        """Tell whether a stored quotation is what stands between two places."""
        if not 0 <= start <= end:
            return self.text[start:end] == quoted
        return min(end, len(self.text)) - start == len(quoted) and self.text.startswith(quoted, start)
