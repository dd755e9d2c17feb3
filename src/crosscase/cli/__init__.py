"""The command line: talks to people, computes nothing. One file per subject; here they come together."""

from crosscase.cli import adding, changing, code, compendium, figures, files, meetings, protection, review, studies  # noqa: F401  (each adds its own)
from crosscase.cli.group import main

__all__ = ["main"]
