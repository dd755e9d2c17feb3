"""Simulated judgements hold the prevalence and the agreement they promise."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscase.errors import CrosscaseError
from crosscase.simulate import coder_units, true_agreement

MANY = 40_000


def pair_kappa(table, one, other):
    """Cohen's kappa (1960) of two complete columns."""
    a, b = table[one], table[other]
    shares = [(a.eq(k).mean(), b.eq(k).mean()) for k in range(int(max(a.max(), b.max())) + 1)]
    chance = sum(x * y for x, y in shares)
    return ((a == b).mean() - chance) / (1 - chance)


@pytest.mark.parametrize("prevalence", [0.02, 0.3, 0.5, (0.6, 0.3, 0.1)])
@pytest.mark.parametrize("icc", [(0.0, 0.0), (0.2, 0.3)])
def test_pairs_have_the_promised_agreement(prevalence, icc):
    table = coder_units(
        n_coders=3,
        n_units=MANY,
        n_documents=8_000,
        prevalence=prevalence,
        agreement=0.6,
        document_icc=icc[0],
        agreement_icc=icc[1],
        seed=3,
    )
    share = prevalence if isinstance(prevalence, float) else prevalence[1]
    for coder in ("coder_1", "coder_2", "coder_3"):
        assert table[coder].eq(1).mean() == pytest.approx(share, abs=0.012)
    for one, other in combinations(["coder_1", "coder_2", "coder_3"], 2):
        assert pair_kappa(table, one, other) == pytest.approx(0.6, abs=0.05)
        expected = true_agreement(prevalence, 0.6)["percent_agreement"]
        assert (table[one] == table[other]).mean() == pytest.approx(expected, abs=0.012)


def test_true_coefficients_by_hand():
    """Prevalence .1, kappa .5: chance .82, percent .82 + .18 * .5 = .91; Brennan-Prediger .82; AC1 (.91 - .18)/.82."""
    found = true_agreement(0.1, 0.5)
    assert found["percent_agreement"] == pytest.approx(0.91)
    assert found["brennan_prediger"] == pytest.approx(0.82)
    assert found["gwet_ac1"] == pytest.approx(0.73 / 0.82)


def test_units_of_one_document_resemble_each_other_as_promised():
    table = coder_units(n_units=MANY, n_documents=MANY // 2, prevalence=0.3, document_icc=0.4, seed=1)
    pairs = table["truth"].to_numpy().reshape(-1, 2)
    assert np.corrcoef(pairs.T)[0, 1] == pytest.approx(0.4, abs=0.03)


def test_perfect_and_absent_agreement():
    same = coder_units(n_coders=2, n_units=500, agreement=1, seed=1)
    assert (same["coder_1"] == same["coder_2"]).all()
    assert (same["coder_1"] == same["truth"]).all()
    apart = coder_units(n_coders=2, n_units=MANY, agreement=0, prevalence=0.3, seed=1)
    assert pair_kappa(apart, "coder_1", "coder_2") == pytest.approx(0, abs=0.02)


def test_missing_judgements_are_lost_at_random():
    table = coder_units(n_coders=4, n_units=5_000, missing=0.25, seed=2)
    assert table.filter(like="coder_").isna().to_numpy().mean() == pytest.approx(0.25, abs=0.02)


@given(st.integers(1, 5), st.integers(1, 40), st.integers(1, 10), st.floats(0.02, 0.5), st.integers(0, 99))
@settings(max_examples=30)
def test_shape_documents_and_seed(n_coders, n_units, n_documents, prevalence, seed):
    design = {"n_coders": n_coders, "n_units": n_units, "n_documents": min(n_documents, n_units)}
    table = coder_units(**design, prevalence=prevalence, seed=seed)
    assert table.shape == (n_units, 2 + n_coders)
    assert table.index.is_unique
    sizes = table["document"].value_counts()
    assert len(sizes) == design["n_documents"]
    assert sizes.max() - sizes.min() <= 1
    assert table.equals(coder_units(**design, prevalence=prevalence, seed=seed))


def test_impossible_designs_are_named_together():
    with pytest.raises(CrosscaseError) as caught:
        coder_units(n_coders=0, agreement=1.2, prevalence=(0.5, 0.6), n_documents=200)
    places = [problem.place for problem in caught.value.problems]
    assert places == ["n_coders", "agreement", "prevalence", "n_documents"]
