"""What a word is, in any script; its stem, by language; the words that carry no subject."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module

import numpy as np
import pandas as pd

from crosscase.arguments import check_arguments

Language = str | Mapping[str, str | None] | None
"""A language for all texts, or document -> language, as ISO 639-1; None where it is not known."""
STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "st": "sesotho", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
"""Language -> the algorithm of Snowball, where the version that is here has it."""
STOP_LISTS = ("da", "de", "en", "es", "fi", "fr", "hu", "it", "nl", "no", "pt", "ru", "sv")
"""Languages of which Sphinx brings a list of words for its search."""
ELIDING = frozenset({"ca", "fr", "it"})
"""Languages in which an apostrophe ends a word: l'eau is two."""
_APOSTROPHES, _HYPHENS = "'’ʼ", r"\-‐‑"
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Scripts without spaces between words (Thai, Lao, Burmese, Khmer, Japanese, Chinese): each letter is a word."""
_EVEN = str.maketrans({"’": "'", "ʼ": "'", "‐": "-", "‑": "-", "\u00ad": "", "\u200c": "", "\u200d": ""})
_KEPT, _STEMS = 256, 1 << 18


@dataclass(frozen=True, eq=False)
class Tokens:
    """The words of one text in order: places, and for each its form and its term (the stem, where there is one)."""

    start: np.ndarray
    end: np.ndarray
    forms: list[str]
    terms: list[str]


def words(text: str, language: str | None = None) -> pd.DataFrame:
    """Return the words of a text as spans, each with its form and its stem.

    A word is letters and digits of any script with their combining marks, joined by apostrophes and hyphens inside. In
    Catalan, French and Italian an apostrophe ends a word. Scripts without spaces have a word per letter.

    Parameters
    ----------
    text : str
        Any text; places are those in it.
    language : str, optional
        ISO 639-1. Without one, or with one that Snowball does not know, the form itself stands for the stem.

    Returns
    -------
    pandas.DataFrame
        `start`, `end` (code points), `form` (even letters, no capitals), `term` (its stem).

    References
    ----------
    Porter, M. F. (1980). An algorithm for suffix stripping. Program 14(3), 130-137. doi:10.1108/eb046814.

    Examples
    --------
    >>> words("Mother's caring; co-workers cared", "en")["term"].tolist()
    ['mother', 'care', 'co-work', 'care']
    >>> words("l'eau", "fr")["form"].tolist()
    ["l'", 'eau']
    """
    check_arguments(words, locals())
    found = tokens(text, language)
    return pd.DataFrame({"start": found.start, "end": found.end, "form": found.forms, "term": found.terms})


def can_stem(language: str | None) -> bool:
    """Tell whether the words of a language are brought to their stems.

    Examples
    --------
    >>> can_stem("nl"), can_stem("nl-BE"), can_stem("xx"), can_stem(None)
    (True, True, False, False)
    """
    return _stemmer(plain(language)) is not None


def stop_words(language: str | None) -> frozenset[str]:
    """Return the words of a language that carry no subject, as Sphinx lists them for its search; none where it has no
    list.

    The lists are those of Snowball, except the English one, which has 33 words only.

    Examples
    --------
    >>> "the" in stop_words("en"), len(stop_words("xx"))
    (True, 0)
    """
    return _stop_words(plain(language))


@cache
def _stop_words(language: str | None) -> frozenset[str]:
    language = "no" if language in ("nb", "nn") else language
    if language not in STOP_LISTS:
        return frozenset()
    from sphinx.search import languages

    listed = languages[language]
    if isinstance(listed, str):
        module, _, name = listed.rpartition(".")
        listed = getattr(import_module(module), name)
    return frozenset(form for word in listed.stopwords for form in tokens(word, language).forms)


def plain(language: str | None) -> str | None:
    """Return a language without its region; `nl-BE` is `nl`."""
    return re.split("[-_]", language)[0].lower() if language else None


def language_of(language: Language, document: str) -> str | None:
    """Return the language of one document where one was given for all, or for each."""
    return plain(language.get(document) if isinstance(language, Mapping) else language)


@lru_cache(maxsize=_KEPT)
def tokens(text: str, language: str | None = None) -> Tokens:
    """Return the words of a text; kept for the texts last asked for, as a person searches the same ones again."""
    language = plain(language)
    spans = [found.span() for found in pattern(language).finditer(text)]
    written = [text[start:end] for start, end in spans]
    form = {word: form_of(word, language) for word in set(written)}
    term = {each: term_of(each, language) for each in set(form.values())}
    forms = [form[word] for word in written]
    places = np.array(spans, dtype="int64").reshape(-1, 2)
    return Tokens(places[:, 0], places[:, 1], forms, [term[each] for each in forms])


@lru_cache(maxsize=_STEMS)
def form_of(word: str, language: str | None = None) -> str:
    """Return a word with even letters and without capitals.

    Examples
    --------
    >>> form_of("Cafe\\u0301"), form_of("I\\u015eIK", "tr")
    ('café', 'ışık')
    """
    even = unicodedata.normalize("NFKC", word.translate(_EVEN)).translate(_EVEN)
    if language == "tr":
        even = even.replace("İ", "i").replace("I", "ı")
    return unicodedata.normalize("NFC", even.casefold())


@lru_cache(maxsize=_STEMS)
def term_of(form: str, language: str | None) -> str:
    """Return the stem of a form; the form itself where the language has no stemmer."""
    stemmer = _stemmer(language)
    return form if stemmer is None else str(stemmer.stemWord(form)) or form  # type: ignore[attr-defined]


@cache
def _stemmer(language: str | None) -> object | None:
    import snowballstemmer

    name = STEMMERS.get(language or "")
    return snowballstemmer.stemmer(name) if name in snowballstemmer.algorithms() else None


@cache
def pattern(language: str | None = None, star: bool = False) -> re.Pattern[str]:
    """Return the pattern of a word; with a star, one in which a star stands for any letters."""
    marks = f"[{_marks()}\u00ad\u200c\u200d]*"
    letter = rf"[^\W_{_SPACELESS}]{marks}"
    letter = rf"(?:{letter}|\*)" if star else f"(?:{letter})"
    alone = rf"(?=\w)[{_SPACELESS}]{marks}"
    if language in ELIDING:
        inner = f"(?:[{_HYPHENS}]{letter}+)*[{_APOSTROPHES}]?"
        return re.compile(rf"aujourd[{_APOSTROPHES}]hui|{letter}+{inner}|{alone}", re.IGNORECASE)
    return re.compile(f"{letter}+(?:[{_APOSTROPHES}{_HYPHENS}]{letter}+)*|{alone}")


@cache
def _marks() -> str:
    """Return the combining marks of Unicode as the inside of a class of a pattern."""
    found = [n for n in range(0x300, sys.maxunicode + 1) if n < 0x1F000 or 0xE0100 <= n < 0xE01F0]
    found = [n for n in found if unicodedata.category(chr(n)).startswith("M")]
    runs: list[list[int]] = []
    for n in found:
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return "".join(f"{chr(low)}-{chr(high)}" for low, high in runs)
