"""Commands on files of other programs: a coded project in, a study out."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from crosscase.cli.adding import asking, let_go_option, mapped
from crosscase.cli.group import level_option, main, width


@main.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.option("--study", metavar="NAME", help="Id of the new study; study-1, study-2 ... by default.")
@click.option("--dry-run", is_flag=True, help="Only report what would be read.")
@click.option(
    "--map", "mapping", multiple=True, metavar="COLUMN=FIELD", help="Correct the guessed mapping of a column."
)
@click.option("--replace", is_flag=True, help="A newer export of a study that is there: merge it, keep what you wrote.")
@let_go_option
@click.option("--quiet", is_flag=True, help="No progress bar.")
def import_(
    file: Path,
    study: str | None,
    dry_run: bool,
    mapping: tuple[str, ...],
    replace: bool,
    let_go: tuple[str, ...],
    quiet: bool,
) -> None:
    """Make a study of a coded project: FILE of NVivo, ATLAS.ti, MAXQDA, QualCoder, Taguette, RQDA, or a spreadsheet.

    Texts, names and notes go to restricted/, never to data/. The report says what was read, what was left out and why,
    which positions look wrong, and which columns stay under restricted/; it is kept there as import.md. Where the file
    cannot be read, nothing is written and the status is 1.

    \b
    crosscase import interviews.qdpx --study my-study
    crosscase import segments.xlsx --map "Column B=code" --map "Notes=memo"
    """
    from crosscase.exchange import import_file
    from crosscase.pipeline.progress import steps

    with steps("import", not quiet and sys.stderr.isatty()) as tell:
        report = import_file(
            file,
            study,
            mapping=mapped(mapping),
            dry_run=dry_run,
            replace=replace,
            let_go=asking(let_go, dry_run),
            progress=lambda share: tell("read the file", share),
        )
    click.echo(report.terminal(width()))
    if not dry_run:
        click.echo(f"\nNext: crosscase check {report.study}, then crosscase build --study {report.study}")


@main.command()
@click.argument("study")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--to", "kind", required=True, type=click.Choice(["qdpx", "qdc", "csv", "xlsx", "json"]), help="Format.")
@click.option("--profile", type=click.Choice(["standard", "nvivo"]), default="standard", help="Who will read it.")
@click.option("--anonymous", is_flag=True, help="Leave out names of users and local paths.")
@click.option(
    "--texts/--no-texts",
    default=None,
    help="Whether texts (qdpx, json) or quotations (csv, xlsx) go into the file; by default only into a qdpx.",
)
@click.option("--replace", is_flag=True, help="Replace FILE where it exists.")
@level_option
def export(study: str, file: Path, kind: str, profile: str, anonymous: bool, texts: bool | None, replace: bool) -> None:
    """Write STUDY to FILE in another format, with a report of what the target cannot carry."""
    from crosscase.exchange import export_study
    from crosscase.study import load_study

    report = export_study(
        load_study(study), kind, file, texts=texts, anonymous=anonymous, profile=profile, replace=replace
    )
    click.echo(report.terminal(width()))
