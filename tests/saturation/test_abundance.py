"""Estimators from how often each code was given, against published numbers and by hand."""

import math

import pytest

from crosscase.errors import CrosscaseError
from crosscase.saturation import abundance_table, good_turing_coverage, richness_table

# Amazonian soil clones at a distance of 0.03, the worked example in the manual of mothur: 98 sequences
AMAZON = [1] * 75 + [2] * 6 + [3] + [4] * 2
# Spider abundances, site Girdled, of the R package iNEXT (Sackett et al. 2011)
SPIDER = [46, 22, 17, 15, 15, 9, 8, 6, 6, 4] + [2] * 4 + [1] * 12


def value(counts, name, column="value"):
    return abundance_table(counts, estimators=[name])[column].item()


def test_bootstrap_matches_the_manual_of_mothur():
    """The manual prints 112.33 for the Amazonian clones."""
    assert round(value(AMAZON, "bootstrap"), 2) == 112.33


def test_spider_matches_inext_and_spader():
    """iNEXT prints Chao1 43.893 (s.e. 14.306, 30.511 to 96.971), SpadeR its bias-corrected form 39.121."""
    row = abundance_table(SPIDER, estimators=["chao1_classic"]).iloc[0]
    assert [round(row[c], 3) for c in ("value", "se", "low", "high")] == [43.893, 14.306, 30.511, 96.971]
    assert round(value(SPIDER, "chao1_bias_corrected"), 3) == 39.121


def test_chao1_without_its_factor_by_hand():
    """n = 98, S = 84, F1 = 75, F2 = 6."""
    assert value(AMAZON, "chao1_plain") == pytest.approx(84 + 75**2 / 12, abs=1e-12)
    assert value(AMAZON, "chao1_bias_corrected_plain") == pytest.approx(84 + 75 * 74 / 14, abs=1e-12)
    assert value(AMAZON, "chao1_classic") == pytest.approx(84 + 97 / 98 * 75**2 / 12, abs=1e-12)
    # no code given twice: F1(F1-1)/2, variance of Chao (1987) for F2 = 0
    assert value([9, 1, 1, 1], "chao1_plain") == 7 == value([9, 1, 1, 1], "chao1_bias_corrected_plain")
    assert value([9, 1, 1, 1], "chao1_plain", "se") == pytest.approx(math.sqrt(3 + 3 * 25 / 4 - 81 / 28))
    # Chao (1987), variance: F2 (r^2/2 + r^3 + r^4/4), r = F1/F2
    r = 75 / 6
    assert value(AMAZON, "chao1_plain", "se") == pytest.approx(math.sqrt(6 * (r**2 / 2 + r**3 + r**4 / 4)))


def test_chao2_without_its_factor_by_hand():
    """T = 5, S = 6, Q1 = 3, Q2 = 1."""
    names = ["chao2_plain", "chao2_bias_corrected_plain", "bootstrap"]
    table = richness_table([4, 3, 2, 1, 1, 1], 5, estimators=names).set_index("estimator")
    assert table["value"]["chao2_plain"] == pytest.approx(6 + 9 / 2)
    assert table["value"]["chao2_bias_corrected_plain"] == pytest.approx(6 + 6 / 4)
    assert table["value"]["bootstrap"] == pytest.approx(6 + 0.2**5 + 0.4**5 + 0.6**5 + 3 * 0.8**5)
    assert table["se"]["chao2_plain"] == pytest.approx(math.sqrt(9 / 2 + 27 + 81 / 4))
    assert table["note"].ne("").all()
    usual = richness_table([4, 3, 2, 1, 1, 1], 5)["estimator"].tolist()
    assert usual == ["chao2_classic", "chao2_bias_corrected", "jackknife1", "jackknife2"]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # by hand: one abundant code, 20 rare judgements on 4 codes, C = .95, g = 4/.95 * 126/380 - 1
        ([12, 3, 6, 1, 10], 1 + 4 / 0.95 + (4 / 0.95 * 126 / 380 - 1) / 0.95),
        # 5 rare codes in 23 judgements, C = 20/23, g = 5/C * 180/506 - 1
        ([1, 1, 1, 10, 10], 9.35681818182),
        ([12, 3, 2, 1], 4.6),
        ([12, 1, 2, 1], 7.0),
        ([12, 12, 13, 14], 4.0),
        # S_rare = 84, C = 23/98, pairs 42: g = 84/C * 42/(98 * 97) - 1
        (AMAZON, 84 * 98 / 23 + 75 * 98 / 23 * (84 * 98 / 23 * 42 / (98 * 97) - 1)),
    ],
    ids=str,
)
def test_ace(counts, expected):
    """By hand, and the numbers that the tests of scikit-bio hold."""
    assert value(counts, "ace") == pytest.approx(expected, abs=1e-9)


def test_ace_of_singletons_is_undefined_with_its_reason():
    row = abundance_table([43, 42, 1, 1], estimators=["ace"]).iloc[0]
    assert math.isnan(row["value"])
    assert row["reason"].startswith("every rare code was given once only")


def test_good_turing_coverage():
    """Good (1953): 1 - F1/n."""
    assert good_turing_coverage(SPIDER) == pytest.approx(1 - 12 / 168)
    assert good_turing_coverage(AMAZON) == pytest.approx(23 / 98)
    assert good_turing_coverage([2, 3, 0]) == 1
    assert math.isnan(good_turing_coverage([0, 0]))


def test_nothing_given_is_undefined_everywhere():
    table = abundance_table([])
    assert table["value"].isna().all()
    assert set(table["reason"]) == {"no code given"}


@pytest.mark.parametrize("counts", [[1.5], [-1], ["a"], "12", None, [math.nan], [math.inf]], ids=repr)
def test_what_is_no_count_is_refused(counts):
    for function in (abundance_table, good_turing_coverage):
        with pytest.raises(CrosscaseError, match="counts: "):
            function(counts)


def test_unknown_estimators_and_levels_are_refused_together():
    with pytest.raises(CrosscaseError) as caught:
        abundance_table([1], estimators=["chao3"], level=2)
    assert len(caught.value.problems) == 2
    with pytest.raises(CrosscaseError, match="a list of estimators"):
        abundance_table([1], estimators="ace")
