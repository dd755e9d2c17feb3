"""The command line: talks to people, computes nothing. One file per subject; here they come together."""

from crosscase.cli import (  # noqa: F401  (each adds its own)
    adding,
    changing,
    code,
    collected,
    compendium,
    edit,
    figures,
    files,
    meetings,
    preview,
    protection,
    review,
    studies,
    terms,
)
from crosscase.cli.group import main

__all__ = ["main"]
