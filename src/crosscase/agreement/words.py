"""Benchmark words for agreement, only on request: with their source, and judged by the interval, not the value."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm

from crosscase.agreement.result import Coefficient
from crosscase.errors import CrosscaseError, Problem

#: scale: source, then word and lower end from the top down
SCALES: dict[str, tuple[str, tuple[tuple[str, float], ...]]] = {
    "landis_koch": (
        "Landis & Koch 1977, doi:10.2307/2529310",
        (
            ("almost perfect", 0.8),
            ("substantial", 0.6),
            ("moderate", 0.4),
            ("fair", 0.2),
            ("slight", 0.0),
            ("poor", -1.0),
        ),
    ),
    "altman": (
        "Altman 1991, Practical Statistics for Medical Research, p. 404",
        (("very good", 0.8), ("good", 0.6), ("moderate", 0.4), ("fair", 0.2), ("poor", -1.0)),
    ),
    "fleiss": (
        "Fleiss 1981, Statistical Methods for Rates and Proportions, p. 218",
        (("excellent", 0.75), ("fair to good", 0.4), ("poor", -1.0)),
    ),
    "cicchetti": (
        "Cicchetti 1994, doi:10.1037/1040-3590.6.4.284",
        (("excellent", 0.75), ("good", 0.6), ("fair", 0.4), ("poor", -1.0)),
    ),
    "krippendorff": (
        "Krippendorff 2019, Content Analysis, 4th ed., chapter 12, doi:10.4135/9781071878781",
        (("reliable", 0.8), ("tentative conclusions only", 0.667), ("not to be relied on", -1.0)),
    ),
}


def benchmark(coefficient: Coefficient, scale: str, *, required: float = 0.95) -> pd.DataFrame:
    """Place a coefficient on a scale of words by its uncertainty (Gwet's cumulative method) and its lower limit.

    Parameters
    ----------
    coefficient : Coefficient
        With an interval: its standard error is needed.
    scale : {"landis_koch", "altman", "fleiss", "cicchetti", "krippendorff"}
        The scale. There is no default: the words are conventions, not findings.
    required : float
        Cumulative probability that a word has to reach.

    Returns
    -------
    DataFrame
        One row per word from the top down: `word, lower, upper, probability, cumulative, reached, at_lower_limit,
        source`. `reached` marks the highest word whose range or better holds the coefficient with the required
        probability; `at_lower_limit` the word at the interval's lower end.

    Raises
    ------
    CrosscaseError
        For an unknown scale, and for a coefficient without interval or undefined.

    References
    ----------
    Gwet, K. L. (2014). Handbook of Inter-Rater Reliability, 4th ed., chapter 6.

    Examples
    --------
    >>> found = Coefficient("gwet_ac1", "", 0.78, 50, 2, 50, standard_error=0.05, low=0.68, high=0.88)
    >>> table = benchmark(found, "landis_koch")
    >>> table.loc[table["reached"], "word"].tolist()
    ['substantial']
    """
    if scale not in SCALES:
        raise CrosscaseError(Problem("scale", "unknown scale", repr(scale), ", ".join(SCALES)))
    if np.isnan(coefficient.value) or np.isnan(coefficient.standard_error):
        raise CrosscaseError(
            Problem("coefficient", "a defined coefficient with an interval", coefficient.reason or coefficient.interval,
                    remedy="ask for interval=Bootstrap(...) or Linearised(...)")
        )  # fmt: skip
    source, steps = SCALES[scale]
    lower = np.array([start for _, start in steps])
    upper = np.concatenate([[1.0], lower[:-1]])
    error = max(coefficient.standard_error, 1e-12)
    above = norm.cdf((coefficient.value - lower) / error) - norm.cdf((coefficient.value - 1.0) / error)
    cumulative = above / above[-1]
    at = int(np.argmax(coefficient.low >= np.append(lower[:-1], -np.inf)))
    enough = cumulative >= required - 1e-12
    return pd.DataFrame({
        "word": [word for word, _ in steps], "lower": lower, "upper": upper,
        "probability": np.diff(cumulative, prepend=0.0), "cumulative": cumulative,
        "reached": np.arange(len(steps)) == int(np.argmax(enough)), "at_lower_limit": np.arange(len(steps)) == at,
        "source": source,
    })  # fmt: skip
