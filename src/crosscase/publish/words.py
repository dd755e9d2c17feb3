"""The words in which the tables of the book say what the files say in ids and short column names."""

from __future__ import annotations

import re

from crosscase.tables import LIST_SEPARATOR

HEADINGS = {
    "adjusted_rand": "agreement with the first grouping",
    "case_a": "one case",
    "case_b": "the other",
    "coder_1": "one coder",
    "coder_2": "the other",
    "compatible": "ratings not contradicted",
    "demand": "what was asked of the cases",
    "grade": "how well it can be answered",
    "incl_cut": "inclusion cut",
    "k": "cases (k)",
    "k_high": "k, high outcome",
    "k_low": "k, low outcome",
    "label": "what",
    "look": "look at",
    "maps_to": "named in the framework as",
    "n_a_priori": "placed in the framework",
    "n_cases": "cases (n)",
    "n_clear": "with one direction",
    "n_different": "codes that differ",
    "n_designs": "designs",
    "n_high": "cases, high outcome",
    "n_in": "cases above the cut",
    "n_known": "conditions known of both",
    "n_labels": "labels",
    "n_left": "left over",
    "n_low": "cases, low outcome",
    "n_models": "tied models",
    "n_not_stated": "not stated in",
    "n_not_trusted": "designs not trusted",
    "n_positive": "rows with the outcome",
    "n_remainders": "rows without a case",
    "n_studies": "studies",
    "n_undecided": "undecided in",
    "n_voices": "kinds of source",
    "null_effect": "effect by chance",
    "not_judged": "not yet judged",
    "of": "of studies",
    "outcome_a": "outcome of the one",
    "outcome_b": "outcome of the other",
    "p_adjusted": "p, adjusted",
    "pri": "PRI",
    "ron": "RoN",
    "same": "alike in",
    "different": "different in",
    "share_a_priori": "share placed",
    "share_in": "share above the cut",
    "smallest_p": "least p possible",
    "sum_of_parts": "sum of the parts",
    "sum_of_smallest_parts": "sum, if a part is given as a range its lower end",
    "unknown": "not known of both",
    "valence": "direction",
    "voice": "who says so",
    "words": "in words",
}
"""Column of a kept table -> its heading in the book, where the column's own name would not be understood."""

TERMS = {("kind", "missed"): "coded by one only"}
"""Column and term of a closed list -> what the book says instead, where the term alone could be misread."""

CLOSED = frozenset(
    [
        "coefficient",
        "compatible",
        "contrast",
        "design",
        "different",
        "direction",
        "estimator",
        "interval",
        "kind",
        "match",
        "not_judged",
        "question",
        "reading",
        "same",
        "state",
        "status",
        "test",
        "unknown",
        "valence",
    ]
)
"""Columns that hold terms of a closed list, or short names joined; every other text stays as somebody wrote it."""

_TOKEN = r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*"
_TOKENS = re.compile(rf"{_TOKEN}(?:{LIST_SEPARATOR}{_TOKEN})*")


def level_words(level: str) -> str:
    """Return the sentence by which a page or file says at which level it was built.

    Examples
    --------
    >>> level_words("public")
    'Built at the level public.'
    """
    return f"Built at the level {level}."


def heading(column: str) -> str:
    """Return the heading of a column.

    Examples
    --------
    >>> heading("smallest_p"), heading("n_segments")
    ('least p possible', 'n segments')
    """
    return HEADINGS.get(column, column.replace("_", " "))


def in_words(column: str, value: str) -> str:
    """Return a cell as a reader would say it: terms of a closed list without underscores, lists with commas.

    Parameters
    ----------
    column : str
        Name of the column; only those of `CLOSED` are put into words.
    value : str
        The cell. A text that is more than such terms is left as it is.

    Returns
    -------
    str
        The words; the cell itself where nothing is to be changed.

    Examples
    --------
    >>> in_words("state", "not_stated"), in_words("not_judged", "coherence;relevance"), in_words("same", "BIG;OLD")
    ('not stated', 'coherence, relevance', 'BIG, OLD')
    >>> in_words("compatible", "0 mixed;-1;1"), in_words("match", "Both; later one.")
    ('0 mixed, -1, 1', 'Both; later one.')
    >>> in_words("kind", "missed"), in_words("label", "missed"), in_words("label", "my_code")
    ('coded by one only', 'missed', 'my_code')
    """
    if column not in CLOSED:
        return value
    if (column, value) in TERMS:
        return TERMS[column, value]
    if _TOKENS.fullmatch(value):
        return value.replace("_", " ").replace(LIST_SEPARATOR, ", ")
    return value if f"{LIST_SEPARATOR} " in value else value.replace(LIST_SEPARATOR, ", ")
