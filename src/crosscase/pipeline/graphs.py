"""The plan as a graph: which job reads the results of which, and as a picture for the book."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from crosscase.refusals import named

if TYPE_CHECKING:
    import networkx as nx

    from crosscase.pipeline.plan import Plan

FRESH, STALE, INK = "#dce9f2", "#fbe3c0", "#1b2733"
LABELS, LANE = 2.5, 0.3  # in columns: room for titles, and for each arrow
MANY = 7  # studies beyond which columns get narrow and their names slanted


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
    """Draw the plan as SVG: a row per notebook, a column per study, an arrow to each notebook that reads another.

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
    rows, wide = _rows(plan), max(1, len(plan.studies))
    lanes = sum(bool(entry["after"]) for entry in rows)
    width, head = wide + LABELS + 0.2 + LANE * (lanes + 1), 0.9 if wide <= MANY else 1.6
    figure = Figure(figsize=(1.02 * width if wide <= MANY else 0.6 * width + 1.2, 0.42 * (len(rows) + head)))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set(xlim=(-LABELS, width - LABELS), ylim=(len(rows) - 0.4, -0.5 - head))
    for column, study in enumerate(plan.studies):
        turn: dict[str, Any] = {"rotation": 0, "ha": "center"} if wide <= MANY else {"rotation": 40, "ha": "left"}
        name = _two_lines(study) if wide <= MANY else study
        axes.text(column + 0.5, -0.6, name, va="bottom", fontsize=8, color=INK, **turn)
    for row, entry in enumerate(rows):
        axes.text(-0.1, row, f"{entry['title']}\n{entry['notebook']}", ha="right", va="center", fontsize=8, color=INK)
        _boxes(axes, made, entry, row, plan.studies)
    _arrows(axes, rows, wide)
    with named(path), mpl.rc_context({"svg.hashsalt": "plan", "svg.fonttype": "none"}):
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None, "Title": f"Plan: {plan.title}"})
    return path


def alt_graph(plan: Plan) -> str:
    """Say in words what the picture of the plan shows."""
    per = [entry["notebook"] for entry in plan.entries if entry["per"] == "study"]
    once = [entry["notebook"] for entry in plan.entries if entry["per"] != "study"]
    said = [f"Notebooks as rows, the studies {_and(plan.studies)} as columns."]
    said += [f"Once for each study: {_and(per)}."] if per else []
    said += [f"Once for all studies together: {_and(once)}."] if once else []
    readers = [entry for entry in _rows(plan) if entry["after"]]
    return " ".join(said + [f"{each['notebook']} reads the results of {_and(each['after'])}." for each in readers])


def _and(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _two_lines(name: str) -> str:
    """Break a name at the hyphen nearest to its middle.

    >>> _two_lines("be-chronic-care-pilots")
    'be-chronic-\\ncare-pilots'
    """
    places = [place for place, letter in enumerate(name) if letter in "-_"]
    if len(name) <= 12 or not places:
        return name
    at = min(places, key=lambda place: abs(place + 1 - len(name) / 2)) + 1
    return f"{name[:at]}\n{name[at:]}"


def _rows(plan: Plan) -> list[dict[str, Any]]:
    """Return the notebooks so that each stands below those it reads."""
    left, placed = list(plan.entries), []
    while left:
        names = {entry["notebook"] for entry in left}
        free = [entry for entry in left if not names & set(entry["after"])]
        placed += free
        left = [entry for entry in left if entry not in free]
    return placed


def _boxes(axes: Any, made: Any, entry: dict[str, Any], row: int, studies: list[str]) -> None:
    """Draw the jobs of one notebook: one box per study, or one wide box for the whole compendium."""
    from matplotlib.patches import FancyBboxPatch

    for name, node in made.nodes(data=True):
        if node["notebook"] != entry["notebook"] or "~" in name:
            continue
        whole = node["study"] is None
        column, size = (0, max(1, len(studies))) if whole else (studies.index(node["study"]), 1)
        color = STALE if node["reason"] else FRESH
        box = FancyBboxPatch((column + 0.06, row - 0.3), size - 0.12, 0.6, boxstyle="round,pad=0,rounding_size=0.08")
        box.set(facecolor=color, edgecolor=INK, linewidth=0.6)
        axes.add_patch(box)
        text = ", ".join(["all studies"] * whole + ["stale"] * bool(node["reason"]))
        axes.text(column + size / 2, row, text, ha="center", va="center", fontsize=7, color=INK)


def _arrows(axes: Any, rows: list[dict[str, Any]], right: float) -> None:
    """Draw beside the boxes which notebook reads which: one lane per reader, that ends in an arrow to it."""
    at = {entry["notebook"]: row for row, entry in enumerate(rows)}
    readers = [entry for entry in rows if entry["after"]]
    for lane, entry in enumerate(readers, start=1):
        here, out = at[entry["notebook"]], right + LANE * lane
        for before in entry["after"]:
            axes.plot([right, out, out], [at[before], at[before], here], color=INK, linewidth=0.8)
        arrow = {"arrowstyle": "->", "color": INK, "linewidth": 0.8, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", (right - 0.04, here), (out, here), arrowprops=arrow)
