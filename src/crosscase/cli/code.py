"""The command that opens the coding page."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import click

from crosscase.cli.group import main

AT_ONCE = "--ZMQChannelsWebsocketConnection.iopub_data_rate_limit=100000000"
"""A long text with its codings reaches the page in one message."""


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("study")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.option("--coder", help="Who codes, by name or id; a new name is a new coder.")
@click.option("--blind", is_flag=True, help="Show nothing of what other coders did.")
def code(study: str, arguments: tuple[str, ...], coder: str | None, blind: bool) -> None:
    """Open the coding page of STUDY in JupyterLab: read its texts and put codes on them, by keyboard or mouse.

    Each step is saved at once. The page stands in a notebook of its own that nobody need keep. ARGUMENTS go to
    JupyterLab, which listens on this machine only and asks for a token.
    """
    from crosscase.coding.notebook import write_notebook
    from crosscase.pipeline.lab import open_lab

    with tempfile.TemporaryDirectory(prefix="crosscase-code-") as folder:
        path = write_notebook(Path(folder).resolve(), study, coder, blind)
        alone = f"--LabApp.default_url=/doc/tree/{path.name}"
        sys.exit(open_lab(path, [alone, AT_ONCE, *arguments], click.echo))
