"""Words in all their forms, with what stands around them (keyword in context)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

import pandas as pd
import snowballstemmer

STEMMERS = {
    "ar": "arabic", "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish", "fr": "french",
    "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "nb": "norwegian", "nn": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
"""Language -> its stemmer (Porter 2001, Snowball); words of other languages are found as they are written."""
COLUMNS = ["document", "start", "end", "left", "match", "right"]
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def occurrences(texts: Mapping[str, str], query: str, *, language: str | None, width: int = 60) -> pd.DataFrame:
    """Return where words stand in texts of one language, in whatever form.

    Parameters
    ----------
    texts : mapping of str to str
        Document -> LF-normalised text.
    query : str
        One word, or several that follow each other.
    language : str or None
        ISO 639-1; without a stemmer for it, words are found as they are written, in capitals or not.
    width : int
        Code points of text on each side.

    Returns
    -------
    pandas.DataFrame
        `document, start, end, left, match, right`, in reading order.

    Examples
    --------
    >>> found = occurrences({"d01": "We trusted her. Trust takes time."}, "trust", language="en", width=5)
    >>> found[["start", "match", "right"]].values.tolist()
    [[3, 'trusted', ' her.'], [16, 'Trust', ' take']]
    """
    stem = _stemmer(language)
    wanted = [stem(word) for word in _WORD.findall(query)]
    rows = []
    for document, text in texts.items() if wanted else ():
        spans = [found.span() for found in _WORD.finditer(text)]
        stems = [stem(text[start:end]) for start, end in spans]
        for at in range(len(stems) - len(wanted) + 1):
            if stems[at] == wanted[0] and stems[at : at + len(wanted)] == wanted:
                start, end = spans[at][0], spans[at + len(wanted) - 1][1]
                left, right = text[max(0, start - width) : start], text[end : end + width]
                rows.append((document, start, end, left, text[start:end], right))
    return pd.DataFrame(rows, columns=COLUMNS)


@lru_cache(maxsize=32)
def _stemmer(language: str | None) -> Callable[[str], str]:
    name = STEMMERS.get(language or "")
    if name is None:
        return str.casefold
    inner = snowballstemmer.stemmer(name)

    @lru_cache(maxsize=200_000)
    def stem(word: str) -> str:
        return inner.stemWord(word.casefold())

    return stem
