"""The plan as a graph and as a picture."""

from __future__ import annotations

import networkx as nx

from crosscase.pipeline import draw_graph, graph, load_plan, stale


def test_edges_point_to_the_reader(compendium):
    plan = load_plan()
    made = graph(plan, stale(plan))
    assert set(made.edges) == {(f"10_cases/{study}", "20_total/compendium") for study in ("north", "south")}
    assert nx.is_directed_acyclic_graph(made)
    assert made.nodes["10_cases/north"]["reason"] == "never run"


def test_the_picture_names_all_and_is_the_same_twice(compendium, tmp_path):
    first = draw_graph(load_plan(), tmp_path / "a.svg").read_bytes()
    assert draw_graph(load_plan(), tmp_path / "b.svg").read_bytes() == first
    for name in (b"10_cases", b"20_total", b"north", b"south", b"all studies", b"stale"):
        assert name in first
    assert b"stale" not in draw_graph(load_plan(), tmp_path / "c.svg", state=False).read_bytes()
