"""The run itself: plan, cache, kernels, runner. Everything is imported when first used, so that asking costs little."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crosscase.pipeline.cache import stale as stale
    from crosscase.pipeline.certificate import reproduce as reproduce
    from crosscase.pipeline.graphs import draw_graph as draw_graph
    from crosscase.pipeline.graphs import graph as graph
    from crosscase.pipeline.job import Job as Job
    from crosscase.pipeline.plan import Plan as Plan
    from crosscase.pipeline.plan import load_plan as load_plan
    from crosscase.pipeline.report import RunReport as RunReport
    from crosscase.pipeline.runner import run as run

_HOMES = {
    "Job": "job",
    "Plan": "plan",
    "load_plan": "plan",
    "stale": "cache",
    "graph": "graphs",
    "draw_graph": "graphs",
    "RunReport": "report",
    "reproduce": "certificate",
    "run": "runner",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    """Import the module that holds a public name."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
