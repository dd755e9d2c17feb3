"""Outcomes, steps, requirements and attributes by case, also where only a count is known."""

from __future__ import annotations

import pandas as pd

from crosscase.errors import CrosscaseError, Problem

KINDS = ("outcome", "step", "requirement", "attribute")
_STATES = {"yes": "present", "no": "absent", "count": "count", "not_stated": "not_stated"}
_STRENGTH = {"present": 3, "absent": 3, "count": 2, "not_stated": 1}


def outcome_matrix(outcomes: pd.DataFrame, cases: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return the matrix outcome x individual case with the four states of a cell.

    A statement about a group of cases whose members are unknown becomes the state `count` in every individual case,
    with its k of n; nothing is ever guessed for one of them. Known of each are what none of all cases reached
    (`of_each`) and what is required of all: a demand on all binds every one of them. Whether it was met is another
    statement.

    Parameters
    ----------
    outcomes : pandas.DataFrame
        Table `outcomes`.
    cases : pandas.DataFrame
        Table `cases`.
    kind : {"outcome", "step", "requirement", "attribute"}
        Which rows.

    Returns
    -------
    pandas.DataFrame
        One row per outcome and individual case: `row`, `row_label`, `column`, `column_label`, `state` (present,
        absent, count, not_stated), `k`, `n`, `stage`, `source`, `fact`, `maps_to`; empty where the study has none.

    Raises
    ------
    CrosscaseError
        Where `kind` is unknown.

    Examples
    --------
    >>> kinds = ["case", "case", "subset"]
    >>> cases = pd.DataFrame({"case": ["a", "b", "some"], "label": ["A", "B", "?"], "kind": kinds})
    >>> outcomes = pd.DataFrame({"outcome": ["funding"], "label": ["Funding agreed"], "kind": ["outcome"],
    ...     "order": [1], "case": ["some"], "state": ["count"], "k": [1], "n": [2], "stage": ["paper"],
    ...     "source": [""], "fact": [None], "maps_to": [None]})
    >>> outcome_matrix(outcomes, cases, "outcome")[["column", "state", "k", "n"]].values.tolist()
    [['a', 'count', 1, 2], ['b', 'count', 1, 2]]
    """
    if kind not in KINDS:
        raise CrosscaseError(Problem("argument kind", "a kind of outcome", repr(kind), ", ".join(KINDS)))
    outcomes = of_each(outcomes, cases)
    chosen = outcomes[outcomes["kind"] == kind].sort_values("order", kind="stable")
    single = cases[cases["kind"] == "case"]
    kinds, rows = cases.set_index("case")["kind"], []
    for outcome in chosen["outcome"].drop_duplicates():
        said = chosen[chosen["outcome"] == outcome]
        for case, label in single[["case", "label"]].itertuples(index=False):
            own = said[said["case"] == case]
            group = said[said["case"].map(kinds).isin(["all", "subset"])]
            best = max(
                [_cell(_bound(row, kinds)) for row in [*own.to_dict("records"), *group.to_dict("records")]],
                key=lambda cell: _STRENGTH[cell["state"]],
                default=_unknown(said.iloc[0].to_dict()),
            )
            first = said.iloc[0]
            rows.append({"row": outcome, "row_label": first["label"], "column": case, "column_label": label} | best)
    columns = ["row", "row_label", "column", "column_label", "state", "k", "n", "stage", "source", "fact", "maps_to"]
    return pd.DataFrame(rows, columns=columns).astype({"k": "Int64", "n": "Int64"})


def _cell(row: dict) -> dict:
    return {key: row[key] for key in ("k", "n", "stage", "source", "fact", "maps_to")} | {
        "state": _STATES[row["state"]]
    }


def _bound(row: dict, kinds: pd.Series) -> dict:
    """Return a requirement of all cases as one of each; any other statement as it is."""
    every = row["kind"] == "requirement" and kinds[row["case"]] == "all" and row["state"] == "count"
    return row | {"state": "yes"} if every and row["k"] == row["n"] else row


def _unknown(row: dict) -> dict:
    return _cell(row | {"state": "not_stated", "k": pd.NA, "n": pd.NA})


def of_each(outcomes: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """Return the outcomes, with what none of all cases reached said of each case: not reached.

    A count of none has no unknown members, unlike any other count. A count of all stays as it is, because what is told
    of all together need not be told of each.

    Examples
    --------
    >>> cases = pd.DataFrame({"case": ["a", "b", "both"], "kind": ["case", "case", "all"]})
    >>> outcomes = pd.DataFrame({"outcome": "savings", "case": ["both"], "state": "count", "k": [0], "n": [2]})
    >>> of_each(outcomes, cases)[["case", "state"]].values.tolist()
    [['a', 'no'], ['b', 'no']]
    """
    everyone = outcomes["case"].isin(cases.loc[cases["kind"].eq("all"), "case"])
    none = everyone & outcomes["state"].eq("count") & outcomes.get("k", pd.Series(pd.NA, outcomes.index)).eq(0)
    none = none.fillna(False).astype(bool)
    if not none.any():
        return outcomes
    single = list(cases.loc[cases["kind"].eq("case"), "case"])
    each = outcomes.loc[none.index.repeat(none.map({True: len(single), False: 1}))].copy()
    place = none.loc[each.index].to_numpy()
    each.loc[place, "case"] = single * int(none.sum())
    each.loc[place, "state"] = "no"
    each.loc[place, ["k", "n"]] = pd.NA
    return each.reset_index(drop=True)


def outcome_counts(outcomes: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """Return every outcome that is stated as k of n cases, one row per publication stage, so that stages can differ.

    `outcome, label, kind, k, n, state, cases` (label of the group), `stage, maps_to, source, fact`.
    """
    frame = outcomes[outcomes["kind"].isin(["outcome", "requirement", "attribute"])].copy()
    frame["cases"] = frame["case"].map(cases.set_index("case")["label"])
    columns = ["outcome", "label", "kind", "k", "n", "state", "cases", "stage", "maps_to", "source", "fact"]
    return frame.sort_values(["kind", "order"], kind="stable")[columns].reset_index(drop=True)


def case_ratings(outcomes: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """Return per individual case how many of its stated outcomes were reached; null where none is stated of it.

    `case, outcome` (number reached), `n_stated, reason`.

    Examples
    --------
    >>> cases = pd.DataFrame({"case": ["a", "b"], "label": ["A", "B"], "kind": "case"})
    >>> outcomes = pd.DataFrame({"case": ["a"], "kind": ["outcome"], "state": ["yes"]})
    >>> case_ratings(outcomes, cases)[["case", "outcome", "n_stated"]].values.tolist()
    [['a', 1.0, 1], ['b', nan, 0]]
    """
    outcomes = of_each(outcomes, cases)
    told = outcomes[outcomes["kind"].isin(["outcome", "step"]) & outcomes["state"].isin(["yes", "no"])]
    single = cases.loc[cases["kind"].eq("case"), ["case"]].reset_index(drop=True)
    reached = told["state"].eq("yes").groupby(told["case"]).sum()
    single["outcome"] = single["case"].map(reached).astype("float64")
    single["n_stated"] = single["case"].map(told.groupby("case").size()).fillna(0).astype(int)
    single["reason"] = single["n_stated"].map(lambda n: "" if n else "no outcome is stated of this case by itself")
    return single


def progress(outcomes: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """Return the progress of each individual case over the steps and outcomes of a study.

    `case, step` (id), `label, status` (reached, not_reached, unknown), `source`; what is said of a group of cases stays
    out of the single cases (`progress_totals`).

    Examples
    --------
    >>> cases = pd.DataFrame({"case": ["a", "b"], "label": ["A", "B"], "kind": "case"})
    >>> outcomes = pd.DataFrame({"outcome": ["plan"], "label": ["Plan"], "kind": ["step"], "order": [1], "case": ["a"],
    ...     "state": ["yes"], "source": [""]})
    >>> progress(outcomes, cases)["status"].tolist()
    ['reached', 'unknown']
    """
    chosen = _steps(of_each(outcomes, cases))
    said = {(row["case"], row["outcome"]): row for row in chosen.to_dict("records")}
    words = {"yes": "reached", "no": "not_reached"}
    rows = []
    for case in cases.loc[cases["kind"].eq("case"), "case"]:
        for step, label in chosen[["outcome", "label"]].drop_duplicates("outcome").itertuples(index=False):
            row = said.get((case, step), {"state": "", "source": ""})
            rows.append((case, step, label, words.get(row["state"], "unknown"), row["source"]))
    return pd.DataFrame(rows, columns=["case", "step", "label", "status", "source"])


def progress_totals(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return what is stated as k of n cases about the steps and outcomes: `step, label, k, n, stage, fact`.

    Examples
    --------
    >>> outcomes = pd.DataFrame({"outcome": ["plan"], "label": ["Plan"], "kind": ["step"], "order": [1],
    ...     "case": ["all"], "state": ["count"], "k": [2], "n": [4], "stage": ["paper"], "fact": ["f1"]})
    >>> progress_totals(outcomes)[["step", "k", "n"]].values.tolist()
    [['plan', 2, 4]]
    """
    chosen = _steps(outcomes)
    told = chosen[chosen["state"].eq("count")].drop_duplicates("outcome").rename(columns={"outcome": "step"})
    return told[["step", "label", "k", "n", "stage", "fact"]].reset_index(drop=True)


def observations(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return what is stated of single cases as observations for pattern matching: `outcome, case, observed, opened`.

    Examples
    --------
    >>> outcomes = pd.DataFrame({"outcome": ["plan"], "case": ["a"], "state": ["yes"]})
    >>> observations(outcomes)[["outcome", "observed"]].values.tolist()
    [['plan', 'yes']]
    """
    told = outcomes[outcomes["state"].isin(["yes", "no"])]
    out = told[["outcome", "case"]].assign(observed=told["state"].astype(object), opened=None)
    return out.reset_index(drop=True)


def _steps(outcomes: pd.DataFrame) -> pd.DataFrame:
    chosen = outcomes[outcomes["kind"].isin(["outcome", "step"])]
    place = chosen["kind"].map({"step": 0, "outcome": 1})
    return chosen.assign(_kind=place).sort_values(["_kind", "order"], kind="stable").drop(columns="_kind")


def row_labels(matrix: pd.DataFrame) -> dict[str, str]:
    """Return id -> label of the rows of a matrix of outcomes, in order."""
    return dict(zip(matrix["row"], matrix["row_label"]))


def column_labels(matrix: pd.DataFrame) -> dict[str, str]:
    """Return id -> label of the columns (cases) of a matrix of outcomes, in order."""
    return dict(zip(matrix["column"], matrix["column_label"]))
