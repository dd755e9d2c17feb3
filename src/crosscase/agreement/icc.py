"""Intraclass correlation of coders who give numbers: the six forms of Shrout and Fleiss."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import f as fisher

from crosscase.agreement.reading import as_frame, numbers_where_possible
from crosscase.errors import CrosscaseError, Problem


def icc(data: Any, *, confidence: float = 0.95) -> pd.DataFrame:
    """Intraclass correlations of a complete units x coders frame, with F tests and limits.

    Parameters
    ----------
    data : DataFrame, 2-d array or list of rows
        Units x coders of numbers. Units with a missing value are left out and counted.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    DataFrame
        Rows ICC(1,1), ICC(2,1), ICC(3,1), ICC(1,k), ICC(2,k), ICC(3,k): `form, model, value, low, high, f, df1, df2,
        n_units, n_coders, n_left_out, reason`.

    Raises
    ------
    CrosscaseError
        For text, and for fewer than two coders.

    References
    ----------
    Shrout, P. E. & Fleiss, J. L. (1979). Intraclass correlations. Psychological Bulletin 86, 420-428.
    doi:10.1037/0033-2909.86.2.420
    McGraw, K. O. & Wong, S. P. (1996). Forming inferences about some intraclass correlation coefficients.
    Psychological Methods 1, 30-46. doi:10.1037/1082-989X.1.1.30

    Examples
    --------
    >>> ratings = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    >>> icc(ratings)["value"].round(2).tolist()
    [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]
    """
    frame = numbers_where_possible(as_frame(data, "units x coders"))
    if text := [str(name) for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name])]:
        raise CrosscaseError(Problem(f"columns {', '.join(text)}", "numbers", "text", remedy="use a kappa or alpha"))
    if frame.shape[1] < 2:
        raise CrosscaseError(Problem("columns", "two coders or more", str(frame.shape[1])))
    x = frame.dropna().to_numpy(float)
    if np.isinf(x).any():
        raise CrosscaseError(Problem("ratings", "finite numbers", f"{int(np.isinf(x).sum())} infinite values"))
    n, k = x.shape
    reason = "fewer than two complete units" if n < 2 else ""
    if not reason and np.ptp(x) == 0:
        reason = "one value only: no variation"
    head = {"n_units": n, "n_coders": k, "n_left_out": len(frame) - n, "reason": reason}
    rows = _undefined() if reason else _forms(x, 1 - confidence)
    return pd.DataFrame([{**row, **head} for row in rows])


_FORMS = (
    ("ICC(1,1)", "one-way random, single coder"),
    ("ICC(2,1)", "two-way random, agreement, single coder"),
    ("ICC(3,1)", "two-way mixed, consistency, single coder"),
    ("ICC(1,k)", "one-way random, mean of coders"),
    ("ICC(2,k)", "two-way random, agreement, mean of coders"),
    ("ICC(3,k)", "two-way mixed, consistency, mean of coders"),
)


def _undefined() -> list[dict[str, Any]]:
    empty = dict.fromkeys(("value", "low", "high", "f", "df1", "df2"), float("nan"))
    return [{"form": form, "model": model, **empty} for form, model in _FORMS]


def _forms(x: np.ndarray, alpha: float) -> list[dict[str, Any]]:
    n, k = x.shape
    mean = x.mean()
    between = k * ((x.mean(axis=1) - mean) ** 2).sum() / (n - 1)
    coder = n * ((x.mean(axis=0) - mean) ** 2).sum() / (k - 1)
    within = ((x - x.mean(axis=1, keepdims=True)) ** 2).sum() / (n * (k - 1))
    error = (within * n * (k - 1) - coder * (k - 1)) / ((n - 1) * (k - 1))
    with np.errstate(all="ignore"):
        one = _single(between, within, n - 1, n * (k - 1), k, alpha)
        three = _single(between, error, n - 1, (n - 1) * (k - 1), k, alpha)
        two = _agreement(between, coder, error, n, k, alpha)
    rows = []
    for place, (form, model) in enumerate(_FORMS):
        value, low, high, f, df1, df2 = (one, two, three)[place % 3]
        if place >= 3:
            value, low, high = (k * each / (1 + (k - 1) * each) for each in (value, low, high))
        rows.append({"form": form, "model": model, "value": float(value), "low": float(low), "high": float(high),
                     "f": float(f), "df1": df1, "df2": df2})  # fmt: skip
    return rows


def _single(between: float, error: float, df1: int, df2: int, k: int, alpha: float) -> tuple[float, ...]:
    f = np.divide(between, error)
    low, high = f / fisher.ppf(1 - alpha / 2, df1, df2), f * fisher.ppf(1 - alpha / 2, df2, df1)
    value = (between - error) / (between + (k - 1) * error)
    return value, (low - 1) / (low + k - 1), (high - 1) / (high + k - 1), f, df1, df2


def _agreement(between: float, coder: float, error: float, n: int, k: int, alpha: float) -> tuple[float, ...]:
    value = (between - error) / (between + (k - 1) * error + k * (coder - error) / n)
    ratio = np.divide(coder, error)
    other = n * (1 + (k - 1) * value) - k * value
    df = (k - 1) * (n - 1) * (k * value * ratio + other) ** 2 / ((n - 1) * k**2 * value**2 * ratio**2 + other**2)
    upper, lower = fisher.ppf(1 - alpha / 2, n - 1, df), fisher.ppf(1 - alpha / 2, df, n - 1)
    rest = k * coder + (k * n - k - n) * error
    low = n * (between - upper * error) / (upper * rest + n * between)
    high = n * (lower * between - error) / (rest + n * lower * between)
    return value, low, high, np.divide(between, error), n - 1, (n - 1) * (k - 1)
