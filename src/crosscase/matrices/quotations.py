"""Who is quoted on what: quotations by theme, role and sector, and the themes that rest on one role."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.frames import known, need, one_row
from crosscase.ids import join, split_rows
from crosscase.matrices.themes import ancestry


class RoleSector(NamedTuple):
    """Quotation counts by role and sector; see `role_sector`."""

    by_role: pd.DataFrame
    by_sector: pd.DataFrame
    by_theme: pd.DataFrame
    warnings: pd.DataFrame


def role_sector(quotations: pd.DataFrame, roles: pd.DataFrame, themes: pd.DataFrame) -> RoleSector:
    """Count quotations by subtheme x role and subtheme x sector, and name the subthemes that rest on one role.

    Parameters
    ----------
    quotations : DataFrame
        One row per quotation: `role` and `theme` (or `subtheme`, which then counts: the finest theme quoted), and
        an id in `quotation`, `quote` or `coding_id`.
    roles : DataFrame
        `role, sector`.
    themes : DataFrame
        `theme, parent`; subthemes without any quotation keep their row in `by_theme` and `warnings` tells them.

    Returns
    -------
    RoleSector
        `by_role`: `parent, theme, role, n_quotations, quotations` (pairs that occur); `by_sector`: `parent, theme,
        sector, n_quotations, quotations` (a missing sector is "not stated"); `by_theme`: one row per leaf theme:
        `parent, theme, n_quotations, n_roles, n_sectors, n_quotations_parent`; `warnings`: leaf themes that rest on
        one role label or on none: `parent, theme, n_quotations, role, sector, warning`.

    Raises
    ------
    CrosscaseError
        For roles or themes that their tables do not hold.

    Examples
    --------
    >>> quotations = pd.DataFrame({"quotation": [1, 2], "theme": ["pay", "pay"], "role": ["nurse", "nurse"]})
    >>> roles = pd.DataFrame({"role": ["nurse"], "sector": ["care"]})
    >>> themes = pd.DataFrame({"theme": ["money", "pay"], "parent": [None, "money"]})
    >>> role_sector(quotations, roles, themes).warnings[["theme", "n_quotations", "role", "warning"]]
      theme  n_quotations   role            warning
    0   pay             2  nurse  rests on one role
    """
    check_arguments(role_sector, locals())
    column = "subtheme" if "subtheme" in quotations else "theme"
    need(quotations, [column, "role"], "quotations")
    need(roles, ["role", "sector"], "roles")
    need(themes, ["theme", "parent"], "themes")
    identity = next((c for c in ("quotation", "quote", "coding_id") if c in quotations), None)
    ids = quotations[identity] if identity else pd.Series(range(1, len(quotations) + 1), index=quotations.index)
    frame = pd.DataFrame({"theme": quotations[column], "role": quotations["role"], "id": ids.astype(str)})
    frame = split_rows(frame, "role")
    known(frame["role"], roles, "role", "quotations")
    known(frame["theme"], themes, "theme", "quotations")
    one_row(themes, "theme", "themes")
    parents = themes.set_index("theme")["parent"]
    sectors = roles.drop_duplicates("role").set_index("role")["sector"]
    frame["parent"] = frame["theme"].map(parents)
    frame["sector"] = frame["role"].map(sectors).astype(object).fillna("not stated")
    frame["role"] = frame["role"].astype(object).fillna("not stated")
    by_theme = _by_theme(frame, themes)
    return RoleSector(
        _counted(frame, "role", themes), _counted(frame, "sector", themes), by_theme, _role_warnings(frame, by_theme)
    )


def quotation_frame(quotations: pd.DataFrame, themes: pd.DataFrame, roles: pd.DataFrame) -> pd.DataFrame:
    """Return the quotations with the sector of their role and the highest theme above their own.

    `quotation, theme` (highest level), `subtheme` (their own), `role, sector`.
    """
    check_arguments(quotation_frame, locals())
    need(quotations, ["quotation", "theme", "role"], "quotations")
    need(roles, ["role", "sector"], "roles")
    lines = ancestry(themes)
    one_row(roles, "role", "roles")
    known(quotations["theme"], themes, "theme", "quotations")
    sector = roles.set_index("role")["sector"]
    top = quotations["theme"].map(lambda name: lines[name][-1] if isinstance(name, str) else None)
    return pd.DataFrame(
        {
            "quotation": quotations["quotation"],
            "theme": top,
            "subtheme": quotations["theme"],
            "role": quotations["role"],
            "sector": quotations["role"].map(sector),
        }
    )


def quotation_cells(by_role: pd.DataFrame, themes: pd.DataFrame, roles: pd.DataFrame) -> pd.DataFrame:
    """Return the counts `by_role` of `role_sector` with the headings that a drawing needs.

    `theme, subtheme, subtheme_label, role, role_label, sector, n`.
    """
    check_arguments(quotation_cells, locals())
    need(by_role, ["parent", "theme", "role", "n_quotations"], "by_role")
    need(themes, ["theme", "label"], "themes")
    need(roles, ["role", "label", "sector"], "roles")
    one_row(themes, "theme", "themes")
    one_row(roles, "role", "roles")
    theme_label = themes.set_index("theme")["label"]
    role_row = roles.set_index("role")[["label", "sector"]].astype(object)
    return pd.DataFrame(
        {
            "theme": by_role["parent"].astype(object).fillna(by_role["theme"]).map(theme_label),
            "subtheme": by_role["theme"],
            "subtheme_label": by_role["theme"].map(theme_label),
            "role": by_role["role"],
            "role_label": by_role["role"].map(role_row["label"]).astype(object).fillna(by_role["role"]),
            "sector": by_role["role"].map(role_row["sector"]).astype(object).fillna("not stated"),
            "n": by_role["n_quotations"],
        }
    )


def _counted(frame: pd.DataFrame, column: str, themes: pd.DataFrame) -> pd.DataFrame:
    distinct = frame.drop_duplicates(["theme", column, "id"])
    out = (
        distinct.groupby(["parent", "theme", column], sort=False, dropna=False)["id"]
        .agg(n_quotations="size", quotations=join)
        .reset_index()
    )
    rank = {theme: i for i, theme in enumerate(themes["theme"])}
    return out.sort_values("theme", key=lambda t: t.map(rank), kind="stable", ignore_index=True)


def _by_theme(frame: pd.DataFrame, themes: pd.DataFrame) -> pd.DataFrame:
    branch = themes[themes["kind"].isin(["theme", "subtheme"])] if "kind" in themes else themes
    leaves = branch[~branch["theme"].isin(branch["parent"].dropna()) | branch["theme"].isin(frame["theme"])]
    groups = frame.groupby("theme").agg(
        n_quotations=("id", "nunique"), n_roles=("role", "nunique"), n_sectors=("sector", "nunique")
    )
    out = leaves[["parent", "theme"]].merge(groups, how="left", left_on="theme", right_index=True)
    counts = ["n_quotations", "n_roles", "n_sectors"]
    out[counts] = out[counts].fillna(0).astype(int)
    out["n_quotations_parent"] = out.groupby("parent", dropna=False)["n_quotations"].transform("sum")
    return out.reset_index(drop=True)


def _role_warnings(frame: pd.DataFrame, by_theme: pd.DataFrame) -> pd.DataFrame:
    thin = by_theme[by_theme["n_roles"] < 2]
    first = frame.drop_duplicates("theme").set_index("theme")
    out = thin[["parent", "theme", "n_quotations"]].copy()
    out["role"] = out["theme"].map(first["role"])
    out["sector"] = out["theme"].map(first["sector"])
    out["warning"] = ["rests on one role" if n else "no quotation" for n in thin["n_roles"]]
    return out.reset_index(drop=True)
