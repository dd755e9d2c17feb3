"""How long the minimization takes: 15 conditions with all parsimonious models, and a table with many tied models.

Run with `python benchmarks/configurations_bench.py`; exits with 1 where the 15-condition analysis takes 2 s or more.
"""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd

from crosscase.configurations import minimize, solutions_frame, truth_table

BOUND = 2.0


def random_frame(cases: int, conditions: int, seed: int, values: int = 2) -> pd.DataFrame:
    """Return distinct crisp or multi-value cases with a random outcome."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.integers(0, values, (cases, conditions)), columns=[f"C{i}" for i in range(conditions)])
    frame = frame.drop_duplicates(ignore_index=True)
    frame["Y"] = rng.integers(0, 2, len(frame))
    return frame


def main() -> int:
    slowest = 0.0
    print("cases conditions values kind             terms  models  seconds  with fit")
    jobs: list[tuple[int, int, int, str | None, int]] = []
    jobs += [(30, 15, 2, None, seed) for seed in range(5)]
    jobs += [(80, 15, 2, None, 3), (40, 9, 2, None, 1), (40, 9, 2, "expect", 1), (30, 15, 2, "expect", 2)]
    for cases, conditions, values, expect, seed in jobs:
        frame = random_frame(cases, conditions, seed, values)
        start = time.perf_counter()
        table = truth_table(frame, "Y")
        expected = None if expect is None else dict.fromkeys(table.conditions, 1)
        solution = minimize(table, include="?", dir_exp=expected)
        solved = time.perf_counter() - start
        solutions_frame(solution)
        full = time.perf_counter() - start
        print(
            f"{cases:5} {conditions:10} {values:6} {solution.kind:13} {len(solution.terms):8} {solution.n_models:7}"
            f" {solved:8.3f} {full:9.3f}"
        )
        if cases == 30 and expect is None:
            slowest = max(slowest, solved)
    print(f"slowest truth table and minimization, 30 cases, 15 conditions: {slowest:.3f} s (bound {BOUND:g} s)")
    return int(slowest >= BOUND)


if __name__ == "__main__":
    sys.exit(main())
