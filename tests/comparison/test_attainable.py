"""The smallest p that can be reached, against every arrangement gone through."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscase import comparison as c
from crosscase.comparison.attainable import smallest_p_within
from crosscase.errors import CrosscaseError


def every(labels: list[int], values: list[float], strata: list[int]) -> float:
    """Share of the arrangements of labels (within strata) that give the largest sum of squares between groups."""
    parts = [[i for i, s in enumerate(strata) if s == which] for which in sorted(set(strata))]
    seen = [()]
    for part in parts:
        mine = set(permutations([labels[i] for i in part]))
        seen = [(*before, *order) for before in seen for order in mine]
    x = np.array([values[i] for part in parts for i in part])
    for part in parts:
        inside = np.isin([i for p in parts for i in p], part)
        x[inside] -= x[inside].mean()
    table = np.array(seen)
    scores = sum(np.where(table == g, x, 0.0).sum(axis=1) ** 2 / labels.count(g) for g in set(labels))
    return float((scores >= scores.max() - 1e-9).mean())


units = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 1)), min_size=2, max_size=7)


@given(units)
def test_with_ties_it_is_the_share_of_arrangements_that_differ_most(rows) -> None:
    labels, values = [g for g, _, _ in rows], [float(v) for _, v, _ in rows]
    if len(set(labels)) < 2:
        return
    found = c.smallest_p([labels.count(g) for g in set(labels)], values=values)
    assert found == pytest.approx(every(labels, values, [0] * len(rows)))


@given(units)
def test_within_strata_likewise(rows) -> None:
    names = sorted({g for g, _, _ in rows})
    labels, strata = [names.index(g) for g, _, _ in rows], [s for _, _, s in rows]
    values = np.array([float(v) for _, v, _ in rows])
    centred = values - pd.Series(values).groupby(strata).transform("mean").to_numpy()
    found = smallest_p_within(np.array(labels), np.array(strata), centred)
    assert found == pytest.approx(every(labels, list(values), strata))


many = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1)), min_size=8, max_size=8)


@settings(max_examples=40, deadline=None)
@given(many)
def test_within_strata_with_eight_groups_likewise(rows) -> None:
    strata = [i % 2 for i in range(8)]
    labels = [i if which else max(i - 2, 0) for i, (_, which) in enumerate(rows)]
    names = sorted(set(labels))
    labels = [names.index(g) for g in labels]
    values = np.array([float(v) for v, _ in rows])
    centred = values - pd.Series(values).groupby(strata).transform("mean").to_numpy()
    found = smallest_p_within(np.array(labels), np.array(strata), centred)
    assert found == pytest.approx(every(labels, list(values), strata))


def test_ties_count_with_more_than_six_groups_in_strata() -> None:
    # seven groups, two strata, one unit of each group in both; one unit of either stratum differs from the rest
    labels, strata = np.tile(np.arange(7), 2), np.repeat([0, 1], 7)
    values = np.where(np.arange(14) % 7 == 0, 6 / 7, -1 / 7)
    # most differs where both fall to one group: 1 of 7 ways
    assert smallest_p_within(labels, strata, values) == pytest.approx(1 / 7)


def test_too_many_groups_are_refused_by_name() -> None:
    sizes = list(range(1, 16))
    assert np.isnan(c.smallest_p(sizes, values=np.arange(sum(sizes)) % 3))
    assert not np.isnan(c.smallest_p(sizes[:14], values=np.arange(sum(sizes[:14])) % 2))
    labels = np.repeat(np.arange(15), sizes)
    index = [f"p{i}" for i in range(len(labels))]
    frame = pd.DataFrame({"x": np.arange(len(labels)) % 2.0}, index=index)
    out = c.compare_groups(frame, pd.Series([f"g{g:02}" for g in labels], index=index), n_permutations=99).loc[0]
    assert np.isnan(out["smallest_p"])
    assert "smallest p undefined: too many groups of different sizes" in out["reason"]
    assert 0 < out["p"] <= 1


def test_without_ties_it_is_what_the_sizes_alone_give() -> None:
    for sizes in ([3, 3], [4, 4], [3, 4], [2, 2, 2], [1, 2, 3]):
        values = np.linspace(0, 1, sum(sizes)) ** 2 * 1e-7
        assert c.smallest_p(sizes, values=values) >= c.smallest_p(sizes, symmetric=False) * (1 - 1e-9)
    assert c.smallest_p([4, 4], values=np.arange(8) ** 2) == pytest.approx(2 / 70)
    assert c.smallest_p([3, 4], values=np.arange(7) ** 2) == pytest.approx(1 / 35)


def test_many_groups_and_units_take_no_time_and_few_values_reach_little() -> None:
    # one participant of 60 has the code: whoever it is, only the size of the group counts
    sizes = [4, 5, 6, 6, 7, 8, 8, 8, 8]
    assert c.smallest_p(sizes, values=[1.0] + [0.0] * 59) == pytest.approx(4 / 60)
    assert c.smallest_p([1] * 20, values=range(20)) == pytest.approx(1)
    assert c.smallest_p([3, 5], values=[0.3, 0.1 + 0.2] + [0.1] * 6) == c.smallest_p([3, 5], values=[1, 1] + [0] * 6)


@pytest.mark.parametrize("values", [[], [1.0], [1, 2, 3, 4, 5], [1, 2, np.nan, 4], [1, 2, np.inf, 4]])
def test_each_unit_has_one_known_value(values) -> None:
    with pytest.raises(CrosscaseError, match="values: "):
        c.smallest_p([2, 2], values=values)


ONE_OF_EIGHT = pd.DataFrame({"x": [1.0] + [0.0] * 7, "y": [1.0] * 4 + [0.0] * 4}, index=list("abcdefgh"))
FOURS = pd.Series(["high"] * 4 + ["low"] * 4, index=ONE_OF_EIGHT.index)


def test_one_value_apart_from_seven_equal_ones_can_reach_nothing() -> None:
    out = c.permute_cases(ONE_OF_EIGHT, FOURS).set_index("subject")
    assert out.loc["x", ["p", "smallest_p", "verdict"]].tolist() == [1.0, 1.0, "pattern only, no verdict"]
    assert "4 against 4 cases with so many equal values are too few" in out.loc["x", "reason"]
    assert out.loc["y", ["smallest_p", "verdict"]].tolist() == [pytest.approx(2 / 70), "p may be read"]
    out = c.compare_groups(ONE_OF_EIGHT, FOURS).set_index("subject")
    assert out["smallest_p"].tolist() == [pytest.approx(1.0), pytest.approx(2 / 70)]
    assert out.loc["x", "p"] == 1.0


@given(st.lists(st.integers(0, 2), min_size=4, max_size=9), st.data())
def test_no_p_of_cases_is_smaller(values, data) -> None:
    first = data.draw(st.integers(1, len(values) - 1))
    frame = pd.DataFrame({"x": [float(v) for v in values]})
    groups = pd.Series(["a"] * first + ["b"] * (len(values) - first))
    out = c.permute_cases(frame, groups).loc[0]
    ordered = c.permute_cases(frame.sort_values("x", ignore_index=True), groups).loc[0]
    if np.isnan(out["p"]):
        return
    assert out["p"] >= out["smallest_p"] - 1e-12
    ends = [
        ordered["p"],
        c.permute_cases(frame.sort_values("x", ascending=False, ignore_index=True), groups).loc[0, "p"],
    ]
    assert min(ends) == pytest.approx(out["smallest_p"])


def test_random_divisions_reach_no_less_than_one_of_them() -> None:
    frame = pd.DataFrame({"x": np.arange(24.0)})
    groups = pd.Series(["a", "b"] * 12)
    assert c.permute_cases(frame, groups, n_permutations=99).loc[0, "smallest_p"] == 1 / 100
