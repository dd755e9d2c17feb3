"""Logical minimization of a truth table: conservative, parsimonious and intermediate solutions, all tied models.

What is done, for comparison with R's QCA (`minimize`):

* conservative: prime implicants of the positive rows alone (`include=""`);
* parsimonious: prime implicants of the positive rows and the remainders that cover a positive row (`include="?"`);
* a model is any cover of the positive rows with the smallest number of prime implicants, and all of them are returned
  (`all_sol=False`); with `all_sol=True` every irredundant cover, with no limit on its number of terms;
* row dominance is off unless `row_dom=True`;
* intermediate: see `crosscase.configurations.intermediate`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crosscase.configurations.covers import Covers, dominated, irredundant_covers, minimum_covers
from crosscase.configurations.expressions import expectations, term_text
from crosscase.configurations.primes import Terms, covers, implicants_avoiding, implicants_within
from crosscase.configurations.remarks import remarks
from crosscase.configurations.truth import MOST_ROWS, TruthTable, literals_of, row_numbers, row_settings
from crosscase.errors import CrosscaseError, Problem, raise_if

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


def minimize(
    table: TruthTable,
    *,
    include: str | Collection[str] = "",
    explain: str | Collection[str] = "1",
    dir_exp: str | Mapping[str, object] | Sequence[object] | None = None,
    all_sol: bool = False,
    row_dom: bool = False,
    max_models: int = MAX_MODELS,
) -> Solution:
    """Find all models that explain the positive rows of a truth table with the fewest terms.

    Parameters
    ----------
    table : TruthTable
        From `truth_table`.
    include : str or collection of str
        Outputs the minimization may use without having to cover them: `""` for none (conservative solution), `"?"`
        for the remainders (parsimonious), `"C"` for contradictions, `"?, C"` for both.
    explain : str or collection of str
        Outputs to be covered: `"1"`, `"0"`, `"C"` or several.
    dir_exp : str, mapping or sequence, optional
        Directional expectations, such as `"A, ~B, C[1,2]"` or `"1, 0, -"`; gives the intermediate solution and asks
        for `include="?"`.
    all_sol : bool
        Return all irredundant models instead of those with the fewest terms.
    row_dom : bool
        Leave out prime implicants that cover only part of the rows of another one.
    max_models : int
        How many models to write out; the number of all is in `n_models`.

    Returns
    -------
    Solution

    Raises
    ------
    CrosscaseError
        For unknown outputs, expectations that do not fit, or a table without a row to explain.

    References
    ----------
    Ragin, C. C., & Sonnett, J. (2005). Between complexity and parsimony. In S. Kropp & M. Minkenberg (eds.),
    Vergleichen in der Politikwissenschaft. VS Verlag.
    Duşa, A. (2019). QCA with R, ch. 8. doi:10.1007/978-3-319-75668-4

    Examples
    --------
    >>> from crosscase.configurations.truth import truth_table
    >>> frame = pd.DataFrame({"A": [1, 1, 0], "B": [1, 0, 0], "Y": [1, 1, 0]}, index=["a", "b", "c"])
    >>> minimize(truth_table(frame, "Y")).expressions
    ['A']
    """
    explained, included = _outputs(table, explain, include, dir_exp, max_models)
    if dir_exp is not None:
        from crosscase.configurations.intermediate import intermediate_solution

        expected = expectations(dir_exp, table.conditions, table.levels)
        return intermediate_solution(table, explained, included, expected, all_sol, row_dom, max_models)
    return solve(table, explained, included, all_sol, row_dom, max_models)


def solve(
    table: TruthTable,
    explained: Sequence[str],
    included: Sequence[str],
    all_sol: bool,
    row_dom: bool,
    max_models: int,
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


def _outputs(
    table: TruthTable, explain: str | Collection[str], include: str | Collection[str], dir_exp: object, max_models: int
) -> tuple[list[str], list[str]]:
    explained, included = _split(explain), _split(include)
    problems = [
        Problem(place, "an output of the truth table", repr(value), ", ".join(allowed))
        for place, values, allowed in (("explain", explained, ("1", "0", "C")), ("include", included, ("?", "C", "0")))
        for value in values
        if value not in allowed
    ]
    both = sorted(set(explained) & set(included))
    if both:
        problems.append(Problem("include", "an output is explained or included, not both", ", ".join(both)))
    if dir_exp is not None and "?" not in included:
        problems.append(Problem("dir_exp", "expectations select among remainders", "", "", "give include='?'"))
    if max_models < 1:
        problems.append(Problem("max_models", "a number of models", str(max_models), "1 or more"))
    if not problems and not len(table.settings(explained)):
        counts = table.rows["OUT"].value_counts()
        found = ", ".join(f"{number} rows {out!r}" for out, number in counts.items())
        remedy = "look at the consistencies in the truth table; lower incl_cut only with a reason"
        found = "; ".join([found, *remarks(table)])
        problems.append(
            Problem("truth table", f"there is a row with output {' or '.join(explained)}", found, "", remedy)
        )
    raise_if(problems)
    return explained, included


def _split(outputs: str | Collection[str]) -> list[str]:
    parts = outputs.split(",") if isinstance(outputs, str) else [str(o) for o in outputs]
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


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
