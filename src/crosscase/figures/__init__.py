"""Figures of the book and the posters: frame in, `Drawing` out; nothing is computed here but where ink goes.

A `Drawing` is drawn in any look and width (`figures.matrix(cells).draw("print", "85mm")`) and says in words what it
shows (`.alt`). Asked for either, a figure raises `CrosscaseError` for columns that its frame lacks, for words that are
not on its lists, and for two rows for one place. A figure that a person draws with matplotlib becomes one with
`own(figure, alt)`. A module is imported when one of its figures is first asked for, so that a notebook depends on the
figures it draws and on no others.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "timeline": "time",
    "inventory_bars": "amounts",
    "drift": "amounts",
    "matrix": "cells.states",
    "step_progress": "cells.progress",
    "quotation_matrix": "cells.quotations",
    "meta_matrix": "cells.meta_matrix",
    "influence_graph": "graphs.influence",
    "bridge": "graphs.bridge",
    "valence_bars": "directions.bars",
    "case_valence_panels": "directions.valence",
    "effect_direction": "directions.constructs",
    "pattern_match": "directions.matches",
    "co_occurrence": "pairs",
    "confusion": "pairs",
    "forest": "intervals.forest",
    "drift_rounds": "curves.rounds",
    "saturation_curve": "curves.saturation",
    "xy_plot": "maps.xy",
    "correspondence_map": "maps.correspondence",
}
FIGURES = tuple(_HOMES)
"""Names of the functions that return a `Drawing`."""

_HOMES |= dict.fromkeys(("Drawing", "NothingToShow", "own"), "drawing")
_HOMES |= dict.fromkeys(("look", "POSTER_COLUMN", "POSTER_WIDE", "VALENCE", "STATES"), "ink.style")
__all__ = ["FIGURES", *sorted(_HOMES)]


def __getattr__(name: str) -> Any:
    """Import the module that holds a figure."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no figure {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
