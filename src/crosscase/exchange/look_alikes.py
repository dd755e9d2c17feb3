"""Codes whose names look alike: another spelling or one letter apart, with the command that joins them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator

import pandas as pd

SHORTEST = 6
"""Letters that a name has at least for one letter more, less or other to be a slip of the hand."""
MOST = 10
_DIGITS = re.compile(r"\d+")


def look_alikes(codebook: pd.DataFrame, of: Collection[str] | None = None) -> list[tuple[str, str]]:
    """Return pairs of codes below the same code whose labels look alike, the one that comes first in the codebook last.

    Labels look alike that have the same letters and digits whatever their capitals, accents, blanks and hyphens, and
    longer ones that are one letter apart (Damerau 1964: a letter more, less, other, or two that changed places). Labels
    whose numbers differ do not.

    Parameters
    ----------
    codebook : pandas.DataFrame
        `code, label, parent`.
    of : collection of str, optional
        Codes of which one at least is in each pair; all by default.

    Returns
    -------
    list of (str, str)
        The code that could go, and the one that could stay.

    References
    ----------
    Damerau, F. J. (1964). A technique for computer detection and correction of spelling errors. Communications of the
    ACM 7(3), 171-176. doi:10.1145/363958.363994

    Examples
    --------
    >>> labels = ["Waiting time", "waiting-time", "Wating time", "Phase 1", "Phase 2"]
    >>> codebook = pd.DataFrame({"code": list("abcde"), "label": labels, "parent": None})
    >>> look_alikes(codebook)
    [('b', 'a'), ('c', 'a')]
    """
    found: dict[tuple[str, str], None] = {}
    first: dict[tuple[str, str], tuple[str, str]] = {}
    plain = codebook.assign(label=codebook["label"].fillna(codebook["code"]), parent=codebook["parent"].fillna(""))
    for code, label, parent in plain[["code", "label", "parent"]].itertuples(index=False):
        key = _letters(label)
        forms = [(parent, form) for form in _forms(key)]
        alike = (first[form] for form in forms if form in first)
        if known := next((other for other, letters in alike if _one_apart(key, letters)), None):
            found[(code, known)] = None
        for form in forms:
            first.setdefault(form, (code, key))
    return [pair for pair in found if of is None or set(pair) & set(of)]


def _letters(label: str) -> str:
    parts = unicodedata.normalize("NFKD", label).casefold()
    return "".join(sign for sign in parts if sign.isalnum())


def _forms(key: str) -> Iterator[str]:
    """Yield what two names have in common that are one letter apart: each without one of its letters, in order.

    The numbers in a name stay beside it, so that a code of another number never looks alike.
    """
    numbers = " ".join(_DIGITS.findall(key))
    yield f"{key}|{numbers}"
    letters = _DIGITS.sub("", key)
    if len(letters) < SHORTEST:
        return
    for at, sign in enumerate(key):
        if not sign.isdigit():
            yield f"{key[:at]}{key[at + 1 :]}|{numbers}"


def _one_apart(one: str, other: str) -> bool:
    """Tell whether two names differ by one letter at most, or by two neighbours that changed places."""
    short, long = sorted((one, other), key=len)
    if len(short) < len(long):
        return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
    apart = [at for at, (a, b) in enumerate(zip(one, other)) if a != b]
    swapped = len(apart) == 2 and apart[1] == apart[0] + 1 and sorted(one) == sorted(other)
    return len(apart) < 2 or swapped


def said(study: str, codebook: pd.DataFrame, of: Collection[str] | None = None) -> list[str]:
    """Return a sentence for each pair of codes that look alike, with the command that joins them."""
    pairs = look_alikes(codebook, of)
    labels = dict(zip(codebook["code"], codebook["label"]))
    lines = [
        f"Two codes look alike: {labels[one]!r} and {labels[other]!r}. "
        f"To join them: crosscase merge-codes {study} {one} --into {other}"
        for one, other in pairs[:MOST]
    ]
    return [*lines, *([f"and {len(pairs) - MOST:,} more pairs of codes look alike"] if len(pairs) > MOST else [])]
