"""How many codes there would be: estimators from the number of units in which each code occurs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from crosscase.arguments import MOST, check_arguments, is_count
from crosscase.errors import CrosscaseError, Problem, raise_if, shown

FORMS = {
    "chao2_classic": "Chao2 classic: S + (T-1)/T * Q1^2/(2 Q2); Q2 = 0: S + (T-1)/T * Q1(Q1-1)/2",
    "chao2_bias_corrected": "Chao2 bias-corrected: S + (T-1)/T * Q1(Q1-1)/(2(Q2+1))",
    "jackknife1": "first-order jackknife: S + Q1 (T-1)/T; variance of Burnham & Overton (1978)",
    "jackknife2": "second-order jackknife: S + Q1 (2T-3)/T - Q2 (T-2)^2/(T(T-1)); variance of Burnham & Overton (1978)",
    "chao2_plain": "Chao2 without (T-1)/T: S + Q1^2/(2 Q2); Q2 = 0: S + Q1(Q1-1)/2",
    "chao2_bias_corrected_plain": "Chao2 bias-corrected, without (T-1)/T: S + Q1(Q1-1)/(2(Q2+1))",
    "bootstrap": "bootstrap of Smith & van Belle (1984): S + sum of (1 - q/T)^T over codes, each in q units",
}
#: what is shown unless others are asked for
USUAL = ("chao2_classic", "chao2_bias_corrected", "jackknife1", "jackknife2")
NOTES = {
    "chao2": "a lower bound: with many rare codes there are more, and the interval misses their number often",
    "jackknife": "leans low with few units; the interval is normal and may start below the codes seen",
    "bootstrap": "leans low where many codes are rare; no interval is given",
}
MIN_UNITS = {"chao2_classic": 2, "chao2_bias_corrected": 2, "jackknife1": 2, "jackknife2": 3}
"""Units needed; the others need one."""


@dataclass(frozen=True)
class Incidence:
    """In how many of T units (`n_units`) each observed code occurs, and the counts that all estimators start from."""

    frequencies: NDArray[np.int64]
    n_units: int

    @property
    def observed(self) -> int:
        """S, the number of codes seen at least once."""
        return len(self.frequencies)

    @property
    def total(self) -> int:
        """U, the number of unit-code pairs."""
        return int(self.frequencies.sum())

    def seen_in(self, k: int) -> int:
        """Q_k, the number of codes that occur in exactly k units."""
        return int((self.frequencies == k).sum())


def one_word(value: object, place: str, of_what: str) -> list[Problem]:
    """Refuse anything but a list of words, a single word too."""
    if isinstance(value, (list, tuple)) and all(isinstance(word, str) for word in value):
        return []
    remedy = f"write [{value!r}]" if isinstance(value, str) else ""
    return [Problem(place, f"a list of {of_what}", shown(value), remedy=remedy)]


def incidence(frequencies: ArrayLike, n_units: int) -> Incidence:
    """Drop codes that occur nowhere; refused are frequencies and units that are no counts, or do not fit together.

    Examples
    --------
    >>> incidence([3, 1, 0, 1], n_units=4).seen_in(1)
    2
    """
    if not is_count(n_units):
        allowed = "0, 1, 2 and so on"
        raise CrosscaseError(Problem("n_units", "a whole number of units", shown(n_units), allowed, "count the units"))
    try:
        values = np.array(frequencies, dtype=float).ravel()
        if isinstance(frequencies, str):
            raise TypeError
    except (TypeError, ValueError) as error:
        raise CrosscaseError(Problem("frequencies", "numbers of units, one per code", shown(frequencies))) from error
    n_units = int(n_units)
    wrong = values[~((values >= 0) & (values <= min(n_units, MOST)) & (values == np.floor(values)))]
    raise_if(
        [
            Problem(
                place="frequencies",
                rule="a code occurs in a whole number of units",
                found=", ".join(f"{value:g}" for value in wrong[:5]),
                allowed=f"0 to {n_units}",
                remedy="count units with the code, not segments",
            )
        ]
        if len(wrong)
        else []
    )
    return Incidence(values[values > 0].astype(np.int64), n_units)


def unseen(data: Incidence, form: str = "classic", share: float | None = None) -> float:
    """Estimate how many codes were not yet seen, at least 0: Chao2 (`form` of `FORMS`) minus the observed codes.

    `share` stands for (T-1)/T; 1 leaves it out.
    """
    raise_if(
        []
        if form in ("classic", "bias_corrected")
        else [Problem("form", "a known form of Chao2", repr(form), "classic, bias_corrected")]
    )
    q1, q2, share = data.seen_in(1), data.seen_in(2), (data.n_units - 1) / data.n_units if share is None else share
    if form == "classic" and q2 > 0:
        return share * q1**2 / (2 * q2)
    return share * q1 * (q1 - 1) / (2 * (q2 + 1))


def _chao2_variance(data: Incidence, form: str, share: float) -> float:
    """Compute the variance of Chao2 that goes with the form, where some codes are estimated as unseen."""
    q1, q2 = data.seen_in(1), data.seen_in(2)
    if form == "classic" and q2 > 0:
        ratio = q1 / q2
        return q2 * (share * ratio**2 / 2 + share**2 * ratio**3 + share**2 * ratio**4 / 4)
    if form == "classic":
        estimate = data.observed + unseen(data, form, share)
        pairs = share * q1 * (q1 - 1) / 2
        return pairs + share**2 * q1 * (2 * q1 - 1) ** 2 / 4 - share**2 * q1**4 / (4 * estimate)
    return (
        share * q1 * (q1 - 1) / (2 * (q2 + 1))
        + share**2 * q1 * (2 * q1 - 1) ** 2 / (4 * (q2 + 1) ** 2)
        + share**2 * q1**2 * q2 * (q1 - 1) ** 2 / (4 * (q2 + 1) ** 4)
    )


def _complete(data: Incidence, z: float) -> tuple[float, float, float]:
    """Give standard error and interval of the observed number where no code is estimated as unseen."""
    counts = data.frequencies
    variance = float(
        (np.exp(-counts) - np.exp(-2.0 * counts)).sum() - (counts * np.exp(-counts)).sum() ** 2 / data.n_units
    )
    se = math.sqrt(max(variance, 0.0))
    kept = 1 - float(np.exp(-counts).sum()) / data.observed
    return se, max(data.observed, (data.observed - z * se) / kept), (data.observed + z * se) / kept


def chao(data: Incidence, form: str, z: float) -> tuple[float, float, float, float]:
    """Give Chao2 (of counts Chao1), its standard error and its log-normal interval; `form` as in the names of `FORMS`.

    Examples
    --------
    >>> chao(Incidence(np.array([3, 2, 1, 1]), 4), "plain", 1.96)[0]
    6.0
    """
    share = 1.0 if form.endswith("plain") else (data.n_units - 1) / data.n_units
    form = "bias_corrected" if form.startswith("bias_corrected") else "classic"
    missing = unseen(data, form, share)
    if missing == 0:
        return (float(data.observed), *_complete(data, z))
    variance = _chao2_variance(data, form, share)
    spread = math.exp(z * math.sqrt(math.log1p(variance / missing**2)))
    low, high = data.observed + missing / spread, data.observed + missing * spread
    return data.observed + missing, math.sqrt(variance), low, high


def _jackknife(data: Incidence, order: int, z: float) -> tuple[float, float, float, float]:
    """Give the jackknife of first or second order with the variance of Burnham and Overton."""
    t, q1, q2 = data.n_units, data.seen_in(1), data.seen_in(2)
    first, second = ((t - 1) / t, 0.0) if order == 1 else ((2 * t - 3) / t, -((t - 2) ** 2) / (t * (t - 1)))
    estimate = data.observed + first * q1 + second * q2
    squares = (1 + first) ** 2 * q1 + (1 + second) ** 2 * q2 + (data.observed - q1 - q2)
    se = math.sqrt(max(squares - estimate, 0.0))
    return estimate, se, estimate - z * se, estimate + z * se


def bootstrap_richness(data: Incidence) -> float:
    """Give the observed codes and the chance of each to be missed by as many units drawn again.

    Examples
    --------
    >>> bootstrap_richness(Incidence(np.array([1, 2]), 2))
    2.25
    """
    return data.observed + float(((1 - data.frequencies / data.n_units) ** data.n_units).sum())


def _undefined(data: Incidence, estimator: str) -> str:
    """Say why an estimator has no value on these data, or nothing."""
    needed = MIN_UNITS.get(estimator, 1)
    if data.n_units < needed:
        return f"too few units: {data.n_units}, at least {needed} needed"
    return "no code in any unit" if data.observed == 0 else ""


def richness_table(
    frequencies: ArrayLike, n_units: int, *, estimators: Sequence[str] = USUAL, level: float = 0.95
) -> pd.DataFrame:
    """Estimate the number of codes that further sampling of the same kind would find.

    Parameters
    ----------
    frequencies, n_units
        As in `sample_coverage`.
    estimators : sequence of str
        From `FORMS`: chao2_classic, chao2_bias_corrected, jackknife1, jackknife2; only where asked for, chao2_plain and
        chao2_bias_corrected_plain, which leave (T-1)/T out as for large T, and bootstrap. For numbers of segments
        instead of units see `abundance_table`.
    level : float
        Level of the intervals, between 0 and 1.

    Returns
    -------
    DataFrame
        One row per estimator: `estimator, form, value, se, low, high, level, n_units, n_codes, unique_codes,
        duplicate_codes, reason, note`. Chao2 is a lower bound; its interval is log-normal (Chao 1987), or follows
        from the observed codes where none is estimated as unseen; jackknife intervals are normal, with the variance
        of Burnham & Overton (`vegan::specpool` prints another one for the first jackknife, from the uniques per unit).
        Undefined values are NaN with a reason.

    Raises
    ------
    CrosscaseError
        For unknown estimators, levels outside (0, 1) or impossible frequencies.

    References
    ----------
    Chao, A. (1987), Biometrics 43, 783-791, doi 10.2307/2531532. Burnham, K. P. & Overton, W. S. (1978),
    Biometrika 65, 625-633, doi 10.1093/biomet/65.3.625. Chao, A. & Colwell, R. K. (2017), SORT 41, 3-54,
    doi 10.2436/20.8080.02.49. Colwell, R. K. & Coddington, J. A. (1994), Philosophical Transactions of the Royal
    Society B 345, 101-118, doi 10.1098/rstb.1994.0091. Smith, E. P. & van Belle, G. (1984), Biometrics 40, 119-129,
    doi 10.2307/2530750.

    Examples
    --------
    >>> richness_table([5, 3, 2, 1, 1], n_units=6, estimators=["chao2_classic"])["value"].tolist()
    [6.666666666666667]
    """
    check_arguments(richness_table, locals(), but=("estimators", "n_units"))
    problems = one_word(estimators, "estimators", "estimators") or [
        Problem("estimators", "a known estimator", repr(name), ", ".join(FORMS))
        for name in estimators
        if name not in FORMS
    ]
    if not 0 < level < 1:
        problems.append(Problem("level", "a level between 0 and 1", f"{level}", "for example 0.95"))
    raise_if(problems)
    data, z = incidence(frequencies, n_units), float(norm.ppf((1 + level) / 2))
    rows: list[dict[str, Any]] = []
    for name in estimators:
        reason = _undefined(data, name)
        numbers = (math.nan,) * 4
        if not reason and name.startswith("chao2"):
            numbers = chao(data, name.removeprefix("chao2_"), z)
        elif not reason and name == "bootstrap":
            numbers = (bootstrap_richness(data), *numbers[1:])
        elif not reason:
            numbers = _jackknife(data, int(name[-1]), z)
        rows.append({"estimator": name, "form": FORMS[name]} | dict(zip(("value", "se", "low", "high"), numbers)))
        rows[-1] |= {
            "level": level,
            "n_units": data.n_units,
            "n_codes": data.observed,
            "unique_codes": data.seen_in(1),
            "duplicate_codes": data.seen_in(2),
            "reason": reason,
            "note": "" if reason else NOTES[next(kind for kind in NOTES if name.startswith(kind))],
        }
    return pd.DataFrame(rows)
