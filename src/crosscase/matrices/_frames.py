"""Words, checks and label handling that all matrices share."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterable

import numpy as np
import pandas as pd

from crosscase.errors import CrosscaseError, Problem, raise_if

VALENCES = ("inhibits", "promotes", "condition", "neutral", "ambivalent", "na")
CASE_KINDS = ("case", "all", "subset", "unspecified", "context")
COVERAGES = ("complete", "partial")
STATES = ("present", "absent", "count", "not_stated")
SEPARATOR = ";"
SAMPLE = 2_000
SHARED = sys.implementation.name == "cpython"  # an object's address stands for the object itself


def need(frame: pd.DataFrame, columns: Iterable[str], place: str) -> None:
    """Refuse a frame that lacks columns, naming all of them at once."""
    if not isinstance(frame, pd.DataFrame):
        raise CrosscaseError(Problem(place, "a pandas DataFrame is needed", type(frame).__name__))
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise CrosscaseError(
            Problem(place, f"needs the column(s) {', '.join(missing)}", f"columns {', '.join(map(str, frame.columns))}")
        )


def choice(value: object, allowed: Iterable[object], place: str) -> None:
    """Refuse an option that is not known."""
    options = list(allowed)
    if value not in options:
        raise CrosscaseError(
            Problem(place, "is not a known option", repr(value), ", ".join(map(repr, options)), "use one of these")
        )


def ordered(values: Iterable[object]) -> list[str]:
    """Distinct non-null values as text, in order of first appearance."""
    return list(dict.fromkeys(str(value) for value in values if not pd.isna(value) and str(value) != ""))


def positions(values: pd.Series, labels: list[str]) -> np.ndarray:
    """Integer position of each value in `labels`; -1 where it is null or not among them."""
    index = pd.Index(labels, dtype=object)
    if isinstance(values.dtype, pd.CategoricalDtype):
        lookup = index.get_indexer(values.cat.categories.astype(object))
        codes = values.cat.codes.to_numpy()
        return np.where(codes < 0, -1, np.append(lookup, -1)[codes]).astype(np.int64)
    codes, uniques = factorized(values)
    lookup = index.get_indexer(uniques.astype(object))
    return np.append(lookup, -1)[codes].astype(np.int64)


def factorized(values: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Integer code per value (-1 for null) and the distinct values; as `pd.factorize`, quicker for repeated labels.

    A column of text that was read from a file, or made from categories, holds each label once in memory and refers to
    it in every row. Equal addresses then mean equal labels, and only the few distinct objects need to be compared. A
    column whose rows are objects of their own goes the ordinary way, which a sample of rows tells.
    """
    if not SHARED or len(values) < 10 * SAMPLE or not isinstance(values.dtype, (pd.StringDtype, np.dtype)):
        codes, uniques = pd.factorize(values)
        return codes, pd.Index(uniques)
    objects = np.ascontiguousarray(values.to_numpy())
    if objects.dtype != object:
        codes, uniques = pd.factorize(values)
        return codes, pd.Index(uniques)
    address = np.ctypeslib.as_array((ctypes.c_ssize_t * len(objects)).from_address(objects.ctypes.data))
    if len(pd.unique(address[:: len(address) // SAMPLE])) > SAMPLE // 2:
        codes, uniques = pd.factorize(values)
        return codes, pd.Index(uniques)
    same, addresses = pd.factorize(address)
    first = _first_rows(same[: 10 * SAMPLE])
    if len(first) < len(addresses):
        first = _first_rows(same)
    codes, uniques = pd.factorize(values.iloc[first])
    if bool((codes == np.arange(len(codes))).all()):
        return same, pd.Index(uniques)
    return codes[same], pd.Index(uniques)


def _first_rows(codes: np.ndarray) -> np.ndarray:
    """Row in which each code first occurs; codes are numbered by first appearance."""
    return np.flatnonzero(np.diff(np.maximum.accumulate(codes), prepend=-1))


def integer_codes(values: pd.Series) -> np.ndarray:
    """An integer of 0 or more for each distinct value (null included), by the quickest way; gaps may occur."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy().astype(np.int64) + 1
    if pd.api.types.is_integer_dtype(values.dtype) and not bool(values.isna().any()):
        numbers = values.to_numpy(dtype=np.int64)
        return numbers - numbers.min(initial=0)
    return factorized(values)[0].astype(np.int64) + 1


def combined_codes(frame: pd.DataFrame, columns: list[str]) -> np.ndarray:
    """An integer for each distinct combination of values; gaps may occur."""
    out = np.zeros(len(frame), dtype=np.int64)
    for column in columns:
        code = integer_codes(frame[column])
        width = int(code.max(initial=0)) + 1
        if int(out.max(initial=0)) * width > 2**62:
            out = pd.factorize(out)[0].astype(np.int64)
        out = out * width + code
    return out


def split_ids(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """One row per id where `column` holds several ids joined by ";"; empty texts become null."""
    values = frame[column]
    text = values.astype("string")
    if not bool(text.str.contains(SEPARATOR, regex=False, na=False).any()):
        return frame.assign(**{column: text.where(text.str.strip() != "")})
    out = frame.assign(**{column: text.str.split(SEPARATOR)}).explode(column)
    out[column] = out[column].astype("string").str.strip()
    out[column] = out[column].where(out[column] != "")
    return out


def known(values: pd.Series, table: pd.DataFrame, column: str, place: str) -> None:
    """Refuse ids that the table of cases, roles or themes does not hold."""
    unknown = sorted(set(ordered(values)) - set(ordered(table[column])))
    raise_if(
        [
            Problem(
                f"{place}, column {column}",
                f"the {column} must stand in the table of {column}s",
                repr(item),
                remedy=f"add it to the table of {column}s or correct it",
            )
            for item in unknown
        ]
    )


def check_cases(cases: pd.DataFrame) -> pd.DataFrame:
    """Check the table of cases (kinds, coverage, ids) and return it with every column it may lack."""
    need(cases, ["case", "kind"], "cases")
    out = cases.copy()
    for column in ("label", "k", "n", "coverage"):
        if column not in out:
            out[column] = pd.NA
    out["coverage"] = out["coverage"].astype(object).where(out["coverage"].notna(), None)
    problems = []
    for position, row in enumerate(out[["case", "kind", "coverage"]].itertuples(index=False)):
        place = f"cases, row {position}, case {row.case!r}"
        if row.kind not in CASE_KINDS:
            problems.append(Problem(f"{place}, column kind", "unknown kind", repr(row.kind), ", ".join(CASE_KINDS)))
        if not pd.isna(row.coverage) and row.coverage != "" and row.coverage not in COVERAGES:
            problems.append(
                Problem(f"{place}, column coverage", "unknown coverage", repr(row.coverage), ", ".join(COVERAGES))
            )
    for case in out.loc[out["case"].duplicated(), "case"]:
        problems.append(Problem("cases, column case", "each case has one row", f"{case!r} twice", remedy="drop one"))
    raise_if(problems)
    return out


def valences_of(value: object, place: str) -> list[str]:
    """The valences a theme or coding carries: one, or several joined by ";" or "/"; none where it is null."""
    if pd.isna(value) or str(value).strip() == "":
        return []
    parts = [part.strip() for part in str(value).replace("/", SEPARATOR).split(SEPARATOR) if part.strip()]
    unknown = [part for part in parts if part not in VALENCES]
    raise_if([Problem(place, "unknown valence", repr(part), ", ".join(VALENCES)) for part in unknown])
    return parts


def pick_coder(codings: pd.DataFrame, coder: str | Iterable[str] | None) -> pd.DataFrame:
    """The codings of one coder or several; all where `coder` is None; an unknown coder is refused."""
    if coder is None:
        return codings
    need(codings, ["coder"], "codings")
    wanted = [coder] if isinstance(coder, str) else list(coder)
    have = ordered(codings["coder"].unique())
    raise_if([Problem("coder", "has no codings", repr(w), ", ".join(have)) for w in wanted if w not in have])
    return codings[codings["coder"].isin(wanted)]
