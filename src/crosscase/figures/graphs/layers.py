"""A deterministic layered layout of a directed graph: components, layers, order, places. No drawing here."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from crosscase.figures.ink.panel import apart

Node = Any
Edge = tuple[str, str]


@dataclass
class Placed:
    """A laid-out component, with coordinates from its own upper left corner.

    Parameters
    ----------
    nodes : dict of str to tuple of float
        Node -> centre x, centre y, height.
    routes : dict of int to list of tuple of float
        Number of the edge -> points between its ends (lanes through the layers it passes).
    layers : int
        How many layers there are.
    layer : dict of str to int
        Node -> layer.
    height : float
        Height of the component.
    """

    nodes: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    routes: dict[int, list[tuple[float, float]]] = field(default_factory=dict)
    layers: int = 1
    layer: dict[str, int] = field(default_factory=dict)
    height: float = 0.0


def components(nodes: Sequence[str], edges: Sequence[Edge]) -> list[list[str]]:
    """Split nodes into connected components, largest first, nodes in the order given.

    Examples
    --------
    >>> components(["a", "b", "c"], [("b", "c")])
    [['b', 'c'], ['a']]
    """
    leader = {node: node for node in nodes}

    def find(node: str) -> str:
        while leader[node] != node:
            node = leader[node]
        return node

    position = {node: i for i, node in enumerate(nodes)}
    for source, target in edges:
        a, b = find(source), find(target)
        if a != b:
            first, second = sorted((a, b), key=position.__getitem__)
            leader[second] = first
    groups: dict[str, list[str]] = {}
    for node in nodes:
        groups.setdefault(find(node), []).append(node)
    return sorted(groups.values(), key=lambda group: (-len(group), position[group[0]]))


def layering(nodes: Sequence[str], edges: Sequence[Edge], most: int) -> dict[str, int]:
    """Give each node a layer so that edges run forward where no cycle forbids it, with at most `most` layers.

    Examples
    --------
    >>> layering(["a", "b", "c"], [("a", "b"), ("b", "c")], 5)
    {'a': 0, 'b': 1, 'c': 2}
    """
    forward = _acyclic(nodes, edges)
    layer = dict.fromkeys(nodes, 0)
    for _ in nodes:
        for source, target in forward:
            layer[target] = max(layer[target], layer[source] + 1)
    for node in nodes:  # a source stands right before its nearest target
        targets = [layer[target] for source, target in forward if source == node]
        if targets and not any(target == node for _, target in forward):
            layer[node] = min(targets) - 1
    return {node: min(value, most - 1) for node, value in layer.items()}


def _acyclic(nodes: Sequence[str], edges: Sequence[Edge]) -> list[Edge]:
    """Drop the edges that close a cycle in a walk in the given order."""
    state = dict.fromkeys(nodes, 0)
    following: dict[str, list[str]] = {node: [] for node in nodes}
    for source, target in edges:
        following[source].append(target)
    back: set[Edge] = set()
    entered = {target for source, target in edges if source != target}
    for start in sorted(nodes, key=lambda node: (node in entered, list(nodes).index(node))):
        stack = [(start, 0)] if state[start] == 0 else []
        state[start] = state[start] or 1
        while stack:
            node, i = stack.pop()
            if i == len(following[node]):
                state[node] = 2
                continue
            stack.append((node, i + 1))
            target = following[node][i]
            if state[target] == 1:
                back.add((node, target))
            elif state[target] == 0:
                state[target] = 1
                stack.append((target, 0))
    return [edge for edge in dict.fromkeys(edges) if edge not in back]


def place(
    nodes: Sequence[str],
    edges: Sequence[Edge],
    heights: dict[str, float],
    layer: dict[str, int],
    step: float,
    gap: float,
    lane: float,
) -> Placed:
    """Order the nodes within layers to avoid crossings and give every node and passing edge a place.

    Parameters
    ----------
    nodes, edges
        One component; edges are numbered by their position.
    heights : dict of str to float
        Height of each node's box.
    layer : dict of str to int
        From `layering`.
    step : float
        Distance between the centres of two layers.
    gap : float
        Space between two boxes of one layer.
    lane : float
        Height kept free for an edge that passes a layer.

    Returns
    -------
    Placed
    """
    count = max(layer.values()) + 1
    columns: list[list[Node]] = [[node for node in nodes if layer[node] == i] for i in range(count)]
    size: dict[Node, float] = dict(heights)
    links: list[tuple[Node, Node]] = []
    chains: dict[int, list[Node]] = {}
    for number, (source, target) in enumerate(edges):
        low, high = sorted((layer[source], layer[target]))
        inner: list[Node] = [(number, i) for i in range(low + 1, high)]
        for (_, i), dummy in zip([(number, i) for i in range(low + 1, high)], inner):
            columns[i].append(dummy)
            size[dummy] = lane
        chains[number] = inner if layer[source] <= layer[target] else inner[::-1]
        chain = [source, *chains[number], target]
        links += list(itertools.pairwise(chain))
    near: dict[Node, list[Node]] = {node: [] for column in columns for node in column}
    for a, b in links:
        if a != b:
            near[a].append(b)
            near[b].append(a)
    middle = _positions(columns, near, size, gap)
    top = min(middle[n] - size[n] / 2 for n in near)
    out = Placed(layers=count, layer=dict(layer))
    out.height = max(middle[n] + size[n] / 2 for n in near) - top
    for i, column in enumerate(columns):
        for node in column:
            if isinstance(node, str):
                out.nodes[node] = (i * step, middle[node] - top, size[node])
    for number, chain in chains.items():
        out.routes[number] = [(n[1] * step, middle[n] - top) for n in chain]
    return out


def _positions(
    columns: list[list[Node]], near: dict[Node, list[Node]], size: dict[Node, float], gap: float
) -> dict[Node, float]:
    """Sweep over the layers: order by the mean place of the neighbours, then pack without overlap."""
    middle: dict[Node, float] = {}
    for column in columns:
        middle.update(_pack(column, [float(i) for i in range(len(column))], size, gap))
    for turn in range(24):
        for i in range(len(columns)) if turn % 2 == 0 else reversed(range(len(columns))):
            column = columns[i]
            wanted = {
                node: sum(middle[n] for n in near[node]) / len(near[node]) if near[node] else middle[node]
                for node in column
            }
            if turn < 16:
                column.sort(key=lambda node: (round(wanted[node], 9), middle[node]))
            middle.update(_pack(column, [wanted[node] for node in column], size, gap))
    return middle


def _pack(column: list[Node], wanted: list[float], size: dict[Node, float], gap: float) -> dict[Node, float]:
    """Place the boxes of a layer in order, as near as possible to where they want to be, without overlap."""
    return dict(zip(column, apart(wanted, [size[node] for node in column], gap)))
