"""Texts as spans: normalisation, paragraphs, sentences, and what falls into which."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from crosscase.errors import CrosscaseError, Problem

UNITS = ("sentence", "paragraph", "document")
QUOTATIONS_ONLY = "made of its coded segments"
"""What the column `extractor` says of a document of which only the quotations are known: a table held no more."""
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'’”»)\]]*+(?=\s)")  # from the first mark of a row alone: else quadratic
_NEXT = re.compile(r"\S")
_ABBREVIATIONS = frozenset(
    {"e.g", "i.e", "etc", "vs", "cf", "al", "prof", "dr", "mr", "mrs", "ms", "st", "no", "fig", "ca", "approx"}
    | {"resp", "incl", "bijv", "o.a", "d.w.z", "m.b.t", "p.ex"}
)
_LONGEST = 16
_OPENERS = "\"'‘’“”«([*•"


def normalise(text: str) -> str:
    """Return a text as offsets count it: without byte order mark, every line end as one LF.

    Examples
    --------
    >>> normalise("one\\r\\ntwo\\rthree")
    'one\\ntwo\\nthree'
    """
    text = text.removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def quotations_only(documents: pd.DataFrame) -> list[str]:
    """Return the documents of which only the quotations are known, not the text between them.

    Parameters
    ----------
    documents : pandas.DataFrame
        `document` and, where known, `extractor`.

    Examples
    --------
    >>> quotations_only(pd.DataFrame({"document": ["d", "e"], "extractor": ["made of its coded segments", None]}))
    ['d']
    """
    if "extractor" not in documents:
        return []
    return documents.loc[documents["extractor"].eq(QUOTATIONS_ONLY).fillna(False), "document"].tolist()


def paragraphs(text: str) -> pd.DataFrame:
    """Return the non-empty lines of a text as spans.

    Parameters
    ----------
    text : str
        LF-normalised text.

    Returns
    -------
    pandas.DataFrame
        `paragraph` (from 1), `start`, `end`: code points without the white space around the line.

    Examples
    --------
    >>> paragraphs("one\\n\\n two ").to_dict("list")
    {'paragraph': [1, 2], 'start': [0, 6], 'end': [3, 9]}
    """
    frame = pd.DataFrame(paragraph_spans(text), columns=["start", "end"])
    frame.insert(0, "paragraph", range(1, len(frame) + 1))
    return frame


def paragraph_spans(text: str) -> np.ndarray:
    """Return start and end of each non-empty line of a text as rows of an array; `paragraphs` puts a frame around it.

    Examples
    --------
    >>> paragraph_spans("one\\n\\n two ").tolist()
    [[0, 3], [6, 9]]
    """
    spans = [match.span() for match in re.finditer(r"[^\s](?:[^\n]*[^\s])?", text)]
    return np.array(spans, dtype="int64").reshape(-1, 2)


def sentences(text: str) -> pd.DataFrame:
    """Return the sentences of a text as spans.

    A sentence ends at `.`, `!`, `?` or an ellipsis (closing quotes and brackets included) before white space and a
    capital letter, digit or opening quote; never after an abbreviation or the number of a list entry, never across
    lines.

    Parameters
    ----------
    text : str
        LF-normalised text.

    Returns
    -------
    pandas.DataFrame
        `unit` (`paragraph.sentence`, both from 1), `start`, `end` in code points.

    Examples
    --------
    >>> sentences("One. Two, e.g. this. 3 is next.\\nFour")["unit"].tolist()
    ['1.1', '1.2', '1.3', '2.1']
    """
    rows = _sentence_rows(text, paragraph_spans(text))
    return pd.DataFrame(rows, columns=["unit", "start", "end"]).astype({"start": "int64", "end": "int64"})


def _sentence_rows(text: str, blocks: np.ndarray) -> list[tuple[str, int, int]]:
    rows = []
    for paragraph, (start, end) in enumerate(blocks.tolist(), start=1):
        begin, number = start, 1
        for match in _END.finditer(text, start, end):
            following = _NEXT.search(text, match.end(), end)
            if following is None or not _is_end(text, begin, match, following.group(), first=number == 1):
                continue
            rows.append((f"{paragraph}.{number}", begin, match.end()))
            begin, number = following.start(), number + 1
        rows.append((f"{paragraph}.{number}", begin, end))
    return rows


def _is_end(text: str, begin: int, mark: re.Match[str], following: str, *, first: bool) -> bool:
    """Tell whether a mark ends a sentence; only as much of what stands before is looked at as an abbreviation has."""
    if not (following.isupper() or following.isdigit() or following in _OPENERS):
        return False
    if mark.group() != ".":
        return True
    at = mark.start()
    before = text[max(begin, at - _LONGEST) : at]
    word = re.split(r"[\s(\[]", before)[-1].lower()
    list_number = first and at - begin <= _LONGEST and before.isdigit()
    return not (word in _ABBREVIATIONS or list_number)


def units(texts: dict[str, str]) -> pd.DataFrame:
    """Return sentences and paragraphs of several texts in one table of spans.

    Parameters
    ----------
    texts : dict of str to str
        Document -> LF-normalised text.

    Returns
    -------
    pandas.DataFrame
        `document`, `kind` (sentence or paragraph), `unit`, `start`, `end`: the columns of the table `units`.
    """
    rows: list[tuple[str, str, str, int, int]] = []
    for document, text in texts.items():
        blocks = paragraph_spans(text)
        rows += [(document, "sentence", *row) for row in _sentence_rows(text, blocks)]
        rows += [(document, "paragraph", str(n), a, b) for n, (a, b) in enumerate(blocks.tolist(), start=1)]
    frame = pd.DataFrame(rows, columns=["document", "kind", "unit", "start", "end"])
    kinds = {"document": "str", "kind": "str", "unit": "object", "start": "int64", "end": "int64"}
    return frame.astype(kinds) if texts else frame


def choose_units(units: pd.DataFrame, documents: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the units of one kind, the whole document included.

    Parameters
    ----------
    units : pandas.DataFrame
        `document, kind, unit, start, end`.
    documents : pandas.DataFrame
        `document, code_points`.
    by : {"sentence", "paragraph", "document"}
        Which units; never chosen silently, as agreement depends on it.

    Returns
    -------
    pandas.DataFrame
        `document, unit, start, end`, in reading order.

    Raises
    ------
    CrosscaseError
        Where `by` is none of the three.
    """
    if by not in UNITS:
        raise CrosscaseError(Problem("units", "the kind of unit is one of three", repr(by), ", ".join(UNITS)))
    if by == "document":
        known = documents.loc[documents["code_points"].notna(), ["document", "code_points"]]
        return pd.DataFrame(
            {"document": known["document"], "unit": "1", "start": 0, "end": known["code_points"].astype("int64")}
        ).reset_index(drop=True)
    chosen = units[units["kind"] == by]
    return chosen[["document", "unit", "start", "end"]].sort_values(["document", "start"], ignore_index=True)


def gaps(not_stated: list[str], not_in_file: list[str] | None = None) -> pd.DataFrame:
    """Return what the publications of a study leave open, and what only the copy held here lacks, one row per gap.

    Examples
    --------
    >>> gaps(["number of interviews"]).values.tolist()
    [['number of interviews', 'not stated']]
    """
    lacking = not_in_file or []
    states = ["not stated"] * len(not_stated) + ["not in the file we hold"] * len(lacking)
    return pd.DataFrame({"what": [*not_stated, *lacking], "state": states}, columns=["what", "state"], dtype=object)
