"""Percent agreement and what is left of it beyond chance: the kappas, pi, S, AC1 and AC2, Holsti; with weights."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np

from crosscase.agreement.intervals import Interval
from crosscase.agreement.judgements.ratings import Patterns, Ratings
from crosscase.agreement.judgements.read import Documents, read_ratings
from crosscase.agreement.judgements.weights import form_of, weights_for
from crosscase.agreement.measures.base import Coefficient, Measure, coefficient
from crosscase.agreement.measures.estimator import Estimator, Evaluate, Parts, corrected, ratio
from crosscase.arguments import check_arguments
from crosscase.errors import CrosscaseError, Problem

Chance = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""From shares of the categories (rows x categories) and agreement weights to the agreement expected by chance."""
PairChance = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
"""The same from the shares of two coders."""
Build = Callable[[Ratings, np.ndarray], Estimator]


@dataclass(frozen=True, eq=False, repr=False)
class ChanceMeasure(Measure):
    """A measure of judgements in categories, with or without agreement weights; it is called like a function.

    Examples
    --------
    >>> round(float(cohen_kappa([[20, 5], [10, 15]], layout="crosstab")), 4)
    0.4
    >>> print(scott_pi.__doc__.splitlines()[0])
    Scott's pi: agreement of two coders beyond chance, from the distribution of both together.
    """

    build: Build = lambda ratings, weights: pooled(ratings, weights, None)
    weights: str | None = "identity"  # unless others are asked for; None where it takes none
    one_sided: bool = False  # whether weights of two coders may be asymmetric
    over_pairs: bool = False  # whether it is of two coders, and for more the mean over their pairs

    _called = """Parameters
    ----------
    data : DataFrame, 2-d array or list of rows
        Units x coders, missing NaN; or as `layout` says.
    layout : {"ratings", "counts", "crosstab"}
        Units x coders; units x categories with numbers of coders; or first coder's x second coder's categories.
    categories : sequence, optional
        All categories a coder could choose, in order; without it those that occur.
    weights : str or table, optional
        Agreement weights, see `agreement_weights`; those by distance need the order of text categories.
    scores : {"values", "positions"}
        Distances between numeric categories or between their places.
    documents : sequence or str, optional
        Document of each unit, or the column that names it; without it the index level `document`.
    interval : Bootstrap, Linearised or None
        Confidence interval; both draw over documents unless told otherwise. None gives no interval.

    Returns
    -------
    Coefficient
        Value, n, observed and expected agreement, interval, and the reason where undefined.

    Raises
    ------
    CrosscaseError
        For input that cannot be judgements.""".replace("\n    ", "\n")

    def __call__(
        self,
        data: Any,
        *,
        layout: str = "ratings",
        categories: Sequence[Hashable] | None = None,
        weights: Any = None,
        scores: str = "values",
        documents: Documents = None,
        interval: Interval | None = None,
    ) -> Coefficient:
        """Return the coefficient of judgements; what stands for what is said in the help of the measure."""
        check_arguments(ChanceMeasure.__call__, locals())
        ratings = read_ratings(data, layout, categories, documents)
        self.check(ratings)
        if self.weights is None and weights is not None:
            remedy = f"use {self.instead}" if self.instead else "leave them out"
            raise CrosscaseError(Problem(self.name, "no weights", repr(weights), remedy=remedy))
        asked = (self.weights or "identity") if weights is None else weights
        table = weights_for(ratings, asked, scores, not self.one_sided or ratings.n_coders > 2)
        several = self.over_pairs and ratings.n_coders > 2
        form = form_of(asked, scores) + (", mean over pairs of coders" if several else "")
        return coefficient(self.name, form, ratings, self.build(ratings, table), interval)


def unit_agreement(counts: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean weighted agreement over the pairs of judgements in each unit (0 without one), and which have one.

    Examples
    --------
    >>> agreement, paired = unit_agreement(np.array([[2.0, 1.0], [1.0, 0.0]]), np.eye(2))
    >>> agreement.round(4).tolist(), paired.tolist()
    ([0.3333, 0.0], [True, False])
    """
    judged = counts.sum(axis=1)
    paired = judged >= 2
    matches = ((counts @ weights) * counts).sum(axis=1) - judged
    return np.where(paired, matches / np.where(paired, judged * (judged - 1), 1.0), 0.0), paired


def pooled(ratings: Ratings, weights: np.ndarray, chance: Chance | None) -> Estimator:
    """Estimate a measure that treats coders as exchangeable; without chance the share of agreeing pairs."""
    patterns = ratings.unordered
    counts = patterns.rows
    agreement, paired = unit_agreement(counts, weights)
    judged = counts.sum(axis=1)
    shares = counts / np.maximum(judged, 1.0)[:, None]
    columns = np.column_stack([paired, agreement, judged >= 1, shares]).astype(float)

    def evaluate(sums: np.ndarray) -> Parts:
        observed = ratio(sums[:, 1], sums[:, 0])
        if chance is None:
            return observed, observed, np.full(len(sums), np.nan)
        expected = chance(ratio(sums[:, 3:], sums[:, 2:3]), weights)
        return corrected(observed, expected), observed, expected

    linear = _gwet_linear(evaluate, (patterns.multiplicity @ columns)[None, :])
    return _estimator(ratings, patterns, columns, evaluate, linear)


def all_agree(ratings: Ratings, weights: np.ndarray) -> Estimator:
    """Estimate the share of units with two judgements or more on which all judgements are the same."""
    patterns = ratings.unordered
    judged = patterns.rows.sum(axis=1)
    paired = judged >= 2
    alike = paired & (patterns.rows.max(axis=1, initial=0.0) == judged)
    columns = np.column_stack([paired, alike, judged >= 1]).astype(float)

    def evaluate(sums: np.ndarray) -> Parts:
        share = ratio(sums[:, 1], sums[:, 0])
        return share, share, np.full(len(sums), np.nan)

    linear = _gwet_linear(evaluate, (patterns.multiplicity @ columns)[None, :])
    return _estimator(ratings, patterns, columns, evaluate, linear)


def each_coder(ratings: Ratings, weights: np.ndarray) -> Estimator:
    """Estimate agreement beyond the chance that each coder's own distribution gives, over all pairs of coders."""
    patterns = ratings.ordered
    codes = patterns.rows
    kept = np.flatnonzero((codes >= 0).any(axis=0))
    chosen = (codes[:, kept, None] == np.arange(ratings.n_categories)).astype(float)
    agreement, paired = unit_agreement(chosen.sum(axis=1), weights)
    r, q = len(kept), ratings.n_categories
    judged = chosen.any(axis=(1, 2))
    columns = np.column_stack([paired, agreement, judged, chosen.sum(axis=2), chosen.reshape(len(codes), r * q)])

    def evaluate(sums: np.ndarray) -> Parts:
        observed = ratio(sums[:, 1], sums[:, 0])
        share = ratio(sums[:, 3 + r :].reshape(len(sums), r, q), sums[:, 3 : 3 + r, None])
        together = share.sum(axis=1)
        everyone = ((together @ weights) * together).sum(axis=1)
        oneself = ((share @ weights) * share).sum(axis=(1, 2))
        expected = (everyone - oneself) / (r * (r - 1)) if r > 1 else np.full(len(sums), np.nan)
        return corrected(observed, expected), observed, expected

    linear = _gwet_linear(evaluate, (patterns.multiplicity @ columns)[None, :])
    return _estimator(ratings, patterns, columns, evaluate, linear)


def pairwise(ratings: Ratings, weights: np.ndarray, chance: PairChance | None) -> Estimator:
    """Estimate a measure of two coders, for more the mean over the pairs that define it.

    Without chance it is Holsti's index, whose judgements need no partner.
    """
    patterns = ratings.ordered
    codes = patterns.rows
    q = ratings.n_categories
    kept = np.flatnonzero((codes >= 0).any(axis=0))
    blocks = []
    for a, b in combinations(kept, 2):
        both = (codes[:, a] >= 0) & (codes[:, b] >= 0)
        seen = both | (chance is None)
        agree = np.where(both, weights[codes[:, a], codes[:, b]], 0.0)
        first, second = ((codes[:, coder, None] == np.arange(q)) & seen[:, None] for coder in (a, b))
        blocks.append(np.column_stack([both, agree, first, second]).astype(float))
    width = 2 + 2 * q
    columns = np.concatenate(blocks, axis=1) if blocks else np.zeros((len(codes), width))

    def one(sums: np.ndarray) -> Parts:
        first, second = sums[:, 2 : 2 + q], sums[:, 2 + q :]
        if chance is None:
            value = ratio(2.0 * sums[:, 1], first.sum(axis=1) + second.sum(axis=1))
            return value, value, np.full(len(sums), np.nan)
        observed = ratio(sums[:, 1], sums[:, 0])
        expected = chance(ratio(first, sums[:, :1]), ratio(second, sums[:, :1]), weights)
        return corrected(observed, expected), observed, expected

    def evaluate(sums: np.ndarray) -> Parts:
        parts = [one(sums[:, place : place + width]) for place in range(0, sums.shape[1], width)]
        value, observed, expected = (_mean_defined(np.array(column)) for column in zip(*parts))
        return value, observed, expected

    totals = (patterns.multiplicity @ columns)[None, :]
    lost = sum(bool(np.isnan(one(totals[:, at : at + width])[0][0])) for at in range(0, totals.shape[1], width))
    some = 0 < lost < len(blocks)
    remark = f"{lost} of {len(blocks)} pairs of coders undefined and left out of the mean" if some else ""
    return replace(_estimator(ratings, patterns, columns, evaluate), remark=remark)


def _estimator(
    ratings: Ratings, patterns: Patterns, columns: np.ndarray, evaluate: Evaluate, linear: Evaluate | None = None
) -> Estimator:
    rows = patterns.rows
    judged = np.asarray(rows.sum(axis=1) >= 1 if patterns is ratings.unordered else (rows >= 0).any(axis=1))
    return Estimator(
        columns,
        patterns.multiplicity,
        patterns.member,
        ratings.multiplicity,
        evaluate,
        linear,
        judged,
        ratings.documents,
    )


def _gwet_linear(evaluate: Evaluate, totals: np.ndarray) -> Evaluate:
    """Gwet's linear form: the share of units with two judgements is taken as fixed.

    Sums start with units with two judgements, their agreement, and units with one judgement.
    """
    value, _, expected = (float(part[0]) for part in evaluate(totals))
    scale = float(totals[0, 2] / totals[0, 0]) if totals[0, 0] else float("nan")

    def linear(sums: np.ndarray) -> Parts:
        paired, agreement = sums[:, 0] / sums[:, 2], sums[:, 1] / sums[:, 2]
        _, observed, chance = evaluate(sums)
        if np.isnan(expected):
            return scale * agreement, observed, chance
        spread = scale * (agreement - expected * paired) - (1.0 - value) * chance
        return spread / (1.0 - expected), observed, chance

    return linear


def _mean_defined(values: np.ndarray) -> np.ndarray:
    defined = ~np.isnan(values)
    return ratio(np.where(defined, values, 0.0).sum(axis=0), defined.sum(axis=0))


def _one_distribution(share: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return ((share @ weights) * share).sum(axis=1)


def _guessing(share: np.ndarray, weights: np.ndarray) -> np.ndarray:
    q = len(weights)
    spread = (share * (1.0 - share)).sum(axis=1)
    return spread * (float(weights.sum()) / (q * (q - 1)) if q > 1 else np.nan)


def _even(share: np.ndarray, weights: np.ndarray) -> np.ndarray:
    q = len(weights)
    return np.full(len(share), float(weights.sum()) / q**2 if q else np.nan)


def _half(share: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Two categories, whether or not anybody chose the second."""
    return np.full(len(share), 0.5)


def _two_distributions(first: np.ndarray, second: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return ((first @ weights) * second).sum(axis=1)


def _joint_distribution(first: np.ndarray, second: np.ndarray, weights: np.ndarray) -> np.ndarray:
    joint = (first + second) / 2.0
    return _two_distributions(joint, joint, weights)


def _measure(build: Build, name: str, label: str, formula: str, reference: str, **more: Any) -> ChanceMeasure:
    def plain(ratings: Ratings) -> Estimator:
        return build(ratings, np.eye(ratings.n_categories))

    return ChanceMeasure(name, label, formula, reference, plain, build=build, **more)


percent_agreement = _measure(
    partial(pooled, chance=None), "percent_agreement", "Percent agreement",
    "share of agreeing pairs of judgements, averaged over units with at least two.", "",
    in_table=True, has_interval=True, kept=True, true_value="percent_agreement",
)  # fmt: skip
unanimous_agreement = _measure(
    all_agree, "unanimous_agreement", "Unanimous agreement",
    "share of units, of those with two judgements or more, on which all coders agree.",
    """Tinsley, H. E. A. & Weiss, D. J. (1975). Interrater reliability and agreement of subjective judgments. Journal of
Counseling Psychology 22, 358-376. doi:10.1037/h0076640""",
    weights=None,
)  # fmt: skip
cohen_kappa = _measure(
    partial(pairwise, chance=_two_distributions), "cohen_kappa", "Cohen's kappa",
    "agreement beyond chance, from the distribution of each of two coders; for more the mean over pairs (Light).",
    """Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological Measurement 20,
37-46. doi:10.1177/001316446002000104
Cohen, J. (1968). Weighted kappa. Psychological Bulletin 70, 213-220. doi:10.1037/h0026256
Light, R. J. (1971). Measures of response agreement for qualitative data. Psychological Bulletin 76, 365-377.
doi:10.1037/h0031643""",
    needs_coders=True, one_sided=True, over_pairs=True, in_table=True, has_interval=True, kept=True, true_value="kappa",
)  # fmt: skip
conger_kappa = _measure(
    each_coder, "conger_kappa", "Conger's kappa",
    "Cohen's kappa for many coders, chance agreement from each coder's own distribution.",
    """Conger, A. J. (1980). Integration and generalization of kappas for multiple raters. Psychological Bulletin 88,
322-328. doi:10.1037/0033-2909.88.2.322""",
    needs_coders=True, in_table=True, true_value="kappa",
)  # fmt: skip
fleiss_kappa = _measure(
    partial(pooled, chance=_one_distribution), "fleiss_kappa", "Fleiss' kappa",
    "chance agreement from the categories' shares over all coders; missing judgements as in Gwet (2014).",
    """Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters. Psychological Bulletin 76, 378-382.
doi:10.1037/h0031619""",
    in_table=True, kept=True, true_value="kappa",
)  # fmt: skip
brennan_prediger = _measure(
    partial(pooled, chance=_even), "brennan_prediger", "Brennan-Prediger coefficient",
    "every category equally likely by chance (Bennett's S, free-marginal kappa).",
    """Brennan, R. L. & Prediger, D. J. (1981). Coefficient kappa: some uses, misuses, and alternatives. Educational and
Psychological Measurement 41, 687-699. doi:10.1177/001316448104100307""",
    in_table=True, true_value="brennan_prediger",
)  # fmt: skip
gwet_ac1 = _measure(
    partial(pooled, chance=_guessing), "gwet_ac1", "Gwet's AC1",
    "chance agreement only where coders guess; stable at high and low prevalence.",
    """Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of high agreement. British
Journal of Mathematical and Statistical Psychology 61, 29-48. doi:10.1348/000711006X126600""",
    weights=None, instead="gwet_ac2", in_table=True, has_interval=True, kept=True, true_value="gwet_ac1",
)  # fmt: skip
gwet_ac2 = _measure(
    partial(pooled, chance=_guessing), "gwet_ac2", "Gwet's AC2", "AC1 with agreement weights.",
    "Gwet, K. L. (2014). Handbook of Inter-Rater Reliability, 4th ed., chapter 4.", weights="quadratic",
)  # fmt: skip
scott_pi = _measure(
    partial(pairwise, chance=_joint_distribution), "scott_pi", "Scott's pi",
    "agreement of two coders beyond chance, from the distribution of both together.",
    "Scott, W. A. (1955). Reliability of content analysis. Public Opinion Quarterly 19, 321-325. doi:10.1086/266577",
    needs_coders=True, most_coders=2, instead="fleiss_kappa",
)  # fmt: skip
holsti = _measure(
    partial(pairwise, chance=None), "holsti", "Holsti's index",
    "2M / (N1 + N2): agreeing judgements by all judgements of both coders; mean over pairs.",
    "Holsti, O. R. (1969). Content Analysis for the Social Sciences and Humanities, p. 140.",
    needs_coders=True, weights=None, over_pairs=True,
)  # fmt: skip
pabak = _measure(
    partial(pooled, chance=_half), "pabak", "Prevalence-adjusted bias-adjusted kappa",
    "of two categories, the second of which nobody need have chosen: 2 x percent agreement - 1.",
    """Byrt, T., Bishop, J. & Carlin, J. B. (1993). Bias, prevalence and kappa. Journal of Clinical Epidemiology 46,
423-429. doi:10.1016/0895-4356(93)90018-V""",
    most_categories=2, weights=None, instead="brennan_prediger",
)  # fmt: skip
