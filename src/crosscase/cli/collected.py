"""The command that fills the inventory of a study from its documents."""

from __future__ import annotations

import sys

import click

from crosscase.cli.group import main, width


@main.command()
@click.argument("study")
@click.option("--yes", is_flag=True, help="Write what is new without asking.")
@click.option("--renew", multiple=True, metavar="ITEM", help="Let a row that differs take what was counted; or all.")
def inventory(study: str, yes: bool, renew: tuple[str, ...]) -> None:
    """Count the documents of STUDY for its inventory of data collected: kinds, participants, pages, words.

    What is new is written once you agree. A row that you wrote, or that says another number, stays as it is.

    \b
    crosscase inventory my-study
    crosscase inventory my-study --renew documents-interview
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from crosscase import inventory as rows
    from crosscase.exchange.collected import fill_inventory, proposal
    from crosscase.study import load_study

    kept = load_study(study)
    found = proposal(kept)
    table = Table("item", "what", "n", "unit", "state", "there", box=None, pad_edge=False)
    for row in found.itertuples():
        there = "" if row.state == rows.NEW else "not stated" if row.stands != row.stands else f"{row.stands:g}"
        cells = (row.item, row.label, f"{row.n:,}", row.unit, row.state, there)
        table.add_row(*(Text(str(cell)) for cell in cells))
    if len(found):
        Console(width=width(), highlight=False).print(table)
    if other := int(kept.documents["kind"].eq("other").sum()):
        click.echo(f"{other:,} of the kind other are not counted: say in documents.csv, column kind, what they are.")
    new = int(found["state"].eq(rows.NEW).sum())
    if not new and not renew:
        click.echo("Nothing is new.")
        return
    if not yes and sys.stdin.isatty():
        click.confirm(f"Write {new} new row{'s'[: new != 1]} to the inventory?", abort=True)
    elif not yes:
        click.echo("Nothing is written: --yes writes what is new.")
        return
    for item in fill_inventory(study, renew):
        click.echo(f"written: {item}")
    click.echo(f"crosscase undo {study} takes it back")
