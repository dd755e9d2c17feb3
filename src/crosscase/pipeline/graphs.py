"""The plan as a graph: which job reads the results of which, and as a picture for the book."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx as nx

    from crosscase.pipeline.plan import Plan

FRESH, STALE, INK = "#dce9f2", "#fbe3c0", "#1b2733"


def graph(plan: Plan, reasons: dict[str, str] | None = None) -> nx.DiGraph:
    """Return the plan as a directed graph, edges pointing to the job that reads.

    Parameters
    ----------
    plan : Plan
        The plan.
    reasons : dict of str to str, optional
        Job -> why it is stale, as `stale` returns.

    Returns
    -------
    networkx.DiGraph
        Nodes are job ids with `notebook`, `study` (None for the compendium), `title`, `reason` ("" where fresh).
    """
    import networkx as nx

    made = nx.DiGraph()
    for job in plan.jobs():
        reason = (reasons or {}).get(job.id, "")
        made.add_node(job.id, notebook=job.notebook, study=job.study, title=job.title, reason=reason)
    for job in plan.jobs():
        made.add_edges_from((before, job.id) for before in job.after)
    return made


def draw_graph(plan: Plan, path: Path, state: bool = True) -> Path:
    """Draw the plan as SVG: a column per notebook, a row per study, an arrow for each notebook that reads another.

    Parameters
    ----------
    plan : Plan
        The plan.
    path : pathlib.Path
        Where the SVG goes; the same plan and state give the same bytes.
    state : bool
        Whether to colour what is stale; without it the picture depends on the plan alone, as the book needs.

    Returns
    -------
    pathlib.Path
        The same path.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    from crosscase.pipeline.cache import stale

    made = graph(plan, stale(plan) if state else {})
    studies: list[str | None] = [*plan.studies]
    columns = _columns(plan)
    below = 0.28 * sum(bool(entry["after"]) for entry in columns)
    figure = Figure(figsize=(1.8 * len(columns) + 2.6, 0.45 * (len(studies) + below) + 0.8))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set(xlim=(-1.4, len(columns)), ylim=(len(studies) - 0.5 + below, -1.8))
    for row, study in enumerate(studies):
        axes.text(-0.6, row, study or "", ha="right", va="center", fontsize=8, color=INK)
    for column, entry in enumerate(columns):
        axes.text(column, -1.2, f"{entry['notebook']}\n{entry['title']}", ha="center", fontsize=8, color=INK)
        _boxes(axes, made, entry, column, studies)
    _arrows(axes, columns, bottom=len(studies) - 0.68)
    with mpl.rc_context({"svg.hashsalt": "plan", "svg.fonttype": "none"}):
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None, "Title": f"Plan: {plan.title}"})
    return path


def _columns(plan: Plan) -> list[dict[str, Any]]:
    """Return the notebooks so that each stands to the right of those it reads."""
    left, placed = list(plan.entries), []
    while left:
        names = {entry["notebook"] for entry in left}
        free = [entry for entry in left if not names & set(entry["after"])]
        placed += free
        left = [entry for entry in left if entry not in free]
    return placed


def _boxes(axes: Any, made: Any, entry: dict[str, Any], column: int, studies: list[str | None]) -> None:
    """Draw the jobs of one notebook: one box per study, or one tall box for the whole compendium."""
    from matplotlib.patches import FancyBboxPatch

    for name, node in made.nodes(data=True):
        if node["notebook"] != entry["notebook"] or "~" in name:
            continue
        tall = node["study"] is None
        row, size = (0, len(studies) - 1) if tall else (studies.index(node["study"]), 0)
        color = STALE if node["reason"] else FRESH
        box = FancyBboxPatch((column - 0.4, row - 0.3), 0.8, size + 0.6, boxstyle="round,pad=0,rounding_size=0.08")
        box.set(facecolor=color, edgecolor=INK, linewidth=0.6)
        axes.add_patch(box)
        text = (
            ("stale" if node["reason"] else "") if not tall else "all studies" + ("\nstale" if node["reason"] else "")
        )
        axes.text(column, row + size / 2, text, ha="center", va="center", fontsize=7, color=INK)


def _arrows(axes: Any, columns: list[dict[str, Any]], bottom: float) -> None:
    """Draw below the boxes which notebook reads which: one lane per reader, that ends in an arrow to it."""
    at = {entry["notebook"]: column for column, entry in enumerate(columns)}
    readers = [entry for entry in columns if entry["after"]]
    for lane, entry in enumerate(readers, start=1):
        here, depth = at[entry["notebook"]], bottom + 0.28 * lane
        for before in entry["after"]:
            axes.plot([at[before], at[before], here], [bottom, depth, depth], color=INK, linewidth=0.6)
        arrow = {"arrowstyle": "->", "color": INK, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", (here, bottom), (here, depth), arrowprops=arrow)
