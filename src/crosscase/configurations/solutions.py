"""What a minimization found: all tied models of one solution, and the search for them in a truth table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crosscase.configurations.covers import Covers, dominated, irredundant_covers, minimum_covers
from crosscase.configurations.expressions import term_text
from crosscase.configurations.primes import Terms, covers, implicants_avoiding, implicants_within
from crosscase.configurations.remarks import remarks
from crosscase.configurations.truth import MOST_ROWS, TruthTable, literals_of, row_numbers, row_settings
from crosscase.errors import CrosscaseError, Problem

MAX_MODELS = 100_000


@dataclass(frozen=True)
class Solution:
    """All models of one minimization.

    Parameters
    ----------
    table : TruthTable
        What was minimized.
    kind : str
        `conservative`, `parsimonious` or `intermediate`.
    terms : ndarray of int8, shape (terms, conditions)
        The prime implicants, -1 where a condition does not matter.
    models : list of tuple of int
        Positions of the terms of each model.
    n_models : int
        Number of tied models; larger than `len(models)` only where more than `max_models` were found.
    counted_all : bool
        Whether every model was counted; otherwise there are at least `n_models`.
    positives : ndarray of int
        Numbers of the rows that the models explain.
    assumptions : tuple of str
        Outputs that were free to be used (`?`, `C`).
    pairs : DataFrame
        Of an intermediate solution: `conservative`, `parsimonious` (numbers of the models a pair is made of),
        `models` (numbers of the intermediate models it leads to), `easy` (rows used as easy counterfactuals; the
        other simplifying assumptions of the parsimonious model are the difficult ones).
    conservative, parsimonious : Solution, optional
        Of an intermediate solution: the solutions it lies between.
    note : str
        What a reader of the solution must know.
    """

    table: TruthTable = field(repr=False)
    kind: str
    terms: Terms = field(repr=False)
    models: list[tuple[int, ...]] = field(repr=False)
    n_models: int
    counted_all: bool
    positives: NDArray[np.int64] = field(repr=False)
    assumptions: tuple[str, ...] = ()
    pairs: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    conservative: Solution | None = field(default=None, repr=False)
    parsimonious: Solution | None = field(default=None, repr=False)
    note: str = ""

    @property
    def prime_implicants(self) -> list[str]:
        """The terms as text."""
        return [term_text(literals_of(term, self.table)) for term in self.terms]

    @property
    def expressions(self) -> list[str]:
        """The models as text, such as `A*~B + C`."""
        texts = self.prime_implicants
        return [" + ".join(texts[position] for position in model) for model in self.models]

    @property
    def chart(self) -> pd.DataFrame:
        """Prime implicant x positive row: whether the one covers the other."""
        rows = row_settings(self.positives, self.table.levels)
        return pd.DataFrame(covers(self.terms, rows), index=self.prime_implicants, columns=self.positives)

    @property
    def essential(self) -> list[str]:
        """Terms that alone cover some positive row."""
        chart = self.chart
        alone = chart.loc[:, chart.sum(axis=0) == 1].any(axis=1)
        return list(chart.index[alone])

    @property
    def core(self) -> list[str]:
        """Terms that all models share."""
        common = set.intersection(*map(set, self.models)) if self.models else set()
        texts = self.prime_implicants
        return [texts[position] for position in sorted(common)]

    def covered_rows(self, model: int) -> NDArray[np.int64]:
        """Return the numbers of all rows, remainders among them, that a model (from 0) covers."""
        return covered_rows(self.terms[list(self.models[model])], self.table)

    def simplifying_assumptions(self, model: int | None = None) -> list[int]:
        """Return the remainder rows that one model (from 0), or any model, assumes to be positive."""
        chosen = sorted(set().union(*self.models)) if model is None else list(self.models[model])
        rows = covered_rows(self.terms[chosen], self.table)
        observed = self.table.rows.index[self.table.rows["OUT"] != "?"]
        return [int(n) for n in rows[~np.isin(rows, observed)]]


def covered_rows(terms: Terms, table: TruthTable) -> NDArray[np.int64]:
    """Return the numbers of all logically possible rows that some term covers, ascending."""
    if table.n_possible > MOST_ROWS:
        found = f"{table.n_possible} rows"
        raise CrosscaseError(
            [Problem("truth table", "rows can be listed", found, f"up to {MOST_ROWS}", "fewer conditions")]
        )
    numbers = []
    for term in terms:
        axes = [[int(v)] if v >= 0 else range(size) for v, size in zip(term, table.levels)]
        cells = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(term))
        numbers.append(row_numbers(cells.astype(np.int8), table.levels))
    return np.unique(np.concatenate(numbers)) if numbers else np.zeros(0, dtype=np.int64)


def solve(
    table: TruthTable, explained: Sequence[str], included: Sequence[str], all_sol: bool, row_dom: bool, max_models: int
) -> Solution:
    """Minimize with checked arguments; a remainder is used where `?` is among `included`."""
    positives = table.settings(explained)
    if "?" in included:
        kind, terms = "parsimonious", implicants_avoiding(positives, table.negatives([*explained, *included]))
    else:
        kind = "conservative"
        terms = implicants_within(positives, table.settings([*explained, *included]), table.levels)
    chosen, found = choose(terms, positives, all_sol, row_dom, max_models)
    return Solution(
        table,
        kind,
        chosen,
        found.models,
        found.n_models,
        found.counted_all,
        row_numbers(positives, table.levels),
        tuple(included),
        note=_note(table, chosen, found),
    )


def choose(terms: Terms, positives: Terms, all_sol: bool, row_dom: bool, max_models: int) -> tuple[Terms, Covers]:
    """Return the prime implicants in the chart and all covers of the positive rows."""
    chart = covers(terms, positives)
    if row_dom and not all_sol:
        keep = ~dominated(chart)
        terms, chart = terms[keep], chart[keep]
    return terms, (irredundant_covers if all_sol else minimum_covers)(chart, max_models)


def _note(table: TruthTable, terms: Terms, found: Covers) -> str:
    notes = []
    if len(terms) and (terms < 0).all(axis=1).any():
        notes.append("no row speaks against the outcome: the solution is the tautology 1 and says nothing")
    if found.n_models > len(found.models):
        less = "" if found.counted_all else "at least "
        notes.append(f"{less}{found.n_models} tied models, of which {len(found.models)} are written out")
    elif found.n_models > 1:
        notes.append(f"{found.n_models} tied models: report all of them or what they share")
    return "; ".join([*notes, *remarks(table)])
