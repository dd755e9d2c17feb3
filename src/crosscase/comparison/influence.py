"""Stated influence as a signed graph: nodes with their degree and n, edges with their provenance."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from crosscase.comparison.displays import check_signs
from crosscase.errors import Problem, raise_if
from crosscase.frames import need, ordered
from crosscase.ids import join

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
    and count in no degree; what only they name is no node.

    Parameters
    ----------
    relations : DataFrame
        `relation, source, target, sign (+, -, ?)`, optionally `kind` (stated, assumed, proposed, derived),
        `directed` (bool; null counts as directed), `case, spans, note`.
    themes : DataFrame, optional
        `theme`, optionally `label`, `kind` and `parent`: themes without any relation stay in the graph as isolated
        nodes.

    Returns
    -------
    Influence
        `nodes`: `node, label, theme` (whether it is in the table of themes), `in_degree, out_degree` (distinct other
        nodes), `n_in, n_out` (relations), `n_relations` (of the graph), `isolated`. `edges`: `source, target, sign`
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
    """
    need(relations, ["relation", "source", "target", "sign"], "relations")
    check_signs(relations)
    frame = relations.copy()
    for column, default in (("kind", "stated"), ("directed", True), ("case", None), ("spans", ""), ("note", "")):
        frame[column] = frame.get(column, default)
    unknown = [kind for kind in ordered(frame["kind"]) if kind not in KINDS]
    raise_if([Problem("relations, column kind", "unknown kind", repr(k), ", ".join(KINDS)) for k in unknown])
    directed = frame["directed"].astype("boolean").fillna(True).astype(bool)
    itself = frame["source"].eq(frame["target"])
    apart = frame[~directed | itself].copy()
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
        case_nodes.append(_nodes(mine, part, labels, inside).assign(case=here))
        case_edges.append(_edges(part).assign(case=here))
    return Influence(
        _nodes(names, counted, labels, inside),
        _edges(counted),
        _stacked(case_nodes, _nodes([], counted, {}, set())),
        _stacked(case_edges, _edges(counted.iloc[:0])),
        apart.reset_index(drop=True),
    )


def _stacked(parts: list[pd.DataFrame], empty: pd.DataFrame) -> pd.DataFrame:
    out = pd.concat(parts, ignore_index=True) if parts else empty.assign(case=None)
    return out[["case", *(column for column in out if column != "case")]]


def _nodes(names: list[str], relations: pd.DataFrame, labels: dict, inside: set) -> pd.DataFrame:
    pairs = relations[["source", "target"]].drop_duplicates()
    counts = {
        "in_degree": pairs["target"].value_counts(),
        "out_degree": pairs["source"].value_counts(),
        "n_in": relations["target"].value_counts(),
        "n_out": relations["source"].value_counts(),
    }
    out = pd.DataFrame({"node": pd.Series(names, dtype=object)})
    out["label"] = [labels.get(name, name) for name in names]
    out["theme"] = [name in inside for name in names]
    for column, values in counts.items():
        out[column] = [int(values.get(name, 0)) for name in names]
    out["n_relations"] = len(relations)
    out["isolated"] = (out["n_in"] + out["n_out"]).eq(0)
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
