"""Cumulative curves against full enumeration."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from crosscase.errors import CrosscaseError
from crosscase.saturation import code_curve, code_frequencies, frequency_counts, permuted_curves, rarefaction

TABLES = arrays(bool, st.tuples(st.integers(1, 6), st.integers(1, 6))).map(pd.DataFrame)
INTERVIEWS = pd.DataFrame(
    [[1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 1]],
    index=["i1", "i2", "i3", "i4"],
    columns=["trust", "money", "time", "data"],
)


def every_draw(table, size):
    cells = table.to_numpy(dtype=bool)
    return [cells[list(rows)].any(axis=0).sum() for rows in combinations(range(len(cells)), size)]


def test_real_order_by_hand():
    curve = code_curve(INTERVIEWS)
    assert curve["new_codes"].tolist() == [2, 1, 0, 1]
    assert curve["cumulative"].tolist() == [2, 3, 3, 4]
    assert curve["share"].tolist() == [0.5, 0.75, 0.75, 1]


@given(TABLES)
def test_mao_tau_and_its_conditional_variance_equal_all_draws(table):
    curve = rarefaction(table)
    if not table.to_numpy().any():
        assert curve["codes"].isna().all()
        assert set(curve["reason"]) == {"no code in any unit"}
        return
    draws = [every_draw(table, size) for size in curve["units"]]
    assert curve["codes"].to_numpy() == pytest.approx([np.mean(d) for d in draws])
    assert curve["conditional_sd"].to_numpy() ** 2 == pytest.approx([np.var(d) for d in draws], abs=1e-9)


def test_unconditional_variance_by_hand():
    """Colwell, Mao & Chang (2004), eq. 6, at t = T = 4: sum of Q_k minus S^2 / Chao2, with Q1 = 2, Q2 = 1."""
    last = rarefaction(INTERVIEWS).iloc[-1]
    chao2 = 4 + 3 / 4 * 4 / 2
    assert last["unconditional_sd"] ** 2 == pytest.approx(4 - 16 / chao2)
    assert last["conditional_sd"] == pytest.approx(0)
    first = rarefaction(INTERVIEWS).iloc[0]
    shares = np.array([3, 2, 1, 1]) / 4
    assert first["unconditional_sd"] ** 2 == pytest.approx((shares**2).sum() - shares.sum() ** 2 / chao2)


@given(TABLES)
@settings(max_examples=30)
def test_permuted_curves_stay_inside_what_is_possible(table):
    curve = permuted_curves(table, n_permutations=30)
    sizes = [every_draw(table, size) for size in curve["units"]]
    assert all(
        min(s) - 1e-9 <= low <= high <= max(s) + 1e-9 for s, low, high in zip(sizes, curve["low"], curve["high"])
    )
    assert curve["mean"].iloc[-1] == curve["observed"].iloc[-1] == table.to_numpy().any(axis=0).sum()


def test_permuted_mean_approaches_mao_tau():
    rng = np.random.default_rng(5)
    table = pd.DataFrame(rng.random((15, 40)) < rng.beta(0.5, 2, 40))
    gap = permuted_curves(table, n_permutations=3000)["mean"] - rarefaction(table)["codes"]
    assert gap.abs().max() < 0.3


@given(TABLES, st.randoms())
@settings(max_examples=30)
def test_order_of_units_changes_the_real_curve_only(table, random):
    rows = list(range(len(table)))
    random.shuffle(rows)
    other = table.iloc[rows]
    pd.testing.assert_frame_equal(rarefaction(table), rarefaction(other))
    assert code_curve(table)["cumulative"].iloc[-1] == code_curve(other)["cumulative"].iloc[-1]


def test_frequencies_name_the_first_unit():
    table = code_frequencies(INTERVIEWS.assign(rumour=0))
    assert table["code"].tolist() == ["trust", "money", "time", "data", "rumour"]
    assert table["units"].tolist() == [3, 2, 1, 1, 0]
    assert table["first_unit"].tolist()[:4] == ["i1", "i1", "i2", "i4"]
    assert pd.isna(table["first_position"].iloc[-1])
    assert frequency_counts(INTERVIEWS)["codes"].tolist() == [2, 1, 1, 0]


@pytest.mark.parametrize(
    ("table", "rule"),
    [
        (pd.DataFrame([[2]]), "each cell is 0 or 1"),
        (pd.DataFrame([[np.nan]]), "each cell is 0 or 1"),
        (pd.DataFrame([[1], [0]], index=["i1", "i1"]), "each unit stands once"),
        (pd.DataFrame([[1, 0]], columns=["trust", "trust"]), "each code stands once"),
    ],
)
def test_bad_tables_are_refused(table, rule):
    with pytest.raises(CrosscaseError, match=rule):
        code_curve(table)


TABLE = pd.DataFrame([[1, 1, 0], [1, 0, 0], [0, 1, 1]], index=["i1", "i2", "i3"], columns=["trust", "money", "time"])


@pytest.mark.parametrize(
    "table",
    [
        TABLE.to_numpy(),
        TABLE.to_numpy().tolist(),
        TABLE.astype(bool),
        TABLE.astype(float),
        TABLE.astype("Int64"),
        TABLE.astype("boolean"),
        TABLE.astype(object),
    ],
    ids=["array", "list", "bool", "float", "Int64", "boolean", "object"],
)
def test_a_presence_table_in_every_guise_gives_the_same(table):
    for function in (rarefaction, permuted_curves, frequency_counts):
        assert function(table).equals(function(TABLE))
    assert code_curve(table)["cumulative"].tolist() == code_curve(TABLE)["cumulative"].tolist() == [2, 2, 3]
    assert code_frequencies(table)["units"].tolist() == [2, 2, 1]


@pytest.mark.parametrize(
    ("table", "words"),
    [([1, 0, 1], "units by codes"), ("abc", "units by codes"), ([[1, 2], [0, 1]], "write counts > 0"),
     (pd.DataFrame([[1, None], [0, 1]], dtype="Int64"), "each cell is 0 or 1")],
)  # fmt: skip
def test_what_is_no_presence_table_is_told(table, words):
    with pytest.raises(CrosscaseError, match=words):
        rarefaction(table)
