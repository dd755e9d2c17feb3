"""The plan as a graph: which notebook reads the results of which, and as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

    from crosscase.pipeline.plan import Plan


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
