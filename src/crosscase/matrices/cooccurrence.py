"""Co-occurrence of codes: same segment, overlap, near, or within one unit, on sparse matrices and sorted ranges."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import sparse

from crosscase.arguments import Whole, check_arguments
from crosscase.errors import CrosscaseError, Problem
from crosscase.frames import choice, need
from crosscase.ids import join
from crosscase.matrices.encoded import combined_codes, factorized, positions

SPANS = ("overlap", "near")
UNITS: dict[str, tuple[str, ...]] = {
    "segment": ("document", "start", "end"),
    "paragraph": ("document", "paragraph"),
    "turn": ("document", "turn"),
    "document": ("document",),
    "participant": ("participant",),
    "case": ("case",),
}
COLUMNS = ("code_a", "code_b", "n", "n_a", "n_b", "n_units", "jaccard", "lift", "n_documents", "segments")
CHUNK = 4_000_000


def co_occurrence(
    codings: pd.DataFrame, by: str = "segment", within: int | None = None, *, segments: bool = True
) -> pd.DataFrame:
    """Count how often two codes meet.

    Codings of different coders never meet: what two coders put on one segment is agreement, not co-occurrence. A place
    counts once, however many coders found both codes there: in each stretch of text in which meetings of several coders
    overlap, those of the coder who saw most are counted.

    Parameters
    ----------
    codings : DataFrame
        `coding_id, document, start, end, code` and, as far as needed, `coder, paragraph, turn, participant, case`.
    by : {"segment", "overlap", "near", "paragraph", "turn", "document", "participant", "case"}
        What counts as meeting: the same span; spans that share a code point; spans with a gap of at most `within`
        code points; the same paragraph, turn, document, participant or case.
    within : int, optional
        Largest gap in code points, for `by="near"` only.
    segments : bool
        Whether to list the codings behind each pair (leave off for very large data).

    Returns
    -------
    DataFrame
        One row per pair of different codes that meet, most frequent first: `code_a, code_b` (in alphabetical
        order), `n` (units in which both occur; for overlap and near the number of pairs of codings), `n_a, n_b`
        (units, or codings, with each code), `n_units` (all units, or codings; places count once, not once per
        coder), `jaccard` and `lift` (for units only; `lift` = n * n_units / (n_a * n_b)), `n_documents` (documents in
        which they meet; null with `segments=False`), `segments` (ids of the codings of all coders joined by ";").

    Raises
    ------
    CrosscaseError
        For an unknown `by`, `within` where it does not belong, and missing columns.

    Examples
    --------
    >>> codings = pd.DataFrame({"coding_id": ["c1", "c2"], "document": "d", "start": [0, 5], "end": [10, 12],
    ...                         "code": ["money", "trust"]})
    >>> co_occurrence(codings, by="overlap")[["code_a", "code_b", "n", "segments"]]
      code_a code_b  n segments
    0  money  trust  1    c1;c2
    >>> len(co_occurrence(codings, by="segment"))
    0

    Two coders who found the same make no second meeting:

    >>> both = pd.concat([codings.assign(coder="ann"), codings.assign(coder="ben")])
    >>> co_occurrence(both, by="overlap")[["n", "n_a", "n_b"]].values.tolist()
    [[1, 1, 1]]
    """
    check_arguments(co_occurrence, locals())
    choice(by, (*UNITS, *SPANS), "by")
    if (by == "near") != (within is not None) or (within is not None and within < 0):
        raise CrosscaseError(Problem("within", "is a gap of 0 or more code points, for by='near' only", repr(within)))
    need(codings, ["code", "document", *(["coding_id"] if segments else [])], "codings")
    if by in SPANS:
        return _by_spans(codings, 0 if within is None else within, by == "near", segments)
    need(codings, UNITS[by], "codings")
    return _by_units(codings, list(UNITS[by]), segments)


def named_pairs(pairs: pd.DataFrame, labels: dict[str, str]) -> pd.DataFrame:
    """Return pairs of codes with the labels of the codes in the place of their ids."""
    check_arguments(named_pairs, locals())
    need(pairs, ["code_a", "code_b"], "pairs")
    named = {column: pairs[column].map(lambda code: labels.get(code, code)) for column in ("code_a", "code_b")}
    return pairs.assign(**named)


def _coded(codings: pd.DataFrame, columns: list[str]) -> tuple[pd.DataFrame, np.ndarray, list[str]]:
    """Codings with all columns known, their code as integer, and the codes in alphabetical order."""
    known = np.ones(len(codings), dtype=bool)
    for column in {*columns, "code"}:
        known &= codings[column].notna().to_numpy()
    frame = codings if known.all() else codings[known]
    codes = frame["code"]
    if pd.api.types.is_numeric_dtype(codes) or pd.api.types.is_datetime64_any_dtype(codes):
        codes = codes.map(str)
    labels = sorted(map(str, codes.unique()))
    return frame, positions(codes, labels), labels


def _numbered(frame: pd.DataFrame, columns: list[str]) -> tuple[np.ndarray, int]:
    """Integer id of each combination of values, and how many there are."""
    unit = pd.factorize(combined_codes(frame, columns))[0]
    return unit, int(unit.max(initial=-1)) + 1


def _readers(frame: pd.DataFrame) -> list[str]:
    """The column of coders, where there are several."""
    return ["coder"] if "coder" in frame and frame["coder"].nunique(dropna=False) > 1 else []


def unit_code_matrix(unit: np.ndarray, code: np.ndarray, n_units: int, n_codes: int) -> sparse.csr_array:
    """Sparse unit x code matrix of zeros and ones."""
    matrix = sparse.csr_array((np.ones(len(unit), dtype=np.int32), (unit, code)), shape=(n_units, n_codes))
    matrix.data[:] = 1
    return matrix


def _by_units(codings: pd.DataFrame, columns: list[str], segments: bool) -> pd.DataFrame:
    frame, code, labels = _coded(codings, columns)
    place, n_places = _numbered(frame, columns)
    held = unit_code_matrix(place, code, n_places, len(labels))
    any_coder = (held.T @ held).toarray().astype(np.int64)
    reader = _readers(frame)
    unit, n_units = _numbered(frame, [*columns, *reader]) if reader else (place, n_places)
    both = _met_by_one(place, unit, code, n_units, len(labels)) if reader else any_coder
    out = _pair_frame(both, np.diag(any_coder), labels, n_places)
    rank = {label: i for i, label in enumerate(labels)}
    pairs = [[rank[label] for label in out[name]] for name in ("code_a", "code_b")]
    out["jaccard"] = out["n"] / (out["n_a"] + out["n_b"] - any_coder[pairs[0], pairs[1]])
    out["lift"] = out["n"] * n_places / (out["n_a"] * out["n_b"])
    if segments:
        rows_of = {label: np.flatnonzero(code == i) for i, label in enumerate(labels)}
        lists = []
        for a, b in zip(out["code_a"], out["code_b"]):
            shared = np.intersect1d(unit[rows_of[a]], unit[rows_of[b]])
            rows = np.concatenate([rows_of[a], rows_of[b]])
            lists.append(np.sort(rows[np.isin(unit[rows], shared)]))
        _attach(out, frame, lists)
    return out


def _met_by_one(place: np.ndarray, unit: np.ndarray, code: np.ndarray, n_units: int, n_codes: int) -> np.ndarray:
    """Places in which one coder gave both codes, code x code; a unit is a place as one coder reads it."""
    where = np.zeros(n_units, dtype=np.int64)
    where[unit] = place
    unit, code = np.unique(np.stack([unit, code]), axis=1)
    zeros = np.zeros(len(unit), dtype=np.int64)
    keys = [
        (where[unit[first]] * n_codes + np.minimum(code[first], code[second])) * n_codes
        + np.maximum(code[first], code[second])
        for first, second in overlapping_pairs(unit, zeros, zeros + 1)
    ]
    met = np.unique(np.concatenate(keys)) % (n_codes * n_codes) if keys else zeros[:0]
    return np.bincount(met, minlength=n_codes * n_codes).reshape(n_codes, n_codes)


def overlapping_pairs(
    document: np.ndarray, start: np.ndarray, end: np.ndarray, gap: Whole = 0, touching: bool = False
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the positions of all pairs of spans of one document that overlap, or lie within a gap, in blocks that fit.

    `document` is numbered (with the coder, where coders must not meet). `touching` says whether a distance of exactly
    `gap` code points counts (it does for "near"; spans that only touch do not overlap). Each pair stands once.

    Examples
    --------
    >>> pairs = overlapping_pairs(np.array([0, 0, 0]), np.array([0, 5, 20]), np.array([10, 12, 30]))
    >>> [(first.tolist(), second.tolist()) for first, second in pairs]
    [([0], [1])]
    """
    check_arguments(overlapping_pairs, locals())
    if not all(each.ndim == 1 and len(each) == len(document) for each in (document, start, end)):
        raise CrosscaseError(Problem("document, start, end", "numbers in one row each, as many of each", "others"))
    low = document.astype(np.int64) * (int(end.max(initial=0)) + gap + 2)
    high = end + low
    low += start
    order = np.argsort(low)
    low, high = low[order], high[order]
    last = np.searchsorted(low, high + gap, side="right" if touching else "left")
    n_after = np.maximum(last - np.arange(len(order)) - 1, 0)
    total = np.cumsum(n_after)
    begin = 0
    while begin < len(order):
        offset = int(total[begin - 1]) if begin else 0
        stop = max(int(np.searchsorted(total, offset + CHUNK, side="right")), begin + 1)
        counts = n_after[begin:stop]
        first = np.repeat(np.arange(begin, stop), counts)
        second = first + 1 + np.arange(len(first)) - np.repeat(np.cumsum(counts) - counts, counts)
        if len(first):
            yield order[first], order[second]
        begin = stop


def _by_spans(codings: pd.DataFrame, gap: int, touching: bool, segments: bool) -> pd.DataFrame:
    need(codings, ["start", "end"], "codings")
    frame, code, labels = _coded(codings, ["document", "start", "end"])
    reader = _readers(frame)
    place, _ = _numbered(frame, ["document", *reader])
    start, end = (frame[name].to_numpy(dtype=np.int64) for name in ("start", "end"))
    width = len(labels)
    both = np.zeros(width * width, dtype=np.int64)
    kept, spans = [], []
    for first, second in overlapping_pairs(place, start, end, gap, touching):
        key = np.minimum(code[first], code[second]) * width + np.maximum(code[first], code[second])
        if reader:
            ends = np.maximum(start[first], start[second]), np.minimum(end[first], end[second])
            spans.append((key, first, np.minimum(*ends), np.maximum(*ends)))
        else:
            both += np.bincount(key, minlength=width * width)
        if segments:
            kept.append((key, first, second))
    totals = np.bincount(code, minlength=width)
    if reader:
        document, coder = factorized(frame["document"])[0], factorized(frame["coder"])[0]
        totals = _once(code, document, coder, start, end, width)
        if spans:
            key, first, low, high = (np.concatenate([part[i] for part in spans]) for i in range(4))
            both = _once(key, document[first], coder[first], low, np.maximum(high, low + 1), width * width)
    out = _pair_frame(both.reshape(width, width), totals, labels, int(totals.sum()))
    if segments:
        _attach(out, frame, _rows_of_pairs(out, kept, labels))
    return out


def _once(
    key: np.ndarray, document: np.ndarray, coder: np.ndarray, low: np.ndarray, high: np.ndarray, n_keys: int
) -> np.ndarray:
    """Number of spans of each key, where spans of several coders share text those of the coder who has most there."""
    if not len(key):
        return np.zeros(n_keys, dtype=np.int64)
    order = np.lexsort((low, document, key))
    key, document, coder, low, high = (each[order] for each in (key, document, coder, low, high))
    group = np.cumsum(np.append(True, (key[1:] != key[:-1]) | (document[1:] != document[:-1])))
    stride = int(high.max()) + 1
    furthest = np.maximum.accumulate(high + group * stride)
    stretch = np.cumsum(np.append(True, low[1:] + group[1:] * stride >= furthest[:-1])) - 1
    read = pd.DataFrame({"stretch": stretch, "coder": coder}).groupby(["stretch", "coder"]).size()
    most = read.groupby(level="stretch").max().to_numpy()
    first = np.flatnonzero(np.append(True, stretch[1:] != stretch[:-1]))
    return np.bincount(key[first], weights=most, minlength=n_keys).astype(np.int64)


def _rows_of_pairs(out: pd.DataFrame, kept: list, labels: list[str]) -> list[np.ndarray]:
    """Rows of the codings behind each pair of codes."""
    if not len(out):
        return []
    key = np.concatenate([part[0] for part in kept])
    rows = np.stack([np.concatenate([part[1] for part in kept]), np.concatenate([part[2] for part in kept])], axis=1)
    order = np.argsort(key, kind="stable")
    cells, begin = np.unique(key[order], return_index=True)
    groups = dict(zip(cells.tolist(), np.split(rows[order], begin[1:])))
    rank = {label: i for i, label in enumerate(labels)}
    keys = [rank[a] * len(labels) + rank[b] for a, b in zip(out["code_a"], out["code_b"])]
    return [np.unique(groups[k]) for k in keys]


def _pair_frame(both: np.ndarray, totals: np.ndarray, labels: list[str], n_units: int) -> pd.DataFrame:
    """Pairs of different codes that meet, as a tidy frame."""
    a, b = np.nonzero(np.triu(both, 1))
    n = both[a, b]
    names = np.array(labels, dtype=object)
    out = pd.DataFrame(
        {
            "code_a": names[a],
            "code_b": names[b],
            "n": n,
            "n_a": totals[a],
            "n_b": totals[b],
            "n_units": n_units,
            "jaccard": np.full(len(n), np.nan),
            "lift": np.full(len(n), np.nan),
            "n_documents": pd.array([pd.NA] * len(n), dtype="Int64"),
            "segments": np.full(len(n), "", dtype=object),
        },
        columns=list(COLUMNS),
    )
    return out.sort_values(["n", "code_a", "code_b"], ascending=[False, True, True], ignore_index=True)


def _attach(out: pd.DataFrame, frame: pd.DataFrame, rows: list[np.ndarray]) -> None:
    """Write the ids and the number of documents behind each pair into the frame."""
    ids = frame["coding_id"].astype(str).to_numpy(dtype=object)
    documents = factorized(frame["document"])[0]
    out["segments"] = pd.Series([join(ids[r]) for r in rows], dtype=object, index=out.index)
    out["n_documents"] = pd.array([len(np.unique(documents[r])) for r in rows], dtype="Int64")
