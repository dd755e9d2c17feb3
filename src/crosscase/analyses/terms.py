"""The words of a study's documents, before anything is coded: terms, what stands beside a word, where it occurs.

The texts must be at hand. What shows words of texts that nobody has released is looked at and not kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import pandas as pd

from crosscase import concordance
from crosscase.analyses.result import Result, answer, refuse
from crosscase.analyses.sentences import begin, count, listed, share, verb
from crosscase.documents import quotations_only
from crosscase.errors import CrosscaseError, Problem
from crosscase.study import Study
from crosscase.study.wording import Wording, own_stop_words, wording

By = Literal["document", "case"]
NOT_HERE = "No text of the study is at hand, so its words cannot be read; `crosscase restricted add` places texts."
NOT_RELEASED = (
    "No text of the study is released word by word, so a build reads none of its words; "
    "`crosscase terms` shows them to those who have the texts."
)
RANKED = "The log-likelihood ranks and tests nothing, as the words of one document hang together."
HEADINGS = {
    "per_1000": "per 1,000 words", "n_with": "texts with it", "n_near": "beside it", "log_dice": "logDice",
    "log_likelihood": "log-likelihood", "log_ratio": "log ratio", "n_words": "words", "n_documents": "documents",
    "group": "typical of", "n_group": "n there", "n_words_group": "words there", "n_query": "places of the query",
    "n_left": "before it", "n_right": "after it",
}  # fmt: skip


def terms(study: Study, by: By = "document", *, shortest: int = 3, least: int = 2, all_words: bool = False) -> Result:
    """Return the terms of the texts at hand: how often, in how many documents, and what each is typical of.

    Parameters
    ----------
    study : Study
        The study; words of its `stopwords.txt` are not listed.
    by : {"document", "case"}
        What a term can be typical of.
    shortest, least : int
        Letters that a term has at least, and how often it occurs at least.
    all_words : bool
        Whether the common words of the language are listed too.

    Examples
    --------
    >>> from crosscase.study import load_study
    >>> terms(load_study("nl-work-roadmap")).sentence
    'No text of the study is at hand, so its words cannot be read; `crosscase restricted add` places texts.'
    """
    if by not in ("document", "case"):
        raise CrosscaseError(Problem("by", "terms are typical of documents or cases", repr(by), "document, case"))
    caption = f"Terms of the texts, and the {by} that each is typical of."
    read = wording(study)
    if reason := _none(read):
        return refuse(reason, caption)
    cases = study.documents.dropna(subset=["case"])
    groups = dict(zip(cases["document"], cases["case"])) if by == "case" else None
    given = {"groups": groups, "stop": _stop(study, read, all_words), "shortest": shortest, "least": least}
    frame = concordance.terms(read.texts, read.languages, **given)  # type: ignore[arg-type]

    def says(frame: pd.DataFrame) -> str:
        if frame.empty:
            return f"No term occurs {least} times or more in {_texts(read)}."
        most = listed([f"{row.term} ({row.n})" for row in frame.head(5).itertuples()])
        return f"{begin(_texts(read))} {verb(len(read.texts), 'has', 'have')} most often: {most}."

    return _shown(study, read, frame, caption, says, RANKED)


def collocations(study: Study, word: str, window: int = 5, *, least: int = 2, all_words: bool = False) -> Result:
    """Return what stands beside a word or phrase in the texts at hand, the most typical first.

    Parameters
    ----------
    study : Study
        The study.
    word : str
        As of `crosscase.concordance.kwic`.
    window : int
        Words to the left and to the right.
    least : int
        How often a term stands beside it at least.
    all_words : bool
        Whether the common words of the language are listed too.
    """
    caption = f"What stands within {window} words of {word!r}."
    read = wording(study)
    if reason := _none(read):
        return refuse(reason, caption)
    stop = _stop(study, read, all_words)
    frame = concordance.collocations(read.texts, word, read.languages, window=window, stop=stop, least=least)

    def says(frame: pd.DataFrame) -> str:
        if frame.empty:
            return f"Nothing stands beside {word!r} {least} times or more in {_texts(read)}."
        most = listed([f"{row.term} ({row.n_near} of {row.n})" for row in frame.head(5).itertuples()])
        return f"Beside {word!r} stand most typically: {most}."

    limits = f"logDice is at most 14; one more is twice as often. {RANKED}"
    return _shown(study, read, frame, caption, says, limits)


def kwic(study: Study, word: str, width: int = 60) -> Result:
    """Return each place of a word or phrase in the texts at hand, with the text around it.

    Parameters
    ----------
    study : Study
        The study.
    word : str
        As of `crosscase.concordance.kwic`.
    width : int
        Characters to the left and to the right.
    """
    caption = f"Each place of {word!r}, with {width} characters before and after it."
    read = wording(study)
    if reason := _none(read):
        return refuse(reason, caption)
    frame = concordance.kwic(read.texts, word, read.languages, width)

    def says(frame: pd.DataFrame) -> str:
        n = count(len(frame), "place")
        return f"{word!r} has {n}, in {share(frame['document'].nunique(), len(read.texts), 'text').lower()} at hand."

    return _shown(study, read, frame, caption, says)


def occurrence(study: Study, words: str | Sequence[str]) -> Result:
    """Return where words occur, by document and by case, in the four states of a cell and per 1,000 words.

    Parameters
    ----------
    study : Study
        The study.
    words : str or sequence of str
        Words or phrases, each as of `crosscase.concordance.kwic`.
    """
    caption = "Where words occur, by document and by case."
    read = wording(study)
    if reason := _none(read):
        return refuse(reason, caption)
    frame = concordance.occurrence(read.texts, words, study.documents, read.languages, cases=study.cases)

    def says(frame: pd.DataFrame) -> str:
        said = []
        for word, part in frame[frame["unit"].eq("document")].groupby("query", sort=False):
            here = part[part["n_documents"].gt(0)]
            places, texts = int(here["n"].sum()), int(here["n"].gt(0).sum())
            said.append(f"{word!r} has {count(places, 'place')} in {texts} of {count(len(here), 'text')} at hand")
        return f"{'; '.join(said)}."

    limits = "A text that is not at hand, or of which only quotations are known, says nothing of what it does not hold."
    return _shown(study, read, frame, caption, says, limits)


def _none(read: Wording) -> str:
    """Return why there is nothing to read; empty where there is."""
    return "" if read.texts else NOT_RELEASED if read.left_out else NOT_HERE


def _texts(read: Wording) -> str:
    n = len(read.texts)
    return "the one text at hand" if n == 1 else f"the {n:,} texts at hand"


def _stop(study: Study, read: Wording, all_words: bool) -> set[str]:
    """Return the words that are not listed: the study's own, and the common ones of its languages."""
    common = {each for language in set(read.languages.values()) for each in concordance.stop_words(language)}
    return {*own_stop_words(study), *(() if all_words else common)}


def _shown(study: Study, read: Wording, frame: pd.DataFrame, caption: str, says: object, limits: str = "") -> Result:
    """Return what was found, with what was assumed of the texts, and why it is not kept."""
    unknown = sum(not concordance.can_stem(language) for language in read.languages.values())
    made = [each for each in quotations_only(study.documents) if each in read.texts]
    notes = [limits]
    if unknown:
        notes.append(f"Words of {count(unknown, 'text')} are counted as they are written: no stemmer for the language.")
    if made:
        notes.append(f"Of {count(len(made), 'document')} only the quotations are known.")
    if read.left_out:
        notes.append(f"{begin(count(read.left_out, 'text'))} that nobody has released were not read.")
    found = answer(study, frame, caption, says, " ".join(filter(None, notes)))  # type: ignore[arg-type]
    held = f"It shows words of {count(read.unreleased, 'text')} that nobody has released." if read.unreleased else ""
    return replace(found, held=held, headings=HEADINGS)
