"""The language of a text, told from its beginning, offline."""

from __future__ import annotations

LOOKED_AT = 400
MIN_LETTERS = 60
MIN_MARGIN = 10.0


def detect(text: str) -> str | None:
    """Return the language of a text as ISO 639-1, or None where it is too short or two languages are as likely.

    Examples
    --------
    >>> detect("too short") is None
    True
    """
    start = " ".join(text[: 2 * LOOKED_AT].split())[:LOOKED_AT]
    if sum(map(str.isalpha, start)) < MIN_LETTERS:
        return None
    import py3langid

    (language, best), (_, second) = py3langid.rank(start)[:2]
    return str(language) if float(best) - float(second) >= MIN_MARGIN else None
