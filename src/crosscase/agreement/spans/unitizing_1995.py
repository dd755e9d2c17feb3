"""Alpha for unitizing in its first form, of 1995: how far apart the ends of units lie, code by code."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crosscase.agreement.codings.clean import OVERALL, Codings, Names
from crosscase.agreement.spans.continuum import Continuum, read_spans
from crosscase.arguments import check_arguments
from crosscase.errors import CrosscaseError, Problem


def u_alpha_1995(spans: Codings, length: int, *, coders: Names = None, codes: Names = None) -> pd.DataFrame:
    """Alpha for unitizing one continuum as it was in 1995, by code and of all codes together.

    Units that overlap differ by the squares of the distances between their ends, a unit in another coder's gap by the
    square of its length. `u_alpha` is the form of 2016, which replaced it.

    Parameters
    ----------
    spans : DataFrame
        `coder, start, end`, optionally `code`; offsets `[start, end)` in one document. Units of one coder and code may
        touch; those that overlap are merged. Codes may overlap each other.
    length : int
        Code points of the document.
    coders, codes : sequence, optional
        Who and what to compare; name a coder here who marked nothing at all.

    Returns
    -------
    DataFrame
        One row per code, then `(all codes)`: `code, value, observed, expected, n_coders, n_spans, reason`. `observed`
        and `expected` are disagreements; of all codes each is the sum over codes.

    Raises
    ------
    CrosscaseError
        For several documents and spans outside their document.

    References
    ----------
    Krippendorff, K. (1995). On the reliability of unitizing continuous data. Sociological Methodology 25, 47-76.
    doi:10.2307/271061. Krippendorff, K. (2004). Measuring the reliability of qualitative text analysis data. Quality &
    Quantity 38, 787-800. doi:10.1007/s11135-004-8107-7, where all codes are put together.

    Examples
    --------
    >>> spans = pd.DataFrame({"coder": ["i", "i", "j", "j", "j"], "start": [75, 220, 70, 205, 250],
    ...                       "end": [145, 250, 150, 225, 270]})
    >>> u_alpha_1995(spans, 300).loc[0, ["observed", "expected", "value"]].astype(float).round(4).tolist()
    [0.0144, 0.0532, 0.7286]
    """
    check_arguments(u_alpha_1995, locals())
    if isinstance(spans, pd.DataFrame) and "document" in spans:
        if spans["document"].nunique() > 1:
            found = f"{spans['document'].nunique()} documents"
            raise CrosscaseError(Problem("spans", "one continuum", found, remedy="call it document by document"))
        spans = spans.drop(columns="document")
    continuum = read_spans(spans, length, coders, codes)
    m, size = len(continuum.coders), float(continuum.ends[-1])
    rows = []
    for place in range(1, len(continuum.codes) + 1):
        sections = [_sections(continuum, place, coder) for coder in range(m)]
        units = sum(each[:, 2].sum() for each in sections)
        rows.append((_observed(sections, size), _expected(sections, size), units))
    parts = np.array(rows, dtype=float).reshape(-1, 3)
    out = pd.DataFrame(np.vstack([parts, parts.sum(axis=0)]), columns=["observed", "expected", "n_spans"])
    out["code"] = [*continuum.codes, OVERALL]
    out["n_spans"] = out["n_spans"].astype(int)
    defined = out["expected"].gt(0) & out["n_spans"].gt(0) & (m > 1)
    out["value"] = 1 - out["observed"] / out["expected"].where(defined)
    out["n_coders"] = m
    why = np.where(out["n_spans"].eq(0), "nobody marked anything", "expected disagreement is 0")
    out["reason"] = np.where(defined, "", np.where(m > 1, why, "fewer than two coders"))
    return out[["code", "value", "observed", "expected", "n_coders", "n_spans", "reason"]]


def _sections(continuum: Continuum, code: int, coder: int) -> np.ndarray:
    """Return one coder's sections by one code, gaps too: where each starts, its length, and 1 for a unit."""
    spans = continuum.spans
    mine = spans[(spans["code"] == code) & (spans["coder"] == coder)].sort_values("start")
    start, end = mine["start"].to_numpy(float), mine["end"].to_numpy(float)
    open_from, open_to = np.append(0.0, end), np.append(start, float(continuum.ends[-1]))
    units = np.column_stack([start, end - start, np.ones(len(start))])
    gaps = np.column_stack([open_from, open_to - open_from, np.zeros(len(open_from))])
    return np.concatenate([units, gaps[gaps[:, 1] > 0]])


def _observed(sections: list[np.ndarray], size: float) -> float:
    """Add up how much the sections of each two coders differ, over both orders of the coders."""
    m, total = len(sections), 0.0
    for a, first in enumerate(sections):
        for second in sections[:a] + sections[a + 1 :]:
            (b, length, unit), (c, other, marked) = (first.T[:, :, None], second.T[:, None, :])
            late, short = b - c, b + length - c - other
            meet = (unit == 1) & (marked == 1) & (-length < late) & (late < other)
            inside = (unit == 1) & (marked == 0) & (late >= 0) & (short <= 0)
            around = (unit == 0) & (marked == 1) & (late <= 0) & (short >= 0)
            total += float((meet * (late**2 + short**2) + inside * length**2 + around * other**2).sum())
    return total / (m * (m - 1) * size**2) if m > 1 else float("nan")


def _expected(sections: list[np.ndarray], size: float) -> float:
    """Give the disagreement of units and gaps of these lengths put anywhere on the continuum."""
    m, every = len(sections), np.concatenate(sections)
    units, gaps = every[every[:, 2] == 1, 1], every[every[:, 2] == 0, 1]
    among = (len(units) - 1) / 3 * (2 * units**3 - 3 * units**2 + units)
    within = units**2 * np.maximum(gaps[None, :] - units[:, None] + 1, 0).sum(axis=1)
    places = m * size * (m * size - 1) - (units * (units - 1)).sum()
    return float(2 / size * (among + within).sum() / places) if places > 0 else float("nan")
