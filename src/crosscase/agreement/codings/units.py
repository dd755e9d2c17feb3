"""From codings to units x coders: which unit did which coder give which code."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crosscase.agreement.codings.clean import Codebook, Codings, Names, Prepared, Seen, check_columns, prepare_codings
from crosscase.agreement.judgements.ratings import Ratings
from crosscase.arguments import check_arguments
from crosscase.errors import CrosscaseError, Problem, raise_if


@dataclass(frozen=True)
class UnitCodings:
    """Units, who judged them, and which code each coder gave to which unit."""

    index: pd.MultiIndex  # `document, unit`, in text order
    documents: np.ndarray  # document number of each unit
    judged: np.ndarray  # units x coders, bool
    coders: tuple[str, ...]
    codes: tuple[str, ...]
    hits: pd.DataFrame  # `code, coder, unit` as numbers, each combination once, sorted by code
    treatments: pd.DataFrame  # `treatment, n, detail`
    prepared: Prepared  # the cleaned codings

    def numbers(self, code: str) -> np.ndarray:
        """Units x coders for one code: 1 given, 0 not given, -1 not judged."""
        table = np.where(self.judged, 0, -1).astype(np.int8)
        place = self.codes.index(code)
        low, high = np.searchsorted(self.hits["code"].to_numpy(), [place, place + 1])
        part = self.hits.iloc[low:high]
        table[part["unit"].to_numpy(), part["coder"].to_numpy()] = 1
        return table

    def ratings(self, code: str) -> Ratings:
        """Judgements on one code, with both categories declared."""
        numbers = self.numbers(code)
        return Ratings(numbers, None, np.ones(len(numbers)), (0, 1), self.coders, self.documents)

    def frame(self, code: str) -> pd.DataFrame:
        """Units x coders for one code: 1.0, 0.0, NaN where not judged."""
        numbers = self.numbers(code).astype(float)
        return pd.DataFrame(np.where(numbers < 0, np.nan, numbers), index=self.index, columns=list(self.coders))


def presence(
    codings: Codings, units: pd.DataFrame, coders: Names = None, codes: Names = None, judged: Seen = None
) -> dict[str, pd.DataFrame]:
    """For each code, which unit each coder gave it to.

    Parameters
    ----------
    codings : DataFrame
        `document, start, end, code, coder`.
    units : DataFrame
        `document, start, end, unit`: sentences, paragraphs or documents, not overlapping.
    coders, codes : sequence of str, optional
        Who and what to compare; without it all that occur.
    judged : DataFrame, optional
        `document, coder`: which coder judged which document. Without it a coder judged the documents in which he or
        she coded anything at all.

    Returns
    -------
    dict of DataFrame
        Code to units x coders: 1.0 where a coding overlaps the unit by at least one code point, 0.0 where not, NaN
        where the coder did not judge the document; rows indexed by `document, unit`.

    Raises
    ------
    CrosscaseError
        For codings or units that cannot be compared.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "start": [0, 8], "end": [4, 12], "code": "c", "coder": ["x", "y"]})
    >>> units = pd.DataFrame({"document": "d", "start": [0, 6], "end": [5, 12], "unit": [1, 2]})
    >>> presence(codings, units)["c"].to_numpy().tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    check_arguments(presence, locals())
    table = unit_codings(codings, units, coders, codes, judged=judged)
    return {code: table.frame(code) for code in table.codes}


def code_sets(
    codings: Codings, units: pd.DataFrame, coders: Names = None, codes: Names = None, judged: Seen = None
) -> pd.DataFrame:
    """Return the set of codes that each coder gave to each unit, units x coders; arguments as in `presence`.

    A frozenset is empty where the coder judged without giving a code; NaN stands where the coder did not judge.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "start": [0, 0], "end": [4, 4], "code": ["b", "a"], "coder": "x"})
    >>> units = pd.DataFrame({"document": "d", "start": [0, 6], "end": [5, 12], "unit": [1, 2]})
    >>> [sorted(cell) for cell in code_sets(codings, units)["x"]]
    [['a', 'b'], []]
    """
    check_arguments(code_sets, locals())
    table = unit_codings(codings, units, coders, codes, judged=judged)
    cells = np.full(table.judged.shape, np.nan, dtype=object)
    for unit, coder in zip(*np.nonzero(table.judged)):
        cells[unit, coder] = frozenset()
    for (unit, coder), group in table.hits.groupby(["unit", "coder"])["code"]:
        if table.judged[unit, coder]:
            cells[unit, coder] = frozenset(table.codes[code] for code in group)
    return pd.DataFrame(cells, index=table.index, columns=list(table.coders))


def unit_codings(
    codings: pd.DataFrame,
    units: pd.DataFrame,
    coders: Names = None,
    codes: Names = None,
    codebook: Codebook = None,
    judged: Seen = None,
) -> UnitCodings:
    """Lay codings over units once, for all codes; arguments as in `presence`.

    Codings outside all units, units nobody judged and codes outside the codebook are left out and counted.
    """
    prepared = prepare_codings(codings, coders, codes, codebook)
    grid = _check_units(units)
    rows = prepared.codings
    people = tuple(coders) if coders is not None else tuple(sorted(set(codings["coder"])))
    if codes is not None:
        names = tuple(dict.fromkeys(codes))
    elif codebook is not None:
        names = tuple(dict.fromkeys(codebook["code"]))
    else:
        names = tuple(sorted(set(rows["code"])))
    number, documents = pd.factorize(grid["document"], sort=True)
    seen = _judged(documents, people, prepared.seen if judged is None else judged)[number]
    hits, outside = _lay(rows, grid, documents, number, people, names)
    unjudged = ~seen[hits["unit"], hits["coder"]]
    raise_if(_contradictions(hits[unjudged], documents, number, people) if judged is not None else [])
    index = pd.MultiIndex.from_arrays([grid["document"], grid["unit"]], names=["document", "unit"])
    nobody = int((~seen.any(axis=1)).sum())
    extra = [
        ("document without units: codings left out", *outside[0]),
        ("coding outside every unit: left out", *outside[1]),
        (
            "unit nobody judged: left out",
            nobody,
            ", ".join(sorted({str(d) for d in grid["document"][~seen.any(axis=1)]})),
        ),
    ]
    counted = pd.DataFrame([row for row in extra if row[1]], columns=["treatment", "n", "detail"])
    treatments = pd.concat([prepared.treatments, counted], ignore_index=True)
    return UnitCodings(index, number, seen, people, names, hits, treatments, prepared)


def treatments(
    codings: Codings,
    units: pd.DataFrame,
    coders: Names = None,
    codes: Names = None,
    codebook: Codebook = None,
    judged: Seen = None,
) -> pd.DataFrame:
    """Return what was merged, counted once or left out on the way from codings to judgements: `treatment, n, detail`.

    Arguments as in `presence`; codes outside the `codebook` are left out and counted. Without units only what concerns
    the codings alone is told.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "start": [0, 0], "end": [4, 4], "code": "c", "coder": "x"})
    >>> units = pd.DataFrame({"document": ["d"], "start": [0], "end": [5], "unit": [1]})
    >>> treatments(codings, units)["treatment"].tolist()
    ['duplicate coding: counted once']
    """
    check_arguments(treatments, locals())
    if units.empty:
        return prepare_codings(codings, coders, codes, codebook).treatments
    return unit_codings(codings, units, coders, codes, codebook, judged).treatments


def _check_units(units: pd.DataFrame) -> pd.DataFrame:
    check_columns(units, ("document", "start", "end", "unit"), "units")
    if units.empty or units[["document", "start", "end", "unit"]].isna().any(axis=None):
        raise CrosscaseError(Problem("units", "each unit has document, start, end and unit", "none or missing values"))
    grid = units.sort_values(["document", "start", "end"], kind="stable").reset_index(drop=True)
    problems = []
    same = (grid["document"] == grid["document"].shift()).to_numpy()
    before = grid["end"].shift().to_numpy(float)
    if overlap := int((same & (grid["start"].to_numpy(float) < before)).sum()):
        problems.append(Problem("units", "units of one document do not overlap", f"{overlap} overlaps",
                                remedy="choose one kind of unit: sentence, paragraph or document"))  # fmt: skip
    if bad := int((grid["end"] <= grid["start"]).sum()):
        problems.append(Problem("units", "start < end", f"{bad} empty units"))
    if twice := int(grid.duplicated(["document", "unit"]).sum()):
        problems.append(Problem("units", "each unit of a document once", f"{twice} repeated"))
    raise_if(problems)
    return grid


def _judged(documents: pd.Index, people: tuple[str, ...], judged: pd.DataFrame) -> np.ndarray:
    table = np.zeros((len(documents), len(people)), dtype=bool)
    rows, columns = documents.get_indexer(judged["document"]), pd.Index(people).get_indexer(judged["coder"])
    known = (rows >= 0) & (columns >= 0)
    table[rows[known], columns[known]] = True
    return table


def _lay(
    rows: pd.DataFrame,
    grid: pd.DataFrame,
    documents: pd.Index,
    number: np.ndarray,
    people: tuple[str, ...],
    names: tuple[str, ...],
) -> tuple[pd.DataFrame, list[tuple[int, str]]]:
    place = documents.get_indexer(rows["document"])
    lost = rows.loc[place < 0, "document"]
    rows, place = rows[place >= 0], place[place >= 0]
    stride = int(max(grid["end"].max(), rows["end"].max() if len(rows) else 0)) + 1
    start, end = (rows[name].to_numpy(np.int64) + place * stride for name in ("start", "end"))
    unit_start, unit_end = (grid[name].to_numpy(np.int64) + number * stride for name in ("start", "end"))
    first = np.searchsorted(unit_end, start, side="right")
    count = np.maximum(np.searchsorted(unit_start, end, side="left") - first, 0)
    each = np.repeat(np.arange(len(rows)), count)
    unit = first[each] + np.arange(len(each)) - np.repeat(np.cumsum(count) - count, count)
    code = pd.Index(names).get_indexer(rows["code"])[each]
    coder = pd.Index(people).get_indexer(rows["coder"])[each]
    hits = pd.DataFrame({"code": code, "coder": coder, "unit": unit}).drop_duplicates()
    hits = hits.sort_values(["code", "coder", "unit"], ignore_index=True)
    stray = rows.loc[count == 0, "document"]
    detail = [(len(values), ", ".join(sorted({str(value) for value in values}))) for values in (lost, stray)]
    return hits, detail


def _contradictions(
    hits: pd.DataFrame, documents: pd.Index, number: np.ndarray, people: tuple[str, ...]
) -> list[Problem]:
    pairs = sorted({(str(documents[number[unit]]), people[coder]) for unit, coder in zip(hits["unit"], hits["coder"])})
    return [
        Problem("judged", "a coder with codings in a document judged it", f"{coder} in {document} is not listed",
                remedy="add the pair, or leave the codings out")
        for document, coder in pairs
    ]  # fmt: skip
