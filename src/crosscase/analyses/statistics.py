"""What a library of statistics found, as a result: what was compared, with its n, and where its number means nothing.

A notebook calls the library (pingouin) and hands over what it returns; nothing here imports it. A number outside of
what its statistic can be, or one that rests on no variation, stays undefined with its reason, whatever was returned.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from crosscase.analyses.result import Result
from crosscase.analyses.sentences import count, listed
from crosscase.analyses.values import Value
from crosscase.comparison.results import ALPHA

LEAST_EXPECTED = 5
"""Expected count below which the chi-square distribution is not trusted."""

FORMS = {
    "ICC(1,1)": "one rater, another one for each",
    "ICC(A,1)": "one rater, absolute agreement",
    "ICC(C,1)": "one rater, consistency",
    "ICC(1,k)": "mean of the raters, others for each",
    "ICC(A,k)": "mean of the raters, absolute agreement",
    "ICC(C,k)": "mean of the raters, consistency",
}
HEADINGS = {
    "icc": "intraclass correlation",
    "n_raters": "raters",
    "q": "Cochran's Q",
    "dof": "degrees of freedom",
    "p_asymptotic": "p by chi-square",
    "n_varying": "n that vary",
    "chi2": "chi-square",
    "cramer": "Cramér's V",
    "smallest_expected": "least expected count",
    "n_expected_below_5": "expected counts below 5",
    "mean_first": "mean, first",
    "mean_second": "mean, second",
    "n_first": "n, first",
    "n_second": "n, second",
}
SINGLE, MEAN = "ICC(A,1)", "ICC(A,k)"


def intraclass(ratings: pd.DataFrame, found: pd.DataFrame, caption: str, name: str, noun: str = "team") -> Result:
    """Return how far raters agree on a scale of numbers.

    Parameters
    ----------
    ratings : pandas.DataFrame
        One row per rating: `case, observer, score`; every observer rated every case.
    found : pandas.DataFrame
        What `pingouin.intraclass_corr` returns of it: `Type, ICC, CI95`.
    caption, name, noun : str
        What is shown, the first part of the ids of its values, and what is rated.
    """
    wide = ratings.pivot(index="case", columns="observer", values="score")
    n, raters = wide.shape
    reason = ""
    if n < 2 or raters < 2 or bool(wide.isna().any(axis=None)):
        reason = f"two raters or more of two {noun}s or more are needed, and every rating"
    elif bool(np.isclose(wide.mean(axis=1), wide.to_numpy().mean()).all()):
        reason = f"the {noun}s have the same mean rating, so that there is no difference on which raters could agree"

    def row(form: str, value: float, low: float, high: float) -> dict[str, object]:
        why = reason or (
            "" if -1 <= value <= 1 else f"raters differ more on a {noun} than the {noun}s do from each other"
        )
        inside = [math.nan if why or not -1 <= each <= 1 else float(each) for each in (value, low, high)]
        kept = dict(zip(("icc", "low", "high"), inside))
        return {"form": form, "model": FORMS[form], **kept, "n": n, "n_raters": raters, "reason": why}

    rows = [row(each.Type, each.ICC, *each.CI95) for each in found.itertuples()]

    def says(frame: pd.DataFrame) -> str:
        each = frame.set_index("form")
        if each.at[SINGLE, "reason"]:
            return f"Agreement of the raters is undefined: {each.at[SINGLE, 'reason']}."
        low, high = each.at[SINGLE, "low"], each.at[SINGLE, "high"]
        between = "" if math.isnan(low + high) else f" (95 % interval {low:.2f} to {high:.2f})"
        mean = "" if each.at[MEAN, "reason"] else f", and their mean with {each.at[MEAN, 'icc']:.2f}"
        by = f"an intraclass correlation of {each.at[SINGLE, 'icc']:.2f}{between}{mean}"
        return f"The scores of {count(raters, 'rater')} on {count(n, noun)} agree with {by}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        each = frame.set_index("form")
        return [
            Value(f"{name}.{part}", each.at[form, "icc"], about, n=n, form=".2f", reason=each.at[form, "reason"])
            for part, form, about in (
                ("single", SINGLE, "intraclass correlation, absolute agreement, one rater"),
                ("mean", MEAN, "intraclass correlation, absolute agreement, mean of the raters"),
            )
        ]

    limits = (
        "Consistency forgives a rater who is always more generous, absolute agreement does not. Where the "
        f"{noun}s differ little it is low however well raters agree."
    )
    return Result(pd.DataFrame(rows), caption, says, counts=counts, limits=limits, headings=HEADINGS)


def matched(
    presence: pd.DataFrame, found: pd.DataFrame, subject: str, caption: str, name: str, noun: str = "team"
) -> Result:
    """Return whether something is present as often under each of several conditions of the same cases.

    Parameters
    ----------
    presence : pandas.DataFrame
        Case x condition, 1 present, 0 absent.
    found : pandas.DataFrame
        What `pingouin.cochran` returns of it: `dof, Q, p_unc`.
    subject : str
        What is present or absent, as a sentence begins with it.
    caption, name, noun : str
        What is shown, the first part of the ids of its values, and what a row is.
    """
    n, told = len(presence), [f"{int(presence[column].sum())} ({column})" for column in presence]
    varies = int(presence.nunique(axis=1).gt(1).sum())
    reason = "" if varies else f"no {noun} varies between the conditions"
    row = found.iloc[0]
    q, p = (math.nan if reason else float(row[column]) for column in ("Q", "p_unc"))
    tested = {"q": q, "dof": int(row["dof"]), "p_asymptotic": p, "n": n, "n_varying": varies, "reason": reason}
    frame = pd.DataFrame([{"subject": subject, "pattern": "; ".join(told)} | tested])

    def says(frame: pd.DataFrame) -> str:
        one = frame.iloc[0]
        of = f"{subject} in {listed(told, 6)} of {count(n, noun)}"
        if one["reason"]:
            return f"{of}; nothing can be tested, because {one['reason']}."
        return f"{of} (Cochran's Q = {one['q']:.2f}, p = {one['p_asymptotic']:.2g} by chi-square)."

    def counts(frame: pd.DataFrame) -> list[Value]:
        q, p = frame["q"].iloc[0], frame["p_asymptotic"].iloc[0]
        return [
            Value(f"{name}.q", q, f"Cochran's Q: {subject}", n=n, form=".2f", reason=reason),
            Value(f"{name}.p", p, f"p by chi-square: {subject}", n=n, form=".2g", reason=reason),
        ]

    limits = f"The chi-square approximates for many {noun}s; only those that vary count ({varies} here), and with "
    limits += "few an exact p is the one to read."
    return Result(frame, caption, says, counts=counts, limits=limits, headings=HEADINGS)


def contingency(
    found: Sequence[pd.DataFrame], caption: str, name: str, noun: str = "people", depends: str = ""
) -> Result:
    """Return whether two features of the same units go together, with what the test assumes.

    Parameters
    ----------
    found : sequence of DataFrame
        What `pingouin.chi2_independence` returns: expected counts, observed counts, statistics (`test, chi2, dof, pval,
        cramer`).
    caption, name, noun : str
        What is shown, the first part of the ids of its values, and what a unit is, in the plural.
    depends : str
        Why units may not be independent of each other; nothing where they are.
    """
    expected, observed, statistics = found
    row = statistics[statistics["test"].eq("pearson")].iloc[0]
    n, small = int(observed.to_numpy().sum()), int(expected.lt(LEAST_EXPECTED).to_numpy().sum())
    reason = ""
    if min(observed.shape) < 2 or bool((observed.sum() == 0).any()) or bool((observed.sum(axis=1) == 0).any()):
        reason = "one of the two does not vary"
    elif small:
        reason = f"{small} of {expected.size} expected counts are below {LEAST_EXPECTED}: its p cannot be read"
    shares = [f"{group}: {int(cells.iloc[-1])} of {int(cells.sum())}" for group, cells in observed.iterrows()]
    chi2, p, cramer = (math.nan if reason else float(row[column]) for column in ("chi2", "pval", "cramer"))
    low = float(expected.to_numpy().min())
    compared = {"subject": f"{observed.columns.name} by {observed.index.name}", "pattern": "; ".join(shares)}
    tested = {"chi2": chi2, "dof": int(row["dof"]), "p": p, "cramer": cramer, "n": n, "smallest_expected": low}
    frame = pd.DataFrame([compared | tested | {"n_expected_below_5": small, "reason": reason}])

    def says(frame: pd.DataFrame) -> str:
        one = frame.iloc[0]
        told = f"{one['subject'].capitalize()} ({one['pattern']})"
        if one["reason"]:
            return f"{told} is not tested by chi-square, because {one['reason']}."
        found = f"a chi-square of {one['chi2']:.2f} (p = {one['p']:.2g}, Cramér's V = {one['cramer']:.2f}, {n} {noun})"
        return f"{told} has {found}" + (f"; but {depends}." if depends else ".")

    def counts(frame: pd.DataFrame) -> list[Value]:
        return [
            Value(f"{name}.p", frame["p"].iloc[0], "p by chi-square", n=n, form=".2g", reason=reason),
            Value(f"{name}.cramer", frame["cramer"].iloc[0], "Cramér's V", n=n, form=".2f", reason=reason),
        ]

    limits = f"The test assumes expected counts of {LEAST_EXPECTED} or more (the smallest is {low:.1f}), and that "
    limits += f"{noun} are independent of each other."
    return Result(frame, caption, says, counts=counts, limits=limits, headings=HEADINGS)


def effect_size(
    first: pd.Series, second: pd.Series, hedges: float, interval: Sequence[float], share: float, caption: str, name: str
) -> Result:
    """Return how large the difference of two groups is.

    Parameters
    ----------
    first, second : pandas.Series
        Numbers of the two groups, named as the groups are called.
    hedges : float
        Hedges' g, as `pingouin.compute_effsize` returns it.
    interval : sequence of float
        Its two limits, as `pingouin.compute_esci` returns them.
    share : float
        Common-language effect size, as `pingouin.compute_effsize` returns it.
    caption, name : str
        What is shown, and the first part of the ids of its values.
    """
    sizes = [len(first), len(second)]
    reason = ""
    if min(sizes) < 2:
        reason = "a group has fewer than two numbers"
    elif first.nunique() == second.nunique() == 1:
        reason = "nothing varies within the groups"
    low, high = (math.nan, math.nan) if reason else interval
    head = {"mean_first": first.mean(), "mean_second": second.mean(), "n_first": sizes[0], "n_second": sizes[1]}
    pairs = math.nan if not min(sizes) else float(share)
    rows = [
        ("Hedges' g", math.nan if reason else float(hedges), float(low), float(high), reason),
        ("share of pairs in which the first is higher", pairs, math.nan, math.nan, ""),
    ]
    frame = pd.DataFrame(rows, columns=["effect", "value", "low", "high", "reason"]).assign(**head)

    def says(frame: pd.DataFrame) -> str:
        g, pairs = frame.iloc[0], frame.iloc[1]
        means = ((first.name, g["mean_first"], g["n_first"]), (second.name, g["mean_second"], g["n_second"]))
        groups = ", ".join(f"{called} {mean:.2f} (n = {n})" for called, mean, n in means)
        if g["reason"]:
            return f"Means: {groups}; the effect has no standardised size, because {g['reason']}."
        sized = f"Hedges' g = {g['value']:.2f}, 95 % interval {g['low']:.2f} to {g['high']:.2f}"
        return f"Means: {groups}; {sized}; the first is higher in {pairs['value']:.0%} of pairs."

    def counts(frame: pd.DataFrame) -> list[Value]:
        (g, pairs), n = frame["value"], sizes[0] * sizes[1]
        return [
            Value(f"{name}.g", g, "Hedges' g", n=sum(sizes), form=".2f", reason=reason),
            Value(f"{name}.pairs", pairs, "share of pairs", n=n, form=".0%", reason="no pair"),
        ]

    limits = "An interval that holds 0 leaves open which group is higher; with so few it is wide."
    return Result(frame, caption, says, counts=counts, limits=limits, headings=HEADINGS)


def differing(frame: pd.DataFrame, begin: str, units: str, things: str = "codes") -> str:
    """Return a sentence on a family of tests: which are below .05 after adjustment, and which could not be made.

    Parameters
    ----------
    frame : pandas.DataFrame
        As the tests of `crosscase.comparison` return it: `subject, n, p_adjusted, reason`.
    begin : str
        How the sentence begins where something differs.
    units, things : str
        What is counted by n, and what is tested, in the plural.

    Examples
    --------
    >>> tests = pd.DataFrame({"subject": ["trust"], "n": [8], "p_adjusted": [0.03], "reason": [""]})
    >>> differing(tests, "Teams differ in", "people")
    'Teams differ in 1 of 1 codes (adjusted p, n = 8 people): trust (0.03).'
    """
    known = frame.dropna(subset=["p_adjusted"])
    n = f", n = {int(known['n'].max())} {units}" if units and len(known) else ""
    lost = [f"{row.subject} ({row.reason})" for row in frame[frame["p_adjusted"].isna()].itertuples()]
    rest = f"; not tested: {listed(lost)}" if lost else ""
    if known.empty:
        return f"Nothing could be tested: {listed(lost)}."
    low = known[known["p_adjusted"] <= ALPHA]
    if low.empty:
        least = f"smallest adjusted p = {known['p_adjusted'].min():.2g}{n}"
        return f"No difference is shown in any of {len(known)} {things} ({least}), which proves no likeness{rest}."
    said = [f"{row.subject} ({row.p_adjusted:.2g})" for row in low.itertuples()]
    return f"{begin} {len(low)} of {len(known)} {things} (adjusted p{n}): {listed(said, 6)}{rest}."
