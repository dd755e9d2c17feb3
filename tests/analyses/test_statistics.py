"""What pingouin returns as results: by hand, and where its numbers mean nothing."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from crosscase.analyses import statistics
from crosscase.analyses.result import Result
from crosscase.study.examples import load_example

pg = pytest.importorskip("pingouin")


def long(ratings: list[list[float]]) -> pd.DataFrame:
    rows = [(f"team {i}", f"rater {j}", value) for i, row in enumerate(ratings) for j, value in enumerate(row)]
    return pd.DataFrame(rows, columns=["case", "observer", "score"])


def rated(ratings: list[list[float]]) -> Result:
    frame = long(ratings)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        found = pg.intraclass_corr(frame, targets="case", raters="observer", ratings="score")
    return statistics.intraclass(frame, found, "Ratings.", "ratings")


# Shrout & Fleiss (1979), table 2; their text gives .17, .29, .71, .44, .62, .91
SHROUT = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def test_intraclass_correlations_are_those_of_shrout_and_fleiss() -> None:
    one = rated(SHROUT)
    assert one.frame["icc"].round(2).tolist() == [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]
    assert one.sentence.startswith(
        "The scores of 4 raters on 6 teams agree with an intraclass correlation of 0.29 (95 %"
    )
    assert one.sentence.endswith("and their mean with 0.62.")
    assert [(v.id, v.n, v.text) for v in one.values] == [("ratings.single", 6, "0.29"), ("ratings.mean", 6, "0.62")]


def test_ratings_of_the_example_by_hand() -> None:
    """24 scores, sum 77: teams 29.958 on 7 degrees, observers 2.083 on 2, the rest 1.917 on 14."""
    teams, observers, rest = 29.958333 / 7, 2.083333 / 2, 1.916667 / 14
    frame = load_example("river_ratings")
    wide = frame.pivot(index="case", columns="observer", values="score")
    assert (wide.to_numpy().sum(), 3 * ((wide.mean(axis=1) - 77 / 24) ** 2).sum()) == (77, pytest.approx(29.958333))
    found = statistics.intraclass(frame, pg.intraclass_corr(frame, "case", "observer", "score"), "x", "r")
    by_form = found.frame.set_index("form")["icc"]
    assert by_form["ICC(A,1)"] == pytest.approx(
        (teams - rest) / (teams + 2 * rest + 3 * (observers - rest) / 8), abs=1e-6
    )
    assert by_form["ICC(C,k)"] == pytest.approx((teams - rest) / teams, abs=1e-6)


@pytest.mark.parametrize(
    "ratings", [[[1, 3], [3, 1], [2, 2], [1, 3]], [[2, 2], [2, 2], [2, 2]], [[1, 2], [1, 2], [1, 2]]]
)
def test_raters_of_teams_that_do_not_differ_have_no_agreement_whatever_is_returned(ratings: list[list[float]]) -> None:
    none = rated(ratings)
    assert none.frame[["icc", "low", "high"]].isna().all(axis=None)
    assert none.sentence == (
        "Agreement of the raters is undefined: the teams have the same mean rating, so that there is no difference "
        "on which raters could agree."
    )
    assert all(v.value is None and "same mean" in v.reason for v in none.values)


def test_one_rater_or_a_rating_that_is_missing_leaves_it_undefined() -> None:
    found = rated(SHROUT).frame.rename(columns={"form": "Type", "icc": "ICC"}).assign(CI95=[(0.1, 0.9)] * 6)
    for frame in (long([[1.0], [2.0]]), long(SHROUT).iloc[1:]):
        assert "every rating" in statistics.intraclass(frame, found, "x", "r").sentence


@settings(max_examples=40)
@given(st.lists(st.lists(st.integers(1, 5), min_size=3, max_size=3), min_size=3, max_size=6))
def test_no_intraclass_correlation_leaves_its_range(ratings: list[list[int]]) -> None:
    frame = rated(ratings).frame
    known = frame[["icc", "low", "high"]].stack().dropna()
    assert known.between(-1, 1).all()
    assert (frame["icc"].isna() == frame["reason"].ne("")).all()


def test_cochrans_q_counts_the_teams_and_is_undefined_without_variation() -> None:
    cells = pd.DataFrame({"nurse": [1, 1, 1, 1], "manager": [0, 0, 0, 1]})
    one = statistics.matched(cells, pg.cochran(cells), "Trust is spoken of", "x", "q")
    assert one.sentence == (
        "Trust is spoken of in 4 (nurse) and 1 (manager) of 4 teams (Cochran's Q = 3.00, p = 0.083 by chi-square)."
    )
    assert (one.frame["n_varying"][0], one.values[0].n) == (3, 4)
    same = pd.DataFrame({"nurse": [1, 1, 0], "manager": [1, 1, 0]})
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        found = pg.cochran(same)
    none = statistics.matched(same, found, "Trust is spoken of", "x", "q")
    assert none.sentence.endswith("nothing can be tested, because no team varies between the conditions.")
    assert [v.value for v in none.values] == [None, None]


def crossed(counts: list[list[int]]) -> Result:
    rows = [(f"g{i}", j) for i, row in enumerate(counts) for j, n in enumerate(row) for _ in range(n)]
    frame = pd.DataFrame(rows, columns=["role", "money"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = pg.chi2_independence(frame, "role", "money", correction=False)
    return statistics.contingency(found, "x", "c", depends="they know each other")


def test_contingency_is_pearsons_chi_square_and_says_what_it_assumes() -> None:
    one = crossed([[14, 2], [4, 12]])
    plain = stats.chi2_contingency([[14, 2], [4, 12]], correction=False)
    assert (one.frame["chi2"][0], one.frame["p"][0]) == pytest.approx((plain.statistic, plain.pvalue))
    assert one.frame["cramer"][0] == pytest.approx(math.sqrt(plain.statistic / 32))
    assert one.sentence == (
        "Money by role (g0: 2 of 16; g1: 12 of 16) has a chi-square of 12.70 (p = 0.00037, Cramér's V = 0.63, 32 "
        "people); but they know each other."
    )
    assert "the smallest is 7.0" in one.limits


def test_small_expected_counts_allow_no_p() -> None:
    few = crossed([[3, 1], [1, 3]])
    assert few.sentence == (
        "Money by role (g0: 1 of 4; g1: 3 of 4) is not tested by chi-square, because 4 of 4 expected counts are "
        "below 5: its p cannot be read."
    )
    assert few.frame[["chi2", "p", "cramer"]].isna().all(axis=None)
    assert all("below 5" in v.reason for v in few.values)


def sized(first: list[float], second: list[float]) -> Result:
    a, b = pd.Series(first, name="far", dtype=float), pd.Series(second, name="others", dtype=float)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        g, share = pg.compute_effsize(a, b, eftype="hedges"), pg.compute_effsize(a, b, eftype="CLES")
        interval = pg.compute_esci(g, len(a), len(b), eftype="hedges", decimals=6)
    return statistics.effect_size(a, b, g, interval, share, "x", "e")


def test_effect_size_by_hand() -> None:
    """Means 4 and 2, both variances 1, five degrees of freedom less: g = 2 x (1 - 3 / (4 x 6 - 9)) = 1.6."""
    one = sized([3, 4, 5], [1, 2, 3])
    assert one.frame["value"].tolist() == pytest.approx([1.6, 8.5 / 9])
    assert one.sentence.startswith("Means: far 4.00 (n = 3), others 2.00 (n = 3); Hedges' g = 1.60, 95 % interval ")
    assert one.sentence.endswith("the first is higher in 94% of pairs.")
    assert [(v.id, v.n) for v in one.values] == [("e.g", 6), ("e.pairs", 9)]


def test_without_spread_the_effect_has_no_standardised_size() -> None:
    none = sized([3, 3], [1, 1])
    assert "no standardised size, because nothing varies within the groups" in none.sentence
    assert none.values[0].value is None
    assert none.frame["value"][1] == 1.0
    assert "fewer than two numbers" in sized([3], [1, 2]).sentence
