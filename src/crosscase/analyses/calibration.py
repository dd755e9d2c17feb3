"""How far intervals and tests can be trusted, from the committed simulations; everything here is simulated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from crosscase import figures
from crosscase.analyses.result import Result
from crosscase.analyses.sentences import listed
from crosscase.analyses.values import Value, each_value
from crosscase.calibration import where_trusted
from crosscase.calibration.summary import need_columns, refuse_unknown

INTERVALS = {
    "bootstrap_documents": "Bootstrap, documents",
    "bootstrap_units": "Bootstrap, units",
    "linearised_documents": "Linearised, documents",
    "linearised_units": "Linearised, units",
}
COEFFICIENTS = {
    "krippendorff_alpha": "Krippendorff's alpha",
    "conger_kappa": "Conger's kappa",
    "gwet_ac1": "Gwet's AC1",
}
ESTIMATES = {
    "sample_coverage": "coverage",
    "units_to_coverage": "interviews to a coverage",
    "chao2_classic": "Chao2",
    "chao2_bias_corrected": "Chao2, bias-corrected",
    "jackknife1": "first jackknife",
    "jackknife2": "second jackknife",
}
ALPHA = 0.05
SIMULATED = "Coders, interviews and codes are drawn at random; other dependence between units is not shown."


def coverage(intervals: pd.DataFrame, coefficient: str, level: float = 0.95) -> Result:
    """Return in what share of simulated studies each interval of a coefficient holds the true value.

    Parameters
    ----------
    intervals : pandas.DataFrame
        As `calibrate_agreement` returns it.
    coefficient : str
        One of the coefficients simulated.
    level : float
        Share in which an interval promises to hold it.

    Raises
    ------
    CrosscaseError
        For a coefficient that was not simulated, and missing columns.
    """
    name = COEFFICIENTS.get(coefficient, coefficient.replace("_", " "))

    def says(frame: pd.DataFrame) -> str:
        by = frame.groupby("prevalence")["estimate"].agg(["min", "max"])
        parts = [f"{_span(row.min, row.max)} for a code on {_percent(row.Index)}" for row in _rows(by)]
        promise = f"intervals of {name} that promise to hold the true value in {_percent(level)} hold it"
        ends = "means over designs, from the worst interval and number of documents to the best"
        return f"In simulated studies, {promise} in {listed(parts)} of the units ({ends})."

    ends = "mean over n designs, the line from the worst to the best of them"
    return Result(
        _coverage(intervals, coefficient),
        f"How often intervals that promise {level:.0%} hold the true value ({name}; {ends}).",
        says,
        lambda frame: figures.forest(frame, measure="share of studies held"),
        lambda _: [
            Value("level", level, "share of studies in which an interval promises to hold the true value", form=".0%"),
            Value("agreement.n", len(intervals), "rows of design, coefficient and interval simulated", unit="rows"),
        ],
        SIMULATED,
    )


def agreement(intervals: pd.DataFrame) -> Result:
    """Return how far each interval of agreement can be trusted, by documents and by how rare the code is."""

    def says(frame: pd.DataFrame) -> str:
        by = _bad(frame, "prevalence")
        parts = [f"{row.bad} of {row.n} for a code on {_percent(row.Index)}" for row in _rows(by)]
        what = "combinations of design, coefficient and interval"
        return f"An interval of agreement cannot be trusted in {listed(parts)} of the units ({what} are counted)."

    keys = ["interval", "n_documents", "prevalence"]

    def counts(frame: pd.DataFrame) -> list[Value]:
        about = "lowest coverage of {interval} with {n_documents} documents at prevalence {prevalence}"
        none = "undefined in every simulation"
        return each_value("agreement.lowest", frame, keys, "lowest", about, n="n_designs", form=".2f", reason=none)

    caption = "How far each interval of an agreement coefficient can be trusted, over all coefficients simulated."
    return Result(where_trusted(intervals, keys), caption, says, counts=counts, limits=SIMULATED)


def agreement_by_coefficient(intervals: pd.DataFrame) -> Result:
    """Return for each interval and coefficient in how many designs it cannot be trusted."""

    def says(frame: pd.DataFrame) -> str:
        share = frame["n_not_trusted"] / frame["n_designs"]
        best, worst = (_pairs(frame[share.eq(end)]) for end in (share.min(), share.max()))
        return f"Designs in which an interval cannot be trusted: fewest with {best}, most with {worst}."

    caption = "Each interval and coefficient over all designs: in how many it cannot be trusted."
    return Result(where_trusted(intervals, ["interval", "coefficient"]), caption, says, limits=SIMULATED)


def saturation(saturated: pd.DataFrame) -> Result:
    """Return how far the intervals of estimates of saturation can be trusted, by number of interviews."""

    def says(frame: pd.DataFrame) -> str:
        by = _bad(frame, "estimator")
        parts = [f"{ESTIMATES.get(row.Index, row.Index)} in {row.bad} of {row.n}" for row in _rows(by)]
        return f"Intervals that cannot be trusted, and in how many designs: {'; '.join(parts)}."

    return Result(
        where_trusted(saturated, ["estimator", "n_units"]),
        "How far intervals of richness and coverage can be trusted, by number of interviews.",
        says,
        limits=SIMULATED,
    )


def false_alarms(tests: pd.DataFrame) -> Result:
    """Return how often each test finds a difference where none was put in.

    Parameters
    ----------
    tests : pandas.DataFrame
        As `calibrate_tests` returns it; rows on power are left out.
    """
    need_columns(tests, ["measures", "n_codes"])
    keys = ["question", "test", "n_codes"]

    def says(frame: pd.DataFrame) -> str:
        by = frame.groupby("test").agg(low=("lowest", "min"), high=("highest", "max")).sort_values("high")
        parts = [f"{_span(row.low, row.high)} of the studies ({row.Index})" for row in _rows(by)]
        return f"Where no case differs, tests at {_percent(ALPHA)} find a difference in {listed(parts)}."

    def values(frame: pd.DataFrame) -> list[Value]:
        about = "share of false alarms: {test} ({question}, codes tested: {n_codes})"
        more = {"n": "n_designs", "form": ".0%", "reason": "not simulated"}
        ends = (each_value(f"tests.{end}", frame, keys, end, f"{end} {about}", **more) for end in ("highest", "lowest"))
        return [value for values in ends for value in values]

    return Result(
        where_trusted(tests[tests["measures"].eq("type-1 error")], keys),
        "How often tests find a difference that is not there: a chi-square on segments against exchanging whole "
        "participants or cases.",
        says=says,
        limits=f"At most {_percent(ALPHA)} is what they promise; segments of one person depend on each other.",
        counts=values,
    )


def _coverage(table: pd.DataFrame, coefficient: str) -> pd.DataFrame:
    """Return mean, worst and best coverage of each interval by documents and prevalence, one row per forest line."""
    keys = ["interval", "n_documents", "prevalence"]
    need_columns(table, [*keys, "coefficient", "coverage"])
    refuse_unknown("coefficient", [coefficient], table["coefficient"].unique())
    groups = table[table["coefficient"].eq(coefficient)].groupby(keys)["coverage"]
    out = groups.agg(estimate="mean", low="min", high="max", n="size").reset_index()
    out["label"] = [
        f"{INTERVALS.get(interval, interval)}: {documents} documents, code on {_percent(share)}"
        for interval, documents, share in out[keys].itertuples(index=False)
    ]
    return out.assign(code=out["label"])[["code", "label", "estimate", "low", "high", "n", *keys]]


def _pairs(frame: pd.DataFrame) -> str:
    kinds = [INTERVALS.get(kind, kind).replace(",", " over").lower() for kind in frame["interval"].astype(str)]
    names = [f"{COEFFICIENTS.get(name, name)}, {kind}" for name, kind in zip(frame["coefficient"], kinds)]
    first = frame.iloc[0]
    return f"{' and with '.join(names)} ({int(first['n_not_trusted'])} of {int(first['n_designs'])})"


def _bad(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    sums = frame.groupby(by, sort=False)[["n_not_trusted", "n_designs"]].sum()
    return sums.astype(int).set_axis(["bad", "n"], axis=1)


def _rows(frame: pd.DataFrame) -> Iterator[Any]:
    return frame.itertuples()


def _percent(share: float) -> str:
    return f"{100 * share:g} %"


def _span(low: float, high: float) -> str:
    first, last = f"{100 * low:.0f}", f"{100 * high:.0f}"
    return f"{first} %" if first == last else f"{first} to {last} %"
