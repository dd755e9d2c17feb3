"""Valence: what hampers and facilitates, per theme, per case, and across the codes that cases share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.frames import known, need, ordered
from crosscase.ids import join, split, split_rows
from crosscase.matrices.given import check_cases, valences_of
from crosscase.matrices.themes import leaf_themes
from crosscase.terms import VALENCES

DIRECTIONS = {"inhibits": "hampers", "promotes": "facilitates", "condition": "condition", "neutral": "neutral"}


def _direction(valences: Iterable[str]) -> str:
    """One word for a set of valences: hampers, facilitates, both, condition, neutral, not stated."""
    found = set(valences)
    if "ambivalent" in found or {"inhibits", "promotes"} <= found:
        return "both"
    for valence, word in DIRECTIONS.items():
        if valence in found:
            return word
    return "not stated"


def valence_table(frame: pd.DataFrame, by: str = "theme") -> pd.DataFrame:
    """Say for each theme (or code) whether it hampers or facilitates.

    Parameters
    ----------
    frame : DataFrame
        The table of themes (`theme, parent, valence`; leaf themes are shown), or codings (`coding_id, valence` and
        the column named by `by`).
    by : {"theme", "code"}
        What the rows are, for codings.

    Returns
    -------
    DataFrame
        One row per theme or code. From themes: `theme, label, parent, order, case, voice, valence, direction,
        spans`. From codings: `theme` or `code`, `direction`, `n_inhibits` ... one count of codings per valence,
        `n_codings`, `segments`. `direction` is hampers, facilitates, both, condition, neutral or not stated; a
        theme that is both a condition and hampers counts as hampers and keeps its `valence`.

    Raises
    ------
    CrosscaseError
        For unknown valences.

    Examples
    --------
    >>> valence_table(pd.DataFrame({"theme": ["t"], "parent": [None], "valence": ["inhibits"]}))[["theme", "direction"]]
      theme direction
    0     t   hampers
    """
    check_arguments(valence_table, locals())
    need(frame, ["valence"], "themes or codings")
    if "coding_id" not in frame:
        leaves = leaf_themes(frame).copy()
        leaves["direction"] = [
            _direction(valences_of(v, f"themes, theme {t!r}")) for t, v in zip(leaves["theme"], leaves["valence"])
        ]
        for column in ("label", "order", "case", "voice", "spans"):
            if column not in leaves:
                leaves[column] = leaves["theme"] if column == "label" else pd.NA
        columns = ["theme", "label", "parent", "order", "case", "voice", "valence", "direction", "spans"]
        return leaves[columns].sort_values("order", kind="stable", na_position="last", ignore_index=True)
    need(frame, [by], "codings")
    rows = []
    for name, group in split_rows(frame, by).groupby(by, sort=False):
        place = f"codings under {name!r}, column valence"
        counts = group["valence"].map(lambda v, p=place: valences_of(v, p)).explode().value_counts()
        rows.append(
            {
                by: name,
                "direction": _direction(counts.index),
                **{f"n_{v}": int(counts.get(v, 0)) for v in VALENCES},
                "n_codings": len(group),
                "segments": join(group["coding_id"].astype(str)),
            }
        )
    columns = [by, "direction", *(f"n_{v}" for v in VALENCES), "n_codings", "segments"]
    return pd.DataFrame(rows, columns=columns)


def valence_long(table: pd.DataFrame, item: str) -> pd.DataFrame:
    """Return a `valence_table` of codings as `item, valence, n`, one row per item and direction, for drawing.

    Directions that nothing takes, and `na`, are left out.

    Examples
    --------
    >>> table = pd.DataFrame({"code": ["trust"], "n_inhibits": [2], "n_promotes": [0], "n_na": [1]})
    >>> valence_long(table, "code").values.tolist()
    [['trust', 'inhibits', 2]]
    """
    check_arguments(valence_long, locals())
    need(table, [item], "table of directions")
    counts = [c for c in table.columns if c.startswith("n_") and c not in ("n_codings", "n_na")]
    long = table.rename(columns={item: "item"}).melt("item", counts, "valence", "n")
    long["valence"] = long["valence"].str.removeprefix("n_")
    return long[long["n"] > 0].reset_index(drop=True)


def case_valence(themes: pd.DataFrame, cases: pd.DataFrame | None = None) -> pd.DataFrame:
    """Count the themes of each case that inhibit and that promote.

    Parameters
    ----------
    themes : DataFrame
        `theme, parent, case, valence`; leaf themes bound to a case are counted; a theme with two valences counts
        under both.
    cases : DataFrame, optional
        Table of cases: individual cases without themes then keep their row.

    Returns
    -------
    DataFrame
        One row per case and valence (inhibits, promotes, and others that occur): `case, valence, n_themes, themes`
        (ids joined by ";"), `state` (present; absent where coverage is complete; not_stated).

    Examples
    --------
    >>> themes = pd.DataFrame({"theme": ["t1", "t2"], "parent": None, "case": "a", "valence": ["inhibits", "inhibits"]})
    >>> case_valence(themes)[["case", "valence", "n_themes", "state"]]
      case   valence  n_themes       state
    0    a  inhibits         2     present
    1    a  promotes         0  not_stated
    """
    check_arguments(case_valence, locals())
    need(themes, ["theme", "parent", "case", "valence"], "themes")
    leaves = split_rows(leaf_themes(themes), "case").dropna(subset="case")
    coverage: dict[str, object] = {}
    names = ordered(leaves["case"])
    if cases is not None:
        table = check_cases(cases)
        known(leaves["case"], table, "case", "themes")
        individual = table[table["kind"].eq("case")]
        coverage = dict(zip(individual["case"], individual["coverage"]))
        names = [c for c in ordered(table["case"]) if c in coverage or c in names]
    parts = leaves.assign(
        valence=[valences_of(v, f"themes, theme {t!r}") for t, v in zip(leaves["theme"], leaves["valence"])]
    ).explode("valence")
    seen = [v for v in VALENCES if v in ("inhibits", "promotes") or bool(parts["valence"].eq(v).any())]
    rows = []
    for case in names:
        for valence in seen:
            ids = parts.loc[parts["case"].eq(case) & parts["valence"].eq(valence), "theme"].tolist()
            silent = "absent" if coverage.get(case) == "complete" else "not_stated"
            rows.append((case, valence, len(ids), join(ids), "present" if ids else silent))
    return pd.DataFrame(rows, columns=["case", "valence", "n_themes", "themes", "state"])


class Bridge(NamedTuple):
    """The bridge from themes to shared codes; see `bridge`."""

    links: pd.DataFrame
    codes: pd.DataFrame


def bridge(codings: pd.DataFrame, themes: pd.DataFrame, cases: pd.DataFrame | None = None) -> Bridge:
    """Lead from the themes of single cases to the codes they share, and say per code where it hinders or promotes.

    Parameters
    ----------
    codings : DataFrame
        `coding_id, code, theme, case, valence`. A coding's own valence and case count before those of its theme.
    themes : DataFrame
        `theme, case, valence`, optionally `label`.
    cases : DataFrame, optional
        Table of cases; only individual cases are then kept.

    Returns
    -------
    Bridge
        `links`: one row per theme, code, case and valence: `theme, label, code, case, valence, n_codings,
        segments`. `codes`: one row per code: `code, hinders, promotes` (cases joined by ";"), `n_cases`,
        `shared` (in more than one case), `contrast` (hinders in one case, promotes in another), `themes`,
        `segments`.

    Raises
    ------
    CrosscaseError
        For missing columns and themes that the table does not hold.

    Examples
    --------
    >>> codings = pd.DataFrame({"coding_id": ["c1", "c2"], "code": "management", "theme": ["good", "poor"],
    ...                         "case": ["b", "c"], "valence": ["promotes", "inhibits"]})
    >>> themes = pd.DataFrame({"theme": ["good", "poor"], "case": ["b", "c"], "valence": ["promotes", "inhibits"]})
    >>> bridge(codings, themes).codes[["code", "hinders", "promotes", "contrast"]]
             code hinders promotes  contrast
    0  management       c        b      True
    """
    check_arguments(bridge, locals())
    need(codings, ["coding_id", "code", "theme", "case", "valence"], "codings")
    need(themes, ["theme", "case", "valence"], "themes")
    frame = split_rows(codings, "theme").dropna(subset="theme")
    table = themes.drop_duplicates("theme").set_index("theme")
    own = frame["theme"].isin(table.index[table["case"].notna()])
    frame = frame[own] if bool(own.any()) else frame[frame["theme"].isin(table.index)]
    frame = frame.assign(
        case=frame["case"].astype(object).where(frame["case"].notna(), frame["theme"].map(table["case"])),
        valence=frame["valence"]
        .astype(object)
        .where(frame["valence"].notna() & frame["valence"].ne("na"), frame["theme"].map(table["valence"])),
    ).dropna(subset="case")
    if cases is not None:
        kinds = check_cases(cases).set_index("case")["kind"]
        frame = frame[frame["case"].map(kinds).eq("case")]
    labels = table["label"] if "label" in table else pd.Series(table.index, index=table.index)
    keys = ["theme", "code", "case", "valence"]
    links = (
        frame.groupby(keys, sort=False, dropna=False)["coding_id"].agg(n_codings="size", segments=join).reset_index()
    )
    links.insert(1, "label", links["theme"].map(labels))
    return Bridge(links, _code_contrasts(links))


def _code_contrasts(links: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for code, group in links.groupby("code", sort=False):
        valence = group["valence"].map(lambda v, c=code: valences_of(v, f"code {c!r}, valence"))
        hinders = ordered(group.loc[valence.map(lambda v: "inhibits" in v), "case"])
        promotes = ordered(group.loc[valence.map(lambda v: "promotes" in v), "case"])
        n_cases = group["case"].nunique()
        contrast = any(h != p for h in hinders for p in promotes)
        behind = (join(ordered(group["theme"])), join(ordered(split(join(group["segments"])))))
        rows.append((code, join(sorted(hinders)), join(sorted(promotes)), n_cases, n_cases > 1, contrast, *behind))
    columns = ["code", "hinders", "promotes", "n_cases", "shared", "contrast", "themes", "segments"]
    return pd.DataFrame(rows, columns=columns)
