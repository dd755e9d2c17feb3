"""Crosscase: a reproducible research compendium for multi-case qualitative studies.

`load_study("my-study")` is where one begins, `load_results("my-study")` has what the last build found. What analyses
find comes from the functions of `crosscase.analyses`, and on frames and texts of one's own from `matrices`,
`agreement`, `saturation`, `comparison`, `configurations` and `concordance`.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"
__all__ = [
    "agreement",
    "analyses",
    "comparison",
    "concordance",
    "configurations",
    "figures",
    "list_studies",
    "load_results",
    "load_study",
    "matrices",
    "saturation",
    "synthesis",
]
_FROM = {
    "list_studies": "crosscase.study",
    "load_study": "crosscase.study",
    "load_results": "crosscase.publish.study_results",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for, so that `import crosscase` costs nothing."""
    if name in _FROM:
        return getattr(import_module(_FROM[name]), name)
    if name in __all__:
        return import_module(f"crosscase.{name}")
    raise AttributeError(f"module 'crosscase' has no attribute {name!r}; begin with crosscase.load_study('my-study')")


def __dir__() -> list[str]:
    return sorted({*__all__, "__version__"})
