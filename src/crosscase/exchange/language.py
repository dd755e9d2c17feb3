"""The language of a text, told from its beginning, offline."""

from __future__ import annotations

LOOKS = ((150, 40.0), (400, 10.0))
MIN_LETTERS = 60


def detect(text: str) -> str | None:
    """Return the language of a text as ISO 639-1, or None where it is too short or two languages are as likely.

    A few lines are enough where one language fits far better than the next; else more of the text is looked at.

    Examples
    --------
    >>> detect("too short") is None
    True
    """
    longest = LOOKS[-1][0]
    start = " ".join(text[: 2 * longest].split())[:longest]
    if sum(map(str.isalpha, start)) < MIN_LETTERS:
        return None
    import py3langid

    for length, margin in LOOKS:
        (language, best), (_, second) = py3langid.rank(start[:length])[:2]
        if float(best) - float(second) >= margin:
            return str(language)
    return None
