"""Speed and memory of the agreement coefficients, with the ratio to other libraries measured in the same run.

Run `python benchmarks/agreement_bench.py`; add `--oracle` to time the `krippendorff` package too, where it is
installed (about a minute and 10 GB at full size), and `--scale 0.1` for a tenth of the units. Limits are held against
processor time, which other work on the machine does not lengthen; the exit code is 1 where one is broken.
"""

from __future__ import annotations

import argparse
import importlib.util
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from crosscase.agreement import Bootstrap, agreement_table, krippendorff_alpha, mv_alpha, unitizing_family


def judgements(units: int, coders: int, categories: int, missing: float, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    truth = rng.integers(1, categories + 1, units)
    own = rng.integers(1, categories + 1, (units, coders))
    table = np.where(rng.random((units, coders)) < 0.5, truth[:, None], own).astype(float)
    table[rng.random((units, coders)) < missing] = np.nan
    return pd.DataFrame(table, columns=[f"coder_{place + 1}" for place in range(coders)])


def spans(count: int, length: int, coders: int, codes: int, seed: int = 2) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    parts = []
    for coder in range(coders):
        cuts = np.sort(rng.choice(length, 2 * count, replace=False))
        parts.append(pd.DataFrame({"coder": f"coder_{coder + 1}", "start": cuts[::2], "end": cuts[1::2],
                                   "code": rng.integers(0, codes, count).astype(str)}))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def sets(units: int, coders: int, codes: int, seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    given = rng.random((units, coders, codes)) < 1.5 / codes
    return pd.DataFrame([[frozenset(np.flatnonzero(cell)) for cell in row] for row in given])


def study(
    documents: int, per_document: int, codes: int, coders: int, seed: int = 4
) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    n = documents * per_document
    units = pd.DataFrame({
        "document": np.repeat(np.arange(documents), per_document).astype(str),
        "start": np.tile(np.arange(per_document) * 100, documents), "unit": np.tile(np.arange(per_document), documents),
    })  # fmt: skip
    units["end"] = units["start"] + 100
    picks = rng.integers(0, n, 2 * n)
    codings = units.iloc[picks].reset_index(drop=True).drop(columns="unit")
    codings["code"] = rng.integers(0, codes, len(codings)).astype(str)
    codings["coder"] = rng.integers(0, coders, len(codings)).astype(str)
    return codings, units


@dataclass(frozen=True)
class Took:
    """Seconds on the clock and of the processor; on a busy machine only the second means something."""

    clock: float
    processor: float


def timed(function: Callable[[], Any], repeats: int = 1) -> tuple[Took, Any]:
    best, result = Took(float("inf"), float("inf")), None
    for _ in range(repeats):
        clock, processor = time.perf_counter(), time.process_time()
        result = function()
        took = Took(time.perf_counter() - clock, time.process_time() - processor)
        best = min(best, took, key=lambda each: each.processor)
    return best, result


def peak() -> float:
    """Peak memory of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


#: limits at full size: seconds of the processor, MB of this process, times the krippendorff package
MEMORY, RATIO = 1000, 50


def show(what: str, took: Took, limit: float | None = None, note: str = "") -> bool:
    """Print one line; return whether its limits are kept."""
    kept = (limit is None or took.processor <= limit) and (bool(note) or peak() <= MEMORY)
    target = "" if limit is None else f"  limit {limit:g} s: {'kept' if kept else 'BROKEN'}"
    times = f"{took.clock:8.3f} s, processor {took.processor:8.3f} s"
    print(f"{what:<76} {times}, peak {peak():5.0f} MB{target}{note}", flush=True)
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full size")
    parser.add_argument("--oracle", action="store_true", help="time the krippendorff package in the same run")
    options = parser.parse_args()
    units = int(1_000_000 * options.scale)
    frame = judgements(units, 5, 20, 0.05)
    point, found = timed(lambda: krippendorff_alpha(frame), 3)
    kept = show(f"alpha, {units:,} units x 5 coders x 20 categories, 5 % missing", point)
    over_units = Bootstrap(over="units", resamples=1000, seed=1)
    took, _ = timed(lambda: krippendorff_alpha(frame, interval=over_units))
    kept &= show("... with 1,000 resamples of units", took, 15)
    documents = np.repeat(np.arange(200), -(-units // 200))[:units]
    took, _ = timed(lambda: krippendorff_alpha(frame, documents=documents, interval=Bootstrap(resamples=1000)))
    kept &= show("... with 1,000 resamples of 200 documents", took, 15)
    marked = spans(int(20_000 * options.scale), int(5_000_000 * options.scale), 3, 10)
    took, _ = timed(lambda: unitizing_family(marked, int(5_000_000 * options.scale)))
    kept &= show(f"u-alpha family, 3 coders x {len(marked) // 3:,} spans", took, 1)
    several = sets(int(20_000 * options.scale), 3, 40)
    took, _ = timed(lambda: mv_alpha(several))
    kept &= show(f"mv-alpha, {len(several):,} units x 3 coders, 40 codes", took)
    codings, grid = study(200, int(500 * options.scale), 60, 3)
    took, _ = timed(lambda: agreement_table(codings, grid))
    kept &= show(f"agreement table, {len(codings):,} codings, {len(grid):,} units, 60 codes, 3 coders", took)
    if options.oracle:
        kept &= compare(frame, point, float(found))
    return 0 if kept else 1


def compare(frame: pd.DataFrame, ours: Took, value: float) -> bool:
    """Time the krippendorff package on the same judgements; it has no bootstrap."""
    if importlib.util.find_spec("krippendorff") is None:
        print("krippendorff is not installed: no ratio")
        return False
    import krippendorff

    table = frame.to_numpy().T
    theirs, other = timed(lambda: krippendorff.alpha(table, level_of_measurement="nominal"))
    ratio = theirs.processor / ours.processor
    verdict = "kept" if ratio >= RATIO else "BROKEN"
    note = f"  {ratio:.0f} times our processor time, limit {RATIO}: {verdict}"
    show("the same alpha by the krippendorff package", theirs, note=note)
    print(f"difference of the two values: {abs(value - other):.1e}")
    return ratio >= RATIO and abs(value - other) < 1e-12


if __name__ == "__main__":
    sys.exit(main())
