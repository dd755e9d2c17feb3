"""The same numbers as independent libraries, on random judgements with and without missing values."""

import warnings

import numpy as np
import pandas as pd
import pytest

from crosscase.agreement import (
    Linearised,
    boundary_similarity,
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    jaccard_alpha,
    krippendorff_alpha,
    masi_distance,
    percent_agreement,
)


def judgements(seed, units=60, coders=3, categories=4, missing=0.15):
    rng = np.random.default_rng(seed)
    truth = rng.integers(1, categories + 1, units)
    noise = rng.random((units, coders)) < 0.4
    table = np.where(noise, rng.integers(1, categories + 1, (units, coders)), truth[:, None]).astype(float)
    table[rng.random(table.shape) < missing] = np.nan
    return pd.DataFrame(table, columns=[f"coder_{place}" for place in range(coders)])


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("ours", "theirs"), [("identity", None), ("linear", "linear"), ("quadratic", "quadratic")])
def test_cohen_against_statsmodels_and_sklearn(seed, ours, theirs):
    kappas = pytest.importorskip("statsmodels.stats.inter_rater")
    metrics = pytest.importorskip("sklearn.metrics")
    frame = judgements(seed, coders=2, missing=0).astype(int)
    found = float(cohen_kappa(frame, weights=ours))
    assert found == pytest.approx(
        metrics.cohen_kappa_score(frame.iloc[:, 0], frame.iloc[:, 1], weights=theirs), abs=1e-12
    )
    table = pd.crosstab(frame.iloc[:, 0], frame.iloc[:, 1])
    result = kappas.cohens_kappa(table.to_numpy(), wt=theirs)
    assert found == pytest.approx(result.kappa, abs=1e-12)
    # their variance divides by n, Gwet's by n - 1
    error = cohen_kappa(frame, weights=ours, interval=Linearised(over="units")).standard_error
    assert error == pytest.approx(result.std_kappa * np.sqrt(60 / 59), rel=1e-6)
    large = cohen_kappa(frame, weights=ours, interval=Linearised(over="units", large_sample=True))
    assert large.standard_error == pytest.approx(result.std_kappa, rel=1e-6)
    assert large.low == pytest.approx(result.kappa_low, rel=1e-6)


def test_fleiss_and_free_marginal_kappa_against_statsmodels():
    kappas = pytest.importorskip("statsmodels.stats.inter_rater")
    frame = judgements(5, missing=0).astype(int)
    counts, _ = kappas.aggregate_raters(frame.to_numpy())
    assert float(fleiss_kappa(frame)) == pytest.approx(kappas.fleiss_kappa(counts), abs=1e-12)
    assert float(brennan_prediger(frame)) == pytest.approx(kappas.fleiss_kappa(counts, method="randolph"), abs=1e-12)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
@pytest.mark.parametrize("seed", range(3))
def test_alpha_against_krippendorff(seed, level):
    oracle = pytest.importorskip("krippendorff")
    frame = judgements(seed, coders=4)
    expected = oracle.alpha(frame.to_numpy().T, level_of_measurement=level)
    assert float(krippendorff_alpha(frame, level=level)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("missing", [0.0, 0.15])
@pytest.mark.parametrize("ours", ["identity", "quadratic", "linear", "gwet_ordinal", "radical", "ratio"])
def test_weighted_coefficients_and_standard_errors_against_irrcac(missing, ours):
    raw = pytest.importorskip("irrCAC.raw")
    if missing and int(pd.__version__.split(".")[0]) >= 3:
        pytest.skip("this irrCAC loses missing judgements under pandas 3")
    frame = judgements(11, coders=4, missing=missing)
    oracle = raw.CAC(frame.dropna(how="all").reset_index(drop=True), weights=ours.removeprefix("gwet_"), digits=12)
    pairs = {
        "gwet": lambda **more: gwet_ac2(frame, weights=ours, **more),
        "fleiss": lambda **more: fleiss_kappa(frame, weights=ours, **more),
        "bp": lambda **more: brennan_prediger(frame, weights=ours, **more),
        "conger": lambda **more: conger_kappa(frame, weights=ours, **more),
    }
    if ours == "identity":
        pairs["gwet"] = lambda **more: gwet_ac1(frame, **more)
        pairs["krippendorff"] = lambda **more: krippendorff_alpha(frame, **more)
    for name, function in pairs.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = getattr(oracle, name)()["est"]
        found = function(interval=Linearised(over="units"))
        assert float(found) == pytest.approx(expected["coefficient_value"], abs=1e-9), name
        assert found.standard_error == pytest.approx(expected["se"], abs=1e-9), name


def test_alpha_nominal_and_sets_against_nltk():
    agreement = pytest.importorskip("nltk.metrics.agreement")
    distance = pytest.importorskip("nltk.metrics.distance")
    frame = judgements(3, missing=0).astype(int)
    triples = [(str(coder), str(unit), value) for unit, row in frame.iterrows() for coder, value in row.items()]
    assert float(krippendorff_alpha(frame)) == pytest.approx(agreement.AnnotationTask(triples).alpha(), abs=1e-12)
    rng = np.random.default_rng(4)
    sets = pd.DataFrame([[frozenset(rng.choice(list("abc"), rng.integers(1, 4), replace=False)) for _ in range(3)]
                         for _ in range(25)])  # fmt: skip
    triples = [(str(coder), str(unit), value) for unit, row in sets.iterrows() for coder, value in row.items()]
    task = agreement.AnnotationTask(triples, distance=distance.jaccard_distance)
    assert float(jaccard_alpha(sets)) == pytest.approx(task.alpha(), abs=1e-12)
    for first, second in zip(sets[0], sets[1]):
        # nltk rounds Passonneau's 2/3 and 1/3 to .67 and .33
        assert masi_distance(first, second) == pytest.approx(distance.masi_distance(first, second), abs=4e-3)


@pytest.mark.parametrize("near", [2, 3])
def test_boundary_similarity_against_segeval(near):
    segeval = pytest.importorskip("segeval")
    rng = np.random.default_rng(near)
    for _ in range(20):
        cuts = [np.sort(rng.choice(np.arange(1, 30), 6, replace=False)) for _ in range(2)]
        masses = [tuple(int(size) for size in np.diff([0, *cut, 30])) for cut in cuts]
        spans = pd.concat(
            [pd.DataFrame({"coder": name, "start": [0, *cut], "end": [*cut, 30]}) for name, cut in zip("xy", cuts)]
        )
        expected = float(segeval.boundary_similarity(*masses, n_t=near))
        spans["code"] = spans.groupby("coder").cumcount().astype(str)
        found = boundary_similarity(spans, 30, near=near)["similarity"].iloc[0]
        # transpositions of distance 1 weigh 1 / near in both
        assert found == pytest.approx(expected, abs=1e-12)


def test_percent_agreement_is_the_mean_over_units():
    frame = judgements(8)
    shares = []
    for row in frame.to_numpy():
        known = row[~np.isnan(row)]
        if len(known) > 1:
            pairs = [a == b for i, a in enumerate(known) for b in known[i + 1 :]]
            shares.append(np.mean(pairs))
    assert float(percent_agreement(frame)) == pytest.approx(np.mean(shares), abs=1e-12)
