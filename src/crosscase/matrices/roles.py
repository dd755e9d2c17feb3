"""Who stands behind what: methods by role, who speaks and is spoken about, and whose view on which theme is known."""

from __future__ import annotations

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.frames import need, ordered
from crosscase.ids import join, split_rows
from crosscase.matrices.display import as_cells
from crosscase.matrices.findings import finding_themes
from crosscase.matrices.themes import theme_matrix


def method_role(inventory: pd.DataFrame) -> pd.DataFrame:
    """Cross the methods of data collection with the roles that took part.

    Parameters
    ----------
    inventory : DataFrame
        `method, roles` (ids joined by ";"; null where the source does not say), one row per item of data.

    Returns
    -------
    DataFrame
        One row per method and role: `method, role, state` (present, or not_stated: a role that is not named may
        have taken part), `n_items` (rows of the inventory), `roles_stated` (whether the source names any role for
        the method). A method without roles keeps its rows; where no role is named anywhere, one
        row with a null role.

    Examples
    --------
    >>> inventory = pd.DataFrame({"method": ["interview", "observation"], "roles": ["parent;nurse", None]})
    >>> method_role(inventory)[["method", "role", "state", "roles_stated"]]
            method    role       state  roles_stated
    0    interview  parent     present          True
    1    interview   nurse     present          True
    2  observation  parent  not_stated         False
    3  observation   nurse  not_stated         False
    """
    check_arguments(method_role, locals())
    need(inventory, ["method", "roles"], "inventory")
    frame = split_rows(inventory[["method", "roles"]], "roles").rename(columns={"roles": "role"})
    counts = frame.dropna().groupby(["method", "role"]).size()
    roles: list[str | None] = [*ordered(frame["role"])] or [None]
    rows = []
    for method in ordered(frame["method"]):
        stated = bool(frame.loc[frame["method"].eq(method), "role"].notna().any())
        for role in roles:
            n = int(counts.get((method, role), 0))
            rows.append((method, role, "present" if n else "not_stated", n, stated))
    return pd.DataFrame(rows, columns=["method", "role", "state", "n_items", "roles_stated"])


def role_modes(codings: pd.DataFrame, roles: pd.DataFrame) -> pd.DataFrame:
    """Count for each role the segments in which it speaks and those in which it is spoken about.

    Parameters
    ----------
    codings : pandas.DataFrame
        `coding_id, document, start, end, role, role_mode`.
    roles : pandas.DataFrame
        Table `roles`: `role, label, sector`.

    Returns
    -------
    pandas.DataFrame
        One row per role and mode (`voice`, `about`): `row` (role), `label, sector, column` (mode), `state` (present or
        not_stated), `value` (segments), `segments`; roles ordered by sector.
    """
    check_arguments(role_modes, locals())
    need(codings, ["coding_id", "document", "start", "end", "role", "role_mode"], "codings")
    need(roles, ["role", "label", "sector"], "roles")
    named = split_rows(codings, "role").dropna(subset=["role"])
    ordered = roles.assign(sector=roles["sector"].astype(object).fillna("not stated")).sort_values(
        "sector", kind="stable"
    )
    rows = []
    for role, label, sector in ordered[["role", "label", "sector"]].itertuples(index=False):
        for mode in ("voice", "about"):
            mine = named[(named["role"] == role) & (named["role_mode"] == mode)]
            n = len(mine.drop_duplicates(["document", "start", "end"]))
            state = "present" if n else "not_stated"
            rows.append((role, label, sector, mode, state, n, join(mine["coding_id"])))
    return pd.DataFrame(rows, columns=["row", "label", "sector", "column", "state", "value", "segments"])


def perspective_matrix(codings: pd.DataFrame, themes: pd.DataFrame, roles: pd.DataFrame) -> pd.DataFrame:
    """Cross the perspectives that a study names with its themes: whose own voice on which theme is known.

    Where a study names no perspectives, the roles that speak anywhere take their place. Themes that only the authors
    voice have no perspective and are left out.

    Parameters
    ----------
    codings : pandas.DataFrame
        `coding_id, document, start, end, coder, theme, role, role_mode, valence`.
    themes, roles : pandas.DataFrame
        Tables `themes` and `roles`.

    Returns
    -------
    pandas.DataFrame
        As `as_cells`: row = role, column = theme of the highest level; `not_stated` where no segment lets that role
        speak on that theme.
    """
    check_arguments(perspective_matrix, locals())
    need(codings, ["role", "role_mode"], "codings")
    need(themes, ["voice"], "themes")
    need(roles, ["role", "kind"], "roles")
    spoken = codings[codings["role_mode"] == "voice"]
    speaking = set(split_rows(spoken, "role")["role"].dropna())
    named = roles.loc[roles["kind"] == "perspective", "role"].tolist()
    rows = named or [role for role in roles["role"] if role in speaking]
    found = finding_themes(themes)
    top = found[(found["kind"] == "theme") & ~found["voice"].isin(["author", "authors"])]
    cells = theme_matrix(spoken, themes, "role", roles=roles)
    return as_cells(cells, "role", "theme", rows=rows, columns=top["theme"])
