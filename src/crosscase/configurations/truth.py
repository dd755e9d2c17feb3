"""Truth tables: which combinations of conditions occur, and whether each is sufficient for the outcome."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crosscase.arguments import Values, check_arguments
from crosscase.configurations.expressions import Literal, parse_expression, parse_literal
from crosscase.configurations.fit import sufficiency_scores
from crosscase.configurations.inputs import (
    check_cuts,
    condition_levels,
    named_conditions,
    outcome_scores,
    plain_frame,
    row_list,
    usable_cases,
)
from crosscase.errors import CrosscaseError, Problem

TOLERANCE = 1e-10
MOST_CONDITIONS = 20
MOST_ROWS = 2**21


@dataclass(frozen=True)
class TruthTable:
    """A truth table with the cases and cut-offs behind it.

    Parameters
    ----------
    rows : DataFrame
        The observed rows, index `row` (number of the configuration, 1 for all conditions at 0, the first condition
        varying slowest, as in R's QCA); columns: the conditions, `OUT` (`1`, `0`, `C`, or `?` where fewer cases than
        `n_cut`), `n`, `consistency`, `pri`, `cases`, `deviant`, `note`.
    conditions : tuple of str
        Names of the conditions.
    levels : tuple of int
        Number of values of each condition; 2 for crisp and fuzzy ones.
    outcome : str
        The outcome as it was asked for.
    data : DataFrame
        The calibrated conditions of the cases in use.
    y : Series
        Membership of these cases in the outcome (already negated where a `~` was asked for).
    excluded : frozenset of int
        Numbers of rows that were set to `0` although they were remainders or positive.
    left_out : DataFrame
        `case`, `reason`: cases that could not be used.
    incl_cut, n_cut, pri_cut : tuple of float, int, float
        The cut-offs.
    source : DataFrame
        The frame the table was made from.
    allow_half : bool
        Whether memberships of exactly .5 in a condition were let through.
    """

    rows: pd.DataFrame
    conditions: tuple[str, ...]
    levels: tuple[int, ...]
    outcome: str
    data: Values
    y: pd.Series
    incl_cut: tuple[float, ...]
    n_cut: int
    pri_cut: float
    left_out: pd.DataFrame
    source: pd.DataFrame = field(repr=False)
    excluded: frozenset[int] = frozenset()
    allow_half: bool = False

    @property
    def n_possible(self) -> int:
        """Number of logically possible configurations."""
        return int(np.prod(self.levels, dtype=object))

    def settings(self, out: Collection[str]) -> NDArray[np.int8]:
        """Return the values of the conditions in the observed rows with one of these outputs."""
        chosen = self.rows[self.rows["OUT"].isin(list(out))]
        return chosen[list(self.conditions)].to_numpy(dtype=np.int8)

    def negatives(self, positives: Collection[str]) -> NDArray[np.int8]:
        """Return every row that must not be covered: neither among `positives` nor a remainder, or excluded."""
        observed = self.rows[~self.rows["OUT"].isin([*positives, "?"])][list(self.conditions)].to_numpy(dtype=np.int8)
        absent = sorted(self.excluded - set(self.rows.index))
        return np.concatenate([observed, row_settings(np.array(absent, dtype=np.int64), self.levels)])

    def complete(self) -> pd.DataFrame:
        """Return all logically possible rows, remainders without cases marked `?`."""
        if self.n_possible > MOST_ROWS:
            found = f"{self.n_possible} rows"
            raise CrosscaseError([Problem("truth table", "the complete table must fit", found, f"up to {MOST_ROWS}")])
        numbers = np.arange(1, self.n_possible + 1)
        frame = pd.DataFrame(row_settings(numbers, self.levels), columns=list(self.conditions), index=numbers)
        frame.index.name = "row"
        rest = self.rows.drop(columns=list(self.conditions)).reindex(numbers)
        rest["OUT"] = rest["OUT"].where(rest["OUT"].notna(), "?")
        rest.loc[[n for n in sorted(self.excluded) if n <= self.n_possible], "OUT"] = "0"
        rest["n"] = rest["n"].fillna(0).astype(int)
        for column in ("cases", "deviant"):
            rest[column] = rest[column].where(rest[column].notna(), "")
        rest["note"] = rest["note"].where(rest["note"].notna(), "no case")
        rest.loc[sorted(self.excluded - set(self.rows.index)), "note"] = "no case; excluded"
        return frame.join(rest)

    def contradictory(self) -> list[tuple[int, list[str], list[str]]]:
        """Return number, cases with and cases without the outcome of each row that holds cases of both kinds."""
        own, placed = _own_rows(self.data.to_numpy(dtype=float), self.levels)
        cases, y = self.data.index.astype(str)[placed], self.y.to_numpy()[placed]
        frame = pd.DataFrame({"row": row_numbers(own, self.levels), "case": cases, "in": y > 0.5, "out": y < 0.5})
        return [
            (int(str(number)), part.loc[part["in"], "case"].tolist(), part.loc[part["out"], "case"].tolist())
            for number, part in frame.groupby("row")
            if part["in"].any() and part["out"].any()
        ]

    def exclude(self, rows: Collection[int]) -> TruthTable:
        """Return the same table with these rows set to `0`, so that no solution covers them."""
        numbers = set(row_list(rows, "exclude"))
        wrong = sorted(n for n in numbers if not 1 <= n <= self.n_possible)
        if wrong:
            raise CrosscaseError([Problem("exclude", "rows are numbered", str(wrong), f"1 to {self.n_possible}")])
        changed = self.rows.copy()
        hit = changed.index.isin(sorted(numbers))
        changed.loc[hit & (changed["OUT"] != "0"), "note"] = "excluded"
        changed.loc[hit, "OUT"] = "0"
        return replace(self, rows=changed, excluded=self.excluded | numbers)

    def negate(
        self, incl_cut: float | Sequence[float] | None = None, n_cut: int | None = None, pri_cut: float | None = None
    ) -> TruthTable:
        """Return the truth table of the absence of the outcome, made from the same cases.

        Without other cut-offs the same are used; of two inclusion cuts the second, as in R's `findRows`.
        Excluded rows are not taken over: what is impossible for both outcomes is excluded again by the caller.
        """
        return truth_table(
            self.source,
            self.outcome[1:] if self.outcome.startswith("~") else "~" + self.outcome,
            self.conditions,
            incl_cut=self.incl_cut[-1] if incl_cut is None else incl_cut,
            n_cut=self.n_cut if n_cut is None else n_cut,
            pri_cut=self.pri_cut if pri_cut is None else pri_cut,
            levels=dict(zip(self.conditions, self.levels)),
            allow_half=self.allow_half,
        )

    def rows_in(self, expression: str, observed: bool = False) -> list[int]:
        """Return the numbers of the rows that lie inside an expression; remainders only unless `observed`."""
        parsed = parse_expression(expression)
        numbers = np.arange(1, self.n_possible + 1)
        cells = row_settings(numbers, self.levels)
        inside = np.zeros(len(cells), dtype=bool)
        for term in parsed:
            hit = np.ones(len(cells), dtype=bool)
            for literal in term:
                if literal.name not in self.conditions:
                    found, allowed = repr(literal.name), ", ".join(self.conditions)
                    raise CrosscaseError([Problem("expression", "rows are found by conditions", found, allowed)])
                column = cells[:, self.conditions.index(literal.name)]
                wanted = literal.values if literal.values is not None else (1,)
                hit &= np.isin(column, wanted) != literal.negated
            inside |= hit
        if not observed:
            inside &= ~np.isin(numbers, self.rows.index[self.rows["OUT"] != "?"])
        return [int(n) for n in numbers[inside]]


def row_settings(numbers: NDArray[np.int64], levels: Sequence[int]) -> NDArray[np.int8]:
    """Return the values of the conditions in rows of these numbers (1-based, first condition slowest)."""
    if len(numbers) == 0:
        return np.zeros((0, len(levels)), dtype=np.int8)
    return np.stack(np.unravel_index(np.asarray(numbers) - 1, tuple(levels)), axis=1).astype(np.int8)


def row_numbers(settings: NDArray[np.int8], levels: Sequence[int]) -> NDArray[np.int64]:
    """Return the numbers of rows with these values of the conditions."""
    if len(settings) == 0:
        return np.zeros(0, dtype=np.int64)
    return np.ravel_multi_index(tuple(settings.T.astype(np.int64)), tuple(levels)).astype(np.int64) + 1


def truth_table(
    data: Values,
    outcome: str,
    conditions: str | Sequence[str] | None = None,
    *,
    incl_cut: float | Sequence[float] = 1.0,
    n_cut: int = 1,
    pri_cut: float = 0.0,
    exclude: Collection[int] = (),
    levels: Mapping[str, int] | None = None,
    case: str | None = None,
    allow_half: bool = False,
) -> TruthTable:
    """Compute the truth table of calibrated conditions and an outcome.

    A case belongs to the one row in which its membership is above .5. A row is `?` where it holds fewer than `n_cut`
    cases; `1` where consistency reaches the (first) inclusion cut and PRI reaches `pri_cut`; `C`, a contradiction,
    where two inclusion cuts are given and consistency lies below the first and not below the second; else `0`.

    Parameters
    ----------
    data : DataFrame
        Case x condition and outcome. Crisp columns hold 0 and 1, fuzzy ones 0 to 1, multi-value ones 0, 1, 2, ...
        Cases in the index or in the column `case`.
    outcome : str
        Column of the outcome; `~Y` for its absence, `Y[1]` or `Y[1,2]` for values of a multi-value one.
    conditions : str or sequence of str, optional
        Columns of the conditions, such as `["A", "B"]` or `"A, B"`; all but the outcome if left out.
    incl_cut : float or pair of float
        Inclusion cut, 0 to 1; or the cut for `1` and the lower cut for `0`.
    n_cut : int
        Cases a row needs so that it is no remainder.
    pri_cut : float
        Smallest PRI of a `1` row.
    exclude : collection of int
        Numbers of rows to be set to `0`.
    levels : mapping, optional
        Number of values of a multi-value condition, where the highest value does not occur in any case.
    case : str, optional
        Column with the labels of the cases; the column `case` if there is one, else the index.
    allow_half : bool
        Let memberships of exactly .5 in a condition through, as R's QCA does with a warning: such a case belongs to
        no row and still counts in the consistencies. By default they are refused.

    Returns
    -------
    TruthTable

    Raises
    ------
    CrosscaseError
        Where columns are missing, memberships lie outside 0 to 1 or are exactly .5 in a condition, cut-offs do not
        fit, or there are more than 20 conditions.

    References
    ----------
    Ragin, C. C. (2008). Redesigning Social Inquiry, ch. 7. doi:10.7208/chicago/9780226702797.001.0001
    Duşa, A. (2019). QCA with R, ch. 7. doi:10.1007/978-3-319-75668-4

    Examples
    --------
    >>> frame = pd.DataFrame({"A": [1, 1, 0], "B": [1, 0, 0], "Y": [1, 1, 0]}, index=["a", "b", "c"])
    >>> truth_table(frame, "Y").rows[["A", "B", "OUT", "n", "cases"]].to_dict("index")[4]
    {'A': 1, 'B': 1, 'OUT': '1', 'n': 1, 'cases': 'a'}
    """
    check_arguments(truth_table, locals(), but=("exclude", "levels"))
    cuts = check_cuts(incl_cut, n_cut, pri_cut)
    target = parse_literal(outcome, "outcome")
    frame = plain_frame(data, case)
    names = named_conditions(conditions, frame, target.name)
    usable, left_out = usable_cases(frame, target.name, names)
    if len(names) > MOST_CONDITIONS:
        found, allowed = f"{len(names)} conditions", f"up to {MOST_CONDITIONS}"
        raise CrosscaseError([Problem("conditions", "a truth table has few conditions", found, allowed, "choose")])
    sizes = condition_levels(usable, names, {} if levels is None else levels, allow_half)
    scores = outcome_scores(usable[target.name], target)
    rows = _rows(usable[list(names)], scores, names, sizes, cuts, n_cut, pri_cut)
    table = TruthTable(
        rows, names, sizes, str(target), usable[list(names)], scores, cuts, n_cut, pri_cut, left_out, frame,
        allow_half=allow_half,
    )  # fmt: skip
    return table.exclude(chosen) if (chosen := row_list(exclude, "exclude")) else table


def _rows(
    data: Values,
    y: pd.Series,
    names: tuple[str, ...],
    sizes: tuple[int, ...],
    cuts: tuple[float, ...],
    n_cut: int,
    pri_cut: float,
) -> pd.DataFrame:
    values = data.to_numpy(dtype=float)
    binary = np.array(sizes) == 2
    own, placed = _own_rows(values, sizes)
    numbers, first, where, counts = np.unique(
        row_numbers(own, sizes), return_index=True, return_inverse=True, return_counts=True
    )
    corners = own[first]
    members = np.ones((len(values), len(corners)))
    for position, fuzzy in enumerate(binary):
        column, corner = values[:, position, None], corners[None, :, position]
        literal = np.where(corner == 1, column, 1.0 - column) if fuzzy else (column == corner).astype(float)
        members = np.minimum(members, literal)
    fit = sufficiency_scores(members, y.to_numpy())
    rows = pd.DataFrame(corners.astype(int), columns=list(names), index=pd.Index(numbers, name="row"))
    labels = pd.Series(data.index.astype(str)[placed])
    deviant = y.to_numpy()[placed] < 0.5
    joined = labels.groupby(where).agg(",".join)
    rows["OUT"] = _outputs(fit, counts, cuts, n_cut, pri_cut)
    rows["n"] = counts
    rows["consistency"], rows["pri"] = fit["consistency"].to_numpy(), fit["pri"].to_numpy()
    rows["cases"] = joined.to_numpy()
    rows["deviant"] = labels.where(deviant).groupby(where).agg(lambda s: ",".join(s.dropna())).to_numpy()
    note = np.where(fit["pri"].isna(), "PRI undefined: no membership outside the overlap of outcome and absence", "")
    rows["note"] = np.where(counts < n_cut, f"fewer than {n_cut} cases", note)
    return rows


def _own_rows(values: NDArray[np.float64], sizes: Sequence[int]) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    """Return the row each case belongs to, and which cases belong to one: those at .5 in a condition do not."""
    binary = np.array(sizes) == 2
    placed = ~((values == 0.5) & binary).any(axis=1)
    return np.where(binary, values > 0.5, values).astype(np.int8)[placed], placed


def _outputs(
    fit: pd.DataFrame, counts: NDArray[np.intp], cuts: tuple[float, ...], n_cut: int, pri_cut: float
) -> list[str]:
    incl, pri = fit["consistency"].to_numpy(), fit["pri"].fillna(0.0).to_numpy()
    positive = (incl >= cuts[0] - TOLERANCE) & (pri >= pri_cut - TOLERANCE)
    between = (incl < cuts[0] - TOLERANCE) & (incl >= cuts[-1] - TOLERANCE)
    out = np.where(positive, "1", np.where(between, "C", "0"))
    return [str(v) for v in np.where(counts < n_cut, "?", out)]


def literals_of(term: NDArray[np.int8], table: TruthTable) -> tuple[Literal, ...]:
    """Turn a row of values (-1 where a condition does not matter) into literals; brackets once a condition has many."""
    multi = max(table.levels) > 2
    return tuple(
        Literal(name, (int(value),)) if multi else Literal(name, negated=value == 0)
        for name, value in zip(table.conditions, term)
        if value >= 0
    )
