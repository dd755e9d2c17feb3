"""Codings made ready for comparison: what is wrong is refused, what is treated is named and counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Number
from typing import Annotated, Any, TypeAlias

import numpy as np
import pandas as pd

from crosscase.arguments import Has, Name, Said, check_arguments
from crosscase.errors import CrosscaseError, Problem, raise_if, shown

Codings: TypeAlias = Annotated[
    pd.DataFrame | Sequence[Mapping[str, Any]], Said("a table with named columns: a frame, or a list of records")
]
"""Codings or spans: a frame, or a list of records."""
Names: TypeAlias = Sequence[Name] | None
"""Coders or codes to compare, in their order; None for all that occur."""
Seen: TypeAlias = Annotated[pd.DataFrame, Has(("document", "coder"))] | None
"""`document, coder`: who judged what; None for those who coded anything in a document."""
Codebook: TypeAlias = Annotated[pd.DataFrame, Has(("code",))] | None
"""Codes that count; None for all that occur."""
NEEDED = ("document", "start", "end", "code", "coder")
KEYS = ["document", "code", "coder"]
OVERALL = "(all codes)"
"""Stands for all codes together where a table has a row for each."""


@dataclass(frozen=True)
class Prepared:
    """Codings ready for comparison, with the count of every treatment."""

    codings: pd.DataFrame  # one row per merged span: `document, start, end, code, coder`, and `valence` where known
    treatments: pd.DataFrame  # `treatment, n, detail`
    seen: pd.DataFrame  # `document, coder`: who coded anything where, before anything was left out
    duplicates: pd.Series  # rows by code
    merged: pd.Series  # overlapping spans by code


def prepare_codings(codings: Codings, coders: Names = None, codes: Names = None, codebook: Codebook = None) -> Prepared:
    """Check codings, drop duplicates, merge overlapping spans of one code by one coder, and count it all.

    Parameters
    ----------
    codings : DataFrame
        `document, start, end, code, coder`, optionally `valence`; offsets in code points, `[start, end)`.
    coders : sequence of str, optional
        Coders to compare; without it all that occur.
    codes : sequence of str, optional
        Codes to compare; without it all that occur.
    codebook : DataFrame, optional
        With column `code`: codings with other codes are left out and counted.

    Returns
    -------
    Prepared

    Raises
    ------
    CrosscaseError
        For missing columns, rows without document, code or coder, and segments that end before they start.

    Examples
    --------
    >>> rows = pd.DataFrame({"document": "d", "start": [0, 5, 0], "end": [9, 12, 9], "code": "c", "coder": "x"})
    >>> ready = prepare_codings(rows)
    >>> ready.codings[["start", "end"]].values.tolist(), ready.treatments["n"].tolist()
    ([[0, 12]], [1, 1])
    """
    check_arguments(prepare_codings, locals())
    codings = as_codings(codings)
    check_codings(codings)
    counts: list[tuple[str, int, str]] = []
    seen = codings[["document", "coder"]].drop_duplicates().reset_index(drop=True)
    rows = codings
    if coders is not None:
        silent = [coder for coder in coders if coder not in set(seen["coder"])]
        counts.append(("coder coded nothing: no judgement counted", len(silent), _names(silent)))
        others = ~rows["coder"].isin(coders)
        counts.append(_left_out("coder not asked for: left out", rows.loc[others, "coder"]))
        rows = rows[~others]
    if codebook is not None:
        outside = ~rows["code"].isin(codebook["code"])
        counts.append(_left_out("code outside the codebook: left out", rows.loc[outside, "code"]))
        rows = rows[~outside]
    if codes is not None:
        others = ~rows["code"].isin(codes)
        counts.append(_left_out("code not asked for: left out", rows.loc[others, "code"]))
        rows = rows[~others]
    whole = rows["start"].isna() | rows["end"].isna()
    counts.append(_left_out("no offsets (coding of a whole document): left out", rows.loc[whole, "document"]))
    rows = rows[~whole]
    same = rows.duplicated([*KEYS, "start", "end", *(["valence"] if "valence" in rows else [])])
    counts.append(_left_out("duplicate coding: counted once", rows.loc[same, "code"]))
    merged, runs = merge_spans(rows[~same])
    lost = merged.loc[runs > 1, "code"].repeat(runs[runs > 1] - 1)
    counts.append(_left_out("overlapping spans of one code by one coder: merged", lost))
    treatments = pd.DataFrame([row for row in counts if row[1]], columns=["treatment", "n", "detail"])
    by_code = rows.loc[same, "code"].value_counts()
    return Prepared(merged, treatments, seen, by_code, lost.value_counts())


def merge_spans(codings: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Merge overlapping spans of one code by one coder in one document; spans that only touch stay apart.

    Returned are the merged spans, sorted, without a valence where theirs differ, and how many stand behind each.

    Examples
    --------
    >>> rows = pd.DataFrame({"document": "d", "start": [0, 4, 8], "end": [5, 8, 9], "code": "c", "coder": "x"})
    >>> merge_spans(rows)[1].tolist()
    [2, 1]
    """
    rows, group = _sorted(codings)
    start, end = rows["start"].to_numpy(np.int64), rows["end"].to_numpy(np.int64)
    furthest = pd.Series(end).groupby(group).cummax().to_numpy()
    fresh = np.ones(len(rows), dtype=bool)
    fresh[1:] = ~((group[1:] == group[:-1]) & (start[1:] < furthest[:-1]))
    run = np.cumsum(fresh) - 1
    out = rows.loc[fresh, [*KEYS]].reset_index(drop=True)
    out["start"] = start[fresh]
    last = np.append(np.flatnonzero(fresh)[1:], len(rows)) - 1 if len(rows) else np.empty(0, int)
    out["end"] = furthest[last]
    if "valence" in rows:
        kinds = pd.factorize(rows["valence"])[0]
        begin = np.flatnonzero(fresh)
        one = np.minimum.reduceat(kinds, begin) == np.maximum.reduceat(kinds, begin) if len(rows) else fresh
        out["valence"] = rows.loc[fresh, "valence"].astype("string").reset_index(drop=True).where(one)
    extra = [name for name in ("coding_id", "locator", "case") if name in rows]
    for name in extra:
        out[name] = rows.loc[fresh, name].to_numpy()
    runs = pd.Series(np.bincount(run, minlength=len(out)), index=out.index) if len(out) else pd.Series([], dtype=int)
    return out, runs


def as_codings(codings: Any, defaults: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return codings or spans as a frame of their own: records become rows, offsets kept as objects numbers.

    `defaults` holds what stands in columns that are absent. Anything that is no table of named columns is refused, and
    so are names of mixed types.

    Examples
    --------
    >>> as_codings([{"start": 0, "end": 4, "coder": "x"}], {"code": "(marked)"})["code"].tolist()
    ['(marked)']
    """
    if isinstance(codings, pd.DataFrame):
        frame = codings.copy(deep=False)
    else:
        try:
            frame = pd.DataFrame(codings)
        except (TypeError, ValueError) as error:
            found, allowed = type(codings).__name__, "a frame, or a list of records"
            raise CrosscaseError(Problem("codings", "a table with named columns", found, allowed)) from error
    if not frame.columns.is_unique or isinstance(frame.columns, pd.MultiIndex):
        raise CrosscaseError(Problem("codings", "each column has one name and stands once", shown(list(frame.columns))))
    for name in ("start", "end"):
        if name in frame and pd.api.types.is_object_dtype(frame[name]):
            numbers = frame[name].dropna().map(lambda value: isinstance(value, Number))
            frame[name] = pd.to_numeric(frame[name]) if numbers.all() else frame[name]
    for name, value in (defaults or {}).items():
        if name not in frame:
            frame[name] = value
    _refuse_mixed(frame)
    return frame


def _refuse_mixed(frame: pd.DataFrame) -> None:
    """Refuse names of which some are numbers and some are text: nobody can say whether 1 and "1" are the same."""
    problems = []
    for name in ("document", "code", "coder"):
        if name in frame and pd.api.types.is_object_dtype(frame[name]):
            kinds = {
                "numbers" if isinstance(value, Number) else "text" if isinstance(value, str) else type(value).__name__
                for value in pd.unique(frame[name].dropna())
            }
            if len(kinds) > 1:
                rule, remedy = "names are of one type", "convert the column, as with astype(str)"
                problems.append(Problem(f"codings, column {name}", rule, " and ".join(sorted(kinds)), remedy=remedy))
    raise_if(problems)


def _sorted(codings: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """Sort by document, code, coder and offsets; names are numbered first, so that millions of them sort fast."""
    numbers = []
    for name in KEYS:
        number, names = pd.factorize(codings[name], sort=True)
        numbers.append(np.where(number < 0, len(names), number))
    order = np.lexsort([codings["end"].to_numpy(np.int64), codings["start"].to_numpy(np.int64), *reversed(numbers)])
    change = np.zeros(len(order), dtype=np.int64)
    for number in numbers:
        change[1:] |= number[order][1:] != number[order][:-1]
    return codings.iloc[order].reset_index(drop=True), np.cumsum(change)


def check_columns(frame: pd.DataFrame, names: Iterable[str], what: str = "codings") -> None:
    """Refuse a frame without some columns, naming each."""
    missing = [name for name in names if name not in frame]
    raise_if([Problem(f"{what}, column {name}", "the column exists", "no such column") for name in missing])


def check_named(codings: pd.DataFrame, names: Iterable[str]) -> None:
    """Refuse codings without some columns, and those with a cell in them that is empty."""
    names = tuple(names)
    check_columns(codings, names)
    raise_if(_unnamed(codings, names))


def _unnamed(codings: pd.DataFrame, names: Iterable[str]) -> list[Problem]:
    problems = []
    for name in names:
        number, different = pd.factorize(codings[name])
        blank = np.array([str(each).strip() == "" for each in different] + [True])  # the last for what is missing
        empty = pd.Series(blank[number], index=codings.index)
        if empty.any():
            problems.append(_rows(f"codings, column {name}", "each coding names it", empty))
    return problems


def check_codings(codings: pd.DataFrame) -> None:
    """Refuse codings that cannot be compared, with every problem found."""
    check_columns(codings, NEEDED)
    problems = _unnamed(codings, ("document", "code", "coder"))
    for name in ("start", "end"):
        if not pd.api.types.is_numeric_dtype(codings[name]) or pd.api.types.is_bool_dtype(codings[name]):
            problems.append(Problem(f"codings, column {name}", "offsets are whole numbers", str(codings[name].dtype)))
    raise_if(problems)
    start, end = (codings[name].to_numpy(float, na_value=np.nan) for name in ("start", "end"))
    no_start, no_end = np.isnan(start), np.isnan(end)
    with np.errstate(invalid="ignore"):
        parts = (start % 1 != 0) & ~no_start | (end % 1 != 0) & ~no_end
    for rule, bad in (
        ("offsets are whole numbers of 0 or more", (start < 0) | parts),
        ("a segment has at least one code point: start < end", end <= start),
        ("a segment has both offsets or none", no_start != no_end),
    ):
        if bad.any():
            problems.append(_rows("codings, columns start and end", rule, pd.Series(bad)))
    raise_if(problems)


def _rows(place: str, rule: str, bad: pd.Series) -> Problem:
    where = np.flatnonzero(bad.to_numpy(bool))
    return Problem(place, rule, f"{len(where)} rows, first row {where[0] + 1}", remedy="correct or remove these rows")


def _left_out(treatment: str, values: pd.Series) -> tuple[str, int, str]:
    return treatment, len(values), _names(sorted(set(values.astype(str))))


def _names(values: Sequence[Any]) -> str:
    return ", ".join(map(str, values))
