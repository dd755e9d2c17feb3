"""The graph of stated influences: sign, unknown sign, assumed relations, and factors that stand alone."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pandas as pd
from matplotlib.figure import Figure

from crosscase.errors import Problem, raise_if
from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.graphs.arrows import SYMBOLS, draw_edge, effect, key
from crosscase.figures.graphs.layers import Placed, components, layering, place
from crosscase.figures.ink.brief import brief, named, short
from crosscase.figures.ink.checks import listed, need, plural
from crosscase.figures.ink.page import left_out, measured, tallest
from crosscase.figures.ink.sheet import Sheet, longest_word, wrap
from crosscase.figures.ink.style import INK, MUTED, RULE, VALENCE

KINDS = ("stated", "derived", "assumed", "assumption", "proposed", "confirmed")
PORT = 0.17
COVERED, ALONE = "Part of a statement without direction", "No relation stated"
ITSELF = {"promotes": "itself a help", "inhibits": "itself a hindrance"}


@dataclass
class _Plan:
    """Everything that the helpers share."""

    sheet: Sheet
    nodes: pd.DataFrame
    box: float
    gap: float
    words: dict[str, list[str]] = field(default_factory=dict)
    heights: dict[str, float] = field(default_factory=dict)
    strongest: set[str] = field(default_factory=set)
    labels: dict[str, str] = field(default_factory=dict)
    itself: dict[str, str] = field(default_factory=dict)


def alt_influence_graph(nodes: pd.DataFrame, edges: pd.DataFrame) -> str:
    """Say how many influences are good and bad for what is sought, where most arrive, and what stands alone."""
    nodes, edges = _checked(nodes, edges)
    if nodes.empty:
        raise NothingToShow("the study names no influence between factors.")
    label = dict(zip(nodes["factor"], nodes["label"]))
    counts = [int(edges["sign"].eq(sign).sum()) for sign in SYMBOLS]
    head = (
        f"Graph of {plural(len(edges), 'relation')} ({counts[0]} positive, {counts[1]} negative, {counts[2]} without "
        f"stated sign) between {plural(len(nodes), 'factor')}."
    )
    good, bad = (int(edges["good"].eq(which).sum()) for which in ("promotes", "inhibits"))
    unsaid = f"; of {len(edges) - good - bad} it is not stated" if good + bad < len(edges) else ""
    effects = f"{good} {'is' if good == 1 else 'are'} good for what is sought, {bad} bad{unsaid}." if good + bad else ""
    degree, most = _arrivals(nodes, edges), ""
    if degree and max(degree.values()) > 1:
        top = [label[factor] for factor, value in degree.items() if value == max(degree.values())]
        what = "passages tell what acts on" if "passages" in nodes else "influences arrive at"
        most = f"Most {what} {named(top)} ({max(degree.values())})."
    covered, alone = ([label[f] for f in part] for part in _unlinked(nodes, edges))
    rest = f"{COVERED}, its links not named: {named(covered)}. " if covered else ""
    rest += f"Without any stated relation: {named(alone)}." if alone else ""
    arrows = [f"{short(label[e.source])} → {short(label[e.target])} ({SYMBOLS[e.sign]})" for e in edges.itertuples()]
    return brief(head, effects, most, rest, f"{listed(arrows)}." if arrows else "")


@drawing(alt_influence_graph)
def influence_graph(sheet: Sheet, nodes: pd.DataFrame, edges: pd.DataFrame) -> Figure:
    """Draw stated influences from left to right, by connected component; isolated factors stay visible.

    Parameters
    ----------
    nodes : DataFrame
        One row per factor: `factor`, `label`; optionally `valence` (`promotes`: itself a help, `inhibits`: itself a
        hindrance), `covered` (bool: a statement without direction covers it), `passages` (in how many passages
        something acts on it; without them arrows are counted; the highest is framed heavily and printed) and
        `isolated` (only for reading; a factor without an edge is drawn as isolated anyway).
    edges : DataFrame
        One row per relation: `source`, `target`, `sign` (`+`, `-`, `?`); optionally `valence` (`promotes` or
        `inhibits`: what is said of the effect itself, as `comparison.relation_effects` finds it), `kind` (`stated`,
        `confirmed`, `assumed`, `assumption`, `proposed`: the last three are drawn lighter and hollow) and `directed`
        (bool).

    Returns
    -------
    Drawing
        The sign is a symbol: a solid arrow with + for more, a dashed line with a bar and − for less, a dotted one with
        ? where the source gives no sign. The colour says whether the effect is good or bad for what is sought: the
        `valence` of the edge, or else its sign times the `valence` of its target (a hindrance that grows is bad);
        grey where neither is stated. What a page does not hold, smallest components first, is counted in a line.

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
    bent = 0.42 * sheet.scale  # an edge within a layer bows out to the right
    most = min(_columns(sheet, nodes, bent), 4)
    layers = [layering(part, [pairs[i] for i in chosen], most) for part, chosen in parts]
    deepest = max((max(layer.values()) + 1 for layer in layers), default=1)
    inside = any(layer[pairs[i][0]] == layer[pairs[i][1]] for (_, chosen), layer in zip(parts, layers) for i in chosen)
    plan = _prepare(sheet, nodes, edges, max(deepest, 2), bent if inside else 0.0)
    rest = dict(zip((COVERED, ALONE), _unlinked(nodes, edges)))
    below = measured(sheet, lambda s: _below(replace(plan, sheet=s), edges, rest, len(edges), 0.0))
    y, without = _components(plan, edges, parts, layers, most, below)
    return sheet.finish(_below(plan, edges, rest, without, y))


def _unlinked(nodes: pd.DataFrame, edges: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the factors without an edge: those that a statement without direction covers, and those alone."""
    linked = set(edges["source"]) | set(edges["target"])
    said = nodes["covered"].fillna(False).astype(bool) if "covered" in nodes else [False] * len(nodes)
    rest = [pair for pair in zip(nodes["factor"], said) if pair[0] not in linked]
    return [factor for factor, said in rest if said], [factor for factor, said in rest if not said]


def _below(plan: _Plan, edges: pd.DataFrame, rest: dict[str, list[str]], without: int, y: float) -> float:
    """Write what stands below the graph: what is left out, the factors without an edge, the legend."""
    sheet, margin = plan.sheet, 0.1 * plan.sheet.scale
    if words := left_out(without, "more relation", ""):
        y = sheet.block(margin, y, sheet.width - 2 * margin, words, size=sheet.look.small, color=MUTED)
    for words, factors in rest.items():
        y = _alone(plan, words, factors, y) if factors else y
    entries = key(edges["sign"], edges["good"], bool(edges["light"].any()))
    entries += [(_stripe_key(v), words) for v, words in ITSELF.items() if v in plan.itself.values()]
    return sheet.legend(margin, y + 0.08 * sheet.scale, sheet.width - 2 * margin, entries) + 0.05 * sheet.scale


def _columns(sheet: Sheet, nodes: pd.DataFrame, reserve: float) -> int:
    """How many boxes stand side by side without a word being broken, two at least."""
    gap, size = _gap(sheet), sheet.look.small
    least = max(longest_word(list(nodes["label"]), size, "bold") + 0.16 * sheet.scale, 1.0 * sheet.scale)
    return max(2, int((sheet.width - 0.2 * sheet.scale - reserve + gap) / (least + gap)))


def _gap(sheet: Sheet) -> float:
    return (0.5 if sheet.look.kind in ("poster", "slide") or sheet.width < 5 * sheet.scale else 0.62) * sheet.scale


def _checked(nodes: pd.DataFrame, edges: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    nodes = need(nodes, ["factor", "label"], "influence_graph", {"valence": VALENCE}, keys=["factor"])
    nodes = nodes.astype({"factor": str, "label": str})
    allowed = {"sign": SYMBOLS, "kind": KINDS, "valence": VALENCE}
    edges = need(edges, ["source", "target", "sign"], "influence_graph", allowed)
    edges = edges.astype({"source": str, "target": str, "sign": str})
    kinds = edges["kind"] if "kind" in edges else pd.Series("stated", index=edges.index)
    edges["light"] = kinds.isin(["assumed", "assumption", "proposed"])
    directed = edges["directed"] if "directed" in edges else pd.Series(True, index=edges.index)
    edges["directed"] = directed.fillna(True).astype(bool)
    itself = dict(zip(nodes["factor"], nodes["valence"])) if "valence" in nodes else {}
    said = edges["valence"] if "valence" in edges else [None] * len(edges)
    edges["good"] = [effect(sign, itself.get(end), v) for sign, end, v in zip(edges["sign"], edges["target"], said)]
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


def _arrivals(nodes: pd.DataFrame, edges: pd.DataFrame) -> dict[str, int]:
    if "passages" in nodes:
        return {f: int(d) for f, d in zip(nodes["factor"], nodes["passages"]) if pd.notna(d)}
    return {factor: int(edges["target"].eq(factor).sum()) for factor in nodes["factor"]}


def _prepare(sheet: Sheet, nodes: pd.DataFrame, edges: pd.DataFrame, layers: int, reserve: float) -> _Plan:
    margin, look, gap = 0.1 * sheet.scale, sheet.look, _gap(sheet)
    fitting = (look.width / sheet.scale - 0.2 + 0.6) / (1.2 + 0.6)
    columns = layers * max(1, min(round(fitting / layers - 0.1), _columns(sheet, nodes, reserve) // layers))
    box = (look.width - 2 * margin - reserve - (columns - 1) * gap) / columns
    plan = _Plan(sheet, nodes, box, gap)
    plan.labels = dict(zip(nodes["factor"], nodes["label"]))
    if "valence" in nodes:
        plan.itself = {f: v for f, v in zip(nodes["factor"], nodes["valence"]) if v in ITSELF}
    degree = _arrivals(nodes, edges)
    greatest = max(degree.values(), default=0)
    plan.strongest = {factor for factor, value in degree.items() if value == greatest and greatest > 1}
    for factor, label in zip(nodes["factor"], nodes["label"]):
        weight = "bold" if factor in plan.strongest else "normal"
        words = wrap(label, plan.box - 0.14 * sheet.scale, look.small, weight)
        if factor in plan.strongest:
            words.append(f"({greatest} passages)" if "passages" in nodes else f"({greatest} arrive)")
        plan.words[factor] = words
    plan.heights = _heights(plan, edges)
    return plan


def _heights(plan: _Plan, edges: pd.DataFrame) -> dict[str, float]:
    """Return how tall each box is: its words, and a place for every arrow that ends or begins there."""
    sheet, into, out = plan.sheet, edges["target"].value_counts(), edges["source"].value_counts()
    line, port = sheet.leading(sheet.look.small), PORT * sheet.scale
    return {
        factor: max(len(words) * line + 0.09 * sheet.scale, max(into.get(factor, 0), out.get(factor, 0)) * port)
        for factor, words in plan.words.items()
    }


def _around(chosen: list[int], pairs: list[tuple[str, str]]) -> list[int]:
    """Return the relations of a component, those first that lie nearest to the factor that has most of them."""
    ends = Counter(end for i in chosen for end in pairs[i])
    reached, order = [ends.most_common(1)[0][0]], dict[int, None]()
    for factor in reached:  # it grows on the way
        for i in chosen:
            if factor in pairs[i] and i not in order:
                order[i] = None
                reached += [end for end in pairs[i] if end not in reached]
    return list(order)


def _laid(plan: _Plan, edges: pd.DataFrame, chosen: list[int], part: Sequence[str], layer: dict[str, int]) -> Placed:
    pairs, scale = list(zip(edges["source"].iloc[chosen], edges["target"].iloc[chosen])), plan.sheet.scale
    heights = _heights(plan, edges.iloc[chosen])
    return place(part, pairs, heights, layer, plan.box + plan.gap, 0.1 * scale, PORT * scale)


def _components(plan: _Plan, edges: pd.DataFrame, parts, layers, most: int, below: float) -> tuple[float, int]:
    """Lay out each component where the page has room, narrow ones side by side; count the relations left out."""
    sheet, box, gap = plan.sheet, plan.box, plan.gap
    margin, space, without = 0.1 * sheet.scale, 0.18 * sheet.scale, 0
    columns = max(1, int((sheet.width - 2 * margin + gap + 1e-6) / (box + gap)))
    floor, page = [margin] * columns, tallest(sheet) - below - space
    pairs = list(zip(edges["source"], edges["target"]))

    def fewer(near: list[int], count: int) -> tuple[list[int], Placed]:
        drawn = sorted(near[:count])
        part = list(dict.fromkeys(node for i in near[:count] for node in pairs[i]))
        layer = layering(part, [pairs[i] for i in drawn], most)
        return drawn, _laid(plan, edges, drawn, part, layer)

    for (part, chosen), layer in zip(parts, layers):
        drawn, placed = chosen, _laid(plan, edges, chosen, part, layer)
        if placed.height > page - margin:  # of one that is taller than the page, what lies around its middle
            near = _around(chosen, pairs)
            fit = bisect_right(range(len(near)), page - margin, lo=1, key=lambda n: fewer(near, n)[1].height) - 1
            drawn, placed = fewer(near, max(fit, 1))
        wide = min(placed.layers, columns)
        start = min(range(columns - wide + 1), key=lambda i: (max(floor[i : i + wide]), i))
        y = max(floor[start : start + wide])
        if y + placed.height > page and y > margin:
            without += len(chosen)
            continue
        without += len(chosen) - len(drawn)
        _draw(plan, placed, margin + start * (box + gap), y, edges.iloc[drawn].reset_index(drop=True))
        floor[start : start + wide] = [y + placed.height + space] * wide
    return max(floor), without


def _draw(plan: _Plan, placed: Placed, x: float, y: float, edges: pd.DataFrame) -> None:
    sheet, half = plan.sheet, plan.box / 2
    centres = {node: (x + half + cx, y + cy, h) for node, (cx, cy, h) in placed.nodes.items()}
    for node in centres:
        _box(plan, node, *centres[node])
    ends = _ports(placed, edges, centres, half)
    for i, edge in enumerate(edges.itertuples()):
        start, end, out, into = ends[i]
        inner = [(x + half + px, y + py) for px, py in placed.routes[i]]
        draw_edge(sheet, start, end, out, into, inner, half, edge)


def _box(plan: _Plan, node: str, x: float, y: float, height: float, alone: bool = False) -> None:
    sheet, strong = plan.sheet, node in plan.strongest
    sheet.field(
        x,
        y,
        plan.box,
        height,
        fill="#fff6d6" if strong else "#f6f6f6",
        edge=INK if strong else MUTED,
        line=1.8 if strong else 0.7,
        dash=(0, (4, 3)) if alone else "-",
        radius=0.04 * sheet.scale,
    )
    if node in plan.itself:
        _stripe(sheet, x - plan.box / 2 + 0.02 * sheet.scale, y - height / 2, height, plan.itself[node])
    words = plan.words[node]
    sheet.lines(x, y, words, ha="center", size=sheet.look.small, weight="bold" if strong else "normal")


def _stripe(sheet: Sheet, x: float, y: float, height: float, valence: str) -> None:
    mark, inset = VALENCE[valence], 0.04 * sheet.scale
    size = 0.06 * sheet.scale
    sheet.rect(x, y + inset, size, height - 2 * inset, fill=mark.color, edge=INK, hatch=mark.hatch, line=0.3, z=3)


def _stripe_key(valence: str):
    return lambda sheet, x, y, size: _stripe(sheet, x, y - size / 2, size, valence)


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


def _alone(plan: _Plan, head: str, nodes: list[str], y: float) -> float:
    """Show the factors without an edge as boxes where one row holds them, in one line of words otherwise."""
    sheet, margin = plan.sheet, 0.1 * plan.sheet.scale
    sheet.line([margin, sheet.width - margin], [y, y], color=RULE, line=0.5)
    y = sheet.block(
        margin, y + 0.05 * sheet.scale, sheet.width - 2 * margin, head, size=sheet.look.small,
        weight="bold", color=MUTED,
    )  # fmt: skip
    step = plan.box + 0.12 * sheet.scale
    if len(nodes) > max(1, int((sheet.width - 2 * margin + 0.12 * sheet.scale) / step)):
        width, size = sheet.width - 2 * margin, sheet.look.small
        most, names = int(tallest(sheet) / 4 / sheet.leading(size)), [plan.labels[node] for node in nodes]
        for shown in range(len(names), 0, -1):
            said = "; ".join([*names[:shown], *[f"{len(names) - shown} more"] * (shown < len(names))])
            if len(wrap(said, width, size)) <= most:
                break
        return sheet.block(margin, y, width, said, size=size) + 0.08 * sheet.scale
    height = max(plan.heights[node] for node in nodes)
    for i, node in enumerate(nodes):
        centre = margin + i * step + plan.box / 2
        _box(plan, node, centre, y + 0.06 * sheet.scale + height / 2, height, alone=True)
    return y + height + 0.14 * sheet.scale
