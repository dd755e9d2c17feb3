"""Intermediate solutions: only counterfactuals that agree with what is expected are used.

For each pair of a conservative and a parsimonious model, each term of the first that lies inside a term of the second
loses the literals that the parsimonious term lacks and that contradict a directional expectation (a literal agrees
when its value is among the expected ones; without expectation it stays). The remainders inside the resulting terms
(and contradictions, where they were included) are the easy counterfactuals; positive rows and easy counterfactuals
are minimized together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import or_

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crosscase.configurations.primes import Terms, implicants_within
from crosscase.configurations.remarks import remarks
from crosscase.configurations.solutions import Solution, choose, covered_rows, solve
from crosscase.configurations.truth import TruthTable, row_numbers, row_settings


def intermediate_solution(
    table: TruthTable,
    explained: Sequence[str],
    included: Sequence[str],
    expected: Mapping[int, frozenset[int]],
    all_sol: bool = False,
    row_dom: bool = False,
    max_models: int = 100_000,
) -> Solution:
    """Find the intermediate models of all pairs of conservative and parsimonious models (`pairs` says of which).

    `explained` are outputs to be covered, `included` those that may be used (`?` among them), `expected` what
    `expectations` returns; the rest as for `minimize`.

    References
    ----------
    Ragin, C. C., & Sonnett, J. (2005). Between complexity and parsimony. In S. Kropp & M. Minkenberg (eds.),
    Vergleichen in der Politikwissenschaft. VS Verlag.
    """
    rest = [output for output in included if output != "?"]
    complex_ = solve(table, explained, rest, all_sol, row_dom, max_models)
    simple = solve(table, explained, included, all_sol, row_dom, max_models)
    positives = table.settings(explained)
    reach = _Reach(complex_, simple, expected, row_numbers(positives, table.levels), table)
    pool: dict[bytes, int] = {}
    solved: dict[int, tuple[list[int], list[tuple[int, ...]]]] = {}
    models: dict[tuple[int, ...], int] = {}
    records = []
    exact = all(s.counted_all and s.n_models == len(s.models) for s in (complex_, simple))
    for c, p, easy in reach.pairs():
        if easy not in solved:
            numbers = reach.numbers(easy)
            rows = row_settings(numbers, table.levels)
            allowed = np.concatenate([positives, rows])
            within = implicants_within(positives, allowed, table.levels)
            terms, found = choose(within, positives, all_sol, row_dom, max_models)
            exact &= found.counted_all and found.n_models == len(found.models)
            names = [pool.setdefault(term.tobytes(), len(pool)) for term in terms]
            solved[easy] = numbers.tolist(), [tuple(names[i] for i in model) for model in found.models]
            for model in solved[easy][1]:
                models.setdefault(model, len(models))
        records.append((c, p, easy))
    terms, ordered, renumbered = _tidy(pool, models, len(table.conditions))
    leads = {easy: sorted(renumbered[models[model]] for model in found) for easy, (_, found) in solved.items()}
    pairs = pd.DataFrame(
        [(c + 1, p + 1, leads[easy], solved[easy][0]) for c, p, easy in records],
        columns=["conservative", "parsimonious", "models", "easy"],
    )
    parents = f"{complex_.n_models} conservative x {simple.n_models} parsimonious models"
    note = f"{parents} give {len(ordered)} intermediate models" if len(ordered) > 1 or len(records) > 1 else ""
    note = "; ".join(part for part in (note, *remarks(table)) if part)
    if not exact:
        note += "; not every pair of tied models could be looked at: there may be more"
    return Solution(
        table, "intermediate", terms, ordered, len(ordered), exact, complex_.positives, tuple(included), pairs,
        complex_, simple, note,
    )  # fmt: skip


class _Reach:
    """The remainders that become easy counterfactuals, as bits of a number, remembered for each pair of terms."""

    def __init__(
        self,
        complex_: Solution,
        simple: Solution,
        expected: Mapping[int, frozenset[int]],
        positives: NDArray[np.int64],
        table: TruthTable,
    ) -> None:
        self._complex, self._simple, self._table = complex_, simple, table
        self._expected, self._positives = expected, positives
        free = simple.terms[None, :, :] < 0
        self._inside = (free | (complex_.terms[:, None, :] == simple.terms[None, :, :])).all(axis=2)
        self._known: dict[bytes, int] = {}

    def pairs(self) -> Iterator[tuple[int, int, int]]:
        """Yield each pair of models with its easy counterfactuals."""
        for c, complex_model in enumerate(self._complex.models):
            gain = [0] * len(self._simple.terms)
            for p, term in enumerate(self._simple.terms):
                for position in complex_model:
                    if self._inside[position, p]:
                        gain[p] |= self._rows(self._complex.terms[position], term)
            for p, simple_model in enumerate(self._simple.models):
                yield c, p, reduce(or_, (gain[position] for position in simple_model))

    def numbers(self, easy: int) -> NDArray[np.int64]:
        """Return the row numbers behind the bits."""
        packed = np.frombuffer(easy.to_bytes(self._table.n_possible // 8 + 1, "little"), dtype=np.uint8)
        return np.flatnonzero(np.unpackbits(packed, bitorder="little")).astype(np.int64)

    def _rows(self, term: NDArray[np.int8], simple: NDArray[np.int8]) -> int:
        shorter = term.copy()
        for position, values in self._expected.items():
            if simple[position] < 0 and term[position] >= 0 and int(term[position]) not in values:
                shorter[position] = -1
        key = shorter.tobytes()
        if key not in self._known:
            rows = covered_rows(shorter[None, :], self._table)
            flags = np.zeros(self._table.n_possible + 1, dtype=bool)
            flags[rows[~np.isin(rows, self._positives)]] = True
            self._known[key] = int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")
        return self._known[key]


def _tidy(
    pool: dict[bytes, int], models: dict[tuple[int, ...], int], k: int
) -> tuple[Terms, list[tuple[int, ...]], dict[int, int]]:
    """Keep the terms in use, put terms and models in order, and say where each model went."""
    everything = np.array([np.frombuffer(term, dtype=np.int8) for term in pool], dtype=np.int8).reshape(-1, k)
    used = sorted({position for model in models for position in model})
    order = sorted(used, key=lambda i: ((everything[i] >= 0).sum(), (-everything[i]).tolist()))
    place = {old: new for new, old in enumerate(order)}
    moved = {tuple(sorted(place[i] for i in model)): number for model, number in models.items()}
    ordered = sorted(moved, key=lambda m: (len(m), m))
    return everything[order], ordered, {moved[model]: new + 1 for new, model in enumerate(ordered)}
