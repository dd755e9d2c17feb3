"""Keeping texts out of commits: the hook of git, installed on request."""

from __future__ import annotations

import click

from crosscase.cli.group import main
from crosscase.errors import raise_if


@main.command()
@click.option("--remove", is_flag=True, help="Take the hook out again.")
@click.option("--staged", is_flag=True, hidden=True, help="Look through what is about to be committed.")
def protect(remove: bool, staged: bool) -> None:
    """Install a git hook that refuses to commit texts that are not released.

    It refuses what lies under restricted/, copies of it, its keys, and every file that repeats 40 characters of an
    unreleased text. A hook that is there is kept and called first.
    """
    from crosscase.release.protect import protect as install
    from crosscase.release.protect import staged_problems

    if staged:
        raise_if(staged_problems())
        return
    hook = install(remove)
    click.echo(f"{hook.done}: {hook.file}")
