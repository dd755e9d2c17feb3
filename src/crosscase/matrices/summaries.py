"""Small tables around the matrices: who coded how much, which themes are findings, who speaks, what a cell says."""

from __future__ import annotations

import pandas as pd

from crosscase.frames import need
from crosscase.ids import join, split, split_rows
from crosscase.matrices.display import as_cells
from crosscase.matrices.themes import ancestry, theme_matrix

FINDINGS = ("theme", "subtheme")


def coder_summary(codings: pd.DataFrame) -> pd.DataFrame:
    """Count what each coder did.

    Parameters
    ----------
    codings : pandas.DataFrame
        `document, start, end, code, coder`.

    Returns
    -------
    pandas.DataFrame
        One row per coder: `coder, n_codings, n_segments` (different spans), `n_codes, n_documents`.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "start": [0, 0], "end": [4, 4], "code": ["a", "b"], "coder": "x"})
    >>> coder_summary(codings).values.tolist()
    [['x', 2, 1, 2, 1]]
    """
    need(codings, ["document", "start", "end", "code", "coder"], "codings")
    grouped = codings.groupby("coder", sort=True)
    spans = codings.drop_duplicates(["coder", "document", "start", "end"]).groupby("coder").size()
    return pd.DataFrame(
        {
            "n_codings": grouped.size(),
            "n_segments": spans,
            "n_codes": grouped["code"].nunique(),
            "n_documents": grouped["document"].nunique(),
        }
    ).reset_index()


def finding_themes(themes: pd.DataFrame) -> pd.DataFrame:
    """Return the themes and subthemes, each subtheme after its theme; factors and the frame of the text are left out.

    Parameters
    ----------
    themes : pandas.DataFrame
        Table `themes`: `theme, parent, kind, order`.
    """
    need(themes, ["theme", "parent", "kind", "order"], "themes")
    found = themes[themes["kind"].isin(FINDINGS)]
    order = dict(zip(found["theme"], found["order"].astype("float64").fillna(10_000)))
    lines = ancestry(found)
    place = {theme: tuple(order[step] for step in reversed(line)) for theme, line in lines.items()}
    return found.sort_values("theme", key=lambda names: names.map(place), kind="stable").reset_index(drop=True)


def finding_labels(themes: pd.DataFrame) -> dict[str, str]:
    """Return id -> label of the themes and subthemes, in the order of the publication."""
    found = finding_themes(themes)
    return dict(zip(found["theme"], found["label"]))


def case_themes(themes: pd.DataFrame) -> pd.DataFrame:
    """Return the themes that belong to one case.

    Parameters
    ----------
    themes : pandas.DataFrame
        Table `themes`.

    Returns
    -------
    pandas.DataFrame
        `case, theme, label, valence`.
    """
    found = finding_themes(themes)
    return found.loc[found["case"].notna(), ["case", "theme", "label", "valence"]].reset_index(drop=True)


def framework_chart(matrix: pd.DataFrame, codings: pd.DataFrame) -> pd.DataFrame:
    """Return the framework matrix as a chart to read: each cell's summary, or the coder's notes where none is written.

    Parameters
    ----------
    matrix : pandas.DataFrame
        As `framework_matrix` returns it.
    codings : pandas.DataFrame
        `coding_id, memo`.

    Returns
    -------
    pandas.DataFrame
        `case, theme, state, k, n, n_segments, text, written` (`summary` or `coder's notes`; empty where the cell is),
        `stale, segments`; cells about which nothing is known are left out.
    """
    memos = codings.dropna(subset=["memo"]).set_index("coding_id")["memo"]
    chart = matrix[matrix["state"].ne("not_stated") & matrix["case"].notna()].copy()
    listed = chart["segments"].fillna("").where(chart["segments"].fillna("").ne(""), chart["group_segments"].fillna(""))
    notes = ["; ".join(dict.fromkeys(memos[name] for name in split(ids) if name in memos.index)) for ids in listed]
    chart["segments"] = listed
    chart["text"] = chart["summary"].astype("object").where(chart["filled"], notes)
    written = chart["filled"].map({True: "summary", False: "coder's notes"})
    chart["written"] = written.where(chart["text"].fillna("").ne(""), "")
    columns = ["case", "theme", "state", "k", "n", "n_segments", "text", "written", "stale", "segments"]
    return chart[columns].reset_index(drop=True)


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
    named = split_rows(codings, "role").dropna(subset=["role"])
    ordered = roles.assign(sector=roles["sector"].fillna("not stated")).sort_values("sector", kind="stable")
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
    spoken = codings[codings["role_mode"] == "voice"]
    speaking = set(split_rows(spoken, "role")["role"].dropna())
    named = roles.loc[roles["kind"] == "perspective", "role"].tolist()
    rows = named or [role for role in roles["role"] if role in speaking]
    found = finding_themes(themes)
    top = found[(found["kind"] == "theme") & ~found["voice"].isin(["author", "authors"])]
    cells = theme_matrix(spoken, themes, "role", roles=roles)
    return as_cells(cells, "role", "theme", rows=rows, columns=top["theme"])


def quotation_frame(quotations: pd.DataFrame, themes: pd.DataFrame, roles: pd.DataFrame) -> pd.DataFrame:
    """Return the quotations with the sector of their role and the highest theme above their own.

    Parameters
    ----------
    quotations, themes, roles : pandas.DataFrame
        Tables of those names.

    Returns
    -------
    pandas.DataFrame
        `quotation, theme` (highest level), `subtheme` (their own), `role, sector`.
    """
    lines = ancestry(themes)
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


def valence_long(table: pd.DataFrame, item: str) -> pd.DataFrame:
    """Return a table of directions (`valence_table` of codings) with one row per item and direction, for drawing.

    Parameters
    ----------
    table : pandas.DataFrame
        The column named by `item` and counts `n_inhibits`, `n_promotes` ...
    item : str
        Column of the items.

    Returns
    -------
    pandas.DataFrame
        `item, valence, n`; directions that nothing takes, and `na`, are left out.

    Examples
    --------
    >>> table = pd.DataFrame({"code": ["trust"], "n_inhibits": [2], "n_promotes": [0], "n_na": [1]})
    >>> valence_long(table, "code").values.tolist()
    [['trust', 'inhibits', 2]]
    """
    need(table, [item], "table of directions")
    counts = [c for c in table.columns if c.startswith("n_") and c not in ("n_codings", "n_na")]
    long = table.rename(columns={item: "item"}).melt("item", counts, "valence", "n")
    long["valence"] = long["valence"].str.removeprefix("n_")
    return long[long["n"] > 0].reset_index(drop=True)


def quotation_cells(by_role: pd.DataFrame, themes: pd.DataFrame, roles: pd.DataFrame) -> pd.DataFrame:
    """Return counts of quotations by theme and role with the headings that a drawing needs.

    Parameters
    ----------
    by_role : pandas.DataFrame
        As `role_sector` returns it: `parent, theme, role, n_quotations`.
    themes, roles : pandas.DataFrame
        Tables of those names.

    Returns
    -------
    pandas.DataFrame
        `theme, subtheme, subtheme_label, role, role_label, sector, n`.
    """
    theme_label = themes.set_index("theme")["label"]
    role_row = roles.set_index("role")
    return pd.DataFrame(
        {
            "theme": by_role["parent"].fillna(by_role["theme"]).map(theme_label),
            "subtheme": by_role["theme"],
            "subtheme_label": by_role["theme"].map(theme_label),
            "role": by_role["role"],
            "role_label": by_role["role"].map(role_row["label"]).fillna(by_role["role"]),
            "sector": by_role["role"].map(role_row["sector"]).fillna("not stated"),
            "n": by_role["n_quotations"],
        }
    )


def used_labels(labels: dict[str, str], used: pd.Series) -> dict[str, str]:
    """Return the labels of the ids that occur, in the order of the labels; an id without label stands for itself.

    Examples
    --------
    >>> used_labels({"b": "Bee", "a": "Ay", "c": "Cee"}, pd.Series(["a", "b", "z"]))
    {'b': 'Bee', 'a': 'Ay', 'z': 'z'}
    """
    found = used.dropna().unique().tolist()
    known = {name: label for name, label in labels.items() if name in set(found)}
    return known | {name: name for name in found if name not in known}


def labels_as_met(labels: dict[str, str], used: pd.Series) -> dict[str, str]:
    """Return the labels of the ids that occur, in the order in which they occur (cases by their outcome).

    Examples
    --------
    >>> labels_as_met({"b": "Bee", "a": "Ay", "c": "Cee"}, pd.Series(["a", "b", "a", "z"]))
    {'a': 'Ay', 'b': 'Bee', 'z': 'z'}
    """
    return {name: labels.get(name, name) for name in used.dropna().unique().tolist()}


def named_pairs(pairs: pd.DataFrame, labels: dict[str, str]) -> pd.DataFrame:
    """Return pairs of codes with the labels of the codes in the place of their ids."""
    named = {column: pairs[column].map(lambda code: labels.get(code, code)) for column in ("code_a", "code_b")}
    return pairs.assign(**named)


def finding_codings(codings: pd.DataFrame, themes: pd.DataFrame) -> pd.DataFrame:
    """Return the codings that stand under a theme or subtheme; those of the frame of the text are left out."""
    return codings[codings["theme"].isin(finding_themes(themes)["theme"])].reset_index(drop=True)


def graph_themes(themes: pd.DataFrame, relations: pd.DataFrame) -> pd.DataFrame:
    """Return the nodes of a graph of influence: every factor a directed relation names, and every highest theme.

    A theme stays out where one of its subthemes or factors is in a relation, and stays in, isolated, where nothing
    under it is.

    Parameters
    ----------
    themes, relations : pandas.DataFrame
        Tables of those names.
    """
    directed = relations[relations["directed"].fillna(True).astype(bool)]
    named = set(directed["source"]) | set(directed["target"])
    lines = ancestry(themes)
    above = {step for name in named for step in lines.get(name, [name])[1:]}
    isolated = themes["kind"].eq("theme") & ~themes["theme"].isin(above) & bool(named)
    return themes[themes["theme"].isin(named) | isolated].reset_index(drop=True)


def graph_headlines(nodes: pd.DataFrame) -> pd.DataFrame:
    """Name the factor that most influences arrive at, the one that most leave, and those that stand alone.

    Parameters
    ----------
    nodes : pandas.DataFrame
        Nodes of a graph: `label, in_degree, out_degree, isolated`.

    Returns
    -------
    pandas.DataFrame
        Rows `highest in-degree`, `highest out-degree`, `isolated`: `what, names` (labels joined by commas, null where
        there is none), `n` (the degree, or how many stand alone), `reason`.

    Examples
    --------
    >>> nodes = pd.DataFrame({"label": ["A", "B", "C"], "in_degree": [0, 1, 0], "out_degree": [1, 0, 0],
    ...     "isolated": [False, False, True]})
    >>> graph_headlines(nodes)[["names", "n"]].values.tolist()
    [['B', 1], ['A', 1], ['C', 1]]
    """
    need(nodes, ["label", "in_degree", "out_degree", "isolated"], "nodes")
    rows = []
    for what, column in (("highest in-degree", "in_degree"), ("highest out-degree", "out_degree")):
        top = int(nodes[column].max()) if len(nodes) else 0
        found = nodes.loc[nodes[column].eq(top) & (top > 0), "label"]
        rows.append((what, ", ".join(found) or None, top, "" if len(found) else "the study states no influence"))
    alone = nodes.loc[nodes["isolated"].astype(bool), "label"]
    rows.append(("isolated", ", ".join(alone) or None, len(alone), "" if len(alone) else "no theme stands alone"))
    return pd.DataFrame(rows, columns=["what", "names", "n", "reason"])
