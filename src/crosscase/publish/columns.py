"""What the columns of a kept table hold and how they are headed; nobody else guesses it from their names.

A column of the data dictionary is what the dictionary says, where all its tables say the same. What is computed has one
table here. A result may say it better itself. The book reads what is kept with the table.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import NamedTuple

import pandas as pd

from crosscase import paths, tables

TEXT, NUMBER, TRUTH, TERM, SEGMENTS, ID_OF = "text", "number", "yes or no", "term", "segments", "id of "
"""Kinds of columns; an id says of which table, such as `id of themes`; a cell may hold several, joined."""

NAMED = {"coding": "codings", "item": "inventory", "memo": "memo_index"}
"""Kind of an id in the dictionary -> its table, where that is not the plural."""


class Column(NamedTuple):
    """What a column holds, and its heading; empty where name and content say it."""

    kind: str = ""
    heading: str = ""


COMPUTED = {
    "adjusted_rand": Column(heading="agreement with the first grouping"),
    "case_a": Column("id of cases", "one case"),
    "case_b": Column("id of cases", "the other"),
    "cases": Column("id of cases"),
    "claim": Column("id of themes"),
    "code_1": Column("id of codebook"),
    "code_2": Column("id of codebook"),
    "code_a": Column("id of codebook"),
    "code_b": Column("id of codebook"),
    "coder_1": Column("id of coders", "one coder"),
    "coder_2": Column("id of coders", "the other"),
    "coders": Column("id of coders"),
    "codings": Column("segments"),
    "coefficient": Column("term"),
    "compatible": Column("term", "ratings not contradicted"),
    "contradicted_in": Column("id of cases"),
    "contrast": Column("term"),
    "demand": Column(heading="what was asked of the cases"),
    "design": Column("term"),
    "different": Column("term", "different in"),
    "estimator": Column("term"),
    "grade": Column(heading="how well it can be answered"),
    "group_segments": Column("segments"),
    "hinders": Column("id of cases"),
    "incl_cut": Column(heading="inclusion cut"),
    "interval": Column("term"),
    "k": Column(heading="cases (k)"),
    "k_high": Column(heading="k, high outcome"),
    "k_low": Column(heading="k, low outcome"),
    "label": Column(heading="what"),
    "look": Column(heading="look at"),
    "maps_to": Column(heading="named in the framework as"),
    "match": Column("term"),
    "memo": Column("id of memo_index"),
    "n_a_priori": Column(heading="placed in the framework"),
    "n_cases": Column(heading="cases (n)"),
    "n_clear": Column(heading="with one direction"),
    "n_designs": Column(heading="designs"),
    "n_different": Column(heading="codes that differ"),
    "n_high": Column(heading="cases, high outcome"),
    "n_in": Column(heading="cases above the cut"),
    "n_known": Column(heading="conditions known of both"),
    "n_labels": Column(heading="labels"),
    "n_left": Column(heading="left over"),
    "n_low": Column(heading="cases, low outcome"),
    "n_models": Column(heading="tied models"),
    "n_not_stated": Column(heading="not stated in"),
    "n_not_trusted": Column(heading="designs not trusted"),
    "n_positive": Column(heading="rows with the outcome"),
    "n_remainders": Column(heading="rows without a case"),
    "n_studies": Column(heading="studies"),
    "n_undecided": Column(heading="undecided in"),
    "n_voices": Column(heading="kinds of source"),
    "not_judged": Column("term", "not yet judged"),
    "null_effect": Column(heading="effect by chance"),
    "of": Column(heading="of studies"),
    "outcome_a": Column(heading="outcome of the one"),
    "outcome_b": Column(heading="outcome of the other"),
    "p_adjusted": Column(heading="p, adjusted"),
    "pri": Column(heading="PRI"),
    "promotes": Column("id of cases"),
    "reading": Column("term"),
    "ron": Column(heading="RoN"),
    "same": Column("term", "alike in"),
    "share_a_priori": Column(heading="share placed"),
    "share_in": Column(heading="share above the cut"),
    "smallest_p": Column(heading="least p possible"),
    "studies": Column("id of studies"),
    "study": Column("id of studies"),
    "subtheme": Column("id of themes"),
    "sum_of_parts": Column(heading="sum of the parts"),
    "sum_of_smallest_parts": Column(heading="sum, if a part is given as a range its lower end"),
    "supported_in": Column("id of cases"),
    "test": Column("term"),
    "theme": Column("id of themes"),
    "themes": Column("id of themes"),
    "unknown": Column("term", "not known of both"),
    "valence": Column(heading="direction"),
    "voice": Column(heading="who says so"),
    "words": Column(heading="in words"),
}
"""Columns that analyses make. A column of numbers or of yes and no is one whatever its name."""

TOGETHER = {
    ("source", "target"): "id of themes",
    ("theme", "parent"): "id of themes",
    ("code", "parent"): "id of codebook",
}
"""Columns that mean something only beside each other: a relation has two ends, a parent is one of a kind."""


def columns_of(
    frame: pd.DataFrame, kinds: Mapping[str, str] | None = None, headings: Mapping[str, str] | None = None
) -> dict[str, dict[str, str]]:
    """Return column -> its kind and heading, as it is kept with a table.

    Parameters
    ----------
    frame : DataFrame
        The table.
    kinds, headings : mapping of str to str, optional
        What the result says of its columns itself.

    Examples
    --------
    >>> columns_of(pd.DataFrame({"k": [2], "ok": [True]}), headings={"ok": "fine?"})["ok"]
    {'kind': 'yes or no', 'heading': 'fine?'}
    """
    said, headed = kinds or {}, headings or {}
    names = [str(name) for name in frame.columns]
    return {
        name: {
            "kind": said.get(name) or _content(frame.iloc[:, place]) or _by_name(name, names),
            "heading": headed.get(name) or heading(name),
        }
        for place, name in enumerate(names)
    }


def heading(name: str) -> str:
    """Return the heading of a column that its result does not head.

    >>> heading("smallest_p"), heading("n_segments")
    ('least p possible', 'n segments')
    """
    return COMPUTED.get(name, Column()).heading or name.replace("_", " ")


def _content(cells: pd.Series) -> str:
    """Return the kind of a column of numbers, or of yes and no."""
    match pd.api.types.infer_dtype(cells, skipna=True):
        case "boolean":
            return TRUTH
        case "integer" | "floating" | "mixed-integer-float" | "decimal":
            return NUMBER
    return ""


def _by_name(name: str, beside: Collection[str]) -> str:
    for together, kind in TOGETHER.items():
        if name in together and set(together) <= set(beside):
            return kind
    if known := COMPUTED.get(name, Column()).kind:
        return known
    told = _dictionary(str(paths.dictionary())).get(name, set())
    return next(iter(told)) if len(told) == 1 else TEXT


@cache
def _dictionary(_folder: str) -> dict[str, set[str]]:
    """Return column -> the kinds that the tables of the dictionary give it."""
    found: dict[str, set[str]] = {}
    for of in map(tables.schema, tables.names()):
        if of.level == "restricted":
            continue
        foreign = {each["fields"][0]: each["reference"]["resource"] for each in of.foreign}
        for name in of.columns:
            table = foreign.get(name, of.name if of.key == (name,) else "")
            if kind := of.ids.get(name):
                table = NAMED.get(kind, f"{kind}s")
            kind = f"{ID_OF}{table}" if table else TERM if of.constraint(name, "enum") else TEXT
            found.setdefault(name, set()).add(SEGMENTS if table == "codings" else kind)
    return found
