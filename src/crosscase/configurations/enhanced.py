"""Enhanced standard analysis: remainders and rows that no sensible solution may use are excluded first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.configurations.minimization import minimize
from crosscase.configurations.solutions import Solution
from crosscase.configurations.truth import TruthTable, row_settings
from crosscase.errors import CrosscaseError, Problem

CONTRADICTORY = "assumed for the outcome and for its absence"
SIMULTANEOUS = "sufficient for the outcome and for its absence"
IMPOSSIBLE = "impossible or implausible"


def untenable_rows(
    table: TruthTable,
    *,
    impossible: str | Sequence[str] = (),
    kinds: Collection[str] = ("contradictory", "simultaneous"),
    negated: TruthTable | None = None,
) -> pd.DataFrame:
    """Find the rows that an enhanced standard analysis excludes.

    Parameters
    ----------
    table : TruthTable
        Of the outcome.
    impossible : str or sequence of str
        Expressions that no case can fulfil (`"PREGNANT*MALE"`) or that make no sense; remainders inside them are
        excluded.
    kinds : collection of str
        `contradictory`: remainders that some parsimonious model of the outcome and some parsimonious model of its
        absence both assume to be positive. `simultaneous`: observed rows that are `1` in both truth tables.
    negated : TruthTable, optional
        Of the absence of the outcome; `table.negate()` if left out.

    Returns
    -------
    DataFrame
        `row`, `kind`, `reason`, the conditions; a row may occur once for each reason.

    Raises
    ------
    CrosscaseError
        For unknown kinds.

    References
    ----------
    Schneider, C. Q., & Wagemann, C. (2013). Doing justice to logical remainders in QCA. Political Research Quarterly
    66(1), 211-220. doi:10.1177/1065912912468269
    """
    check_arguments(untenable_rows, locals())
    unknown = sorted(set(kinds) - {"contradictory", "simultaneous"})
    if unknown:
        raise CrosscaseError([Problem("kinds", "a kind of untenable row", str(unknown), "contradictory, simultaneous")])
    other = table.negate() if negated is None else negated
    found: list[tuple[int, str, str]] = []
    if "contradictory" in kinds:
        assumed = [
            set(minimize(t, include="?").simplifying_assumptions())
            for t in (table, other)
            if (t.rows["OUT"] == "1").any()
        ]
        if len(assumed) == 2:
            found += [(row, "contradictory", CONTRADICTORY) for row in sorted(assumed[0] & assumed[1])]
    if "simultaneous" in kinds:
        ones = [set(t.rows.index[t.rows["OUT"] == "1"]) for t in (table, other)]
        found += [(int(row), "simultaneous", SIMULTANEOUS) for row in sorted(ones[0] & ones[1])]
    for expression in [impossible] if isinstance(impossible, str) else impossible:
        found += [(row, "impossible", f"{IMPOSSIBLE}: {expression}") for row in table.rows_in(expression)]
    frame = pd.DataFrame(found, columns=["row", "kind", "reason"])
    settings = row_settings(frame["row"].to_numpy(dtype=np.int64), table.levels).astype(int)
    return frame.join(pd.DataFrame(settings, columns=list(table.conditions), index=frame.index))


def enhanced_analysis(
    table: TruthTable,
    *,
    impossible: str | Sequence[str] = (),
    kinds: Collection[str] = ("contradictory", "simultaneous"),
    negated: TruthTable | None = None,
    dir_exp: str | Mapping[str, object] | Sequence[object] | None = None,
) -> tuple[Solution, pd.DataFrame]:
    """Minimize with remainders after untenable rows have been excluded.

    Parameters
    ----------
    table, impossible, kinds, negated
        As for `untenable_rows`.
    dir_exp : str, mapping or sequence, optional
        Directional expectations; gives the enhanced intermediate instead of the enhanced parsimonious solution.

    Returns
    -------
    solution : Solution
        Of the truth table without the untenable rows.
    excluded : DataFrame
        As from `untenable_rows`.

    References
    ----------
    Schneider, C. Q., & Wagemann, C. (2013). Doing justice to logical remainders in QCA. Political Research Quarterly
    66(1), 211-220. doi:10.1177/1065912912468269
    """
    check_arguments(enhanced_analysis, locals())
    rows = untenable_rows(table, impossible=impossible, kinds=kinds, negated=negated)
    return minimize(table.exclude(rows["row"].tolist()), include="?", dir_exp=dir_exp), rows
