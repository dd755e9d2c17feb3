"""Simulate the full grid of designs and write how far intervals and tests hold into data/calibration/.

Run with ``python benchmarks/calibration_full.py``; ``--small`` writes nothing and shows in seconds what it does.
The tables are the same for the same seed and library versions, whatever the number of processes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

import pandas as pd

from crosscase import tables
from crosscase.calibration import (
    calibrate_agreement,
    calibrate_saturation,
    calibrate_tests,
    rejection_designs,
    saturation_designs,
    where_trusted,
)
from crosscase.calibration.summary import Each
from crosscase.simulate import agreement_designs

SEED = 20210401
TARGET = Path(__file__).resolve().parent.parent / "data" / "calibration"
SIZES = {
    "full": {"agreement": (300, 300), "saturation": (200, 200), "tests": (400, 499)},
    "small": {"agreement": (10, 50), "saturation": (5, 50), "tests": (10, 99)},
}


def agreement(size: str, each: Each) -> pd.DataFrame:
    simulations, resamples = SIZES[size]["agreement"]
    designs = agreement_designs()
    designs = designs if size == "full" else designs.iloc[::25]
    return calibrate_agreement(designs, n_simulations=simulations, resamples=resamples, seed=SEED, each=each)


def saturation(size: str, each: Each) -> pd.DataFrame:
    simulations, resamples = SIZES[size]["saturation"]
    designs = saturation_designs()
    designs = designs if size == "full" else designs.iloc[::5]
    return calibrate_saturation(designs, n_simulations=simulations, resamples=resamples, seed=SEED, each=each)


def tests(size: str, each: Each) -> pd.DataFrame:
    simulations, permutations = SIZES[size]["tests"]
    designs = pd.concat(
        [
            rejection_designs("any_case", n_cases=(3, 6, 12), n_participants=(4, 8)),
            rejection_designs("two_groups", n_cases=(6, 8, 12), effect=(0.0, 1.5)),
        ],
        ignore_index=True,
    )
    designs = designs if size == "full" else designs.iloc[::7]
    return calibrate_tests(designs, n_simulations=simulations, n_permutations=permutations, seed=SEED, each=each)


def provenance(size: str) -> str:
    """Say what made the tables, without a date, so that the same run writes the same file."""
    made = {"command": "python benchmarks/calibration_full.py", "seed": SEED, "python": platform.python_version()}
    made |= {name: version(name) for name in ("numpy", "pandas", "scipy")}
    sizes = {name: dict(zip(("simulations", "resamples"), pair)) for name, pair in SIZES[size].items()}
    return json.dumps(made | {"sizes": sizes}, indent=2) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a few designs, nothing written")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--only", choices=("agreement", "saturation", "tests"))
    options = parser.parse_args()
    size = "small" if options.small else "full"
    with ProcessPoolExecutor(options.processes) as pool:
        for work, by in (
            (agreement, ["coefficient", "interval"]),
            (saturation, ["estimator"]),
            (tests, ["question", "test"]),
        ):
            if options.only not in (None, work.__name__):
                continue
            start = perf_counter()
            table = work(size, pool.map)
            print(f"{work.__name__}: {len(table)} rows, {perf_counter() - start:.1f} s")
            print(where_trusted(table, by)[[*by, "words"]].to_string(index=False))
            if size == "full":
                TARGET.mkdir(parents=True, exist_ok=True)
                text = tables.to_csv(table, tables.schema(f"calibration_{work.__name__}"))
                (TARGET / f"{work.__name__}.csv").write_text(text, encoding="utf-8", newline="\n")
    if size == "full":
        (TARGET / "provenance.json").write_text(provenance(size), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
