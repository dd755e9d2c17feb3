"""Speed of the coding matrix and of co-occurrence at 1,000,000 segments, 2,000,000 codings, 200 codes, 30 cases.

Run: python benchmarks/matrices_bench.py [--segments N] [--full]. Prints one line per comparison; exits with 1 where a
bar is missed. The bar of 10x crosstab is for categories, integers and texts as a study is read from its files (each
label once in memory); text made anew for each row is shown beside it, where finding the labels is most of the work for
both. The IntervalIndex loop is timed on a sample of documents and scaled up by the number of codings.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable

import numpy as np
import pandas as pd

from crosscase.matrices import co_occurrence, coding_matrix, count_matrix

PAIR = ("case", "code")
N_CODES, N_CASES, N_DOCUMENTS, N_PARTICIPANTS = 200, 30, 3000, 600


def big_study(n_segments: int, seed: int = 1) -> pd.DataFrame:
    """Codings of a study: two codes per segment, segments spread over documents of realistic length."""
    rng = np.random.default_rng(seed)
    document = rng.integers(0, N_DOCUMENTS, n_segments)
    start = rng.integers(0, max(60 * n_segments // N_DOCUMENTS, 100), n_segments)
    size = rng.integers(20, 120, n_segments)
    pick = np.repeat(np.arange(n_segments), 2)
    code = (rng.random(len(pick)) ** 2 * N_CODES).astype(int)
    participant = document % N_PARTICIPANTS
    frame = pd.DataFrame(
        {
            "coding_id": np.arange(len(pick)),
            "document": document[pick],
            "start": start[pick],
            "end": (start + size)[pick],
            "code": code,
            "participant": participant[pick],
            "case": (participant % N_CASES)[pick],
        }
    )
    names = {"code": [f"code_{i:03}" for i in range(N_CODES)], "case": [f"case_{i:02}" for i in range(N_CASES)]}
    for column, labels in names.items():
        frame[column] = pd.Categorical.from_codes(frame[column], labels)
    return frame


def labelled(column: pd.Series, kind: str) -> pd.Series:
    """The same labels as categories, integers, text as read from a file, or text made anew for each row."""
    if kind == "int64":
        return column.cat.codes.astype("int64")
    if "own" in kind:
        return pd.Series(column.cat.categories.to_numpy(dtype="U")[column.cat.codes], name=column.name)
    return column.astype(kind)


def timed(call: Callable[[], object], repeat: int = 3) -> tuple[float, object]:
    """Best processor time of several runs (a busy machine does not count), and the result; nothing here has threads."""
    best, result = np.inf, None
    for _ in range(repeat):
        begin = time.process_time()
        result = call()
        best = min(best, time.process_time() - begin)
    return best, result


def interval_loop(frame: pd.DataFrame) -> Counter:
    """Overlapping pairs of different codes the usual way: one IntervalIndex per document, one query per coding."""
    pairs: Counter = Counter()
    for _, group in frame.groupby("document"):
        index = pd.IntervalIndex.from_arrays(group["start"], group["end"], closed="left")
        codes = group["code"].to_numpy()
        for i, interval in enumerate(index):
            for j in np.flatnonzero(index.overlaps(interval)):
                if j > i and codes[i] != codes[j]:
                    pairs[tuple(sorted((codes[i], codes[j])))] += 1
    return pairs


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--segments", type=int, default=1_000_000)
    parser.add_argument("--full", action="store_true", help="also time coding_matrix with states and provenance")
    options = parser.parse_args()
    frame = big_study(options.segments)
    print(f"{options.segments:,} segments, {len(frame):,} codings, {N_CODES} codes, {N_CASES} cases")
    missed = 0

    for kind in ("category", "int64", "str", "str, each row an object of its own"):
        rows, columns = (labelled(frame[c], kind) for c in PAIR)
        ours, table = timed(lambda r=rows, c=columns: count_matrix(r, c), 5)
        theirs, cross = timed(lambda r=rows, c=columns: pd.crosstab(r, c), 3)
        same = bool((table.to_numpy() == cross.to_numpy()).all())
        ratio = theirs / ours
        bar = 0 if "own" in kind else 10
        missed += not same or ratio < bar
        print(f"case x code ({kind}): {ours * 1e3:.1f} ms, crosstab {theirs * 1e3:.0f} ms: {ratio:.1f}x, equal: {same}")

    small = frame[frame["document"] < 3]
    sample, plain = timed(lambda: interval_loop(small), 1)
    got = co_occurrence(small, "overlap", segments=False)
    same = dict(zip(zip(got["code_a"], got["code_b"]), got["n"])) == dict(plain)
    ours, _ = timed(lambda: co_occurrence(frame, "overlap", segments=False), 2)
    scaled = sample * len(frame) / len(small)
    missed += not same or scaled / ours < 100
    print(
        f"overlap: {ours:.2f} s, IntervalIndex loop {scaled:.0f} s (scaled from {len(small):,} codings): "
        f"{scaled / ours:.0f}x, equal on the sample: {same}"
    )
    ours, _ = timed(lambda: co_occurrence(frame, "segment", segments=False), 1)
    print(f"same segment: {ours:.2f} s")
    if options.full:
        ours, _ = timed(lambda: coding_matrix(frame), 1)
        print(f"coding_matrix with states, merged characters and provenance: {ours:.1f} s")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
