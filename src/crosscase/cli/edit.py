"""A study in a workbook for people: written out, edited, and taken back with its differences told first."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from crosscase.cli.adding import asking, let_go_option
from crosscase.cli.group import level_option, main
from crosscase.errors import Problem, raise_if


@main.command()
@click.argument("study")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="The file; STUDY.xlsx here by default.")
@click.option(
    "--read", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Take this workbook back."
)
@let_go_option
@click.option("--dry-run", is_flag=True, help="With --read: only tell what would be new, changed and gone.")
@click.option("--yes", is_flag=True, help="With --read: do not ask before writing.")
@level_option
def edit(study: str, to: Path | None, file: Path | None, let_go: tuple[str, ...], dry_run: bool, yes: bool) -> None:
    """Write STUDY as one workbook for people, or take it back with --read FILE.

    Codebook, cases, documents with participants and attributes, themes, roles, summaries beside their quotations,
    outcomes and inventory: labels instead of ids, lists to choose from. What you change comes in; what others changed
    in the files meanwhile stays, and what both changed is told.

    \b
    crosscase edit my-study
    crosscase edit my-study --read my-study.xlsx --dry-run
    """
    from crosscase.exchange.edit_study import export_edit, prepare_edit
    from crosscase.study import load_study

    if file is None:
        rule = "these options belong to --read"
        given = [name for name, on in (("--dry-run", dry_run), ("--yes", yes), ("--let-go", bool(let_go))) if on]
        raise_if([Problem(name, rule, "no --read FILE", remedy="add it, or leave this out") for name in given])
        target = to or Path.cwd() / f"{study}.xlsx"
        rows = export_edit(load_study(study), target)
        click.echo(f"written: {target.name}, {', '.join(f'{n:,} {name}' for name, n in rows.items() if n)}")
        click.echo(f"Next: edit and save it, then crosscase edit {study} --read {target.name}")
        return
    raise_if([Problem("--to", "--to and --read are two ways", "both", remedy="leave one out")] if to else [])
    found = prepare_edit(study, file)
    if found.would_go and let_go:
        found = found.letting_go(let_go)
    click.echo(found.report.text())
    if found.would_go and (agreed := asking(let_go, dry_run)(found.would_go)) and set(agreed) != set(let_go):
        found = found.letting_go(agreed)
        click.echo("\n".join(found.report.lines("went")))
    if not dry_run and found.report.changed and not yes and sys.stdin.isatty():
        click.confirm("\nWrite this into the study?", default=True, abort=True)
    found.finish(dry_run)
    if found.report.written:
        click.echo(f"\nNext: crosscase check {study}; crosscase undo {study} takes it back")
        click.echo(f"This workbook has been read: crosscase edit {study} --to NEW.xlsx writes one to go on with")
