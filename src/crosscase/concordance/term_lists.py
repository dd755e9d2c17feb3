"""The terms of some texts and what each is typical of, and what stands beside a word."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from crosscase.arguments import Count, check_arguments
from crosscase.concordance.lines import runs, tests_of
from crosscase.concordance.scores import log_dice, log_likelihood, log_ratio
from crosscase.concordance.tokens import Language, Tokens, can_stem, form_of, language_of, tokens
from crosscase.ids import join

FORMS = 12
"""Forms of a term that are told."""
ALONE, NOT_ELSEWHERE = "there is nothing to compare with", "it stands nowhere else"
OF_TERMS = [
    "term", "forms", "language", "n", "n_documents", "n_words", "per_1000", "group", "n_group", "n_words_group",
    "log_likelihood", "log_ratio", "reason",
]  # fmt: skip
BESIDE = [
    "term", "forms", "language", "n_near", "n_left", "n_right", "expected", "n", "n_query", "n_documents", "n_words",
    "log_likelihood", "log_dice",
]  # fmt: skip


def terms(
    texts: Mapping[str, str],
    language: Language = None,
    *,
    groups: Mapping[str, str] | None = None,
    stop: Collection[str] = (),
    shortest: Count = 1,
    least: Count = 1,
) -> pd.DataFrame:
    """Return the terms of some texts: how often, in how many documents, and which document or group each is typical of.

    The forms of a stem are one term. Each term is compared between each group and all others, and the group is told in
    which it is more frequent with the largest log-likelihood. Words of one document hang together, so the
    log-likelihood ranks terms and tests nothing (Kilgarriff 2005); the number of documents stands beside it.

    Parameters
    ----------
    texts : mapping of str to str
        Document -> text.
    language : str or mapping of str to str, optional
        ISO 639-1, of all texts or document -> language. Texts of different languages are counted apart.
    groups : mapping of str to str, optional
        Document -> group such as its case; a document without one is compared with, and typical of nothing. Without it
        each document is its own group.
    stop : collection of str
        Words that are not listed; a term goes where its most frequent form is one of them. They count among the
        words all the same. See `stop_words`.
    shortest : int
        Letters that a term has at least.
    least : int
        How often a term occurs at least.

    Returns
    -------
    pandas.DataFrame
        `term` (its most frequent form), `forms`, `language` (of its stem, null where there is none), `n`,
        `n_documents`, `n_words` (of the texts in its language), `per_1000`; `group`, `n_group`, `n_words_group`,
        `log_likelihood`, `log_ratio` (undefined where the term stands nowhere else), `reason`; the most frequent first.
        Words of digits alone are not listed.

    References
    ----------
    Rayson, P., & Garside, R. (2000). Comparing corpora using frequency profiling. Proceedings of the Workshop on
    Comparing Corpora, 1-6. doi:10.3115/1117729.1117730.
    Kilgarriff, A. (2005). Language is never, ever, ever, random. Corpus Linguistics and Linguistic Theory 1(2),
    263-276. doi:10.1515/cllt.2005.1.2.263.

    Examples
    --------
    >>> found = terms({"d": "Trust grew. They trusted us.", "e": "Money and money."}, "en", least=2)
    >>> found[["term", "forms", "n", "n_documents", "group"]].values.tolist()
    [['money', 'money', 2, 1, 'e'], ['trust', 'trust;trusted', 2, 1, 'd']]
    """
    check_arguments(terms, locals())
    frames = [_terms(part, tongue, groups, stop, shortest, least) for tongue, part in _by_language(texts, language)]
    return _together(frames, OF_TERMS, ["n", "term"], [False, True])


def _terms(
    texts: Mapping[str, Tokens],
    language: str | None,
    groups: Mapping[str, str] | None,
    stop: Collection[str],
    shortest: int,
    least: int,
) -> pd.DataFrame:
    """Return the terms of texts in one language."""
    of = {document: groups.get(document) if groups is not None else document for document in texts}
    spoken: Counter[str | None] = Counter()
    there: dict[str, Counter[str | None]] = defaultdict(Counter)
    documents: Counter[str] = Counter()
    for document, found in texts.items():
        spoken[of[document]] += len(found.terms)
        counted = Counter(found.terms)
        documents.update(counted.keys())
        for term, n in counted.items():
            there[term][of[document]] += n
    forms, total = _forms(texts.values()), sum(spoken.values())
    rows = []
    for term in _listed(forms, stop, language, shortest):
        n = sum(there[term].values())
        if n >= least:
            shared = (language if can_stem(language) else None, n, documents[term], total, 1000 * n / total)
            rows.append((*_shown(forms[term]), *shared, *_typical(there[term], spoken, n, total)))
    return pd.DataFrame(rows, columns=OF_TERMS)


def _typical(there: Mapping[str | None, int], spoken: Mapping[str | None, int], n: int, total: int) -> tuple[Any, ...]:
    """Return the group that a term is most typical of, with its numbers; nothing where there is one group only."""
    groups = [group for group in there if group is not None]
    a, c = (np.array([of[group] for group in groups], dtype=float) for of in (there, spoken))
    if not groups or not (total - c > 0).any():
        return (None, pd.NA, pd.NA, np.nan, np.nan, ALONE)
    b, d = n - a, total - c
    score = np.where(a * d > b * c, log_likelihood(a, b, c, d), -1.0)
    best = int(np.argmax(score))
    if score[best] < 0:
        return (None, pd.NA, pd.NA, np.nan, np.nan, "it is no more frequent in one than in the others")
    ratio = float(log_ratio(a[best], b[best], c[best], d[best]))
    return (groups[best], int(a[best]), int(c[best]), score[best], ratio, "" if b[best] else NOT_ELSEWHERE)


def collocations(
    texts: Mapping[str, str],
    query: str,
    language: Language = None,
    *,
    window: Count = 5,
    stop: Collection[str] = (),
    shortest: Count = 1,
    least: Count = 2,
) -> pd.DataFrame:
    """Return the terms that stand beside a word or phrase, and whether more often than elsewhere.

    Each place within the window counts once, also where two places of the query reach it; no window reaches into
    another document.

    Parameters
    ----------
    texts : mapping of str to str
        Document -> text.
    query : str
        As of `kwic`.
    language : str or mapping of str to str, optional
        As of `terms`.
    window : int
        Words to the left and to the right.
    stop : collection of str
        As of `terms`.
    shortest, least : int
        Letters that a term has at least, and how often it stands beside the query at least.

    Returns
    -------
    pandas.DataFrame
        `term, forms, language`, `n_near` (within the window), `n_left`, `n_right`, `expected` (within the window, were
        the term spread evenly), `n` (in all texts, the query left out), `n_query` (places of the query),
        `n_documents` (with the two together), `n_words` (the query left out), `log_likelihood` (four cells, large also
        where the term is rarer than expected), `log_dice`; the most typical first.

    Raises
    ------
    CrosscaseError
        Where the query holds no word.

    References
    ----------
    Dunning, T. (1993). Accurate methods for the statistics of surprise and coincidence. Computational Linguistics
    19(1), 61-74.
    Rychlý, P. (2008). A lexicographer-friendly association score. Proceedings of Recent Advances in Slavonic Natural
    Language Processing, 6-9.

    Examples
    --------
    >>> found = collocations({"d": "Mutual trust helps. No mutual trust, no help. Money is short."}, "trust", window=1)
    >>> found[["term", "n_near", "n", "n_query", "log_dice"]].values.tolist()
    [['mutual', 2, 2, 2, 14.0]]
    """
    check_arguments(collocations, locals())
    tests_of(query, None)
    frames = [
        _beside(part, query, tongue, window, stop, shortest, least) for tongue, part in _by_language(texts, language)
    ]
    return _together(frames, BESIDE, ["log_dice", "n_near", "term"], [False, False, True])


def _beside(
    texts: Mapping[str, Tokens], query: str, language: str | None, window: int, stop: Collection[str],
    shortest: int, least: int,
) -> pd.DataFrame:  # fmt: skip
    """Return what stands beside a query in texts of one language."""
    near, left, right, all_, nodes_near, documents = (Counter() for _ in range(6))  # type: ignore[var-annotated]
    n_query = reached = total = 0
    for found in texts.values():
        places = runs(found, query, language)
        n_query += len(places)
        size = len(found.terms)
        own = {n for first, last in places for n in range(first, last + 1)}
        total += size - len(own)
        all_.update(term for n, term in enumerate(found.terms) if n not in own)
        before, after = set[int](), set[int]()
        for first, last in places:
            mine = {n for n in range(max(0, first - window), first) if n not in own}
            its = {n for n in range(last + 1, min(size, last + 1 + window)) if n not in own}
            nodes_near.update({found.terms[n] for n in mine | its})
            before |= mine
            after |= its
        reached += len(before | after)
        left.update(found.terms[n] for n in before)
        right.update(found.terms[n] for n in after)
        here = Counter(found.terms[n] for n in before | after)
        near.update(here)
        documents.update(here.keys())
    forms = _forms(texts.values())
    names = [term for term in _listed(forms, stop, language, shortest) if near[term] >= least]
    n_near, n, nodes = (np.array([of[term] for term in names], dtype="int64") for of in (near, all_, nodes_near))
    shown = [_shown(forms[term]) for term in names]
    return pd.DataFrame(
        {
            "term": [name for name, _ in shown],
            "forms": [each for _, each in shown],
            "language": language if can_stem(language) else None,
            "n_near": n_near,
            "n_left": [left[term] for term in names],
            "n_right": [right[term] for term in names],
            "expected": reached * n / total if total else np.nan,
            "n": n,
            "n_query": n_query,
            "n_documents": [documents[term] for term in names],
            "n_words": total,
            "log_likelihood": log_likelihood(n_near, n - n_near, reached, total - reached, cells=4),
            "log_dice": log_dice(np.minimum(n_near, nodes), n_query, n),
        },
        columns=BESIDE,
    )


def _by_language(texts: Mapping[str, str], language: Language) -> Iterator[tuple[str | None, dict[str, Tokens]]]:
    """Yield each language with the words of its texts."""
    tongues = {document: language_of(language, document) for document in texts}
    for tongue in dict.fromkeys(tongues.values()):
        yield tongue, {name: tokens(text, tongue) for name, text in texts.items() if tongues[name] == tongue}


def _forms(found: Collection[Tokens]) -> dict[str, Counter[str]]:
    """Return term -> its forms, each with how often it was written."""
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for words in found:
        for (term, form), n in Counter(zip(words.terms, words.forms)).items():
            forms[term][form] += n
    return forms


def _listed(
    forms: Mapping[str, Collection[str]], stop: Collection[str], language: str | None, shortest: int
) -> Iterator[str]:
    """Yield the terms that have letters enough and whose most frequent form is no stop word."""
    left = {form_of(word, language) for word in stop}
    for term, written in forms.items():
        most = _shown(written)[0]  # type: ignore[arg-type]
        if most not in left and len(most) >= shortest and any(map(str.isalpha, most)):
            yield term


def _shown(forms: Counter[str]) -> tuple[str, str]:
    """Return the most frequent form of a term, and all of them (the first twelve), the most frequent first."""
    ordered = sorted(forms, key=lambda form: (-forms[form], form))
    return ordered[0], join(ordered[:FORMS])


def _together(frames: list[pd.DataFrame], columns: list[str], by: list[str], ascending: list[bool]) -> pd.DataFrame:
    """Return the terms of all languages in one order; where there is none, a frame with the same columns."""
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return pd.DataFrame(columns=columns)
    out = pd.concat(filled, ignore_index=True).sort_values(by, ascending=ascending, kind="stable", ignore_index=True)
    counts = {name: "Int64" for name in out.columns if name == "n" or name.startswith("n_")}
    return out.astype(counts)
