"""Agreement of coders who draw their own spans: the family of alpha for unitizing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from crosscase.agreement.codings.clean import Codings, Names, Seen, as_codings, check_named
from crosscase.agreement.intervals import Interval, limits
from crosscase.agreement.measures.base import Coefficient, Measure
from crosscase.agreement.measures.estimator import Estimator, Evaluate
from crosscase.agreement.spans.continuum import ONE_CODE, Continuum, Lengths, read_each, read_spans, refuse_overlap
from crosscase.agreement.spans.unitizing_sums import (
    all_codes,
    codes_where_marked,
    coverage,
    document_sums,
    marked_or_not,
    one_code,
)
from crosscase.arguments import check_arguments
from crosscase.errors import CrosscaseError, Problem
from crosscase.frames import need

SOURCE = """Krippendorff, K., Mathet, Y., Bouvry, S. & Widloecher, A. (2016). On the reliability of unitizing textual
continua: further developments. Quality & Quantity 50, 2347-2364. doi:10.1007/s11135-015-0266-1"""


@dataclass(frozen=True, eq=False, repr=False)
class SpanMeasure(Measure):
    """An alpha for unitizing; it is called like a function.

    Examples
    --------
    >>> spans = pd.DataFrame({"coder": ["x", "y"], "start": [0, 2], "end": [4, 6], "code": ["c", "k"]})
    >>> round(float(u_alpha(spans.assign(code="c"), 10)), 4)
    0.2583
    >>> float(u_alpha_binary(spans.assign(start=0, end=4), 10))
    1.0
    """

    evaluate: Evaluate = all_codes  # from the sums of documents to the alpha

    _called = """Parameters
    ----------
    spans : DataFrame
        `coder, start, end`, optionally `document` and `code`; offsets in code points, `[start, end)`. Spans of one
        coder may touch but not overlap under different codes; overlaps under one code are merged and counted.
    lengths : int, mapping, Series or DataFrame
        Code points of the one document, or of each (a frame has `document, code_points`).
    coders, codes : sequence, optional
        Who and what to compare; name a coder here who marked nothing at all.
    judged : DataFrame, optional
        `document, coder`: who judged what; by default all coders the one document, or those who marked something.
    interval : Bootstrap, Linearised or None
        Over documents.

    Returns
    -------
    Coefficient
        `n_units` is the number of code points judged by two coders or more.

    Raises
    ------
    CrosscaseError
        For overlapping spans of different codes, spans outside their document.""".replace("\n    ", "\n")

    def __call__(
        self,
        spans: Codings,
        lengths: Lengths,
        *,
        coders: Names = None,
        codes: Names = None,
        judged: Seen = None,
        interval: Interval | None = None,
    ) -> Coefficient:
        """Return the alpha of spans; what stands for what is said in the help of the measure."""
        check_arguments(SpanMeasure.__call__, locals())
        continuum = read_spans(spans, lengths, coders, codes, judged)
        refuse_overlap(continuum)
        return _coefficient(self.name, "all codes", continuum, document_sums(continuum), self.evaluate, interval)


def unitizing_family(
    spans: Codings,
    lengths: Lengths,
    *,
    coders: Names = None,
    codes: Names = None,
    judged: Seen = None,
    interval: Interval | None = None,
) -> pd.DataFrame:
    """All alphas for unitizing of codes that exclude each other.

    Arguments as in `u_alpha`.

    Returns
    -------
    DataFrame
        Rows `u_alpha`, `u_alpha_binary`, `cu_alpha` and one `ku_alpha` per code: `coefficient, code, value, coverage,
        n_coders, n_documents, n_code_points, n_spans, n_merged, low, high, interval, reason`. `ku_alpha`, (k)u, says
        whether matter that one coder gives this code is given it by the others; `coverage` is the share of a code's
        matter that another coder marked too, with whatever code.

    Examples
    --------
    >>> spans = pd.DataFrame({"coder": ["x", "x", "y", "y"], "start": [0, 5, 1, 5], "end": [4, 9, 4, 8],
    ...                       "code": ["c", "k", "c", "k"]})
    >>> unitizing_family(spans, 10)[["coefficient", "code"]].values.tolist()[2:]
    [['cu_alpha', ''], ['ku_alpha', 'c'], ['ku_alpha', 'k']]
    """
    check_arguments(unitizing_family, locals())
    continuum = read_spans(spans, lengths, coders, codes, judged)
    refuse_overlap(continuum)
    table = document_sums(continuum)
    todo = [(measure.name, "", 0, measure.evaluate) for measure in (u_alpha, u_alpha_binary, cu_alpha)]
    todo += [("ku_alpha", str(code), place + 1, one_code(place + 1)) for place, code in enumerate(continuum.codes)]
    rows = []
    for name, code, place, evaluate in todo:
        found = _coefficient(name, code, continuum, table, evaluate, interval)
        spans_of = shared_spans(continuum)
        spans_of = spans_of if not place else spans_of[spans_of["code"] == place]
        row = {"coefficient": name, "code": code, "value": found.value, "coverage": coverage(table, continuum, place)}
        rows.append(row | _about(found, continuum, len(spans_of)))
    return pd.DataFrame(rows)


def unitizing_table(
    codings: Codings,
    lengths: Lengths,
    coders: Names = None,
    codes: Names = None,
    *,
    judged: Seen = None,
    interval: Interval | None = None,
) -> pd.DataFrame:
    """Alpha for unitizing of each code by itself, so that codes may overlap as they do in qualitative coding.

    Parameters
    ----------
    codings : DataFrame
        `start, end, coder`, optionally `document` and `code`.
    lengths : int, mapping, Series or DataFrame
        Code points of the one document, or of each.
    coders, codes, judged, interval
        As in `u_alpha`; a coder judged the documents in which he or she coded anything at all.

    Returns
    -------
    DataFrame
        One row per code: `code, u_alpha, n_coders, n_documents, n_code_points, n_spans, n_merged, low, high,
        interval, reason`. With one code alone u_alpha and its binary form are the same.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "coder": ["x", "y"], "start": [0, 0], "end": [4, 4], "code": "c"})
    >>> unitizing_table(codings, {"d": 10})[["code", "u_alpha"]].values.tolist()
    [['c', 1.0]]
    """
    check_arguments(unitizing_table, locals())
    codings = as_codings(codings, {"code": ONE_CODE})
    check_named(codings, ("coder", "code"))
    seen = judged
    if seen is None and "document" in codings:
        seen = codings[["document", "coder"]].drop_duplicates()
    people = coders if coders is not None else sorted(codings["coder"].unique())
    names = codes if codes is not None else sorted(codings["code"].unique())
    rows = []
    for code, continuum in read_each(codings, lengths, people, names, seen):
        found = _coefficient("u_alpha", str(code), continuum, document_sums(continuum), all_codes, interval)
        rows.append({"code": code, "u_alpha": found.value} | _about(found, continuum, len(shared_spans(continuum))))
    return pd.DataFrame(rows)


def shared_spans(continuum: Continuum) -> pd.DataFrame:
    """Return the spans in documents that two coders or more judged: those on which an alpha rests."""
    several = continuum.judged.sum(axis=1) >= 2
    return continuum.spans[several[continuum.spans["document"].to_numpy(dtype=int)]]


def _about(found: Coefficient, continuum: Continuum, n_spans: int) -> dict[str, Any]:
    """Return what stands beside every alpha for unitizing."""
    shared = int((continuum.judged.sum(axis=1) >= 2).sum())
    sizes = {"n_coders": found.n_coders, "n_documents": shared, "n_code_points": found.n_units}
    ends = {"low": found.low, "high": found.high, "interval": found.interval, "reason": found.reason}
    return sizes | {"n_spans": n_spans, "n_merged": continuum.merged} | ends


def marked_alike(codings: pd.DataFrame, sizes: pd.DataFrame) -> pd.DataFrame:
    """Alpha for unitizing of what the coders marked at all, whatever the code; rows `u_alpha` and `u_alpha_binary`.

    Codes overlap in qualitative coding, so that the family of alphas for codes that exclude each other does not fit
    them together; it fits the bare question which parts of the text were found worth a code. `codings` holds `document,
    start, end, coder`, `sizes` `document, code_points`; the answer is as of `unitizing_family`.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "coder": ["x", "y"], "start": 0, "end": 4, "code": ["a", "b"]})
    >>> marked_alike(codings, pd.DataFrame({"document": ["d"], "code_points": [10]}))["value"].tolist()
    [1.0, 1.0]
    """
    check_arguments(marked_alike, locals())
    need(sizes, ["document", "code_points"], "sizes")
    if sizes.empty:
        raise CrosscaseError(Problem("sizes", "each document has code points", "no document"))
    need(codings, ["document", "start", "end", "coder"], "codings")
    table = unitizing_family(codings.assign(code=ONE_CODE), sizes)
    return table[table["coefficient"].isin(["u_alpha", "u_alpha_binary"])].reset_index(drop=True)


def _estimator(continuum: Continuum, sums: np.ndarray, evaluate: Evaluate) -> Estimator:
    several = continuum.judged.sum(axis=1) >= 2
    ones, number = np.ones(int(several.sum())), np.arange(int(several.sum()))
    return Estimator(sums[several], ones, number, ones, evaluate, None, None, number)


def _of_continuum(evaluate: Evaluate) -> Any:
    return lambda continuum: _estimator(continuum, document_sums(continuum), evaluate)


def _coefficient(
    name: str, variant: str, continuum: Continuum, sums: np.ndarray, evaluate: Evaluate, interval: Interval | None
) -> Coefficient:
    several = continuum.judged.sum(axis=1) >= 2
    estimator = _estimator(continuum, sums, evaluate)
    with np.errstate(all="ignore"):
        value, observed, expected = estimator.point() if several.any() else (float("nan"),) * 3
    reasons = []
    if np.isnan(value):
        reasons.append(_why(name, continuum, several, observed))
    found = limits(estimator, interval) if several.any() else limits(estimator, None)
    reasons += [found.reason] if found.reason else []
    size = np.diff(continuum.ends)
    judges = continuum.judged.sum(axis=1)
    pairs = int((size * judges * (judges - 1) // 2)[several].sum())
    return Coefficient(
        name, variant, value, int(size[several].sum()), int(continuum.judged.any(axis=0).sum()), pairs, observed,
        expected, found.standard_error, found.low, found.high, found.label, "; ".join(reasons),
    )  # fmt: skip


def _why(name: str, continuum: Continuum, several: np.ndarray, observed: float) -> str:
    if not several.any():
        return "no document judged by two coders"
    if continuum.spans.empty:
        return "nobody marked anything"
    if name in ("cu_alpha", "ku_alpha") and np.isnan(observed):
        return "this matter is never marked by two coders"
    return "one code only: no variation" if name in ("cu_alpha", "ku_alpha") else "everything is marked alike"


u_alpha = SpanMeasure(
    "u_alpha", "Alpha for unitizing",
    "spans, gaps and codes at once: 1 - observed / expected disagreement on the length of the text.", SOURCE,
    _of_continuum(all_codes), of="spans", needs_coders=True, evaluate=all_codes,
)  # fmt: skip
u_alpha_binary = SpanMeasure(
    "u_alpha_binary", "Binary alpha for unitizing",
    "(|u) whether coders mark the same matter, whatever the code.", SOURCE,
    _of_continuum(marked_or_not), of="spans", needs_coders=True, evaluate=marked_or_not,
)  # fmt: skip
cu_alpha = SpanMeasure(
    "cu_alpha", "Coding alpha for unitizing",
    "(cu) where coders mark the same matter, whether they give it the same code.", SOURCE,
    _of_continuum(codes_where_marked), of="spans", needs_coders=True, evaluate=codes_where_marked,
)  # fmt: skip
