"""Speed of the joint permutation test: 10,000 permutations x 200 codes over 600 participants in 30 cases, with maxT.

Run: python benchmarks/comparison_bench.py. scipy.stats.permutation_test is timed with fewer permutations and codes and
scaled up (it has no joint test: one call per code). Exits with 1 where the bar of 50x is missed.
"""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd
from scipy import stats

from crosscase.comparison import compare_groups

N_PARTICIPANTS, N_CASES, N_CODES, N_PERMUTATIONS = 600, 30, 200, 10_000


def main() -> int:
    rng = np.random.default_rng(1)
    values = pd.DataFrame((rng.random((N_PARTICIPANTS, N_CODES)) < 0.4).astype(float))
    groups = pd.Series(np.arange(N_PARTICIPANTS) % N_CASES)
    begin = time.perf_counter()
    ours = compare_groups(values, groups, n_permutations=N_PERMUTATIONS)
    own = time.perf_counter() - begin

    label = groups.to_numpy()
    sizes = np.bincount(label)

    def statistic(x: np.ndarray) -> float:
        return float((np.bincount(label, weights=x, minlength=N_CASES) ** 2 / sizes).sum())

    few, codes = 2000, 3
    begin = time.perf_counter()
    theirs = [
        stats.permutation_test(
            (values[i].to_numpy(),),
            statistic,
            permutation_type="pairings",
            n_resamples=few,
            alternative="greater",
            vectorized=False,
            rng=rng,
        ).pvalue
        for i in range(codes)
    ]
    scaled = (time.perf_counter() - begin) * (N_PERMUTATIONS / few) * (N_CODES / codes)
    print(
        f"{N_PERMUTATIONS:,} permutations x {N_CODES} codes with maxT: {own:.2f} s; scipy {scaled:.0f} s (scaled from "
        f"{few} x {codes}): {scaled / own:.0f}x"
    )
    print("p-values, ours and scipy's:", [(round(a, 3), round(b, 3)) for a, b in zip(ours["p"][:codes], theirs)])
    return int(scaled / own < 50)


if __name__ == "__main__":
    sys.exit(main())
