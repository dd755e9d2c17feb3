"""The program itself: its commands gather here, and bad input is told as a list of problems."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import click

from crosscase import __version__, paths, renames
from crosscase.errors import CrosscaseError, Problem
from crosscase.refusals import NO_FILE, refused


class Told(click.Group):
    """A group whose commands tell bad input and what the system refuses as a list of problems, never as a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; bad input ends it with status 1 and every problem on its own line.

        So does a file that the system does not let us read or write: whatever the command, one message names it.
        """
        try:
            return super().invoke(ctx)
        except CrosscaseError as error:
            tell(error.problems)
            ctx.exit(1)
        except BrokenPipeError:
            raise  # whoever read our lines has read enough: click ends quietly
        except OSError as error:
            problem = refused(error)
            command = f"crosscase {ctx.invoked_subcommand}"
            tell([problem if problem.place != NO_FILE else replace(problem, place=command)])
            ctx.exit(1)
        except KeyboardInterrupt:
            click.echo("\nStopped. What was finished stays; the next build goes on from there.", err=True)
            ctx.exit(130)


def tell(problems: Iterable[Problem]) -> None:
    """Print problems to standard error, one paragraph each."""
    problems = list(problems)
    count = f"{len(problems)} problems" if len(problems) != 1 else "1 problem"
    click.secho(f"{count}:", fg="red", bold=True, err=True)
    for problem in problems:
        click.echo(f"- {problem}", err=True)


@click.group(cls=Told, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "--version", prog_name="crosscase")
def main() -> None:
    """Multi-case qualitative studies, from coded documents to a book and a poster.

    The main job is `crosscase build`: it checks the data, runs the notebooks that are stale, builds the posters and
    the book, and says where to open it. Work inside your copy of the compendium.
    """
    for path in renames.return_all():
        click.echo(f"{paths.relative(path)} is back in its place: an earlier command could not finish", err=True)


def width() -> int:
    """Return how many columns the terminal has, at most 100."""
    return min(shutil.get_terminal_size((100, 40)).columns, 100)


def level_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option --level, which says whether anything under restricted/ is read."""

    def set_level(context: click.Context, option: click.Parameter, value: str | None) -> None:
        if value:
            os.environ[paths.LEVEL_VARIABLE] = value

    words = "public: as if restricted/ were not here. restricted (the default): names and notes at hand are shown."
    add = click.option("--level", type=click.Choice(paths.LEVELS), callback=set_level, expose_value=False, help=words)
    return add(command)
