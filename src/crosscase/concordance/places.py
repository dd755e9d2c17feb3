"""Where words occur: by document and by case, in the four states of a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.concordance.lines import runs, tests_of
from crosscase.concordance.tokens import Language, language_of, tokens
from crosscase.documents import quotations_only
from crosscase.frames import need
from crosscase.terms import CASE_KINDS

COLUMNS = ["query", "unit", "id", "state", "n", "n_words", "per_1000", "n_documents", "n_with"]
TOGETHER = ("all", "subset", "unspecified")
"""Kinds of cases that stand for several."""


def occurrence(
    texts: Mapping[str, str],
    query: str | Sequence[str],
    documents: pd.DataFrame,
    language: Language = None,
    *,
    cases: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return where words occur: for each query one row by document and one by case.

    A word is absent where a whole text was searched and does not hold it. A document whose text is not at hand, or of
    which only the quotations are known, says nothing of what it does not hold; nor does a case with such a document, or
    without any. What stands in a text about several cases together is known of these as a count only.

    Parameters
    ----------
    texts : mapping of str to str
        Document -> text, of those at hand.
    query : str or sequence of str
        Words or phrases, each as of `kwic`.
    documents : pandas.DataFrame
        `document, case`, and where known `extractor`, of all documents.
    language : str or mapping of str to str, optional
        As of `kwic`.
    cases : pandas.DataFrame, optional
        `case, kind`; cases of which there is no document are told too. Without it each case is an individual one.

    Returns
    -------
    pandas.DataFrame
        `query, unit` (document or case), `id, state`; `n` (places), `n_words` (of the texts at hand), `per_1000`,
        `n_documents` (texts at hand), `n_with` (of them with the word); numbers are empty where no text is at hand.

    Raises
    ------
    CrosscaseError
        Where a query holds no word, or a column is missing.

    Examples
    --------
    >>> documents = pd.DataFrame({"document": ["d", "e"], "case": ["north", "south"]})
    >>> occurrence({"d": "Trust, trusted."}, "trust", documents, "en")[["unit", "id", "state", "n"]].values.tolist()
    [['document', 'd', 'present', 2], ['document', 'e', 'not_stated', <NA>], ['case', 'north', 'present', 2], \
['case', 'south', 'not_stated', <NA>]]
    """
    check_arguments(occurrence, locals())
    need(documents, ["document", "case"], "documents")
    if cases is not None:
        need(cases, ["case", "kind"], "cases", {"kind": CASE_KINDS})
    queries = [query] if isinstance(query, str) else list(query)
    partial = set(quotations_only(documents))
    kinds = _kinds(documents, cases)
    members = documents.dropna(subset=["case"]).groupby("case", sort=False)["document"].agg(list).to_dict()
    found = {name: tokens(texts[name], language_of(language, name)) for name in documents["document"] if name in texts}
    rows: list[tuple] = []
    for each in queries:
        tests_of(each, None)
        n = {name: len(runs(words, each, language_of(language, name))) for name, words in found.items()}
        size = {name: len(words.forms) for name, words in found.items()}
        state = {name: _state(n.get(name), name in partial) for name in documents["document"]}
        rows += [(each, "document", name, state[name], *_numbers([name], n, size)) for name in documents["document"]]
        together = {kinds[case] for case, mine in members.items() if any(n.get(name) for name in mine)}
        for case, kind in kinds.items():
            mine = members.get(case, [])
            rows.append((each, "case", case, _of_case(kind, mine, state, together), *_numbers(mine, n, size)))
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.astype(dict.fromkeys(("n", "n_words", "n_documents", "n_with"), "Int64"))


def _kinds(documents: pd.DataFrame, cases: pd.DataFrame | None) -> dict[str, str]:
    """Return case -> kind, those of the table of cases first."""
    known = {} if cases is None else dict(zip(cases["case"], cases["kind"].fillna("case")))
    return known | {case: "case" for case in documents["case"].dropna() if case not in known}


def _state(n: int | None, partial: bool) -> str:
    """Return the state of a document with so many places of a word, None where its text is not at hand."""
    if n:
        return "present"
    return "not_stated" if n is None or partial else "absent"


def _of_case(kind: str, members: list[str], state: Mapping[str, str], together: set[str]) -> str:
    """Return the state of a case with some documents; `together` are the kinds of cases that have the word."""
    states = {state[name] for name in members}
    if "present" in states:
        return "count" if kind in TOGETHER else "present"
    if kind == "case" and "all" in together:
        return "count"
    if states == {"absent"} and kind not in TOGETHER:
        return "absent"
    return "count" if kind == "case" and together & set(TOGETHER) else "not_stated"


def _numbers(members: list[str], n: Mapping[str, int], size: Mapping[str, int]) -> tuple:
    """Return places, words, rate, texts at hand and texts with the word; empty where no text is at hand."""
    here = [name for name in members if name in n]
    if not here:
        return (pd.NA, pd.NA, np.nan, 0, pd.NA)
    places, spoken = sum(n[name] for name in here), sum(size[name] for name in here)
    rate = 1000 * places / spoken if spoken else np.nan
    return (places, spoken, rate, len(here), sum(n[name] > 0 for name in here))
