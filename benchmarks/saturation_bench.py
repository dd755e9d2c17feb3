"""Time the exact rarefaction curve against permuting the order of the units, and the making of a large study.

Run with ``python benchmarks/saturation_bench.py``. Ratios are taken within one run.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from time import perf_counter

import numpy as np
import pandas as pd

from crosscase.saturation import permuted_curves, presence_table, rarefaction, units_needed
from crosscase.simulate import large_study, sampling_units

N_PERMUTATIONS = 1000


def best_of(action: Callable[[], object], repeats: int = 3) -> float:
    """Time an action, the best of a few."""
    times = []
    for _ in range(repeats):
        start = perf_counter()
        action()
        times.append(perf_counter() - start)
    return min(times)


def permute_rows(presence: pd.DataFrame, n_permutations: int) -> np.ndarray:
    """Permute the rows one order after the other, as a plain loop does."""
    cells, rng = presence.to_numpy(), np.random.default_rng(0)
    curves = [
        np.logical_or.accumulate(cells[rng.permutation(len(cells))], axis=0).sum(axis=1) for _ in range(n_permutations)
    ]
    return np.mean(curves, axis=0)


def measure() -> dict[str, float]:
    """Measure everything once and return seconds and ratios."""
    presence = sampling_units(n_units=600, n_codes=200, shape=(0.5, 8.0), seed=1).presence
    exact = best_of(lambda: rarefaction(presence))
    fast = best_of(lambda: permuted_curves(presence, n_permutations=N_PERMUTATIONS))
    loop = best_of(lambda: permute_rows(presence, N_PERMUTATIONS), repeats=1)
    gap = np.abs(rarefaction(presence)["codes"].to_numpy() - permute_rows(presence, N_PERMUTATIONS)).max()
    start = perf_counter()
    study = large_study()
    made = perf_counter() - start
    table = best_of(lambda: presence_table(study.codings, study.order), repeats=1)
    frequencies = presence_table(study.codings, study.order).sum()
    return {
        "rarefaction, 600 units x 200 codes, both variances (s)": exact,
        "permuted curves, 1000 orders (s)": fast,
        "row permutation loop, 1000 orders (s)": loop,
        "loop / rarefaction": loop / exact,
        "loop / permuted curves": loop / fast,
        "largest gap of exact and permuted curve (codes)": float(gap),
        "large study: 1,000,000 segments, 2,000,000 codings (s)": made,
        "presence table of the large study (s)": table,
        "coverage and units needed, 1000 resamples (s)": best_of(lambda: units_needed(frequencies, len(study.order))),
    }


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
