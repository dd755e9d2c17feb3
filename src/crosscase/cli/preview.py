"""Commands that show something until a person ends them: the preview of the book, JupyterLab."""

from __future__ import annotations

import os
import sys

import click

from crosscase.cli.group import level_option, main


@main.command()
@click.argument("studies", nargs=-1, metavar="[STUDY]...")
@click.option("--browser/--no-browser", default=None, help="Whether to open the page; by default where there is one.")
@level_option
def preview(studies: tuple[str, ...], browser: bool | None) -> None:
    """Show the book in the browser, and every change seconds after it was saved: the book of STUDY alone, or all.

    A changed chapter is rendered alone; after a change in data or in a notebook, the notebooks that it concerns run
    first. What is wrong in a chapter stands on the page and here, with file and line, and the last good page stays.
    The page is shown to this machine only. Ctrl-C ends it.
    """
    from crosscase.pipeline.preview import preview as show_preview

    opens = _has_browser() if browser is None else browser
    show_preview(studies, click.echo, _open if opens else None)


def _has_browser() -> bool:
    """Tell whether a page can be opened without taking the terminal."""
    return os.name == "nt" or sys.platform == "darwin" or bool({"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys())


def _open(address: str) -> None:
    import webbrowser

    webbrowser.open(address)
