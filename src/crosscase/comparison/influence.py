"""Stated influence as a signed graph: its nodes and edges, what stands out in it, and the effects by case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.comparison.displays import check_signs, effects_matrix
from crosscase.errors import Problem, raise_if
from crosscase.frames import need, ordered
from crosscase.ids import join, split
from crosscase.matrices.themes import ancestry

KINDS = ("stated", "assumed", "proposed", "derived")


class Influence(NamedTuple):
    """A graph as frames, merged and per case; see `influence`."""

    nodes: pd.DataFrame
    edges: pd.DataFrame
    case_nodes: pd.DataFrame
    case_edges: pd.DataFrame
    apart: pd.DataFrame


def influence(relations: pd.DataFrame, themes: pd.DataFrame | None = None) -> Influence:
    """Draw stated relations together into a graph, per case and merged over cases.

    Undirected relations ("all conditions are interconnected") and relations of a node with itself are kept apart
    and count in no degree; what only they name is no node. A node that an undirected relation covers does not stand
    alone: which links it has is not stated, which is not the same as none.

    Parameters
    ----------
    relations : DataFrame
        `relation, source, target, sign (+, -, ?)`, optionally `kind` (stated, assumed, proposed, derived),
        `directed` (bool; null counts as directed), `covers` (themes that an undirected one covers), `case, document,
        spans, note`.
    themes : DataFrame, optional
        `theme`, optionally `label`, `kind` and `parent`: themes without any relation stay in the graph as isolated
        nodes.

    Returns
    -------
    Influence
        `nodes`: `node, label, theme` (whether it is in the table of themes), `in_degree, out_degree` (distinct other
        nodes), `n_in, n_out` (relations), `passages_in, passages_out` (passages: a sentence that names four causes of
        one effect is one), `n_relations` (of the graph), `undirected` (undirected relations that cover it), `covered`
        (in no directed relation, but in one of these), `isolated` (in none at all). `edges`: `source, target, sign`
        (+, -, mixed, ?), `n_relations, n_cases` (cases that hold it; null where no relation names a case), `cases,
        kinds, relations, spans, notes`. `case_nodes`, `case_edges`: the same with `case` first (null: all together
        or not stated). `apart`: the relations kept apart, with `reason`.

    Raises
    ------
    CrosscaseError
        For unknown signs or kinds.

    Examples
    --------
    >>> relations = pd.DataFrame({"relation": ["r1", "r2"], "source": ["money", "all"], "target": ["trust", "all"],
    ...                           "sign": ["?", "?"], "directed": [True, False]})
    >>> graph = influence(relations, pd.DataFrame({"theme": ["money", "roles"]}))
    >>> graph.nodes[["node", "in_degree", "out_degree", "isolated"]].values.tolist()
    [['money', 0, 1, False], ['roles', 0, 0, True], ['trust', 1, 0, False]]
    >>> graph.apart["reason"].tolist()
    ['undirected']
    >>> graph = influence(relations.assign(covers=["", "money;roles"]), pd.DataFrame({"theme": ["money", "roles"]}))
    >>> graph.nodes[["node", "undirected", "isolated"]].values.tolist()
    [['money', 'r2', False], ['roles', 'r2', False], ['trust', '', False]]
    """
    check_arguments(influence, locals())
    need(relations, ["relation", "source", "target", "sign"], "relations")
    check_signs(relations)
    frame = relations.copy()
    given = {"kind": "stated", "directed": True, "covers": "", "case": None, "document": "", "spans": "", "note": ""}
    for column, default in given.items():
        frame[column] = frame.get(column, default)
    unknown = [kind for kind in ordered(frame["kind"]) if kind not in KINDS]
    raise_if([Problem("relations, column kind", "unknown kind", repr(k), ", ".join(KINDS)) for k in unknown])
    frame = frame.reset_index(drop=True)
    if themes is not None:
        need(themes, ["theme"], "themes")
    directed = frame["directed"].astype("boolean").fillna(True).astype(bool)
    itself = frame["source"].eq(frame["target"])
    apart = frame[~directed | itself].copy()
    covering = _covering(apart[~directed[apart.index]])
    apart["reason"] = ["relation of a node with itself" if d else "undirected" for d in directed[apart.index]]
    counted = frame[directed & ~itself]
    names = ordered([*(themes["theme"] if themes is not None else []), *counted["source"], *counted["target"]])
    labels = {}
    if themes is not None and "label" in themes:
        labels = dict(zip(themes["theme"], themes["label"]))
    inside = set() if themes is None else set(themes["theme"])
    case_nodes, case_edges = [], []
    for case, part in counted.groupby("case", sort=False, dropna=False):
        here = None if pd.isna(case) else case
        mine = ordered([*part["source"], *part["target"]])
        case_nodes.append(_nodes(mine, part, labels, inside, covering).assign(case=here))
        case_edges.append(_edges(part).assign(case=here))
    return Influence(
        _nodes(names, counted, labels, inside, covering),
        _edges(counted),
        _stacked(case_nodes, _nodes([], counted, {}, set(), {})),
        _stacked(case_edges, _edges(counted.iloc[:0])),
        apart.reset_index(drop=True),
    )


def graph_themes(themes: pd.DataFrame, relations: pd.DataFrame) -> pd.DataFrame:
    """Return the nodes of a graph of influence: every factor a directed relation names, and every highest theme.

    A theme stays out where one of its subthemes or factors is in a relation, and stays in, isolated, where nothing
    under it is.
    """
    check_arguments(graph_themes, locals())
    need(themes, ["kind"], "themes")
    need(relations, ["source", "target", "directed"], "relations")
    directed = relations[relations["directed"].astype("boolean").fillna(True).astype(bool)]
    named = set(directed["source"]) | set(directed["target"])
    lines = ancestry(themes)
    above = {step for name in named for step in lines.get(name, [name])[1:]}
    isolated = themes["kind"].eq("theme") & ~themes["theme"].isin(above) & bool(named)
    return themes[themes["theme"].isin(named) | isolated].reset_index(drop=True)


def graph_headlines(nodes: pd.DataFrame) -> pd.DataFrame:
    """Name the factor that most passages tell to be acted on, that most tell to act, and those that stand alone.

    `what` (`highest in-degree`, `highest out-degree`, `isolated`, `undirected only`), `names` (labels joined by commas,
    null where there is none), `n` (passages, or how many stand alone), `reason`; of the nodes of `influence`. Passages
    are counted, not arrows: a sentence that names four causes of one effect says once that it is an effect.

    Examples
    --------
    >>> nodes = pd.DataFrame({"label": ["A", "B", "C"], "passages_in": [0, 1, 0], "passages_out": [1, 0, 0],
    ...     "isolated": [False, False, True]})
    >>> graph_headlines(nodes)[["what", "n"]].values.tolist()[2:]
    [['isolated', 1], ['undirected only', 0]]
    """
    check_arguments(graph_headlines, locals())
    need(nodes, ["label", "passages_in", "passages_out", "isolated"], "nodes")
    rows = []
    for what, column in (("highest in-degree", "passages_in"), ("highest out-degree", "passages_out")):
        top = int(nodes[column].fillna(0).max()) if len(nodes) else 0
        found = nodes.loc[nodes[column].eq(top) & (top > 0), "label"]
        rows.append(
            (what, ", ".join(ordered(found)) or None, top, "" if len(found) else "the study states no influence")
        )
    alone = nodes.loc[nodes["isolated"].astype(bool), "label"]
    covered = nodes.loc[nodes["covered"].astype(bool), "label"] if "covered" in nodes else nodes["label"].iloc[:0]
    rows.append(
        ("isolated", ", ".join(ordered(alone)) or None, len(alone), "" if len(alone) else "no theme stands alone")
    )
    none = "" if len(covered) else "no theme is known from an undirected statement alone"
    rows.append(("undirected only", ", ".join(ordered(covered)) or None, len(covered), none))
    return pd.DataFrame(rows, columns=["what", "names", "n", "reason"])


def labelled_effects(relations: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Return the `effects_matrix` with readable names; relations without direction or case are told as such.

    `labels` is theme -> label; added are `cause, effect_on` (labels) and `reason`; no row where no relation is stated.

    Examples
    --------
    >>> relations = pd.DataFrame(columns=["relation", "source", "target", "sign", "case", "directed"])
    >>> labelled_effects(relations, {}).empty
    True
    """
    check_arguments(labelled_effects, locals())
    need(relations, ["relation", "source", "target", "sign", "directed"], "relations")
    directed = relations[relations["directed"].astype("boolean").fillna(False).astype(bool)]
    out = effects_matrix(directed)
    out.insert(1, "cause", [labels.get(name, name) for name in out["source"]])
    out.insert(2, "effect_on", [labels.get(name, name) for name in out["target"]])
    out["reason"] = ["all cases together, or not said of which" if pd.isna(case) else "" for case in out["case"]]
    return out


def passages(relations: pd.DataFrame) -> pd.Series:
    """Return the passage on which each relation stands, as a text; a relation without a place is a passage of its own.

    Examples
    --------
    >>> frame = pd.DataFrame({"relation": ["r1", "r2", "r3"], "document": "d", "spans": ["0-9", "0-9", None]})
    >>> passages(frame).nunique()
    2
    """
    check_arguments(passages, locals())
    need(relations, ["relation"], "relations")
    own = relations["relation"].astype("str")
    if not {"document", "spans"} <= set(relations.columns):
        return own
    placed = relations["spans"].fillna("").astype("str").ne("")
    return (relations["document"].fillna("").astype("str") + " " + relations["spans"].astype("str")).where(placed, own)


def _stacked(parts: list[pd.DataFrame], empty: pd.DataFrame) -> pd.DataFrame:
    out = pd.concat(parts, ignore_index=True) if parts else empty.assign(case=None)
    return out[["case", *(column for column in out if column != "case")]]


def _covering(undirected: pd.DataFrame) -> dict[str, list[str]]:
    """Return node -> the undirected relations that name it or cover it."""
    found: dict[str, list[str]] = {}
    for row in undirected.to_dict("records"):
        for node in ordered([row["source"], row["target"], *split(row["covers"])]):
            found.setdefault(node, []).append(str(row["relation"]))
    return found


def _nodes(
    names: list[str], relations: pd.DataFrame, labels: dict, inside: set, covering: Mapping[str, list[str]]
) -> pd.DataFrame:
    pairs, passage = relations[["source", "target"]].drop_duplicates(), passages(relations)
    counts = {
        "in_degree": pairs["target"].value_counts(),
        "out_degree": pairs["source"].value_counts(),
        "n_in": relations["target"].value_counts(),
        "n_out": relations["source"].value_counts(),
        "passages_in": passage.groupby(relations["target"]).nunique(),
        "passages_out": passage.groupby(relations["source"]).nunique(),
    }
    out = pd.DataFrame({"node": pd.Series(names, dtype=object)})
    out["label"] = [labels.get(name, name) for name in names]
    out["theme"] = [name in inside for name in names]
    for column, values in counts.items():
        out[column] = [int(values.get(name, 0)) for name in names]
    out["n_relations"] = len(relations)
    out["undirected"] = pd.Series([join(covering.get(name, [])) for name in names], dtype=object)
    unlinked = (out["n_in"] + out["n_out"]).eq(0)
    out["covered"], out["isolated"] = unlinked & out["undirected"].ne(""), unlinked & out["undirected"].eq("")
    return out


def _edges(relations: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for (source, target), group in relations.groupby(["source", "target"], sort=False):
        signs = set(group["sign"])
        sign = "mixed" if {"+", "-"} <= signs else next(s for s in ("+", "-", "?") if s in signs)
        cases = ordered(group["case"])
        rows.append(
            (
                source,
                target,
                sign,
                len(group),
                len(cases) if cases else pd.NA,
                join(cases),
                join(ordered(group["kind"])),
                join(ordered(group["relation"])),
                join(ordered(group["spans"])),
                join(ordered(group["note"])),
            )
        )
    names = ["source", "target", "sign", "n_relations", "n_cases", "cases", "kinds", "relations", "spans", "notes"]
    return pd.DataFrame(rows, columns=names).astype({"n_cases": "Int64"})
