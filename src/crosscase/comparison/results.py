"""The frame that every test returns, and the arithmetic that tests share: adjustment, intervals."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd

from crosscase.arguments import MOST, check_arguments
from crosscase.comparison.given import numbers_of
from crosscase.errors import CrosscaseError, Problem, shown

COLUMNS = (
    "subject",
    "statistic",
    "statistic_name",
    "n",
    "p",
    "p_adjusted",
    "effect",
    "effect_name",
    "effect_low",
    "effect_high",
    "smallest_p",
    "family",
    "reason",
)
ALPHA = 0.05


def result_frame(rows: Iterable[dict[str, object]]) -> pd.DataFrame:
    """Put results into the common frame; what a test does not give stays undefined (NaN) or empty text.

    Examples
    --------
    >>> result_frame([{"subject": "trust", "p": 0.2}])[["subject", "p", "effect", "reason"]].values.tolist()
    [['trust', 0.2, nan, '']]
    """
    texts = {"subject", "statistic_name", "effect_name", "family", "reason"}
    rows = list(rows)
    extra = list(dict.fromkeys(key for row in rows for key in row if key not in COLUMNS))
    out = pd.DataFrame(
        [{name: row.get(name, "" if name in texts else math.nan) for name in (*COLUMNS, *extra)} for row in rows],
        columns=[*COLUMNS, *extra],
    )
    return out


def holm(p: Iterable[object]) -> np.ndarray:
    """Adjust p-values for the number of tests by Holm's method; undefined ones are no part of the family.

    Parameters
    ----------
    p : iterable of float
        Unadjusted p-values; NaN where undefined.

    Returns
    -------
    array of float
        Adjusted p-values in the same order.

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of Statistics
    6, 65-70.

    Examples
    --------
    >>> holm([0.01, 0.04, float("nan")]).tolist()
    [0.02, 0.04, nan]
    """
    check_arguments(holm, locals())
    out = numbers_of(list(p), "p").to_numpy(copy=True)
    if bool(((out < 0) | (out > 1)).any()):
        raise CrosscaseError(Problem("p", "probabilities", shown(out.tolist()), "0 to 1, or empty for undefined"))
    places = np.argsort(out, kind="stable")[: np.count_nonzero(~np.isnan(out))]  # undefined ones sort last
    times = np.arange(len(places), 0, -1)
    out[places] = np.minimum(np.maximum.accumulate(out[places] * times), 1)
    return out


def positive_int(value: object, place: str, least: int = 1) -> int:
    """Refuse anything but a whole number of at least `least`, and what no machine counts to."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not least <= value <= MOST:
        raise CrosscaseError(Problem(place, f"a whole number of {least} or more is needed", repr(value)))
    return int(value)


def family_of(n: int, what: str, method: str) -> str:
    """Sentence that states the family of tests.

    Examples
    --------
    >>> family_of(3, "codes", "Westfall-Young maxT")
    'family of 3 tests (codes), adjusted by Westfall-Young maxT'
    >>> family_of(1, "codes", "Holm")
    'one test (codes), nothing to adjust'
    """
    if n <= 1:
        return f"one test ({what}), nothing to adjust"
    return f"family of {n} tests ({what}), adjusted by {method}"
