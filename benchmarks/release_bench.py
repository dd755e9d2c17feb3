"""Time of the gate: all results of this compendium, looked through for the texts at hand and a made-up import.

`python benchmarks/release_bench.py [megabytes]`; by default an import of 50 MB in 1,000 documents, none released.
Looked through are `results/runs`, `results/poster` and `results/book` as they stand (build them first), and one more
text as large as the import, in other words, as an export of another study would be.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np

from crosscase import paths
from crosscase.release.gate import Gate
from crosscase.release.unreleased import Unreleased, unreleased

SYLLABLES = [consonant + vowel for consonant in "bdklmnrstv" for vowel in "aeio"]
DOCUMENTS = 1000


@lru_cache(maxsize=1)
def vocabulary() -> list[str]:
    shapes = np.random.default_rng(1)
    return ["".join(shapes.choice(SYLLABLES, shapes.integers(1, 5))) for _ in range(20_000)]


def made_up(size: int, seed: int) -> str:
    """A text of so many characters: sentences of 4 to 24 words, common words as common as in English."""
    rng = np.random.default_rng(seed)
    words = vocabulary()
    chance = 1 / (np.arange(len(words)) + 2.7)
    chosen = rng.choice(len(words), size // 6 + 50, p=chance / chance.sum()).tolist()
    out, at = [], 0
    for length in rng.integers(4, 25, len(chosen) // 10).tolist():
        out.append(" ".join(words[n] for n in chosen[at : at + length]).capitalize() + ".")
        at += length
    return " ".join(out)[:size]


def results() -> Iterator[tuple[str, Path]]:
    """Every file that a build puts in place."""
    for folder in (paths.runs(), paths.posters(), paths.built_book()):
        yield from ((paths.relative(path), path) for path in sorted(folder.rglob("*")) if path.is_file())


def main() -> None:
    megabytes = float(sys.argv[1]) if len(sys.argv) > 1 else 50.0
    size = int(megabytes * 1_000_000 / DOCUMENTS)
    texts = {("import", f"d{number}"): made_up(size, number) for number in range(DOCUMENTS)}
    other = made_up(int(megabytes * 1_000_000), DOCUMENTS).encode()
    planted = texts["import", "d7"][2000:2060]
    files = list(results())
    total = sum(path.stat().st_size for _, path in files)
    print(
        f"{len(files):,} files of {total / 1e6:.0f} MB and a text of {megabytes:g} MB, for {megabytes:g} MB of secrets"
    )

    begin = time.perf_counter()
    at_hand = unreleased()
    read = time.perf_counter()
    gate = Gate(Unreleased(at_hand.texts | texts, at_hand.allowed))
    blocks = gate.texts.secrets._blocks.size
    noted = time.perf_counter()
    found = gate.problems(files)
    seen = time.perf_counter()
    found += gate.problems([("other.txt", other)])
    done = time.perf_counter()
    print(f"read {len(at_hand.texts)} texts at hand     {read - begin:6.2f} s")
    print(f"note {blocks:,} blocks     {noted - read:6.2f} s")
    print(f"look through results     {seen - noted:6.2f} s")
    print(f"look through the text    {done - seen:6.2f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"together                 {done - begin:6.2f} s   peak {peak:.0f} MB")
    print(f"found {len(found)}; a planted run: {len(gate.problems([('planted.txt', planted.encode())]))}")


if __name__ == "__main__":
    main()
