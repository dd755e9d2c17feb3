"""Displays for comparing cases: ordered, clustered, effects and time matrices, contrasts, progress."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.comparison.given import numbers_of
from crosscase.errors import CrosscaseError, Problem, raise_if
from crosscase.frames import known, merged, need, ordered, whole_numbers
from crosscase.ids import join
from crosscase.matrices.given import check_cases
from crosscase.terms import STATES

SIGNS = ("+", "-", "?")
WHOLE = "study_as_a_whole"
STEP_STATES = ("done", "under_way", "not_started", "unknown")


def case_ordered(cells: pd.DataFrame, ratings: pd.DataFrame, outcome: str = "outcome") -> pd.DataFrame:
    """Order the cases of a matrix by their outcome (case-ordered meta-matrix).

    Parameters
    ----------
    cells : DataFrame
        Result of `coding_matrix` or `theme_matrix` with cases as rows; individual cases are kept.
    ratings : DataFrame
        `case` and the outcome column (number; null where not stated).
    outcome : str
        Column of the outcome.

    Returns
    -------
    DataFrame
        The cells with `outcome, rank` (1 is highest; ties share the rank), `n_tied` (cases with this outcome) and
        `order_note`; cases without an outcome come last and say so.

    References
    ----------
    Miles, M. B., Huberman, A. M., & Saldana, J. (2014). Qualitative data analysis (3rd ed.), chapter 8.

    Examples
    --------
    >>> cells = pd.DataFrame({"case": ["a", "b"], "kind": "case", "code": "trust", "state": "present"})
    >>> case_ordered(cells, pd.DataFrame({"case": ["a", "b"], "outcome": [1, 3]}))[["case", "rank"]].values.tolist()
    [['b', 1], ['a', 2]]
    """
    check_arguments(case_ordered, locals())
    need(cells, ["case"], "cells")
    need(ratings, ["case", outcome], "ratings")
    frame = cells[cells["kind"].eq("case")] if "kind" in cells else cells[cells["case"].notna()]
    rating = numbers_of(ratings[["case", outcome]].drop_duplicates().set_index("case")[outcome], "ratings")
    rating = rating.reindex(ordered(frame["case"]))
    rank = rating.rank(method="min", ascending=False)
    tied = rating.map(rating.value_counts())
    out = frame.assign(
        outcome=frame["case"].map(rating),
        rank=frame["case"].map(rank).astype("Int64"),
        n_tied=frame["case"].map(tied).astype("Int64"),
    )
    out["order_note"] = np.where(out["outcome"].isna(), "outcome not stated", "")
    return out.sort_values("rank", kind="stable", na_position="last", ignore_index=True)


def conceptually_clustered(cells: pd.DataFrame, themes: pd.DataFrame) -> pd.DataFrame:
    """Bring the themes (or codes) of a matrix under their common heading, with the text of each cell.

    Parameters
    ----------
    cells : DataFrame
        Result of `theme_matrix` or `coding_matrix`.
    themes : DataFrame
        `theme, parent` for a theme matrix, `code, parent` (the codebook) for a coding matrix.

    Returns
    -------
    DataFrame
        The cells with `cluster` (the parent; the theme itself where it has none) and `cell_text` ("3 of 5 asked",
        "2 segments", "2 of 4 cases", "absent", "not stated"), ordered by cluster.

    Raises
    ------
    CrosscaseError
        For themes or codes that the table does not hold.

    Examples
    --------
    >>> cells = pd.DataFrame({"case": ["a"], "theme": ["pay"], "state": ["not_stated"], "n_segments": [0]})
    >>> themes = pd.DataFrame({"theme": ["money", "pay"], "parent": [None, "money"]})
    >>> conceptually_clustered(cells, themes)[["cluster", "cell_text"]].values.tolist()
    [['money', 'not stated']]
    """
    check_arguments(conceptually_clustered, locals())
    column = "theme" if "theme" in cells else "code"
    need(cells, [column, "state", "n_segments"], "cells")
    need(themes, [column, "parent"], f"table of {column}s")
    known(cells[column], themes, column, "cells")
    parents = themes.drop_duplicates(column).set_index(column)["parent"]
    heads = cells[column].map(parents)
    out = cells.assign(cluster=heads.where(heads.notna() & heads.ne(""), cells[column]))
    out["cell_text"] = [cell_text(row) for row in out.to_dict("records")]
    rank = {name: i for i, name in enumerate(ordered([*parents.index, *out["cluster"]]))}
    order = out["cluster"].map(rank)
    return out.assign(_order=order).sort_values("_order", kind="stable", ignore_index=True).drop(columns="_order")


def cell_text(cell: dict) -> str:
    """Words for a cell: "k of n in which it was asked" before numbers of segments, silence never as zero.

    Examples
    --------
    >>> cell_text({"state": "count", "k": 2, "n": 4, "n_segments": 0})
    '2 of 4 cases'
    >>> cell_text({"state": "present", "n_participants": 3, "n_asked": 5, "n_segments": 9})
    '3 of 5 asked'
    >>> cell_text({"state": "absent", "n_participants": 0, "n_asked": 5, "n_segments": 0})
    '0 of 5 asked'
    """
    check_arguments(cell_text, locals())
    state = cell.get("state")
    if state not in STATES:
        raise CrosscaseError(Problem("cells, column state", "unknown state", repr(state), ", ".join(STATES)))
    asked, said = cell.get("n_asked"), cell.get("n_participants")
    if state == "present":
        if not pd.isna(asked) and asked and not pd.isna(said):
            return f"{said} of {asked} asked"
        return "stated" if not cell["n_segments"] else f"{cell['n_segments']} segment{'s'[: cell['n_segments'] != 1]}"
    if state == "count":
        k, n = cell.get("k"), cell.get("n")
        return f"{'some' if pd.isna(k) else k} of {'the' if pd.isna(n) else n} cases"
    if state == "absent" and not pd.isna(asked) and asked:
        return f"0 of {asked} asked"
    return state.replace("_", " ")


def effects_matrix(relations: pd.DataFrame) -> pd.DataFrame:
    """Show per case which cause is said to have which effect (effects matrix).

    Parameters
    ----------
    relations : DataFrame
        `relation, source, target, sign (+, -, ?), case`, optionally `kind, spans`.

    Returns
    -------
    DataFrame
        One row per case, source and target: `case` (null: all together or not stated), `source, target, effect`
        (+, -, mixed, ?), `n_plus, n_minus, n_unknown, relations` (ids), `spans`.

    Examples
    --------
    >>> relations = pd.DataFrame({"relation": ["r1", "r2"], "source": "trust", "target": "pace", "sign": ["+", "-"],
    ...                           "case": "a"})
    >>> effects_matrix(relations)[["case", "source", "effect"]].values.tolist()
    [['a', 'trust', 'mixed']]
    """
    check_arguments(effects_matrix, locals())
    need(relations, ["relation", "source", "target", "sign"], "relations")
    check_signs(relations)
    frame = relations.assign(case=relations.get("case", None))
    frame["spans"] = frame["spans"].fillna("").astype(str) if "spans" in frame else ""
    rows = []
    for (case, source, target), group in frame.groupby(["case", "source", "target"], sort=False, dropna=False):
        n = {sign: int(group["sign"].eq(sign).sum()) for sign in SIGNS}
        effect = "mixed" if n["+"] and n["-"] else next((s for s in SIGNS if n[s]), "?")
        ids, spans = join(group["relation"].astype(str)), join(s for s in group["spans"] if s)
        rows.append((None if pd.isna(case) else case, source, target, effect, *n.values(), ids, spans))
    names = ["case", "source", "target", "effect", "n_plus", "n_minus", "n_unknown", "relations", "spans"]
    return pd.DataFrame(rows, columns=names)


def check_signs(relations: pd.DataFrame) -> None:
    """Refuse signs other than +, - and ?."""
    wrong = relations[~relations["sign"].isin(SIGNS)]
    raise_if(
        [
            Problem(f"relations, relation {name!r}, column sign", "unknown sign", repr(sign), ", ".join(SIGNS))
            for name, sign in zip(wrong["relation"], wrong["sign"])
        ]
    )


def time_ordered(events: pd.DataFrame, periods: list[str], cases: pd.DataFrame) -> pd.DataFrame:
    """Cross cases with periods (time-ordered matrix); time belongs to what happened, not to the document.

    Parameters
    ----------
    events : DataFrame
        `case, period, event`, optionally `coding_id`; one row per event. An unknown period is refused.
    periods : list of str
        The periods in order.
    cases : DataFrame
        Table of cases; individual cases keep a row even without events, and a case with complete coverage has
        "absent" where nothing is told.

    Returns
    -------
    DataFrame
        One row per case and period: `case, period, position` (1, 2, ...), `state, n_events, events, segments`. Rows
        for groups of cases appear where they have events (state `count`).

    Examples
    --------
    >>> events = pd.DataFrame({"case": ["a"], "period": ["2016"], "event": ["start"]})
    >>> cases = pd.DataFrame({"case": ["a"], "kind": ["case"]})
    >>> time_ordered(events, ["2015", "2016"], cases)[["period", "state", "events"]].values.tolist()
    [['2015', 'not_stated', ''], ['2016', 'present', 'start']]
    """
    check_arguments(time_ordered, locals())
    need(events, ["case", "period", "event"], "events")
    table = check_cases(cases)
    known(events["case"], table, "case", "events")
    known(events["period"], pd.DataFrame({"period": periods}), "period", "events")
    rows = []
    for row in table.itertuples(index=False):
        mine = events[events["case"].eq(row.case)]
        if row.kind != "case" and not len(mine):
            continue
        for position, period in enumerate(periods, start=1):
            here = mine[mine["period"].eq(period)]
            silent = "absent" if row.kind == "case" and row.coverage == "complete" else "not_stated"
            told = "present" if row.kind in ("case", "context") else "count"
            ids = here["coding_id"].astype(str) if "coding_id" in here else []
            state = told if len(here) else silent
            rows.append((row.case, period, position, state, len(here), join(here["event"].astype(str)), join(ids)))
    names = ["case", "period", "position", "state", "n_events", "events", "segments"]
    return pd.DataFrame(rows, columns=names)


def dated_events(facts: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """Return the time-ordered matrix of the dated facts; a fact of the study as a whole is put in no single case.

    Parameters
    ----------
    facts : pandas.DataFrame
        `fact, date, event`, the date as YYYY, YYYY-MM or YYYY-MM-DD.
    cases : pandas.DataFrame
        Table `cases`.

    Returns
    -------
    pandas.DataFrame
        As `time_ordered`, periods in years; the facts stand in the row `study_as_a_whole`.

    Examples
    --------
    >>> facts = pd.DataFrame({"fact": ["f1"], "date": ["2016"], "event": ["Start"]})
    >>> cases = pd.DataFrame({"case": ["a"], "kind": ["case"], "coverage": ["partial"]})
    >>> dated_events(facts, cases)[["case", "state", "events"]].values.tolist()
    [['a', 'not_stated', ''], ['study_as_a_whole', 'present', 'Start']]
    """
    check_arguments(dated_events, locals())
    need(cases, ["case", "kind", "coverage"], "cases")
    need(facts, ["fact", "date", "event"], "facts")
    told = facts.dropna(subset=["date", "event"])
    events = pd.DataFrame(
        {
            "case": WHOLE,
            "period": told["date"].astype("string").str[:4].astype(object),
            "event": told["event"],
            "coding_id": told["fact"],
        }
    )
    whole = pd.DataFrame({"case": [WHOLE], "kind": ["context"]})
    single = cases.loc[cases["kind"].eq("case"), ["case", "kind", "coverage"]].assign(coverage="partial")
    return time_ordered(events, sorted(set(events["period"])), pd.concat([single, whole], ignore_index=True))


def contrast_table(cells: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    """Contrast two groups of exemplary cases theme by theme, with what is not stated shown.

    Parameters
    ----------
    cells : DataFrame
        Result of `coding_matrix` or `theme_matrix` with cases as rows.
    groups : Series
        "high" or "low" per case (`high_low`); cases without a group are left out.

    Returns
    -------
    DataFrame
        One row per theme or code: `k_high, n_high` (present, of those where present or absent is known),
        `not_stated_high`, the same for low, `gap` (difference of the shares; null where a group has no known case),
        `separates` (present in all of one and none of the other, all known), `pattern, reason`; largest gap first.

    Examples
    --------
    >>> cells = pd.DataFrame({"case": list("ab"), "kind": "case", "code": "trust", "state": ["present", "absent"]})
    >>> contrast_table(cells, pd.Series({"a": "high", "b": "low"}))[["code", "gap", "separates"]].values.tolist()
    [['trust', 1.0, True]]
    """
    check_arguments(contrast_table, locals())
    column = "theme" if "theme" in cells else "code"
    need(cells, ["case", column, "state"], "cells")
    wrong = sorted(map(str, set(groups.dropna()) - {"high", "low"}))
    raise_if([Problem("groups", "unknown group", repr(group), "'high', 'low'") for group in wrong])
    frame = cells.assign(group=cells["case"].map(groups))
    rows = []
    for name, part in frame.dropna(subset="group").groupby(column, sort=False):
        row: dict[str, object] = {column: name}
        shares = {}
        for group in ("high", "low"):
            mine = part[part["group"].eq(group)]
            told = mine["state"].isin(["present", "absent"])
            k, n = int(mine["state"].eq("present").sum()), int(told.sum())
            row |= {f"k_{group}": k, f"n_{group}": n, f"not_stated_{group}": len(mine) - n}
            shares[group] = k / n if n else float("nan")
        gap = shares["high"] - shares["low"]
        unknown = part[~part["state"].isin(["present", "absent"])]
        row["gap"], row["separates"] = gap, bool(abs(gap) == 1 and not len(unknown))
        row["pattern"] = join(f"{c} ({g}): {s}" for c, g, s in zip(part["case"], part["group"], part["state"]))
        row["reason"] = "" if not pd.isna(gap) else "a group has no case in which it is known"
        rows.append(row)
    sides = [f"{what}_{group}" for group in ("high", "low") for what in ("k", "n", "not_stated")]
    out = pd.DataFrame(rows, columns=[column, *sides, "gap", "separates", "pattern", "reason"])
    return out.sort_values("gap", key=lambda gap: -gap.abs(), kind="stable", ignore_index=True) if rows else out


def step_progress(records: pd.DataFrame, steps: list[str], cases: pd.DataFrame) -> pd.DataFrame:
    """Cross cases with the steps of a process: done, under way, not started, or unknown.

    Parameters
    ----------
    records : DataFrame
        `case, step, status` (done, under_way, not_started, unknown), optionally `k, n` for groups of cases and
        `source`. Two statuses for one case and step are refused; for a group of cases several stand side by side.
    steps : list of str
        The steps in order.
    cases : DataFrame
        Table of cases; every individual case has a row for every step.

    Returns
    -------
    DataFrame
        One row per case and step: `case, kind, step, position, status, k, n, source`. Individual cases without a
        record are "unknown"; statements about groups ("2 of 4 agreed") keep rows of their own.

    Examples
    --------
    >>> records = pd.DataFrame({"case": ["two"], "step": ["funding"], "status": ["done"]})
    >>> cases = pd.DataFrame({"case": ["r1", "two"], "kind": ["case", "subset"], "k": [None, 2], "n": [None, 4]})
    >>> step_progress(records, ["funding"], cases)[["case", "status", "k", "n"]].values.tolist()
    [['r1', 'unknown', <NA>, <NA>], ['two', 'done', 2, 4]]
    """
    check_arguments(step_progress, locals())
    need(records, ["case", "step", "status"], "records")
    table = check_cases(cases)
    known(records["case"], table, "case", "records")
    known(records["step"], pd.DataFrame({"step": steps}), "step", "records")
    kinds = table.set_index("case")["kind"]
    problems = [
        Problem("records, column status", "unknown status", repr(status), ", ".join(STEP_STATES))
        for status in ordered(records["status"])
        if status not in STEP_STATES
    ]
    doubled = records[records["case"].map(kinds).eq("case") & records.duplicated(["case", "step"])]
    problems += [
        Problem(f"records, case {case!r}, step {step!r}", "one status", "two", remedy="keep the one that holds")
        for case, step in zip(doubled["case"], doubled["step"])
    ]
    raise_if(problems)
    for name in ("k", "n"):
        whole_numbers(table, name, "cases")
    individual = table[table["kind"].eq("case")]
    grid = pd.MultiIndex.from_product([individual["case"], steps], names=["case", "step"]).to_frame(index=False)
    out = merged(grid, records, ["case", "step"], how="outer")
    out["status"] = out["status"].astype(object).fillna("unknown")
    out["kind"] = out["case"].map(kinds)
    for name in ("k", "n"):
        own = pd.to_numeric(out[name]).astype("Int64") if name in out else pd.Series(pd.NA, out.index, dtype="Int64")
        out[name] = own.fillna(out["case"].map(pd.to_numeric(table.set_index("case")[name]).astype("Int64")))
    out["source"] = out.get("source", "")
    out["position"] = out["step"].map({step: i for i, step in enumerate(steps, start=1)})
    rank = {case: i for i, case in enumerate(table["case"])}
    out = out.assign(_case=out["case"].map(rank)).sort_values(["_case", "position"], kind="stable", ignore_index=True)
    return out[["case", "kind", "step", "position", "status", "k", "n", "source"]]
