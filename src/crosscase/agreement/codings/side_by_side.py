"""Codings side by side, without any coefficient: the same stretch of text, and what each coder put there."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crosscase.agreement.codings.clean import Names, check_named
from crosscase.agreement.codings.units import UnitCodings, unit_codings
from crosscase.arguments import check_arguments
from crosscase.frames import need

NOTHING = "(nothing)"
NOT_READ = "(did not code this document)"


def side_by_side(
    codings: pd.DataFrame, units: pd.DataFrame, coders: Names = None, codes: Names = None, most: int | None = None
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
    most : int, optional
        List only so many units, the first ones; `reading_counts` counts all of them.

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
    check_arguments(side_by_side, locals())
    check_named(codings, ["coder"])
    people = list(coders) if coders is not None else sorted(codings["coder"].unique())
    if units.empty or codings.empty:
        return pd.DataFrame(columns=["document", "unit", "start", "end", *people, "reading"])
    table = unit_codings(codings, units, people, codes)
    reading = _reading(table)
    # the table holds the units in text order: take them in the order in which they were given
    given = units.reset_index(drop=True).sort_values(["document", "start", "end"], kind="stable").index.to_numpy()
    number = np.empty(len(given), dtype=np.int64)
    number[given] = np.arange(len(given))
    number = number[reading[number] != ""][:most]
    out = units.iloc[given[number]][["document", "unit", "start", "end"]].reset_index(drop=True)
    return out.assign(**{str(name): cells for name, cells in _words(table, number).items()}, reading=reading[number])


def reading_counts(
    codings: pd.DataFrame, units: pd.DataFrame, coders: Names = None, codes: Names = None
) -> pd.DataFrame:
    """Count the units to which anybody gave a code by how they were read: `reading, n`; arguments as in `side_by_side`.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "start": [0, 0], "end": [4, 4], "code": ["b", "a"],
    ...                         "coder": ["x", "y"]})
    >>> units = pd.DataFrame({"document": ["d", "d"], "start": [0, 6], "end": [5, 9], "unit": ["1.1", "1.2"]})
    >>> reading_counts(codings, units).values.tolist()
    [['differs', 1]]
    """
    check_arguments(reading_counts, locals())
    need(codings, ["coder"], "codings")
    if units.empty or codings.empty:
        return pd.DataFrame({"reading": pd.Series(dtype="str"), "n": pd.Series(dtype="int64")})
    reading = pd.Series(_reading(unit_codings(codings, units, coders, codes)), name="reading")
    return reading[reading != ""].value_counts().sort_index().rename("n").reset_index()


def _reading(table: UnitCodings) -> np.ndarray:
    """Return how each unit was read: alike, differs, one coder; empty where nobody gave a code."""
    sets = _set_numbers(table)
    several = table.judged.sum(axis=1) >= 2
    alike = ((sets == sets.max(axis=1, initial=-1)[:, None]) | ~table.judged).all(axis=1)
    found = np.where(several, np.where(alike, "alike", "differs"), "one coder").astype(object)
    found[~(sets > 0).any(axis=1)] = ""
    return found


def _set_numbers(table: UnitCodings) -> np.ndarray:
    """Number the set of codes in each cell of units x coders: equal sets have equal numbers, 0 is the empty set."""
    out = np.where(table.judged, 0, -1).astype(np.int64)
    hits = table.hits[table.judged[table.hits["unit"], table.hits["coder"]]].sort_values(["unit", "coder", "code"])
    cell = hits["unit"].to_numpy() * max(len(table.coders), 1) + hits["coder"].to_numpy()
    cells, begin, count = np.unique(cell, return_index=True, return_counts=True)
    code, number = hits["code"].to_numpy(), np.zeros(len(cells), dtype=np.int64)
    for rank in range(int(count.max(initial=0))):
        longer = count > rank
        next_code = np.zeros(len(cells), dtype=np.int64)
        next_code[longer] = code[begin[longer] + rank] + 1
        number = pd.factorize(number * (len(table.codes) + 1) + next_code)[0]
    out.ravel()[cells] = number + 1
    return out


def _words(table: UnitCodings, units: np.ndarray) -> dict[str, np.ndarray]:
    """Write out what each coder put on some units."""
    place = pd.Index(units)
    hits = table.hits[table.hits["unit"].isin(place)]
    names = hits.assign(name=np.array([str(code) for code in table.codes], dtype=object)[hits["code"]])
    joined = names.sort_values("name").groupby(["coder", "unit"])["name"].agg("; ".join)
    out = {}
    for number, coder in enumerate(table.coders):
        words = np.where(table.judged[units, number], NOTHING, NOT_READ).astype(object)
        mine = joined[joined.index.get_level_values("coder") == number].droplevel("coder")
        there = place.get_indexer(mine.index)
        words[there] = np.where(table.judged[units[there], number], mine.to_numpy(), NOT_READ)
        out[coder] = words
    return out
