"""Frameworks summed up by domain or level: Rainbow Model, collaborative governance, or any other construct list."""

from __future__ import annotations

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.errors import CrosscaseError, Problem, raise_if
from crosscase.frames import need, numbers, stated
from crosscase.ids import join
from crosscase.synthesis.constructs import one_direction

BY = ("domain", "level")
COUNTED = ("barrier", "facilitator", "condition", "mixed")


def framework_summary(cells: pd.DataFrame, constructs: pd.DataFrame, by: str = "domain") -> pd.DataFrame:
    """Sum a framework up: which of its domains the studies report, in how many, and which way they point.

    Parameters
    ----------
    cells : pandas.DataFrame
        As `construct_by_study` returns them.
    constructs : pandas.DataFrame
        The framework: `construct, label, parent, order`, and `level` where it is to be summed up by level (for the
        Rainbow Model micro, meso, macro and what links them; for collaborative governance context, drivers,
        collaborative dynamics, actions, impacts, adaptation).
    by : {"domain", "level"}
        What makes a row.

    Returns
    -------
    pandas.DataFrame
        One row per domain or level, in the framework's order, with those that no study reports: `group, label,
        n_constructs` (a domain with constructs below it counts only where a study reports it itself), `n_reported`
        (constructs that any study reports), `n_studies, of, barrier, facilitator,
        condition, mixed` (studies, each once, by the direction of all its themes there together), `n_also_condition`
        (studies in which a condition stands beside another direction), `studies, not_reported` (labels of constructs),
        `reason` (where no study reports it).

    Raises
    ------
    CrosscaseError
        For unknown `by`, a framework without levels, and cells of constructs that it does not have.

    References
    ----------
    Valentijn PP et al. (2013). Understanding integrated care. International Journal of Integrated Care 13,
    doi:10.5334/ijic.886. Emerson K, Nabatchi T, Balogh S (2012). An integrative framework for collaborative
    governance. Journal of Public Administration Research and Theory 22(1):1-29, doi:10.1093/jopart/mur011.

    Examples
    --------
    >>> constructs = pd.DataFrame({"construct": ["c", "c/d", "e"], "label": ["C", "D", "E"],
    ...     "parent": [None, "c", None], "order": [1, 2, 3]})
    >>> cells = pd.DataFrame({"construct": ["c/d"], "study": ["a"], "reported": [True], "direction": ["barrier"],
    ...     "also_condition": [False]})
    >>> framework_summary(cells, constructs)[["group", "n_constructs", "n_studies", "not_reported"]].values.tolist()
    [['c', 1, 1, ''], ['e', 1, 0, 'E']]
    """
    check_arguments(framework_summary, locals())
    need(cells, ["construct", "study", "reported", "direction", "also_condition"], "cells")
    stated(cells, ["reported", "also_condition"], "cells")
    need(constructs, ["construct", "label", "parent", "order"], "constructs")
    numbers(constructs, ["order"], "constructs")
    if by not in BY:
        raise CrosscaseError(Problem("by", "a known grouping", repr(by), ", ".join(BY)))
    if by == "level" and ("level" not in constructs or constructs["level"].isna().all()):
        raise CrosscaseError(
            Problem("constructs", "a framework summed up by level has levels", "none", remedy="fill the column level")
        )
    top = _domains(constructs)
    strange = sorted(set(cells["construct"]) - set(top))
    raise_if([Problem("cells", "a construct of the framework", repr(name)) for name in strange])
    ordered = constructs.sort_values("order").set_index("construct", drop=False)
    group = pd.Series(top) if by == "domain" else pd.Series(top).map(ordered["level"])
    group = group.reindex(ordered.index)
    labels = dict(zip(ordered["construct"], ordered["label"])) if by == "domain" else {}
    heads = set(ordered.loc[ordered["parent"].isna(), "construct"]) & set(ordered["parent"])
    of, rows = cells["study"].nunique(), []
    for name in group.dropna().drop_duplicates():
        inside = ordered.loc[group == name, ["construct", "label"]]
        found = cells[cells["construct"].isin(inside["construct"]) & cells["reported"]]
        directions = found.groupby("study", sort=False)["direction"].agg(_together)
        conditions = set(found.loc[found["also_condition"] | found["direction"].eq("condition"), "study"])
        inside = inside[~inside["construct"].isin(heads) | inside["construct"].isin(found["construct"])]
        silent = inside[~inside["construct"].isin(found["construct"])]
        rows.append(
            {
                "group": name,
                "label": labels.get(name, name),
                "n_constructs": len(inside),
                "n_reported": len(inside) - len(silent),
                "n_studies": len(directions),
                "of": of,
                **{direction: int(directions.eq(direction).sum()) for direction in COUNTED},
                "n_also_condition": len(conditions & set(directions.index[directions.ne("condition")])),
                "studies": join(directions.index),
                "not_reported": "; ".join(map(str, silent["label"].astype(object).fillna(silent["construct"]))),
                "reason": "" if len(directions) else "no theme of any study is mapped here",
            }
        )
    columns = ["group", "label", "n_constructs", "n_reported", "n_studies", "of", *COUNTED, "n_also_condition"]
    return pd.DataFrame(rows, columns=[*columns, "studies", "not_reported", "reason"])


def _together(directions: pd.Series) -> str | None:
    """Return the one direction of a study over several constructs; what is mixed in one is mixed in all."""
    return one_direction(["ambivalent" if direction == "mixed" else direction for direction in directions])


def _domains(constructs: pd.DataFrame) -> dict[str, str]:
    """Return construct -> the uppermost construct above it; a circle of parents is refused."""
    parent = {c: p for c, p in zip(constructs["construct"], constructs["parent"]) if pd.notna(p)}
    top, problems = {}, []
    for construct in constructs["construct"]:
        at, seen = construct, {construct}
        while at in parent:
            at = parent[at]
            if at in seen:
                problems.append(Problem("constructs", "no construct stands above itself", repr(construct)))
                break
            seen.add(at)
        top[construct] = at
    raise_if(problems)
    return top
