"""Best-fit framework synthesis: which themes the constructs of a framework take, and the queue of those they do not."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.errors import Problem, raise_if
from crosscase.frames import need
from crosscase.ids import join, split

KINDS = ("theme", "subtheme", "factor", "frame")
FINDINGS = ("theme", "subtheme", "factor")
Key = tuple[str, str]
DECISIONS = ("open", "new_construct", "existing_construct", "outside")
TAKEN = {"itself": "n_itself", "its subthemes": "n_by_subthemes", "its theme": "n_by_theme", "": "n_left"}
DECIDED = ("decision", "construct", "reason", "decided_by", "decided_on")


def theme_coverage(
    themes: pd.DataFrame, maps: pd.DataFrame, framework: str, kinds: Iterable[str] = FINDINGS
) -> pd.DataFrame:
    """Tell for each theme by which constructs of a framework it is taken.

    Parameters
    ----------
    themes : pandas.DataFrame
        Themes of several studies: `study, theme, label, parent, kind`.
    maps : pandas.DataFrame
        Framework maps of several studies: `study, theme, framework, construct`, optionally `mapper`.
    framework : str
        Which framework of `maps`.
    kinds : iterable of str
        Kinds of themes that must find a construct; `frame` (parts that report no finding) is left out by default.

    Returns
    -------
    pandas.DataFrame
        One row per theme: `study, theme, label, kind, parent, taken_by` (`itself`, `its subthemes`, `its theme`, or
        empty), `constructs`, `mappers` (joined by semicolons; those of the subthemes or of the theme above where
        they take it), `n_subthemes, n_subthemes_taken`.

    Raises
    ------
    CrosscaseError
        For unknown kinds, and map rows about themes that the study does not have.

    References
    ----------
    Carroll C, Booth A, Leaviss J, Rick J (2013). "Best fit" framework synthesis: refining the method. BMC Medical
    Research Methodology 13:37, doi:10.1186/1471-2288-13-37.

    Examples
    --------
    >>> themes = pd.DataFrame({"study": ["a"] * 3, "theme": ["x", "y", "z"], "label": ["X", "Y", "Z"],
    ...     "parent": [None, "x", None], "kind": ["theme", "subtheme", "theme"]})
    >>> maps = pd.DataFrame({"study": ["a"], "theme": ["y"], "framework": ["f"], "construct": ["c"]})
    >>> theme_coverage(themes, maps, "f")[["theme", "taken_by"]].values.tolist()
    [['x', 'its subthemes'], ['y', 'itself'], ['z', '']]
    """
    check_arguments(theme_coverage, locals())
    need(themes, ["study", "theme", "label", "parent", "kind"], "themes")
    need(maps, ["study", "theme", "framework"], "maps")
    kinds, mine = tuple(kinds), maps[maps["framework"] == framework]
    problems = [Problem("kinds", "a known kind", repr(k), ", ".join(KINDS)) for k in kinds if k not in KINDS]
    known = set(zip(themes["study"], themes["theme"]))
    problems += [
        Problem(
            f"framework map, {study}", "a theme of the study", repr(theme), remedy="correct it in framework_map.csv"
        )
        for study, theme in mine[["study", "theme"]].drop_duplicates().itertuples(index=False)
        if (study, theme) not in known
    ]
    raise_if(problems)
    direct = dict(list(mine.groupby(["study", "theme"])))
    parents = {
        (study, theme): (study, parent)
        for study, theme, parent in themes[["study", "theme", "parent"]].itertuples(index=False)
        if pd.notna(parent)
    }
    below: dict[Key, list[Key]] = {}
    for key in parents:
        for above in _line(key, parents)[1:]:
            below.setdefault(above, []).append(key)
    rows = []
    for row in themes[themes["kind"].isin(kinds)].itertuples(index=False):
        key = (row.study, row.theme)
        subthemes = below.get(key, [])
        by, sources = _taken(key, subthemes, parents, direct)
        rows.append(
            {"study": row.study, "theme": row.theme, "label": row.label, "kind": row.kind, "parent": row.parent}
            | {"taken_by": by, "constructs": _joined(direct, sources, "construct")}
            | {"mappers": _joined(direct, sources, "mapper"), "n_subthemes": len(subthemes)}
            | {"n_subthemes_taken": sum(k in direct for k in subthemes)}
        )
    columns = ["study", "theme", "label", "kind", "parent", "taken_by", "constructs", "mappers"]
    return pd.DataFrame(rows, columns=[*columns, "n_subthemes", "n_subthemes_taken"])


def _line(key: Key, parents: dict[Key, Key]) -> list[Key]:
    """Return a theme and those above it; a circle ends where it closes."""
    line = [key]
    while (key := parents.get(key, key)) not in line:
        line.append(key)
    return line


def _taken(
    key: Key, subthemes: list[Key], parents: dict[Key, Key], direct: dict[Key, pd.DataFrame]
) -> tuple[str, list[Key]]:
    """Say by what a theme is taken, and whose map rows do it: its own, its subthemes', or the nearest theme's above."""
    if key in direct:
        return "itself", [key]
    if inner := [k for k in subthemes if k in direct]:
        return "its subthemes", inner
    above = [k for k in _line(key, parents)[1:] if k in direct]
    return ("its theme", above[:1]) if above else ("", [])


def _joined(parts: dict[Key, pd.DataFrame], keys: list[Key], column: str) -> str:
    found = [value for key in keys if column in parts[key] for value in parts[key][column].dropna()]
    return join(dict.fromkeys(found))


def leftovers(coverage: pd.DataFrame, decisions: pd.DataFrame | None = None) -> pd.DataFrame:
    """Queue the themes that no construct takes, each with what people decided about it.

    Parameters
    ----------
    coverage : pandas.DataFrame
        As `theme_coverage` returns it.
    decisions : pandas.DataFrame, optional
        Entered by people: `study, theme, decision` (`open`, `new_construct`, `existing_construct`, `outside`),
        `construct, reason, decided_by, decided_on`, for one framework.

    Returns
    -------
    pandas.DataFrame
        `study, theme, label, kind, parent, status, decision, construct, reason, decided_by, decided_on`; `status` is
        `open`, `decided`, or `taken since` (a decision stands, and a construct takes the theme now). Open ones first.

    Raises
    ------
    CrosscaseError
        For decisions on themes that are not there, unknown decisions, decisions without reason or person, and new or
        existing constructs without name.

    Examples
    --------
    >>> coverage = pd.DataFrame({"study": ["a"], "theme": ["z"], "label": ["Z"], "kind": ["theme"],
    ...     "parent": [None], "taken_by": [""]})
    >>> leftovers(coverage)[["theme", "status"]].values.tolist()
    [['z', 'open']]
    """
    check_arguments(leftovers, locals())
    need(coverage, ["study", "theme", "label", "kind", "parent", "taken_by"], "coverage")
    base = ["study", "theme", "label", "kind", "parent"]
    decided = pd.DataFrame(columns=["study", "theme", *DECIDED]) if decisions is None else decisions
    need(decided, ["study", "theme", *DECIDED], "decisions")
    _check_decisions(coverage, decided)
    both = coverage.merge(decided[["study", "theme", *DECIDED]].astype("object"), on=["study", "theme"], how="left")
    settled = both["decision"].notna() & both["decision"].ne("open")
    both["status"] = "open"
    both.loc[settled, "status"] = "decided"
    both.loc[settled & both["taken_by"].ne(""), "status"] = "taken since"
    kept = both[both["taken_by"].eq("") | settled]
    order = {"open": 0, "decided": 1, "taken since": 2}
    kept = kept.sort_values("status", key=lambda c: c.map(order), kind="stable", ignore_index=True)
    return kept[[*base, "status", *DECIDED]]


def _check_decisions(coverage: pd.DataFrame, decisions: pd.DataFrame) -> None:
    known, problems = set(zip(coverage["study"], coverage["theme"])), []
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(decisions.to_dict("records"), start=2):
        place, key = f"leftover decisions, row {number}", (row["study"], row["theme"])
        if key not in known:
            problems.append(Problem(place, "a theme of a study", f"{key[0]}, {key[1]}", remedy="correct it"))
        if key in seen:
            problems.append(Problem(place, "one decision per theme", f"{key[0]}, {key[1]}", remedy="delete one"))
        seen.add(key)
        if row["decision"] not in DECISIONS:
            problems.append(Problem(place, "a known decision", repr(row["decision"]), ", ".join(DECISIONS)))
        elif row["decision"] != "open":
            needed = ["reason", "decided_by"] + (["construct"] if row["decision"].endswith("construct") else [])
            problems += [
                Problem(place, f"a decision has a {name}", "an empty cell", remedy="fill it")
                for name in needed
                if pd.isna(row[name]) or not str(row[name]).strip()
            ]
    raise_if(problems)


def framework_fit(coverage: pd.DataFrame, added: Iterable[str] = ()) -> pd.DataFrame:
    """Count how much of what the studies report the framework carries as it was, and how much needed a new construct.

    Parameters
    ----------
    coverage : pandas.DataFrame
        As `theme_coverage` returns it.
    added : iterable of str
        Constructs that were added to the published framework (`since` above 1 in `framework_version`).

    Returns
    -------
    pandas.DataFrame
        One row per study: `study, n_themes`, and how they are taken: `n_itself`, `n_by_subthemes` (through its
        subthemes), `n_by_theme` (through the theme above), `n_left` (not at all), which make `n_themes` together;
        `n_a_priori` (a construct as published takes it), `n_new` (only added constructs take it), `share_a_priori`.

    Examples
    --------
    >>> coverage = pd.DataFrame({"study": ["a", "a"], "theme": ["y", "z"], "taken_by": ["itself", ""],
    ...     "constructs": ["c", ""]})
    >>> framework_fit(coverage)[["n_themes", "n_itself", "n_left", "share_a_priori"]].values.tolist()
    [[2.0, 1.0, 1.0, 0.5]]
    """
    check_arguments(framework_fit, locals())
    need(coverage, ["study", "taken_by", "constructs"], "coverage", {"taken_by": TAKEN})
    new, rows = set(added), []
    for study, part in coverage.groupby("study", sort=False):
        taken = part[part["taken_by"].ne("")]
        only_new = [bool(cell) and set(split(cell)) <= new for cell in taken["constructs"]]
        n_new = sum(only_new)
        rows.append(
            {
                "study": study,
                "n_themes": len(part),
                **{column: int(part["taken_by"].eq(by).sum()) for by, column in TAKEN.items()},
                "n_a_priori": len(taken) - n_new,
                "n_new": n_new,
                "share_a_priori": (len(taken) - n_new) / len(part),
            }
        )
    return pd.DataFrame(rows, columns=["study", "n_themes", *TAKEN.values(), "n_a_priori", "n_new", "share_a_priori"])
