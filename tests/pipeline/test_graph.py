"""The plan as a graph and as a picture."""

from __future__ import annotations

import networkx as nx

from crosscase.pipeline import draw_graph, graph, load_plan, stale
from crosscase.pipeline.graphs import alt_graph


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
    assert alt_graph(load_plan()) == (
        "Notebooks as rows, the studies north and south as columns. Once for each study: 10_cases. "
        "Once for all studies together: 20_total. 20_total reads the results of 10_cases."
    )
    assert b"stale" not in draw_graph(load_plan(), tmp_path / "c.svg", state=False).read_bytes()


def test_many_studies_and_sweeps_are_drawn_too(compendium, tmp_path):
    for number in range(12):
        compendium.study(f"study-{number}", ["a"])
    compendium.entry("10_cases")["sweep"] = {"seed": [1, 2]}
    compendium.write()
    text = draw_graph(load_plan(), tmp_path / "many.svg").read_text()
    assert all(f"study-{number}" in text for number in range(12))


def test_the_build_draws_the_plan_for_the_book_once(compendium):
    from crosscase.pipeline.main_job import draw_plan

    draw_plan(load_plan())
    drawn = compendium.results / "plan" / "plan.svg"
    first = drawn.read_bytes()
    drawn.write_text("damaged")
    draw_plan(load_plan())
    assert drawn.read_bytes() == first
    assert "20_total reads" in (compendium.results / "plan" / "plan.txt").read_text()
