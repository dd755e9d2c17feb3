"""Commands that add to a study and take a step back: what a person wrote stays, what would go is asked for by name."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import click

from crosscase.cli.group import main, width
from crosscase.errors import Problem, raise_if

SHOWN = 20


def asking(names: Sequence[str], dry_run: bool) -> Callable[[Sequence[tuple[str, str]]], Collection[str]]:
    """Return who says what may go: the names given, and the person at the terminal for the others, table by table."""

    def ask(would: Sequence[tuple[str, str]]) -> Collection[str]:
        agreed = list(names)
        if "all" in agreed or dry_run or not sys.stdin.isatty():
            return agreed
        tables = dict.fromkeys(name.partition("/")[0] for name, _ in would)
        for table in tables:
            rows = [(name, words) for name, words in would if name.startswith(f"{table}/") and name not in agreed]
            if table in agreed or not rows:
                continue
            click.echo(f"The file no longer has {len(rows):,} of {table}:")
            for name, words in rows[:SHOWN]:
                click.echo(f"  {name}: {words}")
            if len(rows) > SHOWN:
                click.echo(f"  and {len(rows) - SHOWN:,} more")
            if click.confirm("Let them go? They are kept, and `crosscase undo` brings them back.", default=False):
                agreed += [name for name, _ in rows]
        return agreed

    return ask


def mapped(pairs: tuple[str, ...]) -> dict[str, str] | None:
    """Read COLUMN=FIELD pairs; the last equals sign parts them, so that a heading may hold one."""
    problems = [
        Problem(f"--map {pair}", "a column is given as COLUMN=FIELD", repr(pair), "--map 'Notes=memo'")
        for pair in pairs
        if not all(pair.rpartition("="))
    ]
    raise_if(problems)
    return {pair.rpartition("=")[0]: pair.rpartition("=")[2] for pair in pairs} or None


let_go_option = click.option(
    "--let-go", "let_go", multiple=True, metavar="NAME",
    help="What the file no longer has may go: a name of the report, a table, or all. You are asked otherwise.",
)  # fmt: skip


@main.command()
@click.argument("study")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--coder", default="", help="Who coded, where a file does not say it.")
@click.option("--round", "round_", default="", help="The round, where a file does not say it.")
@click.option(
    "--map", "mapping", multiple=True, metavar="COLUMN=FIELD", help="Correct the guessed mapping of a column."
)
@let_go_option
@click.option("--dry-run", is_flag=True, help="Only report what would be new, changed and gone.")
def add(
    study: str,
    files: tuple[Path, ...],
    coder: str,
    round_: str,
    mapping: tuple[str, ...],
    let_go: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Merge FILES into STUDY: documents, the codings of a coder or a round, or a newer export of the same project.

    What you wrote beside the files stays. A table of codings goes onto the texts that are there. The report lists what
    is new, changed and gone in each table; the study as it was is kept, and `crosscase undo` brings it back.

    \b
    crosscase add my-study interview-12.docx
    crosscase add my-study second-coder.csv --coder ben --round 2
    """
    from crosscase.exchange.adding import add_files

    report = add_files(
        study, files, coder=coder, round=round_, mapping=mapped(mapping), dry_run=dry_run,
        let_go=asking(let_go, dry_run),
    )  # fmt: skip
    click.echo(report.terminal(width()))
    if not dry_run:
        click.echo(f"\nNext: crosscase check {study}; crosscase undo {study} takes it back")


@main.command()
@click.argument("study")
@click.option("--yes", is_flag=True, help="Do not ask, also where files were edited since.")
def undo(study: str, yes: bool) -> None:
    """Take back the last command that changed STUDY: add, import --replace, edit, rename, merge, split, accept.

    What stands now is kept too, under restricted/STUDY/before/.
    """
    from crosscase import paths
    from crosscase.study import before

    folder = before.latest(study)
    if since := before.edited(study, folder):
        click.echo(f"Edited since then, and going back as well: {', '.join(since[:SHOWN])}")
        if not yes:
            click.confirm("Take it back all the same?", abort=True)
    done = before.undo(study)
    click.echo(f"undone: {done.what} ({done.day})\nas it was until now: {paths.relative(done.kept)}")
