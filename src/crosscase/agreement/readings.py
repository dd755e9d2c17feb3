"""Codings side by side, without any coefficient: the same stretch of text, and what each coder put there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from crosscase.agreement.disagreements import NONE
from crosscase.agreement.units import code_sets

NOTHING = "(nothing)"
NOT_READ = "(did not code this document)"


def side_by_side(
    codings: pd.DataFrame,
    units: pd.DataFrame,
    coders: Sequence[str] | None = None,
    codes: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Lay the readings of all coders beside each other, unit by unit.

    Parameters
    ----------
    codings : DataFrame
        `document, start, end, code, coder`; those without offsets are left out.
    units : DataFrame
        `document, start, end, unit`.
    coders, codes : sequence of str, optional
        Whose readings, and which codes.

    Returns
    -------
    DataFrame
        One row per unit to which anybody gave a code: `document, unit, start, end`, one column per coder with the
        codes joined by "; " (`(nothing)` where the coder gave none), `reading`: "alike", "differs", or "one coder".

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "start": [0, 0], "end": [4, 4], "code": ["b", "a"],
    ...                         "coder": ["x", "y"]})
    >>> units = pd.DataFrame({"document": ["d", "d"], "start": [0, 6], "end": [5, 9], "unit": ["1.1", "1.2"]})
    >>> side_by_side(codings, units)[["unit", "x", "y", "reading"]].values.tolist()
    [['1.1', 'b', 'a', 'differs']]
    """
    people = list(coders) if coders is not None else sorted(codings["coder"].unique())
    if units.empty or codings.empty:
        return pd.DataFrame(columns=["document", "unit", "start", "end", *people, "reading"])
    cells = code_sets(codings, units, people, codes)
    words = pd.DataFrame({coder: cells[coder].map(_words) for coder in people}, index=cells.index)
    words["reading"] = [_reading([given for given in row if isinstance(given, frozenset)])
                        for row in cells.itertuples(index=False)]  # fmt: skip
    used = words[people].isin([NOTHING, NOT_READ]).all(axis=1)
    places = units.assign(key=list(zip(units["document"], units["unit"])))[["key", "document", "unit", "start", "end"]]
    return places.merge(words[~used].assign(key=list(words.index[~used])), on="key").drop(columns="key")


def _words(given: object) -> str:
    if not isinstance(given, frozenset):
        return NOT_READ
    return "; ".join(sorted(map(str, given))) or NOTHING


def _reading(given: list[frozenset]) -> str:
    if len(given) < 2:
        return "one coder"
    return "alike" if len(set(given)) == 1 else "differs"


def memo_table(memos: Mapping[str, str]) -> pd.DataFrame:
    """Return the memos of a study as a table, one row per entry, so that they can be read beside the codings.

    Parameters
    ----------
    memos : mapping of str to str
        Name of the memo -> Markdown.

    Returns
    -------
    DataFrame
        `memo, entry, text`: each item of a list is an entry, and each other paragraph; headings are left out.

    Examples
    --------
    >>> memo_table({"coder_x": "# Memos\\n\\nWritten by x.\\n\\n- One thing.\\n- Another."})["text"].tolist()
    ['Written by x.', 'One thing.', 'Another.']
    """
    rows = []
    for name, text in memos.items():
        entries = [part for block in text.split("\n\n") for part in _entries(block)]
        rows += [{"memo": name, "entry": number, "text": entry} for number, entry in enumerate(entries, start=1)]
    return pd.DataFrame(rows, columns=["memo", "entry", "text"])


def _entries(block: str) -> list[str]:
    lines = [line.strip() for line in block.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    out: list[str] = []
    for line in lines:
        new = line.startswith(("- ", "* "))
        if new or not out:
            out.append(line[2:] if new else line)
        else:
            out[-1] += f" {line}"
    return [text.replace("**", "").replace("`", "") for text in out]


def confusion_frame(table: pd.DataFrame, most: int = 16) -> pd.DataFrame:
    """Return the codes on which coders differ most, in the form in which the confusion map is drawn.

    Parameters
    ----------
    table : DataFrame
        As `confusion` returns it: order of coders ignored.
    most : int
        How many codes at most: those with most pairs in which the other coder gave another code or none.

    Returns
    -------
    DataFrame
        `code_a, code_b, n`; each pair stands once, and `(not coded)` is a code_b like any other.

    Examples
    --------
    >>> table = pd.DataFrame({"code_1": ["a", "a", "c"], "code_2": ["a", "b", "c"], "n_pairs": [5, 2, 9]})
    >>> confusion_frame(table).values.tolist()
    [['a', 'a', 5], ['a', 'b', 2]]
    """
    apart = table[table["code_1"] != table["code_2"]]
    ends = pd.concat([apart.set_index(side)["n_pairs"] for side in ("code_1", "code_2")])
    total = ends[ends.index != NONE].groupby(level=0).sum().sort_index().sort_values(ascending=False, kind="stable")
    chosen = {*total.head(most).index, NONE}
    kept = table[table["code_1"].isin(chosen) & table["code_2"].isin(chosen)]
    names = {"code_1": "code_a", "code_2": "code_b", "n_pairs": "n"}
    return kept.rename(columns=names)[[*names.values()]].reset_index(drop=True)
