"""What the columns of a kept table hold and how they are headed; nobody else guesses it from their names.

A column of the data dictionary is what the dictionary says, where all its tables say the same. What is computed has one
table here. A result may say it better itself. The book reads what is kept with the table.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache

import pandas as pd

from crosscase import paths, tables

TEXT, NUMBER, TRUTH, TERM, SEGMENTS, ID_OF = "text", "number", "yes or no", "term", "segments", "id of "
"""Kinds of columns; an id says of which table, such as `id of themes`; a cell may hold several, joined."""

NAMED = {"coding": "codings", "item": "inventory", "memo": "memo_index"}
"""Kind of an id in the dictionary -> its table, where that is not the plural."""


KIND_OF = {
    "id of cases": "case_a case_b cases contradicted_in hinders promotes supported_in",
    "id of codebook": "code_1 code_2 code_a code_b",
    "id of coders": "coder_1 coder_2 coders",
    "id of memo_index": "memo",
    "id of studies": "not_appraised studies studies_against studies_for study",
    "id of themes": "claim subtheme theme themes",
    "segments": "codings group_segments",
    "term": "coefficient compatible contrast design different estimator interval not_judged reading "
    "same standing test unknown",
}
"""Kind -> the columns that analyses make and that hold it. A column of numbers or of yes and no is one whatever its
name."""
COMPUTED = {name: kind for kind, names in KIND_OF.items() for name in names.split()}
HEADINGS = {
    "adjusted_rand": "agreement with the first grouping",
    "also_condition": "and a condition",
    "case_a": "one case",
    "case_b": "the other",
    "coder_1": "one coder",
    "coder_2": "the other",
    "compatible": "ratings not contradicted",
    "demand": "what was asked of the cases",
    "different": "different in",
    "grade": "how well it can be answered",
    "incl_cut": "inclusion cut",
    "k": "cases (k)",
    "k_high": "k, high outcome",
    "k_low": "k, low outcome",
    "label": "what",
    "look": "look at",
    "maps_to": "named in the framework as",
    "models_above": "models above it",
    "models_below": "models below it",
    "n_a_priori": "placed in the framework",
    "n_also_condition": "a condition besides",
    "n_by_subthemes": "through its subthemes",
    "n_by_theme": "through the theme above",
    "n_cases": "cases (n)",
    "n_designs": "designs",
    "n_different": "codes that differ",
    "n_high": "cases, high outcome",
    "n_in": "cases above the cut",
    "n_itself": "mapped itself",
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
    "n_without": "samples without an interval",
    "not_appraised": "studies not appraised",
    "not_judged": "not yet judged",
    "null_effect": "effect by chance",
    "of": "of studies",
    "outcome_a": "outcome of the one",
    "outcome_b": "outcome of the other",
    "p_adjusted": "p, adjusted",
    "pri": "PRI",
    "ron": "RoN",
    "same": "alike in",
    "share_a_priori": "share placed",
    "share_in": "share above the cut",
    "smallest_p": "least p possible",
    "standing": "what the studies allow",
    "studies_against": "studies against",
    "studies_for": "studies for",
    "sum_of_parts": "sum of the parts",
    "sum_of_smallest_parts": "sum, if a part is given as a range its lower end",
    "units_large_sample": "units by the large-sample formula",
    "unknown": "not known of both",
    "valence": "direction",
    "voice": "who says so",
    "words": "in words",
}
"""Headings of columns whose names do not say it."""

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

    `kinds` and `headings` are what the result says of its columns itself.

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
    return HEADINGS.get(name) or name.replace("_", " ")


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
    if known := COMPUTED.get(name):
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
