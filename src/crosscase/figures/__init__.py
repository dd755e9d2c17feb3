"""Figures of the book and the posters: frame in, matplotlib Figure out; nothing is computed here but where ink goes.

Every figure has a companion `alt_...` that says in words what it shows. A module is imported when one of its figures
is first asked for, so that a notebook depends on the figures it draws and on no others.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "timeline": "events",
    "inventory_bars": "facts",
    "drift": "facts",
    "matrix": "states",
    "influence_graph": "influence",
    "valence_bars": "valence",
    "case_valence_panels": "valence",
    "bridge": "bridging",
    "quotation_matrix": "quotations",
    "co_occurrence": "heat",
    "confusion": "heat",
    "framework_heat": "heat",
    "forest": "coefficients",
    "drift_rounds": "rounds",
    "saturation_curve": "saturation",
    "effect_direction": "synthesis",
    "harvest": "synthesis",
    "leave_one_out": "omission",
    "xy_plot": "configurations",
    "step_progress": "progress",
    "meta_matrix": "configurations",
    "correspondence_map": "ordination",
}
_HOMES |= {f"alt_{name}": home for name, home in _HOMES.items()}
_HOMES |= dict.fromkeys(("style", "look", "POSTER_COLUMN", "POSTER_WIDE", "VALENCE", "STATES"), "style")
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    """Import the module that holds a figure."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no figure {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
