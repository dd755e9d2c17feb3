"""Versions of a framework: what was added to it, renamed, moved or removed, why and by whom."""

from __future__ import annotations

import pandas as pd

from crosscase.arguments import check_arguments, is_count
from crosscase.errors import Problem, raise_if
from crosscase.frames import need, numbers, one_row

CHANGES = ("added", "renamed", "moved", "removed")
PUBLISHED = 1


def framework_version(
    constructs: pd.DataFrame, changes: pd.DataFrame, framework: str, version: int | None = None
) -> pd.DataFrame:
    """Apply the changes that people made to a published framework, up to a version.

    Parameters
    ----------
    constructs : pandas.DataFrame
        The framework as published, which is version 1: `construct, label, parent, order, source`.
    changes : pandas.DataFrame
        Entered by people: `framework, version` (2 or more), `change` (`added`, `renamed`, `moved`, `removed`),
        `construct, label, parent, reason, decided_by, decided_on, themes`.
    framework : str
        Which framework of `changes`.
    version : int, optional
        Up to which version; the newest by default.

    Returns
    -------
    pandas.DataFrame
        As `constructs`, with `since` (version that added or last changed it) and `reason` (of that change; empty for
        what stands as published). Added constructs come last and name the decision as their source.

    Raises
    ------
    CrosscaseError
        For unknown changes, versions below 2, changes without reason or person, added constructs that exist, changed
        ones that do not, parents that do not, removed ones that still have constructs below them.

    Examples
    --------
    >>> published = pd.DataFrame({"construct": ["c"], "label": ["C"], "parent": [None], "order": [1],
    ...     "source": ["Somebody 2000"]})
    >>> changes = pd.DataFrame({"framework": ["f"], "version": [2], "change": ["added"], "construct": ["c/d"],
    ...     "label": ["D"], "parent": ["c"], "reason": ["three themes had no place"], "decided_by": ["the team"],
    ...     "decided_on": [None], "themes": [None]})
    >>> framework_version(published, changes, "f")[["construct", "since"]].values.tolist()
    [['c', 1], ['c/d', 2]]
    """
    check_arguments(framework_version, locals())
    need(constructs, ["construct", "label", "parent", "order"], "constructs")
    need(changes, ["framework", "version", "change", "construct", "reason", "decided_by"], "changes")
    numbers(constructs, ["order"], "constructs")
    one_row(constructs, "construct", "constructs")
    mine = changes[changes["framework"] == framework].sort_values("version", kind="stable")
    problems = _form_problems(mine)
    raise_if(problems)
    out = constructs.assign(since=PUBLISHED, reason="").astype({"label": "object", "parent": "object"})
    out = out.set_index("construct", drop=False)
    for row in mine.to_dict("records"):
        if version is not None and row["version"] > version:
            break
        found = _step_problems(row, out)
        problems += found
        if not found:
            out = _apply(row, out)
    raise_if(problems)
    return out.reset_index(drop=True)


def _place(row: dict[str, object]) -> str:
    return f"framework changes, {row['framework']} version {row['version']}, {row['construct']}"


def _form_problems(changes: pd.DataFrame) -> list[Problem]:
    problems = []
    for row in changes.to_dict("records"):
        if row["change"] not in CHANGES:
            problems.append(Problem(_place(row), "a known change", repr(row["change"]), ", ".join(CHANGES)))
        if not is_count(row["version"], PUBLISHED + 1):
            problems.append(Problem(_place(row), "version 1 is the published one", str(row["version"]), "2 or more"))
        for name in ("reason", "decided_by"):
            if pd.isna(row[name]) or not str(row[name]).strip():
                problems.append(Problem(_place(row), f"a change has a {name}", "an empty cell", remedy="fill it"))
    return problems


def _step_problems(row: dict[str, object], now: pd.DataFrame) -> list[Problem]:
    construct, parent, change = row["construct"], row.get("parent"), row["change"]
    problems = []
    if change == "added" and construct in now.index:
        problems.append(Problem(_place(row), "an added construct is new", "one of that name", remedy="rename it"))
    if change != "added" and construct not in now.index:
        problems.append(Problem(_place(row), "a changed construct exists", "none of that name", remedy="correct it"))
    if change in ("added", "renamed") and pd.isna(row.get("label")):
        problems.append(Problem(_place(row), "the construct has a label", "an empty cell", remedy="fill it"))
    if change in ("added", "moved") and pd.notna(parent) and parent not in now.index:
        problems.append(Problem(_place(row), "the parent exists", repr(parent), remedy="add the parent first"))
    if change == "removed" and (now["parent"] == construct).any():
        under = ", ".join(now.loc[now["parent"] == construct, "construct"])
        problems.append(Problem(_place(row), "nothing stands below it", under, remedy="move or remove these first"))
    return problems


def _apply(row: dict[str, object], now: pd.DataFrame) -> pd.DataFrame:
    construct = str(row["construct"])
    if row["change"] == "removed":
        return now.drop(index=construct)
    parent = row["parent"] if pd.notna(row.get("parent")) else None
    if row["change"] == "added":
        new = {"construct": construct, "label": row["label"], "parent": parent, "order": now["order"].max() + 1}
        new |= {"source": f"added in version {row['version']} by {row['decided_by']}"}
        new |= {"since": row["version"], "reason": row["reason"]}
        line = pd.DataFrame([{name: new.get(name) for name in now.columns}], index=[construct]).astype("object")
        return pd.concat([now, line.astype({"order": now["order"].dtype, "since": now["since"].dtype})])
    now = now.copy()
    if row["change"] == "renamed":
        now.at[construct, "label"] = row["label"]
    else:
        now.at[construct, "parent"] = parent
    now.at[construct, "since"], now.at[construct, "reason"] = row["version"], row["reason"]
    return now


def framework_diff(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Compare two versions of a framework.

    Parameters
    ----------
    before, after : pandas.DataFrame
        `construct, label, parent`; `reason` of `after` is shown where it has one.

    Returns
    -------
    pandas.DataFrame
        One row per difference: `construct, change` (`added`, `removed`, `renamed`, `moved`), `before, after` (label,
        or parent where it moved), `reason`.

    Examples
    --------
    >>> one = pd.DataFrame({"construct": ["c"], "label": ["C"], "parent": [None]})
    >>> two = pd.DataFrame({"construct": ["c", "d"], "label": ["Cc", "D"], "parent": [None, "c"]})
    >>> framework_diff(one, two)[["construct", "change", "before", "after"]].values.tolist()
    [['c', 'renamed', 'C', 'Cc'], ['d', 'added', None, 'D']]
    """
    check_arguments(framework_diff, locals())
    need(before, ["construct", "label", "parent"], "before")
    need(after, ["construct", "label", "parent"], "after")
    one_row(before, "construct", "before")
    one_row(after, "construct", "after")
    old = before.astype("object").set_index("construct")
    new = after.astype("object").set_index("construct")
    rows = []
    for construct in dict.fromkeys([*old.index, *new.index]):
        reason = new["reason"].get(construct, "") if "reason" in new else ""
        base = {"construct": construct, "reason": reason}
        if construct not in new.index:
            rows.append(base | {"change": "removed", "before": old.at[construct, "label"], "after": None})
        elif construct not in old.index:
            rows.append(base | {"change": "added", "before": None, "after": new.at[construct, "label"]})
        else:
            for change, column in (("renamed", "label"), ("moved", "parent")):
                a, b = old.at[construct, column], new.at[construct, column]
                if a != b and not (pd.isna(a) and pd.isna(b)):
                    rows.append(base | {"change": change, "before": a, "after": b})
    out = pd.DataFrame(rows, columns=["construct", "change", "before", "after", "reason"], dtype="object")
    return out.where(out.notna(), None)
