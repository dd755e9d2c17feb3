"""What a reader of a truth table must be told: cases left out, no variation, contradictions, too many conditions."""

from __future__ import annotations

import numpy as np

from crosscase.arguments import check_arguments
from crosscase.configurations.truth import TruthTable

MOST_NAMED = 10


def remarks(table: TruthTable) -> list[str]:
    """Name what is odd about the cases behind a truth table, and what was done with it.

    `table` is made by `truth_table`.

    Returns
    -------
    list of str
        One sentence each for: cases left out, cases at the crossover, conditions and an outcome without variation,
        values of multi-value conditions without a case, rows with cases of both kinds and the output they were given,
        more conditions than the configurations observed can tell apart. Empty where nothing is odd.

    Examples
    --------
    >>> import pandas as pd
    >>> from crosscase.configurations.truth import truth_table
    >>> frame = pd.DataFrame({"A": [1, 1, 0], "B": [1, 0, 1], "Y": [1, 1, 0]}, index=["a", "b", "c"])
    >>> remarks(truth_table(frame, "Y"))
    []
    >>> frame = pd.DataFrame({"A": [1, 1, 0], "B": [1, 1, 1], "Y": [1, 0, 0]}, index=["a", "b", "c"])
    >>> for remark in remarks(truth_table(frame, "Y")):
    ...     print(remark)
    no variation in B: it cannot make a difference in these cases
    row 4 is contradictory (1 of 2 cases with Y: a; without: b): output 0
    2 configurations observed for 2 conditions: more conditions than the cases can carry
    """
    check_arguments(remarks, locals())
    return [*_cases(table), *_variation(table), *_contradictions(table), *_burden(table)]


def _cases(table: TruthTable) -> list[str]:
    found = []
    if len(table.left_out):
        named = [f"{case} ({reason})" for case, reason in table.left_out[["case", "reason"]].itertuples(index=False)]
        found.append(f"left out: {_some(named)}")
    binary = [name for name, size in zip(table.conditions, table.levels) if size == 2]
    half = (table.data[binary] == 0.5).any(axis=1)
    if half.any():
        named = table.data.index[half].astype(str).tolist()
        found.append(f"at exactly .5 in a condition, in no row, counted in consistencies: {_some(named)}")
    return found


def _variation(table: TruthTable) -> list[str]:
    columns = table.data.to_numpy(dtype=float)
    crisp = np.where(np.array(table.levels) == 2, columns > 0.5, columns)
    fixed = [name for name, column in zip(table.conditions, crisp.T) if (column == column[0]).all()]
    found = [f"no variation in {', '.join(fixed)}: it cannot make a difference in these cases"] if fixed else []
    if (inside := table.y > 0.5).nunique() == 1:
        which = "every case shows" if inside.iloc[0] else "no case shows"
        found.append(f"{which} {table.outcome}: nothing can be compared")
    empty = [
        f"{name}[{value}]"
        for name, size in zip(table.conditions, table.levels)
        for value in range(size)
        if size > 2 and not (table.data[name] == value).any()
    ]
    if empty:
        found.append(f"values without a case, taken as remainders: {', '.join(empty)}")
    return found


def _contradictions(table: TruthTable) -> list[str]:
    found = []
    for number, positive, negative in table.contradictory():
        out = table.rows.loc[number, "OUT"]
        share = f"{len(positive)} of {len(positive) + len(negative)} cases with {table.outcome}"
        found.append(
            f"row {number} is contradictory ({share}: {_some(positive)}; without: {_some(negative)}): output {out}"
        )
    return found


def _burden(table: TruthTable) -> list[str]:
    seen, k = int((table.rows["n"] >= table.n_cut).sum()), len(table.conditions)
    if seen > k:
        return []
    return [f"{seen} configurations observed for {k} conditions: more conditions than the cases can carry"]


def _some(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
