"""The graph of stated influences: sign, unknown sign, assumed relations, and factors that stand alone."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.path import Path

from crosscase.errors import Problem, raise_if
from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.graphs.layers import Placed, components, layering, place
from crosscase.figures.ink.checks import listed, need, no_duplicates, plural
from crosscase.figures.ink.sheet import Painter, Sheet, wrap
from crosscase.figures.ink.style import INK, MUTED, PAPER, RULE, SIGNS, tint

KINDS = ("stated", "derived", "assumed", "assumption", "proposed", "confirmed")
PORT = 0.17


@dataclass
class _Drawing:
    """Everything that the helpers share."""

    sheet: Sheet
    nodes: pd.DataFrame
    box: float
    gap: float
    words: dict[str, list[str]] = field(default_factory=dict)
    heights: dict[str, float] = field(default_factory=dict)
    strongest: set[str] = field(default_factory=set)


def alt_influence_graph(nodes: pd.DataFrame, edges: pd.DataFrame) -> str:
    """Say the relations in words, which factor receives most, and which stand alone.

    Parameters
    ----------
    nodes, edges
        As for `influence_graph`.

    Returns
    -------
    str

    Examples
    --------
    >>> nodes = pd.DataFrame({"factor": ["a", "b", "c"], "label": ["Trust", "Investment", "Roles"]})
    >>> edges = pd.DataFrame({"source": ["a"], "target": ["b"], "sign": ["+"]})
    >>> print(alt_influence_graph(nodes, edges).split(". ")[0])
    Graph of 1 relation (1 positive, 0 negative, 0 without stated sign) between 3 factors
    """
    nodes, edges = _checked(nodes, edges)
    if nodes.empty:
        raise NothingToShow("the study names no influence between factors.")
    label = dict(zip(nodes["factor"], nodes["label"]))
    counts = [int(edges["sign"].eq(sign).sum()) for sign in SIGNS]
    text = (
        f"Graph of {plural(len(edges), 'relation')} ({counts[0]} positive, {counts[1]} negative, {counts[2]} without "
        f"stated sign) between {plural(len(nodes), 'factor')}."
    )
    degree = _in_degree(nodes, edges)
    if degree and max(degree.values()) > 1:
        top = [label[factor] for factor, value in degree.items() if value == max(degree.values())]
        text += f" Most influences arrive at {listed(top)} ({max(degree.values())})."
    alone = [label[f] for f in nodes["factor"] if f not in set(edges["source"]) | set(edges["target"])]
    if alone:
        text += f" Without any stated relation: {listed(alone)}."
    verbs = {"+": "increases or supports", "-": "decreases or hinders", "?": "is linked, sign not stated, to"}
    said = [f"{label[e.source]} {verbs[e.sign]} {label[e.target]}" for e in edges.itertuples()]
    return f"{text} {'; '.join(said)}." if said else text


@drawing(alt_influence_graph)
def influence_graph(sheet: Sheet, nodes: pd.DataFrame, edges: pd.DataFrame) -> Figure:
    """Draw stated influences from left to right, by connected component; isolated factors stay visible.

    Parameters
    ----------
    nodes : DataFrame
        One row per factor: `factor`, `label`; optionally `in_degree` (the highest is framed heavily and printed)
        and `isolated` (only for reading; a factor without an edge is drawn as isolated anyway).
    edges : DataFrame
        One row per relation: `source`, `target`, `sign` (`+`, `-`, `?`); optionally `kind` (`stated`, `confirmed`,
        `assumed`, `assumption`, `proposed`: the last three are drawn lighter and hollow) and `directed` (bool).

    Returns
    -------
    Drawing
        A solid arrow for `+`, a dashed line with a bar at its end for `-`, a grey dotted one with "?" where the
        source gives no sign.

    Raises
    ------
    CrosscaseError
        For missing columns, unknown signs or kinds, a factor given twice and edges to factors that are not given.

    Examples
    --------
    >>> nodes = pd.DataFrame({"factor": ["a", "b"], "label": ["Trust", "Investment"]})
    >>> edges = pd.DataFrame({"source": ["a"], "target": ["b"], "sign": ["+"]})
    >>> influence_graph(nodes, edges).draw().get_size_inches()[0].item()
    7.2
    """
    nodes, edges = _checked(nodes, edges)
    pairs = list(zip(edges["source"], edges["target"]))
    joined = {end for pair in pairs for end in pair}
    linked = [node for node in nodes["factor"] if node in joined]
    parts = [(part, [i for i, pair in enumerate(pairs) if pair[0] in part]) for part in components(linked, pairs)]
    most = 3 if sheet.look.kind in ("poster", "slide") else 4
    layers = [layering(part, [pairs[i] for i in chosen], most) for part, chosen in parts]
    deepest = max((max(layer.values()) + 1 for layer in layers), default=1)
    inside = any(layer[pairs[i][0]] == layer[pairs[i][1]] for (_, chosen), layer in zip(parts, layers) for i in chosen)
    drawing = _prepare(sheet, nodes, edges, max(deepest, 2), 0.42 * sheet.scale if inside else 0.0)
    y = _components(drawing, edges, pairs, parts, layers)
    alone = [node for node in nodes["factor"] if node not in joined]
    if alone:
        y = _alone(drawing, alone, y)
    y = sheet.legend(0.1 * sheet.scale, y + 0.08 * sheet.scale, sheet.width - 0.2 * sheet.scale, _legend(edges))
    return sheet.finish(y + 0.05 * sheet.scale)


def _checked(nodes: pd.DataFrame, edges: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    nodes = need(nodes, ["factor", "label"], "influence_graph").astype({"factor": str, "label": str})
    edges = need(edges, ["source", "target", "sign"], "influence_graph", {"sign": SIGNS, "kind": KINDS})
    no_duplicates(nodes, ["factor"], "influence_graph")
    edges = edges.astype({"source": str, "target": str, "sign": str})
    kinds = edges["kind"] if "kind" in edges else pd.Series("stated", index=edges.index)
    edges["light"] = kinds.isin(["assumed", "assumption", "proposed"])
    directed = edges["directed"] if "directed" in edges else pd.Series(True, index=edges.index)
    edges["directed"] = directed.fillna(True).astype(bool)
    known = set(nodes["factor"])
    raise_if(
        [
            Problem(
                place=f"figure influence_graph, edge {e.source} → {e.target}",
                rule="both ends of an edge are among the nodes",
                found=listed([end for end in (e.source, e.target) if end not in known]),
                remedy="add the factor to the nodes",
            )
            for e in edges.itertuples()
            if not {e.source, e.target} <= known
        ]
    )
    return nodes, edges


def _in_degree(nodes: pd.DataFrame, edges: pd.DataFrame) -> dict[str, int]:
    if "in_degree" in nodes:
        return {f: int(d) for f, d in zip(nodes["factor"], nodes["in_degree"]) if pd.notna(d)}
    return {factor: int(edges["target"].eq(factor).sum()) for factor in nodes["factor"]}


def _prepare(sheet: Sheet, nodes: pd.DataFrame, edges: pd.DataFrame, layers: int, reserve: float) -> _Drawing:
    margin, look = 0.1 * sheet.scale, sheet.look
    gap = (0.5 if sheet.look.kind in ("poster", "slide") else 0.62) * sheet.scale
    fitting = (look.width / sheet.scale - 0.2 + 0.6) / (1.2 + 0.6)
    columns = layers * max(1, round(fitting / layers - 0.1))
    box = (look.width - 2 * margin - reserve - (columns - 1) * gap) / columns
    drawing = _Drawing(sheet, nodes, box, gap)
    degree = _in_degree(nodes, edges)
    greatest = max(degree.values(), default=0)
    drawing.strongest = {factor for factor, value in degree.items() if value == greatest and greatest > 1}
    for factor, label in zip(nodes["factor"], nodes["label"]):
        weight = "bold" if factor in drawing.strongest else "normal"
        words = wrap(label, drawing.box - 0.14 * sheet.scale, look.small, weight)
        if factor in drawing.strongest:
            words.append(f"({greatest} arrive)")
        ends = edges["target"].eq(factor).sum(), edges["source"].eq(factor).sum()
        drawing.words[factor] = words
        ports = max(ends) * PORT * sheet.scale
        drawing.heights[factor] = max(len(words) * sheet.leading(look.small) + 0.09 * sheet.scale, ports)
    return drawing


def _components(drawing: _Drawing, edges: pd.DataFrame, pairs: list[tuple[str, str]], parts, layers) -> float:
    """Lay out each component and put it where the page has room: narrow ones side by side."""
    sheet, box, gap = drawing.sheet, drawing.box, drawing.gap
    margin, space = 0.1 * sheet.scale, 0.18 * sheet.scale
    columns = max(1, int((sheet.width - 2 * margin + gap + 1e-6) / (box + gap)))
    floor = [margin] * columns
    for (part, chosen), layer in zip(parts, layers):
        placed = place(
            part, [pairs[i] for i in chosen], drawing.heights, layer, box + gap, 0.1 * sheet.scale, PORT * sheet.scale
        )
        wide = min(placed.layers, columns)
        start = min(range(columns - wide + 1), key=lambda i: (max(floor[i : i + wide]), i))
        y = max(floor[start : start + wide])
        x = margin + start * (box + gap)
        _draw(drawing, placed, x, y, edges.iloc[chosen].reset_index(drop=True))
        floor[start : start + wide] = [y + placed.height + space] * wide
    return max(floor)


def _draw(drawing: _Drawing, placed: Placed, x: float, y: float, edges: pd.DataFrame) -> None:
    sheet, half = drawing.sheet, drawing.box / 2
    centres = {node: (x + half + cx, y + cy, h) for node, (cx, cy, h) in placed.nodes.items()}
    for node in centres:
        _box(drawing, node, *centres[node])
    ends = _ports(placed, edges, centres, half)
    for i, edge in enumerate(edges.itertuples()):
        start, end, out, into = ends[i]
        inner = [(x + half + px, y + py) for px, py in placed.routes[i]]
        _edge(sheet, start, end, out, into, inner, half, edge)


def _box(drawing: _Drawing, node: str, x: float, y: float, height: float, alone: bool = False) -> None:
    sheet, strong = drawing.sheet, node in drawing.strongest
    sheet.rect(
        x - drawing.box / 2,
        y - height / 2,
        drawing.box,
        height,
        fill="#fff6d6" if strong else "#f6f6f6",
        edge=INK if strong else MUTED,
        line=1.8 if strong else 0.7,
        dash=(0, (4, 3)) if alone else "-",
        radius=0.04 * sheet.scale,
    )
    words = drawing.words[node]
    sheet.lines(x, y, words, ha="center", size=sheet.look.small, weight="bold" if strong else "normal")


def _ports(placed: Placed, edges: pd.DataFrame, centres, half: float):
    """Give every edge its own place on the sides of its boxes, in the order of where it comes from or goes to."""
    sides: dict[tuple[str, int], list[tuple[float, int, int]]] = {}
    facing = []
    for i, edge in enumerate(edges.itertuples()):
        a, b = placed.layer[edge.source], placed.layer[edge.target]
        out, into = (1, -1) if a < b else (-1, 1) if a > b else (1, 1)
        facing.append((out, into))
        route = placed.routes[i]
        first = route[0][1] if route else placed.nodes[edge.target][1]
        last = route[-1][1] if route else placed.nodes[edge.source][1]
        sides.setdefault((edge.source, out), []).append((first, i, 0))
        sides.setdefault((edge.target, into), []).append((last, i, 1))
    spots: dict[tuple[int, int], float] = {}
    for (node, _), using in sides.items():
        _, cy, height = centres[node]
        for rank, (_, number, end) in enumerate(sorted(using)):
            spots[(number, end)] = cy - height / 2 + height * (rank + 0.5) / len(using)
    out_list = []
    for i, edge in enumerate(edges.itertuples()):
        out, into = facing[i]
        start = (centres[edge.source][0] + out * half, spots[(i, 0)])
        stop = (centres[edge.target][0] + into * half, spots[(i, 1)])
        out_list.append((start, stop, out, into))
    return out_list


def _edge(sheet: Sheet, start, end, out: int, into: int, inner, half: float, edge) -> None:
    scale, mark = sheet.scale, SIGNS[edge.sign]
    color = tint(mark.color, 0.55) if edge.light else mark.color
    dash = {"+": "-", "-": (0, (4, 2)), "?": (0, (1, 1.6))}[edge.sign]
    tip = 0.1 * scale
    stop = (end[0] + into * tip, end[1])
    points, here, direction = [start], start, out
    codes = [Path.MOVETO]
    bend = 0.3 * scale if out != into else 0.42 * scale
    for px, py in inner:
        near, far = px - direction * half, px + direction * half
        points += [(here[0] + direction * bend, here[1]), (near - direction * bend, py), (near, py), (far, py)]
        codes += [Path.CURVE4] * 3 + [Path.LINETO]
        here = (far, py)
    points += [(here[0] + direction * bend, here[1]), (stop[0] + into * bend, stop[1]), stop]
    codes += [Path.CURVE4] * 3
    sheet.curve(Path(points, codes), color=color, line=0.9 if edge.light else 1.4, dash=dash)
    if edge.directed:
        _head(sheet, stop, end, into, edge.sign, color, edge.light)
    else:
        sheet.line([stop[0], end[0]], [end[1], end[1]], color=color, line=1.4, dash=dash)
    r = 0.072 * scale
    spot = stop[0] + into * (r + 0.015 * scale)
    sheet.circle(spot, end[1], r, fill=PAPER, edge=color, line=0.8, z=4)
    sheet.text(spot, end[1], mark.symbol, size=sheet.look.small, weight="bold", ha="center", color=INK)


def _head(sheet: Sheet, stop, end, into: int, sign: str, color: str, light: bool) -> None:
    half = 0.045 * sheet.scale
    if sign == "-":
        sheet.line([stop[0], end[0]], [end[1], end[1]], color=color, line=1.4)
        bar = end[0] + into * 0.025 * sheet.scale
        sheet.line([bar, bar], [end[1] - 1.3 * half, end[1] + 1.3 * half], color=color, line=1.4 if light else 2.4, z=3)
        return
    points = [(end[0], end[1]), (stop[0], end[1] - half), (stop[0], end[1] + half)]
    sheet.polygon(points, fill=PAPER if light or sign == "?" else color, edge=color)


def _alone(drawing: _Drawing, nodes: list[str], y: float) -> float:
    sheet, margin = drawing.sheet, 0.1 * drawing.sheet.scale
    sheet.line([margin, sheet.width - margin], [y, y], color=RULE, line=0.5)
    y = sheet.block(
        margin, y + 0.05 * sheet.scale, sheet.width - 2 * margin, "No relation stated", size=sheet.look.small,
        weight="bold", color=MUTED,
    )  # fmt: skip
    step = drawing.box + 0.12 * sheet.scale
    per_row = max(1, int((sheet.width - 2 * margin + 0.12 * sheet.scale) / step))
    for start in range(0, len(nodes), per_row):
        row = nodes[start : start + per_row]
        height = max(drawing.heights[node] for node in row)
        for i, node in enumerate(row):
            centre = margin + i * step + drawing.box / 2
            _box(drawing, node, centre, y + 0.06 * sheet.scale + height / 2, height, alone=True)
        y += height + 0.14 * sheet.scale
    return y


def _legend(edges: pd.DataFrame) -> list[tuple[Painter, str]]:
    entries: list[tuple[Painter, str]] = []
    for sign, mark in SIGNS.items():
        if edges["sign"].eq(sign).any():
            entries.append((_key_of(sign, False), mark.label))
    if edges["light"].any():
        shown = "+" if edges.loc[edges["light"], "sign"].eq("+").any() else "?"
        entries.append((_key_of(shown, True), "thin and hollow: assumed or proposed"))
    return entries


def _key_of(sign: str, light: bool) -> Painter:
    return lambda sheet, x, y, size: _key(sheet, x, y, size, sign, light)


def _key(sheet: Sheet, x: float, y: float, size: float, sign: str, light: bool) -> None:
    color = tint(SIGNS[sign].color, 0.55) if light else SIGNS[sign].color
    end, stop = (x + size * 0.55, y), (x + size * 0.55 - 0.1 * sheet.scale, y)
    dash = {"+": "-", "-": (0, (3, 1.5)), "?": (0, (1, 1.6))}[sign]
    sheet.line([x - size * 0.75, stop[0]], [y, y], color=color, line=0.9 if light else 1.4, dash=dash)
    _head(sheet, stop, end, -1, sign, color, light)
