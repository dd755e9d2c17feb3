"""Colours stay apart, symbols always go with them, and what is not stated never looks like zero."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from matplotlib.patches import Circle, FancyBboxPatch, Patch, PathPatch
from matplotlib.text import Text

from crosscase import figures
from crosscase.errors import CrosscaseError
from crosscase.figures.graphs.layers import components, layering, place
from crosscase.figures.ink.sheet import text_width, wrap
from crosscase.figures.ink.style import INK, VALENCE, ink_on

# Machado, Oliveira and Fernandes (2009), https://doi.org/10.1109/TVCG.2009.113, severity 1.0, on linear RGB
CVD = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def lab(color: str, sight: str) -> np.ndarray:
    rgb = np.array(to_rgb(color))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(CVD[sight]) @ linear, 0, 1)
    x = XYZ @ seen / np.array([0.95047, 1.0, 1.08883])
    f = np.where(x > (6 / 29) ** 3, np.cbrt(x), x / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("sight", CVD)
def test_the_colours_of_valence_stay_apart_for_every_kind_of_sight(sight):
    near = {
        (a, b): float(np.linalg.norm(lab(VALENCE[a].color, sight) - lab(VALENCE[b].color, sight)))
        for a, b in combinations(VALENCE, 2)
    }
    assert min(near.values()) > 16, min(near.items(), key=lambda item: item[1])


def test_no_meaning_is_carried_by_colour_alone():
    assert len({mark.symbol for mark in VALENCE.values()}) == len(VALENCE)
    assert len({mark.label for mark in VALENCE.values()}) == len(VALENCE)


@pytest.mark.parametrize("name", VALENCE)
def test_symbols_are_read_on_their_colour(name):
    def luminance(color: str) -> float:
        rgb = np.array(to_rgb(color))
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    light, dark = sorted((luminance(VALENCE[name].color), luminance(VALENCE[name].text)), reverse=True)
    if name != "na":
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_ink_is_dark_on_light_and_light_on_dark():
    assert ink_on("#ffffff") == INK
    assert ink_on("#000000") != INK


def drawn(state: str, **more: object) -> tuple[list[str], list[Patch]]:
    """A matrix of one cell in this state; one of a silent cell alone would be empty, so another stands beside it."""
    cells = [{"row": "a", "column": "b", "state": state, **more}]
    beside = [{"row": "a", "column": "c", "state": "count", "k": 1, "n": 3}] * (state == "not_stated")
    figure = figures.matrix(pd.DataFrame([*cells, *beside])).draw()
    words = [t.get_text() for t in figure.findobj(Text)]
    patches = [p for p in figure.findobj(Patch) if p.get_zorder() > 1]
    return words, patches


def test_the_four_states_look_different_and_not_stated_is_never_a_zero():
    words, patches = drawn("not_stated")
    dots = [p for p in patches if isinstance(p, Circle)]
    assert len(dots) == 2  # in the cell and in the legend
    assert all(p.get_radius() <= 0.02 for p in dots)
    assert "0" not in words
    words, patches = drawn("absent")
    assert all(p.get_radius() > 0.05 for p in patches if isinstance(p, Circle))
    assert any(isinstance(p, Circle) and p.get_facecolor()[:3] == (1, 1, 1) for p in patches)
    words, patches = drawn("present")
    assert any(isinstance(p, Circle) and p.get_facecolor()[:3] != (1, 1, 1) for p in patches)
    words, _ = drawn("count", k=2, n=4)
    assert "2 of 4" in words
    words, _ = drawn("count", k=None, n=None)
    assert "some" in words


def test_a_cell_without_a_row_is_not_stated():
    frame = pd.DataFrame([{"row": "a", "column": "b", "state": "absent"}])
    drawing = figures.matrix(frame, rows=["a", "z"])
    assert "not stated" in [t.get_text() for t in drawing.draw().findobj(Text)]
    assert drawing.alt == "2 rows by 1 column: 1 of 2 cells absent, 1 not stated. Nothing stated: z."


def test_a_hindering_count_is_not_printed_like_a_negative_number():
    words, _ = drawn("present", value=3, valence="inhibits")
    assert "3 −" in words
    assert not any(word.startswith(("-3", "−3")) for word in words)


def test_inventory_keeps_units_apart_and_marks_what_is_not_stated():
    frame = pd.DataFrame(
        {"method": ["Interviews", "Focus groups", "Documents"], "unit": ["interviews", "focus groups", "documents"]}
    ).assign(amount=[21, 7, None])
    words = [t.get_text() for t in figures.inventory_bars(frame).draw().findobj(Text)]
    assert {"in interviews", "in focus groups", "in documents", "21", "7", "interviews", "focus groups"} <= set(words)
    assert "number not stated" in words
    assert figures.inventory_bars(frame).alt.endswith("Number not stated: Documents.")


def test_drift_marks_only_facts_that_change():
    frame = pd.DataFrame(
        [
            ("interviews", "paper", 21),
            ("interviews", "thesis", 24),
            ("hours", "paper", 90.5),
            ("hours", "thesis", 90.5),
        ],
        columns=["fact", "stage", "value"],
    )
    words = [t.get_text() for t in figures.drift(frame).draw().findobj(Text)]
    assert words.count("+3 (+14 %)") == 1
    assert not any("0 %" in word for word in words)
    assert words.count("90.5") == 2


def test_unknown_signs_and_isolated_factors_are_visible():
    nodes = pd.DataFrame({"factor": list("abc"), "label": ["Monitoring", "Trust", "Roles and responsibilities"]})
    edges = pd.DataFrame({"source": ["b"], "target": ["a"], "sign": ["?"]})
    words = [t.get_text() for t in figures.influence_graph(nodes, edges).draw().findobj(Text)]
    assert "?" in words
    assert "No relation stated" in words
    assert "Without any stated relation: Roles and responsibilities." in figures.influence_graph(nodes, edges).alt


def test_a_date_keeps_its_precision():
    dates = ["2018", "2016-02", "2018-05-23/2018-05-25", "2020"]
    events = pd.DataFrame({"date": dates, "label": ["end", "call", "poster", "paper"]})
    assert figures.timeline(events).alt == (
        "Timeline of 4 events, from February 2016 (call) to 2020 (paper). "
        "In order: February 2016: call; 23–25 May 2018: poster; 2018: end; 2020: paper."
    )


def test_margins_of_the_quotation_matrix_equal_the_cells():
    frame = pd.DataFrame(
        {"subtheme": ["a", "a", "b"], "role": ["x", "y", "y"], "n": [2, 3, 4], "theme": ["T", "T", "U"]}
    )
    words = [t.get_text() for t in figures.quotation_matrix(frame).draw().findobj(Text)]
    assert {"5", "4", "2", "7", "9"} <= set(words)
    assert "By theme: T 5 and U 4." in figures.quotation_matrix(frame).alt
    assert figures.quotation_matrix(frame).alt.endswith("One role label only: b.")


@pytest.mark.parametrize(
    ("draw", "frame", "part"),
    [
        (figures.matrix, pd.DataFrame({"row": ["a"]}), "column state"),
        (figures.matrix, pd.DataFrame({"row": ["a"], "column": ["b"], "state": ["maybe"]}), "'maybe'"),
        (figures.matrix, pd.DataFrame({"row": ["a"] * 2, "column": ["b"] * 2, "state": ["absent"] * 2}), "one row per"),
        (figures.timeline, pd.DataFrame({"date": ["2018-13"], "label": ["x"]}), "'2018-13'"),
        (figures.valence_bars, pd.DataFrame({"item": ["a"], "valence": ["good"], "n": [1]}), "'good'"),
        (figures.inventory_bars, pd.DataFrame({"method": ["a"], "unit": ["b"], "amount": [-1]}), "zero or more"),
    ],
)
def test_what_is_not_known_is_refused(draw, frame, part):
    with pytest.raises(CrosscaseError, match=part):
        assert draw(frame).alt


def test_an_edge_needs_both_ends_and_a_kind_must_be_known():
    nodes = pd.DataFrame({"factor": ["a"], "label": ["A"]})
    with pytest.raises(CrosscaseError, match="both ends"):
        assert figures.influence_graph(nodes, pd.DataFrame({"source": ["a"], "target": ["q"], "sign": ["+"]})).alt
    with pytest.raises(CrosscaseError, match="kind of figure"):
        figures.matrix(pd.DataFrame({"row": ["a"], "column": ["b"], "state": ["absent"]})).draw("screen")


edges_of = st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=40, unique=True)


@settings(max_examples=60)
@given(edges_of)
def test_layout_places_every_node_once_without_overlap(numbers):
    nodes = [f"n{i}" for i in range(15)]
    edges = [(f"n{a}", f"n{b}") for a, b in numbers]
    parts = components(nodes, edges)
    assert sorted(node for part in parts for node in part) == sorted(nodes)
    for part in parts:
        mine = [edge for edge in edges if edge[0] in part]
        layer = layering(part, mine, 4)
        assert set(layer) == set(part)
        assert all(0 <= value < 4 for value in layer.values())
        placed = place(part, mine, dict.fromkeys(part, 0.4), layer, 2.0, 0.1, 0.1)
        assert placed.nodes == place(part, mine, dict.fromkeys(part, 0.4), layer, 2.0, 0.1, 0.1).nodes
        for a, b in combinations(part, 2):
            (xa, ya, ha), (xb, yb, hb) = placed.nodes[a], placed.nodes[b]
            assert xa != xb or abs(ya - yb) >= (ha + hb) / 2 - 1e-9
        for node, (_, y, height) in placed.nodes.items():
            assert y - height / 2 >= -1e-9, node
            assert y + height / 2 <= placed.height + 1e-9
        for number, (source, target) in enumerate(mine):  # an edge passes a layer in a lane of its own
            assert len(placed.routes[number]) == max(abs(layer[source] - layer[target]) - 1, 0)
            for x, y in placed.routes[number]:
                inside = [
                    n for n, (nx, ny, h) in placed.nodes.items() if nx == x and abs(ny - y) < (h + 0.1) / 2 - 1e-9
                ]
                assert not inside


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=15, unique=True))
def test_edges_run_forward_where_no_cycle_forbids_it(numbers):
    edges = [(f"n{a}", f"n{b}") for a, b in numbers if a < b]
    layer = layering([f"n{i}" for i in range(10)], edges, 99)
    assert all(layer[a] < layer[b] for a, b in edges)


@settings(max_examples=200)
@given(st.text(alphabet="abcdefghij_-/& ", min_size=1, max_size=60), st.floats(0.3, 3.0))
@example("aahii___", 0.3125)  # the hyphen is wider than an i
def test_wrapping_loses_no_letter_and_keeps_to_the_width(text, width):
    lines = wrap(text, width, 9)
    assert all(text_width(line, 9) <= width + 1e-9 for line in lines)
    assert "".join("".join(lines).replace("-", "").split()) == "".join(text.replace("-", "").split())


def test_long_words_break_where_they_may():
    assert wrap("Roles_and_responsibilities_in_the_network", 1.05, 8) == [
        "Roles_and_",
        "responsibilities_",
        "in_the_network",
    ]


@settings(max_examples=12)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.sampled_from("+-?")), max_size=14, unique=True))
@example([(a, b, "+") for a, b in [(0, 1), (1, 2), (2, 3), (0, 3), (0, 2), (1, 3), (4, 1), (5, 1), (4, 3), (5, 3)]])
def test_no_arrow_runs_through_a_box(triples):
    nodes = pd.DataFrame(
        {"factor": [f"n{i}" for i in range(10)], "label": [f"A factor with number {i}" for i in range(10)]}
    )
    edges = pd.DataFrame([(f"n{a}", f"n{b}", s) for a, b, s in triples], columns=["source", "target", "sign"])
    figure = figures.influence_graph(nodes, edges).draw()
    boxes = [p.get_path().get_extents() for p in figure.findobj(FancyBboxPatch)]
    curves = [p for p in figure.findobj(PathPatch) if type(p) is PathPatch]
    assert len(curves) == len(edges)
    for curve in curves:
        (points,) = curve.get_path().to_polygons(closed_only=False)
        for box in boxes:
            x, y = points[:, 0], points[:, 1]
            inside = (x > box.x0 + 0.02) & (x < box.x1 - 0.02) & (y > box.y0 + 0.01) & (y < box.y1 - 0.01)
            assert not inside.any()


def test_a_triangle_in_blocks_draws_no_rows_that_hold_nothing():
    names = {f"c{n:02}": f"C{n:02}" for n in range(16)}
    pairs = pd.DataFrame(combinations(names, 2), columns=["code_a", "code_b"]).assign(n=2, marked=False)
    figure = figures.co_occurrence(pairs, names).draw(width=3.0)
    said = [text.get_text() for text in figure.findobj(Text)]
    headers = [each for each in said if each in names.values()]
    assert headers.count("C00") == 2  # once a column, once a row: no row in the blocks below
    assert headers.count("C15") > 2  # its row stands in every block
    assert said.count("2") == len(pairs)
    assert "more often together than chance gives" not in said  # no pair is framed
    framed = figures.co_occurrence(pairs.assign(marked=True), names).draw()
    assert "more often together than chance gives" in [text.get_text() for text in framed.findobj(Text)]
