"""Commands for what people decide together: the consensus meeting and the framework matrix as workbooks."""

from __future__ import annotations

from pathlib import Path

import click

from crosscase.cli.group import main


@main.group()
def consensus() -> None:
    """The consensus meeting: differences between coders out as a workbook, decisions with date and reason back in."""


@consensus.command(name="export")
@click.argument("study")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def export_consensus(study: str, file: Path) -> None:
    """Write the differences between the coders of STUDY to the workbook FILE, with empty columns for the decisions."""
    from crosscase.exchange.consensus import export_differences
    from crosscase.study import load_study

    click.echo(f"{export_differences(load_study(study), file)} differences written: {file}")


@consensus.command(name="read")
@click.argument("study")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--by", type=click.Choice(["person", "language_model"]), default="person", help="Who decided.")
@click.option("--replace", is_flag=True, help="Replace the round of the same day.")
def read_consensus(study: str, file: Path, by: str, replace: bool) -> None:
    """Read the decisions from FILE and write them to STUDY as a dated round that is marked reconciled.

    Every problem of the file is told at once, and then nothing is written.
    """
    from crosscase.exchange.consensus import read_decisions
    from crosscase.exchange.consensus_round import write_round
    from crosscase.exchange.sheet_reader import read_sheets
    from crosscase.release.written import note
    from crosscase.study import load_study

    known = load_study(study)
    click.echo(write_round(known, read_decisions(known, read_sheets(file)), by=by, replace=replace).text())
    note(file)


@main.group()
def framework() -> None:
    """The framework matrix as a spreadsheet: write it out, summarise its cells, read it back."""


@framework.command(name="export")
@click.argument("study")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def framework_export(study: str, file: Path) -> None:
    """Write the framework matrix of STUDY to FILE (.xlsx), one row per cell, for people to summarise."""
    from crosscase.exchange.framework_sheet import export_framework
    from crosscase.study import load_study

    frame = export_framework(load_study(study), file)
    click.echo(f"written: {file}, {len(frame)} cells, {frame['summary'].notna().sum()} of them summarised")


@framework.command(name="read")
@click.argument("study")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def framework_read(study: str, file: Path) -> None:
    """Check the summaries in FILE and save them with STUDY; a summary whose segments changed is told as stale."""
    from crosscase.exchange.framework_sheet import read_framework
    from crosscase.study import load_study

    saved = read_framework(load_study(study), file)
    click.echo(f"saved: {len(saved)} summaries, {int(saved['stale'].sum())} of them stale")
    for row in saved[saved["stale"]].itertuples():
        click.echo(f"- stale: {row.case}, {row.theme}: its segments changed since the file was written")
