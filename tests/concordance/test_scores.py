"""Scores of words against published numbers, and against scipy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from crosscase.concordance import log_dice, log_likelihood, log_ratio

MILLION = 1_000_000
RAYSON = {  # Rayson (2002), Corpora list, 18 January, of the formula of Rayson and Garside (2000): rounded as there
    "keep": (348, 99, 147),
    "keeps": (15, 14, 0),
    "keeping": (9, 32, 14),
    "kept": (21, 25, 0),
    "KEEP": (392, 170, 90),
}
DUNNING = [  # Dunning (1993), table of bigrams of the Union Bank of Switzerland: -2 log lambda, AB, A~B, ~AB, ~A~B
    (270.72, 110, 2442, 111, 29114),
    (263.90, 29, 13, 123, 31612),
    (256.84, 31, 23, 139, 31584),
    (167.23, 10, 0, 3, 31764),
    (157.21, 76, 104, 2476, 29121),
    (157.03, 16, 16, 51, 31694),
    (146.80, 9, 0, 5, 31763),
]


@pytest.mark.parametrize("word", RAYSON)
def test_log_likelihood_of_two_corpora(word):
    a, b, published = RAYSON[word]
    assert round(float(log_likelihood(a, b, MILLION, MILLION))) == published


@pytest.mark.parametrize("row", DUNNING)
def test_log_likelihood_of_a_table(row):
    published, both, first, second, neither = row
    found = log_likelihood(both, first, both + second, first + neither, cells=4)
    assert float(found) == pytest.approx(published, abs=0.006)


def test_log_dice_keeps_what_its_author_says_of_it():
    """Rychlý (2008), section 3: at most 14; 0 is one meeting in 16,000; +1 twice, +7 about a hundred times as often."""
    assert float(log_dice(9, 9, 9)) == 14
    assert float(log_dice(1, 16_384, 16_384)) == 0
    one, twice, hundred = (float(log_dice(n, 50_000, 50_000)) for n in (10, 20, 1280))
    assert twice - one == pytest.approx(1)
    assert hundred - one == pytest.approx(7)
    assert np.isnan(log_dice(0, 3, 4))


COUNT = st.integers(0, 300)


@given(a=st.integers(1, 300), b=st.integers(1, 300), c=st.integers(1, 5000), d=st.integers(1, 5000))
def test_four_cells_are_the_g_of_scipy(a, b, c, d):
    expected = chi2_contingency([[a, b], [c, d]], correction=False, lambda_="log-likelihood").statistic
    assert float(log_likelihood(a, b, a + c, b + d, cells=4)) == pytest.approx(expected, abs=1e-6)


@given(a=COUNT, b=COUNT, c=COUNT, d=COUNT)
def test_scores_do_not_depend_on_which_set_is_the_first(a, b, c, d):
    n, m = a + c, b + d
    one, other = log_likelihood(a, b, n, m), log_likelihood(b, a, m, n)
    assert np.array_equal(one, other, equal_nan=True) or one == pytest.approx(other)
    assert np.isnan(one) == (n == 0 or m == 0)
    assert np.isnan(one) or one >= 0
    if a and b:
        assert log_ratio(a, b, n, m) == pytest.approx(-log_ratio(b, a, m, n))
    else:
        assert np.isnan(log_ratio(a, b, n, m))


def test_equal_rates_tell_nothing():
    assert float(log_likelihood(10, 20, 1000, 2000)) == pytest.approx(0)
    assert float(log_ratio(10, 20, 1000, 2000)) == pytest.approx(0)
