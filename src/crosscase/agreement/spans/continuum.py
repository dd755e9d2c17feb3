"""Spans of several coders on the same documents, cut at every boundary that any coder drew."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, TypeAlias

import numpy as np
import pandas as pd

from crosscase.agreement.codings.clean import (
    Names,
    Seen,
    as_codings,
    check_codings,
    check_columns,
    merge_spans,
)
from crosscase.arguments import Said, check_arguments, is_count
from crosscase.errors import CrosscaseError, Problem, raise_if, shown
from crosscase.frames import need

ONE_DOCUMENT = "(document)"
ONE_CODE = "(marked)"

Lengths: TypeAlias = Annotated[
    float | Mapping[Hashable, object] | pd.Series | pd.DataFrame, Said("code points of the text, or of each document")
]


@dataclass(frozen=True)
class Continuum:
    """Documents laid end to end, with the spans of each coder."""

    spans: pd.DataFrame  # numbers of `document, code` (from 1), `coder`; `start, end` in the whole
    documents: tuple[Hashable, ...]
    codes: tuple[Hashable, ...]
    coders: tuple[Hashable, ...]
    ends: np.ndarray  # where each document ends in the whole, after a leading 0
    judged: np.ndarray  # documents x coders, bool
    merged: int  # overlapping spans of one code by one coder that were merged

    @cached_property
    def breaks(self) -> np.ndarray:
        """All boundaries in order."""
        return np.unique(np.concatenate([self.ends, self.spans["start"], self.spans["end"]]).astype(np.int64))

    @cached_property
    def widths(self) -> np.ndarray:
        """Code points of each piece between two boundaries."""
        return np.diff(self.breaks).astype(float)

    @cached_property
    def document(self) -> np.ndarray:
        """Document number of each piece."""
        return np.searchsorted(self.ends, self.breaks[:-1], side="right") - 1

    def fill(self, values: Sequence[int] | np.ndarray, coder: int, spans: pd.DataFrame | None = None) -> np.ndarray:
        """Give each piece the value of the coder's span over it, 0 in gaps; the coder's spans must not overlap."""
        part = self.spans if spans is None else spans
        mine = part["coder"].to_numpy() == coder
        change = np.zeros(len(self.breaks), dtype=np.int64)
        number = np.asarray(values)[mine]
        np.add.at(change, np.searchsorted(self.breaks, part["start"].to_numpy()[mine]), number)
        np.subtract.at(change, np.searchsorted(self.breaks, part["end"].to_numpy()[mine]), number)
        return np.cumsum(change)[:-1]

    def known(self, coder: int) -> np.ndarray:
        """Whether the coder judged the document of each piece."""
        return self.judged[self.document, coder]


def read_spans(
    spans: pd.DataFrame, lengths: Lengths, coders: Names = None, codes: Names = None, judged: Seen = None
) -> Continuum:
    """Read spans of several coders; arguments as in `u_alpha`.

    Refused are missing columns, unknown documents and spans outside their document.
    """
    return _read(spans, lengths, coders, codes, judged)[0]


def read_each(
    spans: pd.DataFrame, lengths: Lengths, coders: Sequence[Hashable], codes: Sequence[Hashable], judged: Seen = None
) -> Iterator[tuple[Hashable, Continuum]]:
    """Yield code by code what `read_spans` returns for the spans of that code alone; all spans are read once.

    Examples
    --------
    >>> spans = pd.DataFrame({"coder": "x", "start": [0, 5], "end": [4, 9], "code": ["c", "k"]})
    >>> [(code, len(continuum.spans)) for code, continuum in read_each(spans, 10, ["x"], ["k", "c"])]
    [('k', 1), ('c', 1)]
    """
    once = tuple(dict.fromkeys(codes))
    whole, extra = _read(spans[spans["code"].isin(once)], lengths, coders, once, judged)
    number = whole.spans["code"].to_numpy()
    for code in codes:
        mine = np.flatnonzero(number == once.index(code) + 1)
        part = whole.spans.iloc[mine].reset_index(drop=True)
        part["code"] = np.ones(len(part), dtype=number.dtype)
        yield code, replace(whole, spans=part, codes=(code,), merged=int(extra[mine].sum()))


def _read(
    spans: pd.DataFrame, lengths: Lengths, coders: Names, codes: Names, judged: Seen
) -> tuple[Continuum, np.ndarray]:
    """Read spans, and say of each how many further ones were merged into it."""
    frame = as_codings(spans, {"code": ONE_CODE})
    single = "document" not in frame
    frame["document"] = ONE_DOCUMENT if single else frame["document"]
    check_codings(frame)
    if frame["start"].isna().any():
        raise CrosscaseError(
            Problem("spans", "each span has offsets", f"{int(frame['start'].isna().sum())} without", remedy="leave out")
        )
    sizes = _sizes(lengths, single)
    _refuse_outside(frame, sizes)
    people = tuple(coders) if coders is not None else tuple(sorted(frame["coder"].unique()))
    seen = frame if judged is None else judged
    frame = frame[frame["coder"].isin(people)]
    names = tuple(codes) if codes is not None else tuple(sorted(frame["code"].unique(), key=str))
    frame = frame[frame["code"].isin(names)]
    merged, runs = merge_spans(frame)
    documents = tuple(sizes)
    ends = np.concatenate([[0], np.cumsum([sizes[name] for name in documents])]).astype(np.int64)
    place = pd.Index(documents).get_indexer(merged["document"])
    numbered = pd.DataFrame({
        "document": place,
        "code": pd.Index(names).get_indexer(merged["code"]) + 1,
        "coder": pd.Index(people).get_indexer(merged["coder"]),
        "start": merged["start"].to_numpy(np.int64) + ends[place],
        "end": merged["end"].to_numpy(np.int64) + ends[place],
    })  # fmt: skip
    table = np.zeros((len(documents), len(people)), dtype=bool)
    if single and judged is None:
        table[:] = True
    else:
        rows, columns = pd.Index(documents).get_indexer(seen["document"]), pd.Index(people).get_indexer(seen["coder"])
        fine = (rows >= 0) & (columns >= 0)
        table[rows[fine], columns[fine]] = True
        if not table[numbered["document"], numbered["coder"]].all():
            raise CrosscaseError(Problem("judged", "a coder with spans in a document judged it", "a pair is missing"))
    extra = runs.to_numpy(np.int64) - 1
    return Continuum(numbered, documents, names, people, ends, table, int(extra.sum())), extra


def located(codings: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Return the codings `document, start, end` in texts of known length (`document, code_points`).

    Left out are selections of pictures, pages and sound.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": ["d", "d"], "start": [0, None], "end": [4, None]})
    >>> len(located(codings, pd.DataFrame({"document": ["d"], "code_points": [9]})))
    1
    """
    check_arguments(located, locals())
    need(codings, ["document", "start"], "codings")
    need(documents, ["document", "code_points"], "documents")
    known = documents.loc[documents["code_points"].notna() & documents["code_points"].gt(0), "document"]
    return codings[codings["start"].notna() & codings["document"].isin(known)].reset_index(drop=True)


def lengths(documents: pd.DataFrame) -> pd.DataFrame:
    """Return the length of each document that has one: `document, code_points`.

    Examples
    --------
    >>> lengths(pd.DataFrame({"document": ["d", "e"], "code_points": [9, None]}))["document"].tolist()
    ['d']
    """
    check_arguments(lengths, locals())
    need(documents, ["document", "code_points"], "documents")
    return documents.loc[documents["code_points"].gt(0).fillna(False), ["document", "code_points"]]


def refuse_overlap(continuum: Continuum) -> None:
    """Refuse spans of one coder that overlap under different codes, naming how many and the way out."""
    rows = continuum.spans.sort_values(["coder", "start", "end"], kind="stable")
    overlap = (rows["coder"].to_numpy()[1:] == rows["coder"].to_numpy()[:-1]) & (
        rows["start"].to_numpy()[1:] < rows["end"].to_numpy()[:-1]
    )
    if overlap.any():
        raise CrosscaseError(
            Problem("spans", "each coder gives a code point one code", f"{int(overlap.sum())} overlaps",
                    remedy="compare one code at a time (unitizing_table), or pass codes= that exclude each other")
        )  # fmt: skip


def _sizes(lengths: Lengths, single: bool) -> dict[Hashable, int]:
    if isinstance(lengths, pd.DataFrame):
        check_columns(lengths, ("document", "code_points"), "lengths")
        lengths = lengths.set_index("document")["code_points"]
    if isinstance(lengths, pd.Series) and not lengths.index.is_unique:
        twice = ", ".join(sorted({str(name) for name in lengths.index[lengths.index.duplicated()]}))
        raise CrosscaseError(Problem("lengths", "each document has one length", f"two or more for {twice}"))
    if isinstance(lengths, (int, float, np.integer, np.floating)):
        if not single:
            raise CrosscaseError(Problem("lengths", "a length for each document", repr(lengths), "document to length"))
        lengths = {ONE_DOCUMENT: int(lengths)} if float(lengths).is_integer() else {}
    known = lengths.to_dict() if isinstance(lengths, pd.Series) else lengths  # dict(series) looks each name up
    sizes = dict(known)
    wrong = {name: size for name, size in sizes.items() if not is_count(size, 1)}
    if not sizes or wrong:
        raise CrosscaseError(Problem("lengths", "each document has code points", shown(wrong), "1, 2, 3 ..."))
    return {name: int(size) for name, size in sizes.items()}


def _refuse_outside(frame: pd.DataFrame, sizes: Mapping[Hashable, int]) -> None:
    size = frame["document"].map(dict(sizes))
    problems = []
    if size.isna().any():
        names = sorted(map(str, frame.loc[size.isna(), "document"].unique()))
        problems.append(Problem("lengths", "each document with spans has a length", f"none for {', '.join(names)}"))
    elif (beyond := frame["end"].astype(float) > size.astype(float)).any():
        first = frame[beyond].iloc[0]
        problems.append(
            Problem("spans", "a span ends within its document",
                    f"{int(beyond.sum())} beyond, first {first['document']} at {first['end']}")
        )  # fmt: skip
    raise_if(problems)
