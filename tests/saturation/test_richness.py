"""Estimators of the number of codes against published numbers and by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscase.errors import CrosscaseError
from crosscase.saturation import accumulation, richness_table, sample_coverage, units_needed
from crosscase.saturation.coverage import absent_share

# Spider abundances, site Girdled, of the R package iNEXT (Sackett et al. 2011). Each individual is one sampling unit
# that holds one species, so that the incidence forms equal the abundance forms the package prints.
SPIDER = [46, 22, 17, 15, 15, 9, 8, 6, 6, 4] + [2] * 4 + [1] * 12
# Barro Colorado Island trees, `vegan::specpool(BCI)`: 225 species, 50 plots, 21 uniques, 19 duplicates.
BCI = [1] * 21 + [2] * 19 + [30] * 185


def values(frequencies, n_units, column="value"):
    table = richness_table(frequencies, n_units)
    return dict(zip(table["estimator"], table[column]))


def test_spider_chao_matches_inext():
    """iNEXT `ChaoRichness(spider)`: 43.893, s.e. 14.306, interval 30.511 to 96.971."""
    row = richness_table(SPIDER, sum(SPIDER), estimators=["chao2_classic"]).iloc[0]
    assert [round(row[c], 3) for c in ("value", "se", "low", "high")] == [43.893, 14.306, 30.511, 96.971]


def test_spider_bias_corrected_matches_spader():
    """SpadeR's Chao1-bc on the same data prints 39.121."""
    assert round(values(SPIDER, sum(SPIDER))["chao2_bias_corrected"], 3) == 39.121


def test_spider_coverage_matches_inext():
    """iNEXT `DataInfo(spider)`: coverage .9289 for Girdled."""
    assert round(sample_coverage(SPIDER, sum(SPIDER)), 4) == 0.9289


def test_spider_curve_matches_inext():
    """iNEXT `iNEXT(spider, q = 0)`, size based, Girdled at 84, 168, 248 and 336 individuals."""
    table = accumulation(SPIDER, sum(SPIDER), [84, 168, 248, 336])
    assert table["codes"].round(3).tolist() == [18.912, 26.0, 30.883, 34.731]
    assert table["coverage"].round(3).tolist() == [0.900, 0.929, 0.948, 0.964]
    assert table["part"].tolist() == ["interpolated", "observed", "extrapolated", "extrapolated"]


def test_bci_matches_vegan():
    """`vegan::specpool(BCI)`: chao 236.3732 (s.e. 6.54361), jack1 245.58, jack2 247.8722."""
    found = values(BCI, 50)
    assert round(found["chao2_classic"], 4) == 236.3732
    assert round(values(BCI, 50, "se")["chao2_classic"], 5) == 6.54361
    assert round(found["jackknife1"], 2) == 245.58
    assert round(found["jackknife2"], 4) == 247.8722


def test_by_hand():
    """T = 5, S = 6, Q1 = 3, Q2 = 1: every form worked out on paper."""
    found = values([4, 3, 2, 1, 1, 1], 5)
    assert found["chao2_classic"] == pytest.approx(6 + 0.8 * 9 / 2)
    assert found["chao2_bias_corrected"] == pytest.approx(6 + 0.8 * 6 / 4)
    assert found["jackknife1"] == pytest.approx(6 + 3 * 4 / 5)
    assert found["jackknife2"] == pytest.approx(6 + 3 * 7 / 5 - 9 / 20)


def test_no_duplicates_takes_the_stated_form_and_variance():
    """Q2 = 0, Q1 = 3, T = 4: Chao2 classic and bias-corrected agree; variance of the case f2 = 0 in Chao (1987)."""
    row = richness_table([4, 3, 1, 1, 1], 4).set_index("estimator")
    assert row["value"]["chao2_classic"] == row["value"]["chao2_bias_corrected"] == pytest.approx(5 + 0.75 * 3)
    variance = 0.75 * 3 + 0.75**2 * 3 * 25 / 4 - 0.75**2 * 81 / (4 * 7.25)
    assert row["se"]["chao2_classic"] == pytest.approx(math.sqrt(variance))


def test_complete_sample_has_an_interval_that_starts_at_the_observed_codes():
    row = richness_table([3, 3, 4], 5, estimators=["chao2_classic"]).iloc[0]
    assert row["value"] == 3
    assert row["low"] == 3 < row["high"]


@pytest.mark.parametrize(
    ("frequencies", "n_units", "reason"),
    [
        ([1, 1], 1, "too few units: 1, at least 2 needed"),
        ([], 4, "no code in any unit"),
        ([], 0, "too few units: 0, at least 2 needed"),
    ],
)
def test_undefined_names_its_reason(frequencies, n_units, reason):
    row = richness_table(frequencies, n_units, estimators=["chao2_classic"]).iloc[0]
    assert math.isnan(row["value"])
    assert row["reason"] == reason
    assert math.isnan(sample_coverage(frequencies, n_units))
    assert set(units_needed(frequencies, n_units, n_resamples=5)["reason"]) == {reason}


@pytest.mark.parametrize("frequencies", [[6], [-1], [1.5], [float("nan")]])
def test_impossible_frequencies_are_refused(frequencies):
    with pytest.raises(CrosscaseError, match="whole number of units"):
        richness_table(frequencies, 5)


def test_unknown_options_are_all_named_at_once():
    with pytest.raises(CrosscaseError) as caught:
        richness_table([1], 3, estimators=["chao1"], level=95)
    assert [problem.place for problem in caught.value.problems] == ["estimators", "level"]
    with pytest.raises(CrosscaseError) as caught:
        units_needed([1], 3, target=95, of=["themes"], n_resamples=0)
    assert [problem.place for problem in caught.value.problems] == ["of", "target", "n_resamples"]


def test_absent_share_equals_binomials():
    expected = [[math.comb(7 - y, t) / math.comb(7, t) for y in range(8)] for t in range(8)]
    assert absent_share(7, np.arange(8), np.arange(8)) == pytest.approx(np.array(expected))


def test_accumulation_joins_at_the_sample_and_tends_to_chao2():
    frequencies, n_units = [4, 3, 3, 2, 1, 1, 1], 5
    table = accumulation(frequencies, n_units, [4, 5, 6, 5000]).set_index("units")
    assert table["codes"][5] == 7
    assert table["codes"][5000] == pytest.approx(values(frequencies, n_units)["chao2_classic"])
    assert table["coverage"][5000] == pytest.approx(1)
    assert table["part"].tolist() == ["interpolated", "observed", "extrapolated", "extrapolated"]
    assert "not dependable" in table["note"][5000]


def test_coverage_by_hand_inside_at_and_beyond_the_sample():
    """T = 4, frequencies 3, 2, 1, 1, U = 7, Q1 = 2, Q2 = 1, Q0 = 3/4 * 4/2 = 1.5, A = 6/8."""
    table = accumulation([3, 2, 1, 1], 4, [2, 4, 6]).set_index("units")
    assert table["coverage"][4] == pytest.approx(1 - 2 / 7 * 0.75)
    assert table["coverage"][6] == pytest.approx(1 - 2 / 7 * 0.75**3)
    inside = 1 - (3 / 7 * 0 + 2 / 7 * math.comb(2, 2) / math.comb(3, 2) + 2 * 1 / 7 * math.comb(3, 2) / math.comb(3, 2))
    assert table["coverage"][2] == pytest.approx(inside)
    assert table["codes"][6] == pytest.approx(4 + 1.5 * (1 - 0.75**2))


def test_units_needed_reach_the_target_and_one_fewer_does_not():
    frequencies, n_units = [4, 3, 3, 2, 1, 1, 1], 5
    found = units_needed(frequencies, n_units, target=0.9, n_resamples=20).set_index("measure")
    for measure, column, goal in (
        ("units_to_coverage", "coverage", 0.9),
        ("units_to_codes", "codes", 0.9 * values(frequencies, n_units)["chao2_classic"]),
    ):
        more = int(found["value"][measure])
        before, after = accumulation(frequencies, n_units, [n_units + more - 1, n_units + more])[column]
        assert before < goal <= after


def test_a_reached_target_needs_no_more_units():
    found = units_needed([5, 5, 4, 3], 5, n_resamples=20).set_index("measure")
    assert found["value"].tolist() == [1.0, 0.0, 0.0]


def test_every_code_once_is_noted():
    assert "nothing shows an end" in units_needed([1, 1, 1], 3, n_resamples=10)["note"].iloc[0]


@given(st.lists(st.integers(1, 12), min_size=1, max_size=40), st.integers(12, 30))
def test_estimates_never_fall_below_what_was_seen(frequencies, n_units):
    found = values(frequencies, n_units)
    assert min(found["chao2_classic"], found["chao2_bias_corrected"], found["jackknife1"]) >= len(frequencies)
    curve = accumulation(frequencies, n_units, list(range(1, 3 * n_units)))
    assert curve["codes"].is_monotonic_increasing or np.diff(curve["codes"]).min() > -1e-9
    assert np.diff(curve["coverage"]).min() > -1e-9
    assert curve["coverage"].between(-1e-9, 1 + 1e-9).all()


@given(st.permutations([5, 3, 2, 2, 1, 1, 1]))
def test_order_of_codes_does_not_matter(frequencies):
    assert values(frequencies, 6) == values(sorted(frequencies), 6)


def test_interval_is_seeded():
    first = units_needed([4, 3, 2, 1, 1], 5, n_resamples=50, seed=3)
    assert first.equals(units_needed([4, 3, 2, 1, 1], 5, n_resamples=50, seed=3))
    assert not first.equals(units_needed([4, 3, 2, 1, 1], 5, n_resamples=50, seed=4).assign(seed=3))


@pytest.mark.parametrize(("codes", "shape"), [(60, (0.6, 3)), (40, (1, 2))])
def test_coverage_interval_holds_the_coverage_of_the_sample(codes, shape):
    """Twelve interviews: the 95 % interval holds the true coverage of its own sample about as often as it says."""
    rng = np.random.default_rng(11)
    hits = 0
    for run in range(100):
        chances = rng.beta(*shape, codes)
        seen = rng.binomial(12, chances)
        row = units_needed(seen, 12, of=(), n_resamples=100, seed=run).iloc[0]
        hits += row["low"] <= chances[seen > 0].sum() / chances.sum() <= row["high"]
    assert 88 <= hits <= 100


def test_variances_by_hand():
    """T = 5, S = 6, Q1 = 3, Q2 = 1, k = 4/5: bias-corrected variance (Chao & Colwell 2017), jackknives (1978)."""
    se = values([4, 3, 2, 1, 1, 1], 5, "se")
    k = 0.8
    corrected = k * 6 / 4 + k**2 * 3 * 25 / 16 + k**2 * 9 * 1 * 4 / 64
    assert se["chao2_bias_corrected"] ** 2 == pytest.approx(corrected)
    first = 3 * (1 + k) ** 2 + 3 - (6 + 3 * k)
    assert se["jackknife1"] ** 2 == pytest.approx(first)
    second = 3 * (1 + 7 / 5) ** 2 + (1 - 9 / 20) ** 2 + 2 - (6 + 3 * 7 / 5 - 9 / 20)
    assert se["jackknife2"] ** 2 == pytest.approx(second)


def test_the_extrapolated_curve_has_an_interval_only_where_asked_and_only_for_further_codes():
    frequencies, n_units = [4, 3, 3, 2, 2, 1, 1, 1], 5
    plain = accumulation(frequencies, n_units)
    assert plain[["sd", "low", "high", "level"]].isna().all(axis=None)
    assert set(plain["interval"]) == {"no interval asked for"}
    table = accumulation(frequencies, n_units, n_resamples=300, seed=2).set_index("units")
    assert table.loc[:4, ["sd", "low", "high"]].isna().all(axis=None)
    assert table.loc[5, ["sd", "low", "high"]].tolist() == [0, 8, 8], "what was seen is seen"
    ahead = table.loc[6:]
    assert (ahead["low"] >= 8).all()
    assert (ahead["low"] <= ahead["codes"]).all()
    assert (ahead["codes"] < ahead["high"]).all()
    assert (ahead["high"] - ahead["low"]).is_monotonic_increasing
    wider = accumulation(frequencies, n_units, n_resamples=300, seed=2, level=0.99).set_index("units")
    assert (wider.loc[6:, "high"] > ahead["high"]).all()
    assert accumulation(frequencies, n_units, n_resamples=300, seed=2).set_index("units").equals(table)


def test_options_of_the_curve_are_named_at_once():
    with pytest.raises(CrosscaseError) as caught:
        accumulation([1], 3, [0], level=95, n_resamples=-1)
    assert [problem.place for problem in caught.value.problems] == ["units", "level", "n_resamples"]


@pytest.mark.parametrize("n_units", [2.5, -3, True, "3", None, math.nan, math.inf, [3], "x"], ids=repr)
@pytest.mark.parametrize(
    "function",
    [richness_table, sample_coverage, accumulation, units_needed, lambda f, t: accumulation([], t)],
    ids=["richness_table", "sample_coverage", "accumulation", "units_needed", "no code"],
)
def test_a_number_of_units_that_is_no_count_is_refused_by_name(function, n_units):
    with pytest.raises(CrosscaseError, match="n_units: a whole number of units"):
        function([1, 2], n_units)


def test_a_whole_number_of_units_may_be_written_in_any_kind():
    expected = accumulation([1, 2], 3)
    for n_units in (3.0, np.int64(3), np.float32(3)):
        assert accumulation([1, 2], n_units).equals(expected)


@pytest.mark.parametrize(
    "units", [[2.5], [1, math.nan], [math.inf], ["2"], [None], [True], "12", 3, [[1], [2]]], ids=repr
)
def test_numbers_of_units_that_are_no_counts_are_refused(units):
    with pytest.raises(CrosscaseError, match="units: whole numbers of units from 1"):
        accumulation([1, 2], 3, units)


@pytest.mark.parametrize("frequencies", [["a"], [[1], [1, 2]], None, "12", [1, None]], ids=repr)
def test_frequencies_that_are_no_counts_are_refused(frequencies):
    for function in (richness_table, sample_coverage, accumulation, units_needed):
        with pytest.raises(CrosscaseError, match="frequencies"):
            function(frequencies, 3)


def test_one_name_for_a_list_of_estimators_is_refused_once():
    with pytest.raises(CrosscaseError, match="a list of estimators") as caught:
        richness_table([1], 3, estimators="chao2_classic")
    assert len(caught.value.problems) == 1
    with pytest.raises(CrosscaseError, match="a list of targets") as caught:
        units_needed([1], 3, of="codes")
    assert len(caught.value.problems) == 1
