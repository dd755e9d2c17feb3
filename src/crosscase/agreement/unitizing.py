"""Agreement of coders who draw their own spans: the family of alpha for unitizing."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd

from crosscase.agreement.cleaning import as_codings
from crosscase.agreement.estimator import Estimator, Evaluate
from crosscase.agreement.intervals import Interval, limits
from crosscase.agreement.result import Coefficient
from crosscase.agreement.spans import ONE_CODE, Continuum, Lengths, read_each, read_spans, refuse_overlap
from crosscase.agreement.unitizing_sums import (
    all_codes,
    codes_where_marked,
    coverage,
    document_sums,
    marked_or_not,
    one_code,
)
from crosscase.errors import CrosscaseError, Problem


def u_alpha(
    spans: pd.DataFrame,
    lengths: Lengths,
    *,
    coders: Sequence[Hashable] | None = None,
    codes: Sequence[Hashable] | None = None,
    judged: pd.DataFrame | None = None,
    interval: Interval | None = None,
) -> Coefficient:
    """Krippendorff's alpha for unitizing and coding at once: spans, gaps and codes.

    Parameters
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
        For overlapping spans of different codes, spans outside their document.

    References
    ----------
    Krippendorff, K., Mathet, Y., Bouvry, S. & Widloecher, A. (2016). On the reliability of unitizing textual continua:
    further developments. Quality & Quantity 50, 2347-2364. doi:10.1007/s11135-015-0266-1

    Examples
    --------
    >>> spans = pd.DataFrame({"coder": ["x", "y"], "start": [0, 2], "end": [4, 6], "code": "c"})
    >>> round(float(u_alpha(spans, 10)), 4)
    0.2583
    """
    return _one("u_alpha", all_codes, spans, lengths, coders, codes, judged, interval)


def u_alpha_binary(
    spans: pd.DataFrame,
    lengths: Lengths,
    *,
    coders: Sequence[Hashable] | None = None,
    codes: Sequence[Hashable] | None = None,
    judged: pd.DataFrame | None = None,
    interval: Interval | None = None,
) -> Coefficient:
    """Binary alpha for unitizing (|u): do coders mark the same matter, whatever the code.

    Parameters
    ----------
    spans, lengths, coders, codes, judged, interval
        As in `u_alpha`.

    Returns
    -------
    Coefficient

    References
    ----------
    Krippendorff et al. (2016). doi:10.1007/s11135-015-0266-1

    Examples
    --------
    >>> spans = pd.DataFrame({"coder": ["x", "y"], "start": [0, 0], "end": [4, 4], "code": ["c", "k"]})
    >>> float(u_alpha_binary(spans, 10))
    1.0
    """
    return _one("u_alpha_binary", marked_or_not, spans, lengths, coders, codes, judged, interval)


def cu_alpha(
    spans: pd.DataFrame,
    lengths: Lengths,
    *,
    coders: Sequence[Hashable] | None = None,
    codes: Sequence[Hashable] | None = None,
    judged: pd.DataFrame | None = None,
    interval: Interval | None = None,
) -> Coefficient:
    """Coding alpha for unitizing (cu): where coders mark the same matter, do they give it the same code.

    Parameters
    ----------
    spans, lengths, coders, codes, judged, interval
        As in `u_alpha`.

    Returns
    -------
    Coefficient

    References
    ----------
    Krippendorff et al. (2016). doi:10.1007/s11135-015-0266-1

    Examples
    --------
    >>> spans = pd.DataFrame({"coder": ["x", "x", "y", "y"], "start": [0, 5, 1, 5], "end": [4, 9, 4, 8],
    ...                       "code": ["c", "k", "c", "k"]})
    >>> float(cu_alpha(spans, 10))
    1.0
    """
    return _one("cu_alpha", codes_where_marked, spans, lengths, coders, codes, judged, interval)


def ku_alpha(
    spans: pd.DataFrame,
    lengths: Lengths,
    code: Hashable,
    *,
    coders: Sequence[Hashable] | None = None,
    codes: Sequence[Hashable] | None = None,
    judged: pd.DataFrame | None = None,
    interval: Interval | None = None,
) -> Coefficient:
    """Alpha for unitizing of one code, (k)u: is matter that one coder gives this code given it by the others.

    Parameters
    ----------
    spans, lengths, coders, codes, judged, interval
        As in `u_alpha`.
    code : str
        The code.

    Returns
    -------
    Coefficient
        `variant` names the code; its coverage stands in `unitizing_family`.

    References
    ----------
    Krippendorff et al. (2016). doi:10.1007/s11135-015-0266-1

    Examples
    --------
    >>> spans = pd.DataFrame({"coder": ["x", "x", "y", "y"], "start": [0, 5, 1, 5], "end": [4, 9, 4, 8],
    ...                       "code": ["c", "k", "c", "k"]})
    >>> float(ku_alpha(spans, 10, "k"))
    1.0
    """
    continuum = read_spans(spans, lengths, coders, codes, judged)
    if code not in continuum.codes:
        raise CrosscaseError(Problem("code", "one of the codes", repr(code), ", ".join(map(str, continuum.codes))))
    refuse_overlap(continuum)
    chosen = continuum.codes.index(code) + 1
    return _coefficient("ku_alpha", str(code), continuum, document_sums(continuum), one_code(chosen), interval)


def unitizing_family(
    spans: pd.DataFrame,
    lengths: Lengths,
    *,
    coders: Sequence[Hashable] | None = None,
    codes: Sequence[Hashable] | None = None,
    judged: pd.DataFrame | None = None,
    interval: Interval | None = None,
) -> pd.DataFrame:
    """All alphas for unitizing of codes that exclude each other.

    Parameters
    ----------
    spans, lengths, coders, codes, judged, interval
        As in `u_alpha`.

    Returns
    -------
    DataFrame
        Rows `u_alpha`, `u_alpha_binary`, `cu_alpha` and one `ku_alpha` per code: `coefficient, code, value, coverage,
        n_coders, n_documents, n_code_points, n_spans, n_merged, low, high, interval, reason`. `coverage` is the share
        of a code's matter that another coder marked too, with whatever code.

    Examples
    --------
    >>> spans = pd.DataFrame({"coder": ["x", "x", "y", "y"], "start": [0, 5, 1, 5], "end": [4, 9, 4, 8],
    ...                       "code": ["c", "k", "c", "k"]})
    >>> unitizing_family(spans, 10)[["coefficient", "code"]].values.tolist()[2:]
    [['cu_alpha', ''], ['ku_alpha', 'c'], ['ku_alpha', 'k']]
    """
    continuum = read_spans(spans, lengths, coders, codes, judged)
    refuse_overlap(continuum)
    table = document_sums(continuum)
    todo: list[tuple[str, str, int, Evaluate]] = [
        ("u_alpha", "", 0, all_codes),
        ("u_alpha_binary", "", 0, marked_or_not),
        ("cu_alpha", "", 0, codes_where_marked),
    ]
    todo += [("ku_alpha", str(code), place + 1, one_code(place + 1)) for place, code in enumerate(continuum.codes)]
    rows = []
    for name, code, place, evaluate in todo:
        found = _coefficient(name, code, continuum, table, evaluate, interval)
        spans_of = continuum.spans if not place else continuum.spans[continuum.spans["code"] == place]
        rows.append({
            "coefficient": name, "code": code, "value": found.value, "coverage": coverage(table, continuum, place),
            "n_coders": found.n_coders, "n_documents": len(continuum.documents), "n_code_points": found.n_units,
            "n_spans": len(spans_of), "n_merged": continuum.merged, "low": found.low, "high": found.high,
            "interval": found.interval, "reason": found.reason,
        })  # fmt: skip
    return pd.DataFrame(rows)


def unitizing_table(
    codings: pd.DataFrame,
    lengths: Lengths,
    coders: Sequence[Hashable] | None = None,
    codes: Sequence[Hashable] | None = None,
    *,
    judged: pd.DataFrame | None = None,
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
    codings = as_codings(codings, {"code": ONE_CODE})
    seen = judged
    if seen is None and "document" in codings:
        seen = codings[["document", "coder"]].drop_duplicates()
    people = coders if coders is not None else sorted(codings["coder"].unique())
    names = codes if codes is not None else sorted(codings["code"].unique())
    rows = []
    for code, continuum in read_each(codings, lengths, people, names, seen):
        found = _coefficient("u_alpha", str(code), continuum, document_sums(continuum), all_codes, interval)
        rows.append({
            "code": code, "u_alpha": found.value, "n_coders": found.n_coders, "n_documents": len(continuum.documents),
            "n_code_points": found.n_units, "n_spans": len(continuum.spans), "n_merged": continuum.merged,
            "low": found.low, "high": found.high, "interval": found.interval, "reason": found.reason,
        })  # fmt: skip
    return pd.DataFrame(rows)


def _one(
    name: str,
    evaluate: Evaluate,
    spans: pd.DataFrame,
    lengths: Lengths,
    coders: Sequence[Hashable] | None,
    codes: Sequence[Hashable] | None,
    judged: pd.DataFrame | None,
    interval: Interval | None,
) -> Coefficient:
    continuum = read_spans(spans, lengths, coders, codes, judged)
    refuse_overlap(continuum)
    return _coefficient(name, "all codes", continuum, document_sums(continuum), evaluate, interval)


def _coefficient(
    name: str, variant: str, continuum: Continuum, sums: np.ndarray, evaluate: Evaluate, interval: Interval | None
) -> Coefficient:
    n = len(continuum.documents)
    several = continuum.judged.sum(axis=1) >= 2
    place, ones = np.arange(n), np.ones(n)
    number = np.where(several, np.cumsum(several) - 1, 0)[several]
    estimator = Estimator(
        sums[several], ones[several], place[: several.sum()], ones[several], evaluate, None, None, number
    )
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
