"""What a truth table can carry before it is minimized, and all its solutions side by side."""

from __future__ import annotations

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.configurations.minimization import minimize
from crosscase.configurations.reports import limited_diversity, skewness, solutions_frame
from crosscase.configurations.truth import TruthTable
from crosscase.errors import CrosscaseError

FEWEST = 10
KINDS = (("complex", "", False), ("parsimonious", "?", False), ("intermediate", "?", True))


def carrying_capacity(table: TruthTable) -> pd.DataFrame:
    """Say which demands of a configurational analysis the cases meet; nothing is minimized.

    `table` is made by `truth_table`.

    Returns
    -------
    pandas.DataFrame
        One row per demand: `demand, found, needed, met, reason`: cases in use, cases left out, conditions that vary,
        an outcome that varies, configurations for each condition (more rows observed than conditions), contradictory
        rows (with cases on both sides of .5 in the outcome), remainders.

    References
    ----------
    Marx, A., & Dusa, A. (2011). Crisp-set qualitative comparative analysis, contradictions and consistency benchmarks
    for model specification. Methodological Innovations Online 6(2), 103-148. doi:10.4256/mio.2010.0037

    Examples
    --------
    >>> from crosscase.configurations.truth import truth_table
    >>> frame = pd.DataFrame({"A": [1, 1, 0], "B": [1, 1, 1], "Y": [1, 1, 0]}, index=["a", "b", "c"])
    >>> found = carrying_capacity(truth_table(frame, "Y")).set_index("demand")
    >>> found.loc["conditions vary", ["found", "needed", "reason"]].tolist()
    ['1', '2', 'no variation: B']
    """
    check_arguments(carrying_capacity, locals())
    skew, spread = skewness(table), limited_diversity(table).iloc[0]
    still = skew[skew["share_in"].isin([0.0, 1.0])]
    fixed = still.loc[still["role"].eq("condition"), "set"].tolist()
    n, k, seen = len(table.data), len(table.conditions), int(spread["n_observed"])
    against = len(table.contradictory())
    left = "; ".join(f"{case}: {why}" for case, why in table.left_out[["case", "reason"]].itertuples(index=False))
    remainders = f"{int(spread['n_remainders'])} of {int(spread['n_possible'])} configurations have no case"
    outcome_fixed = still["role"].eq("outcome").any()
    rows = [
        ("cases in use", n, FEWEST, n >= FEWEST, "" if n >= FEWEST else "too few cases for a pattern to mean anything"),
        ("cases left out", len(table.left_out), 0, table.left_out.empty, left),
        ("conditions vary", k - len(fixed), k, not fixed, f"no variation: {', '.join(fixed)}" if fixed else ""),
        ("outcome varies", int(not outcome_fixed), 1, not outcome_fixed, "one outcome only" if outcome_fixed else ""),
        (
            "configurations observed exceed conditions",
            seen,
            k + 1,
            seen > k,
            "" if seen > k else "more conditions than the cases carry: they cannot be told apart",
        ),
        ("contradictory rows", against, 0, against == 0, "rows with both outcomes" if against else ""),
        ("remainders", int(spread["n_remainders"]), 0, spread["n_remainders"] == 0, remainders),
    ]
    out = pd.DataFrame(rows, columns=["demand", "found", "needed", "met", "reason"])
    return out.astype({"found": str, "needed": str, "met": bool})


def all_solutions(table: TruthTable, dir_exp: str | None = None) -> pd.DataFrame:
    """Return the complex, parsimonious and intermediate solutions with all tied models; what fails has its reason.

    Parameters
    ----------
    table : TruthTable
        From `truth_table`.
    dir_exp : str, optional
        Directional expectations of the intermediate solution, such as `"A, ~B"`; without them there is none.

    Returns
    -------
    pandas.DataFrame
        As `solutions_frame`, one solution under the other, `kind` in front and `reason` at the end; cases apart by
        a comma and a space, so that a long row of them can wrap.

    Examples
    --------
    >>> from crosscase.configurations.truth import truth_table
    >>> frame = pd.DataFrame({"A": [1, 1, 0], "B": [1, 0, 0], "Y": [1, 1, 0]}, index=["a", "b", "c"])
    >>> all_solutions(truth_table(frame, "Y"))["kind"].unique().tolist()
    ['complex', 'parsimonious', 'intermediate']
    """
    check_arguments(all_solutions, locals())
    parts = []
    for kind, include, directed in KINDS:
        if directed and dir_exp is None:
            parts.append(pd.DataFrame([{"kind": kind, "reason": "no directional expectation was stated"}]))
            continue
        try:
            found = minimize(table, include=include, dir_exp=dir_exp if directed else None)
        except CrosscaseError as error:
            parts.append(pd.DataFrame([{"kind": kind, "reason": "; ".join(p.found for p in error.problems)}]))
            continue
        frame = solutions_frame(found).assign(reason=found.note)
        frame[["cases", "deviant"]] = frame[["cases", "deviant"]].replace(",", ", ", regex=True)
        frame.insert(0, "kind", kind)
        parts.append(frame)
    return pd.concat(parts, ignore_index=True)
