"""Keyword in context: every place of a word or phrase, in all its forms, with the words around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pandas as pd

from crosscase.arguments import Whole, check_arguments
from crosscase.concordance.tokens import Language, Tokens, form_of, language_of, pattern, plain, term_of, tokens
from crosscase.errors import CrosscaseError, Problem, shown

_QUOTED = re.compile(r"\s*[\"“„«](.+)[\"”“»]\s*", re.DOTALL)
_SPACE = re.compile(r"\s")
Test = Callable[[str, str], bool]


def kwic(texts: Mapping[str, str], query: str, language: Language = None, width: Whole = 60) -> pd.DataFrame:
    """Return every place where a word or phrase stands in some texts, with the text around it.

    Words are found in all forms of their stem, whatever their capitals. A star stands for any letters (`integrat*`),
    alone for any word. A query between quotation marks is found in these very forms. The words of a phrase follow each
    other with no other word between them.

    Parameters
    ----------
    texts : mapping of str to str
        Document -> text.
    query : str
        A word or phrase.
    language : str or mapping of str to str, optional
        ISO 639-1, of all texts or document -> language; without it, or where Snowball does not know it (`can_stem`),
        words are found as they are written.
    width : int
        Code points to the left and to the right.

    Returns
    -------
    pandas.DataFrame
        `document, start, end, left, match, right`, in the order of the texts and of the places in them;
        `match` is `text[start:end]`; white space beside it is a space each.

    Raises
    ------
    CrosscaseError
        Where the query holds no word.

    References
    ----------
    Luhn, H. P. (1960). Key word-in-context index for technical literature. American Documentation 11(4), 288-295.
    doi:10.1002/asi.5090110403.

    Examples
    --------
    >>> kwic({"d": "They cared for her.\\nWe care."}, "caring", "en", 10)[["left", "match", "right"]].values.tolist()
    [['They ', 'cared', ' for her. '], ['r her. We ', 'care', '.']]
    >>> kwic({"d": "They cared. We care."}, '"care"', "en")["start"].tolist()
    [15]
    """
    check_arguments(kwic, locals())
    rows = []
    for document, text in texts.items():
        for start, end in found_in(text, query, language_of(language, document)):
            left, right = text[max(0, start - width) : start], text[end : end + width]
            rows.append((document, start, end, _SPACE.sub(" ", left), text[start:end], _SPACE.sub(" ", right)))
    if not texts:
        tests_of(query, None)
    frame = pd.DataFrame(rows, columns=["document", "start", "end", "left", "match", "right"])
    return frame.astype({"start": "int64", "end": "int64"})


def found_in(text: str, query: str, language: str | None) -> list[tuple[int, int]]:
    """Return the spans of a query in a text."""
    words = tokens(text, language)
    return [(int(words.start[first]), int(words.end[last])) for first, last in runs(words, query, language)]


def runs(words: Tokens, query: str, language: str | None) -> list[tuple[int, int]]:
    """Return first and last word of each place of a query, from left to right, none within another."""
    tests = tests_of(query, language)
    forms, terms, out, at = words.forms, words.terms, [], 0
    known = {pair: tests[0](*pair) for pair in set(zip(forms, terms))}
    for first in (n for n, pair in enumerate(zip(forms, terms)) if known[pair]):
        last = first + len(tests) - 1
        if first < at or last >= len(forms):
            continue
        if all(test(forms[first + n], terms[first + n]) for n, test in enumerate(tests) if n):
            out.append((first, last))
            at = last + 1
    return out


def tests_of(query: str, language: str | None) -> list[Test]:
    """Return for each word of a query what tells it by its form and stem; `CrosscaseError` where there is none."""
    language = plain(language)
    exact = _QUOTED.fullmatch(query)
    parts = pattern(language, star=True).findall(exact[1] if exact else query)
    if not parts:
        raise CrosscaseError(Problem("query", "a query holds a word", shown(query), remedy="type a word or a phrase"))
    return [_test(part, language, exact is not None) for part in parts]


def _test(part: str, language: str | None, exact: bool) -> Test:
    form = form_of(part, language)
    if "*" in form:
        form = re.sub(r"\*+", "*", form)
        compiled = re.compile(".*".join(map(re.escape, form.split("*"))), re.DOTALL)
        return lambda one, term: compiled.fullmatch(one) is not None
    if exact:
        return lambda one, term: one == form
    wanted = term_of(form, language)
    return lambda one, term: term == wanted
