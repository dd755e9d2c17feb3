"""Vote counting by direction of effect, with sign test and interval; and what a harvest plot shows."""

from __future__ import annotations

import math

import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from crosscase.arguments import check_arguments
from crosscase.comparison.ranks import sign_test
from crosscase.comparison.results import ALPHA, family_of, holm
from crosscase.errors import Problem, raise_if
from crosscase.frames import need, one_cell
from crosscase.synthesis.frames import effect_directions

SIGNS = {"promotes": 1.0, "inhibits": -1.0, "mixed": 0.0, "condition": 0.0}
METHODS = {"exact": "beta", "wilson": "wilson"}
TOO_FEW = "too few studies with a clear direction: no p of .05 or less can be reached"
NOT_APPRAISED = "no person has appraised the design of this study"


def vote_count(cells: pd.DataFrame, *, level: float = 0.95, interval: str = "exact") -> pd.DataFrame:
    """Count the studies in which a construct helps and hinders, by direction only, and test whether they balance.

    Size, strength and the number of segments play no part. Studies that point both ways, or name a condition, are
    left out of the count and stay visible beside it. The test takes the studies as independent and as likely to
    report either direction; with studies chosen by hand it describes these studies and no population.

    Parameters
    ----------
    cells : pandas.DataFrame
        As `construct_by_study` returns them.
    level : float
        Level of the interval, between 0 and 1.
    interval : {"exact", "wilson"}
        Clopper-Pearson or Wilson interval of the share.

    Returns
    -------
    pandas.DataFrame
        One row per construct: `construct, label, domain, of, n_studies` (that report it), `promotes, inhibits, mixed,
        condition` (studies), `n_clear`, `share_promotes` with `low, high, level, interval`, `p` (two-sided sign
        test), `smallest_p` (that so many studies can reach), `p_adjusted` (Holm over the constructs that could
        reach .05), `verdict`, `family`, `reason`.

    Raises
    ------
    CrosscaseError
        For unknown intervals and levels outside (0, 1).

    References
    ----------
    Hilton Boon M, Thomson H (2021). The effect direction plot revisited. Research Synthesis Methods 12(1):29-33,
    doi:10.1002/jrsm.1458. McKenzie JE, Brennan SE (2019). Synthesizing and presenting findings using other methods.
    Cochrane Handbook for Systematic Reviews of Interventions, version 6, chapter 12. Clopper CJ, Pearson ES (1934).
    Biometrika 26:404-413, doi:10.1093/biomet/26.4.404.

    Examples
    --------
    >>> cells = pd.DataFrame({"construct": ["c"] * 6, "label": "C", "domain": "C", "study": list("abcdef"),
    ...     "direction": ["facilitator"] * 5 + ["barrier"], "confidence": "high", "themes": "x"})
    >>> vote_count(cells)[["promotes", "inhibits", "p"]].values.tolist()
    [[5.0, 1.0, 0.21875]]
    """
    check_arguments(vote_count, locals())
    need(cells, ["construct", "study"], "cells")
    one_cell(cells, ["construct", "study"], "cells")
    need(cells, ["construct", "label", "domain", "study", "direction", "confidence", "themes"], "cells")
    problems = [] if 0 < level < 1 else [Problem("level", "between 0 and 1", f"{level}", "for example 0.95")]
    if interval not in METHODS:
        problems.append(Problem("interval", "a known interval", repr(interval), ", ".join(METHODS)))
    raise_if(problems)
    arrows = effect_directions(cells)
    rows = []
    for construct, part in arrows.groupby("construct", sort=False):
        first = cells[cells["construct"] == construct].iloc[0]
        counts = {name: int(part["direction"].eq(name).sum()) for name in SIGNS}
        rows.append(
            {"construct": construct, "label": first["label"], "domain": first["domain"], "of": len(part)}
            | {"n_studies": sum(counts.values())}
            | counts
            | _vote(part["direction"].map(SIGNS), level, interval)
        )
    columns = ["construct", "label", "domain", "of", "n_studies", *SIGNS, "n_clear", "share_promotes", "low", "high"]
    out = pd.DataFrame(rows, columns=[*columns, "level", "interval", "p", "smallest_p", "verdict", "reason"])
    can = out["smallest_p"] <= ALPHA
    out.insert(out.columns.get_loc("verdict"), "p_adjusted", pd.Series(holm(out["p"].where(can)), out.index))
    out.insert(out.columns.get_loc("reason"), "family", family_of(int(can.sum()), "constructs", "Holm"))
    return out


def _vote(signs: pd.Series, level: float, interval: str) -> dict[str, object]:
    """Share, interval, test and reason of one construct."""
    test = sign_test(signs).iloc[0]
    n, up = int(test["n"]), int(test["statistic"])
    low, high = proportion_confint(up, n, alpha=1 - level, method=METHODS[interval]) if n else (math.nan, math.nan)
    few = n == 0 or test["smallest_p"] > ALPHA
    reason = "; ".join(filter(None, [TOO_FEW if n and few else "", test["reason"].replace("case", "study")]))
    return {
        "n_clear": n,
        "share_promotes": test["effect"],
        "low": float(low),
        "high": float(high),
        "level": level,
        "interval": interval,
        "p": test["p"],
        "smallest_p": test["smallest_p"],
        "verdict": "pattern only, no verdict" if few else "p may be read",
        "reason": reason,
    }


def harvest_frame(cells: pd.DataFrame, appraisals: pd.DataFrame | None = None) -> pd.DataFrame:
    """Give one bar per construct and study for a harvest plot, with the design's suitability as people judged it.

    Parameters
    ----------
    cells : pandas.DataFrame
        As `construct_by_study` returns them.
    appraisals : pandas.DataFrame, optional
        Entered by people: `study, suitability` (1 least to 3 most suitable design), `judge, rationale`.

    Returns
    -------
    pandas.DataFrame
        One row per construct and study that reports it: `construct, label, domain, study, direction` (`inhibits`,
        `mixed`, `condition`, `promotes`), `confidence` (of the mapper), `n_themes, themes, suitability` (null where
        nobody judged), `judge, rationale, reason`.

    Raises
    ------
    CrosscaseError
        For a study appraised twice, a suitability other than 1, 2, 3, and a judgement without judge or rationale.

    References
    ----------
    Ogilvie D et al. (2008). The harvest plot. BMC Medical Research Methodology 8:8, doi:10.1186/1471-2288-8-8.

    Examples
    --------
    >>> cells = pd.DataFrame({"construct": ["c"], "label": ["C"], "domain": ["C"], "study": ["a"],
    ...     "direction": ["barrier"], "confidence": ["low"], "n_themes": [2], "themes": ["x;y"]})
    >>> harvest_frame(cells)[["direction", "n_themes", "reason"]].values.tolist()
    [['inhibits', 2, 'no person has appraised the design of this study']]
    """
    check_arguments(harvest_frame, locals())
    need(cells, ["construct", "label", "domain", "study", "direction", "confidence", "n_themes", "themes"], "cells")
    judged = pd.DataFrame(columns=["study", "suitability", "judge", "rationale"]) if appraisals is None else appraisals
    need(judged, ["study", "suitability", "judge", "rationale"], "appraisals")
    _check_appraisals(judged)
    bars = effect_directions(cells).merge(cells[["construct", "study", "label", "domain", "n_themes"]])
    bars = bars[bars["direction"].ne("not_stated")]
    bars = bars.merge(judged[["study", "suitability", "judge", "rationale"]].astype("object"), on="study", how="left")
    bars["suitability"] = bars["suitability"].astype("Int64")
    bars["reason"] = bars["suitability"].isna().map({True: NOT_APPRAISED, False: ""}).astype("object")
    columns = ["construct", "label", "domain", "study", "direction", "confidence", "n_themes", "themes"]
    return bars[[*columns, "suitability", "judge", "rationale", "reason"]].reset_index(drop=True)


def _check_appraisals(appraisals: pd.DataFrame) -> None:
    problems = [
        Problem("appraisals", "one appraisal per study", repr(study), remedy="delete one")
        for study in appraisals.loc[appraisals["study"].duplicated(), "study"]
    ]
    for number, row in enumerate(appraisals.to_dict("records"), start=2):
        place = f"appraisals, row {number}"
        if row["suitability"] not in (1, 2, 3):
            problems.append(Problem(place, "a suitability", repr(row["suitability"]), "1, 2, 3"))
        problems += [
            Problem(place, f"a judgement has a {name}", "an empty cell", remedy="fill it")
            for name in ("judge", "rationale")
            if pd.isna(row[name]) or not str(row[name]).strip()
        ]
    raise_if(problems)
