"""The committed calibration tables are those of the script: a row simulated again gives the same numbers."""

import importlib.util
import json
from pathlib import Path

import pandas as pd
import pytest

from crosscase.agreement.advice import HELD
from crosscase.calibration import agreement_estimators, calibrate_saturation, calibrate_tests
from crosscase.simulate import agreement_designs, interval_coverage
from crosscase.simulate.calibration import DESIGN_SIZES
from crosscase.study.shared import load_shared

ROOT = Path(__file__).resolve().parents[2]
SAME = {"rel": 1e-9, "abs": 1e-12}


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("calibration_full", ROOT / "benchmarks" / "calibration_full.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def home(monkeypatch):
    monkeypatch.setenv("CROSSCASE_HOME", str(ROOT))


def settings():
    return json.loads((ROOT / "data" / "calibration" / "provenance.json").read_text(encoding="utf-8"))


@pytest.mark.long
def test_a_row_of_agreement_is_simulated_again(home):
    table = load_shared("calibration_agreement")
    row = table[table["interval"].eq("linearised_documents") & table["n_units"].eq(20)].iloc[0]
    sizes = {name: row[name].item() for name in DESIGN_SIZES}
    estimators = agreement_estimators([row["coefficient"]], [row["interval"]])
    designs = agreement_designs(**{name: [value] for name, value in sizes.items()})
    again = interval_coverage(estimators, designs, n_simulations=int(row["n_simulations"]), seed=int(row["seed"]))
    for column in ("coverage", "coverage_low", "mean_estimate", "mean_width", "n_undefined"):
        assert float(again[column].iloc[0]) == pytest.approx(float(row[column]), nan_ok=True, **SAME)
    assert again["words"].iloc[0] == row["words"]


def test_the_tables_hold_the_whole_grid_of_the_script(home, script):
    table = load_shared("calibration_agreement")
    designs = table[list(DESIGN_SIZES)].drop_duplicates()
    assert len(designs) == len(agreement_designs()) == 72
    assert len(table) == 72 * 12
    made = settings()
    assert made["seed"] == script.SEED
    for name, (simulations, resamples) in script.SIZES["full"].items():
        assert made["sizes"][name] == {"simulations": simulations, "resamples": resamples}
        assert load_shared(f"calibration_{name}")["n_simulations"].unique().tolist() == [simulations]


def test_the_advice_beside_an_interval_says_what_the_table_says(home):
    table = load_shared("calibration_agreement")
    table = table[table["coefficient"].eq("krippendorff_alpha")]
    found = table.groupby(["n_documents", "prevalence", "interval"])["coverage"].median().mul(100).round().astype(int)
    for size, shares in HELD.items():
        for share, held in shares.items():
            expected = tuple(found[size, share, f"{kind}_documents"] for kind in ("bootstrap", "linearised"))
            assert held == expected, (size, share)
    assert set(HELD) == set(table["n_documents"])


@pytest.mark.long
def test_a_design_of_the_tests_is_simulated_again(home, script):
    table = load_shared("calibration_tests")
    rows = table[table["question"].eq("any_case") & table["n_cases"].eq(3) & table["n_codes"].eq(1)]
    rows = rows[rows["n_participants"].eq(4)].set_index("test")
    columns = list(table.columns[: table.columns.get_loc("test")])
    design = {name: rows[name].iloc[0] for name in columns}
    design = {name: value.item() if hasattr(value, "item") else value for name, value in design.items()}
    simulations, permutations = script.SIZES["full"]["tests"]
    again = calibrate_tests(
        pd.DataFrame([design]), n_simulations=simulations, n_permutations=permutations, seed=script.SEED
    )
    for test, rate in again.set_index("test")["rate"].items():
        assert rate == pytest.approx(rows.loc[test, "rate"], **SAME)


@pytest.mark.long
def test_a_design_of_saturation_is_simulated_again(home, script):
    table = load_shared("calibration_saturation")
    row = table[table["estimator"].eq("chao2_classic")].iloc[0]
    columns = ["n_units", "n_codes", "shape_rare", "shape_common", "unit_sd"]
    simulations, resamples = script.SIZES["full"]["saturation"]
    again = calibrate_saturation(
        table.loc[[row.name], columns].astype({"n_units": int, "n_codes": int}),
        estimates=["chao2_classic"], n_simulations=simulations, resamples=resamples, seed=script.SEED,
    ).iloc[0]  # fmt: skip
    assert again["seed"] == row["seed"]
    assert again["coverage"] == pytest.approx(row["coverage"], **SAME)
