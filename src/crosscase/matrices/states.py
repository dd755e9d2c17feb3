"""The four states of a cell: present, absent, known only as a count, not stated."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crosscase.ids import join


def cell_states(cells: pd.DataFrame, column: str, cases: pd.DataFrame) -> pd.DataFrame:
    """Add `state`, `k`, `n`, `group_segments` (codings on which a count rests) and `note` to every case cell.

    The order of the rules: `present` where the individual case (or a context) has a coding; `count` where the code
    is stated for all cases together (that beats the silence about one case); `absent` where the source lists
    everything for this case, or those who were asked are known, and nothing was coded; `count` where the code is
    stated for k of n cases; `not_stated` otherwise. `evidence` says whether there is a coding, or the table of themes
    binds the theme to the case.
    """
    groups = group_counts(cells, column, cases)
    out = cells.merge(groups, how="left", on=column, validate="many_to_one")
    individual = out["kind"].eq("case").to_numpy()
    evidence = out["evidence"].to_numpy(dtype=bool)
    complete = out["coverage"].eq("complete").fillna(False).to_numpy(dtype=bool)
    asked = out["n_asked"].gt(0).fillna(False).to_numpy(dtype=bool)
    grouped = out["group_segments"].fillna("").ne("").to_numpy() | out["group_k"].notna().to_numpy()
    everyone = out["group_rank"].eq(1).to_numpy()
    together = out["kind"].isin(["all", "subset", "unspecified"]).to_numpy()
    out["state"] = np.select(
        [
            evidence & ~together,
            evidence & together,
            individual & everyone,
            individual & (complete | asked),
            individual & grouped,
        ],
        ["present", "count", "count", "absent", "count"],
        default="not_stated",
    )
    count = out["state"].eq("count").to_numpy()
    out["k"] = out["group_k"].where(pd.Series(count & individual, index=out.index))
    out["n"] = out["group_n"].where(pd.Series(count & individual, index=out.index))
    own = count & together
    table = known_counts(cases).set_index("case")
    for name in ("k", "n"):
        out.loc[own, name] = table[name].reindex(out.loc[own, "case"]).to_numpy()
    out["note"] = _notes(out, individual, grouped, count)
    out["group_segments"] = out["group_segments"].fillna("").where(individual & grouped, "")
    return out.drop(columns=["group_k", "group_n", "group_rank", "vague"], errors="ignore")


def known_counts(cases: pd.DataFrame) -> pd.DataFrame:
    """k and n of every row of the table of cases; k = n = all cases where the kind is `all`."""
    table = cases[["case", "kind", "k", "n"]].astype({"case": object})
    for name in ("k", "n"):
        table[name] = pd.to_numeric(table[name]).astype("Int64")
    individuals = int(cases["kind"].eq("case").sum())
    everyone = table["kind"].eq("all")
    if individuals:
        table.loc[everyone & table["n"].isna(), "n"] = individuals
    table.loc[everyone & table["k"].isna(), "k"] = table.loc[everyone & table["k"].isna(), "n"]
    return table


def group_counts(cells: pd.DataFrame, column: str, cases: pd.DataFrame) -> pd.DataFrame:
    """What is stated for groups of cases: per code the widest statement (all cases before the largest k)."""
    table = known_counts(cases).rename(columns={"k": "group_k", "n": "group_n"}).drop(columns="kind")
    stated = cells[cells["evidence"] & cells["kind"].isin(["all", "subset"])].merge(table, on="case", how="left")
    stated["group_rank"] = stated["kind"].eq("all").astype(int)
    stated = stated.sort_values(["group_rank", "group_k"], ascending=False, kind="stable", na_position="last")
    best = stated.drop_duplicates(column)[[column, "group_k", "group_n", "group_rank"]]
    segments = stated.groupby(column, sort=False)["segments"].agg(lambda ids: join(i for i in ids if i))
    vague = cells[cells["evidence"] & cells["kind"].eq("unspecified")].groupby(column)["n_codings"].sum()
    out = pd.DataFrame({column: cells[column].drop_duplicates()})
    out = out.merge(best, on=column, how="left")
    out["group_segments"] = out[column].map(segments).astype(object)
    out["vague"] = out[column].map(vague).fillna(0).astype(int)
    return out


def _notes(out: pd.DataFrame, individual: np.ndarray, grouped: np.ndarray, count: np.ndarray) -> list[str]:
    notes = []
    complete = out["coverage"].eq("complete").fillna(False).to_numpy(dtype=bool)
    for position, (state, kind, k, vague) in enumerate(zip(out["state"], out["kind"], out["k"], out["vague"])):
        note = ""
        if state == "absent" and grouped[position]:
            note = "absent here; stated for some of the cases"
        elif state == "absent" and not complete[position]:
            note = "asked, not mentioned"
        elif count[position] and kind == "unspecified" and pd.isna(k):
            note = "at least one case; the source does not say which"
        elif count[position] and pd.isna(k):
            note = "stated for a group of cases; the source gives no number"
        elif count[position] and individual[position]:
            note = "known only as k of n cases"
        elif state == "not_stated" and individual[position] and vague:
            note = "stated for a case that the source does not name"
        notes.append(note)
    return notes
