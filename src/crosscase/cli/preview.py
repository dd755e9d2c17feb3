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


@main.command(context_settings={"ignore_unknown_options": True})
@click.option("--original", is_flag=True, help="Open the notebooks themselves, to write on them.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def lab(original: bool, arguments: tuple[str, ...]) -> None:
    """Open JupyterLab with copies of the notebooks to play with; ARGUMENTS go to JupyterLab, such as a notebook.

    The copies lie in the folder lab, which git ignores, and the notebooks stay clean. A copy that you have changed
    stays as it is. It listens on this machine only and asks for a token; Ctrl-C ends it and its kernels.
    """
    from crosscase import paths
    from crosscase.pipeline import copies
    from crosscase.pipeline.lab import check_arguments, open_lab

    check_arguments(arguments)
    place = paths.notebooks() if original else copies.renew(click.echo)
    if not original:
        click.echo(f"Copies to play with: {place} (crosscase lab --original opens the notebooks themselves)")
    named = [place / os.path.basename(each) for each in arguments if each.endswith(".ipynb")]
    others = [each for each in arguments if not each.endswith(".ipynb")]
    sys.exit(open_lab(next((each for each in named if each.is_file()), place), others, click.echo))
