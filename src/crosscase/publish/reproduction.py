"""The reproduction table: each published number beside the kept value that should give it again."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pandas as pd

from crosscase.publish.book_text import html_text, md_text, slug
from crosscase.publish.values import Kept
from crosscase.study import Study, load_study

REPRODUCED, DIFFERS, NOT_REPRODUCIBLE, NO_NUMBER = "reproduced", "differs", "not reproducible", "no number"
RESULTS = (REPRODUCED, DIFFERS, NOT_REPRODUCIBLE)
DERIVED = "derived"
_NOT_COMPARED = "they are words, or hold a number only inside a sentence, and are not compared."
AS_GIVEN = ["fact", "field", "status", "stage", "source"]
COLUMNS = [
    "study",
    "fact",
    "field",
    "statement",
    "unit",
    "status",
    "stage",
    "source",
    "published",
    "computed",
    "result",
]
COLUMNS += ["why", "value_id"]


def reproduction_table(studies: Iterable[Study | str], kept: Kept) -> pd.DataFrame:
    """Compare the published facts of studies with the kept values that should reproduce them.

    Parameters
    ----------
    studies : iterable of Study or str
        Studies, or their ids.
    kept : Kept
        What the notebooks kept.

    Returns
    -------
    pandas.DataFrame
        One row per fact that has a number or names a value: `study, fact, field, statement` (the fact in our words),
        `unit, status, stage, source, published` (number), `computed` (number or null), `result` (`reproduced`,
        `differs`, `not reproducible`, or `no number` for what counts nowhere), `why`, `value_id`.
    """
    rows = []
    for item in studies:
        study = load_study(item) if isinstance(item, str) else item
        for fact in study.facts.to_dict("records"):
            row = {"study": study.name, "statement": fact["value"], "published": fact["number"]}
            row |= {"unit": _given(fact["unit"]), "value_id": _given(fact["reproduced_by"])}
            row |= dict(zip(["computed", "result", "why"], _compare(fact, kept)))
            rows.append(row | {name: fact[name] for name in AS_GIVEN})
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.astype({"published": "float64", "computed": "float64"})


def fact_counts(table: pd.DataFrame) -> dict[str, int]:
    """Return how many facts with a number are reproduced, differ, and cannot be reproduced.

    `table` is as `reproduction_table` returns it.

    >>> fact_counts(pd.DataFrame({"result": ["reproduced", "no number"]}))
    {'reproduced': 1, 'differs': 0, 'not reproducible': 0}
    """
    return {result: int((table["result"] == result).sum()) for result in RESULTS}


def _given(text: Any) -> str:
    return "" if text is None or pd.isna(text) else str(text)


def _compare(fact: dict[str, Any], kept: Kept) -> tuple[float | None, str, str]:
    """Return the computed number, the result and its reason for one fact."""
    published, name = fact["number"], _given(fact["reproduced_by"])
    record = kept.values.get(name)
    value = record["value"] if record else None
    computed = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    if pd.isna(published):
        return computed, NO_NUMBER, _given(fact["not_reproducible"]) or "the fact has no number to compare"
    if not name:
        return None, NOT_REPRODUCIBLE, _given(fact["not_reproducible"]) or "no kept value is named for it"
    if record is None:
        return None, NOT_REPRODUCIBLE, "value not kept"
    if computed is None:
        return None, NOT_REPRODUCIBLE, record.get("reason") or "the kept value is no number"
    if math.isclose(computed, published, rel_tol=1e-9, abs_tol=1e-12):
        return computed, REPRODUCED, ""
    if not float(published).is_integer() and _rounded(computed, published) == published:
        return computed, REPRODUCED, "after rounding to the published decimals"
    return computed, DIFFERS, _given(fact["note"])


def _rounded(computed: float, published: float) -> float:
    """Round half up to the decimals that a published number has."""
    step = Decimal(1).scaleb(int(Decimal(repr(float(published))).as_tuple().exponent))
    return float(Decimal(repr(computed)).quantize(step, rounding="ROUND_HALF_UP"))


def reproduction_page(table: pd.DataFrame, titles: dict[str, str]) -> str:
    """Return the reproduction table as MyST, to be included in a chapter.

    `table` is as `reproduction_table` returns it. `titles`: study -> short title.
    """
    numbers = table[table["result"] != NO_NUMBER]
    parts = [_summary(numbers), f"**{len(table) - len(numbers)}** facts have no number of their own; {_NOT_COMPARED}\n"]
    for study, rows in table.groupby("study", sort=False):
        parts.append(f"## {md_text(titles.get(str(study), study))}\n")
        numbered, bare = rows[rows["result"] != NO_NUMBER], rows[rows["result"] == NO_NUMBER]
        if len(numbered):
            parts.append("| Fact | Given | Computed | Result | Why |\n|---|---:|---:|---|---|")
            parts[-1] += "".join(f"\n{_line(row)}" for row in numbered.to_dict("records")) + "\n"
        if len(bare):
            parts.append(":::{dropdown} Facts that are not compared\n")
            parts += [_bare(row) for row in bare.to_dict("records")]
            parts.append("\n:::\n")
    return "\n".join(parts)


def _summary(numbers: pd.DataFrame) -> str:
    """Return how many numbers come out again, and which of them no publication prints."""
    of = {result: numbers[numbers["result"] == result] for result in RESULTS}
    ours = int((of[REPRODUCED]["status"] == DERIVED).sum())
    again = len(of[REPRODUCED])
    counted = f": {again - ours} that a publication prints, and {ours} that we counted in its text" if ours else ""
    verb = "differs" if len(of[DIFFERS]) == 1 else "differ"
    caution = " A number that we counted shows that our tables hold what the text lists; it confirms no finding."
    return (
        f"Of **{len(numbers)}** numbers **{again}** come out again{counted}. **{len(of[DIFFERS])}** {verb}. "
        f"**{len(of[NOT_REPRODUCIBLE])}** cannot be computed from what is public, each with its reason."
        f"{caution if ours else ''}\n"
    )


def _bare(row: dict[str, Any]) -> str:
    where = f"{row['stage']}, {str(row['status']).replace('_', ' ')}, {md_text(row['fact'])}"
    return f"- {_anchor(row)}{md_text(row['statement'])} ({where})"


def fact_anchor(study: str, fact: str) -> str:
    """Return the anchor of a published fact on the page of the reproduction.

    >>> fact_anchor("demo", "F1")
    'fact-demo-F1'
    """
    return slug(f"fact-{study}-{fact}")


def _anchor(row: dict[str, Any]) -> str:
    """Return the place that a link to a fact leads to."""
    return f'<span id="{html_text(fact_anchor(row["study"], row["fact"]))}"></span>'


def _line(row: dict[str, Any]) -> str:
    computed = f"{{value}}`{row['value_id']}`" if row["computed"] == row["computed"] else "–"
    mark = {REPRODUCED: "✓", DIFFERS: "≠", NOT_REPRODUCIBLE: "–"}[row["result"]]
    unit = f" {md_text(row['unit'])}" if row["unit"] else ""
    published = md_text(f"{row['published']:.15g}") + unit
    kind = "counted by us" if row["status"] == DERIVED else "printed"
    where = f"{row['stage']}, {kind}, {md_text(row['fact'])}"
    fact, result = f"{_anchor(row)}{md_text(row['statement'])} ({where})", f"{mark} {row['result']}"
    return f"| {fact} | {published} | {computed} | {result} | {md_text(row['why'])} |"
