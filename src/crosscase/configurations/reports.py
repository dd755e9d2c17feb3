"""Report frames: fit of solutions, limited diversity, skewed sets, cut-off sweep, and cases for an XY plot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from crosscase.arguments import Values, check_arguments
from crosscase.configurations.expressions import membership, parse_expression, term_membership, term_text
from crosscase.configurations.fit import model_scores, sufficiency_scores
from crosscase.configurations.inputs import plain_frame
from crosscase.configurations.minimization import minimize
from crosscase.configurations.solutions import Solution
from crosscase.configurations.truth import TruthTable, literals_of, truth_table
from crosscase.errors import CrosscaseError, Problem

SKEW = 0.2


def solutions_frame(solution: Solution) -> pd.DataFrame:
    """Compute the fit of every term of every model, and of every model as a whole.

    `solution` is made by `minimize`.

    Returns
    -------
    DataFrame
        One row per model x term, and one per model with the term `(model)`: `solution` (kind), `outcome`, `model`
        (`M1`, ...), `term`, `n_literals`, `consistency`, `pri`, `raw_coverage`, `unique_coverage`, `cases` (membership
        above .5), `deviant` (of these, those with less than .5 in the outcome), `core` (term of every model),
        `n_cases`, `n_models`. R's QCA calls the four numbers inclS, PRI, covS and covU.

    References
    ----------
    Ragin, C. C. (2008). Redesigning Social Inquiry, ch. 3. doi:10.7208/chicago/9780226702797.001.0001

    Examples
    --------
    >>> from crosscase.configurations.truth import truth_table
    >>> frame = pd.DataFrame({"A": [1, 1, 0], "B": [1, 0, 0], "Y": [1, 1, 0]}, index=["a", "b", "c"])
    >>> report = solutions_frame(minimize(truth_table(frame, "Y")))
    >>> report[["model", "term", "consistency", "raw_coverage", "cases"]].values.tolist()
    [['M1', 'A', 1.0, 1.0, 'a,b'], ['M1', '(model)', 1.0, 1.0, 'a,b']]
    """
    check_arguments(solutions_frame, locals())
    table, y = solution.table, solution.table.y.to_numpy()
    terms = [literals_of(term, table) for term in solution.terms]
    members = np.stack([term_membership(table.data, term) for term in terms], axis=1)
    each = sufficiency_scores(members, y).assign(
        term=[term_text(term) for term in terms], n_literals=[len(term) for term in terms]
    )
    each["cases"], each["deviant"] = _cases(members, y, table)
    each["core"] = each["term"].isin(solution.core)
    parts = []
    sizes = np.array([len(model) for model in solution.models])
    for size in np.unique(sizes):
        which = np.flatnonzero(sizes == size)
        models = np.array([solution.models[i] for i in which]).reshape(len(which), size)
        whole, unique = model_scores(members, y, models)
        inner = each.iloc[models.ravel()].assign(model=np.repeat(which, size), unique_coverage=unique.ravel(), place=0)
        outer = whole.assign(term="(model)", n_literals=each["n_literals"].to_numpy()[models].sum(axis=1), core=False)
        inside = (members > 0.5)[:, models].any(axis=2)
        outer["cases"], outer["deviant"] = _cases(inside, y, table)
        parts += [inner, outer.assign(model=which, unique_coverage=np.nan, place=1)]
    frame = pd.concat(parts, ignore_index=True).sort_values(["model", "place"], kind="stable", ignore_index=True)
    frame["model"] = "M" + (frame["model"] + 1).astype(str)
    frame["solution"], frame["outcome"] = solution.kind, table.outcome
    frame["n_cases"], frame["n_models"] = len(y), solution.n_models
    columns = "solution outcome model term n_literals consistency pri raw_coverage unique_coverage cases deviant core"
    return frame.rename(columns={"coverage": "raw_coverage"})[[*columns.split(), "n_cases", "n_models"]]


def _cases(members: ArrayLike, y: NDArray[np.float64], table: TruthTable) -> tuple[list[str], list[str]]:
    """Join the labels of the cases in each set (a column), and of those among them without the outcome."""
    labels = table.data.index.astype(str).to_numpy()
    patterns, where = np.unique(np.asarray(members) > 0.5, axis=1, return_inverse=True)
    where = where.reshape(-1)
    inside = np.array([",".join(labels[column]) for column in patterns.T], dtype=object)
    deviant = np.array([",".join(labels[column & (y < 0.5)]) for column in patterns.T], dtype=object)
    return list(inside[where]), list(deviant[where])


def limited_diversity(table: TruthTable) -> pd.DataFrame:
    """Count how many of the logically possible configurations were observed.

    `table` is made by `truth_table`.

    Returns
    -------
    DataFrame
        One row: `n_conditions`, `n_possible`, `n_observed` (rows with at least `n_cut` cases), `n_remainders`,
        `share_observed`, `n_below_n_cut` (rows with too few cases), `n_cases`, `n_left_out`, `n_contradictory`
        (rows with cases on both sides of .5 in the outcome, as `carrying_capacity` counts them), `note`.

    Examples
    --------
    >>> frame = pd.DataFrame({"A": [1, 1, 0], "B": [1, 0, 0], "Y": [1, 1, 0]}, index=["a", "b", "c"])
    >>> limited_diversity(truth_table(frame, "Y"))[["n_possible", "n_observed", "n_remainders"]].values.tolist()
    [[4, 3, 1]]
    """
    check_arguments(limited_diversity, locals())
    rows = table.rows
    thin = int((rows["n"] < table.n_cut).sum())
    observed = len(rows) - thin
    notes = []
    if table.n_possible > len(table.data):
        notes.append(f"{len(table.data)} cases cannot fill {table.n_possible} configurations")
    if (single := int((rows["n"] == 1).sum())) == len(rows):
        notes.append("every observed configuration rests on one case")
    elif single:
        notes.append(f"{single} of {len(rows)} observed configurations rest on one case")
    record = {
        "n_conditions": len(table.conditions),
        "n_possible": table.n_possible,
        "n_observed": observed,
        "n_remainders": table.n_possible - observed,
        "share_observed": observed / table.n_possible,
        "n_below_n_cut": thin,
        "n_cases": len(table.data),
        "n_left_out": len(table.left_out),
        "n_contradictory": len(table.contradictory()),
        "note": "; ".join(notes),
    }
    return pd.DataFrame([record])


def skewness(table: TruthTable) -> pd.DataFrame:
    """Show how the cases are spread over each set, with a warning where nearly all or nearly none belong to it.

    A short parsimonious term says little where nearly all cases show the outcome: nearly every set is then sufficient
    for it, and a skewed condition easily looks necessary.

    `table` is made by `truth_table`.

    Returns
    -------
    DataFrame
        One row per condition, or per value of a multi-value one, and one for the outcome: `set`, `role`, `n_in`
        (membership above .5), `n_cases`, `share_in`, `lowest`, `highest`, `warning`.

    References
    ----------
    Oana, I.-E., Schneider, C. Q., & Thomann, E. (2021). Qualitative Comparative Analysis Using R.
    doi:10.1017/9781009006781

    Examples
    --------
    >>> frame = pd.DataFrame({"A": [1, 1, 1, 1], "B": [1, 0, 0, 1], "Y": [1, 1, 0, 1]}, index=list("abcd"))
    >>> skewness(truth_table(frame, "Y"))[["set", "share_in", "warning"]].values.tolist()[0]
    ['A', 1.0, 'no variation: A cannot make a difference in these cases']
    """
    check_arguments(skewness, locals())
    sets = {table.outcome: (table.y, "outcome")}
    for name, size in zip(table.conditions, table.levels):
        column = table.data[name]
        for value in [None] if size == 2 else range(size):
            label = name if value is None else f"{name}[{value}]"
            sets[label] = (column if value is None else (column == value).astype(float), "condition")
    records = []
    for label, (scores, role) in sets.items():
        inside = int((scores > 0.5).sum())
        share = inside / len(scores)
        warning = ""
        if scores.nunique() == 1 or share in {0.0, 1.0}:
            warning = f"no variation: {label} cannot make a difference in these cases"
        elif not SKEW <= share <= 1 - SKEW:
            warning = f"skewed: {inside} of {len(scores)} cases lie in {label}; short solutions may be trivial"
        records.append((label, role, inside, len(scores), share, scores.min(), scores.max(), warning))
    columns = ["set", "role", "n_in", "n_cases", "share_in", "lowest", "highest", "warning"]
    frame = pd.DataFrame(records, columns=columns)
    return frame.sort_values("role", key=lambda r: r == "outcome", kind="stable", ignore_index=True)


def cutoff_sweep(
    data: Values,
    outcome: str,
    conditions: Sequence[str] | None = None,
    *,
    incl_cuts: Iterable[float],
    n_cuts: Iterable[int] = (1,),
    pri_cuts: Iterable[float] = (0.0,),
    include: str = "",
    dir_exp: str | Mapping[str, object] | Sequence[object] | None = None,
) -> pd.DataFrame:
    """Show how the solution changes when the cut-offs do.

    Parameters
    ----------
    data, outcome, conditions
        As for `truth_table`.
    incl_cuts, n_cuts, pri_cuts : iterable
        Cut-offs to be tried, in all combinations.
    include, dir_exp
        As for `minimize`.

    Returns
    -------
    DataFrame
        One row per combination: `incl_cut`, `n_cut`, `pri_cut`, `n_positive` and `n_rows` (rows of the truth table),
        `n_remainders`, `n_models`, `models` (text, one per line), `core`, `consistency`, `pri`, `coverage` (of the
        first model), `changed` (other models than in the row before), `note`.

    Examples
    --------
    >>> frame = pd.DataFrame({"A": [1, 1, 0], "B": [1, 0, 0], "Y": [1, 1, 0]}, index=["a", "b", "c"])
    >>> cutoff_sweep(frame, "Y", incl_cuts=[0.8, 1.0])[["incl_cut", "models", "changed"]].values.tolist()
    [[0.8, 'A', False], [1.0, 'A', False]]
    """
    check_arguments(cutoff_sweep, locals())
    records: list[dict[str, object]] = []
    for incl_cut, n_cut, pri_cut in product(incl_cuts, n_cuts, pri_cuts):
        table = truth_table(data, outcome, conditions, incl_cut=incl_cut, n_cut=n_cut, pri_cut=pri_cut)
        out = table.rows["OUT"]
        record: dict[str, object] = {"incl_cut": incl_cut, "n_cut": n_cut, "pri_cut": pri_cut}
        record |= {"n_positive": int((out == "1").sum()), "n_rows": int((out != "?").sum())}
        record["n_remainders"] = table.n_possible - int((out != "?").sum())
        record |= {"n_models": 0, "models": "", "core": "", "note": "no row reaches the cut-offs"}
        record |= dict.fromkeys(("consistency", "pri", "coverage"), np.nan)
        if (out == "1").any():
            solution = minimize(table, include=include, dir_exp=dir_exp)
            record |= {"n_models": solution.n_models, "models": "\n".join(solution.expressions)}
            record |= {"core": " + ".join(solution.core), "note": solution.note}
            union = membership(table.data, tuple(literals_of(solution.terms[i], table) for i in solution.models[0]))
            record |= sufficiency_scores(union.to_numpy(), table.y.to_numpy()).iloc[0].to_dict()
        record["changed"] = bool(records) and record["models"] != records[-1]["models"]
        records.append(record)
    return pd.DataFrame(records)


def xy_frame(data: Values, expression: str, outcome: str, relation: str = "sufficiency") -> pd.DataFrame:
    """Place each case by its membership in an expression and in the outcome, for an XY plot with labels.

    Parameters
    ----------
    data : DataFrame
        Case x condition and outcome, calibrated, cases in the index.
    expression : str
        Such as `"A*~B + C"`.
    outcome : str
        Column of the outcome, or its absence `~Y`.
    relation : str
        `sufficiency` or `necessity`.

    Returns
    -------
    DataFrame
        `case`, `x`, `y`, `region`, `consistent` (on the right side of the diagonal). Regions: `typical`, `deviant in
        degree` (both above .5, wrong side of the diagonal), `deviant in kind` (contradicts the relation), `not
        covered` (sufficiency: outcome without the expression; necessity: expression without the outcome),
        `irrelevant`.

    Raises
    ------
    CrosscaseError
        For an unknown relation, unknown columns, or an expression that cannot be read.

    References
    ----------
    Schneider, C. Q., & Rohlfing, I. (2013). Combining QCA and process tracing in set-theoretic multi-method research.
    Sociological Methods & Research 42(4), 559-597. doi:10.1177/0049124113481341

    Examples
    --------
    >>> frame = pd.DataFrame({"A": [0.6, 0.9, 0.2], "Y": [0.8, 0.3, 0.7]}, index=["north", "east", "south"])
    >>> xy_frame(frame, "A", "Y")["region"].tolist()
    ['typical', 'deviant in kind', 'not covered']
    """
    check_arguments(xy_frame, locals())
    if relation not in {"sufficiency", "necessity"}:
        raise CrosscaseError([Problem("relation", "a relation between sets", repr(relation), "sufficiency, necessity")])
    frame = plain_frame(data)
    x = membership(frame, parse_expression(expression)).to_numpy()
    y = membership(frame, parse_expression(outcome, "outcome")).to_numpy()
    sufficient = relation == "sufficiency"
    lower, upper = (x, y) if sufficient else (y, x)
    inside, reached = lower > 0.5, upper > 0.5
    consistent = lower <= upper
    kinds = [inside & reached & consistent, inside & reached, inside & ~reached, ~inside & reached]
    names = ["typical", "deviant in degree", "deviant in kind", "not covered"]
    region = np.select(kinds, names, default="irrelevant")
    known = ~(np.isnan(x) | np.isnan(y))
    region = np.where(known, region, "missing")
    columns = {"case": frame.index.astype(str), "x": x, "y": y, "region": region, "consistent": consistent & known}
    return pd.DataFrame(columns)
